use watertight_diagnostic::{Finding, Level};
use watertight_pod::Container;

use crate::capabilities::{self, Group};
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container that adds a capability which the baseline standard refuses and which opens no way out by itself, such
    /// as `IPC_LOCK` or `SYS_NICE`; also a name that no capability has.
    ///
    /// ## Why it matters
    /// Each one is a right over the node that most programs never use, and more of the kernel within reach. A name that
    /// does not exist adds nothing, but the Pod Security admission refuses the pod because of it.
    ///
    /// ## What to do
    /// Remove it, or keep it knowingly. `IPC_LOCK` for a program that locks its secrets into memory is a fair case.
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
    ///           add:
    ///             - SYS_NICE
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
    CAPABILITY_BEYOND_BASELINE = {
        id: "capability-beyond-baseline",
        title: "Capability beyond the baseline",
        category: Escape,
        severity: Low,
        fixable: true,
        sources: [Pss "capabilities_baseline", Pss "capabilities_restricted", Cis "5.2.9", Nsa "Pod security", Kubescape "C-0200", Trivy "KSV-0022", Trivy "KSV-0106", Checkov "CKV_K8S_25", Kubeaudit "CapabilityAdded", Kics "19ebaa28", Kyverno "disallow-capabilities", Gatekeeper "K8sPSPCapabilities", Datree "82", Monokle "PSS104"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let Some(added) = capabilities::added(container, Group::BeyondBaseline) else { return };
    let finding = added.finding(subject, &CAPABILITY_BEYOND_BASELINE.meta, Level::Baseline);
    found.push(finding.how("Remove it, unless the program is known to need it."));
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, underlined};

    #[test]
    fn mild_and_unknown_names() {
        let adding = |names: &str| container(&format!("      securityContext: {{capabilities: {{add: [{names}]}}}}"));
        assert_eq!(underlined("capability-beyond-baseline", &adding("SYS_NICE")), [("SYS_NICE", "low")]);
        assert_eq!(underlined("capability-beyond-baseline", &adding("FOO, CHOWN")), [("FOO", "low")]);
        assert_eq!(underlined("capability-beyond-baseline", &adding("CAP_CHOWN")), [("CAP_CHOWN", "low")]);
        assert_eq!(underlined("capability-beyond-baseline", &adding("CHOWN, NET_BIND_SERVICE, SYS_ADMIN")), []);
    }
}
