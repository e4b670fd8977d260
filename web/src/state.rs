//! What the page knows, and how each action changes it. Pure: what has to happen outside comes back as effects.

use std::rc::Rc;

use watertight_diagnostic::report::{HardenReport, Report};
use watertight_diagnostic::share::{Shared, SharedFile};
use watertight_diagnostic::{Category, Operation, Rewrite, Settings, Severity};
use watertight_text::Edit;
use watertight_worker::message::{File, Reply, Request};

use crate::diff::{self, Row};
use crate::examples;
use crate::few::Few;
use crate::files::{self, FileKey, OpenFile};
use crate::language::{plural, say, say_with};
use crate::preferences::{self, EditorKind, Language, MAX_REMEMBERED, Preferences, Theme};
use crate::{select, words};

mod apparmor;
mod explore;
mod falco;
mod lesson;
mod map;
mod outside;
mod seccomp;

pub use apparmor::{Act as ApparmorAct, ApparmorState, KINDS as APPARMOR_KINDS, Purpose as ApparmorPurpose};
pub use explore::{Act as ExploreAct, ExploreState, Purpose as ExplorePurpose, SAMPLE};
pub use falco::{Act as FalcoAct, FalcoState, Purpose as FalcoPurpose};
pub use lesson::{Act as LessonAct, Begun, LessonState, Purpose as LessonPurpose};
pub use map::{MapAnswer, MapState};
pub use outside::{Opening, Replaced};
pub use seccomp::{
    Act as SeccompAct, Purpose as SeccompPurpose, SeccompState, Slot as SeccompSlot, Switch as SeccompSwitch,
};

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
    /// Findings that are opened, by [`select::identity`].
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
    /// A short message on what was just done.
    pub notice: Option<Notice>,
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
}

/// The engine's side of things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Engine {
    /// On its way.
    Loading,
    /// There.
    Ready {
        /// Its version.
        version: String,
    },
    /// It cannot be had.
    Failed {
        /// Why.
        reason: String,
    },
}

/// A report with the files it speaks of.
#[derive(Clone, PartialEq, Debug)]
pub struct Analysis {
    /// [`State::stamp`] when it was asked for.
    pub stamp: u64,
    /// The report.
    pub report: Rc<Report>,
    /// The open file for each file of the report.
    pub keys: Vec<FileKey>,
}

/// A hardening with the files it speaks of.
#[derive(Clone, PartialEq, Debug)]
pub struct Hardened {
    /// [`State::stamp`] when it was asked for.
    pub stamp: u64,
    /// The result.
    pub report: Rc<HardenReport>,
    /// For each file: its key, its text before, and the comparison.
    pub files: Vec<(FileKey, Rc<str>, Rc<Vec<Row>>)>,
}

/// Why an analysis did not come back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// It took too long and was stopped.
    TooSlow {
        /// After how many seconds.
        seconds: u32,
    },
    /// The engine gave up.
    Stopped {
        /// What it said last.
        reason: String,
    },
}

/// A tab on the right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tab {
    /// A lesson, or the list of them; only while there is one.
    Lesson,
    /// What was found.
    Findings,
    /// The ways out, and which layer closes each.
    Map,
    /// The hardened text, compared.
    Hardened,
    /// What the texts would do.
    Simulate,
    /// Texts made from these.
    Generate,
    /// The mitigation checklist.
    Checklist,
}

impl Tab {
    /// All tabs, in order.
    pub const ALL: [Self; 7] =
        [Self::Lesson, Self::Findings, Self::Map, Self::Hardened, Self::Simulate, Self::Generate, Self::Checklist];
}

/// A side of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The text.
    Text,
    /// The results.
    Results,
}

/// Which findings are listed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Filter {
    /// Severities that are left out.
    pub hidden: Few<Severity>,
    /// The only category that is listed.
    pub category: Option<Category>,
    /// Words that must all occur.
    pub query: String,
}

/// A fix, shown before it is made.
#[derive(Clone, PartialEq, Debug)]
pub struct Preview {
    /// The finding, by its place in the report.
    pub finding: usize,
    /// Which of its fixes.
    pub fix: usize,
    /// The edits, once they have come.
    pub ready: Option<PreviewReady>,
}

/// The edits of a fix.
#[derive(Clone, PartialEq, Debug)]
pub struct PreviewReady {
    /// The file.
    pub key: FileKey,
    /// The text the edits fit.
    pub base: Rc<str>,
    /// The edits, in UTF-16 code units.
    pub edits: Vec<Edit>,
    /// What could not be done.
    pub refused: Vec<String>,
    /// The comparison.
    pub rows: Rc<Vec<Row>>,
}

