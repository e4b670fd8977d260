use watertight_diagnostic::{Finding, Severity, declare_meta};

use super::pods::Asked;

declare_meta! {
    /// ## What it finds
    /// A pod whose AppArmor profile refuses nothing, or next to nothing: it has the flag `complain`, `unconfined` or
    /// `default_allow`.
    ///
    /// ## Why it matters
    /// In complain mode what no rule permits is logged and goes through; only an explicit `deny` still holds. A profile
    /// with `unconfined` confines nothing. The runtime's default profile, which the pod would have without this one,
    /// confines more.
    ///
    /// ## What to do
    /// Take the flag away once the profile has learnt what the program needs.
    ///
    /// ## Bad
    /// A pod with `localhostProfile: web` beside a file with `profile web flags=(complain) { … }`.
    ///
    /// ## Good
    /// A pod with `localhostProfile: web` beside a file with `profile web flags=(attach_disconnected) { … }`.
    UNENFORCED_PROFILE = {
        id: "apparmor-unenforced-profile",
        title: "A profile that does not enforce",
        category: Hardening,
        severity: High,
        fixable: false,
        sources: [Attack "T1611"],
    }
}

pub(super) fn check(asked: &Asked<'_>) -> Option<Finding> {
    let named = asked.named?;
    let lax = |flag: &&str| matches!(*flag, "complain" | "unconfined" | "default_allow");
    let flag = named.profile.flags.iter().map(|flag| flag.value.as_str()).find(lax)?;
    let what =
        ["The AppArmor profile `", asked.name, "` of container `", asked.container, "` has the flag `", flag, "`."];
    let why = match flag {
        "complain" => "What no rule permits is logged and goes through all the same; only `deny` rules hold.",
        "unconfined" => "Such a profile confines nothing.",
        _ => "Whatever no rule denies is permitted.",
    };
    let severity = if flag == "complain" { Severity::Medium } else { Severity::High };
    let finding = Finding::new(&UNENFORCED_PROFILE, asked.location.clone(), what.concat()).severity(severity);
    let how = "Take the flag away, or use the runtime's default profile meanwhile.";
    Some(finding.why(why).how(how).related(named.location("not enforced")).in_container(asked.container))
}
