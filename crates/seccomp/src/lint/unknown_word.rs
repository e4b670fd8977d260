use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta};
use watertight_text::nearest;

use super::look::Look;
use crate::profile::Written;
use crate::reader::{FLAGS, is_known_to_runc};
use crate::{ActionKind, Arch, Op, Reader};

declare_meta! {
    /// ## What it finds
    /// An action, an operator, an architecture, a flag or an error that the runtime does not know, and gates that never
    /// hold for the way they are written.
    ///
    /// ## Why it matters
    /// The runtime refuses the profile, and no container with it starts. A gate that is misspelt never holds: capabilities
    /// are written with `CAP_`, and architectures in `includes` and `excludes` by their short names, such as `amd64`.
    ///
    /// ## What to do
    /// Correct the word. Case counts.
    ///
    /// ## Bad
    /// ```json
    /// {"defaultAction": "SCMP_ACT_DENY", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
    /// ```
    UNKNOWN_WORD = {
        id: "seccomp-unknown-word",
        title: "A word that the runtime does not know",
        category: Correctness,
        severity: High,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let profile = &look.profile;
    let mut tell = |written: &Written<String>, kind: &str, meant: Option<String>| {
        found.push(refused(look, written, kind, meant));
    };
    let entries = &profile.entries;
    for action in profile.default_action.iter().chain(entries.iter().filter_map(|entry| entry.action.as_ref())) {
        if !action.value.is_empty() && ActionKind::from_scmp_name(&action.value).is_none() {
            tell(action, "action", action_meant(&action.value));
        }
    }
    for op in entries.iter().flat_map(|entry| &entry.args).filter_map(|arg| arg.op.as_ref()) {
        if Op::from_scmp_name(&op.value).is_none() {
            tell(op, "operator", op_meant(&op.value));
        }
    }
    let maps = profile.arch_map.iter().flat_map(|map| map.architecture.iter().chain(&map.sub_architectures));
    for arch in profile.architectures.iter().chain(maps.filter(|_| look.subject.reader.knows_gates())) {
        let is_native = arch.value == "SCMP_ARCH_NATIVE" && look.subject.reader == Reader::ContainersCommon;
        if !is_native && !Arch::from_scmp_name(&arch.value).is_some_and(is_known_to_runc) {
            tell(arch, "architecture", arch_meant(&arch.value));
        }
    }
    for flag in profile.flags.iter().flatten() {
        if !FLAGS.iter().any(|(name, _)| *name == flag.value) {
            let meant =
                nearest(&flag.value.to_ascii_uppercase(), FLAGS.iter().map(|(name, _)| *name)).map(str::to_owned);
            tell(flag, "flag", meant);
        }
    }
    if look.subject.reader == Reader::ContainersCommon {
        let errors = profile.default_errno.iter().chain(entries.iter().filter_map(|entry| entry.errno.as_ref()));
        for errno in errors.filter(|errno| !errno.value.is_empty()) {
            if crate::errno_number(&errno.value).is_none() && errno.value.parse::<u64>().is_err() {
                let upper = errno.value.to_ascii_uppercase();
                tell(errno, "error", crate::errno_number(&upper).map(|_| upper));
            }
        }
    }
    if look.subject.reader.knows_gates() {
        gates(look, found);
    }
}

fn refused(look: &Look<'_>, written: &Written<String>, kind: &str, meant: Option<String>) -> Finding {
    let what = [look.who(), " does not know the ", kind, " `", &written.value, "` and refuses the profile."];
    let finding = Finding::new(&UNKNOWN_WORD, look.written(written, ""), what.concat())
        .why("No container with this profile starts.")
        .how("Correct the word.");
    with_meant(look, finding, written, meant)
}

fn with_meant(look: &Look<'_>, mut finding: Finding, written: &Written<String>, meant: Option<String>) -> Finding {
    let Some(meant) = meant else { return finding };
    finding.how = ["Did you mean `", &meant, "`?"].concat().into();
    let title = ["Write ", &meant].concat();
    let operations = vec![Operation::set(written.route.clone(), meant)];
    finding.fix(look.fix(title, Safety::ChangesBehaviour, operations))
}

/// Gates of entries that can never hold, and `minKernel` that Docker refuses.
fn gates(look: &Look<'_>, found: &mut Vec<Finding>) {
    let gates = look.profile.entries.iter().flat_map(|entry| [&entry.includes, &entry.excludes]);
    for gate in gates {
        for cap in gate.caps.iter().filter(|cap| !cap.value.starts_with("CAP_")) {
            let upper = cap.value.to_ascii_uppercase();
            let meant = if upper.starts_with("CAP_") { upper } else { ["CAP_", &upper].concat() };
            found.push(never(look, cap, "No capability is named", meant));
        }
        for arch in &gate.arches {
            if let Some(name) = Arch::from_scmp_name(&arch.value).and_then(Arch::go_name) {
                found.push(never(look, arch, "Here architectures have other names than", name.to_owned()));
            }
        }
        if let Some(version) = gate.min_kernel.as_ref().filter(|_| look.subject.reader == Reader::Docker) {
            let is_number = |text: &str| text.parse::<u32>().is_ok();
            if !version.value.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
                let mut parts = version.value.split('.');
                let meant = match (parts.next(), parts.next()) {
                    (Some(major), Some(minor)) if is_number(major) && is_number(minor) => {
                        Some([major, ".", minor].concat())
                    }
                    _ => None,
                };
                found.push(refused(look, version, "kernel", meant));
            }
        }
    }
}

