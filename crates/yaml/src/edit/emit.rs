//! From a tree of changes to text edits.

use std::collections::BTreeMap;
use watertight_text::sort;

use serde_json::Value;
use watertight_diagnostic::Step;
use watertight_text::{Edit, Span};

use super::change::{self, Change, Inside};
use super::render::{self, Flow, Indent, Out};
use super::share::{self, Shared};
use super::source::{Element, Reason, Source};
use super::view;
use crate::{CollectionStyle, Document, Kind, Node, ScalarStyle};

/// A flow collection stays one when its new text is not longer than this.
const WIDTH: usize = 100;

/// The edits that carry out a change of a document.
pub(super) fn emit(doc: &Document<'_>, change: &Change) -> Result<Vec<Edit>, Reason> {
    let src = Source::new(doc);
    let Some(root) = doc.root() else {
        return Ok(fill_empty(&src, &change::build(change)));
    };
    let shared = share::decide(doc, change);
    let json = src.style(root) == Some(CollectionStyle::Flow)
        && (doc.json || serde_json::from_str::<Value>(root.span().slice(src.text)).is_ok());
    let indent = document_indent(&src, root);
    let flow = json.then(|| Flow { json: true, spaced: spaced(&src, root), ..Flow::INLINE });
    let slot = Slot { kind: SlotKind::Root, mark: root.span().range().start, column: 0, colon: true, flow, indent };
    let mut emitter =
        Emitter { src, shared, json, removals: Vec::new(), edits: Vec::new(), ends_in_scalar: false, closing: None };
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum SlotKind {
    Root,
    Key,
    Item,
}

/// The place that a node fills: what a new node has to fit into.
#[derive(Clone)]
struct Slot {
    kind: SlotKind,
    /// Right behind the `:` or `-`.
    mark: usize,
    /// Whether a flow key has its colon.
    colon: bool,
    /// Of the keys or dashes round it.
    column: usize,
    /// Inside a flow collection: how it is written.
    flow: Option<Flow>,
    /// How things are indented here.
    indent: Indent,
}

struct Emitter<'d> {
    src: Source<'d>,
    shared: Shared,
    json: bool,
    removals: Vec<(usize, usize)>,
    edits: Vec<Edit>,
    /// What stays in front of something that goes is a block scalar, whose value has the line break at its end.
    ends_in_scalar: bool,
    /// Makes the last block scalar of the text say that no line break belongs to it.
    closing: Option<(usize, Edit)>,
}

/// New entries of a mapping or new items of a list.
enum News {
    Entries(Vec<(String, Value)>),
    /// With the way the texts beside them are quoted.
    Items(Vec<Value>, Option<ScalarStyle>),
}

impl News {
    fn is_empty(&self) -> bool {
        match self {
            Self::Entries(entries) => entries.is_empty(),
            Self::Items(items, _) => items.is_empty(),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Entries(entries) => Value::Object(entries.into_iter().collect()),
            Self::Items(items, _) => Value::Array(items),
        }
    }

    fn lines(&self, indent: Indent) -> Vec<String> {
        match self {
            Self::Entries(entries) => {
                entries.iter().flat_map(|(key, value)| render::entry(key, &Out::Value(value.clone()), indent)).collect()
            }
            Self::Items(items, siblings) => {
                items.iter().flat_map(|value| render::item(&Out::Value(value.clone()), indent, *siblings)).collect()
            }
        }
    }

    fn flow(&self, style: &Flow, newline: &str) -> Vec<String> {
        match self {
            Self::Entries(entries) => {
                entries.iter().map(|(key, value)| render::flow_entry(key, value, style, newline)).collect()
            }
            Self::Items(items, siblings) => {
                items.iter().map(|value| render::flow_value(value, style, newline, *siblings)).collect()
            }
        }
    }
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
            Step::Key(key) => Some((key.to_string(), change::apply(change, target.get(key)))),
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

