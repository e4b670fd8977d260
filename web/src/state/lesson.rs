//! Lessons: the course, the lesson that is open, and how far it has come. The engine says which goals are reached.

use std::rc::Rc;

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::lesson::{Course, Goal, Lesson, LessonAnswer, LessonAsk, LessonFile};
use watertight_diagnostic::share::{Shared, SharedFile};
use watertight_worker::message::{File, Request};

use super::{Effect, Side, State, Tab, Undo};
use crate::few::Few;
use crate::files::{FileKey, OpenFile};
use crate::language::{say, say_with};

/// The most that is kept of how far somebody has come: ids of lessons.
const MAX_SOLVED: usize = 1_000;

/// The course, and the lesson that is open.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LessonState {
    /// Whether the lessons have their tab.
    pub shown: bool,
    /// The course, once it has come.
    pub course: Option<Rc<Course>>,
    /// Why it has not come.
    pub failed: bool,
    /// The file that the course is from; `None` for the one of the house.
    pub own: Option<OwnCourse>,
    /// The lesson that is read, by its place; `None` for the list.
    pub at: Option<usize>,
    /// The lesson whose files are in the tabs.
    pub running: Option<usize>,
    /// Its goals, and [`State::stamp`] when they were asked for.
    pub goals: Option<(u64, Rc<Vec<Goal>>)>,
    /// How many of its hints are shown.
    pub hints: usize,
    /// Ids of lessons that were solved in this browser.
    pub solved: Few<String>,
    /// Whether type is large and everything beside text and results is out of the way.
    pub presenting: bool,
    /// The lesson that a link asks for, until the course is there.
    wanted: Option<String>,
    /// What was open before the first lesson.
    kept: Vec<OpenFile>,
}

/// A course that somebody has written themselves.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnCourse {
    /// Name of its file.
    pub name: Rc<str>,
    /// Its text, to be shared.
    pub text: Rc<str>,
}

/// A lesson in whose files somebody has written, to go on with it.
#[derive(Clone, PartialEq, Debug)]
pub struct Begun {
    lesson: LessonState,
    files: Vec<OpenFile>,
    active: FileKey,
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Show the lessons; with the id of one, that lesson.
    Open(Option<String>),
    /// The course of the house has come, or has not; with what is kept of how far somebody has come.
    Came(Option<String>, Option<String>),
    /// Show the list.
    List,
    /// Begin a lesson, or go on with it.
    Choose(usize),
    /// Begin it anew.
    Again,
    /// Show one more hint.
    Hint,
    /// Put the solution into the tabs.
    Solve,
    /// Show everything large, or as usual.
    Present,
    /// Leave the lessons; what was open before comes back.
    Leave,
}

/// What an answer is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The lessons of a course.
    Course,
    /// The goals of the lesson that runs.
    Goals {
        /// [`State::stamp`].
        stamp: u64,
        /// The lesson.
        lesson: usize,
    },
}

impl Purpose {
    /// Questions of one slot supersede each other.
    pub fn slot(&self) -> Option<u32> {
        match self {
            Self::Course => Some(40),
            Self::Goals { .. } => Some(41),
        }
    }
}

impl LessonState {
    /// The lesson that is read.
    pub fn lesson(&self) -> Option<&Lesson> {
        self.course.as_ref()?.lessons.get(self.at?)
    }

    /// What was open before the first lesson.
    pub(super) fn beside(&self) -> &[OpenFile] {
        &self.kept
    }

    /// Whether every goal of the lesson that runs is reached.
    pub fn is_solved(&self) -> bool {
        self.goals.as_ref().is_some_and(|(_, goals)| !goals.is_empty() && goals.iter().all(|goal| goal.done))
    }
}

/// Whether a text is a course.
fn is_course(name: &str, text: &str) -> bool {
    name.ends_with(".md") && text.trim_start_matches('\u{feff}').starts_with("---") && text.contains("\n## Goal")
}

