//! What comes out of a question.

use std::sync::Arc;

use super::exec::Next;
use crate::policy::Origin;
use crate::tree::Perms;

/// Whether it works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It works, as far as AppArmor is asked.
    Allowed,
    /// The program gets an error.
    Denied,
    /// It depends on something that was not given; see [`Reason`].
    Unknown,
}

/// Why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Rules allow it.
    Rule,
    /// A `deny` rule refuses it.
    DenyRule,
    /// No rule speaks of it, and what no rule allows is refused.
    NoRule,
    /// No rule speaks of it and the profile is in `complain` mode: it goes through and is logged.
    Complain,
    /// No rule speaks of it and the profile allows what it does not deny.
    DefaultAllow,
    /// The profile confines nothing.
    Unconfined,
    /// A user is asked.
    Prompt,
    /// The feature set of the profile does not know this class, so that the kernel does not look.
    NotMediated,
    /// It depends on includes that were not given.
    Includes(Arc<[String]>),
    /// A pattern is too large to be followed.
    TooLarge,
    /// The rules contradict each other and the profile is not loaded.
    Refused,
    /// A hard link needs `l` on the new name, and there is none.
    LinkNotAllowed,
    /// A hard link would be allowed more than its target.
    LinkNotSubset,
    /// The program may be started, but the profile it should go over to is not there.
    NoSuchProfile,
}

/// A rule that decided, and which way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Deciding {
    /// Its place among the profile's rules.
    pub rule: u32,
    /// Where it stands.
    pub origin: Origin,
    /// Whether it refuses.
    pub denies: bool,
    /// The letters that it decided, for files.
    pub perms: Perms,
}

/// What comes out of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Whether it works.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// Whether a line appears in the audit log.
    pub logged: bool,
    /// The rules that decided.
    pub rules: Vec<Deciding>,
    /// For files: the letters that are missing.
    pub missing: Perms,
    /// For a started program: under which profile it runs.
    pub next: Option<Next>,
    /// For a started program: whether its environment is scrubbed.
    pub scrubbed: bool,
}

impl Verdict {
    pub(super) fn new(outcome: Outcome, reason: Reason) -> Self {
        let logged = outcome == Outcome::Denied;
        Self { outcome, reason, logged, rules: Vec::new(), missing: Perms::NONE, next: None, scrubbed: false }
    }

    /// Whether it works for certain.
    pub fn allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }

    /// One sentence on why.
    pub fn words(&self) -> String {
        let quiet = if self.logged { "" } else { " The refusal leaves no line in the log." };
        match &self.reason {
            Reason::Rule => "A rule allows it and no rule denies it.".to_owned(),
            Reason::DenyRule => ["A `deny` rule refuses it; a `deny` beats every `allow` of the same priority.", quiet].concat(),
            Reason::NoRule => "No rule allows it, and what no rule allows is refused.".to_owned(),
            Reason::Complain => "No rule allows it, but the profile is in complain mode: it goes through and is logged.".to_owned(),
            Reason::DefaultAllow => "No rule denies it, and this profile allows what it does not deny.".to_owned(),
            Reason::Unconfined => "The profile is marked `unconfined`: it names the task and confines nothing.".to_owned(),
            Reason::Prompt => "The user is asked, where a service for that is running.".to_owned(),
            Reason::NotMediated => {
                "The feature set (`abi`) of this profile does not know this kind of operation, so the kernel does not look."
                    .to_owned()
            }
            Reason::Includes(names) => {
                let mut out = String::from("It depends on what stands in ");
                out.push_str(&names.join(", "));
                out.push_str(", which was not given.");
                out
            }
            Reason::TooLarge => "A pattern in this profile is too large to be followed.".to_owned(),
            Reason::Refused => "Rules of this profile contradict each other, so that it cannot be loaded.".to_owned(),
            Reason::LinkNotAllowed => "A hard link needs `l` on its new name and a rule for the pair of names.".to_owned(),
            Reason::LinkNotSubset => {
                "The new name would be allowed more than the file is allowed under its old name.".to_owned()
            }
            Reason::NoSuchProfile => {
                "The rule sends the program to another profile, which the text does not hold.".to_owned()
            }
        }
    }
}
