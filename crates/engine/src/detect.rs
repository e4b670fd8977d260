//! What a text is, before anything is said about it.

use watertight_diagnostic::report::InputKind;
use watertight_pod::{Objects, Syntax};
use watertight_text::{Span, lines};
use watertight_yaml::{Document, Kind, Node, ProblemKind, Stream};

use crate::domain;
use crate::versions;

/// What a text that is no Kubernetes object seems to be, in words for the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Guess {
    /// With its article: "a Compose file".
    pub(crate) what: &'static str,
    /// What to paste instead, as a sentence; empty when nobody can say.
    pub(crate) instead: &'static str,
    /// The bytes that gave it away.
    pub(crate) span: Span,
}

/// Decides what a text is taken for.
pub(crate) fn kind(text: &str, stream: &Stream<'_>, objects: &Objects) -> InputKind {
    let problems = || stream.problems.iter().chain(stream.documents.iter().flat_map(|document| &document.problems));
    if problems().any(|problem| problem.kind == ProblemKind::Binary) {
        return InputKind::Binary;
    }
    if let Some(kind) = domain::kind(text, stream) {
        return kind;
    }
    // Where nothing could be read, what is said of that tells that it was tried.
    let was_read = |syntax: Syntax, looks_so: fn(&Document<'_>) -> bool| {
        objects.pods.iter().any(|pod| pod.syntax == syntax)
            || !objects.problems.is_empty() && stream.documents.iter().any(looks_so)
    };
    if was_read(Syntax::Compose, watertight_pod::compose::is_compose) {
        return InputKind::Compose;
    }
    if was_read(Syntax::Oci, watertight_pod::oci::is_config) {
        return InputKind::OciConfig;
    }
    let is_object = |object: &watertight_pod::Object| !object.kind.is_empty() && !object.api_version.is_empty();
    // A list may be empty.
    let is_named = |root: Node<'_>| {
        let says = |key: &str| root.get(key).and_then(Node::as_str).is_some();
        says("apiVersion") && says("kind")
    };
    let has_objects = !objects.pods.is_empty()
        || objects.objects.iter().any(is_object)
        || stream.documents.iter().filter_map(Document::root).any(is_named);
    if !has_objects && versions::is_stated(text) {
        return InputKind::Versions;
    }
    let is_template = problems().any(|problem| problem.kind == ProblemKind::Template);
    if is_template {
        return InputKind::Template;
    }
    if has_objects {
        return if looks_like_json(text) { InputKind::KubernetesJson } else { InputKind::KubernetesYaml };
    }
    let says_nothing = problems().next().is_none()
        && stream.documents.iter().all(|document| document.root().is_none_or(|root| root.is_null()));
    if says_nothing { InputKind::Empty } else { InputKind::Unknown }
}

/// Whether the first character that counts opens a JSON object or list.
pub(crate) fn looks_like_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// Says what a text of unknown kind seems to be; `None` when nobody can say.
pub(crate) fn guess(text: &str, stream: &Stream<'_>) -> Option<Guess> {
    if let Some(span) = fenced_block(text) {
        return Some(of(MARKDOWN, span));
    }
    stream.documents.iter().find_map(by_tree).or_else(|| by_words(text))
}

/// The line that opens the first block of a Markdown text.
fn fenced_block(text: &str) -> Option<Span> {
    let (at, line) = lines(text).find(|(_, line)| line.starts_with("```") || line.starts_with("~~~"))?;
    Some(Span::new(at, at + line.trim_end().len()))
}

/// Whether a text is the source of an HTML page, so that its tags would be taken for parts of the objects in it. No manifest
/// begins with a tag; behind one a tag may stand in what it holds, but not in the kind of an object or in its name.
pub(crate) fn page(text: &str, objects: &Objects) -> Option<Guess> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    let opening = trimmed.strip_prefix('<').and_then(|rest| rest.chars().next());
    let begins = opening.is_some_and(|first| first.is_ascii_alphabetic() || first == '!');
    let holds_tag = |text: &str| text.contains("</");
    let ends = || {
        trimmed.ends_with('>')
            && objects.objects.iter().any(|object| holds_tag(&object.kind) || holds_tag(&object.name))
    };
    (begins || ends()).then(|| of(PAGE, first_line(text)))
}

/// What is said of a text that is nothing we know.
pub(crate) const SOMETHING: (&str, &str) =
    ("something else than a Kubernetes object", "A Kubernetes object begins with apiVersion and kind.");
