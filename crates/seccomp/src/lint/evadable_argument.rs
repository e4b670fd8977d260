use watertight_diagnostic::{Finding, Fix, Operation, Safety, Severity, declare_meta};

use super::look::Look;
use crate::{By, Condition, FilterRule, Op, Syscall};

declare_meta! {
    /// ## What it finds
    /// A condition on an argument that a program can get around: the kernel looks at the lower 32 bits of the argument
    /// only, or takes it for an address.
    ///
    /// ## Why it matters
    /// A filter sees all 64 bits of a register. Where the kernel takes an `int`, a program may put anything into the upper
    /// half: `ioctl` with 0x1_0000_5412 is TIOCSTI to the kernel, and no match for a filter that compares it with 0x5412.
    /// And of an address a filter sees where something lies, not what it is.
    ///
    /// ## What to do
    /// Compare under the mask 0xffffffff. What lies in memory has to be left to AppArmor or to capabilities.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [
    ///     {"names": ["ioctl"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 1, "value": 21522, "op": "SCMP_CMP_EQ"}]}
    ///   ]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [
    ///     {
    ///       "names": ["ioctl"],
    ///       "action": "SCMP_ACT_ERRNO",
    ///       "args": [{"index": 1, "value": 4294967295, "valueTwo": 21522, "op": "SCMP_CMP_MASKED_EQ"}]
    ///     }
    ///   ]
    /// }
    /// ```
    EVADABLE_ARGUMENT = {
        id: "seccomp-evadable-argument",
        title: "A condition that a program can get around",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Attack "T1611"],
    }
}

/// Arguments of which the kernel takes the lower 32 bits: those that are `int` or `unsigned int` where the call is
/// defined (`SYSCALL_DEFINE` in the kernel's sources), and the flags of clone(2), which it cuts itself.
static NARROW: &[(&str, &[u8])] = &[
    ("arch_prctl", &[0]),
    ("bpf", &[0]),
    ("clone", &[0]),
    ("fcntl", &[0, 1]),
    ("futex", &[1]),
    ("getsockopt", &[0, 1, 2]),
    ("ioctl", &[0, 1]),
    ("keyctl", &[0]),
    ("kill", &[0, 1]),
    ("madvise", &[2]),
    ("open", &[1]),
    ("openat", &[0, 2]),
    ("personality", &[0]),
    ("prctl", &[0]),
    ("quotactl", &[0]),
    ("setns", &[0, 1]),
    ("setsockopt", &[0, 1, 2]),
    ("socket", &[0, 1, 2]),
    ("socketpair", &[0, 1, 2]),
    ("syslog", &[0]),
    ("tgkill", &[0, 1, 2]),
];

/// Values that are tried of one argument.
const MOST_VALUES: usize = 300;

/// One bit that the kernel does not look at.
const JUNK: u64 = 1 << 32;

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    if !look.native().is_64_bit() {
        return;
    }
    for (name, rules) in look.conditional() {
        let Some(call) = Syscall::from_name(name) else { continue };
        let narrow = NARROW.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, indices)| indices);
        let arguments = call.arguments(look.native());
        for index in 0..6_u8 {
            let conditions = || rules.iter().filter_map(|rule| Some((*rule, on(rule, index)?)));
            if conditions().next().is_none() {
                continue;
            }
            if arguments.get(usize::from(index)).is_some_and(|argument| argument.is_pointer) {
                let argument = arguments.get(usize::from(index)).map_or("", |argument| argument.name);
                found.extend(conditions().next().and_then(|(rule, at)| of_pointer(look, rule, at, name, argument)));
            } else if narrow.contains(&index) {
                let values: Vec<&Condition> = rules.iter().flat_map(|rule| &rule.conditions).collect();
                found.extend(witness(look, name, index, &values).and_then(|it| of_junk(look, &rules, name, index, it)));
            }
        }
    }
}

/// The place among a rule's conditions of the one on an argument.
fn on(rule: &FilterRule, index: u8) -> Option<usize> {
    rule.conditions.iter().position(|condition| condition.index == index)
}

/// A value that is stopped, and passes with a bit more that the kernel does not see.
fn witness(look: &Look<'_>, name: &str, index: u8, conditions: &[&Condition]) -> Option<[u64; 6]> {
    let named = |index: u8| {
        let own = conditions.iter().filter(move |condition| condition.index == index);
        own.map(|it| if it.op == Op::MaskedEq { it.value_two & it.value } else { it.value })
    };
    // The other arguments as the conditions have them, so that only this one is in question.
    let mut others = [0; 6];
    for (slot, other) in others.iter_mut().zip(0..) {
        if other != index {
            *slot = named(other).next().unwrap_or_default();
        }
    }
    let values = named(index).flat_map(|value| [value, value.wrapping_add(1), value.wrapping_sub(1)]);
    values.chain([0]).take(MOST_VALUES).filter(|value| *value < JUNK).find_map(|value| {
        let with = |value: u64| {
            let mut args = others;
            if let Some(slot) = args.get_mut(usize::from(index)) {
                *slot = value;
            }
            args
        };
        (!look.lets(name, &with(value)) && look.lets(name, &with(value | JUNK))).then(|| with(value | JUNK))
    })
}

