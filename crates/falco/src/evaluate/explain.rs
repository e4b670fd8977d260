//! Why a condition holds or not: the tree of its parts with the verdict on each, and which of them decided.

use std::collections::HashSet;

use super::bind::{Absent, Binding, Slots};
use super::program::{Condition, Node, Program, Verdicts};
use super::test::{Shown, Test};
use super::verdict::Verdict;
use crate::condition::{Check, Expr, ExprKind, Place, Right, print};
use crate::events::Event;

/// The most parts that are explained. What lies deeper in a larger condition is left out.
pub const LARGEST: usize = 4000;

/// A part of a condition and what became of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Explained {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: ExplainedKind,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Whether it is one of those that decided the whole, or left it open.
    pub decides: bool,
    /// Its parts, in order.
    pub parts: Vec<Self>,
}

/// What a part is.
#[derive(Clone, PartialEq, Debug)]
pub enum ExplainedKind {
    /// All parts must hold.
    And,
    /// One part must hold.
    Or,
    /// The part must not hold.
    Not,
    /// A macro; its condition is the one part.
    Macro(Box<str>),
    /// A comparison.
    Check(Box<Looked>),
    /// Left out, because there are too many parts.
    Cut,
}

/// What a comparison looked at.
#[derive(Clone, PartialEq, Debug)]
pub struct Looked {
    /// The comparison, as the engine prints it.
    pub text: String,
    /// The value on the left.
    pub left: Shown,
    /// The value on the right, when it is a field or call.
    pub right: Option<Shown>,
    /// The constant that matched: its place in the condition and its text.
    pub matched: Option<(Place, String)>,
    /// The fields of which the event does not say anything.
    pub unknown: Vec<Box<str>>,
}

impl Looked {
    /// The value that was looked at, for people: text in quotes, or that there is none.
    pub fn saw(&self) -> String {
        match &self.right {
            Some(right) => [self.left.words(), right.words()].join(" and "),
            None => self.left.words(),
        }
    }
}

impl Explained {
    /// The fields that have to be known to decide what is open, without repetition.
    pub fn missing(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let mut open = vec![self];
        while let Some(part) = open.pop() {
            if part.verdict != Verdict::Unknown {
                continue;
            }
            if let ExplainedKind::Check(looked) = &part.kind {
                for field in &looked.unknown {
                    if !found.contains(&&**field) {
                        found.push(field);
                    }
                }
            }
            open.extend(part.parts.iter().rev());
        }
        found
    }

    /// The comparisons that decided the whole, in order.
    pub fn deciding(&self) -> Vec<&Self> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(part) = open.pop() {
            if part.decides && part.parts.is_empty() {
                found.push(part);
            }
            open.extend(part.parts.iter().rev().filter(|part| part.decides));
        }
        found
    }
}

/// Explains a condition with all macros expanded on an event.
pub fn explain(expr: &Expr, event: &Event<'_>, absent: Absent) -> Explained {
    let mut program = Program::default();
    let condition = program.add(expr);
    let binding = program.bind(event, absent);
    explained(&program, condition, expr, &binding)
}

/// Explains a condition of a program; `expr` is what it was made of.
pub(super) fn explained(program: &Program, condition: Condition, expr: &Expr, binding: &Binding<'_>) -> Explained {
    let slots = program.slots().clone();
    let mut explainer = Explainer { program, binding, slots, verdicts: program.verdicts(), left: LARGEST };
    let mut whole = explainer.part(expr, condition.0);
    mark(&mut whole);
    whole
}

