//! The open files, and how they come, change and go.

use std::rc::Rc;

use watertight_diagnostic::report::{InputKind, Report};

use super::{Effect, Filter, Side, State, UNTITLED, Undo};
use crate::files::{self, FileKey, OpenFile};
use crate::language::say_with;

/// What a file of a kind is called that nobody has named, where that is not [`UNTITLED`]: as the pieces of an article are in
/// `static/tools/snippets.js`.
fn name_of(kind: InputKind) -> Option<&'static str> {
    match kind {
        InputKind::CommandLines => Some("run.sh"),
        InputKind::Compose => Some("compose.yaml"),
        InputKind::OciConfig => Some("config.json"),
        InputKind::KubernetesJson => Some("object.json"),
        InputKind::Seccomp => Some("seccomp.json"),
        InputKind::AppArmor => Some("profile.apparmor"),
        InputKind::FalcoRules => Some("rules.yaml"),
        InputKind::FalcoEvents => Some("events.txt"),
        InputKind::Versions => Some("versions.txt"),
        InputKind::Empty | InputKind::KubernetesYaml | InputKind::Template | InputKind::Binary | InputKind::Unknown => {
            None
        }
    }
}

impl State {
    /// The file that is shown.
    pub fn active_file(&self) -> Option<&OpenFile> {
        self.file(self.active)
    }

    /// An open file.
    pub fn file(&self, key: FileKey) -> Option<&OpenFile> {
        self.files.iter().find(|file| file.key == key)
    }

    pub(super) fn add(&mut self, name: &str, text: &str, pristine: bool) -> FileKey {
        let key = FileKey(self.next_key);
        self.next_key += 1;
        let named = !pristine && name != UNTITLED;
        self.files.push(OpenFile { key, name: name.into(), text: text.into(), pristine, named });
        key
    }

    pub(super) fn open(&mut self, mut opened: Vec<(String, String)>, out: &mut Vec<Effect>) {
        if opened.is_empty() {
            return;
        }
        // Among the files of a lesson they would be gone with it.
        let begun = self.lesson.running.is_some().then(|| {
            out.push(Effect::LeaveAddress);
            self.leave_lessons(out)
        });
        let begun = begun.flatten();
        self.take_course(&mut opened, out);
        if !opened.is_empty() {
            self.drop_pristine(out);
            for (name, text) in opened {
                let name = files::free_name(&self.files, &name);
                self.active = self.add(&name, &text, false);
            }
            self.side = Side::Text;
            self.changed(out);
        }
        self.offer_left(begun);
    }

