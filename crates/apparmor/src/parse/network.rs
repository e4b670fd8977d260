//! Rules about sockets.

use super::{Parse, Parser};
use crate::lex::{TokenKind, Word};
use crate::names::network;
use crate::tree::{Network, RuleKind};

impl Parser<'_> {
    pub(super) fn network(&mut self) -> Parse<RuleKind> {
        self.take();
        let words = self.words(Word::Network)?;
        let mut rule = Network { words, ..Network::default() };
        if let Some(first) = self.take_if(TokenKind::Id) {
            let first = self.text_of(first);
            if let Some(second) = self.take_if(TokenKind::Id) {
                rule.family = Some(first);
                rule.kind = Some(self.text_of(second));
            } else if network::is_family(&first.value) || !network::is_kind(&first.value) {
                rule.family = Some(first);
            } else {
                rule.kind = Some(first);
            }
        }
        rule.settings = self.settings()?;
        let group = self.group()?;
        self.end_of_rule()?;
        if let Some((name, settings)) = group {
            self.only_peer(&name);
            rule.peer = settings;
        }
        Ok(RuleKind::Network(rule))
    }
}
