//! The tokens of conditions.

use watertight_text::Span;

use super::tree::{Place, Value};
use super::unescape::unescape;

/// Why a condition cannot be read, in the engine's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// The byte at which the engine gives up.
    pub at: usize,
    /// The engine's message.
    pub message: String,
}

/// Line and column of a byte as the engine counts them: both from one, columns in bytes, and a carriage return begins a
/// line as a line feed does.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let ends = before.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    let start = before.iter().rposition(|byte| matches!(byte, b'\r' | b'\n')).map_or(0, |end| end + 1);
    (ends + 1, before.len() - start + 1)
}

/// Reads tokens from the start of what is left. A token that is not there leaves the place as it was.
pub(super) struct Lexer<'t> {
    text: &'t str,
    source: u32,
    at: usize,
    end: usize,
    last: Vec<u8>,
}

/// Bytes that the engine skips between tokens. A backspace is one of them.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x08 | b'\r' | b'\n')
}

/// The class `[:space:]` of regular expressions, which ends words.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, source: u32) -> Self {
        Self { text, source, at: 0, end: 0, last: Vec::new() }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn length(&self, belongs: impl Fn(u8) -> bool) -> usize {
        let rest = self.rest();
        rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len())
    }

    fn take(&mut self, length: usize) -> Option<Place> {
        if length == 0 {
            return None;
        }
        let start = self.at;
        self.at += length;
        self.end = self.at;
        self.last = self.text.as_bytes().get(start..self.at).unwrap_or_default().to_vec();
        Some(self.since(start))
    }

    /// Where the next token starts.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// From `start` to the end of the last token.
    pub(super) fn since(&self, start: usize) -> Place {
        Place { text: self.source, span: Span::new(start, self.end.max(start)) }
    }

    /// The text of a place.
    pub(super) fn slice(&self, place: Place) -> &'t str {
        place.span.slice(self.text)
    }

    pub(super) fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    /// An error here.
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError { at: self.at, message: message.into() }
    }

    /// What the engine says when something follows a whole condition: it names the token before.
    pub(super) fn unexpected(&self) -> ParseError {
        let last = String::from_utf8_lossy(&self.last);
        self.error(["unexpected token after '", &last, "', expecting 'or', 'and'"].concat())
    }

    /// Skips blanks, and says whether there were any.
    pub(super) fn blank(&mut self) -> bool {
        let length = self.length(is_blank);
        self.at += length;
        length > 0
    }

    /// These bytes, whatever follows them.
    pub(super) fn literal(&mut self, literal: &str) -> Option<Place> {
        if !self.rest().starts_with(literal.as_bytes()) {
            return None;
        }
        self.take(literal.len())
    }

    /// A word with at least one blank behind it, which is skipped.
    pub(super) fn word_and_blank(&mut self, word: &str) -> Option<Place> {
        let rest = self.rest().strip_prefix(word.as_bytes())?;
        if !rest.first().is_some_and(|&byte| is_blank(byte)) {
            return None;
        }
        let place = self.take(word.len());
        self.blank();
        place
    }

    /// `not` with white space behind it, of a wider kind than blanks.
    pub(super) fn not(&mut self) -> bool {
        let Some(rest) = self.rest().strip_prefix(b"not") else { return false };
        let spaces = rest.iter().take_while(|&&byte| is_space(byte)).count();
        spaces > 0 && self.take(3 + spaces).is_some()
    }

    fn identifier_length(bytes: &[u8]) -> usize {
        if !bytes.first().is_some_and(u8::is_ascii_alphabetic) {
            return 0;
        }
        bytes.iter().position(|&byte| !is_word(byte)).unwrap_or(bytes.len())
    }

    /// A name without dots.
    pub(super) fn identifier(&mut self) -> Option<Place> {
        self.take(Self::identifier_length(self.rest()))
    }

    /// The name that would come next, without taking it.
    pub(super) fn peek_identifier(&self) -> &'t str {
        let length = Self::identifier_length(self.rest());
        self.text.get(self.at..self.at + length).unwrap_or_default()
    }

    /// Whether an opening parenthesis comes next.
    pub(super) fn peek_parenthesis(&self) -> bool {
        self.rest().first() == Some(&b'(')
    }

    /// A lexer at the same place, to look further ahead with.
    pub(super) fn ahead(&self) -> Self {
        Self { text: self.text, source: self.source, at: self.at, end: self.end, last: Vec::new() }
    }

    /// Whether a blank comes next.
    pub(super) fn peek_blank(&self) -> bool {
        self.rest().first().is_some_and(|&byte| is_blank(byte))
    }

    /// A name with at least one dot.
    pub(super) fn field_name(&mut self) -> Option<Place> {
        let rest = self.rest();
        let first = Self::identifier_length(rest);
        let mut length = first;
        while rest.get(length) == Some(&b'.') {
            let part = Self::identifier_length(rest.get(length + 1..).unwrap_or_default());
            if part == 0 {
                break;
            }
            length += 1 + part;
        }
        if first == 0 || length == first {
            return None;
        }
        self.take(length)
    }

    /// An argument of a field without quotes.
    pub(super) fn bare_argument(&mut self) -> Option<Place> {
        let length = self.length(|byte| !is_space(byte) && !matches!(byte, b'[' | b']' | b'"' | b'\''));
        self.take(length)
    }

    /// A constant without quotes.
    pub(super) fn bare_string(&mut self) -> Option<Place> {
        let length = self.length(|byte| !is_space(byte) && !matches!(byte, b'(' | b')' | b'"' | b'\'' | b'=' | b','));
        self.take(length)
    }

    /// A number as the grammar has it, hexadecimal first; not all of them are numbers for a field.
    pub(super) fn number(&mut self) -> Option<Place> {
        let rest = self.rest();
        if let [b'0', b'x' | b'X', digits @ ..] = rest {
            let count = digits.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            if count > 0 {
                return self.take(2 + count);
            }
        }
        let digits_from =
            |at: usize| rest.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let sign = usize::from(matches!(rest.first(), Some(b'+' | b'-')));
        let whole = digits_from(sign);
        if whole == 0 {
            return None;
        }
        let mut length = sign + whole;
        if rest.get(length) == Some(&b'.') {
            length += 1 + digits_from(length + 1);
        }
        if matches!(rest.get(length), Some(b'e' | b'E')) && matches!(rest.get(length + 1), Some(b'+' | b'-')) {
            let exponent = digits_from(length + 2);
            if exponent > 0 {
                length += 2 + exponent;
            }
        }
        self.take(length)
    }

    /// A constant in quotes. The closing quote is the first that has no backslash before it, be that escaped itself.
    pub(super) fn quoted(&mut self) -> Result<Option<Value>, ParseError> {
        let rest = self.rest();
        let Some(&quote) = rest.first().filter(|&&byte| byte == b'"' || byte == b'\'') else { return Ok(None) };
        let mut before = b'\\';
        for (index, &byte) in rest.iter().enumerate() {
            if byte == 0 {
                return Ok(None);
            }
            if byte == quote && before != b'\\' {
                let inside = rest.get(1..index).unwrap_or_default();
                let bytes = unescape(inside, quote);
                let start = self.at;
                self.at += index + 1;
                self.end = self.at;
                let bytes = bytes.map_err(|message| self.error(message))?;
                self.last.clone_from(&bytes);
                return Ok(Some(Value { place: self.since(start), bytes: bytes.into_boxed_slice(), quoted: true }));
            }
            before = byte;
        }
        Ok(None)
    }

    /// A bare token as a constant.
    pub(super) fn value(&self, place: Place) -> Value {
        Value { place, bytes: self.slice(place).as_bytes().into(), quoted: false }
    }
}
