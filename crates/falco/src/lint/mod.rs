//! Findings about rules: what the engine's loader says, and what it does not say but people trip over.
//!
//! The engine's own messages carry its code in front of them; ours never do.

mod always_true_comparison;
mod ancestor_not_equal;
mod appended_or;
mod busy_event_type;
mod deprecated_field;
mod engine_version_too_low;
mod event;
mod exception_covers_rule;
mod list_name_captured;
mod load;
mod missing_mitre_tag;
mod missing_value_text;
mod mitre;
mod mitre_mismatch;
mod needs;
mod never_matches;
mod not_equal_missing;
mod out;
mod output_lacks_context;
mod priority_case;
mod process_name_too_long;
mod shadowed_rule;
pub(crate) mod stable_macros;
mod subject;
mod substring_trap;
#[cfg(test)]
mod testing;
#[cfg(all(test, feature = "docs"))]
mod tidy;

pub use event::of_events;
pub use needs::{Need, needs};
pub use subject::{File, Subject};

use out::Out;
use watertight_diagnostic::{Finding, RuleMeta};

type Check = fn(&Subject<'_>, &mut Out);

/// Our own rules.
static RULES: &[(&RuleMeta, Check)] = &[
    (&always_true_comparison::ALWAYS_TRUE_COMPARISON, always_true_comparison::check),
    (&ancestor_not_equal::ANCESTOR_NOT_EQUAL, ancestor_not_equal::check),
    (&appended_or::APPENDED_OR, appended_or::check),
    (&busy_event_type::BUSY_EVENT_TYPE, busy_event_type::check),
    (&deprecated_field::DEPRECATED_FIELD, deprecated_field::check),
    (&engine_version_too_low::ENGINE_VERSION_TOO_LOW, engine_version_too_low::check),
    (&exception_covers_rule::EXCEPTION_COVERS_RULE, exception_covers_rule::check),
    (&list_name_captured::LIST_NAME_CAPTURED, list_name_captured::check),
    (&missing_mitre_tag::MISSING_MITRE_TAG, missing_mitre_tag::check),
    (&missing_value_text::MISSING_VALUE_TEXT, missing_value_text::check),
    (&mitre_mismatch::MITRE_MISMATCH, mitre_mismatch::check),
    (&never_matches::NEVER_MATCHES, never_matches::check),
    (&not_equal_missing::NOT_EQUAL_MISSING, not_equal_missing::check),
    (&output_lacks_context::OUTPUT_LACKS_CONTEXT, output_lacks_context::check),
    (&priority_case::PRIORITY_CASE, priority_case::check),
    (&process_name_too_long::PROCESS_NAME_TOO_LONG, process_name_too_long::check),
    (&shadowed_rule::SHADOWED_RULE, shadowed_rule::check),
    (&substring_trap::SUBSTRING_TRAP, substring_trap::check),
];

/// All rules that make findings here.
pub fn rules() -> impl Iterator<Item = &'static RuleMeta> {
    load::RULES.iter().chain(RULES.iter().map(|(meta, _)| meta)).chain(event::RULES).copied()
}

/// All findings about a set of rules, file by file; of one rule in a file as many as are told, and the last one knows how many
/// more there are.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut out = Out::default();
    load::check(subject, &mut out);
    RULES.iter().for_each(|(_, check)| check(subject, &mut out));
    out.finish()
}
