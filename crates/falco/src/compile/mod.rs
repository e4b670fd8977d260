//! Checking a condition against the field table: which fields there are, which operators their types allow, which
//! constants they can be compared with, and which types of events can match.

mod constant;
mod event_types;
mod field;
mod suspicious;
mod types;

pub use constant::constant;
pub use event_types::{EventSet, event_types};
pub use field::{Resolved, resolve, resolve_text};
pub use types::Typed;

use crate::condition::{Check, Expr, ExprKind, MacroUse, Operand, Operator, Place, Right, Value};
use crate::matchers::Regex;

/// A complaint about a place of a condition, in the engine's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The place.
    pub place: Place,
    /// The message.
    pub message: String,
}

/// What there is to say about a condition.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// What stops the condition from loading, in order. The engine stops at the first.
    pub errors: Vec<Problem>,
    /// The engine's warnings, in order; those of the parts that it does not reach are left out.
    pub warnings: Vec<Problem>,
}

/// Checks a condition with all macros expanded.
pub fn compile(expr: &Expr) -> Report {
    let mut report = Report::default();
    visit(expr, &mut report);
    report
}

/// The type of a field or call.
///
/// # Errors
///
/// What the engine says when there is no such field, or a transformer does not suit.
pub fn operand_type(operand: &Operand) -> Result<Typed, Problem> {
    types::operand(operand)
}

fn visit(expr: &Expr, report: &mut Report) {
    match &expr.kind {
        ExprKind::Check(check) => {
            if let Err(problem) = check_one(check, report) {
                report.errors.push(problem);
            }
        }
        ExprKind::Macro(MacroUse { name, body: None }) => {
            let message = ["filter error: unexpected identifier '", name, "'"].concat();
            report.errors.push(Problem { place: expr.place, message });
        }
        _ => {
            for child in expr.children() {
                visit(child, report);
            }
        }
    }
}

fn check_one(check: &Check, report: &mut Report) -> Result<(), Problem> {
    let left = types::operand(&check.left)?;
    if let Some(message) = types::operator(&left, check.operator, check.modifier) {
        return Err(Problem { place: check.operator_place, message });
    }
    match &check.right {
        Right::Nothing => Ok(()),
        Right::Operand(right) => {
            let typed = types::operand(right)?;
            match types::comparison(&left, check.operator, &typed) {
                Some(message) => Err(Problem { place: right.place(), message }),
                None => Ok(()),
            }
        }
        Right::Value(value) => check_constant(&left, check.operator, value, report),
        Right::List(list) => {
            list.values.iter().try_for_each(|value| check_constant(&left, check.operator, value, report))
        }
    }
}

fn check_constant(left: &Typed, operator: Operator, value: &Value, report: &mut Report) -> Result<(), Problem> {
    if report.errors.is_empty() {
        let warnings = &mut report.warnings;
        suspicious::suspicious(operator, &value.bytes, &mut |message| {
            warnings.push(Problem { place: value.place, message });
        });
    }
    let problem = |message| Problem { place: value.place, message };
    constant(left, operator, &value.bytes).map_err(problem)?;
    if operator == Operator::Regex {
        Regex::new(&value.bytes).map_err(|error| problem(["invalid regex pattern: ", &error].concat()))?;
    }
    Ok(())
}
