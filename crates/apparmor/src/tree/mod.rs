//! The typed syntax of a profile file, as written: nothing is expanded, included or left out here.
//!
//! Every node knows its bytes, so that a finding can point at it and a fix can change nothing but it. What the text
//! means after variables, includes and conditions are worked in is in [`crate::policy`].

mod rule;

use watertight_text::Span;

pub use rule::*;

/// A word or a quoted string.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Text {
    /// The value as the parser keeps it: without quotes, octal escapes worked in. Escapes of characters that mean
    /// something in a pattern stay, because the pattern compiler needs them.
    pub value: String,
    /// The bytes, quotes included.
    pub span: Span,
}

/// A whole file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct File {
    /// Preamble and profiles in the order of the text.
    pub items: Vec<Item>,
}

/// What may stand at the top level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// `abi <abi/4.0>,`
    Abi(Abi),
    /// `include <tunables/global>`
    Include(Include),
    /// `alias /a/ -> /b/,`
    Alias(Alias),
    /// `@{X} = a b` and its kin.
    Variable(Variable),
    /// `$x = true`
    Boolean(Boolean),
    /// A profile or a hat.
    Profile(Box<Profile>),
}

/// A pinned feature set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Abi {
    /// The file that holds the features.
    pub path: Text,
    /// Written with `<…>`: looked up from the base folder.
    pub magic: bool,
    /// The whole statement.
    pub span: Span,
}

/// Text taken from elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Include {
    /// The file or the folder.
    pub path: Text,
    /// Written with `<…>`: looked up from the base folder.
    pub magic: bool,
    /// `if exists`: a missing file is fine.
    pub if_exists: bool,
    /// Written as `#include`.
    pub hashed: bool,
    /// The whole statement.
    pub span: Span,
}

/// Another name for the paths below a prefix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alias {
    /// The prefix that is rewritten.
    pub from: Text,
    /// What stands for it as well.
    pub to: Text,
    /// The whole statement.
    pub span: Span,
}

/// How a variable gets its values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assign {
    /// `=`: declares; a second declaration is refused.
    Set,
    /// `+=`: adds to what is declared.
    Add,
    /// `?=`: declares, unless it is already.
    Default,
    /// `:=`: replaces.
    Override,
}

/// `@{NAME} = value value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// The name, without `@{` and `}`.
    pub name: Text,
    /// How the values come in.
    pub assign: Assign,
    /// At least one.
    pub values: Vec<Text>,
    /// The whole statement.
    pub span: Span,
}

/// `$name = true`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Boolean {
    /// The name, without `$`, `${` and `}`.
    pub name: Text,
    /// How the value comes in.
    pub assign: Assign,
    /// What it is worth; decided when it is read.
    pub value: Condition,
    /// The whole statement.
    pub span: Span,
}

/// `if condition { … } else if … { … } else { … }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct If {
    /// What is asked.
    pub condition: Condition,
    /// What holds when the answer is yes.
    pub then: Vec<Entry>,
    /// What holds when it is no. An `else if` is one nested item.
    pub otherwise: Vec<Entry>,
    /// The whole statement.
    pub span: Span,
}

/// What an `if` asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// `not`
    Not(Box<Self>, Span),
    /// `and`
    And(Box<Self>, Box<Self>, Span),
    /// `or`
    Or(Box<Self>, Box<Self>, Span),
    /// `$name`
    Boolean(Text),
    /// `defined @{NAME}`
    Defined(Operand, Span),
    /// `left == right` and its kin.
    Compare {
        /// Left hand side.
        left: Operand,
        /// The sign.
        operator: Comparison,
        /// Right hand side.
        right: Operand,
        /// The whole comparison.
        span: Span,
    },
    /// A lone word, which has to be `true` or `false`.
    Value(Operand),
}

/// What is compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operand {
    /// `@{NAME}`
    Variable(Text),
    /// `$NAME`
    Boolean(Text),
    /// Anything else.
    Value(Text),
}

/// A sign of comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `in`
    In,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

/// How a profile was introduced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProfileKind {
    /// `profile NAME` or a bare path.
    Profile,
    /// `hat NAME` or `^NAME`.
    Hat,
}

/// A profile, a child profile or a hat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// How it was introduced.
    pub kind: ProfileKind,
    /// Whether the word `profile` or `hat` stands there. Without it the name is a path, or starts with `^`.
    pub keyword: bool,
    /// The name as written, with its `:namespace:`.
    pub name: Text,
    /// `:namespace:` in front of the name, without the colons.
    pub namespace: Option<Text>,
    /// The pattern of the programs it is put on by itself. A bare path is name and attachment at once, and this is
    /// `None` then.
    pub attachment: Option<Text>,
    /// The word before `=(…)`, which has to be `xattrs`.
    pub group: Option<Text>,
    /// `xattrs=(…)`
    pub xattrs: Vec<Setting>,
    /// `+ identities=(…)`
    pub identities: Vec<Text>,
    /// `flags=(…)`, one entry a flag.
    pub flags: Vec<Text>,
    /// From name to flags.
    pub head: Span,
    /// Between the braces, without them.
    pub inside: Span,
    /// What stands in it, in order.
    pub body: Vec<Entry>,
    /// The whole profile.
    pub span: Span,
}

/// What may stand in a profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A rule.
    Rule(Rule),
    /// `audit deny { … }`: the prefixes go for each of the rules.
    Block(Block),
    /// Text taken from elsewhere.
    Include(Include),
    /// A pinned feature set.
    Abi(Abi),
    /// `if … { … }`
    If(Box<If>),
    /// A child profile or a hat.
    Profile(Box<Profile>),
}

/// Rules that share their prefixes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// What goes for each of them.
    pub prefix: Prefix,
    /// The rules.
    pub body: Vec<Entry>,
    /// Prefixes and braces.
    pub span: Span,
}

impl File {
    /// The profiles at the top level, not those under an `if`.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.items.iter().filter_map(|item| match item {
            Item::Profile(profile) => Some(&**profile),
            _ => None,
        })
    }
}
