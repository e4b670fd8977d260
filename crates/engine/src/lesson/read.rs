//! Reads a course. Never fails: what cannot be read is left out, and a problem says where.

use watertight_diagnostic::ask::lesson::{Lesson, LessonFile};
use watertight_text::Span;
use watertight_yaml::Node;

use super::files::{blocks, fence};
use super::{Problem, goal};

/// Bytes of a course; a book of lessons has a tenth of that.
const MAX_BYTES: usize = 4 << 20;
/// Lessons of a course, and files, goals and hints of a lesson.
const MAX_LESSONS: usize = 500;
pub(super) const MAX_PARTS: usize = 50;

const SECTIONS: [&str; 5] = ["Start", "Goal", "Hints", "Solution", "Why"];

/// The lessons of a text, and what is wrong in it.
pub(super) fn course(text: &str) -> (Vec<Lesson>, Vec<Problem>) {
    let (mut lessons, mut problems) = (Vec::new(), Vec::new());
    if text.len() > MAX_BYTES {
        problems.push(Problem::new("A course has at most 4 MB. Divide it into several files.", Span::at(0)));
        return (lessons, problems);
    }
    let parts = parts(text);
    if parts.is_empty() {
        problems.push(Problem::new(NO_LESSON, Span::new(0, text.lines().next().unwrap_or_default().len())));
    }
    if let Some(part) = parts.get(MAX_LESSONS) {
        problems.push(Problem::new("A course has at most 500 lessons; those from here on are left out.", part.head));
    }
    for part in parts.iter().take(MAX_LESSONS) {
        let before = problems.len();
        let lesson = lesson(text, part, &mut problems);
        let is_known = !lesson.id.is_empty() && lessons.iter().any(|other: &Lesson| other.id == lesson.id);
        if is_known {
            let message = ["The id `", &lesson.id, "` is taken by a lesson before. Give this one another."].concat();
            problems.push(Problem::new(message, part.head));
        }
        if problems.len() == before || !lesson.id.is_empty() && !is_known {
            lessons.push(lesson);
        }
    }
    (lessons, problems)
}

const NO_LESSON: &str = "There is no lesson in this text. A lesson begins with a line of three hyphens, then `id` and `title`, \
                         then three hyphens again.";

/// A lesson as it lies in its text.
struct Part {
    /// What is between the lines of hyphens.
    head: Span,
    /// What comes before the first section.
    text: Span,
    /// Each section that stands in it, by its place among [`SECTIONS`].
    sections: Vec<(usize, Span)>,
}

impl Part {
    fn section(&self, name: &str) -> Option<Span> {
        self.sections.iter().find(|(section, _)| SECTIONS.get(*section) == Some(&name)).map(|(_, span)| *span)
    }

    /// What grows as lines are read.
    fn last(&mut self) -> &mut Span {
        match self.sections.last_mut() {
            Some((_, span)) => span,
            None => &mut self.text,
        }
    }
}

/// Divides a text into lessons. Hyphens and headings between fences are part of what is fenced.
fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut head: Option<Span> = None;
    let mut fenced: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end().trim_start_matches('\u{feff}');
        let ticks = fence(bare);
        match (fenced, ticks) {
            (None, Some(ticks)) => fenced = Some(ticks),
            (Some(open), Some(ticks)) if ticks >= open && bare.trim_matches('`').is_empty() => fenced = None,
            (None, None) if bare == "---" => {
                match head.take() {
                    None => head = Some(Span::at(at)),
                    Some(open) => parts.push(Part {
                        head: Span::new(open.start as usize, start),
                        text: Span::at(at),
                        sections: Vec::new(),
                    }),
                }
                continue;
            }
            (None, None) if head.is_none() => {
                let section = bare.strip_prefix("## ").and_then(|name| SECTIONS.iter().position(|s| *s == name.trim()));
                if let (Some(section), Some(part)) = (section, parts.last_mut()) {
                    part.sections.push((section, Span::at(at)));
                    continue;
                }
            }
            _ => {}
        }
        if head.is_none()
            && let Some(part) = parts.last_mut()
        {
            part.last().end = at as u32;
        }
    }
    parts
}