    fn change_entries(
        &mut self,
        node: Node<'d>,
        inside: &Inside,
        elements: &[Element<'d>],
        slots: &ChildSlots,
        removed: &mut [bool],
    ) -> Result<Vec<(String, Value)>, Reason> {
        let mut news = Vec::new();
        let expanded = share::expands(node, inside);
        if expanded {
            for (entry, removed) in node.written_entries().zip(removed.iter_mut()) {
                *removed |= view::is_merge(&entry);
            }
            for entry in view::entries(node).into_iter().filter(|entry| entry.merged) {
                let name = entry.name().into_owned();
                if written(node, &name) {
                    return Err(format!("A merge key overrides `{name}`, which is written here too."));
                }
                match inside.key(&name) {
                    Some(Change::Remove) => {}
                    Some(change) => news.push((name, change::apply(change, Some(entry.value)))),
                    None => news.push((name, view::json(entry.value))),
                }
            }
        }
        // A list of all names is worth its while only when many are asked for.
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, entry) in node.written_entries().enumerate() {
            if !view::is_merge(&entry) {
                by_name.entry(entry.name().into_owned()).or_default().push(place);
            }
        }
        for (step, change) in &inside.children {
            let Step::Key(name) = step else { continue };
            if self.shared.merged.contains(&(node.id(), name.to_string())) {
                continue;
            }
            let places = by_name.get(name.as_ref()).map(Vec::as_slice).unwrap_or_default();
            let merged = node.entry(name).filter(|entry| entry.merged);
            if *change == Change::Remove {
                for &place in places {
                    if let Some(removed) = removed.get_mut(place) {
                        *removed = true;
                    }
                }
                continue;
            }
            match (merged, places.last().and_then(|&place| elements.get(place))) {
                (Some(_), None) if expanded => {}
                (Some(entry), None) => news.push((name.to_string(), change::apply(change, Some(entry.value)))),
                (Some(_), Some(_)) => {
                    return Err(format!("A merge key below overrides `{name}`, which is written here too."));
                }
                (None, None) => news.push((name.to_string(), change::build(change))),
                (None, Some(element)) => {
                    if matches!(change, Change::Inside(inside) if inside.alone) {
                        let others = places.split_last().map(|(_, others)| others).unwrap_or_default();
                        for &place in others {
                            if let Some(removed) = removed.get_mut(place) {
                                *removed = true;
                            }
                        }
                    }
                    let slot = slots.slot(&self.src, element, SlotKind::Key);
                    self.change(element.value, change, &slot)?;
                }
            }
        }
        Ok(news)
    }

    fn change_items(
        &mut self,
        inside: &Inside,
        elements: &[Element<'d>],
        slots: &ChildSlots,
        removed: &mut [bool],
    ) -> Result<Vec<Value>, Reason> {
        let mut grown = BTreeMap::new();
        for (step, change) in &inside.children {
            let Step::Index(index) = step else { continue };
            match (elements.get(*index), removed.get_mut(*index)) {
                (Some(_), Some(removed)) if *change == Change::Remove => *removed = true,
                (Some(element), _) => {
                    let slot = slots.slot(&self.src, element, SlotKind::Item);
                    self.change(element.value, change, &slot)?;
                }
                _ if *change == Change::Remove => {}
                _ => {
                    grown.insert(*index, change::build(change));
                }
            }
        }
        Ok(grown.into_values().chain(inside.appends.iter().cloned()).collect())
    }

    fn child_slots(&self, node: Node<'d>, elements: &[Element<'d>], slot: &Slot, style: CollectionStyle) -> ChildSlots {
        let flow = (style == CollectionStyle::Flow).then(|| self.flow_of(node, elements, slot));
        let column = if flow.is_none() { self.src.block_column(node) } else { slot.column };
        let indent = if flow.is_none() {
            local_indent(&self.src, elements, node.kind(), column, slot.indent)
        } else {
            slot.indent
        };
        ChildSlots { flow, column, indent }
    }

