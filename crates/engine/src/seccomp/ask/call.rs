//! What a profile does to a call, beside the report.

use watertight_diagnostic::ask::seccomp::{
    CallAnswer, CallAsk, CallGroup, DecidedCall, MappedCall, Parameter, Passes, Step,
};
use watertight_diagnostic::report::Place as Shown;
use watertight_seccomp::bpf::SeccompData;
use watertight_seccomp::compare::outcomes;
use watertight_seccomp::lint::Form;
use watertight_seccomp::syscalls::{Group, table};
use watertight_seccomp::{
    Action, ActionKind, Arch, By, Decider, Decision, Filter, Question, Reader, Syscall, SyscallRef, errno_name,
};
use watertight_text::Encoding;

use super::super::arch;
use super::choose::{Choosing, Read};
use crate::locate::Locator;

pub(super) fn answer(choosing: &Choosing<'_>, ask: &CallAsk, encoding: Encoding) -> CallAnswer {
    let read = choosing.read(&ask.of, &ask.holder);
    let native = arch(choosing.settings.node.arch);
    let mut answer = CallAnswer {
        choices: choosing.choices(),
        of: read.chosen.clone(),
        notes: read.notes.clone(),
        ..CallAnswer::default()
    };
    let Some(filter) = read.filters.first() else { return answer };
    let mut arches = vec![native];
    for &other in native.companions().iter().chain(&filter.architectures) {
        if !arches.contains(&other) {
            arches.push(other);
        }
    }
    let abi = Arch::from_name(&ask.arch).filter(|abi| arches.contains(abi)).unwrap_or(native);
    answer.arches = arches.iter().map(|arch| arch.name().to_owned()).collect();
    abi.name().clone_into(&mut answer.arch);
    let deciders: Vec<Decider> = read.filters.iter().map(Decider::new).collect();
    answer.map = map(&deciders, abi);
    let call = ask.call.trim();
    let question = match Question::read(call, ask.arguments.iter().map(String::as_str), abi) {
        Ok(question) => Some(question),
        Err(problem) => {
            answer.problem = Some(problem).filter(|_| !call.is_empty());
            None
        }
    };
    answer.parameters = Syscall::from_name(call).map_or_else(Vec::new, |call| parameters(call, abi));
    let program = match filter.compile() {
        Ok(program) => program,
        Err(too_long) => {
            answer.notes.push(format!("The kernel would not take it: {too_long}."));
            return answer;
        }
    };
    if deciders.len() > 1 {
        answer.notes.push("The program is that of the laxest profile that it may be.".to_owned());
    }
    let run = question.map(|it| program.run(&SeccompData::new(abi, it.number, it.arguments)));
    let ran = |at: usize| run.as_ref().is_some_and(|run| run.path.iter().any(|step| usize::from(*step) == at));
    let step = |line: watertight_seccomp::bpf::Line| Step {
        text: format!("{:>4}  {:<26} {}", line.at, line.text, line.comment).trim_end().to_owned(),
        runs: ran(line.at),
    };
    answer.program = program.disassemble().into_iter().map(step).collect();
    if let Some(Question { number, arguments }) = question {
        let decisions: Vec<Decision> = deciders.iter().map(|decider| decider.decide(abi, number, &arguments)).collect();
        answer.decided = decided(&read, filter, &decisions, abi, encoding)
            .map(|decided| DecidedCall { instructions: run.map_or(0, |run| run.path.len()), ..decided });
    }
    answer
}

