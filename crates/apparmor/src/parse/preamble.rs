//! What stands before and between profiles: includes, feature sets, variables, aliases.

use super::{Parse, Parser, Reported};
use crate::lex::{TokenKind, Word};
use crate::refusal::Code;
use crate::tree::{Abi, Alias, Assign, Boolean, File, Include, Item, Text, Variable};

impl Parser<'_> {
    pub(super) fn file(&mut self) -> File {
        let mut file = File::default();
        loop {
            let token = self.peek();
            let start = token.span.start as usize;
            let item = match token.kind {
                TokenKind::End => return file,
                TokenKind::Close => {
                    self.take();
                    if self.stray > 0 {
                        self.stray -= 1;
                    } else {
                        self.refuse(Code::Syntax, token.span, "This brace closes nothing.");
                    }
                    continue;
                }
                _ => self.item(),
            };
            match item {
                Ok(item) => file.items.push(item),
                Err(Reported) => self.recover(start),
            }
        }
    }

    fn item(&mut self) -> Parse<Item> {
        match self.peek().kind {
            TokenKind::Include { .. } => self.include().map(Item::Include),
            TokenKind::Word(Word::Abi) => self.abi().map(Item::Abi),
            TokenKind::Word(Word::Alias) => self.alias().map(Item::Alias),
            TokenKind::SetVariable => self.variable().map(Item::Variable),
            TokenKind::BooleanVariable => self.boolean().map(Item::Boolean),
            TokenKind::Id | TokenKind::Profile | TokenKind::Hat | TokenKind::Caret => {
                self.profile().map(|profile| Item::Profile(Box::new(profile)))
            }
            TokenKind::Word(_) | TokenKind::Mode => {
                Err(self.unexpected("a profile (rules stand inside of one, between braces)"))
            }
            _ => Err(self.unexpected("a profile or a variable")),
        }
    }

    pub(super) fn include(&mut self) -> Parse<Include> {
        let keyword = self.take();
        let TokenKind::Include { hashed, if_exists } = keyword.kind else {
            return Err(self.unexpected("include"));
        };
        let (path, magic) = self.path("the file to include, as in <abstractions/base>")?;
        Ok(Include { path, magic, if_exists, hashed, span: self.from(keyword.span) })
    }

    pub(super) fn abi(&mut self) -> Parse<Abi> {
        let keyword = self.take();
        let (path, magic) = self.path("the feature set, as in <abi/4.0>")?;
        self.end_of_rule()?;
        Ok(Abi { path, magic, span: self.from(keyword.span) })
    }

    fn path(&mut self, wanted: &str) -> Parse<(Text, bool)> {
        let token = self.peek();
        let magic = match token.kind {
            TokenKind::Id => true,
            TokenKind::Value => false,
            _ => return Err(self.unexpected(wanted)),
        };
        self.take();
        let mut path = self.text_of(token);
        if magic {
            let raw = token.span.slice(self.text);
            let inside = raw.strip_prefix('<').and_then(|raw| raw.strip_suffix('>')).unwrap_or(raw);
            path.value = crate::lex::unescape(inside.trim());
        }
        Ok((path, magic))
    }

    fn alias(&mut self) -> Parse<Alias> {
        let keyword = self.take();
        let from = self.expect(TokenKind::Id, "the path that gets another name")?;
        self.expect(TokenKind::Arrow, "`->`")?;
        let to = self.expect(TokenKind::Id, "the other name")?;
        self.end_of_rule()?;
        let (from, to) = (self.text_of(from), self.text_of(to));
        Ok(Alias { from, to, span: self.from(keyword.span) })
    }

    fn sign(&mut self) -> Parse<Assign> {
        let sign = match self.peek().kind {
            TokenKind::Equals => Assign::Set,
            TokenKind::AddAssign => Assign::Add,
            TokenKind::DefaultAssign => Assign::Default,
            TokenKind::OverrideAssign => Assign::Override,
            _ => return Err(self.unexpected("`=` or `+=`")),
        };
        self.take();
        Ok(sign)
    }

    fn variable(&mut self) -> Parse<Variable> {
        let token = self.take();
        let name = self.name_of(token);
        let assign = self.sign()?;
        let mut values = Vec::new();
        while let Some(value) = self.take_if(TokenKind::Value) {
            values.push(self.text_of(value));
        }
        let span = self.from(token.span);
        self.no_comma()?;
        if values.is_empty() {
            return Err(self.unexpected("a value on the same line"));
        }
        Ok(Variable { name, assign, values, span })
    }

    fn boolean(&mut self) -> Parse<Boolean> {
        let token = self.take();
        let name = self.name_of(token);
        let assign = self.sign()?;
        let value = self.condition()?;
        let span = self.from(token.span);
        self.no_comma()?;
        Ok(Boolean { name, assign, value, span })
    }

    fn no_comma(&mut self) -> Parse<()> {
        let next = self.peek();
        if next.kind == TokenKind::Error && next.span.slice(self.text) == "," {
            self.refuse(Code::Syntax, next.span, "A variable's values end with the line, without a comma.");
            return Err(Reported);
        }
        Ok(())
    }

    /// The name of a variable, without its sign and its braces.
    pub(super) fn name_of(&self, token: crate::lex::Token) -> Text {
        let raw = token.span.slice(self.text).trim_start_matches(['@', '$']);
        let value = raw.strip_prefix('{').and_then(|raw| raw.strip_suffix('}')).unwrap_or(raw).to_owned();
        Text { value, span: token.span }
    }
}
