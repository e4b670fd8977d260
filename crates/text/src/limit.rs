use std::borrow::Cow;

/// How many bytes of a text are read, by every reader that knows no smaller limit.
pub const MAX_BYTES: usize = 10_000_000;

/// Keeps at most `most` bytes of a text: what is longer is cut after a whole character, and an ellipsis stands behind it.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let begin = text.get(..text.floor_char_boundary(most)).unwrap_or_default();
    Cow::Owned([begin, "…"].concat())
}

/// [`shortened`], in place.
pub fn shorten(text: &mut String, most: usize) {
    if let Cow::Owned(cut) = shortened(text, most) {
        *text = cut;
    }
}

/// A limit in bytes as a sentence says it: `10 MB`. Limits are whole megabytes.
pub fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes / 1_000_000)
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_texts_end_with_an_ellipsis() {
        for (text, most, expected) in
            [("abc", 3, "abc"), ("abcd", 3, "abc…"), ("aé", 2, "a…"), ("é", 0, "…"), ("", 0, "")]
        {
            assert_eq!(super::shortened(text, most), expected);
        }
    }
}
