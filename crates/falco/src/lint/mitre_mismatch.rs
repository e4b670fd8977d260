use watertight_diagnostic::Finding;
use watertight_text::shortened;

use super::mitre::tactics;
use super::{Out, Subject};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A rule whose technique of MITRE ATT&CK belongs to none of the tactics that its tags name.
    ///
    /// ## Why it matters
    /// The alert is counted in the wrong column of the matrix.
    ///
    /// ## What to do
    /// Name one of the technique's own tactics.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_discovery, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    MITRE_MISMATCH = {
        id: "falco-mitre-mismatch",
        title: "Technique that does not belong to the tactic",
        category: Hygiene,
        severity: Info,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (_, item) in subject.set.rules() {
        let named: Vec<&str> = item.tags.iter().filter_map(|tag| tag.strip_prefix("mitre_")).collect();
        if named.is_empty() {
            continue;
        }
        // As long as anybody reads it: many techniques may stand beside many tactics.
        let named = shortened(&named.join(" or "), 2_000).into_owned();
        for technique in &item.tags {
            let is_named = |tactic: &&str| item.tags.contains(&["mitre_", tactic].concat());
            let Some(own) = tactics(technique).filter(|own| !own.iter().any(is_named)) else {
                continue;
            };
            let place = (item.head.place.file, item.head.place.name);
            let what = ["`", technique, "` belongs to ", &own.join(" and "), ", not to ", &named, "."].concat();
            out.push(
                Finding::new(&MITRE_MISMATCH, subject.location(place, ""), what)
                    .why("The alert is counted in the wrong column of the matrix.")
                    .how(["Write `mitre_", own.first().copied().unwrap_or_default(), "`."].concat()),
            );
        }
    }
}
