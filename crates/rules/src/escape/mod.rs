//! Ways out of the container, and pieces of them.

pub(crate) mod host_pid;
