use watertight_diagnostic::{Finding, Operation, Safety, declare_meta};

use super::look::Look;

declare_meta! {
    /// ## What it finds
    /// A key that stands twice in the same place, also where only upper and lower case differ.
    ///
    /// ## Why it matters
    /// The last of them counts and the others are forgotten without a word: half a list of calls may be missing.
    ///
    /// ## What to do
    /// Make one of them.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}],
    ///   "syscalls": [{"names": ["write"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    DUPLICATE_KEY = {
        id: "seccomp-duplicate-key",
        title: "A key stands twice, and only the last counts",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    for key in &look.keys {
        let Some(first) = key.first.and_then(|first| look.keys.get(first)) else { continue };
        let name = key.entry.name();
        let what = ["`", name.as_ref(), "` stands here a second time."];
        let mut finding = Finding::new(&DUPLICATE_KEY, look.at(key.entry.key.span(), &key.route, ""), what.concat())
            .why("Only the last one counts; what the others say is forgotten without a word.")
            .how("Make one of them.")
            .related(look.at(first.entry.key.span(), &first.route, "does not count"));
        if first.entry.name() == name {
            let operations = vec![Operation::keep_last(key.route.clone())];
            finding = finding.fix(look.fix("Keep the one that counts", Safety::Safe, operations));
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn whatever_its_case() {
        let text = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"DefaultAction\": \"SCMP_ACT_ALLOW\"}";
        check("seccomp-duplicate-key", text, &["\"DefaultAction\""]);
    }
}
