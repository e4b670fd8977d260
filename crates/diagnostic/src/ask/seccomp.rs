//! Questions about seccomp: what a profile does to a call, by which rule, and along which way through its program.

use serde::{Deserialize, Serialize};

use crate::report::Place;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeccompAsk {
    /// The profile, as an index into [`SeccompAnswer::profiles`]; `None` for the first.
    #[serde(default)]
    pub profile: Option<usize>,
    /// The architecture that the call is made by, such as `x86`; empty for the node's own.
    #[serde(default)]
    pub arch: String,
    /// The call: its name, or its number.
    #[serde(default)]
    pub call: String,
    /// Its arguments, up to six: decimal, as `0x1f`, or names joined by `|`. One that is missing or empty is 0.
    #[serde(default)]
    pub arguments: Vec<String>,
}

/// The answer.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeccompAnswer {
    /// The profiles of the files, in their order.
    pub profiles: Vec<String>,
    /// Which of them was asked; `None` when there is none of that index.
    pub profile: Option<usize>,
    /// What there is to know before the answers: who reads the profile, and why it is none.
    pub notes: Vec<String>,
    /// The architectures that the node's programs can call by, and those of the profile.
    pub arches: Vec<String>,
    /// Which of them was asked.
    pub arch: String,
    /// What is known of the call's arguments, in their order.
    pub parameters: Vec<Parameter>,
    /// What happens to the call; `None` when none was asked, or none that can be.
    pub decided: Option<DecidedCall>,
    /// Why the question is none, as a sentence.
    pub problem: Option<String>,
    /// The program that the kernel runs, instruction by instruction.
    pub program: Vec<Step>,
    /// All calls of the architecture, by what they are for.
    pub map: Vec<CallGroup>,
}

/// An argument of a call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Names of values that it may have.
    pub values: Vec<String>,
}

/// Whether a call runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Passes {
    /// It runs.
    Allow,
    /// It does not.
    Deny,
    /// A supervisor or a tracer decides.
    Asks,
    /// It depends on the arguments.
    Conditional,
}

/// What happens to a call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecidedCall {
    /// Whether it runs.
    pub passes: Passes,
    /// The action, as `ALLOW` or `ERRNO(1)`.
    pub action: String,
    /// The name of the error that the program gets, such as `EPERM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errno: Option<String>,
    /// What that means and what decides it, as sentences.
    pub why: String,
    /// Where the rule that decides stands; `None` where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Rules overlap in a way that libseccomp promises nothing about: its own program may answer otherwise.
    pub depends_on_libseccomp: bool,
    /// How many instructions run for it.
    pub instructions: usize,
}

/// An instruction of the program.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// As an assembler writes it, and what it means.
    pub text: String,
    /// Whether it runs for the call.
    pub runs: bool,
}

/// Calls that are for one thing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallGroup {
    /// What they are for, in one word.
    pub name: String,
    /// The calls, by rising number.
    pub calls: Vec<MappedCall>,
}

/// A call on the map.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappedCall {
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub passes: Passes,
}
