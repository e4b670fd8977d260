use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use serde_json::Value;
use watertight_diagnostic::{Route, Step};
use watertight_text::Span;

use crate::{Problem, Scalar, ScalarStyle, float, scalar};

/// All documents of one text.
#[derive(Clone, Debug, Default)]
pub struct Stream<'t> {
    /// In the order they stand, broken ones included.
    pub documents: Vec<Document<'t>>,
    /// Problems that belong to no document, such as a text that is too large.
    pub problems: Vec<Problem>,
}

/// One document: a tree, its comments, and what was wrong with it.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    /// Its place in the stream, from 0.
    pub index: usize,
    /// From its first byte (`---` included) to its last.
    pub span: Span,
    /// In the order they stand.
    pub comments: Vec<Comment>,
    /// Syntax errors, duplicate keys, templates: everything that makes the tree less than the text promises.
    pub problems: Vec<Problem>,
    /// Whether all of it could be read. A broken document keeps the part of its tree before the fault.
    pub complete: bool,
    /// Whether it was read as JSON: the text begins with a brace or bracket and is JSON to its end.
    pub json: bool,
    /// The template expressions (`{{ … }}`, `{% … %}`) in places where they are no mere text, in the order they stand.
    /// Empty for a document that is plain YAML.
    pub templates: Vec<Span>,
    /// Nodes whose value a template decides, sorted.
    pub(crate) templated: Vec<NodeId>,
    /// Keys that are numbers with a fraction, sorted, each as sigs.k8s.io/yaml spells it.
    pub(crate) float_keys: Vec<(NodeId, String)>,
    pub(crate) text: &'t str,
    pub(crate) nodes: Vec<NodeData<'t>>,
    pub(crate) root: Option<NodeId>,
    /// Whether aliases multiply it, once somebody has asked.
    pub(crate) multiplies: OnceLock<bool>,
}

/// A comment, from `#` to the end of its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// With the `#`, without the line end.
    pub span: Span,
    /// Whether nothing but blank space stands before it on its line.
    pub own_line: bool,
}

impl Comment {
    /// The words behind the `#`, without blank space around.
    pub fn words<'t>(&self, text: &'t str) -> &'t str {
        self.span.slice(text).trim_start_matches('#').trim()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Clone, Debug)]
pub(crate) struct NodeData<'t> {
    /// The node's own bytes, without anchor and tag.
    pub(crate) span: Span,
    /// The bytes of `&name`.
    pub(crate) anchor: Option<Span>,
    /// The bytes of `!tag`.
    pub(crate) tag: Option<Span>,
    pub(crate) content: Content<'t>,
}

impl NodeData<'_> {
    /// Whether go-yaml v2 merges at this key: `<<` without quotes, or with the tag `!!merge`.
    pub(crate) fn is_merge_key(&self, source: &str) -> bool {
        let Content::Scalar { text, style, .. } = &self.content else { return false };
        if text != "<<" {
            return false;
        }
        match self.tag.map(|tag| tag.slice(source)) {
            None | Some("!") => *style == ScalarStyle::Plain,
            Some(tag) => tag == "!!merge" || tag == "!<tag:yaml.org,2002:merge>",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Content<'t> {
    Scalar {
        text: Cow<'t, str>,
        style: ScalarStyle,
        value: Scalar,
    },
    Sequence {
        items: Vec<NodeId>,
        style: CollectionStyle,
    },
    Mapping {
        entries: Vec<(NodeId, NodeId)>,
        style: CollectionStyle,
    },
    /// `None`: the anchor is missing or stands around the alias, which is a problem of the document. So no way through
    /// the tree is a circle.
    Alias(Option<NodeId>),
}

/// How a mapping or a list is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CollectionStyle {
    /// By indentation.
    Block,
    /// With braces or brackets, as in JSON.
    Flow,
}

/// What a node holds, aliases followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing, `null` or `~`.
    Null,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction, an infinity or not a number.
    Float,
    /// Text.
    String,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