fn decided(
    read: &Read<'_>,
    filter: &Filter,
    decisions: &[Decision],
    abi: Arch,
    encoding: Encoding,
) -> Option<DecidedCall> {
    let decision = decisions.first()?;
    let action = decision.action;
    let depends_on_libseccomp = decisions.iter().any(|decision| decision.depends_on_libseccomp);
    let mut actions: Vec<String> = decisions.iter().map(|decision| decision.action.to_string()).collect();
    actions.dedup();
    if actions.len() > 1 {
        let differ = decisions.iter().any(|other| passes(other.action) != passes(action));
        return Some(DecidedCall {
            passes: if differ { Passes::Unknown } else { passes(action) },
            action: actions.join(" or "),
            errno: None,
            why: "It depends on the version of the runtime, or on a capability that nobody can tell.".to_owned(),
            place: None,
            depends_on_libseccomp,
            instructions: 0,
        });
    }
    let (by, place) = match decision.by {
        By::Rule(rule) => rule_words(read, filter, rule, encoding),
        By::Default => ("No rule is for it, so that the default action decides.".to_owned(), None),
        By::ForeignArch => (format!("The profile does not list the architecture {abi}."), None),
        By::Stub => {
            let words = "Its number is above all that the profile names, and for these the runtime answers itself.";
            (words.to_owned(), None)
        }
    };
    Some(DecidedCall {
        passes: passes(action),
        action: action.to_string(),
        errno: errno_name(action.data).filter(|_| action.kind == ActionKind::Errno).map(str::to_owned),
        why: [words(action.kind), " ", &by].concat(),
        place,
        depends_on_libseccomp,
        instructions: 0,
    })
}

fn parameters(call: Syscall, abi: Arch) -> Vec<Parameter> {
    let arguments = call.arguments(abi).into_iter();
    let names =
        |values: watertight_seccomp::syscalls::ValueSet| values.values().map(|(name, _)| name.to_owned()).collect();
    arguments
        .map(|argument| Parameter {
            name: argument.name.to_owned(),
            values: argument.values.map_or_else(Vec::new, names),
        })
        .collect()
}

fn rule_words(read: &Read<'_>, filter: &Filter, rule: usize, encoding: Encoding) -> (String, Option<Shown>) {
    let Some(rule) = filter.rules.get(rule) else { return (String::new(), None) };
    let conditions: Vec<String> = rule.conditions.iter().map(ToString::to_string).collect();
    let when = if conditions.is_empty() { String::new() } else { [" where ", &conditions.join(" and ")].concat() };
    let Some(place) = read.place else { return (format!("A rule for it decides{when}."), None) };
    // Where profiles of the operator stand on each other, their entries are mixed.
    if place.base().is_some() {
        return (format!("A rule of it or of a profile that it stands on decides{when}."), None);
    }
    let reader = if place.form == Form::File { read.reader } else { Reader::Oci };
    let profile = place.profile();
    let shown = profile.entries.get(rule.origin.entry as usize).map(|entry| {
        let written = entry.names_for(reader).nth(rule.origin.name as usize);
        let written =
            written.filter(|written| matches!(rule.syscall, SyscallRef::Name(call) if call.name() == written.value));
        let (span, route) = written.map_or((entry.span, &entry.route), |written| (written.span, &written.route));
        Locator::new(place.source, encoding).at(span, route)
    });
    (format!("Entry {} of `syscalls` decides{when}.", rule.origin.entry + 1), shown)
}

fn passes(action: Action) -> Passes {
    match action.kind {
        ActionKind::Allow | ActionKind::Log => Passes::Allow,
        ActionKind::Notify | ActionKind::Trace => Passes::Asks,
        ActionKind::KillProcess | ActionKind::KillThread | ActionKind::Trap | ActionKind::Errno => Passes::Deny,
    }
}

fn words(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Allow => "The call runs.",
        ActionKind::Log => "The call runs and is written to the audit log.",
        ActionKind::Notify => "A supervisor outside the container decides.",
        ActionKind::Trace => "A tracer decides; without one the call fails with ENOSYS.",
        ActionKind::Errno => "The call does not run, and the program gets an error.",
        ActionKind::Trap => "The call does not run, and the thread is sent the signal SIGSYS, which it may catch.",
        ActionKind::KillThread => "The thread that calls dies.",
        ActionKind::KillProcess => "The whole process dies.",
    }
}

