//! Lists in conditions: the engine pastes their items into the text, before it is read.

use std::collections::{BTreeSet, HashMap};

use super::budget::{Budget, TooMuch, pay};
use super::collect::Items;
use super::exceptions::needs_quotes;
use super::item::ListItem;
use super::text::Text;

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
    /// Its items with commas between them; none when that is too long.
    text: Option<Text>,
    used: bool,
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'(' | b')' | b',' | b'=')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl<'i> Lists<'i> {
    pub(super) fn of(items: &'i Items, budget: &Budget) -> Self {
        let mut found = Self { lists: Vec::new(), by_name: HashMap::new(), odd: Vec::new(), work: budget.moved };
        let mut left = budget.lists;
        let mut used = BTreeSet::new();
        for (index, list) in items.lists.iter().enumerate() {
            let name = list.head.name.as_str();
            let text = pasted(items, list, &mut used, &mut left).ok();
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

    /// Whether a list was pasted anywhere or into another list.
    pub(super) fn is_used(&self, index: usize) -> bool {
        self.lists.get(index).is_some_and(|list| list.used)
    }

    /// The condition with all lists pasted in, in the order of their definition.
    /// No longer than [`LONGEST`], and much longer than it was only as far as a condition in use may become.
    pub(super) fn expand(&mut self, condition: &Text) -> Result<Text, TooMuch> {
        /// What looking for a list takes beside the letters of the text.
        const EACH: usize = 32;
        /// How long the shortest condition may become.
        const AROUND: usize = 1_000_000;
        pay(&mut self.work, EACH * self.odd.len())?;
        let most = LONGEST.min(AROUND + 2 * condition.text.len());
        let mut text = condition.clone();
        let mut waiting = BTreeSet::from_iter(self.odd.iter().copied());
        self.find(&text.text, 0, &mut waiting)?;
        while let Some(index) = waiting.pop_first() {
            let Some(list) = self.lists.get_mut(index) else { continue };
            pay(&mut self.work, EACH + text.text.len())?;
            let Some(replaced) = replace(&text, list, most.min(self.work))? else { continue };
            list.used = true;
            pay(&mut self.work, replaced.text.len())?;
            text = replaced;
            let pasted = list.text.take();
            let outcome = pasted.as_ref().map_or(Ok(()), |pasted| self.find(&pasted.text, index + 1, &mut waiting));
            if let Some(list) = self.lists.get_mut(index) {
                list.text = pasted;
            }
            outcome?;
        }
        Ok(text)
    }

    /// Notes the lists from `from` on that a text names.
    fn find(&mut self, text: &str, from: usize, waiting: &mut BTreeSet<usize>) -> Result<(), TooMuch> {
        pay(&mut self.work, text.len())?;
        let words = text.split(|character: char| character.is_ascii() && is_end(character as u8));
        let lists = words.filter_map(|word| self.by_name.get(word)).copied();
        waiting.extend(lists.filter(|index| *index >= from));
        Ok(())
    }
}

/// The items of a list with commas between them. A list among them is replaced by its own items when it was defined before.
fn pasted<'i>(
    items: &'i Items,
    list: &ListItem,
    used: &mut BTreeSet<&'i str>,
    left: &mut usize,
) -> Result<Text, TooMuch> {
    let mut text = Text::default();
    for item in &list.items {
        let inner = items.lists.get(&item.text).filter(|inner| inner.head.index < list.head.visibility);
        match inner {
            Some(inner) => {
                used.insert(inner.head.name.as_str());
                inner.items.iter().try_for_each(|item| paste(&mut text, item, left))?;
            }
            None => paste(&mut text, item, left)?,
        }
    }
    Ok(text)
}

fn paste(text: &mut Text, item: &Text, left: &mut usize) -> Result<(), TooMuch> {
    /// What an item takes beside its letters.
    const EACH: usize = 4;
    pay(left, EACH + item.text.len())?;
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
    Ok(())
}

/// Replaces the name of a list wherever it stands between blanks, parentheses, commas, equals signs or the ends; none when
/// it stands nowhere. Step by step as the engine does it, its way with blanks included.
fn replace(text: &Text, list: &List<'_>, most: usize) -> Result<Option<Text>, TooMuch> {
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
        let pasted = list.text.as_ref().ok_or(TooMuch)?;
        while start > copied && bytes.get(start - 1).copied().is_some_and(is_blank) {
            start -= 1;
        }
        while bytes.get(end).copied().is_some_and(is_blank) {
            end += 1;
        }
        if start == copied && found {
            trim_blanks(&mut result);
        }
        if pasted.text.is_empty() {
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
        if result.text.len() + pasted.text.len() > most {
            return Err(TooMuch);
        }
        result.push(pasted);
        result.push_str(" ");
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
