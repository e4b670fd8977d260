//! The prefixes of a rule, and which kind of rule follows.

use watertight_text::Span;

use super::{Parse, Parser};
use crate::lex::{TokenKind, Word};
use crate::refusal::Code;
use crate::tree::{Action, Prefix, Rule, RuleKind, Whose};

/// The priorities that a rule may have.
const PRIORITIES: std::ops::RangeInclusive<i64> = -1000..=1000;

pub(super) fn prefix(parser: &mut Parser<'_>) -> Parse<Prefix> {
    let start = parser.peek().span;
    let mut prefix = Prefix { span: Span::at(start.start as usize), ..Prefix::default() };
    if let Some(key) = parser.take_if(TokenKind::Priority) {
        parser.expect(TokenKind::Equals, "`=`")?;
        let value = parser.expect(TokenKind::Value, "a whole number")?;
        let number = value.span.slice(parser.text).parse::<i64>().ok().filter(|n| PRIORITIES.contains(n));
        match number.and_then(|n| i32::try_from(n).ok()) {
            Some(number) => prefix.priority = Some(number),
            None => {
                let span = parser.from(key.span);
                parser.refuse(Code::Prefix, span, "A priority lies between -1000 and 1000.");
            }
        }
        prefix.span = parser.from(start);
    }
    if parser.take_word(Word::Audit).is_some() {
        prefix.audit = true;
        prefix.span = parser.from(start);
    }
    let action = match parser.peek().kind {
        TokenKind::Word(Word::Allow) => Some(Action::Allow),
        TokenKind::Word(Word::Deny) => Some(Action::Deny),
        TokenKind::Word(Word::Prompt) => Some(Action::Prompt),
        _ => None,
    };
    if let Some(action) = action {
        parser.take();
        (prefix.action, prefix.stated) = (action, true);
        prefix.span = parser.from(start);
    }
    let whose = match parser.peek().kind {
        TokenKind::Word(Word::Owner) => Some(Whose::Owner),
        TokenKind::Word(Word::Other) => Some(Whose::Other),
        _ => None,
    };
    if whose.is_some() {
        parser.take();
        prefix.whose = whose;
        prefix.span = parser.from(start);
    }
    Ok(prefix)
}

impl Parser<'_> {
    pub(super) fn rule(&mut self, prefix: Prefix, start: Span) -> Parse<Rule> {
        let kind = match self.peek().kind {
            TokenKind::Word(word) => self.rule_of(word)?,
            TokenKind::Id | TokenKind::SetVariable | TokenKind::Mode => self.file_rule(None)?,
            _ => return Err(self.unexpected("a rule")),
        };
        Ok(Rule { prefix, kind, span: self.from(start) })
    }

    fn rule_of(&mut self, word: Word) -> Parse<RuleKind> {
        if matches!(word, Word::Safe | Word::Unsafe) {
            return self.file_rule(None);
        }
        let disordered =
            matches!(word, Word::Audit | Word::Allow | Word::Deny | Word::Prompt | Word::Owner | Word::Other);
        if disordered {
            let order = "a rule (prefixes stand in the order priority, audit, allow or deny, owner, each once)";
            return Err(self.unexpected(order));
        }
        let mounts = [Word::Mount, Word::Remount, Word::Umount];
        match word {
            Word::File => {
                let keyword = self.take();
                self.file_rule(Some(keyword))
            }
            Word::Link => self.link(),
            Word::Capability => self.capability(),
            Word::Network => self.network(),
            Word::ChangeProfile => self.change_profile(),
            Word::PivotRoot => self.pivot_root(),
            Word::All => {
                self.take();
                self.end_of_rule()?;
                Ok(RuleKind::All)
            }
            _ if mounts.contains(&word) => self.mount(word),
            _ => self.access(word),
        }
    }
}
