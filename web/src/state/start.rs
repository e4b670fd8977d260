//! How the page begins: with a link, with what was kept, with what was typed already, or with an example.

use watertight_diagnostic::share::{ShareError, Shared, SharedFile};

use super::{Effect, Opening, State, UNTITLED};
use crate::examples;
use crate::files;
use crate::language::say_with;
use crate::preferences::{EditorKind, Preferences};

impl State {
    pub(super) fn start(
        &mut self,
        preferences: Option<&str>,
        stored: Option<&str>,
        typed: Option<&str>,
        out: &mut Vec<Effect>,
    ) {
        let Opening { link, fresh, embed, view, lesson, .. } = self.opening.clone();
        let preferences = preferences.filter(|_| !embed);
        self.preferences = Preferences::read(preferences);
        self.settings = self.preferences.settings;
        if preferences.is_none() && self.opening.phone {
            // What is drawn as an editor fits a phone's keyboard and selection badly, and is the larger half of the page.
            self.preferences.editor = EditorKind::Plain;
        }
        self.drafting = !fresh && !embed;
        let remembered: Vec<SharedFile> = stored
            .filter(|_| self.preferences.remember && self.drafting)
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        if let Some(view) = view {
            self.view(&view);
        }
        let linked = link.map(|link| link.and_then(|json| Shared::read(&json).map_err(Self::unread)));
        match linked {
            Some(Ok(mut shared)) => {
                self.take_shared_course(&mut shared, out);
                if shared.files.is_empty() {
                    self.open_first(remembered, typed, fresh);
                } else {
                    self.put_shared(shared);
                    self.put_typed(typed);
                }
            }
            Some(Err(reason)) => {
                self.open_first(remembered, typed, fresh);
                self.tell_unread(&reason);
            }
            None => self.open_first(remembered, typed, fresh),
        }
        self.analyse(out);
        if let Some(lesson) = lesson {
            self.open_lessons(Some(lesson), out);
        }
    }

    /// Why what a link holds is not opened, as a sentence.
    #[inline(never)]
    pub(super) fn unread(error: ShareError) -> String {
        say_with("This link could not be opened: {error}.", &[("error", &error)])
    }

    /// The reason says by itself that it is about the link. Whoever expected their own text is told what they see. Part of the
    /// late program.
    #[inline(never)]
    fn tell_unread(&mut self, reason: &str) {
        let is_example = self.active_file().is_some_and(|file| file.pristine && !file.text.is_empty());
        if is_example {
            self.tell(&say_with("{reason} The example is shown instead.", &[("reason", &reason)]));
        } else {
            self.tell(reason);
        }
    }

    /// Opens what no link says otherwise: what was kept, what was typed already, or the first example.
    fn open_first(&mut self, remembered: Vec<SharedFile>, typed: Option<&str>, fresh: bool) {
        self.files.clear();
        for file in remembered {
            let name = files::free_name(&self.files, &file.name);
            self.add(&name, &file.text, false);
        }
        if self.put_typed(typed) {
            return;
        }
        if let Some(first) = self.files.first() {
            self.active = first.key;
        } else if fresh {
            self.active = self.add(UNTITLED, "", true);
        } else {
            self.put_example([examples::FIRST]);
        }
    }

    /// Opens what was typed before the app was there, beside whatever else is open; says whether there was anything. It is the
    /// file that is shown, because whoever typed it may be typing still.
    fn put_typed(&mut self, typed: Option<&str>) -> bool {
        let Some(typed) = typed.filter(|text| !text.trim().is_empty()) else { return false };
        let name = files::free_name(&self.files, UNTITLED);
        self.active = self.add(&name, typed, false);
        self.written = true;
        true
    }
}
