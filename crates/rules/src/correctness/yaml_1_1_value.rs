use std::borrow::Cow;

use watertight_diagnostic::{FileId, Finding, Location, Route, Step};
use watertight_pod::Objects;
use watertight_yaml::{Kind, Node, Scalar, ScalarStyle, Stream};

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A value of a security field that Kubernetes reads by the rules of YAML 1.1 and newer readers take for
    /// something else: `yes`, `no`, `on`, `off`, `y` and `n` as true and false, numbers such as `0644` as octal,
    /// `1_000` with its underscore.
    ///
    /// ## Why it matters
    /// A reviewer's tool that reads YAML 1.2 takes `yes` for a text and finds nothing wrong, while the API server
    /// switches the field on.
    ///
    /// ## What to do
    /// Write `true` or `false`, and plain numbers.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   hostPID: yes
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    YAML_1_1_VALUE = {
        id: "yaml-1-1-value",
        title: "Value that readers take differently",
        category: Correctness,
        severity: Info,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// Fields whose value decides about isolation.
const WATCHED: [&str; 22] = [
    "allowPrivilegeEscalation",
    "automountServiceAccountToken",
    "containerPort",
    "defaultMode",
    "enableServiceLinks",
    "expirationSeconds",
    "fsGroup",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPort",
    "hostProcess",
    "hostUsers",
    "mode",
    "privileged",
    "readOnly",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsNonRoot",
    "runAsUser",
    "shareProcessNamespace",
    "stdin",
];

/// The findings of a file.
pub(crate) fn findings(stream: &Stream<'_>, objects: &Objects, file: FileId, found: &mut Vec<Finding>) {
    // The same room for all of them.
    let (mut ways, mut stack) = (Vec::new(), Vec::new());
    for pod in &objects.pods {
        let document = stream.documents.get(pod.route.document);
        if let Some(node) = document.and_then(|document| document.at(&pod.route)) {
            ways.clear();
            stack.clear();
            stack.push((node, None));
            walk(&mut ways, &mut stack, &pod.route, file, found);
        }
    }
}

/// How many nodes of one pod are looked at; a pod that is larger has other troubles.
const NODES: usize = 100_000;

/// A turn on the way from the pod's top node, with its place among the ways before it.
type Way<'d> = (Option<usize>, Turn<'d>);

/// Looks at the nodes of the stack and at what is below them. It is a stack of its own, because the depth is up to whoever
/// wrote the text. The way is kept by parents, and made into a route only where there is something to say.
fn walk<'d>(
    ways: &mut Vec<Way<'d>>,
    stack: &mut Vec<(Node<'d>, Option<usize>)>,
    route: &Route,
    file: FileId,
    found: &mut Vec<Finding>,
) {
    let mut left = NODES;
    while let Some((node, way)) = stack.pop() {
        let Some(less) = left.checked_sub(1) else { return };
        left = less;
        for (index, item) in node.items().enumerate().filter(|(_, item)| is_collection(*item)) {
            ways.push((way, Turn::Index(index)));
            stack.push((item, Some(ways.len() - 1)));
        }
        for entry in node.written_entries() {
            let name = entry.name();
            if is_collection(entry.value) {
                ways.push((way, Turn::Key(name)));
                stack.push((entry.value, Some(ways.len() - 1)));
            } else if WATCHED.contains(&name.as_ref())
                && !entry.value.is_alias()
                && let Some(meaning) = differs(entry.value)
            {
                let route = Some(found_route(route, ways, way).key(name.to_string()));
                let place = Location { file, span: entry.value.span(), route, label: String::new() };
                found.push(told(&name, entry.value.written().unwrap_or_default(), &meaning, place));
            }
        }
    }
}

fn is_collection(node: Node<'_>) -> bool {
    !node.is_alias() && matches!(node.kind(), Kind::Sequence | Kind::Mapping)
}

/// A step that most often is not needed, so that nothing is copied for it.
enum Turn<'d> {
    Index(usize),
    Key(Cow<'d, str>),
}

fn found_route(base: &Route, ways: &[Way<'_>], mut way: Option<usize>) -> Route {
    let mut steps = Vec::new();
    while let Some((parent, turn)) = way.and_then(|at| ways.get(at)) {
        steps.push(match turn {
            Turn::Index(index) => Step::Index(*index),
            Turn::Key(key) => Step::Key(key.clone().into_owned().into()),
        });
        way = *parent;
    }
    base.join(steps.into_iter().rev())
}

/// What Kubernetes makes of a value that a reader of YAML 1.2 takes for something else.
fn differs(node: Node<'_>) -> Option<String> {
    if node.scalar_style() != Some(ScalarStyle::Plain) {
        return None;
    }
    let written = node.written()?;
    match node.scalar()? {
        Scalar::Bool(value) if !["true", "false"].contains(&written.to_ascii_lowercase().as_str()) => {
            Some(value.to_string())
        }
        Scalar::Int(value) if written.parse::<i64>() != Ok(value) => Some(value.to_string()),
        Scalar::Int(value) if has_leading_zero(written) => Some(value.to_string()),
        _ => None,
    }
}

fn has_leading_zero(written: &str) -> bool {
    let digits = written.trim_start_matches(['-', '+']);
    digits.len() > 1 && digits.starts_with('0')
}

fn told(name: &str, written: &str, meaning: &str, place: Location) -> Finding {
    Finding::new(&YAML_1_1_VALUE.meta, place, format!("Kubernetes reads {name}: {written} as {meaning}."))
        .why("Readers of YAML 1.2 take it for something else, so a review may see another value than the cluster.")
        .how(format!("Write {meaning}."))
}
