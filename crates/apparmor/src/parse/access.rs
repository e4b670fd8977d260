//! Rules of the shape `class words settings name peer=(…)`.

use super::{Parse, Parser};
use crate::lex::{Token, TokenKind, Word};
use crate::refusal::Code;
use crate::tree::{Access, RuleKind, Text};

impl Parser<'_> {
    pub(super) fn access(&mut self, class: Word) -> Parse<RuleKind> {
        let make: fn(Access) -> RuleKind = match class {
            Word::Dbus => RuleKind::Dbus,
            Word::Unix => RuleKind::Unix,
            Word::Signal => RuleKind::Signal,
            Word::Ptrace => RuleKind::Ptrace,
            Word::Mqueue => RuleKind::Mqueue,
            Word::IoUring => RuleKind::IoUring,
            Word::Userns => RuleKind::Userns,
            _ => return Err(self.unexpected("a rule")),
        };
        self.take();
        let words = self.words(class)?;
        let settings = self.settings()?;
        let mut rule = Access { words, settings, ..Access::default() };
        if class == Word::Mqueue
            && let Some(name) = self.take_if(TokenKind::Id)
        {
            rule.name = Some(self.text_of(name));
        }
        let group = if matches!(class, Word::Dbus | Word::Unix | Word::IoUring) { self.group()? } else { None };
        self.end_of_rule()?;
        if let Some((name, settings)) = group {
            if class != Word::IoUring {
                self.only_peer(&name);
            }
            rule.peer = settings;
        }
        Ok(make(rule))
    }

    /// The accesses: one word, letters, or a list in brackets.
    pub(super) fn words(&mut self, class: Word) -> Parse<Vec<Text>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word(word) if takes(class, word) => {
                self.take();
                Ok(vec![self.text_of(token)])
            }
            TokenKind::Mode if !matches!(class, Word::Userns | Word::IoUring) => {
                self.take();
                let word = self.text_of(token);
                self.known(class, token, &word);
                Ok(vec![word])
            }
            TokenKind::OpenParen => {
                self.take();
                let mut words = Vec::new();
                while let Some(value) = self.take_if(TokenKind::Value) {
                    let word = self.text_of(value);
                    self.known(class, value, &word);
                    words.push(word);
                }
                self.expect(TokenKind::CloseParen, "`)`")?;
                Ok(words)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// In brackets any word may stand; those that are no access are looked at as letters.
    fn known(&mut self, class: Word, token: Token, word: &Text) {
        let lenient = matches!(class, Word::Userns | Word::IoUring);
        let named = crate::names::access::of(&word.value).is_some_and(|known| takes(class, known));
        let letters = word.value.bytes().all(|b| matches!(b, b'r' | b'R' | b'w' | b'W'));
        if !lenient && !named && !letters {
            let mut message = String::from("`");
            message.push_str(&word.value);
            message.push_str("` is no access that this kind of rule knows.");
            self.refuse(Code::Setting, token.span, message);
        }
    }

    /// Behind a rule's own settings only `peer=(…)` makes sense.
    pub(super) fn only_peer(&mut self, name: &Text) {
        if name.value != "peer" {
            self.refuse(Code::Setting, name.span, "Only `peer=(…)` may stand here.");
        }
    }
}

/// Whether a class of rules knows an access.
fn takes(class: Word, word: Word) -> bool {
    use Word::{
        Accept, Bind, Connect, Create, Delete, Eavesdrop, Getattr, Getopt, Listen, Open, OverrideCreds, Read, Readby,
        Receive, Send, Setattr, Setopt, Shutdown, Sqpoll, Trace, Tracedby, Write,
    };
    let known: &[Word] = match class {
        Word::Dbus => &[Bind, Send, Receive, Read, Write, Eavesdrop],
        Word::Unix | Word::Network => &[
            Create, Bind, Listen, Accept, Connect, Shutdown, Getattr, Setattr, Getopt, Setopt, Send, Receive, Read,
            Write,
        ],
        Word::Signal => &[Send, Receive, Read, Write],
        Word::Ptrace => &[Trace, Tracedby, Read, Write, Readby],
        Word::Userns => &[Create],
        Word::Mqueue => &[Create, Open, Delete, Getattr, Setattr, Write, Read],
        Word::IoUring => &[OverrideCreds, Sqpoll],
        _ => &[],
    };
    known.contains(&word)
}
