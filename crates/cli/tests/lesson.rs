//! `watertight lesson check`, as an author or a build server runs it.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::process::Command;

use tempfile::TempDir;

const LESSON: &str = "---\nid: two\ntitle: Two\n---\nMake it two.\n\n## Start\n\n```yaml a.yaml\na: 1\n```\n\n## Goal\n\n```yaml\n- \
                      contains: \"a: 2\"\n  say: It is two.\n```\n\n## Solution\n\n```yaml a.yaml\na: 2\n```\n";

/// Exit status and standard output for a course.
fn check(course: &str, expected: i32, says: &[&str]) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("course.md"), course).unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_watertight"))
        .args(["lesson", "check", "course.md"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let out = String::from_utf8(program.stdout).unwrap();
    assert_eq!(program.status.code(), Some(expected), "{out}");
    for word in says {
        assert!(out.contains(word), "{word:?} is not in {out}");
    }
}

#[test]
fn a_lesson_that_works() {
    check(LESSON, 0, &["1 lesson: 1 works as it should, 0 problems."]);
}

#[test]
fn a_start_that_is_solved_and_a_solution_that_is_not() {
    check(&LESSON.replace("a: 1\n", "a: 2\n"), 1, &["two: the start reaches every goal already"]);
    check(
        &LESSON.replace("```yaml a.yaml\na: 2", "```yaml a.yaml\na: 3"),
        1,
        &["two: the solution does not reach a goal. It is two. It is not there."],
    );
}

#[test]
fn what_cannot_be_read_is_shown_in_its_line() {
    check(
        &LESSON.replace("contains", "absent"),
        1,
        &["There is no rule `a: 2`.", "course.md:16:", "0 work as they should, 1 problem", "- absent: \"a: 2\""],
    );
    check("", 1, &["There is no lesson in this text."]);
}

#[test]
fn a_file_that_is_not_there() {
    let program =
        Command::new(env!("CARGO_BIN_EXE_watertight")).args(["lesson", "check", "nowhere.md"]).output().unwrap();
    assert_eq!(program.status.code(), Some(2));
}
