//! The places that nodes fill: what a new node has to fit into.

use super::super::render::{Flow, Indent};
use super::super::source::{Element, Source};
use super::Emitter;
use super::indent::local_indent;
use crate::{CollectionStyle, Node};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SlotKind {
    Root,
    Key,
    Item,
}

/// The place that a node fills: what a new node has to fit into.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) kind: SlotKind,
    /// Right behind the `:` or `-`.
    pub(super) mark: usize,
    /// Whether a flow key has its colon.
    pub(super) colon: bool,
    /// Of the keys or dashes round it.
    pub(super) column: usize,
    /// Inside a flow collection: how it is written.
    pub(super) flow: Option<Flow>,
    /// How things are indented here.
    pub(super) indent: Indent,
}

/// What the slots of the elements of one collection have in common.
pub(super) struct ChildSlots {
    pub(super) flow: Option<Flow>,
    pub(super) column: usize,
    pub(super) indent: Indent,
}

impl ChildSlots {
    pub(super) fn slot(&self, src: &Source<'_>, element: &Element<'_>, kind: SlotKind) -> Slot {
        let flow = self.flow.as_ref().map(|flow| {
            let lines = flow.lines.as_ref().map(|(_, unit)| (src.line_indent(element.start).to_owned(), unit.clone()));
            Flow { lines, ..flow.clone() }
        });
        Slot { kind, mark: element.mark, colon: element.colon, column: self.column, flow, indent: self.indent }
    }
}

impl<'d> Emitter<'d> {
    pub(super) fn child_slots(
        &self,
        node: Node<'d>,
        elements: &[Element<'d>],
        slot: &Slot,
        style: CollectionStyle,
    ) -> ChildSlots {
        let flow = (style == CollectionStyle::Flow).then(|| self.flow_of(node, elements, slot));
        let column = if flow.is_none() { self.src.block_column(node) } else { slot.column };
        let indent = if flow.is_none() {
            local_indent(&self.src, elements, node.kind(), column, slot.indent)
        } else {
            slot.indent
        };
        ChildSlots { flow, column, indent }
    }
}