impl State {
    /// Takes an action in.
    pub(super) fn lesson_act(&mut self, act: Act, out: &mut Vec<Effect>) {
        match act {
            Act::Open(wanted) => self.open_lessons(wanted, out),
            Act::Came(text, solved) => {
                // A frame reads nothing of what the full page keeps.
                let solved = solved.filter(|_| !self.opening.embed);
                let solved: Vec<String> = solved.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
                for id in solved.into_iter().take(MAX_SOLVED) {
                    self.lesson.solved.insert(id);
                }
                self.lesson.failed = text.is_none();
                if let Some(text) = text {
                    self.read_course("course.md", text, out);
                }
            }
            Act::List => self.lesson.at = None,
            Act::Choose(place) => self.choose_lesson(place, out),
            Act::Again => {
                let begun = self.begun();
                self.run_lesson(out);
                self.offer_begun(say("The lesson begins anew. What you wrote can come back."), begun);
            }
            Act::Hint => self.lesson.hints += 1,
            Act::Solve => {
                if let Some(lesson) = self.lesson.lesson().cloned() {
                    let begun = self.begun();
                    self.lesson_files(&lesson.solution, out);
                    let text =
                        say("The solution is in the tabs. Compare it with what you had: Again brings the start back.");
                    self.notify(text, begun.map(Undo::Lesson));
                }
            }
            Act::Present => self.lesson.presenting = !self.lesson.presenting,
            Act::Leave => {
                let begun = self.leave_lessons(out);
                out.push(Effect::LeaveAddress);
                self.offer_left(begun);
            }
        }
    }

    pub(super) fn open_lessons(&mut self, wanted: Option<String>, out: &mut Vec<Effect>) {
        self.lesson.shown = true;
        self.tab = Tab::Lesson;
        self.side = Side::Results;
        self.lesson.wanted = wanted;
        match self.lesson.course {
            Some(_) => self.go_where_wanted(out),
            // A course of one's own is on its way.
            None if self.lesson.own.is_some() => {}
            None => {
                self.lesson.failed = false;
                out.push(Effect::FetchLessons);
            }
        }
    }

    /// Takes courses out of files that were opened, and shows the first.
    pub(super) fn take_course(&mut self, opened: &mut Vec<(String, String)>, out: &mut Vec<Effect>) {
        let Some(place) = opened.iter().position(|(name, text)| is_course(name, text)) else { return };
        let (name, text) = opened.remove(place);
        self.leave_lessons(out);
        self.lesson.shown = true;
        self.tab = Tab::Lesson;
        self.side = Side::Results;
        self.lesson.own = Some(OwnCourse { name: name.as_str().into(), text: text.as_str().into() });
        self.read_course(&name, text, out);
    }

    /// Takes the course out of what a link holds; says whether there was one.
    pub(super) fn take_shared_course(&mut self, shared: &mut Shared, out: &mut Vec<Effect>) -> bool {
        let files = std::mem::take(&mut shared.files);
        let mut files: Vec<(String, String)> = files.into_iter().map(|file| (file.name, file.text)).collect();
        let all = files.len();
        self.take_course(&mut files, out);
        shared.files = files.into_iter().map(|(name, text)| SharedFile { name, text }).collect();
        shared.files.len() < all
    }

    fn read_course(&mut self, name: &str, text: String, out: &mut Vec<Effect>) {
        let files = vec![File { name: name.to_owned(), text }];
        let request = Request::Lesson { files, ask: LessonAsk::Read, settings: Settings::default() };
        self.ask(super::Purpose::Lesson(Purpose::Course), request, out);
    }

