use super::{Line, Reader, is_name};

/// Names with anything between them: spaces, commas, quotes, brackets. Behind `#` stands a remark; numbers are counts.
pub(super) fn line(reader: &mut Reader, line: Line<'_>) {
    let content = line.text.split('#').next().unwrap_or_default();
    for word in content.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        if is_name(word) {
            reader.see_name(word, None, 1, line.of(word));
        } else {
            reader.leave(line.of(word), super::Why::NotALine);
        }
    }
}
