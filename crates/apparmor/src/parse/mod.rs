//! Reads a text into its tree, and goes on after each fault.
//!
//! The grammar is that of `apparmor_parser` 6.0. One file a kind of rule; what a rule's words mean is looked at in
//! [`crate::refuse`], when the whole policy is known.

mod access;
mod capability;
mod change_profile;
mod condition;
mod file;
mod mount;
mod network;
mod perms;
mod preamble;
mod profile;
mod rlimit;
mod rule;
mod setting;
#[cfg(test)]
mod tests;

use watertight_text::{MAX_BYTES, Span, megabytes};

use crate::lex::{Lexer, Token, TokenKind, Word, unescape};
use crate::refusal::{Code, Refusal};
use crate::tree::{Entry, File, Text};

/// How many blocks, profiles and brackets may stand in each other. The parser of the system has no limit but memory.
pub const DEPTH: usize = 100;

/// What came out of reading a text.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The tree, as far as it could be read.
    pub file: File,
    /// What does not follow the grammar.
    pub refusals: Vec<Refusal>,
    /// The comments, in order.
    pub comments: Vec<Span>,
}

/// Reads a whole file.
pub fn parse(text: &str) -> Parsed {
    let mut parser = Parser::new(text);
    let file = parser.file();
    Parsed { file, refusals: parser.refusals, comments: parser.lexer.comments }
}

/// Reads a text that stands where rules stand.
pub(crate) fn parse_rules(text: &str) -> (Vec<Entry>, Vec<Refusal>) {
    let mut parser = Parser::new(text);
    let mut entries = parser.entries(false);
    while parser.peek().kind == TokenKind::Close {
        let close = parser.take();
        parser.refuse(Code::Syntax, close.span, "This brace closes nothing.");
        entries.extend(parser.entries(false));
    }
    (entries, parser.refusals)
}

/// The fault has been written down; what is left is to go on behind it.
struct Reported;

type Parse<T> = Result<T, Reported>;

struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    peeked: Option<Token>,
    /// Where the last token ended.
    end: usize,
    refusals: Vec<Refusal>,
    depth: usize,
    /// Opening braces that were passed while looking for the end of a broken rule. Their closing braces close nothing.
    stray: usize,
    /// Words that may still be read; `None` when the rest of the text is not looked at.
    left: Option<usize>,
    /// Profiles that may still be read.
    profiles: usize,
}

/// Words that are read of the shortest text, and one more for so many bytes of it: what is read takes a hundred times the
/// memory of the shortest words. People write longer ones.
const WORDS: (usize, usize) = (50_000, 8);

