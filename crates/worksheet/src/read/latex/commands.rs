//! The commands of LaTeX that mean something in a derivation.
//! It must not list a function of the library: those come from the table.

use super::{Scan, name};
use crate::{
    functions,
    lex::{Bracket, Tok},
};

const GREEK: [(&str, &str); 40] = [
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("vartheta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("varrho", "ρ"),
    ("sigma", "σ"),
    ("varsigma", "σ"),
    ("tau", "τ"),
    ("upsilon", "υ"),
    ("phi", "φ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Upsilon", "Υ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("ell", "ℓ"),
];

const ACCENTS: [(&str, char); 9] = [
    ("hat", '\u{302}'),
    ("widehat", '\u{302}'),
    ("bar", '\u{304}'),
    ("overline", '\u{304}'),
    ("tilde", '\u{303}'),
    ("widetilde", '\u{303}'),
    ("dot", '\u{307}'),
    ("ddot", '\u{308}'),
    ("vec", '\u{20d7}'),
];

/// The Greek letter of a command.
pub(super) fn greek(command: &str) -> Option<&'static str> {
    GREEK.iter().find(|(name, _)| *name == command).map(|(_, letter)| *letter)
}

/// The command that a text begins with, and its width with the backslash.
pub(super) fn word(text: &str) -> Option<(&str, usize)> {
    let after = text.strip_prefix('\\')?;
    let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
    let width = if letters == 0 { after.chars().next()?.len_utf8() } else { letters };
    Some((&after[..width], width + 1))
}

/// What a command adds to a word: nothing for markup; none if it does not belong in one.
pub(super) fn in_a_word(command: &str) -> Option<&'static str> {
    let markup = ["text", "mathrm", "mathit", "mathbf", "rm", "textrm", "operatorname", ",", "!"];
    match command {
        "prime" => Some("'"),
        "_" => Some("_"),
        _ if markup.contains(&command) => Some(""),
        _ => greek(command),
    }
}

