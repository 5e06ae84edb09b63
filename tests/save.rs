//! Saved programs: they come back as they were, and nothing else is taken for one. It must not know
//! how they are written, beyond what JSON shows.
#![cfg(feature = "serde")]

mod common;

use common::all_bits;
use common::recipes::recipes;
use proptest::prelude::*;
use serde_json::{Value, from_str, json, to_string};
use std::sync::Arc;
use wengert::{Custom, Number, Program, Tape, Var, record, record_vec};

fn example() -> Program {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [0.5, 2.0]);
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0].exp() * 3.0, &[1.0]));
    let big = if x < y { (x * y).sin() } else { x };
    let product = (big * tape.custom(&inner, &[x])).named("p");
    let sum = Number::dot(&[x, y], &[y, product]);
    tape.program(&[sum.powi(3), x.mul_add(y, sum)])
}

fn loaded(saved: &str) -> Result<Program, String> {
    from_str(saved).map_err(|error| error.to_string())
}

#[test]
fn a_program_comes_back() {
    let program = example();
    let again = loaded(&to_string(&program).unwrap()).unwrap();
    let at = [0.25, 1.5];
    assert_eq!(program.jacobian(&at), again.jacobian(&at));
    assert_eq!(program.point(), again.point());
    assert_eq!(program.names().collect::<Vec<_>>(), again.names().collect::<Vec<_>>());
    assert_eq!(program.values(&[2.0, 1.0]), again.values(&[2.0, 1.0]));
    assert!(again.values(&[2.0, 1.0]).is_err(), "the guard came along");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_program_comes_back(recipe in recipes()) {
        let program = record_vec(|x| recipe.run(x), &recipe.inputs);
        let again = loaded(&to_string(&program).unwrap()).unwrap();
        let x = &recipe.inputs;
        prop_assert_eq!(all_bits(program.values(x).unwrap()), all_bits(again.values(x).unwrap()));
        prop_assert_eq!(
            all_bits(program.jacobian(x).unwrap().data().to_vec()),
            all_bits(again.jacobian(x).unwrap().data().to_vec())
        );
    }
}

#[test]
fn a_flipped_byte_is_an_error() {
    let saved = to_string(&example()).unwrap();
    for (k, flip) in
        (0..saved.len()).flat_map(|k| [1, 2, 4, 8, 16, 32, 64, 255].map(|flip| (k, flip)))
    {
        let mut bytes = saved.clone().into_bytes();
        bytes[k] ^= flip;
        let read = serde_json::from_slice::<Program>(&bytes);
        assert!(
            read.is_err(),
            "byte {k} of `{saved}` flipped by {flip} is read as if nothing were"
        );
    }
    for k in 0..saved.len() {
        assert!(loaded(&saved[..k]).is_err(), "cut at byte {k}");
    }
}

/// What a program of one input and these slots is refused for, its checksum made to fit.
fn refused(change: impl Fn(&mut Value)) -> String {
    let mut saved: Value =
        from_str(&to_string(&record(|v| v[0].powi(2).sin(), &[1.0])).unwrap()).unwrap();
    change(&mut saved);
    loaded(&forged(saved).to_string()).err().unwrap_or("nothing".to_owned())
}

/// With the checksum that the reader asks for, computed here on its own from RFC 9923's FNV-1a.
fn forged(mut saved: Value) -> Value {
    let mut hash = Fnv(0xCBF2_9CE4_8422_2325);
    hash.text(&saved["format"]);
    hash.bytes(&(saved["version"].as_u64().unwrap() as u32).to_le_bytes());
    hash.list(&saved["kinds"], |hash, kind| hash.text(kind));
    hash.list(&saved["constants"], |hash, x| hash.bytes(&x.as_u64().unwrap().to_le_bytes()));
    hash.list(&saved["slots"], |hash, slot| {
        hash.bytes(&(slot[0].as_u64().unwrap() as u32).to_le_bytes());
        hash.list(&slot[1], |hash, arg| hash.bytes(&arg.as_i64().unwrap().to_le_bytes()));
    });
    hash.list(&saved["point"], |hash, x| hash.bytes(&x.as_u64().unwrap().to_le_bytes()));
    hash.list(&saved["guards"], |_, _| unreachable!("the forged program has no guards"));
    hash.list(&saved["outputs"], |hash, arg| hash.bytes(&arg.as_i64().unwrap().to_le_bytes()));
    hash.list(&saved["names"], |hash, name| {
        hash.text(&name[0]);
        hash.bytes(&(name[1].as_u64().unwrap() as u32).to_le_bytes());
    });
    saved["checksum"] = json!(hash.0);
    saved
}

