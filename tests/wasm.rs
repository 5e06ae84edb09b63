//! Compiled modules against the library's own numbers, in an interpreter whose imports are the rows'
//! own functions, and in Node with the imports of pages, against the reference of every row. It must
//! not know how a module is made.
#![cfg(feature = "wasm")]

mod common;

use common::reference::{Line, faults, lines, rows};
use common::{all_bits, recipes::recipes};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use wasmi::{Caller, Engine, FuncType, Instance, Linker, Memory, Module, Store, Val, ValType};
use wengert::prelude::*;
use wengert::{Program, emit};

fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1676);
    }
    config
}

/// A module in the interpreter: it imports the rows' own functions.
fn instance(module: &emit::wasm::Module) -> (Store<()>, Instance, Memory) {
    let engine = Engine::default();
    let compiled = Module::new(&engine, module.binary()).expect("a valid module");
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::<()>::new(&engine);
    for op in module.imports().iter().copied() {
        let kinds = [if op.arity().is_some() { ValType::F64 } else { ValType::I32 }; 3];
        let kind = FuncType::new(kinds[..op.arity().unwrap_or(2)].to_vec(), [ValType::F64]);
        let value = move |caller: Caller<'_, ()>, args: &[Val], results: &mut [Val]| {
            let args = match op.arity() {
                Some(_) => args.iter().map(|x| x.f64().unwrap().into()).collect(),
                None => list(&caller, args),
            };
            results[0] = Val::F64(op.value(&args).into());
            Ok(())
        };
        linker.func_new("js", op.name(), kind, value).expect("one function of each name");
    }
    let instance = linker.instantiate_and_start(&mut store, &compiled).expect("what it imports");
    let memory = instance.get_memory(&store, "memory").expect("its memory");
    (store, instance, memory)
}

/// The list that an import is told of by its address and its length.
fn list(caller: &Caller<'_, ()>, told: &[Val]) -> Vec<f64> {
    let [at, length] = [0, 1].map(|k| told[k].i32().unwrap() as usize);
    let memory = caller.get_export("memory").and_then(|found| found.into_memory()).unwrap();
    let mut bytes = vec![0; length * 8];
    memory.read(caller, at, &mut bytes).expect("within the memory");
    numbers(&bytes)
}

fn numbers(bytes: &[u8]) -> Vec<f64> {
    bytes.chunks(8).map(|x| f64::from_le_bytes(x.try_into().unwrap())).collect()
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
    numbers(&bytes)
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
    for x in [[0.3, -1.7, 2.9], [1.0, 2.0, 3.0], [-0.7, -0.7, 1e-3], [0.1, 0.2, f64::INFINITY]] {
        let (value, gradient) = program.value_and_gradient(&x).unwrap();
        let found = run(&module, &x, 4, 0);
        assert_eq!(all_bits(found), all_bits([value].into_iter().chain(gradient)), "at {x:?}");
    }
}

#[test]
fn a_run_stays_behind_its_base() {
    let program = record(|v| v[0] * v[1], &[1.0, 1.0]);
    let module = program.wasm().unwrap();
    assert_eq!(run(&module, &[3.0, 4.0], 3, 0), [12.0, 4.0, 3.0]);
    assert_eq!(run(&module, &[5.0, 7.0], 3, module.bytes().next_multiple_of(8)), [35.0, 7.0, 5.0]);
}

#[derive(Debug)]
struct Doubled;

impl Custom for Doubled {
    fn name(&self) -> &str {
        "doubled"
    }
    fn value(&self, x: &[f64]) -> f64 {
        2.0 * x[0]
    }
    fn partials(&self, _: &[f64], _: f64, partials: &mut [f64]) {
        partials[0] = 2.0;
    }
}

#[test]
fn a_custom_primitive_of_constants_is_its_value() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let six = tape.custom(&(Arc::new(Doubled) as Arc<dyn Custom>), &[Var::constant(3.0)]);
    let module = tape.program(&[six * x]).wasm().expect("nothing of it is asked of the module");
    assert_eq!(run(&module, &[5.0], 2, 0), [30.0, 6.0]);
}

#[test]
fn what_a_module_cannot_hold_is_refused_by_name() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let program = tape.program(&[tape.custom(&(Arc::new(Doubled) as Arc<dyn Custom>), &[x])]);
    let refused = program.wasm().unwrap_err();
    assert_eq!(refused.names, ["doubled"]);
    assert!(refused.to_string().starts_with("`doubled` cannot be computed in a browser"));
    #[cfg(feature = "page")]
    assert_eq!(tape.page(tape.at(1)).html().unwrap_err().names, ["doubled"]);
    let branch = record(|v| if v[0] > 1.0 { v[0] } else { v[0] * 2.0 }, &[2.0]);
    assert_eq!(branch.wasm().unwrap_err().names, ["a recorded comparison"]);
}

