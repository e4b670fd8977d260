//! YAML as nearly every manifest is written, read line by line into the tree that the parser of the whole language gives.
//!
//! A key, a dash and a value on a line; quotes without escapes; brackets that close on their line; texts below `|`. All else,
//! and whatever is wrong, is left to the parser, which takes ten times as long. So nothing here says what a text means where
//! the two could differ: a test holds every tree that is read here against the parser's.

use std::borrow::Cow;

use watertight_text::{Span, few};

use crate::build::{Builder, Full, Properties, USUAL_NODES};
use crate::parse::full_message;
use crate::{CollectionStyle, Comment, Limits, ProblemKind, Scalar, ScalarStyle, Stream, scalar};

/// Longer keys are the parser's: YAML allows 1,024 bytes before the colon.
const MAX_KEY: usize = 256;

/// The documents of a text, where it does not take the whole language to read one of them. Otherwise `or_else` is asked what to
/// make of what was read.
pub(crate) fn read<'t>(
    text: &'t str,
    limits: Limits,
    or_else: impl FnOnce(Reader<'t>) -> Option<Stream<'t>>,
) -> Option<Stream<'t>> {
    let printable = |all: bool, byte: u8| all & matches!(byte, b' '..=b'~' | b'\n' | 0x80..);
    if text.len() > limits.bytes
        || !text.bytes().fold(true, printable)
        || !(text.is_ascii() || text.chars().all(is_plain))
        || text.contains("{{")
        || text.contains("{%")
    {
        return None;
    }
    let mut reader = Reader {
        text,
        limits,
        stream: Stream::default(),
        builder: Builder::new(text, limits.depth, limits.nodes, USUAL_NODES),
        open: Vec::new(),
        literal: None,
        started: false,
        nodes: 0,
        at: 0,
    };
    match reader.run() {
        Some(()) => Some(reader.stream),
        None => or_else(reader),
    }
}

/// What was read of a text that holds more than may be read; `None` of any other. Reading it once more would show no more.
pub(crate) fn part(mut reader: Reader<'_>) -> Option<Stream<'_>> {
    if !reader.builder.is_full() {
        return None;
    }
    let (span, limits) = (Span::at(reader.at), reader.limits);
    reader.builder.problem(ProblemKind::Limit, span, full_message(Full::Nodes, limits));
    let document = reader.builder.into_document(reader.stream.documents.len(), false);
    few::push(&mut reader.stream.documents, document);
    Some(reader.stream)
}

/// A character that every reader of YAML takes for a part of a word: letters of the scripts that most people write in,
/// punctuation, arrows and pictures. The others are the parser's, and with them whatever breaks a line or is not seen.
fn is_plain(c: char) -> bool {
    matches!(c,
        '\0'..='\x7f'
        | '\u{c0}'..='\u{24f}'
        | '\u{370}'..='\u{52f}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2190}'..='\u{21ff}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{1f300}'..='\u{1faff}')
}

/// A block that is open: its column, and what it waits for.
struct Block {
    column: usize,
    mapping: bool,
    /// One past the colon or dash whose value has not come yet.
    awaits: Option<usize>,
}

/// A text below `|` that is being read.
struct Literal {
    /// Where the mark stands.
    start: usize,
    /// One past the last byte of the last line that is not blank.
    end: usize,
    /// The column of the block around it, and that of its own lines.
    around: usize,
    column: Option<usize>,
    /// Without its last line end: `|-`.
    strip: bool,
    text: String,
    /// Blank lines that belong to it if more follows.
    blank: usize,
}

/// A text that is being read.
pub(crate) struct Reader<'t> {
    text: &'t str,
    limits: Limits,
    stream: Stream<'t>,
    builder: Builder<'t>,
    /// The innermost last.
    open: Vec<Block>,
    literal: Option<Literal>,
    /// Whether the document has begun: with `---` or with content.
    started: bool,
    /// Nodes of finished documents.
    nodes: usize,
    /// Where the line begins that is read.
    at: usize,
}

