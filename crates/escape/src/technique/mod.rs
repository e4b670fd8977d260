//! The known ways out of a container, as data.
//!
//! They stand in `data/techniques.txt`: one a paragraph, its id first, then lines of a word and a value.
//!
//! | word | value |
//! | --- | --- |
//! | `name`, `why` | what people call it, and why it works |
//! | `outcome`, `effort`, `severity` | what it wins; `configuration`, `bug` or `information`; how bad it is alone |
//! | `open` | a fact of the pod that it needs, or several with a bar between them of which one is enough; `!` negates |
//! | `cap` | a capability that it needs and the security module has to let it use, or several of which one is enough |
//! | `userns` | root inside has to be root outside; `unmapped` says that it is about files that no user namespace maps |
//! | `seccomp` | a system call that has to pass, with its first argument, or several of which one is enough |
//! | `lsm` | what AppArmor or SELinux has to let pass: `mount`, `ptrace`, `read:@` or `write:@` below the mounted path, where root inside also has to be root to the files of the node |
//! | `node` | a setting of the node that it needs |
//! | `version` | a component that has to have a bug that wins as much: its name, or `runtime` for all that make containers; behind it the control that stops the bugs that are meant |
//! | `sandbox` | the sandboxes that stop it; with a question mark those of which nobody knows, with an exclamation mark those that let disks through |
//! | `remains` | nearly every pod has it; without a value |
//! | `attack` | MITRE ATT&CK ids |
//! | `unseen` | why no attempt at it is known that Falco could see, as a sentence |
//! | `falco` | a published Falco rule that sees it, with its maturity |
//!
//! All lines have to hold for the way to be open; each line belongs to one [`Layer`].

mod read;

pub(crate) use read::term;

use std::sync::OnceLock;

use watertight_diagnostic::Severity;
pub use watertight_diagnostic::ask::escape::{Effort, Outcome};

use watertight_knowledge::path::NodePath;

use crate::{Layer, facts};

/// A known way out.
#[derive(Clone, PartialEq, Debug)]
pub struct Technique {
    /// Stable id.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it wins.
    pub outcome: Outcome,
    /// What it takes.
    pub effort: Effort,
    /// How bad it is, alone.
    pub severity: Severity,
    /// Why it works.
    pub why: &'static str,
    /// What it needs, all of it, in the order of [`Layer::ALL`].
    pub needs: Vec<Need>,
    /// Whether nearly every pod has it, so that it is named as what remains and not as a fault.
    pub remains: bool,
    /// MITRE ATT&CK ids.
    pub attack: Vec<&'static str>,
    /// Published Falco rules that see it, each with its maturity in brackets.
    pub falco: Vec<&'static str>,
    /// Why no attempt at it is known that Falco could see, as a sentence; empty where one is.
    pub unseen: &'static str,
}

/// One line that has to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Need {
    /// Who decides it.
    pub layer: Layer,
    /// One of these is enough.
    pub any: Vec<Term>,
    /// The number of [`Need::any`]: needs that ask the same have the same.
    pub(crate) question: usize,
}

/// A fact, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// Its kind: the word before the colon, or all of it.
    pub name: &'static str,
    /// What stands behind the colon; empty where nothing does.
    pub value: &'static str,
    /// Whether the opposite is needed.
    pub negated: bool,
}

impl Technique {
    /// Whether it works by what is configured, and not only with a bug or with what nearly every pod has.
    pub fn is_fault(&self) -> bool {
        self.effort != Effort::Bug && !self.remains
    }
}

impl Technique {
    /// Whether one of its needs names this capability, without `CAP_`.
    pub fn asks_for_capability(&self, name: &str) -> bool {
        self.terms().any(|term| term.name == "cap" && term.value == name)
    }

    /// Whether one of its needs is about what a mount of this folder of the node brings.
    pub fn asks_for_path(&self, path: &NodePath) -> bool {
        self.terms().any(|term| matches!(term.name, "read" | "write") && facts::brings(path, term.value))
    }

    fn terms(&self) -> impl Iterator<Item = &Term> {
        self.needs.iter().flat_map(|need| &need.any).filter(|term| !term.negated)
    }
}

/// Every known way.
pub fn all() -> &'static [Technique] {
    static ALL: OnceLock<Vec<Technique>> = OnceLock::new();
    ALL.get_or_init(|| read::read(include_str!("../../data/techniques.txt")))
}

/// How many different questions the needs of all ways ask.
pub(crate) fn questions() -> usize {
    let needs = all().iter().flat_map(|technique| &technique.needs);
    needs.map(|need| need.question + 1).max().unwrap_or_default()
}

/// The way of an id.
pub fn by_id(id: &str) -> Option<&'static Technique> {
    all().iter().find(|technique| technique.id == id)
}
