//! Decides the conditions of `if` and the values of boolean variables, at the place where they are read.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::symbols::{Symbol, Values};
use super::{Place, Resolver};
use crate::refusal::Code;
use crate::tree::{Boolean, Comparison, Condition, Operand, Text};

impl Resolver<'_> {
    pub(super) fn boolean(&mut self, boolean: &Boolean, place: Place) {
        let value = self.decide(&boolean.value, place);
        if let Err(message) = self.symbols.assign_boolean(&boolean.name.value, boolean.assign, value) {
            self.refuse(Code::Variable, place.origin(boolean.span), message);
        }
    }

    /// Every part is looked at, needed or not: so a fault in any of them is found.
    pub(super) fn decide(&mut self, condition: &Condition, place: Place) -> bool {
        match condition {
            Condition::Not(inner, _) => !self.decide(inner, place),
            Condition::And(left, right, _) => {
                let (left, right) = (self.decide(left, place), self.decide(right, place));
                left && right
            }
            Condition::Or(left, right, _) => {
                let (left, right) = (self.decide(left, place), self.decide(right, place));
                left || right
            }
            Condition::Boolean(name) => match self.symbols.get(&name.value) {
                Some(&Symbol::Boolean(value)) => value,
                _ => {
                    let message = ["`$", &name.value, "` is no declared boolean variable."].concat();
                    self.refuse(Code::Condition, place.origin(name.span), message);
                    false
                }
            },
            // Only variables with values count as defined, whatever the sign.
            Condition::Defined(Operand::Variable(name) | Operand::Boolean(name), _) => {
                matches!(self.symbols.get(&name.value), Some(Symbol::Set { .. }))
            }
            Condition::Defined(Operand::Value(_), _) => false,
            Condition::Value(Operand::Value(value)) => {
                let yes = value.value.eq_ignore_ascii_case("true");
                if !yes && !value.value.eq_ignore_ascii_case("false") {
                    let message = ["`", &value.value, "` is neither true nor false."].concat();
                    self.refuse(Code::Condition, place.origin(value.span), message);
                }
                yes
            }
            Condition::Value(Operand::Variable(name) | Operand::Boolean(name)) => {
                let message = "A variable with values is neither true nor false: compare it, or ask `defined`.";
                self.refuse(Code::Condition, place.origin(name.span), message);
                false
            }
            Condition::Compare { left, operator, right, span } => {
                let (Some(left), Some(right)) = (self.values(left, place), self.values(right, place)) else {
                    return false;
                };
                match compare(&left.set, *operator, &right.set) {
                    Some(answer) => answer,
                    None => {
                        let message = "A number can be compared with a number only.";
                        self.refuse(Code::Condition, place.origin(*span), message);
                        false
                    }
                }
            }
        }
    }

    fn values(&mut self, operand: &Operand, place: Place) -> Option<Rc<Values>> {
        let name: &Text = match operand {
            Operand::Value(value) => return Some(Rc::new(Values::from_iter([value.value.clone()]))),
            Operand::Variable(name) | Operand::Boolean(name) => name,
        };
        match self.symbols.expanded(&name.value) {
            Ok(values) => Some(values),
            Err(trouble) => {
                self.refuse(Code::Condition, place.origin(name.span), trouble.message());
                None
            }
        }
    }
}

/// A lone value that is a whole number, as C reads one.
fn number(values: &BTreeSet<String>) -> Option<i64> {
    let value = values.first().filter(|_| values.len() == 1)?.trim_start();
    let (negative, digits) = match value.as_bytes().first()? {
        b'-' => (true, value.get(1..)?),
        b'+' => (false, value.get(1..)?),
        _ => (false, value),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = match lower.strip_prefix("0x") {
        Some(digits) => (16, digits),
        None if lower.len() > 1 && lower.starts_with('0') => (8, lower.as_str()),
        None => (10, lower.as_str()),
    };
    let number = i64::from_str_radix(digits, base).ok()?;
    Some(if negative { -number } else { number })
}

fn compare(left: &BTreeSet<String>, operator: Comparison, right: &BTreeSet<String>) -> Option<bool> {
    let order = match (number(left), number(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        (None, None) => Some(left.cmp(right)),
        _ => None,
    };
    Some(match operator {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::In => left.is_subset(right),
        Comparison::Greater => order?.is_gt(),
        Comparison::GreaterOrEqual => order?.is_ge(),
        Comparison::Less => order?.is_lt(),
        Comparison::LessOrEqual => order?.is_le(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sets() {
        let set = |values: &[&str]| values.iter().map(|&v| v.to_owned()).collect::<BTreeSet<_>>();
        let check = |left: &[&str], operator, right: &[&str], expected| {
            assert_eq!(compare(&set(left), operator, &set(right)), expected, "{left:?} {operator:?} {right:?}");
        };
        check(&["10"], Comparison::Greater, &["9"], Some(true));
        check(&["0x10"], Comparison::Equal, &["16"], Some(false));
        check(&["0x10"], Comparison::GreaterOrEqual, &["16"], Some(true));
        check(&["a"], Comparison::Less, &["b"], Some(true));
        check(&["a"], Comparison::Less, &["1"], None);
        check(&["a"], Comparison::In, &["a", "b"], Some(true));
        check(&["-3"], Comparison::Less, &["2"], Some(true));
    }
}
