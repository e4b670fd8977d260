use watertight_pod::restore::{looks_flat, restore as restored};

use crate::source::Source;

/// Whether the indentation of a text is lost and can be restored.
pub(crate) fn is_restorable(source: &Source<'_>) -> bool {
    let text = source.input.text;
    source.is_incomplete() && looks_flat(text) && restored(text).is_some()
}

/// The text with the structure it had before it lost its indentation; `None` when nothing can be restored.
///
/// ```
/// let flat = "apiVersion: v1\nkind: Namespace\nmetadata:\nname: shop\n";
/// assert_eq!(watertight::restore(flat).unwrap(), "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n");
/// ```
pub fn restore(text: &str) -> Option<String> {
    restored(text).map(|restored| restored.text)
}
