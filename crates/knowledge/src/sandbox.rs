//! Runtimes that put a second border between a container and the kernel of the node.

/// A sandbox, recognised by the name of a RuntimeClass or of its handler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sandbox {
    /// A kernel in user space answers the system calls.
    GVisor,
    /// The pod runs in a small virtual machine.
    Kata,
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
}
