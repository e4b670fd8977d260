//! Changes of the entries and items of a collection, and what is new among them.

use std::collections::BTreeMap;

use serde_json::Value;
use watertight_diagnostic::Step;

use super::super::change::{self, Change, Inside};
use super::super::source::{Element, Reason};
use super::super::{share, view};
use super::Emitter;
use super::slot::{ChildSlots, SlotKind};
use crate::Node;

impl<'d> Emitter<'d> {
    pub(super) fn change_entries(
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
                if self.src.keys.written(node, &name) > 0 {
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
            let merged = self.src.keys.entry(node, name).filter(|entry| entry.merged);
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

    pub(super) fn change_items(
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
}
