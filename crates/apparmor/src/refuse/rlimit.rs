//! `set rlimit`.

use crate::names::rlimit::{Measure, TIMES, measure};
use crate::refusal::{Code, Refusal};
use crate::tree::Rlimit;

pub(super) fn check(rule: &Rlimit, found: &mut Vec<Refusal>) {
    let Some(measure) = measure(&rule.name.value) else {
        let message = ["There is no limit `", &rule.name.value, "`."].concat();
        found.push(Refusal::new(Code::Rlimit, rule.name.span, message));
        return;
    };
    if rule.value.value == "infinity" {
        return;
    }
    let value = number(&rule.value.value);
    let span = rule.unit.as_ref().map_or(rule.value.span, |unit| rule.value.span.cover(unit.span));
    let unit = rule.unit.as_ref().map(|unit| unit.value.as_str());
    let message = match measure {
        Measure::Nice if unit.is_some() => "`nice` has no unit.",
        Measure::Nice if !(-20..=19).contains(&value) => "`nice` lies between -20 and 19.",
        Measure::Nice => return,
        _ if value < 0 => "A limit is no negative number.",
        Measure::Count if unit.is_some() => "This limit has no unit.",
        Measure::Bytes if !unit.is_none_or(is_size) => "The units of sizes are KB, MB and GB.",
        Measure::Seconds | Measure::Microseconds => match unit.map(time) {
            None => return,
            Some(None) => "The units of time are us, ms, s, min, h, d and week, and their long names.",
            // The parser multiplies without looking whether the product fits.
            Some(Some(unit)) if value.wrapping_mul(unit) < least(measure) => "This is less than the smallest limit.",
            Some(Some(_)) => return,
        },
        _ => return,
    };
    found.push(Refusal::new(Code::Rlimit, span, message));
}

/// The least that can be told apart, in microseconds.
fn least(measure: Measure) -> i64 {
    if measure == Measure::Seconds { 1_000_000 } else { 1 }
}

/// A beginning of the name of a unit will do.
fn is_size(unit: &str) -> bool {
    ["KB", "MB", "GB"].iter().any(|name| name.starts_with(unit))
}

fn time(unit: &str) -> Option<i64> {
    TIMES.iter().find(|&&(name, _)| name == unit).map(|&(_, micros)| micros)
}

/// As C reads it: a leading zero means octal, and what lies outside counts as the end of the range.
fn number(text: &str) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let octal = digits.len() > 1 && digits.starts_with('0');
    let digits: String = digits.chars().take_while(|c| c.is_digit(if octal { 8 } else { 10 })).collect();
    let value = i64::from_str_radix(&digits, if octal { 8 } else { 10 }).unwrap_or(if digits.is_empty() {
        0
    } else {
        i64::MAX
    });
    sign * value
}
