use watertight_diagnostic::Finding;
use watertight_pod::{OpenDevices, Pod};

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A container whose control group of devices lets it open every device of the host, or disks by their major number:
    /// `--device-cgroup-rule 'a *:* rwm'`, `'b 8:* rw'`, `device_cgroup_rules` in a compose file, or a rule in an OCI
    /// configuration. Kubernetes has no such setting.
    ///
    /// ## Why it matters
    /// With MKNOD, which Docker gives, the container makes the file of the host's disk and reads and writes it past every
    /// permission.
    ///
    /// ## What to do
    /// Name the one device, by its type and both its numbers. A disk of the host is better kept out; a volume gives a part
    /// of it.
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
        title: "Disks or every device may be opened",
        category: Escape,
        severity: High,
        fixable: false,
        sources: [Attack "T1611"],
        check: Check::Pod(check),
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod: &Pod = subject.pod;
    let opening = pod.engine.device_rules.iter().find_map(|rule| Some((rule, OpenDevices::by(&rule.name)?)));
    let Some((rule, opened)) = opening else { return };
    let what = match opened {
        OpenDevices::All => "The container may open every device of the host.".to_owned(),
        OpenDevices::Disks(major) => {
            format!("The container may open disks of the host, those of major number {major}.")
        }
    };
    found.push(
        Finding::new(&OPEN_DEVICE_RULES.meta, subject.place(rule.site.value, pod.route.clone()), what)
            .why("With the file of the host's disk, which MKNOD makes, all files on it are open past every permission.")
            .how("Name the one device, by its type and both its numbers."),
    );
}

#[cfg(test)]
mod tests {
    use crate::testing::findings_of;

    #[test]
    fn rules_that_open_disks() {
        for (rules, expected) in [
            ("--device-cgroup-rule 'b 8:* rwm'", "The container may open disks of the host, those of major number 8."),
            (
                "--device-cgroup-rule=b\\ 259:0\\ r",
                "The container may open disks of the host, those of major number 259.",
            ),
            (
                "--device-cgroup-rule 'c 10:200 rw' --device-cgroup-rule 'b *:* w'",
                "The container may open every device of the host.",
            ),
            ("--device-cgroup-rule 'b 7:* rwm' --device-cgroup-rule 'b 8:* m'", ""),
        ] {
            let found = findings_of("open-device-rules", &format!("docker run {rules} alpine"));
            assert_eq!(found.iter().map(|found| &*found.what).collect::<String>(), expected, "{rules}");
        }
    }
}
