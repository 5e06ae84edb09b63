//! Functions that WebAssembly lacks: those that JavaScript has, by name, and those that can be made
//! of them. It must not know derivatives.

use super::number::Cell;
use crate::op::{Number, Op};
use wasm_encoder::Instruction as I;

/// What JavaScript calls a function of ours.
pub(super) fn javascript(name: &str) -> Option<&'static str> {
    Some(match name {
        "exp" => "Math.exp",
        "exp_m1" => "Math.expm1",
        "ln" => "Math.log",
        "ln_1p" => "Math.log1p",
        "log2" => "Math.log2",
        "log10" => "Math.log10",
        "sin" => "Math.sin",
        "cos" => "Math.cos",
        "tan" => "Math.tan",
        "asin" => "Math.asin",
        "acos" => "Math.acos",
        "atan" => "Math.atan",
        "atan2" => "Math.atan2",
        "sinh" => "Math.sinh",
        "cosh" => "Math.cosh",
        "tanh" => "Math.tanh",
        "asinh" => "Math.asinh",
        "acosh" => "Math.acosh",
        "atanh" => "Math.atanh",
        "cbrt" => "Math.cbrt",
        "hypot" => "Math.hypot",
        "pow" => "(x,y)=>x===1||y===0?1:x===-1&&!isFinite(y)&&y===y?1:Math.pow(x,y)",
        "rem" => "(x,y)=>x%y",
        _ => return None,
    })
}

/// A function that can be made of others. None of these forms loses digits where ours does not, but
/// for arguments that overflow on the way.
pub(super) fn lowered<'b>(name: &str, args: &[Cell<'b>]) -> Option<Cell<'b>> {
    Some(match (name, args) {
        ("sum", [first, rest @ ..]) => rest.iter().fold(*first, |sum, x| sum + *x),
        ("product", [first, rest @ ..]) => rest.iter().fold(*first, |product, x| product * *x),
        ("dot", args) => {
            let (left, right) = args.split_at(args.len() / 2);
            left.iter().zip(right).map(|(x, y)| *x * *y).sum()
        }
        ("logsumexp", [first, rest @ ..]) => {
            let largest = rest.iter().fold(*first, |most, x| most.max(*x));
            args.iter().map(|x| (*x - largest).exp()).sum::<Cell<'b>>().ln() + largest
        }
        ("norm", args) => args.iter().map(|x| *x * *x).sum::<Cell<'b>>().sqrt(),
        (name, [x]) => return of_one(name, *x),
        (name, [x, y]) => return of_two(name, *x, *y),
        ("clamp", [x, lo, hi]) => x.max(*lo).min(*hi),
        ("gate", [x, y, t]) => x.gate(*y, *t),
        _ => return None,
    })
}

/// e^-|x|, which does not overflow.
fn decay(x: Cell<'_>) -> Cell<'_> {
    (-x.abs()).exp()
}

fn of_one<'b>(name: &str, x: Cell<'b>) -> Option<Cell<'b>> {
    let one = Cell::constant(1.0);
    Some(match name {
        "exp2" => Cell::call(Op::Pow, &[Cell::constant(2.0), x]),
        "sigmoid" => (-x).select(decay(x), one) / (decay(x) + 1.0),
        "softplus" => x.max(Cell::constant(0.0)) + decay(x).ln_1p(),
        "silu" => x * x.sigmoid(),
        "silu_slope" => x.sigmoid() * (x * (-x).sigmoid() + 1.0),
        "gauss" => (-(x * x)).exp(),
        "norm_pdf" => (x * x * -0.5).exp() * 0.398_942_280_401_432_7,
        "sinc" => x.abs().select(x.sin() / x, one),
        "sinc_slope" => (x.abs() - 1e-4).select((x.cos() - x.sinc()) / x, x * (-1.0 / 3.0)),
        "signum" => one.with_sign_of(x) + x.compare(x),
        "trunc" => x.truncated(),
        "ceil" => -(-x).floor(),
        "round" => (x.abs() + 0.499_999_999_999_999_94).floor().with_sign_of(x),
        "fract" => x - x.truncated(),
        _ => return None,
    })
}

fn of_two<'b>(name: &str, x: Cell<'b>, y: Cell<'b>) -> Option<Cell<'b>> {
    Some(match name {
        "powi" => Cell::call(Op::Pow, &[x, y]),
        "pow_slope" => y.abs().select(y * Cell::call(Op::Pow, &[x, y - 1.0]), Cell::constant(0.0)),
        "pow_log" => {
            let power = Cell::call(Op::Pow, &[x, y]);
            power.abs().select(power * x.ln(), Cell::constant(0.0))
        }
        "log" => x.ln() / y.ln(),
        "log_add_exp" => x.max(y) + decay(x - y).ln_1p(),
        "share" => (x - y).sigmoid(),
        "max" => x.extreme(y, Op::Max, I::F64Max),
        "min" => x.extreme(y, Op::Min, I::F64Min),
        "copysign" => x.with_sign_of(y),
        "unit" => x.hypot(y).select(x / x.hypot(y), Cell::constant(0.0)),
        "turn" => x / x.hypot(y) / x.hypot(y),
        "chain" => x.chain(y),
        "open" => y.compare(Cell::constant(0.0)),
        _ => return None,
    })
}
