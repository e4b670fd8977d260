//! From a tree of changes to text edits.

mod block;
mod children;
mod finish;
mod flow;
mod indent;
mod news;
mod replace;
mod shared;
mod slot;

use serde_json::Value;
use watertight_diagnostic::Step;
use watertight_text::{Edit, Span};

use self::flow::spaced;
use self::indent::document_indent;
use self::news::{News, quoting};
use self::slot::{Slot, SlotKind};
use super::change::{self, Change, Inside};
use super::render::{Flow, Indent, Out};
use super::share::{self, Shared};
use super::source::{Reason, Source};
use crate::{CollectionStyle, Document, Kind, Node};

/// The edits that carry out a change of a document.
pub(super) fn emit(doc: &Document<'_>, change: &Change) -> Result<Vec<Edit>, Reason> {
    let src = Source::new(doc);
    let Some(root) = doc.root() else {
        return Ok(fill_empty(&src, &change::build(change)));
    };
    let shared = share::decide(doc, change, &src.keys);
    let json = src.style(root) == Some(CollectionStyle::Flow)
        && (doc.json || serde_json::from_str::<Value>(root.span().slice(src.text)).is_ok());
    let indent = document_indent(&src, root);
    let flow = json.then(|| Flow { json: true, spaced: spaced(&src, root), ..Flow::INLINE });
    let slot = Slot { kind: SlotKind::Root, mark: root.span().range().start, column: 0, colon: true, flow, indent };
    let mut emitter = Emitter {
        src,
        shared,
        json,
        removals: Vec::new(),
        behind_keeping: Vec::new(),
        edits: Vec::new(),
        ends_in_scalar: false,
        closing: None,
    };
    // First what grows in the place of an alias: what is added to its parents comes behind it.
    if !emitter.shared.replaced.is_empty() || !emitter.shared.stripped.is_empty() {
        emitter.share(root, &slot, super::MOST_STEPS)?;
    }
    emitter.change(root, change, &slot)?;
    emitter.finish()
}

/// The whole text of a document that holds nothing.
fn fill_empty(src: &Source<'_>, value: &Value) -> Vec<Edit> {
    let indent = Indent { mapping: 2, list: 2, item: 2 };
    let lines = Out::Value(value.clone()).block(indent).join(src.newline);
    let end = src.doc.span.range().end;
    let bare = end == src.line_start(end);
    let text = if bare { format!("{lines}{}", src.newline) } else { format!("{}{lines}", src.newline) };
    vec![Edit::insert(end, text)]
}

struct Emitter<'d> {
    src: Source<'d>,
    shared: Shared,
    json: bool,
    removals: Vec<(usize, usize)>,
    /// Where removals begin that have a block scalar above them to which blank lines below it belong.
    behind_keeping: Vec<usize>,
    edits: Vec<Edit>,
    /// What stays in front of something that goes is a block scalar, whose value has the line break at its end.
    ends_in_scalar: bool,
    /// Makes the last block scalar of the text say that no line break belongs to it.
    closing: Option<(usize, Edit)>,
}

impl<'d> Emitter<'d> {
    fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.edits.push(Edit::insert(at, text));
    }

    fn overwrite(&mut self, start: usize, end: usize, text: impl Into<String>) {
        self.edits.push(Edit::replace(Span::new(start, end), text));
    }

    fn remove(&mut self, start: usize, end: usize) {
        if start < end {
            self.removals.push((start, end));
        }
    }

    fn change(&mut self, node: Node<'d>, change: &Change, slot: &Slot) -> Result<(), Reason> {
        if self.shared.done.contains(&node.id()) {
            return Ok(());
        }
        let inside = match change {
            Change::Set(value) => return self.replace(node, &Out::Value(value.clone()), slot),
            Change::Remove => return Err("The whole document cannot be removed; remove what is in it.".to_owned()),
            Change::Inside(inside) if inside.is_empty() => return Ok(()),
            Change::Inside(inside) => inside,
        };
        if node.is_alias() {
            let out = self.overlay(node, change, inside);
            return self.replace(node, &out, slot);
        }
        if node.is_null() {
            return self.replace(node, &Out::Value(change::build(change)), slot);
        }
        match self.src.style(node) {
            Some(style) => self.inside(node, inside, slot, style),
            None => Err(format!("Here is {}, so nothing can be put inside it.", node.kind().described())),
        }
    }

    /// What stands in place of an alias when its use alone changes.
    fn overlay(&self, alias: Node<'d>, change: &Change, inside: &Inside) -> Out {
        let target = alias.content();
        let merges = target.kind() == Kind::Mapping
            && inside.children.iter().all(|(_, change)| *change != Change::Remove)
            && !self.shared.copied.contains(&alias.id());
        if !merges {
            return Out::Value(change::apply(change, Some(target)));
        }
        let keys = inside.children.iter().filter_map(|(step, change)| match step {
            Step::Key(key) => Some((key.to_string(), change::apply(change, self.src.keys.get(target, key)))),
            Step::Index(_) => None,
        });
        Out::Overlay(alias.span().slice(self.src.text).trim_start_matches('*').to_owned(), keys.collect())
    }

    /// Changes inside a collection that is written here.
    fn inside(&mut self, node: Node<'d>, inside: &Inside, slot: &Slot, style: CollectionStyle) -> Result<(), Reason> {
        let elements = self.src.elements(node)?;
        if elements.is_empty() {
            return self.replace(node, &Out::Value(change::build(&Change::Inside(inside.clone()))), slot);
        }
        let slots = self.child_slots(node, &elements, slot, style);
        let mut removed = vec![false; elements.len()];
        let news = if node.kind() == Kind::Mapping {
            News::Entries(self.change_entries(node, inside, &elements, &slots, &mut removed)?)
        } else {
            let quoted = quoting(&elements);
            News::Items(self.change_items(inside, &elements, &slots, &mut removed)?, quoted)
        };
        let all = removed.iter().all(|&removed| removed);
        if all && !news.is_empty() && style == CollectionStyle::Flow {
            let (span, flow) = (node.span().range(), self.flow_of(node, &elements, slot));
            let text = Out::Value(news.into_value()).flow(&flow, self.src.newline, None);
            self.overwrite(span.start, span.end, text);
            return Ok(());
        }
        if style == CollectionStyle::Flow {
            let flow = self.flow_of(node, &elements, slot);
            self.rewrite_flow(node, &elements, &removed, &news, &flow);
            return Ok(());
        }
        let column = self.src.block_column(node);
        if all && news.is_empty() {
            self.collapse(node, &elements, column, slot);
            return Ok(());
        }
        if all {
            self.supersede(&elements, &news.lines(slots.indent), column);
            return Ok(());
        }
        self.remove_block(&elements, &removed, column);
        let kept = elements.iter().zip(&removed).rev().find(|(_, removed)| !**removed);
        let gone_behind = removed.last().copied().unwrap_or_default();
        if kept.is_some_and(|(kept, _)| gone_behind && self.src.block_scalar(self.src.last_leaf(kept.value))) {
            self.ends_in_scalar = true;
        }
        if let (Some((last, _)), false) = (kept, news.is_empty()) {
            let indent = slots.indent;
            self.insert_block(last, &news.lines(indent), column);
        }
        Ok(())
    }
}
