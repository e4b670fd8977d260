//! From collected items to conditions that are ready: lists pasted in, macros in their place, everything checked.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use watertight_text::Span;

use crate::compile::{EventSet, Problem, compile, event_types};
use crate::condition::{Check, Expr, ExprKind, FieldUse, Operand, Operator, Place, RULE_DEPTH, Right, parse};
use crate::fields;

use super::budget::{Budget, RULE, TooMuch, pay};
use super::code::Code;
use super::collect::Items;
use super::exceptions;
use super::item::{Head, RuleItem};
use super::lists::Lists;
use super::macros::{self, FailureKind, Macro};
use super::message::{FileResult, Message, Path, Step};
use super::output::{Token, tokens};
use super::text::{Text, Texts};

/// A rule that is ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its place among the items.
    pub index: usize,
    /// Its condition with exceptions, lists and macros.
    pub condition: Arc<Expr>,
    /// The types of events that it is looked at for.
    pub event_types: Arc<EventSet>,
    /// The fields and calls of its output.
    pub output: Vec<Token>,
}

/// A condition as it was read, with the names of macros left as they are.
#[derive(Clone, Debug)]
pub struct Own {
    /// Whether it is a macro's; otherwise a rule's.
    pub of_macro: bool,
    /// The place of the macro or rule among the items.
    pub index: usize,
    /// The condition, with exceptions.
    pub condition: Expr,
}

/// What building gives.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// Every condition that can be read, whether or not the macros in it are there.
    pub own: Vec<Own>,
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// The conditions of the macros by their place among the items; none for those that cannot be read.
    pub macros: Vec<Option<Arc<Expr>>>,
}

/// More types than these make the engine warn.
const MANY_EVENT_CODES: usize = 100;

const DEPRECATED: &[&str] =
    &["evt.dir", "evt.latency", "evt.latency.s", "evt.latency.ns", "evt.latency.human", "evt.wait_latency"];

struct Builder<'b> {
    items: &'b Items,
    lists: Lists<'b>,
    macros: Vec<Macro>,
    texts: &'b mut Texts,
    result: &'b mut FileResult,
    built: Built,
    budget: Budget,
    /// Sets of event types that rules have, for sharing equal ones.
    event_sets: HashSet<Arc<EventSet>>,
}

/// Builds all rules, and says in `result` what stands in the way. The engine stops at the first error.
pub(super) fn build(items: &Items, texts: &mut Texts, result: &mut FileResult, budget: Budget) -> Built {
    texts.texts.clear();
    let lists = Lists::of(items, &budget);
    let (macros, built, event_sets) = (Vec::new(), Built::default(), HashSet::new());
    let mut builder = Builder { items, lists, macros, texts, result, built, budget, event_sets };
    builder.all_macros();
    for (index, rule) in items.rules.iter().enumerate() {
        if rule.unknown_source {
            continue;
        }
        if let Err(message) = builder.rule(index, rule) {
            builder.result.say(*message);
        }
    }
    if builder.result.errors.is_empty() {
        builder.unused();
    }
    builder.built.macros = builder.macros.into_iter().map(|one| one.condition).collect();
    builder.built
}

