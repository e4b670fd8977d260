/// What a call is for: the parts of the page's map.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// Opening, reading and writing files; descriptors.
    Files,
    /// Names, folders and attributes of files; being told of changes.
    Paths,
    /// Mounts, roots, namespaces, quotas and swap.
    Mounts,
    /// Starting, ending, waiting; limits.
    Processes,
    /// Users, groups, capabilities, keys and a process's own restrictions.
    Identity,
    /// Signals.
    Signals,
    /// Memory.
    Memory,
    /// Threads, locks and the processor's time.
    Threads,
    /// Clocks and timers.
    Time,
    /// Sockets and the machine's names.
    Network,
    /// Waiting for many things; asynchronous work.
    Events,
    /// Pipes, queues, semaphores and shared memory.
    Ipc,
    /// Looking into other processes; measuring.
    Tracing,
    /// The kernel itself: modules, programs in it, restarts, ports.
    Kernel,
    /// What one kind of machine has alone.
    Machine,
    /// What no kernel does any more.
    Obsolete,
}

impl Group {
    /// All of them, in the order in which a reader looks for them.
    pub const ALL: [Self; 16] = [
        Self::Files,
        Self::Paths,
        Self::Processes,
        Self::Threads,
        Self::Memory,
        Self::Signals,
        Self::Time,
        Self::Events,
        Self::Network,
        Self::Ipc,
        Self::Identity,
        Self::Mounts,
        Self::Tracing,
        Self::Kernel,
        Self::Machine,
        Self::Obsolete,
    ];

    /// Its name: one word, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Paths => "paths",
            Self::Mounts => "mounts",
            Self::Processes => "processes",
            Self::Identity => "identity",
            Self::Signals => "signals",
            Self::Memory => "memory",
            Self::Threads => "threads",
            Self::Time => "time",
            Self::Network => "network",
            Self::Events => "events",
            Self::Ipc => "ipc",
            Self::Tracing => "tracing",
            Self::Kernel => "kernel",
            Self::Machine => "machine",
            Self::Obsolete => "obsolete",
        }
    }

    /// Reads its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }
}
