//! What a runtime on a node makes of a profile.

use std::collections::BTreeMap;
use std::fmt;

use watertight_diagnostic::Runtime;
use watertight_text::shortened;

use crate::clash::Branches;
use crate::errno::errno_number;
use crate::profile::{Entry, Gate, Profile};
use crate::{Action, ActionKind, Arch, Condition, Filter, FilterRule, Flag, Op, Origin, Syscall, SyscallRef};

/// Who reads a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reader {
    /// As plain OCI: runc's `config.json`, containerd's `Localhost` profiles, the Security Profiles Operator.
    Oci,
    /// Docker Engine.
    Docker,
    /// CRI-O and Podman, by containers-common.
    ContainersCommon,
    /// A program that calls libseccomp itself, with the rules of a profile and no runtime in between.
    Libseccomp,
}

impl Reader {
    /// Who reads a file that a pod or a command line names, by the runtime of the node.
    pub fn of(runtime: Runtime) -> Self {
        match runtime {
            Runtime::Containerd => Self::Oci,
            Runtime::Docker => Self::Docker,
            Runtime::CriO | Runtime::Podman => Self::ContainersCommon,
        }
    }

    /// Whether it knows `includes`, `excludes`, `archMap` and the old key `name`.
    pub fn knows_gates(self) -> bool {
        matches!(self, Self::Docker | Self::ContainersCommon)
    }
}

/// The node and the container that a profile is read for.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The machine's native ABI.
    pub arch: Arch,
    /// The container's bounding set, with `CAP_`.
    pub caps: &'a [&'a str],
    /// Major and minor version of the kernel.
    pub kernel: (u32, u32),
}

impl Target<'_> {
    /// The kernel that is taken where nobody says; no condition of a profile in use asks for a newer one.
    pub const USUAL_KERNEL: (u32, u32) = (5, 15);
}

/// Why a container with this profile does not start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// An action that nobody knows, or none at all.
    Action(String),
    /// An operator that nobody knows.
    Operator(String),
    /// An architecture that the runtime does not know.
    Architecture(String),
    /// A flag that the runtime does not know.
    Flag(String),
    /// An error name that nobody knows.
    Errno(String),
    /// `architectures` together with `archMap`.
    TwoArchLists,
    /// `name` together with `names`.
    NameAndNames,
    /// `minKernel` is not `major.minor`.
    MinKernel(String),
    /// libseccomp refuses a rule: the call, the action and its error number.
    Rule(String, Action, i32),
    /// A value that cannot be decoded, by what is expected there. Readers of a [`Profile`] never say it: faults come with it.
    Type(&'static str),
    /// More than [`MAX_RULES`] rules.
    TooLarge,
    /// `SCMP_ACT_NOTIFY` as the default or on `write`, which would leave nobody to answer.
    Notify,
}

/// As libseccomp's callers print it.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action(name) => write!(f, "the action {name:?} is not known"),
            Self::Operator(name) => write!(f, "the operator {name:?} is not known"),
            Self::Architecture(name) => write!(f, "the architecture {name:?} is not known"),
            Self::Flag(name) => write!(f, "the flag {name:?} is not known"),
            Self::Errno(name) => write!(f, "the error {name:?} is not known"),
            Self::TwoArchLists => f.write_str("architectures and archMap cannot stand together"),
            Self::NameAndNames => f.write_str("name and names cannot stand together"),
            Self::MinKernel(text) => write!(f, "minKernel {text:?} is not two numbers with a dot"),
            Self::Rule(call, action, error) => write!(f, "rule_add {call} {action} -> {error}"),
            Self::Type(expected) => write!(f, "a value is of another type than {expected}"),
            Self::TooLarge => {
                write!(f, "it makes more than {MAX_RULES} rules, and the kernel takes programs of 4096 instructions")
            }
            Self::Notify => f.write_str("SCMP_ACT_NOTIFY can be neither the default nor the answer to write"),
        }
    }
}

/// No more rules are made of a profile. The kernel takes programs of 4,096 instructions, and none so small holds as many.
pub const MAX_RULES: usize = 50_000;

/// How much of a word is told, in bytes.
const SHOWN: usize = 2_000;

/// `EINVAL` and `EEXIST`, as libseccomp returns them.
const INVALID: i32 = -22;
const EXISTS: i32 = -17;
/// The largest error number that a filter can return; libseccomp refuses larger ones.
const MAX_ERRNO: u64 = 4095;

