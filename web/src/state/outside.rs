//! What reaches the page from outside of the app: its address, a link that was followed, the page around a frame.

use serde::Serialize;
use watertight_diagnostic::Settings;
use watertight_diagnostic::share::{Shared, SharedFile};

use super::{Begun, Effect, OpenFile, State, Tab, Undo};
use crate::files;
use crate::language::say;
use crate::words;

/// How the address asks the page to open.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Opening {
    /// What a link holds, unpacked, or why it cannot be had.
    pub link: Option<Result<String, String>>,
    /// An empty page that shows nothing of what was kept: for sharing a screen.
    pub fresh: bool,
    /// The page stands in another one: nothing is read from the browser's storage and nothing put there.
    pub embed: bool,
    /// The text is shown and not to be changed.
    pub read_only: bool,
    /// The screen is a phone's.
    pub phone: bool,
    /// The tab on the right, by its name.
    pub view: Option<String>,
    /// The lesson that is to be opened, by its id: of the course in the link, if there is one in it.
    pub lesson: Option<String>,
}

/// What the page's tools see of it.
#[derive(Serialize)]
struct ForTools {
    files: Vec<SharedFile>,
    settings: Settings,
    #[serde(skip_serializing_if = "Option::is_none")]
    course: Option<SharedFile>,
}

/// Files that gave way to others, and can come back.
#[derive(Clone, PartialEq, Debug)]
pub struct Replaced {
    /// The files.
    pub(super) files: Vec<OpenFile>,
    /// What was asked of them.
    pub(super) settings: Settings,
    /// Whether they are what this browser keeps, if it keeps anything.
    pub(super) drafting: bool,
    /// The lesson that ran beside them, if somebody has written in its files.
    pub(super) begun: Option<Box<Begun>>,
}

impl Replaced {
    /// Whether somebody would lose something with it.
    fn is_written(&self) -> bool {
        self.begun.is_some() || self.files.iter().any(OpenFile::is_written)
    }
}

impl State {
    /// Something was asked from outside. What is not understood is passed over.
    pub(super) fn outside(&mut self, kind: &str, value: &str, out: &mut Vec<Effect>) {
        match kind {
            // A link was followed while the page was open: what was there can be brought back.
            "link" => match Shared::read(value) {
                Ok(shared) => self.replace(shared, out),
                Err(error) => self.tell(&Self::unread(error)),
            },
            // The page around a frame has put a text in; what somebody wrote before can be brought back.
            "text" => {
                if let Ok(shared) = Shared::read(value) {
                    let begun = self.leave_lessons(out);
                    self.give_way(shared, begun, say("The page around this one has put in another text."), out);
                }
            }
            "late" => self.panels = true,
            "lesson" => self.open_lessons(Some(value.to_owned()), out),
            "open" => {
                if let Ok(files) = serde_json::from_str::<Vec<SharedFile>>(value) {
                    self.open(files.into_iter().map(|file| (file.name, file.text)).collect(), out);
                }
            }
            "example" => {
                if let Ok(files) = serde_json::from_str::<Vec<SharedFile>>(value) {
                    self.load(files.iter().map(|file| (file.name.as_str(), file.text.as_str())), out);
                }
            }
            "split" => {
                if let Ok(files) = serde_json::from_str::<Vec<SharedFile>>(value) {
                    self.split(files, out);
                }
            }
            "view" => {
                self.view(value);
                self.harden_if_shown(out);
                self.map_if_shown(out);
            }
            "theme" => {
                self.preferences.theme = match value {
                    "light" => crate::preferences::Theme::Light,
                    "dark" => crate::preferences::Theme::Dark,
                    _ => crate::preferences::Theme::System,
                };
                out.push(Effect::UseTheme(self.preferences.theme));
            }
            "tell" => self.tell(value),
            "forget" => {
                self.preferences.remember = false;
                self.lesson.solved.clear();
                self.tell(say("Forgotten. What you see stays open until you close this page."));
            }
            _ => {}
        }
    }

    /// Pieces of a text that was pasted take the place of the whole, which stands before them. In what was written there since
    /// something would be lost.
    /// Part of the late program.
    #[inline(never)]
    fn split(&mut self, files: Vec<SharedFile>, out: &mut Vec<Effect>) {
        let mut files = files.into_iter().map(|file| (file.name, file.text));
        let Some((name, text)) = files.next() else { return };
        let same = self.files.iter().filter(|file| *file.text == *text && (!file.named || *file.name == *name));
        // It may be called otherwise since, by what it is.
        let whole = same.max_by_key(|file| *file.name == *name).map(|file| file.key);
        self.open(files.collect(), out);
        if let Some(whole) = whole {
            self.close(whole, out);
        }
    }

