//! What the page knows, and how each action changes it. Pure: what has to happen outside comes back as effects.

use std::rc::Rc;

use watertight_diagnostic::Settings;

use crate::few::Few;
use crate::files::{FileKey, OpenFile};
use crate::language::{say, say_with};
use crate::preferences::{EditorKind, Preferences};

mod action;
mod apparmor;
mod effect;
mod explore;
mod falco;
mod files;
mod findings;
mod fixes;
mod kept;
mod lesson;
mod map;
mod outside;
mod question;
mod results;
mod seccomp;
mod start;
mod undo;
mod view;

pub use action::{Action, Heard};
pub use apparmor::{Act as ApparmorAct, ApparmorState, KINDS as APPARMOR_KINDS, Purpose as ApparmorPurpose};
pub use effect::Effect;
pub use explore::{Act as ExploreAct, ExploreState, Purpose as ExplorePurpose, SAMPLE};
pub use falco::{Act as FalcoAct, FalcoState, Purpose as FalcoPurpose};
pub use findings::Filter;
pub use fixes::{Preview, PreviewReady, Restored};
pub use lesson::{Act as LessonAct, Begun, LessonState, Purpose as LessonPurpose};
pub use map::{MapAnswer, MapState};
pub use outside::{Opening, Replaced};
pub use question::{Purpose, Question};
pub use results::{Analysis, Engine, Hardened, Trouble};
pub use seccomp::{
    Act as SeccompAct, Purpose as SeccompPurpose, SeccompState, Slot as SeccompSlot, Switch as SeccompSwitch,
};
pub use undo::{Notice, Undo};
pub use view::{Side, Tab};

/// What a file is called that nobody has named.
const UNTITLED: &str = "untitled.yaml";

/// Everything that the page knows.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// Open files, in the order of their tabs. Never empty.
    pub files: Vec<OpenFile>,
    /// The file that is shown.
    pub active: FileKey,
    /// How the user likes the page, as the browser keeps it.
    pub preferences: Preferences,
    /// What analyses are asked on this visit: what is kept, or what a link says instead.
    pub settings: Settings,
    /// Whether the engine is there.
    pub engine: Engine,
    /// Whether the late part of the page's program is there, which draws all panels but the findings.
    pub panels: bool,
    /// Grows with every change of what is to be analysed.
    pub stamp: u64,
    /// The last analysis that came back.
    pub analysis: Option<Analysis>,
    /// Why the newest analysis did not come back.
    pub trouble: Option<Trouble>,
    /// The last hardening that came back.
    pub hardened: Option<Hardened>,
    /// The escape map.
    pub map: MapState,
    /// The explorer of capabilities and folders.
    pub explore: ExploreState,
    /// AppArmor profiles, asked and made.
    pub apparmor: ApparmorState,
    /// Seccomp profiles, asked.
    pub seccomp: SeccompState,
    /// Falco rules, tried.
    pub falco: FalcoState,
    /// Lessons.
    pub lesson: LessonState,
    /// The tab on the right.
    pub tab: Tab,
    /// The side that is shown where there is room for one.
    pub side: Side,
    /// Which findings are listed.
    pub filter: Filter,
    /// Findings that are opened, by [`crate::select::identity`].
    pub opened: Few<String>,
    /// Groups whose findings are all listed, by title, and groups whose housekeeping is unfolded.
    pub unfolded: Few<String>,
    /// The finding that was chosen last.
    pub selected: Option<usize>,
    /// A fix, shown before it is made.
    pub preview: Option<Preview>,
    /// A text whose indentation could be restored.
    pub restored: Option<Restored>,
    /// Long documentation of rules, as far as it was asked for. `None` while it is on its way.
    pub docs: Vec<(String, Option<Rc<str>>)>,
    /// Short messages on what was done: those that can be undone, the newest last, and behind them one that passes.
    pub notices: Vec<Notice>,
    /// What a screen reader says.
    pub announcement: Rc<str>,
    /// Whether the settings are open.
    pub settings_open: bool,
    /// How the page was opened.
    pub opening: Opening,
    /// Whether it is known how the page was opened and what its user likes.
    started: bool,
    /// Whether what is open is what this browser keeps, if it keeps anything: not so for what a link holds.
    drafting: bool,
    next_key: u32,
    next_notice: u32,
    /// How often the user has asked for more time for this text.
    pub more_time: u32,
    /// Whether somebody has written something on this visit.
    written: bool,
    /// Whether the browser asks before the page goes.
    held: bool,
    /// Questions that are not answered yet, a bit for each of [`Purpose::slot`].
    waiting: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            files: vec![OpenFile {
                key: FileKey(1),
                name: UNTITLED.into(),
                text: "".into(),
                pristine: true,
                named: false,
            }],
            active: FileKey(1),
            preferences: Preferences::default(),
            settings: Settings::default(),
            engine: Engine::Loading,
            panels: false,
            stamp: 0,
            analysis: None,
            trouble: None,
            hardened: None,
            map: MapState::default(),
            explore: ExploreState::default(),
            apparmor: ApparmorState::default(),
            seccomp: SeccompState::default(),
            falco: FalcoState::default(),
            lesson: LessonState::default(),
            tab: Tab::Findings,
            side: Side::Text,
            filter: Filter::default(),
            opened: Few::default(),
            unfolded: Few::default(),
            selected: None,
            preview: None,
            restored: None,
            docs: Vec::new(),
            notices: Vec::new(),
            announcement: "".into(),
            settings_open: false,
            opening: Opening::default(),
            started: false,
            drafting: true,
            next_key: 2,
            next_notice: 1,
            more_time: 0,
            written: false,
            held: false,
            waiting: 0,
        }
    }
}

