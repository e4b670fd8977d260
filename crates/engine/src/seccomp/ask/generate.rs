//! Profiles made of what programs were seen to call, and of other profiles.

use std::collections::BTreeSet;

use watertight_diagnostic::ask::seccomp::{Making, Otherwise, ProfileAnswer, ProfileAsk, Starting};
use watertight_diagnostic::listed;
use watertight_pod::effective;
use watertight_seccomp::generate::{Draft, Format, Starter, Trace, Wish, build, merge, minimise, start_calls, trim};
use watertight_seccomp::{Action, ActionKind, Filter, Syscall};
use watertight_text::LineIndex;

use super::super::arch;
use super::choose::{Choosing, Read};

/// Places of a trace that could not be read and are named one by one.
const SHOWN: usize = 5;

pub(super) fn answer(choosing: &Choosing<'_>, ask: &ProfileAsk) -> ProfileAnswer {
    let (base, other) = (choosing.read(&ask.base, &ask.holder), choosing.read(&ask.other, &ask.holder));
    let mut answer = ProfileAnswer {
        choices: choosing.choices(),
        pair: vec![base.chosen.clone(), other.chosen.clone()],
        ..ProfileAnswer::default()
    };
    let draft = match ask.from {
        Making::Calls => of_calls(choosing, ask, &mut answer.notes),
        Making::Base => of_base(choosing, ask, &base, &mut answer.notes),
        Making::Merged => merged(&base, &other, &mut answer.notes),
        Making::Smaller => strictest(&base, &mut answer.notes).map(minimise),
    };
    if let Some(draft) = draft {
        answer.text = draft.write(if ask.docker { Format::Docker } else { Format::Oci });
    }
    answer
}

fn of_calls(choosing: &Choosing<'_>, ask: &ProfileAsk, notes: &mut Vec<String>) -> Option<Draft> {
    let calls: Vec<Syscall> = traced(choosing, ask, notes)?.into_iter().collect();
    let start = starting(choosing, ask);
    let default_action = match ask.otherwise {
        Otherwise::Fails => Action::errno(1),
        Otherwise::Kills => Action::new(ActionKind::KillProcess, 0),
        Otherwise::Logs => Action::new(ActionKind::Log, 0),
    };
    Some(build(&Wish {
        native: arch(choosing.settings.node.arch),
        companions: ask.companions,
        calls: &calls,
        start: &start,
        portable: ask.portable,
        default_action,
    }))
}

fn of_base(choosing: &Choosing<'_>, ask: &ProfileAsk, base: &Read<'_>, notes: &mut Vec<String>) -> Option<Draft> {
    let filter = strictest(base, notes)?;
    if ask.calls.trim().is_empty() {
        notes.push(
            "No calls are named: what is left is what the capabilities of the container open, and nothing depends on them \
             any more."
                .to_owned(),
        );
        return Some(minimise(filter));
    }
    let needed = traced(choosing, ask, notes)?.into_iter().chain(starting(choosing, ask)).collect();
    Some(trim(filter, &needed))
}

fn merged(base: &Read<'_>, other: &Read<'_>, notes: &mut Vec<String>) -> Option<Draft> {
    let (one, other) = (strictest(base, notes)?, strictest(other, notes)?);
    let merged = merge(one, other);
    if !merged.unsaid.is_empty() {
        let calls = listed(&merged.unsaid, 8);
        notes.push(
            ["No profile can say what either of the two does to ", &calls, "; the stricter of them is written."]
                .concat(),
        );
    }
    Some(merged.draft)
}

/// The filter to begin with: where it is not known which it is, the one that lets the least pass.
fn strictest<'r>(read: &'r Read<'_>, notes: &mut Vec<String>) -> Option<&'r Filter> {
    notes.extend(read.notes.iter().map(|note| [&read.name, ": ", note].concat()));
    if read.filters.len() > 1 {
        notes.push([&read.name, ": of what it may be, the strictest is taken."].concat());
    }
    read.filters.last()
}

/// The calls that a text names.
fn traced(choosing: &Choosing<'_>, ask: &ProfileAsk, notes: &mut Vec<String>) -> Option<BTreeSet<Syscall>> {
    if ask.calls.trim().is_empty() {
        return None;
    }
    let trace = Trace::read(&ask.calls, arch(choosing.settings.node.arch));
    let calls: BTreeSet<Syscall> = trace.names().into_iter().collect();
    let count = match calls.len() {
        0 => "no call is named in it".to_owned(),
        1 => "one call".to_owned(),
        several => [&several.to_string(), " calls"].concat(),
    };
    notes.push(["The text is read as ", trace.form.describe(), ": ", &count, "."].concat());
    let lines = LineIndex::new(&ask.calls);
    for unread in trace.unread.iter().take(SHOWN) {
        let line = lines.line_of(unread.span.start) + 1;
        notes.push(["Line ", &line.to_string(), " is left out: ", &unread.why.to_string(), "."].concat());
    }
    let more = trace.unread_count.saturating_sub(SHOWN);
    if more > 0 {
        notes.push([&more.to_string(), " more places could not be read."].concat());
    }
    (!calls.is_empty()).then_some(calls)
}