/// A text whose indentation could be restored.
#[derive(Clone, PartialEq, Debug)]
pub struct Restored {
    /// The file.
    pub key: FileKey,
    /// Its text without indentation.
    pub base: Rc<str>,
    /// The text with it; `None` when it could not be restored after all.
    pub text: Option<Rc<str>>,
    /// The comparison.
    pub rows: Rc<Vec<Row>>,
    /// Whether the comparison is shown.
    pub shown: bool,
    /// Whether the user wants to be left alone with it.
    pub dismissed: bool,
}

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

/// What a question is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The findings.
    Analyse {
        /// [`State::stamp`].
        stamp: u64,
    },
    /// The hardened texts.
    Harden {
        /// [`State::stamp`].
        stamp: u64,
    },
    /// The escape map.
    Map {
        /// [`State::stamp`].
        stamp: u64,
        /// The pod.
        pod: usize,
    },
    /// What a capability or a folder opens.
    Explore(ExplorePurpose),
    /// AppArmor profiles, asked and made.
    Apparmor(ApparmorPurpose),
    /// Seccomp profiles, asked.
    Seccomp(SeccompPurpose),
    /// Falco rules, tried.
    Falco(FalcoPurpose),
    /// Lessons.
    Lesson(LessonPurpose),
    /// A fix of the map, to make it.
    MapFix {
        /// What it does.
        title: String,
        /// The file.
        key: FileKey,
        /// [`State::stamp`].
        stamp: u64,
    },
    /// A fix, to show it or to make it.
    Fix {
        /// The finding, by its place in the report.
        finding: usize,
        /// Which of its fixes.
        fix: usize,
        /// The file.
        key: FileKey,
        /// [`State::stamp`].
        stamp: u64,
        /// Whether to make it without showing it first.
        at_once: bool,
    },
    /// The indentation of a text.
    Restore {
        /// The file.
        key: FileKey,
        /// [`State::stamp`].
        stamp: u64,
    },
    /// What a rule is about.
    Explain {
        /// Its id.
        rule: String,
    },
}

impl Purpose {
    /// Questions of one slot supersede each other.
    pub fn slot(&self) -> Option<u32> {
        match self {
            Self::Analyse { .. } => Some(0),
            Self::Harden { .. } => Some(1),
            Self::Fix { at_once: false, .. } => Some(2),
            Self::Restore { .. } => Some(3),
            Self::Map { .. } => Some(4),
            Self::Explore(purpose) => purpose.slot(),
            Self::Apparmor(purpose) => purpose.slot(),
            Self::Seccomp(purpose) => purpose.slot(),
            Self::Falco(purpose) => purpose.slot(),
            Self::Lesson(purpose) => purpose.slot(),
            Self::Fix { at_once: true, .. } | Self::Explain { .. } | Self::MapFix { .. } => None,
        }
    }
}

