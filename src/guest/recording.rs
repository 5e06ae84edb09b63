//! Recordings of ambient variables: which ones are open on this thread, and the drivers that open
//! them. It must not know what is recorded.

use super::Cast;
use super::active::{Active, CONSTANT};
use crate::check::{Border, NearKink};
use crate::derive::Workspace;
use crate::program::Program;
use crate::tape::Tape;
use crate::var::Var;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// A tape with a number that no other recording has, on any thread, within 2^32 of them.
pub(super) struct Recording {
    number: u32,
    tape: Tape,
    pub(super) casts: RefCell<Vec<Cast>>,
}

thread_local! {
    /// The recordings that are open on this thread, inner ones behind outer ones.
    static OPEN: RefCell<Vec<Rc<Recording>>> = const { RefCell::new(Vec::new()) };
}

static LAST: AtomicU32 = AtomicU32::new(CONSTANT);

/// A recording for as long as it is open; it closes even if what is recorded panics.
pub(super) struct Session(Rc<Recording>);

impl Session {
    pub(super) fn open() -> Session {
        let mut number = CONSTANT;
        while number == CONSTANT {
            number = LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        }
        let (tape, casts) = (Tape::new(), RefCell::default());
        let recording = Rc::new(Recording { number, tape, casts });
        OPEN.with_borrow_mut(|open| open.push(recording.clone()));
        Session(recording)
    }

    pub(super) fn inputs(&self, x: &[f64]) -> Vec<Active> {
        let home = self.home();
        self.0.tape.input_slice(x).into_iter().map(|x| home.take(x)).collect()
    }

    pub(super) fn home(&self) -> Home {
        Home(Some(self.0.clone()))
    }

    pub(super) fn borders(&self) -> Vec<Border> {
        self.0.tape.borders()
    }

    #[track_caller]
    pub(super) fn kinks_near(&self, output: Active, distance: f64) -> Vec<NearKink> {
        self.0.tape.kinks_near(self.home().lend(output), distance)
    }

    pub(super) fn into_casts(self) -> Vec<Cast> {
        self.0.casts.take()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.retain(|other| !Rc::ptr_eq(other, &self.0)));
    }
}

/// The recording in which something is done, or none where all is constant. It lends the core's
/// variables for ambient ones, and takes the result back.
pub(super) struct Home(Option<Rc<Recording>>);

impl Home {
    /// The recording of the first argument that is not a constant.
    #[inline]
    #[track_caller]
    pub(super) fn of(args: &[Active]) -> Home {
        Home(args.iter().find(|x| x.recording != CONSTANT).map(|x| find(*x)))
    }

    pub(super) fn recording(&self) -> Option<&Recording> {
        self.0.as_deref()
    }

    #[inline]
    #[track_caller]
    pub(super) fn lend(&self, x: Active) -> Var<'_> {
        match &self.0 {
            _ if x.recording == CONSTANT => Var::constant(x.value),
            Some(own) if own.number == x.recording => Var::new(&own.tape, x.slot, x.value),
            own => strangers(x, own.as_ref().map_or(CONSTANT, |own| own.number)),
        }
    }

    #[inline]
    pub(super) fn take(&self, y: Var<'_>) -> Active {
        match (&self.0, y.slot()) {
            (Some(own), Some(slot)) => {
                Active { value: y.value(), slot: slot as u32, recording: own.number }
            }
            _ => Active::constant(y.value()),
        }
    }
}

#[inline]
#[track_caller]
fn find(x: Active) -> Rc<Recording> {
    let open = |open: &Vec<Rc<Recording>>| {
        open.iter().rfind(|recording| recording.number == x.recording).cloned()
    };
    OPEN.with_borrow(open).unwrap_or_else(|| not_open(x))
}

#[cold]
#[track_caller]
fn not_open(x: Active) -> ! {
    let thread = thread::current();
    panic!(
        "an active variable of recording {} was used on thread `{}`, where that recording is not \
         open: it has ended, or belongs to another thread; variables live in the closure that \
         records them, and `.value()` or `.detach()` is the way out",
        x.recording,
        thread.name().unwrap_or("without a name"),
    );
}

#[cold]
#[track_caller]
fn strangers(x: Active, own: u32) -> ! {
    panic!(
        "an active variable of recording {} was used in recording {own}: variables of two \
         recordings cannot meet; `.detach()` makes a constant of one",
        x.recording,
    );
}

