//! The derivative as a program: listed, simplified, replayed, differentiated again.

use wengert::prelude::*;

/// Tells what a program of one input computes, by running it on a variable.
fn listing(program: &Program) -> Result<String, wengert::Error> {
    let tape = Tape::new();
    let x = tape.new_input("x", 0.5);
    for y in program.inline(&[x])? {
        y.named("y");
    }
    Ok(tape.to_string())
}

fn main() -> Result<(), wengert::Error> {
    let f = record(|v| v[0].sin() * v[0], &[0.5]);
    println!("the function\n{}", listing(&f)?);

    // The sweep down, run on variables, writes down what it does.
    let slope = f.derivative()?.simplify();
    println!("its slope\n{}", listing(&slope)?);

    // It has the bits of the sweep itself, and can go on.
    assert_eq!(slope.values(&[1.25])?, f.gradient(&[1.25])?);
    println!("order  slots     at 1.25");
    let mut program = f;
    for order in 0..=6 {
        println!("{order:5}  {:5}  {:10.6}", program.len(), program.value(&[1.25])?);
        program = program.derivative()?.simplify();
    }

    // By hand, the sixth derivative of x sin x is 6 cos x - x sin x.
    let x = 1.25_f64;
    println!("by hand       {:10.6}", 6.0 * x.cos() - x * x.sin());
    Ok(())
}
