//! What the user is told when the labels change and pods are there already.

use std::collections::BTreeMap;

use watertight_diagnostic::Level;
use watertight_text::sort;

use super::Setting;
use crate::Verdict;
use crate::words::go_quoted;

/// What the user is told when the labels of a namespace change from `old` to `new` and some of its pods break the newly
/// enforced policy. `verdicts` are those of the existing pods at `new`, with their names.
pub fn relabelled<'a>(
    namespace: &str,
    old: Setting,
    new: Setting,
    verdicts: impl IntoIterator<Item = (&'a str, &'a Verdict)>,
) -> Vec<String> {
    let same = old.version == new.version && new.level <= old.level;
    if new.level == Level::Privileged || same {
        return Vec::new();
    }
    let mut by_reasons: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for (name, verdict) in verdicts.into_iter().filter(|(_, verdict)| verdict.refused()) {
        let entry = by_reasons.entry(verdict.reasons()).or_insert((name, 0));
        entry.0 = entry.0.min(name);
        entry.1 += 1;
    }
    if by_reasons.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<_> = by_reasons
        .into_iter()
        .map(|(reasons, (first, count))| match count {
            1 => format!("{first}: {reasons}"),
            2 => format!("{first} (and 1 other pod): {reasons}"),
            _ => format!("{first} (and {} other pods): {reasons}", count - 1),
        })
        .collect();
    sort::by(&mut lines, Ord::cmp);
    let head = format!(
        "existing pods in namespace {} violate the new PodSecurity enforce level {}",
        go_quoted(namespace),
        go_quoted(&new.words())
    );
    lines.insert(0, head);
    lines
}