impl Builder<'_> {
    fn all_macros(&mut self) {
        let items = self.items;
        for (index, item) in items.macros.iter().enumerate() {
            let (condition, bytes) = match self.read(&item.condition, &item.condition_path) {
                Ok((expr, bytes)) => {
                    self.built.own.push(Own { of_macro: true, index, condition: expr.clone() });
                    (Some(Arc::new(expr)), bytes)
                }
                Err(message) => {
                    self.result.say(*message);
                    (None, 0)
                }
            };
            self.macros.push(Macro { condition, bytes, measure: None, used: false });
        }
        for (index, item) in items.macros.iter().enumerate() {
            let Some(condition) = self.macros.get(index).and_then(|one| one.condition.clone()) else { continue };
            let bytes = self.macros.get(index).map_or(0, |one| one.bytes);
            let mut expr = Expr::clone(&condition);
            let outcome = self.expand(&mut expr, bytes, &item.head, item.head.visibility);
            let Some(one) = self.macros.get_mut(index) else { continue };
            match outcome {
                Ok(measure) => {
                    one.condition = Some(Arc::new(expr));
                    one.measure = Some(measure);
                }
                Err(message) => {
                    one.condition = None;
                    if let Some(message) = message {
                        self.result.say(*message);
                    }
                }
            }
        }
    }

    /// Puts macros in their place, as far as a definition of that rank sees them. The error is none when the macro that
    /// stands in the way has been complained about.
    fn expand(
        &mut self,
        expr: &mut Expr,
        bytes: usize,
        head: &Head,
        visibility: u32,
    ) -> Result<macros::Measure, Option<Box<Message>>> {
        let items = self.items;
        let sees = |name: &str| {
            let index = items.macros.position(name)?;
            items.macros.get(name).filter(|one| one.head.index < visibility).map(|_| index)
        };
        let failure = match macros::expand(expr, bytes, &mut self.macros, &sees, &mut self.budget.ahead) {
            Ok(measure) => return Ok(measure),
            Err(failure) => failure,
        };
        let code = match failure.kind {
            FailureKind::Broken => return Err(None),
            FailureKind::Limit => Code::Limit,
            // A macro whose definition could not be read is not unknown.
            FailureKind::Unknown if !self.result.errors.is_empty() => return Err(None),
            FailureKind::Unknown | FailureKind::Loop => Code::Validate,
        };
        Err(Some(self.complain(code, failure.message, &head.path, failure.place)))
    }

    fn complain(&self, code: Code, message: String, path: &Path, place: Place) -> Box<Message> {
        let place = self.texts.locate(place);
        let (file, span) = place.unwrap_or_default();
        let path = path.with(Step::new("condition expression", "", file, span));
        Box::new(Message { code, message, path, place })
    }

    /// Reads a condition with all lists pasted in, and says how many bytes it has with them.
    fn read(&mut self, condition: &Text, path: &Path) -> Result<(Expr, usize), Box<Message>> {
        let Ok(expanded) = self.lists.expand(condition) else { return Err(self.too_long(condition, path)) };
        if pay(&mut self.budget.kept, expanded.text.len()).is_err() {
            return Err(self.too_long(condition, path));
        }
        let bytes = expanded.text.len();
        let number = self.texts.keep(expanded);
        let text = self.texts.texts.get(number as usize).map_or("", |text| text.text.as_str());
        parse(text, number, RULE_DEPTH).map(|expr| (expr, bytes)).map_err(|error| {
            let end = text.get(error.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            self.complain(Code::CompileCondition, error.message, path, place(number, error.at, error.at + end))
        })
    }

    /// What is said of a condition that is too long with its lists and exceptions, or beside those before it.
    fn too_long(&self, condition: &Text, path: &Path) -> Box<Message> {
        let message = "with lists and exceptions in their place this condition is too long to look at".to_owned();
        self.beyond(message, condition, path)
    }

    fn beyond(&self, message: String, condition: &Text, path: &Path) -> Box<Message> {
        let place = self.texts.place_of(condition);
        Box::new(Message { code: Code::Limit, message, path: path.clone(), place })
    }

    fn rule(&mut self, index: usize, rule: &RuleItem) -> Result<(), Box<Message>> {
        let path = &rule.condition_path;
        let with_exceptions;
        let condition = if rule.exceptions.is_empty() {
            &rule.condition
        } else {
            let applied = exceptions::applied(&rule.condition, &rule.exceptions, self.budget.kept)?;
            with_exceptions = applied.ok_or_else(|| self.too_long(&rule.condition, path))?;
            &with_exceptions
        };
        let Some(output) = self.output(rule)? else { return Ok(()) };
        let (mut expr, bytes) = self.read(condition, path)?;
        self.built.own.push(Own { of_macro: false, index, condition: expr.clone() });
        let written = match self.expand(&mut expr, bytes, &rule.head, u32::MAX) {
            Ok(measure) => measure.written,
            Err(message) => return message.map_or(Ok(()), Err),
        };
        if pay(&mut self.budget.written, written.saturating_add(RULE)).is_err() {
            let message = "with macros in their place this condition is too large to look at beside those before it";
            return Err(self.beyond(message.to_owned(), &rule.condition, path));
        }
        for (code, problem) in warnings(&expr) {
            let message = self.complain(code, problem.message, path, problem.place);
            self.result.say(*message);
        }
        let report = compile(&expr);
        for (index, problem) in report.errors.into_iter().enumerate() {
            let skipped = index == 0 && rule.skip_if_unknown_filter && is_unknown(&problem.message);
            let code = if skipped { Code::UnknownFilter } else { Code::CompileCondition };
            let message = self.complain(code, problem.message, path, problem.place);
            self.result.say(*message);
            if skipped {
                return Ok(());
            }
        }
        for problem in report.warnings {
            let message = self.complain(Code::CompileConditionWarning, problem.message, path, problem.place);
            self.result.say(*message);
        }
        let event_types = event_types(&expr)
            .map_err(|problem| self.complain(Code::CompileCondition, problem.message, path, problem.place))?;
        if rule.warn_evttypes && event_codes(&event_types) > MANY_EVENT_CODES {
            let message = "Rule matches too many evt.type values. This has a significant performance penalty.";
            self.say(Code::NoEventType, message, &rule.head.path, (rule.head.place.file, rule.head.place.name));
        }
        let Ok(event_types) = self.shared(event_types) else {
            let message = "the sets of event types of these rules are too large to look at all of them";
            return Err(self.beyond(message.to_owned(), &rule.condition, path));
        };
        self.built.rules.push(Rule { index, condition: Arc::new(expr), event_types, output });
        Ok(())
    }

    /// A set of event types, one for all rules that have it.
    fn shared(&mut self, set: EventSet) -> Result<Arc<EventSet>, TooMuch> {
        if let Some(known) = self.event_sets.get(&set) {
            return Ok(Arc::clone(known));
        }
        pay(&mut self.budget.names, set.names.len())?;
        let set = Arc::new(set);
        self.event_sets.insert(Arc::clone(&set));
        Ok(set)
    }

    fn say(&mut self, code: Code, message: &str, path: &Path, place: (u32, Span)) {
        self.result.say(Message { code, message: message.to_owned(), path: path.clone(), place: Some(place) });
    }

    /// The fields of an output; none when the rule is to be passed over.
    fn output(&mut self, rule: &RuleItem) -> Result<Option<Vec<Token>>, Box<Message>> {
        const INFO: &str = "%container.info";
        let number = self.texts.keep(rule.output.clone());
        let whole = rule.output.text.as_str();
        let trimmed = whole.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']);
        let skipped = whole.len() - whole.trim_start_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']).len();
        let mut output = trimmed.to_owned();
        if trimmed.contains(INFO) {
            let message = "%container.info is deprecated and no more useful, and will be dropped by Falco 1.0.0. The \
                           container plugin will automatically add required fields to the output message.";
            let at = skipped + trimmed.find(INFO).unwrap_or_default();
            let place = self.texts.locate(place(number, at, at + INFO.len())).unwrap_or_default();
            self.say(Code::DeprecatedItem, message, &rule.head.path, place);
            output = trimmed.replace(INFO, "");
        }
        // A star in front asks that the output be printed when values are missing.
        let starred = usize::from(output.starts_with('*'));
        let moved = output.len() == trimmed.len();
        let found = match tokens(output.get(starred..).unwrap_or_default()) {
            Ok(found) => found,
            Err(error) => {
                let (start, end) = (error.span.start as usize, error.span.end as usize);
                let offset = skipped + starred;
                let place =
                    if moved { place(number, offset + start, offset + end) } else { place(number, 0, whole.len()) };
                let place = self.texts.locate(place);
                let unknown = rule.skip_if_unknown_filter && is_unknown(&error.message);
                let code = if unknown { Code::UnknownFilter } else { Code::CompileOutput };
                let path = rule.output_path.clone();
                let message = Box::new(Message { code, message: error.message, path, place });
                if unknown {
                    self.result.say(*message);
                    return Ok(None);
                }
                return Err(message);
            }
        };
        for field in DEPRECATED.iter().filter(|field| output.contains(**field)) {
            let message = ["usage of deprecated field '", field, "' has been detected in the rule output"].concat();
            let at = whole.find(*field).unwrap_or_default();
            let place = self.texts.locate(place(number, at, at + field.len())).unwrap_or_default();
            self.say(Code::DeprecatedItem, &message, &rule.output_path, place);
        }
        Ok(Some(found))
    }

    fn unused(&mut self) {
        let items = self.items;
        for (index, item) in items.macros.iter().enumerate() {
            if self.macros.get(index).is_some_and(|one| !one.used) {
                let place = (item.head.place.file, item.head.place.name);
                self.say(Code::UnusedMacro, "Macro not referred to by any other rule/macro", &item.head.path, place);
            }
        }
        for (index, item) in items.lists.iter().enumerate() {
            if !self.lists.is_used(index) {
                let place = (item.head.place.file, item.head.place.name);
                self.say(Code::UnusedList, "List not referred to by any other rule/macro", &item.head.path, place);
            }
        }
    }
}

