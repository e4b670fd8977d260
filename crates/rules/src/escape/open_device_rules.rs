use watertight_diagnostic::Finding;
use watertight_pod::Pod;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container whose control group of devices lets it open every device of the host: `--device-cgroup-rule 'a *:* rwm'`,
    /// or a rule that allows all in an OCI configuration. Kubernetes has no such setting.
    ///
    /// ## Why it matters
    /// With MKNOD, which Docker gives, the container makes the file of the host's disk and reads and writes it past every
    /// permission.
    ///
    /// ## What to do
    /// Name the one device, by its type and both its numbers.
    ///
    /// ## Bad
    /// ```text
    /// docker run --device-cgroup-rule 'b *:* rwm' example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```text
    /// docker run --device-cgroup-rule 'c 10:200 rw' example.com/web:1.0
    /// ```
    OPEN_DEVICE_RULES = {
        id: "open-device-rules",
        title: "Every device may be opened",
        category: Escape,
        severity: High,
        fixable: false,
        sources: [Attack "T1611"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod: &Pod = subject.pod;
    let Some(rule) = pod.engine.device_rules.iter().find(|rule| watertight_pod::opens_all_devices(&rule.name)) else {
        return;
    };
    let what = "The container may open every device of the host.";
    found.push(
        Finding::new(&OPEN_DEVICE_RULES.meta, subject.place(rule.site.value, pod.route.clone()), what)
            .why("With the file of the host's disk, which MKNOD makes, all files on it are open past every permission.")
            .how("Name the one device, by its type and both its numbers."),
    );
}
