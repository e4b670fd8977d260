//! Includes: whose texts come from elsewhere.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Place, Resolver, SOURCES, TOTAL};
use crate::parse::{parse, parse_rules};
use crate::policy::{SourceId, Unknown};
use crate::refusal::Code;
use crate::tree::{Entry, Include};

/// What stands behind the name of an include.
#[derive(Clone, Debug)]
pub enum Found<'f> {
    /// A file: a name that stays the same however it is referred to, and its text.
    Text(String, Cow<'f, str>),
    /// A folder: the name and the text of each file in it. Hidden files and those that package managers leave behind are
    /// passed over.
    Folder(Vec<(String, Cow<'f, str>)>),
    /// Nothing: the parser refuses the text, unless it says `if exists`.
    Missing,
    /// Nobody can say.
    Unknown,
}

/// Whether a file is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Yes.
    There,
    /// No.
    Missing,
    /// Nobody can say.
    Unknown,
}

/// Where the texts of includes come from. The core opens no file.
pub trait Includes {
    /// What `include <path>` (magic) or `include "path"` refers to.
    fn find(&self, path: &str, magic: bool) -> Found<'_>;

    /// Whether the feature set of `abi <path>` (magic) or `abi "path"` is there.
    fn abi(&self, path: &str, magic: bool) -> Presence;
}

/// What package managers and editors leave behind; such files of a folder are not taken in.
const LEFT_BEHIND: &[&str] = &[
    ".dpkg-new",
    ".dpkg-old",
    ".dpkg-dist",
    ".dpkg-bak",
    ".dpkg-remove",
    ".pacsave",
    ".pacnew",
    ".rpmnew",
    ".rpmsave",
    ".orig",
    ".rej",
    "~",
];

fn is_taken(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hidden = name.is_empty() || name.starts_with('.') || name == "README";
    !hidden && !LEFT_BEHIND.iter().any(|end| name.ends_with(end))
}

impl Resolver<'_> {
    /// An include among profiles.
    pub(super) fn include(&mut self, include: &Include, place: Place, cache: &mut HashSet<String>) {
        let (texts, unknown) = self.texts(include, place, cache);
        self.policy.unknown.extend(unknown);
        for (text, inner) in texts {
            let parsed = parse(&text);
            self.adopt(parsed.refusals, inner);
            self.items(&parsed.file.items, inner, cache);
        }
    }

    /// An include among rules: their entries, each with its place.
    pub(super) fn included_entries(
        &mut self,
        include: &Include,
        place: Place,
        cache: &mut HashSet<String>,
    ) -> (Vec<(Vec<Entry>, Place)>, Option<Unknown>) {
        let (texts, unknown) = self.texts(include, place, cache);
        let mut all = Vec::new();
        for (text, inner) in texts {
            let (entries, refusals) = parse_rules(&text);
            self.adopt(refusals, inner);
            all.push((entries, inner));
        }
        (all, unknown)
    }

    fn texts(
        &mut self,
        include: &Include,
        place: Place,
        cache: &mut HashSet<String>,
    ) -> (Vec<(String, Place)>, Option<Unknown>) {
        let origin = place.origin(include.span);
        let path = &include.path.value;
        let files: Vec<(String, String)> = match self.includes.find(path, include.magic) {
            Found::Text(name, text) => vec![(name, text.into_owned())],
            Found::Folder(files) => files
                .into_iter()
                .filter(|(name, _)| is_taken(name))
                .map(|(name, text)| (name, text.into_owned()))
                .collect(),
            Found::Missing => {
                if !include.if_exists {
                    let mut message = String::from("The include `");
                    message.push_str(path);
                    message.push_str("` does not exist.");
                    self.refuse(Code::Include, origin, message);
                }
                Vec::new()
            }
            Found::Unknown => {
                let unknown = Unknown { name: path.clone(), origin };
                return (Vec::new(), Some(unknown));
            }
        };
        let shown = origin.shown;
        let mut texts = Vec::new();
        for (name, text) in files {
            // A second include of the same file in the same block is passed over, which also ends loops.
            if !cache.insert(name.clone()) {
                continue;
            }
            self.taken += text.len();
            self.symbols.budget.grow(text.len());
            if self.policy.sources.len() >= SOURCES || self.taken > TOTAL {
                self.refuse(Code::Limit, origin, "The includes are too many or too large; the rest is not looked at.");
                return (texts, None);
            }
            let source = SourceId(u32::try_from(self.policy.sources.len()).unwrap_or(u32::MAX));
            self.policy.sources.push(name);
            texts.push((text, Place { source, shown: Some(shown) }));
        }
        (texts, None)
    }
}
