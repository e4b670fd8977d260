//! Reading the rules files that were named.

use std::path::Path;

use watertight::text::LineIndex;
use watertight_falco::rules::{Message, RuleSet, load};

use super::RuleFiles;
use crate::input::{Source, Unusable};
use crate::output::complain;
use crate::visible::visible;

/// Rules that Falco loads.
pub(crate) struct Rules {
    pub(crate) set: RuleSet,
}

impl Rules {
    /// Reads and loads the files. `None` when that does not work; then it has been said why.
    pub(crate) fn read(files: &RuleFiles) -> Option<Self> {
        let mut texts = Vec::new();
        for path in &files.rules {
            texts.push(text(path)?);
        }
        let streams: Vec<_> = texts.iter().map(|text| watertight_yaml::parse(text)).collect();
        let set = load(&streams);
        if set.is_loaded() {
            return Some(Self { set });
        }
        for (file, path) in set.files.iter().zip(&files.rules).filter(|(file, _)| file.reached) {
            for message in &file.errors {
                let reason = format!("{}: {}", message.code.name(), visible(message.message.trim()));
                complain(&Unusable { name: place(message, path, &files.rules, &texts), reason });
            }
        }
        None
    }

    /// The name of a rule by its place among the items.
    pub(crate) fn name(&self, index: usize) -> &str {
        self.set.items.rules.at(index).map_or("", |rule| &rule.head.name)
    }
}

/// File and line of what is complained about.
fn place(message: &Message, path: &Path, paths: &[std::path::PathBuf], texts: &[String]) -> String {
    let last = message.path.last().map(|step| (step.file, step.span));
    let Some((file, span)) = message.place.or(last) else { return path.to_string_lossy().into_owned() };
    let path = paths.get(file as usize).map_or(path, |path| path.as_path());
    let line = texts.get(file as usize).map_or(0, |text| LineIndex::new(text).line_of(span.start));
    format!("{}:{}", path.to_string_lossy(), line + 1)
}

fn text(path: &Path) -> Option<String> {
    let source = Source::of(path);
    let read = source.read().map_err(|reason| complain(&Unusable { name: source.name(), reason }));
    read.map(|piece| piece.text).ok()
}
