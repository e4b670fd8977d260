use watertight_diagnostic::{Confidence, Finding};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject, words};

declare_rule! {
    /// ## What it finds
    /// A container that opens port 22 or starts `sshd`.
    ///
    /// ## Why it matters
    /// It is a second door with keys and accounts of its own, past the API server, its permissions and its audit log.
    ///
    /// ## What to do
    /// Remove it. `kubectl exec` and `kubectl debug` do the same and ask the API server.
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
    ///         - containerPort: 22
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
    SSH_SERVER = {
        id: "ssh-server",
        title: "SSH server in the container",
        category: Hygiene,
        severity: Low,
        fixable: false,
        sources: [Kubescape "C-0042", KubeLinter "ssh-port", Monokle "KBP110"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let port = container.ports.iter().find(|port| port.container_port.get() == Some(&22));
    let by_port = port.and_then(|port| {
        let route = container.route.key("ports").index(port.index).key("containerPort");
        Some(subject.place(port.container_port.site()?.value, route))
    });
    let by_command = || {
        words::in_command(container, "sshd")
            .map(|(site, list, index)| subject.place(site.value, container.route.key(list).index(index)))
    };
    let Some(place) = by_port.or_else(by_command) else { return };
    let what = format!("{} seems to run an SSH server.", called_first(container));
    found.push(
        Finding::new(&SSH_SERVER.meta, place, what)
            .confidence(Confidence::Likely)
            .why("It is a door past the API server, its permissions and its audit log.")
            .how("Remove it, and use kubectl exec or kubectl debug.")
            .in_container(&container.name),
    );
}

#[cfg(test)]
mod tests {
    use super::SSH_SERVER as RULE;
    use crate::vectors::{fail, pass};

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {containers: [{name: a, ports: [{containerPort: 2222}], command: [run, sshd-less]}]}");
        fail(&RULE, "spec: {containers: [{name: a, ports: [{containerPort: 22}], command: [/usr/sbin/sshd, -D]}]}");
        fail(&RULE, "spec: {containers: [{name: a, args: ['-c', 'service x; /usr/sbin/sshd -D']}]}");
    }
}