impl<'t> Reader<'t> {
    fn run(&mut self) -> Option<()> {
        for line in self.text.split_inclusive('\n') {
            self.line(self.at, line.strip_suffix('\n').unwrap_or(line))?;
            self.at += line.len();
        }
        // A text of comments alone, or of nothing, is rare enough; so is one that ends within a line of `|`.
        if !self.started || (self.literal.is_some() && !self.text.ends_with('\n')) {
            return None;
        }
        self.end_literal()?;
        self.finish()
    }

    fn line(&mut self, start: usize, line: &'t str) -> Option<()> {
        let content = line.trim_start_matches(' ');
        let column = line.len() - content.len();
        if self.literal_line(start, column, line)? {
            return Some(());
        }
        let content = content.trim_end_matches(' ');
        match content.as_bytes() {
            [] => Some(()),
            [b'#', ..] => {
                self.comment(start + column, start + line.len(), true);
                Some(())
            }
            b"---" if column == 0 => self.separate(start),
            [b'.' | b'%', ..] if column == 0 => None,
            [b'-', b'-', b'-', ..] if column == 0 => None,
            _ => self.content(start, column, line),
        }
    }

    /// Whether a line belongs to the text that is being read; the first one that does not ends it.
    fn literal_line(&mut self, start: usize, column: usize, line: &'t str) -> Option<bool> {
        let Some(literal) = &mut self.literal else { return Some(false) };
        if column == line.len() {
            // What is blank before the first word, and blanks beyond the text's column, count in ways of their own.
            literal.blank += 1;
            return (column <= literal.column?).then_some(true);
        }
        if column <= literal.around {
            self.end_literal()?;
            return Some(false);
        }
        let own = *literal.column.get_or_insert(column);
        if column < own {
            return None;
        }
        literal.text.extend(std::iter::repeat_n('\n', std::mem::take(&mut literal.blank)));
        literal.text.push_str(line.get(own..)?);
        literal.text.push('\n');
        literal.end = start + line.trim_end_matches(' ').len();
        Some(true)
    }

    fn end_literal(&mut self) -> Option<()> {
        let Some(mut literal) = self.literal.take() else { return Some(()) };
        literal.column?;
        if literal.strip {
            literal.text.pop();
        }
        literal.text.shrink_to_fit();
        let span = Span::new(literal.start, literal.end);
        let none = Properties::default();
        self.builder.resolved(span, Cow::Owned(literal.text), ScalarStyle::Literal, Scalar::Str, none).ok()?;
        Some(())
    }

    fn comment(&mut self, from: usize, to: usize, own_line: bool) {
        let span = Span::new(from, to);
        self.builder.cover(span);
        self.builder.comments.push(Comment { span, own_line });
    }

    /// `---` at the beginning of a line.
    fn separate(&mut self, at: usize) -> Option<()> {
        if self.started {
            self.finish()?;
        }
        self.started = true;
        self.builder.cover(Span::new(at, at + 3));
        Some(())
    }

    /// Ends the document; the next one may begin.
    fn finish(&mut self) -> Option<()> {
        while !self.open.is_empty() {
            self.close()?;
        }
        if self.builder.is_empty() {
            return None;
        }
        let room = self.builder.node_count();
        self.nodes += room + 1;
        let left = self.limits.nodes.saturating_sub(self.nodes);
        let next = Builder::new(self.text, self.limits.depth, left, room);
        let builder = std::mem::replace(&mut self.builder, next);
        let document = builder.into_document(self.stream.documents.len(), true);
        few::push(&mut self.stream.documents, document);
        Some(())
    }

