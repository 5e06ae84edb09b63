//! Sparse derivatives against dense ones, on random programs and on chains, grids and arrows.
//! It must not know how a pattern is found or coloured.

mod common;

use common::all_bits;
use common::recipes::{Recipe, recipes};
use proptest::prelude::*;
use std::sync::Arc;
use wengert::prelude::*;
use wengert::{Error, Pattern};

fn rosenbrock<N: Number>(x: &[N]) -> N {
    let term = |p: &[N]| (p[1] - p[0].square()).square() * 100.0 + (p[0] - 1.0).square();
    x.windows(2).map(term).sum()
}

/// The program of a recipe, with its last slots as outputs.
fn program(recipe: &Recipe, outputs: usize) -> Program {
    let tape = Tape::new();
    let slots = recipe.record(&tape);
    tape.program(&slots[slots.len().saturating_sub(outputs)..])
}

/// Entries that a dense matrix has and the pattern has not.
fn uncovered(pattern: &Pattern, dense: &wengert::Matrix) -> Vec<(usize, usize)> {
    let all = (0..dense.rows()).flat_map(|i| (0..dense.columns()).map(move |j| (i, j)));
    all.filter(|at| dense[*at] != 0.0 && pattern.position(at.0, at.1).is_none()).collect()
}

/// The pattern by the longer way: that of the Jacobian of the derivative as a program.
fn by_derivative(f: &Program) -> Vec<(usize, usize)> {
    let below = f.derivative().expect("no custom primitives").simplify().jacobian_pattern();
    let mut all: Vec<_> = below.iter().flat_map(|(i, j)| [(i, j), (j, i)]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_jacobian_pattern_covers_every_entry_and_evaluates_to_the_same_bits(recipe in recipes()) {
        let f = program(&recipe, 7);
        let (x, sparse) = (&recipe.inputs, f.sparse_jacobian());
        let dense = f.jacobian(x).expect("the same point");
        prop_assert_eq!(uncovered(sparse.pattern(), &dense), []);
        let found = sparse.evaluate(x).expect("the same point");
        prop_assert!(found.to_dense().data().iter().zip(dense.data()).all(|(a, b)| {
            (a - b).abs() <= 1e-13 * b.abs().max(1e-3) // one goes up, the other perhaps down
        }), "{found:?} {dense:?}");
    }

    #[test]
    fn a_hessian_pattern_covers_every_entry_and_evaluates_to_the_same(recipe in recipes()) {
        let f = program(&recipe, 1);
        let (x, sparse) = (&recipe.inputs, f.sparse_hessian().expect("no custom primitives"));
        let dense = f.hessian(x).expect("the same point");
        prop_assert_eq!(uncovered(sparse.pattern(), &dense), []);
        let found = sparse.evaluate(x).expect("the same point").to_dense();
        for (i, j) in (0..x.len()).flat_map(|i| (0..x.len()).map(move |j| (i, j))) {
            // Of a mirrored pair one is read, which need not be rounded as the other one is.
            let same = |entry: f64| found[(i, j)].to_bits() == (entry + 0.0).to_bits();
            prop_assert!(same(dense[(i, j)]) || same(dense[(j, i)]), "({i}, {j}): {found:?} {dense:?}");
        }
    }

    #[test]
    fn a_hessian_pattern_is_within_that_of_the_derivative(recipe in recipes()) {
        let f = program(&recipe, 1);
        let (direct, longer) = (f.hessian_pattern().expect("no custom primitives"), by_derivative(&f));
        prop_assert!(direct.iter().all(|at| longer.contains(&at)), "{direct:?} {longer:?}");
    }

    #[test]
    fn a_random_pattern_crossed_by_full_rows_and_columns_is_read_entry_by_entry(
        (n, entries, full) in (8..60usize).prop_flat_map(|n| (
            Just(n),
            prop::collection::vec((0..n, 0..n), 0..2 * n),
            prop::collection::vec(0..n, 0..4),
        )),
    ) {
        let x: Vec<f64> = (0..n).map(|k| 1.0 + 0.1 * k as f64).collect();
        let f = record_vec(|v| crossed(v, &entries, &full), &x);
        let (sparse, dense) = (f.sparse_jacobian(), f.jacobian(&x).expect("here"));
        prop_assert_eq!(uncovered(sparse.pattern(), &dense), []);
        assert_abs_diff_eq!(sparse.evaluate(&x).expect("here").to_dense(), dense, epsilon = 1e-13);
        let longest = (0..n).map(|i| sparse.pattern().row(i).len()).max().unwrap_or(0);
        prop_assert!(sparse.sweeps() <= longest.div_ceil(4).max(1) * 3, "no worse than columns");

        let g = record(|v| crossed(v, &entries, &full).into_iter().map(|y| y.square()).sum(), &x);
        let (sparse, dense) = (g.sparse_hessian().expect("no custom"), g.hessian(&x).expect("here"));
        prop_assert_eq!(uncovered(sparse.pattern(), &dense), []);
        assert_relative_eq!(sparse.evaluate(&x).expect("here").to_dense(), dense, epsilon = 1e-9, max_relative = 1e-11);
    }

    /// Sums of products of random pairs and triples, so that the graph of the entries is random.
    #[test]
    fn a_random_graph_is_coloured_so_that_every_entry_can_be_read(
        (n, edges) in (2..24usize).prop_flat_map(|n| {
            (Just(n), prop::collection::vec((0..n, 0..n, 0..n), 1..60))
        }),
    ) {
        let x: Vec<f64> = (0..n).map(|k| 1.0 + 0.1 * k as f64).collect();
        let f = record(|v| edges.iter().map(|(i, j, k)| v[*i] * v[*j] + v[*k].sin()).sum(), &x);
        let sparse = f.sparse_hessian().expect("no custom primitives");
        prop_assert!(sparse.pattern().iter().eq(by_derivative(&f)));
        let (found, dense) = (sparse.evaluate(&x).expect("here"), f.hessian(&x).expect("here"));
        assert_abs_diff_eq!(found.to_dense(), dense, epsilon = 1e-14);

        let g = record_vec(|v| edges.iter().map(|(i, j, k)| v[*i] * v[*j] + v[*k].sin()).collect(), &x);
        let found = g.sparse_jacobian().evaluate(&x).expect("here").to_dense();
        assert_abs_diff_eq!(found, g.jacobian(&x).expect("here"), epsilon = 1e-14);
    }
}

#[test]
fn a_chain_takes_one_sweep_and_an_arrow_too() {
    let x: Vec<f64> = (0..2000).map(|i| 0.5 + 0.001 * f64::from(i % 977)).collect();
    let chain = record(|v| rosenbrock(v), &x).sparse_hessian().expect("no custom primitives");
    assert_eq!((chain.pattern().len(), chain.colours(), chain.sweeps()), (3 * 2000 - 2, 3, 1));
    for hub in [0, 777, 1999] {
        let arrow = record(|v| v.iter().map(|x| x.square() * v[hub]).sum(), &x);
        let arrow = arrow.sparse_hessian().expect("no custom primitives");
        assert_eq!((arrow.pattern().len(), arrow.colours()), (3 * 2000 - 2, 2));
        let h = arrow.evaluate(&x).expect("the same point");
        assert_eq!(h[(hub, 5)], 2.0 * x[5]);
        assert_eq!(h[(5, hub)], 2.0 * x[5]);
        assert_eq!(h[(hub, hub)], 6.0 * x[hub]);
    }
}

#[test]
fn a_jacobian_goes_the_cheaper_way() {
    let x = [2.0; 100];
    let tall = record_vec(|v| v.iter().map(|x| *x * v[0]).collect(), &x).sparse_jacobian();
    assert_eq!((tall.colours(), tall.sweeps()), (2, 1));
    let wide = record_vec(|v| v.iter().map(|x| x.square()).chain([v.iter().sum()]).collect(), &x);
    let wide = wide.sparse_jacobian();
    assert_eq!((wide.colours(), wide.sweeps()), (2, 2));
    let jacobian = wide.evaluate(&x).expect("the same point");
    assert!(jacobian.iter().all(|(i, _, d)| d == if i == 100 { 1.0 } else { 4.0 }));
    assert_eq!(jacobian.row_starts().len(), 102);
}

/// Outputs over a random pattern, with some rows and columns that are full.
fn crossed<'t>(v: &[Var<'t>], entries: &[(usize, usize)], full: &[usize]) -> Vec<Var<'t>> {
    let product = |i: usize, j: usize| v[j].sin() * (1.0 + 0.01 * (i * v.len() + j) as f64);
    let mut rows: Vec<Var<'t>> = (0..v.len()).map(|i| product(i, i)).collect();
    entries.iter().for_each(|(i, j)| rows[*i] += product(*i, *j));
    for k in full {
        rows[*k] = (0..v.len()).map(|j| product(*k, j)).sum();
        (0..v.len()).for_each(|i| rows[i] += product(i, *k));
    }
    rows
}

