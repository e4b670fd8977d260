use watertight_diagnostic::{Finding, declare_meta};

use super::pods::Asked;

declare_meta! {
    /// ## What it finds
    /// A pod that asks for a seccomp profile by a path at whose end none of the other files stands.
    ///
    /// ## Why it matters
    /// The runtime looks for the file below the kubelet's folder, `/var/lib/kubelet/seccomp`, when it makes the container.
    /// If it is not there, the container does not start. The kubelet does not look, and the API server even less.
    ///
    /// ## What to do
    /// Correct the path in the pod, or open the file that holds the profile. Nothing is said when no profile was given at
    /// all.
    ///
    /// ## Bad
    /// A pod with `localhostProfile: profiles/web.json` beside a profile in a file `website.json`.
    ///
    /// ## Good
    /// A pod with `localhostProfile: profiles/web.json` beside a profile in a file `web.json`.
    UNKNOWN_PROFILE = {
        id: "seccomp-unknown-profile",
        title: "A pod asks for a seccomp profile that is not there",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

/// Names of profiles that are shown.
pub(super) const SHOWN: usize = 10;

/// `names` are those of the first profiles that there are.
pub(super) fn check(asked: &Asked<'_>, names: &[String]) -> Option<Finding> {
    if names.is_empty() {
        return None;
    }
    let what = [&asked.head(), ", which no file holds."].concat();
    let shown = names.join(", ");
    let how = ["Correct the path, or open the file that holds the profile. There are: ", &shown, "."].concat();
    let finding = Finding::new(&UNKNOWN_PROFILE, asked.location.clone(), what)
        .why("A container does not start when its profile is not in the kubelet's folder on the node.")
        .how(how);
    Some(finding.in_container(&asked.container.name))
}
