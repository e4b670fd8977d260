//! What the page and the worker say to each other, one thing a message, each with a number: [packed](crate::pack) between the
//! page and its worker, as JSON texts where others ask.
//!
//! The worker says [`Reply::Ready`] once, numbered 0, and then answers every request with a reply of the same number.
//! Offsets are UTF-16 code units.

use serde::{Deserialize, Serialize};
use watertight_diagnostic::ask::apparmor::{ApparmorAnswer, ApparmorAsk};
use watertight_diagnostic::ask::escape::{EscapeAsk, EscapeReport};
use watertight_diagnostic::ask::explore::{ExploreAsk, Explored};
use watertight_diagnostic::ask::export::ExportFormat;
use watertight_diagnostic::ask::falco::{FalcoAsk, FalcoReport};
use watertight_diagnostic::ask::lesson::{LessonAnswer, LessonAsk};
use watertight_diagnostic::ask::seccomp::{SeccompAnswer, SeccompAsk};
use watertight_diagnostic::report::{HardenReport, Report};
use watertight_diagnostic::{Operation, Rewrite, Settings};
use watertight_text::Edit;

/// A message with its number.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Numbered{T}"))]
pub struct Numbered<T> {
    /// Which request this is, or answers. The page counts from 1.
    pub id: u32,
    /// The message.
    pub body: T,
}

/// A file as the page holds it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Its name on the tab.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What the page asks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Analyse these files together.
    Analyse {
        /// The files.
        files: Vec<File>,
        /// What is asked of them.
        settings: Settings,
    },
    /// Harden these files to `settings.level`.
    Harden {
        /// The files.
        files: Vec<File>,
        /// What is asked of them.
        settings: Settings,
    },
    /// Draw the escape map of a pod in these files.
    Escape {
        /// The files.
        files: Vec<File>,
        /// Which containers, and how far.
        #[serde(default)]
        ask: EscapeAsk,
        /// What is asked of them.
        settings: Settings,
    },
    /// Say what a capability or a folder of the node opens.
    Explore {
        /// What is asked.
        ask: ExploreAsk,
        /// What is known of the node.
        settings: Settings,
    },
    /// Try the Falco rules among these files.
    Falco {
        /// The files.
        files: Vec<File>,
        /// What is asked of the rules.
        #[serde(default)]
        ask: FalcoAsk,
    },
    /// Ask AppArmor's profiles in these files, or for one for their pods.
    Apparmor {
        /// The files.
        files: Vec<File>,
        /// What is asked.
        ask: ApparmorAsk,
        /// What is asked of them.
        settings: Settings,
    },
    /// Ask the seccomp profiles in these files, and those of the runtimes, or have one made.
    Seccomp {
        /// The files.
        files: Vec<File>,
        /// What is asked.
        ask: SeccompAsk,
        /// Who reads them.
        settings: Settings,
    },
    /// Read the lessons in these files, or say which goals of a lesson they reach.
    Lesson {
        /// The files.
        files: Vec<File>,
        /// What is asked.
        ask: LessonAsk,
        /// What is asked of them.
        settings: Settings,
    },
    /// Make text edits of these operations, for this text.
    Edits {
        /// The text as it is now.
        text: String,
        /// The operations of one fix.
        operations: Vec<Operation>,
        /// Its rewrites.
        #[serde(default)]
        rewrites: Vec<Rewrite>,
    },
    /// Restore the lost indentation of this text.
    Restore {
        /// The text as it is now.
        text: String,
    },
    /// The report on these files, as the command line writes it.
    Export {
        /// The files.
        files: Vec<File>,
        /// What is asked of them.
        settings: Settings,
        /// How it is written.
        format: ExportFormat,
    },
    /// The long documentation of a rule.
    Explain {
        /// Rule id.
        rule: String,
    },
}

/// What the worker answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The question waits for the whole engine, which is being fetched. Numbered 0; the answer follows.
    Fetching,
    /// The worker is there.
    Ready {
        /// Version of the engine.
        version: String,
    },
    /// To [`Request::Analyse`].
    Report(Box<Report>),
    /// To [`Request::Harden`].
    Hardened(Box<HardenReport>),
    /// To [`Request::Escape`].
    Escape(Box<EscapeReport>),
    /// To [`Request::Explore`].
    Explored(Box<Explored>),
    /// To [`Request::Falco`].
    Falco(Box<FalcoReport>),
    /// To [`Request::Apparmor`].
    Apparmor(Box<ApparmorAnswer>),
    /// To [`Request::Seccomp`].
    Seccomp(Box<SeccompAnswer>),
    /// To [`Request::Lesson`].
    Lesson(Box<LessonAnswer>),
    /// To [`Request::Edits`].
    Edits {
        /// The edits; they do not overlap.
        edits: Vec<Edit>,
        /// Operations that could not be carried out, as sentences.
        refused: Vec<String>,
    },
    /// To [`Request::Restore`].
    Restored {
        /// The text with its structure; `None` when nothing could be restored.
        text: Option<String>,
    },
    /// To [`Request::Export`].
    Exported {
        /// The report.
        text: String,
    },
    /// To [`Request::Explain`].
    Explained {
        /// Markdown; `None` when there is no such rule.
        docs: Option<String>,
    },
    /// The request could not be read.
    Failed {
        /// Why.
        reason: String,
    },
}

/// The unit in which JavaScript and web editors count.
#[cfg(feature = "first")]
pub(crate) const ENCODING: watertight::text::Encoding = watertight::text::Encoding::Utf16;

/// The files as the engine takes them.
#[cfg(feature = "first")]
pub(crate) fn inputs(files: &[File]) -> Vec<watertight::Input<'_>> {
    files.iter().map(|file| watertight::Input { name: &file.name, text: &file.text }).collect()
}
