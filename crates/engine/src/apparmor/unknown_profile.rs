use std::borrow::Cow;

use watertight_diagnostic::{Finding, declare_meta};

use super::pods::Asked;

declare_meta! {
    /// ## What it finds
    /// A pod that asks for an AppArmor profile by a name that none of the profiles in the other files has.
    ///
    /// ## Why it matters
    /// The kubelet does not start a container whose profile is not loaded on the node. The name that counts is the one
    /// behind the word `profile`, not that of the file.
    ///
    /// ## What to do
    /// Correct the name in the pod, or open the file that holds the profile. Nothing is said when no profile was given at
    /// all.
    ///
    /// ## Bad
    /// A pod with `localhostProfile: web` beside a file with `profile webserver { … }`.
    ///
    /// ## Good
    /// A pod with `localhostProfile: web` beside a file with `profile web { … }`.
    UNKNOWN_PROFILE = {
        id: "apparmor-unknown-profile",
        title: "A pod asks for a profile that is not there",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
    }
}

/// Names of profiles that are shown.
pub(super) const SHOWN: usize = 10;

/// `names` are those of the first profiles that there are; `None` when a profile may be meant that is not known here.
pub(super) fn check(asked: &Asked<'_>, names: Option<&[Cow<'_, str>]>) -> Option<Finding> {
    let names = names.filter(|_| asked.named.is_none())?;
    let what =
        ["Container `", asked.container, "` asks for the AppArmor profile `", asked.name, "`, which no file holds."];
    let mut how = String::from("Correct the name, or open the file that holds the profile.");
    if !names.is_empty() {
        how.push_str(" There are: ");
        how.push_str(&names.join(", "));
        how.push('.');
    }
    let finding = Finding::new(&UNKNOWN_PROFILE, asked.location.clone(), what.concat());
    let why = "A container does not start when its profile is not loaded on the node.";
    Some(finding.why(why).how(how).in_container(asked.container))
}
