//! Falco in the report: which texts are rules and which are events, and what is found in them. Beside the report, [`falco()`]
//! says what the rules do with events.

mod ask;
mod events;
mod explain;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use watertight_diagnostic::report::InputKind;
use watertight_diagnostic::{FileId, Finding};
use watertight_falco::coverage::coverage;
use watertight_falco::lint::{File, Subject, findings as lint};
use watertight_falco::restore::looks_flat;
use watertight_falco::rules::{RuleSet, load};
use watertight_yaml::{Kind, Node, Stream};

use crate::source::Source;
pub use ask::falco;
pub(crate) use events::{findings as of_events, is_events};

/// What is said of all files of rules together.
#[derive(Debug, Default)]
pub(crate) struct Said {
    found: HashMap<FileId, Vec<Finding>>,
    /// How many of the known escape attempts they see, of how many; asked only where there are pods to escape from.
    seen: Option<(usize, usize)>,
}

const HEADS: [&str; 5] = ["rule", "macro", "list", "required_engine_version", "required_plugin_versions"];

/// Whether a text is a file of rules: a list of items that begin as only those do.
pub(crate) fn is_rules(text: &str, stream: &Stream<'_>) -> bool {
    let mut roots = stream.documents.iter().filter_map(|document| document.root());
    roots.any(is_list_of_rules) || looks_flat(text)
}

fn is_list_of_rules(root: Node<'_>) -> bool {
    let is_item = |node: Node<'_>| HEADS.iter().any(|key| node.entry(key).is_some()) && node.entry("kind").is_none();
    match root.kind() {
        Kind::Sequence => root.items().take(1_000).any(is_item),
        // The dash is forgotten easily.
        Kind::Mapping => is_item(root) && (root.entry("condition").is_some() || root.entry("items").is_some()),
        _ => false,
    }
}

/// What is found in a file of rules. All files are loaded together, in their order, as Falco does.
pub(crate) fn findings(source: &Source<'_>, all: &[Source<'_>]) -> Vec<Finding> {
    said(all).and_then(|said| said.found.get(&source.id)).cloned().unwrap_or_default()
}

/// How many of the known escape attempts the rules among the files see, of how many. `None` without rules or without pods.
pub(crate) fn seen(all: &[Source<'_>]) -> Option<(usize, usize)> {
    said(all)?.seen
}

fn said<'s>(all: &'s [Source<'_>]) -> Option<&'s Said> {
    let first = all.iter().find(|source| source.kind == InputKind::FalcoRules)?;
    Some(first.falco.get_or_init(|| say(all)))
}

fn say(all: &[Source<'_>]) -> Said {
    let loaded = Loaded::new(all);
    let mut said = Said::default();
    for finding in lint(&loaded.subject()) {
        said.found.entry(finding.primary.file).or_default().push(finding);
    }
    if all.iter().any(|source| !source.objects.pods.is_empty()) {
        let attempts = coverage(&loaded.set);
        said.seen = Some((attempts.iter().filter(|attempt| !attempt.is_gap()).count(), attempts.len()));
    }
    said
}

/// The rules of all files together, loaded in their order as Falco does.
pub(crate) struct Loaded<'a> {
    pub(crate) set: RuleSet,
    files: Vec<File<'a>>,
}

impl<'a> Loaded<'a> {
    pub(crate) fn new(all: &'a [Source<'_>]) -> Self {
        let sources = || all.iter().filter(|source| source.kind == InputKind::FalcoRules);
        let file = |source: &'a Source<'_>| File { id: source.id, text: source.input.text, stream: &source.stream };
        Self { set: load(sources().map(|source| &source.stream)), files: sources().map(file).collect() }
    }

    pub(crate) fn subject(&self) -> Subject<'_> {
        Subject::new(&self.set, &self.files)
    }

    /// Which file of the input a file of the set is.
    pub(crate) fn id(&self, file: u32) -> Option<FileId> {
        self.files.get(file as usize).map(|file| file.id)
    }
}