fn lesson(text: &str, part: &Part, problems: &mut Vec<Problem>) -> Lesson {
    let mut lesson = front_matter(text, part.head, problems);
    lesson.text = part.text.slice(text).trim().to_owned();
    if let Some((_, twice)) =
        part.sections.iter().enumerate().find_map(|(at, section)| {
            part.sections.iter().take(at).any(|before| before.0 == section.0).then_some(section)
        })
    {
        problems.push(Problem::new("This section stands twice; the first one counts.", *twice));
    }
    lesson.files = files(text, part.section("Start"), problems);
    match part.section("Goal").and_then(|span| blocks(text, span).into_iter().next()) {
        Some(block) => {
            lesson.goal = block.body.slice(text).to_owned();
            let (wishes, wrong) = goal::read(&lesson.goal);
            problems.extend(
                wrong
                    .into_iter()
                    .map(|problem| Problem { span: problem.span.shifted(block.body.start as usize), ..problem }),
            );
            lesson.goals = wishes.into_iter().map(|wish| wish.say).collect();
        }
        None => problems.push(Problem::new(
            "This lesson has no goal: a section `## Goal` with a list in a fenced block.",
            part.head,
        )),
    }
    let hints = part.section("Hints").map(|span| hints(span.slice(text))).unwrap_or_default();
    lesson.hints = hints.into_iter().take(MAX_PARTS).collect();
    let solved = files(text, part.section("Solution"), problems);
    if solved.is_empty() {
        problems.push(Problem::new(
            "This lesson has no solution: a section `## Solution` with the files that change.",
            part.head,
        ));
    }
    lesson.solution = lesson.files.clone();
    for file in solved {
        match lesson.solution.iter_mut().find(|known| known.name == file.name) {
            Some(known) => known.text = file.text,
            None => lesson.solution.push(file),
        }
    }
    lesson.why = part.section("Why").map(|span| span.slice(text).trim().to_owned()).unwrap_or_default();
    lesson
}

fn front_matter(text: &str, head: Span, problems: &mut Vec<Problem>) -> Lesson {
    let stream = watertight_yaml::parse(head.slice(text));
    let at = |span: Span| span.shifted(head.start as usize);
    let wrong = stream.problems.iter().chain(stream.documents.iter().flat_map(|document| &document.problems));
    problems.extend(wrong.map(|problem| Problem::new(problem.message.clone(), at(problem.span))));
    let root = stream.documents.first().and_then(|document| document.root());
    let mut lesson = Lesson::default();
    for entry in root.map(Node::entries).unwrap_or_default() {
        let (value, name) = (entry.value, entry.name());
        let word = value.written().unwrap_or_default().trim();
        let whole = value.as_int();
        match name.as_ref() {
            "id" if is_id(word) => lesson.id = word.to_owned(),
            "title" if !word.is_empty() => lesson.title = value.as_str().unwrap_or(word).to_owned(),
            "minutes" if whole.is_some_and(|minutes| (1..=600).contains(&minutes)) => {
                lesson.minutes = whole.and_then(|minutes| u32::try_from(minutes).ok()).unwrap_or_default();
            }
            "order" if whole.is_some_and(|order| i32::try_from(order).is_ok()) => {
                lesson.order = whole.and_then(|order| i32::try_from(order).ok()).unwrap_or_default();
            }
            "id" => problems.push(Problem::new("An id has small letters, digits and hyphens.", at(value.span()))),
            "title" | "minutes" | "order" => {
                problems.push(Problem::new("This value cannot be used here.", at(value.span())));
            }
            _ => problems.push(Problem::new(
                "The front matter of a lesson knows id, title, minutes and order.",
                at(entry.key.span()),
            )),
        }
    }
    for (is_missing, name) in [(lesson.id.is_empty(), "id"), (lesson.title.is_empty(), "title")] {
        if is_missing {
            problems.push(Problem::new(["This lesson has no ", name, " in its front matter."].concat(), head));
        }
    }
    lesson
}

fn is_id(word: &str) -> bool {
    (1..=64).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn files(text: &str, section: Option<Span>, problems: &mut Vec<Problem>) -> Vec<LessonFile> {
    let mut found: Vec<LessonFile> = Vec::new();
    for block in section.map(|span| blocks(text, span)).unwrap_or_default() {
        match block.file(text) {
            Some(file) if found.iter().any(|known| known.name == file.name) => {
                problems.push(Problem::new("This file stands twice in its section.", block.head));
            }
            Some(_) if found.len() == MAX_PARTS => {
                problems.push(Problem::new("A lesson has at most 50 files.", block.head));
                break;
            }
            Some(file) => found.push(file),
            None => problems.push(Problem::new(
                "Say behind the fence which language it is and how the file is called, such as yaml pod.yaml.",
                block.head,
            )),
        }
    }
    found
}

/// The items of a list; lines that go on belong to the item before.
fn hints(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(item) = line.strip_prefix("- ") {
            found.push(item.trim().to_owned());
        } else if let Some(last) = found.last_mut()
            && !line.trim().is_empty()
        {
            last.push(' ');
            last.push_str(line.trim());
        }
    }
    found
}
