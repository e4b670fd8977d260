//! From a row of events to the tree of one document. The YAML and the JSON reader both feed it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;
use watertight_text::sort;

use watertight_diagnostic::{Route, Step};
use watertight_text::Span;

use crate::scalar::{self, TagError, TagKind};
use crate::tree::{Content, NodeData, NodeId};
use crate::{CollectionStyle, Comment, Document, Problem, ProblemKind, Scalar, ScalarStyle, tree};

/// Anchor and tag of a node.
#[derive(Clone, Copy, Default)]
pub(crate) struct Properties<'e> {
    pub(crate) anchor: Option<usize>,
    pub(crate) tag: Option<Tag<'e>>,
}

/// A tag with its place.
#[derive(Clone, Copy)]
pub(crate) struct Tag<'e> {
    pub(crate) kind: TagKind,
    /// As it is written, for messages.
    pub(crate) word: &'e str,
    pub(crate) span: Option<Span>,
}

/// The tree is full: more nodes than the limit, or more levels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Full {
    Nodes,
    Depth,
}

struct Frame {
    id: NodeId,
    mapping: bool,
    /// Where its children begin in the builder's list of unclaimed nodes.
    first_child: usize,
    /// Last byte of the content seen so far.
    end: u32,
    anchor: Option<usize>,
    /// How often go-yaml would decode a node for one use of this one.
    weight: u64,
    /// The column at which it begins, once somebody has asked.
    column: Option<usize>,
}

struct Anchor {
    node: NodeId,
    weight: u64,
    /// Not while we are still inside of it.
    closed: bool,
}

/// go-yaml's count of decoded nodes, kept without expanding an alias. Source: `decode.go`, `allowedAliasRatio`.
#[derive(Default)]
struct Decoded {
    all: u64,
    by_alias: u64,
}

impl Decoded {
    fn is_excessive(&self) -> bool {
        if self.by_alias <= 100 || self.all <= 1000 {
            return false;
        }
        let (low, high) = (400_000.0, 4_000_000.0);
        let all = self.all as f64;
        let allowed = 0.99 - 0.89 * ((all - low) / (high - low)).clamp(0.0, 1.0);
        self.by_alias as f64 / all > allowed
    }
}

/// Room for the tree of a small pod, so that it does not grow step by step.
pub(crate) const USUAL_NODES: usize = 64;
const USUAL_DEPTH: usize = 16;

/// From so many nodes on a tree is large, and what it takes too much of memory counts.
const MANY_NODES: usize = 16_384;

/// As many doubled keys of one document are named; nobody reads on.
const MAX_DOUBLES: usize = 1_000;
/// Up to how many keys of a mapping are compared with each other; of more, each is looked up.
const FEW: usize = 12;

pub(crate) struct Builder<'t> {
    text: &'t str,
    nodes: Vec<NodeData<'t>>,
    /// How many nodes there were when room was made for more last, and where that was.
    grown: (usize, u32),
    root: Option<NodeId>,
    frames: Vec<Frame>,
    unclaimed: Vec<NodeId>,
    anchors: HashMap<usize, Anchor>,
    /// The last place whose column was asked for, and where its line begins.
    line: (usize, usize),
    decoded: Decoded,
    excessive: bool,
    doubles: usize,
    pub(crate) problems: Vec<Problem>,
    pub(crate) comments: Vec<Comment>,
    /// What the document covers so far.
    pub(crate) extent: Option<Span>,
    pub(crate) json: bool,
    /// Spells keys that are numbers with a fraction. Whoever never hands one over has none.
    pub(crate) spell: Option<fn(f64) -> String>,
    float_keys: Vec<(NodeId, String)>,
    pub(crate) max_depth: usize,
    pub(crate) max_nodes: usize,
}

