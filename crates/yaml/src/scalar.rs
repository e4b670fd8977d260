//! Scalars as go-yaml v2 resolves them.
//!
//! Source of the facts: `resolve.go` and `decode.go` of go.yaml.in/yaml/v2 v2.4.2, which sigs.k8s.io/yaml v1.6.0 stands
//! on. The table test at the foot was answered by that library itself.

use std::borrow::Cow;

use crate::float;

/// The value of a scalar as go-yaml v2 resolves it.
///
/// A timestamp (`2001-12-14`) is [`Scalar::Str`]: go-yaml v2 hands it on as the characters that were written.
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

impl Scalar {
    /// Whether both give the same JSON value: a float without a fraction is written like a whole number.
    pub(crate) fn same_json(self, other: Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            (Self::Float(value), Self::Int(int)) | (Self::Int(int), Self::Float(value)) => {
                float::whole(value) == Some(int)
            }
            (a, b) => a == b,
        }
    }
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

/// Why a tag does not fit the value behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TagError {
    /// The value is of another type.
    Type {
        /// The type asked for, such as `!!int`.
        wanted: &'static str,
    },
    /// `!!binary` with something that is not base64.
    Base64,
}

/// What a tag asks for. Tags that go-yaml v2 does not resolve make text of any scalar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TagKind {
    Str,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    Merge,
    Other,
}

impl TagKind {
    /// From the part behind `tag:yaml.org,2002:`.
    pub(crate) fn of_core(suffix: &str) -> Self {
        match suffix {
            "str" => Self::Str,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "null" => Self::Null,
            "timestamp" => Self::Timestamp,
            "binary" => Self::Binary,
            "merge" => Self::Merge,
            _ => Self::Other,
        }
    }
}

/// The value of `text` with a tag; the text changes for `!!binary` only.
pub(crate) fn resolve_tagged<'t>(tag: TagKind, text: Cow<'t, str>) -> (Scalar, Cow<'t, str>, Option<TagError>) {
    let plain = resolve(&text);
    let (fits, wanted, value) = match tag {
        TagKind::Str | TagKind::Merge | TagKind::Other => (true, "", Scalar::Str),
        TagKind::Binary => {
            return match decode_base64(&text) {
                Some(bytes) => (Scalar::Str, Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()), None),
                None => (Scalar::Str, text, Some(TagError::Base64)),
            };
        }
        TagKind::Bool => (matches!(plain, Scalar::Bool(_)), "!!bool", plain),
        TagKind::Int => (matches!(plain, Scalar::Int(_) | Scalar::UInt(_)), "!!int", plain),
        TagKind::Float => match plain {
            Scalar::Int(int) => (true, "!!float", Scalar::Float(int as f64)),
            _ => (matches!(plain, Scalar::Float(_)), "!!float", plain),
        },
        TagKind::Null => (plain == Scalar::Null, "!!null", plain),
        TagKind::Timestamp => (is_timestamp(&text), "!!timestamp", Scalar::Str),
    };
    let error = (!fits).then_some(TagError::Type { wanted });
    (if fits { value } else { Scalar::Str }, text, error)
}

/// The value of a plain scalar without a tag.
pub(crate) fn resolve(text: &str) -> Scalar {
    match shape(text) {
        Shape::Known(value) => value,
        // What is beyond every float stays text.
        Shape::Decimal(number) => float::read(&number).map_or(Scalar::Str, Scalar::Float),
    }
}

/// The same where little tells it; `None` for a number that takes [more](float::simple).
pub(crate) fn resolve_simple(text: &str) -> Option<Scalar> {
    match shape(text) {
        Shape::Known(value) => Some(value),
        Shape::Decimal(number) => float::simple(&number).map(Scalar::Float),
    }
}

/// What a plain scalar is by its look.
enum Shape<'t> {
    Known(Scalar),
    /// A decimal number with a fraction, an exponent or too many digits for a whole one.
    Decimal(Cow<'t, str>),
}

fn shape(text: &str) -> Shape<'_> {
    let Some(&first) = text.as_bytes().first() else { return Shape::Known(Scalar::Null) };
    let value = match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Scalar::Float(f64::INFINITY),
            _ => match go_fraction(text) {
                Some(number) => return Shape::Decimal(number),
                None => Scalar::Str,
            },
        },
        b'+' | b'-' | b'0'..=b'9' => match text {
            "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
            _ => return number(text),
        },
        _ => Scalar::Str,
    };
    Shape::Known(value)
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::Str,
    }
}

fn number(text: &str) -> Shape<'_> {
    if is_timestamp(text) {
        return Shape::Known(Scalar::Str);
    }
    let plain = without_underscores(text);
    match whole_number(&plain).or_else(|| binary_with_sign(&plain)) {
        Some(value) => Shape::Known(value),
        None if float::is_decimal(&plain) => Shape::Decimal(plain),
        None => Shape::Known(Scalar::Str),
    }
}

