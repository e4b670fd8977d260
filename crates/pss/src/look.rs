//! What a check is shown, and how it says where a fault is.

use watertight_diagnostic::Route;
use watertight_pod::{Container, Field, Pod, Profile, Site, Volume};
use watertight_text::Span;

use crate::{Defaulting, FaultPlace};

/// The pod as a check sees it.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) defaulting: Defaulting,
}

/// A fault that a check found.
pub(crate) struct Fault {
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
    pub(crate) places: Vec<FaultPlace>,
}

impl<'a> Look<'a> {
    pub(crate) fn containers(&self) -> impl Iterator<Item = &'a Container> + use<'a> {
        self.pod.containers.iter()
    }

    /// Whether the pod runs on Windows, or may: then a check that spares such pods cannot refuse it.
    pub(crate) fn maybe_windows(&self) -> bool {
        self.pod.is_windows() || self.unsure(&self.pod.route, "os.name")
    }

    /// Whether the pod has a user namespace of its own, or may have.
    pub(crate) fn maybe_user_namespace(&self) -> bool {
        self.pod.host_users.is_false() || self.unsure(&self.pod.route, "hostUsers")
    }

    /// Whether the field, something around it or something in it cannot be read, so that its absence proves nothing.
    pub(crate) fn unsure(&self, from: &Route, dotted: &'static str) -> bool {
        // Almost every pod is readable: no route is made for it.
        if self.pod.unreadable.is_empty() {
            return false;
        }
        self.pod.doubt(&from.keys(dotted)).is_some()
    }

    /// [`Look::unsure`] for a field of a container's `securityContext`.
    pub(crate) fn unsure_security(&self, container: &Container, dotted: &'static str) -> bool {
        !self.pod.unreadable.is_empty() && self.unsure(&container.route.key("securityContext"), dotted)
    }

    /// Whether something directly in a volume cannot be read, so that it may have a source after all.
    pub(crate) fn unsure_volume(&self, volume: &Volume) -> bool {
        let depth = volume.route.steps.len() + 1;
        let inside = |route: &Route| volume.route.contains(route) && route.steps.len() <= depth;
        self.pod.unreadable.iter().any(|place| place.route.contains(&volume.route) || inside(&place.route))
    }

    /// A field of the pod spec.
    pub(crate) fn in_pod(&self, site: Option<Site>, dotted: &'static str) -> FaultPlace {
        let span = site.map_or(self.pod.head, Site::whole);
        FaultPlace { span, route: self.pod.route.keys(dotted), container: None }
    }

    /// A field of the pod's `securityContext`.
    pub(crate) fn in_pod_security(&self, site: Option<Site>, dotted: &'static str) -> FaultPlace {
        let span = site.map_or_else(|| head(self.pod.security.site, self.pod.head), Site::whole);
        FaultPlace { span, route: self.pod.route.key("securityContext").keys(dotted), container: None }
    }

    /// An annotation of the pod.
    pub(crate) fn in_annotations(&self, name: &str, site: Site) -> FaultPlace {
        let route = self.pod.metadata.route.key("annotations").key(name.to_owned());
        FaultPlace { span: site.whole(), route, container: None }
    }
}

/// A field of a container's `securityContext`; without a site, the place where it is missing.
pub(crate) fn in_security(container: &Container, site: Option<Site>, dotted: &'static str) -> FaultPlace {
    let span = site.map_or_else(|| head(container.security.site, container.head), Site::whole);
    at(container, span, container.route.key("securityContext").keys(dotted))
}

/// A place in a container.
pub(crate) fn at(container: &Container, span: Span, route: Route) -> FaultPlace {
    FaultPlace { span, route, container: Some(container.name.clone()) }
}

/// A volume as a whole, or one of its sources.
pub(crate) fn in_volume(volume: &Volume, source: Option<(&str, Site)>) -> FaultPlace {
    match source {
        Some((name, site)) => {
            FaultPlace { span: site.whole(), route: volume.route.key(name.to_owned()), container: None }
        }
        None => FaultPlace { span: volume.head, route: volume.route.clone(), container: None },
    }
}

/// The `type` of a profile that is set, empty when it has none; `None` when there is no profile or its type cannot be
/// read.
pub(crate) fn profile_type(profile: &Field<Profile>) -> Option<&str> {
    let profile = profile.get()?;
    (!profile.kind.is_unreadable()).then(|| profile.kind.text().unwrap_or_default())
}

/// Where the `type` of a profile stands, or else the profile.
pub(crate) fn profile_site(profile: &Field<Profile>) -> Option<Site> {
    profile.get().and_then(|inner| inner.kind.site()).or_else(|| profile.site())
}

/// Where something is missing: at the key of the mapping that should hold it, or at what holds that.
fn head(mapping: Option<Site>, otherwise: Span) -> Span {
    mapping.map_or(otherwise, |site| site.key.unwrap_or(site.value))
}
