//! Evaluating conditions on events, in three values, as the engine does where it has all fields.
//!
//! A comparison with a field that is missing is false, also `!=`; one with a field that the event does not carry is
//! unknown. [`Program`] compiles any number of conditions for many events, [`explain`] says for one condition and one
//! event what decided.

mod bind;
mod comparison;
mod derive;
mod explain;
mod operand;
mod program;
mod rules;
mod test;
mod tried;
mod value;
mod verdict;

pub use bind::{Absent, Binding};
pub use explain::{Explained, ExplainedKind, LARGEST, Looked, explain};
pub use program::{Condition, Program, Verdicts};
pub use rules::{Evaluator, Outcome, RuleOutcome};
pub use test::Shown;
pub use tried::{Tried, try_event};
pub use verdict::Verdict;
