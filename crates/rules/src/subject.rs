use watertight_diagnostic::{
    Confidence, FileId, Finding, Fix, Level, Location, Operation, Route, RuleMeta, Safety, Settings, Severity,
};
use watertight_knowledge::sandbox::{Handler, Sandbox};
use watertight_pod::{Container, ContainerList, Neighbours, Object, Objects, Pod, Site, gates};
use watertight_text::Span;

use crate::words::capital;

/// A pod with all that stands around it: what a rule is shown.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// The object that holds it.
    pub object: &'a Object,
    /// All objects of the input, by their names.
    pub neighbours: &'a Neighbours<'a>,
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
    /// All objects of the input, by their names.
    pub neighbours: &'a Neighbours<'a>,
    /// The file.
    pub file: FileId,
    /// What the user asked for.
    pub settings: &'a Settings,
}

/// The sandbox of a pod, and how we know.
struct Sandboxed {
    sandbox: Sandbox,
    /// Where the pod names its runtime class.
    site: Site,
    /// The handler of that class, when the class is at hand.
    class: Option<Location>,
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

    /// What a rule says of an object that names one of these namespaces; the reason is the rule's own.
    pub(crate) fn in_namespace(&self, rule: &'static RuleMeta, names: &[&str]) -> Option<Finding> {
        let namespace = self.object.namespace.as_deref().filter(|name| names.contains(name))?;
        let place = self.place(self.object.head, self.object.route.keys("metadata.namespace"));
        let what = format!("{} stands in namespace {namespace}.", self.object.kind);
        Some(Finding::new(rule, place, what).how("Give it a namespace of its own."))
    }

    /// Whether every item of the list at `route` could be read, so that an item's place in the model is its place in the
    /// text.
    pub(crate) fn is_whole(&self, route: &Route) -> bool {
        !self.pod.unreadable.iter().any(|place| place.route.parent().as_ref() == Some(route))
    }

    /// The sandbox that the pod's RuntimeClass stands for: by the handler of that class when the class is at hand, else by
    /// the habit of names.
    fn sandbox(&self) -> Option<Sandboxed> {
        let name = self.pod.runtime_class.text()?;
        let site = self.pod.runtime_class.site()?;
        let class = self.neighbours.runtime_class(name);
        let Some((class, handler)) = class.and_then(|class| Some((class, class.item.handler.text()?))) else {
            return Some(Sandboxed { sandbox: Sandbox::of_runtime_class(name)?, site, class: None });
        };
        let Handler::Sandbox(sandbox) = Handler::of(handler) else { return None };
        let place = Location {
            file: FileId(u32::try_from(class.file).unwrap_or(u32::MAX)),
            span: class.item.handler.site()?.value,
            route: Some(class.object.route.key("handler")),
            label: [sandbox.name(), "'s usual handler"].concat(),
        };
        Some(Sandboxed { sandbox, site, class: Some(place) })
    }

    /// Where the pod asks for a user namespace of its own, if it does and its node gives it one: together with a
    /// namespace of the node the API server refuses it, and an old one drops the field.
    pub(crate) fn user_namespace(&self) -> Option<Site> {
        if !self.settings.kube_version.at_least(gates::USER_NAMESPACES) {
            return None;
        }
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
            finding.why.to_mut().push_str(" The user namespace of this pod contains much of it.");
            let route = self.pod.route.key("hostUsers");
            finding = finding.related(self.labelled(site.whole(), route, "root inside is nobody outside"));
        }
        if let Some(Sandboxed { sandbox, site, class }) = self.sandbox() {
            finding.severity = finding.severity.lowered();
            let name = sandbox.name();
            let route = self.pod.route.key("runtimeClassName");
            let meets = "it meets the sandbox first and not the node.";
            match class {
                Some(class) => {
                    finding.why.to_mut().push_str(&[" The runtime class is ", name, ", so ", meets].concat());
                    finding = finding.related(self.labelled(site.whole(), route, name)).related(class);
                }
                None => {
                    finding.confidence = finding.confidence.min(Confidence::Likely);
                    finding.why.to_mut().push_str(&[" If the runtime class is ", name, ", ", meets].concat());
                    finding = finding.related(self.labelled(site.whole(), route, ["usually ", name].concat()));
                }
            }
        }
        finding
    }

    /// Judges a field of Linux: a pod for Windows is refused with it.
    #[must_use]
    pub(crate) fn linux_only(&self, mut finding: Finding) -> Finding {
        if self.pod.is_windows() {
            finding.severity = finding.severity.min(Severity::Low);
            finding.why.to_mut().push_str(" This pod is for Windows, where the API server refuses the field.");
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
            finding.how = "Ask for version v1.25 of the standards or a later one, which exempts Windows pods.".into();
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
                .to_mut()
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
    capital(called(container))
}

#[cfg(test)]
mod tests {
    use crate::testing::findings_of;

    /// Severity, confidence and number of related places of the finding about a privileged container.
    fn judged(class: &str) -> (&'static str, String, usize) {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  runtimeClassName: gvisor\n  containers:\n    - \
                   name: a\n      securityContext: {privileged: true}\n";
        let found = findings_of("privileged", &format!("{pod}{class}"));
        let confidence = format!("{:?}", found[0].confidence);
        (found[0].severity.word(), confidence, found[0].related.len())
    }

    #[test]
    fn the_handler_decides_about_the_sandbox() {
        let class = |name: &str, handler: &str| {
            format!(
                "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {{name: {name}}}\nhandler: {handler}\n"
            )
        };
        let likely = |severity, related| (severity, "Likely".to_owned(), related);
        let certain = |severity, related| (severity, "Certain".to_owned(), related);
        assert_eq!(judged(""), likely("high", 1), "by its name");
        assert_eq!(judged(&class("other", "runc")), likely("high", 1), "another class says nothing");
        assert_eq!(judged(&class("gvisor", "runsc")), certain("high", 2));
        assert_eq!(judged(&class("gvisor", "kata-qemu")), certain("high", 2));
        assert_eq!(judged(&class("gvisor", "runc")), certain("critical", 0), "the name deceives");
        assert_eq!(judged(&class("gvisor", "mine")), certain("critical", 0));
    }
}
