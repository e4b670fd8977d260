//! What the worker is asked, and what for.

use watertight_worker::message::{File, Request};

use super::{ApparmorPurpose, Effect, ExplorePurpose, FalcoPurpose, LessonPurpose, SeccompPurpose, State};
use crate::files::FileKey;

/// What a question is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The findings.
    Analyse {
        /// [`State::stamp`].
        stamp: u64,
    },
    /// The hardened texts.
    Harden {
        /// [`State::stamp`].
        stamp: u64,
    },
    /// The escape map.
    Map {
        /// [`State::stamp`].
        stamp: u64,
        /// The pod.
        pod: usize,
    },
    /// What a capability or a folder opens.
    Explore(ExplorePurpose),
    /// AppArmor profiles, asked and made.
    Apparmor(ApparmorPurpose),
    /// Seccomp profiles, asked.
    Seccomp(SeccompPurpose),
    /// Falco rules, tried.
    Falco(FalcoPurpose),
    /// Lessons.
    Lesson(LessonPurpose),
    /// A fix of the map, to make it.
    MapFix {
        /// What it does.
        title: String,
        /// The file.
        key: FileKey,
        /// [`State::stamp`].
        stamp: u64,
    },
    /// A fix, to show it or to make it.
    Fix {
        /// The finding, by its place in the report.
        finding: usize,
        /// Which of its fixes.
        fix: usize,
        /// The file.
        key: FileKey,
        /// [`State::stamp`].
        stamp: u64,
        /// Whether to make it without showing it first.
        at_once: bool,
    },
    /// The indentation of a text.
    Restore {
        /// The file.
        key: FileKey,
        /// [`State::stamp`].
        stamp: u64,
    },
    /// What a rule is about.
    Explain {
        /// Its id.
        rule: String,
    },
}

impl Purpose {
    /// Questions of one slot supersede each other.
    pub fn slot(&self) -> Option<u32> {
        match self {
            Self::Analyse { .. } => Some(0),
            Self::Harden { .. } => Some(1),
            Self::Fix { at_once: false, .. } => Some(2),
            Self::Restore { .. } => Some(3),
            Self::Map { .. } => Some(4),
            Self::Explore(purpose) => purpose.slot(),
            Self::Apparmor(purpose) => purpose.slot(),
            Self::Seccomp(purpose) => purpose.slot(),
            Self::Falco(purpose) => purpose.slot(),
            Self::Lesson(purpose) => purpose.slot(),
            Self::Fix { at_once: true, .. } | Self::Explain { .. } | Self::MapFix { .. } => None,
        }
    }

    /// The bit of its slot among those that wait; none for what nothing on the screen depends on.
    pub(super) fn bit(&self) -> u64 {
        self.slot().and_then(|slot| 1_u64.checked_shl(slot)).unwrap_or(0)
    }
}

/// A question to the worker, with what it is asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// What for.
    pub purpose: Purpose,
    /// The question.
    pub request: Request,
}

impl State {
    pub(super) fn ask(&self, purpose: Purpose, request: Request, out: &mut Vec<Effect>) {
        out.push(Effect::Ask { question: Box::new(Question { purpose, request }), more_time: self.more_time });
    }

    pub(super) fn messages(&self) -> Vec<File> {
        self.files.iter().map(|file| File { name: file.name.to_string(), text: file.text.to_string() }).collect()
    }
}
