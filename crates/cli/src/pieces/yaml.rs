//! Cuts a stream of YAML documents: between documents, and inside a list between the items as `kubectl` writes them.

use std::io::{self, BufRead, Read};

use super::{Place, Raw, Sizes};

/// What stands in front of the later stretches of a list.
const LIST: &str = "apiVersion: v1\nitems:\n";

/// What stands behind those that do not say so themselves.
const LIST_KIND: &str = "kind: List\n";

/// The same where the input ends without a line end.
const LIST_KIND_BEHIND_A_LINE: &str = "\nkind: List\n";

#[derive(Default)]
pub(super) struct Splitter {
    sizes: Sizes,
    at: Place,
    raw: Raw,
    /// Whether the lines belong to `items:` at the beginning of a line.
    in_items: bool,
    /// Items of this list so far.
    items: usize,
    /// Whether this piece says of which kind the current document is.
    has_kind: bool,
    /// A line that begins the next piece.
    waiting: Option<Vec<u8>>,
    /// Whether the last line was cut because it is too long.
    mid_line: bool,
}

impl Splitter {
    pub(super) fn new(sizes: Sizes) -> Self {
        Self { sizes, ..Self::default() }
    }

    pub(super) fn next(&mut self, input: &mut impl BufRead) -> io::Result<Option<Raw>> {
        if let Some(line) = self.waiting.take() {
            self.keep(&line);
        }
        loop {
            let mut line = Vec::new();
            input.by_ref().take(self.sizes.limit as u64).read_until(b'\n', &mut line)?;
            if line.is_empty() {
                let rest = self.end_of_document();
                return Ok((rest.overflow || !rest.bytes.is_empty()).then_some(rest));
            }
            let starts = !std::mem::replace(&mut self.mid_line, !line.ends_with(b"\n"));
            if let Some(piece) = starts.then(|| self.border(&line)).flatten() {
                self.waiting = Some(line);
                return Ok(Some(piece));
            }
            self.keep(&line);
        }
    }

    /// Looks at the beginning of a line; the piece before it, if it ends here.
    fn border(&mut self, line: &[u8]) -> Option<Raw> {
        let full = self.raw.bytes.len() >= self.sizes.piece || self.raw.overflow;
        if is_word(line, b"---") {
            self.in_items = false;
            // The later part of a list is cut off, since its kind has to stand behind it.
            let cut = (full || !self.raw.lead.is_empty()).then(|| self.end_of_document());
            self.has_kind = false;
            return cut;
        }
        if is_word(line, b"-") && self.in_items {
            self.items += 1;
            if !full {
                return None;
            }
            let raw = std::mem::take(&mut self.raw);
            self.raw = Raw { lead: LIST.to_owned(), items_before: self.items - 1, ..Raw::default() };
            let tail = if self.has_kind { "" } else { LIST_KIND };
            self.has_kind = false;
            return Some(Raw { tail, goes_on: true, ..raw });
        }
        if line.starts_with(b"items:") {
            self.in_items = line.get(6..).unwrap_or_default().trim_ascii().is_empty();
            self.items = 0;
        } else if line.first().is_some_and(|byte| !byte.is_ascii_whitespace() && *byte != b'#') {
            self.in_items = false;
        }
        self.has_kind |= line.starts_with(b"kind:");
        None
    }

    /// The piece so far. The later part of a list gets the kind that stood in an earlier one.
    fn end_of_document(&mut self) -> Raw {
        let raw = std::mem::take(&mut self.raw);
        let tail = match raw.bytes.last() {
            _ if self.has_kind || raw.lead.is_empty() => "",
            Some(b'\n') | None => LIST_KIND,
            Some(_) => LIST_KIND_BEHIND_A_LINE,
        };
        Raw { tail, ..raw }
    }

    fn keep(&mut self, line: &[u8]) {
        if self.raw.bytes.is_empty() && !self.raw.overflow {
            self.raw.start = self.at;
        }
        for &byte in line {
            self.at.pass(byte);
        }
        if self.raw.bytes.len() + line.len() > self.sizes.limit {
            self.raw.bytes = Vec::new();
            self.raw.overflow = true;
        }
        if !self.raw.overflow {
            self.raw.bytes.extend(line);
        }
    }
}

/// Whether a line begins with that word and then ends or has a blank.
fn is_word(line: &[u8], word: &[u8]) -> bool {
    line.strip_prefix(word).is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}
