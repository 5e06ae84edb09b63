//! Names of quantities in LaTeX. It must not know what a name stands for.

/// Greek letters that have a command of their own.
const GREEK: [(char, &str); 33] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "varepsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('ς', "varsigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "varphi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Θ', "Theta"),
    ('Λ', "Lambda"),
    ('Ξ', "Xi"),
    ('Π', "Pi"),
    ('Σ', "Sigma"),
    ('Φ', "Phi"),
    ('Ω', "Omega"),
];

/// Letters with an accent, and its command.
const ACCENTS: [(&str, &str, &str); 3] = [
    ("âĉêĝĥîĵôŝûŵŷẑ", "aceghijosuwyz", "hat"),
    ("ãñõỹ", "anoy", "tilde"),
    ("āēīōū", "aeiou", "bar"),
];

/// A name as LaTeX: a letter with what follows it as its subscript, primes, Greek; else upright.
pub(super) fn latex_name(name: &str) -> String {
    let body = name.trim_end_matches('\'');
    let primes = &name[body.len()..];
    let (letters, rest) = split(body);
    let (Some(base), true) = (base(letters), rest.chars().all(|c| c.is_ascii_alphanumeric()))
    else {
        return format!(r"\text{{{}}}{primes}", escaped(body));
    };
    match rest {
        "" => format!("{base}{primes}"),
        _ => format!("{base}_{{{rest}}}{primes}"),
    }
}

/// The letters that a name begins with, and what is to be their subscript.
fn split(body: &str) -> (&str, &str) {
    let end = body.find(|c: char| !c.is_alphabetic() && c != '\u{302}').unwrap_or(body.len());
    let (letters, rest) = body.split_at(end);
    (letters, rest.strip_prefix('_').unwrap_or(rest))
}

/// Letters in math: one by itself, several as a word.
fn base(letters: &str) -> Option<String> {
    let mut chars = letters.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => letter(c),
        (Some(c), Some('\u{302}')) => Some(format!(r"\hat{{{}}}", letter(c)?)),
        (Some(_), Some(_)) if letters.is_ascii() => Some(format!(r"\mathit{{{letters}}}")),
        _ => None,
    }
}

fn letter(c: char) -> Option<String> {
    if c.is_ascii_alphabetic() {
        return Some(c.to_string());
    }
    if let Some((_, command)) = GREEK.iter().find(|(greek, _)| *greek == c) {
        return Some(format!("\\{command}"));
    }
    ACCENTS.iter().find_map(|(accented, plain, command)| {
        let at = accented.chars().position(|accented| accented == c)?;
        Some(format!(r"\{command}{{{}}}", plain.chars().nth(at)?))
    })
}

/// Any text in LaTeX, its letters as they are: what shows Markdown has them all, and a document
/// says what it [does without](in_document).
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' => escaped += r"\textbackslash{}",
            '^' => escaped += r"\textasciicircum{}",
            '~' => escaped += r"\textasciitilde{}",
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped += &format!("U+{:04X}", c as u32),
            c => escaped.push(c),
        }
    }
    escaped
}

/// LaTeX as a document needs it that knows the packages inputenc and amsmath and no other fonts than
/// LaTeX's own: these have the letters of European languages that are written in Latin, and Greek
/// ones in formulas. Any other letter becomes `\codepoint{...}`; all of those are returned.
pub(super) fn in_document(latex: &str) -> (String, Vec<char>) {
    let mut text = String::with_capacity(latex.len());
    let mut unknown: Vec<char> = Vec::new();
    for c in latex.chars() {
        match GREEK.iter().find(|(letter, _)| *letter == c) {
            _ if c.is_ascii() || has_latin(c) => text.push(c),
            Some((_, command)) => text += &format!(r"\ensuremath{{\{command}}}"),
            None => {
                text += &format!(r"\codepoint{{{:04X}}}", c as u32);
                unknown.push(c);
            }
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    (text, unknown)
}

/// Whether LaTeX's own fonts have or compose a letter: those of Latin-1 and of Latin Extended-A but
/// for some that only other encodings of fonts have.
fn has_latin(c: char) -> bool {
    let is_letter = matches!(c, 'À'..='ſ') && !matches!(c, '×' | '÷');
    is_letter && !"ÐðÞþĐđĦħĲĳĸĿŀŉŊŋŦŧſĢģĶķĻļŅņŖŗĄąĘęĮįŲų".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{in_document, latex_name};

    #[test]
    fn a_document_says_what_it_has_no_letter_for() {
        let (text, unknown) = in_document(r"\text{größe ñ β д中😀д}");
        let greek = r"\ensuremath{\beta}";
        let others = r"\codepoint{0434}\codepoint{4E2D}\codepoint{1F600}\codepoint{0434}";
        assert_eq!(text, format!(r"\text{{größe ñ {greek} {others}}}"));
        assert_eq!(unknown, ['д', '中', '😀']);
        assert_eq!(in_document("x + 1"), ("x + 1".to_owned(), vec![]));
    }

    #[test]
    fn names_are_as_in_print() {
        for (name, latex) in [
            ("x", "x"),
            ("w12", "w_{12}"),
            ("w5'", "w_{5}'"),
            ("out_h1", r"\mathit{out}_{h1}"),
            ("ŷ1", r"\hat{y}_{1}"),
            ("σ_2", r"\sigma_{2}"),
            ("%7", r"\text{\%7}"),
            ("layer1/h", r"\text{layer1/h}"),
            ("中", r"\text{中}"),
            ("größe_1", r"\text{größe\_1}"),
            ("β_x", r"\beta_{x}"),
            ("a\nb", r"\text{aU+000Ab}"),
        ] {
            assert_eq!(latex_name(name), latex);
        }
    }
}