const BARE_LIST: (&str, &str) = (
    "a bare list of objects",
    "kubectl takes several objects as documents divided by ---, or as the items of an object of kind List.",
);
const COMPOSE: (&str, &str) = ("a Compose file", "There is no service in it. Paste the file with its services.");
const OCI: (&str, &str) =
    ("an OCI runtime configuration", "There is no process in it. Paste the whole config.json of the bundle.");
const APPARMOR: (&str, &str) = (
    "an AppArmor profile",
    "There is something in front of it. Paste the profile by itself, from its first line to its last brace.",
);
const RUN: (&str, &str) = (
    "a command that runs a container",
    "Paste the line of `docker run`, `podman run` or `nerdctl run` by itself, without other text around it.",
);
const KUBECTL_RUN: (&str, &str) = (
    "a line of kubectl run",
    "Such a line is not read. With `--dry-run=client -o yaml` behind it kubectl prints the pod that it would make: paste that.",
);
const MARKDOWN: (&str, &str) = (
    "a Markdown text",
    "Only the blocks in it can be read. Paste what stands in one, without the lines of backticks around it.",
);
const PAGE: (&str, &str) = (
    "the source of an HTML page",
    "Copy the manifest as the browser shows it, or paste only what stands between the tags.",
);
const DOCKERFILE: (&str, &str) =
    ("a Dockerfile", "A Dockerfile says how an image is built. Paste the pod that runs the image.");
const TERRAFORM: (&str, &str) =
    ("Terraform code", "Terraform code is not read. Paste the object that it makes: `kubectl get … -o yaml` shows it.");
const TABLE: (&str, &str) = (
    "a table printed by kubectl",
    "The table leaves out what matters here. Print the whole objects with `kubectl get pods -o yaml`.",
);
/// Nobody can tell it from a broken manifest.
pub(crate) const HELM_VALUES: (&str, &str) = (
    "something else than a Kubernetes object, perhaps the values of a Helm chart",
    "A Kubernetes object begins with apiVersion and kind. `helm template` prints the objects of a chart.",
);
const KUSTOMIZATION: (&str, &str) = (
    "a kustomization",
    "It names files and changes to them. Take the objects that it makes: `kustomize build DIR | watertight check -` checks \
     them, and `kubectl kustomize DIR` prints them too.",
);

/// A list of objects at the top of a document.
pub(crate) fn bare_list(document: &Document<'_>) -> Option<Guess> {
    let item = document.root().filter(|root| root.kind() == Kind::Sequence)?.items().next()?;
    let first = item.written_entries().next()?;
    item.entry("kind").map(|_| of(BARE_LIST, first.key.span()))
}

fn of((what, instead): (&'static str, &'static str), span: Span) -> Guess {
    Guess { what, instead, span }
}

fn by_tree(document: &Document<'_>) -> Option<Guess> {
    if let Some(list) = bare_list(document) {
        return Some(list);
    }
    let root = document.root()?;
    if root.kind() == Kind::Mapping { by_keys(root) } else { None }
}

fn by_keys(root: Node<'_>) -> Option<Guess> {
    let key = |name: &str| root.entry(name).map(|entry| entry.key.span());
    if let Some(span) = key("ociVersion") {
        return Some(of(OCI, span));
    }
    if let Some(entry) = root.entry("services").filter(|entry| entry.value.kind() == Kind::Mapping) {
        return Some(of(COMPOSE, entry.key.span()));
    }
    let first = root.written_entries().next()?;
    let is_object = root.entry("kind").is_some() || root.entry("apiVersion").is_some();
    (!is_object).then(|| of(if is_kustomization(root) { KUSTOMIZATION } else { HELM_VALUES }, first.key.span()))
}

/// Whether a mapping without a kind is a kustomization, where the kind may be left out. Values of charts have some of these
/// keys too, but not with these lists.
fn is_kustomization(root: Node<'_>) -> bool {
    let items = |key: &str| root.get(key).into_iter().flat_map(Node::items);
    let files = ["resources", "bases", "components", "patchesStrategicMerge", "crds"];
    let tables = ["patches", "patchesJson6902", "configMapGenerator", "secretGenerator", "helmCharts", "replacements"];
    files.into_iter().any(|key| items(key).any(|item| item.as_str().is_some()))
        || tables.into_iter().any(|key| items(key).any(|item| item.kind() == Kind::Mapping))
        || items("images").any(|item| ["newName", "newTag"].into_iter().any(|key| item.entry(key).is_some()))
}