fn of_junk(look: &Look<'_>, rules: &[&FilterRule], name: &str, index: u8, args: [u64; 6]) -> Option<Finding> {
    let passed = args.get(usize::from(index)).copied()?;
    let real = passed & 0xffff_ffff;
    let mut stopped = args;
    *stopped.get_mut(usize::from(index))? = real;
    // The rule that is got around: the one that stops the plain value, or else the one that lets the other pass.
    let rule_of = |args: &[u64; 6]| match look.decide(name, args)?.by {
        By::Rule(rule) => look.filter()?.0.rules.get(rule),
        _ => None,
    };
    let stopping = rule_of(&stopped);
    let rule = stopping.or_else(|| rule_of(&args)).or_else(|| rules.first().copied())?;
    let place = on(rule, index)
        .and_then(|at| look.entry_of(rule)?.args.get(rule.origin.condition.map_or(at, |it| it as usize)));
    let location = match place {
        Some(arg) => look.at(arg.span, &arg.route, ""),
        None => look.written(look.name_of(rule)?, ""),
    };
    let argument = index.to_string();
    let values = [format!("{real:#x}"), format!("{passed:#x}")];
    let [real, passed] = &values;
    let what = [
        "`",
        name,
        "` with ",
        real,
        " as argument ",
        &argument,
        " is stopped, and runs with ",
        passed,
        ", which is the same to the kernel.",
    ];
    let mut finding = Finding::new(&EVADABLE_ARGUMENT, location, what.concat())
        .why("The kernel takes the lower 32 bits of this argument; the filter compares all 64.")
        .how("Compare under the mask 0xffffffff.");
    if stopping.is_none() {
        finding = finding.severity(Severity::Medium);
        finding.how =
            "No condition that lets pass can say this. Deny the value by an entry of its own with another error than \
                       the default's, under the mask 0xffffffff, or leave it to AppArmor."
                .into();
    }
    if let (Some(rule), Some(arg)) = (stopping, place)
        && let Some(condition) = on(rule, index).and_then(|at| rule.conditions.get(at))
        && condition.op == Op::Eq
    {
        finding = finding.fix(masked(look, &arg.route, condition.value));
    }
    Some(finding)
}

fn masked(look: &Look<'_>, arg: &watertight_diagnostic::Route, value: u64) -> Fix {
    let operations = vec![
        Operation::set(arg.key("value"), 0xffff_ffff_u64),
        Operation::set(arg.key("valueTwo"), value),
        Operation::set(arg.key("op"), Op::MaskedEq.scmp_name()),
    ];
    look.fix("Compare the lower 32 bits only", Safety::Safe, operations)
}

fn of_pointer(look: &Look<'_>, rule: &FilterRule, at: usize, name: &str, argument: &str) -> Option<Finding> {
    let entry = look.entry_of(rule).filter(|entry| !look.has_lost_gates(entry))?;
    let arg = entry.args.get(rule.origin.condition.map_or(at, |it| it as usize))?;
    let what = ["`", argument, "` of `", name, "` is an address: the filter compares where it lies, not what it says."];
    let finding = Finding::new(&EVADABLE_ARGUMENT, look.at(arg.span, &arg.route, ""), what.concat())
        .severity(Severity::Medium)
        .why("A program puts its data wherever it likes, so the condition holds or fails as the program wants.")
        .how("Allow or deny the call as a whole, and leave what it is called with to AppArmor.");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings_of, fixed, of, profile};
    use watertight_diagnostic::Severity;

    const RULE: &str = "seccomp-evadable-argument";

    fn entry(name: &str, action: &str, index: u8, value: u64, op: &str) -> String {
        format!(
            "\"names\": [\"{name}\"], \"action\": \"SCMP_ACT_{action}\", \"args\": [{{\"index\": {index}, \"value\": {value}, \
             \"op\": \"SCMP_CMP_{op}\"}}]"
        )
    }

    #[test]
    fn junk_in_the_upper_half() {
        let tiocsti = of("SCMP_ACT_ALLOW", &[&entry("ioctl", "ERRNO", 1, 0x5412, "EQ")]);
        check(RULE, &tiocsti, &["{\"index\": 1, \"value\": 21522, \"op\": \"SCMP_CMP_EQ\"}"]);
        assert!(fixed(RULE, &tiocsti).contains("4294967295"));
        // More may be asked for, but not less be had.
        check(RULE, &profile(&[&entry("ioctl", "ALLOW", 1, 0x5413, "EQ")]), &[]);
        let family = profile(&[&entry("socket", "ALLOW", 0, 40, "NE")]);
        let found = findings_of(RULE, &family);
        assert_eq!((found.len(), found[0].severity), (1, Severity::Medium));
        assert!(
            found[0].what.contains("0x28 as argument 0 is stopped, and runs with 0x100000028"),
            "{}",
            found[0].what
        );
        // ptrace(2) takes all 64 bits of its request.
        check(RULE, &of("SCMP_ACT_ALLOW", &[&entry("ptrace", "ERRNO", 0, 16, "EQ")]), &[]);
    }

    #[test]
    fn addresses() {
        let text = profile(&[&entry("openat", "ALLOW", 1, 0, "NE")]);
        check(RULE, &text, &["{\"index\": 1, \"value\": 0, \"op\": \"SCMP_CMP_NE\"}"]);
    }
}
