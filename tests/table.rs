//! Every row of the table against `reference/table.tsv`: values and partials to 50 digits, and the
//! conventions at the edges bit for bit. It must not know how a row computes.

mod common;

use common::reference::{Line, distance, faults, lines, rows};
use wengert::{Lanes, Number, Op};

#[test]
fn every_row_agrees_with_the_reference() {
    let rows = rows();
    let of_line = |line: &Line| {
        let op = rows[line.row];
        let v = op.value(&line.args);
        faults(op, line, v, &op.partials(&line.args, v))
    };
    let text: String = lines().iter().map(of_line).collect();
    assert!(text.is_empty(), "{} faults:\n{text}", text.lines().count());
}

/// Lanes have vector functions of their own: neighbours in the reference are computed side by side.
#[test]
fn every_row_agrees_with_the_reference_in_lanes() {
    let (rows, lines) = (rows(), lines());
    let mut text = String::new();
    for group in lines.chunk_by(|x, y| x.row == y.row && x.args.len() == y.args.len()) {
        let op = rows[group[0].row];
        for few in group.chunks(8) {
            let lanes = |of: &dyn Fn(&Line) -> f64| {
                Lanes(std::array::from_fn::<f64, 8, _>(|lane| of(&few[lane.min(few.len() - 1)])))
            };
            let args: Vec<_> = (0..few[0].args.len()).map(|k| lanes(&|x| x.args[k])).collect();
            let v = Lanes::call(op, &args);
            let partials = op.partials(&args, v);
            for (lane, line) in few.iter().enumerate() {
                let partials: Vec<_> = partials.iter().map(|partial| partial.0[lane]).collect();
                text += &faults(op, line, v.0[lane], &partials);
            }
        }
    }
    assert!(text.is_empty(), "{} faults:\n{text}", text.lines().count());
}

/// The functions that lanes have of their own, against those of std and libm, which are within 1 ulp.
#[test]
fn vector_functions_are_as_near_as_they_say() {
    let mut seed = 1_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    };
    for (op, most) in
        [(Op::Exp, 745.0), (Op::Ln, 1e300), (Op::Tanh, 20.0), (Op::Erfc, 27.0), (Op::Gauss, 27.0)]
    {
        for _ in 0..2000 {
            let x: [f64; 32] = std::array::from_fn(|_| {
                let size = most * 10.0_f64.powf(-6.0 * random());
                if op == Op::Ln || random() < 0.5 { size } else { -size }
            });
            let Lanes(found) = Lanes::call(op, &[Lanes(x)]);
            for (x, v) in x.iter().zip(found) {
                let off = distance(v, op.value(&[*x]));
                assert!(
                    off <= 3.0,
                    "{op:?}({x:e}) is {v:e}, {off} ulps from {:e}",
                    op.value(&[*x])
                );
            }
        }
    }
}

#[test]
fn every_row_is_probed_on_all_sides() {
    let lines = lines();
    for op in Op::ALL {
        let probes: Vec<_> = lines.iter().filter(|line| line.row == op.name()).collect();
        let row = op.row();
        let defined = |x: f64| op.arity() != Some(1) || (row.domain)(&[x]);
        for (what, inside, sample) in [
            ("negative", (|x| x < 0.0) as fn(f64) -> bool, -0.49),
            ("positive", |x| x > 0.0, 0.49),
            ("near zero", |x| x != 0.0 && x.abs() < 1e-5, 1e-8),
            ("large", |x| x.abs() > 1e5 && x.is_finite(), 1e200),
        ] {
            let there = probes.iter().any(|line| line.args.iter().any(|x| inside(*x)));
            assert!(there || !defined(sample), "{}: no {what} probe", op.name());
        }
        assert!(probes.len() >= 5, "{}: {} probes", op.name(), probes.len());
        assert!(probes.iter().any(|line| line.edge), "{}: no edge", op.name());
    }
}

#[test]
fn every_looser_row_says_why() {
    for op in Op::ALL {
        let row = op.row();
        assert_eq!(row.ulps != 4.0, row.looser.is_some(), "{}", row.name);
    }
}

#[test]
fn a_value_outside_the_domain_does_not_exist() {
    let rows = rows();
    for line in lines().iter().filter(|line| !(rows[line.row].row().domain)(&line.args)) {
        let v = rows[line.row].value(&line.args);
        assert!(v.is_nan(), "{}{:?} is {v}, outside its domain", line.row, line.args);
    }
}
