//! Texts into which Tekton puts something: they say nothing yet.

use crate::{Field, Pod};

/// Whether Tekton puts something into a text: `$(params.path)`.
fn is_substituted(text: &str) -> bool {
    text.contains("$(")
}

/// Texts into which Tekton puts something say nothing yet.
///
/// Source: `pkg/substitution/substitution.go` of tektoncd/pipeline.
pub(super) fn hide(pod: &mut Pod) {
    let hide_text = |field: &mut Field<String>| {
        if let Field::Set(text, site) = field
            && is_substituted(text)
        {
            *field = Field::Unreadable(*site);
        }
    };
    hide_text(&mut pod.service_account);
    hide_text(&mut pod.runtime_class);
    for container in &mut pod.containers {
        hide_text(&mut container.image);
    }
    for volume in &mut pod.volumes {
        if let Field::Set(path, _) = &mut volume.host_path {
            hide_text(&mut path.path);
        }
    }
}
