//! Signals.

/// Signals by name, with AppArmor's own number, which is that of x86 Linux where there is one.
pub const SIGNALS: &[(&str, u8)] = &[
    ("hup", 1),
    ("int", 2),
    ("quit", 3),
    ("ill", 4),
    ("trap", 5),
    ("abrt", 6),
    ("bus", 7),
    ("fpe", 8),
    ("kill", 9),
    ("usr1", 10),
    ("segv", 11),
    ("usr2", 12),
    ("pipe", 13),
    ("alrm", 14),
    ("term", 15),
    ("stkflt", 16),
    ("chld", 17),
    ("cont", 18),
    ("stop", 19),
    ("stp", 20),
    ("tstp", 20),
    ("ttin", 21),
    ("ttou", 22),
    ("urg", 23),
    ("xcpu", 24),
    ("xfsz", 25),
    ("vtalrm", 26),
    ("prof", 27),
    ("winch", 28),
    ("io", 29),
    ("poll", 29),
    ("pwr", 30),
    ("sys", 31),
    ("emt", 32),
    ("exists", 35),
];

/// The first of the real-time signals, `rtmin+0`.
const REAL_TIME: u8 = 128;

/// The number of a signal, `rtmin+N` included. N is at most 32.
pub fn number(name: &str) -> Option<u8> {
    if let Some(offset) = name.strip_prefix("rtmin+") {
        // As C reads numbers: what stands behind the digits does not matter, and no digits mean 0.
        let digits: String =
            offset.trim_start().trim_start_matches('+').chars().take_while(char::is_ascii_digit).collect();
        let offset = if digits.is_empty() { 0 } else { digits.parse::<u8>().ok()? };
        return (offset <= 32).then(|| REAL_TIME + offset);
    }
    SIGNALS.iter().find(|&&(signal, _)| signal == name).map(|&(_, number)| number)
}