impl Kind {
    /// With its article, for messages: "a list".
    pub fn described(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Int => "a whole number",
            Self::Float => "a number with a fraction",
            Self::String => "text",
            Self::Sequence => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

/// A node of a document, cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    doc: &'d Document<'d>,
    id: NodeId,
}

/// A key with its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'d> {
    /// The key.
    pub key: Node<'d>,
    /// The value.
    pub value: Node<'d>,
    /// Whether it came in by a merge key (`<<`).
    pub merged: bool,
}

impl<'d> Entry<'d> {
    /// The key as text. Keys that are no text are spelt as `sigs.k8s.io/yaml` spells them: `yes:` is "true".
    pub fn name(&self) -> Cow<'d, str> {
        self.key.key_text()
    }
}

impl<'t> Document<'t> {
    /// The top node; `None` for an empty document and for one that could not be read at all.
    pub fn root(&self) -> Option<Node<'_>> {
        self.root.map(|id| Node { doc: self, id })
    }

    /// The node at the end of a route, merge keys and aliases followed.
    pub fn at(&self, route: &Route) -> Option<Node<'_>> {
        route.steps.iter().try_fold(self.root()?, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.item(*index),
        })
    }

    /// Whether Kubernetes' reader gives up this document: it could not be read to its end, or a problem of it is fatal.
    /// What the tree holds is then only what a person meant.
    pub fn is_refused(&self) -> bool {
        !self.complete || self.problems.iter().any(|problem| problem.kind.is_fatal())
    }

    /// Whether the document holds template expressions and has to be rendered before Kubernetes can read it.
    pub fn is_templated(&self) -> bool {
        !self.templates.is_empty()
    }

    /// The text the document is part of, from its first byte.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Whether any part of the text is used in several places of the tree.
    pub fn has_aliases(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.content, Content::Alias(_)))
    }

    /// Whether its aliases multiply what stands in it: with each of them written out, there is much more than without them. A
    /// reader that copies what it reads cannot bear such a document.
    pub fn multiplies(&self) -> bool {
        *self.multiplies.get_or_init(|| self.has_aliases() && self.is_multiplied())
    }

    fn is_multiplied(&self) -> bool {
        /// Bytes that every document may have, and how often those of its own nodes may be there.
        const BEARABLE: (usize, usize) = (500_000, 4);
        /// What a node takes beside its letters.
        const NODE: usize = 16;
        let mut sizes: Vec<Option<usize>> = vec![None; self.nodes.len()];
        // A node is left when all below it have their sizes.
        let mut open: Vec<NodeId> = self.root.into_iter().collect();
        while let Some(id) = open.last().copied() {
            if sizes.get(id.0 as usize).is_none_or(Option::is_some) {
                open.pop();
                continue;
            }
            let waiting = open.len();
            let mut size = NODE;
            let mut add = |id: NodeId| match sizes.get(id.0 as usize).copied().flatten() {
                Some(below) => size = size.saturating_add(below),
                None => open.push(id),
            };
            match self.data(id).map(|data| &data.content) {
                Some(Content::Scalar { text, .. }) => size += text.len(),
                Some(Content::Sequence { items, .. }) => items.iter().copied().for_each(add),
                Some(Content::Mapping { entries, .. }) => {
                    entries.iter().flat_map(|(key, value)| [*key, *value]).for_each(add);
                }
                Some(Content::Alias(Some(target))) => add(*target),
                Some(Content::Alias(None)) | None => {}
            }
            if let Some(place) = sizes.get_mut(id.0 as usize).filter(|_| open.len() == waiting) {
                *place = Some(size);
            }
        }
        let whole = self.root.and_then(|root| sizes.get(root.0 as usize).copied().flatten()).unwrap_or_default();
        let letters = |node: &NodeData<'_>| match &node.content {
            Content::Scalar { text, .. } => text.len(),
            _ => 0,
        };
        let own: usize = self.nodes.iter().map(|node| NODE + letters(node)).sum();
        whole > BEARABLE.0 + BEARABLE.1 * own
    }

    /// How many nodes the tree has.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn data(&self, id: NodeId) -> Option<&NodeData<'t>> {
        self.nodes.get(id.0 as usize)
    }
}