/// The fields that have to be known to decide a condition that is open, without repetition; as [`Explained::missing`] says it.
pub(super) fn missing(
    program: &Program,
    condition: Condition,
    binding: &Binding<'_>,
    verdicts: &mut Verdicts,
) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut left = LARGEST;
    let mut open = vec![condition.0];
    while let Some(number) = open.pop().filter(|_| left > 0) {
        left -= 1;
        if program.decide(number, binding, verdicts) != Verdict::Unknown {
            continue;
        }
        match program.part(number) {
            Some(Node::All(parts) | Node::Any(parts)) => open.extend(parts.iter().rev()),
            Some(Node::Not(part)) => open.push(*part),
            Some(Node::Test(test)) => unknown(program, test, binding, &mut |number, name| {
                if seen.insert(number) {
                    found.push(name.to_owned());
                }
            }),
            Some(Node::Broken) | None => {}
        }
    }
    found
}

/// Calls `each` with the fields of a comparison of which the event does not say anything.
fn unknown(program: &Program, test: &Test, binding: &Binding<'_>, each: &mut dyn FnMut(u32, &str)) {
    test.fields(&mut |number| {
        let open = matches!(binding.state(number), super::value::State::Unknown | super::value::State::Some(_));
        if let Some(slot) = program.slots().get(number).filter(|_| open) {
            each(number, &slot.name);
        }
    });
}

struct Explainer<'x, 'e> {
    program: &'x Program,
    binding: &'x Binding<'e>,
    /// The program's own, for compiling parts of its comparisons again.
    slots: Slots,
    verdicts: Verdicts,
    left: usize,
}

impl Explainer<'_, '_> {
    /// How deep this goes is limited by the depth of conditions.
    fn part(&mut self, expr: &Expr, number: u32) -> Explained {
        let verdict = self.program.decide(number, self.binding, &mut self.verdicts);
        let mut part =
            Explained { place: expr.place, kind: ExplainedKind::Cut, verdict, decides: false, parts: Vec::new() };
        if self.left == 0 {
            return part;
        }
        self.left -= 1;
        match (&expr.kind, self.program.part(number)) {
            (ExprKind::And(exprs), Some(Node::All(numbers))) => {
                part.kind = ExplainedKind::And;
                part.parts = self.parts(exprs, numbers);
            }
            (ExprKind::Or(exprs), Some(Node::Any(numbers))) => {
                part.kind = ExplainedKind::Or;
                part.parts = self.parts(exprs, numbers);
            }
            (ExprKind::Not(inner), Some(Node::Not(number))) => {
                part.kind = ExplainedKind::Not;
                part.parts = vec![self.part(inner, *number)];
            }
            (ExprKind::Macro(used), _) => {
                part.kind = ExplainedKind::Macro(used.name.clone());
                part.parts = used.body.iter().map(|body| self.part(body, number)).collect();
            }
            (ExprKind::Check(check), Some(Node::Test(test))) => {
                part.kind = ExplainedKind::Check(Box::new(self.looked(expr, check, test)));
            }
            _ => {}
        }
        part
    }

    fn parts(&mut self, exprs: &[Expr], numbers: &[u32]) -> Vec<Explained> {
        exprs.iter().zip(numbers).map(|(expr, number)| self.part(expr, *number)).collect()
    }

    fn looked(&mut self, expr: &Expr, check: &Check, test: &Test) -> Looked {
        let left = test.shown(self.binding);
        let holds = test.verdict(self.binding) == Verdict::True;
        let mut unknown = Vec::new();
        self::unknown(self.program, test, self.binding, &mut |_, name| unknown.push(name.into()));
        let matched = if holds { self.matched(check) } else { None };
        Looked { text: print(expr), left, right: test.right(self.binding), matched, unknown }
    }

    /// The first constant of a list that satisfies the operator by itself.
    fn matched(&mut self, check: &Check) -> Option<(Place, String)> {
        let Right::List(list) = &check.right else { return None };
        let one = list.values.iter().find(|value| {
            let right = match check.modifier {
                Some(_) => Right::Value((*value).clone()),
                None => Right::List(crate::condition::ValueList { place: value.place, values: vec![(*value).clone()] }),
            };
            let alone = Check { modifier: None, right, ..check.clone() };
            let test = Test::new(&alone, &mut self.slots);
            test.is_some_and(|test| test.verdict(self.binding) == Verdict::True)
        })?;
        Some((one.place, one.text().into_owned()))
    }
}

