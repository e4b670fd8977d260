use watertight_diagnostic::Finding;

use super::{Out, Subject};
use crate::condition::FieldUse;
use crate::fields;
use crate::rules::{fields_of, operand_fields};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A field that Falco still knows but has stopped to fill or is about to drop, such as `k8s.ns.id` or
    /// `k8s.deployment.name`.
    ///
    /// ## Why it matters
    /// The field has no value any more in a usual installation, so the comparison is never true and the output shows
    /// `<NA>`.
    ///
    /// ## What to do
    /// Take the field of the container plugin or of the k8smeta plugin that says the same, such as
    /// `k8s.pod.label[app]`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and k8s.deployment.name = shop
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and k8s.pod.label[app] = shop
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    DEPRECATED_FIELD = {
        id: "falco-deprecated-field",
        title: "Field that upstream advises against",
        category: Hygiene,
        severity: Low,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    let of = |field: &FieldUse| {
        // The loader speaks of the fields about entering a system call itself.
        let said = field.name.starts_with("evt.");
        fields::find(&field.name).filter(|known| known.deprecated() && !said)
    };
    let finding = |location, name: &str| {
        Finding::new(&DEPRECATED_FIELD, location, ["`", name, "` is no longer filled."].concat())
            .why("A comparison with it is never true, and an output shows `<NA>`.")
            .how("Take a field of the container plugin instead.")
    };
    subject.own_checks(&mut |check, _| {
        fields_of(check, &mut |field| {
            if let Some(known) = of(field) {
                out.push(finding(subject.at(field.place, ""), known.name));
            }
        });
    });
    for (rule, item) in subject.set.rules() {
        for token in &rule.output {
            operand_fields(&token.operand, &mut |field| {
                if let Some(known) = of(field) {
                    out.push(finding(subject.location((item.head.place.file, item.head.place.name), ""), known.name));
                }
            });
        }
    }
}
