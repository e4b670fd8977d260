//! How the profiles of a container answer: which filter of system calls and which AppArmor profile it runs under.

pub(super) mod apparmor;
mod seccomp;

use watertight_escape::{Confined, Evidence, Known, Operation, Refused};
use watertight_pod::effective::{self, Origin};
use watertight_pod::{Container, Pod};

use super::surroundings::Surroundings;

pub(super) use apparmor::{Cache as ApparmorCache, Shipped as ApparmorDefault, defaults as apparmor_defaults};

/// What a system call's name and arguments are asked of.
type Call<'q> = (&'q str, [u64; 6]);

/// The profiles of one container.
pub(super) struct Profiles<'a> {
    seccomp: seccomp::Seccomp<'a>,
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
        match &self.seccomp.answer {
            Answer::Not(known) => Confined::Not(known),
            Answer::By(answer) => Confined::By(answer),
            Answer::Unknown(known) => Confined::Unknown(known),
        }
    }

    pub(super) fn refused(&self) -> Option<Refused<'_>> {
        self.seccomp.refused.as_deref().map(|refused| refused as Refused<'_>)
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
    let seccomp = seccomp::of(surroundings, pod, container, &mut stillborn);
    Profiles { seccomp, apparmor, stillborn }
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
