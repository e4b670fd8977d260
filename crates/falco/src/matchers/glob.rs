//! `glob` and `iglob`: the pattern of POSIX `fnmatch` without flags, as glibc reads it in the C locale.
//!
//! A star covers slashes and leading dots, a question mark stands for one byte, the whole string has to match.

/// What stands for one byte, or for any number of them.
#[derive(Clone, PartialEq, Debug)]
enum Token {
    Byte(u8),
    Any,
    Star,
    /// One bit for each byte that matches.
    Set(Box<[u64; 4]>),
    /// No string can match: the pattern ends in a lone backslash.
    Never,
}

/// A compiled pattern.
#[derive(Clone, PartialEq, Debug)]
pub struct Glob {
    tokens: Vec<Token>,
    fold: bool,
}

impl Glob {
    /// Compiles a pattern; every byte string is one. With `fold` letters of ASCII match in any case.
    pub fn new(pattern: &[u8], fold: bool) -> Self {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(byte) = pattern.get(at).copied() {
            at += 1;
            tokens.push(match byte {
                b'*' => {
                    if tokens.last() == Some(&Token::Star) {
                        continue;
                    }
                    Token::Star
                }
                b'?' => Token::Any,
                b'\\' => match pattern.get(at) {
                    Some(next) => {
                        at += 1;
                        Token::Byte(folded(*next, fold))
                    }
                    None => Token::Never,
                },
                b'[' => {
                    let (set, end) = bracket(pattern, at, fold);
                    at = end;
                    Token::Set(set)
                }
                other => Token::Byte(folded(other, fold)),
            });
        }
        Self { tokens, fold }
    }

    /// Whether the whole text matches. Takes time linear in the text for each token of the pattern.
    pub fn matches(&self, text: &[u8]) -> bool {
        let (mut token, mut at) = (0, 0);
        // Where to go on when what follows the last star does not fit: one byte more belongs to the star.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let fits = match (self.tokens.get(token), text.get(at)) {
                (None, None) => return true,
                (Some(Token::Set(set)), Some(byte)) => has(set, *byte),
                (Some(Token::Star), _) => {
                    token += 1;
                    retry = Some((token, at));
                    continue;
                }
                (Some(token), Some(byte)) => token.matches(folded(*byte, self.fold)),
                _ => false,
            };
            if fits {
                token += 1;
                at += 1;
                continue;
            }
            match retry {
                Some((after, from)) if from < text.len() => {
                    retry = Some((after, from + 1));
                    token = after;
                    at = from + 1;
                }
                _ => return false,
            }
        }
    }
}

impl Token {
    /// Whether a byte, already folded, matches.
    fn matches(&self, byte: u8) -> bool {
        match self {
            Self::Byte(one) => *one == byte,
            Self::Any => true,
            Self::Set(_) | Self::Star | Self::Never => false,
        }
    }
}

fn folded(byte: u8, fold: bool) -> u8 {
    if fold { byte.to_ascii_lowercase() } else { byte }
}

fn has(set: &[u64; 4], byte: u8) -> bool {
    set.get(usize::from(byte >> 6)).is_some_and(|word| word >> (byte & 63) & 1 == 1)
}

fn add(set: &mut [u64; 4], byte: u8) {
    if let Some(word) = set.get_mut(usize::from(byte >> 6)) {
        *word |= 1 << (byte & 63);
    }
}

/// Reads what follows an opening bracket: which bytes match, and where the pattern goes on.
///
/// Without a closing bracket the opening one stands for itself, but only to bytes that are not in the set before
/// the end was noticed; that is how glibc goes through it.
fn bracket(pattern: &[u8], start: usize, fold: bool) -> (Box<[u64; 4]>, usize) {
    // Classes are asked about the byte as it is, all else about the folded one.
    let (mut classes, mut set) = ([0; 4], Box::new([0; 4]));
    let mut at = start;
    let negated = matches!(pattern.get(at), Some(b'!' | b'^'));
    at += usize::from(negated);
    let mut first = true;
    loop {
        let Some(byte) = pattern.get(at).copied() else { return unterminated(&set, start) };
        at += 1;
        if byte == b']' && !first {
            break;
        }
        first = false;
        let low = match byte {
            b'\\' => {
                let Some(next) = pattern.get(at).copied() else { return (Box::new([0; 4]), pattern.len()) };
                at += 1;
                next
            }
            b'[' if pattern.get(at) == Some(&b':') => {
                if let Some((name, end)) = class_name(pattern, at + 1) {
                    // A class that does not exist lets the whole match fail.
                    let Some(class) = class(name) else { return (Box::new([0; 4]), pattern.len()) };
                    for byte in (0..=255).filter(class) {
                        add(&mut classes, byte);
                    }
                    at = end;
                    continue;
                }
                byte
            }
            b'[' => match symbol(pattern, at, b"=.") {
                Some((one, end)) => {
                    at = end;
                    one
                }
                None => byte,
            },
            other => other,
        };
        let low = folded(low, fold);
        let ranged = pattern.get(at) == Some(&b'-') && !matches!(pattern.get(at + 1), None | Some(b']'));
        if !ranged {
            add(&mut set, low);
            continue;
        }
        at += 1;
        let mut high = pattern.get(at).copied().unwrap_or_default();
        at += 1;
        if high == b'\\' {
            high = pattern.get(at).copied().unwrap_or_default();
            at += 1;
        } else if high == b'['
            && let Some((one, end)) = symbol(pattern, at, b".")
        {
            (high, at) = (one, end);
        }
        for byte in low..=folded(high, fold) {
            add(&mut set, byte);
        }
    }
    let mut matching = Box::new([0; 4]);
    for byte in (0..=255).filter(|byte| (has(&classes, *byte) || has(&set, folded(*byte, fold))) != negated) {
        add(&mut matching, byte);
    }
    (matching, at)
}

