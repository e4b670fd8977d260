use std::borrow::Cow;

use watertight_diagnostic::{Route, Step};
use watertight_text::Span;

use crate::{Problem, Scalar, ScalarStyle};

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
    pub(crate) text: &'t str,
    pub(crate) nodes: Vec<NodeData<'t>>,
    pub(crate) root: Option<NodeId>,
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
    /// `None`: the anchor is missing, which is a problem of the document.
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
            Step::Index(index) => node.items().nth(*index),
        })
    }

    /// The text the document is part of, from its first byte.
    pub fn text(&self) -> &'t str {
        self.text
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

    /// The value of a whole number. A float without a fraction counts, as it does for Go's JSON decoder only when
    /// written without one: `1.0` does not.
    pub fn as_int(self) -> Option<i64> {
        match self.scalar()? {
            Scalar::Int(value) => Some(value),
            _ => None,
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

    /// The entry that Kubernetes' reader uses for a key: the last written one, else the first merged one.
    pub fn entry(self, key: &str) -> Option<Entry<'d>> {
        self.written_entries().rev().find(|entry| entry.name() == key)
    }

    /// The key as text, see [`Entry::name`].
    pub fn key_text(self) -> Cow<'d, str> {
        let Some(Content::Scalar { text, value, .. }) = self.resolved() else { return Cow::Borrowed("") };
        match value {
            Scalar::Str => Cow::Borrowed(text),
            Scalar::Null => Cow::Borrowed("null"),
            Scalar::Bool(true) => Cow::Borrowed("true"),
            Scalar::Bool(false) => Cow::Borrowed("false"),
            Scalar::Int(number) => Cow::Owned(number.to_string()),
            Scalar::UInt(number) => Cow::Owned(number.to_string()),
            Scalar::Float(number) => Cow::Owned(number.to_string()),
        }
    }

    /// The value of a key, see [`Node::entry`].
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|entry| entry.value)
    }
}

pub(crate) fn node<'d>(doc: &'d Document<'d>, id: NodeId) -> Node<'d> {
    Node { doc, id }
}
