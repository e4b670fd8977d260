//! JSON, read strictly as Go's `encoding/json` does, into the same tree.
//!
//! Kubernetes' decoder tries JSON on a text that begins with a brace and falls back to YAML, which takes most JSON but
//! refuses keys beyond 1,024 characters and tabs in the wrong place.

use std::borrow::Cow;

use watertight_text::Span;

use crate::build::{Builder, Full, Properties, USUAL_NODES};
use crate::parse::full_message;
use crate::{CollectionStyle, Limits, ProblemKind, Scalar, ScalarStyle, Stream};

/// Reads a text of one or more JSON values. `false`, and nothing is added to the stream, when it is not JSON from its
/// first byte to its last.
pub(crate) fn read_json<'t>(text: &'t str, limits: Limits, stream: &mut Stream<'t>) -> bool {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0 };
    let first = stream.documents.len();
    let mut nodes = 0;
    reader.skip_space();
    while matches!(reader.peek(), Some(b'{' | b'[')) {
        let mut builder = Builder::new(text, limits.depth, limits.nodes.saturating_sub(nodes), USUAL_NODES);
        builder.json = true;
        let index = stream.documents.len();
        match reader.value(&mut builder) {
            Ok(()) => {
                nodes += builder.node_count() + 1;
                stream.documents.push(builder.into_document(index, true));
            }
            Err(Stop::NotJson) => {
                stream.documents.truncate(first);
                return false;
            }
            Err(Stop::Full(full)) => {
                let span = Span::at(reader.at);
                builder.problem(ProblemKind::Limit, span, full_message(full, limits));
                stream.documents.push(builder.into_document(index, false));
                return true;
            }
        }
        reader.skip_space();
    }
    let all = reader.at == text.len() && stream.documents.len() > first;
    if !all {
        stream.documents.truncate(first);
    }
    all
}

enum Stop {
    NotJson,
    Full(Full),
}

impl From<Full> for Stop {
    fn from(full: Full) -> Self {
        Self::Full(full)
    }
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.peek() != Some(byte) {
            return Err(Stop::NotJson);
        }
        self.at += 1;
        Ok(())
    }

    /// One value with all that is in it. The levels stand in a list of ours, so that depth costs no stack.
    fn value(&mut self, builder: &mut Builder<'t>) -> Result<(), Stop> {
        let none = Properties::default();
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.skip_space();
            let start = self.at;
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.at += 1;
                    let mapping = bracket == b'{';
                    builder.open(Span::new(start, self.at), mapping, CollectionStyle::Flow, none)?;
                    let closing = bracket + 2;
                    self.skip_space();
                    if self.peek() == Some(closing) {
                        self.at += 1;
                        builder.close(u32::try_from(self.at).ok());
                    } else {
                        open.push(closing);
                        if mapping {
                            self.key(builder)?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.string(builder)?,
                Some(b'-' | b'0'..=b'9') => self.number(builder)?,
                _ => self.word(builder)?,
            }
            // Behind a value: what is around it closes, or goes on.
            loop {
                let Some(&closing) = open.last() else { return Ok(()) };
                self.skip_space();
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if closing == b'}' {
                            self.skip_space();
                            self.key(builder)?;
                        }
                        break;
                    }
                    Some(byte) if byte == closing => {
                        self.at += 1;
                        open.pop();
                        builder.close(u32::try_from(self.at).ok());
                    }
                    _ => return Err(Stop::NotJson),
                }
            }
        }
    }

    fn key(&mut self, builder: &mut Builder<'t>) -> Result<(), Stop> {
        self.string(builder)?;
        self.skip_space();
        self.expect(b':')
    }

    fn word(&mut self, builder: &mut Builder<'t>) -> Result<(), Stop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let words = [("null", Scalar::Null), ("true", Scalar::Bool(true)), ("false", Scalar::Bool(false))];
        let (word, value) =
            words.into_iter().find(|(word, _)| rest.starts_with(word.as_bytes())).ok_or(Stop::NotJson)?;
        self.plain(builder, self.at + word.len(), value)
    }

    fn plain(&mut self, builder: &mut Builder<'t>, end: usize, value: Scalar) -> Result<(), Stop> {
        let span = Span::new(self.at, end);
        self.at = end;
        let text = Cow::Borrowed(span.slice(self.text));
        builder.resolved(span, text, ScalarStyle::Plain, value, Properties::default())?;
        Ok(())
    }

    fn number(&mut self, builder: &mut Builder<'t>) -> Result<(), Stop> {
        let mut at = self.at;
        let digits = |at: &mut usize| {
            let from = *at;
            while self.bytes.get(*at).is_some_and(u8::is_ascii_digit) {
                *at += 1;
            }
            *at - from
        };
        if self.bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let zero = self.bytes.get(at) == Some(&b'0');
        let before = digits(&mut at);
        if before == 0 || (zero && before > 1) {
            return Err(Stop::NotJson);
        }
        let mut whole = true;
        if self.bytes.get(at) == Some(&b'.') {
            whole = false;
            at += 1;
            if digits(&mut at) == 0 {
                return Err(Stop::NotJson);
            }
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            whole = false;
            at += 1;
            if matches!(self.bytes.get(at), Some(b'+' | b'-')) {
                at += 1;
            }
            if digits(&mut at) == 0 {
                return Err(Stop::NotJson);
            }
        }
        let written = self.text.get(self.at..at).unwrap_or_default();
        let int = written.parse::<i64>().ok().map(Scalar::Int);
        let uint = || written.parse::<u64>().ok().map(Scalar::UInt);
        let float = || written.parse::<f64>().ok().filter(|float| float.is_finite()).map(Scalar::Float);
        let value = if whole { int.or_else(uint).or_else(float) } else { float() };
        // Go's decoder refuses a number beyond the range of a float.
        self.plain(builder, at, value.ok_or(Stop::NotJson)?)
    }

    fn string(&mut self, builder: &mut Builder<'t>) -> Result<(), Stop> {
        let start = self.at;
        self.expect(b'"')?;
        let mut owned: Option<String> = None;
        let mut kept = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let text = owned.get_or_insert_with(String::new);
                    text.push_str(self.text.get(kept..self.at).unwrap_or_default());
                    self.at += 1;
                    text.push(self.escape()?);
                    kept = self.at;
                }
                None | Some(..0x20) => return Err(Stop::NotJson),
                Some(_) => self.at += 1,
            }
        }
        let rest = self.text.get(kept..self.at).unwrap_or_default();
        self.at += 1;
        let text = match owned {
            Some(mut text) => {
                text.push_str(rest);
                text.shrink_to_fit();
                Cow::Owned(text)
            }
            None => Cow::Borrowed(rest),
        };
        let span = Span::new(start, self.at);
        builder.resolved(span, text, ScalarStyle::DoubleQuoted, Scalar::Str, Properties::default())?;
        Ok(())
    }

    /// The character of an escape; the backslash is behind us.
    fn escape(&mut self) -> Result<char, Stop> {
        let byte = self.peek().ok_or(Stop::NotJson)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex(self.at).ok_or(Stop::NotJson)?;
                self.at += 4;
                let follows = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u"));
                let low = if follows { self.hex(self.at + 2) } else { None };
                match (high, low) {
                    (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                        self.at += 6;
                        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    // Half a pair becomes the replacement character, as in Go.
                    _ => char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER),
                }
            }
            _ => return Err(Stop::NotJson),
        })
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at.checked_add(4)?)?;
        digits.iter().try_fold(0, |code, &digit| Some(code * 16 + char::from(digit).to_digit(16)?))
    }
}
