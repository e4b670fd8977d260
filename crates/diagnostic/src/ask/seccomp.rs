//! Questions about seccomp: what a profile does to a call, by which rule, and along which way through its program; what two
//! profiles do differently; and profiles made of traces and of other profiles.

use serde::{Deserialize, Serialize};

use crate::Runtime;
use crate::report::Place;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SeccompAsk {
    /// What a profile does to a call.
    Decide(CallAsk),
    /// What two profiles do differently.
    Compare(ComparisonAsk),
    /// A profile made of what a program was seen to call, or of other profiles.
    Generate(ProfileAsk),
}

/// The answer, in the kind of the question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SeccompAnswer {
    /// To [`SeccompAsk::Decide`].
    Decided(Box<CallAnswer>),
    /// To [`SeccompAsk::Compare`].
    Compared(ComparisonAnswer),
    /// To [`SeccompAsk::Generate`].
    Generated(ProfileAnswer),
}

/// A profile: one of the files, or what a runtime brings along.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Chosen {
    /// One of the files, as an index into [`Choices::profiles`]; `None` for the first, or where there is none for that of
    /// the node's runtime.
    pub profile: Option<usize>,
    /// Instead of those: what this runtime puts on a container that asks for `RuntimeDefault`.
    pub runtime: Option<Runtime>,
    /// The version of that runtime; empty where nobody knows it.
    pub version: String,
}

/// Who has the capabilities that entries of profiles depend on. Without either it is a container that has what the runtime
/// grants by itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Holder {
    /// A container of the files, as an index into [`Choices::containers`].
    pub container: Option<usize>,
    /// These capabilities, with blanks or commas between them.
    pub caps: Option<String>,
}

/// What can be chosen.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choices {
    /// The profiles of the files, in their order.
    pub profiles: Vec<String>,
    /// The containers of the files.
    pub containers: Vec<String>,
}

/// A question about a call.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CallAsk {
    /// The profile.
    pub of: Chosen,
    /// The container that runs under it.
    pub holder: Holder,
    /// The architecture that the call is made by, such as `x86`; empty for the node's own.
    pub arch: String,
    /// The call: its name, or its number.
    pub call: String,
    /// Its arguments, up to six: decimal, as `0x1f`, or names joined by `|`. One that is missing or empty is 0.
    pub arguments: Vec<String>,
}

/// What happens to a call.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallAnswer {
    /// What can be chosen.
    pub choices: Choices,
    /// The profile that was asked.
    pub of: Chosen,
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

/// Two profiles to be held beside each other.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ComparisonAsk {
    /// The first.
    pub left: Chosen,
    /// The second.
    pub right: Chosen,
    /// The container that runs under them.
    pub holder: Holder,
}

/// What two profiles do differently.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComparisonAnswer {
    /// What can be chosen.
    pub choices: Choices,
    /// The two that were compared.
    pub pair: Vec<Chosen>,
    /// What they are called.
    pub names: Vec<String>,
    /// What there is to know before the answer, and why there is none.
    pub notes: Vec<String>,
    /// By architecture, where one of the profiles has it; empty when they could not be compared.
    pub arches: Vec<ComparedArch>,
}

/// What two profiles do differently with the calls of one architecture.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComparedArch {
    /// The architecture.
    pub arch: String,
    /// Only the first (0) or the second (1) profile has it, and under the other every call by it kills the thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<usize>,
    /// How many of the known calls end alike, whatever their arguments are.
    pub same: usize,
    /// The others.
    pub differences: Vec<ComparedCall>,
}

/// A call that ends differently.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComparedCall {
    /// Its name, or from which number on there are such without one.
    pub call: String,
    /// For which arguments it is so, with an example; empty when for all.
    pub when: String,
    /// What the first profile does.
    pub left: String,
    /// What the second profile does.
    pub right: String,
    /// The second one lets it run where the first did not (1), the other way round (-1), or neither (0).
    pub laxer: i8,
}

/// What a profile is to be made of.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ProfileAsk {
    /// How it is made.
    pub from: Making,
    /// For [`Making::Calls`] and [`Making::Base`]: names of calls, the output of `strace`, with `-c` or without, or lines of
    /// the audit log.
    pub calls: String,
    /// For all but [`Making::Calls`]: the profile to begin with.
    pub base: Chosen,
    /// For [`Making::Merged`]: the other profile.
    pub other: Chosen,
    /// The container that it is for.
    pub holder: Holder,
    /// Written for Docker, Podman and CRI-O, which have a place for comments; else as every runtime reads it.
    pub docker: bool,
    /// Which program starts the container, whose own calls are allowed too.
    pub start: Starting,
    /// The container runs with `allowPrivilegeEscalation: false`, and fewer calls are needed to start it.
    pub no_new_privs: bool,
    /// What other C libraries and machines call in place of the calls is allowed too.
    pub portable: bool,
    /// Programs of the machine's other architectures are to run too, such as 32-bit ones.
    pub companions: bool,
    /// What happens to every other call.
    pub otherwise: Otherwise,
}

/// How a profile is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Making {
    /// It allows the calls that are named.
    #[default]
    Calls,
    /// The base without the calls that are not named; where none are, without what the capabilities of the container do not
    /// open.
    Base,
    /// What either of two profiles lets run.
    Merged,
    /// The same in as few entries as it takes.
    Smaller,
}

/// Which program starts a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Starting {
    /// runc.
    #[default]
    Runc,
    /// crun.
    Crun,
    /// Nothing is added.
    Nobody,
}

/// What happens to a call that no entry is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    /// It fails with EPERM.
    #[default]
    Fails,
    /// It ends the process.
    Kills,
    /// It runs and is logged, to see what is missing.
    Logs,
}

/// A profile that was made.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProfileAnswer {
    /// What can be chosen.
    pub choices: Choices,
    /// The base and the other profile.
    pub pair: Vec<Chosen>,
    /// The profile; empty when there is none.
    pub text: String,
    /// What there is to know: what the text was read as, what is missing, what could not be taken over.
    pub notes: Vec<String>,
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
    /// It depends on the version of the runtime, or on a capability that nobody can tell.
    Unknown,
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
