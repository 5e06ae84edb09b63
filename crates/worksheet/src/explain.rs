//! What each code means, at more length than a message has room for.
//! It must not know any sheet.

use crate::{diagnose::Kinds, judge::Verdict, problem::Code};

/// Every code that a message may carry.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let verdicts = Verdict::ALL.into_iter().map(Verdict::text);
    let kinds = Kinds::ALL.into_iter().map(Kinds::text);
    verdicts.chain(["link"]).chain(kinds).chain(Code::ALL.into_iter().map(Code::text))
}

/// What a code means.
pub fn explanation(code: &str) -> Option<&'static str> {
    of_verdict(code).or_else(|| of_kind(code)).or_else(|| of_problem(code))
}

fn of_verdict(code: &str) -> Option<&'static str> {
    Some(match code {
        "ok" => {
            "The number is true to the digits given.\nA number with d decimals stands for half a unit of the last place on either side; a whole number is exact unless it is written with `~`."
        }
        "rounding" => {
            "The number is off, but only because rounded numbers were carried on.\nWhat the printed numbers' half units can explain is found by a reverse sweep: half a unit times the size of the adjoint, summed."
        }
        "truncated" => {
            "The digits were cut off instead of rounded.\nThat is a note, not an error: 0.59327 to four decimals is 0.5933."
        }
        "carried" => {
            "The number follows from the author's own numbers, but these are wrong earlier.\nMend the slip that the message names, and this number with it."
        }
        "slip" => {
            "The number follows from nothing on the sheet: this is where it goes wrong first.\nThe message says which step failed, what was expected, and which one mistake gives the digits."
        }
        "answered" => {
            "The number was asked for with `?`, and here it is, at full precision from the givens."
        }
        "unchecked" => {
            "This could not be judged; the message says why.\nIt is never called wrong. What the page does not say in math can be given: --given \"alpha = 0.5\", --alias \"out_h1=h1\"."
        }
        "link" => {
            "A link of a chain is not equal to the one before it.\nA formula is compared at the true values of its quantities, or as far as rounded numbers in it reach; numbers put in are compared with what the author's own values give."
        }
        _ => return None,
    })
}

fn of_kind(code: &str) -> Option<&'static str> {
    Some(match code {
        "neighbour" => {
            "A quantity of the same family stands in place of another: h1 for h2, t1 for t2.\nFamilies are names that differ in their numbers; names that differ in a letter more or less are tried as well: P0 for Pp1."
        }
        "stale" => {
            "The value of an ancestor under another, older input.\nThe input is solved for; it must have two significant digits at most, and what needs no such choice goes before it."
        }
        "printed" => "A number printed nearby stands in place of an operand.",
        "reused" => "The gradient of one weight was used again for another.",
        "sign" => "A sign was lost or gained.",
        "factor" => {
            "A factor was left out or taken twice: the activation's slope, the half, the learning rate, one link of the chain rule."
        }
        "path" => {
            "A path was lost: the quantity is used more than once, and the total derivative sums over all its uses."
        }
        "updated" => {
            "An updated weight stands where the original belongs, or the reverse.\nAll gradients of one step are taken at the weights from before it."
        }
        "place" => {
            "The value before the activation instead of after it, or a slope at the wrong place."
        }
        "term" => "A term of a sum was left out: a bias, the last square of a sum of squares.",
        "exchanged" => {
            "Two operands were exchanged.\nA quotient turned over, a difference taken the other way round, p where q belongs and q where p does."
        }
        "function" => {
            "Another function of the same sort: the logarithm to another base, sin for cos."
        }
        "degrees" => {
            "An angle in degrees where radians belong, or the reverse.\nThe functions of a worksheet, like those of mathematics, take radians."
        }
        "point" => {
            "A decimal point in the wrong place: 0.0225 for 0.225, a percentage for a fraction."
        }
        "digits" => "Two digits are transposed, or one digit is wrong.",
        _ => return None,
    })
}

fn of_problem(code: &str) -> Option<&'static str> {
    Some(match code {
        "character" => {
            "A character that means nothing in a worksheet.\nNumbers, names, + - * / ^, brackets, | |, =, ~, ? and # for comments do. What is around it on the sheet is judged as if it were not there."
        }
        "syntax" => {
            "The statement could not be read.\nA statement is a chain: name = formula = numbers put in = result."
        }
        "bracket" => {
            "A bracket has no partner, or one of another sort.\n`(` is closed by `)`, `[` by `]`, `{` by `}`, and `|` by `|`."
        }
        "nesting" => "Brackets are nested more than 1,000 deep.",
        "size" => {
            "The sheet is too large: files of 16 MiB and a million operations are the limits."
        }
        "name-plus" => {
            "A name cannot end in `+`; the updated quantity is written with a prime.\nw5' = w5 - 0.5*dE/dw5"
        }
        "unknown-name" => {
            "A formula reads a name that no statement defines.\nGive it a line of its own, or, for a page of LaTeX, use --given or --alias."
        }
        "unknown-function" => "There is no function of that name.\n`wengert ops` lists them all.",
        "arguments" => {
            "The function takes another number of arguments.\nDecimals are written with a point."
        }
        "number-first" => {
            "A bare number at the first sight of a name is a given; below it stands a formula for the same name.\nWrite the formula first: then the number is a claim, and is judged."
        }
        "second-formula" => {
            "Two formulas for one quantity say different things.\nThe first one counts; give the other quantity a name of its own."
        }
        "circular" => {
            "A quantity depends on itself.\nAn updated quantity has a name of its own: w' = w - 0.5*dE/dw."
        }
        "undefined" => {
            "A value or a derivative is NaN: a function was asked where it has no value, as ln(-1), or the limit does not exist, as 0 times infinity.\nThe message names the first operation of which that is so."
        }
        "file" => "The file could not be read.",
        "alias" => {
            "An alias joins two spellings of one quantity, or of one derivative.\n--alias \"out_h1=h1\" --alias \"dŷ1/dh1=do1/dy1\""
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_code_is_explained() {
        for code in super::codes() {
            assert!(super::explanation(code).is_some(), "{code}");
        }
        assert_eq!(super::explanation("nonsense"), None);
    }
}
