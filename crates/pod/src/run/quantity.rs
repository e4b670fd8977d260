//! Quantities of Kubernetes in the units of container engines.

/// Memory: `256Mi` is `256m`.
pub(crate) fn memory(quantity: &str) -> Option<String> {
    let (number, unit) = quantity.split_at_checked(quantity.len().checked_sub(2)?)?;
    let letter = match unit {
        "Ki" => "k",
        "Mi" => "m",
        "Gi" => "g",
        _ => return None,
    };
    number.bytes().all(|digit| digit.is_ascii_digit()).then(|| [number, letter].concat())
}

/// Processor time in processors: `500m` is `0.5`.
pub(crate) fn cpus(quantity: &str) -> Option<String> {
    match quantity.strip_suffix('m') {
        Some(thousandths) => {
            let thousandths: u32 = thousandths.parse().ok()?;
            let decimal = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            Some(decimal.trim_end_matches('0').trim_end_matches('.').to_owned())
        }
        None => quantity.parse::<u32>().ok().map(|whole| whole.to_string()),
    }
}

/// Memory in bytes: `1Ki` is 1024.
pub(crate) fn bytes(quantity: &str) -> Option<i64> {
    let (number, unit) = quantity.split_at_checked(quantity.len().checked_sub(2)?)?;
    let shift = match unit {
        "Ki" => 10,
        "Mi" => 20,
        "Gi" => 30,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(1 << shift)
}

/// Processor time in thousandths of a processor: `500m` is 500.
pub(crate) fn thousandths(quantity: &str) -> Option<i64> {
    match quantity.strip_suffix('m') {
        Some(thousandths) => thousandths.parse::<u32>().ok().map(i64::from),
        None => quantity.parse::<u32>().ok().map(|whole| i64::from(whole) * 1000),
    }
}
