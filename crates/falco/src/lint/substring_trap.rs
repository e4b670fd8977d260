use watertight_diagnostic::{Finding, Rewrite, Safety};

use super::{Out, Subject};
use crate::condition::{Check, Operand, Operator, Place, Right, Value};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A path without a slash at its end after `contains`, `icontains` or `startswith`.
    ///
    /// ## Why it matters
    /// The comparison knows no path components: `/host` is found in `/hostfs` and `/etc/hosts.d/hostname` alike, and
    /// `/etc` begins `/etcetera`. The rule fires for the wrong files, and people learn to pass over it.
    ///
    /// ## What to do
    /// For the path of a file write `pmatch`, which compares component by component. For a command line ask for what
    /// may stand behind the path: a slash, a blank or the end.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and proc.args contains "/host"
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type = mount and container.id != host and (proc.args contains "/host/" or proc.args contains "/host " or proc.args endswith "/host")
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    SUBSTRING_TRAP = {
        id: "falco-substring-trap",
        title: "Path that also matches longer names",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

/// Fields that hold a path and nothing else.
const PATHS: &[&str] = &["fd.name", "fd.nameraw", "proc.exepath", "proc.pexepath", "proc.cwd", "fs.path.name"];

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    subject.own_checks(&mut |check, place| {
        let (Operand::Field(field), Right::Value(value), None) = (&check.left, &check.right, check.modifier) else {
            return;
        };
        let contains = matches!(check.operator, Operator::Contains | Operator::IContains);
        let path = PATHS.contains(&&*field.name);
        let command = matches!(&*field.name, "proc.args" | "proc.cmdline" | "proc.pcmdline");
        if !is_open_path(&value.bytes)
            || !(contains && (path || command) || check.operator == Operator::StartsWith && path)
        {
            return;
        }
        let text = value.text();
        let what = ["`", check.operator.word(), " ", &text, "` is also true of `", &text, "-anything`."].concat();
        let mut finding = Finding::new(&SUBSTRING_TRAP, subject.at(place, ""), what)
            .why("The comparison looks at letters, not at the components of a path, so other files match as well.");
        if path {
            finding = finding
                .how(["Write `", &field.name, " pmatch (", &text, ")` for the path and what lies below it."].concat());
            if check.operator == Operator::StartsWith {
                finding.fixes.extend(by_component(subject, check, value));
            }
        } else {
            finding = finding.how("Ask for what may stand behind the path: a slash, a blank or the end.");
            finding.fixes.extend(by_what_follows(subject, check, value, place, &field.name));
        }
        out.push(finding);
    });
}

/// Whether a constant is a path whose last component goes on for all the comparison knows.
fn is_open_path(bytes: &[u8]) -> bool {
    bytes.len() > 1
        && bytes.starts_with(b"/")
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(byte))
        && !bytes.ends_with(b"/")
        && !bytes.ends_with(b"-")
        && !bytes.ends_with(b".")
        && !bytes.ends_with(b"_")
        // `/dev/sd` and the like are meant to go on.
        && !bytes.starts_with(b"/dev/")
}

fn by_component(subject: &Subject<'_>, check: &Check, value: &Value) -> Option<watertight_diagnostic::Fix> {
    let title = "Compare component by component";
    let operator = subject.replace(check.operator_place, "pmatch");
    subject.fix(
        title,
        Safety::ChangesBehaviour,
        [operator, subject.before(value.place, "("), subject.after(value.place, ")")],
    )
}

/// `(a contains "x/" or a contains "x " or a endswith "x")`, with the quotes that stand there.
fn by_what_follows(
    subject: &Subject<'_>,
    check: &Check,
    value: &Value,
    place: Place,
    field: &str,
) -> Option<watertight_diagnostic::Fix> {
    let (file, at): (u32, Rewrite) = subject.replace(value.place, "")?;
    let quote = at.expect.chars().next().filter(|c| value.quoted && matches!(c, '"' | '\'')).unwrap_or('"');
    let quoted = |end: &str| [&*quote.to_string(), &value.text(), end, &quote.to_string()].concat();
    let word = check.operator.word();
    let last = if check.operator == Operator::IContains { "icontains" } else { "endswith" };
    let new =
        [&*quoted("/"), " or ", field, " ", word, " ", &quoted(" "), " or ", field, " ", last, " ", &quoted(""), ")"];
    if check.operator == Operator::IContains {
        return None;
    }
    let rewrite = subject.rewrite(file, at.span, &new.concat());
    subject.fix(
        "Ask for what may stand behind the path",
        Safety::ChangesBehaviour,
        [subject.before(place, "("), rewrite],
    )
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check_condition;

    #[test]
    fn paths_without_an_end() {
        let check =
            |condition, marked: &[&str], mended| check_condition("falco-substring-trap", condition, marked, mended);
        check(
            "evt.type=execve and proc.args contains \"/host\"",
            &["proc.args contains \"/host\""],
            Some(
                "evt.type=execve and (proc.args contains \"/host/\" or proc.args contains \"/host \" or proc.args \
                 endswith \"/host\")",
            ),
        );
        check("fd.name startswith /etc", &["fd.name startswith /etc"], Some("fd.name pmatch (/etc)"));
        check("fd.name contains /.ssh", &["fd.name contains /.ssh"], None);
        for fine in [
            "fd.name startswith /etc/",
            "fd.name startswith /dev/sd",
            "proc.name contains ssh",
            "fd.name contains passwd",
        ] {
            check(fine, &[], None);
        }
    }
}
