//! The items of rules files as they stand after all files read so far: appended to, replaced, redefined.

use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;

use watertight_text::Span;

use super::message::Path;
use super::text::Text;

/// Where an item stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ItemPlace {
    /// Which file.
    pub file: u32,
    /// Which document of it.
    pub document: u32,
    /// Which item of the document's list.
    pub index: u32,
    /// The whole item.
    pub span: Span,
    /// Its name.
    pub name: Span,
}

/// What every item has.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// Where it was first defined, or last redefined.
    pub place: ItemPlace,
    /// Its rank: the number of the definition that first had the name.
    pub index: u32,
    /// The number of the last definition that touched it: it sees what has a lower rank.
    pub visibility: u32,
    /// The engine's way to it.
    pub path: Path,
}

/// A list.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// Name and place.
    pub head: Head,
    /// Its items.
    pub items: Vec<Text>,
}

/// A macro.
#[derive(Clone, Debug)]
pub struct MacroItem {
    /// Name and place.
    pub head: Head,
    /// Its condition.
    pub condition: Text,
    /// The engine's way to the condition.
    pub condition_path: Path,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct RuleItem {
    /// Name and place.
    pub head: Head,
    /// Its condition, without exceptions.
    pub condition: Text,
    /// The engine's way to the condition.
    pub condition_path: Path,
    /// Its output.
    pub output: Text,
    /// The engine's way to the output.
    pub output_path: Path,
    /// What it says it is for.
    pub description: String,
    /// How bad it is.
    pub priority: Priority,
    /// The source of events that it is for.
    pub source: String,
    /// Whether the source is none that is there.
    pub unknown_source: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether the engine warns of too many types of events.
    pub warn_evttypes: bool,
    /// Whether the engine passes over it when it names an unknown field.
    pub skip_if_unknown_filter: bool,
    /// Whether a capture is made when it fires.
    pub capture: bool,
    /// Its tags.
    pub tags: BTreeSet<String>,
    /// Its exceptions.
    pub exceptions: Exceptions,
}

/// The exceptions of a rule.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    list: Vec<Exception>,
    /// The first of each name. There may be thousands.
    by_name: HashMap<String, usize>,
}

impl Exceptions {
    /// The first of that name.
    pub(super) fn named(&mut self, name: &str) -> Option<&mut Exception> {
        self.list.get_mut(*self.by_name.get(name)?)
    }

    pub(super) fn push(&mut self, exception: Exception) {
        self.by_name.entry(exception.name.clone()).or_insert(self.list.len());
        self.list.push(exception);
    }

    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Exception> {
        self.list.iter_mut()
    }
}

impl From<Vec<Exception>> for Exceptions {
    fn from(list: Vec<Exception>) -> Self {
        let mut all = Self::default();
        list.into_iter().for_each(|exception| all.push(exception));
        all
    }
}

impl Deref for Exceptions {
    type Target = [Exception];

    fn deref(&self) -> &[Exception] {
        &self.list
    }
}

/// An exception of a rule.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Its name.
    pub name: String,
    /// The fields that it looks at.
    pub fields: Entry,
    /// How they are compared.
    pub comps: Entry,
    /// What they are compared with, a row for each case.
    pub values: Vec<Entry>,
    /// The engine's way to it.
    pub path: Path,
    /// Where it stands: file and bytes.
    pub place: (u32, Span),
}

/// A scalar, or a list of such entries.
#[derive(Clone, Debug, Default)]
pub enum Entry {
    /// Neither: the engine takes it for an empty text.
    #[default]
    Nothing,
    /// A scalar.
    One(Text),
    /// A list.
    Many(Vec<Self>),
}

impl Entry {
    /// Whether it says anything.
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::One(text) => !text.text.is_empty(),
            Self::Many(items) => !items.is_empty(),
        }
    }

    /// The text of a scalar; nothing for all else.
    pub fn text(&self) -> &str {
        match self {
            Self::One(text) => &text.text,
            Self::Nothing | Self::Many(_) => "",
        }
    }
}

/// How bad it is that a rule fired.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Priority {
    /// The worst.
    Emergency,
    /// Needs an answer at once.
    Alert,
    /// Critical.
    Critical,
    /// Error.
    Error,
    /// Warning.
    Warning,
    /// Notice.
    Notice,
    /// Informational.
    Informational,
    /// Debug.
    Debug,
}

impl Priority {
    /// All of them, the worst first.
    pub const ALL: &[Self] = &[
        Self::Emergency,
        Self::Alert,
        Self::Critical,
        Self::Error,
        Self::Warning,
        Self::Notice,
        Self::Informational,
        Self::Debug,
    ];

    /// As the engine writes it in events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emergency => "Emergency",
            Self::Alert => "Alert",
            Self::Critical => "Critical",
            Self::Error => "Error",
            Self::Warning => "Warning",
            Self::Notice => "Notice",
            Self::Informational => "Informational",
            Self::Debug => "Debug",
        }
    }

    /// The priority of a word, in any case. `Info` is short for `Informational`.
    pub fn of(word: &str) -> Option<Self> {
        if word.eq_ignore_ascii_case("info") {
            return Some(Self::Informational);
        }
        Self::ALL.iter().copied().find(|one| one.name().eq_ignore_ascii_case(word))
    }
}
