//! Can what is inside this container get out? The analysis behind the page, the program and the package.
//!
//! The engine takes texts and settings and gives plain data. It does no input or output, reads no clock and starts no
//! thread, so it cannot fail but by saying so in its result.

mod admission;
mod analyse;
mod apparmor;
mod checklist;
mod compose;
mod detect;
mod diff;
mod digest;
mod domain;
mod edits;
mod escape;
mod falco;
mod findings;
mod first;
mod harden;
mod lesson;
mod locate;
mod native;
pub mod output;
mod reading;
mod restore;
mod routes;
mod seccomp;
mod source;
mod suppress;
mod versions;

pub use analyse::{Input, analyse};
pub use apparmor::apparmor;
pub use diff::diff;
pub use edits::{Edits, edits};
pub use escape::{escape, explore, foresee};
pub use falco::falco;
pub use first::analyse_plain;
pub use harden::harden;
pub use lesson::lesson;
pub use output::export;
pub use restore::restore;
pub use seccomp::seccomp;
pub use watertight_diagnostic as diagnostic;
pub use watertight_escape::attempt;
pub use watertight_text as text;

/// The long documentation of a rule, in Markdown.
pub fn explain(rule: &str) -> Option<String> {
    rules().find(|known| known.id == rule).map(diagnostic::RuleMeta::markdown)
}

/// Every rule that can speak: those about pods first, then those of each analyser.
pub fn rules() -> impl Iterator<Item = &'static diagnostic::RuleMeta> {
    watertight_rules::all()
        .map(|rule| &rule.meta)
        .chain(seccomp::rules())
        .chain(apparmor::rules())
        .chain(watertight_falco::lint::rules())
}
