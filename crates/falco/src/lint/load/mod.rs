//! What the engine's loader says, as findings: one file for each code, and one for the macros that are missing most.

mod condition;
mod deprecated_item;
mod duplicate_exception;
mod exception_without_values;
mod file_shape;
mod inconsistent_item;
mod limit;
mod list_name;
mod macro_name;
mod mend;
mod no_event_type;
mod output;
mod skipped_rule;
mod suspicious_constant;
mod undefined_macro;
mod unknown_item;
mod unknown_key;
mod unknown_source;
mod unsafe_na_check;
mod unused_list;
mod unused_macro;
mod yaml_syntax;

use std::collections::HashSet;

use watertight_diagnostic::{Finding, RuleMeta};

use super::{Out, Subject};
use crate::rules::{Code, Message};

/// What there is to say about a code beyond the engine's own words.
struct Said {
    meta: &'static RuleMeta,
    why: &'static str,
    how: &'static str,
}

/// The facts of all findings of this kind.
pub(super) static RULES: &[&RuleMeta] = &[
    &condition::CONDITION,
    &deprecated_item::DEPRECATED_ITEM,
    &duplicate_exception::DUPLICATE_EXCEPTION,
    &exception_without_values::EXCEPTION_WITHOUT_VALUES,
    &file_shape::FILE_SHAPE,
    &inconsistent_item::INCONSISTENT_ITEM,
    &limit::LIMIT,
    &list_name::LIST_NAME,
    &macro_name::MACRO_NAME,
    &no_event_type::NO_EVENT_TYPE,
    &output::OUTPUT,
    &skipped_rule::SKIPPED_RULE,
    &suspicious_constant::SUSPICIOUS_CONSTANT,
    &undefined_macro::UNDEFINED_MACRO,
    &unknown_item::UNKNOWN_ITEM,
    &unknown_key::UNKNOWN_KEY,
    &unknown_source::UNKNOWN_SOURCE,
    &unsafe_na_check::UNSAFE_NA_CHECK,
    &unused_list::UNUSED_LIST,
    &unused_macro::UNUSED_MACRO,
    &yaml_syntax::YAML_SYNTAX,
];

fn said(message: &Message) -> Said {
    match message.code {
        Code::FileRead | Code::YamlParse => yaml_syntax::SAID,
        Code::YamlValidate => file_shape::SAID,
        Code::CompileCondition => condition::SAID,
        Code::CompileOutput => output::SAID,
        Code::Validate if mend::undefined_macro(message).is_some() => undefined_macro::SAID,
        Code::Validate | Code::Extension | Code::WarningExtension => inconsistent_item::said(&message.message),
        Code::UnknownSource => unknown_source::SAID,
        Code::UnsafeNaCheck => unsafe_na_check::SAID,
        Code::NoEventType => no_event_type::SAID,
        Code::UnknownFilter => skipped_rule::SAID,
        Code::UnusedMacro => unused_macro::SAID,
        Code::UnusedList => unused_list::SAID,
        Code::UnknownItem => unknown_item::SAID,
        Code::DeprecatedItem => deprecated_item::SAID,
        Code::AppendNoValues => exception_without_values::SAID,
        Code::ExceptionNameNotUnique => duplicate_exception::SAID,
        Code::InvalidMacroName => macro_name::SAID,
        Code::InvalidListName => list_name::SAID,
        Code::CompileConditionWarning => suspicious_constant::SAID,
        Code::UnknownKey => unknown_key::SAID,
        Code::Limit => limit::SAID,
    }
}

/// A finding for each thing that the engine says or would say later. What it repeats with every further file is said once.
pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    let mut seen = HashSet::new();
    let last = subject.set.files.len().saturating_sub(1);
    for (index, file) in subject.set.files.iter().enumerate() {
        for message in file.errors.iter().chain(&file.warnings).chain(&file.later) {
            // Whether something is used is known after the last file.
            let early = index < last && matches!(message.code, Code::UnusedMacro | Code::UnusedList);
            if !early && seen.insert((message.code, message.place, &message.message)) {
                tell(subject, message, out);
            }
        }
    }
}

fn tell(subject: &Subject<'_>, message: &Message, out: &mut Out) {
    let said = said(message);
    let what = match message.code {
        Code::Limit => message.message.clone(),
        code => [code.name(), ": ", &mend::tidied(&message.message)].concat(),
    };
    let location = subject.location(message.place.unwrap_or_default(), "");
    let mut finding = Finding::new(said.meta, location, what).why(said.why).how(said.how);
    if !out.is_full(said.meta, finding.primary.file) {
        finding.fixes.extend(mend::fixes(subject, message));
    }
    out.push(finding);
}