impl<'d> Node<'d> {
    /// This use of a node: an alias has an identity of its own.
    pub(crate) fn id(self) -> NodeId {
        self.id
    }

    /// Whether this key merges its value into the mapping.
    pub(crate) fn is_merge_key(self) -> bool {
        self.data().is_some_and(|data| data.is_merge_key(self.doc.text))
    }

    /// The text the node's document is part of.
    pub(crate) fn source(self) -> &'d str {
        self.doc.text
    }

    fn data(self) -> Option<&'d NodeData<'d>> {
        self.doc.data(self.id)
    }

    /// The bytes at this use of the node: for an alias those of `*name`, else its content without anchor and tag.
    pub fn span(self) -> Span {
        self.data().map(|data| data.span).unwrap_or_default()
    }

    /// The bytes of the node's anchor, `&name`.
    pub fn anchor(self) -> Option<Span> {
        self.data()?.anchor
    }

    /// The bytes of the node's tag.
    pub fn tag(self) -> Option<Span> {
        self.data()?.tag
    }

    /// The node's tag as it is written.
    pub fn tag_word(self) -> Option<&'d str> {
        Some(self.tag()?.slice(self.doc.text))
    }

    /// Whether this is `*name`.
    pub fn is_alias(self) -> bool {
        matches!(self.data().map(|data| &data.content), Some(Content::Alias(_)))
    }

    /// The node that holds the content: this one, or what the alias stands for.
    pub fn content(self) -> Self {
        match self.data().map(|data| &data.content) {
            // An anchor stands on a node with content of its own, so one step is enough.
            Some(Content::Alias(Some(target))) => Self { doc: self.doc, id: *target },
            _ => self,
        }
    }

    fn resolved(self) -> Option<&'d Content<'d>> {
        self.content().data().map(|data| &data.content)
    }

    /// What it holds. An alias to nothing holds null.
    pub fn kind(self) -> Kind {
        match self.resolved() {
            Some(Content::Scalar { value, .. }) => match value {
                Scalar::Null => Kind::Null,
                Scalar::Bool(_) => Kind::Bool,
                Scalar::Int(_) | Scalar::UInt(_) => Kind::Int,
                Scalar::Float(_) => Kind::Float,
                Scalar::Str => Kind::String,
            },
            Some(Content::Sequence { .. }) => Kind::Sequence,
            Some(Content::Mapping { .. }) => Kind::Mapping,
            Some(Content::Alias(_)) | None => Kind::Null,
        }
    }

    /// The value of a scalar.
    pub fn scalar(self) -> Option<Scalar> {
        match self.resolved()? {
            Content::Scalar { value, .. } => Some(*value),
            _ => None,
        }
    }

    /// How a scalar is written.
    pub fn scalar_style(self) -> Option<ScalarStyle> {
        match self.resolved()? {
            Content::Scalar { style, .. } => Some(*style),
            _ => None,
        }
    }

    /// How a mapping or list is written.
    pub fn collection_style(self) -> Option<CollectionStyle> {
        match self.resolved()? {
            Content::Sequence { style, .. } | Content::Mapping { style, .. } => Some(*style),
            _ => None,
        }
    }

    /// The characters of a scalar after unquoting, whatever its type: `yes` for a true written so.
    pub fn written(self) -> Option<&'d str> {
        match self.resolved()? {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of a string. Numbers and booleans are no strings.
    pub fn as_str(self) -> Option<&'d str> {
        match self.resolved()? {
            Content::Scalar { text, value: Scalar::Str, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a whole number that fits 64 bits with a sign. A float without a fraction is one: `runAsUser: 0.0`
    /// and `0e3` reach the API server as `0`, because JSON is written from a float without its empty fraction.
    pub fn as_int(self) -> Option<i64> {
        match self.scalar()? {
            Scalar::Int(value) => Some(value),
            Scalar::Float(value) => float::whole(value),
            _ => None,
        }
    }

    /// What a YAML 1.2 reader (core schema) sees, where that differs from what Kubernetes' reader sees: `yes` is text to
    /// the one and true to the other, `0644` is 644 to the one and 420 to the other. `None` where they agree, and for
    /// anything that is quoted, tagged or no scalar.
    pub fn reads_differently(self) -> Option<Scalar> {
        let data = self.content().data()?;
        let Content::Scalar { text, style: ScalarStyle::Plain, value } = &data.content else { return None };
        if data.tag.is_some() || self.doc.json {
            return None;
        }
        let other = scalar::resolve_core(text);
        (!other.same_json(*value)).then_some(other)
    }

    /// Whether a template (`{{ … }}`) decides about this value, so that nobody can say what it is before the template is
    /// rendered: a scalar with an expression in it, an empty value with an expression in its place, a mapping or list
    /// into which an expression puts more.
    pub fn is_templated(self) -> bool {
        self.doc.templated.binary_search(&self.content().id).is_ok()
    }

    /// The value as `sigs.k8s.io/yaml` turns it into JSON, merges done and aliases written out. An infinity or `.nan`,
    /// an alias to nothing, and what lies beyond 1,000,000 values or 1,500 levels is null.
    pub fn to_json(self) -> Value {
        let mut open: Vec<Unfinished<'d>> = Vec::new();
        let mut budget = 1_000_000_usize;
        let mut next = Some(self);
        loop {
            let mut value = Value::Null;
            if let Some(node) = next.filter(|_| budget > 0 && open.len() <= 1_500) {
                budget -= 1;
                match node.kind() {
                    Kind::Sequence => {
                        let waiting: Vec<_> = node.items().rev().map(|item| (Cow::Borrowed(""), item)).collect();
                        open.push(Unfinished { waiting, key: None, value: Value::Array(Vec::new()) });
                    }
                    Kind::Mapping => {
                        let entries = node.entries();
                        let waiting = entries.iter().rev().map(|entry| (entry.name(), entry.value)).collect();
                        open.push(Unfinished { waiting, key: None, value: Value::Object(serde_json::Map::new()) });
                    }
                    _ => value = node.scalar_json(),
                }
                if matches!(node.kind(), Kind::Sequence | Kind::Mapping) {
                    next = open.last_mut().and_then(Unfinished::next);
                    if next.is_some() {
                        continue;
                    }
                    value = open.pop().map(|done| done.value).unwrap_or_default();
                }
            }
            // A value is done: it goes to what is around it, which may be done by that.
            loop {
                let Some(around) = open.last_mut() else { return value };
                around.take(value);
                next = around.next();
                if next.is_some() {
                    break;
                }
                value = open.pop().map(|done| done.value).unwrap_or_default();
            }
        }
    }

    fn scalar_json(self) -> Value {
        match self.scalar() {
            Some(Scalar::Bool(value)) => Value::Bool(value),
            Some(Scalar::Int(value)) => value.into(),
            Some(Scalar::UInt(value)) => value.into(),
            // Go's JSON writer leaves an empty fraction out.
            Some(Scalar::Float(value)) => float::whole(value).map_or_else(|| value.into(), Value::from),
            Some(Scalar::Str) => self.written().unwrap_or_default().into(),
            Some(Scalar::Null) | None => Value::Null,
        }
    }

    /// Whether it holds null.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The items of a list; none for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'d>> + DoubleEndedIterator {
        let items: &'d [NodeId] = match self.resolved() {
            Some(Content::Sequence { items, .. }) => items,
            _ => &[],
        };
        items.iter().map(move |&id| Self { doc: self.doc, id })
    }

    /// The item at a place of a list, from 0.
    pub fn item(self, index: usize) -> Option<Self> {
        match self.resolved() {
            Some(Content::Sequence { items, .. }) => items.get(index).map(|&id| Self { doc: self.doc, id }),
            _ => None,
        }
    }

    /// The entries of a mapping as they are written, `<<` and duplicates included; none for anything else.
    pub fn written_entries(self) -> impl ExactSizeIterator<Item = Entry<'d>> + DoubleEndedIterator {
        let entries: &'d [(NodeId, NodeId)] = match self.resolved() {
            Some(Content::Mapping { entries, .. }) => entries,
            _ => &[],
        };
        let doc = self.doc;
        entries.iter().map(move |&(key, value)| Entry {
            key: Node { doc, id: key },
            value: Node { doc, id: value },
            merged: false,
        })
    }

    /// The entry that Kubernetes' reader uses for a key.
    ///
    /// go-yaml v2 reads a mapping from top to bottom and lets every later mention of a key win, merges included: a merge
    /// key below `hostPID: false` overrides it, one above does not. In a list of merged mappings the first one wins.
    pub fn entry(self, key: &str) -> Option<Entry<'d>> {
        // Nearly every mapping is without a merge key, and then this is a plain search from the end.
        for entry in self.written_entries().rev() {
            let found = match entry.key.data().map(|data| &data.content) {
                Some(Content::Scalar { text, value: Scalar::Str, .. }) if text != "<<" => text == key,
                _ if entry.key.is_merge_key() => return Setters::of(self).find(|entry| entry.name() == key),
                _ => entry.name() == key,
            };
            if found {
                return Some(entry);
            }
        }
        None
    }

    /// The entries of a mapping as Kubernetes' reader sees them: each key once, with the value that wins (see
    /// [`Node::entry`]); first those that are written here in their order, then those that a merge key brought in.
    pub fn entries(self) -> Vec<Entry<'d>> {
        let written: Vec<Entry<'d>> = self.written_entries().collect();
        if is_plain(&written) {
            return written;
        }
        let mut seen: HashSet<Cow<'d, str>> = HashSet::new();
        let mut own = Vec::new();
        let mut merged = Vec::new();
        for entry in Setters::of(self) {
            if seen.insert(entry.name()) {
                if entry.merged { &mut merged } else { &mut own }.push(entry);
            }
        }
        own.reverse();
        merged.reverse();
        own.append(&mut merged);
        own
    }

    /// The key as text, see [`Entry::name`].
    pub fn key_text(self) -> Cow<'d, str> {
        match self.resolved() {
            Some(Content::Scalar { value: Scalar::Float(_), .. }) => spelled(&self.doc.float_keys, self.id()).into(),
            Some(Content::Scalar { text, value, .. }) => spell_key(text, *value),
            _ => Cow::Borrowed(""),
        }
    }

    /// The value of a key, see [`Node::entry`].
    pub fn get(self, key: &str) -> Option<Self> {
        self.entry(key).map(|entry| entry.value)
    }
}