    /// Shows a tab on the right, by its name as an address writes it.
    pub(super) fn view(&mut self, name: &str) {
        let slug = |tab: Tab| words::tab_id(tab);
        // A lesson has a link of its own.
        let mut tabs = Tab::ALL.into_iter().filter(|tab| *tab != Tab::Lesson);
        if let Some(tab) = tabs.find(|tab| slug(*tab).split('-').next_back() == name.split('-').next_back()) {
            self.tab = tab;
        }
    }

    /// Puts the files of a link in the place of those that are open, without asking for an analysis. Its settings hold for
    /// this visit: anybody can write a link, so none changes what later visits are told.
    pub(super) fn put_shared(&mut self, shared: Shared) -> Replaced {
        let files = std::mem::take(&mut self.files);
        let before = Replaced { files, settings: self.settings, drafting: self.drafting, begun: None };
        self.settings = shared.settings;
        for file in shared.files {
            let name = files::free_name(&self.files, &file.name);
            self.add(&name, &file.text, false);
        }
        if let Some(first) = self.files.first() {
            self.active = first.key;
        }
        self.opened.clear();
        self.drafting = false;
        before
    }

    fn replace(&mut self, mut shared: Shared, out: &mut Vec<Effect>) {
        // What was open before a lesson is what gives way, not the files of the lesson.
        let begun = self.leave_lessons(out);
        if self.take_shared_course(&mut shared, out) && shared.files.is_empty() {
            return self.offer_left(begun);
        }
        self.give_way(shared, begun, say("The files of the link have taken the place of yours."), out);
    }

    fn give_way(&mut self, shared: Shared, begun: Option<Box<Begun>>, told: &str, out: &mut Vec<Effect>) {
        let before = Replaced { begun, ..self.put_shared(shared) };
        self.changed(out);
        if before.is_written() {
            self.offer(told, Undo::Replaced(before));
        }
    }

    /// Brings back what a link has replaced. Somebody may have written in the files of the link, or in a lesson that they
    /// began since: those can come back in their turn.
    pub(super) fn bring_back(&mut self, replaced: Replaced, out: &mut Vec<Effect>) {
        // A lesson would put its own idea of what was open before into the tabs.
        let begun = self.lesson.running.is_some().then(|| self.leave_lessons(out)).flatten();
        out.extend(self.files.iter().map(|file| Effect::Forget(file.key)));
        let given_up = Replaced {
            files: std::mem::replace(&mut self.files, replaced.files),
            settings: std::mem::replace(&mut self.settings, replaced.settings),
            drafting: std::mem::replace(&mut self.drafting, replaced.drafting),
            begun,
        };
        if let Some(first) = self.files.first() {
            self.active = first.key;
        }
        match replaced.begun {
            Some(begun) => self.go_on(*begun, out),
            None => self.changed(out),
        }
        let undo = given_up.is_written().then_some(Undo::Replaced(given_up));
        self.notify(say("Your files are back."), undo);
    }

    /// The same with the reader's own course, as JSON.
    pub fn for_tools(&self) -> String {
        let Shared { files, settings } = self.shared();
        let course = self.lesson.own.as_ref();
        let course = course.map(|own| SharedFile { name: own.name.to_string(), text: own.text.to_string() });
        serde_json::to_string(&ForTools { files, settings, course }).unwrap_or_default()
    }

