//! Floating-point numbers, as Go reads and writes them.
//!
//! What [`simple`] and [`whole`] take is arithmetic alone: the tables by which the standard library reads and writes every
//! number are a tenth of the part of the engine that a page fetches first, and manifests hardly ever need them.

/// Powers of ten that a float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Up to here every whole number is a float.
const EXACT: u64 = 1 << 53;

/// Whether this is `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
pub(crate) fn is_decimal(text: &str) -> bool {
    parts(text).is_some()
}

/// The digits before the dot, those behind it, and the exponent with its sign.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => (body.get(..at)?, Some(body.get(at + 1..)?)),
        None => (body, None),
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let mantissa_fits = digits(before) && digits(after) && !(before.is_empty() && after.is_empty());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    (mantissa_fits && exponent_fits).then(|| (before, after, exponent.unwrap_or("0")))
}

/// The value of a [decimal](is_decimal) number, where one multiplication or division tells it: both operands are exact, so the
/// result is the float that is nearest to what is written. `None` where it takes more.
///
/// Source: W. D. Clinger, "How to read floating point numbers accurately", 1990.
pub(crate) fn simple(text: &str) -> Option<f64> {
    let (before, after, exponent) = parts(text)?;
    let mut mantissa = 0u64;
    for digit in before.bytes().chain(after.bytes()) {
        mantissa = mantissa.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
    }
    if mantissa > EXACT {
        return None;
    }
    let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(after.len()).ok()?)?;
    let power = *POWERS.get(exponent.unsigned_abs() as usize)?;
    let value = if exponent < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
    Some(if text.starts_with('-') { -value } else { value })
}

/// The value of a [decimal](is_decimal) number; `None` where it is beyond every float.
pub(crate) fn read(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A float as a whole number when Go writes it without a fraction and it then fits 64 bits.
pub(crate) fn whole(float: f64) -> Option<i64> {
    // 2^63 itself is written with digits that stand for more than an i64 holds.
    const END: f64 = (1u64 << 63) as f64;
    if float.fract() != 0.0 || float.abs() >= END {
        return None;
    }
    let size = float.abs() as u64;
    if size <= EXACT {
        return Some(float as i64);
    }
    // Beyond, Go writes the fewest digits that name the float, and zeros behind them.
    let digits = (0..19).rev().map(|zeros| 10u64.pow(zeros)).find_map(|unit| {
        let below = size / unit * unit;
        let nearest = if size - below > unit / 2 { below + unit } else { below };
        (nearest as f64 == float.abs()).then_some(nearest)
    })?;
    let digits = i64::try_from(digits).ok()?;
    Some(if float < 0.0 { -digits } else { digits })
}

/// A float key as sigs.k8s.io/yaml spells it: Go's `FormatFloat(x, 'g', -1, 32)`.
pub(crate) fn key(float: f64) -> String {
    let narrow = float as f32;
    if narrow.is_nan() {
        return ".nan".to_owned();
    }
    if narrow.is_infinite() {
        return if narrow > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{narrow:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    narrow.to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How Go's shortest digits were found before: by the standard library's.
    fn whole_by_text(float: f64) -> Option<i64> {
        if float.fract() != 0.0 || float.abs() >= 1e21 {
            return None;
        }
        float.to_string().parse().ok()
    }

    #[test]
    fn what_is_simple() {
        for text in ["0.5", "1e3", "-0.0", "+1.25", "100.", ".5", "9007199254740992", "1e22", "3E-22", "00.10", "0e0"] {
            assert_eq!(simple(text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{text}");
        }
        for text in [
            "9007199254740993",
            "1e23",
            "1e-23",
            "0.1234567890123456789",
            "1e99999999999",
            "1e-400",
            "x",
            "",
            ".",
            "1e",
        ] {
            assert_eq!(simple(text), None, "{text}");
        }
    }

    #[test]
    fn the_ends_of_whole_numbers() {
        for power in 50..70 {
            let around = 2f64.powi(power);
            for float in [around.next_down(), around, around.next_up(), -around.next_down(), -around, -around.next_up()]
            {
                assert_eq!(whole(float), whole_by_text(float), "{float}");
            }
        }
        for float in
            [0.0, -0.0, 0.5, 1e15, 1e16, 1e17, 1e18, 9e18, 123_456_789_012_345_680.0, f64::MAX, f64::MIN_POSITIVE]
        {
            assert_eq!(whole(float), whole_by_text(float), "{float}");
        }
        for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(whole(float), None);
        }
    }

    proptest! {
        #[test]
        fn the_simple_way_is_exact(text in "[-+]?[0-9]{1,12}(\\.[0-9]{0,8})?([eE][-+]?[0-9]{1,2})?") {
            if let Some(value) = simple(&text) {
                prop_assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits());
            }
        }

        #[test]
        fn whole_numbers_are_written_as_go_does(size in 0u64..=u64::MAX, shift in 0u32..12) {
            let float = (size >> shift) as f64;
            prop_assert_eq!(whole(float), whole_by_text(float));
            prop_assert_eq!(whole(-float), whole_by_text(-float));
        }
    }
}
