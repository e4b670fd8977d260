//! Good housekeeping.

mod default_namespace;
mod host_aliases;
mod image_pull_policy;
mod image_tag_latest;
mod image_without_digest;
mod interactive_terminal;
mod literal_credential;
mod privileged_port;
mod resource_requests_missing;
mod secret_in_environment;
mod ssh_server;
mod sudo_in_command;
mod system_namespace;

use crate::Rule;

/// All rules of this folder.
pub(crate) static RULES: &[&Rule] = &[
    &default_namespace::DEFAULT_NAMESPACE,
    &host_aliases::HOST_ALIASES,
    &image_pull_policy::IMAGE_PULL_POLICY,
    &image_tag_latest::IMAGE_TAG_LATEST,
    &image_without_digest::IMAGE_WITHOUT_DIGEST,
    &interactive_terminal::INTERACTIVE_TERMINAL,
    &literal_credential::LITERAL_CREDENTIAL,
    &privileged_port::PRIVILEGED_PORT,
    &resource_requests_missing::RESOURCE_REQUESTS_MISSING,
    &secret_in_environment::SECRET_IN_ENVIRONMENT,
    &ssh_server::SSH_SERVER,
    &sudo_in_command::SUDO_IN_COMMAND,
    &system_namespace::SYSTEM_NAMESPACE,
];
