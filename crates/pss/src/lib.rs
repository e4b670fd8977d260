//! The Pod Security Standards as `k8s.io/pod-security-admission` decides them: every check, every version, message for
//! message, and the place of each fault, which the admission library does not have.
//!
//! [`evaluate`] judges a pod at a level and version; [`namespace`] reads the labels of a namespace and says what happens
//! to a pod or workload in it.

mod checks;
mod evaluate;
mod look;
pub mod namespace;
mod registry;
mod words;

pub use checks::restricted_volumes::{ADMITTED_VOLUMES, REFUSED_VOLUMES};
pub use evaluate::{Defaulting, Failure, FaultPlace, Verdict, evaluate, evaluate_with};
pub use registry::NEWEST;
