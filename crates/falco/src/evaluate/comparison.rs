//! What a value is compared with, and how.

use super::value::Value;
use super::verdict::Verdict;
use crate::compile::{Typed, constant};
use crate::condition::{Modifier, Operator};
use crate::fields::ValueType;
use crate::matchers::{Constant, Glob, Paths, Regex, contains, icontains};
use watertight_text::sort;

/// A comparison of one value with constants.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Comparison {
    /// There is a value.
    Exists,
    /// Nothing satisfies it: the list of constants is empty.
    Never,
    /// With one constant.
    One(Operator, Constant),
    Glob(Glob),
    Regex(Regex),
    /// One of the strings, which are sorted.
    Strings(Vec<Box<[u8]>>),
    /// One of the constants, or in one of the networks.
    Constants(Vec<Constant>),
    Paths(Paths),
    /// By as many constants as the modifier says.
    Spread(Modifier, Vec<Self>),
    /// Every value satisfies it.
    Always,
}

impl Comparison {
    /// Compiles a comparison with constants that have been checked; `None` for what the check would have refused.
    pub(super) fn new(typed: &Typed, operator: Operator, modifier: Option<Modifier>, values: &[&[u8]]) -> Option<Self> {
        if operator == Operator::Exists {
            return Some(Self::Exists);
        }
        if let Some(modifier) = modifier {
            if values.is_empty() {
                return Some(Self::Never);
            }
            if let Some(quirk) = network_quirk(typed, operator, modifier) {
                return Some(quirk);
            }
            let each = values.iter().map(|value| Self::single(typed, operator, value));
            return each.collect::<Option<_>>().map(|each| Self::Spread(modifier, each));
        }
        match operator {
            Operator::In | Operator::Intersects => {
                let constants: Option<Vec<_>> =
                    values.iter().map(|value| constant(typed, operator, value).ok()).collect();
                let constants = constants?;
                // Only for a scalar: a list field without values is in the empty list.
                if constants.is_empty() && !typed.list {
                    return Some(Self::Never);
                }
                let strings = |one: &Constant| match one {
                    Constant::Bytes(bytes) => Some(bytes.clone()),
                    _ => None,
                };
                let mut sorted: Vec<_> = constants.iter().filter_map(strings).collect();
                if sorted.len() < constants.len() {
                    return Some(Self::Constants(constants));
                }
                sort::by(&mut sorted, Ord::cmp);
                sorted.dedup();
                Some(Self::Strings(sorted))
            }
            Operator::PMatch => Some(Self::Paths(Paths::new(values.iter().copied()))),
            _ => Self::single(typed, operator, values.first()?),
        }
    }

    fn single(typed: &Typed, operator: Operator, value: &[u8]) -> Option<Self> {
        Some(match operator {
            Operator::Glob => Self::Glob(Glob::new(value, false)),
            Operator::IGlob => Self::Glob(Glob::new(value, true)),
            Operator::Regex => Self::Regex(Regex::new(value).ok()?),
            _ => Self::One(operator, constant(typed, operator, value).ok()?),
        })
    }

    /// Whether a value satisfies it.
    pub(super) fn holds(&self, value: &Value<'_>, kind: ValueType) -> Verdict {
        let holds = match self {
            Self::Exists | Self::Always => true,
            Self::Never => false,
            Self::One(operator, constant) => one(*operator, value, constant, kind),
            Self::Glob(glob) => glob.matches(value.bytes()),
            Self::Regex(regex) => return regex.matches(value.bytes()).map_or(Verdict::Unknown, Verdict::from),
            Self::Strings(strings) => strings.binary_search_by(|one| (**one).cmp(value.bytes())).is_ok(),
            Self::Constants(constants) => constants.iter().any(|constant| one(Operator::Equal, value, constant, kind)),
            Self::Paths(paths) => paths.matches(value.bytes()),
            Self::Spread(modifier, each) => {
                let verdicts = || each.iter().map(|one| one.holds(value, kind));
                return match modifier {
                    Modifier::AllOf => Verdict::all(verdicts()),
                    Modifier::AnyOf => Verdict::any(verdicts()),
                    Modifier::OneOf => {
                        let count = |wanted| verdicts().filter(|verdict| *verdict == wanted).count();
                        match (count(Verdict::True), count(Verdict::Unknown)) {
                            (2.., _) => Verdict::False,
                            (found, 0) => Verdict::from(found == 1),
                            _ => Verdict::Unknown,
                        }
                    }
                };
            }
        };
        Verdict::from(holds)
    }
}

