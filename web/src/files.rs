//! The files that are open in the page.

use std::rc::Rc;

use watertight_text::{ApplyError, Edit, Encoding, Offsets};

/// The largest file that is opened, in bytes: a little over what the engine reads, so that the engine can say why.
pub const MAX_OPENED: usize = 12_000_000;

/// Names a file for as long as it is open, through renaming and moving. Never used again for another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileKey(pub u32);

/// An open file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenFile {
    /// What the page calls it.
    pub key: FileKey,
    /// What the user calls it.
    pub name: Rc<str>,
    /// Its text.
    pub text: Rc<str>,
    /// Whether the user has put nothing of their own into it, so that it may be replaced.
    pub pristine: bool,
    /// Whether somebody has given it its name, which stays then.
    pub named: bool,
}

impl OpenFile {
    /// Whether there is something in it that would be lost with it.
    pub fn is_written(&self) -> bool {
        !self.pristine && !self.text.trim().is_empty()
    }
}

/// The text after edits whose offsets count UTF-16 code units, as the worker's do.
///
/// # Errors
/// When the edits do not fit the text.
pub fn apply_utf16(text: &str, edits: &[Edit]) -> Result<String, ApplyError> {
    let offsets = Offsets::new(text, Encoding::Utf16);
    let edits: Vec<Edit> =
        edits.iter().map(|edit| Edit { span: offsets.span_to_bytes(edit.span), text: edit.text.clone() }).collect();
    watertight_text::apply(text, &edits)
}

/// The one edit, in UTF-16 code units, that makes `new` of `old`: what lies between the common start and the common end.
pub fn single_edit(old: &str, new: &str) -> Edit {
    let (start, old_end, new_end) = differing(old, new);
    let offsets = Offsets::new(old, Encoding::Utf16);
    let span = watertight_text::Span::new(start, old_end);
    Edit { span: offsets.span_from_bytes(span), text: new.get(start..new_end).unwrap_or_default().to_owned() }
}

/// Whether little of a text is left in another.
pub fn is_replaced(old: &str, new: &str) -> bool {
    let (start, old_end, _) = differing(old, new);
    let left = old.len() - (old_end - start);
    new.is_empty() || left * 2 < old.len().min(new.len())
}

/// The file's new text after the user has typed into a plain text field, which shows every line end as LF: outside of
/// what was changed the file keeps its own line ends, and new lines end as the file's lines do.
pub fn typed_into_field(file: &str, field: &str) -> String {
    if !file.contains('\r') {
        return field.to_owned();
    }
    let shown = as_shown(file);
    let (start, shown_end, field_end) = differing(&shown, field);
    let end_of_line = if file.contains("\r\n") { "\r\n" } else { "\n" };
    let typed = field.get(start..field_end).unwrap_or_default().replace('\n', end_of_line);
    let head = file.get(..in_file(file, start)).unwrap_or_default();
    let tail = file.get(in_file(file, shown_end)..).unwrap_or_default();
    [head, &typed, tail].concat()
}

/// A text as a plain text field shows it.
pub fn as_shown(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The byte offset in `file` of a byte offset in [`as_shown`] of it.
fn in_file(file: &str, shown: usize) -> usize {
    let mut seen = 0;
    let mut bytes = file.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        if seen == shown {
            return at;
        }
        if byte == b'\r' && bytes.peek().is_some_and(|&(_, next)| next == b'\n') {
            bytes.next();
        }
        seen += 1;
    }
    file.len()
}

/// The start of the first difference, and its ends in `a` and in `b`, in bytes on character boundaries of both.
fn differing(a: &str, b: &str) -> (usize, usize, usize) {
    let start: usize = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    let (rest_a, rest_b) = (a.get(start..).unwrap_or_default(), b.get(start..).unwrap_or_default());
    let same = rest_a.chars().rev().zip(rest_b.chars().rev()).take_while(|(x, y)| x == y);
    let end: usize = same.map(|(x, _)| x.len_utf8()).sum();
    (start, a.len() - end, b.len() - end)
}

