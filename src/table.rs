//! The primitives, one row each: what it computes, its partials, where it is smooth, how it is
//! written, and why. The table must not know tapes, sweeps or any one number.
//!
//! How a row reads:
//!
//! ```text
//! Variant name(arguments) -> v = KIND { value } [partial, partial => taken] constant Row textbook [forms]
//!     as notation "LaTeX" aliases [..] accepts "what" { .. } domain { .. }
//!     kink "where" { distance } ulps n "reason"
//!     "Why the derivative is what it is.";
//! ```
//!
//! * `KIND` says who computes the value. `op`: an operator of [`Number`](crate::Number); `own`: a
//!   method that every number must have; `rule`: the block, in any number; `f64`: the block, in
//!   plain f64; `hand`: the same, but its method is written by hand (an integer argument).
//! * A partial may use only primitives, the arguments, the result `v`, `c(constant)`, and
//!   `positive(x)`, which is 1 where x > 0, else 0.
//! * `p => taken`: nothing flows along this edge unless `taken > 0` (NaN flows as NaN).
//!   `v.compare(v)` is 0, or NaN where the value is NaN: added to a partial it keeps a slope from
//!   existing where the value does not.
//! * `constant Row`: where all arguments but the first are constants, that row is recorded instead.
//! * `textbook` holds the forms that lessons show where the stable ones above differ.
//! * `internal` says what a row is for that is there for other rows or for the sweeps alone. It is no
//!   method of `Number` and no function of a worksheet.
//! * `accepts` says which constants the arguments may be, where not all are: there an argument is an
//!   `Option<f64>`, `None` where it is a variable.
//! * `ulps` states a looser bound than 4 on value and partials, with its reason.

mod row;

pub use row::{Accepts, Kink, Notation, Row};

