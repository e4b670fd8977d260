//! Profiles, children and hats, and what stands in them.

use super::{Parse, Parser, Reported};
use crate::lex::{TokenKind, Word};
use crate::refusal::Code;
use crate::tree::{Block, Entry, If, Prefix, Profile, ProfileKind, Setting, Text};

impl Parser<'_> {
    pub(super) fn profile(&mut self) -> Parse<Profile> {
        let start = self.peek().span;
        let (kind, keyword) = match self.peek().kind {
            TokenKind::Profile => (ProfileKind::Profile, true),
            TokenKind::Hat => (ProfileKind::Hat, true),
            TokenKind::Caret => (ProfileKind::Hat, false),
            _ => (ProfileKind::Profile, false),
        };
        if keyword || kind == ProfileKind::Hat {
            self.take();
        }
        let name = self.expect(TokenKind::Id, "the name of the profile")?;
        let name = self.text_of(name);
        let attachment = match self.peek().kind {
            TokenKind::Id | TokenKind::SetVariable => {
                let token = self.take();
                Some(self.text_of(token))
            }
            _ => None,
        };
        let xattrs = self.group()?;
        let group = xattrs.as_ref().map(|(name, _)| name.clone());
        let xattrs = xattrs.map_or_else(Vec::new, |(_, settings)| settings);
        let identities = self.identities()?;
        let flags = self.flags()?;
        let head = self.from(start);
        self.count_profile(head);
        let open = self.expect(TokenKind::Open, "`{`")?;
        let (body, inside) = self.body(open.span)?;
        Ok(Profile {
            kind,
            keyword,
            namespace: crate::label::split(&name.value)
                .ok()
                .and_then(|label| label.namespace)
                .map(|namespace| Text { value: namespace.to_owned(), span: name.span }),
            name,
            attachment,
            group,
            xattrs,
            identities,
            flags,
            head,
            inside,
            body,
            span: self.from(start),
        })
    }

    fn identities(&mut self) -> Parse<Vec<Text>> {
        let mut identities = Vec::new();
        while self.take_if(TokenKind::Plus).is_some() {
            self.expect(TokenKind::Identities, "`identities=(…)`")?;
            self.expect(TokenKind::Equals, "`=`")?;
            self.expect(TokenKind::OpenParen, "`(`")?;
            identities.extend(self.values_in_brackets()?);
        }
        Ok(identities)
    }

    fn flags(&mut self) -> Parse<Vec<Text>> {
        if self.take_if(TokenKind::Flags).is_some() {
            self.expect(TokenKind::Equals, "`=`")?;
            self.expect(TokenKind::OpenParen, "`(`, as in flags=(attach_disconnected)")?;
        } else if self.take_if(TokenKind::OpenParen).is_none() {
            return Ok(Vec::new());
        }
        self.values_in_brackets()
    }

    /// One value or more, and the bracket that closes them.
    pub(super) fn values_in_brackets(&mut self) -> Parse<Vec<Text>> {
        let mut values = Vec::new();
        while let Some(value) = self.take_if(TokenKind::Value) {
            values.push(self.text_of(value));
        }
        if values.is_empty() {
            return Err(self.unexpected("a value"));
        }
        self.expect(TokenKind::CloseParen, "`)`")?;
        Ok(values)
    }

    /// What stands between braces, the second of them included.
    fn body(&mut self, open: watertight_text::Span) -> Parse<(Vec<Entry>, watertight_text::Span)> {
        self.deeper(open, |parser| {
            let body = parser.entries(true);
            let close = parser.peek();
            let inside = watertight_text::Span::new(open.end as usize, close.span.start as usize);
            if parser.take_if(TokenKind::Close).is_none() {
                parser.refuse(Code::Syntax, open, "This brace is never closed.");
            }
            Ok((body, inside))
        })
    }

    /// Rules up to a closing brace or the end.
    pub(super) fn entries(&mut self, inside: bool) -> Vec<Entry> {
        let mut entries = Vec::new();
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::End => break,
                TokenKind::Close if inside && self.stray > 0 => {
                    self.stray -= 1;
                    self.take();
                    continue;
                }
                TokenKind::Close => break,
                _ => {}
            }
            match self.entry() {
                Ok(entry) => entries.push(entry),
                Err(Reported) => self.recover(token.span.start as usize),
            }
        }
        entries.shrink_to_fit();
        entries
    }

    fn entry(&mut self) -> Parse<Entry> {
        match self.peek().kind {
            TokenKind::Include { .. } => return self.include().map(Entry::Include),
            TokenKind::Word(Word::Abi) => return self.abi().map(Entry::Abi),
            TokenKind::Word(Word::If) => return self.choice().map(|choice| Entry::If(Box::new(choice))),
            TokenKind::Word(Word::Set) => return self.rlimit().map(Entry::Rule),
            TokenKind::Profile | TokenKind::Hat | TokenKind::Caret => {
                return self.profile().map(|profile| Entry::Profile(Box::new(profile)));
            }
            _ => {}
        }
        let start = self.peek().span;
        let prefix = self.prefix()?;
        if let Some(open) = self.take_if(TokenKind::Open) {
            let (body, _) = self.body(open.span)?;
            return Ok(Entry::Block(Block { prefix, body, span: self.from(start) }));
        }
        self.rule(prefix, start).map(Entry::Rule)
    }

    fn choice(&mut self) -> Parse<If> {
        let keyword = self.take();
        let condition = self.condition()?;
        let open = self.expect(TokenKind::Open, "`{`")?;
        let (then, _) = self.body(open.span)?;
        let mut otherwise = Vec::new();
        if self.take_word(Word::Else).is_some() {
            if self.peek().kind == TokenKind::Word(Word::If) {
                let next = self.deeper(keyword.span, Self::choice)?;
                otherwise.push(Entry::If(Box::new(next)));
            } else {
                let open = self.expect(TokenKind::Open, "`{` or `if`")?;
                (otherwise, _) = self.body(open.span)?;
            }
        }
        Ok(If { condition, then, otherwise, span: self.from(keyword.span) })
    }

    /// `peer=(…)` or `xattrs=(…)`, with its name.
    pub(super) fn group(&mut self) -> Parse<Option<(Text, Vec<Setting>)>> {
        let Some(name) = self.take_if(TokenKind::GroupKey) else { return Ok(None) };
        let name = self.text_of(name);
        self.expect(TokenKind::Equals, "`=`")?;
        self.expect(TokenKind::OpenParen, "`(`")?;
        let settings = self.settings()?;
        self.expect(TokenKind::CloseParen, "`)`")?;
        Ok(Some((name, settings)))
    }

    fn prefix(&mut self) -> Parse<Prefix> {
        super::rule::prefix(self)
    }
}
