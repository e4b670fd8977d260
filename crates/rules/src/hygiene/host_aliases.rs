use watertight_diagnostic::Finding;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod with `hostAliases`: lines for its `/etc/hosts`.
    ///
    /// ## Why it matters
    /// They pass over DNS and whatever watches it, and can send a well-known name to another machine.
    ///
    /// ## What to do
    /// Use a Service, or a Service of type `ExternalName`, which everybody can see.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostAliases:
    ///     - ip: 10.0.0.1
    ///       hostnames: [db.example.com]
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    HOST_ALIASES = {
        id: "host-aliases",
        title: "Names written into /etc/hosts",
        category: Hygiene,
        severity: Info,
        fixable: false,
        sources: [Kubesec "HostAliases", Trivy "KSV-0007"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let field = &subject.pod.host_aliases;
    let Some(site) = field.site().filter(|_| field.get().is_some_and(|&count| count > 0)) else { return };
    let place = subject.place(site.key.unwrap_or(site.value), subject.pod.route.key("hostAliases"));
    found.push(
        Finding::new(&HOST_ALIASES.meta, place, "The pod writes names of its own into /etc/hosts.")
            .why("They pass over DNS, and can send a well-known name to another machine.")
            .how("Use a Service instead."),
    );
}

#[cfg(test)]
mod tests {
    use super::HOST_ALIASES as RULE;
    use crate::vectors::{fail, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {hostAliases: []}");
        fail(&RULE, "spec: {hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]}");
    }
}
