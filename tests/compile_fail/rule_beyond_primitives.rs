//! Code that is generic over numbers has nothing but primitives to use, as partials do.

use wengert::prelude::*;

fn rule<N: Number>(x: N) -> N {
    N::constant(x.value().exp())
}

fn main() {
    println!("{}", rule(1.0));
}
