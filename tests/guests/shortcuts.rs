//! Functions of nalgebra and num-complex that take a shortcut at special points: the slope is wrong
//! there or NaN, the border is listed, and what the guests' page says to write instead has the
//! slope of the function. The truth comes from values of plain numbers near by.

use nalgebra::{
    DMatrix, DVector, Matrix2, Matrix3, Quaternion, RealField, Rotation2, Rotation3,
    UnitQuaternion, Vector3,
};
use num_complex::Complex;
use wengert::guest::{Active, borders_active, record_active_vec};
use wengert::{Number, Op};

/// A function of plain numbers.
type Plain = fn(&[f64]) -> Vec<f64>;

/// A function of ambient variables.
type Ambient = fn(&[Active]) -> Vec<Active>;

/// A function at a special point, and the same written without the shortcut.
struct Shortcut {
    name: &'static str,
    plain: Plain,
    guest: Ambient,
    instead: Ambient,
    at: &'static [f64],
    /// The end of the file of a border.
    border: &'static str,
}

/// One function, for both kinds of number.
macro_rules! shortcut {
    ($name:literal at $at:expr, $border:literal: $f:ident, instead $instead:expr) => {
        Shortcut {
            name: $name,
            plain: $f::<f64>,
            guest: $f::<Active>,
            instead: $instead,
            at: &$at,
            border: $border,
        }
    };
}

/// The Jacobian by central differences of two steps, extrapolated: right to some 10 digits.
fn truth(f: Plain, x: &[f64]) -> Vec<f64> {
    let beside = |k: usize, h: f64| {
        let mut moved = x.to_vec();
        moved[k] += h;
        f(&moved)
    };
    let central = |k: usize, h: f64| -> Vec<f64> {
        let (right, left) = (beside(k, h), beside(k, -h));
        right.iter().zip(&left).map(|(right, left)| (right - left) / (2.0 * h)).collect()
    };
    let column = |k: usize| -> Vec<f64> {
        let (wide, narrow) = (central(k, 2e-3), central(k, 1e-3));
        wide.iter().zip(&narrow).map(|(wide, narrow)| (4.0 * narrow - wide) / 3.0).collect()
    };
    let columns: Vec<Vec<f64>> = (0..x.len()).map(column).collect();
    (0..columns[0].len()).flat_map(|i| columns.iter().map(move |column| column[i])).collect()
}

/// How far a Jacobian is from the truth; infinite where it is NaN.
fn off(f: Ambient, at: &[f64], truth: &[f64]) -> f64 {
    let found = record_active_vec(f, at).jacobian(at).unwrap();
    assert_eq!(found.data().len(), truth.len());
    let off = found.data().iter().zip(truth).map(|(x, y)| (x - y).abs());
    off.fold(0.0, |most: f64, off| if off.is_nan() { f64::INFINITY } else { most.max(off) })
}

fn v3<T: RealField + Copy>(x: &[T]) -> Vector3<T> {
    Vector3::new(x[0], x[1], x[2])
}

/// A point to be turned.
fn point<T: RealField + Copy>() -> Vector3<T> {
    Vector3::new(nalgebra::convert(1.0), nalgebra::convert(2.0), nalgebra::convert(3.0))
}

fn list<T: RealField + Copy>(v: Vector3<T>) -> Vec<T> {
    v.iter().copied().collect()
}

fn square<T: RealField + Copy>(x: &[T]) -> DMatrix<T> {
    DMatrix::from_row_slice(2, 2, x)
}

fn entries<T: RealField + Copy>(m: DMatrix<T>) -> Vec<T> {
    m.iter().copied().collect()
}

fn parts<T>(z: Complex<T>) -> Vec<T> {
    vec![z.re, z.im]
}

fn c(x: f64) -> Active {
    Active::constant(x)
}

/// The length of a vector by the primitive, whose slope at 0 is 0 and not NaN.
fn length(v: Vector3<Active>) -> Active {
    Number::call(Op::Norm, &list(v))
}

/// The rotation about an axis, by an angle that is its length.
fn exp(v: Vector3<Active>) -> UnitQuaternion<Active> {
    let half = length(v) * 0.5;
    let v = v * (Number::sinc(half) * 0.5);
    UnitQuaternion::new_unchecked(Quaternion::new(half.cos(), v.x, v.y, v.z))
}

/// The axis of a rotation, as long as its angle, up to half a turn.
fn ln(q: UnitQuaternion<Active>) -> Vector3<Active> {
    let v = q.imag();
    v * (c(2.0) / Number::sinc(length(v).atan2(q.w)))
}

