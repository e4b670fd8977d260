use watertight_diagnostic::{Finding, Level};
use watertight_pod::Container;

use crate::capabilities::{self, Group};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container that adds a capability which the baseline standard allows and the restricted one does not: those that
    /// Docker grants by default, `NET_BIND_SERVICE` excepted.
    ///
    /// ## Why it matters
    /// Alone they open nothing. Beside a writable folder of the node they help: `DAC_OVERRIDE` passes its permissions,
    /// `SETFCAP` and `FSETID` plant a program there, `MKNOD` makes device files.
    ///
    /// ## What to do
    /// Drop `ALL` and try without. Many programs want these only to give up root at the start, which `runAsUser` makes
    /// unnecessary.
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
    ///         capabilities:
    ///           drop:
    ///             - ALL
    ///           add:
    ///             - CHOWN
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
    ///       securityContext:
    ///         capabilities:
    ///           drop:
    ///             - ALL
    /// ```
    DEFAULT_CAPABILITY_ADDED = {
        id: "default-capability-added",
        title: "Capability beyond the restricted standard",
        category: Escape,
        severity: Low,
        fixable: true,
        sources: [Pss "capabilities_restricted", Cis "5.2.9", Kubescape "C-0200", Trivy "KSV-0022", Trivy "KSV-0106", Checkov "CKV_K8S_25", Kubeaudit "CapabilityAdded", Kics "19ebaa28", Kyverno "disallow-capabilities-strict", Datree "82", Monokle "PSS206"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let Some(added) = capabilities::added(container, Group::BeyondRestricted) else { return };
    let finding = added.finding(subject, &DEFAULT_CAPABILITY_ADDED.meta, Level::Restricted);
    found.push(finding.how("Drop ALL and try without; set runAsUser instead of giving up root at the start."));
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, underlined};

    #[test]
    fn the_thirteen_but_one() {
        let adding = |names: &str| container(&format!("      securityContext: {{capabilities: {{add: [{names}]}}}}"));
        assert_eq!(underlined("default-capability-added", &adding("NET_BIND_SERVICE")), []);
        assert_eq!(underlined("default-capability-added", &adding("MKNOD, SETUID")), [("MKNOD", "low")]);
        assert_eq!(underlined("default-capability-added", &adding("SYS_ADMIN")), []);
    }
}