#[test]
fn an_arrow_of_a_thousand_variables_takes_two_sweeps() {
    let x: Vec<f64> = (0..1000).map(|i| 0.5 + 0.001 * f64::from(i % 977)).collect();
    for hub in [0, 333, 999] {
        let f = record_vec(|v| crossed(v, &[], &[hub]), &x);
        let sparse = f.sparse_jacobian();
        assert_eq!((sparse.pattern().len(), sparse.sweeps()), (3 * 1000 - 2, 2));
        let (found, dense) = (sparse.evaluate(&x).expect("here"), f.jacobian(&x).expect("here"));
        assert_eq!(uncovered(sparse.pattern(), &dense), []);
        assert_abs_diff_eq!(found.to_dense(), dense, epsilon = 1e-14);
    }
    let f = record_vec(|v| crossed(v, &[], &[0, 500, 7]), &x).sparse_jacobian();
    assert!(f.sweeps() <= 4, "{} sweeps, three of them for full rows", f.sweeps());
    let g = record(|v| v.iter().map(|x| x.square() * v[0] * v[1]).sum(), &x);
    assert_eq!(g.sparse_hessian().expect("no custom primitives").sweeps(), 1);
}

#[test]
fn full_columns_are_swept_up_where_rows_are_swept_down() {
    // Long rows that share nothing but the first column: the cut is by columns.
    let f = record_vec(
        |v| v[1..].chunks(50).map(|row| row.iter().copied().product::<Var<'_>>() * v[0]).collect(),
        &[1.01; 2001],
    );
    let sparse = f.sparse_jacobian();
    assert_eq!((sparse.pattern().len(), sparse.colours(), sparse.sweeps()), (40 * 51, 2, 2));
    let (x, w) = (vec![1.01; 2001], &mut Workspace::new());
    let mut values = vec![0.0; sparse.pattern().len()];
    sparse.evaluate_into(&x, &mut values, w).expect("here");
    let dense = f.jacobian(&x).expect("here");
    for ((i, j), value) in sparse.pattern().iter().zip(values) {
        assert_abs_diff_eq!(value, dense[(i, j)], epsilon = 1e-14);
    }
}

#[test]
fn a_jacobian_without_entries_still_asks_its_guards() {
    let f = record_vec(|v| vec![if v[0] > 0.0 { v[0].floor() } else { v[0] }], &[1.5]);
    let sparse = f.sparse_jacobian();
    assert_eq!((sparse.pattern().len(), sparse.sweeps()), (0, 0));
    assert!(sparse.evaluate(&[2.5]).is_ok());
    assert!(matches!(sparse.evaluate(&[-1.0]), Err(Error::BranchChanged { .. })));
}

#[test]
fn long_chains_and_long_sums_have_the_pattern_that_they_should() {
    let n = 10_000;
    let x: Vec<f64> = (0..n).map(|i| 0.1 + 1e-4 * i as f64).collect();
    let one_by_one = record(|v| v.iter().skip(1).fold(v[0].sin(), |sum, x| sum + x.sin()), &x);
    let at_once = record(|v| v.iter().map(|x| x.sin()).sum(), &x);
    let backwards = record(|v| v.iter().rev().fold(v[0] * 0.0, |sum, x| sum + x.sin()), &x);
    for f in [one_by_one, at_once, backwards] {
        assert!(f.jacobian_pattern().row(0).iter().copied().eq(0..n));
        let hessian = f.sparse_hessian().expect("no custom primitives");
        assert!(hessian.pattern().iter().eq((0..n).map(|i| (i, i))));
        assert_eq!(hessian.colours(), 1);
        assert_eq!(hessian.evaluate(&x).expect("the same point")[(7, 7)], -x[7].sin());
    }
}

#[test]
fn what_is_flat_leaves_no_entry() {
    let f = record_vec(
        |v| vec![v[0].floor(), v[1].compare(v[0]), v[0].abs(), v[0].max(v[1]), v[0].relu()],
        &[1.5, 2.5],
    );
    assert!(f.jacobian_pattern().iter().eq([(2, 0), (3, 0), (3, 1), (4, 0)]));
    let g = record(|v| v[0].abs() + v[0].max(v[1]) + v[1].relu() + v[0] % v[1], &[1.5, 2.5]);
    assert!(g.hessian_pattern().expect("no custom primitives").is_empty());
}

#[test]
fn an_infinite_slope_stays_in_its_column() {
    let f = record_vec(|v| vec![v[0].sqrt() + v[1]], &[1.0, 1.0]);
    let jacobian = f.sparse_jacobian().evaluate(&[0.0, 2.0]).expect("no comparisons");
    assert_eq!(jacobian.values(), [f64::INFINITY, 1.0]);
    let f = record_vec(|v| vec![v[0].sqrt() + v[1], v[1].sqrt() + v[0]], &[1.0, 1.0]);
    let jacobian = f.sparse_jacobian().evaluate(&[0.0, 0.0]).expect("no comparisons");
    assert_eq!(jacobian.values(), [f64::INFINITY, 1.0, 1.0, f64::INFINITY]);
    assert_eq!(f.jacobian(&[0.0, 0.0]).expect("no comparisons"), jacobian.to_dense());
}

/// A primitive of the user's own, without a program.
struct Area;

impl Custom for Area {
    fn name(&self) -> &str {
        "area"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x[0] * x[1]
    }
    fn partials(&self, x: &[f64], _v: f64, partials: &mut [f64]) {
        partials.copy_from_slice(&[x[1], x[0]]);
    }
}

#[test]
fn a_custom_primitive_depends_on_all_its_arguments_and_has_no_hessian() {
    let tape = Tape::new();
    let [x, y, z] = tape.inputs(["x", "y", "z"], [2.0, 3.0, 4.0]);
    let area: Arc<dyn Custom> = Arc::new(Area);
    let f = tape.program(&[tape.custom(&area, &[z, x]), y * y]);
    assert!(f.jacobian_pattern().iter().eq([(0, 0), (0, 2), (1, 1)]));
    let g = tape.program(&[tape.custom(&area, &[z, x])]);
    assert_eq!(g.hessian_pattern(), Err(Error::Unsupported { custom: "area".into() }));

    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [2.0, 3.0]);
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0] + v[1].square(), &[1.0, 1.0]));
    let h = tape.program(&[tape.custom(&inner, &[x, y])]);
    assert!(h.hessian_pattern().expect("it has a program").iter().eq([(1, 1)]));
}

