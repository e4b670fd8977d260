//! `set rlimit`.

use watertight_text::Span;

use super::{Parse, Parser};
use crate::lex::{TokenKind, Word};
use crate::tree::{Prefix, Rlimit, Rule, RuleKind};

impl Parser<'_> {
    pub(super) fn rlimit(&mut self) -> Parse<Rule> {
        let set = self.take();
        self.expect(TokenKind::Word(Word::Rlimit), "`rlimit`")?;
        let name = self.expect(TokenKind::Id, "a limit, such as nofile")?;
        self.expect(TokenKind::LessOrEqual, "`<=`")?;
        let value = self.expect(TokenKind::Value, "a number or infinity")?;
        let unit = self.take_if(TokenKind::Id).map(|token| self.text_of(token));
        let (name, value) = (self.text_of(name), self.text_of(value));
        self.end_of_rule()?;
        let prefix = Prefix { span: Span::at(set.span.start as usize), ..Prefix::default() };
        Ok(Rule { prefix, kind: RuleKind::Rlimit(Rlimit { name, value, unit }), span: self.from(set.span) })
    }
}
