//! Ambient variables where they do not belong: each mistake panics, in release builds too, and says
//! what to do. It must not know how it is found out.

use super::panic_message;
use std::cell::Cell;
use std::thread;
use wengert::Number;
use wengert::guest::{Active, gradient_active, record_active, value_and_gradient_active};

/// A variable of a recording that has ended.
fn escaped() -> Active {
    let escaped = Cell::new(Active::default());
    record_active(
        |v| {
            escaped.set(v[0] * 2.0);
            v[0]
        },
        &[3.0],
    );
    escaped.get()
}

#[test]
fn a_variable_that_escaped_is_refused() {
    let x = escaped();
    let uses: [fn(Active) -> Active; 6] = [
        |x| x + 1.0,
        |x| -x,
        |x| Number::sin(x),
        |x| [x, x].into_iter().sum(),
        |x| if x > 1.0 { x } else { Active::default() },
        |x| x.named("x"),
    ];
    for used in uses {
        let message = panic_message(|| used(x));
        assert!(message.starts_with("an active variable of recording "), "{message}");
        assert!(message.contains("where that recording is not open: it has ended"), "{message}");
        assert!(message.contains("`.detach()` is the way out"), "{message}");
    }
    let message = panic_message(|| gradient_active(|v| v[0] * x, &[1.0]));
    assert!(message.contains("variables of two recordings cannot meet"), "{message}");
    assert_eq!((x.value(), (x.detach() + 1.0).value()), (6.0, 7.0));
}

#[test]
fn a_variable_on_another_thread_is_refused() {
    let elsewhere = |x: Active| {
        let other = thread::Builder::new().name("worker".into());
        let used = move || panic_message(|| x * 2.0);
        other.spawn(used).unwrap().join().unwrap()
    };
    record_active(
        |v| {
            let message = elsewhere(v[0]);
            assert!(message.contains("was used on thread `worker`, where"), "{message}");
            assert!(message.contains("belongs to another thread"), "{message}");
            let inside = v[0];
            let message = thread::spawn(move || {
                panic_message(|| gradient_active(|other| other[0] * inside, &[1.0]))
            });
            assert!(message.join().unwrap().contains("was used in recording"));
            v[0]
        },
        &[3.0],
    );
}

#[test]
fn variables_of_two_recordings_cannot_meet() {
    record_active(
        |outer| {
            let mixes: [fn(Active, Active) -> Active; 5] = [
                |x, y| x * y,
                |x, y| y - x,
                |x, y| Number::mul_add(Active::constant(1.0), x, y),
                |x, y| [x, y].iter().sum(),
                |x, y| if x < y { x } else { y },
            ];
            for mix in mixes {
                let message =
                    panic_message(|| gradient_active(|inner| mix(inner[0], outer[0]), &[1.0]));
                assert!(message.contains("variables of two recordings cannot meet"), "{message}");
            }
            outer[0]
        },
        &[3.0],
    );
}

#[test]
fn the_result_of_another_recording_is_refused() {
    record_active(
        |outer| {
            for message in [
                panic_message(|| record_active(|_| outer[0] * 2.0, &[1.0])),
                panic_message(|| value_and_gradient_active(|_| outer[0], &[1.0])),
            ] {
                assert!(message.contains("was used in recording"), "{message}");
            }
            outer[0]
        },
        &[3.0],
    );
}

#[test]
fn a_recording_inside_another_is_right_where_it_shares_constants_alone() {
    let nested = |outer: &[Active]| {
        let inner = gradient_active(|v| v[0].powi(3) * outer[0].detach(), &[2.0]);
        let unmixed = gradient_active(
            |v| {
                let _of_the_outer_one = outer[0] * 5.0;
                v[0] * 2.0
            },
            &[1.0],
        );
        outer[0] * inner[0] * unmixed[0]
    };
    assert_eq!(gradient_active(nested, &[3.0]), [72.0]); // 2 * 12 * 3, held constant inside
}

#[test]
fn a_panic_closes_the_recording() {
    assert_eq!(panic_message(|| record_active(|_| panic!("mine"), &[1.0])), "mine");
    assert_eq!(gradient_active(|v| v[0] * 4.0, &[1.0]), [4.0]);
}

#[test]
fn threads_record_side_by_side() {
    let slope =
        |k: u32| gradient_active(|v| (0..100).fold(v[0], |x, _| x + v[0]) * f64::from(k), &[1.0]);
    let threads: Vec<_> = (0..8u32).map(|k| thread::spawn(move || slope(k))).collect();
    for (k, thread) in threads.into_iter().enumerate() {
        assert_eq!(thread.join().unwrap(), [101.0 * k as f64]);
    }
}

#[test]
fn the_usual_mistakes_of_naming_are_told() {
    let message = panic_message(|| Active::constant(1.0).named("one"));
    assert!(message.contains("`one` would name a constant, 1"), "{message}");
}
