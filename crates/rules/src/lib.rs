//! The lint rules for pods, one file a rule, in the folder of their category.
//!
//! A rule is a `static` made by `declare_rule!` and one check function. Its documentation is the doc comment of that
//! `static`; its bad and good examples are executed by a test.

#[macro_use]
mod declare;
mod correctness;
mod escape;
mod hardening;
mod hygiene;
mod subject;

pub use declare::{Check, Rule};
pub use subject::Subject;

/// All rules, by id.
pub fn all() -> &'static [&'static Rule] {
    ALL
}

/// The rule of that id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.meta.id == id)
}

static ALL: &[&Rule] = &[&escape::host_pid::HOST_PID];
