//! Flow collections: how they are written, and changing what is in them.

use super::super::render::Flow;
use super::super::source::{Element, Source};
use super::Emitter;
use super::news::News;
use super::slot::Slot;
use crate::{Node, ScalarStyle};

impl<'d> Emitter<'d> {
    /// How a flow collection is written.
    pub(super) fn flow_of(&self, node: Node<'d>, elements: &[Element<'d>], slot: &Slot) -> Flow {
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

    pub(super) fn rewrite_flow(
        &mut self,
        node: Node<'d>,
        elements: &[Element<'d>],
        removed: &[bool],
        news: &News,
        flow: &Flow,
    ) {
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
}

/// Whether the first colon of a flow document has a blank behind it.
pub(super) fn spaced(src: &Source<'_>, root: Node<'_>) -> bool {
    let after = |end: usize| src.byte(src.skip_space(end) + 1);
    let entry = root.written_entries().next();
    entry.is_none_or(|entry| matches!(after(entry.key.span().range().end), Some(b' ' | b'\t' | b'\n' | b'\r')))
}
