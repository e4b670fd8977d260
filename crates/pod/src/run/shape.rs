//! What the value of an option has to look like, or Docker's own parser stops at it.
//!
//! Where it is not certain that Docker refuses a value, nothing is said. Sources: `cli/command/container/opts.go` and
//! `opts/opts.go` of docker/cli, `size.go` of docker/go-units, `strconv` and `time.ParseDuration` of Go.

use crate::engine::{Builder, Text};

#[derive(Clone, Copy)]
enum Shape {
    Memory,
    /// Memory, or -1.
    Swap,
    Whole,
    /// A whole number that is not below 0.
    Count,
    /// From 0 to 100, or -1.
    Swappiness,
    /// A whole number of 16 bits without a sign.
    Weight,
    Processors,
    Time,
}

const SHAPES: &[(Shape, &str)] = &[
    (Shape::Memory, "io-maxbandwidth kernel-memory memory memory-reservation shm-size"),
    (Shape::Swap, "memory-swap"),
    (
        Shape::Whole,
        "cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares oom-score-adj pids-limit \
         stop-timeout",
    ),
    (Shape::Count, "health-retries"),
    (Shape::Swappiness, "memory-swappiness"),
    (Shape::Weight, "blkio-weight"),
    (Shape::Processors, "cpus"),
    (Shape::Time, "health-interval health-start-interval health-start-period health-timeout"),
];

/// Says so where Docker stops at this value of an option.
pub(crate) fn check(builder: &mut Builder, option: &str, text: Text<'_>) {
    if let Some(message) = text.known(text.text).and_then(|value| refusal(option, value)) {
        builder.refuse(message, text.site.value);
    }
}

/// Why Docker stops at this value of an option; `None` when it takes it.
fn refusal(option: &str, value: &str) -> Option<String> {
    let (shape, _) = SHAPES.iter().find(|(_, names)| names.split_ascii_whitespace().any(|name| name == option))?;
    let (fits, wanted) = match shape {
        Shape::Memory => (
            is_memory(value),
            "is no amount of memory to Docker. It takes bytes, or a number with b, k, m, \
            g, t or p behind it, such as 512m.",
        ),
        Shape::Swap => (
            value == "-1" || is_memory(value),
            "is no amount of memory to Docker. It takes bytes, or a \
            number with b, k, m, g, t or p behind it, such as 1g, and -1 for no limit.",
        ),
        Shape::Whole => (whole(value).is_some(), "is no whole number, which is what Docker takes here."),
        Shape::Count => {
            (whole(value).is_some_and(|number| number >= 0), "is no count, which is what Docker takes here.")
        }
        Shape::Swappiness => (
            whole(value).is_some_and(|number| (-1..=100).contains(&number)),
            "is no swappiness to Docker. It takes a whole number from 0 to 100.",
        ),
        Shape::Weight => (
            whole(value).is_some_and(|number| u16::try_from(number).is_ok()) && !value.starts_with('+'),
            "is no weight to Docker. It takes a whole number from 10 to 1000.",
        ),
        Shape::Processors => (is_processors(value), "is no number of processors to Docker. Half of one is 0.5."),
        Shape::Time => (is_time(value), "is no time to Docker. It takes numbers with their units, such as 1m30s."),
    };
    (!fits).then(|| format!("{value:?} {wanted}"))
}

/// A number and a unit of one to three letters: `k`, `kb` and `kib` are the same. Not `Mi`, as in Kubernetes.
fn is_memory(value: &str) -> bool {
    let Some(last) = value.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ')) else { return false };
    let (number, unit) = value.split_at_checked(last + 1).unwrap_or((value, ""));
    let number = number.strip_suffix(' ').unwrap_or(number);
    // Go reads hexadecimal fractions and underscores behind their mark.
    let is_number =
        number.contains(['x', 'X', '_']) || number.parse::<f64>().is_ok_and(|number| number.is_nan() || number >= 0.0);
    let unit = unit.to_ascii_lowercase();
    let is_unit = match unit.strip_prefix(['k', 'm', 'g', 't', 'p']) {
        Some(rest) => matches!(rest, "" | "b" | "ib"),
        None => matches!(unit.as_str(), "" | "b"),
    };
    is_number && is_unit
}

