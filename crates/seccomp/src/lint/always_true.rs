use serde_json::{Value, json};
use watertight_diagnostic::{Finding, Fix, Operation, Safety, Severity, declare_meta};

use super::look::Look;
use crate::profile::Entry;
use crate::{Condition, Op};

declare_meta! {
    /// ## What it finds
    /// An entry that asks two things of the same argument.
    ///
    /// ## Why it matters
    /// libseccomp takes one comparison of an argument in a rule, so runc, crun and youki make a rule of each: it is enough
    /// that one of them holds. "At least 3" and "at most 5" together let every number pass.
    ///
    /// ## What to do
    /// Write an entry for each value, or for each side: a range cannot be said in one entry.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [
    ///     {
    ///       "names": ["bpf"],
    ///       "action": "SCMP_ACT_ALLOW",
    ///       "args": [
    ///         {"index": 0, "value": 3, "op": "SCMP_CMP_GE"},
    ///         {"index": 0, "value": 5, "op": "SCMP_CMP_LE"}
    ///       ]
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
    ///     {"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_EQ"}]},
    ///     {"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 4, "op": "SCMP_CMP_EQ"}]}
    ///   ]
    /// }
    /// ```
    ALWAYS_TRUE = {
        id: "seccomp-always-true",
        title: "Two conditions on one argument, of which either is enough",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
    }
}

/// Values that are tried of one argument.
const MOST_VALUES: usize = 300;

/// No more entries are written in place of one.
const MOST_PARTS: u64 = 16;

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    for entry in &look.profile.entries {
        let conditions: Vec<Condition> = entry.args.iter().filter_map(condition).collect();
        let is_doubled =
            |(at, one): (usize, &Condition)| conditions.iter().take(at).any(|other| other.index == one.index);
        let Some(place) = conditions.iter().enumerate().position(is_doubled) else { continue };
        let (Some(arg), Some(twice)) = (entry.args.get(place), conditions.get(place)) else { continue };
        let first = conditions.iter().position(|other| other.index == twice.index).and_then(|at| entry.args.get(at));
        let always = always(&conditions);
        let shown: Vec<String> = conditions.iter().take(6).map(ToString::to_string).collect();
        let verdict = if always { ", which is true for every call" } else { "" };
        let index = twice.index.to_string();
        let what = [
            "The runtime reads this as ",
            &shown.join(" or "),
            verdict,
            ", since argument ",
            &index,
            " is named twice.",
        ];
        let mut finding = Finding::new(&ALWAYS_TRUE, look.at(arg.span, &arg.route, ""), what.concat())
            .why("A rule of libseccomp compares an argument once. runc and crun make a rule of each comparison, and any of them is enough.")
            .how("Write an entry for each value or for each side.");
        if let Some(first) = first {
            finding = finding.related(look.at(first.span, &first.route, "the other one"));
        }
        if !always {
            finding = finding.severity(Severity::Medium);
        }
        if let Some(fix) = apart(look, entry, &conditions) {
            finding = finding.fix(fix);
        }
        found.push(finding);
    }
}

fn condition(arg: &crate::profile::Arg) -> Option<Condition> {
    let op = Op::from_scmp_name(&arg.op.as_ref()?.value)?;
    Some(Condition { index: u8::try_from(arg.index).ok()?, op, value: arg.value, value_two: arg.value_two })
}

/// Whether one of the comparisons holds whatever the arguments are. It is enough to look at one index at a time, for the
/// value of each argument is free.
fn always(conditions: &[Condition]) -> bool {
    (0..6).any(|index| {
        let own: Vec<&Condition> = conditions.iter().filter(|condition| condition.index == index).collect();
        let near = own
            .iter()
            .flat_map(|it| [it.value, it.value.wrapping_add(1), it.value.wrapping_sub(1), it.value ^ u64::MAX]);
        let fails = |value: u64| own.iter().all(|condition| !condition.holds(value));
        !own.is_empty() && !near.take(MOST_VALUES).chain([0, u64::MAX]).any(fails)
    })
}

