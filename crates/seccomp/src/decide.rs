use crate::{AbiRules, Action, Arch, Filter, LoweredRule};

/// A filter, ready to be asked many times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decider {
    abis: Vec<AbiRules>,
}

/// What happens to a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    /// What the kernel does.
    pub action: Action,
    /// What decided it.
    pub by: By,
    /// Rules of the call overlap with different actions, and libseccomp promises no order for that: its own program may
    /// answer otherwise.
    pub depends_on_libseccomp: bool,
}

/// What decides a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The rule at this place in [`Filter::rules`].
    Rule(usize),
    /// No rule is for it.
    Default,
    /// Its ABI is not in the filter.
    ForeignArch,
    /// The runtime's preface: the number is above all that the profile names.
    Stub,
}

impl Decider {
    /// Looks every name of a filter up.
    pub fn new(filter: &Filter) -> Self {
        Self { abis: filter.by_abi() }
    }

    /// The same for calls of one ABI only; of others it knows nothing.
    pub fn of_abi(filter: &Filter, arch: Arch) -> Self {
        let has_it = filter.architectures.contains(&arch);
        Self { abis: has_it.then(|| filter.of_abi(arch)).into_iter().collect() }
    }

    /// The rules by number of every ABI.
    pub fn abis(&self) -> &[AbiRules] {
        &self.abis
    }

    /// What the filter of libseccomp does with a call, without the runtime's preface. The number is as the kernel shows it.
    pub fn by_filter(&self, arch: Arch, number: u32, args: &[u64; 6]) -> Decision {
        let decided = |action, by| Decision { action, by, depends_on_libseccomp: false };
        let Some(abi) = self.abis.iter().find(|abi| abi.arch == arch) else {
            return decided(Action::KILL_THREAD, By::ForeignArch);
        };
        let Ok(at) = abi.calls.binary_search_by_key(&number, |call| call.number) else {
            return decided(abi.default_action, By::Default);
        };
        let Some(call) = abi.calls.get(at) else { return decided(abi.default_action, By::Default) };
        let holds = |rule: &&LoweredRule| {
            rule.conditions.iter().all(|condition| {
                let argument = args.get(usize::from(condition.index)).copied().unwrap_or(0);
                condition.holds(if arch.is_64_bit() { argument } else { argument & 0xffff_ffff })
            })
        };
        let depends_on_libseccomp = call.depends_on_libseccomp;
        match call.rules.iter().find(holds) {
            Some(rule) => Decision { action: rule.action, by: By::Rule(rule.rule), depends_on_libseccomp },
            None => Decision { action: abi.default_action, by: By::Default, depends_on_libseccomp },
        }
    }

    /// What happens to a call in a container, the runtime's preface included.
    pub fn decide(&self, arch: Arch, number: u32, args: &[u64; 6]) -> Decision {
        let abi = self.abis.iter().find(|abi| abi.arch == arch);
        let hidden = number == 0 && matches!(arch, Arch::S390 | Arch::S390x);
        match abi.and_then(|abi| abi.enosys_above) {
            Some(highest) if number > highest || hidden => {
                Decision { action: Action::ENOSYS, by: By::Stub, depends_on_libseccomp: false }
            }
            _ => self.by_filter(arch, number, args),
        }
    }
}
