//! How far each kind of token reaches from where the lexer stands. All of them read bytes and stop at ASCII, so that a
//! token never ends inside of a character.

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

fn run(rest: &[u8], member: impl Fn(u8) -> bool) -> usize {
    rest.iter().take_while(|&&b| member(b)).count()
}

fn from(rest: &[u8], at: usize) -> &[u8] {
    rest.get(at..).unwrap_or_default()
}

/// Blanks, not line ends.
pub(super) fn blanks(rest: &[u8]) -> usize {
    run(rest, |b| matches!(b, b' ' | b'\t'))
}

pub(super) fn newline(rest: &[u8]) -> usize {
    match rest {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

/// A comment with its line end; without one it is none.
pub(super) fn comment(rest: &[u8]) -> usize {
    if rest.first() != Some(&b'#') {
        return 0;
    }
    rest.iter().position(|&b| b == b'\n').map_or(0, |end| end + 1)
}

/// The length of a word that is there. It is known when compiling, which makes the comparison one of numbers.
pub(super) fn exact<const N: usize>(rest: &[u8], word: &[u8; N]) -> Option<usize> {
    (rest.first_chunk() == Some(word)).then_some(N)
}

/// The length of one of several words.
pub(super) fn begins(rest: &[u8], word: &[u8]) -> Option<usize> {
    (rest.first() == word.first() && rest.starts_with(word)).then_some(word.len())
}

pub(super) fn digits(rest: &[u8]) -> usize {
    run(rest, |b| b.is_ascii_digit())
}

pub(super) fn integer(rest: &[u8]) -> Option<usize> {
    let sign = usize::from(matches!(rest.first(), Some(b'+' | b'-')));
    let digits = digits(from(rest, sign));
    (digits > 0).then_some(sign + digits)
}

pub(super) fn keyword(rest: &[u8]) -> usize {
    run(rest, |b| b.is_ascii_alphabetic() || b == b'_')
}

/// A letter, then letters, digits and underscores.
pub(super) fn variable_name(rest: &[u8]) -> usize {
    if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return 0;
    }
    run(rest, |b| b.is_ascii_alphanumeric() || b == b'_')
}

fn variable(rest: &[u8], sign: u8) -> Option<(usize, bool)> {
    if rest.first() != Some(&sign) {
        return None;
    }
    let braced = rest.get(1) == Some(&b'{');
    let name = variable_name(from(rest, 1 + usize::from(braced)));
    let length = 1 + name + 2 * usize::from(braced);
    let closed = !braced || rest.get(length - 1) == Some(&b'}');
    (name > 0 && closed).then_some((length, braced))
}

/// `@{X}` or `@X`
pub(super) fn set_variable(rest: &[u8]) -> Option<usize> {
    variable(rest, b'@').map(|(length, _)| length)
}

/// `${x}` or `$x`
pub(super) fn boolean_variable(rest: &[u8]) -> Option<usize> {
    variable(rest, b'$').map(|(length, _)| length)
}

/// How many bytes up to and with `sign` stand behind a word, when only blanks are between them.
pub(super) fn before(rest: &[u8], word: usize, sign: &[u8]) -> Option<usize> {
    let blanks = blanks(from(rest, word));
    (word > 0 && from(rest, word + blanks).starts_with(sign)).then_some(blanks + sign.len())
}

/// As [`before`], for any sign of assignment.
pub(super) fn before_assignment(rest: &[u8], word: usize) -> Option<usize> {
    if word == 0 {
        return None;
    }
    [&b"="[..], b"+=", b"?=", b":="].iter().find_map(|sign| before(rest, word, sign))
}

/// As [`before`], for ` in (`.
pub(super) fn before_list(rest: &[u8], word: usize) -> Option<usize> {
    let first = blanks(from(rest, word));
    let second = before(from(rest, word + first), 2, b"(").filter(|_| from(rest, word + first).starts_with(b"in"));
    match second {
        Some(second) if word > 0 && first > 0 => Some(first + 2 + second),
        _ => None,
    }
}

/// The length of `include if exists`, when a blank stands behind it.
pub(super) fn if_exists(rest: &[u8], word: usize) -> Option<usize> {
    let mut at = word;
    for part in [&b"if"[..], b"exists"] {
        let blanks = blanks(from(rest, at));
        if blanks == 0 || !from(rest, at + blanks).starts_with(part) {
            return None;
        }
        at += blanks + part.len();
    }
    (blanks(from(rest, at)) > 0).then_some(at)
}

/// Members of a class, and a backslash with one of `escaped` behind it as a pair.
fn escaped_run(rest: &[u8], member: impl Fn(u8) -> bool, escaped: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match from(rest, at) {
            [b'\\', next, ..] if escaped.contains(next) => at += 2,
            [byte, ..] if member(*byte) => at += 1,
            _ => return at,
        }
    }
}

fn is_id(byte: u8) -> bool {
    !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'!' | b',')
}

/// What a name goes on with. A comma belongs to it when another character of a name follows.
fn ids(rest: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match from(rest, at) {
            [b'\\', b' ' | b'\t' | b'"' | b'!' | b',', ..] => at += 2,
            [b',', next, ..] if is_id(*next) => at += 2,
            [byte, ..] if is_id(*byte) => at += 1,
            _ => return at,
        }
    }
}

