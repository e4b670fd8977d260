//! `appArmorProfile`: fields at every version, and the annotations from before 1.30, for containers that do not exist
//! too.

use watertight_knowledge::annotation;
use watertight_pod::Pair;
use watertight_text::sort;

use crate::look::{Fault, Look, in_security, profile_site, profile_type};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, Setters, go_quoted, plural, quoted};

pub(crate) static CHECK: Check = Check {
    id: "appArmorProfile",
    revisions: &[Revision { since: 0, overrides: &[], run: check }],
    looks_at: &[
        Looked::Pod("securityContext.appArmorProfile.type"),
        Looked::Container("securityContext.appArmorProfile.type"),
        Looked::Annotation(annotation::APPARMOR_OF_CONTAINER),
    ],
};

fn check(look: &Look<'_>) -> Option<Fault> {
    let mut setters = Setters::default();
    let mut values = Distinct::new();
    let mut places = Vec::new();
    let pod = &look.pod.security.apparmor;
    if let Some(value) = profile_type(pod).filter(|value| !is_allowed_type(value)) {
        setters.pod = true;
        values.insert(value);
        places.push(look.in_pod_security(profile_site(pod), "appArmorProfile.type"));
    }
    for container in look.containers() {
        let profile = &container.security.apparmor;
        if let Some(value) = profile_type(profile).filter(|value| !is_allowed_type(value)) {
            setters.containers.push(&container.name);
            values.insert(value);
            places.push(in_security(container, profile_site(profile), "appArmorProfile.type"));
        }
    }
    let mut annotations = Vec::new();
    for pair in forbidden_annotations(&look.pod.metadata.annotations) {
        annotations.push(format!("{}={}", pair.name, go_quoted(&pair.value)));
        places.push(look.in_annotations(&pair.name, pair.site));
    }
    sort::by(&mut annotations, Ord::cmp);
    if setters.is_empty() && annotations.is_empty() {
        return None;
    }
    let noun = plural(annotations.len(), "annotation", "annotations");
    let setters = setters.words((!annotations.is_empty()).then_some(noun));
    let values: Vec<&str> = values.into_iter().chain(annotations.iter().map(String::as_str)).collect();
    Some(Fault {
        reason: plural(values.len(), "forbidden AppArmor profile", "forbidden AppArmor profiles"),
        detail: format!("{setters} must not set AppArmor profile type to {}", quoted(values)),
        places,
    })
}

fn is_allowed_type(value: &str) -> bool {
    matches!(value, "RuntimeDefault" | "Localhost")
}

fn forbidden_annotations(annotations: &[Pair]) -> impl Iterator<Item = &Pair> {
    annotations
        .iter()
        .filter(|pair| pair.name.starts_with(annotation::APPARMOR_OF_CONTAINER) && !is_allowed_annotation(&pair.value))
}

fn is_allowed_annotation(value: &str) -> bool {
    value.is_empty() || value == "runtime/default" || value.starts_with("localhost/")
}
