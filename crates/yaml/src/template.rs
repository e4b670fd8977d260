//! Template expressions (`{{ … }}` of Helm and Jinja, `{% … %}` of Jinja) in a text that is not rendered yet.
//!
//! To a YAML parser `{{ .Values.x }}` is a mapping in a mapping. So the parser gets a stand-in of the same length: an
//! expression within a line becomes a word, a line of nothing but expressions becomes a comment. The tree is then put
//! back in terms of the text.

use std::borrow::Cow;
use watertight_text::sort;

use watertight_text::{LineIndex, Span};

use crate::tree::{Content, NodeId};
use crate::{CollectionStyle, Document, Problem, ProblemKind, Scalar, ScalarStyle};

/// A text made readable, with what stood in it.
pub(crate) struct Mask {
    /// As long as the text, and equal to it outside of expressions.
    pub(crate) source: String,
    /// The character that every stand-in begins with; it is nowhere else.
    mark: char,
    found: Vec<Expression>,
}

struct Expression {
    span: Span,
    /// Whether its line holds nothing else, so that it became a comment.
    alone: bool,
    /// Whether it steers (`if`, `end`, `range`, a comment) and puts no value here.
    steers: bool,
    /// The column of what it puts out.
    column: usize,
}

/// The stand-in for a text with template expressions; `None` for a text without.
pub(crate) fn mask(text: &str) -> Option<Mask> {
    if !text.contains("{{") && !text.contains("{%") {
        return None;
    }
    // A private character that the text does not use. It has three bytes, and an expression has at least four.
    let mark = ('\u{e001}'..='\u{f8ff}').find(|&mark| !text.contains(mark))?;
    let lines = LineIndex::new(text);
    let mut found: Vec<Expression> = Vec::new();
    let mut finder = Finder { text, at: 0, unclosed: [false; 3] };
    while let Some(span) = finder.next() {
        let inside = span.slice(text);
        let column = told_column(inside).unwrap_or_else(|| column(&lines, span.start));
        found.push(Expression { span, alone: false, steers: steers(inside), column });
    }
    find_lone(text, &lines, &mut found);
    let mut source = String::with_capacity(text.len());
    let mut kept = 0;
    for expression in &found {
        let span = expression.span;
        source.push_str(text.get(kept..span.start as usize).unwrap_or_default());
        let mut length = span.len();
        if expression.alone {
            source.push('#');
            length = length.saturating_sub(1);
        }
        source.push(mark);
        source.extend(std::iter::repeat_n('_', length.saturating_sub(mark.len_utf8())));
        kept = span.end as usize;
    }
    source.push_str(text.get(kept..).unwrap_or_default());
    Some(Mask { source, mark, found })
}

struct Finder<'t> {
    text: &'t str,
    at: usize,
    /// Whether it is known that no `}}`, `%}`, `*/` stands further on, so that no text is searched twice.
    unclosed: [bool; 3],
}

impl Finder<'_> {
    fn find(&mut self, which: usize, from: usize) -> Option<usize> {
        let word = ["}}", "%}", "*/"].get(which)?;
        if *self.unclosed.get(which)? {
            return None;
        }
        let place = self.text.get(from..)?.find(word).map(|offset| from + offset);
        if let Some(unclosed) = self.unclosed.get_mut(which) {
            *unclosed = place.is_none();
        }
        place
    }

    fn next(&mut self) -> Option<Span> {
        loop {
            let bytes = self.text.as_bytes();
            let pairs = bytes.get(self.at..)?.windows(2);
            let start = self.at + pairs.into_iter().position(|pair| matches!(pair, b"{{" | b"{%"))?;
            let body = start + 2;
            let closing = usize::from(bytes.get(start + 1) == Some(&b'%'));
            let inside = self.text.get(body..)?;
            let mut end = None;
            if inside.trim_start_matches('-').trim_start().starts_with("/*") {
                end = self.find(2, body).and_then(|comment| self.find(closing, comment));
            } else if closing == 0 && !self.unclosed.contains(&true) {
                end = closing_outside_of_quotes(inside).map(|offset| body + offset);
            }
            let end = match end.or_else(|| self.find(closing, body)) {
                Some(end) => end + 2,
                // Half typed: up to the end of the line.
                None => {
                    let line = inside.find(['\n', '\r']).and_then(|end| inside.get(..end)).unwrap_or(inside);
                    body + line.trim_end().len()
                }
            };
            self.at = end;
            // A word of four bytes is the least that we can stand in for.
            if end >= start + 4 {
                return Some(Span::new(start, end));
            }
        }
    }
}

