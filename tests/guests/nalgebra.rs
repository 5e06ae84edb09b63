//! `nalgebra` differentiated through: products, decompositions, geometry. It must not know how.

use super::assert_close;
use nalgebra::{DMatrix, DVector, Matrix3, SMatrix, UnitQuaternion, Vector3};
use wengert::guest::{
    Active, active, casts, gradient_active, record_active, record_active_vec,
    value_and_gradient_active,
};
use wengert::{Error, gradient, hessian};

const N: usize = 4;

/// A matrix that is far from symmetric, and from singular.
fn entries() -> Vec<f64> {
    let entry =
        |k: usize| ((k * k + 3) as f64).sin() + if k.is_multiple_of(N + 1) { 3.0 } else { 0.0 };
    (0..N * N).map(entry).collect()
}

fn matrix<T: nalgebra::Scalar>(entries: &[T]) -> DMatrix<T> {
    DMatrix::from_row_slice(N, N, entries)
}

/// A matrix in the order of its inputs, row by row.
fn by_rows(matrix: &DMatrix<f64>) -> Vec<f64> {
    matrix.transpose().as_slice().to_vec()
}

#[test]
fn the_gradient_of_ln_det_is_the_inverse_transposed() {
    let log_det = |x: &[Active]| matrix(x).lu().determinant().abs().ln();
    let (value, gradient) = value_and_gradient_active(log_det, &entries());
    let a = matrix(&entries());
    assert_eq!(value, a.clone().lu().determinant().abs().ln());
    assert_close(&gradient, &by_rows(&a.try_inverse().unwrap().transpose()));
}

#[test]
fn the_same_through_cholesky() {
    let log_det = |x: &[Active]| {
        let m = matrix(x);
        let spd = &m * m.transpose() + DMatrix::identity(N, N);
        spd.cholesky().unwrap().l().diagonal().iter().map(|d| d.ln()).sum::<Active>() * 2.0
    };
    let m = matrix(&entries());
    let inverse = (&m * m.transpose() + DMatrix::identity(N, N)).try_inverse().unwrap();
    assert_close(&gradient_active(log_det, &entries()), &by_rows(&(inverse * m * 2.0)));
}

#[test]
fn the_same_through_qr_and_full_pivots() {
    let expected = gradient_active(|x| matrix(x).lu().determinant().abs().ln(), &entries());
    let qr = |x: &[Active]| {
        matrix(x).qr().unpack_r().diagonal().iter().map(|d| d.abs().ln()).sum::<Active>()
    };
    assert_close(&gradient_active(qr, &entries()), &expected);
    let full = |x: &[Active]| matrix(x).full_piv_lu().determinant().abs().ln();
    assert_close(&gradient_active(full, &entries()), &expected);
}

#[test]
fn the_solution_of_a_linear_system_moves_as_theory_says() {
    // x = A \ b, so that d(w.x)/dA = -(A^-T w) x^T and d(w.x)/db = A^-T w.
    let b = [1.0, -2.0, 0.5, 3.0];
    let w = DVector::from_vec(vec![0.3, -1.0, 2.0, 0.7]);
    let weighed = |x: &[Active]| {
        let solution = matrix(&x[..N * N]).lu().solve(&DVector::from_row_slice(&x[N * N..]));
        solution.unwrap().dot(&nalgebra::convert::<DVector<f64>, DVector<Active>>(w.clone()))
    };
    let gradient = gradient_active(weighed, &[&entries()[..], &b].concat());
    let a = matrix(&entries());
    let x = a.clone().lu().solve(&DVector::from_row_slice(&b)).unwrap();
    let adjoint = a.transpose().lu().solve(&w).unwrap();
    assert_close(&gradient[N * N..], adjoint.as_slice());
    assert_close(&gradient[..N * N], &by_rows(&(-adjoint * x.transpose())));
}

#[test]
fn a_loss_of_a_matrix_product() {
    // |A B - C|^2 / 2 has the gradients (A B - C) B^T and A^T (A B - C).
    let b: Vec<f64> = entries().iter().map(|x| x.cos()).collect();
    let loss = |x: &[Active]| {
        let (a, b) = (matrix(&x[..N * N]), matrix(&x[N * N..]));
        (a * b - DMatrix::identity(N, N)).norm_squared() * Active::constant(0.5)
    };
    let gradient = gradient_active(loss, &[entries(), b.clone()].concat());
    let (a, b) = (matrix(&entries()), matrix(&b));
    let error = &a * &b - DMatrix::identity(N, N);
    let expected = [by_rows(&(&error * b.transpose())), by_rows(&(a.transpose() * error))];
    assert_close(&gradient, &expected.concat());
}

#[test]
fn an_eigenvalue_moves_with_its_vector() {
    let symmetric = |x: &[Active]| (matrix(x) + matrix(x).transpose()) * Active::constant(0.5);
    let largest = |x: &[Active]| symmetric(x).symmetric_eigen().eigenvalues.max();
    let a = matrix(&entries());
    let eigen = ((&a + a.transpose()) * 0.5).symmetric_eigen();
    let v = eigen.eigenvectors.column(eigen.eigenvalues.imax());
    assert_close(&gradient_active(largest, &entries()), &by_rows(&(v * v.transpose())));
}

#[test]
fn a_singular_value_moves_with_its_vectors() {
    let largest = |x: &[Active]| matrix(x).svd(true, true).singular_values.max();
    let svd = matrix(&entries()).svd(true, true);
    let (u, v_t, k) = (svd.u.unwrap(), svd.v_t.unwrap(), svd.singular_values.imax());
    let expected = by_rows(&(u.column(k) * v_t.row(k)));
    assert_close(&gradient_active(largest, &entries()), &expected);
}

