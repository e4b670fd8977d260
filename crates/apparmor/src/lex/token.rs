//! The tokens and the words that mean something.

use watertight_text::Span;

/// A piece of the text with what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    /// A path, a label, a name.
    Id,
    /// A value of a variable, a list or a setting.
    Value,
    /// Permission letters.
    Mode,
    /// The `key` of `key=value`.
    Key,
    /// `peer` or `xattrs` before `=(`.
    GroupKey,
    /// `@{X}`
    SetVariable,
    /// `$x`
    BooleanVariable,
    /// `priority`, before `=`.
    Priority,
    /// `flags`, before `=`.
    Flags,
    /// `identities`, before `=`.
    Identities,
    Include {
        hashed: bool,
        if_exists: bool,
    },
    Word(Word),
    /// `^`
    Caret,
    /// `hat`
    Hat,
    /// `profile`
    Profile,
    Open,
    Close,
    OpenParen,
    CloseParen,
    Colon,
    Plus,
    /// `->`
    Arrow,
    /// `,`
    EndOfRule,
    Equals,
    AddAssign,
    DefaultAssign,
    OverrideAssign,
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// A character that nothing begins with here.
    Error,
    /// The end of the text.
    End,
}

macro_rules! words {
    ($($name:ident $($text:literal)|+,)*) => {
        /// A keyword, or an access in a rule of a class.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Word { $($name,)* }

        const WORDS: &[(&str, Word)] = &[$($(($text, Word::$name),)+)*];
    };
}

words! {
    Abi "abi", Accept "accept", Alias "alias" | "rewrite", All "all", Allow "allow", And "and", Audit "audit",
    Bind "bind", Capability "capability", ChangeProfile "change_profile", Connect "connect", Create "create",
    Dbus "dbus", Defined "defined", Delete "delete", Deny "deny", Eavesdrop "eavesdrop", Else "else", File "file",
    Getattr "getattr", Getopt "getopt", If "if", In "in", IoUring "io_uring", Link "link", Listen "listen",
    Mount "mount", Mqueue "mqueue", Network "network", Not "not", Open "open", Or "or", Other "other",
    OverrideCreds "override_creds", Owner "owner" | "user", Peer "peer", PivotRoot "pivot_root",
    Priority "priority", Prompt "prompt", Ptrace "ptrace", Read "read", Readby "readby", Receive "receive",
    Remount "remount", Rlimit "rlimit", Safe "safe", Send "send", Set "set", Setattr "setattr", Setopt "setopt",
    Shutdown "shutdown", Signal "signal", Sqpoll "sqpoll", Subset "subset", Trace "trace", Tracedby "tracedby",
    Umount "umount" | "unmount", Unix "unix", Unsafe "unsafe", Userns "userns", Write "write",
}

fn find(name: &[u8]) -> Option<Word> {
    let (first, rest) = name.split_first()?;
    let begins = |text: &str| text.as_bytes().split_first().is_some_and(|(begin, more)| begin == first && more == rest);
    WORDS.iter().find(|(text, _)| begins(text)).map(|&(_, word)| word)
}

/// The keyword of that name at the beginning of rules. The accesses of sockets are none there.
pub(super) fn keyword(name: &[u8]) -> Option<Word> {
    find(name).filter(|word| {
        !matches!(
            word,
            Word::Accept
                | Word::Connect
                | Word::Create
                | Word::Getattr
                | Word::Getopt
                | Word::Listen
                | Word::Setattr
                | Word::Setopt
                | Word::Shutdown
        )
    })
}

/// The access of that name, whatever the class.
pub(crate) fn access(name: &[u8]) -> Option<Word> {
    find(name)
}
