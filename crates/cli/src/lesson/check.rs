//! `watertight lesson check`

use std::io::{self, Write};
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::Args;
use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::lesson::{Course, Goal, Lesson, LessonAnswer, LessonAsk, LessonFile, LessonProblem};
use watertight::text::{Encoding, Span};
use watertight::{Input, lesson};

use crate::input::{Source, Unusable};
use crate::outcome::Outcome;
use crate::output::excerpt::Excerpt;
use crate::output::{complain, counted};
use crate::part::{Located, Part};
use crate::visible::visible;

#[derive(Args)]
pub(crate) struct Check {
    /// Courses, or - for standard input
    #[arg(value_name = "FILE|-", required = true)]
    inputs: Vec<PathBuf>,
}

pub(crate) fn run(asked: &Check, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let mut parts = Vec::new();
    for path in &asked.inputs {
        let source = Source::of(path);
        let name = source.name();
        match source.read() {
            Ok(piece) => parts.push(Part { name, piece, documents_before: 0 }),
            Err(reason) => {
                complain(&Unusable { name, reason });
                outcome = Outcome::Unusable;
            }
        }
    }
    if parts.is_empty() {
        return Ok(Outcome::Unusable);
    }
    let inputs: Vec<_> = parts.iter().map(|part| Input { name: &part.name, text: &part.piece.text }).collect();
    let course = course(&inputs);
    let located: Vec<_> = parts.iter().map(Located::new).collect();
    for problem in &course.problems {
        outcome.worsen(Outcome::Found);
        if let Some(located) = located.get(problem.place.file as usize) {
            writeln!(out, "{}\n", shown(problem, located, colored))?;
        }
    }
    let mut working = 0;
    for lesson in &course.lessons {
        match works(lesson, out)? {
            true => working += 1,
            false => outcome.worsen(Outcome::Found),
        }
    }
    let lessons = counted(course.lessons.len(), "lesson");
    let problems = counted(course.problems.len(), "problem");
    let working = match working {
        1 => "1 works as it should".to_owned(),
        some => format!("{some} work as they should"),
    };
    writeln!(out, "{lessons}: {working}, {problems}.")?;
    Ok(outcome)
}

fn course(inputs: &[Input<'_>]) -> Course {
    match lesson(inputs, &LessonAsk::Read, &Settings::default(), Encoding::Utf8) {
        LessonAnswer::Course(course) => course,
        LessonAnswer::Goals(_) => Course::default(),
    }
}

/// Whether a lesson can be failed and can be solved; says what is wrong with it otherwise.
fn works(lesson: &Lesson, out: &mut dyn Write) -> io::Result<bool> {
    let name = visible(&lesson.id);
    let start = goals(lesson, &lesson.files);
    if start.is_empty() {
        // A problem of the text says so already.
        return Ok(false);
    }
    let is_open = start.iter().any(|goal| !goal.done);
    if !is_open {
        writeln!(out, "{name}: the start reaches every goal already, so that there is nothing to do.")?;
    }
    let mut is_solved = true;
    for goal in goals(lesson, &lesson.solution).iter().filter(|goal| !goal.done) {
        is_solved = false;
        writeln!(out, "{name}: the solution does not reach a goal. {} {}", visible(&goal.text), visible(&goal.now))?;
    }
    Ok(is_open && is_solved)
}

/// Which goals of the lesson these files reach.
fn goals(of: &Lesson, files: &[LessonFile]) -> Vec<Goal> {
    let inputs: Vec<_> = files.iter().map(|file| Input { name: &file.name, text: &file.text }).collect();
    match lesson(&inputs, &LessonAsk::Try { goal: of.goal.clone() }, &Settings::default(), Encoding::Utf8) {
        LessonAnswer::Goals(goals) => goals,
        LessonAnswer::Course(_) => Vec::new(),
    }
}

fn shown(problem: &LessonProblem, located: &Located<'_>, colored: bool) -> String {
    let range = problem.place.range;
    let excerpt = Excerpt::of(located, Span { start: range.start, end: range.end });
    let snippet = Snippet::source(excerpt.source)
        .line_start(excerpt.line)
        .path(visible(&located.part.name))
        .annotation(AnnotationKind::Primary.span(excerpt.span));
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(140).render(&[Level::ERROR.primary_title(visible(&problem.message)).element(snippet)])
}
