//! The shape that the engine's JSON schema asks for. It is stricter than the loader and never stops it.

use watertight_yaml::{Kind, Node};

/// What a value has to be.
#[derive(Clone, Copy)]
enum Shape {
    /// Anything: to the engine's schema library every YAML value can be a text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A list of values of one shape.
    List(&'static Self),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A mapping with no other keys than these; those marked have to be there.
    Mapping(&'static [(&'static str, Self, bool)]),
}

use Shape::{Bool, Integer, List, Mapping, Text, Word};

const PRIORITY: Shape =
    Word(&["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "INFORMATIONAL", "DEBUG"]);

const OPERATION: Shape = Word(&["append", "replace"]);

const EXCEPTION: Shape =
    Mapping(&[("name", Text, true), ("fields", Text, false), ("comps", Text, false), ("values", Text, false)]);

const OVERRIDE: Shape = Mapping(&[
    ("items", OPERATION, false),
    ("desc", OPERATION, false),
    ("condition", OPERATION, false),
    ("output", OPERATION, false),
    ("priority", OPERATION, false),
    ("enabled", OPERATION, false),
    ("exceptions", OPERATION, false),
    ("capture", OPERATION, false),
    ("capture_duration", OPERATION, false),
    ("tags", OPERATION, false),
    ("warn_evttypes", OPERATION, false),
    ("skip-if-unknown-filter", OPERATION, false),
]);

const ALTERNATIVE: Shape = Mapping(&[("name", Text, true), ("version", Text, true)]);

const PLUGIN: Shape =
    Mapping(&[("name", Text, true), ("version", Text, true), ("alternatives", List(&ALTERNATIVE), false)]);

const ITEM: Shape = Mapping(&[
    ("required_engine_version", Text, false),
    ("required_plugin_versions", List(&PLUGIN), false),
    ("macro", Text, false),
    ("condition", Text, false),
    ("list", Text, false),
    ("items", List(&Text), false),
    ("rule", Text, false),
    ("desc", Text, false),
    ("enabled", Bool, false),
    ("output", Text, false),
    ("append", Bool, false),
    ("priority", PRIORITY, false),
    ("capture", Bool, false),
    ("capture_duration", Integer, false),
    ("source", Text, false),
    ("exceptions", List(&EXCEPTION), false),
    ("override", OVERRIDE, false),
    ("tags", List(&Text), false),
    ("warn_evttypes", Bool, false),
    ("skip-if-unknown-filter", Bool, false),
]);

const FILE: Shape = List(&ITEM);

/// Whether a document has the shape of rules.
pub(super) fn is_valid(root: Node<'_>) -> bool {
    fits(root, FILE)
}

fn fits(node: Node<'_>, shape: Shape) -> bool {
    let written = || node.written().unwrap_or_default();
    match shape {
        Text => true,
        Bool => matches!(written(), "true" | "false"),
        Integer => written().parse::<i64>().is_ok(),
        Word(words) => words.contains(&written()),
        List(item) => node.kind() == Kind::Sequence && node.items().all(|node| fits(node, *item)),
        Mapping(keys) => {
            node.kind() == Kind::Mapping
                && node.written_entries().all(|entry| {
                    let name = entry.key.written().unwrap_or_default();
                    keys.iter().any(|(key, shape, _)| *key == name && fits(entry.value, *shape))
                })
                && keys
                    .iter()
                    .filter(|(_, _, required)| *required)
                    .all(|(key, _, _)| node.written_entries().any(|entry| entry.key.written() == Some(*key)))
        }
    }
}
