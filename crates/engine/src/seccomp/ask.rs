//! What a profile does to a call, beside the report.

use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::seccomp::{
    CallGroup, DecidedCall, MappedCall, Parameter, Passes, SeccompAnswer, SeccompAsk, Step,
};
use watertight_diagnostic::report::Place as Shown;
use watertight_seccomp::bpf::SeccompData;
use watertight_seccomp::syscalls::{Group, table};
use watertight_seccomp::{AbiRules, Action, ActionKind, Arch, By, Decider, Filter, Syscall, SyscallRef, errno_name};
use watertight_text::Encoding;

use super::{Form, Loaded, Place, Reader, arch, places, reader, target, usual_capabilities};
use crate::Input;
use crate::analyse::read;
use crate::locate::Locator;

/// Answers what a profile of a set of files does to a call, as the node of the settings reads the profile. Offsets count in
/// `encoding`.
///
/// ```
/// use watertight::diagnostic::Settings;
/// use watertight::diagnostic::ask::seccomp::{Passes, SeccompAsk};
/// use watertight::text::Encoding;
/// use watertight::{Input, seccomp};
///
/// let text = r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}"#;
/// let ask = SeccompAsk { call: "read".to_owned(), ..SeccompAsk::default() };
/// let answer = seccomp(&[Input { name: "a.json", text }], &ask, &Settings::default(), Encoding::Utf8);
/// assert_eq!(answer.decided.unwrap().passes, Passes::Allow);
/// ```
pub fn seccomp(files: &[Input<'_>], ask: &SeccompAsk, settings: &Settings, encoding: Encoding) -> SeccompAnswer {
    let sources = read(files);
    let all: Vec<Place<'_>> = sources.iter().flat_map(places).collect();
    let chosen = ask.profile.unwrap_or_default();
    let native = arch(settings.node.arch);
    let mut answer = SeccompAnswer {
        profiles: all.iter().map(name).collect(),
        profile: Some(chosen).filter(|chosen| *chosen < all.len()),
        ..SeccompAnswer::default()
    };
    let Some(place) = all.get(chosen) else { return answer };
    let runtime = settings.node.runtime;
    let caps = usual_capabilities(runtime);
    let caps: Vec<&str> = caps.iter().map(String::as_str).collect();
    let filter = match place.load(&sources, reader(settings), &target(settings, &caps)) {
        Loaded::Filter(filter) => filter,
        Loaded::Nothing => {
            answer.notes.push("Every runtime takes this for no filter at all: every call passes.".to_owned());
            return answer;
        }
        Loaded::Refused(refusal) => {
            answer.notes.push(format!("{} refuses it, so that no container starts: {refusal}.", runtime.name()));
            return answer;
        }
        Loaded::NoBase(base) => {
            answer.notes.push(format!("It stands on the profile `{base}`, which is not among the files."));
            return answer;
        }
    };
    answer.notes.push(format!(
        "As {} reads it, for a container with the capabilities that it grants by itself.",
        runtime.name()
    ));
    let mut arches = vec![native];
    for &other in native.companions().iter().chain(&filter.architectures) {
        if !arches.contains(&other) {
            arches.push(other);
        }
    }
    let abi = Arch::from_name(&ask.arch).filter(|abi| arches.contains(abi)).unwrap_or(native);
    answer.arches = arches.iter().map(|arch| arch.name().to_owned()).collect();
    abi.name().clone_into(&mut answer.arch);
    let decider = Decider::new(&filter);
    answer.map = map(&decider, abi);
    let question = match question(ask, abi) {
        Ok(question) => question,
        Err(problem) => {
            answer.problem = Some(problem);
            None
        }
    };
    answer.parameters = Syscall::from_name(ask.call.trim()).map_or_else(Vec::new, |call| parameters(call, abi));
    let program = match filter.compile() {
        Ok(program) => program,
        Err(too_long) => {
            answer.notes.push(format!("The kernel would not take it: {too_long}."));
            return answer;
        }
    };
    let run = question.map(|(number, arguments)| program.run(&SeccompData::new(abi, number, arguments)));
    let ran = |at: usize| run.as_ref().is_some_and(|run| run.path.iter().any(|step| usize::from(*step) == at));
    let step = |line: watertight_seccomp::bpf::Line| Step {
        text: format!("{:>4}  {:<26} {}", line.at, line.text, line.comment).trim_end().to_owned(),
        runs: ran(line.at),
    };
    answer.program = program.disassemble().into_iter().map(step).collect();
    if let Some((number, arguments)) = question {
        let decision = decider.decide(abi, number, &arguments);
        let (by, place) = match decision.by {
            By::Rule(rule) => rule_words(place, &filter, rule, reader(settings), encoding),
            By::Default => ("No rule is for it, so that the default action decides.".to_owned(), None),
            By::ForeignArch => (format!("The profile does not list the architecture {abi}."), None),
            By::Stub => {
                let words = "Its number is above all that the profile names, and for these the runtime answers itself.";
                (words.to_owned(), None)
            }
        };
        let action = decision.action;
        answer.decided = Some(DecidedCall {
            passes: passes(action),
            action: action.to_string(),
            errno: errno_name(action.data).filter(|_| action.kind == ActionKind::Errno).map(str::to_owned),
            why: [words(action.kind), " ", &by].concat(),
            place,
            depends_on_libseccomp: decision.depends_on_libseccomp,
            instructions: run.map_or(0, |run| run.path.len()),
        });
    }
    answer
}

fn name(place: &Place<'_>) -> String {
    let file = place.source.input.name;
    place.name.map_or_else(|| file.to_owned(), |name| [name, " in ", file].concat())
}

/// The call's number and its arguments; nothing when no call was named.
fn question(ask: &SeccompAsk, abi: Arch) -> Result<Option<(u32, [u64; 6])>, String> {
    let call = ask.call.trim();
    if call.is_empty() {
        return Ok(None);
    }
    let known = Syscall::from_name(call);
    let number = known.and_then(|call| call.number(abi)).or_else(|| call.parse().ok());
    let number = number.ok_or_else(|| format!("{abi} has no call `{call}`."))?;
    let names = known.map(|call| call.arguments(abi)).unwrap_or_default();
    let mut arguments = [0; 6];
    for (at, text) in ask.arguments.iter().enumerate() {
        let slot = arguments.get_mut(at).ok_or("A call has six arguments at most.")?;
        for part in text.split('|').map(str::trim).filter(|part| !part.is_empty()) {
            let named = || names.get(at)?.values?.value_of(part);
            let value = number_of(part).or_else(named);
            *slot |= value.ok_or_else(|| format!("`{part}` is neither a number nor a name for argument {at}."))?;
        }
    }
    Ok(Some((number, arguments)))
}

fn number_of(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned)),
    }
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

