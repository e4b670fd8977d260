//! What happens to the page: what people do in it, and what is heard of the engine.

use std::rc::Rc;

use watertight_diagnostic::Settings;
use watertight_worker::message::Reply;

use super::{ApparmorAct, ExploreAct, FalcoAct, Filter, LessonAct, Opening, Purpose, SeccompAct, Side, Tab};
use crate::files::FileKey;
use crate::preferences::{EditorKind, Language, Theme};

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
    /// Undo what the newest message tells of, of those that can be undone.
    Undo,
    /// A message has been read, or somebody closes it.
    CloseNotice {
        /// Its number.
        number: u32,
        /// Whether what goes with it has the focus.
        has_focus: bool,
    },
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
