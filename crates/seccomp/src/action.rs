use std::fmt;

/// What happens to a call, without its errno.
///
/// In the order of strictness that the kernel uses when several filters answer (`include/uapi/linux/seccomp.h`): the
/// smaller one wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ActionKind {
    /// The whole process dies of SIGSYS.
    KillProcess,
    /// Only the calling thread dies of SIGSYS. `SCMP_ACT_KILL` is another name of it.
    KillThread,
    /// The thread is sent SIGSYS, which it may catch.
    Trap,
    /// The call is not run and fails with an error number.
    Errno,
    /// A supervisor outside decides.
    Notify,
    /// A tracer decides; without one the call fails with ENOSYS.
    Trace,
    /// The call runs and is written to the audit log.
    Log,
    /// The call runs.
    Allow,
}

impl ActionKind {
    /// All kinds, the strictest first.
    pub const ALL: [Self; 8] = [
        Self::KillProcess,
        Self::KillThread,
        Self::Trap,
        Self::Errno,
        Self::Notify,
        Self::Trace,
        Self::Log,
        Self::Allow,
    ];

    /// The name in a profile. `SCMP_ACT_KILL` is read too, and means the same as `SCMP_ACT_KILL_THREAD`.
    pub fn scmp_name(self) -> &'static str {
        match self {
            Self::KillProcess => "SCMP_ACT_KILL_PROCESS",
            Self::KillThread => "SCMP_ACT_KILL_THREAD",
            Self::Trap => "SCMP_ACT_TRAP",
            Self::Errno => "SCMP_ACT_ERRNO",
            Self::Notify => "SCMP_ACT_NOTIFY",
            Self::Trace => "SCMP_ACT_TRACE",
            Self::Log => "SCMP_ACT_LOG",
            Self::Allow => "SCMP_ACT_ALLOW",
        }
    }

    /// Reads a name as it stands in a profile.
    pub fn from_scmp_name(name: &str) -> Option<Self> {
        if name == "SCMP_ACT_KILL" {
            return Some(Self::KillThread);
        }
        Self::ALL.into_iter().find(|kind| kind.scmp_name() == name)
    }

    /// Whether `errnoRet` says anything for this action: the error number of ERRNO, the message of TRACE.
    pub fn takes_data(self) -> bool {
        matches!(self, Self::Errno | Self::Trace)
    }
}

/// What happens to a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Action {
    /// What happens.
    pub kind: ActionKind,
    /// The error number of ERRNO, the message to the tracer of TRACE; 0 for all others.
    pub data: u16,
}

impl Action {
    /// The call runs.
    pub const ALLOW: Self = Self { kind: ActionKind::Allow, data: 0 };
    /// The calling thread dies.
    pub const KILL_THREAD: Self = Self { kind: ActionKind::KillThread, data: 0 };
    /// The call fails with "function not implemented".
    pub const ENOSYS: Self = Self::errno(38);

    /// An action; `data` is dropped where it says nothing.
    pub fn new(kind: ActionKind, data: u16) -> Self {
        Self { kind, data: if kind.takes_data() { data } else { 0 } }
    }

    /// The call fails with this error number.
    pub const fn errno(number: u16) -> Self {
        Self { kind: ActionKind::Errno, data: number }
    }

    /// Whether the kernel runs the call without asking anybody.
    pub fn lets_pass(self) -> bool {
        matches!(self.kind, ActionKind::Allow | ActionKind::Log)
    }

    /// The value that a filter program returns to the kernel (`SECCOMP_RET_*` with its data).
    pub fn to_ret(self) -> u32 {
        let kind = match self.kind {
            ActionKind::KillProcess => 0x8000_0000,
            ActionKind::KillThread => 0,
            ActionKind::Trap => 0x0003_0000,
            ActionKind::Errno => 0x0005_0000,
            ActionKind::Notify => 0x7fc0_0000,
            ActionKind::Trace => 0x7ff0_0000,
            ActionKind::Log => 0x7ffc_0000,
            ActionKind::Allow => 0x7fff_0000,
        };
        kind | u32::from(self.data)
    }

    /// The action of a value that a filter program returned. The kernel takes a value it does not know for the
    /// killing of the process.
    pub fn from_ret(ret: u32) -> Self {
        let kind = match ret & 0xffff_0000 {
            0 => ActionKind::KillThread,
            0x0003_0000 => ActionKind::Trap,
            0x0005_0000 => ActionKind::Errno,
            0x7fc0_0000 => ActionKind::Notify,
            0x7ff0_0000 => ActionKind::Trace,
            0x7ffc_0000 => ActionKind::Log,
            0x7fff_0000 => ActionKind::Allow,
            _ => ActionKind::KillProcess,
        };
        Self::new(kind, (ret & 0xffff) as u16)
    }
}

/// In short, as tables of verdicts write it: `ALLOW`, `ERRNO(1)`, `KILL_THREAD`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.kind.scmp_name();
        f.write_str(name.strip_prefix("SCMP_ACT_").unwrap_or(name))?;
        if self.kind.takes_data() {
            write!(f, "({})", self.data)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_survive_the_kernels_form() {
        for kind in ActionKind::ALL {
            let action = Action::new(kind, 7);
            assert_eq!(Action::from_ret(action.to_ret()), action);
            assert_eq!(ActionKind::from_scmp_name(kind.scmp_name()), Some(kind));
        }
        assert_eq!(ActionKind::from_scmp_name("SCMP_ACT_KILL"), Some(ActionKind::KillThread));
        assert_eq!(Action::from_ret(0x1234_0000).kind, ActionKind::KillProcess);
        assert_eq!(Action::new(ActionKind::Trace, 7).to_string(), "TRACE(7)");
        assert_eq!(Action::new(ActionKind::KillThread, 7).to_string(), "KILL_THREAD");
    }
}
