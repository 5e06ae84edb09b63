//! A program compiled to machine code: the same bits, the same errors, many times as fast.

use wengert::prelude::*;
use wengert::{CompileMode, Error};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The price of a call option by Black and Scholes, recorded once.
    let price = record(
        |v| {
            let [s, k, t, r, sigma] = [v[0], v[1], v[2], v[3], v[4]];
            let spread = sigma * t.sqrt();
            let d1 = ((s / k).ln() + (sigma.square() * 0.5 + r) * t) / spread;
            s * d1.norm_cdf() - k * (-(r * t)).exp() * (d1 - spread).norm_cdf()
        },
        &[100.0, 95.0, 0.5, 0.01, 0.2],
    );
    let code = price.compile()?;
    let mut workspace = Workspace::new();
    let mut greeks = [0.0; 5];
    for s in [90.0, 100.0, 110.0] {
        let x = [s, 95.0, 0.5, 0.01, 0.2];
        let value = code.value_and_gradient_into(&x, &mut greeks, &mut workspace)?;
        println!("s = {s}: price {value:.6}, delta {:.6}, vega {:.6}", greeks[0], greeks[4]);
        assert_eq!((value, greeks.to_vec()), price.value_and_gradient(&x)?);
    }

    // A recorded comparison is checked by the code, too.
    let smaller = record(|v| if v[0] < v[1] { v[0] } else { v[1] }, &[1.0, 2.0]);
    let quick = smaller.compile_in(CompileMode::Quick)?;
    println!("the smaller of 1 and 3: {}", quick.value(&[1.0, 3.0])?);
    if let Err(Error::BranchChanged { comparison, .. }) = quick.value(&[3.0, 1.0]) {
        println!("of 3 and 1: the comparison {} goes the other way", comparison.symbol());
    }

    // Where no code can be written, the program is interpreted, and says so.
    let somewhere = price.compile_or_interpret(CompileMode::Thorough);
    println!("interpreted: {:?}", somewhere.interpreted_because());
    Ok(())
}