/// A list or mapping on its way to JSON. Levels stand in a list of ours, since the stack of a browser is small.
struct Unfinished<'d> {
    /// The next one last.
    waiting: Vec<(Cow<'d, str>, Node<'d>)>,
    /// The key of the value that is being made.
    key: Option<Cow<'d, str>>,
    value: Value,
}

impl<'d> Unfinished<'d> {
    fn next(&mut self) -> Option<Node<'d>> {
        let (key, node) = self.waiting.pop()?;
        self.key = Some(key);
        Some(node)
    }

    fn take(&mut self, value: Value) {
        match &mut self.value {
            Value::Array(items) => items.push(value),
            Value::Object(entries) => {
                entries.insert(self.key.take().unwrap_or_default().into_owned(), value);
            }
            _ => {}
        }
    }
}

/// All mentions of keys in a mapping and in what is merged into it, the one that wins first.
struct Setters<'d> {
    doc: &'d Document<'d>,
    /// What is still to be looked through, the next one last.
    waiting: Vec<Mentions<'d>>,
    /// Mappings that were merged already: a second look at one finds only what has been seen.
    taken: HashSet<NodeId>,
}

struct Mentions<'d> {
    entries: std::slice::Iter<'d, (NodeId, NodeId)>,
    /// The mapping that is merged, until its first entry is asked for.
    merging: Option<NodeId>,
    merged: bool,
}

