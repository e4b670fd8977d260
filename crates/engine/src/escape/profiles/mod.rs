//! How the profiles of a container answer: which filter of system calls and which AppArmor profile it runs under.

pub(super) mod apparmor;

use watertight_escape::{Confined, Evidence, Known, Operation};
use watertight_pod::effective::{self, Confinement, Effective, Origin};
use watertight_pod::{Container, Pod};

use super::surroundings::Surroundings;

pub(super) use apparmor::{Cache as ApparmorCache, Shipped as ApparmorDefault, defaults as apparmor_defaults};

/// What a system call's name and arguments are asked of.
type Call<'q> = (&'q str, [u64; 6]);

/// The profiles of one container.
pub(super) struct Profiles<'a> {
    seccomp: Answer<dyn Fn(Call<'_>) -> Known + 'a>,
    apparmor: apparmor::Apparmor<'a>,
    /// What keeps the container from starting, as sentences.
    pub(super) stillborn: Vec<String>,
}

/// How one of them answers.
enum Answer<F: ?Sized> {
    Not(Known),
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
pub(super) fn of<'a>(surroundings: &'a Surroundings<'a>, pod: &'a Pod, container: &'a Container) -> Profiles<'a> {
    let version = surroundings.settings.kube_version;
    let mut stillborn = Vec::new();
    let apparmor = apparmor::of(
        &effective::apparmor(pod, container, version),
        container,
        surroundings.sources,
        &surroundings.apparmor_cache,
        || surroundings.apparmor_defaults(),
        &mut stillborn,
    );
    Profiles { seccomp: seccomp(&effective::seccomp(pod, container, version), container), apparmor, stillborn }
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

/// The line that an effective value comes from.
fn line(origin: Origin) -> Option<Evidence> {
    match origin {
        Origin::Container(span) | Origin::Pod(span) | Origin::Annotation(span) | Origin::ServiceAccount(span) => {
            Some(Evidence { file: None, span, route: None })
        }
        Origin::ApiDefault | Origin::RuntimeDefault => None,
    }
}
