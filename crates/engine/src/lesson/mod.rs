//! Courses: lessons in Markdown, whose goals are checked by the analysers themselves.
//!
//! A course is one text with lessons one after the other. Each begins with its front matter between two lines of `---`
//! (`id`, `title`, `minutes`, `order`); then come what it tells and the sections `## Start`, `## Goal`, `## Hints`,
//! `## Solution` and `## Why`. Files of Start and Solution are fenced blocks whose first line names the language and the
//! file; the goals are a YAML list in a fenced block. Whatever else a text holds is Markdown and stays text.

mod files;
mod goal;
mod read;
#[cfg(test)]
mod tests;
mod weigh;

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::lesson::{Course, Goal, LessonAnswer, LessonAsk, LessonProblem};
use watertight_text::{Encoding, Span};

use crate::Input;
use crate::locate::Locator;

/// Reads courses, or says which goals of a lesson a set of files reaches. Offsets count in `encoding`.
///
/// ```
/// use watertight::diagnostic::Settings;
/// use watertight::diagnostic::ask::lesson::{LessonAnswer, LessonAsk};
/// use watertight::text::Encoding;
/// use watertight::{Input, lesson};
///
/// let goal = "- absent: host-pid\n  say: The host's processes are out of sight.\n";
/// let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: a}]}\n";
/// let files = [Input { name: "pod.yaml", text }];
/// let ask = LessonAsk::Try { goal: goal.to_owned() };
/// let LessonAnswer::Goals(goals) = lesson(&files, &ask, &Settings::default(), Encoding::Utf8) else { panic!() };
/// assert!(!goals[0].done);
/// ```
pub fn lesson(files: &[Input<'_>], ask: &LessonAsk, settings: &Settings, encoding: Encoding) -> LessonAnswer {
    match ask {
        LessonAsk::Read => {
            let mut course = Course::default();
            for (file, input) in (0..).zip(files) {
                let (lessons, problems) = read::course(input.text);
                let locator = Locator::of(file, input.text, encoding);
                let told = |Problem { message, span }: Problem| LessonProblem { message, place: locator.bare(span) };
                course.problems.extend(problems.into_iter().map(told));
                course.lessons.extend(lessons);
            }
            course.lessons.sort_by_key(|lesson| lesson.order);
            LessonAnswer::Course(course)
        }
        LessonAsk::Try { goal } => LessonAnswer::Goals(goals(goal, files, settings)),
    }
}

/// Which goals are reached, in their order.
fn goals(goal: &str, files: &[Input<'_>], settings: &Settings) -> Vec<Goal> {
    let (wishes, _) = goal::read(goal);
    let mut scales = weigh::Scales::new(files, settings);
    wishes
        .into_iter()
        .map(|wish| {
            let (done, now) = scales.weigh(&wish.check);
            Goal { text: wish.say, done, now }
        })
        .collect()
}

/// Something that is wrong, and where it stands in its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) span: Span,
}

impl Problem {
    fn new(message: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), span }
    }
}
