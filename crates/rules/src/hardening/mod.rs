//! Missing layers of defence.

mod capabilities_not_dropped;
mod low_user_id;
mod privilege_escalation_allowed;
mod root_group;
mod root_not_forbidden;
mod runs_as_root;
mod seccomp_missing;
mod writable_root_filesystem;

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[
    &capabilities_not_dropped::CAPABILITIES_NOT_DROPPED,
    &low_user_id::LOW_USER_ID,
    &privilege_escalation_allowed::PRIVILEGE_ESCALATION_ALLOWED,
    &root_group::ROOT_GROUP,
    &root_not_forbidden::ROOT_NOT_FORBIDDEN,
    &runs_as_root::RUNS_AS_ROOT,
    &seccomp_missing::SECCOMP_MISSING,
    &writable_root_filesystem::WRITABLE_ROOT_FILESYSTEM,
];
