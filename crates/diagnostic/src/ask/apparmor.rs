//! Questions about AppArmor: what a profile decides, and profiles made of pods and of logs.

use serde::{Deserialize, Serialize};

use crate::Rewrite;
use crate::report::Place;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApparmorAsk {
    /// What a profile decides.
    Decide {
        /// The profile, as an index into [`Decided::profiles`]; `None` for the first.
        profile: Option<usize>,
        /// Operations, one a line: `file /etc/passwd r`, `network inet stream`, a line of the audit log. `start static`
        /// and `start dynamic` ask for the start of a program. With `allow`, `deny` or `unknown` in front the answer is
        /// held against that.
        lines: String,
    },
    /// A profile for a container of the files.
    Generate {
        /// The container, as an index into [`Generated::containers`]; `None` for the first.
        container: Option<usize>,
        /// How much is left to it.
        strictness: Strictness,
        /// Whether the profile only logs what it would refuse.
        #[serde(default)]
        complain: bool,
        /// Whether every node has AppArmor 4.0 or newer.
        #[serde(default)]
        newest: bool,
        /// What it needs beside that, one thing a line: a rule, a line of the audit log, or `read`, `write` or `run` with a
        /// path.
        #[serde(default)]
        needs: String,
    },
    /// The rules that a log asks for, added to the profiles of the files.
    Learn {
        /// Lines of the kernel's log, of auditd or of the journal.
        log: String,
    },
}

/// How much a generated profile leaves to a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Strictness {
    /// As much as the runtimes' own default profiles leave, without their holes.
    Familiar,
    /// Everything may be read and every program of the image started; written is where the pod lets it.
    #[default]
    Careful,
    /// What the pod names, and what every program needs.
    Tight,
}

/// The answer, in the kind of the question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ApparmorAnswer {
    /// To [`ApparmorAsk::Decide`].
    Decided(Decided),
    /// To [`ApparmorAsk::Generate`].
    Generated(Generated),
    /// To [`ApparmorAsk::Learn`].
    Learnt(Learnt),
}

/// What a profile decides.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decided {
    /// The profiles that can be asked: those of the files in their order, then the runtimes' own.
    pub profiles: Vec<String>,
    /// Which of them was asked; `None` when there is none of that index.
    pub profile: Option<usize>,
    /// What there is to know of it before its answers: its flags, and why it would not be loaded.
    pub notes: Vec<String>,
    /// One entry an operation.
    pub answers: Vec<Answered>,
}

/// How an operation ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It works, as far as AppArmor is asked.
    Allow,
    /// The program gets an error.
    Deny,
    /// It depends on something that was not given.
    Unknown,
}

impl Outcome {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome of that word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Allow, Self::Deny, Self::Unknown].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// One answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answered {
    /// The line it stands in, from 1.
    pub line: u32,
    /// The operation as it was asked.
    pub asked: String,
    /// How it ends; `None` when the line is none that can be asked, which `why` then says.
    pub outcome: Option<Outcome>,
    /// What the line expects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Outcome>,
    /// Why, as sentences.
    pub why: String,
    /// Whether a line appears in the audit log.
    pub logged: bool,
    /// The rules that decide.
    pub rules: Vec<Deciding>,
    /// A rule that would let it through, where one would help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
}

/// A rule that decides.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deciding {
    /// As it is written.
    pub text: String,
    /// Whether it refuses.
    pub denies: bool,
    /// Where it stands; `None` in a runtime's own profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A profile that was made, and how it comes to act.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Generated {
    /// The containers that a profile can be made for.
    pub containers: Vec<String>,
    /// Which of them it is for; `None` when there is none.
    pub container: Option<usize>,
    /// The profile's name.
    pub name: String,
    /// The file.
    pub text: String,
    /// The profile of that name that the files hold already: its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// What was asked for and is not in it, as sentences.
    pub notes: Vec<String>,
    /// How it comes to act.
    pub load: Vec<Load>,
    /// The file of the container, asking for the profile; `None` where it asks for it already, or where that has to be
    /// written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking: Option<Changed>,
}

/// One way to load a profile, or to ask for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Load {
    /// What it is.
    pub title: String,
    /// What to type, or to apply.
    pub text: String,
    /// What there is to know, as sentences.
    pub notes: Vec<String>,
}

/// What a log asks for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Learnt {
    /// The rules, each once.
    pub rules: Vec<Wanted>,
    /// Lines of AppArmor's that are cut off, from 1.
    pub broken: Vec<u32>,
    /// The files with the rules added.
    pub files: Vec<Changed>,
}

/// A rule that a log asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wanted {
    /// The profile that needs it.
    pub profile: String,
    /// The rule.
    pub rule: String,
    /// How many lines ask for it.
    pub count: usize,
    /// Whether it is added.
    pub added: bool,
    /// What there is to know, or why it is not added.
    pub notes: Vec<String>,
}

/// A file that is changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changed {
    /// The file.
    pub file: u32,
    /// What changes in it.
    pub rewrites: Vec<Rewrite>,
    /// Its text then.
    pub text: String,
}
