//! Cuts a stream of JSON texts: a list between its items, everything else between the texts.

use std::io::{self, BufRead};

use serde_json::Value;

use super::{Place, Raw, Sizes};

/// Follows strings and brackets, and nothing more: what is wrong inside a piece is told by whoever reads it.
#[derive(Default)]
pub(super) struct Splitter {
    sizes: Sizes,
    at: Place,
    phase: Phase,
    depth: usize,
    in_string: bool,
    escaped: bool,
    raw: Raw,
    /// Of the text around the items.
    list: List,
    /// The last string at depth 1, and whether a colon came behind it.
    key: Vec<u8>,
    key_done: bool,
    items: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Phase {
    /// Between two texts.
    #[default]
    Between,
    /// In a text that may turn out to be a list.
    Head,
    /// Between the brackets of a list.
    Items,
    /// Behind the items.
    Rest,
}

/// What is written around each stretch of items.
#[derive(Clone, Default)]
struct List {
    lead: String,
    tail: &'static str,
    /// Depth of the items.
    depth: usize,
}

impl Splitter {
    pub(super) fn new(sizes: Sizes) -> Self {
        Self { sizes, ..Self::default() }
    }

    pub(super) fn next(&mut self, input: &mut impl BufRead) -> io::Result<Option<Raw>> {
        loop {
            let buffer = input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(self.end());
            }
            let mut cut = None;
            let mut taken = 0;
            for &byte in buffer {
                taken += 1;
                cut = self.byte(byte);
                self.at.pass(byte);
                if cut.is_some() {
                    break;
                }
            }
            input.consume(taken);
            if cut.is_some() {
                return Ok(cut);
            }
        }
    }

    /// What is left when the input ends, closed or not.
    fn end(&mut self) -> Option<Raw> {
        let phase = std::mem::take(&mut self.phase);
        match phase {
            Phase::Head if !self.raw.bytes.is_empty() || self.raw.overflow => Some(std::mem::take(&mut self.raw)),
            // Without the closing brackets, so that the reader says that they are missing.
            Phase::Items => Some(Raw { tail: "", goes_on: false, ..self.items_piece() }),
            _ => None,
        }
    }

    fn byte(&mut self, byte: u8) -> Option<Raw> {
        if self.phase == Phase::Between {
            if byte.is_ascii_whitespace() {
                return None;
            }
            self.phase = Phase::Head;
            self.raw = Raw { start: self.at, ..Raw::default() };
        }
        if self.in_string {
            self.in_string_byte(byte);
            return None;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.key.clear();
                self.key_done = false;
                self.keep(byte);
                None
            }
            b'{' | b'[' => {
                let begins = byte == b'[' && self.phase == Phase::Head && self.is_item_list();
                self.keep(byte);
                self.depth += 1;
                if begins {
                    self.begin_items();
                }
                None
            }
            b'}' | b']' => self.close(byte),
            b',' if self.phase == Phase::Items && self.depth == self.list.depth => self.comma(),
            b':' => {
                self.key_done = true;
                self.keep(byte);
                None
            }
            byte => {
                self.keep(byte);
                None
            }
        }
    }

    fn in_string_byte(&mut self, byte: u8) {
        self.keep(byte);
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.in_string = false;
                return;
            }
            _ => {}
        }
        // Only a short word can be the key that is looked for.
        if self.phase == Phase::Head && self.depth == 1 && self.key.len() < 8 {
            self.key.push(byte);
        }
    }

    /// Whether a bracket that opens here holds the objects of a list.
    fn is_item_list(&self) -> bool {
        match self.depth {
            0 => self.raw.bytes.is_empty(),
            1 => self.key_done && self.key == b"items",
            _ => false,
        }
    }

    fn begin_items(&mut self) {
        self.list = if self.depth == 1 {
            List { lead: "[".to_owned(), tail: "]", depth: 1 }
        } else {
            List { lead: lead(&self.raw.bytes), tail: "]}", depth: 2 }
        };
        self.phase = Phase::Items;
        self.items = 0;
        self.raw = Raw::default();
    }

    fn close(&mut self, byte: u8) -> Option<Raw> {
        if self.phase == Phase::Items && self.depth <= self.list.depth {
            self.depth = self.depth.saturating_sub(1);
            self.phase = if self.depth == 0 { Phase::Between } else { Phase::Rest };
            let piece = Raw { goes_on: false, ..self.items_piece() };
            return (self.items == 0 || piece.overflow || !piece.bytes.is_empty()).then_some(piece);
        }
        self.keep(byte);
        self.depth = self.depth.saturating_sub(1);
        if self.depth > 0 {
            return None;
        }
        let phase = std::mem::take(&mut self.phase);
        (phase == Phase::Head).then(|| std::mem::take(&mut self.raw))
    }

    /// An item ends; a piece does when it is large enough.
    fn comma(&mut self) -> Option<Raw> {
        self.items += 1;
        if self.raw.bytes.len() < self.sizes.piece && !self.raw.overflow {
            self.keep(b',');
            return None;
        }
        let piece = self.items_piece();
        self.raw.items_before = self.items;
        Some(piece)
    }

    fn items_piece(&mut self) -> Raw {
        let mut raw = std::mem::take(&mut self.raw);
        if raw.bytes.is_empty() && !raw.overflow {
            // Nothing stands in it, but it stands somewhere.
            raw.start = self.at;
        }
        Raw { lead: self.list.lead.clone(), tail: self.list.tail, goes_on: true, ..raw }
    }

    /// Keeps a byte of the original, unless nobody needs it.
    fn keep(&mut self, byte: u8) {
        if self.phase == Phase::Rest || self.raw.overflow {
            return;
        }
        if self.raw.bytes.is_empty() {
            if byte.is_ascii_whitespace() {
                return;
            }
            self.raw.start = self.at;
        }
        if self.raw.bytes.len() >= self.sizes.limit {
            self.raw.bytes = Vec::new();
            self.raw.overflow = true;
            return;
        }
        self.raw.bytes.push(byte);
    }
}

/// The beginning of a list of the kind that the bytes before its items name. `kubectl` names it behind them, so a list
/// is what we take it for.
fn lead(head: &[u8]) -> String {
    let mut text = head.to_vec();
    text.extend(b"]}");
    let object: Value = serde_json::from_slice(&text).unwrap_or_default();
    let word = |key: &str, otherwise: &str| match object.get(key).and_then(Value::as_str) {
        Some(word) => Value::from(word),
        None => Value::from(otherwise),
    };
    format!("{{\"apiVersion\":{},\"kind\":{},\"items\":[", word("apiVersion", "v1"), word("kind", "List"))
}
