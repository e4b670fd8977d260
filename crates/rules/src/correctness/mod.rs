//! Texts that do not mean what they seem to.

pub(crate) mod binary_input;
pub(crate) mod doubtful_version;
pub(crate) mod duplicate_key;
pub(crate) mod duplicate_name;
pub(crate) mod empty_field;
pub(crate) mod field_too_new;
pub(crate) mod hidden_line_break;
pub(crate) mod ignored_seccomp_annotation;
pub(crate) mod ineffective_capability_name;
pub(crate) mod invalid_pss_label;
pub(crate) mod invalid_value;
pub(crate) mod legacy_apparmor_annotation;
pub(crate) mod lost_indentation;
pub(crate) mod malformed_suppression;
pub(crate) mod missing_field;
pub(crate) mod namespace_not_named;
pub(crate) mod never_starts_as_root;
pub(crate) mod not_kubernetes;
pub(crate) mod template_not_rendered;
pub(crate) mod too_large;
pub(crate) mod unexplained_suppression;
pub(crate) mod unknown_field;
pub(crate) mod unsupported_yaml;
pub(crate) mod unused_suppression;
pub(crate) mod wrong_type;
pub(crate) mod yaml_1_1_value;
pub(crate) mod yaml_syntax;

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[
    &binary_input::BINARY_INPUT,
    &doubtful_version::DOUBTFUL_VERSION,
    &duplicate_key::DUPLICATE_KEY,
    &duplicate_name::DUPLICATE_NAME,
    &empty_field::EMPTY_FIELD,
    &field_too_new::FIELD_TOO_NEW,
    &hidden_line_break::HIDDEN_LINE_BREAK,
    &ignored_seccomp_annotation::IGNORED_SECCOMP_ANNOTATION,
    &ineffective_capability_name::INEFFECTIVE_CAPABILITY_NAME,
    &invalid_pss_label::INVALID_PSS_LABEL,
    &invalid_value::INVALID_VALUE,
    &legacy_apparmor_annotation::LEGACY_APPARMOR_ANNOTATION,
    &lost_indentation::LOST_INDENTATION,
    &malformed_suppression::MALFORMED_SUPPRESSION,
    &missing_field::MISSING_FIELD,
    &namespace_not_named::NAMESPACE_NOT_NAMED,
    &never_starts_as_root::NEVER_STARTS_AS_ROOT,
    &not_kubernetes::NOT_KUBERNETES,
    &template_not_rendered::TEMPLATE_NOT_RENDERED,
    &too_large::TOO_LARGE,
    &unexplained_suppression::UNEXPLAINED_SUPPRESSION,
    &unknown_field::UNKNOWN_FIELD,
    &unsupported_yaml::UNSUPPORTED_YAML,
    &unused_suppression::UNUSED_SUPPRESSION,
    &wrong_type::WRONG_TYPE,
    &yaml_1_1_value::YAML_1_1_VALUE,
    &yaml_syntax::YAML_SYNTAX,
];
