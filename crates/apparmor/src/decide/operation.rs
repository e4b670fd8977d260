//! What can be asked of a profile.

use crate::tree::Perms;

/// Something that a task wants to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operation {
    /// Using a file in the ways that the letters name, all of them. Starting a program is [`Operation::Exec`].
    File {
        /// The name as the kernel resolves it: absolute, links followed, `/proc/PID` and never `/proc/self`; a
        /// directory ends in a slash.
        path: String,
        /// The letters. `w` is creating, changing, deleting, changing mode and owner; `a` is opening to append.
        perms: Perms,
        /// Whether the file belongs to the user of the task.
        owner: bool,
    },
    /// Starting a program.
    Exec {
        /// Its resolved name.
        path: String,
        /// Whether the file belongs to the user of the task.
        owner: bool,
    },
    /// Giving a file another name by a hard link.
    Link {
        /// The new name.
        link: String,
        /// The file that is there already.
        target: String,
        /// Whether that belongs to the user of the task.
        owner: bool,
    },
    /// Using a capability, by its name in lower case without `CAP_`. The task needs to have it as well.
    Capability(String),
    /// Making or using a socket.
    Network {
        /// Such as `inet`.
        family: String,
        /// Such as `stream`.
        kind: String,
        /// What is done with it; `create` when it is not said.
        access: Option<String>,
    },
    /// A call of `mount(2)` or its newer kin.
    Mount(MountCall),
    /// Detaching a mount.
    Umount {
        /// Where it is mounted; ends in a slash when it is a directory.
        target: String,
    },
    /// Changing the root of the mount namespace.
    PivotRoot {
        /// The new root.
        root: String,
        /// Where the old one is put.
        old: String,
    },
    /// Looking into or steering another task, or being looked into.
    Ptrace {
        /// `trace`, `read`, `tracedby` or `readby`.
        access: String,
        /// The profile of the other task; `unconfined` when it has none.
        peer: String,
    },
    /// Sending a signal or getting one.
    Signal {
        /// `send` or `receive`.
        access: String,
        /// Such as `term`.
        signal: String,
        /// The profile of the other task; `unconfined` when it has none.
        peer: String,
    },
    /// A socket of the family `unix` that has no file: abstract or without a name.
    Unix(UnixUse),
    /// A message on a D-Bus bus.
    Dbus(DbusUse),
    /// Making a user namespace.
    Userns,
    /// Going over to another profile without starting a program, or with the next program.
    ChangeProfile {
        /// The other profile.
        target: String,
        /// The program at whose start the change happens.
        exec: Option<String>,
    },
    /// Using a message queue.
    Mqueue {
        /// Such as `open`.
        access: String,
        /// `posix` or `sysv`.
        kind: String,
        /// `/name` of a POSIX queue or the key of a System V one.
        name: String,
        /// The profile that made the queue.
        label: String,
    },
    /// Using `io_uring`.
    IoUring {
        /// `sqpoll` or `override_creds`.
        access: String,
        /// The profile whose credentials are taken over.
        label: String,
    },
}

/// A call that changes the tree of mounts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MountCall {
    /// What is mounted: a device, a directory, or any word for file systems without a device.
    pub source: String,
    /// Where; ends in a slash when it is a directory.
    pub target: String,
    /// Such as `ext4`.
    pub fstype: String,
    /// Bits as `mount(2)` takes them. See [`super::mount::flag`] for their names.
    pub flags: u32,
    /// What the file system itself is told.
    pub data: String,
}

/// One use of an abstract or unnamed socket.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UnixUse {
    /// Such as `connect`.
    pub access: String,
    /// `stream`, `dgram` or `seqpacket`.
    pub kind: String,
    /// Our address: `@name`, or empty when it has none.
    pub address: String,
    /// The other end's address.
    pub peer_address: String,
    /// The other end's profile.
    pub peer_label: String,
}

/// One use of a bus.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DbusUse {
    /// `send`, `receive`, `bind` or `eavesdrop`.
    pub access: String,
    /// `system` or `session`.
    pub bus: String,
    /// The well-known name, for `bind`, or the other end's name.
    pub name: String,
    /// The object.
    pub path: String,
    /// The interface.
    pub interface: String,
    /// The method or signal.
    pub member: String,
    /// The other end's profile.
    pub peer_label: String,
}
