//! Words for what the report says, in one place.

use watertight_diagnostic::ask::escape::{Layer, Outcome, State};
use watertight_diagnostic::report::{AskedBy, ChecklistState, FindingReport, InputKind, PodReport, Report};
use watertight_diagnostic::{Category, Confidence, Level, Safety, Severity};

use crate::language::{plural, say, say_with};
use crate::state::{Tab, Trouble};

/// A number as the language writes it: long ones in groups of three.
pub fn number(n: usize) -> String {
    if n > 9_999 { grouped(n) } else { n.to_string() }
}

/// Part of the late program: hardly any text has that many of anything.
#[inline(never)]
fn grouped(n: usize) -> String {
    // What a language writes between the groups.
    let between = say(",");
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(between);
        }
        out.push(digit);
    }
    out
}

/// How many findings there are of some sort, with those that are not listed.
pub fn count(report: &Report, wanted: &dyn Fn(&FindingReport) -> bool) -> usize {
    report.count(wanted)
}

/// "1 finding", "2 findings".
pub fn findings(n: usize) -> String {
    plural(n, "{count} finding", "{count} findings")
}

/// "1 change", "2 changes".
pub fn changes(n: usize) -> String {
    plural(n, "{count} change", "{count} changes")
}

/// "1 way", "2 ways".
pub fn ways(n: usize) -> String {
    plural(n, "{count} way", "{count} ways")
}

/// "line 3".
pub fn line(line: u32) -> String {
    say_with("line {line}", &[("line", &line)])
}

/// What is won by a way out.
pub fn outcome(outcome: Outcome) -> &'static str {
    say(outcome.name())
}

/// A layer of the escape map.
pub fn layer(layer: Layer) -> &'static str {
    say(layer.name())
}

/// What a layer does about a way out.
pub fn layer_state(state: State) -> &'static str {
    say(state.name())
}

/// How grave a finding is.
pub fn severity(severity: Severity) -> &'static str {
    say(severity.word())
}

/// What a screen reader says about a new report.
pub fn announcement(report: &Report) -> String {
    if report.findings.is_empty() {
        return say("No findings").to_owned();
    }
    let counts = report.counts();
    let some = counts.iter().filter(|(_, n)| *n > 0);
    let parts: Vec<String> = some.map(|(s, n)| [&number(*n), " ", severity(*s)].concat()).collect();
    [&findings(counts.iter().map(|(_, n)| n).sum()), ": ", &parts.join(", ")].concat()
}

/// Why there is no new report.
pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::TooSlow { seconds } => say_with(
            "The analysis of this text took longer than {seconds} s and was stopped. Your text is still here, and the \
             engine has been restarted.",
            &[("seconds", seconds)],
        ),
        Trouble::Stopped { reason } => say_with(
            "The engine stopped while it read this text, and has been restarted. Your text is still here. It said: {reason}",
            &[("reason", reason)],
        ),
    }
}

/// Rules that speak of something that could not be read.
const UNREAD: [&str; 3] = ["lost-indentation", "template-not-rendered", "wrong-type"];

