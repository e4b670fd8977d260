//! Which changes can be made at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use watertight_diagnostic::{Operation, Rewrite};
use watertight_text::{Edit, Span};

use crate::digest::{Digest, digest_of, digests_along};

/// Changes of one text that do not stand in each other's way. What does not fit has to wait until the others are done.
#[derive(Debug, Default)]
pub(crate) struct Composition<'o> {
    /// What is done to a route first. What else is done there is the same, or one more item that is appended.
    by_route: HashMap<Digest, &'o Operation>,
    /// Items that are appended to a list, by their names: thousands of containers may ask for the same one.
    items: HashMap<(Digest, &'o str), &'o Value>,
    /// Everything around the routes that are changed.
    around: HashSet<Digest>,
    /// In the order of the text.
    rewrites: BTreeMap<Span, Vec<String>>,
}

impl<'o> Composition<'o> {
    /// Takes the operations of one fix, all of them or none. Whether they fit.
    pub(crate) fn add(&mut self, operations: &'o [Operation]) -> bool {
        if !operations.iter().all(|operation| self.fits(operation)) {
            return false;
        }
        for operation in operations {
            let route = operation.route();
            self.around.extend(digests_along(route).take(route.steps.len()));
            let own = digest_of(route);
            self.by_route.entry(own).or_insert(operation);
            if let Some((name, item)) = named_item(operation) {
                self.items.insert((own, name), item);
            }
        }
        true
    }

    /// Takes the rewrites of one fix, all of them or none. Whether they fit: what two fixes change alike is changed once,
    /// what both put in at one place comes one behind the other, and what they change differently has to wait.
    pub(crate) fn add_rewrites(&mut self, rewrites: &[Rewrite]) -> bool {
        let fits = rewrites.iter().all(|rewrite| {
            let before = self.rewrites.range(..=rewrite.span).next_back();
            let behind = self.rewrites.range(rewrite.span..).next();
            before.into_iter().chain(behind).all(|(span, texts)| {
                let is_same = *span == rewrite.span && (span.is_empty() || texts.contains(&rewrite.text));
                is_same || *span != rewrite.span && (span.end <= rewrite.span.start || rewrite.span.end <= span.start)
            })
        });
        if fits {
            for rewrite in rewrites {
                let texts = self.rewrites.entry(rewrite.span).or_default();
                if !texts.contains(&rewrite.text) {
                    texts.push(rewrite.text.clone());
                }
            }
        }
        fits
    }

    /// The rewrites that were taken, as edits in the order of the text.
    pub(crate) fn rewritten(&self) -> impl Iterator<Item = Edit> {
        self.rewrites.iter().map(|(span, texts)| Edit { span: *span, text: texts.concat() })
    }

    fn fits(&self, operation: &Operation) -> bool {
        let route = operation.route();
        let own = digest_of(route);
        if self.by_route.get(&own).is_some_and(|other| !self.goes_with(own, operation, other)) {
            return false;
        }
        let replaces = !matches!(operation, Operation::Append { .. });
        if replaces && self.around.contains(&own) {
            return false;
        }
        digests_along(route).take(route.steps.len()).all(|outer| {
            // An item that is appended has no route yet, so nobody can mean it.
            self.by_route.get(&outer).is_none_or(|outer| matches!(outer, Operation::Append { .. }))
        })
    }

    /// Whether an operation can be carried out where another one is.
    fn goes_with(&self, place: Digest, one: &Operation, other: &Operation) -> bool {
        match (one, other) {
            (Operation::Append { .. }, Operation::Append { .. }) => named_item(one)
                .is_none_or(|(name, item)| self.items.get(&(place, name)).is_none_or(|known| *known == item)),
            _ => one == other,
        }
    }
}

/// What is appended, where it has a name, by which lists of Kubernetes tell their items apart.
fn named_item(operation: &Operation) -> Option<(&str, &Value)> {
    let Operation::Append { value, .. } = operation else { return None };
    Some((value.get("name")?.as_str()?, value))
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Route;

    use super::*;

    fn route(dotted: &'static str) -> Route {
        Route::root(0).keys(dotted)
    }

    #[test]
    fn what_fits_together() {
        let set = |place, value: &str| Operation::set(route(place), value);
        let remove = |place| Operation::remove(route(place));
        let append = |place, value: &str| Operation::append(route(place), value);
        let item = |name: &str, value: &str| {
            Operation::append(route("spec.list"), serde_json::json!({"name": name, "value": value}))
        };
        let fixes = [
            ("", vec![set("spec.a", "1"), remove("spec.b")], true),
            ("the same twice", vec![set("spec.a", "1")], true),
            ("another value", vec![set("spec.a", "2")], false),
            ("around a change", vec![remove("spec")], false),
            ("inside what goes", vec![set("spec.b.c", "1")], false),
            ("", vec![append("spec.list", "x")], true),
            ("", vec![append("spec.list", "y")], true),
            ("", vec![item("a", "1"), item("b", "1")], true),
            ("", vec![item("a", "1")], true),
            ("another item of that name", vec![item("a", "2")], false),
            ("another item", vec![Operation::remove(route("spec.list").index(0))], true),
            ("all of the list", vec![set("spec.list", "z")], false),
            ("all or none", vec![set("spec.c", "1"), set("spec.a", "3")], false),
            ("nothing of it was taken", vec![set("spec.c", "2")], true),
        ];
        let mut all = Composition::default();
        for (what, operations, expected) in &fixes {
            assert_eq!(all.add(operations), *expected, "{what} {operations:?}");
        }
    }
}