/// Hands every row to the macro `$read`: first those of fixed arity, then those over lists.
macro_rules! table {
    ($read:ident) => {
        $read! {
            fixed {
            // Arithmetic.
            Add add(x, y) -> v = op { x + y } [c(1.0), c(1.0)]
                as infix("+", 1) r"#x + #y"
                "A sum hands its adjoint to both terms unchanged.";
            Sub sub(x, y) -> v = op { x - y } [c(1.0), c(-1.0)]
                as infix("-", 1) r"#x - #y"
                "What the second term gains, the difference loses.";
            Mul mul(x, y) -> v = op { x * y } [y, x]
                as infix("*", 2) r"#x \cdot #y"
                "Each factor is scaled by the other one.";
            Div div(x, y) -> v = op { x / y } [y.recip() + v.compare(v), -(v / y)]
                textbook [y.recip(), -(x / y.square())] as infix("/", 2) r"\frac{#x}{#y}"
                "The numerator is scaled by 1/y; a larger denominator shrinks the quotient v by v/y.";
            Neg neg(x) -> v = op { -x } [c(-1.0)]
                as prefix("-", 3) r"-#x"
                "A mirror turns every change around.";
            Recip recip(x) -> v = rule { N::constant(1.0) / x } [-v.square()]
                textbook [-x.square().recip()] as call("recip") r"\frac{1}{#x}"
                "1/x falls by its own square.";
            Square square(x) -> v = rule { x * x } [x * 2.0]
                as postfix("^2", 4) r"{#x}^{2}"
                "A growing square gains two sides.";
            Powi powi(x, n) -> v = hand { math::powi(x, n) } [x.pow_slope(n), c(f64::NAN)]
                textbook [n * x.pow(n - 1.0), c(f64::NAN)] as infix("^", 4) r"{#x}^{#n}"
                accepts "n must be a constant, a whole number from -2147483648 to 2147483647"
                    { whole(n, f64::from(i32::MIN)..=f64::from(i32::MAX)) }
                "An n-fold product has n factors to vary, each beside the n - 1 others.";
            Pow pow(x, y) -> v = f64 { x.powf(y) }
                [x.pow_slope(y), x.pow_log(y)]
                textbook [y * x.pow(y - 1.0), v * x.ln()] as infix("^", 4) r"{#x}^{#y}"
                "x^y is exp(y ln x): the base answers as a power does, the exponent as exp does.";
            PowSlope pow_slope(x, y) -> v = f64 { math::pow_slope(x, y) }
                [c::<N>(2.0).pow_derivative(x, y), c::<N>(1.0 + math::IN_Y).pow_derivative(x, y)]
                textbook [y * (y - 1.0) * x.pow(y - 2.0), (y * x.ln() + 1.0) * x.pow(y - 1.0)]
                as call("pow_slope") r"{#y {#x}^{#y - 1}}" internal "the slope of pow in x"
                ulps 16.0 "1 + y ln x is rounded"
                "The slope of x^y in x is a primitive, so that no digit is lost to y - 1.";
            PowLog pow_log(x, y) -> v = f64 { math::pow_log(x, y) }
                [c::<N>(1.0 + math::IN_Y).pow_derivative(x, y), c::<N>(2.0 * math::IN_Y).pow_derivative(x, y)]
                textbook [(y * x.ln() + 1.0) * x.pow(y - 1.0), v * x.ln()]
                as call("pow_log") r"{#x}^{#y} \ln #x" internal "the slope of pow in y"
                ulps 16.0 "1 + y ln x is rounded"
                "The slope of x^y in y is a primitive, so that it is 0 where 0 x inf would be NaN.";
            PowDerivative pow_derivative(n, x, y) -> v = f64 { math::pow_derivative(n, x, y) }
                [c(f64::NAN), (n + 1.0).pow_derivative(x, y), (n + math::IN_Y).pow_derivative(x, y)]
                as call("pow_derivative") r"\partial_{#n} {#x}^{#y}"
                internal "the derivatives of pow: by x and by y so often as n mod 1000 and n div 1000 tell"
                accepts "n must be a constant, a whole number from 0 to 65535"
                    { whole(n, 0.0..=f64::from(u16::MAX)) }
                ulps 16.0 "a polynomial in ln x, whose terms may cancel"
                "Each derivative of x^y is a primitive, so that its limit at x = 0 is never 0 x inf.";
            Sqrt sqrt(x) -> v = own { x.sqrt() } [N::constant(0.5) / (v + 0.0)]
                as call("sqrt") r"\sqrt{#x}" domain { x >= 0.0 }
                "v * v = x, so 2 v dv = dx.";
            Cbrt cbrt(x) -> v = f64 { math::cbrt(x) } [N::constant(1.0 / 3.0) / v / v]
                textbook [(v.square() * 3.0).recip()] as call("cbrt") r"\sqrt[3]{#x}"
                "v * v * v = x, so 3 v^2 dv = dx.";
            Hypot hypot(x, y) -> v = f64 { x.hypot(y) } [x.unit(y), y.unit(x)]
                textbook [x / v, y / v] as call("hypot") r"\sqrt{{#x}^{2} + {#y}^{2}}"
                kink "x = y = 0" { x.hypot(y) }
                "The distance grows by the share of the direction that each side has.";
            Unit unit(x, y) -> v = f64 { math::unit(x, y) }
                [y.unit(x) * y.turn(x), -(v * y.turn(x))]
                as call("unit") r"\frac{#x}{\sqrt{{#x}^{2} + {#y}^{2}}}" internal "the slope of hypot"
                kink "x = y = 0" { x.hypot(y) }
                "The cosine of the direction (x, y): it moves by the sine times the turn.";
            Direction direction(x, r) -> v = f64 { math::direction(x, r) } [r.recip(), -(v / r)]
                textbook [r.recip(), -(x / r.square())] as call("direction") r"\frac{#x}{#r}"
                internal "the slope of norm" kink "r = 0" { r }
                "The share of a direction that an entry x of a vector of length r has.";
            MulAdd mul_add(x, y, z) -> v = own { x.mul_add(y, z) } [y, x, c(1.0)]
                as call("mul_add") r"#x \cdot #y + #z"
                "A product and a sum with a single rounding.";

            // Exponentials and logarithms.
            Exp exp(x) -> v = f64 { x.exp() } [v] lanes exp
                as call("exp") r"e^{#x}"
                "The function that is its own slope.";
            Exp2 exp2(x) -> v = f64 { x.exp2() } [v * std::f64::consts::LN_2]
                as call("exp2") r"2^{#x}"
                "2^x is exp(x ln 2).";
            ExpM1 exp_m1(x) -> v = f64 { x.exp_m1() } [x.exp()]
                textbook [v + 1.0] as call("exp_m1") r"\left(e^{#x} - 1\right)" aliases ["expm1"]
                "A shift by 1 changes no slope.";
            Ln ln(x) -> v = f64 { x.ln() } [(x + 0.0).recip() + v.compare(v)] lanes ln
                textbook [x.recip()] as call("ln") r"\ln #x" aliases ["log"] domain { x >= 0.0 }
                "The inverse of exp: exp(v) dv = dx, and exp(v) is x.";
            Log2 log2(x) -> v = f64 { x.log2() }
                [N::constant(std::f64::consts::LOG2_E) / (x + 0.0) + v.compare(v)]
                as call("log2") r"\log_2 #x" domain { x >= 0.0 }
                "ln x in units of ln 2.";
            Log10 log10(x) -> v = f64 { x.log10() }
                [N::constant(std::f64::consts::LOG10_E) / (x + 0.0) + v.compare(v)]
                as call("log10") r"\log_{10} #x" domain { x >= 0.0 }
                "ln x in units of ln 10.";
            Log log(x, y) -> v = f64 { math::log(x, y) }
                [y.ln().recip() / (x + 0.0) + v.compare(v), -(v / y.ln()) / y]
                textbook [(x * y.ln()).recip(), -(v / (y * y.ln()))]
                as call("log_base") r"\log_{#y} #x" domain { x >= 0.0 && y >= 0.0 }
                "ln x in units of ln y, and a larger unit makes a smaller number.";
            Ln1p ln_1p(x) -> v = f64 { x.ln_1p() } [(x + 1.0).recip() + v.compare(v)]
                as call("ln_1p") r"\ln\left(1 + #x\right)" aliases ["log1p"] domain { x >= -1.0 }
                "The logarithm of 1 + x.";
            LogAddExp log_add_exp(x, y) -> v = f64 { math::log_add_exp(x, y) } [x.share(y), y.share(x)]
                textbook [(x - v).exp(), (y - v).exp()]
                as call("log_add_exp") r"\ln\left(e^{#x} + e^{#y}\right)" aliases ["logaddexp"]
                "A soft maximum: each argument is weighed by its share of the sum.";
            Share share(x, y) -> v = f64 { math::share(x, y) } [x.share_slope(y), -x.share_slope(y)]
                textbook [v * y.share(x), -(v * y.share(x))]
                as call("share") r"\frac{e^{#x}}{e^{#x} + e^{#y}}" internal "the slope of log_add_exp"
                "A share of two grows by itself times the other share.";
            ShareSlope share_slope(x, y) -> v = f64 { math::share_slope(x, y) }
                [-(v * ((x - y) * 0.5).tanh()), v * ((x - y) * 0.5).tanh()]
                textbook [v * (y.share(x) - x.share(y)), v * (x.share(y) - y.share(x))]
                as call("share_slope") r"\frac{e^{#x + #y}}{\left(e^{#x} + e^{#y}\right)^{2}}"
                internal "the slope of share"
                "The product of two shares: it grows by itself times their difference, a tanh.";
            Part part(x, y) -> v = rule { (y / x + 1.0).recip() } [y.part(x) / (x + y), -(v / (x + y))]
                as call("part") r"\frac{#x}{#x + #y}" internal "the slope of logsumexp"
                "A part of a whole grows by the other part of each unit.";

            // Trigonometric and hyperbolic.
            Sin sin(x) -> v = f64 { x.sin() } [x.cos()]
                as call("sin") r"\sin #x"
                "On the unit circle the height changes by the width.";
            Cos cos(x) -> v = f64 { x.cos() } [-x.sin()]
                as call("cos") r"\cos #x"
                "On the unit circle the width shrinks by the height.";
            Tan tan(x) -> v = f64 { x.tan() } [v.square() + 1.0]
                as call("tan") r"\tan #x"
                "sin/cos by the quotient rule: (cos^2 + sin^2) / cos^2.";
            Asin asin(x) -> v = f64 { x.asin() } [x.one_minus_square().sqrt().recip()]
                textbook [(-x.square() + 1.0).sqrt().recip()] as call("asin") r"\arcsin #x"
                aliases ["arcsin"] domain { x.abs() <= 1.0 }
                "The inverse of sin: cos(v) dv = dx, and cos(v) is the root of 1 - x^2.";
            Acos acos(x) -> v = f64 { x.acos() } [-x.one_minus_square().sqrt().recip()]
                textbook [-(-x.square() + 1.0).sqrt().recip()] as call("acos") r"\arccos #x"
                aliases ["arccos"] domain { x.abs() <= 1.0 }
                "acos and asin add up to a quarter turn, so their slopes cancel.";
            OneMinusSquare one_minus_square(x) -> v = rule { (-x + 1.0) * (x + 1.0) } [x * -2.0]
                as call("one_minus_square") r"\left(1 - {#x}^{2}\right)"
                internal "in the slopes of asin, acos and atanh"
                "1 - x^2, with no digit lost near 1, and the slope of a square with none lost near 0.";
            Atan atan(x) -> v = f64 { x.atan() } [(x.square() + 1.0).recip()]
                as call("atan") r"\arctan #x" aliases ["arctan"]
                "The inverse of tan: (1 + x^2) dv = dx.";
            Atan2 atan2(y, x) -> v = f64 { y.atan2(x) } [x.turn(y), -y.turn(x)]
                textbook [x / (x.square() + y.square()), -(y / (x.square() + y.square()))]
                as call("atan2") r"\operatorname{atan2}\left(#y, #x\right)"
                kink "y = 0 and x <= 0" { if x <= 0.0 { y } else { x.hypot(y) } }
                "A step across the line of sight turns it, less so from afar.";
            Turn turn(x, y) -> v = f64 { math::turn(x, y) }
                [c::<N>(1.0).turn_derivative(x, y), c::<N>(math::IN_Y).turn_derivative(x, y)]
                textbook [y.turn(x).square() - v.square(), v * y.turn(x) * -2.0]
                as call("turn") r"\frac{#x}{{#x}^{2} + {#y}^{2}}" internal "the slope of atan2"
                "x + iy turned inside out is turn(x, y) - i turn(y, x), so the slopes are its square's.";
            TurnDerivative turn_derivative(n, x, y) -> v = f64 { math::turn_derivative(n, x, y) }
                [c(f64::NAN), (n + 1.0).turn_derivative(x, y), (n + math::IN_Y).turn_derivative(x, y)]
                as call("turn_derivative") r"\partial_{#n} \frac{#x}{{#x}^{2} + {#y}^{2}}"
                internal "the derivatives of turn: by x and by y so often as n mod 1000 and n div 1000 tell"
                accepts "n must be a constant, a whole number from 0 to 65535"
                    { whole(n, 0.0..=f64::from(u16::MAX)) }
                ulps 8.0 "a power of x + iy"
                "The real part of 1/(x + iy) and its derivatives, powers of 1/(x + iy).";
            Sinh sinh(x) -> v = f64 { x.sinh() } [x.cosh()]
                as call("sinh") r"\sinh #x"
                "Half the difference of exp(x) and exp(-x) becomes half their sum.";
            Cosh cosh(x) -> v = f64 { x.cosh() } [x.sinh()]
                as call("cosh") r"\cosh #x"
                "Half the sum of exp(x) and exp(-x) becomes half their difference.";
            Tanh tanh(x) -> v = f64 { x.tanh() } [x.tanh_slope()] lanes tanh
                textbook [-v.square() + 1.0] as call("tanh") r"\tanh #x"
                "1 - v^2, written so that no digit is lost where v is near 1.";
            TanhSlope tanh_slope(x) -> v = rule
                { let e = (x.abs() * -2.0).exp(); e * 4.0 / (e + 1.0).square() } [v * x.tanh() * -2.0]
                as call("tanh_slope") r"\operatorname{sech}^{2} #x" internal "the slope of tanh"
                "1 - tanh^2 by the chain rule: a primitive, so that the |x| in it is no kink.";
            Asinh asinh(x) -> v = f64 { math::asinh(x) } [x.hypot(c(1.0)).recip()]
                textbook [(x.square() + 1.0).sqrt().recip()]
                as call("asinh") r"\operatorname{arsinh} #x" aliases ["arsinh"]
                "The inverse of sinh: cosh(v) dv = dx, and cosh(v) is hypot(x, 1).";
            Acosh acosh(x) -> v = f64 { math::acosh(x) } [(x - 1.0).sqrt().recip() * (x + 1.0).sqrt().recip()]
                textbook [(x.square() - 1.0).sqrt().recip()]
                as call("acosh") r"\operatorname{arcosh} #x" aliases ["arcosh"] domain { x >= 1.0 }
                "The inverse of cosh: sinh(v) dv = dx, and sinh(v) is the root of x^2 - 1.";
            Atanh atanh(x) -> v = f64 { math::atanh(x) } [x.one_minus_square().recip() + v.compare(v)]
                textbook [(-x.square() + 1.0).recip()]
                as call("atanh") r"\operatorname{artanh} #x" aliases ["artanh"] domain { x.abs() <= 1.0 }
                "The inverse of tanh: (1 - x^2) dv = dx.";

            // Pieces: where an edge can be not taken.
            Abs abs(x) -> v = own { x.abs() } [x.compare(c(0.0))] textbook [x / v]
                as call("abs") r"\left|#x\right|" kink "x = 0" { x }
                "Up on the right, down on the left, and level at the kink.";
            Signum signum(x) -> v = f64 { x.signum() } [c(0.0) => x.compare(x)]
                as call("signum") r"\operatorname{sgn} #x" aliases ["sign"] kink "x = 0" { x }
                "Flat, but for a jump at 0.";
            Copysign copysign(x, y) -> v = f64 { x.copysign(y) }
                [x.compare(c(0.0)) * N::constant(1.0).copysign(y), c(0.0) => y.compare(y)]
                textbook [v / x, c(0.0)] as call("copysign") r"\operatorname{copysign}\left(#x, #y\right)"
                kink "x = 0 or y = 0" { x.abs().min(y.abs()) }
                "|x| with the sign of y: the slope of abs, with that sign.";
            Max max(x, y) -> v = f64 { math::maximum(x, y) }
                [(x.compare(y) + 1.0) * 0.5 => x.compare(y) + 1.0,
                 (y.compare(x) + 1.0) * 0.5 => y.compare(x) + 1.0] textbook [positive(x - y), positive(y - x)]
                as call("max") r"\max\left(#x, #y\right)" kink "x = y" { x - y }
                "The larger argument passes, the smaller is not taken; a tie is shared.";
            Min min(x, y) -> v = f64 { math::minimum(x, y) }
                [(y.compare(x) + 1.0) * 0.5 => y.compare(x) + 1.0,
                 (x.compare(y) + 1.0) * 0.5 => x.compare(y) + 1.0] textbook [positive(y - x), positive(x - y)]
                as call("min") r"\min\left(#x, #y\right)" kink "x = y" { x - y }
                "The smaller argument passes, the larger is not taken; a tie is shared.";
            MaxTied max_tied(x, y, m, n) -> v = rule { Number::max(x, y) }
                [x.compare(y).select(c(1.0), m.floor() / (m.floor() + n.floor())) => x.compare(y) + 1.0,
                 y.compare(x).select(c(1.0), n.floor() / (m.floor() + n.floor())) => y.compare(x) + 1.0, c(0.0) => c(0.0), c(0.0) => c(0.0)]
                textbook [positive(x - y), positive(y - x), c(0.0), c(0.0)]
                as call("max") r"\max\left(#x, #y\right)" internal "max of a max: m and n arguments stand behind x and y"
                kink "x = y" { x - y }
                "A tie is shared by all arguments that attain the maximum, whatever the nesting.";
            MinTied min_tied(x, y, m, n) -> v = rule { Number::min(x, y) }
                [y.compare(x).select(c(1.0), m.floor() / (m.floor() + n.floor())) => y.compare(x) + 1.0,
                 x.compare(y).select(c(1.0), n.floor() / (m.floor() + n.floor())) => x.compare(y) + 1.0, c(0.0) => c(0.0), c(0.0) => c(0.0)]
                textbook [positive(y - x), positive(x - y), c(0.0), c(0.0)]
                as call("min") r"\min\left(#x, #y\right)" internal "min of a min: m and n arguments stand behind x and y"
                kink "x = y" { x - y }
                "A tie is shared by all arguments that attain the minimum, whatever the nesting.";
            Tally tally(x, y, m, n) -> v = rule
                { (x.compare(y) + 1.0).select(m, N::constant(0.0)) + (y.compare(x) + 1.0).select(n, N::constant(0.0)) }
                [c(0.0) => x.compare(x), c(0.0) => y.compare(y), c(1.0) => x.compare(y) + 1.0, c(1.0) => y.compare(x) + 1.0]
                as call("tally") r"\operatorname{tally}\left(#x, #y\right)"
                internal "how many arguments attain a maximum of maxima" kink "x = y" { x - y }
                "m where x is the larger, n where y is, m + n at a tie: flat between jumps.";
            Clamp clamp(x, lo, hi) -> v = hand { x.clamp(lo, hi) }
                [(x.compare(lo) + hi.compare(x)) * 0.5 => x.compare(lo).min(hi.compare(x)) + 1.0,
                 (lo.compare(x) + 1.0) * 0.5 => lo.compare(x) + 1.0,
                 (x.compare(hi) + 1.0) * 0.5 => x.compare(hi) + 1.0] constant Clip
                textbook [positive((x - lo).min(hi - x)), positive(lo - x), positive(x - hi)]
                as call("clamp") r"\operatorname{clamp}\left(#x, #lo, #hi\right)"
                accepts "lo must not be above hi" { lo.zip(hi).is_none_or(|(lo, hi)| lo <= hi) }
                kink "x = lo or x = hi" { (x - lo).abs().min((x - hi).abs()) }
                "Between the bounds x passes; outside only the bound does; a tie is shared.";
            Clip clip(x, lo, hi) -> v = f64 { x.clamp(lo, hi) }
                [positive(x.compare(lo).min(hi.compare(x))) => x.compare(lo).min(hi.compare(x)) + 1.0,
                 positive(lo.compare(x)) => lo.compare(x) + 1.0,
                 positive(x.compare(hi)) => x.compare(hi) + 1.0]
                textbook [positive((x - lo).min(hi - x)), positive(lo - x), positive(x - hi)]
                as call("clamp") r"\operatorname{clamp}\left(#x, #lo, #hi\right)" internal "clamp between constants"
                accepts "lo must not be above hi" { lo.zip(hi).is_none_or(|(lo, hi)| lo <= hi) }
                kink "x = lo or x = hi" { (x - lo).abs().min((x - hi).abs()) }
                "Between the bounds x passes; at a bound that cannot move, the slope is 0, as of relu.";
            Floor floor(x) -> v = own { x.floor() } [c(0.0) => x.compare(x)]
                as call("floor") r"\left\lfloor #x \right\rfloor"
                kink "x is an integer" { x - x.round() }
                "Flat between jumps.";
            Ceil ceil(x) -> v = f64 { x.ceil() } [c(0.0) => x.compare(x)]
                as call("ceil") r"\left\lceil #x \right\rceil"
                kink "x is an integer" { x - x.round() }
                "Flat between jumps.";
            Round round(x) -> v = f64 { x.round() } [c(0.0) => x.compare(x)]
                as call("round") r"\operatorname{round} #x"
                kink "x is halfway between integers" { x - x.floor() - 0.5 }
                "Flat between jumps.";
            Trunc trunc(x) -> v = f64 { x.trunc() } [c(0.0) => x.compare(x)]
                as call("trunc") r"\operatorname{trunc} #x"
                kink "x is an integer but 0" { (x - x.round()).abs().max(1.0 - x.abs()) }
                "Flat between jumps.";
            Fract fract(x) -> v = f64 { x.fract() } [v.compare(v) + 1.0]
                as call("fract") r"\operatorname{fract} #x"
                kink "x is an integer but 0" { (x - x.round()).abs().max(1.0 - x.abs()) }
                "x less a step, and the step is flat.";
            Rem rem(x, y) -> v = hand { x % y } [v.compare(v) + 1.0, ((v - x) / y).round()]
                as infix("%", 2) r"#x \bmod #y"
                kink "x is a multiple of y but 0" { let r = (x % y).abs(); r.min(y.abs() - r).max(y.abs() - x.abs()) }
                "x - q y with a whole quotient q, which is flat between jumps.";
            Select select(s, x, y) -> v = own { s.select(x, y) }
                [c(0.0) => s.compare(s), c(1.0) => s.compare(c(0.0)), c(1.0) => -s.compare(c(0.0)) + 1.0]
                as call("select") r"\begin{cases} #x & \text{if } #s > 0 \\ #y & \text{else} \end{cases}"
                kink "s = 0" { s }
                "The branch that is chosen passes; the other one is not taken.";
            Compare compare(x, y) -> v = own { x.compare(y) } [c(0.0) => x.compare(x), c(0.0) => y.compare(y)]
                as call("compare") r"\operatorname{sgn}\left(#x - #y\right)" kink "x = y" { x - y }
                "-1, 0 or 1 as x is less than, equal to or greater than y: flat between jumps.";
            Relu relu(x) -> v = rule { x.compare(c(0.0)).select(x, c(0.0)) }
                [positive(x.compare(c(0.0))) => x.compare(c(0.0)) + 1.0]
                textbook [positive(x)] as call("relu") r"\max\left(0, #x\right)" kink "x = 0" { x }
                "On the right x passes; on the left it is not taken; at the kink the slope is 0.";
            Chain chain(x, y) -> v = own { x.chain(y) }
                [y => x.open(c(1.0)), x => x.open(c(1.0))]
                as infix("*", 2) r"#x \cdot #y" internal "the product of a sweep that goes on in a program"
                "The chain rule's product, adjoint x times partial y: nothing (-0) where x is nothing.";
            Gate gate(x, y, t) -> v = own { x.gate(y, t) }
                [y => x.open(t), x => x.open(t), c(0.0) => c(0.0)]
                as call("gate") r"\left[#t > 0\right] #x \cdot #y" internal "the product of a sweep that goes on in a program" kink "t = 0" { t }
                "The same along an edge that is taken only where t > 0.";
            Open open(x, t) -> v = f64 { math::open(x, t) } [c(0.0) => c(0.0), c(0.0) => c(0.0)]
                as call("open") r"\left[#t > 0\right]" internal "the slope of chain and gate" kink "t = 0" { t }
                "The sign of t, which says whether an edge is taken; 0 where x is nothing: flat between jumps.";

            // Special functions.
            Erf erf(x) -> v = f64 { math::erf(x) } [x.gauss() * std::f64::consts::FRAC_2_SQRT_PI]
                as call("erf") r"\operatorname{erf} #x"
                "An integral of the bell curve changes by the curve itself.";
            Erfc erfc(x) -> v = f64 { math::erfc(x) } [x.gauss() * -std::f64::consts::FRAC_2_SQRT_PI] lanes erfc
                as call("erfc") r"\operatorname{erfc} #x"
                "1 - erf(x).";
            Gauss gauss(x) -> v = f64 { math::gauss(x) } [x.clamp(c(-40.0), c(40.0)) * v * -2.0] lanes gauss
                as call("gauss") r"e^{-{#x}^{2}}" internal "the slope of erf"
                "exp(-x^2), with no digit lost to the square.";
            NormCdf norm_cdf(x) -> v = f64 { math::norm_cdf(x) } [x.norm_pdf()]
                as call("norm_cdf") r"\Phi\left(#x\right)"
                "A distribution grows by its density.";
            NormPdf norm_pdf(x) -> v = f64 { math::norm_pdf(x) } [-(x.clamp(c(-50.0), c(50.0)) * v)]
                as call("norm_pdf") r"\varphi\left(#x\right)"
                "The exponent -x^2/2 has the slope -x.";
            LnGamma ln_gamma(x) -> v = f64 { math::ln_gamma(x) } [x.polygamma(0)]
                as call("ln_gamma") r"\ln\left|\Gamma\left(#x\right)\right|" aliases ["lgamma"]
                "The slope of ln gamma is the digamma function, by name.";
            Polygamma polygamma(n, x) -> v = hand { math::polygamma(n, x) }
                [c(f64::NAN), {
                    // The order after the last is refused in a recording, and has no value: NaN, and
                    // so has its slope. Elsewhere it is multiplied by 1, which changes no bit.
                    let next = N::call(Op::Polygamma, &[(n + 1.0).min(c(f64::from(u16::MAX))), x]);
                    next * (n - f64::from(u16::MAX - 1)).select(c(f64::NAN), N::constant(1.0))
                }]
                as call("polygamma") r"\psi^{(#n)}\left(#x\right)"
                accepts "n must be a constant, a whole number from 0 to 65535"
                    { whole(n, 0.0..=f64::from(u16::MAX)) }
                "Each polygamma is the slope of the one before.";

            // Activations and their kin.
            Sigmoid sigmoid(x) -> v = rule
                { let e = (-x.abs()).exp(); x.select(N::constant(1.0), e) / (e + 1.0) }
                [x.sigmoid_slope()] textbook [v * (-v + 1.0)]
                as call("sigmoid") r"\sigma\left(#x\right)" aliases ["σ", "logistic"]
                "v (1 - v), written so that no digit is lost where v is near 1.";
            SigmoidSlope sigmoid_slope(x) -> v = rule { let e = (-x.abs()).exp(); e / (e + 1.0).square() }
                [-(v * (x * 0.5).tanh())] textbook [v * (x.sigmoid() * -2.0 + 1.0)]
                as call("sigmoid_slope") r"\sigma'\left(#x\right)" internal "the slope of sigmoid"
                "v (1 - 2 sigmoid x), where the bracket is a tanh: no kink, and no digit lost near 0.";
            Softplus softplus(x) -> v = f64 { math::softplus(x) } [x.sigmoid()]
                as call("softplus") r"\ln\left(1 + e^{#x}\right)"
                "A ramp with a soft corner: its slope goes from 0 to 1 as the sigmoid does.";
            Silu silu(x) -> v = f64 { math::silu(x) } [x.silu_slope()]
                textbook [x.sigmoid() * (x * (-x).sigmoid() + 1.0)]
                as call("silu") r"#x \cdot \sigma\left(#x\right)" aliases ["swish"]
                "x times sigmoid(x), by the product rule.";
            SiluSlope silu_slope(x) -> v = f64 { math::silu_slope(x) }
                [x.sigmoid_slope() * (-(x * (x * 0.5).tanh()).min(c(1e3)) + 2.0)]
                as call("silu_slope") r"\operatorname{silu}'\left(#x\right)" internal "the slope of silu"
                ulps 1e3 "2 - x tanh(x/2) cancels near 2.4"
                "The slope of silu is a primitive, so that no digit is lost where it is 0.";
            Sinc sinc(x) -> v = f64 { math::sinc(x) } [x.sinc_slope()]
                textbook [(x.cos() - v) / x] as call("sinc") r"\operatorname{sinc} #x"
                "sin(x) / x by the quotient rule.";
            SincSlope sinc_slope(x) -> v = f64 { math::sinc_slope(x) }
                [c::<N>(2.0).sinc_derivative(x)] textbook [-(x.sinc() + v * 2.0 / x)]
                as call("sinc_slope") r"\operatorname{sinc}'\left(#x\right)" internal "the slope of sinc"
                ulps 16.0 "its slope crosses 0 in waves"
                "The slope of sinc is a primitive, so that no digit is lost near 0.";
            SincDerivative sinc_derivative(n, x) -> v = f64 { math::sinc_derivative(n, x) }
                [c(f64::NAN), (n + 1.0).sinc_derivative(x)]
                as call("sinc_derivative") r"\operatorname{sinc}^{(#n)}\left(#x\right)"
                internal "the derivatives of sinc"
                accepts "n must be a constant, a whole number from 0 to 65535"
                    { whole(n, 0.0..=f64::from(u16::MAX)) }
                "Each derivative of sinc is the slope of the one before.";
            }
            lists {
            Sum sum(xs) -> v = { math::sum(xs) }
                |slope, _spare, _room| { (0..xs.len()).for_each(|k| slope(k, c(1.0))) }
                as call("sum") r"\sum\left(#xs\right)"
                "A sum hands its adjoint to every term unchanged.";
            Product product(xs) -> v = { math::product(xs) }
                |slope, before, _room| { before_and_after(xs, before, slope) }
                as call("product") r"\prod\left(#xs\right)"
                "Each factor is scaled by all the others, those before it and those after it.";
            Dot dot(xs) -> v = { math::dot(xs) }
                |slope, _spare, _room| { partners(xs, slope) }
                as call("dot") r"\operatorname{dot}\left(#xs\right)"
                "Each entry is scaled by its partner in the other vector.";
            LogSumExp logsumexp(xs) -> v = { math::logsumexp(xs) }
                |slope, shares, _room| { softmax(xs, v, shares, slope) }
                as call("logsumexp") r"\ln\sum\exp\left(#xs\right)"
                "A soft maximum: each argument is weighed by its share of the sum.";
            Norm norm(xs) -> v = { math::norm(xs) }
                |slope, _spare, room| { directions(xs, v, room, slope) }
                as call("norm") r"\left\|#xs\right\|" kink "all x = 0" { math::norm(xs) }
                "A length grows by the share of the direction that each entry has.";
            Lone lone(xs) -> v = { math::lone(xs) }
                |_slope, _spare, _room| { }
                as call("lone") r"\operatorname{lone}\left(#xs\right)" internal "tells whether a norm at infinity has a direction"
                "1, or NaN where more than one entry is infinite: flat.";
            }
        }
    };
}
pub(crate) use table;