/// A question to the worker, with what it is asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// What for.
    pub purpose: Purpose,
    /// The question.
    pub request: Request,
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// The page starts, with what the browser has kept and what was typed before the app was there.
    Start {
        /// Stored preferences.
        preferences: Option<String>,
        /// Stored files.
        files: Option<String>,
        /// Text typed into the first field.
        typed: Option<String>,
        /// How the address asks the page to open.
        opening: Opening,
    },
    /// Something is asked from outside of the app: by the address, by a tool of the page, by the page around a frame.
    Outside(String, String),
    /// The text of a file was changed in the editor.
    Edited {
        /// The file.
        key: FileKey,
        /// Its whole new text.
        text: Rc<str>,
    },
    /// Edits could not be made because the text had changed meanwhile.
    EditsCameLate,
    /// A tab was chosen.
    Show(FileKey),
    /// A new, empty file is wanted.
    NewFile,
    /// Files were opened or dropped: names and texts.
    Opened(Vec<(String, String)>),
    /// Files were too large to be opened.
    TooLarge(String),
    /// A file gets another name.
    Rename(FileKey, String),
    /// A file is closed.
    Close(FileKey),
    /// Other settings.
    Settings(Settings),
    /// Another theme.
    Theme(Theme),
    /// Another language of the page.
    Language(Language),
    /// The page speaks another language, and is drawn anew.
    Spoken,
    /// Another editor.
    Editor(EditorKind),
    /// Keep the files in this browser, or stop doing so.
    Remember(bool),
    /// Open or close the settings.
    OpenSettings(bool),
    /// A tab on the right.
    Tab(Tab),
    /// The side that is shown on a small screen.
    Side(Side),
    /// Which findings are listed.
    Filter(Filter),
    /// Unfold or fold a group.
    Unfold(String),
    /// Open or close a finding, and show it in the text.
    Toggle(usize),
    /// Open a finding, from the text.
    OpenFinding(usize),
    /// Show a place in the text: file of the report, start and end, and whether to go there.
    Reveal {
        /// Index into the files of the report.
        file: u32,
        /// First UTF-16 code unit.
        from: u32,
        /// One past the last.
        to: u32,
        /// Whether the editor takes the focus.
        go: bool,
    },
    /// Show what a fix would change, or stop showing it.
    PreviewFix {
        /// The finding.
        finding: usize,
        /// Which of its fixes.
        fix: usize,
    },
    /// Make a fix.
    ApplyFix {
        /// The finding.
        finding: usize,
        /// Which of its fixes.
        fix: usize,
    },
    /// Show the map of another pod.
    MapPod(usize),
    /// Show the map of another container.
    MapContainer(usize),
    /// Tell a way of the map in words, or stop telling it.
    MapStrand(usize),
    /// Make a fix of the map.
    MapFix(usize),
    /// Something about the explorer.
    Explore(ExploreAct),
    /// Something about AppArmor profiles.
    Apparmor(ApparmorAct),
    /// Something about seccomp profiles.
    Seccomp(SeccompAct),
    /// Something about Falco rules.
    Falco(FalcoAct),
    /// Something about lessons.
    Lesson(LessonAct),
    /// Put the hardened texts into the editor.
    ApplyHardened,
    /// Show the restored text beside the pasted one, or stop.
    ShowRestored,
    /// Put the restored text into the editor.
    ApplyRestored,
    /// Leave the pasted text as it is.
    DismissRestored,
    /// Long documentation of a rule.
    Explain(String),
    /// Undo what the notice tells of.
    Undo,
    /// The notice has been read.
    CloseNotice(u32),
    /// Copy a text.
    Copy(Rc<str>),
    /// Something was copied, or could not be.
    Copied(bool),
    /// Save a text as a file.
    Download {
        /// File name.
        name: String,
        /// The text.
        text: Rc<str>,
    },
    /// A screen reader should say this.
    Say(String),
    /// Analyse again, with more time.
    TryAgain,
    /// The browser could not store something.
    NotStored,
}

/// What is heard of the engine. It holds whole answers, and nobody says it twice, so it cannot be copied.
#[derive(PartialEq, Debug)]
pub enum Heard {
    /// It listens, and is of this version.
    Ready(String),
    /// It answered.
    Answered(Purpose, Reply),
    /// It was stopped because it took longer than so many seconds.
    TooSlow(Option<Purpose>, u32),
    /// It stopped by itself.
    Stopped(Option<Purpose>, String),
    /// There will be none.
    Failed(String),
}

/// Something that has to happen outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Ask the worker.
    Ask {
        /// The question.
        question: Box<Question>,
        /// How often its time is doubled.
        more_time: u32,
    },
    /// Change a text through the editor, in one undo step.
    Edit {
        /// The file.
        key: FileKey,
        /// The text the edits fit.
        base: Rc<str>,
        /// The edits, in UTF-16 code units.
        edits: Vec<Edit>,
    },
    /// Show a place in the active file.
    Reveal {
        /// The file.
        key: FileKey,
        /// First UTF-16 code unit.
        from: u32,
        /// One past the last.
        to: u32,
        /// Whether the editor takes the focus.
        go: bool,
    },
    /// Bring a finding into view.
    ScrollTo(usize),
    /// Forget the history of a file.
    Forget(FileKey),
    /// Store the preferences.
    StorePreferences(String),
    /// Store the files, or remove what is stored.
    StoreFiles(Option<String>),
    /// Get the course, and what is kept of how far somebody has come.
    FetchLessons,
    /// Store which lessons are solved.
    StoreLessons(String),
    /// Use this theme.
    UseTheme(Theme),
    /// Speak this language.
    Speak(Language),
    /// Copy to the clipboard.
    Copy(Rc<str>),
    /// Save as a file.
    Download {
        /// File name.
        name: String,
        /// The text.
        text: Rc<str>,
    },
    /// Take the engine's place by a new one.
    RestartEngine,
}

impl Default for State {
    fn default() -> Self {
        Self {
            files: vec![OpenFile { key: FileKey(1), name: UNTITLED.into(), text: "".into(), pristine: true }],
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
            notice: None,
            announcement: "".into(),
            settings_open: false,
            opening: Opening::default(),
            started: false,
            drafting: true,
            next_key: 2,
            next_notice: 1,
            more_time: 0,
        }
    }
}

impl State {
    /// Whether the editor with colours is wanted, as far as that is known.
    pub fn wants_rich_editor(&self) -> bool {
        self.started && self.preferences.editor == EditorKind::Rich
    }

    /// The file that is shown.
    pub fn active_file(&self) -> Option<&OpenFile> {
        self.file(self.active)
    }

