//! Texts that do not mean what they seem to.

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[];
