//! Findings about profiles: what the parser refuses, and what it accepts although nobody can have meant it.
//!
//! One file a rule: its facts and its documentation, the function that looks, and tests.

mod dropped_rule;
mod exec_conflict;
mod missing_include;
mod refused;
mod subject;
mod syntax;
#[cfg(test)]
mod testing;
#[cfg(all(test, feature = "docs"))]
mod tidy;
mod unknown_include;

pub use subject::Subject;

use watertight_diagnostic::{Finding, RuleMeta};

type Check = fn(&Subject<'_>, &mut Vec<Finding>);

static CHECKS: &[(&RuleMeta, Check)] = &[
    (&dropped_rule::DROPPED_RULE, dropped_rule::check),
    (&exec_conflict::EXEC_CONFLICT, exec_conflict::check),
    (&missing_include::MISSING_INCLUDE, missing_include::check),
    (&refused::REFUSED, refused::check),
    (&syntax::SYNTAX, syntax::check),
    (&unknown_include::UNKNOWN_INCLUDE, unknown_include::check),
];

/// All rules that make findings here.
pub fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    CHECKS.iter().map(|&(meta, _)| meta)
}

/// All findings about one text.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, check) in CHECKS {
        check(subject, &mut found);
    }
    found
}