impl State {
    /// Whether the editor with colours is wanted, as far as that is known.
    pub fn wants_rich_editor(&self) -> bool {
        self.started && self.preferences.editor == EditorKind::Rich
    }

    /// Takes an action in and says what has to happen outside.
    pub fn apply(&mut self, action: Action) -> Vec<Effect> {
        let mut out = Vec::new();
        match action {
            Action::Start { preferences, files, typed, opening } => {
                self.started = true;
                self.opening = opening;
                self.start(preferences.as_deref(), files.as_deref(), typed.as_deref(), &mut out);
            }
            Action::Outside(kind, value) => self.outside(&kind, &value, &mut out),
            Action::Edited { key, text } => self.edited(key, text, &mut out),
            Action::Spoken => {}
            Action::Show(key) => {
                if self.file(key).is_some() {
                    self.active = key;
                    self.side = Side::Text;
                    // Whoever goes over to a file is shown its map.
                    self.map.chosen = false;
                    self.map_if_shown(&mut out);
                }
            }
            Action::Tab(tab) => {
                if self.tab != tab && !self.notices.is_empty() {
                    self.leave_behind();
                }
                self.tab = tab;
                self.side = Side::Results;
                self.harden_if_shown(&mut out);
                self.map_if_shown(&mut out);
                self.explore_if_shown(&mut out);
                self.apparmor_if_shown(&mut out);
                self.seccomp_if_shown(&mut out);
                self.falco_if_shown(&mut out);
            }
            Action::Side(side) => self.side = side,
            Action::Unfold(title) => {
                if !self.unfolded.remove(&title) {
                    self.unfolded.insert(title);
                }
            }
            Action::Toggle(finding) => self.toggle(finding, &mut out),
            Action::Reveal { file, from, to, go } => {
                if go {
                    self.side = Side::Text;
                }
                self.reveal(file, from, to, go, &mut out);
            }
            rare => self.apply_rare(rare, &mut out),
        }
        self.allowed(out)
    }