/// Whether `n` counts the arguments behind a maximum, so that it may be a variable.
fn is_tie(op: Op) -> bool {
    op.row().args.contains(&"m")
}

/// The program of one row alone, at the arguments of a line. A whole exponent or order is a constant.
fn program_of(op: Op, args: &[f64]) -> (Program, Vec<usize>) {
    let tape = Tape::new();
    let fixed = op.row().args.iter().position(|name| *name == "n").filter(|_| !is_tie(op));
    let inputs: Vec<usize> = (0..args.len()).filter(|k| Some(*k) != fixed).collect();
    let vars: Vec<_> = (0..args.len())
        .map(|k| match inputs.contains(&k) {
            true => tape.input_array([args[k]])[0],
            false => Number::constant(args[k]),
        })
        .collect();
    (tape.program(&[Number::call(op, &vars)]), inputs)
}

/// The lines of the reference in groups that one program serves: of one row, arity, whole exponent.
fn groups(lines: &[Line]) -> Vec<Vec<&Line>> {
    let mut groups: Vec<Vec<&Line>> = Vec::new();
    let rows = rows();
    let fixed = |line: &Line| {
        let op = rows[line.row];
        let whole = op.row().args.iter().position(|name| *name == "n").filter(|_| !is_tie(op));
        whole.map_or(line.args.len() as u64, |place| line.args[place].to_bits())
    };
    for line in lines {
        match groups
            .iter_mut()
            .find(|group| (group[0].row, fixed(group[0])) == (line.row, fixed(line)))
        {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    groups
}

/// What Node says of modules at points: of each module and point the results, by their bits.
fn in_node(job: &serde_json::Value) -> Option<Vec<Vec<Vec<f64>>>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/modules.js");
    let mut node = Command::new("node");
    let node = node.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut node) = node else {
        eprintln!("skipped: there is no node in PATH; Debian has the package nodejs");
        return None;
    };
    let mut stdin = node.stdin.take().expect("it is piped");
    stdin.write_all(job.to_string().as_bytes()).expect("it listens");
    drop(stdin);
    let output = node.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let answers: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).expect("JSON");
    let number = |bits: &[u8]| {
        let text = std::str::from_utf8(bits).unwrap();
        f64::from_bits(u64::from_str_radix(text, 16).expect("sixteen digits"))
    };
    let read = |text: &String| text.as_bytes().chunks(16).map(number).collect();
    Some(answers.iter().map(|points| points.iter().map(read).collect()).collect())
}

fn hex(xs: impl IntoIterator<Item = f64>) -> String {
    xs.into_iter().map(|x| format!("{:016x}", x.to_bits())).collect()
}

/// What pages compute: each row of the table, its value and its partials in the instructions of a
/// module with JavaScript for its imports, at every point of the reference, within the row's ulps.
#[test]
fn every_row_agrees_with_the_reference_in_javascript() {
    let (lines, rows) = (lines(), rows());
    let groups = groups(&lines);
    let modules: Vec<_> = groups
        .iter()
        .map(|group| {
            let (program, inputs) = program_of(rows[group[0].row], &group[0].args);
            let module = program.wasm().expect("every row can be compiled");
            let points = group.iter().map(|line| hex(inputs.iter().map(|k| line.args[*k])));
            let binary: String = module.binary().iter().map(|x| format!("{x:02x}")).collect();
            serde_json::json!({
                "binary": binary,
                "results": inputs.len() + 1,
                "points": points.collect::<Vec<_>>(),
            })
        })
        .collect();
    let job = serde_json::json!({ "script": emit::wasm::JAVASCRIPT, "modules": modules });
    let Some(answers) = in_node(&job) else { return };
    let (mut text, mut judged) = (String::new(), 0);
    for (group, answers) in groups.iter().zip(answers) {
        for (line, answer) in group.iter().zip(answers) {
            let op = rows[line.row];
            let (_, inputs) = program_of(op, &line.args);
            let mut partials: Vec<f64> = line.partials.iter().map(|p| p.unwrap_or(0.0)).collect();
            inputs.iter().zip(&answer[1..]).for_each(|(k, partial)| partials[*k] = *partial);
            text += &faults(op, line, answer[0], &partials);
            judged += 1;
        }
    }
    assert!(text.is_empty(), "{} faults:\n{text}", text.lines().count());
    assert_eq!(judged, lines.len());
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
            let want = [value].into_iter().chain(gradient);
            prop_assert_eq!(all_bits(found), all_bits(want));
        }
    }
}
