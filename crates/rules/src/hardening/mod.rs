//! Missing layers of defence.

pub(crate) mod capabilities_not_dropped;
pub(crate) mod capability_beyond_restricted;
pub(crate) mod known_node_bug;
pub(crate) mod low_user_id;
pub(crate) mod privilege_escalation_allowed;
pub(crate) mod resource_limits_missing;
pub(crate) mod restricted_volume_type;
pub(crate) mod root_group;
pub(crate) mod root_not_forbidden;
pub(crate) mod runs_as_root;
pub(crate) mod seccomp_missing;
pub(crate) mod service_account_token_mounted;
pub(crate) mod user_namespace_missing;
pub(crate) mod writable_root_filesystem;

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[
    &capabilities_not_dropped::CAPABILITIES_NOT_DROPPED,
    &capability_beyond_restricted::CAPABILITY_BEYOND_RESTRICTED,
    &known_node_bug::KNOWN_NODE_BUG,
    &low_user_id::LOW_USER_ID,
    &privilege_escalation_allowed::PRIVILEGE_ESCALATION_ALLOWED,
    &resource_limits_missing::RESOURCE_LIMITS_MISSING,
    &restricted_volume_type::RESTRICTED_VOLUME_TYPE,
    &root_group::ROOT_GROUP,
    &root_not_forbidden::ROOT_NOT_FORBIDDEN,
    &runs_as_root::RUNS_AS_ROOT,
    &seccomp_missing::SECCOMP_MISSING,
    &service_account_token_mounted::SERVICE_ACCOUNT_TOKEN_MOUNTED,
    &user_namespace_missing::USER_NAMESPACE_MISSING,
    &writable_root_filesystem::WRITABLE_ROOT_FILESYSTEM,
];
