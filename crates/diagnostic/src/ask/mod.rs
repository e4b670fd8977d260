//! Questions beside the report, each with its own plain data: asked when somebody wants to know, so that no report carries
//! answers that nobody reads.

pub mod apparmor;
pub mod escape;
pub mod explore;
pub mod export;
pub mod falco;
pub mod lesson;
pub mod seccomp;
