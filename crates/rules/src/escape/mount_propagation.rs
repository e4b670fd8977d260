use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A volume mount with `mountPropagation: Bidirectional`.
    ///
    /// ## Why it matters
    /// Whatever the container mounts there appears on the node and in every other pod that uses the folder. The container
    /// can lay its own files over those of the node. The API server takes it from privileged containers only, so it is a
    /// way out that is already half walked.
    ///
    /// ## What to do
    /// Use `HostToContainer` to see mounts of the node, or nothing at all. Storage drivers that must mount for others
    /// belong into a namespace of their own.
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
    ///       securityContext:
    ///         privileged: true
    ///       volumeMounts:
    ///         - name: shared
    ///           mountPath: /shared
    ///           mountPropagation: Bidirectional
    ///   volumes:
    ///     - name: shared
    ///       emptyDir: {}
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
    ///       volumeMounts:
    ///         - name: shared
    ///           mountPath: /shared
    ///           mountPropagation: HostToContainer
    ///   volumes:
    ///     - name: shared
    ///       emptyDir: {}
    /// ```
    MOUNT_PROPAGATION = {
        id: "mount-propagation",
        title: "Mounts that reach the node",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Attack "T1611", Monokle "KBP115"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    for mount in &container.mounts {
        if mount.propagation.text() != Some("Bidirectional") {
            continue;
        }
        let Some(site) = mount.propagation.site() else { continue };
        let route = container.route.key("volumeMounts").index(mount.index).key("mountPropagation");
        let volume = mount.volume.text().unwrap_or_default();
        // Engines take it from every container.
        let privileged = container.security.privileged.is_true() || !container.syntax.is_kubernetes();
        let (severity, why) = match privileged {
            true => (Severity::High, "What it mounts there appears on the node and in other pods."),
            false => (Severity::Low, "The API server takes this from privileged containers only and refuses the pod."),
        };
        let fix = subject.fix(
            "Let mounts come in and none go out",
            Safety::ChangesBehaviour,
            // Baseline forbids privileged, and without privileged the API server refuses this value.
            Level::Baseline,
            vec![Operation::set(route.clone(), "HostToContainer")],
        );
        found.push(
            Finding::new(
                &MOUNT_PROPAGATION.meta,
                subject.place(site.value, route),
                format!("{} sends its mounts in volume \"{volume}\" back to the node.", called_first(container)),
            )
            .severity(severity)
            .in_container(&container.name)
            .why(why)
            .how("Use HostToContainer, or leave mountPropagation out.")
            .fix(fix),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, underlined};

    #[test]
    fn bidirectional_only() {
        let text = |value: &str, privileged: bool| {
            container(&format!(
                "      securityContext: {{privileged: {privileged}}}\n      volumeMounts: [{{name: a, mountPropagation: {value}}}]"
            ))
        };
        let rule = "mount-propagation";
        assert_eq!(underlined(rule, &text("Bidirectional", true)), [("Bidirectional", "high")]);
        assert_eq!(underlined(rule, &text("Bidirectional", false)), [("Bidirectional", "low")]);
        assert_eq!(underlined(rule, &text("HostToContainer", true)), []);
        assert_eq!(underlined(rule, &text("None", true)), []);
    }
}
