//! What sharing decided about, wherever it stands.

use super::super::source::Reason;
use super::Emitter;
use super::slot::{Slot, SlotKind};
use crate::{Kind, Node};

impl<'d> Emitter<'d> {
    /// Replaces the aliases and takes away the anchors that sharing decided about, wherever they stand.
    pub(super) fn share(&mut self, node: Node<'d>, slot: &Slot, levels: usize) -> Result<(), Reason> {
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
}
