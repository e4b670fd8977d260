//! Permission letters.

use super::Parser;
use crate::lex::Token;
use crate::refusal::Code;
use crate::tree::{Exec, ExecMode, Perms};

/// How a program is started, as far as the letters have said.
struct Start {
    mode: ExecMode,
    scrub: bool,
}

impl Parser<'_> {
    /// The permissions that letters grant. The lexer lets only letters through that are some.
    pub(super) fn perms(&mut self, token: Token) -> (Perms, Option<Exec>) {
        let mut perms = Perms::NONE;
        let mut start: Option<Start> = None;
        let mut letters = token.span.slice(self.text).chars().peekable();
        while let Some(letter) = letters.next() {
            let next = letters.peek().map(char::to_ascii_lowercase);
            let lower = letter.to_ascii_lowercase();
            let added = match lower {
                'r' => Perms::READ,
                'w' => Perms::WRITE,
                'a' => Perms::APPEND,
                'l' => Perms::LINK,
                'm' => Perms::MAP,
                'k' => Perms::LOCK,
                _ => Perms::EXEC,
            };
            let excluded = perms.with(added);
            if excluded.has(Perms::WRITE.with(Perms::APPEND)) {
                self.refuse(
                    Code::Permissions,
                    token.span,
                    "`w` covers `a`, and the two exclude each other: write one.",
                );
            }
            perms = perms.with(added);
            if added != Perms::EXEC {
                continue;
            }
            let (mode, skipped) = mode_of(lower, next);
            for _ in 0..skipped {
                letters.next();
            }
            let scrub = letter.is_ascii_uppercase() && !matches!(mode, ExecMode::Any | ExecMode::Inherit);
            match &start {
                // A bare `x` behind a mode repeats it; before one it is a mode of its own.
                Some(_) if mode == ExecMode::Any => {}
                Some(before) if before.mode == mode && before.scrub == scrub => {}
                Some(before) if before.mode == ExecMode::Any && mode == ExecMode::Inherit => {
                    start = Some(Start { mode, scrub });
                }
                Some(_) => {
                    let message = "Two ways to start a program in one rule: keep one, such as `ix` or `Px`.";
                    self.refuse(Code::Permissions, token.span, message);
                }
                None => start = Some(Start { mode, scrub }),
            }
        }
        let exec = start.map(|Start { mode, scrub }| Exec { mode, scrub, target: None });
        (perms, exec)
    }
}

/// The mode that begins with a letter, and how many further letters belong to it.
fn mode_of(letter: char, next: Option<char>) -> (ExecMode, usize) {
    match (letter, next) {
        ('i', _) => (ExecMode::Inherit, 1),
        ('u', _) => (ExecMode::Unconfined, 1),
        ('p', Some('i')) => (ExecMode::ProfileInherit, 2),
        ('p', Some('u')) => (ExecMode::ProfileUnconfined, 2),
        ('p', _) => (ExecMode::Profile, 1),
        ('c', Some('i')) => (ExecMode::ChildInherit, 2),
        ('c', Some('u')) => (ExecMode::ChildUnconfined, 2),
        ('c', _) => (ExecMode::Child, 1),
        _ => (ExecMode::Any, 0),
    }
}
