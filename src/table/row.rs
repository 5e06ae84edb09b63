//! What a row of the table says beside its rules. It must not know the rules.

/// How a primitive is written: its symbol, and how tightly it binds (a call binds tightest).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Notation {
    Infix(&'static str, u8),
    Prefix(&'static str, u8),
    Postfix(&'static str, u8),
    Call(&'static str),
}

/// Where a primitive is not smooth, in words, and how far (up to a factor) arguments are from there.
pub type Kink = (&'static str, fn(&[f64]) -> f64);

/// What the constants among the arguments must be, in words, and whether these are: `None` stands for
/// a variable.
pub type Accepts = (&'static str, fn(&[Option<f64>]) -> bool);

/// What the table says of a primitive beside its rules.
#[derive(Debug)]
pub struct Row {
    /// Its name: that of the method of [`Number`](crate::Number), if it has one.
    pub name: &'static str,
    /// Names of the arguments; one name stands for the whole list of an n-ary primitive.
    pub args: &'static [&'static str],
    /// Number of arguments; `None` where it takes a list.
    pub arity: Option<usize>,
    /// How it is written in text.
    pub notation: Notation,
    /// How it is written in LaTeX, `#x` standing for the argument `x`.
    pub latex: &'static str,
    /// What it is for, if it is there for other rows or for the sweeps alone: then it is no method of
    /// [`Number`](crate::Number) and no function of a worksheet.
    pub internal: Option<&'static str>,
    /// Other names that people use.
    pub aliases: &'static [&'static str],
    /// Which constants it accepts, if not all.
    pub accepts: Option<Accepts>,
    /// Whether it has a value at these arguments.
    pub domain: fn(&[f64]) -> bool,
    /// The domain as written in the table, if it is not everywhere.
    pub domain_text: Option<&'static str>,
    /// Where it is not smooth, and how far (up to a factor) the arguments are from there.
    pub kink: Option<Kink>,
    /// Bound of the rounding errors of value and partials, in units in the last place.
    pub ulps: f64,
    /// Why that bound is not 4, where it is not.
    pub looser: Option<&'static str>,
    /// Why the derivative is what it is.
    pub why: &'static str,
}
