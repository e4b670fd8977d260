//! The names that rules may use, with what they stand for.

pub(crate) mod access;
pub mod mount;
pub mod network;
pub mod rlimit;
pub mod signal;
