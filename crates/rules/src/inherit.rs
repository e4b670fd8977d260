//! What a container takes over from its pod, and what nobody can say of it.

use watertight_diagnostic::Route;
use watertight_pod::{Container, Field, Pod, Profile, Resources, gates};
use watertight_text::Span;

use crate::Subject;

/// The field that counts: the container's own, else the pod's. A null of the container counts as absent, as it does for
/// the API server.
pub(crate) fn inherited<'p, T>(own: &'p Field<T>, pods: &'p Field<T>) -> &'p Field<T> {
    match own {
        Field::Absent | Field::Null(_) => pods,
        Field::Set(..) | Field::Unreadable(_) => own,
    }
}

/// `runAsUser` as it counts for a container.
pub(crate) fn user<'p>(pod: &'p Pod, container: &'p Container) -> &'p Field<i64> {
    inherited(&container.security.run_as_user, &pod.security.run_as_user)
}

/// `runAsNonRoot` as it counts for a container.
pub(crate) fn non_root<'p>(pod: &'p Pod, container: &'p Container) -> &'p Field<bool> {
    inherited(&container.security.run_as_non_root, &pod.security.run_as_non_root)
}

/// `seccompProfile` as it counts for a container.
pub(crate) fn seccomp<'p>(pod: &'p Pod, container: &'p Container) -> &'p Field<Profile> {
    inherited(&container.security.seccomp, &pod.security.seccomp)
}

/// The `resources` that the containers of a pod share, where the version knows them.
pub(crate) fn shared_resources<'a>(subject: &Subject<'a>) -> Option<&'a Resources> {
    let pod: &'a Pod = subject.pod;
    subject.settings.kube_version.at_least(gates::POD_RESOURCES).then_some(&pod.resources)
}

/// Whether the field at `route` stands inside something that cannot be read, so that nobody knows its value.
pub(crate) fn is_unknown(pod: &Pod, route: &Route) -> bool {
    pod.unreadable.iter().any(|place| place.route.contains(route))
}

/// Whether everything inside `route` could be read, so that places in our lists are places in the text.
pub(crate) fn is_whole(pod: &Pod, route: &Route) -> bool {
    !pod.unreadable.iter().any(|place| place.route.contains(route) || route.contains(&place.route))
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
