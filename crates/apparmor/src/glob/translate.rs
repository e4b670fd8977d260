//! From the pattern language of profiles to the regular expressions that the policy compiler builds automata from.
//!
//! The step between is kept because its seams show: a `*` inside `[…]` is rewritten like any other, so that `[a*]` means
//! something else than it seems to, and whether `*` may match nothing depends on the last byte written before it.

use std::borrow::Cow;

use super::GlobError;

/// How deep `{…}` may nest before the compiler refuses it.
const MAX_DEPTH: usize = 50;

/// What a pattern is a pattern of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wildcards {
    /// Paths and names: no wildcard matches a NUL byte.
    Text,
    /// Addresses of abstract sockets, which may hold NUL bytes.
    Bytes,
}

/// The pattern with runs of slashes made one, as paths are compared. Two slashes at the very start name another root
/// on Linux and stay.
pub fn collapse_slashes(pattern: &[u8]) -> Cow<'_, [u8]> {
    if !pattern.windows(2).any(|pair| pair == b"//") {
        return Cow::Borrowed(pattern);
    }
    let kept = match pattern {
        [b'/', b'/', rest @ ..] if rest.first() != Some(&b'/') => 2,
        _ => 0,
    };
    let mut out = Vec::with_capacity(pattern.len());
    for (place, byte) in pattern.iter().enumerate() {
        if place < kept || *byte != b'/' || place == kept || out.last() != Some(&b'/') {
            out.push(*byte);
        }
    }
    Cow::Owned(out)
}

fn stands_for_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'@' | b':' | b'%' | b'~' | b'=' | b' ')
}

/// Whether a pattern matches itself alone: nothing in it means anything else than what it is.
pub(super) fn is_plain(pattern: &[u8]) -> bool {
    !pattern.iter().any(|byte| matches!(byte, b'\\' | b'*' | b'?' | b'[' | b']' | b'{' | b'}'))
}

/// The regular expression for a pattern.
pub(super) fn translate(pattern: &[u8], wildcards: Wildcards) -> Result<Vec<u8>, GlobError> {
    let mut out = Vec::with_capacity(pattern.len() + 16);
    let mut groups: Vec<Group> = Vec::new();
    let mut class = None;
    let mut place = 0;
    while let Some(byte) = pattern.get(place) {
        let start = place;
        // Most of a pattern stands for itself, and is taken over as it is.
        let plain = pattern.iter().skip(start).take_while(|&&byte| stands_for_itself(byte)).count();
        if plain > 0 {
            place += plain;
            out.extend_from_slice(pattern.get(start..place).unwrap_or_default());
            continue;
        }
        let escaped = *byte == b'\\';
        if escaped {
            place += 1;
        }
        let Some(byte) = pattern.get(place).copied() else { return Err(GlobError::TrailingBackslash { at: start }) };
        place += 1;
        if escaped {
            place += push_escaped(&mut out, pattern, place - 1, byte, class.is_some());
            continue;
        }
        match byte {
            b'*' => {
                let stars = pattern.iter().skip(start).take_while(|b| **b == b'*').count();
                let after = pattern.get(start + stars);
                // A component is never empty, so a wildcard that makes up a whole one has to match something.
                if out.last() == Some(&b'/') && matches!(after, None | Some(b'/')) {
                    out.extend(one_of_a_name(wildcards));
                }
                if stars > 1 {
                    place += 1;
                    out.extend(match wildcards {
                        Wildcards::Text => &b"[^\\x00]*"[..],
                        Wildcards::Bytes => b".*",
                    });
                } else {
                    out.extend(one_of_a_name(wildcards));
                    out.push(b'*');
                }
            }
            b'?' => out.extend(one_of_a_name(wildcards)),
            b'[' => {
                class = Some(start);
                out.push(byte);
            }
            b']' => {
                if class.take().is_none() {
                    return Err(GlobError::UnexpectedBracket { at: start });
                }
                out.push(byte);
            }
            b'{' | b'}' | b',' | b'^' | b'$' if class.is_some() => out.push(byte),
            b'{' => {
                if groups.len() + 1 >= MAX_DEPTH {
                    return Err(GlobError::NestedTooDeep { at: start });
                }
                groups.push(Group { at: start, commas: 0 });
                out.push(b'(');
            }
            b'}' => {
                match groups.pop() {
                    None => return Err(GlobError::UnexpectedBrace { at: start }),
                    Some(group) if group.commas == 0 => return Err(GlobError::LoneAlternative { at: group.at }),
                    Some(_) => {}
                }
                out.push(b')');
            }
            b',' => match groups.last_mut() {
                Some(group) => {
                    group.commas += 1;
                    out.push(b'|');
                }
                None => out.push(byte),
            },
            b'^' | b'$' | b'.' | b'+' | b'|' | b'(' | b')' => out.extend([b'\\', byte]),
            _ => out.push(byte),
        }
    }
    if let Some(at) = class {
        return Err(GlobError::UnclosedClass { at });
    }
    match groups.last() {
        Some(group) => Err(GlobError::UnclosedGroup { at: group.at }),
        None => Ok(out),
    }
}

struct Group {
    at: usize,
    commas: usize,
}

