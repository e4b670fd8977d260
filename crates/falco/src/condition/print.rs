//! A condition as the engine prints it, with macros expanded.

use super::tree::{Check, Expr, ExprKind, FieldUse, MacroUse, Operand, Right};
use super::unescape::escape;

/// The engine's printed form: parentheses around `and` and `or`, constants quoted where a blank, quote or backslash asks
/// for it. It does not always read back; the engine's own does not either.
pub fn print(expr: &Expr) -> String {
    let mut out = String::new();
    expression(expr, &mut out);
    out
}

fn expression(expr: &Expr, out: &mut String) {
    match &expr.kind {
        ExprKind::And(parts) => chain(parts, " and ", out),
        ExprKind::Or(parts) => chain(parts, " or ", out),
        ExprKind::Not(part) => {
            out.push_str("not ");
            expression(part, out);
        }
        ExprKind::Macro(MacroUse { body: Some(body), .. }) => expression(body, out),
        ExprKind::Macro(MacroUse { name, body: None }) => out.push_str(name),
        ExprKind::Check(check) => comparison(check, out),
    }
}

fn chain(parts: &[Expr], between: &str, out: &mut String) {
    out.push('(');
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        expression(part, out);
    }
    out.push(')');
}

fn comparison(check: &Check, out: &mut String) {
    operand(&check.left, out);
    out.push(' ');
    out.push_str(if check.doubled { "==" } else { check.operator.word() });
    if let Some(modifier) = check.modifier {
        out.push(' ');
        out.push_str(modifier.word());
    }
    match &check.right {
        Right::Nothing => {}
        Right::Value(value) => {
            out.push(' ');
            escape(&value.bytes, out);
        }
        Right::List(list) => {
            out.push_str(" (");
            for (index, value) in list.values.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                escape(&value.bytes, out);
            }
            out.push(')');
        }
        Right::Operand(right) => {
            out.push(' ');
            operand(right, out);
        }
    }
}

fn operand(one: &Operand, out: &mut String) {
    match one {
        Operand::Field(field) => field_use(field, out),
        Operand::Value(value) => escape(&value.bytes, out),
        Operand::List(list) => operands(&list.items, out),
        Operand::Call(call) => {
            out.push_str(call.transformer.word());
            operands(&call.arguments, out);
            if let Some(key) = &call.key {
                out.push('[');
                escape(&key.bytes, out);
                out.push(']');
            }
        }
    }
}

fn operands(items: &[Operand], out: &mut String) {
    out.push('(');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        operand(item, out);
    }
    out.push(')');
}

fn field_use(field: &FieldUse, out: &mut String) {
    out.push_str(&field.name);
    if let Some(argument) = &field.argument {
        out.push('[');
        // The only place where an empty constant prints with quotes.
        if argument.bytes.is_empty() {
            out.push_str("\"\"");
        }
        escape(&argument.bytes, out);
        out.push(']');
    }
}
