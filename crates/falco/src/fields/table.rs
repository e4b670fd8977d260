//! Searching the sorted tables.

/// The rest of the line that begins with `name` and a blank, in a text of lines that are sorted by what stands before
/// their first blank.
pub(super) fn find(table: &'static str, name: &str) -> Option<(&'static str, &'static str)> {
    let bytes = table.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes.get(..middle)?.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = table.get(start..)?.lines().next()?;
        let (found, rest) = line.split_once(' ')?;
        match found.cmp(name) {
            std::cmp::Ordering::Equal => return Some((found, rest)),
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// All lines, split at their first blank.
pub(super) fn all(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter_map(|line| line.split_once(' '))
}