#[test]
fn a_csr_matrix_multiplies_and_is_read_entry_by_entry() {
    let f = record_vec(|v| vec![v[0] * v[2], v[1].square()], &[1.0, 2.0, 3.0]);
    let jacobian = f.sparse_jacobian().evaluate(&[1.0, 2.0, 3.0]).expect("no comparisons");
    let mut y = [0.0; 2];
    jacobian.times_into(&[1.0, 10.0, 100.0], &mut y);
    assert_eq!(y, [103.0, 40.0]);
    assert_eq!((jacobian[(0, 1)], jacobian[(0, 2)]), (0.0, 1.0));
    assert_eq!(all_bits(jacobian.iter().map(|(.., v)| v)), all_bits([3.0, 1.0, 4.0]));
    let pattern = jacobian.pattern();
    assert!(pattern.transpose().iter().eq([(0, 0), (1, 1), (2, 0)]));
}

#[test]
fn a_changed_branch_is_an_error() {
    let f = record(|v| if v[0] > 0.0 { v[0].square() } else { v[0].powi(3) }, &[1.0]);
    let changed = f.sparse_hessian().expect("no custom primitives").evaluate(&[-1.0]);
    assert!(matches!(changed, Err(Error::BranchChanged { .. })));
    assert!(f.sparse_jacobian().evaluate(&[-1.0]).is_err());
}

