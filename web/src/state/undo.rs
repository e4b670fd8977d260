//! Messages on what was just done, and how it is undone.

use std::rc::Rc;

use super::{Begun, Effect, Replaced, State};
use crate::files::{self, FileKey, OpenFile};
use crate::language::say;

/// A short message on what was just done.
#[derive(Clone, PartialEq, Debug)]
pub struct Notice {
    /// Tells one from the next.
    pub number: u32,
    /// What was done.
    pub text: String,
    /// How it is undone, if it can be.
    pub undo: Option<Undo>,
}

/// How something that was done is undone.
#[derive(Clone, PartialEq, Debug)]
pub enum Undo {
    /// Texts were changed: files with their texts before and after.
    Texts(Vec<(FileKey, Rc<str>, Rc<str>)>),
    /// Files gave way to those of a link, and come back.
    Replaced(Replaced),
    /// A file was closed, and is opened again.
    Closed(OpenFile),
    /// A lesson was left or begun anew, and what was written in it comes back.
    Lesson(Box<Begun>),
}

impl State {
    pub(super) fn tell(&mut self, text: &str) {
        self.notice = Some(Notice { number: self.next_notice, text: text.to_owned(), undo: None });
        self.next_notice += 1;
    }

    /// Tells of something that can be undone.
    pub(super) fn offer(&mut self, text: &str, undo: Undo) {
        self.tell(text);
        if let Some(notice) = &mut self.notice {
            notice.undo = Some(undo);
        }
    }

    pub(super) fn undo(&mut self, out: &mut Vec<Effect>) {
        match self.notice.take().and_then(|notice| notice.undo) {
            Some(Undo::Texts(changes)) => self.change_back(changes, out),
            Some(Undo::Replaced(replaced)) => self.bring_back(replaced, out),
            Some(Undo::Closed(file)) => self.open_again(&file, out),
            Some(Undo::Lesson(begun)) => self.go_on(*begun, out),
            None => {}
        }
        out.push(Effect::Focus("panel"));
    }

    fn change_back(&mut self, changes: Vec<(FileKey, Rc<str>, Rc<str>)>, out: &mut Vec<Effect>) {
        if !changes.iter().all(|(key, _, after)| self.file(*key).is_some_and(|file| file.text == *after)) {
            return self.tell(say("The text has changed since. Undo in the editor goes back step by step."));
        }
        for (key, before, after) in changes {
            let edits = vec![files::single_edit(&after, &before)];
            out.push(Effect::Edit { key, base: after, edits });
        }
        self.tell(say("Undone."));
    }

    /// What has given way to a link and can still come back.
    pub(super) fn replaced(&mut self) -> Option<&mut Replaced> {
        match &mut self.notice.as_mut()?.undo {
            Some(Undo::Replaced(replaced)) => Some(replaced),
            _ => None,
        }
    }
}