impl Scan<'_> {
    /// Reads a command and what belongs to it.
    pub(super) fn command(&mut self) {
        let start = self.at;
        let Some((command, width)) = word(self.rest()) else {
            self.at += 1;
            return self.unknown(start, "a backslash at the end");
        };
        self.at += width;
        match command {
            "\\" | "newline" if self.row_ends() => self.end_row(),
            "Rightarrow" | "implies" | "therefore" | "to" if self.top() => self.end_row(),
            "quad" | "qquad" if self.top() && self.separates(command) => self.end_row(),
            "text" | "mbox" if self.top() && self.separates(command) => {
                self.at += name::nested(self.rest()).map_or(0, |(_, width)| width);
                self.end_row();
            }
            "frac" | "tfrac" | "dfrac" | "cfrac" => self.fraction(start),
            "sqrt" => self.root(start),
            "left" | "right" => self.sized(command, start),
            "log" => self.logarithm(start),
            "begin" | "end" => self.environment(start),
            "hat" | "widehat" | "bar" | "overline" | "tilde" | "widetilde" | "dot" | "ddot"
            | "vec" => self.accent(command, start),
            "text" | "mathrm" | "operatorname" | "mathit" | "mathbf" | "textbf" | "textrm"
            | "mathsf" | "boldsymbol" | "bm" | "mathcal" => self.word_group(start),
            _ => self.plain_command(command, start),
        }
    }

    fn plain_command(&mut self, command: &str, start: usize) {
        let tok = match command {
            "cdot" | "times" | "ast" | "bullet" => Tok::Star,
            "div" => Tok::Slash,
            "approx" | "simeq" | "sim" | "cong" | "doteq" | "approxeq" => Tok::About,
            "leftarrow" | "gets" | "equiv" | "coloneqq" | "triangleq" => Tok::Equal,
            "partial" => Tok::Partial,
            "{" | "lbrace" => Tok::Open(Bracket::Curly),
            "}" | "rbrace" => Tok::Close(Bracket::Curly),
            "lvert" => Tok::Open(Bracket::Bar),
            "rvert" => Tok::Close(Bracket::Bar),
            "vert" | "mid" => Tok::Bar,
            "label" | "tag" | "hspace" | "vspace" | "color" | "eqref" | "ref" => {
                self.skip_space();
                self.at += name::nested(self.rest()).map_or(0, |(_, width)| width);
                return;
            }
            "," | ";" | ":" | "!" | " " | "quad" | "qquad" | "nonumber" | "notag" | "big"
            | "Big" | "bigg" | "Bigg" | "bigl" | "bigr" | "Bigl" | "Bigr" | "biggl" | "biggr"
            | "displaystyle" | "textstyle" | "limits" | "boxed" | "mathstrut" | "hfill" | "\n"
            | "intertext" => return,
            _ => return self.letter_or_function(command, start),
        };
        self.push(tok, start);
    }

    fn letter_or_function(&mut self, command: &str, start: usize) {
        if let Some(letter) = greek(command) {
            return self.finish_name(letter.to_owned(), start);
        }
        let series = ["sum", "prod", "int"].contains(&command);
        if !series && functions::lookup(command).is_some() {
            let name = self.reading.sheet.names.name(command);
            return self.push(Tok::Command(name), start);
        }
        let reason = match command {
            _ if series => format!("`\\{command}` is not expanded: write its terms out"),
            "dots" | "cdots" | "ldots" => "terms that are left out cannot be judged".to_owned(),
            _ => format!("`\\{command}` is not understood"),
        };
        self.unknown(start, reason);
    }

    /// Whether a space or a word in the row parts two statements.
    fn separates(&self, command: &str) -> bool {
        let claims = self.row.iter().any(|t| matches!(t.tok, Tok::Equal | Tok::About));
        let complete = !matches!(
            self.row.last().map(|t| t.tok),
            Some(Tok::Equal | Tok::About | Tok::Plus | Tok::Minus | Tok::Star | Tok::Slash)
        );
        let words = || name::nested(self.rest()).is_some_and(|(t, _)| t.trim().contains(' '));
        claims && complete && (command.ends_with("quad") || words())
    }

    fn root(&mut self, start: usize) {
        self.skip_space();
        let index = self.rest().strip_prefix('[').and_then(|r| r.split_once(']'));
        let function = match index.map(|(n, _)| n.trim()) {
            None => "sqrt",
            Some("3") => "cbrt",
            Some(_) => return self.unknown(start, "only square and cube roots are read"),
        };
        self.at += index.map_or(0, |(n, _)| n.len() + 2);
        let name = self.reading.sheet.names.name(function);
        self.push(Tok::Command(name), start);
    }

    /// `\left` and `\right`: a bar is an absolute value, a point is nothing, the rest as it is.
    fn sized(&mut self, side: &str, start: usize) {
        self.skip_space();
        if self.rest().starts_with('.') {
            self.at += 1;
        } else if self.rest().starts_with('|') {
            self.at += 1;
            let tok = match side {
                "left" => Tok::Open(Bracket::Bar),
                _ => Tok::Close(Bracket::Bar),
            };
            match side {
                "left" => self.brackets += 1,
                _ => self.brackets = self.brackets.saturating_sub(1),
            }
            self.push(tok, start);
        }
    }

    fn logarithm(&mut self, start: usize) {
        let rest = self.rest().trim_start();
        let based = [("_2", "log2"), ("_{2}", "log2"), ("_{10}", "log10"), ("_e", "ln")];
        let found = based.iter().find(|(mark, _)| rest.starts_with(mark));
        if let Some((mark, _)) = found {
            self.at += self.rest().len() - rest.len() + mark.len();
        } else if rest.starts_with('_') {
            return self.unknown(start, "this base of a logarithm is not read");
        }
        let name = self.reading.sheet.names.name(found.map_or("ln", |(_, name)| name));
        self.push(Tok::Command(name), start);
    }

    fn environment(&mut self, start: usize) {
        let inner = name::nested(self.rest());
        self.at += inner.map_or(0, |(_, width)| width);
        let known = ["aligned", "split", "gathered", "alignedat", "align", "equation"];
        let name = inner.map_or("", |(name, _)| name.trim_end_matches('*'));
        if !known.contains(&name) {
            self.unknown(start, format!("`{name}` is not read"));
        }
    }

    /// `\hat{y1}`, `\hat{y}_1`, `\hat y_1`: the accent goes on the first letter.
    fn accent(&mut self, command: &str, start: usize) {
        self.skip_space();
        let rest = self.rest();
        let (inside, width) = match name::nested(rest) {
            Some((inside, width)) => (name::flat(inside), width),
            None => match word(rest) {
                Some((letter, width)) => (greek(letter).map(str::to_owned), width),
                None => {
                    let first = rest.chars().next().filter(|c| c.is_alphabetic());
                    (first.map(String::from), first.map_or(0, char::len_utf8))
                }
            },
        };
        self.at += width;
        let Some(inside) = inside.filter(|w| w.starts_with(char::is_alphabetic)) else {
            return self.unknown(start, format!("`\\{command}` over more than a name"));
        };
        let mark = ACCENTS.iter().find(|(name, _)| *name == command).map_or('\u{302}', |a| a.1);
        let first = inside.chars().next().map_or(0, char::len_utf8);
        let base = format!("{}{mark}{}", &inside[..first], &inside[first..]);
        self.finish_name(base, start);
    }

    /// `\text{...}` and its kin: one word is a name, more are prose.
    fn word_group(&mut self, start: usize) {
        self.skip_space();
        let Some((inside, width)) = name::nested(self.rest()) else { return };
        self.at += width;
        match name::flat(inside).filter(|w| !inside.trim().contains(' ') && !w.is_empty()) {
            Some(word) if word.starts_with(char::is_alphabetic) => self.finish_name(word, start),
            _ if inside.trim().is_empty() => {}
            _ => self.unknown(start, format!("the words `{}` in math", inside.trim())),
        }
    }
}
