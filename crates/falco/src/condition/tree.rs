//! The tree of a condition: what the parser reads, with the place of every part.

use std::borrow::Cow;
use std::sync::Arc;

use watertight_text::Span;

/// Where a part of a condition stands: in which text, and at which bytes of it.
///
/// A condition that stands alone is text 0. When rules are loaded, each condition, macro and list has a text of its own,
/// and the loaded set knows how to find its bytes in the files (see the crate's `rules`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// Which text.
    pub text: u32,
    /// The bytes of that text.
    pub span: Span,
}

/// A condition or a part of one that is true or false by itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// The part and all within it. Parentheses around a part do not belong to it.
    pub place: Place,
    /// What it is.
    pub kind: ExprKind,
}

/// The forms of an expression.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// All must hold; two or more.
    And(Vec<Expr>),
    /// One must hold; two or more.
    Or(Vec<Expr>),
    /// The part must not hold. The parser has taken pairs of `not` away, as the engine does.
    Not(Box<Expr>),
    /// A macro's name.
    Macro(MacroUse),
    /// A comparison of a field. The condition as it was read and the one with macros in their place share it.
    Check(Arc<Check>),
}

/// A macro's name in a condition, and what it stands for once that is known.
#[derive(Clone, PartialEq, Debug)]
pub struct MacroUse {
    /// The macro's name.
    pub name: Box<str>,
    /// The macro's condition; none before expansion. Shared by all its uses.
    pub body: Option<Arc<Expr>>,
}

/// A comparison: `left operator modifier right`.
#[derive(Clone, PartialEq, Debug)]
pub struct Check {
    /// A field or a call, never a constant.
    pub left: Operand,
    /// The operator.
    pub operator: Operator,
    /// Whether `=` was written `==`: they mean the same and print as written.
    pub doubled: bool,
    /// Where the operator stands.
    pub operator_place: Place,
    /// `oneof`, `anyof` or `allof` after the operator.
    pub modifier: Option<Modifier>,
    /// What is compared with.
    pub right: Right,
}

impl Check {
    /// The name of the field on the left, when it is a field without argument.
    pub fn left_field(&self) -> Option<&str> {
        match &self.left {
            Operand::Field(FieldUse { name, argument: None, .. }) => Some(name),
            _ => None,
        }
    }
}

/// The right side of a comparison.
#[derive(Clone, PartialEq, Debug)]
pub enum Right {
    /// Nothing: the operator is `exists`.
    Nothing,
    /// One constant. After a list operator this is the name of a list that was not expanded.
    Value(Value),
    /// Constants in parentheses.
    List(ValueList),
    /// `val(field)` or a call.
    Operand(Operand),
}

/// Constants in parentheses.
#[derive(Clone, PartialEq, Debug)]
pub struct ValueList {
    /// The list with its parentheses.
    pub place: Place,
    /// The constants.
    pub values: Vec<Value>,
}

/// A constant as the engine sees it: bytes, with escapes resolved and quotes gone.
#[derive(Clone, PartialEq, Debug)]
pub struct Value {
    /// The constant with its quotes.
    pub place: Place,
    /// The bytes; `\xHH` can make them other than UTF-8.
    pub bytes: Box<[u8]>,
    /// Whether it stood in quotes.
    pub quoted: bool,
}

impl Value {
    /// The constant as text, with what is not UTF-8 replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// Something that gives a value when an event is looked at, or an argument of a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Operand {
    /// A field.
    Field(FieldUse),
    /// A transformer with its arguments.
    Call(Box<Call>),
    /// A constant; only as an argument of a call.
    Value(Value),
    /// A list of operands in parentheses; only as an argument of a call.
    List(OperandList),
}

impl Operand {
    /// Where it stands.
    pub fn place(&self) -> Place {
        match self {
            Self::Field(field) => field.place,
            Self::Call(call) => call.place,
            Self::Value(value) => value.place,
            Self::List(list) => list.place,
        }
    }
}

