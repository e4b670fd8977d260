//! Where the value of a key ends, when it stands in more lines than one.

/// How far a value is read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Value {
    /// Nothing yet.
    #[default]
    Empty,
    /// A text in the lines below, after `|` or `>`, this much further in than its key.
    Block(u8),
    /// Words without quotes, which may go on.
    Plain,
    /// In quotes of this kind that are still open.
    Quoted(u8),
    /// In this many open brackets, and inside them in open quotes or not.
    Brackets(usize, Option<u8>),
    /// Closed.
    Whole,
}

impl Value {
    /// The value that begins with these words.
    pub(super) fn of(text: &str) -> Self {
        match text.as_bytes().first() {
            None | Some(b'#') => Self::Empty,
            Some(b'|' | b'>') => header(text).map_or(Self::Plain, Self::Block),
            Some(quote @ (b'"' | b'\'')) => Self::Quoted(*quote).after(text.get(1..).unwrap_or_default()),
            Some(b'[' | b'{') => Self::Brackets(0, None).after(text),
            _ => Self::Plain,
        }
    }

    /// How much further in than its key the lines of a value stand: the indentation that a text states, or two.
    pub(super) fn deeper(self) -> usize {
        if let Self::Block(deeper) = self { usize::from(deeper) } else { 2 }
    }

    /// Whether the next line can be nothing else.
    pub(super) fn must_go_on(self) -> bool {
        matches!(self, Self::Quoted(_) | Self::Brackets(..))
    }

    /// Whether the next line can belong to the value.
    pub(super) fn can_go_on(self) -> bool {
        matches!(self, Self::Empty | Self::Block(_) | Self::Plain)
    }

    /// The value with one more line.
    pub(super) fn after(self, line: &str) -> Self {
        match self {
            Self::Empty => Self::of(line),
            Self::Quoted(quote) => match behind_quote(line.as_bytes(), quote) {
                Some(_) => Self::Whole,
                None => self,
            },
            Self::Brackets(depth, quote) => brackets(line.as_bytes(), depth, quote),
            Self::Block(_) | Self::Plain | Self::Whole => self,
        }
    }
}

/// How much further in than its key a text stands: what its header states, or two. `None` when this is no header.
fn header(text: &str) -> Option<u8> {
    let words = text.get(1..)?;
    let end = words.find([' ', '\t']).unwrap_or(words.len());
    let (marks, rest) = (words.get(..end)?, words.get(end..)?.trim_start());
    let are_marks = marks.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'));
    let stated = marks.bytes().find(u8::is_ascii_digit).map(|digit| digit - b'0');
    (are_marks && (rest.is_empty() || rest.starts_with('#'))).then_some(stated.unwrap_or(2))
}

/// What stands behind the closing quote.
fn behind_quote(mut bytes: &[u8], quote: u8) -> Option<&[u8]> {
    loop {
        match bytes {
            [b'\\', _, rest @ ..] if quote == b'"' => bytes = rest,
            [b'\'', b'\'', rest @ ..] if quote == b'\'' => bytes = rest,
            [byte, rest @ ..] if *byte == quote => return Some(rest),
            [_, rest @ ..] => bytes = rest,
            [] => return None,
        }
    }
}

fn brackets(mut bytes: &[u8], mut depth: usize, mut quote: Option<u8>) -> Value {
    // A quote opens a text only where a value begins.
    let mut begins = true;
    loop {
        if let Some(open) = quote {
            match behind_quote(bytes, open) {
                Some(rest) => (bytes, quote, begins) = (rest, None, false),
                None => return Value::Brackets(depth, quote),
            }
        }
        let [byte, rest @ ..] = bytes else { break };
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' if begins => quote = Some(*byte),
            b' ' if rest.first() == Some(&b'#') => break,
            _ => {}
        }
        if depth == 0 {
            return Value::Whole;
        }
        begins = matches!(byte, b'[' | b'{' | b',') || begins && *byte == b' ';
        bytes = rest;
    }
    Value::Brackets(depth, quote)
}