fn without_underscores(text: &str) -> Cow<'_, str> {
    if text.contains('_') { text.replace('_', "").into() } else { text.into() }
}

/// Go's `ParseInt` and then `ParseUint`, base 0, 64 bits.
fn whole_number(text: &str) -> Option<Scalar> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (Some(true), text.get(1..)?),
        b'+' => (Some(false), text.get(1..)?),
        _ => (None, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // Rust's parser would take a second sign.
    if !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    match (sign, i64::try_from(value)) {
        (Some(true), _) => 0i64.checked_sub_unsigned(value).map(Scalar::Int),
        (_, Ok(int)) => Some(Scalar::Int(int)),
        // `ParseUint` knows no sign.
        (None, Err(_)) => Some(Scalar::UInt(value)),
        (Some(false), Err(_)) => None,
    }
}

/// What Go's `ParseFloat` takes of a text that begins with a dot: underscores stand between digits.
fn go_fraction(text: &str) -> Option<Cow<'_, str>> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let between_digits = text.match_indices('_').all(|(at, _)| digit(at.checked_sub(1)) && digit(at.checked_add(1)));
    let number = without_underscores(text);
    (between_digits && float::is_decimal(&number)).then_some(number)
}

/// go-yaml v2 reads `0b` itself when `ParseInt` would not, and so lets a sign stand behind it.
fn binary_with_sign(text: &str) -> Option<Scalar> {
    let digits = text.strip_prefix("0b")?;
    let (negative, digits) = match digits.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, digits.strip_prefix('+')?),
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = i64::from_str_radix(digits, 2).ok()?;
    Some(Scalar::Int(if negative { -value } else { value }))
}

/// The four layouts that go-yaml v2 takes for a timestamp. Only `!!timestamp` needs the answer to be exact: a plain
/// scalar of that shape is text either way.
fn is_timestamp(text: &str) -> bool {
    let year = text.bytes().take_while(u8::is_ascii_digit).count();
    if year != 4 || text.as_bytes().get(4) != Some(&b'-') {
        return false;
    }
    timestamp(text).is_some()
}

fn timestamp(text: &str) -> Option<()> {
    let mut rest = text;
    let year = take_digits(&mut rest, 4, 4)?;
    rest = rest.strip_prefix('-')?;
    let month = take_digits(&mut rest, 1, 2)?;
    rest = rest.strip_prefix('-')?;
    let day = take_digits(&mut rest, 1, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > days {
        return None;
    }
    if rest.is_empty() {
        return Some(());
    }
    let zoned = rest.starts_with(['T', 't']);
    rest = rest.strip_prefix(['T', 't', ' '])?;
    let hour = take_digits(&mut rest, 1, 2)?;
    rest = rest.strip_prefix(':')?;
    let minute = take_digits(&mut rest, 1, 2)?;
    rest = rest.strip_prefix(':')?;
    let second = take_digits(&mut rest, 1, 2)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        rest = fraction.get(digits..).filter(|_| digits > 0)?;
    }
    if !zoned {
        return rest.is_empty().then_some(());
    }
    if rest == "Z" {
        return Some(());
    }
    rest = rest.strip_prefix(['+', '-'])?;
    let hour = take_digits(&mut rest, 2, 2)?;
    rest = rest.strip_prefix(':')?;
    let minute = take_digits(&mut rest, 2, 2)?;
    (rest.is_empty() && hour <= 24 && minute <= 60).then_some(())
}

fn take_digits(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let value = rest.get(..count)?.parse().ok()?;
    *rest = rest.get(count..)?;
    Some(value)
}

/// Standard base64 with padding; line ends are skipped, as Go does.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    if !symbols.len().is_multiple_of(4) {
        return None;
    }
    let padding = symbols.iter().rev().take_while(|&&b| b == b'=').count();
    let data = symbols.get(..symbols.len() - padding)?;
    if padding > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(symbols.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0u32);
    for &symbol in data {
        let six = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

/// What a YAML 1.2 reader (core schema) makes of a plain scalar without a tag.
pub(crate) fn resolve_core(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !body.is_empty() && body.bytes().all(|b| b.is_ascii_digit()) {
        return match (text.parse::<i64>(), text.parse::<u64>()) {
            (Ok(int), _) => Scalar::Int(int),
            (_, Ok(uint)) => Scalar::UInt(uint),
            _ => text.parse().map_or(Scalar::Str, Scalar::Float),
        };
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let fits = !digits.is_empty() && digits.bytes().all(|b| (b as char).is_digit(radix));
            return match u64::from_str_radix(digits, radix) {
                Ok(value) if fits => i64::try_from(value).map_or(Scalar::UInt(value), Scalar::Int),
                _ => Scalar::Str,
            };
        }
    }
    if float::is_decimal(text) { float::read(text).map_or(Scalar::Str, Scalar::Float) } else { Scalar::Str }
}
