//! Runtimes that put a second border between a container and the kernel of the node.

/// A sandbox, recognised by the name of a RuntimeClass or of its handler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sandbox {
    /// A kernel in user space answers the system calls.
    GVisor,
    /// The pod runs in a small virtual machine.
    Kata,
    /// The pod runs in a small virtual machine of Windows.
    HyperV,
}

/// What the handler of a RuntimeClass stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handler {
    /// A sandbox.
    Sandbox(Sandbox),
    /// A runtime whose containers meet the kernel of the node.
    Plain,
    /// A name that we do not know.
    Unknown,
}

impl Handler {
    /// What the handler of this name stands for. The name leads to a section in the configuration of the node's container
    /// runtime; these are the names that the runtimes and their installers give.
    ///
    /// Sources: gVisor's quick start for containerd (`runsc`), kata-deploy (`kata`, `kata-qemu`, …), the defaults of
    /// containerd (`runc`, `runhcs-wcow-process`, `runhcs-wcow-hypervisor`) and CRI-O (`runc`, `crun`), NVIDIA's container
    /// toolkit (`nvidia`, `nvidia-cdi`, `nvidia-legacy`: runc with a hook).
    pub fn of(name: &str) -> Self {
        match name {
            "runsc" | "gvisor" => Self::Sandbox(Sandbox::GVisor),
            "kata" => Self::Sandbox(Sandbox::Kata),
            "runhcs-wcow-hypervisor" => Self::Sandbox(Sandbox::HyperV),
            "runc" | "crun" | "youki" | "nvidia" | "nvidia-cdi" | "nvidia-legacy" | "runhcs-wcow-process" => {
                Self::Plain
            }
            name if name.starts_with("kata-") => Self::Sandbox(Sandbox::Kata),
            name if name.starts_with("runsc-") => Self::Sandbox(Sandbox::GVisor),
            _ => Self::Unknown,
        }
    }
}

impl Sandbox {
    /// The sandbox that a RuntimeClass of this name usually stands for. The name is a habit and not a proof: the
    /// cluster's RuntimeClass decides.
    ///
    /// Sources: gVisor's quick start for containerd (`gvisor`, handler `runsc`), kata-deploy's `runtimeclasses.yaml`,
    /// AKS pod sandboxing (`kata-mshv-vm-isolation`, `kata-vm-isolation`).
    pub fn of_runtime_class(name: &str) -> Option<Self> {
        match name {
            "gvisor" | "runsc" => Some(Self::GVisor),
            "kata" => Some(Self::Kata),
            name if name.starts_with("kata-") => Some(Self::Kata),
            name if name.starts_with("gvisor-") || name.starts_with("runsc-") => Some(Self::GVisor),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::GVisor => "gVisor",
            Self::Kata => "Kata Containers",
            Self::HyperV => "Hyper-V isolation",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_habit_of_names() {
        for (name, expected) in [
            ("gvisor", Some(Sandbox::GVisor)),
            ("kata-qemu-snp", Some(Sandbox::Kata)),
            ("nvidia", None),
            ("katana", None),
            ("", None),
        ] {
            assert_eq!(Sandbox::of_runtime_class(name), expected, "{name}");
        }
    }

    #[test]
    fn by_handler() {
        for (name, expected) in [
            ("runsc", Handler::Sandbox(Sandbox::GVisor)),
            ("kata-clh", Handler::Sandbox(Sandbox::Kata)),
            ("runhcs-wcow-hypervisor", Handler::Sandbox(Sandbox::HyperV)),
            ("runc", Handler::Plain),
            ("nvidia", Handler::Plain),
            ("Runsc", Handler::Unknown),
            ("", Handler::Unknown),
        ] {
            assert_eq!(Handler::of(name), expected, "{name}");
        }
    }
}
