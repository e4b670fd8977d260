//! What a word or a string stands for: quotes off, escapes worked in.

/// The characters that mean something in a pattern; an escape that yields one of them stays an escape.
const SPECIAL: &[u8] = b"*?[]{}^,\\";

/// The value of a word or of a string in quotes.
///
/// An escape for a byte that is no ASCII character, and that for NUL, stay as they are: the pattern compiler reads them.
pub(crate) fn unescape(raw: &str) -> String {
    let raw = raw.strip_prefix('"').map_or(raw, |inner| inner.strip_suffix('"').unwrap_or(inner));
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        out.push_str(plain);
        let behind = escape.get(1..).unwrap_or_default();
        match code(behind.as_bytes()) {
            Some((byte, length)) => {
                if byte == 0 || !byte.is_ascii() {
                    out.push_str(escape.get(..=length).unwrap_or_default());
                } else {
                    if SPECIAL.contains(&byte) {
                        out.push('\\');
                    }
                    out.push(char::from(byte));
                }
                rest = behind.get(length..).unwrap_or_default();
            }
            None => {
                out.push('\\');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The byte that an escape names and how many bytes behind the backslash say so.
fn code(behind: &[u8]) -> Option<(u8, usize)> {
    let (&first, rest) = behind.split_first()?;
    let byte = match first {
        b'0'..=b'7' => return number(behind, 8, 3),
        b'd' => return number(rest, 10, 3).map(|(byte, length)| (byte, length + 1)),
        b'x' => return number(rest, 16, 2).map(|(byte, length)| (byte, length + 1)),
        b'\\' | b'"' => first,
        b'a' => 0x07,
        b'e' => 0x1b,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    };
    Some((byte, 1))
}

/// The digits at the beginning, as many as fit a byte.
fn number(text: &[u8], base: u32, most: usize) -> Option<(u8, usize)> {
    let mut value = 0u8;
    let mut length = 0;
    for &digit in text.iter().take(most) {
        let Some(digit) = char::from(digit).to_digit(base) else { break };
        let next = u32::from(value) * base + digit;
        let Ok(next) = u8::try_from(next) else { break };
        value = next;
        length += 1;
    }
    (length > 0).then_some((value, length))
}

#[cfg(test)]
mod tests {
    use super::unescape;

    fn check(raw: &str, expected: &str) {
        assert_eq!(unescape(raw), expected, "{raw}");
    }

    #[test]
    fn escapes_of_the_parser() {
        check(r"\1a", "\u{1}a");
        check(r"\18", "\u{1}8");
        check(r"\111", "I");
        check(r"\378", "\u{1f}8");
        check(r"123\421123", "123\"1123");
        check(r#""abc\042defg\176""#, "abc\"defg~");
        check(r#""a\\b""#, r"a\\b");
        check(r#""a\"b""#, "a\"b");
        check(r"/a\*b\052", r"/a\*b\*");
        check(r"\Uabc\N", r"\Uabc\N");
        check(r"a\000b\377", r"a\000b\377");
        check("\"", "");
        check("\\", "\\");
    }
}
