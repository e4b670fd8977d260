//! Missing layers of defence.

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[];
