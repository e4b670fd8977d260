//! `seccompProfile` and `appArmorProfile`, which have the same shape and the same inheritance.

use watertight_diagnostic::{Finding, Route, RuleMeta, Severity};
use watertight_pod::{Container, Field, Pod, Profile};
use watertight_text::Span;

use crate::Subject;
use crate::subject::called_first;

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Seccomp,
    AppArmor,
}

/// A profile that the baseline standard refuses.
pub(crate) struct Setting<'a> {
    /// Its type; empty when it has none.
    pub(crate) value: &'a str,
    /// The route of the profile.
    pub(crate) route: Route,
    container: Option<&'a Container>,
    span: Span,
    /// The field that is at fault: the profile's type, or the profile.
    at: Route,
    /// A setting of the pod that every container overrides with a better one.
    overridden: bool,
}

/// Every profile of the pod and of its containers that is neither `RuntimeDefault` nor `Localhost`. A setting of the
/// pod counts although containers override it, as it does for the admission library.
pub(crate) fn refused(pod: &Pod, kind: Kind) -> Vec<Setting<'_>> {
    let (pod_level, key) = match kind {
        Kind::Seccomp => (&pod.security.seccomp, "seccompProfile"),
        Kind::AppArmor => (&pod.security.apparmor, "appArmorProfile"),
    };
    let overridden = !pod.containers.is_empty() && pod.containers.iter().all(|container| own(container, kind).is_set());
    let mut settings = Vec::new();
    let of_pod = || pod.route.key("securityContext").key(key);
    settings.extend(setting(None, pod_level, of_pod, overridden));
    for container in &pod.containers {
        let route = || container.route.key("securityContext").key(key);
        settings.extend(setting(Some(container), own(container, kind), route, false));
    }
    settings
}

fn own(container: &Container, kind: Kind) -> &Field<Profile> {
    match kind {
        Kind::Seccomp => &container.security.seccomp,
        Kind::AppArmor => &container.security.apparmor,
    }
}

fn setting<'a>(
    container: Option<&'a Container>,
    field: &'a Field<Profile>,
    route: impl FnOnce() -> Route,
    overridden: bool,
) -> Option<Setting<'a>> {
    let profile = field.get()?;
    let value = profile.kind.text().unwrap_or_default();
    if matches!(value, "RuntimeDefault" | "Localhost") || profile.kind.is_unreadable() {
        return None;
    }
    let route = route();
    let (span, at) = match profile.kind.site() {
        Some(site) if profile.kind.is_set() => (site.value, route.key("type")),
        _ => (field.site()?.whole(), route.clone()),
    };
    Some(Setting { value, route, container, span, at, overridden })
}

impl Setting<'_> {
    /// Whose setting it is, at the start of a sentence.
    pub(crate) fn who(&self) -> String {
        self.container.map_or_else(|| "The pod".to_owned(), called_first)
    }

    /// The finding of `rule`, without a fix, judged beside the other layers.
    pub(crate) fn finding(
        &self,
        subject: &Subject<'_>,
        rule: &'static RuleMeta,
        what: String,
        why: &'static str,
    ) -> Finding {
        let mut finding = Finding::new(rule, subject.place(self.span, self.at.clone()), what).why(why);
        if self.value != "Unconfined" {
            finding = finding.severity(Severity::Low).why("The API server refuses the pod.");
        } else if self.overridden {
            finding.severity = Severity::Low;
            finding
                .why
                .to_mut()
                .push_str(" All containers override it, but the Pod Security Standards refuse it all the same.");
        }
        finding = subject.ease(finding);
        if let Some(container) = self.container {
            finding = subject.beside_privileged(container, finding.in_container(&container.name));
        }
        subject.linux_only(finding)
    }
}
