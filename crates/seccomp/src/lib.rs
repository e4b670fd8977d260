//! Seccomp profiles as the container runtimes, libseccomp and the kernel read them.
//!
//! A text goes through three forms. [`Filter`] is the middle one, and everything else starts from it:
//!
//! 1. the profile as it is written, with the place of each part;
//! 2. the [`Filter`]: what one runtime on one node hands to libseccomp, every decision of its reader taken;
//! 3. the rules by number for each ABI, from which a call is decided and a program for the kernel is compiled.

mod action;
mod arch;
pub mod bpf;
mod clash;
pub mod compare;
mod decide;
pub mod defaults;
mod errno;
mod filter;
pub mod generate;
mod keys;
pub mod lint;
mod lower;
mod multiplex;
mod precedence;
pub mod profile;
mod question;
pub mod read;
mod reader;
pub mod start;
pub mod syscalls;
mod tangle;
#[cfg(test)]
mod testing;

pub use action::{Action, ActionKind};
pub use arch::{Arch, X32_BIT};
pub use decide::{By, Decider, Decision};
pub use errno::{errno_name, errno_number};
pub use filter::{Condition, Filter, FilterRule, Flag, Op, Origin, SyscallRef};
pub use lower::{AbiRules, CallRules, LoweredRule};
pub use profile::Profile;
pub use question::Question;
pub use reader::{MAX_RULES, Reader, Refusal, Target};
pub use syscalls::Syscall;
