//! What lint rules look at, and how they point at places and offer changes.

use std::cell::OnceCell;

use watertight_diagnostic::{FileId, Fix, Location, Operation, Rewrite, Route, Safety};
use watertight_text::Span;
use watertight_yaml::{Node, Stream};

use crate::condition::{Check, Expr, ExprKind, Place};
use crate::rules::{ItemPlace, ListItem, RuleSet, Text};

/// A file of rules.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its number in the report.
    pub id: FileId,
    /// Its text.
    pub text: &'a str,
    /// Its documents.
    pub stream: &'a Stream<'a>,
}

/// How far behind an operator a word is looked for, in bytes. The comparisons of an exception share their operator.
const FAR: usize = 2_000;

/// A loaded set of rules with its files.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The set.
    pub set: &'a RuleSet,
    /// The files, in the order in which they were loaded.
    pub files: &'a [File<'a>],
    /// The items of each file in the order of their bytes, for finding those around a place.
    items: OnceCell<Vec<Vec<(ItemPlace, Node<'a>)>>>,
}

impl<'a> Subject<'a> {
    /// A set with its files, in the order in which they were loaded.
    pub fn new(set: &'a RuleSet, files: &'a [File<'a>]) -> Self {
        Self { set, files, items: OnceCell::new() }
    }

    /// A file of the set by its place in the order.
    pub(super) fn file(&self, file: u32) -> Option<&'a File<'a>> {
        self.files.get(file as usize)
    }

    /// A location at bytes of a file.
    pub(super) fn location(&self, (file, span): (u32, Span), label: &str) -> Location {
        let id = self.file(file).map_or(FileId::default(), |file| file.id);
        Location { file: id, span, route: None, label: label.to_owned() }
    }

    /// A location at a place of a condition.
    pub(super) fn at(&self, place: Place, label: &str) -> Location {
        self.location(self.set.texts.locate(place).unwrap_or_default(), label)
    }

    /// The way to an item of a rules file.
    pub(super) fn route(place: ItemPlace) -> Route {
        Route::root(place.document as usize).index(place.index as usize)
    }

    /// Calls `look` with each comparison of each condition as it was read, macros not followed, and with its place.
    pub(super) fn own_checks(&self, look: &mut dyn FnMut(&'a Check, Place)) {
        fn visit<'e>(expr: &'e Expr, look: &mut dyn FnMut(&'e Check, Place)) {
            if let ExprKind::Check(check) = &expr.kind {
                look(check, expr.place);
            }
            expr.children().iter().for_each(|child| visit(child, look));
        }
        self.set.built.own.iter().for_each(|own| visit(&own.condition, look));
    }

    /// The text of a place of a condition.
    pub(super) fn text_of(&self, place: Place) -> Option<&'a str> {
        let text = self.set.texts.texts.get(place.text as usize)?;
        text.text.get(place.span.range())
    }

    /// The word of the file behind an operator, and where it stands.
    fn word_behind(&self, operator: Place) -> Option<(u32, Span, &'a str)> {
        let (file, span) = self.set.texts.locate(operator)?;
        let rest = self.file(file)?.text.get(span.end as usize..)?;
        let rest = rest.get(..rest.floor_char_boundary(FAR))?;
        let start = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let end = rest.find([' ', '\t', '\n', '\r', '(', ')', ',', '=', '"', '\'']).unwrap_or(rest.len());
        let at = span.end as usize + start;
        Some((file, Span::new(at, at + end), rest.get(..end)?))
    }

    /// The word of the file behind an operator.
    pub(super) fn at_behind(&self, operator: Place) -> Location {
        let (file, span, _) = self.word_behind(operator).unwrap_or_default();
        self.location((file, span), "")
    }

    /// The list whose name stands in the file behind an operator.
    pub(super) fn list_behind(&self, operator: Place) -> Option<&'a ListItem> {
        let (_, _, word) = self.word_behind(operator)?;
        self.set.items.lists.get(word)
    }

    /// Another text for the word of the file behind an operator.
    pub(super) fn replace_behind(&self, operator: Place, text: &str) -> Option<(u32, Rewrite)> {
        let (file, span, _) = self.word_behind(operator)?;
        self.rewrite(file, span, text)
    }

