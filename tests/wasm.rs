//! Compiled modules against the library's own numbers, in an interpreter. It must not know how a
//! module is made.
#![cfg(feature = "wasm")]

mod common;

use common::recipes::recipes;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use wasmi::{Caller, Engine, Instance, Linker, Memory, Module, Store};
use wengert::prelude::*;
use wengert::{Program, emit};

fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1676);
    }
    config
}

/// The functions of JavaScript's Math, by Rust's std: they may differ in the last place.
fn one(name: &str, x: f64) -> f64 {
    let op = *Op::ALL.iter().find(|op| op.name() == name).expect(name);
    op.value(&[x])
}

fn two(name: &str, x: f64, y: f64) -> f64 {
    let op = *Op::ALL.iter().find(|op| op.name() == name).expect(name);
    op.value(&[x, y])
}

fn instance(module: &emit::wasm::Module) -> (Store<()>, Instance, Memory) {
    let engine = Engine::default();
    let compiled = Module::new(&engine, module.binary()).expect("a valid module");
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::<()>::new(&engine);
    for (name, _) in module.imports() {
        match ["pow", "atan2", "hypot", "rem"].contains(&name) {
            false => linker.func_wrap("js", name, move |_: Caller<'_, ()>, x: f64| one(name, x)),
            true => linker
                .func_wrap("js", name, move |_: Caller<'_, ()>, x: f64, y: f64| two(name, x, y)),
        }
        .expect("one function of each name");
    }
    let instance = linker.instantiate_and_start(&mut store, &compiled).expect("what it imports");
    let memory = instance.get_memory(&store, "memory").expect("its memory");
    (store, instance, memory)
}

/// Outputs and gradients of a module at a point.
fn run(module: &emit::wasm::Module, x: &[f64], results: usize, base: usize) -> Vec<f64> {
    let (mut store, instance, memory) = instance(module);
    let bytes: Vec<u8> = x.iter().flat_map(|x| x.to_le_bytes()).collect();
    memory.write(&mut store, base, &bytes).expect("room");
    let run = instance.get_typed_func::<i32, ()>(&store, "run").expect("its function");
    run.call(&mut store, base as i32).expect("it runs");
    let mut bytes = vec![0; results * 8];
    memory.read(&store, base + x.len() * 8, &mut bytes).expect("room");
    bytes.chunks(8).map(|x| f64::from_le_bytes(x.try_into().unwrap())).collect()
}

fn arithmetic<N: Number>(v: &[N]) -> N {
    let (x, y, z) = (v[0], v[1], v[2]);
    let a = (x * y - z / x).abs() + y.square().sqrt();
    let b = a.max(x - z).min(y * 3.0) + (x * 2.5).floor() - z.trunc() + (y * 7.0).ceil();
    let s = (x - y).select(b * x, b - z) + x.compare(y) + z.signum().copysign(y);
    (s * s - a) / (x + 4.0) + (y * 2.0).relu() + (x * 9.0).clamp(y, z.abs() + 9.0)
}

#[test]
fn arithmetic_has_the_same_bits() {
    let program = record(|v| arithmetic(v), &[1.0, 2.0, 3.0]);
    let module = program.wasm().expect("all of it is known");
    assert!(module.imports().is_empty(), "{:?}", module.imports());
    for x in [[0.3, -1.7, 2.9], [1.0, 2.0, 3.0], [-0.7, -0.7, 1e-3], [0.1, 0.2, f64::INFINITY]] {
        let (value, gradient) = program.value_and_gradient(&x).unwrap();
        let found = run(&module, &x, 4, 0);
        for (k, (found, want)) in found.iter().zip([value].iter().chain(&gradient)).enumerate() {
            let same = found.to_bits() == want.to_bits() || found.is_nan() && want.is_nan();
            assert!(same, "{k} at {x:?}: {found:e}, should be {want:e}");
        }
    }
}

#[test]
fn a_run_stays_behind_its_base() {
    let program = record(|v| v[0] * v[1], &[1.0, 1.0]);
    let module = program.wasm().unwrap();
    assert_eq!(run(&module, &[3.0, 4.0], 3, 0), [12.0, 4.0, 3.0]);
    assert_eq!(run(&module, &[5.0, 7.0], 3, module.bytes().next_multiple_of(8)), [35.0, 7.0, 5.0]);
}

#[test]
fn what_has_no_counterpart_is_refused_by_name() {
    let refused = |program: Program| program.wasm().unwrap_err();
    let both = record(|v| v[0].erf() + v[0].ln_gamma(), &[1.0]);
    assert_eq!(refused(both).names, ["erf", "ln_gamma", "polygamma"]);
    let branch = record(|v| if v[0] > 1.0 { v[0] } else { v[0] * 2.0 }, &[2.0]);
    assert_eq!(refused(branch).names, ["a recorded comparison"]);
}

#[test]
fn every_row_is_compiled_or_refused() {
    let mut compiled = 0;
    for op in Op::ALL {
        let arity = op.arity().unwrap_or(4);
        let mut point = [0.6, 0.35, 0.8, 0.45];
        if op.name() == "acosh" {
            point[0] = 1.6;
        }
        if matches!(op.name(), "powi" | "polygamma") {
            continue;
        }
        let program = record(|v| Number::call(*op, v), &point[..arity]);
        let Ok(module) = program.wasm() else { continue };
        compiled += 1;
        for shift in [0.0, 0.07, 0.15] {
            let x: Vec<f64> = point[..arity].iter().map(|x| x + shift).collect();
            let (value, gradient) = program.value_and_gradient(&x).unwrap();
            let found = run(&module, &x, arity + 1, 0);
            for (found, want) in found.iter().zip([value].iter().chain(&gradient)) {
                let off = (found - want).abs();
                let close = off <= 1e-12 * want.abs().max(1e-3) || found == want;
                assert!(close, "{}{x:?} gives {found:?}, should be {want:?}", op.name());
            }
        }
    }
    let refused = ["erf", "erfc", "norm_cdf", "ln_gamma", "polygamma", "powi"];
    assert_eq!(compiled, Op::ALL.len() - refused.len());
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn modules_compute_what_programs_do(recipe in recipes()) {
        let tape = Tape::new();
        let slots = recipe.record(&tape);
        let program = tape.program(&[slots[recipe.output()]]);
        if let Ok(module) = program.wasm() {
            let x = &recipe.inputs;
            let (value, gradient) = program.value_and_gradient(x).unwrap();
            let found = run(&module, x, x.len() + 1, 0);
            for (found, want) in found.iter().zip([value].iter().chain(&gradient)) {
                let close = (found - want).abs() <= 1e-9 * want.abs().max(1.0) || found == want;
                prop_assert!(close || want.is_nan(), "{found:?}, should be {want:?}");
            }
        }
    }
}
