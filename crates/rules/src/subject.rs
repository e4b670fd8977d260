use watertight_diagnostic::Severity;
use watertight_diagnostic::{Confidence, FileId, Finding, Fix, Level, Location, Operation, Route, Safety, Settings};
use watertight_knowledge::sandbox::Sandbox;
use watertight_pod::{Container, ContainerList, Object, Objects, Pod, Site};
use watertight_text::Span;

/// A pod with all that stands around it: what a rule is shown.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// The object that holds it.
    pub object: &'a Object,
    /// All objects of the same file.
    pub objects: &'a Objects,
    /// The file.
    pub file: FileId,
    /// What the user asked for.
    pub settings: &'a Settings,
}

/// A file with all its objects: what a rule about other objects than pods is shown.
#[derive(Clone, Copy, Debug)]
pub struct FileSubject<'a> {
    /// All objects of the file.
    pub objects: &'a Objects,
    /// The file.
    pub file: FileId,
    /// What the user asked for.
    pub settings: &'a Settings,
}

impl FileSubject<'_> {
    /// A place in this file, with a few words.
    pub(crate) fn labelled(&self, span: Span, route: Route, label: impl Into<String>) -> Location {
        Location { file: self.file, span, route: Some(route), label: label.into() }
    }
}

impl Subject<'_> {
    /// A place in this pod's file.
    pub(crate) fn place(&self, span: Span, route: Route) -> Location {
        Location { file: self.file, span, route: Some(route), label: String::new() }
    }

    /// A place in this pod's file, with a few words.
    pub(crate) fn labelled(&self, span: Span, route: Route, label: impl Into<String>) -> Location {
        Location { file: self.file, span, route: Some(route), label: label.into() }
    }

    /// A fix of this pod's file that the target `level` needs.
    pub(crate) fn fix(
        &self,
        title: impl Into<String>,
        safety: Safety,
        level: impl Into<Option<Level>>,
        operations: Vec<Operation>,
    ) -> Fix {
        Fix { title: title.into(), safety, level: level.into(), file: self.file, operations, rewrites: Vec::new() }
    }

    /// Whether every item of the list at `route` could be read, so that an item's place in the model is its place in the
    /// text.
    pub(crate) fn is_whole(&self, route: &Route) -> bool {
        !self.pod.unreadable.iter().any(|place| place.route.parent().as_ref() == Some(route))
    }

    /// The sandbox that the pod's RuntimeClass stands for, by the habit of names.
    pub(crate) fn sandbox(&self) -> Option<(Sandbox, Site)> {
        let name = self.pod.runtime_class.text()?;
        Some((Sandbox::of_runtime_class(name)?, self.pod.runtime_class.site()?))
    }

    /// Where the pod asks for a user namespace of its own, if it does and its node gives it one: together with a
    /// namespace of the node the API server refuses it.
    pub(crate) fn user_namespace(&self) -> Option<Site> {
        let shares = [&self.pod.host_network, &self.pod.host_pid, &self.pod.host_ipc];
        let refused = shares.iter().any(|field| field.is_true());
        self.pod.host_users.site().filter(|_| self.pod.host_users.is_false() && !refused)
    }

    /// Judges a danger that goes through the kernel: a user namespace or a sandbox makes it one step milder, and the
    /// finding says so.
    #[must_use]
    pub(crate) fn ease(&self, mut finding: Finding) -> Finding {
        if let Some(site) = self.user_namespace() {
            finding.severity = finding.severity.lowered();
            finding.why.push_str(" The user namespace of this pod contains much of it.");
            let route = self.pod.route.key("hostUsers");
            finding = finding.related(self.labelled(site.whole(), route, "root inside is nobody outside"));
        }
        if let Some((sandbox, site)) = self.sandbox() {
            finding.severity = finding.severity.lowered();
            finding.confidence = finding.confidence.min(Confidence::Likely);
            let name = sandbox.name();
            finding
                .why
                .push_str(&format!(" If the runtime class is {name}, it meets the sandbox first and not the node."));
            let route = self.pod.route.key("runtimeClassName");
            finding = finding.related(self.labelled(site.whole(), route, format!("usually {name}")));
        }
        finding
    }

    /// Judges a field of Linux: a pod for Windows is refused with it.
    #[must_use]
    pub(crate) fn linux_only(&self, mut finding: Finding) -> Finding {
        if self.pod.is_windows() {
            finding.severity = finding.severity.min(Severity::Low);
            finding.why.push_str(" This pod is for Windows, where the API server refuses the field.");
        }
        finding
    }

    /// Whether the restricted standard exempts the pod because it is for Windows, which it does from 1.25 on.
    pub(crate) fn is_exempt_for_windows(&self) -> bool {
        self.pod.is_windows() && self.settings.kube_version.at_least(25)
    }

    /// Judges a layer of Linux that an old version of the standards asks of Windows pods as well: there the field that
    /// it asks for is refused, so there is no fix.
    #[must_use]
    pub(crate) fn asked_of_windows(&self, mut finding: Finding) -> Finding {
        if self.pod.is_windows() {
            finding.severity = finding.severity.min(Severity::Low);
            finding.fixes.clear();
            finding.how =
                "Ask for version v1.25 of the standards or a later one, which exempts Windows pods.".to_owned();
        }
        finding
    }

    /// Judges something that a privileged container has anyway: worth knowing, but the cause is named elsewhere.
    #[must_use]
    pub(crate) fn beside_privileged(&self, container: &Container, mut finding: Finding) -> Finding {
        let privileged = &container.security.privileged;
        if let Some(site) = privileged.site().filter(|_| privileged.is_true()) {
            finding.severity = Severity::Info;
            finding
                .why
                .push_str(" A privileged container has this anyway; on its own it counts once privileged is gone.");
            let route = container.route.keys("securityContext.privileged");
            finding = finding.related(self.labelled(site.whole(), route, "privileged includes it"));
        }
        finding
    }
}

/// A container as a sentence names it: `container "web"`.
pub(crate) fn called(container: &Container) -> String {
    let kind = match container.list {
        ContainerList::Init if container.sidecar => "sidecar",
        ContainerList::Init => "init container",
        ContainerList::Regular => "container",
        ContainerList::Ephemeral => "ephemeral container",
    };
    match container.name.as_str() {
        "" => format!("{kind} without a name"),
        name => format!("{kind} \"{name}\""),
    }
}

/// The same at the start of a sentence.
pub(crate) fn called_first(container: &Container) -> String {
    let text = called(container);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "a", "a and b", "a, b and c".
pub(crate) fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}
