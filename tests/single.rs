//! Single precision: generic code on f32 data, and programs in it. It must not know how a primitive
//! is computed, only that it is computed in f64 and rounded once.

mod common;

use common::recipes::{Recipe, recipes};
use proptest::prelude::*;
use wengert::prelude::*;
use wengert::{Error, F32};

fn bits(x: impl IntoIterator<Item = F32>) -> Vec<u32> {
    x.into_iter().map(|F32(x)| if x.is_nan() { f32::NAN } else { x }.to_bits()).collect()
}

/// Numbers at the edges of f32, and between.
const EDGES: [f32; 15] = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    0.1,
    3.0e-39,
    1.4e-45,
    f32::MIN_POSITIVE,
    f32::EPSILON,
    1.0 + f32::EPSILON,
    16_777_217.0,
    f32::MAX,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];

fn rosenbrock<N: Number>(x: &[N]) -> N {
    let term = |p: &[N]| (p[1] - p[0].square()).square() * 100.0 + (p[0] - 1.0).square();
    x.windows(2).fold(N::constant(0.0), |sum, p| sum + term(p))
}

fn rosenbrock_in_plain_f32(x: &[f32]) -> f32 {
    let term = |p: &[f32]| {
        let (a, b) = (p[1] - p[0] * p[0], p[0] - 1.0);
        a * a * 100.0 + b * b
    };
    x.windows(2).fold(0.0, |sum, p| sum + term(p))
}

fn as_f32(x: &[f64]) -> Vec<F32> {
    x.iter().map(|x| F32(*x as f32)).collect()
}

fn program(recipe: &Recipe) -> Program {
    record_vec(|x| recipe.run(x)[x.len()..].to_vec(), &recipe.inputs)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generic_code_on_f32_is_plain_f32(x in prop::collection::vec(-3.0f32..3.0, 2..9)) {
        let wrapped: Vec<F32> = x.iter().copied().map(F32).collect();
        prop_assert_eq!(rosenbrock(&wrapped).0.to_bits(), rosenbrock_in_plain_f32(&x).to_bits());
    }

    #[test]
    fn a_program_in_f32_is_the_code_in_f32(recipe in recipes()) {
        let (program, x) = (program(&recipe), as_f32(&recipe.inputs));
        let replayed = bits(program.replay(&x).expect("no comparisons"));
        prop_assert_eq!(&replayed, &bits(recipe.run(&x)[x.len()..].to_vec()));
        let cotangents = vec![F32(0.5); program.outputs()];
        let (values, _) = program.reverse(&x, &cotangents).expect("no comparisons");
        prop_assert_eq!(&replayed, &bits(values));
    }
}

#[test]
fn every_row_is_rounded_once_from_f64() {
    let rows = Op::ALL.iter().filter(|op| matches!(op.arity(), Some(1..=2)));
    for op in rows.filter(|op| ![Op::Powi, Op::Polygamma].contains(op)) {
        for (x, y) in EDGES.iter().flat_map(|x| EDGES.map(|y| (*x, y))) {
            let args = &[x, y][..op.arity().unwrap_or(2)];
            let wide: Vec<f64> = args.iter().map(|x| f64::from(*x)).collect();
            let single: Vec<F32> = args.iter().copied().map(F32).collect();
            let once = F32(op.value(&wide) as f32);
            assert_eq!(bits([F32::call(*op, &single)]), bits([once]), "{op:?}{args:?}");
        }
    }
}

#[test]
fn operators_are_those_of_plain_f32() {
    for (x, y) in EDGES.iter().flat_map(|x| EDGES.map(|y| (*x, y))) {
        let (a, b) = (F32(x), F32(y));
        let ours = [a + b, a - b, a * b, a / b, a % b, -a, a.sqrt(), a.abs()];
        let plain = [x + y, x - y, x * y, x / y, x % y, -x, x.sqrt(), x.abs()];
        assert_eq!(bits(ours), bits(plain.map(F32)), "{x} and {y}");
        let called = [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Rem].map(|op| F32::call(op, &[a, b]));
        assert_eq!(bits(called), bits(plain[..5].iter().copied().map(F32)), "{x} and {y}");
        assert_eq!(bits([F32::call(Op::MulAdd, &[a, b, a])]), bits([a.mul_add(b, a)]));
        assert_eq!(a.partial_cmp(&b), x.partial_cmp(&y));
    }
}

#[test]
fn a_list_is_rounded_once() {
    let many = [F32(16_777_216.0), F32(1.0), F32(1.0)];
    let sum: F32 = many.iter().copied().sum();
    assert_eq!(sum.0, 16_777_218.0, "plain f32 drops both ones");
    assert_eq!(F32::call(Op::Sum, &many), sum);
    assert_eq!(many.iter().copied().product::<F32>(), F32::call(Op::Product, &many));
    assert_eq!(F32(-1.0).powi(16_777_217), F32(-1.0), "the exponent is not rounded");
}

#[test]
fn slopes_in_f32_are_those_in_f64_but_for_rounding() {
    let x: Vec<f64> = (0..20).map(|k| f64::from(0.5_f32 + k as f32 / 32.0)).collect();
    let f = record(|v| rosenbrock(v), &x);
    let exact = f.gradient(&x).expect("here");
    let (_, single) = f.reverse(&as_f32(&x), &[F32(1.0)]).expect("here");
    let derivative = f.derivative().expect("no custom primitives");
    assert_eq!(bits(derivative.replay(&as_f32(&x)).expect("here")), bits(single.iter().copied()));
    for (k, (single, exact)) in single.iter().zip(&exact).enumerate() {
        assert_relative_eq!(f64::from(single.0), exact, max_relative = 1e-5, epsilon = 1e-4);
        let seeded = |i: usize| Dual::new(F32(x[i] as f32), F32(f32::from(u8::from(i == k))));
        let tangent = rosenbrock(&(0..20).map(seeded).collect::<Vec<_>>()).tangent();
        assert_relative_eq!(f64::from(tangent.0), exact, max_relative = 1e-5, epsilon = 1e-4);
    }
}

#[test]
fn a_branch_is_guarded_in_f32_too() {
    let f = record(|v| if v[0] > 0.1 { v[0] * 2.0 } else { v[0] }, &[1.0]);
    assert_eq!(f.replay(&[F32(0.5)]), Ok(vec![F32(1.0)]));
    let changed = f.replay(&[F32(0.05)]);
    assert!(matches!(changed, Err(Error::BranchChanged { .. })), "{changed:?}");
    let branchy = |x: F32| if x > F32(0.1) { x * 2.0 } else { x };
    assert_eq!(branchy(F32(0.05)), F32(0.05));
}