    /// An open file.
    pub fn file(&self, key: FileKey) -> Option<&OpenFile> {
        self.files.iter().find(|file| file.key == key)
    }

    /// Whether the report on the screen speaks of the texts as they are now.
    pub fn is_fresh(&self) -> bool {
        self.analysis.as_ref().is_some_and(|analysis| analysis.stamp == self.stamp)
    }

    /// The report on the screen.
    pub fn report(&self) -> Option<&Report> {
        self.analysis.as_ref().map(|analysis| &*analysis.report)
    }

    /// The documentation of a rule: whether it was asked for, and whether it is there.
    pub fn docs_of(&self, rule: &str) -> Option<&Option<Rc<str>>> {
        self.docs.iter().find(|(other, _)| other == rule).map(|(_, docs)| docs)
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
                }
            }
            Action::Tab(tab) => {
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
            Action::NewFile => {
                let name = files::free_name(&self.files, UNTITLED);
                self.active = self.add(&name, "", true);
                self.side = Side::Text;
                self.changed(out);
            }
            Action::Opened(opened) => self.open(opened, out),
            Action::TooLarge(name) => {
                self.tell(&say_with(
                    "{name} is larger than 10 MB, so it was not opened. Please open a part of it.",
                    &[("name", &name)],
                ));
            }
            Action::Rename(key, name) => self.rename(key, &name, out),
            Action::Close(key) => self.close(key, out),
            Action::Settings(settings) => {
                if settings != self.settings {
                    self.set(settings);
                    out.push(Effect::StorePreferences(self.preferences.write()));
                    self.changed(out);
                }
            }
            Action::Theme(theme) => {
                self.preferences.theme = theme;
                out.extend([Effect::StorePreferences(self.preferences.write()), Effect::UseTheme(theme)]);
            }
            Action::Language(language) => {
                self.preferences.language = language;
                out.extend([Effect::StorePreferences(self.preferences.write()), Effect::Speak(language)]);
            }
            Action::Editor(editor) => {
                self.preferences.editor = editor;
                out.push(Effect::StorePreferences(self.preferences.write()));
            }
            Action::Remember(remember) => {
                self.preferences.remember = remember;
                out.push(Effect::StorePreferences(self.preferences.write()));
                if remember {
                    // Whoever asks for it while a link is open means what is open, and what may come back.
                    if !std::mem::replace(&mut self.drafting, true)
                        && let Some(replaced) = self.replaced()
                    {
                        replaced.drafting = true;
                    }
                    self.keep(out);
                } else {
                    out.push(Effect::StoreFiles(None));
                }
            }
            Action::OpenSettings(open) => self.settings_open = open,
            Action::Filter(filter) => {
                if filter != self.filter {
                    self.filter = filter;
                    let shown = self.report().map_or(0, |report| select::matching(report, &self.filter).count());
                    self.announcement = plural(shown, "{count} finding listed", "{count} findings listed").into();
                }
            }
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
            }
            Action::Explain(rule) => {
                if self.docs_of(&rule).is_none() {
                    self.docs.push((rule.clone(), None));
                    let request = Request::Explain { rule: rule.clone() };
                    self.ask(Purpose::Explain { rule }, request, out);
                }
            }
            Action::Undo => self.undo(out),
            Action::CloseNotice(number) => {
                self.notice.take_if(|notice| notice.number == number);
            }
            Action::Copy(text) => out.push(Effect::Copy(text)),
            Action::Copied(true) => self.tell(say("Copied.")),
            Action::Copied(false) => {
                self.tell(say("The browser did not let the page copy. Please use Download instead."));
            }
            Action::Download { name, text } => out.push(Effect::Download { name, text }),
            Action::Say(sentence) => self.announcement = sentence.into(),
            Action::TryAgain => {
                self.more_time += 1;
                if matches!(self.engine, Engine::Failed { .. }) {
                    self.engine = Engine::Loading;
                    out.push(Effect::RestartEngine);
                }
                self.analyse(out);
            }
            Action::NotStored => {
                self.preferences.remember = false;
                self.tell(say("This browser does not let the page keep anything, so the files are not remembered."));
            }
        }
    }

    /// Takes in what is heard of the engine and says what has to happen outside.
    pub fn hear(&mut self, heard: Heard) -> Vec<Effect> {
        let mut out = Vec::new();
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

    /// A frame in another page keeps nothing.
    fn allowed(&self, mut effects: Vec<Effect>) -> Vec<Effect> {
        if self.opening.embed {
            effects.retain(|effect| {
                !matches!(effect, Effect::StorePreferences(_) | Effect::StoreFiles(_) | Effect::StoreLessons(_))
            });
        }
        effects
    }

    fn start(&mut self, preferences: Option<&str>, stored: Option<&str>, typed: Option<&str>, out: &mut Vec<Effect>) {
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
        let linked = link.map(|link| link.and_then(|json| Shared::read(&json).map_err(|error| error.to_string())));
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
                self.tell(&say_with("This link could not be opened. {reason}", &[("reason", &reason)]));
            }
            None => self.open_first(remembered, typed, fresh),
        }
        self.analyse(out);
        if let Some(lesson) = lesson {
            self.open_lessons(Some(lesson), out);
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
        true
    }

    /// Somebody has changed settings by hand. What a link has set beside them stays a matter of this visit.
    fn set(&mut self, settings: Settings) {
        let before = std::mem::replace(&mut self.settings, settings);
        self.preferences.settings = preferences::carried(self.preferences.settings, before, settings);
        if let Some(replaced) = self.replaced() {
            replaced.settings = preferences::carried(replaced.settings, before, settings);
        }
    }

    /// What has given way to a link and can still come back.
    fn replaced(&mut self) -> Option<&mut Replaced> {
        match &mut self.notice.as_mut()?.undo {
            Some(Undo::Replaced(replaced)) => Some(replaced),
            _ => None,
        }
    }

    fn edited(&mut self, key: FileKey, text: Rc<str>, out: &mut Vec<Effect>) {
        // The name of an example says nothing of what somebody has put in its place. In a set it is what others call it by.
        let alone = self.files.len() == 1 && self.lesson.running.is_none();
        let Some(file) = self.files.iter_mut().find(|file| file.key == key) else { return };
        if file.text == text {
            return;
        }
        if alone && file.pristine && files::is_replaced(&file.text, &text) {
            file.name = UNTITLED.into();
        }
        // What somebody goes on writing in cannot be undone from a message any more.
        let is_past =
            |(of, before, after): &(FileKey, Rc<str>, Rc<str>)| *of == key && *before != text && *after != text;
        self.notice.take_if(|notice| matches!(&notice.undo, Some(Undo::Texts(changes)) if changes.iter().any(is_past)));
        file.text = text;
        file.pristine = false;
        self.changed(out);
    }

    /// Something that is analysed has changed.
    fn changed(&mut self, out: &mut Vec<Effect>) {
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

    fn keep(&mut self, out: &mut Vec<Effect>) {
        // The files of a lesson are nobody's draft.
        if !self.preferences.remember || !self.drafting || self.lesson.running.is_some() {
            return;
        }
        let size: usize = self.files.iter().map(|file| file.text.len()).sum();
        if size > MAX_REMEMBERED {
            self.tell(say(
                "These files are too large to be remembered: a browser keeps about 2 MB of text for a page.",
            ));
            return;
        }
        out.push(Effect::StoreFiles(serde_json::to_string(&self.shared().files).ok()));
    }

    fn analyse(&mut self, out: &mut Vec<Effect>) {
        self.stamp += 1;
        let request = Request::Analyse { files: self.messages(), settings: self.settings };
        self.ask(Purpose::Analyse { stamp: self.stamp }, request, out);
    }

    fn harden_if_shown(&mut self, out: &mut Vec<Effect>) {
        let known = self.hardened.as_ref().is_some_and(|hardened| hardened.stamp == self.stamp);
        if self.tab != Tab::Hardened || known || !self.is_fresh() {
            return;
        }
        let request = Request::Harden { files: self.messages(), settings: self.settings };
        self.ask(Purpose::Harden { stamp: self.stamp }, request, out);
    }

    fn ask(&self, purpose: Purpose, request: Request, out: &mut Vec<Effect>) {
        out.push(Effect::Ask { question: Box::new(Question { purpose, request }), more_time: self.more_time });
    }

    fn messages(&self) -> Vec<File> {
        self.files.iter().map(|file| File { name: file.name.to_string(), text: file.text.to_string() }).collect()
    }

    fn add(&mut self, name: &str, text: &str, pristine: bool) -> FileKey {
        let key = FileKey(self.next_key);
        self.next_key += 1;
        self.files.push(OpenFile { key, name: name.into(), text: text.into(), pristine });
        key
    }

    fn open(&mut self, mut opened: Vec<(String, String)>, out: &mut Vec<Effect>) {
        if opened.is_empty() {
            return;
        }
        // Among the files of a lesson they would be gone with it.
        let begun = self.lesson.running.is_some().then(|| self.leave_lessons(out)).flatten();
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

    fn drop_pristine(&mut self, out: &mut Vec<Effect>) {
        for file in self.files.extract_if(.., |file| file.pristine) {
            out.push(Effect::Forget(file.key));
        }
    }

    fn rename(&mut self, key: FileKey, name: &str, out: &mut Vec<Effect>) {
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
            self.changed(out);
        }
    }

    fn close(&mut self, key: FileKey, out: &mut Vec<Effect>) {
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

    /// Files of an example take the place of those of another that nobody has touched.
    fn load<'f>(&mut self, files: impl IntoIterator<Item = (&'f str, &'f str)>, out: &mut Vec<Effect>) {
        let begun = self.leave_lessons(out);
        self.drop_pristine(out);
        self.put_example(files);
        self.opened.clear();
        self.filter = Filter::default();
        self.changed(out);
        self.offer_left(begun);
    }

    fn put_example<'f>(&mut self, files: impl IntoIterator<Item = (&'f str, &'f str)>) {
        let mut first = None;
        for (name, text) in files {
            let name = files::free_name(&self.files, name);
            let key = self.add(&name, text, true);
            first = first.or(Some(key));
        }
        self.active = first.unwrap_or(self.active);
    }

    fn toggle(&mut self, finding: usize, out: &mut Vec<Effect>) {
        let Some((identity, place)) = self.finding(finding) else { return };
        self.selected = Some(finding);
        if self.opened.remove(&identity) {
            return;
        }
        self.opened.insert(identity);
        let (file, from, to) = place;
        self.reveal(file, from, to, false, out);
    }

    fn open_finding(&mut self, finding: usize, out: &mut Vec<Effect>) {
        let Some((identity, _)) = self.finding(finding) else { return };
        self.opened.insert(identity);
        self.selected = Some(finding);
        self.tab = Tab::Findings;
        self.side = Side::Results;
        // It must be listed to be seen.
        let listed = self.report().is_some_and(|report| select::matching(report, &self.filter).any(|i| i == finding));
        if !listed {
            self.filter = Filter::default();
        }
        if let Some(title) = self.report().and_then(|report| select::fold_of(report, finding)) {
            self.unfolded.insert(title);
        }
        out.push(Effect::ScrollTo(finding));
    }

    fn finding(&self, finding: usize) -> Option<(String, (u32, u32, u32))> {
        let found = self.report()?.findings.get(finding)?;
        let place = (found.primary.file, found.primary.range.start, found.primary.range.end);
        Some((select::identity(found), place))
    }

    fn reveal(&mut self, file: u32, from: u32, to: u32, go: bool, out: &mut Vec<Effect>) {
        let Some(key) = self.key_of(file) else { return };
        self.active = key;
        out.push(Effect::Reveal { key, from, to, go });
    }

    /// The open file for a file of the report.
    pub fn key_of(&self, file: u32) -> Option<FileKey> {
        let key = *self.analysis.as_ref()?.keys.get(file as usize)?;
        self.file(key).map(|file| file.key)
    }

    fn preview_fix(&mut self, finding: usize, fix: usize, out: &mut Vec<Effect>) {
        if self.preview.as_ref().is_some_and(|preview| (preview.finding, preview.fix) == (finding, fix)) {
            self.preview = None;
            return;
        }
        if self.ask_for_fix(finding, fix, false, out) {
            self.preview = Some(Preview { finding, fix, ready: None });
        }
    }

    fn apply_fix(&mut self, finding: usize, fix: usize, out: &mut Vec<Effect>) {
        let shown = self.preview.take_if(|preview| (preview.finding, preview.fix) == (finding, fix));
        match shown.and_then(|preview| preview.ready) {
            Some(ready) => self.make_fix(finding, fix, ready, out),
            None => {
                self.ask_for_fix(finding, fix, true, out);
            }
        }
    }

    fn ask_for_fix(&mut self, finding: usize, fix: usize, at_once: bool, out: &mut Vec<Effect>) -> bool {
        let Some((file, operations, rewrites)) = self.fix(finding, fix) else { return false };
        let Some(file) = self.key_of(file).and_then(|key| self.file(key)) else { return false };
        let request = Request::Edits { text: file.text.to_string(), operations, rewrites };
        let purpose = Purpose::Fix { finding, fix, key: file.key, stamp: self.stamp, at_once };
        self.ask(purpose, request, out);
        true
    }

    fn fix(&self, finding: usize, fix: usize) -> Option<(u32, Vec<Operation>, Vec<Rewrite>)> {
        let fix = self.report()?.findings.get(finding)?.fixes.get(fix)?;
        Some((fix.file, fix.operations.clone(), fix.rewrites.clone()))
    }

    fn make_fix(&mut self, finding: usize, fix: usize, ready: PreviewReady, out: &mut Vec<Effect>) {
        if let Some(refused) = ready.refused.first() {
            self.tell(&say_with("This fix could not be made here. {refused}", &[("refused", refused)]));
            return;
        }
        let title =
            self.report().and_then(|report| report.findings.get(finding)?.fixes.get(fix)).map(|f| f.title.clone());
        let title = title.unwrap_or_else(|| say("Fixed").to_owned());
        self.change(vec![(ready.key, ready.base, ready.edits)], &say_with("Done: {title}.", &[("title", &title)]), out);
    }

    fn apply_hardened(&mut self, out: &mut Vec<Effect>) {
        let Some(hardened) = self.hardened.as_ref().filter(|hardened| hardened.stamp == self.stamp) else {
            return self.tell(say("The text has changed meanwhile. The hardened text follows in a moment."));
        };
        let changes: Vec<_> = hardened
            .files
            .iter()
            .zip(&hardened.report.files)
            .filter(|((_, base, _), file)| **base != *file.text)
            .map(|((key, base, _), file)| (*key, base.clone(), vec![files::single_edit(base, &file.text)]))
            .collect();
        let text = match changes.len() {
            0 => return self.tell(say("There is nothing to change.")),
            1 => say("The hardened text is in the editor.").to_owned(),
            n => say_with("The hardened texts of {count} files are in the editor.", &[("count", &n)]),
        };
        self.change(changes, &text, out);
    }

    fn apply_restored(&mut self, out: &mut Vec<Effect>) {
        let Some(restored) = self.restored.take() else { return };
        let Some(text) = restored.text else { return };
        let edit = files::single_edit(&restored.base, &text);
        self.change(vec![(restored.key, restored.base, vec![edit])], say("The indentation is back."), out);
    }

    /// Changes texts through the editor and remembers how to undo it.
    fn change(&mut self, changes: Vec<(FileKey, Rc<str>, Vec<Edit>)>, text: &str, out: &mut Vec<Effect>) {
        if self.opening.read_only {
            return self.tell(say("This text is only shown here. Open it in full to change it."));
        }
        let mut texts = Vec::new();
        for (key, base, edits) in &changes {
            match files::apply_utf16(base, edits) {
                Ok(after) => texts.push((*key, base.clone(), Rc::from(after))),
                Err(_) => return self.tell(say("These changes do not fit the text any more. Please try again.")),
            }
        }
        out.extend(changes.into_iter().map(|(key, base, edits)| Effect::Edit { key, base, edits }));
        self.offer(text, Undo::Texts(texts));
    }

    fn undo(&mut self, out: &mut Vec<Effect>) {
        match self.notice.take().and_then(|notice| notice.undo) {
            Some(Undo::Texts(changes)) => self.change_back(changes, out),
            Some(Undo::Replaced(replaced)) => self.bring_back(replaced, out),
            Some(Undo::Closed(file)) => self.open_again(&file, out),
            Some(Undo::Lesson(begun)) => self.go_on(*begun, out),
            None => {}
        }
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

    fn open_again(&mut self, closed: &OpenFile, out: &mut Vec<Effect>) {
        // The empty file that took the place of the last one.
        for empty in self.files.extract_if(.., |file| file.pristine && file.text.is_empty()) {
            out.push(Effect::Forget(empty.key));
        }
        let name = files::free_name(&self.files, &closed.name);
        self.active = self.add(&name, &closed.text, false);
        self.changed(out);
    }

    fn answered(&mut self, purpose: Purpose, reply: Reply, out: &mut Vec<Effect>) {
        match (purpose, reply) {
            (Purpose::Analyse { stamp }, Reply::Report(report)) => {
                if stamp == self.stamp {
                    self.take_report(*report, out);
                }
            }
            (purpose, reply) => self.answered_beside(purpose, reply, out),
        }
    }

    /// Takes in what the engine says beside its reports, which belongs to panels: the late part of the program again.
    #[inline(never)]
    fn answered_beside(&mut self, purpose: Purpose, reply: Reply, out: &mut Vec<Effect>) {
        match (purpose, reply) {
            (Purpose::Harden { stamp }, Reply::Hardened(report)) if stamp == self.stamp => self.take_hardened(*report),
            (Purpose::Map { stamp, pod }, Reply::Escape(report)) if stamp == self.stamp => {
                self.take_map(stamp, pod, *report);
            }
            (Purpose::Explore(purpose), Reply::Explored(answer)) => self.explore_answered(purpose, *answer),
            (Purpose::Apparmor(purpose), Reply::Apparmor(answer)) => self.apparmor_answered(purpose, *answer, out),
            (Purpose::Seccomp(purpose), Reply::Seccomp(answer)) => self.seccomp_answered(purpose, *answer),
            (Purpose::Falco(purpose), Reply::Falco(report)) => self.falco_answered(purpose, *report, out),
            (Purpose::Lesson(purpose), Reply::Lesson(answer)) => self.lesson_answered(purpose, *answer, out),
            (Purpose::MapFix { title, key, stamp }, Reply::Edits { edits, refused }) if stamp == self.stamp => {
                self.make_map_fix(&title, key, edits, &refused, out);
            }
            (Purpose::Fix { finding, fix, key, stamp, at_once }, Reply::Edits { edits, refused })
                if stamp == self.stamp =>
            {
                let Some(base) = self.file(key).map(|file| file.text.clone()) else { return };
                let after = files::apply_utf16(&base, &edits).unwrap_or_else(|_| base.to_string());
                let rows = Rc::new(diff::compare(&base, &after, 2));
                let ready = PreviewReady { key, base, edits, refused, rows };
                if at_once {
                    self.make_fix(finding, fix, ready, out);
                } else if let Some(preview) = &mut self.preview {
                    preview.ready = Some(ready);
                }
            }
            (Purpose::Restore { key, stamp }, Reply::Restored { text }) if stamp == self.stamp => {
                let Some(base) = self.file(key).map(|file| file.text.clone()) else { return };
                let rows = Rc::new(diff::compare(&base, text.as_deref().unwrap_or(&base), 3));
                let text = text.map(Rc::from);
                self.restored = Some(Restored { key, base, text, rows, shown: false, dismissed: false });
            }
            (Purpose::Explain { rule }, Reply::Explained { docs }) => {
                let docs = docs.unwrap_or_else(|| say("There is no longer text on this rule.").to_owned());
                self.docs.retain(|(other, _)| *other != rule);
                self.docs.push((rule, Some(docs.into())));
            }
            (purpose, Reply::Failed { reason }) => self.lost(Some(purpose), Trouble::Stopped { reason }),
            // An answer about texts that have changed since: a newer one is on its way.
            _ => {}
        }
    }

    fn take_report(&mut self, report: Report, out: &mut Vec<Effect>) {
        let keys: Vec<FileKey> = self.files.iter().map(|file| file.key).collect();
        let announcement = words::announcement(&report);
        if *self.announcement != *announcement {
            self.announcement = announcement.into();
        }
        let restorable = report.files.iter().zip(&self.files).find(|(file, _)| file.restorable).map(|(_, file)| file);
        if let Some(file) = restorable.filter(|file| self.restored.as_ref().is_none_or(|r| r.base != file.text)) {
            let request = Request::Restore { text: file.text.to_string() };
            self.ask(Purpose::Restore { key: file.key, stamp: self.stamp }, request, out);
        }
        let still: Vec<String> = report.findings.iter().map(select::identity).collect();
        self.opened.retain(|identity| still.contains(identity));
        self.selected = None;
        self.preview = None;
        self.trouble = None;
        self.analysis = Some(Analysis { stamp: self.stamp, report: Rc::new(report), keys });
        self.harden_if_shown(out);
        self.follow_sample();
        self.map_if_shown(out);
        self.explore_if_shown(out);
        self.apparmor_if_shown(out);
        self.seccomp_if_shown(out);
        self.falco_if_shown(out);
        self.falco_words(out);
        self.try_lesson(out);
    }

    fn take_hardened(&mut self, report: HardenReport) {
        let files = self
            .files
            .iter()
            .zip(&report.files)
            .map(|(file, hardened)| {
                let rows = diff::compare(&file.text, &hardened.text, 3);
                (file.key, file.text.clone(), Rc::new(rows))
            })
            .collect();
        self.hardened = Some(Hardened { stamp: self.stamp, report: Rc::new(report), files });
    }

    fn lost(&mut self, purpose: Option<Purpose>, trouble: Trouble) {
        match purpose {
            Some(
                Purpose::Analyse { .. }
                | Purpose::Harden { .. }
                | Purpose::Map { .. }
                | Purpose::Explore(_)
                | Purpose::Apparmor(_)
                | Purpose::Seccomp(_)
                | Purpose::Falco(_)
                | Purpose::Lesson(_),
            )
            | None => {
                self.announcement = words::trouble(&trouble).into();
                self.trouble = Some(trouble);
            }
            Some(Purpose::Explain { rule }) => {
                self.docs.retain(|(other, _)| *other != rule);
            }
            Some(Purpose::Fix { .. } | Purpose::MapFix { .. }) => {
                self.preview = None;
                self.tell(say("This fix could not be worked out. Please try again."));
            }
            Some(Purpose::Restore { .. }) => {}
        }
    }

    fn tell(&mut self, text: &str) {
        self.notice = Some(Notice { number: self.next_notice, text: text.to_owned(), undo: None });
        self.next_notice += 1;
    }

    /// Tells of something that can be undone.
    fn offer(&mut self, text: &str, undo: Undo) {
        self.tell(text);
        if let Some(notice) = &mut self.notice {
            notice.undo = Some(undo);
        }
    }
}

#[cfg(test)]
mod tests;
