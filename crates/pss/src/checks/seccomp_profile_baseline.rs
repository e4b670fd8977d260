//! `seccompProfile` at baseline: nobody asks to go without. Up to 1.18 the annotations decide and the field is not looked
//! at, from 1.19 on it is the other way round.

use watertight_knowledge::annotation;
use watertight_pod::Pair;
use watertight_text::sort;

use crate::look::{Fault, Look, in_security, profile_site, profile_type};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, Setters, go_quoted, plural, quoted};

pub(crate) static CHECK: Check = Check {
    id: "seccompProfile_baseline",
    revisions: &[
        Revision { since: 0, overrides: &[], run: annotations },
        Revision { since: 19, overrides: &[], run: fields },
    ],
    looks_at: &[
        Looked::Pod("securityContext.seccompProfile.type"),
        Looked::Container("securityContext.seccompProfile.type"),
        Looked::Annotation(annotation::SECCOMP_OF_POD),
        Looked::Annotation(annotation::SECCOMP_OF_CONTAINER),
    ],
};

/// Only the annotations of containers that exist count, and an empty one is refused.
fn annotations(look: &Look<'_>) -> Option<Fault> {
    let mut forbidden = Distinct::new();
    let (mut texts, mut places) = (Vec::new(), Vec::new());
    let pod = find(look, annotation::SECCOMP_OF_POD);
    let of_container = |name: &str| find(look, &[annotation::SECCOMP_OF_CONTAINER, name].concat());
    for pair in pod.into_iter().chain(look.containers().filter_map(|container| of_container(&container.name))) {
        // Two containers of one name share an annotation, which is told once.
        if !is_allowed_annotation(&pair.value) && forbidden.insert(&pair.name) {
            texts.push(format!("{}={}", pair.name, go_quoted(&pair.value)));
            places.push(look.in_annotations(&pair.name, pair.site));
        }
    }
    sort::by(&mut texts, Ord::cmp);
    (!texts.is_empty()).then(|| Fault {
        reason: "seccompProfile",
        detail: format!("forbidden {} {}", plural(texts.len(), "annotation", "annotations"), texts.join(", ")),
        places,
    })
}

fn find<'a>(look: &Look<'a>, name: &str) -> Option<&'a Pair> {
    look.pod.annotations(name).pop()
}

fn is_allowed_annotation(value: &str) -> bool {
    matches!(value, "runtime/default" | "docker/default") || value.starts_with("localhost/")
}

/// Who sets a profile that is none, whatever stands elsewhere.
pub(super) fn fields(look: &Look<'_>) -> Option<Fault> {
    let mut setters = Setters::default();
    let mut values = Distinct::new();
    let mut places = Vec::new();
    let pod = &look.pod.security.seccomp;
    if let Some(value) = profile_type(pod).filter(|value| !is_allowed_type(value)) {
        setters.pod = true;
        values.insert(value);
        places.push(look.in_pod_security(profile_site(pod), "seccompProfile.type"));
    }
    for container in look.containers() {
        let profile = &container.security.seccomp;
        if let Some(value) = profile_type(profile).filter(|value| !is_allowed_type(value)) {
            setters.containers.push(&container.name);
            values.insert(value);
            places.push(in_security(container, profile_site(profile), "seccompProfile.type"));
        }
    }
    (!setters.is_empty()).then(|| Fault {
        reason: "seccompProfile",
        detail: format!(
            "{} must not set securityContext.seccompProfile.type to {}",
            setters.words(None),
            quoted(values)
        ),
        places,
    })
}

pub(super) fn is_allowed_type(value: &str) -> bool {
    matches!(value, "RuntimeDefault" | "Localhost")
}
