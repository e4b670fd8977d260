use watertight_diagnostic::Finding;
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject, words};

declare_rule! {
    /// ## What it finds
    /// A container that says it listens on a port below 1024. Port 22 has a rule of its own.
    ///
    /// ## Why it matters
    /// Such ports were root's alone, and programs that insist on them often insist on root. Newer container runtimes
    /// let any user listen there.
    ///
    /// ## What to do
    /// Listen on a port from 1024 on, and let the Service translate: `port: 80`, `targetPort: 8080`.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    ///       ports:
    ///         - containerPort: 80
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
    ///       ports:
    ///         - containerPort: 8080
    /// ```
    PRIVILEGED_PORT = {
        id: "privileged-port",
        title: "Port below 1024",
        category: Hygiene,
        severity: Info,
        fixable: false,
        sources: [Trivy "KSV-0117", KubeLinter "privileged-ports", Monokle "KBP113"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let low: Vec<_> = container
        .ports
        .iter()
        .filter_map(|port| Some((port, *port.container_port.get()?, port.container_port.site()?)))
        .filter(|(_, number, _)| (1..1024).contains(number) && *number != 22)
        .collect();
    let numbers: Vec<String> = low.iter().map(|(_, number, _)| number.to_string()).collect();
    let mut places = low.iter().map(|(port, _, site)| {
        subject.place(site.value, container.route.key("ports").index(port.index).key("containerPort"))
    });
    let Some(first) = places.next() else { return };
    let noun = if low.len() == 1 { "port" } else { "ports" };
    let what = format!("{} listens on {noun} {}.", called_first(container), words::some(&numbers));
    let mut finding = Finding::new(&PRIVILEGED_PORT.meta, first, what)
        .why("Programs that insist on a port below 1024 often insist on root.")
        .how("Listen on a port from 1024 on, and let the Service translate.")
        .in_container(&container.name);
    finding.also(places);
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use super::PRIVILEGED_PORT as RULE;
    use crate::vectors::{pass, says};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, ports: [{containerPort: 1024}, {containerPort: 22}]}]}");
        says(
            &RULE,
            "spec: {containers: [{name: a, ports: [{containerPort: 80}, {containerPort: 443}]}]}",
            "ports 80 and 443",
        );
    }
}
