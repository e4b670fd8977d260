//! A report in Markdown, for an issue, a pull request or a printed page. What comes from a text never becomes markup.

use std::fmt::Write;

use watertight_diagnostic::report::{ChecklistState, FindingReport};

use super::{Batch, sentences};

/// The whole report.
pub fn markdown(batch: &Batch<'_>) -> String {
    let mut out = String::from("# What Watertight found\n\n");
    let report = batch.report;
    let names: Vec<String> = batch.parts.iter().map(|part| code(part.name())).collect();
    let counts: Vec<String> = report
        .counts()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
    let (level, version) = (report.settings.level, report.settings.kube_version);
    line(&mut out, &format!("In {}: {counts}. Judged by the level {level} of Kubernetes {version}.", names.join(", ")));
    for finding in &report.findings {
        one(&mut out, batch, finding);
    }
    if !report.suppressed.is_empty() {
        line(&mut out, "## Left out on purpose");
        for suppressed in &report.suppressed {
            let reason = if suppressed.reason.is_empty() { "no reason given" } else { &suppressed.reason };
            item(&mut out, &format!("{}: {}", words(&suppressed.finding.title), words(reason)));
        }
        out.push('\n');
    }
    if !report.checklist.is_empty() {
        line(&mut out, "## Checklist");
        for entry in &report.checklist {
            let mark = if entry.state == ChecklistState::Done { "x" } else { " " };
            item(&mut out, &format!("[{mark}] {}", words(&entry.title)));
        }
    }
    out
}

fn one(out: &mut String, batch: &Batch<'_>, finding: &FindingReport) {
    line(out, &format!("## {}: {}", finding.severity, words(&finding.title)));
    let mut place = match batch.part(&finding.primary) {
        Some(part) => {
            let at = part.position(finding.primary.range.start);
            format!("{}, line {}", code(part.name()), at.line)
        }
        None => String::new(),
    };
    for more in [&finding.object, &finding.container].into_iter().flatten() {
        let _ = write!(place, ", {}", code(more));
    }
    line(out, &format!("{place} ({})", code(&finding.rule)));
    line(out, &words(&sentences(finding)));
    for fix in &finding.fixes {
        item(out, &format!("Fix: {}", words(&fix.title)));
    }
    if !finding.fixes.is_empty() {
        out.push('\n');
    }
}

fn line(out: &mut String, text: &str) {
    // Writing into a string cannot fail.
    let _ = writeln!(out, "{text}\n");
}

fn item(out: &mut String, text: &str) {
    let _ = writeln!(out, "- {text}");
}

/// Words as words: on one line, and no letter that Markdown or HTML would act on.
fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A name in a code span that its own letters cannot end.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("{fence}{text}{fence}") } else { format!("{fence} {text} {fence}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;
    use crate::output::export;
    use watertight_diagnostic::Settings;
    use watertight_diagnostic::ask::export::ExportFormat;

    #[test]
    fn letters_stay_letters() {
        for (text, shown) in [("a_b", "a\\_b"), ("<img>\n# x", "\\<img\\> \\# x"), ("plain", "plain")] {
            assert_eq!(words(text), shown);
        }
        for (text, shown) in [("pod.yaml", "`pod.yaml`"), ("a`b", "`` a`b ``"), ("a\nb", "`a b`")] {
            assert_eq!(code(text), shown);
        }
    }

    #[test]
    fn a_report_names_file_line_and_fix() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: \"<b>\"}\nspec:\n  hostPID: true\n  containers: []\n";
        let inputs = [Input { name: "pod.yaml", text }];
        let report = export(&inputs, &Settings::default(), ExportFormat::Markdown);
        assert!(report.contains("`pod.yaml`, line 5, `Pod/<b>` (`host-pid`)"), "{report}");
        assert!(report.contains("- Fix: "), "{report}");
        let nothing = export(&[], &Settings::default(), ExportFormat::Markdown);
        assert!(nothing.contains("nothing"), "{nothing}");
    }

    #[test]
    fn sarif_is_one_document() {
        let inputs = [Input { name: "a b.yaml", text: "apiVersion: v1\nkind: Pod\nspec: {hostPID: true}\n" }];
        let log = export(&inputs, &Settings::default(), ExportFormat::Sarif);
        let log: serde_json::Value = serde_json::from_str(&log).unwrap();
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b.yaml");
    }
}