/// Records a function of active variables once, to be replayed at other points.
///
/// ```
/// use wengert::guest::{Active, record_active};
///
/// let f = record_active(|x: &[Active]| x[0].powi(2) * x[1], &[1.0, 1.0]);
/// assert_eq!(f.gradient(&[3.0, 2.0])?, [12.0, 9.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
///
/// # Panics
/// If the result is a variable of another recording.
#[track_caller]
pub fn record_active(f: impl FnOnce(&[Active]) -> Active, x: &[f64]) -> Program {
    record_active_vec(|x| vec![f(x)], x)
}

/// The same for a function with several outputs.
///
/// ```
/// use wengert::guest::{Active, record_active_vec};
///
/// let polar = |x: &[Active]| vec![x[0] * x[1].cos(), x[0] * x[1].sin()];
/// let f = record_active_vec(polar, &[1.0, 0.0]);
/// assert_eq!(f.jacobian(&[2.0, 0.0])?.data(), [1.0, 0.0, 0.0, 2.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
///
/// # Panics
/// If a result is a variable of another recording.
#[track_caller]
pub fn record_active_vec(f: impl FnOnce(&[Active]) -> Vec<Active>, x: &[f64]) -> Program {
    let session = Session::open();
    let outputs = f(&session.inputs(x));
    let home = session.home();
    let mut lent = Vec::with_capacity(outputs.len());
    for output in outputs {
        lent.push(home.lend(output));
    }
    session.0.tape.program(&lent)
}

/// The value and the gradient of a function of active variables, at `x`.
///
/// ```
/// use wengert::guest::{Active, value_and_gradient_active};
///
/// let (value, gradient) = value_and_gradient_active(|x: &[Active]| x[0] / x[1], &[6.0, 2.0]);
/// assert_eq!((value, gradient), (3.0, vec![0.5, -1.5]));
/// ```
///
/// # Panics
/// If the result is a variable of another recording.
#[track_caller]
pub fn value_and_gradient_active(
    f: impl FnOnce(&[Active]) -> Active,
    x: &[f64],
) -> (f64, Vec<f64>) {
    let session = Session::open();
    let output = f(&session.inputs(x));
    let home = session.home();
    let y = home.lend(output);
    let mut gradient = vec![0.0; x.len()];
    if y.slot().is_some() {
        session.0.tape.gradient_in(&mut Workspace::new(), y).write_inputs(&mut gradient);
    }
    (y.value(), gradient)
}

/// The gradient of a function of active variables, at `x`.
///
/// ```
/// use wengert::guest::{Active, gradient_active};
///
/// assert_eq!(gradient_active(|x: &[Active]| x[0] * x[1].exp(), &[2.0, 0.0]), [1.0, 2.0]);
/// ```
///
/// # Panics
/// If the result is a variable of another recording.
#[track_caller]
pub fn gradient_active(f: impl FnOnce(&[Active]) -> Active, x: &[f64]) -> Vec<f64> {
    value_and_gradient_active(f, x).1
}

/// A function of active variables as one of plain ones: what every other driver takes.
///
/// ```
/// use wengert::guest::{Active, active};
/// use wengert::prelude::*;
///
/// let hessian = hessian(active(|x: &[Active]| x[0].powi(2) * x[1]), &[3.0, 5.0]);
/// assert_eq!(hessian.data(), [10.0, 6.0, 6.0, 0.0]);
/// ```
///
/// It is recorded apart, and then put on the tape of the plain variables: twice the cost of
/// recording.
pub fn active<F>(f: F) -> impl for<'t> Fn(&[Var<'t>]) -> Var<'t>
where
    F: Fn(&[Active]) -> Active,
{
    move |x| inline(|x| vec![f(x)], x)[0]
}

/// The same for a function with several outputs.
///
/// ```
/// use wengert::guest::{Active, active_vec};
/// use wengert::prelude::*;
///
/// let jacobian = jacobian(active_vec(|x: &[Active]| vec![x[0] * x[1], x[0]]), &[3.0, 5.0]);
/// assert_eq!(jacobian.data(), [5.0, 3.0, 1.0, 0.0]);
/// ```
pub fn active_vec<F>(f: F) -> impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>
where
    F: Fn(&[Active]) -> Vec<Active>,
{
    move |x| inline(&f, x)
}

fn inline<'t>(f: impl Fn(&[Active]) -> Vec<Active>, x: &[Var<'t>]) -> Vec<Var<'t>> {
    let values: Vec<f64> = x.iter().map(|x| x.value()).collect();
    record_active_vec(f, &values)
        .inline(x)
        .expect("a program on variables with the values it was recorded at takes the same branches")
}
