//! From symbolic operations to text edits.
//!
//! All operations on a document are folded into one tree of changes (`change`); what stands already is left out; the
//! tree of changes and the tree of the document are walked together, and each difference becomes a text edit (`emit`).
//! Nodes that are used in several places are looked at as a whole first (`share`). Then the changed document is read
//! again: an edit that does not give exactly the value that was asked for is refused rather than handed out.

mod change;
mod emit;
mod render;
mod share;
mod source;
mod view;

use std::collections::BTreeMap;
use watertight_text::sort;

use watertight_diagnostic::Operation;
use watertight_text::Edit;

use self::change::Change;
use self::source::Reason;
use self::view::Keys;
use crate::{Document, Limits, Stream};

/// Steps of the longest route that is followed. Manifests need thirty; the number keeps hostile ones off the stack.
const MOST_STEPS: usize = 200;

/// What may be read again to find out which of the operations are at fault, in bytes, and how many times the text beside it.
const AGAIN: (usize, usize) = (64_000_000, 16);
/// An attempt costs as much as so many bytes that are read.
const ATTEMPT: usize = 1_000;

/// Text edits for a list of operations, and those that could not be carried out.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    /// In the order of the text, without overlap; apply them together with [`watertight_text::apply`].
    pub edits: Vec<Edit>,
    /// Operations that were left out, by their place in the list.
    pub refused: Vec<Refusal>,
}

/// An operation that could not be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Index of the operation.
    pub operation: usize,
    /// Why, as a sentence.
    pub reason: String,
}

/// Plans all operations at once, on one text.
///
/// Routes, places in lists included, name what stands in the text as it is. Operations on the same missing parent make
/// that parent once, equal ones are one, and of two that contradict each other the first is carried out. What is so
/// already makes no edit, so planning on the result gives none.
///
/// Only what an operation names changes. Comment lines directly above a removed key, at its column, and the comment
/// behind it go with it; all others stay. New keys and items come last in their parent, indented as their siblings are
/// or as most of the document is. A use of an anchored node changes alone, unless all its uses change alike.
///
/// Edits are checked: each changed document is read again, and what does not read as was asked for is refused.
pub fn plan(stream: &Stream<'_>, operations: &[Operation]) -> Plan {
    let mut plan = Plan::default();
    let mut by_document: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, operation) in operations.iter().enumerate() {
        if operation.route().steps.len() > MOST_STEPS {
            let reason = format!("This place lies deeper than {MOST_STEPS} levels, further than this editor goes.");
            plan.refused.push(Refusal { operation: place, reason });
            continue;
        }
        by_document.entry(operation.route().document).or_default().push(place);
    }
    let length = stream.documents.first().map_or(0, |document| document.text().len());
    let mut left = AGAIN.0 + AGAIN.1 * length;
    for (document, places) in by_document {
        let refuse = |reason: &str| {
            let reason = reason.to_owned();
            places.iter().map(move |&operation| Refusal { operation, reason: reason.clone() }).collect::<Vec<_>>()
        };
        let Some(doc) = stream.documents.get(document) else {
            plan.refused.extend(refuse("There is no such document in this text."));
            continue;
        };
        if !doc.complete || doc.problems.iter().any(|problem| problem.kind.is_fatal()) {
            plan.refused.extend(refuse("This document cannot be read whole. Repair it first."));
            continue;
        }
        // Each change is checked with all aliases written out.
        if doc.multiplies() {
            plan.refused
                .extend(refuse("The aliases of this document stand for many times what is written, so it is not changed. Write out what they name."));
            continue;
        }
        let end = stream.documents.get(document + 1).map_or(doc.text().len(), |next| next.span.range().start);
        let start = if document == 0 { 0 } else { doc.span.range().start };
        let mut planner = Planner {
            doc,
            operations,
            start,
            end,
            accepted: Vec::new(),
            edits: Vec::new(),
            refused: Vec::new(),
            keys: Keys::default(),
            left,
        };
        planner.carry_out(&places);
        left = planner.left;
        plan.edits.append(&mut planner.edits);
        plan.refused.append(&mut planner.refused);
    }
    // What follows a document that cannot be read whole is found by guessing: make sure that the guesses stay.
    let is_guessed = stream.documents.iter().any(|doc| !doc.complete);
    if is_guessed && !plan.edits.is_empty() && !same_documents(stream, operations, &plan.edits) {
        let reason = "Another document of this text cannot be read whole, so this one cannot be changed safely.";
        plan.edits.clear();
        plan.refused =
            (0..operations.len()).map(|operation| Refusal { operation, reason: reason.to_owned() }).collect();
    }
    sort::by_key(&mut plan.refused, |refusal| refusal.operation);
    plan
}