    /// Takes in what hardly anybody does in the first moment: it stands in the late part of the program.
    #[inline(never)]
    fn apply_rare(&mut self, action: Action, out: &mut Vec<Effect>) {
        match action {
            // These are taken in before.
            Action::Start { .. }
            | Action::Outside(..)
            | Action::Edited { .. }
            | Action::Spoken
            | Action::Show(_)
            | Action::Tab(_)
            | Action::Side(_)
            | Action::Unfold(_)
            | Action::Toggle(_)
            | Action::Reveal { .. } => {}
            Action::EditsCameLate => {
                self.tell(say("The text has changed meanwhile, so nothing was done. Please try again."));
            }
            Action::NewFile => self.new_file(out),
            Action::Opened(opened) => self.open(opened, out),
            Action::TooLarge(name) => {
                self.tell(&say_with(
                    "{name} is larger than 10 MB, so it was not opened. Please open a part of it.",
                    &[("name", &name)],
                ));
            }
            Action::Rename(key, name) => self.rename(key, &name, out),
            Action::Close(key) => self.close(key, out),
            Action::Settings(settings) => self.set(settings, out),
            Action::Theme(theme) => {
                self.preferences.theme = theme;
                self.store_preferences(out);
                out.push(Effect::UseTheme(theme));
            }
            Action::Language(language) => {
                self.preferences.language = language;
                self.store_preferences(out);
                out.push(Effect::Speak(language));
            }
            Action::Editor(editor) => {
                self.preferences.editor = editor;
                self.store_preferences(out);
            }
            Action::Remember(remember) => self.remember(remember, out),
            Action::OpenSettings(open) => self.settings_open = open,
            Action::Filter(filter) => self.list(filter),
            Action::OpenFinding(finding) => self.open_finding(finding, out),
            Action::PreviewFix { finding, fix } => self.preview_fix(finding, fix, out),
            Action::ApplyFix { finding, fix } => self.apply_fix(finding, fix, out),
            Action::MapPod(pod) => self.map_pod(pod, out),
            Action::MapContainer(container) => {
                self.map.container = container;
                self.map.strand = None;
            }
            Action::MapStrand(strand) => self.map_strand(strand, out),
            Action::MapFix(fix) => self.map_fix(fix, out),
            Action::Explore(act) => self.explore_act(act, out),
            Action::Apparmor(act) => self.apparmor_act(act, out),
            Action::Seccomp(act) => self.seccomp_act(act, out),
            Action::Falco(act) => self.falco_act(act, out),
            Action::Lesson(act) => self.lesson_act(act, out),
            Action::ApplyHardened => self.apply_hardened(out),
            Action::ShowRestored => {
                if let Some(restored) = &mut self.restored {
                    restored.shown = !restored.shown;
                }
            }
            Action::ApplyRestored => self.apply_restored(out),
            Action::DismissRestored => {
                if let Some(restored) = &mut self.restored {
                    restored.dismissed = true;
                }
                // The button that was pressed is gone.
                out.push(Effect::Focus("panel"));
            }
            Action::Explain(rule) => self.explain(rule, out),
            Action::Undo => self.undo(out),
            Action::CloseNotice { number, has_focus } => {
                self.notices.retain(|notice| notice.number != number);
                if has_focus {
                    out.push(Effect::Focus("panel"));
                }
            }
            Action::Copy(text) => out.push(Effect::Copy(text)),
            Action::Copied(true) => self.tell(say("Copied.")),
            Action::Copied(false) => {
                self.tell(say("The browser did not let the page copy. Please use Download instead."));
            }
            Action::Download { name, text } => out.push(Effect::Download { name, text }),
            Action::Say(sentence) => self.announcement = sentence.into(),
            Action::TryAgain => self.try_again(out),
            Action::NotStored => {
                self.preferences.remember = false;
                self.tell(say("This browser does not let the page keep anything, so the files are not remembered."));
            }
        }
    }

    /// Takes in what is heard of the engine and says what has to happen outside.
    pub fn hear(&mut self, heard: Heard) -> Vec<Effect> {
        let mut out = Vec::new();
        if let Heard::Answered(purpose, _) | Heard::TooSlow(Some(purpose), _) | Heard::Stopped(Some(purpose), _) =
            &heard
        {
            self.waiting &= !purpose.bit();
        }
        match heard {
            Heard::Ready(version) => self.engine = Engine::Ready { version },
            Heard::Answered(purpose, reply) => self.answered(purpose, reply, &mut out),
            Heard::TooSlow(purpose, seconds) => {
                self.engine = Engine::Loading;
                self.lost(purpose, Trouble::TooSlow { seconds });
            }
            Heard::Stopped(purpose, reason) => {
                self.engine = Engine::Loading;
                self.lost(purpose, Trouble::Stopped { reason });
            }
            Heard::Failed(reason) => self.engine = Engine::Failed { reason },
        }
        self.allowed(out)
    }

    /// Notes what is asked. A frame in another page keeps nothing.
    fn allowed(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        for effect in &effects {
            if let Effect::Ask { question, .. } = effect {
                self.waiting |= question.purpose.bit();
            }
        }
        if self.opening.embed {
            effects.retain(|effect| {
                !matches!(effect, Effect::StorePreferences(_) | Effect::StoreFiles(_) | Effect::StoreLessons(_))
            });
        } else if self.would_lose() != self.held {
            self.held = !self.held;
            effects.push(Effect::Hold(self.held));
        }
        effects
    }
}

#[cfg(test)]
mod tests;
