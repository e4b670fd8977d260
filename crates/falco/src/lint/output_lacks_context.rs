use watertight_diagnostic::{Finding, Safety};

use super::{Out, Subject};
use crate::rules::{checks, fields_of, operand_fields};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// An output that does not say which process did it, as which user, or to which file when the rule is about files.
    /// The container need not be named: since 0.41 Falco adds it to every output (`suggested_output` in falco.yaml).
    ///
    /// ## Why it matters
    /// The output is all that reaches the person who has to act. Falco keeps only the fields that it names; what is
    /// missing cannot be asked for afterwards.
    ///
    /// ## What to do
    /// Name the fields in the output, as `user=%user.name command=%proc.cmdline`.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "somebody mounted something (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host
    ///   output: "somebody mounted something (%proc.cmdline) user=%user.name"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    OUTPUT_LACKS_CONTEXT = {
        id: "falco-output-lacks-context",
        title: "Output without what a responder needs",
        category: Hygiene,
        severity: Low,
        fixable: true,
        sources: [],
    }
}

/// What should be told: in words, the fields that tell it, what to add, and the fields of a condition that ask for it;
/// without these it is always needed.
struct Need {
    what: &'static str,
    told_by: &'static [&'static str],
    add: &'static str,
    asked_by: &'static [&'static str],
}

const NEEDS: &[Need] = &[
    Need { what: "the user", told_by: &["user."], add: "user=%user.name", asked_by: &[] },
    Need {
        what: "the process",
        told_by: &["proc.cmdline", "proc.name", "proc.exe", "proc.args"],
        add: "command=%proc.cmdline",
        asked_by: &[],
    },
    Need {
        what: "the file or connection",
        told_by: &["fd.", "fs.path.", "evt.arg", "evt.args"],
        add: "file=%fd.name",
        asked_by: &["fd."],
    },
];

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (rule, item) in subject.set.rules() {
        let mut told: Vec<&str> = Vec::new();
        for token in &rule.output {
            operand_fields(&token.operand, &mut |field| told.push(&field.name));
        }
        let mut asked: Vec<&str> = Vec::new();
        checks(&rule.condition, &mut |check| fields_of(check, &mut |field| asked.push(&field.name)));
        let begins = |fields: &[&str], beginnings: &[&str]| {
            fields.iter().any(|field| beginnings.iter().any(|beginning| field.starts_with(beginning)))
        };
        let missing: Vec<&Need> = NEEDS
            .iter()
            .filter(|need| need.asked_by.is_empty() || begins(&asked, need.asked_by))
            .filter(|need| !begins(&told, need.told_by))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let words: Vec<&str> = missing.iter().map(|need| need.what).collect();
        let what = ["The output does not tell ", &words.join(" and "), "."].concat();
        let location = match subject.set.texts.last_character(&item.output) {
            Some((file, _)) => {
                subject.location((file, item.output_path.last().map_or(item.head.place.name, |step| step.span)), "")
            }
            None => continue,
        };
        let mut addition = String::new();
        for need in &missing {
            addition.push(' ');
            addition.push_str(need.add);
        }
        let mut finding = Finding::new(&OUTPUT_LACKS_CONTEXT, location, what)
            .why("Falco keeps only the fields that the output names; nobody can ask for more afterwards.")
            .how(["Add `", addition.trim_start(), "`."].concat());
        let rewrite = subject.append_to(&item.output, &addition);
        finding.fixes.extend(subject.fix("Add the fields to the output", Safety::Safe, [rewrite]));
        out.push(finding);
    }
}
