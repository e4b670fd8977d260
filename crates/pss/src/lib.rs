//! The Pod Security Standards as `k8s.io/pod-security-admission` decides them: every check, every version, message for
//! message, and the place of each fault, which the admission library does not have.

mod checks;
mod evaluate;
pub mod namespace;

pub use evaluate::{Failure, FaultPlace, NEWEST, Verdict, evaluate};