    /// Takes lines out of a block collection of which something stays.
    fn remove_block(&mut self, elements: &[Element<'d>], removed: &[bool], column: usize) {
        let mut floor = 0;
        let mut ranges = Vec::new();
        let mut inline = None;
        let mut keeping = false;
        for (place, (element, removed)) in elements.iter().zip(removed).enumerate() {
            let mut end = self.src.next_line(self.src.tail(element.end, column));
            if !removed {
                keeping = self.src.ends_keeping(element.value);
            } else if keeping {
                // Blank lines below would become part of the value above.
                end = self.src.skip_blank_lines(end);
            }
            if *removed {
                if place == 0 && !self.src.first_on_line(element.start) {
                    inline = Some((element.start, end));
                } else {
                    ranges.push((self.src.lead(element.start, column, floor), end));
                }
            }
            floor = end;
        }
        // The first key stands behind a dash: what stays next moves up to it.
        if let Some((start, mut end)) = inline {
            loop {
                if let Some(&(_, to)) = ranges.iter().find(|(from, to)| *from <= end && end < *to) {
                    end = to;
                    continue;
                }
                let rest = self.src.text.get(end..).unwrap_or_default();
                let next = end + rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
                if next == end {
                    break;
                }
                end = next;
            }
            ranges.retain(|&(from, _)| from >= end);
            ranges.push((start, end));
        }
        self.removals.extend(ranges);
    }

    /// Takes everything out of a block collection.
    fn collapse(&mut self, node: Node<'d>, elements: &[Element<'d>], column: usize, slot: &Slot) {
        let empty = if node.kind() == Kind::Mapping { "{}" } else { "[]" };
        let mut floor = 0;
        for (place, element) in elements.iter().enumerate() {
            let tail = self.src.tail(element.end, column);
            let end = self.src.next_line(tail);
            let own_line = self.src.first_on_line(element.start);
            if place == 0 && (!own_line || slot.kind == SlotKind::Root) {
                self.overwrite(element.start, tail, empty);
                if own_line {
                    let lead = self.src.lead(element.start, column, floor);
                    self.remove(lead, self.src.line_start(element.start));
                }
            } else {
                self.remove(self.src.lead(element.start, column, floor), end);
                if place == 0 {
                    self.insert(self.src.props_end(node, slot.mark), format!(" {empty}"));
                }
            }
            floor = end;
        }
    }

