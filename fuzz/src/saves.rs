//! Saved programs, tampered with as someone would who knows the format: the checksum fits. They are an
//! error, or programs that run. It must not know how a program is read.

use super::programs::{Bytes, Kind, Recipe};
use serde_json::{Value, json};
use wengert::{Program, Workspace};

/// What a saved program becomes when it is read is used in every way, and saved again. Whether it was read.
pub fn load(bytes: &[u8]) -> bool {
    let (text, rest) = match bytes.first() {
        // Any text at all.
        Some(b'{') => (String::from_utf8_lossy(bytes).into_owned(), &[][..]),
        _ => tampered(bytes),
    };
    let Ok(program) = serde_json::from_str::<Program>(&text) else { return false };
    let again = serde_json::to_string(&program).expect("it was read");
    let again: Program = serde_json::from_str(&again).expect("it was written");
    assert_eq!(again.inputs(), program.inputs());
    if runs(&program) {
        use_it(&program, rest);
    }
    true
}

/// The program of the first bytes, saved, changed by the rest, and its checksum made to fit.
fn tampered(bytes: &[u8]) -> (String, &[u8]) {
    let length = bytes.len() / 2;
    let recipe = Recipe::new(Kind::Any, &mut Bytes(&bytes[..length]));
    let saved = serde_json::to_string(&recipe.program(1)).expect("it is a program");
    let mut saved: Value = serde_json::from_str(&saved).expect("JSON");
    let mut rest = Bytes(&bytes[length..]);
    for _ in 0..rest.below(8) {
        change(&mut saved, &mut rest);
    }
    seal(&mut saved);
    (saved.to_string(), rest.0)
}

const PARTS: [&str; 8] =
    ["kinds", "programs", "constants", "slots", "point", "guards", "outputs", "names"];

/// One change: a part of the save, or of what is in it, is taken away, doubled, exchanged, or another
/// number.
fn change(saved: &mut Value, bytes: &mut Bytes<'_>) {
    let mut at = &mut saved[PARTS[bytes.below(PARTS.len())]];
    loop {
        let length = match &*at {
            Value::Array(all) if !all.is_empty() => all.len(),
            Value::Object(all) => all.len(),
            _ => break,
        };
        let how = bytes.byte();
        if let (Value::Array(all), 0..=90) = (&mut *at, how) {
            let (k, other) = (bytes.below(length), bytes.below(length));
            match how % 3 {
                0 => drop(all.remove(k)),
                1 => all.insert(k, all[other].clone()),
                _ => all.swap(k, other),
            }
            return;
        }
        let k = bytes.below(length);
        at = match at {
            Value::Array(all) => &mut all[k],
            Value::Object(all) => all.values_mut().nth(k).expect("one of them"),
            _ => return,
        };
    }
    let numbers =
        [0, 1, -1, 2, -2, 7, i64::MAX, i64::MIN, 1 << 31, 1 << 32, 4_607_182_418_800_017_408];
    let kinds =
        ["input", "neg", "powi", "polygamma", "clamp", "sum", "dot", "program 0", "none", "<"];
    match at {
        Value::Number(_) => *at = json!(numbers[bytes.below(numbers.len())]),
        Value::String(_) => *at = json!(kinds[bytes.below(kinds.len())]),
        _ => {}
    }
}

/// FNV-1a (RFC 9923), as the reader has it.
struct Fnv(u64);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    fn text(&mut self, text: &Value) {
        self.bytes(text.as_str().unwrap_or_default().as_bytes());
        self.bytes(&[0xFF]);
    }

    /// A number of so many bytes; one that does not fit is refused before its checksum counts.
    fn number(&mut self, x: &Value, bytes: usize) {
        let x = x.as_u64().unwrap_or_else(|| x.as_i64().unwrap_or(0) as u64);
        self.bytes(&x.to_le_bytes()[..bytes]);
    }

    fn list(&mut self, list: &Value, each: impl Fn(&mut Fnv, &Value)) {
        let empty = Vec::new();
        let list = list.as_array().unwrap_or(&empty);
        self.bytes(&(list.len() as u64).to_le_bytes());
        list.iter().for_each(|x| each(self, x));
    }
}

/// Makes the checksum fit, that of the programs within first.
fn seal(saved: &mut Value) {
    let mut hash = Fnv(0xCBF2_9CE4_8422_2325);
    hash.text(&saved["format"]);
    hash.number(&saved["version"], 4);
    hash.list(&saved["kinds"], Fnv::text);
    hash.list(&saved["constants"], |hash, x| hash.number(x, 8));
    hash.list(&saved["slots"], |hash, slot| {
        hash.number(&slot[0], 4);
        hash.list(&slot[1], |hash, arg| hash.number(arg, 8));
    });
    hash.list(&saved["point"], |hash, x| hash.number(x, 8));
    hash.list(&saved["guards"], |hash, guard| {
        hash.number(&guard["x"], 8);
        hash.number(&guard["y"], 8);
        hash.text(&guard["comparison"]);
        hash.number(&guard["outcome"], 1);
        hash.text(&guard["file"]);
        hash.number(&guard["line"], 4);
        hash.number(&guard["column"], 4);
    });
    hash.list(&saved["outputs"], |hash, arg| hash.number(arg, 8));
    hash.list(&saved["names"], |hash, name| {
        hash.text(&name[0]);
        hash.number(&name[1], 4);
    });
    if let Some(programs) = saved["programs"].as_array_mut() {
        for inner in programs {
            seal(inner);
            hash.number(&inner["checksum"], 8);
        }
    }
    saved["checksum"] = json!(hash.0);
}

/// Whether it can run where it was recorded: the bounds of a clamp may be crossed, which panics as it
/// does on a tape.
fn runs(program: &Program) -> bool {
    let names = serde_json::to_value(program).expect("it was read");
    let kinds = names["kinds"].to_string();
    !["\"clamp\"", "\"clip\""].iter().any(|kind| kinds.contains(kind))
}

/// Uses a program in every way.
fn use_it(program: &Program, bytes: &[u8]) {
    let x = program.point().to_vec();
    let mut workspace = Workspace::new();
    let (mut y, mut x_bar) = (vec![0.0; program.outputs()], vec![0.0; x.len()]);
    let y_bar = vec![1.0; y.len()];
    let _ = program.vjp_into(&x, &y_bar, &mut y, &mut x_bar, &mut workspace);
    let _ = program.jacobian(&x);
    let simple = program.simplify();
    let _ = simple.values(&x);
    let rolled = program.roll().expect("every program within it is a program");
    let _ = rolled.vjp_into(&x, &y_bar, &mut y, &mut x_bar, &mut workspace);
    if bytes.first().is_some_and(|byte| byte % 8 == 0) {
        let code = program.compile().expect("this machine is known");
        let _ = code.vjp_into(&x, &y_bar, &mut y, &mut x_bar, &mut workspace);
    }
}
