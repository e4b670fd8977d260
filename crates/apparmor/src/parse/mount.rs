//! Rules about mounts and about the root of the file system.

use super::{Parse, Parser};
use crate::lex::{TokenKind, Word};
use crate::refusal::Code;
use crate::tree::{Mount, MountKind, PivotRoot, RuleKind};

impl Parser<'_> {
    pub(super) fn mount(&mut self, word: Word) -> Parse<RuleKind> {
        self.take();
        let kind = match word {
            Word::Remount => MountKind::Remount,
            Word::Umount => MountKind::Umount,
            _ => MountKind::Mount,
        };
        let settings = self.settings()?;
        let first = self.take_if(TokenKind::Id).map(|token| self.text_of(token));
        let mut rule = Mount { kind, settings, source: None, target: None };
        if kind == MountKind::Mount {
            rule.source = first;
            if self.take_if(TokenKind::Arrow).is_some() {
                let conditions = self.settings()?;
                let target = self.expect(TokenKind::Id, "the path to mount at")?;
                if let Some(condition) = conditions.first() {
                    let message = "Options stand in front of what is mounted, not behind the arrow.";
                    self.refuse(Code::Mount, condition.span, message);
                }
                rule.target = Some(self.text_of(target));
            }
        } else {
            rule.target = first;
        }
        self.end_of_rule()?;
        Ok(RuleKind::Mount(rule))
    }

    pub(super) fn pivot_root(&mut self) -> Parse<RuleKind> {
        self.take();
        let settings = self.settings()?;
        let root = self.take_if(TokenKind::Id).map(|token| self.text_of(token));
        let target = if self.take_if(TokenKind::Arrow).is_some() { Some(self.id("a profile")?) } else { None };
        self.end_of_rule()?;
        Ok(RuleKind::PivotRoot(PivotRoot { settings, root, target }))
    }
}