    /// A line with something on it, from its column on.
    fn content(&mut self, start: usize, mut column: usize, line: &'t str) -> Option<()> {
        let bytes = line.as_bytes();
        self.started = true;
        self.settle(column, is_dash(bytes, column))?;
        // Dashes open lists within each other, each at its column.
        while is_dash(bytes, column) {
            self.item(start + column, column)?;
            let next = skip_spaces(bytes, column + 1);
            if self.ends(start, line, next)? {
                return Some(());
            }
            column = next;
        }
        let Some(colon) = key_end(bytes, column)? else {
            return self.value(start, column, line);
        };
        let key = line.get(column..colon)?;
        match self.open.last_mut() {
            Some(block) if block.column == column && block.mapping => block.awaits = Some(start + colon + 1),
            _ => {
                self.take();
                let at = Span::at(start + column);
                self.builder.open(at, true, CollectionStyle::Block, Properties::default()).ok()?;
                self.open.push(Block { column, mapping: true, awaits: Some(start + colon + 1) });
            }
        }
        self.scalar(start + column, key, ScalarStyle::Plain)?;
        let next = skip_spaces(bytes, colon + 1);
        if self.ends(start, line, next)? {
            return Some(());
        }
        self.value(start, next, line)
    }

    /// Closes what ends before a line that begins at this column, with a dash or with something else.
    fn settle(&mut self, column: usize, dash: bool) -> Option<()> {
        while let Some(block) = self.open.last() {
            // A list may stand at the column of the key that it belongs to.
            let ends = block.column > column || (block.column == column && !block.mapping && !dash);
            if !ends {
                break;
            }
            self.close()?;
        }
        let Some(block) = self.open.last() else {
            return self.builder.is_empty().then_some(());
        };
        if block.column == column {
            match (block.mapping, dash, block.awaits) {
                // The next key, or the next item.
                (true, false, Some(awaits)) | (false, true, Some(awaits)) => self.nothing(awaits),
                (true, false, None) | (false, true, None) | (true, true, Some(_)) => Some(()),
                (false, false, _) | (true, true, None) => None,
            }
        } else {
            // What is indented further belongs to what waits for it, or goes on with a word of the line above.
            block.awaits.map(|_| ())
        }
    }

    /// A dash: an item of the list that is open here, or the first of a new one.
    fn item(&mut self, at: usize, column: usize) -> Option<()> {
        match self.open.last_mut() {
            Some(block) if block.column == column && !block.mapping => block.awaits = Some(at + 1),
            _ => {
                self.take();
                let span = Span::at(at);
                self.builder.open(span, false, CollectionStyle::Block, Properties::default()).ok()?;
                self.open.push(Block { column, mapping: false, awaits: Some(at + 1) });
            }
        }
        Some(())
    }

    /// What the innermost block has waited for is there.
    fn take(&mut self) {
        if let Some(block) = self.open.last_mut() {
            block.awaits = None;
        }
    }

    /// A value that nobody wrote, right behind its colon or dash.
    fn nothing(&mut self, at: usize) -> Option<()> {
        self.take();
        let nothing = Cow::Borrowed("");
        let none = Properties::default();
        self.builder.resolved(Span::at(at), nothing, ScalarStyle::Plain, Scalar::Null, none).ok()?;
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        if let Some(awaits) = self.open.last()?.awaits {
            self.nothing(awaits)?;
        }
        self.open.pop();
        self.builder.close(None);
        Some(())
    }

    /// Whether the line holds nothing from here on but a comment, which is taken along; `None` where a `#` is none.
    fn ends(&mut self, start: usize, line: &str, at: usize) -> Option<bool> {
        match line.as_bytes().get(at) {
            None => Some(true),
            Some(b'#') => {
                let behind_space = line.as_bytes().get(at.checked_sub(1)?) == Some(&b' ');
                if behind_space {
                    self.comment(start + at, start + line.len(), false);
                }
                behind_space.then_some(true)
            }
            Some(_) => Some(false),
        }
    }