fn map(deciders: &[Decider], abi: Arch) -> Vec<CallGroup> {
    let of = |group: Group| {
        let calls = table(abi).iter().filter(|(_, call)| call.group() == group);
        let calls = calls.map(|&(number, call)| {
            let mut outcomes = deciders.iter().map(|decider| outcome(decider, abi, number));
            let first = outcomes.next().unwrap_or(Passes::Unknown);
            let passes = if outcomes.all(|other| other == first) { first } else { Passes::Unknown };
            MappedCall { name: call.name().to_owned(), passes }
        });
        CallGroup { name: group.name().to_owned(), calls: calls.collect() }
    };
    Group::ALL.into_iter().map(of).filter(|group| !group.calls.is_empty()).collect()
}

fn outcome(decider: &Decider, abi: Arch, number: u32) -> Passes {
    let Some(rules) = decider.abis().iter().find(|rules| rules.arch == abi) else {
        return passes(decider.decide(abi, number, &[0; 6]).action);
    };
    // So many conditions that nobody looks at all of them: it surely depends on the arguments.
    let Some(actions) = outcomes(rules, number) else { return Passes::Conditional };
    let mut all = actions.into_iter().map(passes);
    let first = all.next().unwrap_or(Passes::Unknown);
    if all.all(|other| other == first) { first } else { Passes::Conditional }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::ask::seccomp::{Chosen, Holder, SeccompAnswer, SeccompAsk};
    use watertight_diagnostic::{Runtime, Settings};

    use super::*;
    use crate::{Input, seccomp};

    const PROFILE: &str = r#"{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    {"names": ["read", "uname"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]},
    {"names": ["ptrace"], "action": "SCMP_ACT_KILL_PROCESS"}
  ]
}"#;

    fn of(files: &[Input<'_>], ask: CallAsk) -> CallAnswer {
        match seccomp(files, &SeccompAsk::Decide(ask), &Settings::default(), Encoding::Utf16) {
            SeccompAnswer::Decided(answer) => *answer,
            other => panic!("{other:?}"),
        }
    }

    fn ask(arch: &str, call: &str, arguments: &[&str]) -> CallAnswer {
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        let ask = CallAsk { arch: arch.to_owned(), call: call.to_owned(), arguments, ..CallAsk::default() };
        of(&[Input { name: "a.json", text: PROFILE }], ask)
    }

    #[test]
    fn calls_are_decided_where_the_rule_stands() {
        #[track_caller]
        fn check(arch: &str, call: &str, arguments: &[&str], action: &str, line: Option<u32>) {
            let answer = ask(arch, call, arguments);
            let decided = answer.decided.unwrap();
            assert_eq!(decided.action, action);
            assert_eq!(decided.place.map(|place| place.range.start_line), line);
            assert_eq!(answer.program.iter().filter(|step| step.runs).count(), decided.instructions);
            assert!(decided.instructions > 0);
        }
        check("", "read", &[], "ALLOW", Some(5));
        check("", "0", &[], "ALLOW", Some(5));
        check("", "clone", &["SIGCHLD"], "ALLOW", Some(6));
        check("", "clone", &["CLONE_NEWUSER|SIGCHLD"], "ERRNO(1)", None);
        check("", "clone", &["0x10000000"], "ERRNO(1)", None);
        check("", "ptrace", &["0"], "KILL_PROCESS", Some(8));
        check("", "getpid", &[], "ERRNO(1)", None);
        // Above ptrace, the highest number of the profile.
        check("", "mount", &[], "ERRNO(38)", None);
        check("x86", "read", &[], "KILL_THREAD", None);
    }

    #[test]
    fn what_is_no_question_is_said() {
        assert!(ask("", "fly", &[]).problem.unwrap().contains("`fly`"));
        assert!(ask("", "clone", &["high"]).problem.unwrap().contains("`high`"));
        assert!(ask("", "read", &["1"; 7]).problem.unwrap().contains("six"));
        assert_eq!(ask("", "", &[]).problem, None);
    }

    #[test]
    fn the_map_has_every_call_once() {
        let answer = ask("", "", &[]);
        let calls: Vec<&MappedCall> = answer.map.iter().flat_map(|group| &group.calls).collect();
        assert_eq!(calls.len(), table(Arch::X86_64).len());
        let of = |name: &str| calls.iter().find(|call| call.name == name).unwrap().passes;
        assert_eq!(of("read"), Passes::Allow);
        assert_eq!(of("clone"), Passes::Conditional);
        assert_eq!(of("ptrace"), Passes::Deny);
        assert_eq!(of("mount"), Passes::Deny);
    }

    /// Rules whose actions differ make no condition where every argument ends alike.
    #[test]
    fn conditional_is_what_depends_on_arguments() {
        let text = r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
  {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 5, "op": "SCMP_CMP_GE"}]},
  {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 5, "op": "SCMP_CMP_LT"}]},
  {"names": ["socket"], "action": "SCMP_ACT_KILL", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]},
  {"names": ["ioctl"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 1, "value": 2, "op": "SCMP_CMP_NE"}]}]}"#;
        let answer = of(&[Input { name: "a.json", text }], CallAsk::default());
        let calls: Vec<&MappedCall> = answer.map.iter().flat_map(|group| &group.calls).collect();
        for (name, passes) in [("personality", Passes::Allow), ("socket", Passes::Deny), ("ioctl", Passes::Conditional)]
        {
            assert_eq!(calls.iter().find(|call| call.name == name).unwrap().passes, passes, "{name}");
        }
    }

    #[test]
    fn what_runtimes_bring_along_is_asked() {
        const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n    - name: web\n      image: x\n      \
                           securityContext: {capabilities: {drop: [ALL], add: [SYS_ADMIN]}}\n";
        #[track_caller]
        fn check(runtime: Runtime, version: &str, holder: Holder, call: &str, arguments: &[&str], expected: Passes) {
            let ask = CallAsk {
                of: Chosen { profile: None, runtime: Some(runtime), version: version.to_owned() },
                holder,
                call: call.to_owned(),
                arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
                ..CallAsk::default()
            };
            let answer = of(&[Input { name: "pod.yaml", text: POD }], ask);
            assert_eq!(answer.choices.containers, ["shop / web"]);
            assert!(!answer.program.is_empty() && !answer.map.is_empty());
            let decided = answer.decided.unwrap();
            assert_eq!(decided.passes, expected, "{}", decided.why);
        }
        let usual = Holder::default;
        let pod = || Holder { container: Some(0), caps: None };
        let listed = |caps: &str| Holder { container: None, caps: Some(caps.to_owned()) };
        use Runtime::{Containerd, CriO, Docker, Podman};
        check(Docker, "28.0", usual(), "mount", &[], Passes::Deny);
        check(Docker, "28.0", pod(), "mount", &[], Passes::Allow);
        check(Docker, "28.0", listed("CAP_SYS_ADMIN"), "mount", &[], Passes::Allow);
        check(Docker, "28.0", listed(""), "mount", &[], Passes::Deny);
        check(Containerd, "1.7.2", usual(), "io_uring_setup", &[], Passes::Allow);
        check(Containerd, "2.1", usual(), "io_uring_setup", &[], Passes::Deny);
        check(Containerd, "", usual(), "io_uring_setup", &[], Passes::Unknown);
        check(Containerd, "high", usual(), "io_uring_setup", &[], Passes::Unknown);
        check(Podman, "5.2", usual(), "unshare", &[], Passes::Allow);
        check(CriO, "1.34", usual(), "unshare", &[], Passes::Deny);
        check(Docker, "28.0", usual(), "socket", &["AF_VSOCK"], Passes::Deny);
    }
}
