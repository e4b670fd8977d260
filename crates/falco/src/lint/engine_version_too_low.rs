use std::collections::HashMap;

use watertight_diagnostic::{Finding, Operation, Safety};

use super::needs::{Need, uses};
use super::{Out, Subject};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A file whose `required_engine_version` is lower than what its conditions and keys need.
    ///
    /// ## Why it matters
    /// An older Falco that the file says it is for refuses it, or reads it otherwise: what is new to it is an error or
    /// a plain text.
    ///
    /// ## What to do
    /// Ask for the version that the file needs.
    ///
    /// ## Bad
    /// ```yaml
    /// - required_engine_version: 0.31.0
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and tolower(proc.name) = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - required_engine_version: 0.40.0
    ///
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and tolower(proc.name) = mount
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ENGINE_VERSION_TOO_LOW = {
        id: "falco-engine-version-too-low",
        title: "File that needs a newer Falco than it says",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    let mut needs: HashMap<u32, Option<Need>> = HashMap::new();
    for (version, file, span) in &subject.set.requirements.engine {
        let Some(need) = *needs.entry(*file).or_insert_with(|| uses(subject, *file)) else { continue };
        let engine = need.release.engine();
        if *version >= engine {
            continue;
        }
        let what = [
            need.what,
            " needs Falco ",
            need.release.falco(),
            " (engine ",
            &engine.to_string(),
            "), and the file asks for engine ",
            &version.to_string(),
            ".",
        ];
        let mut finding = Finding::new(&ENGINE_VERSION_TOO_LOW, subject.location((*file, *span), ""), what.concat())
            .why("An older Falco refuses the file or reads it otherwise, although the file says that it will do.")
            .how(["Ask for engine ", &engine.to_string(), "."].concat())
            .related(subject.location(need.place, "new in that version"));
        if let Some((place, _)) = subject.item_at((*file, *span)) {
            let route = Subject::route(place).key("required_engine_version");
            let operations = vec![Operation::set(route, engine.to_string())];
            finding.fixes.extend(subject.operations(
                "Ask for the version that it needs",
                Safety::Safe,
                *file,
                operations,
            ));
        }
        out.push(finding);
    }
}
