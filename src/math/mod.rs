//! The functions that rows compute in plain f64 and std does not have, or not as exactly.
//! It must not know the table, tapes or numbers: f64 in, f64 out, NaN in gives NaN out.

mod exact;
mod gamma;
mod hyperbolic;
mod lists;
mod logistic;
mod normal;
mod order;
mod pieces;
mod plane;
mod power;
pub(crate) mod vector;
mod wave;

pub(crate) use gamma::{ln_gamma, polygamma};
pub(crate) use hyperbolic::{acosh, asinh, atanh};
pub(crate) use lists::{dot, logsumexp, lone, norm, product, sum};
pub(crate) use logistic::{log_add_exp, share, share_slope, silu, silu_slope, softplus};
pub(crate) use normal::{erf, erfc, gauss, norm_cdf, norm_pdf};
pub(crate) use order::IN_Y;
pub(crate) use pieces::{chain, gate, maximum, minimum, open};
pub(crate) use plane::{direction, turn, turn_derivative, unit};
pub(crate) use power::{cbrt, log, pow_derivative, pow_log, pow_slope, powi};
pub(crate) use wave::{sinc, sinc_derivative, sinc_slope};