fn place(text: u32, start: usize, end: usize) -> Place {
    Place { text, span: Span::new(start, end) }
}

/// Whether an error is one that `skip-if-unknown-filter` turns into a warning.
fn is_unknown(message: &str) -> bool {
    ["nonexistent field", "invalid formatting token", "unknown event type", "unknown filter:"]
        .iter()
        .any(|part| message.contains(part))
}

/// How many event codes a set stands for. Each type of event has two, one of them for its beginning, and those that
/// changed over time have more; system calls without an entry of their own share theirs.
fn event_codes(set: &EventSet) -> usize {
    let (mut own, mut shared) = (0, 0);
    // Most sets name a few types.
    let named = set.names.iter().filter(|_| !set.except).filter_map(|name| fields::event(name));
    let others = set.except.then(fields::all_events).into_iter().flatten();
    for event in named.chain(others.filter(|event| set.contains(event.name))) {
        if event.is_event() {
            own += 2;
        } else {
            shared = 2;
        }
    }
    own + shared
}

/// The engine's warnings about comparisons with `<NA>` and about fields that will go away.
fn warnings(expr: &Expr) -> Vec<(Code, Problem)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    checks(expr, &mut |check| {
        if let Some(place) = unsafe_na(check) {
            let message = "comparing a field value with <NA> is unsafe and can lead to unpredictable behavior of the \
                           rule condition. If you need to check for the existence of a field, consider using the \
                           'exists' operator instead.";
            found.push((Code::UnsafeNaCheck, Problem { place, message: message.to_owned() }));
        }
        fields_of(check, &mut |field| {
            let Some(name) = DEPRECATED.iter().find(|name| **name == &*field.name) else { return };
            if seen.insert(name) {
                let message = if *name == "evt.dir" {
                    "due to the drop of enter events, 'evt.dir = <' always evaluates to true, and 'evt.dir = >' always \
                     evaluates to false. The rule expression can be simplified by removing the condition on 'evt.dir'"
                } else {
                    "field is not available due to the drop of enter events."
                };
                found.push((Code::DeprecatedItem, Problem { place: field.place, message: message.to_owned() }));
            }
        });
    });
    found
}