/// Where `}}` stands outside of string literals; a literal in double quotes ends on its line.
fn closing_outside_of_quotes(inside: &str) -> Option<usize> {
    let bytes = inside.as_bytes();
    let mut at = 0;
    let mut quote = None;
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(b'"'), b'\\') => at += 1,
            (Some(b'"'), b'\n') => return None,
            (Some(mark), _) if mark == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'`') => quote = Some(byte),
            (None, _) if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"}}")) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn steers(expression: &str) -> bool {
    if expression.starts_with("{%") {
        return true;
    }
    let inside = expression.trim_start_matches('{').trim_start_matches('-').trim_start();
    let word = inside.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    inside.starts_with("/*")
        || (inside.starts_with('$') && (inside.contains(":=") || inside.contains(" = ")))
        || matches!(word, "if" | "else" | "end" | "range" | "with" | "define" | "block" | "break" | "continue")
}

/// The column that `nindent 8` asks for.
fn told_column(expression: &str) -> Option<usize> {
    let at = expression.rfind("indent")?;
    let rest = expression.get(at + "indent".len()..)?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest.get(..digits)?.parse().ok()
}

fn column(lines: &LineIndex<'_>, at: u32) -> usize {
    (at - lines.line(lines.line_of(at)).start.min(at)) as usize
}

/// Finds the lines that hold expressions and nothing else but blank space and a comment.
fn find_lone(text: &str, lines: &LineIndex<'_>, found: &mut [Expression]) {
    let mut first = 0;
    while let Some(begin) = found.get(first) {
        let line = lines.line(lines.line_of(begin.span.start)).start;
        let blank = |from: u32, to: u32| text.get(from as usize..to as usize).is_some_and(|gap| gap.trim().is_empty());
        let mut lone = blank(line, begin.span.start);
        let mut end = begin.span.end;
        let mut line_end = lines.content(lines.line_of(end)).end;
        let mut next = first + 1;
        // The expressions that follow on the line where this one ends.
        while let Some(other) = found.get(next).filter(|other| other.span.start < line_end) {
            lone &= blank(end, other.span.start);
            end = other.span.end;
            if end > line_end {
                line_end = lines.content(lines.line_of(end)).end;
            }
            next += 1;
        }
        let rest = text.get(end as usize..line_end as usize).unwrap_or_default().trim_start();
        lone &= rest.is_empty() || rest.starts_with('#');
        // The first of them makes the comment.
        if lone && let Some(begin) = found.get_mut(first) {
            begin.alone = true;
        }
        first = next;
    }
}

impl Mask {
    /// Puts a tree that was read from the stand-in back in terms of the text, and says what is templated.
    pub(crate) fn restore(&self, document: &mut Document<'_>) {
        let text = document.text;
        document.comments.retain(|comment| !self.made(comment.span));
        self.restore_scalars(document);

        let extent = document.span;
        let block_scalars: Vec<Span> = document.nodes.iter().filter_map(block_scalar).collect();
        let inside = |spans: &[Span], span: Span| {
            let next = spans.partition_point(|other| other.start <= span.start);
            next.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|other| span.start < other.end)
        };
        let comments: Vec<Span> = document.comments.iter().map(|comment| comment.span).collect();
        let counted: Vec<&Expression> = self
            .found
            .iter()
            .filter(|e| extent.contains(e.span) && !inside(&block_scalars, e.span) && !inside(&comments, e.span))
            .collect();
        let Some(first) = counted.first() else { return };
        document.templates = counted.iter().map(|expression| expression.span).collect();
        document.templated = templated_nodes(document, &counted);