/// Operands in parentheses, as `join` takes them.
#[derive(Clone, PartialEq, Debug)]
pub struct OperandList {
    /// The list with its parentheses.
    pub place: Place,
    /// The operands.
    pub items: Vec<Operand>,
}

/// A field's name with its argument.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldUse {
    /// The name and the argument.
    pub place: Place,
    /// The name, such as `proc.aname`.
    pub name: Box<str>,
    /// Where the name stands.
    pub name_place: Place,
    /// What stands between the brackets. An empty argument in quotes counts as none for the engine.
    pub argument: Option<Value>,
}

/// A transformer with its arguments.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// The call with its parentheses and what stands in brackets behind it.
    pub place: Place,
    /// Which transformer.
    pub transformer: Transformer,
    /// The arguments; one or more.
    pub arguments: Vec<Operand>,
    /// What stands between brackets behind the call, as in `getopt(…)[c]`.
    pub key: Option<Value>,
}

/// Has an enum of words with the word of each, and the way back.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All of them, in the order in which the engine names them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word of the language.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What a word stands for.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// The operators of comparisons.
    Operator {
        /// The field has a value.
        Exists = "exists",
        /// Less or equal.
        LessOrEqual = "<=",
        /// Less.
        Less = "<",
        /// Greater or equal.
        GreaterOrEqual = ">=",
        /// Greater.
        Greater = ">",
        /// Equal; also written `==`.
        Equal = "=",
        /// There is a value, and it is another.
        NotEqual = "!=",
        /// Matches a pattern with `*` and `?`.
        Glob = "glob",
        /// Matches a pattern, letters of ASCII in any case.
        IGlob = "iglob",
        /// Has the constant in it.
        Contains = "contains",
        /// Has the constant in it, letters of ASCII in any case.
        IContains = "icontains",
        /// Has the bytes in it that the constant names in hexadecimal.
        BContains = "bcontains",
        /// Begins with the constant.
        StartsWith = "startswith",
        /// Begins with the bytes that the constant names in hexadecimal.
        BStartsWith = "bstartswith",
        /// Ends with the constant.
        EndsWith = "endswith",
        /// Matches a regular expression as a whole.
        Regex = "regex",
        /// Has a value in common with the list.
        Intersects = "intersects",
        /// Is in the list.
        In = "in",
        /// Has one of the paths as its beginning, component by component.
        PMatch = "pmatch",
    }
}

words! {
    /// How an operator is spread over a list of constants.
    Modifier {
        /// Exactly one constant satisfies the operator.
        OneOf = "oneof",
        /// At least one does.
        AnyOf = "anyof",
        /// All do.
        AllOf = "allof",
    }
}

words! {
    /// What turns one value into another.
    Transformer {
        /// Makes the right side a field instead of a constant.
        Val = "val",
        /// Letters of ASCII to lower case.
        ToLower = "tolower",
        /// Letters of ASCII to upper case.
        ToUpper = "toupper",
        /// Decodes base 64.
        B64 = "b64",
        /// What follows the last slash.
        Basename = "basename",
        /// Bytes of a string, or items of a list.
        Len = "len",
        /// Items of a list with a separator between them.
        Join = "join",
        /// Strings one after the other.
        Concat = "concat",
        /// Options of a command line.
        GetOpt = "getopt",
    }
}

impl Expr {
    /// The expression that a macro's use stands for, through any number of uses; itself for all else.
    pub fn resolved(&self) -> &Self {
        let mut expr = self;
        while let ExprKind::Macro(MacroUse { body: Some(body), .. }) = &expr.kind {
            expr = body;
        }
        expr
    }

    /// The parts directly below, in order: of a macro's use its condition.
    pub fn children(&self) -> &[Self] {
        match &self.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => parts,
            ExprKind::Not(part) => std::slice::from_ref(part),
            ExprKind::Macro(MacroUse { body: Some(body), .. }) => std::slice::from_ref(body),
            ExprKind::Macro(_) | ExprKind::Check(_) => &[],
        }
    }
}
