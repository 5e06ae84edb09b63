//! A program saved as JSON and read again, here or elsewhere: what was damaged is refused.

use wengert::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tape = Tape::new();
    let [mass, speed] = tape.inputs(["mass", "speed"], [2.0, 3.0]);
    let energy = (mass * speed.square() * 0.5).named("energy");
    let program = tape.program(&[energy]);

    // Any format of serde's will do.
    let saved = serde_json::to_string(&program)?;
    println!("{saved}\n");

    let again: Program = serde_json::from_str(&saved)?;
    let names: Vec<_> = again.names().map(|(name, _)| name).collect();
    println!("{again:?}: {names:?}");
    println!("value and slopes at (4, 5): {:?}\n", again.value_and_gradient(&[4.0, 5.0])?);

    // A program is checked when it is read: one changed byte, and it is refused.
    let digit = saved.find("\"point\":[").map_or(0, |at| at + "\"point\":[".len());
    let mut damaged = saved.clone().into_bytes();
    damaged[digit] ^= 1;
    for read in [serde_json::from_slice::<Program>(&damaged), serde_json::from_str("{}")] {
        match read {
            Ok(program) => println!("{program:?}"),
            Err(error) => println!("refused: {error}"),
        }
    }
    Ok(())
}