    /// A value to the end of the line.
    fn value(&mut self, start: usize, at: usize, line: &'t str) -> Option<()> {
        let block = self.open.last()?;
        // Where a key is expected.
        block.awaits?;
        let around = block.column;
        self.take();
        let bytes = line.as_bytes();
        let strip = match line.get(at..)?.trim_end_matches(' ') {
            "|" => Some(false),
            "|-" => Some(true),
            _ => None,
        };
        if let Some(strip) = strip {
            let start = start + at;
            let text = String::new();
            self.literal = Some(Literal { start, end: start, around, column: None, strip, text, blank: 0 });
            return Some(());
        }
        let end = match bytes.get(at)? {
            quote @ (b'"' | b'\'') => self.quoted(start, at, line, *quote)?,
            b'[' | b'{' => self.flow(start, at, line)?,
            &first => {
                let begins = is_word(first) || matches!(first, b'~' | b'$' | b'+' | b'(');
                if !begins && !is_option(bytes, at) {
                    return None;
                }
                let end = plain_end(bytes, at)?;
                self.scalar(start + at, line.get(at..end)?, ScalarStyle::Plain)?;
                end
            }
        };
        self.ends(start, line, skip_spaces(bytes, end))?.then_some(())
    }

    fn scalar(&mut self, at: usize, text: &'t str, style: ScalarStyle) -> Option<()> {
        let value = if style == ScalarStyle::Plain { scalar::resolve_simple(text)? } else { Scalar::Str };
        // How a key is spelled that is a number with a fraction takes more than is here.
        if matches!(value, Scalar::Float(_)) && self.builder.awaits_key() == Some(true) {
            return None;
        }
        let span = Span::new(at, at + text.len());
        self.builder.resolved(span, Cow::Borrowed(text), style, value, Properties::default()).ok()?;
        Some(())
    }

    /// A text in quotes that holds no escape and ends on its line; gives the byte behind it.
    fn quoted(&mut self, start: usize, at: usize, line: &'t str, quote: u8) -> Option<usize> {
        let inside = line.get(at + 1..)?;
        let length = inside.bytes().position(|byte| byte == quote)?;
        let text = inside.get(..length)?;
        let end = at + length + 2;
        if text.contains('\\') && quote == b'"' || line.as_bytes().get(end) == Some(&quote) {
            return None;
        }
        let style = if quote == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        let span = Span::new(start + at, start + end);
        self.builder.resolved(span, Cow::Borrowed(text), style, Scalar::Str, Properties::default()).ok()?;
        Some(end)
    }

    /// A list or mapping in brackets that closes on its line; gives the byte behind it.
    fn flow(&mut self, start: usize, from: usize, line: &'t str) -> Option<usize> {
        let bytes = line.as_bytes();
        let mut open: Vec<u8> = Vec::new();
        let mut at = from;
        loop {
            // A value, or the first key of a mapping.
            let byte = *bytes.get(at)?;
            match byte {
                b'[' | b'{' => {
                    let span = Span::new(start + at, start + at + 1);
                    self.builder.open(span, byte == b'{', CollectionStyle::Flow, Properties::default()).ok()?;
                    open.push(byte + 2);
                    at = skip_spaces(bytes, at + 1);
                    if bytes.get(at) != open.last() {
                        if byte == b'{' {
                            at = self.flow_key(start, at, line)?;
                        }
                        continue;
                    }
                }
                b'"' | b'\'' => at = self.quoted(start, at, line, byte)?,
                _ => at = self.flow_word(start, at, line)?,
            }
            // What is behind it.
            loop {
                at = skip_spaces(bytes, at);
                let closing = *open.last()?;
                match *bytes.get(at)? {
                    b',' => {
                        at = skip_spaces(bytes, at + 1);
                        if closing == b'}' {
                            at = self.flow_key(start, at, line)?;
                        }
                        break;
                    }
                    byte if byte == closing => {
                        at += 1;
                        open.pop();
                        self.builder.close(u32::try_from(start + at).ok());
                        if open.is_empty() {
                            return Some(at);
                        }
                    }
                    _ => return None,
                }
            }
        }
    }

