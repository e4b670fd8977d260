use crate::{Action, Arch, Condition, Filter, FilterRule, Origin, Syscall, SyscallRef};
use watertight_text::sort;

/// A profile that is to be written: entries without anything that depends on a reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// What happens to a call that no entry is for.
    pub default_action: Action,
    /// The ABIs, the native one first.
    pub architectures: Vec<Arch>,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One element of the list `syscalls`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The calls, in the order of their names.
    pub names: Vec<String>,
    /// What happens to them.
    pub action: Action,
    /// All have to hold, each of another argument.
    pub conditions: Vec<Condition>,
    /// Why the entry is there; written where the dialect has a place for it.
    pub comment: Option<String>,
}

impl Entry {
    /// An entry without conditions; names are put in order, each once.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>, action: Action) -> Self {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        sort::by(&mut names, Ord::cmp);
        names.dedup();
        Self { names, action, conditions: Vec::new(), comment: None }
    }

    /// The same with a word on why.
    pub fn because(mut self, comment: &str) -> Self {
        self.comment = Some(comment.to_owned());
        self
    }
}

impl Draft {
    /// What runc hands to libseccomp for it; `stub` says whether it puts its ENOSYS before (runc does, crun does not).
    pub fn filter(&self, stub: bool) -> Filter {
        let native = self.architectures.first().copied().unwrap_or(Arch::X86_64);
        let mut filter = Filter::new(self.default_action, native);
        filter.architectures = self.architectures.clone();
        if filter.architectures.is_empty() {
            filter.architectures.push(native);
        }
        for (entry, number) in self.entries.iter().zip(0..) {
            if entry.action == self.default_action {
                continue;
            }
            for (name, place) in entry.names.iter().zip(0..) {
                let Some(call) = Syscall::from_name(name) else { continue };
                filter.rules.push(FilterRule {
                    syscall: SyscallRef::Name(call),
                    action: entry.action,
                    conditions: entry.conditions.clone(),
                    origin: Origin { entry: number, name: place, condition: None },
                });
            }
        }
        if stub && !passes(self.default_action) {
            let highest = |arch: &Arch| Some((*arch, self.highest(*arch)?));
            filter.enosys_above = filter.architectures.iter().filter_map(highest).collect();
        }
        filter
    }

    /// The highest number that any entry names on an ABI.
    pub(super) fn highest(&self, arch: Arch) -> Option<u32> {
        let names = self.entries.iter().flat_map(|entry| &entry.names);
        names.filter_map(|name| Syscall::from_name(name)?.number(arch)).max()
    }
}

/// Defaults for which runc adds nothing.
fn passes(action: Action) -> bool {
    use crate::ActionKind::{Allow, Log, Trace};
    matches!(action.kind, Allow | Log | Trace)
}