fn starting(choosing: &Choosing<'_>, ask: &ProfileAsk) -> Vec<Syscall> {
    let container = choosing.container(&ask.holder);
    let says = container.is_some_and(|one| effective::allow_privilege_escalation(one).value == Some(false));
    let no_new_privs = ask.no_new_privs || says;
    match ask.start {
        Starting::Runc => start_calls(Starter::Runc, no_new_privs),
        Starting::Crun => start_calls(Starter::Crun, no_new_privs),
        Starting::Nobody => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::ask::seccomp::{CallAsk, Chosen, Holder, Passes, SeccompAnswer, SeccompAsk};
    use watertight_diagnostic::{Runtime, Settings};
    use watertight_text::Encoding;

    use super::*;
    use crate::{Input, analyse, seccomp};

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n    - name: web\n      image: x\n      \
                       securityContext: {capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false}\n    - name: admin\n      \
                       image: x\n      securityContext: {capabilities: {drop: [ALL], add: [SYS_ADMIN]}}\n";
    const BASE: &str = r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
  {"names": ["read", "write", "openat", "execve", "mount"], "action": "SCMP_ACT_ALLOW"},
  {"names": ["write"], "action": "SCMP_ACT_ALLOW"}]}"#;

    fn make(ask: ProfileAsk) -> ProfileAnswer {
        let files = [Input { name: "pod.yaml", text: POD }, Input { name: "base.json", text: BASE }];
        match seccomp(&files, &SeccompAsk::Generate(ask), &Settings::default(), Encoding::Utf8) {
            SeccompAnswer::Generated(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    /// What a call comes to under the profile that was made.
    #[track_caller]
    fn check(ask: ProfileAsk, expected: &[(&str, Passes)]) {
        let made = make(ask);
        let files = [Input { name: "made.json", text: &made.text }];
        for &(call, passes) in expected {
            let ask = SeccompAsk::Decide(CallAsk { call: call.to_owned(), ..CallAsk::default() });
            let SeccompAnswer::Decided(answer) = seccomp(&files, &ask, &Settings::default(), Encoding::Utf8) else {
                panic!("another answer");
            };
            assert_eq!(answer.decided.map(|decided| decided.passes), Some(passes), "{call}: {}", made.text);
        }
        let report = analyse(&files, &Settings::default(), Encoding::Utf8);
        assert!(report.findings.iter().all(|found| !found.rule.ends_with("refused")), "{}", made.text);
    }

    fn docker() -> Chosen {
        Chosen { runtime: Some(Runtime::Docker), version: "28.0".to_owned(), ..Chosen::default() }
    }

    #[test]
    fn of_what_was_called() {
        use Passes::{Allow, Deny};
        for calls in [
            "read, socket",
            "execve(\"/a\", [\"a\"], 0x7f) = 0\nread(3, \"\", 1) = 0\nsocket(AF_INET, SOCK_STREAM, 0) = 3\n",
        ] {
            let ask = |start| ProfileAsk { calls: calls.to_owned(), start, ..ProfileAsk::default() };
            check(ask(Starting::Runc), &[("read", Allow), ("socket", Allow), ("openat", Allow), ("mount", Deny)]);
            check(ask(Starting::Nobody), &[("read", Allow), ("openat", Deny)]);
        }
        let ask = ProfileAsk { calls: "read fly\n\nswim".to_owned(), ..ProfileAsk::default() };
        let notes = make(ask).notes;
        assert!(notes.iter().any(|note| note.contains("Line 1") && note.contains("fly")), "{notes:?}");
        assert!(notes.iter().any(|note| note.contains("Line 3")), "{notes:?}");
        assert_eq!(make(ProfileAsk::default()).text, "");
    }

    #[test]
    fn of_a_base() {
        use Passes::{Allow, Deny};
        let ask = |container, calls: &str| ProfileAsk {
            from: Making::Base,
            base: docker(),
            holder: Holder { container: Some(container), caps: None },
            calls: calls.to_owned(),
            ..ProfileAsk::default()
        };
        check(ask(0, ""), &[("read", Allow), ("mount", Deny), ("unshare", Deny), ("bind", Allow)]);
        check(ask(1, ""), &[("mount", Allow), ("unshare", Allow)]);
        check(ask(0, "read mount"), &[("read", Allow), ("execve", Allow), ("mount", Deny), ("bind", Deny)]);
    }

    #[test]
    fn of_other_profiles() {
        use Passes::{Allow, Deny};
        let ask = |from| ProfileAsk { from, base: Chosen::default(), other: docker(), ..ProfileAsk::default() };
        check(ask(Making::Merged), &[("mount", Allow), ("bind", Allow), ("init_module", Deny)]);
        let smaller = make(ask(Making::Smaller));
        assert_eq!(smaller.text.matches("\"names\"").count(), 1, "{}", smaller.text);
        check(ask(Making::Smaller), &[("mount", Allow), ("bind", Deny)]);
    }

    #[test]
    fn in_either_dialect() {
        let ask = |docker| ProfileAsk { calls: "read".to_owned(), docker, ..ProfileAsk::default() };
        assert!(make(ask(true)).text.contains("\"comment\""));
        assert!(!make(ask(false)).text.contains("\"comment\""));
    }
}