fn quaternion_of_axis<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    list(UnitQuaternion::from_scaled_axis(v3(x)) * point())
}

fn rotation_of_axis<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    list(Rotation3::new(v3(x)) * point())
}

fn pose<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    let pose = nalgebra::Isometry3::new(v3(x), v3(&x[3..]));
    (pose * nalgebra::Point3::from(point())).coords.iter().copied().collect()
}

fn axis_of_quaternion<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    list(UnitQuaternion::new_normalize(Quaternion::new(x[0], x[1], x[2], x[3])).scaled_axis())
}

fn half_a_rotation<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    let turned = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    list(turned.powf(nalgebra::convert(0.5)) * point())
}

fn between_rotations<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    let turned = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
    list(UnitQuaternion::identity().slerp(&turned, nalgebra::convert(0.5)) * point())
}

fn between_vectors<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    list(UnitQuaternion::rotation_between(&v3(x), &Vector3::z()).unwrap() * point())
}

fn nearest_rotation<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    list(Rotation3::from_matrix(&Matrix3::from_row_slice(x)) * point())
}

fn square_root<T: RealField + Copy + num_traits::Float>(x: &[T]) -> Vec<T> {
    parts(Complex::new(x[0], x[1]).sqrt())
}

fn cube_root<T: RealField + Copy + num_traits::Float>(x: &[T]) -> Vec<T> {
    parts(Complex::new(x[0], x[1]).cbrt())
}

fn inverse_sine<T: RealField + Copy + num_traits::Float>(x: &[T]) -> Vec<T> {
    parts(Complex::new(x[0], x[1]).asin())
}

fn power_of_two<T: RealField + Copy + num_traits::Float>(x: &[T]) -> Vec<T> {
    parts(Complex::new(nalgebra::convert(2.0), T::zero()).powc(Complex::new(x[0], x[1])))
}

fn pseudo_inverse<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    entries(square(x).pseudo_inverse(nalgebra::convert(1e-9)).unwrap())
}

fn solution<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    let b = DVector::from_vec(vec![nalgebra::convert(1.0), nalgebra::convert(2.0)]);
    let svd = square(x).svd(true, true);
    svd.solve(&b, nalgebra::convert(1e-12)).unwrap().iter().copied().collect()
}

/// The projector on the eigenvector of the largest eigenvalue, which has no sign to choose.
fn eigenvector<T: RealField + Copy>(x: &[T]) -> Vec<T> {
    let (m, half) = (square(x), nalgebra::convert::<f64, T>(0.5));
    let eigen = ((m.clone() + m.transpose()) * half).symmetric_eigen();
    let v = eigen.eigenvectors.column(eigen.eigenvalues.imax()).clone_owned();
    entries(&v * v.transpose())
}

/// The same, turned by half a radian and back: nalgebra then sees no diagonal.
fn eigenvector_turned(x: &[Active]) -> Vec<Active> {
    let turn: Matrix2<Active> = nalgebra::convert(*Rotation2::new(0.5).matrix());
    let turned = turn * Matrix2::from_row_slice(x) * turn.transpose();
    let x: Vec<Active> = turned.transpose().iter().copied().collect();
    let p = Matrix2::from_row_slice(&eigenvector(&x));
    (turn.transpose() * p * turn).iter().copied().collect()
}

const DIAGONAL: [f64; 4] = [2.0, 0.0, 0.0, 1.0];

