//! The goals of a lesson, as they are written.

use watertight_diagnostic::Level;
use watertight_diagnostic::ask::apparmor::Outcome as Answer;
use watertight_diagnostic::ask::escape::Outcome;
use watertight_escape::technique;
use watertight_seccomp::Syscall;
use watertight_text::Span;
use watertight_yaml::{Kind, Node};

use super::Problem;
use super::read::MAX_PARTS;

/// A goal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wish {
    /// In words.
    pub(super) say: String,
    pub(super) check: Check,
}

/// What is looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Check {
    /// No finding of the rule, or one.
    Rule { id: String, found: bool },
    /// A way of the escape map is closed in every container, or open in one.
    Way { id: String, open: bool },
    /// No way is open that wins this.
    NoWayTo(Outcome),
    /// Every container has this letter or a better one.
    Grade(String),
    /// The Pod Security admission takes every pod at this level.
    Admitted(Level),
    /// There is a container of this name, and nothing keeps it from starting.
    Runs(String),
    /// A text occurs, or does not; in one file, or in any.
    Text { text: String, file: Option<String>, there: bool },
    /// What a seccomp profile does with a call.
    Seccomp { profile: Option<String>, call: String, args: [u64; 6], allowed: bool },
    /// What an AppArmor profile does with an operation.
    Apparmor { profile: Option<String>, ask: String, answer: Answer },
    /// Whether a Falco rule fires on an event.
    Falco { rule: String, event: String, fires: bool },
}

/// The keys that say what is looked at.
const KEYS: &str =
    "absent, present, closed, open, no-way-to, grade, admitted, runs, contains, lacks, seccomp, apparmor or falco";

/// Reads a list of goals. Places count from the start of `text`.
pub(super) fn read(text: &str) -> (Vec<Wish>, Vec<Problem>) {
    let (mut wishes, mut problems) = (Vec::new(), Vec::new());
    let stream = watertight_yaml::parse(text);
    let wrong = stream.problems.iter().chain(stream.documents.iter().flat_map(|document| &document.problems));
    problems.extend(wrong.map(|problem| Problem::new(problem.message.clone(), problem.span)));
    let Some(root) = stream.documents.first().and_then(|document| document.root()) else {
        problems.push(Problem::new("There is no goal.", Span::new(0, text.len())));
        return (wishes, problems);
    };
    if root.kind() != Kind::Sequence {
        problems.push(Problem::new("Goals are a list: each begins with a hyphen.", root.span()));
    }
    for item in root.items().take(MAX_PARTS) {
        match wish(item) {
            Ok(wish) => wishes.push(wish),
            Err(problem) => problems.push(problem),
        }
    }
    if root.items().len() > MAX_PARTS {
        problems.push(Problem::new("A lesson has at most 50 goals.", root.span()));
    }
    (wishes, problems)
}

