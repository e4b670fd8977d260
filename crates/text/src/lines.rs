/// The lines of a text with their ends, each with the offset where it begins. A lone CR ends no line here.
///
/// ```
/// let lines: Vec<_> = watertight_text::lines("a\r\nb").collect();
/// assert_eq!(lines, [(0, "a\r\n"), (3, "b")]);
/// ```
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |next, line| {
        let at = *next;
        *next += line.len();
        Some((at, line))
    })
}
