//! The course: every lesson can be read, has something to do, and its own solution does it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it cannot read the checkout"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use watertight::diagnostic::Settings;
use watertight::diagnostic::ask::lesson::{Course, Goal, Lesson, LessonAnswer, LessonAsk, LessonFile};
use watertight::text::Encoding;
use watertight::{Input, lesson};

fn course() -> Course {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/lessons");
    let texts: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("lesson.md"))
        .filter(|path| path.exists())
        .map(|path| {
            (
                path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    let inputs: Vec<_> = texts.iter().map(|(name, text)| Input { name, text }).collect();
    let LessonAnswer::Course(course) = lesson(&inputs, &LessonAsk::Read, &Settings::default(), Encoding::Utf8) else {
        panic!("no course");
    };
    if let Some(problem) = course.problems.first() {
        let (name, _) = &texts[problem.place.file as usize];
        panic!("{name}:{}: {}", problem.place.range.start_line, problem.message);
    }
    let folders: BTreeSet<_> = texts.iter().map(|(name, _)| name.as_str()).collect();
    let ids: BTreeSet<_> = course.lessons.iter().map(|lesson| lesson.id.as_str()).collect();
    assert_eq!(folders, ids, "a lesson stands in the folder of its id");
    course
}

fn goals(lesson: &Lesson, files: &[LessonFile]) -> Vec<Goal> {
    let inputs: Vec<_> = files.iter().map(|file| Input { name: &file.name, text: &file.text }).collect();
    let ask = LessonAsk::Try { goal: lesson.goal.clone() };
    match watertight::lesson(&inputs, &ask, &Settings::default(), Encoding::Utf8) {
        LessonAnswer::Goals(goals) => goals,
        LessonAnswer::Course(_) => panic!("no goals"),
    }
}

#[test]
fn the_course_is_whole() {
    let course = course();
    assert!(course.lessons.len() >= 14, "{} lessons", course.lessons.len());
    for (place, lesson) in (1..).zip(&course.lessons) {
        assert_eq!(lesson.order, place, "{}", lesson.id);
        assert!((5..=10).contains(&lesson.minutes), "{}", lesson.id);
        assert!(!lesson.hints.is_empty() && !lesson.why.is_empty() && !lesson.text.is_empty(), "{}", lesson.id);
    }
}

#[test]
fn every_start_has_something_to_do_and_every_solution_does_it() {
    let mut wrong = Vec::new();
    for lesson in course().lessons {
        if goals(&lesson, &lesson.files).iter().all(|goal| goal.done) {
            wrong.push(format!("{}: the start reaches every goal", lesson.id));
        }
        let left = goals(&lesson, &lesson.solution).into_iter().filter(|goal| !goal.done);
        wrong.extend(left.map(|goal| format!("{}: {} {}", lesson.id, goal.text, goal.now)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn deleting_everything_solves_nothing() {
    for lesson in course().lessons {
        assert!(goals(&lesson, &[]).iter().any(|goal| !goal.done), "{}", lesson.id);
        let empty: Vec<_> =
            lesson.files.iter().map(|file| LessonFile { name: file.name.clone(), text: String::new() }).collect();
        assert!(goals(&lesson, &empty).iter().any(|goal| !goal.done), "{}", lesson.id);
    }
}
