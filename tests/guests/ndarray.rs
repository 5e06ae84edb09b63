//! `ndarray` differentiated through: products, broadcasts, reductions. It must not know how.

use super::assert_close;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, NdFloat, array, s};
use num_traits::FromPrimitive;
use wengert::guest::{Active, active, gradient_active, record_active, value_and_gradient_active};
use wengert::{Dual, hessian};

/// Inputs of a layer: 4 samples of 3 features.
fn samples() -> Array2<f64> {
    Array2::from_shape_fn((4, 3), |(i, j)| ((3 * i + j) as f64 * 0.7).sin())
}

fn weights() -> Vec<f64> {
    (0..6).map(|k| (k as f64 * 1.3).cos()).collect()
}

#[test]
fn a_loss_of_a_matrix_product() {
    // The mean of |X W - Y|^2 has the gradient 2 X^T (X W - Y) / n.
    let (x, y) = (samples(), Array2::from_elem((4, 2), 0.5));
    let loss = |w: &[Active]| {
        let w = ArrayView2::from_shape((3, 2), w).unwrap();
        let error = x.mapv(Active::from).dot(&w) - y.mapv(Active::from);
        (&error * &error).sum() / 4.0
    };
    let (value, gradient) = value_and_gradient_active(loss, &weights());
    let error = x.dot(&Array2::from_shape_vec((3, 2), weights()).unwrap()) - &y;
    assert_close(&[value], &[(&error * &error).sum() / 4.0]);
    let expected = x.t().dot(&error) * 0.5;
    assert_close(&gradient, &expected.iter().copied().collect::<Vec<_>>());
    let second = hessian(active(loss), &weights());
    assert_close(&[second[(0, 2)]], &[x.t().dot(&x)[(0, 1)] * 0.5]);
}

/// A layer, in whatever floats `ndarray` knows.
fn layer<F: NdFloat + FromPrimitive>(
    x: ArrayView2<'_, F>,
    w: ArrayView2<'_, F>,
    b: ArrayView1<'_, F>,
) -> F {
    let h = (x.dot(&w) + b).mapv(F::tanh);
    let centred = &h - &h.mean_axis(Axis(0)).unwrap();
    (centred * F::from(2.0).unwrap()).mapv(|x| x * x).sum_axis(Axis(1)).mean().unwrap()
}

#[test]
fn code_for_any_float_of_ndarray_runs_on_active_variables() {
    let (x, b) = (samples(), array![0.1, -0.2]);
    let f = |w: &[Active]| {
        let w = ArrayView2::from_shape((3, 2), w).unwrap();
        layer(x.mapv(Active::from).view(), w, b.mapv(Active::from).view())
    };
    let plain = |w: &[f64]| layer(x.view(), ArrayView2::from_shape((3, 2), w).unwrap(), b.view());
    let (value, slopes) = value_and_gradient_active(f, &weights());
    assert_close(&[value], &[plain(&weights())]);
    for k in 0..6 {
        let beside = |step: f64| {
            let mut w = weights();
            w[k] += step;
            plain(&w)
        };
        let measured = (beside(1e-5) - beside(-1e-5)) / 2e-5;
        assert!((slopes[k] - measured).abs() < 1e-9, "{} {measured}", slopes[k]);
    }
}

#[test]
fn scalars_stand_on_the_right_and_assign() {
    let f = |v: &[Active]| {
        let mut a: Array1<Active> = Array1::from(v.to_vec()) * v[0] + Active::constant(1.0);
        a /= v[1];
        a -= &(&a * Active::constant(0.5));
        a.slice(s![1..]).sum() + a.dot(&a) + a.product()
    };
    // a = (v v0 + 1) / (2 v1) at (2, 4): a = (5/8, 9/8)
    let (value, gradient) = value_and_gradient_active(f, &[2.0, 4.0]);
    assert_close(&[value], &[9.0 / 8.0 + 106.0 / 64.0 + 45.0 / 64.0]);
    let (da0, da1) = (1.25 + 1.125, 1.0 + 2.25 + 0.625);
    assert_close(&gradient, &[da0 * 0.5 + da1 * 0.5, -(da0 * 5.0 + da1) / 32.0]);
}

#[test]
fn duals_are_elements_too() {
    let a = array![
        [Dual::new(1.0, 1.0), Dual::new(2.0, 0.0)],
        [Dual::new(3.0, 0.0), Dual::new(4.0, 0.0)]
    ];
    let trace = (a.dot(&a) * Dual::new(1.0, 0.0)).diag().sum();
    assert_eq!((trace.value(), trace.tangent()), (29.0, 2.0));
}

#[test]
fn an_array_program_replays_elsewhere() {
    let f = |v: &[Active]| ArrayView1::from(v).mapv(|x| x.exp()).sum().ln();
    let program = record_active(f, &[0.0, 0.0]);
    let (elsewhere, e) = ([1.0, 3.0], [1f64.exp(), 3f64.exp()]);
    assert_close(&program.gradient(&elsewhere).unwrap(), &e.map(|x| x / (e[0] + e[1])));
    assert_eq!(gradient_active(f, &elsewhere), program.gradient(&elsewhere).unwrap());
}
