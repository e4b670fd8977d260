//! Fields that an old version drops without a word, so that what they were to do is not done.
//!
//! Source: `dropDisabledFields` in `pkg/api/pod/util.go`.

use watertight_diagnostic::{Route, Step};

use crate::check::Findings;
use crate::validate::set_site;
use crate::{Pod, ProblemKind, Site, Versions, gates};

/// A field that is younger than the versions people still run.
struct Newcomer {
    field: &'static str,
    /// The first minor version that has it by default.
    since: u32,
    /// What is so without it.
    otherwise: &'static str,
}

static HOST_USERS: Newcomer = Newcomer {
    field: "hostUsers",
    since: gates::USER_NAMESPACES,
    otherwise: "the users of the pod are users of the node",
};
static RESOURCES: Newcomer =
    Newcomer { field: "resources", since: gates::POD_RESOURCES, otherwise: "only what the containers say is limited" };
static APPARMOR: Newcomer = Newcomer {
    field: "appArmorProfile",
    since: gates::APPARMOR_FIELDS,
    otherwise: "an annotation chooses the profile, and without one it is that of the runtime",
};
static GROUPS: Newcomer = Newcomer {
    field: "supplementalGroupsPolicy",
    since: gates::GROUPS_POLICY,
    otherwise: "the image can put its user into more groups",
};
static SIDECAR: Newcomer = Newcomer {
    field: "restartPolicy",
    since: gates::SIDECARS,
    otherwise: "this is an ordinary init container, and the pod waits for its end",
};

/// The minor version that has the last field of a route, when it is a young one.
pub(crate) fn since(route: &Route) -> Option<u32> {
    let Some(Step::Key(name)) = route.steps.last() else { return None };
    let all = [&HOST_USERS, &RESOURCES, &APPARMOR, &GROUPS, &SIDECAR];
    all.iter().find(|newcomer| newcomer.field == &**name).map(|newcomer| newcomer.since)
}

/// Tells the young fields of a pod, each with the versions that drop it.
pub(crate) fn tell(pod: &Pod, out: &mut Findings) {
    let own = &pod.security;
    let mut new = |newcomer: &'static Newcomer, site: Option<Site>, holder: &dyn Fn() -> Route| {
        let Some(site) = site else { return };
        let Newcomer { field, since, otherwise } = *newcomer;
        let kind = ProblemKind::TooNew { field, since, otherwise };
        out.tell_in(Versions::before(since), kind, site.whole(), holder().key(field));
    };
    new(&HOST_USERS, set_site(&pod.host_users).filter(|_| pod.host_users.is_false()), &|| pod.route.clone());
    new(&RESOURCES, pod.resources.site, &|| pod.route.clone());
    let context = || pod.route.key("securityContext");
    new(&APPARMOR, set_site(&own.apparmor), &context);
    new(&GROUPS, set_site(&own.groups_policy), &context);
    for container in &pod.containers {
        let context = || container.route.key("securityContext");
        new(&APPARMOR, set_site(&container.security.apparmor), &context);
        new(&SIDECAR, container.restart.filter(|_| container.sidecar), &|| container.route.clone());
    }
}