impl Profile {
    /// What a runtime hands to libseccomp; `None` when it takes the profile for "no seccomp".
    ///
    /// # Errors
    ///
    /// When the runtime or libseccomp refuses the profile, so that the container does not start.
    pub fn as_read_by(&self, reader: Reader, target: &Target<'_>) -> Result<Option<Filter>, Refusal> {
        if self.is_empty() {
            return Ok(None);
        }
        let written = self.default_action.as_ref().map(|action| action.value.as_str()).unwrap_or_default();
        let default_errno = match &self.default_errno {
            Some(name) if reader == Reader::ContainersCommon && !name.value.is_empty() => Some(errno(&name.value)?),
            _ => self.default_errno_ret.as_ref().map(|errno| errno.value),
        };
        let default_action = action(written, default_errno)?;
        if default_action.kind == ActionKind::Notify {
            return Err(Refusal::Notify);
        }
        let mut filter = Filter::new(default_action, target.arch);
        for name in self.architectures_for(reader, target.arch)? {
            let known = if name == "SCMP_ARCH_NATIVE" && reader == Reader::ContainersCommon {
                Some(target.arch)
            } else {
                Arch::from_scmp_name(name).filter(|arch| reader == Reader::Libseccomp || is_known_to_runc(*arch))
            };
            let arch = known.ok_or_else(|| Refusal::Architecture(word(name)))?;
            if !filter.architectures.contains(&arch) {
                filter.architectures.push(arch);
            }
        }
        filter.flags = self.flags_for()?;
        let mut highest: BTreeMap<Arch, u32> = BTreeMap::new();
        let mut rules = Rules { filter: &mut filter, branches: Branches::default() };
        for (at, entry) in self.entries.iter().enumerate() {
            if reader.knows_gates() && !entry.counts(reader, target)? {
                continue;
            }
            rules.entry(at, entry, reader, &mut highest)?;
        }
        if !default_action.lets_pass() {
            filter.enosys_above = highest.into_iter().collect();
        }
        Ok(Some(filter))
    }

    fn architectures_for(&self, reader: Reader, native: Arch) -> Result<Vec<&str>, Refusal> {
        let listed = || self.architectures.iter().map(|arch| arch.value.as_str()).collect();
        if !reader.knows_gates() || self.arch_map.is_empty() {
            return Ok(listed());
        }
        if !self.architectures.is_empty() {
            return Err(Refusal::TwoArchLists);
        }
        let is_native = |name: &str| Arch::from_scmp_name(name) == Some(native);
        let mine =
            self.arch_map.iter().find(|map| map.architecture.as_ref().is_some_and(|arch| is_native(&arch.value)));
        Ok(mine.map_or_else(Vec::new, |map| {
            let subs = map.sub_architectures.iter().map(|arch| arch.value.as_str());
            map.architecture.iter().map(|arch| arch.value.as_str()).chain(subs).collect()
        }))
    }

    fn flags_for(&self) -> Result<Vec<Flag>, Refusal> {
        let Some(flags) = &self.flags else { return Ok(vec![Flag::SpecAllow]) };
        let read = |name: &str| FLAGS.iter().find(|(known, _)| *known == name).map(|(_, flag)| *flag);
        flags.iter().map(|flag| read(&flag.value).ok_or_else(|| Refusal::Flag(word(&flag.value)))).collect()
    }
}

/// A word that nobody knows, as far as it is told: thousands of containers may ask for the profile that it stands in.
fn word(written: &str) -> String {
    shortened(written, SHOWN).into_owned()
}

/// The flags that runc knows.
pub(crate) static FLAGS: [(&str, Flag); 4] = [
    ("SECCOMP_FILTER_FLAG_TSYNC", Flag::Tsync),
    ("SECCOMP_FILTER_FLAG_LOG", Flag::Log),
    ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", Flag::SpecAllow),
    ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", Flag::WaitKillableRecv),
];

/// runc's list, `libcontainer/seccomp/config.go`.
pub(crate) fn is_known_to_runc(arch: Arch) -> bool {
    !matches!(arch, Arch::Parisc | Arch::Parisc64 | Arch::M68k | Arch::Sh | Arch::Sheb)
}

fn action(name: &str, errno: Option<u64>) -> Result<Action, Refusal> {
    let kind = ActionKind::from_scmp_name(name).ok_or_else(|| Refusal::Action(word(name)))?;
    let data = if kind.takes_data() { errno.unwrap_or(1) } else { 0 };
    let action = Action::new(kind, u16::try_from(data).unwrap_or(u16::MAX));
    if kind == ActionKind::Errno && data > MAX_ERRNO {
        return Err(Refusal::Rule(String::new(), action, INVALID));
    }
    Ok(action)
}

/// By name, or by number in letters.
fn errno(text: &str) -> Result<u64, Refusal> {
    let number = errno_number(text).map(u64::from).or_else(|| text.parse().ok());
    number.ok_or_else(|| Refusal::Errno(word(text)))
}

impl Entry {
    /// What happens to its calls.
    pub(crate) fn action_for(&self, reader: Reader) -> Result<Action, Refusal> {
        action(self.action_word(), self.returned(reader)?)
    }

    fn action_word(&self) -> &str {
        self.action.as_ref().map(|action| action.value.as_str()).unwrap_or_default()
    }

