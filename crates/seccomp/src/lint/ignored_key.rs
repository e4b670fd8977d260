use std::collections::BTreeMap;

use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta};

use super::keys::{Key, Standing};
use super::look::Look;
use crate::keys::Level;

declare_meta! {
    /// ## What it finds
    /// A key that another program would read and this one passes over.
    ///
    /// ## Why it matters
    /// Several formats are called "seccomp profile". containerd reads a pod's `Localhost` profile as plain OCI: it knows
    /// neither Docker's old key `name` (so such an entry is about no call at all) nor the `errno` of Podman and CRI-O.
    /// Podman and CRI-O know no `minKernel`. None of them says that it left something out.
    ///
    /// ## What to do
    /// Write what the node's runtime reads. `includes`, `excludes` and `archMap` have a rule of their own,
    /// `seccomp-lost-gates`.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    IGNORED_KEY = {
        id: "seccomp-ignored-key",
        title: "A key that this runtime passes over",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let mut groups: BTreeMap<(u32, String), Vec<(&Key<'_>, &'static str)>> = BTreeMap::new();
    let mut first_of: BTreeMap<String, u32> = BTreeMap::new();
    for key in &look.keys {
        let Standing::Ignored(readers) = key.standing else { continue };
        let name = key.entry.name().to_ascii_lowercase();
        // What says nothing loses nothing, and gates are told of elsewhere.
        let is_empty = key.entry.value.is_null() || key.entry.value.as_str() == Some("");
        if is_empty || ["includes", "excludes", "archmap"].contains(&name.as_str()) {
            continue;
        }
        let start = *first_of.entry(name.clone()).or_insert(key.entry.key.span().start);
        groups.entry((start, name)).or_default().push((key, readers));
    }
    for ((_, name), keys) in groups {
        let Some((first, readers)) = keys.first() else { continue };
        let times = match keys.len() {
            1 => String::new(),
            count => [", here and in ", &(count - 1).to_string(), " more places"].concat(),
        };
        let shown = first.entry.name();
        let what =
            [look.who(), " passes over `", shown.as_ref(), "`, which only ", readers, " would read", &times, "."];
        let severity = match name.as_str() {
            "name" | "baseprofilename" => Severity::High,
            "minkernel" | "disabled" => Severity::Low,
            _ => Severity::Medium,
        };
        let mut finding = Finding::new(&IGNORED_KEY, look.at(first.entry.key.span(), &first.route, ""), what.concat())
            .severity(severity)
            .why(why(&name))
            .how("Write what the node's runtime reads, or choose the runtime that the profile is for.");
        let operations: Vec<Operation> = keys.iter().filter_map(|(key, _)| rewritten(key)).flatten().collect();
        if !operations.is_empty() {
            finding = finding.fix(look.fix("Write it as this runtime reads it", Safety::ChangesBehaviour, operations));
        }
        found.push(finding);
    }
}

fn why(name: &str) -> &'static str {
    match name {
        "name" => "The entry is about no call then: what it allows is denied, and what it denies is allowed.",
        "errno" | "defaulterrno" => "The calls fail with the number of errnoRet, or with EPERM, instead.",
        "defaulterrnoret" => "Calls that no entry names fail with EPERM instead.",
        "minkernel" => "The entry counts whatever the kernel is.",
        "baseprofilename" => "What the base profile allows is missing here.",
        _ => "It has no effect, and nothing says so.",
    }
}

/// The same in keys that every reader knows.
fn rewritten(key: &Key<'_>) -> Option<Vec<Operation>> {
    let parent = key.route.parent()?;
    let name = key.entry.name().to_ascii_lowercase();
    let text = key.entry.value.as_str()?;
    let number = || crate::errno_number(text).map(u64::from).or_else(|| text.parse().ok());
    let set = match (key.level, name.as_str()) {
        (Level::Entry, "name") => Operation::append(parent.key("names"), text),
        (Level::Entry, "errno") => Operation::set(parent.key("errnoRet"), number()?),
        (Level::Top, "defaulterrno") => Operation::set(parent.key("defaultErrnoRet"), number()?),
        _ => return None,
    };
    Some(vec![set, Operation::remove(key.route.clone())])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{as_read_by, check, fixed, profile};
    use crate::Reader;

    const RULE: &str = "seccomp-ignored-key";

    #[test]
    fn by_reader() {
        let entry = "\"name\": \"read\", \"names\": [], \"errno\": \"ENOSYS\", \"action\": \"SCMP_ACT_ERRNO\", \"comment\": \"c\"";
        check(RULE, &profile(&[entry]), &["\"name\"", "\"errno\""]);
        let by = |reader| {
            let found = as_read_by(reader, &profile(&[entry]));
            found.iter().filter(|finding| finding.rule.id == RULE).count()
        };
        assert_eq!((by(Reader::Docker), by(Reader::ContainersCommon)), (1, 0));
        let mended = fixed(RULE, &profile(&[entry]));
        assert!(mended.contains("\"names\": [\"read\"]") && mended.contains("\"errnoRet\": 38"), "{mended}");
    }

    #[test]
    fn one_finding_for_many() {
        check(RULE, &profile(&["\"name\": \"read\"", "\"name\": \"write\""]), &["\"name\""]);
    }
}
