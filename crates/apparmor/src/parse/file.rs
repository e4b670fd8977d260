//! Rules about paths and about hard links.

use super::{Parse, Parser};
use crate::lex::{Token, TokenKind, Word};
use crate::refusal::Code;
use crate::tree::{Exec, ExecMode, FileRule, Guard, Link, Perms, RuleKind, Text};

/// What `file,` permits.
const EVERYTHING: Perms =
    Perms(Perms::READ.0 | Perms::WRITE.0 | Perms::EXEC.0 | Perms::MAP.0 | Perms::LOCK.0 | Perms::LINK.0);

impl Parser<'_> {
    pub(super) fn file_rule(&mut self, keyword: Option<Token>) -> Parse<RuleKind> {
        let mut rule = FileRule { keyword: keyword.is_some(), ..FileRule::default() };
        if keyword.is_some() && self.peek().kind == TokenKind::EndOfRule {
            self.take();
            rule.perms = EVERYTHING;
            rule.exec = Some(Exec { mode: ExecMode::Inherit, scrub: false, target: None });
            return Ok(RuleKind::File(rule));
        }
        rule.guard = self.guard();
        let perms = if let Some(perms) = self.take_if(TokenKind::Mode) {
            rule.perms_first = true;
            rule.subset = self.take_word(Word::Subset).is_some();
            rule.path = Some(self.id("a path")?);
            perms
        } else {
            rule.path = Some(self.id("a path")?);
            self.expect(TokenKind::Mode, "permissions such as `r` or `rw`, and then a comma")?
        };
        rule.perms_span = perms.span;
        (rule.perms, rule.exec) = self.perms(perms);
        let target = if self.take_if(TokenKind::Arrow).is_some() { Some(self.id("a name")?) } else { None };
        self.end_of_rule()?;
        self.arrow(&mut rule, target, perms);
        self.guarded(&mut rule, perms);
        Ok(RuleKind::File(rule))
    }

    fn guard(&mut self) -> Option<Guard> {
        if self.take_word(Word::Unsafe).is_some() {
            return Some(Guard::Unsafe);
        }
        self.take_word(Word::Safe).map(|_| Guard::Safe)
    }

    /// A path or a lone variable.
    pub(super) fn id(&mut self, wanted: &str) -> Parse<Text> {
        let token = self.peek();
        if !matches!(token.kind, TokenKind::Id | TokenKind::SetVariable) {
            return Err(self.unexpected(wanted));
        }
        self.take();
        Ok(self.text_of(token))
    }

    /// What `->` points at: the file behind a link where the letters stand first, and a profile elsewhere.
    fn arrow(&mut self, rule: &mut FileRule, target: Option<Text>, perms: Token) {
        let link = rule.perms.has(Perms::LINK);
        if rule.subset && rule.perms.without(Perms::LINK) != Perms::NONE {
            self.refuse(Code::Permissions, perms.span, "`subset` goes with `l` alone.");
        }
        let Some(target) = target else { return };
        if !rule.perms_first || !link {
            if let Some(exec) = &mut rule.exec {
                exec.target = Some(target);
            }
            return;
        }
        if rule.exec.is_some() {
            self.refuse(Code::Permissions, perms.span, "With `->` a rule links or starts a program, not both.");
        }
        if crate::label::split(&target.value).is_ok_and(|label| label.namespace.is_some()) {
            self.refuse(Code::Permissions, target.span, "A link points at a path, not at a profile of a namespace.");
        }
        rule.link_target = Some(target);
    }

    fn guarded(&mut self, rule: &mut FileRule, perms: Token) {
        let Some(guard) = rule.guard else { return };
        let Some(exec) = &mut rule.exec else {
            self.refuse(Code::Permissions, perms.span, "`safe` and `unsafe` need a permission to start programs.");
            return;
        };
        if exec.mode != ExecMode::Any && exec.mode != ExecMode::Inherit {
            exec.scrub = guard == Guard::Safe;
        }
    }

    pub(super) fn link(&mut self) -> Parse<RuleKind> {
        self.take();
        let subset = self.take_word(Word::Subset).is_some();
        let from = self.id("the path of the new link")?;
        self.expect(TokenKind::Arrow, "`->`")?;
        let to = self.id("the path that it points at")?;
        self.end_of_rule()?;
        Ok(RuleKind::Link(Link { subset, from, to }))
    }
}
