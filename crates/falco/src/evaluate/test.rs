//! Comparisons of a field or call, compiled.

use super::bind::{Binding, Slot, Slots};
use super::comparison::{Comparison, values};
use super::operand::Source;
use super::value::{State, Value};
use super::verdict::Verdict;
use crate::compile::{Typed, operand_type};
use crate::condition::{Check, Operand, Operator, Right};
use crate::fields::ValueType;

/// A comparison that is ready for events.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Test {
    pub(super) left: Source,
    value: ValueType,
    spread: Spread,
    against: Against,
}

/// How a comparison is spread over several values on the left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Spread {
    /// There is only one.
    Single,
    /// A list of any length: all of them for `in`, one of them for `intersects`.
    All,
    /// Several of which one is enough.
    Any,
    /// Several of which all have to satisfy it: both ends of a connection for `!=`.
    Every,
}

#[derive(Clone, PartialEq, Debug)]
enum Against {
    Constants(Comparison),
    Field(Operator, Source),
}

impl Test {
    /// Compiles a comparison that has been checked; `None` for what the check would have refused.
    pub(super) fn new(check: &Check, slots: &mut Slots) -> Option<Self> {
        let typed = operand_type(&check.left).ok()?;
        let mut number = |operand: &Operand| slot(operand).and_then(|slot| slots.add(slot));
        let left = Source::new(&check.left, &mut number)?;
        let against = match &check.right {
            Right::Operand(right) => Against::Field(check.operator, Source::new(right, &mut number)?),
            Right::Nothing => Against::Constants(Comparison::Exists),
            Right::Value(value) => {
                Against::Constants(Comparison::new(&typed, check.operator, check.modifier, &[&value.bytes])?)
            }
            Right::List(list) => {
                let values: Vec<&[u8]> = list.values.iter().map(|value| &*value.bytes).collect();
                Against::Constants(Comparison::new(&typed, check.operator, check.modifier, &values)?)
            }
        };
        let spread = spread(check, &typed);
        Some(Self { left, value: typed.value, spread, against })
    }

    /// Whether it holds for an event.
    pub(super) fn verdict(&self, binding: &Binding<'_>) -> Verdict {
        if let Against::Constants(Comparison::Never) = self.against {
            return Verdict::False;
        }
        let left = self.left.state(binding);
        if *left == State::Missing {
            return Verdict::False;
        }
        match &self.against {
            Against::Constants(comparison) => self.spread(&left, |value| comparison.holds(value, self.value)),
            Against::Field(operator, right) => {
                let right = right.state(binding);
                match (&*left, &*right) {
                    (_, State::Missing) => Verdict::False,
                    (State::Unknown, _) | (_, State::Unknown | State::Some(_)) => Verdict::Unknown,
                    (left, right) => self.spread(left, |value| {
                        right.values().iter().any(|one| values(*operator, value, one, self.value)).into()
                    }),
                }
            }
        }
    }

    fn spread(&self, left: &State<'_>, holds: impl Fn(&Value<'_>) -> Verdict) -> Verdict {
        let exists = self.against == Against::Constants(Comparison::Exists);
        match (left, self.spread) {
            (State::Unknown, _) => Verdict::Unknown,
            (State::Missing, _) => Verdict::False,
            (State::One(value), _) => holds(value),
            (State::Many(values), Spread::All) => {
                if exists {
                    Verdict::True
                } else {
                    Verdict::all(values.iter().map(holds))
                }
            }
            (State::Many(values), Spread::Every) => {
                if values.is_empty() {
                    Verdict::False
                } else {
                    Verdict::all(values.iter().map(holds))
                }
            }
            (State::Many(values), _) => Verdict::any(values.iter().map(holds)),
            // Others may be there that satisfy it.
            (State::Some(values), _) => {
                if values.iter().any(|value| holds(value) == Verdict::True) {
                    Verdict::True
                } else {
                    Verdict::Unknown
                }
            }
        }
    }

    /// The values on the left, for showing; `None` when there is no telling.
    pub(super) fn shown(&self, binding: &Binding<'_>) -> Shown {
        let left = self.left.state(binding);
        match &*left {
            State::Unknown => Shown::Unknown,
            State::Missing => Shown::Missing,
            State::One(value) => Shown::Value(value.shown(self.value)),
            State::Many(values) | State::Some(values) => {
                let texts: Vec<String> = values.iter().map(|value| value.shown(self.value)).collect();
                Shown::Value(["(", &texts.join(", "), ")"].concat())
            }
        }
    }

    /// The value that the right side gives, when it is a field or call.
    pub(super) fn right(&self, binding: &Binding<'_>) -> Option<Shown> {
        let Against::Field(_, right) = &self.against else { return None };
        let right = Self { left: right.clone(), ..self.clone() };
        Some(right.shown(binding))
    }

    /// The fields on both sides.
    pub(super) fn fields(&self, each: &mut dyn FnMut(u32)) {
        self.left.fields(each);
        if let Against::Field(_, right) = &self.against {
            right.fields(each);
        }
    }
}

/// What a field or call gives, for showing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// The event does not say.
    Unknown,
    /// There is no value.
    Missing,
    /// A value; several in parentheses.
    Value(String),
}

impl Shown {
    /// The value in quotes, or that there is none.
    pub fn words(&self) -> String {
        match self {
            Self::Unknown => "not in the event".to_owned(),
            Self::Missing => "missing".to_owned(),
            Self::Value(value) => ["\"", value, "\""].concat(),
        }
    }
}

fn spread(check: &Check, typed: &Typed) -> Spread {
    if typed.list {
        return if check.operator == Operator::Intersects { Spread::Any } else { Spread::All };
    }
    let Operand::Field(used) = &check.left else { return Spread::Single };
    let Some(resolved) = typed.field else { return Spread::Single };
    if resolved.field.both_ends() {
        let every = check.operator == Operator::NotEqual;
        return if every { Spread::Every } else { Spread::Any };
    }
    if resolved.field.ancestors() && used.argument.is_none() { Spread::Any } else { Spread::Single }
}

/// The field of an operand.
fn slot(operand: &Operand) -> Option<Slot> {
    let Operand::Field(used) = operand else { return None };
    let resolved = crate::compile::resolve(used).ok()?;
    let name = match used.argument.as_ref().filter(|argument| !argument.bytes.is_empty()) {
        None => used.name.clone(),
        Some(argument) => [&*used.name, "[", &argument.text(), "]"].concat().into_boxed_str(),
    };
    let several = resolved.field.ancestors() && used.argument.is_none() || resolved.field.both_ends();
    Some(Slot { name, field: resolved.field, value: resolved.value, list: resolved.list, any: several })
}
