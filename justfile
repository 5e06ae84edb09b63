# What a developer runs. `just` alone lists it.

# Lists the recipes.
default:
    @just --list

# Everything that must hold before a change is merged, as in continuous integration.
check:
    .ci/run

# The tests.
test:
    cargo test --workspace

# The benchmark: ratios to a hand-written adjoint. Arguments are passed on: `just bench --quick`.
[working-directory: 'crates/bench']
bench *options:
    cargo run --release -- {{options}}

# The reference in target/doc, and the book in docs/book where mdBook is installed.
docs:
    cargo doc --workspace --no-deps --all-features
    if command -v mdbook > /dev/null; then mdbook build docs; else echo "mdBook is not installed: no book"; fi

# Writes anew what every example should print, what the book shows of it, and the planted mistakes.
golden:
    UPDATE_GOLDEN=1 cargo test --all-features --test golden --test primitives --test check
    UPDATE_GOLDEN=1 cargo test -p wengert-cli --test book

# Counts instructions under valgrind, and fails where they have grown by more than the allowance.
counts:
    cd crates/bench && cargo run --release --no-default-features --bin counts -- --check

# Runs a target of the fuzzer for five minutes, or as long as said: `just fuzz load 60`. Needs nightly and cargo-fuzz.
fuzz target seconds='300':
    mkdir -p target/fuzz/{{target}}
    cargo +nightly fuzz run {{target}} target/fuzz/{{target}} fuzz/corpus/{{target}} -- -max_total_time={{seconds}}
