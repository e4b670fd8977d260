//! Findings about profiles: what the parser refuses, and what it accepts although nobody can have meant it.
//!
//! One file a rule: its facts and its documentation, the function that looks, and tests.

mod cannot_be_stopped;
mod cannot_start;
mod dead_allow;
mod dropped_rule;
mod exec_conflict;
mod idle_deny;
mod leaky_deny;
mod look;
mod missing_abi;
mod missing_include;
mod never_matches;
mod not_compared;
mod refused;
mod shadowed_rule;
mod subject;
mod syntax;
#[cfg(test)]
mod testing;
#[cfg(all(test, feature = "docs"))]
mod tidy;
mod told;
mod unknown_include;
mod way_out;

pub use subject::Subject;

use look::Look;
use told::Told;

use watertight_diagnostic::{Finding, RuleMeta};

/// What a rule looks at.
enum Check {
    /// The text as a whole.
    Text(fn(&Subject<'_>, &mut Told)),
    /// Each profile by itself.
    Profile(fn(&Look<'_>, &mut Told)),
}

use Check::{Profile, Text};

static CHECKS: &[(&RuleMeta, Check)] = &[
    (&cannot_be_stopped::CANNOT_BE_STOPPED, Profile(cannot_be_stopped::check)),
    (&cannot_start::CANNOT_START, Profile(cannot_start::check)),
    (&dead_allow::DEAD_ALLOW, Profile(dead_allow::check)),
    (&dropped_rule::DROPPED_RULE, Text(dropped_rule::check)),
    (&exec_conflict::EXEC_CONFLICT, Text(exec_conflict::check)),
    (&idle_deny::IDLE_DENY, Profile(idle_deny::check)),
    (&leaky_deny::LEAKY_DENY, Profile(leaky_deny::check)),
    (&missing_abi::MISSING_ABI, Text(missing_abi::check)),
    (&missing_include::MISSING_INCLUDE, Text(missing_include::check)),
    (&never_matches::NEVER_MATCHES, Profile(never_matches::check)),
    (&not_compared::NOT_COMPARED, Profile(not_compared::check)),
    (&refused::REFUSED, Text(refused::check)),
    (&shadowed_rule::SHADOWED_RULE, Profile(shadowed_rule::check)),
    (&syntax::SYNTAX, Text(syntax::check)),
    (&unknown_include::UNKNOWN_INCLUDE, Text(unknown_include::check)),
    (&way_out::WAY_OUT, Profile(way_out::check)),
];

/// All rules that make findings here.
pub fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    CHECKS.iter().map(|(meta, _)| *meta)
}

/// All findings about one text, up to [`watertight_diagnostic::MOST_ALIKE`] of a rule.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut told: Vec<Told> = CHECKS.iter().map(|_| Told::default()).collect();
    let checks = || CHECKS.iter().map(|(_, check)| check);
    for (check, told) in checks().zip(&mut told) {
        if let Text(check) = check {
            check(subject, told);
        }
    }
    // A profile that is ready to be asked is large, so there is one at a time.
    for look in Look::all(subject) {
        for (check, told) in checks().zip(&mut told) {
            if let Profile(check) = check {
                check(&look, told);
            }
        }
    }
    told.into_iter().flat_map(Told::finish).collect()
}
