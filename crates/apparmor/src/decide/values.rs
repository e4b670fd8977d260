//! Patterns as the tree holds them, for the compiler.

use crate::tree::Text;

/// The patterns that a text stands for; one that is missing stands for itself.
pub(super) fn spread(text: Option<&Text>) -> Vec<Option<Vec<u8>>> {
    match text {
        None => vec![None],
        Some(text) => vec![Some(text.value.as_bytes().to_vec())],
    }
}
