//! The flags of a profile, and what they do to its answers.

use crate::policy::Profile;

/// How a profile is enforced.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// What no rule allows is refused.
    #[default]
    Enforce,
    /// What no rule allows is let through and logged; an explicit `deny` still refuses.
    Complain,
    /// What no rule allows ends the task.
    Kill,
    /// What no rule speaks of is allowed; an explicit `deny` refuses.
    DefaultAllow,
    /// Confines nothing; the profile only names the task.
    Unconfined,
    /// What no rule allows is asked of a user, where a service for that runs; without one it is refused.
    Prompt,
}

/// What the flags say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Flags {
    /// How it is enforced.
    pub mode: Mode,
    /// Everything is logged.
    pub audit: bool,
    /// Paths that cannot be reached from the root of the task are taken as if they started there.
    pub attach_disconnected: bool,
    /// Paths are taken relative to the root that the task sees.
    pub chroot_relative: bool,
    /// Deleted files are judged by the name that they had.
    pub mediate_deleted: bool,
}

impl Flags {
    /// The flags of a profile. A flag nobody knows is the parser's business and counts for nothing here.
    pub fn of(profile: &Profile) -> Self {
        let mut flags = Self::default();
        for flag in &profile.flags {
            let word = flag.value.split('=').next().unwrap_or_default();
            match word {
                "complain" => flags.mode = Mode::Complain,
                "kill" => flags.mode = Mode::Kill,
                "default_allow" | "allow" => flags.mode = Mode::DefaultAllow,
                "unconfined" => flags.mode = Mode::Unconfined,
                "prompt" => flags.mode = Mode::Prompt,
                "audit" => flags.audit = true,
                "attach_disconnected" => flags.attach_disconnected = true,
                "no_attach_disconnected" => flags.attach_disconnected = false,
                "chroot_relative" => flags.chroot_relative = true,
                "mediate_deleted" => flags.mediate_deleted = true,
                _ => {}
            }
        }
        flags
    }
}

/// What a flag means for the task, in a sentence; `None` for a word that is no flag.
pub fn words(flag: &str) -> Option<&'static str> {
    let name = flag.split('=').next().unwrap_or_default();
    Some(match name {
        "enforce" => "What no rule allows is refused and logged. This is what a profile does without the word, too.",
        "complain" => {
            "What no rule allows is let through and only logged. An explicit `deny` still refuses. Good for learning what a \
             program needs, no protection."
        }
        "kill" => "What no rule allows ends the task at once.",
        "default_allow" | "allow" => "What no rule speaks of is allowed. Only `deny` rules take anything away.",
        "unconfined" => {
            "The task gets the profile's name and nothing is taken from it; apart from a few newer classes the rules do not \
             count."
        }
        "prompt" => "What no rule allows is asked of the user, where a service for that is running.",
        "audit" => "Every access that the profile is asked about is logged, allowed ones too.",
        "attach_disconnected" => {
            "A path that lies outside of what the task can reach, such as a file handed in from the host, is judged as if it \
             started at the root. Runtimes need it; it also makes rules for `/…` match files of the host."
        }
        "no_attach_disconnected" => "A path that lies outside of what the task can reach is refused.",
        "chroot_relative" => "Paths are judged as the task sees them in its own root.",
        "namespace_relative" => "Paths are judged from the root of the mount namespace. This is the usual way.",
        "mediate_deleted" => "A deleted file that is still open is judged by the name it had.",
        "delegate_deleted" => "A deleted file that is still open may be used on.",
        "debug" => "The kernel says more about the profile in its log.",
        "interruptible" => "A prompt may be interrupted by a signal.",
        "error" => "A refusal gives this error to the program in place of EACCES.",
        "kill.signal" => "The signal that ends the task in `kill` mode.",
        _ => return None,
    })
}
