//! Other crates that take gradients, each driven as its own documentation advises.
//! A peer must not know which workload it serves: what it lacks is asked for by name.

mod aad;
mod ad_trait;
mod easy_ml;
mod echidna;
mod foreign;
mod num_dual;
mod reverse;
mod rustquant;

use super::{LeftOut, Mode, Modes};
use crate::workloads::Workload;

/// Adds every peer that can take the gradient of this workload, and says why the others cannot.
///
/// A new peer is a file of its own and a line here.
pub fn add_to<W: Workload + Clone + 'static>(modes: &mut Modes, workload: &W) {
    let mut peers = Peers { modes, workload };
    peers.offer(aad::NAME, aad::LACKS, aad::Aad::new);
    peers.offer(ad_trait::NAME, ad_trait::LACKS, ad_trait::AdTrait::new);
    peers.offer(easy_ml::NAME, easy_ml::LACKS, easy_ml::EasyMl::new);
    peers.offer(echidna::NAME, echidna::LACKS, echidna::Echidna::new);
    peers.offer(echidna::BYTECODE, echidna::LACKS, echidna::Bytecode::new);
    peers.offer(reverse::NAME, reverse::LACKS, reverse::Reverse::new);
    peers.offer(rustquant::NAME, rustquant::LACKS, rustquant::RustQuant::new);
    if workload.points()[0].len() == num_dual::INPUTS {
        peers.offer(num_dual::NAME, num_dual::LACKS, num_dual::NumDual::new);
    } else {
        peers.leave_out(num_dual::NAME, "forward mode, measured on W1 alone");
    }
    peers.leave_out("xad-rs", "needs Rust 1.98, and the benchmark is built with 1.95");
}

struct Peers<'a, W> {
    modes: &'a mut Modes,
    workload: &'a W,
}

impl<W: Workload> Peers<'_, W> {
    /// Adds a peer, unless the workload needs a function that it lacks.
    fn offer<M: Mode + 'static>(
        &mut self,
        name: &'static str,
        lacks: &[&str],
        new: impl Fn(&W) -> M,
    ) {
        match self.workload.needs().iter().find(|need| lacks.contains(need)) {
            Some(need) => self.leave_out(name, &format!("no {need} of its own")),
            None => self.modes.modes.push(Box::new(new(self.workload))),
        }
    }

    fn leave_out(&mut self, mode: &'static str, reason: &str) {
        self.modes.left_out.push(LeftOut { mode, reason: reason.into() });
    }
}
