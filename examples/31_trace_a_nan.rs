//! Where a NaN comes from, how many digits are left, and which kinks are near. The tape remembers
//! the line of every slot: run it with `--features places`.

use wengert::prelude::*;

fn main() {
    // The loss of a classifier, as one writes it down.
    let tape = Tape::with_places();
    let scores = tape.inputs(["cat", "dog", "cow"], [2.0, 1000.0, 3.0]);
    let e = scores.map(|x| x.exp());
    let share = e[1] / (e[0] + e[1] + e[2]);
    let loss = (-share.ln()).named("loss");
    println!("{}", tape.diagnose(loss));

    // The same, as it is better written.
    let loss = (Number::call(Op::LogSumExp, &scores) - scores[1]).named("stable loss");
    println!("{}", tape.diagnose(loss));

    // A value that exists, and a slope that does not.
    let tape = Tape::with_places();
    let [x, y] = tape.inputs(["x", "y"], [0.0, 0.0]);
    let length = (x.square() + y.square()).sqrt().named("length");
    println!("{}", tape.diagnose(length));

    // A value that exists, but for half of its digits.
    let tape = Tape::with_places();
    let angle = tape.new_input("angle", 1e-4);
    let ratio = ((1.0 - angle.cos()) / angle.square()).named("ratio");
    println!("{}", tape.sensitivity(ratio));

    // Where a small step would change the formula.
    let tape = Tape::with_places();
    let [x, y] = tape.inputs(["x", "y"], [1e-3, 0.5]);
    let steep = if x < 0.0015 { x * 20.0 } else { x };
    let out = steep.max(y - 0.49) + x.relu();
    for kink in tape.kinks_near(out, 0.05) {
        println!("{kink}");
    }
}