/// The engine looks constants after `=` `anyof` and `!=` `allof` up as bytes, and an address has never the bytes of a
/// network. Fields that stand for both ends do not come that way.
fn network_quirk(typed: &Typed, operator: Operator, modifier: Modifier) -> Option<Comparison> {
    let ends = typed.field.is_some_and(|resolved| resolved.field.both_ends());
    if typed.value != ValueType::IpNetwork || ends {
        return None;
    }
    match (operator, modifier) {
        (Operator::Equal, Modifier::AnyOf) => Some(Comparison::Never),
        (Operator::NotEqual, Modifier::AllOf) => Some(Comparison::Always),
        _ => None,
    }
}

/// Compares with one constant.
fn one(operator: Operator, value: &Value<'_>, constant: &Constant, kind: ValueType) -> bool {
    match (value, constant) {
        (Value::Bytes(text), Constant::Bytes(wanted)) => bytes(operator, text, wanted),
        (Value::Number(number), Constant::Number(wanted)) => {
            let order = match kind.width() {
                Some((_, true)) => number.cast_signed().cmp(&wanted.cast_signed()),
                _ => number.cmp(wanted),
            };
            ordered(operator, Some(order))
        }
        (Value::Double(number), Constant::Double(wanted)) => ordered(operator, number.partial_cmp(wanted)),
        (Value::Bool(value), Constant::Bool(wanted)) => ordered(operator, Some(value.cmp(wanted))),
        // Addresses of two families differ.
        (Value::Address(address), Constant::Address(wanted)) => (address == wanted) != (operator == Operator::NotEqual),
        (Value::Address(address), Constant::Network(net)) => net.contains(*address) != (operator == Operator::NotEqual),
        _ => false,
    }
}

/// Compares two values of the same type.
pub(super) fn values(operator: Operator, left: &Value<'_>, right: &Value<'_>, kind: ValueType) -> bool {
    let equal = match operator {
        Operator::In | Operator::Intersects => Operator::Equal,
        other => other,
    };
    match (left, right) {
        (Value::Bytes(text), Value::Bytes(wanted)) => match operator {
            Operator::Glob => Glob::new(wanted, false).matches(text),
            Operator::IGlob => Glob::new(wanted, true).matches(text),
            _ => bytes(equal, text, wanted),
        },
        (_, Value::Number(number)) => one(equal, left, &Constant::Number(*number), kind),
        (_, Value::Double(number)) => one(equal, left, &Constant::Double(*number), kind),
        (_, Value::Bool(value)) => one(equal, left, &Constant::Bool(*value), kind),
        (_, Value::Address(address)) => one(equal, left, &Constant::Address(*address), kind),
        _ => false,
    }
}

fn bytes(operator: Operator, text: &[u8], wanted: &[u8]) -> bool {
    match operator {
        Operator::Contains | Operator::BContains => contains(text, wanted),
        Operator::IContains => icontains(text, wanted),
        Operator::StartsWith | Operator::BStartsWith => text.starts_with(wanted),
        Operator::EndsWith => text.ends_with(wanted),
        // Lengths differ more often than not, and comparing them is quick.
        Operator::Equal => text == wanted,
        Operator::NotEqual => text != wanted,
        _ => ordered(operator, Some(text.cmp(wanted))),
    }
}

fn ordered(operator: Operator, order: Option<core::cmp::Ordering>) -> bool {
    let Some(order) = order else { return operator == Operator::NotEqual };
    match operator {
        Operator::Equal | Operator::In | Operator::Intersects => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        _ => false,
    }
}
