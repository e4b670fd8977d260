//! Options of mounts, as bits. They are those of mount(2) except where AppArmor keeps its own.

/// `ro`
pub const READ_ONLY: u32 = 1;
/// `nosuid`
pub const NO_SUID: u32 = 1 << 1;
/// `nodev`
pub const NO_DEV: u32 = 1 << 2;
/// `noexec`
pub const NO_EXEC: u32 = 1 << 3;
/// `sync`
pub const SYNC: u32 = 1 << 4;
/// `remount`
pub const REMOUNT: u32 = 1 << 5;
/// `mand`
pub const MANDATORY_LOCKS: u32 = 1 << 6;
/// `dirsync`
pub const DIR_SYNC: u32 = 1 << 7;
/// `nosymfollow`
pub const NO_SYMLINKS: u32 = 1 << 8;
/// `noatime`
pub const NO_ATIME: u32 = 1 << 10;
/// `nodiratime`
pub const NO_DIR_ATIME: u32 = 1 << 11;
/// `bind`
pub const BIND: u32 = 1 << 12;
/// `move`
pub const MOVE: u32 = 1 << 13;
/// With the mounts below; the `r` of `rbind`.
pub const RECURSIVE: u32 = 1 << 14;
/// `silent`
pub const SILENT: u32 = 1 << 15;
/// `acl`
pub const ACL: u32 = 1 << 16;
/// `unbindable`
pub const UNBINDABLE: u32 = 1 << 17;
/// `private`
pub const PRIVATE: u32 = 1 << 18;
/// `slave`
pub const SLAVE: u32 = 1 << 19;
/// `shared`
pub const SHARED: u32 = 1 << 20;
/// `relatime`
pub const REL_ATIME: u32 = 1 << 21;
/// `iversion`
pub const I_VERSION: u32 = 1 << 23;
/// `strictatime`
pub const STRICT_ATIME: u32 = 1 << 24;
/// `lazytime`
pub const LAZY_TIME: u32 = 1 << 25;
/// `nouser`
pub const NO_USER: u32 = 1 << 31;

/// Changes of how mounts spread.
pub const PROPAGATION: u32 = UNBINDABLE | PRIVATE | SLAVE | SHARED | RECURSIVE;
/// What the call itself does, as opposed to how the result behaves.
pub const COMMANDS: u32 = MOVE | REMOUNT | BIND | PROPAGATION;
/// Every option of a rule that names none.
pub const ALL: u32 = READ_ONLY
    | NO_SUID
    | NO_DEV
    | NO_EXEC
    | SYNC
    | REMOUNT
    | MANDATORY_LOCKS
    | DIR_SYNC
    | NO_SYMLINKS
    | NO_ATIME
    | NO_DIR_ATIME
    | BIND
    | MOVE
    | RECURSIVE
    | SILENT
    | ACL
    | UNBINDABLE
    | PRIVATE
    | SLAVE
    | SHARED
    | REL_ATIME
    | I_VERSION
    | STRICT_ATIME
    | LAZY_TIME;

/// An option by name: the bits that it sets and those that it clears.
pub const OPTIONS: &[(&str, u32, u32)] = &[
    ("ro", READ_ONLY, 0),
    ("r", READ_ONLY, 0),
    ("read-only", READ_ONLY, 0),
    ("rw", 0, READ_ONLY),
    ("w", 0, READ_ONLY),
    ("suid", 0, NO_SUID),
    ("nosuid", NO_SUID, 0),
    ("dev", 0, NO_DEV),
    ("nodev", NO_DEV, 0),
    ("exec", 0, NO_EXEC),
    ("noexec", NO_EXEC, 0),
    ("sync", SYNC, 0),
    ("async", 0, SYNC),
    ("remount", REMOUNT, 0),
    ("mand", MANDATORY_LOCKS, 0),
    ("nomand", 0, MANDATORY_LOCKS),
    ("dirsync", DIR_SYNC, 0),
    ("symfollow", 0, NO_SYMLINKS),
    ("nosymfollow", NO_SYMLINKS, 0),
    ("atime", 0, NO_ATIME),
    ("noatime", NO_ATIME, 0),
    ("diratime", 0, NO_DIR_ATIME),
    ("nodiratime", NO_DIR_ATIME, 0),
    ("bind", BIND, 0),
    ("B", BIND, 0),
    ("move", MOVE, 0),
    ("M", MOVE, 0),
    ("rbind", BIND | RECURSIVE, 0),
    ("R", BIND | RECURSIVE, 0),
    ("verbose", SILENT, 0),
    ("silent", SILENT, 0),
    ("loud", 0, SILENT),
    ("acl", ACL, 0),
    ("noacl", 0, ACL),
    ("unbindable", UNBINDABLE, 0),
    ("make-unbindable", UNBINDABLE, 0),
    ("runbindable", UNBINDABLE | RECURSIVE, 0),
    ("make-runbindable", UNBINDABLE | RECURSIVE, 0),
    ("private", PRIVATE, 0),
    ("make-private", PRIVATE, 0),
    ("rprivate", PRIVATE | RECURSIVE, 0),
    ("make-rprivate", PRIVATE | RECURSIVE, 0),
    ("slave", SLAVE, 0),
    ("make-slave", SLAVE, 0),
    ("rslave", SLAVE | RECURSIVE, 0),
    ("make-rslave", SLAVE | RECURSIVE, 0),
    ("shared", SHARED, 0),
    ("make-shared", SHARED, 0),
    ("rshared", SHARED | RECURSIVE, 0),
    ("make-rshared", SHARED | RECURSIVE, 0),
    ("relatime", REL_ATIME, 0),
    ("norelatime", 0, REL_ATIME),
    ("iversion", I_VERSION, 0),
    ("noiversion", 0, I_VERSION),
    ("strictatime", STRICT_ATIME, 0),
    ("nostrictatime", 0, STRICT_ATIME),
    ("lazytime", LAZY_TIME, 0),
    ("nolazytime", 0, LAZY_TIME),
    ("user", 0, NO_USER),
    ("nouser", NO_USER, 0),
];

/// The bits that an option sets and clears.
pub fn option(name: &str) -> Option<(u32, u32)> {
    OPTIONS.iter().find(|&&(option, ..)| option == name).map(|&(_, set, clear)| (set, clear))
}