/// Whether a name is this one, or one that [`free_name`] makes of it.
pub fn is_numbered(name: &str, wish: &str) -> bool {
    let (stem, ending) = wish.split_once('.').unwrap_or((wish, ""));
    let number = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(ending)?.strip_suffix('.'));
    number.is_some_and(|number| number.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()))
}

/// A name that no open file has: `untitled.yaml`, `untitled-2.yaml`, ….
pub fn free_name(files: &[OpenFile], wish: &str) -> String {
    let (stem, ending) = wish.rsplit_once('.').map_or((wish, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let taken = |name: &str| files.iter().any(|file| &*file.name == name);
    (1..)
        .map(|n| if n == 1 { wish.to_owned() } else { format!("{stem}-{n}{ending}") })
        .find(|name| !taken(name))
        .unwrap_or_else(|| wish.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use watertight_text::Span;

    #[test]
    fn typing_into_a_field_keeps_line_ends() {
        for (file, field, expected) in [
            ("a\nb\n", "a\nbc\n", "a\nbc\n"),
            ("a\r\nb\r\n", "a\nbc\n", "a\r\nbc\r\n"),
            ("a\r\nb\r\n", "a\nx\ny\nb\n", "a\r\nx\r\ny\r\nb\r\n"),
            ("a\r\nb\nc\rd", "a\nb\nc\nd!", "a\r\nb\nc\rd!"),
            ("a\r\nb\r\n", "a\n", "a\r\n"),
            ("a\r\n", "", ""),
            ("é\r\nß\r\n", "é\n漢ß\n", "é\r\n漢ß\r\n"),
        ] {
            assert_eq!(typed_into_field(file, field), expected, "{file:?} {field:?}");
        }
    }

    #[test]
    fn one_edit_between_two_texts() {
        for (old, new) in [
            ("", "a"),
            ("a", ""),
            ("abc", "abc"),
            ("a🚢c", "a🚢🚢c"),
            ("aa", "aaa"),
            ("éß", "êß"),
            ("x: 1\n", "x: 2\n"),
        ] {
            let edit = single_edit(old, new);
            assert_eq!(apply_utf16(old, &[edit]).unwrap(), new, "{old:?}");
        }
        assert_eq!(single_edit("a🚢c", "a🚢d"), Edit::replace(Span::new(3, 4), "d"));
    }

    #[test]
    fn a_text_is_replaced_when_little_of_it_is_left() {
        let old = "kind: Pod\nspec:\n  hostPID: true\n  containers: []\n";
        for (new, expected) in [
            ("", true),
            ("docker run --privileged alpine", true),
            ("kind: Pod\nmetadata: {name: mine}\nspec: {containers: [{name: a, image: a}]}\n", true),
            ("kind: Pod\nspec:\n  hostPID: false\n  containers: []\n", false),
            ("kind: Pod\nspec:\n  hostPID: true\n", false),
        ] {
            assert_eq!(is_replaced(old, new), expected, "{new:?}");
        }
        assert!(!is_replaced("", "a"), "nothing was there");
    }

    #[test]
    fn names_are_not_taken_twice() {
        let file =
            |name: &str| OpenFile { key: FileKey(0), name: name.into(), text: "".into(), pristine: true, named: false };
        assert_eq!(free_name(&[], "a.yaml"), "a.yaml");
        assert_eq!(free_name(&[file("a.yaml"), file("a-2.yaml")], "a.yaml"), "a-3.yaml");
        assert_eq!(free_name(&[file("pod")], "pod"), "pod-2");
        for (name, expected) in [("a.yaml", true), ("a-12.yaml", true), ("ab.yaml", false), ("a-2.json", false)] {
            assert_eq!(is_numbered(name, "a.yaml"), expected, "{name}");
        }
    }
}