    /// The item of a file that holds these bytes.
    pub(super) fn item_at(&self, (file, span): (u32, Span)) -> Option<(ItemPlace, Node<'a>)> {
        let items = self.items.get_or_init(|| (0..).zip(self.files).map(|(file, one)| items(file, one)).collect());
        let items = items.get(file as usize)?;
        let at = items.partition_point(|(place, _)| place.span.start <= span.start).checked_sub(1)?;
        items.get(at).copied().filter(|(place, _)| place.span.contains(span))
    }

    /// Another text for a part of a condition, where the file says just what the condition says.
    pub(super) fn replace(&self, place: Place, text: &str) -> Option<(u32, Rewrite)> {
        let texts: Vec<&str> = self.files.iter().map(|file| file.text).collect();
        let (file, span) = self.set.texts.locate_exactly(place, &texts)?;
        self.rewrite(file, span, text)
    }

    /// A text in front of a part of a condition.
    pub(super) fn before(&self, place: Place, text: &str) -> Option<(u32, Rewrite)> {
        let first = Place { span: Span { end: place.span.start + 1, ..place.span }, ..place };
        let (file, span) = self.exact_byte(first)?;
        self.rewrite(file, Span::at(span.start as usize), text)
    }

    /// A text behind a part of a condition.
    pub(super) fn after(&self, place: Place, text: &str) -> Option<(u32, Rewrite)> {
        let last = Place { span: Span { start: place.span.end.checked_sub(1)?, ..place.span }, ..place };
        let (file, span) = self.exact_byte(last)?;
        self.rewrite(file, Span::at(span.end as usize), text)
    }

    fn exact_byte(&self, place: Place) -> Option<(u32, Span)> {
        let texts: Vec<&str> = self.files.iter().map(|file| file.text).collect();
        self.set.texts.locate_exactly(place, &texts)
    }

    /// Other bytes in a file, when they can stand in the scalar there as they are.
    pub(super) fn rewrite(&self, file: u32, span: Span, text: &str) -> Option<(u32, Rewrite)> {
        let source = self.file(file)?.text;
        let expect = source.get(span.range())?.to_owned();
        self.set.texts.takes(file, span, text).then(|| (file, Rewrite { span, expect, text: text.to_owned() }))
    }

    /// A fix of rewrites in one file; none when one of them cannot be made or they lie in several files.
    pub(super) fn fix<const N: usize>(
        &self,
        title: impl Into<String>,
        safety: Safety,
        rewrites: [Option<(u32, Rewrite)>; N],
    ) -> Option<Fix> {
        let mut all = Vec::with_capacity(N);
        let mut of = None;
        for rewrite in rewrites {
            let (file, rewrite) = rewrite?;
            if of.replace(file).is_some_and(|before| before != file) {
                return None;
            }
            all.push(rewrite);
        }
        let file = self.file(of?)?.id;
        Some(Fix { title: title.into(), safety, level: None, file, operations: Vec::new(), rewrites: all })
    }

    /// A fix of operations on an item's keys.
    pub(super) fn operations(
        &self,
        title: impl Into<String>,
        safety: Safety,
        file: u32,
        operations: Vec<Operation>,
    ) -> Option<Fix> {
        let file = self.file(file)?.id;
        Some(Fix { title: title.into(), safety, level: None, file, operations, rewrites: Vec::new() })
    }

    /// Where the last character of a scalar's value stands, for adding to it.
    pub(super) fn append_to(&self, text: &Text, addition: &str) -> Option<(u32, Rewrite)> {
        let (file, span) = self.set.texts.last_character(text)?;
        self.rewrite(file, Span::at(span.end as usize), addition)
    }
}

/// The items of a file in the order of their bytes.
fn items<'a>(file: u32, of: &File<'a>) -> Vec<(ItemPlace, Node<'a>)> {
    let roots = (0..).zip(&of.stream.documents).filter_map(|(at, document)| Some((at, document.root()?)));
    let items = roots.flat_map(|(document, root)| {
        (0..)
            .zip(root.items())
            .map(move |(index, item)| (ItemPlace { file, document, index, span: item.span(), name: item.span() }, item))
    });
    items.collect()
}