    /// A key between braces with its colon and a space; gives where its value begins.
    fn flow_key(&mut self, start: usize, at: usize, line: &'t str) -> Option<usize> {
        let bytes = line.as_bytes();
        let colon = self.flow_word(start, at, line)?;
        (bytes.get(colon) == Some(&b':') && bytes.get(colon + 1) == Some(&b' ')).then(|| skip_spaces(bytes, colon + 1))
    }

    /// A word between brackets; gives the byte behind it.
    fn flow_word(&mut self, start: usize, at: usize, line: &'t str) -> Option<usize> {
        let bytes = line.as_bytes();
        let rest = bytes.get(at..)?;
        let goes_on = |place: usize| match rest.get(place) {
            // As in the name of an image; before anything else it may be the end of a key.
            Some(b':') => rest.get(place + 1).copied().is_some_and(is_word),
            Some(&byte) => is_word(byte) || matches!(byte, b'-' | b'=' | b'@'),
            None => false,
        };
        let length = (0..rest.len()).take_while(|&place| goes_on(place)).count();
        let begins = bytes.get(at).copied().is_some_and(is_word) || is_option(bytes, at);
        if !begins || length > MAX_KEY {
            return None;
        }
        self.scalar(start + at, line.get(at..at + length)?, ScalarStyle::Plain)?;
        Some(at + length)
    }
}

/// Whether a dash that begins an item stands here.
fn is_dash(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'-') && matches!(bytes.get(at + 1), None | Some(b' '))
}

fn skip_spaces(bytes: &[u8], from: usize) -> usize {
    from + bytes.iter().skip(from).take_while(|&&byte| byte == b' ').count()
}

/// Whether a dash begins a word here: a number or an option of a command.
fn is_option(bytes: &[u8], at: usize) -> bool {
    let begins = |byte: u8| is_word(byte) || byte == b'-';
    bytes.get(at) == Some(&b'-') && bytes.get(at + 1).copied().is_some_and(begins)
}

/// The bytes that words of manifests are made of: they mean nothing to YAML wherever they stand.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'.' | 0x80..)
}

/// The colon behind a key that begins here; `Some(None)` where what begins here is no key, `None` where that is not plain.
fn key_end(bytes: &[u8], from: usize) -> Option<Option<usize>> {
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.iter().take_while(|&&byte| is_word(byte) || byte == b'-').count();
    let is_key = matches!((rest.get(length), rest.get(length + 1)), (Some(b':'), None | Some(b' ')));
    if !is_key {
        return Some(None);
    }
    let begins = rest.first().copied().is_some_and(is_word);
    (begins && length <= MAX_KEY).then_some(Some(from + length))
}