fn unsafe_na(check: &Check) -> Option<Place> {
    let Operand::Field(field) = &check.left else { return None };
    let equality = matches!(
        check.operator,
        Operator::Equal | Operator::NotEqual | Operator::In | Operator::Intersects | Operator::PMatch
    );
    if !equality || !(field.name.starts_with("ka.") || field.name.starts_with("jevt.")) {
        return None;
    }
    let values = match &check.right {
        Right::Value(value) => std::slice::from_ref(value),
        Right::List(list) => list.values.as_slice(),
        Right::Nothing | Right::Operand(_) => &[],
    };
    values.iter().find(|value| &*value.bytes == b"<NA>").map(|value| value.place)
}

/// Calls `look` with each comparison, those of macros once for each use.
pub(crate) fn checks<'e>(expr: &'e Expr, look: &mut dyn FnMut(&'e Check)) {
    if let ExprKind::Check(check) = &expr.kind {
        look(check);
    }
    for child in expr.children() {
        checks(child, look);
    }
}

/// Calls `look` with each field of a comparison, on both sides and within calls.
pub(crate) fn fields_of<'e>(check: &'e Check, look: &mut dyn FnMut(&'e FieldUse)) {
    operand_fields(&check.left, look);
    if let Right::Operand(right) = &check.right {
        operand_fields(right, look);
    }
}

/// Calls `look` with each field of an operand.
pub(crate) fn operand_fields<'e>(operand: &'e Operand, look: &mut dyn FnMut(&'e FieldUse)) {
    match operand {
        Operand::Field(field) => look(field),
        Operand::Call(call) => call.arguments.iter().for_each(|one| operand_fields(one, look)),
        Operand::List(list) => list.items.iter().for_each(|one| operand_fields(one, look)),
        Operand::Value(_) => {}
    }
}
