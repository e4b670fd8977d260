//! JSON, read piece by piece without copying. Strict, but for what stands between values.

use std::borrow::Cow;

/// How deep objects and lists may lie within each other.
const MAX_DEPTH: u32 = 64;

/// A complaint about a byte.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonError {
    /// The byte.
    pub at: usize,
    /// What is wrong there.
    pub message: &'static str,
}

/// What a value begins with.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Start<'t> {
    Null,
    Bool(bool),
    /// The number as it is written.
    Number(&'t str),
    Text(Cow<'t, str>),
    /// An opening brace was read.
    Object,
    /// An opening bracket was read.
    List,
}

/// A place in a text.
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, depth: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is no blank; nothing at the end.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Takes a byte if it comes next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    pub(super) fn error<T>(&self, message: &'static str) -> Result<T, JsonError> {
        Err(JsonError { at: self.at, message })
    }

    /// Reads the start of a value. Of an object or a list the caller reads the rest with [`Reader::key`] and
    /// [`Reader::item`] until they say that it is over.
    pub(super) fn value(&mut self) -> Result<Start<'t>, JsonError> {
        match self.peek() {
            Some(b'{') => self.open(Start::Object),
            Some(b'[') => self.open(Start::List),
            Some(b'"') => self.string().map(Start::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Start::Number),
            Some(b't') => self.word("true", Start::Bool(true)),
            Some(b'f') => self.word("false", Start::Bool(false)),
            Some(b'n') => self.word("null", Start::Null),
            Some(_) => {
                self.error("a value is expected here: text in double quotes, a number, true, false, null, { or [")
            }
            None => self.error("the text ends where a value is expected"),
        }
    }

    /// The next key of an object; nothing when the object is over. `first` for the first.
    pub(super) fn key(&mut self, first: bool) -> Result<Option<Cow<'t, str>>, JsonError> {
        if self.take(b'}') {
            self.depth = self.depth.saturating_sub(1);
            return Ok(None);
        }
        if !first && !self.take(b',') {
            return self.error("a comma or a closing brace is expected here");
        }
        if self.peek() != Some(b'"') {
            return self.error("a key in double quotes is expected here");
        }
        let key = self.string()?;
        if self.take(b':') { Ok(Some(key)) } else { self.error("a colon is expected here") }
    }

    /// Whether a list has another item; `first` for the first.
    pub(super) fn item(&mut self, first: bool) -> Result<bool, JsonError> {
        if self.take(b']') {
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if first || self.take(b',') { Ok(true) } else { self.error("a comma or a closing bracket is expected here") }
    }

    /// Passes over a value of which the start has been read.
    pub(super) fn skip(&mut self, start: &Start<'t>) -> Result<(), JsonError> {
        let mut first = true;
        match start {
            Start::Object => {
                while self.key(first)?.is_some() {
                    let start = self.value()?;
                    self.skip(&start)?;
                    first = false;
                }
            }
            Start::List => {
                while self.item(first)? {
                    let start = self.value()?;
                    self.skip(&start)?;
                    first = false;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, start: Start<'t>) -> Result<Start<'t>, JsonError> {
        if self.depth >= MAX_DEPTH {
            return self.error("objects and lists lie more than 64 levels within each other");
        }
        self.depth += 1;
        self.at += 1;
        Ok(start)
    }

    fn word(&mut self, word: &str, start: Start<'t>) -> Result<Start<'t>, JsonError> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return self.error("true, false or null is expected here");
        }
        self.at += word.len();
        Ok(start)
    }

    fn number(&mut self) -> Result<&'t str, JsonError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.bytes().take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
        let number = rest.get(..length.count()).unwrap_or_default();
        let plain = number.strip_prefix('-').unwrap_or(number);
        let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
        let leading_zero = digits > 1 && plain.starts_with('0');
        if digits == 0 || leading_zero || number.ends_with('.') || number.parse::<f64>().is_err() {
            return self.error("this is no number as JSON writes them");
        }
        self.at += number.len();
        Ok(number)
    }

    fn string(&mut self) -> Result<Cow<'t, str>, JsonError> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let at = start + plain(bytes.get(start..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => {
                self.at = at + 1;
                Ok(Cow::Borrowed(self.text.get(start..at).unwrap_or_default()))
            }
            Some(b'\\') => self.escaped(start, at).map(Cow::Owned),
            Some(_) => {
                self.at = at;
                self.error("a line break or another control character stands inside of quotes")
            }
            None => self.error("these quotes are not closed"),
        }
    }

    /// Reads a string on from its first backslash.
    fn escaped(&mut self, start: usize, first: usize) -> Result<String, JsonError> {
        let mut out = self.text.get(start..first).unwrap_or_default().to_owned();
        let quote = self.at;
        self.at = first;
        let mut rest = self.text.get(first..).unwrap_or_default();
        loop {
            let plain = rest.find(['"', '\\']).unwrap_or(rest.len());
            let (before, after) = rest.split_at_checked(plain).unwrap_or_default();
            if let Some(strange) = before.bytes().position(|byte| byte < 0x20) {
                self.at += strange;
                return self.error("a line break or another control character stands inside of quotes");
            }
            out.push_str(before);
            self.at += before.len();
            let mut letters = after.chars();
            match (letters.next(), letters.next()) {
                (Some('"'), _) => {
                    self.at += 1;
                    return Ok(out);
                }
                (Some(_), Some(letter)) => {
                    let length = match letter {
                        'u' => self.unicode(&mut out)?,
                        _ => {
                            let Some(meant) = escape(letter) else {
                                return self.error("there is no such escape in JSON");
                            };
                            out.push(meant);
                            2
                        }
                    };
                    self.at += length;
                    rest = after.get(length..).unwrap_or_default();
                }
                _ => {
                    self.at = quote;
                    return self.error("these quotes are not closed");
                }
            }
        }
    }

    /// Reads `\uXXXX`, two of them for a character beyond 16 bits, and says how many bytes that took.
    fn unicode(&self, out: &mut String) -> Result<usize, JsonError> {
        let unit = |at: usize| {
            let digits = self.text.get(at + 2..at + 6)?;
            let valid = self.text.get(at..)?.starts_with("\\u") && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            valid.then(|| u32::from_str_radix(digits, 16).ok())?
        };
        let Some(first) = unit(self.at) else { return self.error("\\u needs four hexadecimal digits") };
        if (0xd800..0xdc00).contains(&first)
            && let Some(second @ 0xdc00..0xe000) = unit(self.at + 6)
        {
            let both = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            out.push(char::from_u32(both).unwrap_or(char::REPLACEMENT_CHARACTER));
            return Ok(12);
        }
        out.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(6)
    }
}

