//! What two profiles do differently.

use watertight_diagnostic::ask::seccomp::{ComparedArch, ComparedCall, ComparisonAnswer, ComparisonAsk};
use watertight_seccomp::compare::{AbiComparison, Difference, Presence, compare};
use watertight_seccomp::{Action, errno_name};

use super::choose::Choosing;

pub(super) fn answer(choosing: &Choosing<'_>, ask: &ComparisonAsk) -> ComparisonAnswer {
    let (left, right) = (choosing.read(&ask.left, &ask.holder), choosing.read(&ask.right, &ask.holder));
    let mut answer = ComparisonAnswer {
        choices: choosing.choices(),
        pair: vec![left.chosen.clone(), right.chosen.clone()],
        names: vec![left.name.clone(), right.name.clone()],
        ..ComparisonAnswer::default()
    };
    for read in [&left, &right] {
        answer.notes.extend(read.notes.iter().map(|note| [&read.name, ": ", note].concat()));
        if read.filters.len() > 1 {
            answer.notes.push([&read.name, ": of what it may be, the laxest is compared."].concat());
        }
    }
    let (Some(one), Some(other)) = (left.filters.first(), right.filters.first()) else { return answer };
    let found = compare(one, other);
    answer.arches = found.abis.iter().map(of_arch).collect();
    if !found.is_complete {
        answer
            .notes
            .push("A call has so many conditions that not every combination of arguments was looked at.".to_owned());
    }
    answer
}

fn of_arch(abi: &AbiComparison) -> ComparedArch {
    ComparedArch {
        arch: abi.arch.name().to_owned(),
        only: match abi.presence {
            Presence::Both => None,
            Presence::Left => Some(0),
            Presence::Right => Some(1),
        },
        same: abi.same,
        differences: abi.differences.iter().map(of_call).collect(),
    }
}

fn of_call(difference: &Difference) -> ComparedCall {
    let Difference { left, right, .. } = difference;
    let laxer = match (left.action.lets_pass(), right.action.lets_pass()) {
        (false, true) => 1,
        (true, false) => -1,
        _ => 0,
    };
    let call = difference.call.map_or_else(
        || ["from number ", &difference.number.to_string(), " on"].concat(),
        |call| call.name().to_owned(),
    );
    ComparedCall { call, when: when(difference), left: said(left.action), right: said(right.action), laxer }
}

fn when(difference: &Difference) -> String {
    if difference.always {
        return String::new();
    }
    let Difference { left, right, witness, .. } = difference;
    let mut words: Vec<String> = left.conditions.iter().chain(&right.conditions).map(ToString::to_string).collect();
    words.dedup();
    let when =
        if words.is_empty() { "for other arguments".to_owned() } else { ["for ", &words.join(" and ")].concat() };
    let used = witness.iter().rposition(|argument| *argument != 0).map_or(1, |last| last + 1);
    let example: Vec<String> = witness.iter().take(used).map(|argument| format!("{argument:#x}")).collect();
    [&when, ", such as (", &example.join(", "), ")"].concat()
}

