//! Which changes can be made at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use watertight_diagnostic::{Operation, Rewrite, Route};
use watertight_text::{Edit, Span};

/// Changes of one text that do not stand in each other's way. What does not fit has to wait until the others are done.
#[derive(Debug, Default)]
pub(crate) struct Composition<'o> {
    by_route: HashMap<&'o Route, Vec<&'o Operation>>,
    /// Everything around the routes that are changed.
    around: HashSet<Route>,
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
            for length in 0..route.steps.len() {
                self.around.insert(prefix(route, length));
            }
            self.by_route.entry(route).or_default().push(operation);
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
        let same = self.by_route.get(route).into_iter().flatten();
        if same.into_iter().any(|other| !goes_with(operation, other)) {
            return false;
        }
        let replaces = !matches!(operation, Operation::Append { .. });
        if replaces && self.around.contains(route) {
            return false;
        }
        (0..route.steps.len()).all(|length| {
            let outer = self.by_route.get(&prefix(route, length)).into_iter().flatten();
            // An item that is appended has no route yet, so nobody can mean it.
            outer.into_iter().all(|outer| matches!(outer, Operation::Append { .. }))
        })
    }
}

/// Whether two operations on the same place can both be carried out.
fn goes_with(one: &Operation, other: &Operation) -> bool {
    match (one, other) {
        (Operation::Append { value: one, .. }, Operation::Append { value: other, .. }) => {
            one == other || name_of(one).is_none() || name_of(one) != name_of(other)
        }
        _ => one == other,
    }
}

/// The name of a list item, by which lists of Kubernetes tell their items apart.
fn name_of(item: &Value) -> Option<&Value> {
    item.get("name")
}

fn prefix(route: &Route, length: usize) -> Route {
    Route { document: route.document, steps: route.steps.iter().take(length).cloned().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(dotted: &'static str) -> Route {
        Route::root(0).keys(dotted)
    }

    #[test]
    fn what_fits_together() {
        let set = |place, value: &str| Operation::set(route(place), value);
        let remove = |place| Operation::remove(route(place));
        let append = |place, value: &str| Operation::append(route(place), value);
        let fixes = [
            ("", vec![set("spec.a", "1"), remove("spec.b")], true),
            ("the same twice", vec![set("spec.a", "1")], true),
            ("another value", vec![set("spec.a", "2")], false),
            ("around a change", vec![remove("spec")], false),
            ("inside what goes", vec![set("spec.b.c", "1")], false),
            ("", vec![append("spec.list", "x")], true),
            ("", vec![append("spec.list", "y")], true),
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