fn by_words(text: &str) -> Option<Guess> {
    lines(text).take(400).find_map(|(at, line)| {
        let known = by_line(line.trim().trim_start_matches("$ ").trim_start_matches("sudo "))?;
        Some(of(known, Span::new(at, at + line.trim_end().len())))
    })
}

fn by_line(line: &str) -> Option<(&'static str, &'static str)> {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    match first {
        "docker" | "podman" | "nerdctl" if matches!(second, "run" | "create" | "container" | "exec") => Some(RUN),
        "ctr" | "runc" | "crun" if second == "run" => Some(RUN),
        "kubectl" if second == "run" => Some(KUBECTL_RUN),
        "docker-compose" => Some(COMPOSE),
        "FROM" if !second.is_empty() => Some(DOCKERFILE),
        "#include" | "include" if second.starts_with(['<', '"']) => Some(APPARMOR),
        "abi" if second.starts_with(['<', '"']) => Some(APPARMOR),
        "profile" if line.ends_with('{') => Some(APPARMOR),
        "resource" | "provider" | "module" if second.starts_with('"') => Some(TERRAFORM),
        "NAME" | "NAMESPACE" if line.contains("STATUS") || line.contains("READY") => Some(TABLE),
        _ => None,
    }
}

/// The first line that is not blank.
pub(crate) fn first_line(text: &str) -> Span {
    lines(text).find(|(_, line)| !line.trim().is_empty()).map_or(Span::at(0), |(at, line)| {
        let lead = line.len() - line.trim_start().len();
        Span::new(at + lead, at + line.trim_end().len())
    })
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Settings;
    use watertight_text::Encoding;

    use crate::{Input, analyse};

    /// What a text seems to be, where it is nothing that is read.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let report = analyse(&[Input { name: "x", text }], &Settings::default(), Encoding::Utf8);
        let said: Vec<_> = report.findings.iter().map(|found| found.what.as_str()).collect();
        assert_eq!(said, [["This seems to be ", expected, "."].concat()], "{text}");
        assert!(report.pods.is_empty());
    }

    const POD: &str = "apiVersion: v1\nmetadata:\n  name: a\nspec:\n  hostPID: true\n  containers:\n  - {name: a, image: a}\nkind: Pod";

    #[test]
    fn texts_around_a_pod_are_named() {
        check("kubectl run x --image=alpine --privileged -- sh\n", "a line of kubectl run");
        check("$ sudo kubectl run x --image=alpine\n", "a line of kubectl run");
        check("runc run a\n", "a command that runs a container");
        check(&format!("# Title\n\nSome text: this\n\n```yaml\n{POD}\n```\n"), "a Markdown text");
        check(&format!("Text\n~~~\n{POD}\n~~~\n"), "a Markdown text");
        let page = "the source of an HTML page";
        check(&format!("<!DOCTYPE html>\n<html><body><pre>\n{POD}\n</pre></body></html>\n"), page);
        check(&format!("<pre>{POD}</pre>"), page);
        check(&format!("{POD}</pre></body></html>\n"), page);
        let values = "something else than a Kubernetes object, perhaps the values of a Helm chart";
        check("replicas: 1\n", values);
        check("resources: {limits: {cpu: 1}}\nimages: {web: nginx}\ncommonLabels: {a: b}\n", values);
        check("images: [{name: web, tag: '1'}]\npatches: []\n", values);
        for text in [
            "resources:\n- deployment.yaml\n",
            "namespace: a\nnamePrefix: b-\nbases: [../base]\n",
            "patchesStrategicMerge:\n- |-\n  kind: Deployment\n",
            "patches:\n- path: a.yaml\n  target: {kind: Deployment}\n",
            "images: [{name: nginx, newTag: '1.27'}]\n",
            "configMapGenerator: [{name: a, files: [b]}]\n",
        ] {
            check(text, "a kustomization");
        }
    }

    /// A manifest may hold a page or backticks.
    #[test]
    fn tags_and_backticks_in_a_manifest_are_its_own() {
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  index.html: |\n    ```\n    <html>\n    </html>\n";
        let report = analyse(&[Input { name: "x", text: map }], &Settings::default(), Encoding::Utf8);
        assert!(report.findings.iter().all(|found| found.rule != "not-kubernetes"), "{:?}", report.findings);
    }
}