    /// Takes an answer.
    pub(super) fn lesson_answered(&mut self, purpose: Purpose, answer: LessonAnswer, out: &mut Vec<Effect>) {
        match (purpose, answer) {
            (Purpose::Course, LessonAnswer::Course(course)) => {
                if let Some(problem) = course.problems.first() {
                    self.tell(&say_with(
                        if course.problems.len() == 1 {
                            "{count} problem in this course. Line {line}: {message}"
                        } else {
                            "{count} problems in this course. Line {line}: {message}"
                        },
                        &[
                            ("count", &course.problems.len()),
                            ("line", &problem.place.range.start_line),
                            ("message", &problem.message),
                        ],
                    ));
                }
                self.lesson.course = Some(Rc::new(course));
                self.go_where_wanted(out);
            }
            (Purpose::Goals { stamp, lesson }, LessonAnswer::Goals(goals))
                if stamp == self.stamp && Some(lesson) == self.lesson.running =>
            {
                let was_solved = self.lesson.is_solved();
                self.lesson.goals = Some((stamp, Rc::new(goals)));
                if self.lesson.is_solved() && !was_solved {
                    self.announcement = say("Every goal of the lesson is reached.").into();
                    self.lesson_solved(lesson, out);
                }
            }
            _ => {}
        }
    }

    fn lesson_solved(&mut self, place: usize, out: &mut Vec<Effect>) {
        let Some(id) = self.lesson.course.as_ref().and_then(|course| course.lessons.get(place)).map(|l| l.id.clone())
        else {
            return;
        };
        // Ids of a course of one's own may be those of the house's.
        if self.lesson.own.is_none() && self.lesson.solved.insert(id) {
            out.extend(serde_json::to_string(&self.lesson.solved).ok().map(Effect::StoreLessons));
        }
    }

    /// Part of the late program: when a page opens no course is there yet.
    #[inline(never)]
    fn go_where_wanted(&mut self, out: &mut Vec<Effect>) {
        let Some(wanted) = self.lesson.wanted.take() else { return };
        let lessons = self.lesson.course.iter().flat_map(|course| &course.lessons);
        match lessons.into_iter().position(|lesson| lesson.id == wanted) {
            Some(place) => self.choose_lesson(place, out),
            None => self.tell(say("The link asks for a lesson that this course does not have. Here is the list.")),
        }
    }

    fn choose_lesson(&mut self, place: usize, out: &mut Vec<Effect>) {
        self.lesson.at = Some(place);
        if self.lesson.running != Some(place) {
            let begun = self.begun();
            self.run_lesson(out);
            let text = say("Another lesson is in the tabs. What you wrote in the last one can come back.");
            self.offer_begun(text, begun);
        }
    }

    /// Puts the start of the lesson that is read into the tabs.
    fn run_lesson(&mut self, out: &mut Vec<Effect>) {
        let Some(lesson) = self.lesson.lesson().cloned() else { return };
        if self.lesson.running.is_none() {
            self.lesson.kept = self.files.clone();
        }
        self.lesson.running = self.lesson.at;
        self.lesson.hints = 0;
        self.lesson_files(&lesson.files, out);
    }

    fn lesson_files(&mut self, files: &[LessonFile], out: &mut Vec<Effect>) {
        self.lesson.goals = None;
        for file in std::mem::take(&mut self.files) {
            out.push(Effect::Forget(file.key));
        }
        for file in files {
            self.add(&file.name, &file.text, true);
        }
        self.show_files(out);
    }

    fn show_files(&mut self, out: &mut Vec<Effect>) {
        if self.files.is_empty() {
            self.add("untitled.yaml", "", true);
        }
        self.active = self.files.first().map_or(self.active, |file| file.key);
        self.changed(out);
    }

    /// The lesson that runs, if somebody has written in its files.
    fn begun(&self) -> Option<Box<Begun>> {
        let is_begun = self.lesson.running.is_some() && self.files.iter().any(OpenFile::is_written);
        let begun = || Begun { lesson: self.lesson.clone(), files: self.files.clone(), active: self.active };
        is_begun.then(|| Box::new(begun()))
    }

    /// Tells that a lesson has given way, where something in it would be lost.
    fn offer_begun(&mut self, text: &str, begun: Option<Box<Begun>>) {
        if let Some(begun) = begun {
            self.offer(text, Undo::Lesson(begun));
        }
    }