/// The sentence on top of the findings, and whether it is bad (2), a warning (1) or good (0). It counts settings, as the
/// filter of the ways out does below it; the map counts the ways that each of them opens.
pub fn verdict(report: &Report) -> (u8, String) {
    if report.files.iter().all(|file| file.kind == InputKind::Empty) {
        return (1, say("Nothing to look at yet").to_owned());
    }
    let is_escape = |finding: &FindingReport| finding.category == Category::Escape;
    let escapes = count(report, &is_escape);
    let grave = count(report, &|finding| is_escape(finding) && finding.severity >= Severity::High);
    let torn = report.files.iter().any(|file| file.documents.iter().any(|document| !document.readable));
    // What a template will put there decides as well, where a line belongs that is only guessed at, and what is meant by a value of
    // the wrong type.
    let mut doubtful = report.findings.iter().filter(|found| UNREAD.contains(&&*found.rule)).peekable();
    let broken = torn || doubtful.peek().is_some();
    // A text whose structure can be guessed has been read.
    let is_guessed = |found: &FindingReport| {
        let file = report.files.get(found.primary.file as usize);
        found.rule == "lost-indentation" && file.is_some_and(|file| file.restorable)
    };
    let unread = torn || !doubtful.all(is_guessed);
    let versions = versions(report);
    if is_beside_pods(report) && !versions.is_empty() && report.findings.is_empty() {
        return (1, versions);
    }
    if is_beside_pods(report) {
        return match count(report, &|_| true) {
            0 => (0, say("Nothing wrong in this text").to_owned()),
            n => (1, plural(n, "{count} finding in this text", "{count} findings in this text")),
        };
    }
    // Somebody is still writing it, or the API server refuses it.
    let pods = report.pods.iter().filter(|pod| !pod.containers.is_empty()).count();
    let (weight, said) = match (escapes, pods) {
        (0, 0) if unread => (1, say("This text cannot be read yet")),
        (0, 0) => (1, say("No container in this text")),
        (0, _) if broken => (1, say("No setting that can be read opens a way out")),
        (0, _) => (0, say("No setting here opens a way out")),
        (n, _) if grave == 0 => {
            return (1, plural(n, "1 setting opens a lesser way out", "{count} settings open lesser ways out"));
        }
        (n, _) if grave == n => return (2, plural(n, "1 setting opens a way out", "{count} settings open ways out")),
        (n, _) => {
            let numbers: [(&str, &dyn std::fmt::Display); 2] = [("count", &number(n)), ("grave", &number(grave))];
            return (2, say_with("{count} settings open ways out, {grave} of them grave", &numbers));
        }
    };
    (weight, said.to_owned())
}

/// Whether a pod is judged as its text seems to be meant, which has lost its indentation.
pub fn is_restored(report: &Report, pod: &PodReport) -> bool {
    report.files.get(pod.place.file as usize).is_some_and(|file| file.restorable)
}

/// The words as a sentence begins.
pub fn capital(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}

/// The versions of the node that the texts state: "Linux 6.8.0, runc 1.2.4".
pub fn versions(report: &Report) -> String {
    let files = report.files.iter().filter(|file| file.kind == InputKind::Versions);
    let stated = files.flat_map(|file| &file.documents).filter_map(|stated| {
        let (kind, name) = (stated.kind.as_deref()?, stated.name.as_deref()?);
        Some([kind, " ", name].concat())
    });
    stated.collect::<Vec<_>>().join(", ")
}

/// Whether the texts are profiles, rules, events or versions, with no pod among them. Empty ones may stand beside them and are
/// none.
pub fn is_beside_pods(report: &Report) -> bool {
    let beside =
        [InputKind::Seccomp, InputKind::AppArmor, InputKind::FalcoRules, InputKind::FalcoEvents, InputKind::Versions];
    let mut written = report.files.iter().filter(|file| file.kind != InputKind::Empty).peekable();
    report.pods.is_empty() && written.peek().is_some() && written.all(|file| beside.contains(&file.kind))
}

/// The label of a tab.
pub fn tab(tab: Tab) -> &'static str {
    say(match tab {
        Tab::Lesson => "Lesson",
        Tab::Findings => "Findings",
        Tab::Map => "Map",
        Tab::Hardened => "Hardened",
        Tab::Simulate => "Simulate",
        Tab::Generate => "Generate",
        Tab::Checklist => "Checklist",
    })
}

/// Its name in addresses and ids.
pub fn tab_id(tab: Tab) -> &'static str {
    match tab {
        Tab::Lesson => "lesson",
        Tab::Findings => "findings",
        Tab::Map => "map",
        Tab::Hardened => "hardened",
        Tab::Simulate => "simulate",
        Tab::Generate => "generate",
        Tab::Checklist => "checklist",
    }
}

/// The heading of a category.
pub fn category(category: Category) -> &'static str {
    match category {
        Category::Escape => say("Ways out"),
        Category::Hardening => say("Missing layers"),
        Category::Correctness => say("Not what it seems"),
        Category::Hygiene => say("Housekeeping"),
    }
}

/// What may break.
pub fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => say("safe"),
        Safety::ChangesBehaviour => say("changes behaviour"),
        Safety::NeedsReview => say("needs review"),
    }
}

