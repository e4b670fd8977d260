use watertight_diagnostic::{Finding, declare_meta};

use super::look::Look;

declare_meta! {
    /// ## What it finds
    /// A value of another type than the runtime expects: a text for a number, a number for a list.
    ///
    /// ## Why it matters
    /// The runtimes decode the file strictly. One such value, and the profile is refused and no container with it starts.
    /// Numbers are whole and have neither a sign nor an exponent.
    ///
    /// ## What to do
    /// Write what is expected.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": "read", "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ERRNO",
    ///   "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
    /// }
    /// ```
    WRONG_TYPE = {
        id: "seccomp-wrong-type",
        title: "A value of the wrong type",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    for fault in &look.faults {
        let what = [fault.expected, " is expected here."].concat();
        let what = match what.split_at_checked(1) {
            Some((first, rest)) => [&first.to_ascii_uppercase(), rest].concat(),
            None => what,
        };
        found.push(
            Finding::new(&WRONG_TYPE, look.at(fault.span, &fault.route, ""), what)
                .why("The runtime refuses the file, and no container with this profile starts.")
                .how("Write what is expected."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, profile};

    #[test]
    fn numbers() {
        let arg = |value: &str| {
            profile(&[&format!(
                "\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{{\"index\": 0, \"value\": {value}, \"op\": \"SCMP_CMP_EQ\"}}]"
            )])
        };
        for bad in ["-1", "1.0", "1e3", "\"1\"", "18446744073709551616", "[1]"] {
            check("seccomp-wrong-type", &arg(bad), &[bad]);
        }
        check("seccomp-wrong-type", &arg("18446744073709551615"), &[]);
    }
}
