//! Rules about capabilities.

use super::{Parse, Parser};
use crate::lex::TokenKind;
use crate::tree::RuleKind;

impl Parser<'_> {
    pub(super) fn capability(&mut self) -> Parse<RuleKind> {
        self.take();
        let mut names = Vec::new();
        while let Some(name) = self.take_if(TokenKind::Id) {
            names.push(self.text_of(name));
        }
        self.end_of_rule()?;
        Ok(RuleKind::Capability(names))
    }
}
