//! Where the parts of a collection stand in the text: lines, columns, comments, the marks between keys and values.

use watertight_text::Span;

use super::view::Keys;
use crate::tree::{Content, NodeId};
use crate::{CollectionStyle, Comment, Document, Node, ScalarStyle};

/// Why something cannot be changed, as a sentence.
pub(super) type Reason = String;

pub(super) const EXPLICIT_KEY: &str =
    "This mapping has a key written with `?`, which this editor leaves alone. Write it as `key: value` first.";

/// One entry of a mapping or one item of a list, with its places in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'d> {
    /// First byte: of the key with its anchor and tag, of the dash, or of a flow item.
    pub(super) start: usize,
    /// Right behind the `:` or the `-`; for a flow key without a colon, right behind the key.
    pub(super) mark: usize,
    /// Whether a flow key has its colon.
    pub(super) colon: bool,
    /// Right behind the value, comments not included.
    pub(super) end: usize,
    /// Where the comma behind a flow element stands.
    pub(super) comma: Option<usize>,
    pub(super) value: Node<'d>,
}

/// A document with what is needed to find places in its text.
pub(super) struct Source<'d> {
    pub(super) doc: &'d Document<'d>,
    pub(super) text: &'d str,
    /// The line end of the text's first line.
    pub(super) newline: &'static str,
    pub(super) keys: Keys<'d>,
}

impl<'d> Source<'d> {
    pub(super) fn new(doc: &'d Document<'d>) -> Self {
        let text = doc.text();
        let first = text.find('\n').unwrap_or(0);
        let newline = if text.get(..first).is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" };
        Self { doc, text, newline, keys: Keys::default() }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn before(&self, at: usize) -> &'d str {
        self.text.get(..at).unwrap_or_default()
    }

    fn after(&self, at: usize) -> &'d str {
        self.text.get(at..).unwrap_or_default()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'d str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The first byte of the line that holds `at`; a byte-order mark is not part of the line.
    pub(super) fn line_start(&self, at: usize) -> usize {
        match self.before(at).rfind('\n') {
            Some(newline) => newline + 1,
            None if self.text.starts_with('\u{feff}') => '\u{feff}'.len_utf8().min(at),
            None => 0,
        }
    }

