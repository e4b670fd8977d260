//! Rules files: reading them in order into one set, as the engine does, with its codes and texts.
//!
//! The engine stops at the first error of a file and does not look at the files behind it. We go on, so that everything is
//! seen at once; [`FileResult`] keeps apart what the engine says and what it would say later.

mod budget;
mod build;
mod code;
mod collect;
mod decode;
mod exceptions;
mod item;
mod lists;
mod macros;
mod message;
mod output;
mod overrides;
mod read;
mod schema;
mod text;
mod version;

pub use build::{Built, Own, Rule};
pub(crate) use build::{checks, fields_of, operand_fields};
pub use code::Code;
pub use collect::{Indexed, Items, SYSCALL};
pub use item::{Entry, Exception, Head, ItemPlace, ListItem, MacroItem, Priority, RuleItem};
pub use lists::LONGEST;
pub use macros::{DEPTH, SIZE};
pub use message::{FileResult, Message, Path, Step};
pub use output::{OutputError, Token, tokens};
pub use read::{LIST_KEYS, MACRO_KEYS, RULE_KEYS, Requirements, is_bare, is_identifier};
pub use text::{ScalarText, Text, Texts};
pub use version::{ENGINE, Release, Version};

use budget::{Budget, multiplying_alias};
use watertight_yaml::{Kind, Stream};

/// A set of rules from files that were read in order.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// What the engine says of each file.
    pub files: Vec<FileResult>,
    /// Lists, macros and rules after the last file.
    pub items: Items,
    /// What the files ask for.
    pub requirements: Requirements,
    /// Texts and scalars, for finding places.
    pub texts: Texts,
    /// The rules that are ready to be evaluated, and the macros.
    pub built: Built,
}

impl RuleSet {
    /// Whether the engine loads all files.
    pub fn is_loaded(&self) -> bool {
        self.files.iter().all(|file| file.loads() == Some(true))
    }

    /// The rules that are ready, with what their items say.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, &RuleItem)> {
        let items = &self.items.rules;
        self.built.rules.iter().filter_map(|rule| Some((rule, items.at(rule.index)?)))
    }
}

/// Reads files in order and builds their rules after each, as the engine does.
pub fn load<'a, 't: 'a>(files: impl IntoIterator<Item = &'a Stream<'t>>) -> RuleSet {
    load_all(&files.into_iter().collect::<Vec<_>>())
}

fn load_all(files: &[&Stream<'_>]) -> RuleSet {
    let mut set = RuleSet::default();
    let mut failed = false;
    let mut bytes = 0;
    for (index, stream) in files.iter().enumerate() {
        bytes += stream.documents.first().map_or(0, |document| document.text().len());
        let budget = Budget::of(bytes);
        let mut result = FileResult { reached: !failed, schema_valid: schema_valid(stream), ..FileResult::default() };
        let mut reader = read::Reader {
            file: u32::try_from(index).unwrap_or(u32::MAX),
            items: &mut set.items,
            texts: &mut set.texts,
            result: &mut result,
            requirements: &mut set.requirements,
        };
        reader.read(stream);
        set.built = build::build(&set.items, &mut set.texts, &mut result, budget);
        failed |= result.loads() == Some(false);
        set.files.push(result);
    }
    set.texts.order();
    set
}

fn schema_valid(stream: &Stream<'_>) -> Option<bool> {
    let broken = |problem: &watertight_yaml::Problem| problem.kind.is_fatal_to_all();
    let problems = stream.problems.iter().chain(stream.documents.iter().flat_map(|document| &document.problems));
    if problems.into_iter().any(broken) {
        return None;
    }
    if stream.documents.iter().any(|document| multiplying_alias(document).is_some()) {
        return None;
    }
    let roots = stream.documents.iter().filter_map(|document| document.root());
    let roots: Vec<_> = roots.filter(|root| root.kind() != Kind::Null).collect();
    (!roots.is_empty()).then(|| roots.into_iter().all(schema::is_valid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reader_of_falco_takes() {
        // As yaml-cpp 0.7 answers.
        let is_read = |text: &str| {
            let set = load([&watertight_yaml::parse(text)]);
            set.files.iter().flat_map(|file| &file.errors).all(|error| error.code != Code::YamlParse)
        };
        for text in [
            "- list: a\n  items: [\"x\\/y\"]\n",
            "- list: a\n  items: [.inf, !!int x]\n",
            "- list: a\n  items: []\n  \t\n",
            "- list: a\n  items: [b]\n  ~: 1\n",
        ] {
            assert!(is_read(text), "{text}");
        }
        for text in ["- list: a\n\titems: []\n", "- list: a\n  items: [*b]\n", "- list: a\n  items: [b\n"] {
            assert!(!is_read(text), "{text}");
        }
    }
}