/// How many bytes there are before a quote, a backslash or a control character. Eight are looked at together.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quotes = zeros(word ^ (ONES * u64::from(b'"')));
        let backslashes = zeros(word ^ (ONES * u64::from(b'\\')));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & TOPS;
        let found = quotes | backslashes | controls;
        if found != 0 {
            return number * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    words.len() * 8 + rest.iter().position(special).unwrap_or(rest.len())
}

fn escape(letter: char) -> Option<char> {
    Some(match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Result<Start<'_>, usize>) {
        assert_eq!(Reader::new(text, 0).value().map_err(|error| error.at), *expected, "{text}");
    }

    #[test]
    fn values_are_read() {
        check(" null", &Ok(Start::Null));
        check("-1.5e3", &Ok(Start::Number("-1.5e3")));
        check(r#""a\n\u00e9\ud83d\ude00\"""#, &Ok(Start::Text("a\né😀\"".into())));
        check(r#""\ud83d""#, &Ok(Start::Text("\u{fffd}".into())));
        for (text, at) in [
            ("", 0),
            ("tru", 0),
            ("01", 0),
            ("1.", 0),
            ("--1", 0),
            ("\"a", 0),
            ("\"a\\", 0),
            ("\"a\nb\"", 2),
            ("\"\\x\"", 1),
            ("\"\\u12\"", 1),
            ("'a'", 0),
        ] {
            check(text, &Err(at));
        }
    }

    #[test]
    fn depth_is_limited() {
        let text = "[".repeat(100);
        let mut reader = Reader::new(&text, 0);
        let start = reader.value().unwrap();
        assert_eq!(reader.skip(&start).unwrap_err().at, 64);
    }
}