    /// Files of an example take the place of those of another that nobody has touched.
    pub(super) fn load<'f>(&mut self, files: impl IntoIterator<Item = (&'f str, &'f str)>, out: &mut Vec<Effect>) {
        let begun = self.leave_lessons(out);
        out.push(Effect::LeaveAddress);
        self.drop_pristine(out);
        self.put_example(files);
        self.opened.clear();
        self.filter = Filter::default();
        self.changed(out);
        self.offer_left(begun);
    }

    pub(super) fn put_example<'f>(&mut self, files: impl IntoIterator<Item = (&'f str, &'f str)>) {
        let mut first = None;
        for (name, text) in files {
            let name = files::free_name(&self.files, name);
            let key = self.add(&name, text, true);
            first = first.or(Some(key));
        }
        self.active = first.unwrap_or(self.active);
    }

    fn drop_pristine(&mut self, out: &mut Vec<Effect>) {
        for file in self.files.extract_if(.., |file| file.pristine) {
            out.push(Effect::Forget(file.key));
        }
    }

    pub(super) fn rename(&mut self, key: FileKey, name: &str, out: &mut Vec<Effect>) {
        let name = name.trim();
        let taken = self.files.iter().any(|file| file.key != key && &*file.name == name);
        if name.is_empty() || taken {
            if taken {
                self.tell(&say_with("There is a file called {name} already.", &[("name", &name)]));
            }
            return;
        }
        let Some(file) = self.files.iter_mut().find(|file| file.key == key) else { return };
        if &*file.name != name {
            file.name = name.into();
            // Whoever names a file means to keep it.
            file.pristine = false;
            file.named = true;
            self.changed(out);
        }
    }

    /// Calls files whose text is of another kind than before by what they are now: the name of a pod says nothing of a profile
    /// that was pasted over it. In a set a file is called by what others know it by, and a name that somebody gave stays. Part of
    /// the late program, as nobody writes on the way in.
    /// Whether that may change what is said of the others, which may mean it by its name.
    #[inline(never)]
    pub(super) fn name_by_kind(&mut self, report: &mut Report, out: &mut Vec<Effect>) -> bool {
        let Some(before) = self.analysis.clone().filter(|_| self.lesson.running.is_none()) else { return false };
        let mut renamed = false;
        for (place, new) in report.files.iter_mut().enumerate() {
            let Some(file) = self.files.get(place).filter(|file| !file.pristine && !file.named) else { continue };
            let was = before.keys.iter().position(|key| *key == file.key).and_then(|at| before.report.files.get(at));
            let is_called_by_kind = |kind| name_of(kind).is_some_and(|name| files::is_numbered(&file.name, name));
            let is_unnamed =
                files::is_numbered(&file.name, UNTITLED) || was.is_some_and(|was| is_called_by_kind(was.kind));
            let wish = match name_of(new.kind) {
                Some(name) if was.is_none_or(|was| was.kind != new.kind) => name,
                // What has become a pod again.
                None if new.kind == InputKind::KubernetesYaml && was.is_some_and(|was| is_called_by_kind(was.kind)) => {
                    UNTITLED
                }
                _ => continue,
            };
            if !is_unnamed && self.files.len() > 1 {
                continue;
            }
            let name: Rc<str> = files::free_name(&self.files, wish).into();
            new.name = name.to_string();
            if let Some(file) = self.files.get_mut(place) {
                file.name = name;
            }
            renamed = true;
        }
        if renamed {
            self.keep(out);
        }
        renamed && self.files.len() > 1
    }

    pub(super) fn close(&mut self, key: FileKey, out: &mut Vec<Effect>) {
        let Some(place) = self.files.iter().position(|file| file.key == key) else { return };
        let closed = self.files.remove(place);
        out.push(Effect::Forget(key));
        if closed.is_written() {
            let text = say_with("{name} is closed.", &[("name", &closed.name)]);
            self.offer(&text, Undo::Closed(closed));
        }
        if self.files.is_empty() {
            self.add(UNTITLED, "", true);
        }
        if self.active == key {
            let next = self.files.get(place).or(self.files.last());
            self.active = next.map_or(key, |file| file.key);
        }
        self.changed(out);
    }

    pub(super) fn open_again(&mut self, closed: &OpenFile, out: &mut Vec<Effect>) {
        // The empty file that took the place of the last one.
        for empty in self.files.extract_if(.., |file| file.pristine && file.text.is_empty()) {
            out.push(Effect::Forget(empty.key));
        }
        let name = files::free_name(&self.files, &closed.name);
        self.active = self.add(&name, &closed.text, false);
        self.changed(out);
    }

    pub(super) fn edited(&mut self, key: FileKey, text: Rc<str>, out: &mut Vec<Effect>) {
        // The name of an example says nothing of what somebody has put in its place. In a set it is what others call it by.
        let alone = self.files.len() == 1 && self.lesson.running.is_none();
        let Some(file) = self.files.iter_mut().find(|file| file.key == key) else { return };
        if file.text == text {
            return;
        }
        if alone && file.pristine && files::is_replaced(&file.text, &text) {
            file.name = UNTITLED.into();
        }
        file.text = text;
        file.pristine = false;
        if !self.notices.is_empty() {
            self.drop_past(key);
        }
        self.written = true;
        self.changed(out);
    }

    /// Something that is analysed has changed.
    pub(super) fn changed(&mut self, out: &mut Vec<Effect>) {
        self.preview = None;
        self.more_time = 0;
        if self
            .restored
            .as_ref()
            .is_some_and(|restored| self.file(restored.key).is_none_or(|f| f.text != restored.base))
        {
            self.restored = None;
        }
        self.keep(out);
        self.analyse(out);
    }

    /// Opens a new, empty file.
    pub(super) fn new_file(&mut self, out: &mut Vec<Effect>) {
        let name = files::free_name(&self.files, UNTITLED);
        self.active = self.add(&name, "", true);
        self.side = Side::Text;
        self.changed(out);
        // Whoever wants a new file wants to write in it.
        out.push(Effect::Reveal { key: self.active, from: 0, to: 0, go: true });
    }
}
