//! Sensitivities as a table. It must not know how they were computed.

use super::site::{count, digits};
use crate::check::{Influence, Sensitivity};
use std::fmt;

/// The contributors that are named.
const MOST: usize = 5;

impl fmt::Display for Sensitivity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (output, value) = (&self.output, digits(self.value, 6));
        let (condition, rounding) = (digits(self.condition(), 3), digits(self.rounding, 2));
        writeln!(f, "{output} = {value}")?;
        writeln!(
            f,
            "  condition number {condition}; rounding error at most {rounding}, which leaves {:.0} digits",
            self.digits().floor()
        )?;
        let width = |of: &[Influence]| {
            of.iter().map(|slot| slot.site.to_string().chars().count()).max().unwrap_or(0)
        };
        let inputs = &self.inputs[..self.inputs.len().min(2 * MOST)];
        for input in inputs {
            let (name, condition) = (input.site.to_string(), digits(input.condition, 3));
            writeln!(f, "  {name:0$}  condition {condition}", width(inputs))?;
        }
        let slots = &self.slots[..self.slots.len().min(MOST)];
        if !slots.is_empty() {
            writeln!(f, "  most of the rounding error comes from")?;
        }
        for slot in slots {
            let (name, error) = (slot.site.to_string(), digits(slot.error, 2));
            let share = 100.0 * slot.error / self.rounding;
            writeln!(f, "  {name:0$}  {error}, {share:.0} %", width(slots))?;
        }
        let more = self.slots.len() - slots.len();
        if more > 0 {
            writeln!(f, "  and {} more", count(more, "slot"))?;
        }
        Ok(())
    }
}