impl<'d> Setters<'d> {
    fn of(node: Node<'d>) -> Self {
        let mut setters = Self { doc: node.doc, waiting: Vec::new(), taken: HashSet::new() };
        if let Some(Content::Mapping { entries, .. }) = node.resolved() {
            setters.waiting.push(Mentions { entries: entries.iter(), merging: None, merged: false });
        }
        setters
    }

    fn merge(&mut self, value: NodeId) {
        let doc = self.doc;
        match doc.data(value).map(|data| &data.content) {
            // The first one of a list wins, so it has to be the next.
            Some(Content::Sequence { items, .. }) => {
                items.iter().rev().for_each(|&item| self.merge_mapping(item));
            }
            _ => self.merge_mapping(value),
        }
    }

    fn merge_mapping(&mut self, value: NodeId) {
        let node = Node { doc: self.doc, id: value }.content();
        if let Some(Content::Mapping { entries, .. }) = node.resolved() {
            self.waiting.push(Mentions { entries: entries.iter(), merging: Some(node.id), merged: true });
        }
    }
}

impl<'d> Iterator for Setters<'d> {
    type Item = Entry<'d>;

    fn next(&mut self) -> Option<Entry<'d>> {
        loop {
            let mentions = self.waiting.last_mut()?;
            let merged = mentions.merged;
            let fresh = mentions.merging.take().is_none_or(|mapping| self.taken.insert(mapping));
            let next = if fresh { mentions.entries.next_back() } else { None };
            let Some(&(key, value)) = next else {
                self.waiting.pop();
                continue;
            };
            if self.doc.data(key).is_some_and(|data| data.is_merge_key(self.doc.text)) {
                self.merge(value);
                continue;
            }
            let doc = self.doc;
            return Some(Entry { key: Node { doc, id: key }, value: Node { doc, id: value }, merged });
        }
    }
}

