//! What Argo and Tekton run that does not stand in the text itself: templates and tasks that are referred to, manifests in texts.

use watertight_diagnostic::Step;
use watertight_yaml::Node;

use crate::value::child;

/// A way from the object, the place that it leads to, and what is said of it.
pub(crate) type Reference = (Vec<Step>, watertight_text::Span, String);

/// Where an object without containers says something of pods whose containers stand in another object.
///
/// Sources: `WorkflowSpec` of argoproj/argo-workflows; `TaskRunSpec` and `PipelineRunSpec` of tektoncd/pipeline.
pub(crate) fn reference(object: Node<'_>, group: &str) -> Option<Reference> {
    let (spec, _) = child(object, "spec")?;
    let within = child(spec, "workflowSpec").map(|(inner, _)| inner);
    let (spec, mut way) = match within {
        Some(inner) => (inner, vec![Step::Key("spec".into()), Step::Key("workflowSpec".into())]),
        None => (spec, vec![Step::Key("spec".into())]),
    };
    let (references, settings): (&[&str], &[&str]) = match group {
        "argoproj.io" => (&["workflowTemplateRef"], &["hostNetwork", "podSpecPatch", "securityContext", "volumes"]),
        "tekton.dev" => (&["taskRef", "pipelineRef"], &["podTemplate", "taskRunTemplate", "taskRunSpecs"]),
        _ => return None,
    };
    let entry = references.iter().find_map(|name| spec.entry(name)).filter(|entry| !entry.value.is_null())?;
    let said: Vec<&str> =
        settings.iter().copied().filter(|name| spec.get(name).is_some_and(|value| !value.is_null())).collect();
    if said.is_empty() {
        return None;
    }
    way.push(Step::Key(entry.name().into_owned().into()));
    let message = format!(
        "The containers are in another object that is not here, so what is said of their pods is not looked at: {}.",
        said.join(", ")
    );
    Some((way, entry.value.span(), message))
}

/// Where the manifest of an Argo template of type `resource` stands that may make containers: its key and its place.
///
/// Source: `ResourceTemplate` in `workflow_types.go` of argoproj/argo-workflows.
pub(crate) fn manifest(resource: Node<'_>) -> Option<(&'static str, watertight_text::Span)> {
    let action = resource.get("action").and_then(Node::as_str).unwrap_or_default();
    if matches!(action, "get" | "delete") {
        return None;
    }
    if let Some(from) = resource.get("manifestFrom").filter(|from| !from.is_null()) {
        return Some(("manifestFrom", from.span()));
    }
    let manifest = resource.get("manifest")?;
    let text = manifest.written().unwrap_or_default();
    let may_hold = text.contains("ontainers") || text.trim_start().starts_with("{{");
    may_hold.then(|| ("manifest", manifest.span()))
}