fn rule_words(
    place: &Place<'_>,
    filter: &Filter,
    rule: usize,
    reader: Reader,
    encoding: Encoding,
) -> (String, Option<Shown>) {
    let Some(rule) = filter.rules.get(rule) else { return (String::new(), None) };
    let conditions: Vec<String> = rule.conditions.iter().map(ToString::to_string).collect();
    let when = if conditions.is_empty() { String::new() } else { [" where ", &conditions.join(" and ")].concat() };
    // Where profiles of the operator stand on each other, their entries are mixed.
    if place.base().is_some() {
        return (format!("A rule of it or of a profile that it stands on decides{when}."), None);
    }
    let reader = if place.form == Form::File { reader } else { Reader::Oci };
    let profile = place.profile();
    let shown = profile.entries.get(rule.origin.entry as usize).map(|entry| {
        let written = entry.names_for(reader).nth(rule.origin.name as usize);
        let written =
            written.filter(|written| matches!(&rule.syscall, SyscallRef::Name(name) if *name == written.value));
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

fn map(decider: &Decider, abi: Arch) -> Vec<CallGroup> {
    let rules = decider.abis().iter().find(|rules| rules.arch == abi);
    let of = |group: Group| {
        let calls = table(abi).iter().filter(|(_, call)| call.group() == group);
        let calls = calls.map(|&(number, call)| MappedCall {
            name: call.name().to_owned(),
            passes: outcome(decider, rules, abi, number),
        });
        CallGroup { name: group.name().to_owned(), calls: calls.collect() }
    };
    Group::ALL.into_iter().map(of).filter(|group| !group.calls.is_empty()).collect()
}

fn outcome(decider: &Decider, rules: Option<&AbiRules>, abi: Arch, number: u32) -> Passes {
    let decision = decider.decide(abi, number, &[0; 6]);
    let first = passes(decision.action);
    let Some(rules) = rules.filter(|_| decision.by != By::Stub) else { return first };
    let own = rules.calls.iter().find(|call| call.number == number).map_or(&[][..], |call| &call.rules);
    let always = own.iter().any(|rule| rule.conditions.is_empty());
    let others = own.iter().map(|rule| rule.action).chain(Some(rules.default_action).filter(|_| !always));
    if others.into_iter().all(|action| passes(action) == first) { first } else { Passes::Conditional }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn ask(arch: &str, call: &str, arguments: &[&str]) -> SeccompAnswer {
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        let ask = SeccompAsk { profile: None, arch: arch.to_owned(), call: call.to_owned(), arguments };
        seccomp(&[Input { name: "a.json", text: PROFILE }], &ask, &Settings::default(), Encoding::Utf16)
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
}
