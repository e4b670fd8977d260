//! Patterns of paths and names, as apparmor_parser compiles them.
//!
//! A [`Glob`] is an automaton over bytes. It answers whether a path matches, and together with others which paths both
//! match, which only one of them does, and gives an example of each: see [`overlap`] and [`uncovered`].

mod bytes;
mod nfa;
mod regex;
mod search;
mod translate;

use nfa::{Builder, Nfa, Piece, Rest, Run};
use translate::Wildcards;

pub use search::{Answer, Effort, Universe, overlap, uncovered, witness};
pub use translate::collapse_slashes;

/// Why a pattern is none; the compiler refuses the profile. Places count bytes of the pattern, after slashes are
/// collapsed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GlobError {
    /// A backslash with nothing behind it.
    TrailingBackslash {
        /// The backslash.
        at: usize,
    },
    /// `]` without `[`.
    UnexpectedBracket {
        /// The bracket.
        at: usize,
    },
    /// `}` without `{`.
    UnexpectedBrace {
        /// The brace.
        at: usize,
    },
    /// `{}` or `{a}`: a group needs two branches, of which one may be empty.
    LoneAlternative {
        /// The opening brace.
        at: usize,
    },
    /// `[` that is never closed.
    UnclosedClass {
        /// The bracket.
        at: usize,
    },
    /// `{` that is never closed.
    UnclosedGroup {
        /// The brace.
        at: usize,
    },
    /// Braces within braces, fifty deep.
    NestedTooDeep {
        /// The brace too many.
        at: usize,
    },
    /// A class that is no class: empty, or with a `-` where no range can be.
    BadClass,
    /// More states than we care to follow. The compiler may well accept it; we do not know what it matches.
    TooLarge,
}

impl GlobError {
    /// What is wrong, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::TrailingBackslash { .. } => "the pattern ends in a backslash with nothing to escape",
            Self::UnexpectedBracket { .. } => "`]` closes a class that was never opened",
            Self::UnexpectedBrace { .. } => "`}` closes a group that was never opened",
            Self::LoneAlternative { .. } => "a group `{…}` needs at least two branches, separated by a comma",
            Self::UnclosedClass { .. } => "the class `[` is never closed",
            Self::UnclosedGroup { .. } => "the group `{` is never closed",
            Self::NestedTooDeep { .. } => "groups `{…}` are nested more than 49 deep",
            Self::BadClass => "the class `[…]` is empty, or has a `-` where no range can be",
            Self::TooLarge => "the pattern is too large to be analysed",
        }
    }

    /// The byte of the pattern that is meant, when there is one.
    pub fn at(self) -> Option<usize> {
        match self {
            Self::TrailingBackslash { at }
            | Self::UnexpectedBracket { at }
            | Self::UnexpectedBrace { at }
            | Self::LoneAlternative { at }
            | Self::UnclosedClass { at }
            | Self::UnclosedGroup { at }
            | Self::NestedTooDeep { at } => Some(at),
            Self::BadClass | Self::TooLarge => None,
        }
    }

    /// Whether the compiler refuses such a pattern, as opposed to us alone.
    pub fn refused(self) -> bool {
        self != Self::TooLarge
    }
}

