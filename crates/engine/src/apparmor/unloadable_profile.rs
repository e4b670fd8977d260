use watertight_diagnostic::{Finding, declare_meta};

use super::pods::Asked;

declare_meta! {
    /// ## What it finds
    /// A pod that asks for an AppArmor profile out of a file that `apparmor_parser` refuses.
    ///
    /// ## Why it matters
    /// A refused file is not loaded, and the kubelet does not start a container whose profile is not loaded. Where an older
    /// version of the profile is still loaded, that one goes on to hold.
    ///
    /// ## What to do
    /// Mend the file. Its own findings say where.
    ///
    /// ## Bad
    /// A pod with `localhostProfile: web` beside a file with `profile web { /etc/hosts r }`.
    ///
    /// ## Good
    /// A pod with `localhostProfile: web` beside a file with `profile web { /etc/hosts r, }`.
    UNLOADABLE_PROFILE = {
        id: "apparmor-unloadable-profile",
        title: "A pod asks for a profile that cannot be loaded",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(asked: &Asked<'_>) -> Option<Finding> {
    let named = asked.named?;
    let refusal = named.profiles.resolved.refusals.iter().find(|refusal| refusal.is_the_parsers())?;
    let what =
        ["Container `", asked.container, "` asks for the AppArmor profile `", asked.name, "`, which cannot be loaded."];
    let mut place = named.location("refused by apparmor_parser");
    place.span = named.profiles.place(refusal.origin.shown);
    let finding = Finding::new(&UNLOADABLE_PROFILE, asked.location.clone(), what.concat());
    let why = "apparmor_parser refuses the file, and a container does not start when its profile is not loaded.";
    Some(finding.why(why).how("Mend the profile first.").related(place).in_container(asked.container))
}
