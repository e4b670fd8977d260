//! Reading single values: nodes to fields.

use watertight_text::Span;
use watertight_yaml::{Entry, Kind, Node};

use crate::{Field, Named, Pair, Site};

/// Where an entry is written.
pub(crate) fn site(entry: Entry<'_>) -> Site {
    Site { key: Some(entry.key.span()), value: entry.value.span() }
}

/// Where a list item is written.
pub(crate) fn item_site(node: Node<'_>) -> Site {
    Site { key: None, value: node.span() }
}

/// Whether text waits for a template engine (Helm, Jinja, Argo) to become a value.
pub(crate) fn is_templated(text: &str) -> bool {
    // Nearly no text has a brace at all, and one letter is found much faster than two.
    text.contains('{') && ["{{", "{%"].into_iter().any(|mark| text.contains(mark))
}

/// Whether a text seems to stand in for another one that some program puts there before the API server reads it: `${NAME}`,
/// `<name>`, `__NAME__`, `@name@`. Nothing that is compared with words or numbers is written so.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.contains(['$', '{', '<']) || text.contains("__") || text.starts_with(['%', '@', '#'])
}

/// Whether a template decides what a node is. A mapping or list into which a template puts more is still read for what
/// stands there.
pub(crate) fn is_template(node: Node<'_>) -> bool {
    let open = matches!(node.kind(), Kind::Mapping | Kind::Sequence);
    !open && (node.is_templated() || node.written().is_some_and(is_templated))
}

/// A field of a mapping, read by `read`, which answers `None` to a value of the wrong type. In a mapping into which a
/// template puts more, nobody can say that a field is absent.
pub(crate) fn field<'d, T>(map: Node<'d>, name: &str, read: impl FnOnce(Node<'d>) -> Option<T>) -> Field<T> {
    match map.entry(name) {
        None if map.is_templated() => Field::Unreadable(item_site(map)),
        None => Field::Absent,
        Some(entry) => state(entry, read),
    }
}

/// The state of an entry that is there.
pub(crate) fn state<'d, T>(entry: Entry<'d>, read: impl FnOnce(Node<'d>) -> Option<T>) -> Field<T> {
    let site = site(entry);
    if is_template(entry.value) {
        return Field::Unreadable(site);
    }
    if entry.value.is_null() {
        return Field::Null(site);
    }
    read(entry.value).map_or(Field::Unreadable(site), |value| Field::Set(value, site))
}

/// A field of a mapping inside a mapping: `os.name`. When the outer one is null or no mapping, its own state is the
/// answer.
pub(crate) fn nested<'d, T>(
    map: Node<'d>,
    outer: &str,
    name: &str,
    read: impl FnOnce(Node<'d>) -> Option<T>,
) -> Field<T> {
    match state_of_mapping(map, outer) {
        Field::Set(inner, _) => field(inner, name, read),
        Field::Absent => Field::Absent,
        Field::Null(site) => Field::Null(site),
        Field::Unreadable(site) => Field::Unreadable(site),
    }
}

/// A field that holds a mapping.
pub(crate) fn state_of_mapping<'d>(map: Node<'d>, name: &str) -> Field<Node<'d>> {
    field(map, name, mapping)
}

/// The mapping in a field, when there is one.
pub(crate) fn child<'d>(map: Node<'d>, name: &str) -> Option<(Node<'d>, Site)> {
    match state_of_mapping(map, name) {
        Field::Set(inner, site) => Some((inner, site)),
        _ => None,
    }
}

/// The items of the list in a field; none when it holds anything else.
pub(crate) fn items<'d>(map: Node<'d>, name: &str) -> impl Iterator<Item = Node<'d>> {
    map.get(name).into_iter().flat_map(Node::items)
}

/// A mapping.
pub(crate) fn mapping(node: Node<'_>) -> Option<Node<'_>> {
    (node.kind() == Kind::Mapping).then_some(node)
}

/// A boolean.
pub(crate) fn boolean(node: Node<'_>) -> Option<bool> {
    node.as_bool()
}

/// A text.
pub(crate) fn text(node: Node<'_>) -> Option<String> {
    node.as_str().map(str::to_owned)
}

/// A whole number.
pub(crate) fn integer(node: Node<'_>) -> Option<i64> {
    node.as_int()
}

/// The texts of a list, with null as the empty text that the API server makes of it. Items of another type are left out;
/// they are problems already.
pub(crate) fn texts(map: Node<'_>, name: &str) -> Vec<Named> {
    items(map, name)
        .filter(|item| item.is_null() || item.as_str().is_some())
        .map(|item| Named { name: item.as_str().unwrap_or_default().to_owned(), site: item_site(item) })
        .collect()
}

/// The texts under one key of each mapping of a list; the empty text where the key is missing.
pub(crate) fn texts_at(map: Node<'_>, list: &str, name: &str) -> Vec<Named> {
    items(map, list).filter(|item| is_object(*item)).map(|item| named(item, name)).collect()
}

/// The text under a key of a list item, with its place, or the empty text with the place of the item.
pub(crate) fn named(item: Node<'_>, name: &str) -> Named {
    let own = Named { name: String::new(), site: item_site(item) };
    match item.entry(name) {
        Some(entry) => Named { name: text(entry.value).unwrap_or_default(), site: site(entry) },
        None => own,
    }
}

/// Whether a list item can stand for a struct. Null can: the API server makes an empty one of it.
pub(crate) fn is_object(item: Node<'_>) -> bool {
    item.is_null() || mapping(item).is_some()
}

/// Names with texts: labels, annotations, limits. A number is taken as it is written, null as the empty text.
pub(crate) fn pairs(map: Node<'_>) -> Vec<Pair> {
    map.entries()
        .into_iter()
        .filter(|entry| entry.value.scalar().is_some() || entry.value.is_null())
        .map(|entry| Pair {
            name: entry.name().into_owned(),
            value: match entry.value.is_null() {
                true => String::new(),
                false => entry.value.written().unwrap_or_default().to_owned(),
            },
            site: site(entry),
        })
        .collect()
}

/// The pairs of the mapping in a field.
pub(crate) fn pairs_at(map: Node<'_>, name: &str) -> Vec<Pair> {
    child(map, name).map(|(inner, _)| pairs(inner)).unwrap_or_default()
}

/// The first line of a node, to point at something that has no name.
pub(crate) fn first_line(document: &str, span: Span) -> Span {
    let line = span.slice(document).lines().next().unwrap_or_default();
    Span::new(span.start as usize, span.start as usize + line.trim_end().len())
}