/// The entry as several, whose comparisons together say what this one seems to say.
fn apart(look: &Look<'_>, entry: &Entry, conditions: &[Condition]) -> Option<Fix> {
    let index = conditions.first()?.index;
    if conditions.iter().any(|condition| condition.index != index || condition.op == Op::MaskedEq) {
        return None;
    }
    let mut parts: Vec<(Op, u64)> = Vec::new();
    for (low, high) in ranges(conditions) {
        match (low, high) {
            (0, u64::MAX) => return None,
            (0, high) => parts.push((Op::Le, high)),
            (low, u64::MAX) => parts.push((Op::Ge, low)),
            (low, high) if high - low < MOST_PARTS => parts.extend((low..=high).map(|value| (Op::Eq, value))),
            _ => return None,
        }
    }
    if parts.is_empty() || parts.len() as u64 > MOST_PARTS {
        return None;
    }
    let list = entry.route.parent()?;
    let node = entry.names_for(look.subject.reader).map(|name| name.value.as_str()).collect::<Vec<_>>();
    let mut operations = vec![Operation::remove(entry.route.clone())];
    for (op, value) in parts {
        let mut written = serde_json::Map::new();
        written.insert("names".to_owned(), node.clone().into());
        written.insert("action".to_owned(), Value::from(entry.action.as_ref()?.value.as_str()));
        if let Some(errno) = &entry.errno_ret {
            written.insert("errnoRet".to_owned(), errno.value.into());
        }
        written.insert("args".to_owned(), json!([{"index": index, "value": value, "op": op.scmp_name()}]));
        operations.push(Operation::append(list.clone(), written));
    }
    Some(look.fix("Write an entry for each part of the range", Safety::ChangesBehaviour, operations))
}

/// The values for which all comparisons hold, as stretches from the smallest to the largest.
fn ranges(conditions: &[Condition]) -> Vec<(u64, u64)> {
    let (mut low, mut high) = (0, u64::MAX);
    let mut holes = Vec::new();
    for &Condition { op, value, .. } in conditions {
        match op {
            Op::Ge => low = low.max(value),
            Op::Gt => low = low.max(value.saturating_add(1)),
            Op::Le => high = high.min(value),
            Op::Lt => high = high.min(value.saturating_sub(1)),
            Op::Eq => (low, high) = (low.max(value), high.min(value)),
            Op::Ne => holes.push(value),
            Op::MaskedEq => {}
        }
    }
    holes.sort_unstable();
    let mut ranges = Vec::new();
    for hole in holes {
        if hole < low || hole > high {
            continue;
        }
        if hole > low {
            ranges.push((low, hole - 1));
        }
        if hole == u64::MAX {
            return ranges;
        }
        low = hole + 1;
    }
    if low <= high {
        ranges.push((low, high));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings_of, fixed, profile};
    use watertight_diagnostic::Severity;

    fn two(one: &str, other: &str) -> String {
        let names = "\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\"";
        profile(&[&format!("{names}, \"args\": [{{\"index\": 0, {one}}}, {{\"index\": 0, {other}}}]")])
    }

    #[test]
    fn either_is_enough() {
        let text = two("\"value\": 38, \"op\": \"SCMP_CMP_NE\"", "\"value\": 40, \"op\": \"SCMP_CMP_NE\"");
        check("seccomp-always-true", &text, &["{\"index\": 0, \"value\": 40, \"op\": \"SCMP_CMP_NE\"}"]);
        let mended = fixed("seccomp-always-true", &text);
        for part in
            ["\"value\": 37, \"op\": \"SCMP_CMP_LE\"", "39, \"op\": \"SCMP_CMP_EQ\"", "41, \"op\": \"SCMP_CMP_GE\""]
        {
            let flat: String = mended.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(part), "{part}: {mended}");
        }
    }

    #[test]
    fn some_numbers_still_fail() {
        let text = two("\"value\": 1, \"op\": \"SCMP_CMP_EQ\"", "\"value\": 2, \"op\": \"SCMP_CMP_EQ\"");
        assert_eq!(findings_of("seccomp-always-true", &text)[0].severity, Severity::Medium);
        // No number is both, so there is nothing to write in its place.
        assert!(findings_of("seccomp-always-true", &text)[0].fixes.is_empty());
    }
}