/// The same, as an explanation.
pub fn safety_long(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => say("The program inside notices nothing, short of abusing what is taken away."),
        Safety::ChangesBehaviour => say("A program that uses what is taken away behaves differently; most do not."),
        Safety::NeedsReview => say("Something that was put there on purpose goes away: look first."),
    }
}

/// A word as it is used in names of classes.
pub fn safety_class(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::ChangesBehaviour => "changes-behaviour",
        Safety::NeedsReview => "needs-review",
    }
}

/// How sure a finding is; nothing when it is certain.
pub fn confidence(confidence: Confidence) -> Option<&'static str> {
    match confidence {
        Confidence::Certain => None,
        Confidence::Likely => Some(say("likely")),
        Confidence::Unknown => Some(say("depends on what the text does not say")),
    }
}

/// A level with a capital letter.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Privileged => "Privileged",
        Level::Baseline => "Baseline",
        Level::Restricted => "Restricted",
        Level::Hardened => "Hardened",
    }
}

/// Who asks for a level.
pub fn asked_by(asked_by: AskedBy) -> &'static str {
    match asked_by {
        AskedBy::Settings => say("your target"),
        AskedBy::Enforce => say("enforced by the namespace"),
        AskedBy::Audit => say("audited by the namespace"),
        AskedBy::Warn => say("warned of by the namespace"),
    }
}

/// A state of the checklist: mark and word.
pub fn checklist(state: ChecklistState) -> (&'static str, &'static str) {
    match state {
        ChecklistState::Done => ("done", say("Done")),
        ChecklistState::Open => ("open", say("Open")),
        ChecklistState::Unknown => ("unknown", say("Not said")),
        ChecklistState::NotApplicable => ("none", say("Does not apply")),
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::report::FileReport;

    use super::*;

    #[test]
    fn the_verdict_counts_what_the_filter_counts() {
        let mut report: Report = serde_json::from_str(include_str!("state/report.json")).expect("it is a report");
        let one = report.findings.first().cloned().expect("it has a finding");
        for (severities, expected) in [
            (&[Severity::High][..], (2, "1 setting opens a way out")),
            (&[Severity::High, Severity::Critical], (2, "2 settings open ways out")),
            (&[Severity::High, Severity::Low, Severity::Medium], (2, "3 settings open ways out, 1 of them grave")),
            (&[Severity::Medium], (1, "1 setting opens a lesser way out")),
            (&[Severity::Low, Severity::Low], (1, "2 settings open lesser ways out")),
            (&[], (0, "No setting here opens a way out")),
        ] {
            report.pods[0].containers = vec!["web".to_owned()];
            report.findings = severities.iter().map(|&severity| FindingReport { severity, ..one.clone() }).collect();
            let (weight, said) = verdict(&report);
            assert_eq!((weight, said.as_str()), expected);
        }
        // Half-typed.
        report.pods[0].containers.clear();
        assert_eq!(verdict(&report), (1, "No container in this text".to_owned()));
    }

    #[test]
    fn what_is_guessed_has_been_read() {
        let mut report: Report = serde_json::from_str(include_str!("state/report.json")).expect("it is a report");
        report.pods.clear();
        report.findings.truncate(1);
        for (rule, restorable, expected) in [
            ("lost-indentation", true, "No container in this text"),
            ("lost-indentation", false, "This text cannot be read yet"),
            ("wrong-type", true, "This text cannot be read yet"),
        ] {
            report.findings[0].rule = rule.into();
            report.findings[0].category = Category::Correctness;
            report.findings[0].primary.file = 0;
            report.files[0].restorable = restorable;
            assert_eq!(verdict(&report).1, expected, "{rule}");
        }
    }

    #[test]
    fn an_empty_text_is_nothing_beside_pods() {
        let mut report: Report = serde_json::from_str(include_str!("state/report.json")).expect("it is a report");
        report.pods.clear();
        let one = report.files.first().cloned().expect("it has a file");
        for (kinds, expected) in [
            (&[InputKind::Empty][..], false),
            (&[InputKind::Seccomp, InputKind::Empty], true),
            (&[InputKind::FalcoRules, InputKind::KubernetesYaml], false),
        ] {
            report.files = kinds.iter().map(|&kind| FileReport { kind, ..one.clone() }).collect();
            assert_eq!(is_beside_pods(&report), expected, "{kinds:?}");
        }
    }
}
