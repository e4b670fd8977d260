use serde_json::Value;
use watertight_diagnostic::{FileId, Finding, Fix, Level, Operation, Safety};
use watertight_pod::Problem;
use watertight_yaml::{Kind, Node};

use crate::Check;
use crate::reading::{field_name, of_object};

declare_rule! {
    /// ## What it finds
    /// A value of another type than the field takes, such as `"true"` with quotes where true or false is wanted, or a
    /// number where text is wanted.
    ///
    /// ## Why it matters
    /// The API server refuses the object. Other readers may take the value for what it seems to be, and so see a
    /// protection that is not there.
    ///
    /// ## What to do
    /// Write the value as the field wants it: true and false and numbers without quotes, text that looks like one of
    /// them in quotes.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsNonRoot: "true"
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsNonRoot: true
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    WRONG_TYPE = {
        id: "wrong-type",
        title: "Value of the wrong type",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for a value of the wrong type; `node` is that value, if it can be found.
pub(crate) fn finding(problem: &Problem, (wanted, got): (&str, &str), node: Option<Node<'_>>, file: FileId) -> Finding {
    let name = field_name(&problem.route);
    let finding = of_object(&WRONG_TYPE.meta, problem, file, format!("{name} takes {wanted}, and here is {got}."))
        .why("The API server refuses the object.");
    let Some(value) = node.and_then(|node| converted(node, wanted)) else {
        return finding.how(format!("Write {wanted}."));
    };
    let fix = Fix {
        title: format!("Write {value}"),
        safety: Safety::Safe,
        // No target can be reached with an object that is refused.
        level: Some(Level::Baseline),
        file,
        operations: vec![Operation::set(problem.route.clone(), value.clone())],
        rewrites: Vec::new(),
    };
    finding.how(format!("Write {value}.")).fix(fix)
}

/// The same characters as a value of the wanted type, where only one reading is possible.
fn converted(node: Node<'_>, wanted: &str) -> Option<Value> {
    let written = node.written()?;
    match (wanted, node.kind()) {
        ("true or false", Kind::String) => written.parse::<bool>().ok().map(Value::from),
        ("a whole number", Kind::String) => written.parse::<i64>().ok().map(Value::from),
        ("text", Kind::Bool | Kind::Int | Kind::Float) => Some(Value::from(written)),
        _ => None,
    }
}
