//! A Gaussian process in `nalgebra`: the gradient of its likelihood comes through a Cholesky
//! decomposition, and that of ln det A is the inverse, transposed.

use nalgebra::{DMatrix, DVector};
use wengert::guest::{Active, value_and_gradient_active};

const T: [f64; 6] = [0.0, 0.7, 1.1, 2.0, 2.9, 3.5];
const Y: [f64; 6] = [0.1, 0.65, 0.88, 0.93, 0.22, -0.36];

/// The covariance of all pairs of times: a squared exponential of a scale and a length, and noise.
fn covariance<S: nalgebra::RealField + Copy>(p: &[S]) -> DMatrix<S> {
    let c = |x: f64| nalgebra::convert::<f64, S>(x);
    let [scale, length, noise] = [p[0], p[1], p[2]].map(|x| x.exp());
    DMatrix::from_fn(T.len(), T.len(), |i, j| {
        let far = c(T[i] - T[j]) / length;
        let own = if i == j { noise * noise } else { c(0.0) };
        scale * scale * (far * far * c(-0.5)).exp() + own
    })
}

/// The negative log-likelihood of the measurements, but for a constant.
fn surprise<S: nalgebra::RealField + Copy>(p: &[S]) -> S {
    let y = DVector::from_fn(Y.len(), |i, _| nalgebra::convert::<f64, S>(Y[i]));
    let chol = covariance(p).cholesky().expect("a covariance is positive definite");
    let fit = y.dot(&chol.solve(&y));
    fit * nalgebra::convert(0.5) + chol.ln_determinant() * nalgebra::convert(0.5)
}

fn main() {
    let a = [4.0, 1.0, 0.5, 1.0, 3.0, -1.0, 0.0, 2.0, 5.0];
    let ln_det = |x: &[Active]| DMatrix::from_row_slice(3, 3, x).lu().determinant().ln();
    let (value, gradient) = value_and_gradient_active(ln_det, &a);
    println!("ln det A = {value:.9}, with the gradient and A^-T");
    let inverse = DMatrix::from_row_slice(3, 3, &a).try_inverse().unwrap().transpose();
    for (i, slopes) in gradient.chunks(3).enumerate() {
        let row = inverse.row(i).iter().map(|x| format!("{x:10.6}")).collect::<String>();
        println!("{:10.6}{:10.6}{:10.6}   {row}", slopes[0], slopes[1], slopes[2]);
    }

    println!("\nsteps   surprise     scale    length     noise   slope");
    let mut p = [0.0, 0.0, -1.0];
    for step in 0..=1000 {
        let (value, slopes) = value_and_gradient_active(surprise::<Active>, &p);
        let steepest = slopes.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        if [0, 10, 100, 1000].contains(&step) {
            let [scale, length, noise] = p.map(f64::exp);
            println!("{step:5} {value:10.6} {scale:9.6} {length:9.6} {noise:9.6} {steepest:7.3}");
        }
        p.iter_mut().zip(slopes).for_each(|(p, slope)| *p -= 0.02 * slope);
    }
}