    /// Tells that a lesson was left, where something in it would be lost.
    pub(super) fn offer_left(&mut self, begun: Option<Box<Begun>>) {
        self.offer_begun(say("You have left the lesson. What you wrote in it can come back."), begun);
    }

    /// Goes on with a lesson that has given way.
    pub(super) fn go_on(&mut self, begun: Begun, out: &mut Vec<Effect>) {
        let given_up = self.begun();
        let before = std::mem::replace(&mut self.lesson, begun.lesson);
        let files = std::mem::replace(&mut self.files, begun.files);
        out.extend(files.iter().map(|file| Effect::Forget(file.key)));
        self.lesson.solved = before.solved;
        // What came into the tabs after the lesson was left is what is open beside it now.
        self.lesson.kept = if before.running.is_some() { before.kept } else { files };
        self.active = begun.active;
        self.tab = Tab::Lesson;
        self.changed(out);
        self.notify(say("What you wrote is back."), given_up.map(Undo::Lesson));
    }

    /// What was open before comes back; gives the lesson, if somebody has written in its files.
    pub(super) fn leave_lessons(&mut self, out: &mut Vec<Effect>) -> Option<Box<Begun>> {
        let begun = self.begun();
        let solved = std::mem::take(&mut self.lesson.solved);
        let before = std::mem::replace(&mut self.lesson, LessonState { solved, ..LessonState::default() });
        if self.tab == Tab::Lesson {
            self.tab = Tab::Findings;
        }
        if before.running.is_some() {
            for file in std::mem::replace(&mut self.files, before.kept) {
                out.push(Effect::Forget(file.key));
            }
            self.show_files(out);
        }
        begun
    }

    /// Asks which goals are reached, when a lesson runs.
    pub(super) fn try_lesson(&mut self, out: &mut Vec<Effect>) {
        let Some(lesson) = self.lesson.running else { return };
        let Some(goal) = self.lesson.course.as_ref().and_then(|course| course.lessons.get(lesson)).map(|l| &l.goal)
        else {
            return;
        };
        // The goals hold for the course's own node, whatever the reader has set.
        let ask = LessonAsk::Try { goal: goal.clone() };
        let request = Request::Lesson { files: self.messages(), ask, settings: Settings::default() };
        self.ask(super::Purpose::Lesson(Purpose::Goals { stamp: self.stamp, lesson }), request, out);
    }
}

#[cfg(test)]
mod tests {
    use watertight_worker::message::Reply;

    use super::super::{Action, Heard, Opening, Purpose as Asked};
    use super::*;

    fn lesson(id: &str, text: &str) -> Lesson {
        let file = |text: &str| LessonFile { name: "pod.yaml".to_owned(), text: text.to_owned() };
        Lesson {
            id: id.to_owned(),
            goal: "- lacks: no".to_owned(),
            files: vec![file(text)],
            solution: vec![file("yes")],
            ..Lesson::default()
        }
    }

    fn text(state: &State) -> Vec<&str> {
        state.files.iter().map(|file| &*file.text).collect()
    }

    /// A page with a text of one's own, and the course of two lessons.
    fn page() -> State {
        let mut state = State::default();
        let opening = Opening::default();
        state.apply(Action::Start { preferences: None, files: None, typed: Some("mine".to_owned()), opening });
        let effects = state.apply(Action::Lesson(Act::Open(None)));
        assert_eq!(effects, [Effect::FetchLessons]);
        state.apply(Action::Lesson(Act::Came(Some("text".to_owned()), Some("[\"old\"]".to_owned()))));
        give_course(&mut state);
        state
    }

    fn give_course(state: &mut State) {
        let course = Course { lessons: vec![lesson("one", "no 1"), lesson("two", "no 2")], problems: Vec::new() };
        answer(state, Purpose::Course, LessonAnswer::Course(course));
    }

    fn answer(state: &mut State, purpose: Purpose, answer: LessonAnswer) -> Vec<Effect> {
        state.hear(Heard::Answered(Asked::Lesson(purpose), Reply::Lesson(Box::new(answer))))
    }