/// Whether the changed text has the same documents, those without an operation with the same values.
fn same_documents(stream: &Stream<'_>, operations: &[Operation], edits: &[Edit]) -> bool {
    let Some(text) = stream.documents.first().map(Document::text) else { return true };
    let Ok(changed) = watertight_text::apply(text, edits) else { return false };
    let again = read_again(&changed);
    again.documents.len() == stream.documents.len()
        && again.documents.iter().zip(&stream.documents).all(|(after, before)| {
            let named = operations.iter().any(|operation| operation.route().document == before.index);
            let is_same = || match before.multiplies() {
                true => after.span.slice(&changed) == before.span.slice(text),
                false => match (after.root(), before.root()) {
                    (Some(after), Some(before)) => view::same(after, before),
                    (after, before) => after.is_none() && before.is_none(),
                },
            };
            after.complete == before.complete && (named && before.complete || is_same())
        })
}

/// Reads what was changed, all of it: what was within the limits may have grown out of them.
fn read_again(text: &str) -> Stream<'_> {
    crate::parse_with(text, Limits { bytes: text.len(), nodes: usize::MAX, ..Limits::default() })
}

/// The planning of one document.
struct Planner<'d, 'o> {
    doc: &'d Document<'d>,
    operations: &'o [Operation],
    /// The part of the text that is read again.
    start: usize,
    end: usize,
    accepted: Vec<usize>,
    edits: Vec<Edit>,
    refused: Vec<Refusal>,
    keys: Keys<'d>,
    /// What is left of [`AGAIN`].
    left: usize,
}

impl Planner<'_, '_> {
    /// Carries out what it can of these operations, on top of those accepted so far.
    fn carry_out(&mut self, places: &[usize]) {
        let fresh_refusals = self.refused.len();
        match self.attempt(places) {
            Ok((edits, accepted)) => {
                self.edits = edits;
                self.accepted = accepted;
            }
            Err(reason) => {
                // Refusals of the failed attempt are found again below.
                self.refused.truncate(fresh_refusals);
                let cost = 2 * (self.end - self.start + ATTEMPT);
                if places.len() == 1 || self.left < cost {
                    let refuse = |&operation| Refusal { operation, reason: reason.clone() };
                    self.refused.extend(places.iter().map(refuse));
                    return;
                }
                self.left -= cost;
                let (first, second) = places.split_at(places.len() / 2);
                self.carry_out(first);
                self.carry_out(second);
            }
        }
    }

    fn attempt(&mut self, places: &[usize]) -> Result<(Vec<Edit>, Vec<usize>), Reason> {
        let mut change = Change::default();
        let mut accepted = Vec::with_capacity(self.accepted.len() + places.len());
        for &place in self.accepted.iter().chain(places) {
            let Some(operation) = self.operations.get(place) else { continue };
            match change::fold(&mut change, self.doc.root(), operation, &self.keys) {
                Ok(()) => accepted.push(place),
                Err(reason) => self.refused.push(Refusal { operation: place, reason }),
            }
        }
        let Some(change) = change::prune(change, self.doc.root(), &self.keys) else {
            return Ok((Vec::new(), accepted));
        };
        let edits = emit::emit(self.doc, &change)?;
        self.verify(&edits, &change)?;
        Ok((edits, accepted))
    }

    /// Reads the changed document again.
    fn verify(&self, edits: &[Edit], change: &Change) -> Result<(), Reason> {
        let refused = || "This place is written in a way that cannot be changed safely.".to_owned();
        let text = self.doc.text().get(self.start..self.end).ok_or_else(refused)?;
        let mut local = Vec::with_capacity(edits.len());
        for edit in edits {
            let range = edit.span.range();
            let (Some(start), true) = (range.start.checked_sub(self.start), range.end <= self.end) else {
                return Err(refused());
            };
            local.push(Edit::replace(watertight_text::Span::new(start, range.end - self.start), edit.text.clone()));
        }
        let changed = watertight_text::apply(text, &local).map_err(|_| refused())?;
        if self.end < self.doc.text().len() && text.ends_with('\n') != changed.ends_with('\n') {
            return Err(refused());
        }
        let again = read_again(&changed);
        let skipped = if self.start == 0 { self.doc.index } else { 0 };
        let doc = again.documents.get(skipped).ok_or_else(refused)?;
        let sound = doc.complete
            && doc.problems.iter().filter(|problem| problem.kind.is_fatal()).count() == 0
            && doc.problems.len() <= self.doc.problems.len();
        if sound && change::is_done(change, self.doc.root(), doc.root()) { Ok(()) } else { Err(refused()) }
    }
}
