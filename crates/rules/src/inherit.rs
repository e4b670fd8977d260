//! What a container takes over from its pod.

use watertight_pod::{Container, Field, Pod, Profile, Resources, gates};
use watertight_text::Span;

use crate::Subject;

/// `runAsUser` as it counts for a container.
pub(crate) fn user<'p>(pod: &'p Pod, container: &'p Container) -> &'p Field<i64> {
    container.security.run_as_user.or(&pod.security.run_as_user)
}

/// `runAsNonRoot` as it counts for a container.
pub(crate) fn non_root<'p>(pod: &'p Pod, container: &'p Container) -> &'p Field<bool> {
    container.security.run_as_non_root.or(&pod.security.run_as_non_root)
}

/// `seccompProfile` as it counts for a container.
pub(crate) fn seccomp<'p>(pod: &'p Pod, container: &'p Container) -> &'p Field<Profile> {
    container.security.seccomp.or(&pod.security.seccomp)
}

/// The `resources` that the containers of a pod share, where the version knows them.
pub(crate) fn shared_resources<'a>(subject: &Subject<'a>) -> Option<&'a Resources> {
    let pod: &'a Pod = subject.pod;
    subject.settings.kube_version.at_least(gates::POD_RESOURCES).then_some(&pod.resources)
}

/// Where to point when a field is missing in the `securityContext` of a container.
pub(crate) fn container_head(container: &Container) -> Span {
    container.security.site.and_then(|site| site.key).unwrap_or(container.head)
}

/// Where to point when a field is missing in the `securityContext` of a pod.
pub(crate) fn pod_head(pod: &Pod) -> Span {
    pod.security.site.and_then(|site| site.key).unwrap_or(pod.head)
}

/// Whether the API server refuses `allowPrivilegeEscalation: false` beside what the container asks for.
///
/// Source: `pkg/apis/core/validation`, `ValidateSecurityContext`, which compares with `CAP_SYS_ADMIN` and no other
/// spelling.
pub(crate) fn must_allow_escalation(container: &Container) -> bool {
    container.syntax.is_kubernetes()
        && (container.security.privileged.is_true()
            || container.security.capabilities_add.iter().any(|added| added.name == "CAP_SYS_ADMIN"))
}
