//! Lessons: what a course holds, and which goals of a lesson are reached.

use serde::{Deserialize, Serialize};

use crate::report::Place;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LessonAsk {
    /// Read the files as courses.
    Read,
    /// Which goals the files reach.
    Try {
        /// [`Lesson::goal`].
        goal: String,
    },
}

/// The answer, in the kind of the question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LessonAnswer {
    /// To [`LessonAsk::Read`].
    Course(Course),
    /// To [`LessonAsk::Try`]: one entry a goal.
    Goals(Vec<Goal>),
}

/// Lessons in their order.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Course {
    /// What could be read.
    pub lessons: Vec<Lesson>,
    /// What could not.
    pub problems: Vec<LessonProblem>,
}

/// Something in a course that is not as it should be.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LessonProblem {
    /// What, and what to do, as sentences.
    pub message: String,
    /// Where.
    pub place: Place,
}

/// One lesson. Its texts are Markdown.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lesson {
    /// Its name in links.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How long it takes; 0 when nobody says.
    pub minutes: u32,
    /// Its place in the course: lesser ones first.
    pub order: i32,
    /// What it tells.
    pub text: String,
    /// What the editor holds at its start.
    pub files: Vec<LessonFile>,
    /// The goals as they are written, for [`LessonAsk::Try`].
    pub goal: String,
    /// The goals in words.
    pub goals: Vec<String>,
    /// Hints, the vaguest first.
    pub hints: Vec<String>,
    /// The files as they are when it is solved, the unchanged ones included.
    pub solution: Vec<LessonFile>,
    /// What is to be taken away from it.
    pub why: String,
}

/// A file of a lesson.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LessonFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A goal, and whether it is reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Goal {
    /// What should be so.
    pub text: String,
    /// Whether it is.
    pub done: bool,
    /// How things stand, as a sentence.
    pub now: String,
}
