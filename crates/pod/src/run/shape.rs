//! What the value of an option has to look like, or Docker's own parser stops at it.
//!
//! Where it is not certain that Docker refuses a value, nothing is said. Sources: `cli/command/container/opts.go`,
//! `opts/opts.go` and `opts/parse.go` of docker/cli, `size.go` of docker/go-units, `strconv` and `time.ParseDuration` of Go;
//! for restart policies `api/types/container/hostconfig.go` of moby.

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
    /// A setting of the kernel with its value.
    Sysctl,
    /// `c 10:200 rwm`
    DeviceRule,
    Restart,
    Stream,
    Label,
    /// A name and a value.
    Pair,
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
    (Shape::Sysctl, "sysctl"),
    (Shape::DeviceRule, "device-cgroup-rule"),
    (Shape::Restart, "restart"),
    (Shape::Stream, "attach"),
    (Shape::Label, "label"),
    (Shape::Pair, "storage-opt"),
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
        Shape::Sysctl => (
            is_sysctl(value),
            "is no setting that Docker hands on. It takes net.* and fs.mqueue.*, kernel.sem, and some of kernel.msg* and \
             kernel.shm*, each with =value.",
        ),
        Shape::DeviceRule => (is_device_rule(value), "is no rule for devices to Docker. One is \"c 10:200 rwm\"."),
        Shape::Restart => (
            is_restart(value),
            "is no restart policy to Docker. It takes no, always, unless-stopped, and on-failure with :count or without.",
        ),
        Shape::Stream => (
            ["stdin", "stdout", "stderr"].contains(&value.to_ascii_lowercase().as_str()),
            "is no stream to Docker. It takes STDIN, STDOUT and STDERR.",
        ),
        Shape::Label => (is_label(value), "is no label to Docker. A name without spaces comes first."),
        Shape::Pair => (value.contains('='), "is no name=value, which is what Docker takes here."),
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

/// Docker's own program lets through what the kernel has for each container apart.
fn is_sysctl(value: &str) -> bool {
    const KNOWN: &str = "kernel.msgmax kernel.msgmnb kernel.msgmni kernel.sem kernel.shmall kernel.shmmax kernel.shmmni \
        kernel.shm_rmid_forced";
    value.split_once('=').is_some_and(|(name, _)| {
        name.starts_with("net.")
            || name.starts_with("fs.mqueue.")
            || KNOWN.split_ascii_whitespace().any(|known| known == name)
    })
}

/// A kind, two numbers or stars, and up to three letters for what may be done.
fn is_device_rule(value: &str) -> bool {
    let parts: Vec<&str> = value.split(' ').collect();
    let [kind, numbers, access] = parts.as_slice() else { return false };
    let is_number =
        |number: &str| number == "*" || !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    matches!(*kind, "a" | "b" | "c")
        && numbers.split_once(':').is_some_and(|(major, minor)| is_number(major) && is_number(minor))
        && (1..=3).contains(&access.len())
        && access.bytes().all(|letter| matches!(letter, b'r' | b'w' | b'm'))
}

fn is_restart(value: &str) -> bool {
    let (policy, count) = value.split_once(':').unwrap_or((value, ""));
    let count = if count.is_empty() { Some(0) } else { count.parse::<i64>().ok() };
    match policy {
        "" => value.is_empty(),
        "no" | "always" | "unless-stopped" => count == Some(0),
        "on-failure" => count.is_some_and(|count| count >= 0),
        _ => false,
    }
}

/// The name in front of the value, behind spaces that do not count.
fn is_label(value: &str) -> bool {
    let (name, _) = value.split_once('=').unwrap_or((value, ""));
    let name = name.trim_start_matches([' ', '\t']);
    !name.is_empty() && !name.contains([' ', '\t'])
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
        check(
            "sysctl",
            &["net.core.somaxconn=1024", "kernel.sem=1 2", "fs.mqueue.msg_max=5", "kernel.shm_rmid_forced=", "net.=1"],
            &["kernel.core_pattern=x", "net.core.somaxconn", "=1", "vm.swappiness=1", ""],
        );
        check(
            "device-cgroup-rule",
            &["c 10:200 rwm", "a *:* r", "b 8:* wmr", "c 1:3 rrr"],
            &["", "c 10:200", "d 1:1 r", "c 1:1 rwmr", "c 1 r", "c :1 r", "c 1:1  r", "c 1:1 x"],
        );
        check(
            "restart",
            &["", "no", "always", "always:0", "unless-stopped", "on-failure", "on-failure:3", "on-failure:"],
            &[":3", "sometimes", "always:3", "on-failure:x", "on-failure:-1", "No"],
        );
        check("attach", &["STDIN", "stdout"], &["", "both"]);
        check("label", &["a", "a=b c", " a=b", "a="], &["", "=b", "a b=c", " "]);
        check("storage-opt", &["size=1g", "="], &["size", ""]);
        check("name", &["anything", ""], &[]);
    }
}
