//! JSON and other encodings that a page needs. It must not know what is said in them.

use std::fmt;

/// A JSON value.
pub(super) enum Json {
    Null,
    Bool(bool),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    pub(super) fn text(text: &str) -> Json {
        Json::Text(text.to_owned())
    }

    pub(super) fn index(index: u32) -> Json {
        Json::Float(index.into())
    }

    pub(super) fn number(x: f64) -> Json {
        Json::Float(x)
    }

    pub(super) fn list(items: impl IntoIterator<Item = Json>) -> Json {
        Json::List(items.into_iter().collect())
    }

    pub(super) fn object(items: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
        Json::Object(items.into_iter().collect())
    }
}

impl fmt::Display for Json {
    /// Numbers in the shortest decimals that give the same bits; those that are not finite as null.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => write!(f, "null"),
            Json::Bool(x) => write!(f, "{x}"),
            Json::Float(x) if x.is_finite() => write!(f, "{x:?}"),
            Json::Float(_) => write!(f, "null"),
            Json::Text(text) => string(text, f),
            Json::List(items) => {
                write!(f, "[")?;
                for (k, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if k > 0 { "," } else { "" })?;
                }
                write!(f, "]")
            }
            Json::Object(items) => {
                write!(f, "{{")?;
                for (k, (key, item)) in items.iter().enumerate() {
                    write!(f, "{}\"{key}\":{item}", if k > 0 { "," } else { "" })?;
                }
                write!(f, "}}")
            }
        }
    }
}

fn string(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "\"")?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            c if (c as u32) < 32 || ('\u{2028}'..='\u{2029}').contains(&c) => {
                write!(f, "\\u{:04x}", c as u32)?;
            }
            c => write!(f, "{c}")?,
        }
    }
    write!(f, "\"")
}

/// Text as it stands in HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Bytes as base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |k: usize| u32::from(chunk.get(k).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for k in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * k)) as usize & 63];
            text.push(if k > chunk.len() { '=' } else { letter as char });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_specified() {
        // The vectors of RFC 4648.
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(Json::text("a\"\\\n\u{2028}é").to_string(), "\"a\\\"\\\\\\u000a\\u2028é\"");
        assert_eq!(
            Json::list([Json::number(1e21), Json::number(f64::NAN)]).to_string(),
            "[1e21,null]"
        );
    }
}
