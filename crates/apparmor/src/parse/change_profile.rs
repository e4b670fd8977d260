//! `change_profile`.

use super::{Parse, Parser};
use crate::lex::{TokenKind, Word};
use crate::refusal::Code;
use crate::tree::{ChangeProfile, Guard, RuleKind};

impl Parser<'_> {
    pub(super) fn change_profile(&mut self) -> Parse<RuleKind> {
        let keyword = self.take();
        let guard = if self.take_word(Word::Unsafe).is_some() {
            Some(Guard::Unsafe)
        } else {
            self.take_word(Word::Safe).map(|_| Guard::Safe)
        };
        let exec = self.take_if(TokenKind::Id).map(|token| self.text_of(token));
        let target = if self.take_if(TokenKind::Arrow).is_some() { Some(self.id("a profile")?) } else { None };
        self.end_of_rule()?;
        if exec.is_none() && guard.is_some() {
            let message = "`safe` and `unsafe` need the program at whose start the profile changes.";
            self.refuse(Code::Setting, keyword.span, message);
        }
        if let Some(exec) = &exec
            && !exec.value.starts_with('/')
            && !exec.value.starts_with("@{")
        {
            self.refuse(Code::Setting, exec.span, "The program must begin with `/` or a variable.");
        }
        Ok(RuleKind::ChangeProfile(ChangeProfile { guard, exec, target }))
    }
}