    /// The open files and the settings, as a link holds them.
    pub fn shared(&self) -> Shared {
        let files =
            self.files.iter().map(|file| SharedFile { name: file.name.to_string(), text: file.text.to_string() });
        Shared { files: files.collect(), settings: self.settings }
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{KubeVersion, Level};

    use super::*;
    use crate::preferences::{EditorKind, Preferences, Theme};
    use crate::state::Action;

    fn started(opening: Opening) -> (State, Vec<Effect>) {
        let mut state = State::default();
        let stored = r#"[{"name":"mine.yaml","text":"mine"}]"#.to_owned();
        let liked = r#"{"remember":true,"theme":"dark"}"#.to_owned();
        let effects =
            state.apply(Action::Start { preferences: Some(liked), files: Some(stored), typed: None, opening });
        (state, effects)
    }

    fn names(state: &State) -> Vec<&str> {
        state.files.iter().map(|file| &*file.name).collect()
    }

    fn link(json: &str) -> Opening {
        Opening { link: Some(Ok(json.to_owned())), ..Opening::default() }
    }

    #[test]
    fn a_link_comes_before_what_was_kept_and_leaves_it_alone() {
        let (mut state, effects) = started(link(
            r#"{"files":[{"name":"a.yaml","text":"a"},{"name":"a.yaml","text":"b"}],"settings":{"level":"baseline"}}"#,
        ));
        assert_eq!(names(&state), ["a.yaml", "a-2.yaml"]);
        assert_eq!(state.settings.level, Level::Baseline);
        assert!(matches!(effects.as_slice(), [Effect::Ask { .. }]), "{effects:?}");
        let key = state.active;
        let effects = state.apply(Action::Edited { key, text: "changed".into() });
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::StoreFiles(_))), "what was kept is not lost");
    }

    #[test]
    fn what_was_typed_before_a_link_was_read_stands_beside_its_files() {
        for (typed, opened, shown) in [
            ("mine", vec!["untitled.yaml", "b.yaml", "untitled-2.yaml"], "mine"),
            (" \n", vec!["untitled.yaml", "b.yaml"], "a"),
        ] {
            let mut state = State::default();
            let opening = link(r#"{"files":[{"text":"a"},{"name":"b.yaml","text":"b"}]}"#);
            let typed = Some(typed.to_owned());
            state.apply(Action::Start { preferences: None, files: None, typed, opening });
            assert_eq!((names(&state), state.active_file().map(|file| &*file.text)), (opened, Some(shown)));
        }
    }

    #[test]
    fn a_link_that_cannot_be_read_is_told_and_the_draft_shown() {
        let too_long = Opening { link: Some(Err("It is too long.".to_owned())), ..Opening::default() };
        for (opening, told) in [(link("{}"), "This link could not be opened: "), (too_long.clone(), "It is too long.")]
        {
            let (state, _) = started(opening);
            assert_eq!(names(&state), ["mine.yaml"]);
            assert!(state.notices[0].text.starts_with(told));
        }
        let mut state = State::default();
        state.apply(Action::Start { preferences: None, files: None, typed: None, opening: too_long });
        assert_eq!(state.notices[0].text, "It is too long. The example is shown instead.");
    }

    #[test]
    fn a_fresh_page_shows_nothing_of_what_was_kept() {
        let (state, _) = started(Opening { fresh: true, ..Opening::default() });
        assert_eq!((names(&state), state.active_file().map(|file| file.text.len())), (vec!["untitled.yaml"], Some(0)));
    }

    #[test]
    fn in_another_page_nothing_is_read_or_stored() {
        let (mut state, _) = started(Opening { embed: true, ..Opening::default() });
        assert!(!names(&state).contains(&"mine.yaml"));
        assert_eq!(state.preferences, crate::preferences::Preferences::default());
        let stores = |effects: &[Effect]| {
            effects.iter().any(|effect| matches!(effect, Effect::StoreFiles(_) | Effect::StorePreferences(_)))
        };
        assert!(!stores(&state.apply(Action::Remember(true))));
        assert!(!stores(&state.apply(Action::Theme(crate::preferences::Theme::Dark))));
    }

    #[test]
    fn a_phone_begins_with_the_plain_field_until_its_user_chooses() {
        let mut state = State::default();
        let opening = Opening { phone: true, ..Opening::default() };
        let start = |preferences: Option<&str>| Action::Start {
            preferences: preferences.map(str::to_owned),
            files: None,
            typed: None,
            opening: opening.clone(),
        };
        state.apply(start(None));
        assert_eq!(state.preferences.editor, EditorKind::Plain);
        state.apply(start(Some(r#"{"editor":"rich"}"#)));
        assert_eq!(state.preferences.editor, EditorKind::Rich);
    }

    #[test]
    fn a_link_that_is_followed_can_be_undone() {
        let (mut state, _) = started(Opening::default());
        let shared = r#"{"files":[{"name":"theirs.yaml","text":"x"}]}"#;
        state.apply(Action::Outside("link".to_owned(), shared.to_owned()));
        assert_eq!(names(&state), ["theirs.yaml"]);
        state.apply(Action::Undo);
        assert_eq!(names(&state), ["mine.yaml"]);
    }

    #[test]
    fn what_somebody_wrote_in_a_frame_can_be_brought_back() {
        let (mut state, _) = started(Opening { embed: true, ..Opening::default() });
        let put = |text: &str| Action::Outside("text".to_owned(), format!(r#"{{"files":[{{"text":"{text}"}}]}}"#));
        state.apply(put("theirs"));
        assert_eq!(state.notices, [], "nobody has written anything");
        state.apply(Action::Edited { key: state.active, text: "mine".into() });
        state.apply(put("theirs again"));
        state.apply(Action::Undo);
        assert_eq!(state.active_file().map(|file| &*file.text), Some("mine"));
    }

    fn stores_files(effects: &[Effect]) -> bool {
        effects.iter().any(|effect| matches!(effect, Effect::StoreFiles(Some(_))))
    }

    #[test]
    fn files_that_came_back_are_remembered_again() {
        let shared = r#"{"files":[{"name":"theirs.yaml","text":"x"}]}"#;
        let followed = |fresh: bool| {
            let (mut state, _) = started(Opening { fresh, ..Opening::default() });
            state.apply(Action::Edited { key: state.active, text: "mine too".into() });
            state.apply(Action::Outside("link".to_owned(), shared.to_owned()));
            let key = state.active;
            assert!(!stores_files(&state.apply(Action::Edited { key, text: "theirs too".into() })));
            state
        };
        for (fresh, asks) in [(false, false), (true, false), (true, true)] {
            let mut state = followed(fresh);
            if asks {
                state.apply(Action::Remember(true));
            }
            state.apply(Action::Undo);
            let key = state.active;
            let effects = state.apply(Action::Edited { key, text: "mine again".into() });
            assert_eq!(stores_files(&effects), asks || !fresh, "fresh: {fresh}, asked: {asks}");
        }
    }

    /// What the last effect stores of the settings.
    fn stored_settings(effects: &[Effect]) -> Settings {
        let json = effects.iter().find_map(|effect| match effect {
            Effect::StorePreferences(json) => Some(json.as_str()),
            _ => None,
        });
        Preferences::read(Some(json.expect("preferences are stored"))).settings
    }

    #[test]
    fn the_settings_of_a_link_hold_for_one_visit() {
        let shared = r#"{"files":[{"text":"x"}],"settings":{"level":"privileged","writableTmp":false}}"#;
        let (mut followed, _) = started(Opening::default());
        followed.apply(Action::Outside("link".to_owned(), shared.to_owned()));
        for mut state in [started(link(shared)).0, followed] {
            assert_eq!(state.shared().settings.level, Level::Privileged);
            let effects = state.apply(Action::Theme(Theme::Light));
            assert_eq!(stored_settings(&effects), Settings::default());
            // What is changed by hand is stored, and nothing else with it.
            let kube_version = KubeVersion::Minor(30);
            let effects = state.apply(Action::Settings(Settings { kube_version, ..state.settings }));
            assert_eq!(stored_settings(&effects), Settings { kube_version, ..Settings::default() });
            assert_eq!(state.settings.level, Level::Privileged);
            state.apply(Action::Settings(Settings { level: Level::Restricted, ..state.settings }));
            assert_eq!(state.preferences.settings.level, Level::Restricted);
        }
    }

    #[test]
    fn with_the_files_come_back_the_settings() {
        let (mut state, _) = started(Opening::default());
        state.apply(Action::Settings(Settings { level: Level::Baseline, ..state.settings }));
        let shared = r#"{"files":[{"text":"x"}],"settings":{"level":"privileged"}}"#;
        state.apply(Action::Outside("link".to_owned(), shared.to_owned()));
        state.apply(Action::Settings(Settings { writable_tmp: false, ..state.settings }));
        state.apply(Action::Undo);
        let own = Settings { level: Level::Baseline, writable_tmp: false, ..Settings::default() };
        assert_eq!((state.settings, state.preferences.settings), (own, own), "what was changed since is not lost");
    }

    #[test]
    fn pieces_take_the_place_of_the_whole() {
        let pieces =
            r#"[{"name":"mine.yaml","text":"mine"},{"name":"pod.yaml","text":"a"},{"name":"rules.yaml","text":"b"}]"#;
        let opened = |text: &str, shown: Option<Action>| {
            let (mut state, _) = started(Opening::default());
            state.apply(Action::Edited { key: state.active, text: text.into() });
            shown.into_iter().for_each(|action| drop(state.apply(action)));
            state.apply(Action::Outside("split".to_owned(), pieces.to_owned()));
            names(&state).join(" ")
        };
        let other = Action::Opened(vec![("other.yaml".to_owned(), "other".to_owned())]);
        assert_eq!(opened("mine", None), "pod.yaml rules.yaml");
        assert_eq!(opened("mine", Some(other)), "other.yaml pod.yaml rules.yaml", "another file is shown by now");
        assert_eq!(opened("mine too", None), "mine.yaml pod.yaml rules.yaml", "something was written since");
    }

    #[test]
    fn nonsense_from_outside_is_passed_over() {
        for (kind, value) in [("text", "{}"), ("open", "[1]"), ("view", "<b>"), ("__proto__", "x"), ("split", "null")] {
            let (mut state, _) = started(Opening::default());
            let before = state.clone();
            assert_eq!(state.apply(Action::Outside(kind.to_owned(), value.to_owned())), []);
            assert_eq!(state, before, "{kind}");
        }
    }
}