fn never(look: &Look<'_>, written: &Written<String>, head: &str, meant: String) -> Finding {
    let what = [head, " `", &written.value, "`, so this gate never holds."];
    let finding = Finding::new(&UNKNOWN_WORD, look.written(written, ""), what.concat())
        .severity(Severity::Medium)
        .why("The entry counts always or never, and nothing says so.");
    with_meant(look, finding, written, Some(meant))
}

/// `deny`, `KILL`, `SCMP_ACT_ERRONO`.
fn action_meant(written: &str) -> Option<String> {
    let upper = written.to_ascii_uppercase();
    let short = upper.strip_prefix("SCMP_ACT_").unwrap_or(&upper);
    let meant = match short {
        "DENY" | "BLOCK" | "EPERM" | "REJECT" | "FORBID" => Some("ERRNO"),
        "PASS" | "PERMIT" | "ALLOWED" => Some("ALLOW"),
        "AUDIT" | "WARN" => Some("LOG"),
        _ => None,
    };
    let names = || ActionKind::ALL.iter().filter_map(|kind| kind.scmp_name().strip_prefix("SCMP_ACT_"));
    let meant = meant.or_else(|| names().find(|name| *name == short)).or_else(|| nearest(short, names()));
    meant.map(|name| ["SCMP_ACT_", name].concat())
}

/// `==`, `EQ`, `SCMP_CMP_EQUAL`.
fn op_meant(written: &str) -> Option<String> {
    let upper = written.to_ascii_uppercase();
    let short = upper.strip_prefix("SCMP_CMP_").unwrap_or(&upper);
    let op = match short {
        "==" | "=" | "EQUAL" | "EQ" => Op::Eq,
        "!=" | "NOT_EQUAL" | "NEQ" | "NE" => Op::Ne,
        "<" | "LT" => Op::Lt,
        "<=" | "LE" | "LTE" => Op::Le,
        ">" | "GT" => Op::Gt,
        ">=" | "GE" | "GTE" => Op::Ge,
        "MASKED_EQ" | "MASK_EQ" | "MASKED" | "MASKEQ" => Op::MaskedEq,
        _ => return nearest(&upper, Op::ALL.iter().map(|op| op.scmp_name())).map(str::to_owned),
    };
    Some(op.scmp_name().to_owned())
}

/// `amd64`, `x86_64`, `SCMP_ARCH_x86_64`.
fn arch_meant(written: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let short = lower.strip_prefix("scmp_arch_").unwrap_or(&lower);
    let known = || Arch::all().filter(|arch| is_known_to_runc(*arch));
    let exact = Arch::from_go_name(short).or_else(|| Arch::from_name(short)).filter(|arch| is_known_to_runc(*arch));
    let arch = exact.or_else(|| {
        let name = nearest(short, known().map(Arch::name))?;
        Arch::from_name(name)
    })?;
    Some(["SCMP_ARCH_", arch.scmp_suffix()].concat())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, as_read_by, check, fixed, profile};
    use super::{action_meant, arch_meant, op_meant};
    use crate::Reader;

    const RULE: &str = "seccomp-unknown-word";

    #[test]
    fn what_was_meant() {
        for (written, expected) in [
            ("allow", "ALLOW"),
            ("SCMP_ACT_ERRONO", "ERRNO"),
            ("deny", "ERRNO"),
            ("SCMP_ACT_KILL_PROCES", "KILL_PROCESS"),
        ] {
            assert_eq!(action_meant(written), Some(["SCMP_ACT_", expected].concat()), "{written}");
        }
        assert_eq!(op_meant("=="), Some("SCMP_CMP_EQ".to_owned()));
        for (written, expected) in [
            ("amd64", "X86_64"),
            ("SCMP_ARCH_x86_64", "X86_64"),
            ("SCMP_ARCH_ARM64", "AARCH64"),
            ("aarch64", "AARCH64"),
        ] {
            assert_eq!(arch_meant(written), Some(["SCMP_ARCH_", expected].concat()), "{written}");
        }
        assert_eq!(action_meant("whatever it takes"), None);
    }

    #[test]
    fn every_place_is_looked_at() {
        let text = "{\"defaultAction\": \"deny\", \"architectures\": [\"amd64\"], \"flags\": [\"SECCOMP_FILTER_FLAG_LOGS\"], \"syscalls\": \
                    [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"value\": 1, \"op\": \"EQ\"}]}]}";
        check(RULE, text, &["\"deny\"", "\"EQ\"", "\"amd64\"", "\"SECCOMP_FILTER_FLAG_LOGS\""]);
        fixed(RULE, text);
    }

    #[test]
    fn gates_that_never_hold() {
        let entry = format!(
            "{}, \"includes\": {{\"caps\": [\"sys_admin\"], \"arches\": [\"SCMP_ARCH_X86_64\"], \"minKernel\": \"4.8.1\"}}",
            allow("read")
        );
        let text = profile(&[&entry]);
        let count = |reader| as_read_by(reader, &text).iter().filter(|finding| finding.rule.id == RULE).count();
        assert_eq!((count(Reader::Oci), count(Reader::Docker), count(Reader::ContainersCommon)), (0, 3, 2));
    }
}
