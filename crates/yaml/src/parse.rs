use granit_parser::{Event, Parser, StructureStyle, options};
use watertight_text::Span;

use crate::tree::{Content, NodeData, NodeId};
use crate::{CollectionStyle, Comment, Document, Problem, ProblemKind, Scalar, ScalarStyle, Stream};

/// How much is read. What lies beyond is a [`crate::ProblemKind::Limit`], never a hang.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Levels of mappings and lists inside each other.
    pub depth: usize,
    /// Nodes in all documents together.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10_000_000, depth: 1_000, nodes: 1_000_000 }
    }
}

/// Reads a text with the default [`Limits`]. Never fails.
pub fn parse(text: &str) -> Stream<'_> {
    let limits = Limits::default();
    let options = options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut stream = Stream::default();
    let mut builder: Option<Builder<'_>> = None;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((Event::DocumentStart(..), span)) => {
                builder = Some(Builder::new(text, stream.documents.len(), bytes(&span)));
            }
            Ok((Event::DocumentEnd, span)) => stream.documents.extend(builder.take().map(|b| b.finish(bytes(&span)))),
            Ok((event, span)) => {
                if let Some(builder) = &mut builder {
                    builder.event(event, bytes(&span));
                }
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                let mut broken =
                    builder.take().unwrap_or_else(|| Builder::new(text, stream.documents.len(), Span::at(at)));
                broken.problem(ProblemKind::Syntax, Span::at(at), error.to_string());
                stream.documents.push(broken.finish(Span::at(at)));
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    stream
}

struct Builder<'t> {
    doc: Document<'t>,
    open: Vec<(NodeId, Option<NodeId>)>,
    anchors: Vec<(usize, NodeId)>,
    last: Option<NodeId>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, index: usize, span: Span) -> Self {
        let doc = Document {
            index,
            span,
            comments: Vec::new(),
            problems: Vec::new(),
            complete: true,
            text,
            nodes: Vec::new(),
            root: None,
        };
        Self { doc, open: Vec::new(), anchors: Vec::new(), last: None }
    }

    fn problem(&mut self, kind: ProblemKind, span: Span, message: String) {
        self.doc.complete &= !kind.is_fatal();
        self.doc.problems.push(Problem { kind, span, related: None, message });
    }

    fn event(&mut self, event: Event<'t>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let style = match style {
                    granit_parser::ScalarStyle::Plain => ScalarStyle::Plain,
                    granit_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
                    granit_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
                    granit_parser::ScalarStyle::Literal => ScalarStyle::Literal,
                    granit_parser::ScalarStyle::Folded => ScalarStyle::Folded,
                };
                let value = if style == ScalarStyle::Plain { plain(&text) } else { Scalar::Str };
                self.add(anchor, span, Content::Scalar { text, style, value });
            }
            Event::SequenceStart(style, anchor, _) => {
                let id = self.add(anchor, span, Content::Sequence { items: Vec::new(), style: collection(style) });
                self.open.push((id, None));
            }
            Event::MappingStart(style, anchor, _) => {
                let id = self.add(anchor, span, Content::Mapping { entries: Vec::new(), style: collection(style) });
                self.open.push((id, None));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => {
                let target = self.anchors.iter().rev().find(|(id, _)| *id == anchor).map(|(_, node)| *node);
                self.add(0, span, Content::Alias(target));
            }
            Event::UnresolvedAlias(name) => {
                self.problem(ProblemKind::UnknownAlias, span, format!("there is no &{name} before this *{name}"));
                self.add(0, span, Content::Alias(None));
            }
            Event::Anchor(..) => {
                let last = self.last.and_then(|id| self.doc.nodes.get_mut(id.0 as usize));
                if let Some(node) = last {
                    node.anchor = Some(span);
                }
            }
            Event::Comment(..) => {
                let before = self.doc.text.get(..span.start as usize).unwrap_or_default();
                let line = before.rsplit('\n').next().unwrap_or_default();
                self.doc.comments.push(Comment { span, own_line: line.trim().is_empty() });
            }
            _ => {}
        }
    }

    fn add(&mut self, anchor: usize, span: Span, content: Content<'t>) -> NodeId {
        let id = NodeId(self.doc.nodes.len() as u32);
        self.doc.nodes.push(NodeData { span, anchor: None, tag: None, content });
        self.last = Some(id);
        if anchor != 0 {
            self.anchors.push((anchor, id));
        }
        let Some((parent, key)) = self.open.last_mut() else {
            self.doc.root.get_or_insert(id);
            return id;
        };
        match self.doc.nodes.get_mut(parent.0 as usize).map(|node| &mut node.content) {
            Some(Content::Sequence { items, .. }) => items.push(id),
            Some(Content::Mapping { entries, .. }) => match key.take() {
                None => *key = Some(id),
                Some(key) => entries.push((key, id)),
            },
            _ => {}
        }
        id
    }

    fn close(&mut self, end: Span) {
        let Some((id, _)) = self.open.pop() else { return };
        let last = match self.doc.nodes.get(id.0 as usize).map(|node| &node.content) {
            Some(Content::Sequence { items, style: CollectionStyle::Block }) => items.last().copied(),
            Some(Content::Mapping { entries, style: CollectionStyle::Block }) => entries.last().map(|(_, v)| *v),
            _ => None,
        };
        let end = last.and_then(|id| self.doc.data(id)).map_or(end, |data| data.span);
        if let Some(node) = self.doc.nodes.get_mut(id.0 as usize) {
            node.span = node.span.cover(end);
        }
    }

    fn finish(mut self, end: Span) -> Document<'t> {
        self.doc.span = self.doc.span.cover(end);
        self.doc
    }
}

fn bytes(span: &granit_parser::Span) -> Span {
    span.byte_range().map(|range| Span::new(range.start, range.end)).unwrap_or_default()
}

fn collection(style: StructureStyle) -> CollectionStyle {
    match style {
        StructureStyle::Block => CollectionStyle::Block,
        StructureStyle::Flow => CollectionStyle::Flow,
    }
}

/// A first resolver; the table of go-yaml v2 follows.
fn plain(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ => match (text.parse(), text.parse::<f64>()) {
            (Ok(int), _) => Scalar::Int(int),
            (_, Ok(float)) if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
                Scalar::Float(float)
            }
            _ => Scalar::Str,
        },
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Route;

    use super::parse;

    #[test]
    fn routes_lead_to_spans() {
        let text = "spec: # s\n  hostPID: yes\n  containers:\n  - name: web\n    args: [a, 'b']\n---\na: *x\n";
        let stream = parse(text);
        let first = &stream.documents[0];
        let at = |route: Route| first.at(&route).unwrap();
        assert_eq!(at(Route::root(0).keys("spec.hostPID")).as_bool(), Some(true));
        let container = Route::root(0).keys("spec.containers").index(0);
        assert_eq!(at(container.clone()).span().slice(text), "name: web\n    args: [a, 'b']");
        assert_eq!(at(container.key("args").index(1)).as_str(), Some("b"));
        assert_eq!(first.comments[0].words(text), "s");
        assert!(!stream.documents[1].complete);
    }
}
