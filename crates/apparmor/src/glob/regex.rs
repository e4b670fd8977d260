//! Reads the regular expressions of [`super::translate`] and builds the automaton as it goes.

use super::GlobError;
use super::bytes::ByteSet;
use super::nfa::{Builder, Piece};
use super::translate::escape_code;

/// Deeper than any pattern that has passed translation.
const MAX_DEPTH: usize = 64;

/// The piece of automaton for an expression, and whether it holds nothing that can match more than what is written
/// (no `*`, no negated class, no `.`): the compiler lets exec rules of that kind win over the others.
pub(super) fn build(expression: &[u8], builder: &mut Builder) -> Result<(Piece, bool), GlobError> {
    let mut reader = Reader { tokens: Tokens::of(expression), builder };
    let piece = reader.alternatives(0)?;
    if reader.tokens.place < expression.len() {
        return Err(GlobError::BadClass);
    }
    Ok((piece, reader.tokens.exact))
}

/// Whether [`build`] would refuse an expression that translation has written: only its classes can be wrong.
pub(super) fn check(expression: &[u8]) -> Result<(), GlobError> {
    let mut tokens = Tokens::of(expression);
    while let Some(token) = tokens.next() {
        if token == Token::Plain(b'[') {
            tokens.class()?;
        }
    }
    Ok(())
}

/// What translation writes for wildcards, behind the `[`, and the bytes that those do not match. Such a class would be read
/// like any other, only slower, and most patterns have some.
const WILDCARDS: &[(&[u8], &[u8])] = &[(b"^/\\x00]", b"/\0"), (b"^\\x00]", b"\0"), (b"^/]", b"/")];

struct Reader<'t, 'b> {
    tokens: Tokens<'t>,
    builder: &'b mut Builder,
}

struct Tokens<'t> {
    text: &'t [u8],
    place: usize,
    exact: bool,
}

/// One token: whether the byte was written plainly, so that it may be an operator, or escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Plain(u8),
    Escaped(u8),
}

impl Token {
    fn byte(self) -> u8 {
        match self {
            Self::Plain(byte) | Self::Escaped(byte) => byte,
        }
    }
}

impl<'t> Tokens<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { text, place: 0, exact: true }
    }

    fn peek(&self) -> Option<(Token, usize)> {
        let byte = *self.text.get(self.place)?;
        if byte != b'\\' {
            return Some((Token::Plain(byte), 1));
        }
        let rest = self.text.get(self.place + 1..).unwrap_or_default();
        Some(match (escape_code(rest), rest.first()) {
            (Some((value, length)), _) => (Token::Escaped(value), length + 1),
            (None, Some(next)) if b"\\*+.|^$-[](){},".contains(next) => (Token::Escaped(*next), 2),
            _ => (Token::Escaped(b'\\'), 1),
        })
    }

    fn next(&mut self) -> Option<Token> {
        let (token, length) = self.peek()?;
        self.place += length;
        Some(token)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some((Token::Plain(byte), 1));
        self.place += usize::from(found);
        found
    }

    /// What follows `[`, up to and with `]`.
    fn class(&mut self) -> Result<ByteSet, GlobError> {
        let rest = self.text.get(self.place..).unwrap_or_default();
        let wildcards = if rest.first() == Some(&b'^') { WILDCARDS } else { &[] };
        if let Some((written, others)) = wildcards.iter().find(|(written, _)| rest.starts_with(written)) {
            self.place += written.len();
            self.exact = false;
            return Ok(ByteSet::of(others).complement());
        }
        let negated = self.eat(b'^');
        let mut set = ByteSet::EMPTY;
        // Right after `^`, a second one is a member and, as the compiler reads it, starts no range.
        let mut first = if negated && self.eat(b'^') {
            set = set.with(b'^');
            false
        } else {
            true
        };
        loop {
            let member = match self.next() {
                None => return Err(GlobError::BadClass),
                Some(Token::Plain(b']')) if !first => break,
                // The members that may come only first.
                Some(Token::Plain(b'-')) if !first => return Err(GlobError::BadClass),
                Some(Token::Plain(b'^')) if first => return Err(GlobError::BadClass),
                Some(token) => token.byte(),
            };
            first = false;
            set = if self.eat(b'-') {
                match self.next() {
                    None | Some(Token::Plain(b']' | b'-')) => return Err(GlobError::BadClass),
                    Some(end) => set.with_range(member, end.byte()),
                }
            } else {
                set.with(member)
            };
        }
        if negated {
            self.exact = false;
            return Ok(set.complement());
        }
        Ok(set)
    }
}

impl Reader<'_, '_> {
    fn alternatives(&mut self, depth: usize) -> Result<Piece, GlobError> {
        if depth > MAX_DEPTH {
            return Err(GlobError::NestedTooDeep { at: 0 });
        }
        let mut branches = vec![self.sequence(depth)?];
        while self.tokens.eat(b'|') {
            branches.push(self.sequence(depth)?);
        }
        self.builder.either(&branches)
    }

    fn sequence(&mut self, depth: usize) -> Result<Piece, GlobError> {
        let mut whole = self.builder.nothing()?;
        while let Some((token, length)) = self.tokens.peek() {
            if matches!(token, Token::Plain(b'|' | b')')) {
                break;
            }
            // What is neither an operator nor repeated is most of every pattern.
            let operator = matches!(token, Token::Plain(b'(' | b'[' | b'.' | b'*' | b'+'));
            if !operator && self.tokens.text.get(self.tokens.place + length) != Some(&b'*') {
                self.tokens.place += length;
                whole = self.builder.then_byte(whole, token.byte())?;
                continue;
            }
            let term = self.term(depth)?;
            whole = self.builder.then(whole, term);
        }
        Ok(whole)
    }

    fn term(&mut self, depth: usize) -> Result<Piece, GlobError> {
        let term = match self.tokens.next() {
            Some(Token::Plain(b'(')) => {
                let inner = self.alternatives(depth + 1)?;
                if !self.tokens.eat(b')') {
                    return Err(GlobError::BadClass);
                }
                inner
            }
            Some(Token::Plain(b'[')) => {
                let set = self.tokens.class()?;
                self.builder.set(set)?
            }
            Some(Token::Plain(b'.')) => {
                self.tokens.exact = false;
                self.builder.set(ByteSet::ALL)?
            }
            Some(Token::Plain(b'*' | b'+')) | None => return Err(GlobError::BadClass),
            Some(token) => self.builder.byte(token.byte())?,
        };
        if self.tokens.eat(b'*') {
            self.tokens.exact = false;
            return self.builder.any_number(term);
        }
        Ok(term)
    }
}
