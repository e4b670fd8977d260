//! The files that AppArmor profiles of the tables include.

use std::borrow::Cow;

use watertight_apparmor::{Found, Includes, Presence};

use crate::corpus::Corpus;

/// Includes that lie in the folder of tables.
pub(crate) struct CorpusIncludes<'c> {
    corpus: &'c Corpus,
    /// Where `<path>` is looked up, in this order.
    roots: &'static [&'static str],
    /// Whether the parser ran in the folder that relative paths start from.
    relative: bool,
}

impl<'c> CorpusIncludes<'c> {
    pub(crate) fn new(corpus: &'c Corpus, roots: &'static [&'static str]) -> Self {
        Self { corpus, roots, relative: true }
    }

    /// The same for a parser that ran elsewhere, so that no relative path led anywhere.
    pub(crate) fn without_relative(corpus: &'c Corpus, roots: &'static [&'static str]) -> Self {
        Self { corpus, roots, relative: false }
    }

    fn at(&self, path: &str) -> Found<'_> {
        if let Some(text) = self.corpus.text(path) {
            return Found::Text(path.to_owned(), Cow::Owned(text));
        }
        let files = self.corpus.files(path);
        if files.is_empty() {
            return Found::Missing;
        }
        let direct = files.into_iter().filter(|file| file.rsplit_once('/').is_some_and(|(folder, _)| folder == path));
        let read = |file: String| self.corpus.text(&file).map(|text| (file, Cow::Owned(text)));
        Found::Folder(direct.filter_map(read).collect())
    }
}

impl Includes for CorpusIncludes<'_> {
    fn find(&self, path: &str, magic: bool) -> Found<'_> {
        // The parser ran in the folder `tst` that holds the tests: what is no magic path is looked up from there.
        let path = path.trim_end_matches('/');
        let path = path.strip_prefix("../tst/").filter(|_| !magic).unwrap_or(path);
        if !magic && !self.relative {
            return Found::Missing;
        }
        if path.is_empty() || path.starts_with('/') || path.starts_with("..") {
            return Found::Missing;
        }
        if !magic {
            return self.at(&format!("apparmor/{path}"));
        }
        let found = self.roots.iter().map(|root| self.at(&format!("apparmor/{root}/{path}")));
        found.into_iter().find(|found| !matches!(found, Found::Missing)).unwrap_or(Found::Missing)
    }

    fn abi(&self, path: &str, magic: bool) -> Presence {
        match self.find(path, magic) {
            Found::Text(..) => Presence::There,
            _ => Presence::Missing,
        }
    }
}