        let quoted: Vec<Span> = document.nodes.iter().filter_map(quoted_scalar).collect();
        let all_quoted = counted.iter().all(|expression| inside(&quoted, expression.span));
        let example = first.span.slice(text);
        let example = if example.contains('\n') { "{{ … }}" } else { example };
        let message = if all_quoted {
            format!(
                "`{example}` is a template expression in quotes: Kubernetes takes it for the very text. If a tool is to \
                 fill it in, render the template first and look at the result; until then this value is unknown."
            )
        } else {
            format!(
                "`{example}` is a template expression, which Kubernetes cannot read. Render the template first, for \
                 example with `helm template`, and look at the result; until then the values it stands for are unknown."
            )
        };
        let problem = Problem { kind: ProblemKind::Template, span: first.span, related: None, route: None, message };
        document.problems.push(problem);

        let steering: Vec<Span> = counted.iter().filter(|e| e.steers).map(|e| e.span).collect();
        // Branches of an `if` may each hold the same key.
        document.problems.retain(|problem| match (problem.kind, problem.related) {
            (ProblemKind::DuplicateKey, Some(earlier)) => {
                let next = steering.partition_point(|span| span.start < earlier.end);
                steering.get(next).is_none_or(|span| span.end > problem.span.start)
            }
            _ => true,
        });
        sort::by_key(&mut document.problems, |problem| problem.span.start);
    }

    /// Whether a comment is none in the text.
    fn made(&self, comment: Span) -> bool {
        let place = self.found.binary_search_by_key(&comment.start, |expression| expression.span.start);
        place.ok().and_then(|place| self.found.get(place)).is_some_and(|expression| expression.alone)
    }

    /// Scalars that are no part of the text as it stands (folded, unescaped, with their indentation taken off) hold the
    /// stand-ins in the order of the expressions.
    fn restore_scalars(&self, document: &mut Document<'_>) {
        let text = document.text;
        for node in &mut document.nodes {
            let Content::Scalar { text: value, .. } = &mut node.content else { continue };
            let Cow::Owned(owned) = value else { continue };
            if !owned.contains(self.mark) {
                continue;
            }
            let from = self.found.partition_point(|expression| expression.span.start < node.span.start);
            let mut expressions = self.found.get(from..).unwrap_or_default().iter();
            let mut restored = String::with_capacity(owned.len());
            let mut rest = owned.as_str();
            while let Some((before, behind)) = rest.split_once(self.mark) {
                let Some(expression) = expressions.next() else { break };
                let sign = usize::from(expression.alone);
                restored.push_str(if sign == 1 { before.strip_suffix('#').unwrap_or(before) } else { before });
                restored.push_str(expression.span.slice(text));
                let filler = expression.span.len().saturating_sub(self.mark.len_utf8() + sign);
                rest = behind.get(filler..).unwrap_or_default();
            }
            restored.push_str(rest);
            *owned = restored;
        }
    }
}

fn block_scalar(node: &crate::tree::NodeData<'_>) -> Option<Span> {
    let block = matches!(node.content, Content::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. });
    block.then_some(node.span)
}

fn quoted_scalar(node: &crate::tree::NodeData<'_>) -> Option<Span> {
    let style = match &node.content {
        Content::Scalar { style, .. } => *style,
        _ => return None,
    };
    matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted).then_some(node.span)
}

/// How many expressions of one document are looked at for the collection that they add to. Beyond, everything that is
/// not written counts as unknown.
const PLACED: usize = 2_000;