/// Marks the parts that decided: of an `and` that fails the first that fails, of one that holds all, of one that is open
/// those that are open; of an `or` the other way round.
fn mark(part: &mut Explained) {
    part.decides = true;
    let verdict = part.verdict;
    let settled_by_one = match part.kind {
        ExplainedKind::And => verdict == Verdict::False,
        ExplainedKind::Or => verdict == Verdict::True,
        _ => {
            part.parts.iter_mut().for_each(mark);
            return;
        }
    };
    let deciding = part.parts.iter_mut().filter(|one| one.verdict == verdict);
    deciding.take(if settled_by_one { 1 } else { usize::MAX }).for_each(mark);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::{FILTER_DEPTH, parse};

    /// The verdict, the comparisons that decide with the value that was looked at, and what is missing.
    #[track_caller]
    fn check(condition: &str, event: &str, expected: &str) {
        let expr = parse(condition, 0, FILTER_DEPTH).unwrap();
        let event = crate::events::read(event).next().unwrap().unwrap();
        let whole = explain(&expr, &event, Absent::ByForm);
        let mut out = whole.verdict.word().to_owned();
        for part in whole.deciding() {
            let ExplainedKind::Check(looked) = &part.kind else { continue };
            let left = match &looked.left {
                Shown::Unknown => "?",
                Shown::Missing => "<NA>",
                Shown::Value(value) => value,
            };
            out.push_str(&format!("; {} [{left}]", looked.text));
            if let Some((_, matched)) = &looked.matched {
                out.push_str(&format!(" by {matched}"));
            }
        }
        if !whole.missing().is_empty() {
            out.push_str(&format!("; ask {}", whole.missing().join(", ")));
        }
        assert_eq!(out, expected, "{condition}");
    }

    const ALERT: &str =
        r#"{"rule":"r","priority":"Error","output_fields":{"proc.name":"mount","fd.name":null,"proc.pname":"sh"}}"#;

    #[test]
    fn what_decided() {
        let event = r#"{"proc.name":"mount","proc.args":"-o bind /hostfs /x","evt.type":"execve"}"#;
        check(
            "proc.name = mount and proc.args contains /host",
            event,
            "true; proc.name = mount [mount]; proc.args contains /host [-o bind /hostfs /x]",
        );
        check("proc.name = sh and evt.type = open", event, "false; proc.name = sh [mount]");
        check(
            "evt.type in (execve, execveat) or proc.name = mount",
            event,
            "true; evt.type in (execve, execveat) [execve] by execve",
        );
        check("not (fd.name != x or proc.name = sh)", event, "true; fd.name != x [<NA>]; proc.name = sh [mount]");
        check(
            "proc.args startswith val(proc.name)",
            event,
            "false; proc.args startswith val(proc.name) [-o bind /hostfs /x]",
        );
    }

    #[test]
    fn what_an_alert_leaves_open() {
        check(
            "proc.name = mount and container.id != host",
            ALERT,
            "unknown; container.id != host [?]; ask container.id",
        );
        check("proc.name = sh and container.id != host", ALERT, "false; proc.name = sh [mount]");
        check("fd.name exists", ALERT, "false; fd.name exists [<NA>]");
        check(
            "not evt.type = open or fd.num > 0",
            ALERT,
            "unknown; evt.type = open [?]; fd.num > 0 [?]; ask evt.type, fd.num",
        );
        check("proc.aname[1] = sh and proc.aname = sh", ALERT, "true; proc.aname[1] = sh [sh]; proc.aname = sh [(sh)]");
        check("proc.aname = systemd", ALERT, "unknown; proc.aname = systemd [(sh)]; ask proc.aname");
        check("container.id in ()", ALERT, "false; container.id in () [?]");
        check("toupper(container.id) exists", ALERT, "unknown; toupper(container.id) exists [?]; ask container.id");
    }
}