#[test]
fn an_evaluation_in_a_grown_workspace_allocates_nothing() {
    let f = record(|v| (v[0] * v[1]).sin() + v[2].exp() / v[3], &[1.0, 2.0, 3.0, 4.0]);
    let x = [1.5, 2.5, 0.5, 4.5];
    let (hessian, jacobian) = (f.sparse_hessian().expect("no custom"), f.sparse_jacobian());
    let mut values = [vec![0.0; hessian.pattern().len()], vec![0.0; jacobian.pattern().len()]];
    let mut workspace = Workspace::new();
    for allowed in [u64::MAX, 0] {
        let made = allocation_counter::measure(|| {
            hessian.evaluate_into(&x, &mut values[0], &mut workspace).expect("no comparisons");
            jacobian.evaluate_into(&x, &mut values[1], &mut workspace).expect("no comparisons");
        });
        assert!(made.count_total <= allowed, "{} allocations", made.count_total);
    }
}

/// What a Hessian costs beside a product does not grow with the length of a chain: three products hold
/// all entries, and one sweep takes them side by side.
#[test]
fn the_hessian_of_a_long_chain_takes_one_sweep() {
    for n in [100, 10_000] {
        let x: Vec<f64> = (0..n).map(|i| 0.5 + 0.001 * f64::from(i % 977)).collect();
        let sparse = record(|v| rosenbrock(v), &x).sparse_hessian().expect("no custom primitives");
        assert_eq!(sparse.pattern().len(), 3 * n as usize - 2);
        assert_eq!((sparse.colours(), sparse.sweeps()), (3, 1), "{n} inputs");
    }
}
