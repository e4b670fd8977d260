//! From symbolic operations to text edits.

use watertight_diagnostic::Operation;
use watertight_text::{Edit, Encoding, Offsets};

/// Text edits for a fix.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Edits {
    /// In the order of the text; they do not overlap.
    pub edits: Vec<Edit>,
    /// Why nothing was changed, as sentences; empty when all operations could be carried out.
    pub refused: Vec<String>,
}

/// Text edits that carry out the operations of one fix on a text, all of them or none. Offsets count in `encoding`.
///
/// A fix holds no offsets, so it may come from a report about an earlier state of the text.
///
/// ```
/// use watertight::diagnostic::{Operation, Route};
/// use watertight::text::{Encoding, apply};
///
/// let text = "spec:\n  hostPID: true # why?\n  hostIPC: false\n";
/// let operations = [Operation::set(Route::root(0).keys("spec.hostPID"), false)];
/// let done = watertight::edits(text, &operations, Encoding::Utf8);
/// assert_eq!(apply(text, &done.edits).unwrap(), text.replace("true", "false"));
/// ```
pub fn edits(text: &str, operations: &[Operation], encoding: Encoding) -> Edits {
    let stream = watertight_yaml::parse(text);
    let plan = watertight_yaml::edit::plan(&stream, operations);
    if !plan.refused.is_empty() {
        let refused = plan.refused.into_iter().map(|refusal| refusal.reason).collect();
        return Edits { edits: Vec::new(), refused };
    }
    let offsets = Offsets::new(text, encoding);
    let mut edits: Vec<Edit> =
        plan.edits.into_iter().map(|edit| Edit { span: offsets.span_from_bytes(edit.span), text: edit.text }).collect();
    edits.sort_by_key(|edit| edit.span);
    Edits { edits, refused: Vec::new() }
}
