//! How long a slice must be. It must not know what is in it.

/// Refuses a slice that has not one number for each thing of a kind.
#[track_caller]
pub(crate) fn check_length(what: &str, length: usize, wanted: usize, each: &str) {
    assert!(
        length == wanted,
        "{what} has {length} numbers, and should have {wanted}: one for each {each}"
    );
}
