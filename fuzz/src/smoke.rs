//! A fixed number of inputs without a fuzzer: the files of a corpus, each as it is and changed at
//! random, and bytes out of nothing. The same every time.

use std::fs;
use std::path::Path;

/// Marsaglia's xorshift (2003).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }
}

/// Runs a target: on all of its corpus, and on `count` inputs made of that.
///
/// # Panics
/// If there is no corpus; and as the target does, after the input was printed.
pub fn smoke(corpus: &Path, count: usize, target: impl Fn(&[u8])) {
    let entries = fs::read_dir(corpus).expect("the target has a corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let known: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).expect("a file")).collect();
    assert!(!known.is_empty(), "{} is empty", corpus.display());
    let run = |input: &[u8]| {
        let told = Told(input);
        target(input);
        std::mem::forget(told);
    };
    known.iter().for_each(|input| run(input));
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for k in 0..count {
        let input = match k % 4 {
            0 => (0..random.below(400)).map(|_| random.below(256) as u8).collect(),
            _ => changed(&known, &mut random),
        };
        run(&input);
    }
}

/// One input with a few pieces of others put in, taken out or changed.
fn changed(known: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = known[random.below(known.len())].clone();
    for _ in 0..1 + random.below(6) {
        let at = random.below(input.len());
        let end = (at + 1 + random.below(12)).min(input.len());
        let other = &known[random.below(known.len())];
        let from = random.below(other.len());
        let piece = other[from..(from + 1 + random.below(30)).min(other.len())].to_vec();
        match random.below(4) {
            0 => drop(input.splice(at..end, [])),
            1 => drop(input.splice(at..at, piece)),
            2 => drop(input.splice(at..end, piece)),
            _ => input[at..end].iter_mut().for_each(|byte| *byte = random.below(256) as u8),
        }
    }
    input
}

/// Prints the input that a target panicked on.
struct Told<'a>(&'a [u8]);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        eprintln!("on the input {:?}, as text {:?}", self.0, String::from_utf8_lossy(self.0));
    }
}