/// `ALLOW`, `EPERM`, `KILL_PROCESS`.
fn said(action: Action) -> String {
    match errno_name(action.data).filter(|_| action.kind == watertight_seccomp::ActionKind::Errno) {
        Some(name) => name.to_owned(),
        None => action.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::ask::seccomp::{Chosen, Holder, SeccompAnswer, SeccompAsk};
    use watertight_diagnostic::{Runtime, Settings};
    use watertight_text::Encoding;

    use super::*;
    use crate::{Input, seccomp};

    const ONE: &str = r#"{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [{"names": ["read", "mount"], "action": "SCMP_ACT_ALLOW"}]}"#;
    const OTHER: &str = r#"{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
  {"names": ["read", "umount2"], "action": "SCMP_ACT_ALLOW"},
  {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 3, "value": 4096, "op": "SCMP_CMP_EQ"}]}]}"#;

    fn ask(left: Chosen, right: Chosen, holder: Holder) -> ComparisonAnswer {
        let files = [Input { name: "a.json", text: ONE }, Input { name: "b.json", text: OTHER }];
        let ask = SeccompAsk::Compare(ComparisonAsk { left, right, holder });
        match seccomp(&files, &ask, &Settings::default(), Encoding::Utf8) {
            SeccompAnswer::Compared(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    fn file(profile: usize) -> Chosen {
        Chosen { profile: Some(profile), ..Chosen::default() }
    }

    fn default(runtime: Runtime, version: &str) -> Chosen {
        Chosen { profile: None, runtime: Some(runtime), version: version.to_owned() }
    }

    #[track_caller]
    fn check(answer: &ComparisonAnswer, arch: &str, call: &str, expected: Option<(&str, &str, i8)>) {
        let arch = answer.arches.iter().find(|one| one.arch == arch).expect("the architecture is there");
        let found = arch.differences.iter().find(|one| one.call == call);
        assert_eq!(found.map(|one| (one.left.as_str(), one.right.as_str(), one.laxer)), expected, "{call}");
    }

    #[test]
    fn two_files() {
        let answer = ask(file(0), file(1), Holder::default());
        assert_eq!(answer.names, ["a.json", "b.json"]);
        check(&answer, "x86_64", "read", None);
        check(&answer, "x86_64", "umount2", Some(("ENOSYS", "ALLOW", 1)));
        check(&answer, "x86_64", "mount", Some(("ALLOW", "EPERM", -1)));
        let mount = answer.arches[0].differences.iter().find(|one| one.call == "mount").unwrap();
        assert!(mount.when.starts_with("for other arguments, such as ("), "{}", mount.when);
        assert_eq!(answer.arches[1].only, Some(0));
        assert!(answer.arches[0].same > 300);
        let same = ask(file(1), file(1), Holder::default());
        assert!(same.arches.iter().all(|arch| arch.only.is_none() && arch.differences.is_empty()));
    }

    #[test]
    fn runtimes_by_version_and_capability() {
        let of = |left: &str, right: &str, caps: Option<&str>| {
            let holder = Holder { container: None, caps: caps.map(str::to_owned) };
            ask(default(Runtime::Docker, left), default(Runtime::Docker, right), holder)
        };
        check(&of("24.0", "25.0", None), "x86_64", "io_uring_setup", Some(("ALLOW", "EPERM", -1)));
        check(&of("25.0", "25.0", None), "x86_64", "io_uring_setup", None);
        let answer = ask(file(0), default(Runtime::Podman, "5.0"), Holder::default());
        check(&answer, "x86_64", "mount", None);
        let docker = |caps: Option<&str>| {
            let holder = Holder { container: None, caps: caps.map(str::to_owned) };
            ask(file(0), default(Runtime::Docker, "28.0"), holder)
        };
        check(&docker(None), "x86_64", "mount", Some(("ALLOW", "EPERM", -1)));
        check(&docker(Some("sys_admin, CAP_CHOWN")), "x86_64", "mount", None);
        let doubtful = docker(Some("FLY"));
        assert!(doubtful.notes.iter().any(|note| note.contains("`FLY`")), "{:?}", doubtful.notes);
    }

    #[test]
    fn what_is_no_profile_is_said() {
        let ask = SeccompAsk::Compare(ComparisonAsk::default());
        let files = [Input { name: "a.json", text: "{\"defaultAction\": \"SCMP_ACT_DANCE\"}" }];
        let SeccompAnswer::Compared(answer) = seccomp(&files, &ask, &Settings::default(), Encoding::Utf8) else {
            panic!("another answer");
        };
        assert!(answer.arches.is_empty());
        assert!(answer.notes.iter().any(|note| note.contains("refuses it")), "{:?}", answer.notes);
        // Without any file it is the runtime's own, which has changed with its versions.
        let SeccompAnswer::Compared(answer) = seccomp(&[], &ask, &Settings::default(), Encoding::Utf8) else {
            panic!("another answer");
        };
        assert_eq!(answer.names, ["containerd's default profile", "containerd's default profile"]);
        assert!(answer.notes.iter().any(|note| note.contains("name it")), "{:?}", answer.notes);
    }
}
