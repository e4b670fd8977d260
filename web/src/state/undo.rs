//! Messages on what was just done, and how it is undone.

use std::rc::Rc;

use super::{Begun, Effect, Replaced, State};
use crate::files::{self, FileKey, OpenFile};
use crate::language::say;

/// The most that messages keep to be undone, so that closing one large file after the other does not fill the memory.
const MOST_KEPT: usize = 10;

/// A short message on what was just done.
#[derive(Clone, PartialEq, Debug)]
pub struct Notice {
    /// Tells one from the next.
    pub number: u32,
    /// What was done.
    pub text: String,
    /// How it is undone, if it can be.
    pub undo: Option<Undo>,
    /// Whether whoever did it has gone on to another tab since.
    pub past: bool,
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
        self.notify(text, None);
    }

    /// Tells of something that can be undone.
    pub(super) fn offer(&mut self, text: &str, undo: Undo) {
        self.notify(text, Some(undo));
    }

    /// Puts a message behind those that hold the only copy of something. A text has its history in the editor as well, so its
    /// message goes when there is something newer to undo.
    pub(super) fn notify(&mut self, text: &str, undo: Option<Undo>) {
        self.notices.retain(|notice| match &notice.undo {
            None => false,
            Some(Undo::Texts(_)) => undo.is_none(),
            Some(_) => true,
        });
        if self.notices.len() == MOST_KEPT && undo.is_some() {
            self.notices.remove(0);
        }
        self.notices.push(Notice { number: self.next_notice, text: text.to_owned(), undo, past: false });
        self.next_notice += 1;
    }

    /// The newest message that can be undone.
    pub fn offered(&self) -> Option<&Notice> {
        self.notices.iter().rfind(|notice| notice.undo.is_some())
    }

    /// The message that passes.
    pub fn passing(&self) -> Option<&Notice> {
        self.notices.last().filter(|notice| notice.undo.is_none())
    }

    /// Whoever goes on to another tab is done with a change, and its message is in the way. Where the editor's own undo goes back
    /// as well it goes. Elsewhere it holds the only way back, as on a phone, which has no key for it: there it stands beside the
    /// text from then on, and never goes by time. Part of the late program, as messages are.
    #[inline(never)]
    pub(super) fn leave_behind(&mut self) {
        let (has_keys, active) = (self.wants_rich_editor() && !self.opening.phone, self.active);
        self.notices.retain_mut(|notice| {
            let Some(Undo::Texts(changes)) = &notice.undo else { return true };
            notice.past = true;
            // Only what is shown was changed with a history.
            !has_keys || changes.iter().any(|(key, ..)| *key != active)
        });
    }

    /// What somebody goes on writing in cannot be undone from a message any more. Part of the late program, as messages are.
    #[inline(never)]
    pub(super) fn drop_past(&mut self, key: FileKey) {
        let Some(text) = self.file(key).map(|file| file.text.clone()) else { return };
        let is_past =
            |(of, before, after): &(FileKey, Rc<str>, Rc<str>)| *of == key && *before != text && *after != text;
        self.notices
            .retain(|notice| !matches!(&notice.undo, Some(Undo::Texts(changes)) if changes.iter().any(is_past)));
    }

    pub(super) fn undo(&mut self, out: &mut Vec<Effect>) {
        let newest = self.notices.iter().rposition(|notice| notice.undo.is_some());
        match newest.and_then(|place| self.notices.remove(place).undo) {
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

    /// What has given way to links and can still come back.
    pub(super) fn replaced(&mut self) -> impl Iterator<Item = &mut Replaced> {
        self.notices.iter_mut().filter_map(|notice| match &mut notice.undo {
            Some(Undo::Replaced(replaced)) => Some(replaced),
            _ => None,
        })
    }
}
