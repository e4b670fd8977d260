//! What the browser keeps: how the page is liked, and the files of those who want it.

use watertight_diagnostic::Settings;

use super::{Effect, State};
use crate::files::OpenFile;
use crate::language::say;
use crate::preferences::{self, MAX_REMEMBERED};

impl State {
    /// Somebody has changed settings by hand. What a link has set beside them stays a matter of this visit.
    pub(super) fn set(&mut self, settings: Settings, out: &mut Vec<Effect>) {
        if settings == self.settings {
            return;
        }
        let before = std::mem::replace(&mut self.settings, settings);
        self.preferences.settings = preferences::carried(self.preferences.settings, before, settings);
        for replaced in self.replaced() {
            replaced.settings = preferences::carried(replaced.settings, before, settings);
        }
        self.store_preferences(out);
        self.changed(out);
    }

    /// Keeps the files in this browser from now on, or stops doing so.
    pub(super) fn remember(&mut self, remember: bool, out: &mut Vec<Effect>) {
        self.preferences.remember = remember;
        self.store_preferences(out);
        if !remember {
            return out.push(Effect::StoreFiles(None));
        }
        // Whoever asks for it while a link is open means what is open, and what may come back.
        if !std::mem::replace(&mut self.drafting, true) {
            self.replaced().for_each(|replaced| replaced.drafting = true);
        }
        self.keep(out);
    }

    pub(super) fn store_preferences(&self, out: &mut Vec<Effect>) {
        out.push(Effect::StorePreferences(self.preferences.write()));
    }

    /// Whether the browser has room for the open files.
    fn fits(&self) -> bool {
        self.files.iter().map(|file| file.text.len()).sum::<usize>() <= MAX_REMEMBERED
    }

    /// Whether something that was written on this visit would be gone with the page. What a link or a file holds is still
    /// there; what stands beside a lesson was kept before it, if anything is.
    pub(super) fn would_lose(&self) -> bool {
        let keeps = self.preferences.remember && self.drafting;
        let is_lost = self.lesson.running.is_some() || !keeps || !self.fits();
        let beside = self.lesson.beside().iter().filter(|_| !keeps);
        self.written && self.files.iter().filter(|_| is_lost).chain(beside).any(OpenFile::is_written)
    }

    pub(super) fn keep(&mut self, out: &mut Vec<Effect>) {
        // The files of a lesson are nobody's draft.
        if !self.preferences.remember || !self.drafting || self.lesson.running.is_some() {
            return;
        }
        if !self.fits() {
            self.tell(say(
                "These files are too large to be remembered: a browser keeps about 2 MB of text for a page.",
            ));
            return;
        }
        out.push(Effect::StoreFiles(serde_json::to_string(&self.shared().files).ok()));
    }
}
