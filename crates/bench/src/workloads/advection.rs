//! W3, Lax-Wendroff advection on a ring: a long, deep and linear program of few inputs.
//! It must not know its own solution: every step is taken, up and down.

use super::Workload;
use wengert::Real;

const CELLS: usize = 100;
const STEPS: usize = 2000;
const COURANT: f64 = 0.4;
const HALF_C: f64 = 0.5 * COURANT;
const HALF_CC: f64 = 0.5 * COURANT * COURANT;

/// Sum of squares of the state after all steps, as a function of the first state.
#[derive(Clone)]
pub struct Advection;

/// The cells of a ring between copies of the last and the first of them.
type Ring = [f64; CELLS + 2];

impl Workload for Advection {
    fn name(&self) -> String {
        "advection".into()
    }

    fn ops(&self) -> usize {
        8 * CELLS * STEPS + 2 * CELLS - 1
    }

    fn points(&self) -> Vec<Vec<f64>> {
        vec![(0..CELLS).map(|i| (-0.01 * (i as f64 - 50.0).powi(2)).exp()).collect()]
    }

    fn primal<N: Real>(&self, x: &[N]) -> N {
        let mut state = x.to_vec();
        let mut next = x.to_vec();
        for _ in 0..STEPS {
            for i in 0..CELLS {
                let l = state[(i + CELLS - 1) % CELLS];
                let m = state[i];
                let r = state[(i + 1) % CELLS];
                next[i] = m - (r - l) * HALF_C + (r - m * 2.0 + l) * HALF_CC;
            }
            std::mem::swap(&mut state, &mut next);
        }
        state.iter().map(|u| u.square()).sum()
    }

    /// A linear step needs no state on the way down: the adjoint keeps two rings and nothing else.
    fn adjoint(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let (mut from, mut to) = ([0.0; CELLS + 2], [0.0; CELLS + 2]);
        from[1..=CELLS].copy_from_slice(x);
        for _ in 0..STEPS / 2 {
            step(&mut from, &mut to, up);
            step(&mut to, &mut from, up);
        }
        let value = from[1..=CELLS].iter().map(|u| u * u).sum();

        from.iter_mut().for_each(|u| *u *= 2.0);
        for _ in 0..STEPS / 2 {
            step(&mut from, &mut to, down);
            step(&mut to, &mut from, down);
        }
        x_bar.copy_from_slice(&from[1..=CELLS]);
        value
    }
}

/// Applies a stencil to every cell. Closes the ring of `from` first.
#[inline(always)]
fn step(from: &mut Ring, to: &mut Ring, stencil: impl Fn(f64, f64, f64) -> f64) {
    from[0] = from[CELLS];
    from[CELLS + 1] = from[1];
    for i in 0..CELLS {
        to[i + 1] = stencil(from[i], from[i + 1], from[i + 2]);
    }
}

#[inline(always)]
fn up(l: f64, m: f64, r: f64) -> f64 {
    m - (r - l) * HALF_C + (r - m * 2.0 + l) * HALF_CC
}

/// The transposed step: a cell is the right argument of its left neighbour, and the other way round.
#[inline(always)]
fn down(l_bar: f64, m_bar: f64, r_bar: f64) -> f64 {
    l_bar * (HALF_CC - HALF_C) + m_bar * (1.0 - 2.0 * HALF_CC) + r_bar * (HALF_CC + HALF_C)
}
