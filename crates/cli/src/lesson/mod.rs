//! `watertight lesson`: courses of lessons, tried before anybody learns from them.

mod check;

use std::io::{self, Write};

use clap::Subcommand;

use crate::outcome::Outcome;

/// What is asked of the lessons.
#[derive(Subcommand)]
pub(crate) enum Lesson {
    /// Try every lesson: its start has to leave a goal open, its solution has to reach all
    #[command(after_help = CHECK)]
    Check(check::Check),
}

const CHECK: &str = "\
Examples:
  watertight lesson check course.md
  watertight lesson check static/lessons/*/lesson.md

The format is told in static/lessons/README.md. Lessons are tried in the order that their front matter gives them, all
files together.

Exit status: 0 every lesson works, 1 one does not, 2 input that cannot be used.";

pub(crate) fn run(lesson: &Lesson, out: &mut dyn Write, colored: bool) -> io::Result<Outcome> {
    match lesson {
        Lesson::Check(asked) => check::run(asked, out, colored),
    }
}
