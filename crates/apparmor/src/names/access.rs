//! The words for accesses inside of brackets.

use crate::lex::{Word, access};

/// The access of that name.
pub(crate) fn of(name: &str) -> Option<Word> {
    access(name.as_bytes())
}