/// Whether a small mapping holds each of its keys once and merges nothing, which is so for nearly all.
fn is_plain(entries: &[Entry<'_>]) -> bool {
    entries.len() <= 16
        && entries.iter().enumerate().all(|(place, entry)| {
            let name = entry.name();
            !entry.key.is_merge_key() && entries.iter().take(place).all(|before| before.name() != name)
        })
}

pub(crate) fn node<'d>(doc: &'d Document<'d>, id: NodeId) -> Node<'d> {
    Node { doc, id }
}

/// How sigs.k8s.io/yaml spells a key that is a number with a fraction; nothing for what is no key.
pub(crate) fn spelled(float_keys: &[(NodeId, String)], key: NodeId) -> &str {
    let place = float_keys.binary_search_by_key(&key, |&(id, _)| id).ok();
    place.and_then(|place| float_keys.get(place)).map_or("", |(_, name)| name)
}

/// A scalar key as sigs.k8s.io/yaml spells it; numbers with a fraction are [`spelled`] apart.
pub(crate) fn spell_key(text: &str, value: Scalar) -> Cow<'_, str> {
    match value {
        Scalar::Str | Scalar::Float(_) => Cow::Borrowed(text),
        Scalar::Null => Cow::Borrowed("null"),
        Scalar::Bool(true) => Cow::Borrowed("true"),
        Scalar::Bool(false) => Cow::Borrowed("false"),
        Scalar::Int(number) => Cow::Owned(number.to_string()),
        Scalar::UInt(number) => Cow::Owned(number.to_string()),
    }
}
