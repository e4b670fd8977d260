use std::cell::LazyCell;
use std::collections::BTreeSet;

use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta};
use watertight_text::nearest;

use super::keys::Standing;
use super::look::Look;
use crate::keys::names;

declare_meta! {
    /// ## What it finds
    /// A key that no reader of seccomp profiles knows.
    ///
    /// ## Why it matters
    /// It is passed over without a word. A misspelt `action` leaves an entry without any, and a misspelt `args` leaves it
    /// without its conditions.
    ///
    /// ## What to do
    /// Correct the key. Keys that begin with `_`, `$`, `/` or `#` are taken for notes.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {
    ///       "names": ["personality"],
    ///       "action": "SCMP_ACT_ALLOW",
    ///       "arg": [{"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {
    ///       "names": ["personality"],
    ///       "action": "SCMP_ACT_ALLOW",
    ///       "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]
    ///     }
    ///   ]
    /// }
    /// ```
    UNKNOWN_KEY = {
        id: "seccomp-unknown-key",
        title: "No reader knows this key",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let known: LazyCell<BTreeSet<_>, _> = LazyCell::new(|| {
        let written = look.keys.iter().filter(|key| key.standing != Standing::Unknown);
        written.filter_map(|key| Some((key.route.parent()?, key.entry.name().to_ascii_lowercase()))).collect()
    });
    for key in look.keys.iter().filter(|key| key.standing == Standing::Unknown) {
        let name = key.entry.name();
        if name.starts_with(['_', '$', '/', '#']) || name.eq_ignore_ascii_case("comment") {
            continue;
        }
        let what = ["No reader of seccomp profiles knows `", name.as_ref(), "`; it is passed over without a word."];
        let mut finding = Finding::new(&UNKNOWN_KEY, look.at(key.entry.key.span(), &key.route, ""), what.concat())
            .severity(Severity::Low)
            .why("What it says has no effect.")
            .how("Take it away.");
        if let Some(meant) = nearest(&name, names(key.level)) {
            finding = finding.severity(Severity::Medium);
            finding.how = ["Did you mean `", meant, "`?"].concat().into();
            let parent = key.route.parent();
            let is_there =
                parent.as_ref().is_some_and(|parent| known.contains(&(parent.clone(), meant.to_ascii_lowercase())));
            if let Some(parent) = parent.filter(|_| !is_there && key.first.is_none()) {
                let operations = vec![
                    Operation::set(parent.key(meant), key.entry.value.to_json()),
                    Operation::remove(key.route.clone()),
                ];
                let title = ["Write ", meant].concat();
                finding = finding.fix(look.fix(title, Safety::ChangesBehaviour, operations));
            }
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed, profile};

    #[test]
    fn which_keys_are_unknown() {
        let rule = "seccomp-unknown-key";
        check(rule, &profile(&["\"names\": [\"read\"], \"acton\": \"SCMP_ACT_ALLOW\", \"_why\": 1"]), &["\"acton\""]);
        check(rule, "{\"DEFAULTACTION\": \"SCMP_ACT_ERRNO\", \"$schema\": \"x\", \"nonsense\": 1}", &["\"nonsense\""]);
        let mended = fixed(rule, &profile(&["\"names\": [\"read\"], \"acton\": \"SCMP_ACT_ALLOW\""]));
        assert!(mended.contains("\"action\": \"SCMP_ACT_ALLOW\""), "{mended}");
    }
}