    /// The end of the line that holds `at`, its line break not included.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.after(at);
        let Some(newline) = rest.find('\n') else { return self.text.len() };
        let end = at + newline;
        if self.before(end).ends_with('\r') { end - 1 } else { end }
    }

    /// The first byte of the line after the one that holds `at`.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.after(at).find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// Bytes from the start of the line. Only blanks, dashes and the like stand before what is asked about.
    pub(super) fn column(&self, at: usize) -> usize {
        at.saturating_sub(self.line_start(at))
    }

    /// What comes in behind a line that goes comes in behind the last line before it that stays.
    pub(super) fn out_of(&self, removals: &[(usize, usize)], at: usize) -> usize {
        let next = removals.partition_point(|&(start, _)| start < at);
        match next.checked_sub(1).and_then(|place| removals.get(place)) {
            Some(&(start, end)) if start > 0 && self.line_start(start) == start => {
                let inside = at < end || at == end && at == self.text.len() && !self.text.ends_with('\n');
                if inside { self.line_end(start - 1) } else { at }
            }
            _ => at,
        }
    }

    /// Whether nothing but blank space stands before `at` on its line.
    pub(super) fn first_on_line(&self, at: usize) -> bool {
        // From here backwards, for a line can be as long as the text.
        let rest = self.before(at).trim_end_matches(|letter: char| letter != '\n' && letter.is_whitespace());
        rest.ends_with('\n') || matches!(rest, "" | "\u{feff}")
    }

    /// The blank space that the line of `at` begins with.
    pub(super) fn line_indent(&self, at: usize) -> &'d str {
        let line = self.slice(self.line_start(at), self.line_end(at));
        line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or_default()
    }

    pub(super) fn skip_blanks(&self, at: usize) -> usize {
        let rest = self.after(at);
        at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
    }

    /// Past blanks, line breaks and comments.
    pub(super) fn skip_space(&self, mut at: usize) -> usize {
        loop {
            let rest = self.after(at);
            at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            match self.comment_at(at) {
                Some(comment) => at = comment.span.range().end,
                None => return at,
            }
        }
    }

    fn comment_at(&self, at: usize) -> Option<&'d Comment> {
        let comments = &self.doc.comments;
        let place = comments.binary_search_by_key(&at, |comment| comment.span.range().start).ok()?;
        comments.get(place)
    }

    /// The comment that has the line of `at` for itself.
    fn comment_line(&self, at: usize) -> Option<&'d Comment> {
        self.comment_at(self.skip_blanks(self.line_start(at))).filter(|comment| comment.own_line)
    }

    /// The start of the lines that belong to an element which is first on its line: its own, and the comment lines
    /// directly above it at the same column. Never before `floor`.
    pub(super) fn lead(&self, start: usize, column: usize, floor: usize) -> usize {
        let mut line = self.line_start(start);
        while line > floor {
            let above = self.line_start(line.saturating_sub(1));
            if above < floor || above >= line {
                break;
            }
            match self.comment_line(above) {
                Some(comment) if self.column(comment.span.range().start) == column => line = above,
                _ => break,
            }
        }
        line
    }

    /// The last place on a line that belongs to an element ending at `end`: its trailing comment and the comment lines
    /// below that are indented deeper than `column` are part of it.
    pub(super) fn tail(&self, end: usize, column: usize) -> usize {
        let mut last = self.line_end(end);
        let mut line = self.next_line(end);
        while line < self.text.len() {
            let line_end = self.line_end(line);
            match self.comment_line(line) {
                Some(comment) if self.column(comment.span.range().start) > column => last = line_end,
                Some(_) => break,
                None if self.slice(line, line_end).trim().is_empty() => {}
                None => break,
            }
            let next = self.next_line(line);
            if next <= line {
                break;
            }
            line = next;
        }
        last
    }

    pub(super) fn style(&self, node: Node<'_>) -> Option<CollectionStyle> {
        match self.doc.data(node.id()).map(|data| &data.content)? {
            Content::Mapping { style, .. } | Content::Sequence { style, .. } => Some(*style),
            _ => None,
        }
    }

    /// The end of anchor and tag, when they stand behind `mark`.
    pub(super) fn props_end(&self, node: Node<'_>, mark: usize) -> usize {
        let ends = [node.anchor(), node.tag()].into_iter().flatten().map(|span| span.range().end);
        ends.fold(mark, usize::max)
    }

    /// A place without the blanks in front of it on its line.
    pub(super) fn before_blanks(&self, at: usize) -> usize {
        let before = self.slice(self.line_start(at), at);
        at - (before.len() - before.trim_end_matches([' ', '\t']).len())
    }

    pub(super) fn start_with_props(&self, node: Node<'_>) -> usize {
        let starts = [node.anchor(), node.tag()].into_iter().flatten().map(|span| span.range().start);
        starts.fold(node.span().range().start, usize::min)
    }

    /// Whether a node is null because nothing is written.
    pub(super) fn is_void(&self, node: Node<'_>) -> bool {
        let plain = match self.doc.data(node.id()).map(|data| &data.content) {
            Some(Content::Scalar { style, .. }) => *style == ScalarStyle::Plain,
            Some(_) => false,
            None => true,
        };
        plain && node.span().is_empty()
    }

    pub(super) fn block_scalar(&self, node: Node<'_>) -> bool {
        matches!(
            self.doc.data(node.id()).map(|data| &data.content),
            Some(Content::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. })
        )
    }

    /// Right behind a value that follows `mark`; trailing comments do not count.
    pub(super) fn end_of(&self, node: Node<'d>, mark: usize) -> usize {
        if self.is_void(node) {
            return self.props_end(node, mark);
        }
        let Span { end, .. } = node.span();
        let end = end as usize;
        if self.block_scalar(node) {
            return self.block_scalar_end(node);
        }
        if self.style(node) != Some(CollectionStyle::Block) {
            return end;
        }
        // The parser's end of a block collection may lie behind comments and blank lines: ask the last leaf.
        let last = match self.doc.data(node.id()).map(|data| &data.content) {
            Some(Content::Mapping { entries, .. }) => entries.last().map(|&(key, value)| (Some(key), value)),
            Some(Content::Sequence { items, .. }) => items.last().map(|&item| (None, item)),
            _ => None,
        };
        let Some((key, value)) = last else { return end };
        let value = self.node(value);
        match key {
            Some(key) => {
                let key = self.node(key);
                let key_end = self.end_of(key, key.span().range().end);
                let behind = self.skip_space(key_end);
                let mark = if self.byte(behind) == Some(b':') { behind + 1 } else { key_end };
                self.end_of(value, mark)
            }
            None if self.is_void(value) => self.last_dash(node).map_or(end, |dash| self.props_end(value, dash + 1)),
            None => self.end_of(value, value.span().range().end),
        }
    }

    /// The dash of the last item, for an item with nothing written behind it.
    fn last_dash(&self, list: Node<'d>) -> Option<usize> {
        self.block_elements(list).ok()?.last().map(|element| element.start)
    }

    /// The node that a value's last line belongs to.
    pub(super) fn last_leaf(&self, mut node: Node<'d>) -> Node<'d> {
        while let Some(CollectionStyle::Block) = self.style(node) {
            let last = node.written_entries().next_back().map(|entry| entry.value).or_else(|| node.items().next_back());
            match last {
                Some(last) => node = last,
                None => break,
            }
        }
        node
    }

    /// Whether a value ends in a block scalar that counts the blank lines below as its own.
    pub(super) fn ends_keeping(&self, value: Node<'d>) -> bool {
        let leaf = self.last_leaf(value);
        let start = leaf.span().range().start;
        let header = self.slice(start, self.line_end(start));
        self.block_scalar(leaf) && header.split('#').next().is_some_and(|header| header.contains('+'))
    }

    pub(super) fn skip_blank_lines(&self, mut line: usize) -> usize {
        while line < self.text.len() && self.slice(line, self.line_end(line)).trim().is_empty() {
            line = self.next_line(line);
        }
        line
    }

    fn block_scalar_end(&self, node: Node<'_>) -> usize {
        let span = node.span().range();
        let written = self.slice(span.start, span.end);
        let header = written.lines().next().unwrap_or_default();
        let header = header.split('#').next().unwrap_or_default();
        if header.contains('+') {
            // All blank lines below are part of the value.
            let mut end = self.line_end(span.end.max(span.start + 1) - 1);
            loop {
                let line = self.next_line(end);
                let line_end = self.line_end(line);
                if line <= end || line == self.text.len() || !self.slice(line, line_end).trim().is_empty() {
                    return end;
                }
                end = line_end;
            }
        }
        let kept = written.trim_end_matches([' ', '\t', '\r', '\n']);
        span.start + kept.len()
    }

    pub(super) fn node(&self, id: NodeId) -> Node<'d> {
        crate::tree::node(self.doc, id)
    }

    /// The column of a block collection: of its first key or dash.
    pub(super) fn block_column(&self, node: Node<'d>) -> usize {
        let start = match self.doc.data(node.id()).map(|data| &data.content) {
            Some(Content::Mapping { entries, .. }) => {
                entries.first().map(|&(key, _)| self.start_with_props(self.node(key)))
            }
            _ => None,
        };
        self.column(start.unwrap_or(node.span().range().start))
    }

    /// The elements of a collection that is written here (an alias has none).
    pub(super) fn elements(&self, node: Node<'d>) -> Result<Vec<Element<'d>>, Reason> {
        match self.style(node) {
            Some(CollectionStyle::Block) => self.block_elements(node),
            Some(CollectionStyle::Flow) => self.flow_elements(node),
            None => Ok(Vec::new()),
        }
    }

    fn block_elements(&self, node: Node<'d>) -> Result<Vec<Element<'d>>, Reason> {
        let mut out = Vec::new();
        match self.doc.data(node.id()).map(|data| &data.content) {
            Some(Content::Mapping { entries, .. }) => {
                out.reserve(entries.len());
                for &(key, value) in entries {
                    let (key, value) = (self.node(key), self.node(value));
                    let start = self.start_with_props(key);
                    if self.slice(self.line_start(start), start).trim_end().ends_with('?') {
                        return Err(EXPLICIT_KEY.to_owned());
                    }
                    let colon = self.skip_blanks(self.end_of(key, key.span().range().end));
                    if self.byte(colon) != Some(b':') {
                        return Err(EXPLICIT_KEY.to_owned());
                    }
                    let mark = colon + 1;
                    let end = self.end_of(value, mark);
                    out.push(Element { start, mark, colon: true, end, comma: None, value });
                }
            }
            Some(Content::Sequence { items, .. }) => {
                out.reserve(items.len());
                let mut dash = node.span().range().start;
                for &item in items {
                    let value = self.node(item);
                    if self.byte(dash) != Some(b'-') {
                        return Err("The items of this list could not be told apart.".to_owned());
                    }
                    let mark = dash + 1;
                    let end = self.end_of(value, mark);
                    out.push(Element { start: dash, mark, colon: false, end, comma: None, value });
                    dash = self.skip_space(end);
                }
            }
            _ => {}
        }
        Ok(out)
    }

    fn flow_elements(&self, node: Node<'d>) -> Result<Vec<Element<'d>>, Reason> {
        let mut out = Vec::new();
        let span = node.span().range();
        if !matches!(self.byte(span.start), Some(b'{' | b'[')) {
            return Err("This mapping is written without braces inside a list. Put braces round it first.".to_owned());
        }
        let comma = |end: usize| {
            let at = self.skip_space(end);
            (self.byte(at) == Some(b',')).then_some(at)
        };
        match self.doc.data(node.id()).map(|data| &data.content) {
            Some(Content::Mapping { entries, .. }) => {
                for &(key, value) in entries {
                    let (key, value) = (self.node(key), self.node(value));
                    let start = self.start_with_props(key);
                    if self.slice(span.start, start).trim_end().ends_with('?') {
                        return Err(EXPLICIT_KEY.to_owned());
                    }
                    let key_end = self.end_of(key, key.span().range().end);
                    let at = self.skip_space(key_end);
                    let colon = self.byte(at) == Some(b':');
                    let mark = if colon { at + 1 } else { key_end };
                    let end = self.end_of(value, mark);
                    out.push(Element { start, mark, colon, end, comma: comma(end), value });
                }
            }
            Some(Content::Sequence { items, .. }) => {
                for &item in items {
                    let value = self.node(item);
                    let start = self.start_with_props(value);
                    let end = self.end_of(value, start);
                    out.push(Element { start, mark: start, colon: false, end, comma: comma(end), value });
                }
            }
            _ => {}
        }
        Ok(out)
    }
}