/// Profiles that are read of the shortest text, and one more for so many bytes of it: whatever is in them, every rule asks them
/// all that it asks of a profile.
const PROFILES: (usize, usize) = (2_000, 400);

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let mut refusals = Vec::new();
        let text = if text.len() > MAX_BYTES {
            refusals.push(Refusal::new(
                Code::Limit,
                Span::at(0),
                ["The text is larger than ", &megabytes(MAX_BYTES), "; it is not looked at."].concat(),
            ));
            ""
        } else {
            text
        };
        let left = Some(WORDS.0 + text.len() / WORDS.1);
        let profiles = PROFILES.0 + text.len() / PROFILES.1;
        Self { text, lexer: Lexer::new(text), peeked: None, end: 0, refusals, depth: 0, stray: 0, left, profiles }
    }

    fn peek(&mut self) -> Token {
        match self.peeked {
            Some(token) => token,
            None => *self.peeked.insert(self.lexer.next()),
        }
    }

    fn take(&mut self) -> Token {
        let token = self.peek();
        self.peeked = None;
        self.end = token.span.end as usize;
        self.count(token.span);
        token
    }

    /// Counts a word, or a fault. Behind too many of them nothing is read.
    fn count(&mut self, span: Span) {
        match self.left {
            None => {}
            Some(0) => {
                self.stop(span, "There are too many words here for a text of this length; the rest is not looked at.");
            }
            Some(left) => self.left = Some(left - 1),
        }
    }

    /// Counts a profile. Behind too many of them nothing is read.
    fn count_profile(&mut self, span: Span) {
        match self.profiles.checked_sub(1) {
            Some(left) => self.profiles = left,
            None => {
                self.stop(
                    span,
                    "There are too many profiles here for a text of this length; the rest is not looked at.",
                );
            }
        }
    }

    /// Reads nothing of what is left of the text.
    fn stop(&mut self, span: Span, why: &str) {
        self.refuse(Code::Limit, span, why);
        self.resume(self.text.len());
        self.left = None;
    }

    fn take_if(&mut self, kind: TokenKind) -> Option<Token> {
        if self.peek().kind == kind { Some(self.take()) } else { None }
    }

    fn take_word(&mut self, word: Word) -> Option<Token> {
        self.take_if(TokenKind::Word(word))
    }

    fn text_of(&self, token: Token) -> Text {
        Text { value: unescape(token.span.slice(self.text)), span: token.span }
    }

    fn from(&self, start: Span) -> Span {
        Span::new(start.start as usize, self.end.max(start.start as usize))
    }

    fn refuse(&mut self, code: Code, span: Span, message: impl Into<String>) {
        // Where nothing is read, nothing is wrong either.
        if self.left.is_some() {
            self.refusals.push(Refusal::new(code, span, message));
        }
    }

    /// Says that something else was expected at the next token.
    fn unexpected(&mut self, wanted: &str) -> Reported {
        let token = self.peek();
        let found = token.span.slice(self.text);
        let mut message = String::from("Expected ");
        message.push_str(wanted);
        match token.kind {
            TokenKind::End => message.push_str(", but the text ends here."),
            TokenKind::Error if found == "#" => {
                message.push_str(": a comment must end in a line break, and none may stand inside of brackets.");
            }
            _ => {
                message.push_str(", found `");
                message.extend(found.chars().take(40));
                message.push_str("`.");
            }
        }
        self.refuse(Code::Syntax, token.span, message);
        Reported
    }

    fn expect(&mut self, kind: TokenKind, wanted: &str) -> Parse<Token> {
        if self.peek().kind == kind { Ok(self.take()) } else { Err(self.unexpected(wanted)) }
    }

    /// The comma that ends a rule. When it is merely forgotten, the next line is read as the next rule.
    fn end_of_rule(&mut self) -> Parse<()> {
        if self.take_if(TokenKind::EndOfRule).is_some() {
            return Ok(());
        }
        let next = self.peek();
        let between = self.text.get(self.end..next.span.start as usize).unwrap_or_default();
        let apart = between.contains('\n') || matches!(next.kind, TokenKind::End | TokenKind::Close);
        if !apart {
            return Err(self.unexpected("the comma that ends the rule"));
        }
        self.refuse(Code::MissingComma, Span::at(self.end), "This rule does not end in a comma; each rule needs one.");
        self.resume(self.end);
        Ok(())
    }

    /// Reads on from `at` as at the beginning of a rule.
    fn resume(&mut self, at: usize) {
        self.peeked = None;
        self.lexer.restart(at);
        self.end = at;
    }

    /// Goes behind the rule that could not be read: to its comma, the end of its line or the brace that closes what is
    /// around it. Always gets further than `start`.
    fn recover(&mut self, start: usize) {
        self.count(Span::at(start));
        if self.left.is_none() {
            return;
        }
        let from = self.end.max(start);
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let mut quoted = false;
        let mut before = b' ';
        for (step, &byte) in rest.iter().enumerate() {
            let next = rest.get(step + 1).copied().unwrap_or(b'\n');
            let at = from + step;
            match byte {
                b'"' if before != b'\\' => quoted = !quoted,
                b'\n' => return self.resume(at + 1),
                b',' if !quoted && next.is_ascii_whitespace() => return self.resume(at + 1),
                b'{' if !quoted && before.is_ascii_whitespace() && next.is_ascii_whitespace() => self.stray += 1,
                b'}' if !quoted && before.is_ascii_whitespace() && at > start => {
                    if self.stray == 0 {
                        return self.resume(at);
                    }
                    self.stray -= 1;
                }
                b'#' if !quoted && before.is_ascii_whitespace() => {
                    let line = rest.get(step..).unwrap_or_default();
                    let length = line.iter().position(|&b| b == b'\n').map_or(line.len(), |end| end + 1);
                    return self.resume(at + length);
                }
                _ => {}
            }
            before = byte;
        }
        self.resume(self.text.len());
    }

    /// Runs `inner` one level deeper, if there is room.
    fn deeper<T>(&mut self, span: Span, inner: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= DEPTH {
            self.refuse(Code::Limit, span, "Nested more than 100 levels deep; what is inside is not looked at.");
            self.resume(self.text.len());
            return Err(Reported);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }
}