/// One past the last byte of the plain text that begins here; `None` where a colon in it could make it a key.
fn plain_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut end = from;
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        match byte {
            b' ' if next == Some(&b'#') => break,
            b':' if matches!(next, None | Some(b' ')) => return None,
            b' ' => {}
            _ => end = at + 1,
        }
        at += 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::read_by_parser;

    /// The tree of a text, which has to be the parser's; `None` for a text that is left to it.
    fn read_twice(text: &str, limits: Limits) -> Option<Stream<'_>> {
        let read = read(text, limits, |_| None)?;
        let mut parsed = Stream::default();
        read_by_parser(text, limits, &mut parsed);
        let (ours, theirs) = (format!("{read:#?}"), format!("{parsed:#?}"));
        let differs = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
        assert!(ours == theirs, "{text}\n{differs:?}");
        Some(read)
    }

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(read_twice(text, Limits::default()).is_some(), expected, "{text:?}");
    }

    #[test]
    fn manifests_are_read_here() {
        for text in [
            "a: b\n",
            "a: b",
            "# before\na: b # behind\n# after\n",
            "---\na: b\n---\nc: d\n",
            "# one\n---\n# two\na: b\n# three\n---\n# four\nc: d\n# five\n",
            "a:\n  b: 1\n  c: 0644\nd: yes\n",
            "a:\n- b\n- c: d\n  e: f\n-   g: h\n    i: j\nk: l\n",
            "a:\n  - b\n  - - c\n    - d\n  -\n  - e\n",
            "a:\nb:\n  c:\n  d: # nothing\n",
            "a:\n  # about b\n  b: c\n# about d\nd:\n  - e # first\n  # last\n",
            "a:\n  word of several words\nb:\n  \"quoted\"\n",
            "- a\n- b: c\n",
            "a: \"b # c: d\"  \nb: 'c \\ d'\nc: \"\"\n",
            "a: [b, \"c\", 'd', 1, [], {}, {e: f, g: [h]}] # list\nb: {}\nc: []\nd: [ a , b ]\n",
            "image: nginx:1.27@sha256:abc\nargs: [sh, \"-c\", \"a && b\"]\nurl: http://a/b#c\nx: -1\ny: a -b\n",
            "a: b\na: c\n1: d\ntrue: e\n",
            "a: 0.5\nnull: 3\nb: [1e3, -.25, .inf, 1_0.5]\n",
            "n\u{fc}n: \u{201c}x\u{201d} \u{2013} y # \u{2014}\n",
            "a: \u{1f600} # \u{1f6a2} \u{2192} \u{6e2f}\n",
            "a: b\n\n   \nc: d\n",
            "  a: b\n  c:\n  - d\n",
            "a: [{image: b.c/d:1@sha256:e, f: g:h}, i:1]\n",
            "a: [--b, --c=d, -e, -1]\nf: --g\nh: -----i j-----\n",
            "a: |\n  b # no comment\n    c\n\n  d: e  \n\n\n# comment\nf: |-\n  g\n  \n---\n- |\n  h\n- i: |\n     j\n",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn all_else_is_the_parsers() {
        for text in [
            "",
            "# nothing\n",
            "a: 1e999\n",
            "a: 0.1234567890123456789\n",
            "0.5: a\n",
            "b:\n  .inf: 2\n",
            "a: {1e3: b}\n",
            "---\n",
            "a: b\n---\n",
            "a: b\n...\n",
            "%YAML 1.1\n---\na: b\n",
            "word\n",
            "\"word\"\n",
            "{a: b}\n",
            "--- a\n",
            "---a: b\n",
            "a: b\r\n",
            "a:\tb\n",
            "a: b: c\n",
            "a: b:\n",
            "a: b\n c: d\n",
            "a:\n    b: c\n  d: e\n",
            "a: b\n  more\n",
            "a:\n  b\n  more\n",
            "- a\n  more\n",
            "a: b\n- c\n",
            "- a\nb: c\n",
            "a: &b c\nd: *b\n",
            "a: !!str 1\n",
            "a: |\n  b",
            "a: |\n",
            "a: |+\n  b\n",
            "a: |2\n   b\n",
            "a: | # b\n  c\n",
            "a: |\n\n  b\n",
            "a: |\n  b\n    \n  c\n",
            "a: |\n  b\n # c\n",
            "a:\n  b: |\n      c\n    # d\n",
            "a: |\n    b\n  c\n",
            "a: >-\n  b\n",
            "? a\n: b\n",
            "<<: a\n",
            "\"a\": b\n",
            "a : b\n",
            "a: \"b\\n\"\n",
            "a: 'b''c'\n",
            "a: \"b\n  c\"\n",
            "a: \"b\"c\n",
            "a: [b,\n  c]\n",
            "a: [b c]\n",
            "a: [b, ]\n",
            "a: [b]c\n",
            "a: [b]# c\n",
            "a: {b}\n",
            "a: {b:c}\n",
            "a: [b:]\n",
            "a: [b::c]\n",
            "a: [:b]\n",
            "a: {\"b\": c}\n",
            "a: [b: c]\n",
            "a: @b\n",
            "a: `b`\n",
            "a: %b\n",
            "a: - b\n",
            "a: ? b\n",
            "a: ,b\n",
            "a: {{ .Values.b }}\n",
            "a: b # {{ c }}\n",
            "a: b\u{85}c: d\n",
            "\u{feff}a: b\n",
            "a\u{a0}: b\n",
            "a: \u{b0}\n",
            "a: \u{5d0}\n",
            "a: b\u{2028}c: d\n",
        ] {
            check(text, false);
        }
    }

    #[test]
    fn limits_are_those_of_the_parser() {
        let text = "a:\n  b:\n    c: [d, {e: f}]\n---\ng: h\n---\n- i\n";
        for most in 0..20 {
            let read = read_twice(text, Limits { nodes: most, ..Limits::default() });
            assert_eq!(read.is_some(), most >= 18, "{most} nodes");
            let read = read_twice(text, Limits { depth: most, ..Limits::default() });
            assert_eq!(read.is_some(), most >= 5, "{most} levels");
        }
    }

    /// Every manifest beside the project, where there are some. Most have to be read here, or this reader is not worth it.
    #[test]
    fn manifests_of_others_are_read_as_the_parser_does() {
        let Some(corpus) = std::env::var_os("WATERTIGHT_CORPUS") else { return };
        let mut folders = vec![std::path::PathBuf::from(corpus).join("manifests")];
        let (mut all, mut here) = (0, 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
                    && let Ok(text) = std::fs::read_to_string(&path)
                {
                    all += 1;
                    here += usize::from(read_twice(&text, Limits::default()).is_some());
                }
            }
        }
        assert!(here * 2 >= all, "{here} of {all}");
    }

    const SHAPES: &[&str] = &[
        include_str!("../../../static/examples/risky-web.yaml"),
        include_str!("../../../static/examples/namespace.yaml"),
        include_str!("../../../static/examples/database.yaml"),
        "a:\n- b: |\n    c\n\n    d # e\n   \n  f: |-\n\n   g\n- |-\n  h\n  --i\nj: [--k, -l=m, -1]\nn: --o\n",
        "# one\n---\n# two\na:\n- b\n- - c\n  - d: # e\n- # f\n  g: {h: [i, \"j\"], k: {}}\n  l:\n\n    m # n\n---\n- o: p\n",
    ];

    const PIECES: &[&str] = &[
        " ", "  ", "\n", "\n\n", "\n  ", "\n- ", "\n  - ", "- ", "-", ": ", ":", "#", " #", "'", "\"", "{", "}", "[",
        "]", ", ", ",", "&", "*", "!", "|", ">", "@", "%", "?", "? ", "~", "\\", "<<: ", "=", "a", "a: ", "\na: b",
        "0", "1", ".", "...", "---", "\n---\n", "\u{e9}", "\u{85}", "\u{feff}", "\r", "\t", "{{", "$(A)", ":b", "@c",
        "-1", "null", "yes", "1e999",
    ];

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            failure_persistence: None,
            ..proptest::prelude::ProptestConfig::with_cases(2_000)
        })]

        #[test]
        fn changed_manifests_are_read_as_the_parser_does(
            shape in 0..SHAPES.len(),
            changes in proptest::collection::vec((proptest::prelude::any::<usize>(), 0..4_usize, 0..PIECES.len()), 1..5),
        ) {
            let mut text = SHAPES.get(shape).copied().unwrap_or_default().to_owned();
            for (place, change, piece) in changes {
                let mut at = place % (text.len() + 1);
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                let rest = text.get(at..).unwrap_or_default();
                // A character, blanks and lines in turn.
                let end = at + match change {
                    0 => rest.chars().next().map_or(0, char::len_utf8),
                    1 => rest.len() - rest.trim_start_matches(' ').len(),
                    2 => rest.find('\n').map_or(0, |line| line + 1),
                    _ => 0,
                };
                let piece = if change == 1 { "" } else { PIECES.get(piece).copied().unwrap_or_default() };
                text.replace_range(at..end, piece);
            }
            read_twice(&text, Limits::default());
        }
    }
}
