//! The types of events for which a condition can be true, as far as the engine sees it.
//!
//! The engine pushes `not` down to the comparisons first. Those of `evt.type` give a set; all others give every type, and
//! `not` does not turn them.

use std::collections::BTreeSet;

use crate::condition::{Check, Expr, ExprKind, MacroUse, Operand, Operator, Place, Right, Value};
use crate::matchers::number;

use super::Problem;

/// A set of types of events: those named, or all but those named.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EventSet {
    /// Whether the names are those that do not belong.
    pub except: bool,
    /// The names.
    pub names: BTreeSet<Box<str>>,
}

impl EventSet {
    /// Every type.
    pub fn all() -> Self {
        Self { except: true, names: BTreeSet::new() }
    }

    /// No type.
    pub fn none() -> Self {
        Self { except: false, names: BTreeSet::new() }
    }

    /// Whether there is no type in it.
    pub fn is_empty(&self) -> bool {
        !self.except && self.names.is_empty()
    }

    /// Whether every type is in it.
    pub fn is_all(&self) -> bool {
        self.except && self.names.is_empty()
    }

    /// Whether a type is in it.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name) != self.except
    }

    fn complement(mut self) -> Self {
        self.except = !self.except;
        self
    }

    /// Takes a time that goes with the smaller set, so that many small ones are soon put together with a large one.
    fn intersection(mut self, mut other: Self) -> Self {
        let is_smaller = self.names.len() < other.names.len();
        if self.except && !other.except || self.except == other.except && self.except == is_smaller {
            std::mem::swap(&mut self, &mut other);
        }
        match (self.except, other.except) {
            (true, _) => self.names.extend(other.names),
            (false, true) if other.names.len() < self.names.len() => {
                other.names.iter().for_each(|name| _ = self.names.remove(name));
            }
            (false, _) => self.names.retain(|name| other.contains(name)),
        }
        self
    }

    fn union(self, other: Self) -> Self {
        self.complement().intersection(other.complement()).complement()
    }
}

/// The types of events for which a condition can be true.
///
/// # Errors
///
/// When `evt.type` is used in a way that the engine cannot see through.
pub fn event_types(expr: &Expr) -> Result<EventSet, Problem> {
    visit(expr, false)
}

fn visit(expr: &Expr, negated: bool) -> Result<EventSet, Problem> {
    match &expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            let all = matches!(expr.kind, ExprKind::And(_)) != negated;
            let mut set = if all { EventSet::all() } else { EventSet::none() };
            for part in parts {
                let part = visit(part, negated)?;
                set = if all { set.intersection(part) } else { set.union(part) };
            }
            Ok(set)
        }
        ExprKind::Not(part) => visit(part, !negated),
        ExprKind::Macro(MacroUse { body: Some(body), .. }) => visit(body, negated),
        ExprKind::Macro(_) => Ok(EventSet::all()),
        ExprKind::Check(check) => {
            let set = known(check, expr.place)?;
            Ok(match set {
                Some(set) if negated => set.complement(),
                Some(set) => set,
                None => EventSet::all(),
            })
        }
    }
}

/// The set of a comparison; none when it says nothing of types.
fn known(check: &Check, place: Place) -> Result<Option<EventSet>, Problem> {
    if let Some(set) = by_number(check) {
        return Ok(Some(set));
    }
    let asks = matches!(check.operator, Operator::Equal | Operator::NotEqual | Operator::In);
    if !asks && check.operator != Operator::Exists {
        return Ok(None);
    }
    if transforms_type(&check.left) {
        let message = "event code search does not support `evt.type` checks with transformers".to_owned();
        return Err(Problem { place: check.left.place(), message });
    }
    if !is_type(&check.left) {
        return Ok(None);
    }
    if check.operator == Operator::Exists {
        return Ok(Some(EventSet::all()));
    }
    let values = match &check.right {
        Right::Value(value) => std::slice::from_ref(value),
        Right::List(list) => list.values.as_slice(),
        Right::Operand(_) | Right::Nothing => {
            let message = "right-hand field comparisons on `evt.type`/`syscall.type` checks are not supported by event \
                           code search";
            return Err(Problem { place, message: message.to_owned() });
        }
    };
    let names = values.iter().map(|value| value.text().into()).collect();
    Ok(Some(EventSet { except: check.operator == Operator::NotEqual, names }))
}

fn is_type(operand: &Operand) -> bool {
    matches!(operand, Operand::Field(field)
        if matches!(&*field.name, "evt.type" | "syscall.type") && field.argument.is_none())
}

/// Whether a call has the type of the event among its direct arguments, or those of a call in it.
fn transforms_type(operand: &Operand) -> bool {
    match operand {
        Operand::Call(call) => call.arguments.iter().any(|one| is_type(one) || transforms_type(one)),
        Operand::List(list) => list.items.iter().any(|one| is_type(one) || transforms_type(one)),
        Operand::Field(_) | Operand::Value(_) => false,
    }
}

/// `evt.num` counts from one, so some comparisons of it are always true and others never are.
fn by_number(check: &Check) -> Option<EventSet> {
    let Operand::Field(field) = &check.left else { return None };
    if &*field.name != "evt.num" || field.argument.is_some() {
        return None;
    }
    let scan = |value: &Value| number::scan(&value.text(), 64, false);
    match (&check.right, check.operator) {
        (Right::List(list), Operator::In) => {
            list.values.iter().all(|value| scan(value) == Some(0)).then(EventSet::none)
        }
        (Right::Value(value), operator) => match (operator, scan(value)?) {
            (Operator::Equal | Operator::LessOrEqual, 0) | (Operator::Less, 0 | 1) => Some(EventSet::none()),
            (Operator::NotEqual | Operator::Greater, 0) | (Operator::GreaterOrEqual, 0 | 1) => Some(EventSet::all()),
            _ => None,
        },
        _ => None,
    }
}
