//! Decoding of base 64, as `b64()` does it.

/// The bytes that a text stands for; `None` when it is not base 64. Padding may be missing, but what is left over in the
/// last letter is not looked at.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_suffix(b"=").map_or(text, |text| text.strip_suffix(b"=").unwrap_or(text));
    if text.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.chunks(4) {
        let mut bits = 0u32;
        for place in 0..4 {
            bits = bits << 6 | group.get(place).map_or(Some(0), |byte| digit(*byte))?;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        out.extend([first, second, third].into_iter().take(group.len() - 1));
    }
    Some(out)
}

fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes() {
        let decoded = |text: &str| decode(text.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(decoded("aGVsbG8=").as_deref(), Some("hello"));
        assert_eq!(decoded("aGk").as_deref(), Some("hi"));
        assert_eq!(decoded("").as_deref(), Some(""));
        assert_eq!(decoded("YWFhLWJiYg==").as_deref(), Some("aaa-bbb"));
        for wrong in ["!!!", "a", "aGVs bG8", "a=b="] {
            assert_eq!(decode(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
