//! Rules: their prefixes, and what each kind is about.

use watertight_text::Span;

use super::Text;

/// What a rule does with what it matches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Action {
    /// Permits; also what a rule without any of these words does.
    #[default]
    Allow,
    /// Refuses, and quietly so unless audited.
    Deny,
    /// Asks the user, where the system can.
    Prompt,
}

/// Whose files a rule speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// `owner`: those of the task's own user.
    Owner,
    /// `other`: those of everybody else.
    Other,
}

/// The words in front of a rule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Prefix {
    /// `priority=N`; rules of a higher one win over `deny`s of a lower one. `None` counts as 0.
    pub priority: Option<i32>,
    /// `audit`
    pub audit: bool,
    /// `allow`, `deny`, `prompt`.
    pub action: Action,
    /// Whether one of those words stands there.
    pub stated: bool,
    /// `owner`, `other`.
    pub whose: Option<Whose>,
    /// All of them; empty when there is none.
    pub span: Span,
}

/// One rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The words in front.
    pub prefix: Prefix,
    /// What it is about.
    pub kind: RuleKind,
    /// From the first prefix to the comma.
    pub span: Span,
}

/// What a rule is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RuleKind {
    /// Paths.
    File(FileRule),
    /// `link [subset] /a -> /b,`
    Link(Link),
    /// `capability a b,` Without a name it means all of them.
    Capability(Vec<Text>),
    /// `network …,`
    Network(Network),
    /// `mount`, `remount`, `umount`.
    Mount(Mount),
    /// `pivot_root …,`
    PivotRoot(PivotRoot),
    /// `ptrace …,`
    Ptrace(Access),
    /// `signal …,`
    Signal(Access),
    /// `dbus …,`
    Dbus(Access),
    /// `unix …,`
    Unix(Access),
    /// `mqueue …,`
    Mqueue(Access),
    /// `io_uring …,`
    IoUring(Access),
    /// `userns …,`
    Userns(Access),
    /// `set rlimit …,`
    Rlimit(Rlimit),
    /// `change_profile …,`
    ChangeProfile(ChangeProfile),
    /// `all,`
    All,
}

/// Permissions on files. The letters of a rule, not those of a compiled policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct Perms(pub u8);

impl Perms {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// `r`
    pub const READ: Self = Self(1);
    /// `w`
    pub const WRITE: Self = Self(2);
    /// `a`
    pub const APPEND: Self = Self(4);
    /// `x`, in whatever mode.
    pub const EXEC: Self = Self(8);
    /// `m`: mapping as code.
    pub const MAP: Self = Self(16);
    /// `k`
    pub const LOCK: Self = Self(32);
    /// `l`
    pub const LINK: Self = Self(64);

    /// Each permission with its letter, in the order in which people write them.
    pub const LETTERS: [(Self, char); 7] = [
        (Self::READ, 'r'),
        (Self::WRITE, 'w'),
        (Self::APPEND, 'a'),
        (Self::EXEC, 'x'),
        (Self::MAP, 'm'),
        (Self::LOCK, 'k'),
        (Self::LINK, 'l'),
    ];

    /// Whether all of `other` are in here.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some of `other` are in here.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Under which profile a started program runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum ExecMode {
    /// `x` alone: only in `deny` rules, it stands for every mode.
    Any,
    /// `ix`: the same profile.
    Inherit,
    /// `px`: the profile of that name or attachment; refused when there is none.
    Profile,
    /// `cx`: the child profile; refused when there is none.
    Child,
    /// `ux`: none.
    Unconfined,
    /// `pix`: as `px`, and the same profile when there is none.
    ProfileInherit,
    /// `cix`: as `cx`, and the same profile when there is none.
    ChildInherit,
    /// `pux`: as `px`, and none when there is none.
    ProfileUnconfined,
    /// `cux`: as `cx`, and none when there is none.
    ChildUnconfined,
}