impl<'t> Builder<'t> {
    /// With room for so many nodes at first: of one document below another, as many as that one had.
    pub(crate) fn new(text: &'t str, max_depth: usize, max_nodes: usize, room: usize) -> Self {
        Self {
            text,
            nodes: Vec::with_capacity(room.min(USUAL_NODES)),
            grown: (0, 0),
            root: None,
            frames: Vec::with_capacity(USUAL_DEPTH),
            unclaimed: Vec::with_capacity(room.min(USUAL_NODES)),
            anchors: HashMap::new(),
            line: (0, 0),
            // go-yaml counts the document itself.
            decoded: Decoded { all: 1, by_alias: 0 },
            excessive: false,
            doubles: 0,
            problems: Vec::new(),
            comments: Vec::new(),
            extent: None,
            json: false,
            spell: None,
            float_keys: Vec::new(),
            max_depth,
            max_nodes,
        }
    }

    pub(crate) fn cover(&mut self, span: Span) {
        self.extent = Some(self.extent.map_or(span, |extent| extent.cover(span)));
    }

    pub(crate) fn problem(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>) {
        self.problems.push(Problem { kind, span, related: None, route: None, message: message.into() });
    }

    /// The brackets and braces around this place, the innermost last.
    pub(crate) fn open_flow(&self) -> impl DoubleEndedIterator<Item = Span> + '_ {
        self.frames.iter().filter_map(|frame| match self.nodes.get(frame.id.0 as usize)? {
            NodeData {
                content:
                    Content::Sequence { style: CollectionStyle::Flow, .. }
                    | Content::Mapping { style: CollectionStyle::Flow, .. },
                span,
                ..
            } => Some(Span::new(span.start as usize, span.start as usize + 1)),
            _ => None,
        })
    }

    /// Whether the innermost collection is written with brackets.
    pub(crate) fn in_flow(&self) -> bool {
        self.frames.last().is_some_and(|frame| self.is_flow(frame))
    }

    /// Whether the newest node stands between brackets; its own do not count.
    pub(crate) fn newest_in_flow(&self) -> bool {
        let is_newest = |frame: &Frame| frame.id.0 as usize + 1 == self.nodes.len();
        self.frames.iter().rev().find(|frame| !is_newest(frame)).is_some_and(|frame| self.is_flow(frame))
    }

    fn is_flow(&self, frame: &Frame) -> bool {
        let style = self.nodes.get(frame.id.0 as usize).and_then(|node| match &node.content {
            Content::Sequence { style, .. } | Content::Mapping { style, .. } => Some(*style),
            _ => None,
        });
        style == Some(CollectionStyle::Flow)
    }

    /// The column at which the content of the innermost block begins; `None` outside of all.
    pub(crate) fn column(&mut self) -> Option<usize> {
        let frame = self.frames.last_mut()?;
        if frame.column.is_none() {
            let start = self.nodes.get(frame.id.0 as usize)?.span.start as usize;
            let (at, line) = self.line;
            // A text on one line is gone through once, not once for each block.
            let line = match self.text.get(at..start) {
                Some(between) => between.rfind('\n').map_or(line, |end| at + end + 1),
                None if start >= line => line,
                None => self.text.get(..start)?.rfind('\n').map_or(0, |end| end + 1),
            };
            self.line = (start, line);
            frame.column = Some(start - line);
        }
        frame.column
    }

    /// Whether the next node is the value of a mapping's key; `Some(true)` for the key itself.
    pub(crate) fn awaits_key(&self) -> Option<bool> {
        let frame = self.frames.last()?;
        frame.mapping.then(|| (self.unclaimed.len() - frame.first_child).is_multiple_of(2))
    }

    pub(crate) fn scalar(
        &mut self,
        span: Span,
        text: Cow<'t, str>,
        style: ScalarStyle,
        properties: Properties<'_>,
    ) -> Result<NodeId, Full> {
        let (value, text) = match properties.tag {
            Some(tag) => {
                let (value, text, error) = scalar::resolve_tagged(tag.kind, text);
                if let Some(error) = error {
                    self.problem(ProblemKind::BadTag, tag.span.unwrap_or(span), tag_message(error, tag.word));
                }
                (value, text)
            }
            None if style == ScalarStyle::Plain => (scalar::resolve(&text), text),
            None => (Scalar::Str, text),
        };
        self.resolved(span, text, style, value, properties)
    }

    /// A scalar whose value is known already.
    pub(crate) fn resolved(
        &mut self,
        span: Span,
        text: Cow<'t, str>,
        style: ScalarStyle,
        value: Scalar,
        properties: Properties<'_>,
    ) -> Result<NodeId, Full> {
        if let Scalar::Float(number) = value
            && !self.spell_float_key(number)
            && !number.is_finite()
        {
            let message = format!(
                "`{}` has no form in JSON, which Kubernetes turns every manifest into, so it refuses this document. \
                 Write an ordinary number, or put it in quotes if it is meant as text.",
                span.slice(self.text)
            );
            self.problem(ProblemKind::BadNumber, span, message);
        }
        let id = self.push(span, properties, Content::Scalar { text, style, value })?;
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, Anchor { node: id, weight: 1, closed: true });
        }
        let merge = self.awaits_key() == Some(true) && self.is_merge_key(id);
        self.count(u64::from(!merge), 0);
        self.claim(id, span.end, 1);
        Ok(id)
    }

    /// Keeps how the next node is spelled if it is a key; whether it is one.
    fn spell_float_key(&mut self, number: f64) -> bool {
        let is_key = self.awaits_key() == Some(true);
        if is_key && let Some(spell) = self.spell {
            self.float_keys.push((NodeId(self.nodes.len() as u32), spell(number)));
        }
        is_key
    }

    pub(crate) fn open(
        &mut self,
        span: Span,
        mapping: bool,
        style: CollectionStyle,
        properties: Properties<'_>,
    ) -> Result<NodeId, Full> {
        if self.frames.len() >= self.max_depth {
            return Err(Full::Depth);
        }
        let content = if mapping {
            Content::Mapping { entries: Vec::new(), style }
        } else {
            Content::Sequence { items: Vec::new(), style }
        };
        let id = self.push(span, properties, content)?;
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, Anchor { node: id, weight: 0, closed: false });
        }
        let merge_list = !mapping && self.awaits_key() == Some(false) && self.last_key_merges();
        self.count(u64::from(!merge_list), 0);
        self.frames.push(Frame {
            id,
            mapping,
            first_child: self.unclaimed.len(),
            end: span.end,
            anchor: properties.anchor,
            weight: u64::from(!merge_list),
            column: None,
        });
        Ok(id)
    }

    /// Ends the innermost collection; `end` is one past its closing bracket, or `None` for the end of its last child.
    pub(crate) fn close(&mut self, end: Option<u32>) {
        let Some(frame) = self.frames.pop() else { return };
        let end = end.unwrap_or(frame.end).max(frame.end);
        let children = self.unclaimed.get(frame.first_child..).unwrap_or_default();
        if frame.mapping {
            let entries: Vec<_> =
                children.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect();
            self.check_entries(&entries, frame.first_child);
            self.finish(frame.id, end, |content| {
                if let Content::Mapping { entries: place, .. } = content {
                    *place = entries;
                }
            });
        } else {
            let items = children.to_vec();
            self.finish(frame.id, end, |content| {
                if let Content::Sequence { items: place, .. } = content {
                    *place = items;
                }
            });
        }
        self.unclaimed.truncate(frame.first_child);
        if let Some(anchor) = frame.anchor.and_then(|anchor| self.anchors.get_mut(&anchor)) {
            anchor.weight = frame.weight;
            anchor.closed = true;
        }
        self.claim(frame.id, end, frame.weight);
    }

    pub(crate) fn alias(&mut self, span: Span, target: Option<usize>) -> Result<NodeId, Full> {
        let name = span.slice(self.text).trim_start_matches('*').to_owned();
        let found = target.and_then(|target| self.anchors.get(&target)).map(|a| (a.node, a.weight, a.closed));
        let (node, weight) = match found {
            Some((node, weight, true)) => (Some(node), weight),
            Some((node, _, false)) => {
                let related = self.nodes.get(node.0 as usize).and_then(|data| data.anchor);
                self.problems.push(Problem {
                    kind: ProblemKind::RecursiveAlias,
                    span,
                    related,
                    route: None,
                    message: format!(
                        "`*{name}` stands inside the very value that `&{name}` names, so the value would contain \
                         itself. Kubernetes refuses this document. Write the value out, or move the anchor."
                    ),
                });
                (None, 0)
            }
            None => {
                let message = format!(
                    "`*{name}` refers to an anchor `&{name}` that does not stand before it in this document. Add \
                     `&{name}` to the value that is meant, or write the value here. If a star is meant, put the text \
                     in quotes."
                );
                self.problem(ProblemKind::UnknownAlias, span, message);
                (None, 0)
            }
        };
        if let Some(Content::Scalar { value: Scalar::Float(number), .. }) = node.and_then(|node| self.content(node)) {
            self.spell_float_key(*number);
        }
        let id = self.push(span, Properties::default(), Content::Alias(node))?;
        self.count(1, weight);
        if !self.excessive && self.decoded.is_excessive() {
            self.excessive = true;
            self.problem(
                ProblemKind::ExcessiveAliases,
                span,
                "The aliases of this document unfold to so many values that Kubernetes' reader refuses it. Write the \
                 values out instead of nesting aliases in aliases.",
            );
        }
        self.claim(id, span.end, weight.saturating_add(1));
        Ok(id)
    }

    /// The document as far as it came; what is still open is closed where it stands.
    pub(crate) fn into_document(mut self, index: usize, complete: bool) -> Document<'t> {
        while let Some(frame) = self.frames.last() {
            if frame.mapping && self.awaits_key() == Some(false) {
                let at = Span::at(frame.end as usize);
                let plain = ScalarStyle::Plain;
                if self.resolved(at, Cow::Borrowed(""), plain, Scalar::Null, Properties::default()).is_err() {
                    self.unclaimed.pop();
                }
            }
            self.close(None);
        }
        // The order of events is not quite the order of the text.
        sort::by_key(&mut self.comments, |comment| comment.span);
        sort::by_key(&mut self.problems, |problem| problem.span.start);
        for route in self.problems.iter_mut().filter_map(|problem| problem.route.as_mut()) {
            route.document = index;
        }
        // A little room is less than what moving a large tree takes.
        if self.nodes.capacity() > self.nodes.len() + self.nodes.len() / 8 {
            self.nodes.shrink_to_fit();
        }
        Document {
            index,
            span: self.extent.unwrap_or_default(),
            comments: self.comments,
            problems: self.problems,
            complete,
            json: self.json,
            templates: Vec::new(),
            templated: Vec::new(),
            float_keys: self.float_keys,
            text: self.text,
            nodes: self.nodes,
            root: self.root,
            multiplies: OnceLock::new(),
        }
    }

    /// Whether it holds as many nodes as it may.
    pub(crate) fn is_full(&self) -> bool {
        self.nodes.len() >= self.max_nodes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn node_count(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn set_anchor_span(&mut self, span: Span) {
        if let Some(data) = self.nodes.last_mut() {
            data.anchor = Some(span);
        }
        self.cover(span);
    }

    fn push(&mut self, span: Span, properties: Properties<'_>, content: Content<'t>) -> Result<NodeId, Full> {
        if self.is_full() {
            return Err(Full::Nodes);
        }
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let tag = properties.tag.and_then(|tag| tag.span);
        self.cover(span);
        if let Some(tag) = tag {
            self.cover(tag);
        }
        if self.nodes.len() == self.nodes.capacity() && self.nodes.len() >= MANY_NODES {
            self.grow(span.end);
        }
        self.nodes.push(NodeData { span, anchor: None, tag, content });
        Ok(id)
    }

    /// Makes room for more nodes: as many as there will be when the rest of the text is like what was read since this was done
    /// last, and at most as many again. A list of letters is seventy times its text, and double of that would be there at once
    /// with the old room.
    fn grow(&mut self, end: u32) {
        let nodes = self.nodes.len();
        let (known, begin) = std::mem::replace(&mut self.grown, (nodes, end));
        let read = end.saturating_sub(begin.max(self.extent.map_or(0, |extent| extent.start))) as usize;
        let rest = self.text.len().saturating_sub(end as usize);
        let foreseen = ((nodes - known) as u64).saturating_mul(rest as u64) / (read.max(1) as u64);
        let foreseen = usize::try_from(foreseen).unwrap_or(usize::MAX).min(nodes);
        self.nodes.reserve_exact((foreseen + foreseen / 16).max(nodes / 4));
    }

    fn count(&mut self, own: u64, by_alias: u64) {
        self.decoded.all = self.decoded.all.saturating_add(own).saturating_add(by_alias);
        self.decoded.by_alias = self.decoded.by_alias.saturating_add(by_alias);
    }

    /// Hands a finished node to the collection around it.
    fn claim(&mut self, id: NodeId, end: u32, weight: u64) {
        let key = self.awaits_key() == Some(true);
        if key {
            self.check_key(id);
        }
        let merge = key && self.is_merge_key(id);
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(id);
            return;
        };
        frame.end = frame.end.max(end);
        if !merge {
            frame.weight = frame.weight.saturating_add(weight);
        }
        if !key && frame.mapping && self.last_key_merges() {
            self.check_merge(id);
        }
        self.unclaimed.push(id);
    }

    fn finish(&mut self, id: NodeId, end: u32, fill: impl FnOnce(&mut Content<'t>)) {
        let Some(data) = self.nodes.get_mut(id.0 as usize) else { return };
        data.span.end = data.span.end.max(end);
        fill(&mut data.content);
        let span = data.span;
        self.cover(span);
    }

    fn content(&self, id: NodeId) -> Option<&Content<'t>> {
        match &self.nodes.get(id.0 as usize)?.content {
            Content::Alias(Some(target)) => self.nodes.get(target.0 as usize).map(|data| &data.content),
            content => Some(content),
        }
    }

    fn is_merge_key(&self, id: NodeId) -> bool {
        self.nodes.get(id.0 as usize).is_some_and(|data| data.is_merge_key(self.text))
    }

    /// Whether the value that comes next belongs to a merge key.
    fn last_key_merges(&self) -> bool {
        self.awaits_key() == Some(false) && self.unclaimed.last().is_some_and(|&key| self.is_merge_key(key))
    }

    fn check_key(&mut self, id: NodeId) {
        let what = match self.content(id) {
            Some(Content::Scalar { value: Scalar::Null, .. }) => "empty",
            Some(Content::Scalar { value: Scalar::UInt(_), .. }) => "a number beyond 64 bits with a sign",
            Some(Content::Sequence { .. }) => "a list",
            Some(Content::Mapping { .. }) => "a mapping",
            _ => return,
        };
        let span = self.nodes.get(id.0 as usize).map(|data| data.span).unwrap_or_default();
        let message = format!(
            "This key is {what}. Kubernetes takes only words and ordinary numbers as keys and refuses this document. Put \
             the key in quotes if it is meant as text."
        );
        self.problem(ProblemKind::BadKey, span, message);
    }

    fn check_merge(&mut self, id: NodeId) {
        let Some(data) = self.nodes.get(id.0 as usize) else { return };
        let span = data.span;
        let is_mapping = |id: &NodeId| matches!(self.content(*id), Some(Content::Mapping { .. }));
        let is_unknown = |id: &NodeId| matches!(self.content(*id), Some(Content::Alias(None)));
        let fits = match &data.content {
            Content::Sequence { items, .. } => items.iter().all(|item| is_mapping(item) || is_unknown(item)),
            _ => is_mapping(&id) || is_unknown(&id),
        };
        if !fits {
            self.problem(
                ProblemKind::BadMerge,
                span,
                "A merge key (`<<`) takes a mapping, an alias of a mapping, or a list of these. Kubernetes refuses this \
                 document.",
            );
        }
    }

    fn check_entries(&mut self, entries: &[(NodeId, NodeId)], first_child: usize) {
        let mut doubles = Vec::new();
        {
            let names = entries.iter().map(|&(key, _)| self.key_name(key)).enumerate();
            if entries.len() <= FEW {
                let mut before: [Option<Cow<'_, str>>; FEW] = Default::default();
                for (at, name) in names {
                    let earlier = before.iter().take(at).rposition(|other| name.is_some() && *other == name);
                    doubles.extend(earlier.map(|earlier| (earlier, at)));
                    if let Some(place) = before.get_mut(at) {
                        *place = name;
                    }
                }
            } else {
                let mut seen: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(entries.len());
                for (at, name) in names {
                    let Some(name) = name else { continue };
                    doubles.extend(seen.insert(name, at).map(|earlier| (earlier, at)));
                }
            }
        }
        if doubles.is_empty() {
            return;
        }
        let here = self.route_of_closing(first_child);
        for (earlier, later) in doubles {
            if self.doubles >= MAX_DOUBLES {
                return;
            }
            self.doubles += 1;
            let span_of = |at: usize| {
                let key = entries.get(at)?.0;
                self.nodes.get(key.0 as usize).map(|data| data.span)
            };
            let (Some(first), Some(second)) = (span_of(earlier), span_of(later)) else { continue };
            let name = entries.get(later).and_then(|&(key, _)| self.key_name(key)).unwrap_or_default();
            let route = here.clone().map(|here| here.key(name.clone().into_owned()));
            let message = format!(
                "The key `{name}` stands twice in this mapping. Kubernetes uses the last one and drops the other \
                 without a word. Keep only the one you mean."
            );
            self.problems.push(Problem {
                kind: ProblemKind::DuplicateKey,
                span: second,
                related: Some(first),
                route,
                message,
            });
        }
    }

    /// The route of the collection that is being closed, whose children begin at `first_child`. `None` when it stands in
    /// a merge, where no route leads to. The number of the document is filled in when it is done.
    fn route_of_closing(&self, first_child: usize) -> Option<Route> {
        let ends = self.frames.iter().skip(1).map(|frame| frame.first_child).chain([first_child]);
        let steps = self.frames.iter().zip(ends).map(|(frame, end)| {
            let before = end.checked_sub(frame.first_child)?;
            if !frame.mapping {
                return Some(Step::Index(before));
            }
            let key = *self.unclaimed.get(end.checked_sub(1)?)?;
            Some(Step::Key(self.key_name(key)?.into_owned().into()))
        });
        Some(Route { document: 0, steps: steps.collect::<Option<_>>()? })
    }

    /// The key as sigs.k8s.io/yaml spells it; `None` for merge keys and for what cannot be a key.
    fn key_name(&self, id: NodeId) -> Option<Cow<'_, str>> {
        if self.is_merge_key(id) {
            return None;
        }
        match self.content(id)? {
            Content::Scalar { value: Scalar::Null, .. } => None,
            Content::Scalar { value: Scalar::Float(_), .. } => Some(tree::spelled(&self.float_keys, id).into()),
            Content::Scalar { text, value, .. } => Some(tree::spell_key(text, *value)),
            _ => None,
        }
    }
}

fn tag_message(error: TagError, word: &str) -> String {
    match error {
        TagError::Type { wanted } => format!(
            "The tag `{word}` does not fit this value: it is no {}. Kubernetes refuses this document. Remove the tag or \
             change the value.",
            match wanted {
                "!!bool" => "true or false",
                "!!int" => "whole number",
                "!!float" => "number",
                "!!null" => "null",
                _ => "date",
            }
        ),
        TagError::Base64 => format!(
            "The tag `{word}` asks for base64 and this value is something else. Kubernetes refuses this document. \
             Encode the value, or remove the tag."
        ),
    }
}