#[test]
fn a_gaussian_is_fitted_by_its_own_gradient() {
    // -ln p of samples under N(mu, L L^T) has the slope -sum (C^-1 (x - mu)) in mu.
    let samples = [[1.0, 2.0], [0.5, -1.0], [-2.0, 0.25]];
    let nll = |p: &[Active]| {
        let zero = Active::constant(0.0);
        let l = SMatrix::<Active, 2, 2>::new(p[2].exp(), zero, p[3], p[4].exp());
        let covariance = (l * l.transpose()).cholesky().unwrap();
        let mut total = zero;
        for x in samples {
            let off = SMatrix::<Active, 2, 1>::new(-p[0] + x[0], -p[1] + x[1]);
            total += off.dot(&covariance.solve(&off)) * 0.5 + p[2] + p[4];
        }
        total
    };
    let point = [0.25, -0.5, 0.1, 0.7, -0.3];
    let l = SMatrix::<f64, 2, 2>::new(0.1f64.exp(), 0.0, 0.7, (-0.3f64).exp());
    let precision = (l * l.transpose()).try_inverse().unwrap();
    let pull = |x: &[f64; 2]| precision * SMatrix::<f64, 2, 1>::new(x[0] - 0.25, x[1] + 0.5);
    let slope: SMatrix<f64, 2, 1> = -samples.iter().map(pull).sum::<SMatrix<f64, 2, 1>>();
    assert_close(&gradient_active(nll, &point)[..2], slope.as_slice());
    let second = hessian(active(nll), &point);
    assert_close(
        &[second[(0, 0)], second[(0, 1)]],
        &[precision[(0, 0)] * 3.0, precision[(0, 1)] * 3.0],
    );
}

#[test]
fn geometry_is_differentiated_too() {
    let turned = |x: &[Active]| {
        let axis = Vector3::new(x[0], x[1], x[2]);
        (UnitQuaternion::from_scaled_axis(axis) * Vector3::x()).y
    };
    let angle = 0.75;
    let (value, gradient) = value_and_gradient_active(turned, &[0.0, 0.0, angle]);
    assert_close(&[value, gradient[2]], &[angle.sin(), angle.cos()]);
}

#[test]
fn a_replay_that_would_choose_another_pivot_is_an_error() {
    let program = record_active(
        |x| Matrix3::from_row_slice(x).lu().determinant(),
        &[4.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 2.0],
    );
    let near = [4.5, 1.0, 0.1, 1.0, 3.0, 1.0, 0.0, 1.0, 2.0];
    let expected = Matrix3::from_row_slice(&near).lu().determinant();
    assert_eq!(program.value(&near), Ok(expected));
    let other_pivot = [0.5, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 2.0];
    let Err(Error::BranchChanged { place, .. }) = program.value(&other_pivot) else {
        panic!("another row is the pivot now")
    };
    assert!(place.file.contains("nalgebra"), "{place}");
}

#[test]
fn norms_and_statistics() {
    let f = |x: &[Active]| {
        let v = DVector::from_row_slice(x);
        v.norm() + v.lp_norm(3) + v.amax() + v.mean() + v.variance() + v.normalize().sum()
    };
    let same = |x: &[f64]| {
        let v = DVector::from_row_slice(x);
        v.norm() + v.lp_norm(3) + v.amax() + v.mean() + v.variance() + v.normalize().sum()
    };
    let (point, step) = ([1.0, 2.0, -4.0, 0.5], 1e-5);
    let (value, slopes) = value_and_gradient_active(f, &point);
    assert_close(&[value], &[same(&point)]);
    for k in 0..point.len() {
        let mut beside = [point, point];
        beside[0][k] += step;
        beside[1][k] -= step;
        let measured = (same(&beside[0]) - same(&beside[1])) / (2.0 * step);
        assert!((slopes[k] - measured).abs() < 1e-8, "{} {measured}", slopes[k]);
    }
}

#[test]
fn decompositions_of_nalgebra_cast_nothing() {
    let all = |x: &[Active]| {
        let m = matrix(x);
        let spd = &m * m.transpose() + DMatrix::identity(N, N);
        m.clone().lu().determinant()
            + spd.clone().cholesky().unwrap().determinant()
            + spd.symmetric_eigenvalues().sum()
            + m.clone().qr().r().sum()
            + m.svd(true, true).singular_values.sum()
    };
    assert_eq!(casts(all, &entries()), []);
}

#[test]
fn plain_numbers_convert_to_constants_and_back_by_a_cast() {
    let v: DVector<Active> = nalgebra::convert(DVector::from_vec(vec![1.0, 2.0]));
    assert!(v.iter().all(|x| x.slot().is_none()));
    let back = |x: &[Active]| {
        let plain: DVector<f64> = nalgebra::convert_unchecked(DVector::from_row_slice(x));
        x[0] * plain[0]
    };
    assert_eq!(casts(back, &[3.0])[0].method, "to_subset");
    assert_eq!(gradient_active(back, &[3.0]), gradient(|x| x[0] * x[0].detach(), &[3.0]));
}

#[test]
fn an_inverse_has_the_jacobian_of_theory() {
    // d(A^-1) = -A^-1 dA A^-1
    let inverse = |x: &[Active]| matrix(x).try_inverse().unwrap().transpose().as_slice().to_vec();
    let jacobian = record_active_vec(inverse, &entries()).jacobian(&entries()).unwrap();
    let b = matrix(&entries()).try_inverse().unwrap();
    for (i, j, k, l) in [(0, 0, 0, 0), (1, 2, 3, 0), (3, 1, 2, 2), (2, 0, 1, 3)] {
        assert_close(&[jacobian[(i * N + j, k * N + l)]], &[-b[(i, k)] * b[(l, j)]]);
    }
}
