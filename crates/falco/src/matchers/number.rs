//! Numbers as the engine's `scanf` reads them.

/// Reads a decimal number into `bits` bits: leading blanks and one sign are allowed, nothing may follow. Numbers beyond
/// 64 bits stop at the largest or smallest, then all but the low bits are lost, so that 65536 is 0 as a port.
///
/// The result is the bits of the number, extended to 64 by its sign when `signed`.
pub fn scan(text: &str, bits: u32, signed: bool) -> Option<u64> {
    let digits = text.trim_start_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']);
    let negative = digits.starts_with('-');
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let parsed = digits.parse::<u64>();
    let wide = match (parsed, signed, negative) {
        (Ok(number), false, false) => number,
        (Ok(number), false, true) => number.wrapping_neg(),
        (Err(_), false, _) => u64::MAX,
        (number, true, negative) => {
            let limit = if negative { i64::MIN.unsigned_abs() } else { i64::MAX.unsigned_abs() };
            let number = number.unwrap_or(u64::MAX).min(limit);
            if negative { number.wrapping_neg() } else { number }
        }
    };
    Some(narrow(wide, bits, signed))
}

/// Keeps the low bits of a number and extends them to 64 again.
pub fn narrow(number: u64, bits: u32, signed: bool) -> u64 {
    let lost = 64 - bits.clamp(1, 64);
    let shifted = number << lost;
    if signed { (shifted.cast_signed() >> lost).cast_unsigned() } else { shifted >> lost }
}

/// What the engine says of a text that is no number.
pub fn invalid(text: &str) -> String {
    [text, " is not a valid number"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, bits: u32, signed: bool, expected: Option<i64>) {
        assert_eq!(scan(text, bits, signed), expected.map(i64::cast_unsigned), "{text}");
    }

    #[test]
    fn numbers_are_read() {
        check("5", 64, true, Some(5));
        check(" +01", 64, true, Some(1));
        check("-13", 64, true, Some(-13));
        for text in ["", "-", "5 ", "5abc", "1.0", "0x10", "--1", "+-1", "1e3"] {
            check(text, 64, true, None);
        }
    }

    #[test]
    fn numbers_wrap() {
        check("65536", 16, false, Some(0));
        check("-1", 32, false, Some(4_294_967_295));
        check("300", 8, true, Some(44));
        check("200", 8, true, Some(-56));
        check("99999999999999999999", 64, true, Some(i64::MAX));
        check("-99999999999999999999", 64, true, Some(i64::MIN));
        check("99999999999999999999", 64, false, Some(-1));
    }
}
