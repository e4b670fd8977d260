use watertight_diagnostic::Finding;
use watertight_pod::Volume;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A projected service-account token whose `expirationSeconds` is more than a day.
    ///
    /// ## Why it matters
    /// The kubelet renews a projected token long before it ends, so a long life brings the program nothing. It brings
    /// much to whoever copies the token once: it is valid outside of the container until it expires, or until the pod is
    /// deleted.
    ///
    /// ## What to do
    /// Set `expirationSeconds` to an hour (3600), which is also what it is when nothing is said.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    ///   volumes:
    ///     - name: token
    ///       projected:
    ///         sources:
    ///           - serviceAccountToken:
    ///               path: token
    ///               expirationSeconds: 31536000
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    ///   volumes:
    ///     - name: token
    ///       projected:
    ///         sources:
    ///           - serviceAccountToken:
    ///               path: token
    ///               expirationSeconds: 3600
    /// ```
    LONG_LIVED_TOKEN = {
        id: "long-lived-token",
        title: "Token that lives long",
        category: Escape,
        severity: Low,
        fixable: false,
        sources: [Attack "T1528"],
        check: Check::Volume(check),
    }
}

/// Seconds of a day.
const DAY: i64 = 86_400;

fn check(subject: &Subject<'_>, volume: &Volume, found: &mut Vec<Finding>) {
    for (lifetime, _) in &volume.projected_tokens {
        let (Some(seconds), Some(site)) = (lifetime.get(), lifetime.site()) else { continue };
        if *seconds <= DAY {
            continue;
        }
        found.push(
            Finding::new(
                &LONG_LIVED_TOKEN.meta,
                subject.place(site.value, volume.route.key("projected")),
                format!("The token in volume \"{}\" is valid for {} days.", volume.name, seconds / DAY),
            )
            .why("Copied once, it works outside of the container until then; the kubelet would renew a short one by itself.")
            .how("Set expirationSeconds to 3600."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{pod, underlined};

    #[test]
    fn more_than_a_day() {
        let with = |seconds: &str| {
            pod(&format!(
                "  volumes: [{{name: a, projected: {{sources: [{{serviceAccountToken: {{path: t, expirationSeconds: {seconds}}}}}]}}}}]"
            ))
        };
        assert_eq!(underlined("long-lived-token", &with("86401")), [("86401", "low")]);
        assert_eq!(underlined("long-lived-token", &with("86400")), []);
    }
}