struct Fnv(u64);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    fn text(&mut self, text: &Value) {
        self.bytes(text.as_str().unwrap().as_bytes());
        self.bytes(&[0xFF]);
    }

    fn list(&mut self, list: &Value, each: impl Fn(&mut Fnv, &Value)) {
        let list = list.as_array().unwrap();
        self.bytes(&(list.len() as u64).to_le_bytes());
        list.iter().for_each(|item| each(self, item));
    }
}

#[test]
fn a_program_made_to_do_harm_is_an_error() {
    const REFUSED: &str = "not a saved program that can be trusted: ";
    type Harm<'a> = (&'a str, &'a dyn Fn(&mut Value));
    let cases: [Harm<'_>; 12] = [
        ("nothing", &|_| ()),
        ("it calls itself `program`", &|s| s["format"] = json!("program")),
        ("it is of version 7, and this is a reader of version 1", &|s| s["version"] = json!(7)),
        ("at slot 1, an argument is slot 1, which does not come before its use", &|s| {
            s["slots"][1][1][0] = json!(1)
        }),
        ("at slot 1, an argument is slot 4294967296, which does not come before its use", &|s| {
            s["slots"][1][1][0] = json!(1u64 << 32)
        }),
        ("at slot 1, there is no constant 9223372036854775807", &|s| {
            s["slots"][1][1][1] = json!(i64::MIN)
        }),
        ("at slot 2, the primitive does not take 2 arguments", &|s| {
            s["slots"][2][1] = json!([0, 1])
        }),
        ("at slot 2, no primitive is known as `99`", &|s| s["slots"][2][0] = json!(99)),
        ("no primitive is known as `system`", &|s| s["kinds"][2] = json!("system")),
        ("at slot 2, there is no inner program 4", &|s| s["kinds"][2] = json!("program 4")),
        ("an argument is slot 3, which does not come before its use", &|s| {
            s["outputs"][0] = json!(3)
        }),
        ("the point does not have a number for each input", &|s| s["point"] = json!([0, 0])),
    ];
    for (wanted, change) in cases {
        let found = refused(change);
        let found = found.strip_prefix(REFUSED).unwrap_or(&found);
        assert_eq!(found, wanted);
    }
    let bounds =
        "an exponent or order is not a constant whole number, or bounds are the wrong way round";
    for exponent in [0.5, f64::NAN, 1e300, f64::INFINITY] {
        let found = refused(|s| s["constants"][0] = json!(exponent.to_bits()));
        assert_eq!(found, format!("{REFUSED}at slot 1, {bounds}"));
    }
    let named = refused(|s| s["names"] = json!([["y", 17]]));
    assert_eq!(named, format!("{REFUSED}`y` names a slot that does not exist"));
}

#[test]
fn a_comparison_that_is_asked_again_is_kept_once() {
    let above = |v: &[Var<'_>]| [1.0, 2.0, 1.0].iter().all(|factor| v[0] * *factor > 1.0);
    let f = record(|v| if above(v) { v[0] } else { -v[0] }, &[2.0]);
    let guards = |program: &Program| {
        let saved: Value = from_str(&to_string(program).unwrap()).unwrap();
        saved["guards"].as_array().unwrap().len()
    };
    assert_eq!((guards(&f), guards(&f.simplify())), (3, 2));
    let values = |x: f64| (f.value(&[x]).is_ok(), f.simplify().value(&[x]).is_ok());
    assert_eq!([0.25, 0.75, 1.5].map(values), [(false, false), (false, false), (true, true)]);
}

#[test]
fn an_opaque_primitive_cannot_be_saved() {
    struct Opaque;
    impl Custom for Opaque {
        fn name(&self) -> &str {
            "opaque"
        }
        fn value(&self, x: &[f64]) -> f64 {
            x[0]
        }
        fn partials(&self, _: &[f64], _: f64, partials: &mut [f64]) {
            partials[0] = 1.0;
        }
    }
    let tape = Tape::new();
    let [x] = tape.input_array([3.0]);
    let custom: Arc<dyn Custom> = Arc::new(Opaque);
    let error = to_string(&tape.program(&[tape.custom(&custom, &[x])])).unwrap_err().to_string();
    assert!(error.contains("custom primitive `opaque`"), "{error}");
}