fn shortcuts() -> Vec<Shortcut> {
    vec![
        shortcut!("UnitQuaternion::from_scaled_axis" at [0.0; 3], "simd_partial_ord.rs":
            quaternion_of_axis, instead |x| list(exp(v3(x)) * point())),
        shortcut!("Rotation3::new" at [0.0; 3], "simd_partial_ord.rs":
            rotation_of_axis, instead |x| list(exp(v3(x)) * point())),
        shortcut!("Isometry3::new" at [0.0; 6], "simd_partial_ord.rs":
            pose, instead |x| list(exp(v3(&x[3..])) * point() + v3(x))),
        shortcut!("UnitQuaternion::scaled_axis" at [1.0, 0.0, 0.0, 0.0], "unit.rs":
        axis_of_quaternion, instead |x| {
            let q = Quaternion::new(x[0], x[1], x[2], x[3]);
            list(ln(UnitQuaternion::new_normalize(q)))
        }),
        shortcut!("UnitQuaternion::powf" at [0.0; 3], "unit.rs":
        half_a_rotation, instead |x| {
            let q = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
            list(exp(ln(q) * c(0.5)) * point())
        }),
        shortcut!("UnitQuaternion::slerp" at [0.0; 3], "interpolation.rs":
        between_rotations, instead |x| {
            let q = UnitQuaternion::from_euler_angles(x[0], x[1], x[2]);
            list(exp(ln(q) * c(0.5)) * point())
        }),
        shortcut!("UnitQuaternion::rotation_between" at [0.0, 0.0, 1.0], "unit.rs":
        between_vectors, instead |x| {
            let (a, b) = (v3(x).normalize(), Vector3::z());
            let q = Quaternion::from_parts(a.dot(&b) + 1.0, a.cross(&b));
            list(UnitQuaternion::new_normalize(q) * point())
        }),
        shortcut!("Rotation3::from_matrix" at [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], "unit.rs":
        nearest_rotation, instead |x| {
            // One step of Newton for the nearest orthogonal matrix, from a rotation on.
            let m = Matrix3::from_row_slice(x);
            let inverse = m.try_inverse().unwrap().transpose();
            list((m + inverse) * c(0.5) * point())
        }),
        shortcut!("Complex::sqrt" at [4.0, 0.0], "num-complex-0.4.6/src/lib.rs":
            square_root, instead |x| parts(Complex::new(x[0], x[1]).powf(c(0.5)))),
        shortcut!("Complex::sqrt" at [0.0, 4.0], "num-complex-0.4.6/src/lib.rs":
            square_root, instead |x| parts(Complex::new(x[0], x[1]).powf(c(0.5)))),
        shortcut!("Complex::cbrt" at [8.0, 0.0], "num-complex-0.4.6/src/lib.rs":
            cube_root, instead |x| parts(Complex::new(x[0], x[1]).powf(c(1.0 / 3.0)))),
        shortcut!("Complex::asin" at [0.5, 0.0], "num-complex-0.4.6/src/lib.rs":
        inverse_sine, instead |x| {
            let (z, i) = (Complex::new(x[0], x[1]), Complex::new(c(0.0), c(1.0)));
            let one = Complex::new(c(1.0), c(0.0));
            parts(-i * (i * z + (one - z * z).powf(c(0.5))).ln())
        }),
        shortcut!("Complex::powc" at [0.0, 0.0], "num-complex-0.4.6/src/lib.rs":
        power_of_two, instead |x| {
            parts((Complex::new(c(2.0), c(0.0)).ln() * Complex::new(x[0], x[1])).exp())
        }),
        shortcut!("pseudo_inverse" at DIAGONAL, "linalg/svd.rs":
        pseudo_inverse, instead |x| {
            let m = square(x);
            entries((m.transpose() * &m).try_inverse().unwrap() * m.transpose())
        }),
        shortcut!("SVD::solve" at DIAGONAL, "linalg/svd.rs":
        solution, instead |x| {
            let b = DVector::from_vec(vec![c(1.0), c(2.0)]);
            square(x).lu().solve(&b).unwrap().iter().copied().collect()
        }),
        shortcut!("symmetric_eigen" at DIAGONAL, "linalg/householder.rs":
            eigenvector, instead eigenvector_turned),
    ]
}

#[test]
fn every_shortcut_is_wrong_its_border_is_listed_and_the_page_says_what_to_write() {
    let page = include_str!("../../docs/guests.md");
    for shortcut in shortcuts() {
        let Shortcut { name, plain, guest, instead, at, border } = shortcut;
        let truth = truth(plain, at);
        let wrong = off(guest, at, &truth);
        assert!(wrong > 0.1, "`{name}` is right by now: {wrong:e} off; take it from the page");
        let borders = borders_active(guest, at);
        let named = borders.iter().any(|found| found.place.file.ends_with(border));
        assert!(named, "`{name}`: {borders:#?}");
        let right = off(instead, at, &truth);
        assert!(right < 1e-7, "`{name}` is {right:e} off in spite of what the page says");
        let method = name.rsplit("::").next().unwrap();
        assert!(page.contains(name) || page.contains(&format!("`{method}`")), "`{name}`");
    }
}

#[test]
fn the_same_functions_are_right_beside_their_special_points() {
    for shortcut in shortcuts().iter().filter(|s| s.name != "Rotation3::from_matrix") {
        let shift = |(k, x): (usize, &f64)| x + 0.05 + 0.03 * k as f64;
        let at: Vec<f64> = shortcut.at.iter().enumerate().map(shift).collect();
        let truth = truth(shortcut.plain, &at);
        let found = off(shortcut.guest, &at, &truth);
        assert!(found < 1e-6, "`{}` is {found:e} off", shortcut.name);
    }
}
