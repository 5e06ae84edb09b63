//! Code written for `num_traits::Float` runs on every number, with the bits of `f64`. It must not
//! know what a number is.

use super::common::{all_bits, bits};
use num_traits::{
    Bounded, Float, FloatConst, FromPrimitive, Inv, MulAdd, Num, NumAssignRef, NumRef, Pow, Signed,
    Zero, cast,
};
use std::num::FpCategory;
use wengert::guest::{Active, gradient_active, record_active, record_active_vec};
use wengert::{Dual, Lanes, Tape, Var, gradient, record, record_vec};

/// Where numbers behave in their own way.
const EDGES: [f64; 17] = [
    0.0,
    -0.0,
    5e-324,
    -1e-310,
    f64::MIN_POSITIVE,
    0.49,
    -0.5,
    1.0,
    -1.0,
    1.5,
    2.5,
    -20.25,
    710.0,
    f64::MAX,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Every function of `Float`.
fn functions<F: Float>(x: F, y: F, z: F) -> Vec<F> {
    let (sin, cos) = x.sin_cos();
    let mut all = vec![sin, cos, x.powi(3), x.powi(-2), x.powf(y), x.hypot(y), x.atan2(y)];
    all.extend([x.floor(), x.ceil(), x.round(), x.trunc(), x.fract(), x.abs(), x.signum()]);
    all.extend([x.recip(), x.sqrt(), x.cbrt(), x.exp(), x.exp2(), x.exp_m1(), x.ln(), x.ln_1p()]);
    all.extend([x.log2(), x.log10(), x.log(y), x.tan(), x.asin(), x.acos(), x.atan(), x.sinh()]);
    all.extend([x.cosh(), x.tanh(), x.asinh(), x.acosh(), x.atanh(), x.mul_add(y, z)]);
    all.extend([x.abs_sub(y), x.copysign(y), x.to_degrees(), x.to_radians()]);
    all.extend([x + y, x - y, x * y, x / y, x % y, -x]);
    all
}

/// Every question of `Float`.
fn answers<F: Float>(x: F) -> (Vec<bool>, FpCategory) {
    let yes_or_no = vec![
        x.is_nan(),
        x.is_infinite(),
        x.is_finite(),
        x.is_normal(),
        x.is_subnormal(),
        x.is_sign_positive(),
        x.is_sign_negative(),
        x.is_zero(),
        x.is_one(),
    ];
    (yes_or_no, x.classify())
}

/// Every constant of `Float` and its friends.
fn constants<F: Float + FloatConst + Bounded + FromPrimitive>() -> Vec<F> {
    let mut all = vec![F::zero(), F::one(), F::nan(), F::infinity(), F::neg_infinity()];
    all.extend([F::neg_zero(), F::epsilon(), F::min_positive_value()]);
    all.extend([<F as Float>::min_value(), <F as Float>::max_value()]);
    all.extend([<F as Bounded>::min_value(), <F as Bounded>::max_value()]);
    all.extend([F::PI(), F::TAU(), F::E(), F::LN_2(), F::LN_10(), F::LOG2_E(), F::LOG10_E()]);
    all.extend([F::SQRT_2(), F::FRAC_1_SQRT_2(), F::FRAC_2_SQRT_PI(), F::FRAC_PI_8()]);
    all.extend([F::LOG2_10(), F::LOG10_2(), F::FRAC_1_PI(), F::FRAC_2_PI(), F::FRAC_PI_2()]);
    all.extend([F::from_u64(u64::MAX), F::from_i128(-7), F::from_f32(0.1)].map(Option::unwrap));
    all.push(F::from(3u8).unwrap());
    all
}

/// The same to the last few digits, with any NaN equal to any NaN.
fn nearly(x: f64, y: f64) -> bool {
    bits(x) == bits(y) || (x - y).abs() <= 4.0 * f64::EPSILON * y.abs()
}

#[test]
fn float_functions_have_the_same_bits_in_every_number() {
    for x in EDGES {
        for (y, z) in [(1.5, -0.25), (-0.0, 3.0), (f64::INFINITY, 1.0), (2.0, f64::NAN)] {
            let dual = functions(Dual::new(x, 1.0), Dual::new(y, 1.0), Dual::new(z, 1.0));
            let dual: Vec<f64> = dual.into_iter().map(Dual::value).collect();
            let var = record_vec(|v| functions(v[0], v[1], v[2]), &[x, y, z]);
            assert_eq!(all_bits(var.values(&[x, y, z]).unwrap()), all_bits(dual.clone()));
            let active = record_active_vec(|v| functions(v[0], v[1], v[2]), &[x, y, z]);
            assert_eq!(all_bits(active.values(&[x, y, z]).unwrap()), all_bits(dual.clone()));
            for (k, (found, std)) in dual.into_iter().zip(functions(x, y, z)).enumerate() {
                assert!(nearly(found, std), "function {k} at {x}, {y}, {z}: {found}, std {std}");
            }
        }
    }
}

#[test]
fn a_nan_survives_max_and_min_and_clamp() {
    fn f<F: Float>(x: F, y: F) -> [F; 4] {
        [x.max(y), x.min(y), y.max(x), Float::clamp(x, F::zero(), F::one())]
    }
    let value = |[x, y]: [f64; 2]| f(Active::constant(x), Active::constant(y)).map(Active::value);
    assert_eq!(value([3.0, 2.0]), [3.0, 2.0, 3.0, 1.0]);
    assert!(value([f64::NAN, 2.0]).into_iter().all(f64::is_nan));
}

#[test]
fn questions_have_the_answers_of_f64_and_are_guarded() {
    for x in EDGES {
        let expected = answers(x);
        assert_eq!(answers(Dual::new(x, 1.0)), expected, "at {x}");
        assert_eq!(answers(Tape::new().new_input("x", x)), expected, "at {x}");
        let mut found = None;
        let program = record_active(
            |v| {
                found = Some(answers(v[0]));
                v[0]
            },
            &[x],
        );
        assert_eq!(found, Some(expected), "at {x}");
        for other in EDGES {
            let same = answers(other) == answers(x);
            assert!(same || program.value(&[other]).is_err(), "{other} for {x}");
        }
        assert!(program.value(&[x]).is_ok());
    }
}

#[test]
fn constants_are_those_of_f64() {
    let expected = all_bits(constants::<f64>());
    assert_eq!(all_bits(constants::<Var<'_>>().into_iter().map(Var::value)), expected);
    assert_eq!(all_bits(constants::<Dual>().into_iter().map(Dual::value)), expected);
    assert_eq!(all_bits(constants::<Active>().into_iter().map(Active::value)), expected);
    assert!(constants::<Var<'_>>().into_iter().all(|x| x.slot().is_none()));
}

#[test]
fn slopes_come_through_code_that_knows_nothing_of_them() {
    fn distance<F: Float + FloatConst>(v: &[F]) -> F {
        let haversine = |x: F| (x / (F::one() + F::one())).sin().powi(2);
        let [lat1, lon1, lat2, lon2] = [v[0], v[1], v[2], v[3]].map(F::to_radians);
        let h = haversine(lat2 - lat1) + lat1.cos() * lat2.cos() * haversine(lon2 - lon1);
        F::from(12742.0).unwrap() * h.sqrt().asin()
    }
    let places = [52.52, 13.405, 48.8566, 2.3522];
    let expected = gradient(|v| distance(v), &places);
    assert_eq!(gradient_active(distance, &places), expected);
    for k in 0..4 {
        let seeded: Vec<Dual> = (0..4).map(|i| Dual::new(places[i], f64::from(i == k))).collect();
        let (forward, step) = (distance(&seeded).tangent(), 1e-5);
        let mut beside = [places, places];
        beside[0][k] += step;
        beside[1][k] -= step;
        let measured = (distance(&beside[0]) - distance(&beside[1])) / (2.0 * step);
        assert!((forward - expected[k]).abs() < 1e-10 && (forward - measured).abs() < 1e-6);
    }
}

#[test]
fn second_derivatives_come_through_nested_duals() {
    fn cube<F: Float>(x: F) -> F {
        x.powi(2) * x
    }
    let x = Dual::new(Dual::new(2.0, 1.0), Dual::new(1.0, 0.0));
    assert_eq!(cube(x).tangent().tangent(), 12.0);
}

#[test]
fn small_traits_do_what_their_names_say() {
    fn f<N>(x: N, y: N) -> [N; 7]
    where
        N: Copy + Num + MulAdd<Output = N> + Inv<Output = N>,
        N: Pow<i32, Output = N> + Pow<f64, Output = N> + Pow<u8, Output = N> + Pow<N, Output = N>,
    {
        let cubes = [Pow::pow(x, 3i32), Pow::pow(x, 3u8), Pow::pow(x, 3.0)];
        let [a, b, c] = cubes;
        [a, b, c, Pow::pow(x, y), x.mul_add(y, N::one()), x.inv(), num_traits::pow(x, 2)]
    }
    let expected = [8.0, 8.0, 8.0, 8.0, 7.0, 0.5, 4.0];
    assert_eq!(
        record_vec(|v| f(v[0], v[1]).to_vec(), &[2.0, 3.0]).values(&[2.0, 3.0]).unwrap(),
        expected
    );
    assert_eq!(f(Active::constant(2.0), 3.0.into()).map(Active::value), expected);
    let lanes = f(Lanes([2.0, 1.0]), Lanes([3.0, 5.0]));
    assert_eq!(lanes.map(|x| x.0[0]), expected);
    assert_eq!(lanes.map(|x| x.0[1]), [1.0, 1.0, 1.0, 1.0, 6.0, 1.0, 1.0]);
    assert!(Lanes([0.0, 0.0]).is_zero() && !Lanes([0.0, 1.0]).is_zero());
}

#[test]
fn signs_are_those_of_f64() {
    fn f<N: Signed>(x: N) -> (bool, bool) {
        (x.is_positive(), x.is_negative())
    }
    for x in EDGES {
        assert_eq!(f(Active::constant(x)), f(x));
        assert_eq!(bits(Signed::signum(&Active::constant(x)).value()), bits(Signed::signum(&x)));
        assert_eq!(bits(Signed::abs(&Active::constant(x)).value()), bits(x.abs()));
        assert_eq!(Signed::abs_sub(&Active::constant(3.0), &x.into()).value().is_nan(), x.is_nan());
    }
}

#[test]
fn numbers_are_read_from_text() {
    assert_eq!(Active::from_str_radix("2.5", 10).unwrap().value(), 2.5);
    assert!(<Dual as Num>::from_str_radix("two", 10).is_err());
}

#[test]
fn references_and_assignments_work_in_generic_code() {
    fn sum_of_squares<N: NumAssignRef + NumRef + Clone>(v: &[N]) -> N {
        let mut sum = N::zero();
        for x in v {
            let mut square = x.clone();
            square *= x;
            sum += square;
        }
        sum
    }
    assert_eq!(gradient_active(sum_of_squares, &[1.0, 2.0]), [2.0, 4.0]);
}

#[test]
fn a_question_names_the_line_that_asked() {
    let program = record(|v| if v[0].is_nan() { Var::constant(0.0) } else { v[0] }, &[1.0]);
    let message = program.value(&[f64::NAN]).unwrap_err().to_string();
    assert!(message.contains("tests/guests/num_traits.rs:"), "{message}");
}

#[test]
fn a_cast_of_a_number_makes_a_constant() {
    let three: Active = cast(3u32).unwrap();
    assert!(three.slot().is_none() && three == 3.0);
}