/// A start of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exec {
    /// Under which profile.
    pub mode: ExecMode,
    /// Whether the environment is scrubbed: an upper case mode without `unsafe`, or any with `safe`. Never set for
    /// `ix` and for a bare `x`, where it has no meaning.
    pub scrub: bool,
    /// `-> name`
    pub target: Option<Text>,
}

/// A rule about paths.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileRule {
    /// The pattern; `None` in `file,`, which means every path.
    pub path: Option<Text>,
    /// The permissions. `file,` gives all, with `ix`.
    pub perms: Perms,
    /// The mode, when [`Perms::EXEC`] is among them.
    pub exec: Option<Exec>,
    /// `safe` or `unsafe` in front.
    pub guard: Option<Guard>,
    /// `-> target` of an `l` rule.
    pub link_target: Option<Text>,
    /// `subset`, on a rule with `l`.
    pub subset: bool,
    /// The letters; empty when there are none.
    pub perms_span: Span,
    /// Whether the letters stand before the path.
    pub perms_first: bool,
    /// Whether the word `file` stands there.
    pub keyword: bool,
}

/// What becomes of the environment of a started program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Guard {
    /// `safe`: scrubbed.
    Safe,
    /// `unsafe`: kept.
    Unsafe,
}

/// A rule about hard links.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The new name may not be allowed more than the old one.
    pub subset: bool,
    /// The new name.
    pub from: Text,
    /// What it points at.
    pub to: Text,
}

/// `name = value`, `name=(a, b)`, `name in (a, b)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Left hand side.
    pub name: Text,
    /// The sign.
    pub sign: Sign,
    /// Right hand side.
    pub values: Vec<Text>,
    /// All of it.
    pub span: Span,
}

/// The sign of a [`Setting`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// `=`
    Is,
    /// `in`
    In,
    /// None: the name stands alone, as it may in `xattrs=(…)`.
    Alone,
}

/// A rule of the shape `class words settings name peer=(settings)`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Access {
    /// The accesses asked for, such as `send` or `tracedby`. None means all of them.
    pub words: Vec<Text>,
    /// Conditions on our own end.
    pub settings: Vec<Setting>,
    /// Conditions on the other end, from `peer=(…)`. A plain `peer=name` is among the settings.
    pub peer: Vec<Setting>,
    /// The name of a message queue.
    pub name: Option<Text>,
}

/// A rule about sockets.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Network {
    /// Accesses, such as `connect`. None means all of them.
    pub words: Vec<Text>,
    /// Such as `inet6`.
    pub family: Option<Text>,
    /// Such as `stream`.
    pub kind: Option<Text>,
    /// Such as `tcp`.
    pub protocol: Option<Text>,
    /// Conditions on our own end.
    pub settings: Vec<Setting>,
    /// Conditions on the other end.
    pub peer: Vec<Setting>,
}

/// Which call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum MountKind {
    /// `mount`
    Mount,
    /// `remount`
    Remount,
    /// `umount` or `unmount`
    Umount,
}

/// A rule about mounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// Which call.
    pub kind: MountKind,
    /// `fstype=…`, `options=…`, `options in (…)`.
    pub settings: Vec<Setting>,
    /// What is mounted.
    pub source: Option<Text>,
    /// Where. The operand of `umount` and `remount` too.
    pub target: Option<Text>,
}

/// A rule about `pivot_root`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PivotRoot {
    /// `oldroot=…`
    pub settings: Vec<Setting>,
    /// The new root.
    pub root: Option<Text>,
    /// `-> profile`
    pub target: Option<Text>,
}

/// A resource limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rlimit {
    /// Such as `nofile`.
    pub name: Text,
    /// A number or `infinity`.
    pub value: Text,
    /// Such as `MB`, when it stands apart from the number.
    pub unit: Option<Text>,
}

/// A rule about changing the profile without starting a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeProfile {
    /// `safe` or `unsafe` in front.
    pub guard: Option<Guard>,
    /// The program at whose start the change happens.
    pub exec: Option<Text>,
    /// `-> name`; none means every profile.
    pub target: Option<Text>,
}