fn wish(item: Node<'_>) -> Result<Wish, Problem> {
    const WORDS: [&str; 9] = ["say", "file", "call", "args", "ask", "answer", "event", "profile", "fires"];
    let subject = item.entries().into_iter().find(|entry| !WORDS.contains(&entry.name().as_ref()));
    let Some(subject) = subject else {
        return Err(Problem::new(["A goal has one of ", KEYS, "."].concat(), item.span()));
    };
    let value = subject.value;
    let word = value.as_str().or(value.written()).unwrap_or_default().trim().to_owned();
    let wrong = |message: String| Problem::new(message, value.span());
    if word.is_empty() {
        return Err(wrong(["This goal has no value. ", "Goals know ", KEYS, "."].concat()));
    }
    let other = |name: &str| item.get(name).and_then(|node| node.as_str().or(node.written())).map(str::to_owned);
    let needed = |name: &str| other(name).ok_or_else(|| wrong(["This goal also needs `", name, "`."].concat()));
    let check = match subject.name().as_ref() {
        name @ ("absent" | "present") => match crate::rules().any(|rule| rule.id == word) {
            true => Check::Rule { id: word, found: name == "present" },
            false => return Err(wrong(["There is no rule `", &word, "`."].concat())),
        },
        name @ ("closed" | "open") => match technique::by_id(&word) {
            Some(_) => Check::Way { id: word, open: name == "open" },
            None => return Err(wrong(["The escape map knows no way `", &word, "`."].concat())),
        },
        "no-way-to" => match word.parse() {
            Ok(outcome) => Check::NoWayTo(outcome),
            Err(_) => {
                let known: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
                return Err(wrong(["Ways lead to ", &known.join(", "), "."].concat()));
            }
        },
        "grade" if matches!(word.as_str(), "A" | "B" | "C" | "D" | "E") => Check::Grade(word),
        "grade" => return Err(wrong("Grades go from A to E.".to_owned())),
        "admitted" => match word.parse() {
            Ok(level) => Check::Admitted(level),
            Err(_) => return Err(wrong("Levels are baseline and restricted.".to_owned())),
        },
        "runs" => Check::Runs(word),
        name @ ("contains" | "lacks") => Check::Text { text: word, file: other("file"), there: name == "contains" },
        "seccomp" => {
            if Syscall::from_name(&word).is_none() {
                return Err(wrong(["Linux has no system call `", &word, "`."].concat()));
            }
            Check::Seccomp {
                profile: other("profile"),
                call: word,
                args: args(item.get("args"))?,
                allowed: answer(&needed("answer")?, value)? == Answer::Allow,
            }
        }
        "apparmor" => {
            let answer = answer(&needed("answer")?, value)?;
            Check::Apparmor { profile: other("profile"), ask: word, answer }
        }
        "falco" => Check::Falco {
            rule: word,
            event: needed("event")?,
            fires: item.get("fires").and_then(Node::as_bool).unwrap_or(true),
        },
        _ => return Err(Problem::new(["Goals know ", KEYS, "."].concat(), subject.key.span())),
    };
    let say = other("say").unwrap_or_else(|| in_words(&check));
    Ok(Wish { say, check })
}

fn answer(word: &str, of: Node<'_>) -> Result<Answer, Problem> {
    match Answer::of(word.trim()) {
        Some(answer @ (Answer::Allow | Answer::Deny)) => Ok(answer),
        _ => Err(Problem::new("The answer is `allow` or `deny`.", of.span())),
    }
}

fn args(node: Option<Node<'_>>) -> Result<[u64; 6], Problem> {
    let mut args = [0; 6];
    let Some(node) = node else { return Ok(args) };
    for (at, item) in node.items().enumerate() {
        let value = item.as_int().and_then(|value| u64::try_from(value).ok());
        match (args.get_mut(at), value) {
            (Some(arg), Some(value)) => *arg = value,
            _ => return Err(Problem::new("A call has up to six arguments, and each is a whole number.", item.span())),
        }
    }
    Ok(args)
}

/// What a goal says when its author did not.
fn in_words(check: &Check) -> String {
    let quoted = |head: &str, word: &str, tail: &str| [head, "`", word, "`", tail].concat();
    match check {
        Check::Rule { id, found: false } => quoted("No finding ", id, " is left."),
        Check::Rule { id, found: true } => quoted("The finding ", id, " shows."),
        Check::Way { id, open: false } => quoted("The way ", id, " is closed."),
        Check::Way { id, open: true } => quoted("The way ", id, " is open."),
        Check::NoWayTo(outcome) => ["No open way leads to ", outcome.name(), "."].concat(),
        Check::Grade(letter) => ["The grade is ", letter, " or better."].concat(),
        Check::Admitted(level) => ["The level ", level.word(), " admits every pod."].concat(),
        Check::Runs(name) => quoted("The container ", name, " still starts."),
        Check::Text { text, there: true, .. } => quoted("The text has ", text, "."),
        Check::Text { text, there: false, .. } => quoted("The text no longer has ", text, "."),
        Check::Seccomp { call, allowed, .. } => {
            quoted("The seccomp profile ", call, if *allowed { " may be called." } else { " is stopped." })
        }
        Check::Apparmor { ask, answer, .. } => {
            [quoted("AppArmor answers ", ask, " with "), answer.word().to_owned(), ".".to_owned()].concat()
        }
        Check::Falco { rule, fires: true, .. } => quoted("The rule ", rule, " fires."),
        Check::Falco { rule, fires: false, .. } => quoted("The rule ", rule, " keeps silent."),
    }
}
