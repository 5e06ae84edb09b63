//! The functions that an expression may call: a reading of the library's one table.
//! It must not list any function itself.

use std::{collections::HashMap, sync::LazyLock};

use wengert::Op;

static BY_NAME: LazyLock<HashMap<&'static str, Vec<Op>>> = LazyLock::new(|| {
    let mut table = HashMap::<_, Vec<Op>>::new();
    for op in callable() {
        names(op).for_each(|name| table.entry(name).or_default().push(op));
    }
    table
});

/// The primitives that a worksheet may call: those that serve other rows are none of them.
///
/// ```
/// use wengert_worksheet::functions::{callable, lookup};
/// assert!(callable().all(|op| op.row().internal.is_none()));
/// assert_eq!(lookup("silu_slope"), None);
/// ```
pub fn callable() -> impl Iterator<Item = Op> {
    Op::ALL.iter().copied().filter(|op| op.row().internal.is_none())
}

/// The names by which a primitive is called.
pub fn names(op: Op) -> impl Iterator<Item = &'static str> {
    op.row().aliases.iter().copied().chain([op.name()])
}

/// The primitive that a name or one of its aliases calls; of two, the one of fewer arguments.
///
/// ```
/// use wengert_worksheet::functions::lookup;
/// assert_eq!(lookup("sigmoid"), lookup("σ"));
/// assert_eq!(lookup("sigmoyd"), None);
/// ```
pub fn lookup(name: &str) -> Option<Op> {
    BY_NAME.get(name)?.iter().copied().min_by_key(|op| op.arity().unwrap_or(usize::MAX))
}

/// The primitive of the same name that takes so many arguments: `log(x)` and `log(x, base)`.
pub fn overload(op: Op, given: usize) -> Option<Op> {
    let fits = |op: &Op| match op.arity() {
        Some(arity) => arity == given,
        None => *op != Op::Dot || given.is_multiple_of(2),
    };
    names(op).flat_map(|name| &BY_NAME[name]).copied().find(fits)
}

/// Every spelling that calls a primitive.
pub fn spellings() -> impl Iterator<Item = &'static str> {
    BY_NAME.keys().copied()
}

/// The candidate nearest to a misspelled word, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let close =
        |c: &'a str| (strsim::damerau_levenshtein(&word.to_lowercase(), &c.to_lowercase()), c);
    let limit = (word.chars().count() / 3).max(1);
    let near = candidates.into_iter().filter(|c| *c != word).map(close);
    near.filter(|(d, c)| *d <= limit && *d < c.chars().count()).min().map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_known_by_its_names() {
        for op in callable() {
            let arity = op.arity().unwrap_or(2);
            for name in names(op) {
                let found = lookup(name).and_then(|found| overload(found, arity));
                assert_eq!(found, Some(op), "{name}");
            }
        }
    }

    #[test]
    fn what_serves_other_rows_is_no_function() {
        let internal: Vec<Op> =
            Op::ALL.iter().copied().filter(|op| op.row().internal.is_some()).collect();
        assert!(internal.contains(&Op::Chain) && internal.len() > 5);
        for op in internal {
            assert_eq!(lookup(op.name()), None);
            assert!(spellings().all(|spelling| spelling != op.name()));
        }
    }

    #[test]
    fn near_words_are_found() {
        assert_eq!(nearest("sigmiod", spellings()), Some("sigmoid"));
        assert_eq!(nearest("qqq", spellings()), None);
    }
}
