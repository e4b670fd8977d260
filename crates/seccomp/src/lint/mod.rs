//! Findings about profiles: what their readers pass over or refuse, and what they let through although nobody can have
//! meant it.
//!
//! One file a rule: its facts and its documentation, the function that looks, and tests.

mod allow_by_default;
mod always_true;
mod cannot_start;
mod clone3_refused;
mod contradiction;
mod dead_rule;
mod debug_action;
mod depends_on_libseccomp;
mod duplicate_key;
mod empty;
mod empty_mask;
mod evadable_argument;
mod forgotten_twin;
mod ignored_key;
mod keys;
mod kill_thread;
mod look;
mod lost_gates;
mod missing_architecture;
mod not_json;
mod obsolete_call;
mod odd_errno;
mod outdated_call;
mod refused;
mod risky_call;
mod subject;
#[cfg(test)]
mod testing;
#[cfg(all(test, feature = "docs"))]
mod tidy;
mod unknown_call;
mod unknown_key;
mod unknown_word;
mod unstoppable_call;
mod wrong_format;
mod wrong_type;

pub use subject::{Form, Subject};
pub use wrong_format::is_of_seccompiler;

use look::Look;
use watertight_diagnostic::{Finding, MOST_ALIKE, RuleMeta};

type Check = fn(&Look<'_>, &mut Vec<Finding>);

static CHECKS: &[(&RuleMeta, Check)] = &[
    (&allow_by_default::ALLOW_BY_DEFAULT, allow_by_default::check),
    (&always_true::ALWAYS_TRUE, always_true::check),
    (&cannot_start::CANNOT_START, cannot_start::check),
    (&clone3_refused::CLONE3_REFUSED, clone3_refused::check),
    (&contradiction::CONTRADICTION, contradiction::check),
    (&dead_rule::DEAD_RULE, dead_rule::check),
    (&debug_action::DEBUG_ACTION, debug_action::check),
    (&depends_on_libseccomp::DEPENDS_ON_LIBSECCOMP, depends_on_libseccomp::check),
    (&duplicate_key::DUPLICATE_KEY, duplicate_key::check),
    (&empty::EMPTY, empty::check),
    (&empty_mask::EMPTY_MASK, empty_mask::check),
    (&evadable_argument::EVADABLE_ARGUMENT, evadable_argument::check),
    (&forgotten_twin::FORGOTTEN_TWIN, forgotten_twin::check),
    (&ignored_key::IGNORED_KEY, ignored_key::check),
    (&kill_thread::KILL_THREAD, kill_thread::check),
    (&lost_gates::LOST_GATES, lost_gates::check),
    (&missing_architecture::MISSING_ARCHITECTURE, missing_architecture::check),
    (&not_json::NOT_JSON, not_json::check),
    (&obsolete_call::OBSOLETE_CALL, obsolete_call::check),
    (&odd_errno::ODD_ERRNO, odd_errno::check),
    (&outdated_call::OUTDATED_CALL, outdated_call::check),
    (&refused::REFUSED, refused::check),
    (&risky_call::RISKY_CALL, risky_call::check),
    (&unknown_call::UNKNOWN_CALL, unknown_call::check),
    (&unknown_key::UNKNOWN_KEY, unknown_key::check),
    (&unknown_word::UNKNOWN_WORD, unknown_word::check),
    (&unstoppable_call::UNSTOPPABLE_CALL, unstoppable_call::check),
    (&wrong_format::WRONG_FORMAT, wrong_format::check),
    (&wrong_type::WRONG_TYPE, wrong_type::check),
];

/// All rules that make findings here.
pub fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    CHECKS.iter().map(|(meta, _)| *meta)
}

/// All findings about one profile.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let look = Look::new(subject);
    if look.is_foreign() {
        wrong_format::check(&look, &mut found);
        return found;
    }
    for (_, check) in CHECKS {
        let begin = found.len();
        check(&look, &mut found);
        let more = found.len().saturating_sub(begin + MOST_ALIKE);
        found.truncate(begin + MOST_ALIKE);
        if let Some(last) = found.last_mut().filter(|_| more > 0) {
            last.more = more;
        }
    }
    found
}