/// A part of the text that a rule is matched against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part<'p> {
    /// A pattern in which no wildcard matches a NUL byte.
    Pattern(&'p [u8]),
    /// A pattern of an abstract socket's address, in which wildcards match NUL bytes.
    Address(&'p [u8]),
    /// Just these bytes.
    Bytes(&'p [u8]),
    /// Any bytes but NUL, or none.
    Any,
    /// Any bytes, or none.
    AnyBytes,
    /// One byte, whichever.
    One,
    /// That byte, or nothing.
    Optional(u8),
    /// The NUL byte between two fields.
    End,
    /// One of these patterns.
    OneOf(&'p [&'p [u8]]),
    /// A path below the root, for the target of a link that names none.
    LinkTarget,
}

impl<'p> Part<'p> {
    /// The patterns of which the part is one, and what their wildcards match.
    fn expressions(&self) -> (&[&'p [u8]], Wildcards) {
        match self {
            Self::OneOf(patterns) => (patterns, Wildcards::Text),
            Self::Pattern(pattern) => (std::slice::from_ref(pattern), Wildcards::Text),
            Self::Address(pattern) => (std::slice::from_ref(pattern), Wildcards::Bytes),
            _ => (&[], Wildcards::Text),
        }
    }
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Glob {
    nfa: Nfa,
    exact: bool,
    /// What every match starts with.
    prefix: Vec<u8>,
    /// What stands somewhere in every match, behind the prefix; empty when nothing is known.
    inside: Vec<u8>,
    rest: Rest,
}

impl Glob {
    /// A pattern of paths. Runs of slashes count as one.
    pub fn path(pattern: &[u8]) -> Result<Self, GlobError> {
        Self::of_parts(&[Part::Pattern(&translate::collapse_slashes(pattern))])
    }

    /// A pattern of anything that is no path: names of profiles, of file system types, …
    pub fn name(pattern: &[u8]) -> Result<Self, GlobError> {
        Self::of_parts(&[Part::Pattern(pattern)])
    }

    /// Whether the compiler takes the parts, which is sooner known than what they match.
    pub fn check(parts: &[Part<'_>]) -> Result<(), GlobError> {
        for part in parts {
            let (expressions, wildcards) = part.expressions();
            for expression in expressions {
                // Only what has to be closed, or followed by something, can be wrong.
                if translate::is_plain(expression) {
                    continue;
                }
                let regex = translate::translate(expression, wildcards)?;
                // What translation lets pass can only be wrong inside of a class.
                if expression.contains(&b'[') {
                    regex::check(&regex)?;
                }
            }
        }
        Ok(())
    }

    /// Several parts one after the other, as one pattern.
    pub fn of_parts(parts: &[Part<'_>]) -> Result<Self, GlobError> {
        let (builder, whole, exact) = assemble(parts)?;
        let inside = builder.inside(whole);
        let nfa = builder.finish(whole)?;
        let (prefix, rest) = nfa.prefix();
        Ok(Self { nfa, exact, prefix, inside, rest })
    }

    /// Whether the whole text matches. For one question after the other a [`Matcher`] is quicker.
    pub fn matches(&self, text: &[u8]) -> bool {
        Matcher::default().matches(self, text)
    }

    /// Whether nothing but alternatives of plain text and classes was written. Among exec rules on the same path the
    /// compiler lets these win over the others.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// The one text that matches, when there is only one and the pattern is written without alternatives.
    pub fn as_literal(&self) -> Option<&[u8]> {
        matches!(self.rest, Rest::Nothing).then_some(self.prefix.as_slice())
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let states = size_of_val(self.nfa.states.as_slice()) + size_of_val(self.nfa.sets.as_slice());
        size_of::<Self>() + states + self.prefix.len() + self.inside.len()
    }

    /// What every match starts with; may be empty.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// A few texts that match, as different from each other as is easily had; some may be the same. Where another pattern
    /// misses one of them it cannot cover this one, which saves looking closer.
    pub fn samples(&self, universe: Universe) -> impl Iterator<Item = Vec<u8>> + '_ {
        let (ways, open) = match self.rest {
            Rest::Nothing => (&[][..], None),
            Rest::Open(state) => (&[(0, false), (1, true), (3, false)][..], Some(state)),
        };
        let only = open.is_none().then(|| self.prefix.clone());
        let several =
            ways.iter().filter_map(move |(rounds, last)| self.nfa.sample((&self.prefix, open?), *rounds, *last));
        only.into_iter().chain(several).filter(move |sample| universe.holds(sample))
    }

    /// Matches text bit by bit.
    pub fn walk(&self) -> Walk<'_> {
        let mut run = Run::default();
        run.start(&self.nfa, self.nfa.start);
        Walk { nfa: &self.nfa, run }
    }
}

/// The automaton of the parts before its end is set, and whether it is exact.
fn assemble(parts: &[Part<'_>]) -> Result<(Builder, Piece, bool), GlobError> {
    let lengths = parts.iter().map(|part| match part {
        Part::Bytes(bytes) => bytes.len(),
        _ => part.expressions().0.iter().map(|expression| expression.len()).sum(),
    });
    let mut builder = Builder::for_length(lengths.sum());
    let mut whole = builder.nothing()?;
    let mut exact = true;
    for part in parts {
        let (expressions, wildcards) = part.expressions();
        let mut branches = Vec::with_capacity(expressions.len());
        for expression in expressions {
            let (piece, is_exact) = if translate::is_plain(expression) {
                (builder.bytes(expression)?, true)
            } else {
                regex::build(&translate::translate(expression, wildcards)?, &mut builder)?
            };
            exact &= is_exact;
            branches.push(piece);
        }
        let fixed: &[u8] = match part {
            Part::Any => b"[^\\x00]*",
            Part::AnyBytes => b".*",
            Part::One => b".",
            Part::End => b"\\x00",
            Part::LinkTarget => b"/[^/].*",
            _ => b"",
        };
        if !fixed.is_empty() {
            let (piece, is_exact) = regex::build(fixed, &mut builder)?;
            exact &= is_exact;
            branches.push(piece);
        }
        match part {
            Part::Bytes(bytes) => {
                let piece = builder.bytes(bytes)?;
                whole = builder.then(whole, piece);
            }
            Part::Optional(byte) => {
                branches.push(builder.byte(*byte)?);
                branches.push(builder.nothing()?);
            }
            _ => {}
        }
        if !branches.is_empty() {
            let piece = builder.either(&branches)?;
            whole = builder.then(whole, piece);
        }
    }
    Ok((builder, whole, exact))
}

/// Matches any number of texts against any patterns, in memory that is taken once.
#[derive(Clone, Default, Debug)]
pub struct Matcher(Run);

impl Matcher {
    /// Whether the pattern matches the whole text.
    pub fn matches(&mut self, glob: &Glob, text: &[u8]) -> bool {
        let Rest::Open(state) = glob.rest else { return text == glob.prefix };
        let Some(rest) = text.strip_prefix(glob.prefix.as_slice()) else { return false };
        // Most texts that do not match lack a part that each match has, which is seen without following the automaton.
        has(rest, &glob.inside) && self.0.matches(&glob.nfa, state, rest)
    }

    /// The same, with what it takes taken from `effort`.
    pub fn matches_within(&mut self, glob: &Glob, text: &[u8], effort: &mut Effort) -> bool {
        let matches = self.matches(glob, text);
        effort.take(self.0.take_entered());
        matches
    }
}

/// Whether the part stands somewhere in the text.
fn has(text: &[u8], part: &[u8]) -> bool {
    // Slashes are many, so the place is looked for by the byte behind one.
    let lead = usize::from(part.first() == Some(&b'/') && part.len() > 1);
    let Some(sign) = part.get(lead) else { return true };
    let Some(last) = text.len().checked_sub(part.len()) else { return false };
    let signs = text.iter().skip(lead).take(last + 1).enumerate().filter(|(_, byte)| *byte == sign);
    let mut places = signs.filter_map(|(at, _)| text.get(at..at + part.len()));
    places.any(|place| place == part)
}

/// A match under way, for questions that go on depending on what was found so far.
#[derive(Clone, Debug)]
pub struct Walk<'g> {
    nfa: &'g Nfa,
    run: Run,
}

impl Walk<'_> {
    /// Reads more of the text; whether anything can still match.
    pub fn read(&mut self, text: &[u8]) -> bool {
        text.iter().all(|byte| self.run.step(self.nfa, *byte))
    }

    /// Whether what was read so far matches as a whole.
    pub fn accepts(&self) -> bool {
        self.run.accepts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, matching: &[&str], others: &[&str]) {
        let glob = Glob::path(pattern.as_bytes()).unwrap();
        for path in matching {
            assert!(glob.matches(path.as_bytes()), "{pattern} has to match {path}");
        }
        for path in others {
            assert!(!glob.matches(path.as_bytes()), "{pattern} must not match {path}");
        }
    }

    #[test]
    fn stars() {
        check("/tmp/*", &["/tmp/a", "/tmp/.a"], &["/tmp/", "/tmp/a/", "/tmp/a/b", "/tmp"]);
        check("/tmp/**", &["/tmp/a", "/tmp/a/", "/tmp/a/b"], &["/tmp/", "/tmp"]);
        check("/tmp/{,**}", &["/tmp/", "/tmp/a/"], &["/tmp"]);
        check("/tmp/*/", &["/tmp/a/"], &["/tmp//", "/tmp/a", "/tmp/a/b/"]);
        check("/tmp/a*", &["/tmp/a", "/tmp/ab"], &["/tmp/a/"]);
        check("/{**,}", &["/", "/a", "/a/b/"], &["a", ""]);
        check("/**", &["/a"], &["/"]);
    }

    #[test]
    fn classes() {
        check("/x?y", &["/xay"], &["/x/y", "/xy"]);
        check("/x[^a]y", &["/xby", "/x/y"], &["/xay"]);
        check("/x[^a/]y", &["/xby"], &["/x/y"]);
        check("/x[c-a]", &["/xa", "/xb", "/xc"], &["/xd"]);
        check("/x[-a]", &["/x-", "/xa"], &["/xb"]);
        check("/x[a*]", &["/x]", "/xa]", "/x^^[]"], &["/xa", "/x*"]);
        check(r"/x[\]]", &["/x]"], &[r"/x\"]);
    }

    #[test]
    fn groups() {
        check("/x{a,b{c,}}", &["/xa", "/xb", "/xbc"], &["/x", "/xc"]);
        check("/x{,a}/y", &["/x/y", "/xa/y"], &["/xaa/y"]);
        check("/x{,a,,b}", &["/x", "/xa", "/xb"], &["/xab"]);
    }

    #[test]
    fn bad_classes() {
        for pattern in ["/x[]", "/x[^]", "/x[a-]", "/x[a-c-e]", "/x[^^-b]"] {
            assert_eq!(Glob::path(pattern.as_bytes()).err(), Some(GlobError::BadClass), "{pattern}");
        }
    }

    /// Every pattern of up to four of the characters that mean something, plainly and as a class: what is looked at for
    /// speed is enough.
    #[test]
    fn checking_refuses_what_compiling_does() {
        let mut patterns = vec![Vec::new()];
        for length in 0..4 {
            let longer = |pattern: &Vec<u8>| b"\\[]{},*^-a".map(|byte| [pattern.as_slice(), &[byte]].concat());
            let last: Vec<_> = patterns.iter().filter(|pattern| pattern.len() == length).flat_map(longer).collect();
            patterns.extend(last);
        }
        let classes: Vec<_> = patterns.iter().map(|pattern| [b"[", pattern.as_slice(), b"]"].concat()).collect();
        for pattern in patterns.iter().chain(&classes) {
            for part in [Part::Pattern(pattern), Part::Address(pattern)] {
                let compiled = Glob::of_parts(&[part]).map(drop);
                assert_eq!(Glob::check(&[part]), compiled, "{}", String::from_utf8_lossy(pattern));
            }
        }
    }

    #[test]
    fn exactness_and_literals() {
        let look = |pattern: &str| {
            let glob = Glob::path(pattern.as_bytes()).unwrap();
            (glob.is_exact(), glob.as_literal().is_some(), String::from_utf8_lossy(glob.prefix()).into_owned())
        };
        assert_eq!(look("/bin/sh"), (true, true, "/bin/sh".to_owned()));
        assert_eq!(look("/bin/{a,b}"), (true, false, "/bin/".to_owned()));
        assert_eq!(look("/bin/[ab]"), (true, false, "/bin/".to_owned()));
        assert_eq!(look("/bin/*"), (false, false, "/bin/".to_owned()));
        assert_eq!(look("/bin/[^a]"), (false, false, "/bin/".to_owned()));
    }

    /// What every match starts with, with which bytes it goes on, and from where on anything matches: shortcuts, which change no
    /// answer.
    #[test]
    fn shortcuts_change_nothing() {
        let patterns = [
            "/a/**",
            "/**",
            "/{,usr/}bin/part[0-9]*",
            "/{home/*/,root/}.cache/{,**}",
            "/a{,b,bc}",
            "/*",
            "/{a,b}?",
            "/a",
            "/proc/{[1-9],[1-9][0-9]}/x{,/}",
            "/{long,longer/and/longer/still/{,and/on}}",
            "/[^a]b",
            "/{,a}{,b}{,c}",
            "/{*a*,*b*}**",
            "/{,a/}**",
            "/{**,}",
        ];
        let texts = [
            "",
            "/",
            "/a",
            "/a/",
            "/a/b/c",
            "/usr/bin/part7",
            "/bin/part7x",
            "/bin/partx",
            "/root/.cache/",
            "/home/u/.cache/f",
            "/root/.cach",
            "/ab",
            "/abc",
            "/abcd",
            "/proc/12/x",
            "/proc/12/x/",
            "/proc/0/x",
            "/long",
            "/longe",
            "/bb",
            "/b",
            "/longer/and/longer/still/",
            "/longer/and/longer/still/and/on",
            "/longer/and/longer/still/and/one",
            "/c",
            "/ac",
            "/xa\0",
            "/xay\0z",
            "/b/\0/a",
        ];
        for pattern in patterns {
            let glob = Glob::path(pattern.as_bytes()).unwrap();
            for text in texts {
                let mut walk = glob.walk();
                let slowly = walk.read(text.as_bytes()) && walk.accepts();
                assert_eq!(glob.matches(text.as_bytes()), slowly, "{pattern} {text}");
            }
        }
    }

    #[test]
    fn samples_match() {
        for pattern in ["/a/**", "/a/{b,c*d}/*", "/a[^b]", "/**/x{,y}", "/a/*/", "/{usr/,}bin/?*"] {
            let glob = Glob::path(pattern.as_bytes()).unwrap();
            let samples: Vec<Vec<u8>> = glob.samples(Universe::Paths).collect();
            assert!(!samples.is_empty(), "{pattern}");
            for sample in samples {
                assert!(glob.matches(&sample), "{pattern} {}", String::from_utf8_lossy(&sample));
            }
        }
    }

    #[test]
    fn hostile_patterns_end() {
        let many = format!("/{{{}}}", vec!["abc"; 10_000].join(","));
        assert_eq!(Glob::path(many.as_bytes()).err(), Some(GlobError::TooLarge));
        let stars = format!("/{}", "*a".repeat(2_000));
        let glob = Glob::path(stars.as_bytes()).unwrap();
        assert!(!glob.matches(format!("/{}b", "a".repeat(1_000)).as_bytes()));
    }
}