    /// The error number that it asks for.
    fn returned(&self, reader: Reader) -> Result<Option<u64>, Refusal> {
        match &self.errno {
            Some(name) if reader == Reader::ContainersCommon && !name.value.is_empty() => errno(&name.value).map(Some),
            _ => Ok(self.errno_ret.as_ref().map(|errno| errno.value)),
        }
    }

    /// Whether its gates let it count.
    pub(crate) fn counts(&self, reader: Reader, target: &Target<'_>) -> Result<bool, Refusal> {
        if self.name.as_ref().is_some_and(|name| !name.value.is_empty()) && !self.names.is_empty() {
            return Err(Refusal::NameAndNames);
        }
        let has_cap = |name: &str| target.caps.contains(&name);
        let is_arch = |gate: &Gate| gate.arches.iter().any(|arch| Some(arch.value.as_str()) == target.arch.go_name());
        let at_least = |gate: &Gate| match &gate.min_kernel {
            Some(written) if reader == Reader::Docker => {
                let numbers = written
                    .value
                    .split_once('.')
                    .and_then(|(major, minor)| Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?)));
                numbers
                    .map(|least| Some(target.kernel >= least))
                    .ok_or_else(|| Refusal::MinKernel(word(&written.value)))
            }
            _ => Ok(None),
        };
        let (includes, excludes) = (&self.includes, &self.excludes);
        if !excludes.arches.is_empty() && is_arch(excludes)
            || excludes.caps.iter().any(|cap| has_cap(&cap.value))
            || at_least(excludes)? == Some(true)
        {
            return Ok(false);
        }
        Ok((includes.arches.is_empty() || is_arch(includes))
            && includes.caps.iter().all(|cap| has_cap(&cap.value))
            && at_least(includes)? != Some(false))
    }
}

/// Rules as they are added one by one.
struct Rules<'f> {
    filter: &'f mut Filter,
    branches: Branches,
}

impl Rules<'_> {
    fn entry(
        &mut self,
        at: usize,
        entry: &Entry,
        reader: Reader,
        highest: &mut BTreeMap<Arch, u32>,
    ) -> Result<(), Refusal> {
        let action = action(entry.action_word(), entry.returned(reader)?);
        let mut conditions = Vec::new();
        for arg in &entry.args {
            let name = arg.op.as_ref().map(|op| op.value.as_str()).unwrap_or_default();
            let op = Op::from_scmp_name(name).ok_or_else(|| Refusal::Operator(word(name)))?;
            let index = u8::try_from(arg.index).unwrap_or(u8::MAX);
            conditions.push(Condition { index, op, value: arg.value, value_two: arg.value_two });
        }
        for (place, name) in entry.names_for(reader).enumerate() {
            // A name that the installed libseccomp does not know is passed over without a word.
            let Some(call) = Syscall::from_name(&name.value) else { continue };
            for &arch in &self.filter.architectures {
                if let Some(number) = call.number(arch) {
                    let known = highest.entry(arch).or_insert(number);
                    *known = number.max(*known);
                }
            }
            let named = |refusal| match refusal {
                Refusal::Rule(_, action, error) => Refusal::Rule(name.value.clone(), action, error),
                other => other,
            };
            let action = action.clone().map_err(named)?;
            if action.kind == ActionKind::Notify && name.value == "write" {
                return Err(Refusal::Notify);
            }
            if action == self.filter.default_action {
                continue;
            }
            let origin = Origin { entry: at as u32, name: place as u32, condition: None };
            let syscall = SyscallRef::Name(call);
            if conditions.iter().any(|condition| condition.index > 5) {
                return Err(Refusal::Rule(name.value.clone(), action, INVALID));
            }
            let is_doubled = conditions
                .iter()
                .enumerate()
                .any(|(place, condition)| conditions.iter().take(place).any(|other| other.index == condition.index));
            if !is_doubled {
                self.add(FilterRule { syscall, action, conditions: conditions.clone(), origin })?;
                continue;
            }
            // An index that is named twice makes a rule of each condition: any of them is enough.
            for (which, condition) in conditions.iter().enumerate() {
                let origin = Origin { condition: Some(which as u32), ..origin };
                self.add(FilterRule { syscall, action, conditions: vec![*condition], origin })?;
            }
        }
        Ok(())
    }

    fn add(&mut self, rule: FilterRule) -> Result<(), Refusal> {
        let is_wide = self.filter.native.is_64_bit();
        if !self.branches.add(rule.syscall, &rule.conditions, rule.action, is_wide) {
            let SyscallRef::Name(call) = rule.syscall else { return Ok(()) };
            return Err(Refusal::Rule(call.name().to_owned(), rule.action, EXISTS));
        }
        if self.filter.rules.len() >= MAX_RULES {
            return Err(Refusal::TooLarge);
        }
        self.filter.rules.push(rule);
        Ok(())
    }
}