fn one_of_a_name(wildcards: Wildcards) -> &'static [u8] {
    match wildcards {
        Wildcards::Text => b"[^/\\x00]",
        Wildcards::Bytes => b"[^/]",
    }
}

/// Writes the byte at `place`, which a backslash stands before; how many bytes more than one belong to the escape.
fn push_escaped(out: &mut Vec<u8>, pattern: &[u8], place: usize, byte: u8, in_class: bool) -> usize {
    match byte {
        b'\\' | b'*' | b'[' | b']' | b'{' | b'}' | b'.' | b'+' | b'|' | b'(' | b')' => out.extend([b'\\', byte]),
        b'^' | b'$' if !in_class => out.extend([b'\\', byte]),
        b',' if in_class => out.extend([b'\\', byte]),
        b'?' | b',' | b'^' | b'$' => out.push(byte),
        _ => {
            let rest = pattern.get(place..).unwrap_or_default();
            // Codes are left for the reader of regular expressions; a backslash before anything else is dropped.
            match escape_code(rest) {
                Some((_, length)) => {
                    out.push(b'\\');
                    out.extend(rest.iter().take(length));
                    return length.saturating_sub(1);
                }
                None => out.push(byte),
            }
        }
    }
    0
}

/// The byte that the code after a backslash stands for, and the length of the code: `101`, `x41`, `d065`, `n`.
pub(super) fn escape_code(text: &[u8]) -> Option<(u8, usize)> {
    let (first, rest) = text.split_first()?;
    let digits = |base: u32, from: &[u8], most: usize| {
        let mut value = 0u32;
        let mut count = 0;
        for byte in from.iter().take(most) {
            let Some(digit) = char::from(*byte).to_digit(base) else { break };
            if value * base + digit > 255 {
                break;
            }
            value = value * base + digit;
            count += 1;
        }
        (count > 0).then(|| (u8::try_from(value).unwrap_or(u8::MAX), count))
    };
    match first {
        b'0'..=b'3' => digits(8, text, 3),
        b'd' => digits(10, rest, 3).map(|(value, count)| (value, count + 1)),
        b'x' => digits(16, rest, 2).map(|(value, count)| (value, count + 1)),
        b'a' => Some((7, 1)),
        b'e' => Some((27, 1)),
        b'f' => Some((12, 1)),
        b'n' => Some((b'\n', 1)),
        b'r' => Some((b'\r', 1)),
        b't' => Some((b'\t', 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: Result<&str, GlobError>) {
        let pattern = collapse_slashes(pattern.as_bytes());
        let found = translate(&pattern, Wildcards::Text).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(found, expected.map(str::to_owned));
    }

    #[test]
    fn a_wildcard_alone_between_slashes_needs_a_character() {
        check("/a/*", Ok(r"/a/[^/\x00][^/\x00]*"));
        check("/a/**", Ok(r"/a/[^/\x00][^\x00]*"));
        check("/a/***", Ok(r"/a/[^/\x00][^\x00]*[^/\x00]*"));
        check("/a/*/**", Ok(r"/a/[^/\x00][^/\x00]*/[^/\x00][^\x00]*"));
        check("/a/*b", Ok(r"/a/[^/\x00]*b"));
        check("/a/{*,b}", Ok(r"/a/([^/\x00]*|b)"));
        check("/{**,}", Ok(r"/([^\x00]*|)"));
        check("/x/*//y", Ok(r"/x/[^/\x00][^/\x00]*/y"));
    }

    #[test]
    fn classes_are_rewritten_inside_too() {
        check("/x[a*]", Ok(r"/x[a[^/\x00]*]"));
        check("/x[?]", Ok(r"/x[[^/\x00]]"));
        check("/x[{a},]", Ok(r"/x[{a},]"));
        check("/x[a.b]", Ok(r"/x[a\.b]"));
        check("/x[^^a]", Ok(r"/x[^^a]"));
    }

    #[test]
    fn escapes() {
        check(r"/x\*\?\,", Ok(r"/x\*?,"));
        check(r"/x\\y", Ok(r"/x\\y"));
        check(r"/x\y", Ok("/xy"));
        check(r"/x\x41", Ok(r"/x\x41"));
        check(r"/x\", Err(GlobError::TrailingBackslash { at: 2 }));
    }

    #[test]
    fn slashes_collapse_but_not_two_at_the_start() {
        check("///a//b/", Ok("/a/b/"));
        check("//a//b", Ok("//a/b"));
        check("//", Ok("//"));
        check("/", Ok("/"));
    }

    #[test]
    fn what_the_compiler_refuses() {
        check("/x{a}", Err(GlobError::LoneAlternative { at: 2 }));
        check("/x{}", Err(GlobError::LoneAlternative { at: 2 }));
        check("/x{a,b", Err(GlobError::UnclosedGroup { at: 2 }));
        check("/x[a", Err(GlobError::UnclosedClass { at: 2 }));
        check("/x]", Err(GlobError::UnexpectedBracket { at: 2 }));
        check("/x}", Err(GlobError::UnexpectedBrace { at: 2 }));
        check(&format!("/{}", "{a,".repeat(50)), Err(GlobError::NestedTooDeep { at: 148 }));
    }
}
