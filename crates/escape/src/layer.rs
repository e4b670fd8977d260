/// A layer between a container and its node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Layer {
    /// What the pod asks for: namespaces, mounts, devices, user, rights at the API.
    Pod,
    /// The capabilities that its processes hold.
    Capabilities,
    /// Whether root inside is root outside.
    UserNamespace,
    /// The system calls that its filter lets pass.
    Seccomp,
    /// Its AppArmor profile or SELinux label.
    Lsm,
    /// The versions and settings of the kernel and the runtime.
    Version,
    /// A second border: a kernel in user space or a virtual machine.
    Sandbox,
}

impl Layer {
    /// Every one, from the outside of the pod to the kernel: the order in which a way runs into them.
    pub const ALL: [Self; 7] =
        [Self::Pod, Self::Capabilities, Self::UserNamespace, Self::Seccomp, Self::Lsm, Self::Sandbox, Self::Version];

    /// The word in output that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Capabilities => "capabilities",
            Self::UserNamespace => "user-namespace",
            Self::Seccomp => "seccomp",
            Self::Lsm => "lsm",
            Self::Version => "version",
            Self::Sandbox => "sandbox",
        }
    }

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pod => "pod settings",
            Self::Capabilities => "capabilities",
            Self::UserNamespace => "user namespace",
            Self::Seccomp => "seccomp",
            Self::Lsm => "AppArmor or SELinux",
            Self::Version => "kernel and runtime",
            Self::Sandbox => "sandbox",
        }
    }
}
