//! What has to happen outside of the state.

use std::rc::Rc;

use watertight_text::Edit;

use super::Question;
use crate::files::FileKey;
use crate::preferences::{Language, Theme};

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
    /// Give the focus to an element, by its id: what was pressed goes, or belongs to what was. Who is in the text stays there.
    Focus(&'static str),
    /// Bring an element into view, by its id; the focus stays where it is.
    Show(&'static str),
    /// Bring a finding into view.
    ScrollTo(usize),
    /// Forget the history of a file.
    Forget(FileKey),
    /// Store the preferences.
    StorePreferences(String),
    /// Store the files, or remove what is stored.
    StoreFiles(Option<String>),
    /// Let the browser ask before the page goes, or do so no more.
    Hold(bool),
    /// Get the course, and what is kept of how far somebody has come.
    FetchLessons,
    /// Take the lesson that was left out of the address, so that it does not come back with the next reload.
    LeaveAddress,
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
