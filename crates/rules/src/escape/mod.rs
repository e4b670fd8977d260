//! Ways out of the container, and pieces of them.

pub(crate) mod host_pid;

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[&host_pid::HOST_PID];