/// The character of `[=a=]` or `[.a.]`, whose opening bracket has been read, and where the pattern goes on.
fn symbol(pattern: &[u8], at: usize, marks: &[u8]) -> Option<(u8, usize)> {
    match pattern.get(at..at + 4)? {
        [mark, one, same, b']'] if mark == same && marks.contains(mark) => Some((*one, at + 4)),
        _ => None,
    }
}

/// The opening bracket as a plain byte, unless the set has it.
fn unterminated(set: &[u64; 4], start: usize) -> (Box<[u64; 4]>, usize) {
    let mut literal = Box::new([0; 4]);
    if !has(set, b'[') {
        add(&mut literal, b'[');
    }
    (literal, start)
}

/// The name of a class such as `alpha`, and where the pattern goes on behind its `:]`.
fn class_name(pattern: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let length = pattern.get(start..)?.iter().position(|byte| !byte.is_ascii_lowercase())?;
    let end = start + length;
    (pattern.get(end..end + 2)? == b":]").then(|| (pattern.get(start..end).unwrap_or_default(), end + 2))
}

/// A test of a byte.
type Class = fn(&u8) -> bool;

fn class(name: &[u8]) -> Option<Class> {
    Some(match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern, the texts that match and those that do not, one letter a line break.
    fn check(pattern: &str, matching: &[&str], others: &[&str]) {
        let glob = Glob::new(pattern.as_bytes(), false);
        for text in matching {
            assert!(glob.matches(text.as_bytes()), "{pattern} should match {text}");
        }
        for text in others {
            assert!(!glob.matches(text.as_bytes()), "{pattern} should not match {text}");
        }
    }

    #[test]
    fn stars_cover_everything() {
        check("/a/*", &["/a/", "/a/b/c", "/a/.b"], &["/a", "x/a/b"]);
        check("*", &["", "a/b"], &[]);
        check("*a*b", &["ab", "xaxbxb"], &["abx", "ba"]);
        check("?*", &["a", ".b"], &[""]);
        check("**a", &["a", "/x/a"], &["b"]);
    }

    #[test]
    fn brackets() {
        check("a[bB]", &["ab", "aB"], &["a", "ac", "abb"]);
        check("a[!b]", &["ac", "a/"], &["ab", "a"]);
        check("a[^b]", &["ac"], &["ab"]);
        check("[]a]", &["]", "a"], &["b"]);
        check("[a-c]x", &["ax", "cx"], &["dx", "-x"]);
        check("[a-]", &["a", "-"], &["b"]);
        check("[[:digit:]x]", &["3", "x"], &["a", ":"]);
        check("[\\]]", &["]"], &["\\"]);
        check("[a", &["[a"], &["a"]);
        check("[[.a.]]", &["a"], &["."]);
        check("[c-a]", &[], &["a", "b", "c"]);
    }

    #[test]
    fn backslashes_escape() {
        check("a\\*b", &["a*b"], &["axb", "a\\*b"]);
        check("a\\\\b", &["a\\b"], &["ab"]);
        check("a\\", &[], &["a", "a\\"]);
    }

    #[test]
    fn folding_is_of_ascii_only() {
        let glob = Glob::new("AbÉ*[A-C]".as_bytes(), true);
        assert!(glob.matches("aBÉxb".as_bytes()));
        assert!(!glob.matches("aBéxb".as_bytes()));
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let glob = Glob::new("*a".repeat(100).as_bytes(), false);
        let text = vec![b'a'; 20_000];
        assert!(glob.matches(&text));
        let glob = Glob::new(format!("{}b", "*a".repeat(100)).as_bytes(), false);
        assert!(!glob.matches(&text));
    }
}
