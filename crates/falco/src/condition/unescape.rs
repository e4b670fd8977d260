//! Escapes in quoted constants, and quoting of constants when a condition is printed.

/// The bytes that the inside of a quoted constant stands for. Errors are the engine's messages.
pub(super) fn unescape(inside: &[u8], quote: u8) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(inside.len());
    let mut rest = inside.iter();
    while let Some(&byte) = rest.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        // A backslash that nothing follows is dropped.
        let Some(&escape) = rest.next() else { break };
        out.push(match escape {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            // An old published rule escapes a blank; it gives the backslash alone.
            b' ' | b'\\' => b'\\',
            b'/' => b'/',
            b'"' | b'\'' if escape == quote => escape,
            b'"' => return Err("invalid \\\" escape in '-quoted string".to_owned()),
            b'\'' => return Err("invalid \\' escape in \"-quoted string".to_owned()),
            b'x' => {
                let (Some(&high), Some(&low)) = (rest.next(), rest.next()) else {
                    return Err("truncated hex char escape sequence".to_owned());
                };
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let value = digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
                value.ok_or("invalid hex char escape sequence")?
            }
            other => {
                let mut message = b"unsupported string escape sequence: \\".to_vec();
                message.push(other);
                return Err(String::from_utf8_lossy(&message).into_owned());
            }
        });
    }
    Ok(out)
}

/// A constant as the engine prints it: in double quotes only when a byte in it asks for them, so that an empty constant
/// or one with parentheses does not read back.
pub(super) fn escape(bytes: &[u8], out: &mut String) {
    let text = String::from_utf8_lossy(bytes);
    let quotes = text.contains([' ', '\x08', '\x0c', '\n', '\r', '\t', '\\', '"', '\'']);
    if !quotes {
        out.push_str(&text);
        return;
    }
    out.push('"');
    for character in text.chars() {
        match character {
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(inside: &str, quote: u8, expected: Result<&[u8], &str>) {
        let expected = expected.map(<[u8]>::to_vec).map_err(str::to_owned);
        assert_eq!(unescape(inside.as_bytes(), quote), expected, "{inside}");
    }

    #[test]
    fn escapes_stand_for_bytes() {
        check(r"a\b\f\n\r\t\/\\z", b'"', Ok(b"a\x08\x0c\n\r\t/\\z"));
        check(r"\x41\xfF", b'"', Ok(b"A\xff"));
        check(r"\ x", b'"', Ok(b"\\x"));
        check(r#"\""#, b'"', Ok(b"\""));
        check(r"\'", b'"', Err("invalid \\' escape in \"-quoted string"));
        check(r#"\""#, b'\'', Err("invalid \\\" escape in '-quoted string"));
        check(r"\q", b'"', Err("unsupported string escape sequence: \\q"));
        check(r"\x4", b'"', Err("truncated hex char escape sequence"));
    }

    #[test]
    fn constants_print_with_quotes_when_they_must() {
        for (bytes, expected) in
            [("", ""), ("a(b)", "a(b)"), ("a b", "\"a b\""), ("it's", "\"it's\""), ("a\"\\\n", "\"a\\\"\\\\\\n\"")]
        {
            let mut out = String::new();
            escape(bytes.as_bytes(), &mut out);
            assert_eq!(out, expected);
        }
    }
}