    /// Puts new elements in the place of all old ones of a block collection.
    fn supersede(&mut self, elements: &[Element<'d>], lines: &[String], column: usize) {
        let mut floor = 0;
        for (place, element) in elements.iter().enumerate() {
            let tail = self.src.tail(element.end, column);
            let own_line = self.src.first_on_line(element.start);
            let lead = self.src.lead(element.start, column, floor);
            if place > 0 {
                self.remove(lead, self.src.next_line(tail));
            } else {
                if own_line {
                    self.remove(lead, self.src.line_start(element.start));
                }
                let text = lines.join(&format!("{}{:column$}", self.src.newline, ""));
                self.overwrite(element.start, tail, text);
            }
            floor = self.src.next_line(tail);
        }
    }

    fn insert_block(&mut self, last: &Element<'d>, lines: &[String], column: usize) {
        let at = self.src.tail(last.end, column);
        if at == self.src.text.len() {
            self.keep_open_scalar(last.value);
        }
        let mut text = String::new();
        for line in lines {
            text.push_str(self.src.newline);
            text.extend(std::iter::repeat_n(' ', column));
            text.push_str(line);
        }
        self.insert(at, text);
    }

    /// A block scalar that ends the text without a line break has none in its value either. Now that a line follows, its
    /// header has to say so.
    fn keep_open_scalar(&mut self, node: Node<'d>) {
        let node = self.src.last_leaf(node);
        if !self.src.block_scalar(node) {
            return;
        }
        let start = node.span().range().start;
        let header = self.src.slice(start, self.src.line_end(start));
        let header = header.split('#').next().unwrap_or_default();
        if header.contains('-') || node.written().is_some_and(|text| text.ends_with('\n')) {
            return;
        }
        let edit = match header.find('+') {
            Some(keep) => Edit::replace(Span::new(start + keep, start + keep + 1), "-"),
            None => Edit::insert(start + 1, "-"),
        };
        self.closing = Some((start, edit));
    }

    /// Removes an anchor or a tag with the blank that parts it from its neighbour.
    fn remove_prop(&mut self, span: Span) {
        let Span { start, end } = span;
        let (start, end) = (start as usize, end as usize);
        let next = self.src.skip_blanks(end);
        if next == self.src.line_end(end) || self.src.byte(next) == Some(b'#') {
            let before = self.src.slice(self.src.line_start(start), start);
            self.remove(start - (before.len() - before.trim_end_matches([' ', '\t']).len()), end);
        } else {
            self.remove(start, next);
        }
    }

    /// Puts something else in the place of a node.
    fn replace(&mut self, node: Node<'d>, out: &Out, slot: &Slot) -> Result<(), Reason> {
        if let Some(tag) = node.tag() {
            self.remove_prop(tag);
        }
        let fresh_void = self.src.is_void(node);
        if let Some(flow) = &slot.flow {
            self.replace_in_flow(node, out, slot, flow, fresh_void);
            return Ok(());
        }
        let span = node.span().range();
        let old = if node.is_alias() { None } else { node.scalar_style() };
        if out.is_inline() {
            let old = node.as_str().and(old);
            self.replace_inline(node, &out.inline(old), slot, fresh_void);
            return Ok(());
        }
        let nonempty = self.src.style(node) == Some(CollectionStyle::Flow) && !self.src.elements(node)?.is_empty();
        if nonempty && let Out::Value(_) = out {
            let elements = self.src.elements(node)?;
            let style = Flow { lines: None, ..self.flow_of(node, &elements, slot) };
            let text = out.flow(&style, self.src.newline, None);
            if self.src.column(span.start) + text.len() <= WIDTH {
                self.overwrite(span.start, span.end, text);
                return Ok(());
            }
        }
        self.replace_by_block(node, out, slot, fresh_void);
        Ok(())
    }

    fn replace_in_flow(&mut self, node: Node<'d>, out: &Out, slot: &Slot, flow: &Flow, void: bool) {
        let old = if node.is_alias() || node.as_str().is_none() { None } else { node.scalar_style() };
        let text = out.flow(flow, self.src.newline, old);
        let span = node.span().range();
        if !void {
            self.overwrite(span.start, span.end, text);
        } else if slot.colon {
            self.insert(self.src.props_end(node, slot.mark), format!(" {text}"));
        } else {
            self.insert(slot.mark, format!(": {text}"));
        }
    }

    /// The first line of an element that stays where a block node begins, and the place behind its last line.
    fn extent(&self, node: Node<'d>) -> (usize, usize) {
        let column = self.src.block_column(node);
        let start = match node.written_entries().next() {
            Some(entry) => self.src.start_with_props(entry.key),
            None => node.span().range().start,
        };
        (start, self.src.tail(self.src.end_of(node, node.span().range().start), column))
    }

    fn header_end(&self, scalar: Node<'d>) -> usize {
        let start = scalar.span().range().start;
        let line = self.src.slice(start, self.src.line_end(start));
        start + line.find([' ', '\t']).unwrap_or(line.len())
    }

    /// The lines of a block scalar below its header.
    fn remove_body(&mut self, scalar: Node<'d>) {
        let start = scalar.span().range().start;
        let end = self.src.end_of(scalar, start);
        if end > self.src.line_end(start) {
            self.remove(self.src.next_line(start), self.src.next_line(end));
        }
    }

    fn replace_inline(&mut self, node: Node<'d>, text: &str, slot: &Slot, void: bool) {
        let span = node.span().range();
        let head = self.src.props_end(node, slot.mark);
        if void {
            let space = if slot.kind == SlotKind::Root { "" } else { " " };
            self.insert(head, format!("{space}{text}"));
        } else if self.src.block_scalar(node) {
            self.overwrite(span.start, self.header_end(node), text);
            self.remove_body(node);
        } else if self.src.style(node) == Some(CollectionStyle::Block) {
            let (start, tail) = self.extent(node);
            if slot.kind == SlotKind::Root || self.src.line_start(start) == self.src.line_start(slot.mark) {
                self.overwrite(start, tail, text);
            } else {
                self.insert(head, format!(" {text}"));
                self.remove(self.src.next_line(head), self.src.next_line(tail));
            }
        } else {
            self.overwrite(span.start, span.end, text);
        }
    }

    fn replace_by_block(&mut self, node: Node<'d>, out: &Out, slot: &Slot, void: bool) {
        let span = node.span().range();
        let head = self.src.props_end(node, slot.mark);
        let style = self.src.style(node);
        let same_line = !void && self.src.line_start(span.start) == self.src.line_start(slot.mark);
        let lines = out.block(slot.indent);
        let newline = self.src.newline;
        let joined = |column: usize, lines: &[String]| {
            let mut text = String::new();
            for line in lines {
                text.push_str(newline);
                text.extend(std::iter::repeat_n(' ', column));
                text.push_str(line);
            }
            text
        };
        let block = style == Some(CollectionStyle::Block);
        let in_place = slot.kind == SlotKind::Root || slot.kind == SlotKind::Item && (void || same_line);
        let anchored = out.anchor().is_some();
        if in_place && !anchored {
            let (first, rest) = match lines.split_first() {
                Some((first, rest)) => (first.as_str(), rest),
                None => ("", lines.as_slice()),
            };
            if block {
                let (start, tail) = self.extent(node);
                self.overwrite(start, tail, format!("{first}{}", joined(self.src.column(start), rest)));
            } else if void {
                let gap = if slot.kind == SlotKind::Root { 0 } else { slot.indent.item - 1 };
                self.insert(head, format!("{:gap$}{first}", ""));
                let column = if slot.kind == SlotKind::Root { 0 } else { slot.column + slot.indent.item };
                self.insert(self.src.line_end(head), joined(column, rest));
            } else if slot.kind == SlotKind::Root && !self.src.first_on_line(span.start) {
                let before = self.src.slice(self.src.line_start(span.start), span.start);
                self.remove(span.start - (before.len() - before.trim_end_matches([' ', '\t']).len()), span.end);
                self.insert(self.src.line_end(span.end), joined(0, &lines));
            } else {
                let column = self.src.column(span.start);
                let scalar = self.src.block_scalar(node);
                let end = if scalar { self.header_end(node) } else { span.end };
                self.overwrite(span.start, end, first);
                self.insert(self.src.line_end(end), joined(column, rest));
                if scalar {
                    self.remove_body(node);
                }
            }
            return;
        }
        let offset = match slot.kind {
            SlotKind::Root => 0,
            SlotKind::Key if out.is_list() => slot.indent.list,
            SlotKind::Key => slot.indent.mapping,
            SlotKind::Item => slot.indent.item,
        };
        let is_list = node.kind() == Kind::Sequence;
        let column = if block && !same_line && is_list == out.is_list() {
            self.src.block_column(node)
        } else {
            slot.column + offset
        };
        let text = joined(column, &lines);
        let anchor = out.anchor().map(|name| format!(" &{name}")).unwrap_or_default();
        if void {
            self.insert(head, anchor);
            self.insert(self.src.line_end(head), text);
        } else if self.src.block_scalar(node) {
            self.insert(head, anchor);
            self.remove(head, self.header_end(node));
            self.insert(self.src.line_end(span.start), text);
            self.remove_body(node);
        } else if block {
            let (start, tail) = self.extent(node);
            if same_line {
                self.insert(head, anchor);
                self.remove(head, tail);
                self.insert(tail, text);
            } else {
                let _ = start;
                self.insert(head, anchor);
                self.insert(self.src.line_end(head), text);
                self.remove(self.src.next_line(head), self.src.next_line(tail));
            }
        } else {
            self.insert(head, anchor);
            self.remove(head, span.end);
            self.insert(self.src.line_end(span.end), text);
        }
    }

    /// How a flow collection is written.
    fn flow_of(&self, node: Node<'d>, elements: &[Element<'d>], slot: &Slot) -> Flow {
        let span = node.span().range();
        let outer = slot.flow.as_ref();
        let quoted = node
            .written_entries()
            .next()
            .is_some_and(|entry| !entry.key.is_alias() && entry.key.scalar_style() == Some(ScalarStyle::DoubleQuoted));
        let json = self.json || outer.is_some_and(|flow| flow.json) || quoted;
        let blank = |at: usize| matches!(self.src.byte(at), Some(b' ' | b'\t' | b'\r' | b'\n'));
        let colon = elements.iter().find(|element| element.colon).map(|element| blank(element.mark));
        let comma = elements.iter().find_map(|element| element.comma).map(|comma| blank(comma + 1));
        let spaced = colon.or(comma).unwrap_or_else(|| outer.is_none_or(|flow| flow.spaced));
        let padded = self.src.byte(span.start) == Some(b'{') && self.src.byte(span.start + 1) == Some(b' ');
        let lines = elements.last().filter(|element| self.src.first_on_line(element.start)).map(|element| {
            let outer = self.src.line_indent(span.start);
            let inner = self.src.line_indent(element.start);
            (outer.to_owned(), inner.strip_prefix(outer).unwrap_or("  ").to_owned())
        });
        // The bracket of a nested collection may stand on the line of a dash: measure from the elements then.
        Flow { json, padded, spaced, lines }
    }

