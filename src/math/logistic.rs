//! Sigmoid, softplus, silu and its slope, and the soft maximum of two with its shares and their slope.
//! It must not know which of them is the slope of which.

use super::exact::{self, Twofold};

/// 1 / (1 + e^-x), within 2 ulp; never more than 1, never NaN but at NaN.
fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
}

/// ln(1 + e^x), within 2 ulp, as max(x, 0) + ln(1 + e^-|x|).
pub(crate) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// x sigmoid(x), within 4 ulp; 0 at -inf.
pub(crate) fn silu(x: f64) -> f64 {
    if x < -40.0 { times_exp(x, x) } else { x * sigmoid(x) }
}

/// x e^y, for y where e^y may be subnormal and the product not; 0 where e^y is 0.
fn times_exp(x: f64, y: f64) -> f64 {
    let root = (y / 2.0).exp();
    if root == 0.0 { 0.0_f64.copysign(x) } else { x * root * root }
}

/// Where 1 + x + e^x = 0, which is where silu is least, as the sum of two f64; and e^x there.
const LEAST: [f64; 2] = [-1.278_464_542_761_073_7, -1.094_699_418_309_343_7e-16];
const EXP_LEAST: f64 = 0.278_464_542_761_073_8;

/// The slope of silu, g e^x / (1 + e^x)^2 with g = 1 + x + e^x, within 4 ulp.
///
/// With t the distance to the zero of g, g is t + e^zero (e^t - 1): two terms of one sign.
pub(crate) fn silu_slope(x: f64) -> f64 {
    if x > 50.0 {
        return 1.0;
    }
    if x > 0.0 {
        return sigmoid(x) * (x * sigmoid(-x) + 1.0);
    }
    let t = (x - LEAST[0]) - LEAST[1];
    let g = t + EXP_LEAST * t.exp_m1();
    if x < -40.0 {
        return times_exp(g, x);
    }
    let e = x.exp();
    g * e / ((1.0 + e) * (1.0 + e))
}

/// ln(e^x + e^y), within 4 ulp or 1e-29, whichever is more, as max + ln(1 + e^-|x - y|).
///
/// Where this is near 0 the two terms cancel, and it is ln(1 + s) with s = (e^max - 1) + e^min, in
/// twice the precision. It is -inf where both are.
pub(crate) fn log_add_exp(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    let (larger, smaller) = if x > y { (x, y) } else { (y, x) };
    if larger == smaller && larger.is_infinite() {
        larger
    } else if -2.0 < larger && larger < 0.0 && smaller > -740.0 {
        let s = exact::exp_m1(Twofold::new(larger)) + exact::exp(smaller);
        s.high.ln_1p() + s.low / (1.0 + s.high)
    } else {
        let difference = Twofold::sum(smaller, -larger);
        let e = difference.high.exp();
        let rest = if e == 0.0 { 0.0 } else { e * difference.low };
        larger + (e + rest).ln_1p()
    }
}

/// e^x / (e^x + e^y), within 4 ulp: the sigmoid of x - y, and what is rounded off x - y.
///
/// Half for equal arguments; NaN for equal infinities, which have no share.
pub(crate) fn share(x: f64, y: f64) -> f64 {
    let difference = Twofold::sum(x, -y);
    let v = sigmoid(difference.high);
    if v == 0.0 || v == 1.0 {
        return v;
    }
    v.mul_add(difference.low * sigmoid(-difference.high), v)
}

/// The slope of that in x, e^x e^y / (e^x + e^y)^2, within 4 ulp: that of the sigmoid at x - y, and
/// what is rounded off x - y. It is NaN for equal infinities.
pub(crate) fn share_slope(x: f64, y: f64) -> f64 {
    let difference = Twofold::sum(x, -y);
    let e = (-difference.high.abs()).exp();
    let v = e / ((1.0 + e) * (1.0 + e));
    if v == 0.0 {
        return v;
    }
    v.mul_add(-difference.low * (difference.high / 2.0).tanh(), v)
}
