use watertight_diagnostic::{Finding, declare_meta};
use watertight_seccomp::Refusal;

use super::Place;
use super::pods::{Asked, head};

declare_meta! {
    /// ## What it finds
    /// A pod that asks for a seccomp profile which the runtime refuses.
    ///
    /// ## Why it matters
    /// The profile is only read when the container is made. It does not start, and the kubelet tries again and again.
    ///
    /// ## What to do
    /// Mend the profile. Its own findings say where.
    ///
    /// ## Bad
    /// A pod with `localhostProfile: web.json` beside a file `web.json` with an action `SCMP_ACT_DENY`.
    ///
    /// ## Good
    /// The same with `SCMP_ACT_ERRNO`.
    REFUSED_PROFILE = {
        id: "seccomp-refused-profile",
        title: "A pod asks for a seccomp profile that the runtime refuses",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(asked: &Asked<'_>, place: &Place<'_>, refusal: &Refusal) -> Finding {
    let what = [&asked.head(), ", which the runtime refuses: ", &refusal.to_string(), "."].concat();
    Finding::new(&REFUSED_PROFILE, asked.location.clone(), what)
        .why("The container does not start, and the kubelet tries again and again.")
        .how("Mend the profile first.")
        .related(head(place))
        .in_container(&asked.container.name)
}