    fn rewrite_flow(&mut self, node: Node<'d>, elements: &[Element<'d>], removed: &[bool], news: &News, flow: &Flow) {
        let span = node.span().range();
        let Some(kept) = removed.iter().rposition(|removed| !removed) else {
            self.overwrite(span.start + 1, span.end.saturating_sub(1), "");
            return;
        };
        let lead = |src: &Source<'d>, place: usize, start: usize| {
            let floor = place.checked_sub(1).and_then(|before| elements.get(before));
            let floor = floor.map_or(span.start, |before| before.comma.unwrap_or(before.end));
            if src.first_on_line(start) { src.lead(start, src.column(start), src.next_line(floor)) } else { start }
        };
        for (place, element) in elements.iter().enumerate().take(kept) {
            if !removed.get(place).copied().unwrap_or_default() {
                continue;
            }
            let Some(next) = elements.get(place + 1) else { continue };
            let both = self.src.first_on_line(element.start) && self.src.first_on_line(next.start);
            if both {
                self.remove(lead(&self.src, place, element.start), lead(&self.src, place + 1, next.start));
            } else {
                self.remove(element.start, next.start);
            }
        }
        let (Some(last), Some(end)) = (elements.get(kept), elements.last()) else { return };
        let mut comma = last.comma;
        if let Some(first) = elements.get(kept + 1) {
            let trailing = end.comma.is_some();
            let behind = end.comma.map_or(end.end, |comma| comma + 1);
            if self.src.first_on_line(first.start) {
                let closing = self.src.skip_blanks(behind);
                let alone = closing == self.src.line_end(behind) || self.src.byte(closing) == Some(b'#');
                let start = lead(&self.src, kept + 1, first.start);
                if alone {
                    self.remove(start, self.src.next_line(behind));
                } else {
                    self.remove(start, closing);
                }
                if let (Some(at), false) = (comma, trailing) {
                    self.remove(at, at + 1);
                    comma = None;
                }
            } else {
                self.remove(last.end, end.end);
                comma = None;
            }
        }
        if news.is_empty() {
            return;
        }
        let newline = self.src.newline;
        let Some((outer, unit)) = &flow.lines else {
            let separator = if flow.spaced { ", " } else { "," };
            let text = news.flow(flow, newline).join(separator);
            self.insert(last.end, format!("{separator}{text}"));
            return;
        };
        let inner = format!("{outer}{unit}");
        let style = Flow { lines: Some((inner.clone(), unit.clone())), ..flow.clone() };
        let text = news.flow(&style, newline).join(&format!(",{newline}{inner}"));
        let behind = comma.map_or(last.end, |comma| comma + 1);
        let blank = self.src.skip_blanks(behind);
        let alone = blank == self.src.line_end(behind) || self.src.byte(blank) == Some(b'#');
        let at = if alone { self.src.line_end(behind) } else { behind };
        if comma.is_some() {
            self.insert(at, format!("{newline}{inner}{text},"));
        } else {
            self.insert(last.end, ",");
            self.insert(at, format!("{newline}{inner}{text}"));
        }
    }

    /// Replaces the aliases and takes away the anchors that sharing decided about, wherever they stand.
    fn share(&mut self, node: Node<'d>, slot: &Slot, levels: usize) -> Result<(), Reason> {
        if let Some(out) = self.shared.replaced.remove(&node.id()) {
            return self.replace(node, &out, slot);
        }
        if self.shared.stripped.contains(&node.id())
            && let Some(anchor) = node.anchor()
        {
            self.remove_prop(anchor);
        }
        let Some(style) = self.src.style(node) else { return Ok(()) };
        if !self.wanted_below(node) {
            return Ok(());
        }
        let Some(levels) = levels.checked_sub(1) else {
            return Err("Another use of this anchor lies too deep to be changed along.".to_owned());
        };
        let elements = self.src.elements(node)?;
        let slots = self.child_slots(node, &elements, slot, style);
        let kind = if node.kind() == Kind::Mapping { SlotKind::Key } else { SlotKind::Item };
        for element in &elements {
            let slot = slots.slot(&self.src, element, kind);
            self.share(element.value, &slot, levels)?;
        }
        Ok(())
    }

    /// Whether something to be shared anew stands in a node, by its place in the text.
    fn wanted_below(&self, node: Node<'d>) -> bool {
        let start = node.span().range().start;
        let end = self.src.end_of(node, start).max(node.span().range().end);
        let ids = self.shared.replaced.keys().chain(&self.shared.stripped);
        ids.map(|&id| self.src.node(id).span().range()).any(|span| start <= span.start && span.end <= end.max(span.end))
    }

    fn finish(self) -> Result<Vec<Edit>, Reason> {
        let mut removals = self.removals;
        sort::by(&mut removals, Ord::cmp);
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in removals {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        let mut edits: Vec<Edit> =
            self.edits.into_iter().filter(|edit| edit.span.len() + edit.text.len() > 0).collect();
        for edit in edits.iter_mut().filter(|edit| edit.span.is_empty()) {
            edit.span = Span::at(self.src.out_of(&merged, edit.span.start as usize));
        }
        let text = self.src.text;
        if let Some((start, end)) = merged.last_mut()
            && *end == text.len()
            && *start < *end
            && !text.ends_with('\n')
        {
            // The text had no line break at its end: neither has what is left, unless a block scalar needs it.
            let before = text.get(..*start).unwrap_or_default();
            let before = before.strip_suffix('\n').unwrap_or(before);
            let line_end = before.strip_suffix('\r').unwrap_or(before).len();
            let followed = edits.iter().any(|edit| edit.span == Span::at(line_end) && !edit.text.is_empty());
            if followed || !self.ends_in_scalar {
                *start = line_end;
            }
        }
        if let Some((scalar, closing)) = self.closing {
            let gone = merged.iter().any(|&(start, end)| (start..end).contains(&scalar))
                || edits.iter().any(|edit| edit.span.range().contains(&scalar));
            edits.extend((!gone).then_some(closing));
        }
        edits.extend(merged.into_iter().map(|(start, end)| Edit::remove(Span::new(start, end))));
        sort::by_key(&mut edits, |edit| edit.span);
        let mut out: Vec<Edit> = Vec::with_capacity(edits.len());
        for edit in edits {
            match out.last_mut() {
                Some(last) if edit.span.start < last.span.end => {
                    return Err("The changes touch each other in a way that cannot be untangled.".to_owned());
                }
                // What is inserted at one place is one edit, so that its order cannot be lost.
                Some(last) if last.span.is_empty() && last.span.end == edit.span.start => {
                    last.span.end = edit.span.end;
                    last.text.push_str(&edit.text);
                }
                _ => out.push(edit),
            }
        }
        Ok(out)
    }
}