    fn goals(state: &mut State, done: bool) -> Vec<Effect> {
        let purpose = Purpose::Goals { stamp: state.stamp, lesson: state.lesson.running.unwrap_or_default() };
        let goal = Goal { text: String::new(), done, now: String::new() };
        answer(state, purpose, LessonAnswer::Goals(vec![goal]))
    }

    #[test]
    fn a_lesson_takes_the_tabs_and_gives_them_back() {
        let mut state = page();
        assert_eq!(text(&state), ["mine"]);
        state.apply(Action::Lesson(Act::Choose(1)));
        assert_eq!(text(&state), ["no 2"]);
        state.apply(Action::Lesson(Act::Solve));
        assert_eq!(text(&state), ["yes"]);
        state.apply(Action::Lesson(Act::Again));
        assert_eq!(text(&state), ["no 2"]);
        let effects = state.apply(Action::Lesson(Act::Leave));
        assert!(effects.contains(&Effect::LeaveAddress), "{effects:?}");
        assert_eq!(text(&state), ["mine"]);
        assert_eq!((state.tab, state.lesson.shown), (Tab::Findings, false));
    }

    #[test]
    fn what_was_begun_stays_while_one_looks_at_the_list() {
        let mut state = page();
        state.apply(Action::Lesson(Act::Choose(0)));
        state.apply(Action::Edited { key: state.active, text: "begun".into() });
        state.apply(Action::Lesson(Act::List));
        state.apply(Action::Lesson(Act::Choose(0)));
        assert_eq!(text(&state), ["begun"]);
    }

    /// The page with the first lesson begun.
    fn begun() -> State {
        let mut state = page();
        state.apply(Action::Lesson(Act::Choose(0)));
        state.apply(Action::Edited { key: state.active, text: "begun".into() });
        state
    }

