//! How the profiles of a container answer: which filter of system calls and which AppArmor profile it runs under.

use watertight_escape::{Confined, Evidence, Known, Operation};
use watertight_pod::effective::{self, Confinement, Effective, Origin};
use watertight_pod::{Container, Pod};

use super::surroundings::Surroundings;
use crate::source::Source;

/// What a system call's name and arguments are asked of.
type Call<'q> = (&'q str, [u64; 6]);

/// The profiles of one container.
pub(super) struct Profiles<'a> {
    seccomp: Answer<dyn Fn(Call<'_>) -> Known + 'a>,
    apparmor: Answer<dyn Fn(Operation<'_>) -> Known + 'a>,
    /// What keeps the container from starting, as sentences.
    pub(super) stillborn: Vec<String>,
}

/// How one of them answers.
enum Answer<F: ?Sized> {
    Not(Known),
    #[allow(dead_code, reason = "profiles that decide are joined as soon as they are resolved")]
    By(Box<F>),
    Unknown(Known),
}

impl Profiles<'_> {
    pub(super) fn seccomp(&self) -> Confined<'_, Call<'_>> {
        match &self.seccomp {
            Answer::Not(known) => Confined::Not(known),
            Answer::By(answer) => Confined::By(answer),
            Answer::Unknown(known) => Confined::Unknown(known),
        }
    }

    pub(super) fn apparmor(&self) -> Confined<'_, Operation<'_>> {
        match &self.apparmor {
            Answer::Not(known) => Confined::Not(known),
            Answer::By(answer) => Confined::By(answer),
            Answer::Unknown(known) => Confined::Unknown(known),
        }
    }
}

/// Finds the profiles of a container.
pub(super) fn of<'a>(
    surroundings: &'a Surroundings<'_>,
    _source: &'a Source<'_>,
    pod: &'a Pod,
    container: &'a Container,
) -> Profiles<'a> {
    let version = surroundings.settings.kube_version;
    Profiles {
        seccomp: seccomp(&effective::seccomp(pod, container, version), container),
        apparmor: apparmor(&effective::apparmor(pod, container, version), container),
        stillborn: Vec::new(),
    }
}

fn seccomp<'a>(profile: &Effective<Confinement<'_>>, container: &Container) -> Answer<dyn Fn(Call<'_>) -> Known + 'a> {
    let line = line(profile.origin);
    match profile.value {
        Some(Confinement::Unconfined) if container.security.privileged.is_true() => {
            Answer::Not(Known::new(true, "a privileged container runs without a seccomp filter").at(line))
        }
        Some(Confinement::Unconfined) => Answer::Not(Known::new(true, "its seccomp profile is Unconfined").at(line)),
        Some(Confinement::RuntimeDefault) => Answer::Unknown(
            Known::unknown("the runtime's seccomp profile decides", "Paste the profile that the runtime loads.")
                .at(line),
        ),
        Some(Confinement::Localhost(name)) => Answer::Unknown(
            Known::unknown(["its seccomp profile ", name, " is not among the files"].concat(), "Paste the profile.")
                .at(line),
        ),
        None => Answer::Unknown(
            Known::unknown(
                "it names no seccomp profile, and kubelets filter nothing then unless they are told to",
                "Set seccompProfile, or look whether the kubelet runs with seccompDefault: true.",
            )
            .at(line),
        ),
    }
}

fn apparmor<'a>(
    profile: &Effective<Confinement<'_>>,
    container: &Container,
) -> Answer<dyn Fn(Operation<'_>) -> Known + 'a> {
    let line = line(profile.origin);
    match profile.value {
        Some(Confinement::Unconfined) if container.security.privileged.is_true() => {
            Answer::Not(Known::new(true, "a privileged container runs without an AppArmor profile").at(line))
        }
        Some(Confinement::Unconfined) => Answer::Not(Known::new(true, "its AppArmor profile is Unconfined").at(line)),
        Some(Confinement::RuntimeDefault) => Answer::Unknown(
            Known::unknown("the runtime's AppArmor profile decides", "Paste the profile that the runtime loads.")
                .at(line),
        ),
        Some(Confinement::Localhost(name)) => Answer::Unknown(
            Known::unknown(["its AppArmor profile ", name, " is not among the files"].concat(), "Paste the profile.")
                .at(line),
        ),
        None => {
            Answer::Unknown(Known::unknown("its AppArmor profile cannot be told", "Write the profile out.").at(line))
        }
    }
}

/// The line that an effective value comes from.
fn line(origin: Origin) -> Option<Evidence> {
    match origin {
        Origin::Container(span) | Origin::Pod(span) | Origin::Annotation(span) | Origin::ServiceAccount(span) => {
            Some(Evidence { file: None, span, route: None })
        }
        Origin::ApiDefault | Origin::RuntimeDefault => None,
    }
}
