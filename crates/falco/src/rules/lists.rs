//! Lists in conditions: the engine pastes their items into the text, before it is read.

use std::collections::{BTreeSet, HashMap};

use super::collect::Items;
use super::exceptions::needs_quotes;
use super::text::Text;

/// How many bytes may be moved while lists are expanded, over all conditions of a set of rules. The engine has no such
/// limit; lists of lists can double a text at each step.
pub const WORK: usize = 256 * 1024 * 1024;
/// The longest text that a condition may become, in bytes.
pub const LONGEST: usize = 4 * 1024 * 1024;

/// The lists of a set of rules, ready to be pasted.
pub(super) struct Lists<'i> {
    lists: Vec<List<'i>>,
    by_name: HashMap<&'i str, usize>,
    /// Lists whose names hold characters that end a word; they have to be looked for one by one.
    odd: Vec<usize>,
    work: usize,
}

struct List<'i> {
    name: &'i str,
    /// Its items with commas between them.
    text: Text,
    used: bool,
}

/// More text than [`WORK`] or [`LONGEST`] allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TooMuch;

fn is_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'(' | b')' | b',' | b'=')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl<'i> Lists<'i> {
    pub(super) fn of(items: &'i Items) -> Self {
        let mut found = Self { lists: Vec::new(), by_name: HashMap::new(), odd: Vec::new(), work: WORK };
        let mut used = BTreeSet::new();
        for (index, list) in items.lists.iter().enumerate() {
            let name = list.head.name.as_str();
            let mut text = Text::default();
            for item in &list.items {
                // A list among the items is replaced by its own items when it was defined before.
                let inner = items.lists.get(&item.text).filter(|inner| inner.head.index < list.head.visibility);
                match inner {
                    Some(inner) => {
                        used.insert(inner.head.name.as_str());
                        for item in &inner.items {
                            found.paste(&mut text, item);
                        }
                    }
                    None => found.paste(&mut text, item),
                }
            }
            if name.bytes().any(is_end) {
                found.odd.push(index);
            }
            found.by_name.insert(name, index);
            found.lists.push(List { name, text, used: false });
        }
        for list in &mut found.lists {
            list.used = used.contains(list.name);
        }
        found
    }

    fn paste(&mut self, text: &mut Text, item: &Text) {
        if self.work < item.text.len() {
            return;
        }
        self.work -= item.text.len();
        if !text.text.is_empty() {
            text.push_str(", ");
        }
        let quotes = needs_quotes(&item.text);
        if quotes {
            text.push_str("\"");
        }
        text.push(item);
        if quotes {
            text.push_str("\"");
        }
    }

    /// Whether a list was pasted anywhere or into another list.
    pub(super) fn is_used(&self, index: usize) -> bool {
        self.lists.get(index).is_some_and(|list| list.used)
    }

    /// The condition with all lists pasted in, in the order of their definition.
    pub(super) fn expand(&mut self, condition: &Text) -> Result<Text, TooMuch> {
        let mut text = condition.clone();
        let mut waiting = BTreeSet::from_iter(self.odd.iter().copied());
        self.find(&text.text, 0, &mut waiting)?;
        while let Some(index) = waiting.pop_first() {
            let Some(list) = self.lists.get_mut(index) else { continue };
            let before = text.text.len();
            let Some(replaced) = replace(&text, list, self.work)? else { continue };
            list.used = true;
            self.work = self.work.saturating_sub(before + replaced.text.len());
            if self.work == 0 || replaced.text.len() > LONGEST {
                return Err(TooMuch);
            }
            text = replaced;
            let pasted = std::mem::take(&mut self.lists.get_mut(index).ok_or(TooMuch)?.text);
            let outcome = self.find(&pasted.text, index + 1, &mut waiting);
            if let Some(list) = self.lists.get_mut(index) {
                list.text = pasted;
            }
            outcome?;
        }
        Ok(text)
    }

    /// Notes the lists from `from` on that a text names.
    fn find(&mut self, text: &str, from: usize, waiting: &mut BTreeSet<usize>) -> Result<(), TooMuch> {
        self.work = self.work.checked_sub(text.len()).ok_or(TooMuch)?;
        let words = text.split(|character: char| character.is_ascii() && is_end(character as u8));
        let lists = words.filter_map(|word| self.by_name.get(word)).copied();
        waiting.extend(lists.filter(|index| *index >= from));
        Ok(())
    }
}

/// Replaces the name of a list wherever it stands between blanks, parentheses, commas, equals signs or the ends; none when
/// it stands nowhere. Step by step as the engine does it, its way with blanks included.
fn replace(text: &Text, list: &List<'_>, work: usize) -> Result<Option<Text>, TooMuch> {
    let source = text.text.as_str();
    let bytes = source.as_bytes();
    let mut result = Text::default();
    // Up to where the source is in the result, and from where the name is looked for.
    let (mut copied, mut from) = (0, 0);
    let mut found = false;
    while let Some(offset) = source.get(from..).and_then(|rest| rest.find(list.name)) {
        let (mut start, mut end) = (from + offset, from + offset + list.name.len());
        from = next_character(source, start);
        let at_start = start == 0 || bytes.get(start - 1).copied().is_some_and(is_end);
        // What was pasted before ends with a blank.
        let at_start = at_start || (found && start == copied);
        let at_end = bytes.get(end).copied().is_none_or(is_end);
        if !at_start || !at_end {
            continue;
        }
        while start > copied && bytes.get(start - 1).copied().is_some_and(is_blank) {
            start -= 1;
        }
        while bytes.get(end).copied().is_some_and(is_blank) {
            end += 1;
        }
        if start == copied && found {
            trim_blanks(&mut result);
        }
        if list.text.text.is_empty() {
            let comma_before =
                if start > copied { bytes.get(start - 1) == Some(&b',') } else { result.text.ends_with(',') };
            if comma_before && start > copied {
                start -= 1;
            } else if comma_before {
                let mut shorter = Text::default();
                shorter.push_part(&result, 0, result.text.len() - 1);
                result = shorter;
            } else if bytes.get(end) == Some(&b',') {
                end += 1;
            }
        }
        result.push_part(text, copied, start);
        let empty_before = result.text.is_empty();
        if !empty_before {
            result.push_str(" ");
        }
        result.push(&list.text);
        result.push_str(" ");
        if result.text.len() > LONGEST.min(work) {
            return Err(TooMuch);
        }
        copied = end;
        // The engine looks on one byte further when the name stood at the very beginning.
        from = if empty_before { next_character(source, end) } else { end };
        found = true;
    }
    if !found {
        return Ok(None);
    }
    result.push_part(text, copied, source.len());
    Ok(Some(result))
}

fn next_character(text: &str, at: usize) -> usize {
    let mut next = at + 1;
    while next < text.len() && !text.is_char_boundary(next) {
        next += 1;
    }
    next
}

fn trim_blanks(text: &mut Text) {
    let length = text.text.trim_end_matches([' ', '\t', '\n', '\r']).len();
    if length < text.text.len() {
        let mut shorter = Text::default();
        shorter.push_part(text, 0, length);
        *text = shorter;
    }
}
