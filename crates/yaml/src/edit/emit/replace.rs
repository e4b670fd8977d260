//! Putting something else in the place of a node.

use watertight_text::Span;

use super::super::render::{Flow, Out};
use super::super::source::Reason;
use super::Emitter;
use super::slot::{Slot, SlotKind};
use crate::{CollectionStyle, Kind, Node};

/// A flow collection stays one when its new text is not longer than this.
const WIDTH: usize = 100;

impl<'d> Emitter<'d> {
    /// Puts something else in the place of a node.
    pub(super) fn replace(&mut self, node: Node<'d>, out: &Out, slot: &Slot) -> Result<(), Reason> {
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
        // Behind an anchor an item begins on a line of its own: on the same line the anchor would be its first key's.
        // One that leaves for another use would leave the lines behind the first too far to the right.
        let has_anchor = !block && node.anchor().is_some();
        let in_place = slot.kind == SlotKind::Root || slot.kind == SlotKind::Item && (void || same_line) && !has_anchor;
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
                self.remove(self.src.before_blanks(span.start), span.end);
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
        // Where an anchor leaves, the blank in front of it does too.
        let stripped = node.anchor().filter(|_| self.shared.stripped.contains(&node.id()));
        let from = stripped.map_or(head, |anchor| self.src.before_blanks(anchor.range().start));
        if void {
            self.insert(head, anchor);
            self.insert(self.src.line_end(head), text);
        } else if self.src.block_scalar(node) {
            self.insert(head, anchor);
            self.remove(from, self.header_end(node));
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
            self.remove(from, span.end);
            self.insert(self.src.line_end(span.end), text);
        }
    }

    /// Removes an anchor or a tag with the blank that parts it from its neighbour.
    pub(super) fn remove_prop(&mut self, span: Span) {
        let Span { start, end } = span;
        let (start, end) = (start as usize, end as usize);
        let next = self.src.skip_blanks(end);
        if next == self.src.line_end(end) || self.src.byte(next) == Some(b'#') {
            self.remove(self.src.before_blanks(start), end);
        } else {
            self.remove(start, next);
        }
    }

    /// The first line of an element that stays where a block node begins, and the place behind its last line.
    pub(super) fn extent(&self, node: Node<'d>) -> (usize, usize) {
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
    pub(super) fn remove_body(&mut self, scalar: Node<'d>) {
        let start = scalar.span().range().start;
        let end = self.src.end_of(scalar, start);
        if end > self.src.line_end(start) {
            self.remove(self.src.next_line(start), self.src.next_line(end));
        }
    }
}
