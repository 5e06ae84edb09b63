//! The ambient variable does what the core's does, bit for bit. It must not know any guest.

use crate::common::recipes::recipes;
use crate::common::{all_bits, bits};
use proptest::prelude::*;
use std::sync::Arc;
use wengert::guest::{
    Active, active, active_vec, gradient_active, record_active, record_active_vec,
    value_and_gradient_active,
};
use wengert::{Custom, Error, Number, Recorded, Tape, gradient, hessian, jacobian, record};

#[test]
fn it_fits_containers_that_ask_for_much() {
    fn contained<T: 'static + Copy + Default + Send + Sync + std::fmt::LowerExp>() {}
    contained::<Active>();
    assert_eq!(size_of::<Active>(), 16);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_have_the_bits_of_the_core(recipe in recipes()) {
        let (tape, last) = (Tape::new(), recipe.output());
        let output = recipe.record(&tape)[last];
        let expected = tape.gradient(output).to_vec();
        let (value, found) = value_and_gradient_active(|x| recipe.run(x)[last], &recipe.inputs);
        prop_assert_eq!(bits(value), bits(output.value()));
        prop_assert_eq!(all_bits(found), all_bits(expected));
        let program = record_active(|x| recipe.run(x)[last], &recipe.inputs);
        prop_assert_eq!(program.len(), tape.len());
    }
}

#[test]
#[allow(clippy::op_ref)]
fn operators_take_constants_and_references_on_either_side() {
    let f = |v: &[Active]| {
        let (x, y) = (&v[0], v[1]);
        let sums = [2.0 + x, y + 2.0, &3.0 - y, x - &1.0, x - y, &y + x];
        let products = [2.0 * x, y * 2.0, &3.0 / y, x / &4.0, x / y, y % 2.0, 7.0 % y, -x, -&y];
        let mut z = Active::default();
        z += x;
        z -= y;
        z *= 3.0;
        z /= &2.0;
        z += z % y;
        sums.iter().sum::<Active>() * products.into_iter().product::<Active>() + z
    };
    fn g<N: Number>(v: &[N]) -> N {
        let (x, y, c) = (v[0], v[1], N::constant);
        let sums = [c(2.0) + x, y + 2.0, c(3.0) - y, x - 1.0, x - y, y + x];
        let products =
            [c(2.0) * x, y * 2.0, c(3.0) / y, x / 4.0, x / y, y % c(2.0), c(7.0) % y, -x, -y];
        let z = (c(0.0) + x - y) * 3.0 / 2.0;
        sums.into_iter().sum::<N>() * products.into_iter().product::<N>() + (z + z % y)
    }
    let point = [1.25, 2.75];
    assert_eq!(gradient_active(f, &point), gradient(|v| g(v), &point));
}

#[test]
fn constants_are_at_home_everywhere() {
    let x = Active::constant(2.0);
    assert_eq!((x * 3.0 + 1.0).value(), 7.0);
    assert_eq!(Number::call(wengert::Op::Sum, &[x, x, x]).value(), 6.0);
    assert!(x < 3.0 && x == 2.0 && x.slot().is_none());
    let (value, gradient) = value_and_gradient_active(|_| x * x, &[1.0, 2.0]);
    assert_eq!((value, gradient), (4.0, vec![0.0, 0.0]));
    assert_eq!(gradient_active(|v| v[0] * x + v[0].detach(), &[5.0]), [2.0]);
}

#[test]
fn it_prints_as_its_value_and_debugs_as_what_it_is() {
    assert_eq!(
        format!("{:6.2} {:e}", Active::constant(2.5), Active::constant(2.5)),
        "  2.50 2.5e0"
    );
    assert_eq!(format!("{:?}", Active::constant(2.5)), "Active(constant 2.5)");
    record_active(
        |v| {
            assert!(format!("{:?}", v[1]).starts_with("Active(4 in slot 1 of recording "));
            v[1]
        },
        &[3.0, 4.0],
    );
}

#[test]
fn names_are_kept() {
    let program = record_active(|v| (v[0].named("x") * 2.0).named("twice"), &[3.0]);
    assert_eq!((program.input_name(0), program.output_name(0)), (Some("x"), Some("twice")));
}

#[test]
fn comparisons_are_guarded_with_their_place() {
    #[allow(clippy::nonminimal_bool, clippy::neg_cmp_op_on_partial_ord)]
    let tests: [fn(Active) -> bool; 7] = [
        |x| x > 1.0,
        |x| x >= 1.0,
        |x| !(x < 1.0),
        |x| 1.0 < x,
        |x| x != 0.5,
        |x| !(x == 0.5),
        |x| x.partial_cmp(&1.0).is_some_and(|order| order.is_gt()),
    ];
    for test in tests {
        let program = record_active(|v| if test(v[0]) { v[0] * 2.0 } else { v[0] }, &[3.0]);
        assert_eq!(program.value(&[4.0]), Ok(8.0));
        let Err(Error::BranchChanged { place, .. }) = program.value(&[0.5]) else {
            panic!("a branch changed")
        };
        assert!(place.file.ends_with("ambient.rs"), "{place}");
    }
}

#[test]
fn approximate_equality_is_guarded() {
    let near = |v: &[Active]| {
        let near = approx::relative_eq!(v[0], v[1]) || approx::ulps_eq!(v[0], v[1]);
        if near { v[0] } else { v[1] * 2.0 }
    };
    let program = record_active(near, &[1.0, 1.0 + f64::EPSILON / 2.0]);
    assert_eq!(program.value(&[1.0, 1.0]), Ok(1.0));
    assert!(program.value(&[1.0, 2.0]).is_err());
    assert!(record_active(near, &[1.0, 2.0]).value(&[1.0, 3.0]).is_err());
}

#[test]
fn every_driver_takes_a_function_of_active_variables() {
    let f = |v: &[Active]| if v[0] > 0.0 { v[0].powi(3) * v[1] } else { v[1] * v[1] };
    assert_eq!(hessian(active(f), &[2.0, 5.0]).data(), [60.0, 12.0, 12.0, 0.0]);
    let pair = active_vec(|v: &[Active]| vec![v[0] * v[1], v[0]]);
    assert_eq!(jacobian(pair, &[2.0, 5.0]).data(), [5.0, 2.0, 1.0, 0.0]);
    let mut recorded = Recorded::new(active(f), &[2.0, 5.0]);
    assert_eq!(recorded.value_and_gradient(&[-2.0, 5.0]), (25.0, vec![0.0, 10.0]));
    assert_eq!(recorded.recordings(), 2);
}

#[test]
fn several_outputs_and_no_inputs_are_possible() {
    let program = record_active_vec(|_| vec![Active::constant(1.0), Active::default()], &[]);
    assert_eq!(program.values(&[]), Ok(vec![1.0, 0.0]));
}

#[test]
fn a_program_is_one_primitive_of_it() {
    let square: Arc<dyn Custom> = Arc::new(record(|v| v[0] * v[0], &[1.0]));
    let f = record_active(|v| Active::custom(&square, v).exp(), &[0.5]);
    assert_eq!(f.len(), 3);
    assert_eq!(f.gradient(&[1.0]), Ok(vec![2.0 * 1f64.exp()]));
}

#[test]
fn a_derivative_can_be_used_inside_a_recording() {
    let slope = record(|v| v[0].powi(3), &[1.0]).derivative().unwrap();
    let slope: Arc<dyn Custom> = Arc::new(slope);
    assert_eq!(gradient_active(|v| Active::custom(&slope, v) * v[0], &[2.0]), [36.0]);
}