    #[test]
    fn what_was_written_in_a_lesson_comes_back() {
        let opened = || Action::Opened(vec![("b.yaml".to_owned(), "b".to_owned())]);
        let outside = |kind: &str, value: &str| Action::Outside(kind.to_owned(), value.to_owned());
        for (action, shown, beside) in [
            (Action::Lesson(Act::Again), vec!["no 1"], vec!["mine"]),
            (Action::Lesson(Act::Solve), vec!["yes"], vec!["mine"]),
            (Action::Lesson(Act::Choose(1)), vec!["no 2"], vec!["mine"]),
            (Action::Lesson(Act::Leave), vec!["mine"], vec!["mine"]),
            (opened(), vec!["mine", "b"], vec!["mine", "b"]),
            (Action::Opened(vec![("c.md".to_owned(), COURSE.to_owned())]), vec!["mine"], vec!["mine"]),
            (outside("open", r#"[{"name":"b.yaml","text":"b"}]"#), vec!["mine", "b"], vec!["mine", "b"]),
            (outside("example", r#"[{"name":"e.yaml","text":"e"}]"#), vec!["mine", "e"], vec!["mine", "e"]),
            (outside("link", &link(&[("t.yaml", "theirs")])), vec!["theirs"], vec!["mine"]),
            (outside("link", &link(&[("c.md", COURSE)])), vec!["mine"], vec!["mine"]),
        ] {
            let mut state = begun();
            let name = format!("{action:?}");
            state.apply(action);
            assert_eq!(text(&state), shown, "{name}");
            state.apply(Action::Undo);
            assert_eq!(
                (text(&state), state.lesson.running, state.tab),
                (vec!["begun"], Some(0), Tab::Lesson),
                "{name}"
            );
            assert!(state.lesson.own.is_none() && state.lesson.shown, "{name}");
            state.apply(Action::Lesson(Act::Leave));
            assert_eq!(text(&state), beside, "{name}");
        }
    }

    #[test]
    fn where_nobody_has_written_nothing_is_offered() {
        let choices = [Act::Again, Act::Choose(1), Act::Leave, Act::Solve];
        for act in choices {
            let mut state = page();
            state.apply(Action::Lesson(Act::Choose(0)));
            state.apply(Action::Lesson(act));
            assert!(state.notices.iter().all(|notice| notice.undo.is_none()));
        }
    }

    #[test]
    fn a_solution_that_is_asked_for_twice_still_gives_way() {
        let mut state = begun();
        for act in [Act::Solve, Act::Solve, Act::Again, Act::Solve] {
            state.apply(Action::Lesson(act));
        }
        state.apply(Action::Edited { key: state.active, text: "begun anew".into() });
        state.apply(Action::Undo);
        assert_eq!(text(&state), ["begun"]);
        // Undoing the undo loses nothing either.
        state.apply(Action::Undo);
        assert_eq!(text(&state), ["begun anew"]);
    }

    #[test]
    fn what_a_link_replaced_comes_back_out_of_a_lesson() {
        let mut state = page();
        state.apply(Action::Outside("link".to_owned(), link(&[("t.yaml", "theirs")])));
        state.apply(Action::Lesson(Act::Open(Some("two".to_owned()))));
        give_course(&mut state);
        state.apply(Action::Edited { key: state.active, text: "begun".into() });
        state.apply(Action::Undo);
        assert_eq!((text(&state), state.lesson.running), (vec!["mine"], None));
        state.apply(Action::Lesson(Act::Leave));
        assert_eq!(text(&state), ["mine"]);
        state.apply(Action::Undo);
        assert_eq!((text(&state), state.lesson.running), (vec!["begun"], Some(1)));
        state.apply(Action::Lesson(Act::Leave));
        assert_eq!(text(&state), ["theirs"]);
    }

    #[test]
    fn what_is_solved_is_stored_once() {
        let mut state = page();
        state.apply(Action::Lesson(Act::Choose(0)));
        assert_eq!(goals(&mut state, false), []);
        assert!(!state.lesson.is_solved());
        assert_eq!(goals(&mut state, true), [Effect::StoreLessons("[\"old\",\"one\"]".to_owned())]);
        assert!(state.lesson.is_solved());
        // An answer about a text that has changed since says nothing of the new one.
        let late = Purpose::Goals { stamp: state.stamp - 1, lesson: 0 };
        answer(&mut state, late, LessonAnswer::Goals(Vec::new()));
        assert!(state.lesson.is_solved());
    }

    #[test]
    fn what_was_solved_is_forgotten_with_all_that_is_kept() {
        let mut state = page();
        state.apply(Action::Outside("forget".to_owned(), String::new()));
        state.apply(Action::Lesson(Act::Choose(0)));
        assert_eq!(goals(&mut state, true), [Effect::StoreLessons("[\"one\"]".to_owned())]);
    }

    #[test]
    fn the_files_of_a_lesson_are_not_kept_as_a_draft() {
        let mut state = page();
        state.apply(Action::Remember(true));
        let stores = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::StoreFiles(_)));
        let effects = state.apply(Action::Lesson(Act::Choose(0)));
        assert!(!stores(&effects));
        let effects = state.apply(Action::Lesson(Act::Leave));
        assert!(stores(&effects));
    }

    #[test]
    fn a_link_opens_its_lesson_once_the_course_is_there() {
        let mut state = page();
        state.apply(Action::Lesson(Act::Open(Some("two".to_owned()))));
        assert_eq!(state.lesson.at, Some(1));
        state.apply(Action::Lesson(Act::Open(Some("<b>none</b>".to_owned()))));
        assert_eq!(state.lesson.at, Some(1));
        assert!(!state.notices.is_empty());
    }

    #[test]
    fn a_course_of_ones_own_is_opened_as_a_file() {
        let mut state = page();
        let course = ("mine.md".to_owned(), "---\nid: a\n---\n## Goal\n".to_owned());
        let notes = ("notes.md".to_owned(), "# Notes\n".to_owned());
        let effects = state.apply(Action::Opened(vec![notes, course]));
        let asks = |effect: &Effect| matches!(effect, Effect::Ask { question, .. } if question.purpose == Asked::Lesson(Purpose::Course));
        assert!(effects.iter().any(asks));
        assert_eq!(state.lesson.own.as_ref().map(|own| &*own.name), Some("mine.md"));
        assert_eq!(text(&state), ["mine", "# Notes\n"]);
    }

    const COURSE: &str = "---\nid: a\n---\n## Goal\n";

    fn link(files: &[(&str, &str)]) -> String {
        let files = files.iter().map(|(name, text)| SharedFile { name: (*name).to_owned(), text: (*text).to_owned() });
        Shared { files: files.collect(), settings: Settings::default() }.write()
    }

    #[test]
    fn a_link_can_hold_a_course_and_name_its_lesson() {
        for (files, opened) in
            [(vec![("mine.md", COURSE)], None), (vec![("mine.md", COURSE), ("a.yaml", "a")], Some("a"))]
        {
            let mut state = State::default();
            let opening =
                Opening { link: Some(Ok(link(&files))), lesson: Some("two".to_owned()), ..Opening::default() };
            let effects = state.apply(Action::Start { preferences: None, files: None, typed: None, opening });
            assert!(!effects.contains(&Effect::FetchLessons), "the lesson is one of the link's course");
            assert_eq!(state.lesson.own.as_ref().map(|own| &*own.name), Some("mine.md"));
            assert!(opened.is_none_or(|text| self::text(&state) == [text]));
            give_course(&mut state);
            assert_eq!((text(&state), state.lesson.at), (vec!["no 2"], Some(1)));
            assert!(state.for_tools().contains("\"course\":{\"name\":\"mine.md\""));
        }
    }

    #[test]
    fn a_link_to_texts_ends_the_lesson_and_can_be_undone() {
        let mut state = page();
        state.apply(Action::Lesson(Act::Choose(0)));
        state.apply(Action::Outside("link".to_owned(), link(&[("theirs.yaml", "theirs")])));
        assert_eq!(text(&state), ["theirs"]);
        assert_eq!((state.lesson.shown, state.lesson.running, state.tab), (false, None, Tab::Findings));
        state.apply(Action::Undo);
        assert_eq!(text(&state), ["mine"]);
    }

    #[test]
    fn a_link_to_a_course_takes_the_place_of_a_lesson_and_not_of_texts() {
        let mut state = page();
        state.apply(Action::Lesson(Act::Choose(0)));
        state.apply(Action::Outside("link".to_owned(), link(&[("mine.md", COURSE)])));
        assert_eq!((text(&state), state.lesson.shown, state.lesson.running), (vec!["mine"], true, None));
        state.apply(Action::Outside("lesson".to_owned(), "two".to_owned()));
        assert!(state.lesson.course.is_none(), "it waits for the course of the link");
    }

    #[test]
    fn an_example_ends_the_lesson() {
        let mut state = page();
        state.apply(Action::Lesson(Act::Choose(0)));
        state.apply(Action::Outside("example".to_owned(), r#"[{"name":"e.yaml","text":"e"}]"#.to_owned()));
        assert_eq!((text(&state), state.lesson.shown), (vec!["mine", "e"], false));
    }

    #[test]
    fn in_another_page_no_progress_is_read_or_stored() {
        let mut state = State::default();
        let opening = Opening { embed: true, lesson: Some("one".to_owned()), ..Opening::default() };
        let effects = state.apply(Action::Start { preferences: None, files: None, typed: None, opening });
        assert!(effects.contains(&Effect::FetchLessons));
        state.apply(Action::Lesson(Act::Came(Some("text".to_owned()), Some("[\"old\"]".to_owned()))));
        let course = Course { lessons: vec![lesson("one", "no 1")], problems: Vec::new() };
        answer(&mut state, Purpose::Course, LessonAnswer::Course(course));
        assert_eq!((state.lesson.at, state.lesson.solved.len()), (Some(0), 0));
        assert_eq!(goals(&mut state, true), []);
    }
}
