//! Where slots were recorded, on a tape that remembers. It must not know what is done with a place.

use super::Tape;
use super::code::Code;
#[cfg(feature = "places")]
use std::panic::Location;

impl Tape {
    /// An empty tape that remembers where each slot is recorded, so that
    /// [`diagnose`](Tape::diagnose) and its kin can name the line.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::with_places();
    /// let x = tape.new_input("x", -1.0);
    /// let y = x.sqrt(); // this is line 6
    /// let place = tape.diagnose(y).value.unwrap().site.place.unwrap();
    /// assert!(place.line > 0 && place.column == 11);
    /// ```
    ///
    /// Costs 8 bytes a slot more, and recording takes about 1.7 times as many instructions.
    #[cfg(feature = "places")]
    #[cfg_attr(docsrs, doc(cfg(feature = "places")))]
    pub fn with_places() -> Tape {
        Tape { remembers: true, ..Tape::new() }
    }

    /// Remembers where the last slot was recorded, if this tape does that: in a build without the
    /// feature it is nothing at all.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn remember(&self, code: &mut Code) {
        #[cfg(feature = "places")]
        if self.remembers {
            code.remember(Location::caller());
        }
        #[cfg(not(feature = "places"))]
        let _ = code;
    }
}
