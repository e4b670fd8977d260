//! Resource limits.

/// What is counted, which decides the units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Seconds of processor time, or with a unit.
    Seconds,
    /// Microseconds, or with a unit.
    Microseconds,
    /// A plain number.
    Count,
    /// -20 to 19.
    Nice,
    /// Bytes, or with a unit.
    Bytes,
}

/// Limits by name.
pub const LIMITS: &[(&str, Measure)] = &[
    ("cpu", Measure::Seconds),
    ("rttime", Measure::Microseconds),
    ("nofile", Measure::Count),
    ("ofile", Measure::Count),
    ("nproc", Measure::Count),
    ("locks", Measure::Count),
    ("sigpending", Measure::Count),
    ("rtprio", Measure::Count),
    ("nice", Measure::Nice),
    ("fsize", Measure::Bytes),
    ("data", Measure::Bytes),
    ("stack", Measure::Bytes),
    ("core", Measure::Bytes),
    ("rss", Measure::Bytes),
    ("as", Measure::Bytes),
    ("memlock", Measure::Bytes),
    ("msgqueue", Measure::Bytes),
];

/// Units of time, in microseconds.
pub const TIMES: &[(&str, i64)] = &[
    ("us", 1),
    ("microsecond", 1),
    ("microseconds", 1),
    ("ms", 1_000),
    ("millisecond", 1_000),
    ("milliseconds", 1_000),
    ("s", 1_000_000),
    ("sec", 1_000_000),
    ("second", 1_000_000),
    ("seconds", 1_000_000),
    ("min", 60_000_000),
    ("minute", 60_000_000),
    ("minutes", 60_000_000),
    ("h", 3_600_000_000),
    ("hour", 3_600_000_000),
    ("hours", 3_600_000_000),
    ("d", 86_400_000_000),
    ("day", 86_400_000_000),
    ("days", 86_400_000_000),
    ("week", 604_800_000_000),
    ("weeks", 604_800_000_000),
];

/// What a limit counts.
pub fn measure(name: &str) -> Option<Measure> {
    LIMITS.iter().find(|&&(limit, _)| limit == name).map(|&(_, measure)| measure)
}