/// What the slots of the elements of one collection have in common.
struct ChildSlots {
    flow: Option<Flow>,
    column: usize,
    indent: Indent,
}

impl ChildSlots {
    fn slot(&self, src: &Source<'_>, element: &Element<'_>, kind: SlotKind) -> Slot {
        let flow = self.flow.as_ref().map(|flow| {
            let lines = flow.lines.as_ref().map(|(_, unit)| (src.line_indent(element.start).to_owned(), unit.clone()));
            Flow { lines, ..flow.clone() }
        });
        Slot { kind, mark: element.mark, colon: element.colon, column: self.column, flow, indent: self.indent }
    }
}

/// How all the texts among the items of a list are quoted, if at least one of them need not be.
fn quoting(elements: &[Element<'_>]) -> Option<ScalarStyle> {
    let texts = || elements.iter().filter(|item| !item.value.is_alias()).filter_map(|item| item.value.as_str());
    let mut styles = elements.iter().filter(|item| item.value.as_str().is_some()).map(|item| item.value.scalar_style());
    let first = styles.next()?;
    let by_choice = matches!(first, Some(ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted))
        && styles.all(|style| style == first)
        && texts().any(|text| render::plain(text, true));
    if by_choice { first } else { None }
}

fn written(map: Node<'_>, name: &str) -> bool {
    map.written_entries().any(|entry| !view::is_merge(&entry) && entry.name() == name)
}

/// Whether the first colon of a flow document has a blank behind it.
fn spaced(src: &Source<'_>, root: Node<'_>) -> bool {
    let after = |end: usize| src.byte(src.skip_space(end) + 1);
    let entry = root.written_entries().next();
    entry.is_none_or(|entry| matches!(after(entry.key.span().range().end), Some(b' ' | b'\t' | b'\n' | b'\r')))
}

/// The indentation that most of a document has.
fn document_indent(src: &Source<'_>, root: Node<'_>) -> Indent {
    let mut tally = [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()];
    let mut open = vec![src.node(root.id())];
    while let Some(node) = open.pop() {
        if src.style(node) != Some(CollectionStyle::Block) {
            continue;
        }
        let column = src.block_column(node);
        for entry in node.written_entries() {
            count(src, entry.value, column, &mut tally);
            open.push(entry.value);
        }
        if node.kind() == Kind::Sequence {
            for item in node.items() {
                if src.style(item) == Some(CollectionStyle::Block) {
                    let [_, _, items] = &mut tally;
                    note(items, src.block_column(item), column);
                }
                open.push(item);
            }
        }
    }
    let most = |tally: &BTreeMap<usize, usize>| tally.iter().max_by_key(|(_, times)| **times).map(|(by, _)| *by);
    let [mappings, lists, items] = &tally;
    let mapping = most(mappings).filter(|by| *by > 0).unwrap_or(2);
    Indent { mapping, list: most(lists).unwrap_or(mapping), item: most(items).filter(|by| *by > 1).unwrap_or(2) }
}

fn count(src: &Source<'_>, value: Node<'_>, column: usize, tally: &mut [BTreeMap<usize, usize>; 3]) {
    if src.style(value) == Some(CollectionStyle::Block) {
        let [mappings, lists, _] = tally;
        let tally = if value.kind() == Kind::Mapping { mappings } else { lists };
        note(tally, src.block_column(src.node(value.id())), column);
    }
}

fn note(tally: &mut BTreeMap<usize, usize>, inner: usize, outer: usize) {
    if let Some(by) = inner.checked_sub(outer) {
        *tally.entry(by).or_insert(0) += 1;
    }
}

/// The indentation of the siblings, where there are some to look at.
fn local_indent(src: &Source<'_>, elements: &[Element<'_>], kind: Kind, column: usize, general: Indent) -> Indent {
    let mut indent = general;
    let blocks = |wanted: Kind| {
        let found = elements
            .iter()
            .map(|element| element.value)
            .find(|value| src.style(*value) == Some(CollectionStyle::Block) && value.kind() == wanted)?;
        src.block_column(src.node(found.id())).checked_sub(column)
    };
    if kind == Kind::Mapping {
        indent.mapping = blocks(Kind::Mapping).filter(|by| *by > 0).unwrap_or(indent.mapping);
        indent.list = blocks(Kind::Sequence).unwrap_or(indent.list);
    } else {
        indent.item = blocks(Kind::Mapping).filter(|by| *by > 1).unwrap_or(indent.item);
    }
    indent
}
