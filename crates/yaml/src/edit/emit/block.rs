//! Taking lines out of block collections, and putting lines into them.

use watertight_text::{Edit, Span};

use super::super::source::Element;
use super::Emitter;
use super::slot::{Slot, SlotKind};
use crate::{Kind, Node};

impl<'d> Emitter<'d> {
    /// Takes lines out of a block collection of which something stays.
    pub(super) fn remove_block(&mut self, elements: &[Element<'d>], removed: &[bool], column: usize) {
        let mut floor = 0;
        let mut ranges = Vec::new();
        let mut inline = None;
        let mut keeping = false;
        for (place, (element, removed)) in elements.iter().zip(removed).enumerate() {
            let end = self.src.next_line(self.src.tail(element.end, column));
            if !removed {
                keeping = self.src.ends_keeping(element.value);
            } else if place == 0 && !self.src.first_on_line(element.start) {
                inline = Some((element.start, end));
            } else {
                let start = self.src.lead(element.start, column, floor);
                self.behind_keeping.extend(keeping.then_some(start));
                ranges.push((start, end));
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
    pub(super) fn collapse(&mut self, node: Node<'d>, elements: &[Element<'d>], column: usize, slot: &Slot) {
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
    pub(super) fn supersede(&mut self, elements: &[Element<'d>], lines: &[String], column: usize) {
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

    pub(super) fn insert_block(&mut self, last: &Element<'d>, lines: &[String], column: usize) {
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
    pub(super) fn keep_open_scalar(&mut self, node: Node<'d>) {
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
}