/// A whole number of 64 bits as Go reads it without a base: `0x10`, `0b1`, `0o7` and `07` besides the decimal ones.
fn whole(value: &str) -> Option<i64> {
    let negative = value.starts_with('-');
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let lower = digits.to_ascii_lowercase();
    // Go allows underscores between digits where the base is told.
    let lower = lower.replace('_', "");
    let (digits, base) = match (lower.get(..2), lower.as_str()) {
        (Some("0x"), _) => (lower.get(2..)?, 16),
        (Some("0b"), _) => (lower.get(2..)?, 2),
        (Some("0o"), _) => (lower.get(2..)?, 8),
        (Some(_), octal) if octal.starts_with('0') => (octal.get(1..)?, 8),
        _ => (lower.as_str(), 10),
    };
    if digits.starts_with(['-', '+']) {
        return None;
    }
    let number = i128::from_str_radix(digits, base).ok()?;
    i64::try_from(if negative { -number } else { number }).ok()
}

/// A fraction of two numbers, or a decimal one.
fn is_processors(value: &str) -> bool {
    let is_odd = value.contains(['/', 'x', 'X', 'p', 'P', '_', 'b', 'B', 'o', 'O']);
    let is_decimal = value.contains(|c: char| c.is_ascii_digit()) && value.parse::<f64>().is_ok();
    is_odd && value.contains(|c: char| c.is_ascii_digit()) || is_decimal
}

/// `1h30m`, `1.5s`, or a mere 0, none of them below it.
fn is_time(value: &str) -> bool {
    if value.starts_with('-') && value.contains(|c: char| matches!(c, '1'..='9')) {
        return false;
    }
    let mut rest = value.strip_prefix(['-', '+']).unwrap_or(value);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = rest.strip_suffix(unit).unwrap_or_default();
        let is_number = number.contains(|c: char| c.is_ascii_digit()) && number.matches('.').count() <= 1;
        // The longer units first: `ms` is no `m`.
        let units = ["ns", "us", "\u{b5}s", "\u{3bc}s", "ms", "s", "m", "h"];
        let is_end = |rest: &&str| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let behind = units.iter().find_map(|known| unit.strip_prefix(known).filter(is_end));
        match behind {
            Some(behind) if is_number => rest = behind,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[track_caller]
    fn check(option: &str, taken: &[&str], refused: &[&str]) {
        for value in taken {
            assert_eq!(refusal(option, value), None, "{option} {value:?}");
        }
        for value in refused {
            assert!(refusal(option, value).is_some(), "{option} {value:?}");
        }
    }

    #[test]
    fn values_are_taken_and_refused_as_docker_does() {
        check(
            "memory",
            &["0", "512m", "512M", "1gb", "1GiB", "1.5g", "512 m", "100", "1e3", "1b", ".5g", "1."],
            &["", "abc", "512Mi", "512x", "-1", "1gig", "m", "1,5g", "1 0m", "1bb"],
        );
        check("memory-swap", &["-1", "1g"], &["-2", "x"]);
        check(
            "pids-limit",
            &["-1", "100", "+5", "0x10", "0b1", "0o7", "017", "0", "9223372036854775807"],
            &["", "x", "1.5", "08", "0x", "9223372036854775808", "--1", "100m"],
        );
        check("blkio-weight", &["10", "0"], &["-1", "70000", "+1", "x"]);
        check("cpus", &["1", "0.5", "1.5", ".5", "3/2", "1e-1"], &["", "x", "500m", "1,5", "inf", "nan"]);
        check(
            "health-interval",
            &["30s", "1m30s", "1.5h", "0", "500ms", "-0s", "1us", ".5s"],
            &["", "-1s", "30", "s", "1d", "30 s", "1.5.5s", "1ss"],
        );
        check("name", &["anything", ""], &[]);
    }
}