fn templated_nodes(document: &Document<'_>, expressions: &[&Expression]) -> Vec<NodeId> {
    let lines = LineIndex::new(document.text);
    let around = Surroundings::of(document);
    let mut templated = Vec::new();
    let mut placed = 0;
    for expression in expressions {
        let span = expression.span;
        let before = document.nodes.partition_point(|node| node.span.start <= span.start);
        let last = before.checked_sub(1).map(|last| NodeId(last as u32));
        let node = last.and_then(|last| document.data(last));
        if let (Some(last), Some(node)) = (last, node)
            && matches!(node.content, Content::Scalar { .. })
            && span.start < node.span.end
        {
            templated.push(last);
            // An unknown key makes the keys of its mapping unknown.
            templated.extend(around.parent(last).filter(|&(_, is_key)| is_key).map(|(mapping, _)| mapping));
            continue;
        }
        if expression.steers {
            continue;
        }
        placed += 1;
        let before = templated.len();
        if placed <= PLACED
            && let Some(last) = last
        {
            add_to(document, &lines, &around, expression, last, &mut templated);
        }
        if templated.len() == before {
            templated.extend(document.root);
        }
    }
    sort::by(&mut templated, Ord::cmp);
    templated.dedup();
    templated
}

/// The collection that an expression on its own line puts more into, or the empty value that it stands for. `last` is
/// the node before it.
fn add_to(
    document: &Document<'_>,
    lines: &LineIndex<'_>,
    around: &Surroundings,
    expression: &Expression,
    last: NodeId,
    templated: &mut Vec<NodeId>,
) {
    let column_of = |id: NodeId| document.data(id).map_or(0, |data| column(lines, data.span.start));
    let empty = document.data(last).is_some_and(|data| {
        data.span.is_empty() && matches!(data.content, Content::Scalar { value: Scalar::Null, .. })
    });
    if empty && around.parent(last).is_none_or(|(parent, _)| expression.column > column_of(parent)) {
        templated.push(last);
        return;
    }
    // Above the first line of a collection it belongs to that, although only what is around it has begun.
    let following = NodeId(last.0 + 1);
    let begins = document.data(following).is_some_and(|data| match &data.content {
        Content::Sequence { style, .. } | Content::Mapping { style, .. } => *style == CollectionStyle::Block,
        _ => false,
    });
    if begins && column_of(following) == expression.column {
        templated.push(following);
        return;
    }
    let mut next = Some(last);
    let mut reached = None;
    while let Some(id) = next {
        next = around.parent(id).map(|(parent, _)| parent);
        let Some(data) = document.data(id) else { continue };
        let holds = match &data.content {
            Content::Sequence { style: CollectionStyle::Flow, .. }
            | Content::Mapping { style: CollectionStyle::Flow, .. } => expression.span.start < data.span.end,
            Content::Sequence { .. } | Content::Mapping { .. } => column_of(id) <= expression.column,
            _ => false,
        };
        // A list may stand at the column of the mapping around it; either can be meant.
        if holds && reached.is_none_or(|column| column == column_of(id)) {
            reached = Some(column_of(id));
            templated.push(id);
        } else if reached.is_some() {
            return;
        }
    }
}

/// The collection around each node, and whether the node is a key of it.
struct Surroundings(Vec<Option<(NodeId, bool)>>);

impl Surroundings {
    fn of(document: &Document<'_>) -> Self {
        let mut parents = vec![None; document.nodes.len()];
        let mut set = |child: NodeId, parent: usize, is_key: bool| {
            if let Some(place) = parents.get_mut(child.0 as usize) {
                *place = Some((NodeId(parent as u32), is_key));
            }
        };
        for (at, node) in document.nodes.iter().enumerate() {
            match &node.content {
                Content::Sequence { items, .. } => items.iter().for_each(|&item| set(item, at, false)),
                Content::Mapping { entries, .. } => entries.iter().for_each(|&(key, value)| {
                    set(key, at, true);
                    set(value, at, false);
                }),
                _ => {}
            }
        }
        Self(parents)
    }

    fn parent(&self, id: NodeId) -> Option<(NodeId, bool)> {
        self.0.get(id.0 as usize).copied().flatten()
    }
}