pub(super) fn ids_or_quoted(rest: &[u8]) -> Option<usize> {
    if rest.first() == Some(&b'"') {
        return quoted(rest, true);
    }
    Some(ids(rest))
}

pub(super) fn identity(rest: &[u8]) -> Option<usize> {
    Some(run(rest, |b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'!' | b',' | b'{' | b'}' | b'\\' | b'=')))
}

/// A string in quotes. A backslash before a quote keeps the string open, unless no other quote closes it.
pub(super) fn quoted(rest: &[u8], may_be_empty: bool) -> Option<usize> {
    if rest.first() != Some(&b'"') {
        return None;
    }
    let mut last = None;
    let mut before = b'"';
    for (at, &byte) in rest.iter().enumerate().skip(1) {
        if byte == 0 {
            break;
        }
        if byte == b'"' && (at > 1 || may_be_empty) {
            last = Some(at + 1);
        }
        if byte == b'"' && before != b'\\' {
            break;
        }
        before = byte;
    }
    last
}

/// A string in quotes that begins as a path, a variable, a namespace or a stack.
pub(super) fn quoted_label(rest: &[u8]) -> Option<usize> {
    matches!(rest.get(1), Some(b'/' | b'@' | b':' | b'&')).then(|| quoted(rest, true)).flatten()
}

/// A path, a namespace, a stack, or a variable with something behind it.
pub(super) fn label(rest: &[u8]) -> Option<usize> {
    let head = match rest {
        [b'/' | b'&', ..] => 1,
        [b':', next, ..] if *next != b'=' => 2,
        [b'@', ..] => {
            let (length, braced) = variable(rest, b'@')?;
            // Without braces the last letter of the name counts as what stands behind it.
            let long_name = !braced && length > 2;
            let goes_on = match from(rest, length) {
                [b'\\', _, ..] => true,
                [b',', next, ..] => is_behind_variable(*next),
                [byte, b'?', ..] if !matches!(byte, b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b'+') => true,
                [byte, ..] => is_behind_variable(*byte),
                [] => false,
            };
            if !long_name && !goes_on {
                return None;
            }
            length
        }
        _ => return None,
    };
    Some(head + ids(from(rest, head)))
}

fn is_behind_variable(byte: u8) -> bool {
    !matches!(byte, b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b'+' | b'?')
}

pub(super) fn list_value(rest: &[u8]) -> Option<usize> {
    let member = |b| !matches!(b, b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'(' | b')');
    Some(escaped_run(rest, member, b" \t\"!,()"))
}

/// A key inside of `peer=(…)`.
pub(super) fn key(rest: &[u8]) -> usize {
    run(rest, |b| !matches!(b, b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b')'))
}

/// A name in a rule of a class, which ends before `=` and `)`.
pub(super) fn operand(rest: &[u8]) -> Option<usize> {
    let member = |b: u8| !matches!(b, b' ' | b'\t' | b'\n' | b'"' | b'!' | b',' | b'=' | b')');
    let first = *rest.first()?;
    if !member(first) || matches!(first, b'(' | b'+' | b'&') {
        return None;
    }
    let mut at = 1;
    loop {
        match from(rest, at) {
            [b',', next, ..] if member(*next) => at += 2,
            [byte, ..] if member(*byte) => at += 1,
            _ => return Some(at),
        }
    }
}

/// `<path>`, `<"path">`, `"path"` or a bare path.
pub(super) fn include_path(rest: &[u8]) -> Option<usize> {
    if rest.first() == Some(&b'"') {
        return quoted(rest, true);
    }
    if rest.first() == Some(&b'<') {
        let behind = from(rest, 1);
        let inside = if behind.first() == Some(&b'"') {
            quoted(behind, true)?
        } else {
            run(behind, |b| !matches!(b, b'"' | b'>' | b'\t' | b'\r' | b'\n'))
        };
        return (inside > 0 && behind.get(inside) == Some(&b'>')).then_some(inside + 2);
    }
    let member = |b| is_id(b) && !matches!(b, b'<' | b'>');
    let mut at = 0;
    loop {
        match from(rest, at) {
            [b'\\', b' ' | b'\t' | b'"' | b'!' | b',', ..] => at += 2,
            [b',', next, ..] if member(*next) => at += 2,
            [byte, ..] if member(*byte) => at += 1,
            _ => return Some(at),
        }
    }
}

/// Letters of permissions.
pub(super) fn modes(rest: &[u8]) -> usize {
    let is_x = |byte: Option<&u8>| matches!(byte, Some(b'x' | b'X'));
    let mut at = 0;
    loop {
        let ahead = from(rest, at);
        let start = match ahead.first() {
            Some(b'p' | b'P' | b'c' | b'C') => 1,
            Some(b'i' | b'I' | b'u' | b'U') => 0,
            Some(b'r' | b'R' | b'w' | b'W' | b'a' | b'L' | b'l' | b'M' | b'm' | b'k' | b'X' | b'x') => {
                at += 1;
                continue;
            }
            _ => return at,
        };
        let inner = usize::from(matches!(ahead.get(start), Some(b'i' | b'I' | b'u' | b'U')));
        if start + inner == 0 || !is_x(ahead.get(start + inner)) {
            return at;
        }
        at += start + inner + 1;
    }
}
