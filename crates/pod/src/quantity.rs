//! Amounts such as `500m` and `128Mi`.
//!
//! Source: `ParseQuantity` in `pkg/api/resource/quantity.go` of k8s.io/apimachinery.

use watertight_text::shortened;

use crate::value::is_placeholder;

/// Bytes that are shown of what is no amount.
const SHOWN: usize = 60;
/// What may stand behind the number: thousandths and the like, powers of 1000, powers of 1024.
const UNITS: [&str; 16] = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// Whether the API server reads a text as an amount. Without any number a unit counts as none of it, which is rarely meant
/// and not refused.
///
/// ```
/// use watertight_pod::quantity::is_valid;
///
/// assert!(["100m", "1Ki", "5E", "1e9", "0.5", "-1"].into_iter().all(is_valid));
/// assert!(!["128MB", "1 Gi", "1K", "lots", ""].into_iter().any(is_valid));
/// ```
pub fn is_valid(text: &str) -> bool {
    // What is escaped in JSON is no blank to the API server.
    let text = text.trim_matches(|c: char| c == ' ' || !c.is_ascii() && c.is_whitespace());
    !text.is_empty() && is_unit(number_and_rest(text).1)
}

/// Whether a text is an amount, or something stands there that may become one: `${MEMORY}`.
pub fn may_be(text: &str) -> bool {
    is_valid(text) || is_placeholder(text)
}

/// Why a text is no amount, and what to write instead.
pub(crate) fn refusal(text: &str) -> String {
    let shown = shortened(text, SHOWN);
    match meant(text) {
        Some(meant) => format!("\"{shown}\" is no amount that Kubernetes reads. Write {meant}."),
        None => format!(
            "\"{shown}\" is no amount that Kubernetes reads. Write a number, with m, k, M, G, T, Ki, Mi, Gi or Ti behind it \
             where it needs a unit."
        ),
    }
}

fn number_and_rest(text: &str) -> (&str, &str) {
    let digits = |text| str::trim_start_matches(text, |c: char| c.is_ascii_digit());
    let whole = digits(text.strip_prefix(['+', '-']).unwrap_or(text));
    let rest = whole.strip_prefix('.').map_or(whole, digits);
    text.split_at_checked(text.len() - rest.len()).unwrap_or((text, ""))
}

fn is_unit(unit: &str) -> bool {
    let is_exponent = || unit.strip_prefix(['e', 'E']).is_some_and(|exponent| exponent.parse::<i64>().is_ok());
    UNITS.contains(&unit) || is_exponent()
}

/// The amount that somebody had in mind who wrote blanks, a decimal comma, `MB` or a unit in another letter case.
fn meant(text: &str) -> Option<String> {
    let text = shortened(text, SHOWN);
    let mut plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !plain.contains('.') && plain.matches(',').count() == 1 {
        plain = plain.replace(',', ".");
    }
    let (number, unit) = number_and_rest(&plain);
    if number.is_empty() {
        return None;
    }
    if is_unit(unit) {
        return Some(plain);
    }
    let small = unit.to_ascii_lowercase();
    let small = small.strip_suffix("ytes").map_or(&*small, |_| small.trim_end_matches("ytes"));
    let small = small.strip_suffix('b').unwrap_or(small);
    let power = UNITS.into_iter().skip(4).find(|power| power.eq_ignore_ascii_case(small));
    match power {
        Some(power) if power.ends_with('i') => Some([number, power].concat()),
        Some(power) => {
            let binary = power.to_ascii_uppercase();
            Some(format!("{number}{power}, or {number}{binary}i"))
        }
        None => small.is_empty().then(|| number.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_valid, refusal};

    #[test]
    fn amounts_as_the_api_server_reads_them() {
        for text in [
            "0", "1", "+1", "-1", "007", "0.5", ".5", "1.", "1.G", "100m", "5n", "5u", "1k", "128M", "1G", "2T", "3P",
            "5E", "1Ki", "128Mi", "1.5Gi", "1Ti", "1Pi", "7Ei", "1e9", "1E9", "1e+09", "1e-3", "12e6", " 5Mi ", "m",
            "-",
        ] {
            assert!(is_valid(text), "{text}");
        }
        for text in [
            "",
            " ",
            "lots",
            "128MB",
            "512M B",
            "1 Gi",
            "1K",
            "1mi",
            "1GI",
            "1gi",
            "1kb",
            "0,5",
            "1_000",
            "1.2.3",
            "1e",
            "1e1.5",
            "1e99999999999999999999",
            "0x10",
            "5Mi\n",
            "½",
            "１",
        ] {
            assert!(!is_valid(text), "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_proposed() {
        for (text, proposed) in [
            ("128MB", "128M, or 128Mi"),
            ("512M B", "512M, or 512Mi"),
            ("1gb", "1G, or 1Gi"),
            ("64K", "64k, or 64Ki"),
            ("2GiB", "2Gi"),
            ("1 Gi", "1Gi"),
            ("1GI", "1Gi"),
            ("512 bytes", "512"),
            ("0,5", "0.5"),
        ] {
            let expected = format!("\"{text}\" is no amount that Kubernetes reads. Write {proposed}.");
            assert_eq!(refusal(text), expected);
        }
        let long = "x".repeat(1_000_000);
        for text in ["lots", "MB", "1 core", "", &long] {
            let refusal = refusal(text);
            assert!(refusal.contains("Write a number") && refusal.len() < 300, "{refusal}");
        }
    }
}
