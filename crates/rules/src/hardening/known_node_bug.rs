use watertight_diagnostic::{FileId, Finding, Location, Severity, joined};
use watertight_knowledge::cve::Cve;
use watertight_knowledge::host::Stated;

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A kernel or a program of the node, in a version with known bugs that lead out of containers.
    ///
    /// ## Why it matters
    /// What a container may do does not matter to such a bug, or matters less: it is in what keeps the container in. Only bugs
    /// are named that the version has for certain. Of packages that vendors mend without a new number nothing is said here; the
    /// map and the checklist name what to ask the vendor.
    ///
    /// ## What to do
    /// Update it, where a mended version is known. The map of ways out says which of the bugs a pod gets to, and what in its
    /// settings stops them meanwhile.
    ///
    /// ## Bad
    /// ```text
    /// runc version 1.1.11
    /// ```
    ///
    /// ## Good
    /// ```text
    /// runc version 1.5.2
    /// ```
    KNOWN_NODE_BUG = {
        id: "known-node-bug",
        title: "Known bugs on the node",
        category: Hardening,
        severity: High,
        fixable: false,
        sources: [Attack "T1611", Attack "T1068"],
        check: Check::Reading,
    }
}

/// How many are named.
const NAMED: usize = 6;

/// The finding for a version that is called `name` and has these bugs for certain; `None` when there are none.
pub(crate) fn finding(name: &str, stated: &Stated<'_>, bugs: &[&Cve], file: FileId) -> Option<Finding> {
    if bugs.is_empty() {
        return None;
    }
    let mut names: Vec<String> = bugs.iter().take(NAMED).map(|bug| bug.id.to_owned()).collect();
    if let Some(more) = bugs.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("{more} more"));
    }
    let bug = if bugs.len() == 1 { "a known bug" } else { "known bugs" };
    let what = format!("{name} {} has {bug} that can lead out of a container: {}.", stated.written, joined(&names));
    let place = Location { file, span: stated.span, route: None, label: String::new() };
    let mut why = match bugs.len() {
        1 => "The settings of a pod may stop it or not.".to_owned(),
        _ => "The settings of a pod stop some of them and not others.".to_owned(),
    };
    if let Some(bug) = bugs.iter().find(|bug| !bug.exploited.is_empty()) {
        why.push_str(&format!(" {} is exploited in the wild.", bug.id));
    }
    let is_mended = |bug: &&&Cve| bug.is_mended_after(stated.component, &stated.version);
    let unmended: Vec<String> = bugs.iter().filter(|bug| !is_mended(bug)).map(|bug| bug.id.to_owned()).collect();
    let update = match unmended.len() {
        0 => format!("Update {name}."),
        all if all == bugs.len() => format!("No mended version of {name} is known; ask its maintainers."),
        _ => format!("Update {name}; no version is known that is mended of {}.", joined(&unmended)),
    };
    let severity = bugs.iter().map(|bug| severity(bug)).max().unwrap_or(Severity::High);
    Some(
        Finding::new(&KNOWN_NODE_BUG.meta, place, what)
            .severity(severity)
            .why(why)
            .how(format!("{update} The map of a pod beside this text says which bugs it gets to.")),
    )
}

/// How bad a bug is: by its score, with the bounds of CVSS 3.1 (section 5, "Qualitative Severity Rating Scale"), else by what
/// it wins. What is exploited is never less than high, and nothing is more: it takes a container that gets to it.
fn severity(bug: &Cve) -> Severity {
    match bug.cvss {
        _ if !bug.exploited.is_empty() => Severity::High,
        Some(score) if score < 4.0 => Severity::Low,
        Some(score) if score < 7.0 => Severity::Medium,
        None if matches!(bug.outcome, "host-config" | "host-file-create" | "host-network" | "neighbour-read") => {
            Severity::Medium
        }
        _ => Severity::High,
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::{FileId, Severity};
    use watertight_knowledge::cve::{self, Affects};
    use watertight_knowledge::host;

    #[test]
    fn as_bad_as_the_worst_of_them() {
        for (text, expected) in [
            ("runc version 1.1.11\n", Severity::High),
            ("runc version 1.4.0\n", Severity::Low),
            ("crun version 1.26\n", Severity::Medium),
            ("Linux a 5.15.0 #1 x\n", Severity::High),
        ] {
            let found = host::versions([text]);
            let stated = found.known.first().unwrap();
            let all = cve::affecting(stated.component, &stated.version);
            let bugs = all.filter(|(cve, affects)| *affects == Affects::Yes && cve.leads_out());
            let bugs: Vec<_> = bugs.map(|(cve, _)| cve).collect();
            assert_eq!(super::finding("x", stated, &bugs, FileId(0)).unwrap().severity, expected, "{text}");
        }
    }

    #[test]
    fn what_is_certain_is_named() {
        for (text, expected) in [
            (
                "runc version 1.1.11\n",
                Some("runc 1.1.11 has known bugs that can lead out of a container: CVE-2024-21626,"),
            ),
            ("Linux a 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux\n", None),
        ] {
            let found = host::versions([text]);
            let stated = found.known.first().unwrap();
            let all = cve::affecting(stated.component, &stated.version);
            let bugs: Vec<_> = all.filter(|(_, affects)| *affects == Affects::Yes).map(|(cve, _)| cve).collect();
            let said = super::finding("runc", stated, &bugs, FileId(0)).map(|finding| finding.what);
            match expected {
                Some(begin) => assert!(said.unwrap().starts_with(begin), "{text}"),
                None => assert_eq!(said, None, "{text}"),
            }
        }
    }
}
