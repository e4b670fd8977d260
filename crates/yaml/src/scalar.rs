/// The value of a scalar as go-yaml v2 resolves it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scalar {
    /// Nothing, `~`, `null`, `Null`, `NULL`.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites, in three spellings each.
    Bool(bool),
    /// A whole number that fits 64 bits with a sign.
    Int(i64),
    /// A whole number beyond that.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// Text; the characters stand in the node.
    Str,
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}
