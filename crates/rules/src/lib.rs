//! The lint rules for pods, one file a rule, in the folder of their category.
//!
//! A rule is a `static` made by `declare_rule!` and one check function. Its documentation is the doc comment of that
//! `static`; its bad and good examples are executed by a test.

#[macro_use]
mod declare;
mod capabilities;
mod correctness;
mod escape;
mod hardening;
mod host_path;
mod hygiene;
mod image;
mod inherit;
mod profiles;
pub mod reading;
mod run;
mod subject;
#[cfg(test)]
mod testing;
#[cfg(all(test, feature = "docs"))]
mod tidy;
#[cfg(test)]
mod vectors;
mod words;

pub use declare::{Check, Rule};
pub use host_path::HostMount;
pub use run::{of_objects, of_pod, run};
pub use subject::{FileSubject, Subject};

/// All rules: escapes first, hygiene last, in the order of their folders.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [escape::RULES, hardening::RULES, correctness::RULES, hygiene::RULES].into_iter().flatten().copied()
}

/// The rule of that id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.meta.id == id)
}
