use serde_json::Value;
use watertight_diagnostic::{FileId, Finding, Fix, Operation, Route, Safety, Severity, Step};
use watertight_pod::Problem;
use watertight_yaml::{Document, Kind, Node};

use crate::Check;
use crate::reading::{field_name, of_object};

declare_rule! {
    /// ## What it finds
    /// A field that the object does not have: misspelt, in another case, or in the wrong place, such as
    /// `allowPrivilegeEscalation` under the pod's `securityContext`.
    ///
    /// ## Why it matters
    /// Since version 1.25 kubectl refuses it; other clients have it dropped without a word. Whatever it was meant to
    /// protect is then not protected.
    ///
    /// ## What to do
    /// Take the name or the place that the finding proposes, or remove it.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsNonroot: true
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
    ///   securityContext:
    ///     runAsNonRoot: true
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    UNKNOWN_FIELD = {
        id: "unknown-field",
        title: "Field that does not exist",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
        check: Check::Reading,
    }
}

/// Fields that hold something back. One of them misspelt is a layer that is thought to be there.
const PROTECTING: [&str; 21] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "automountServiceAccountToken",
    "capabilities",
    "drop",
    "fsGroup",
    "hostUsers",
    "limits",
    "localhostProfile",
    "privileged",
    "readOnly",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsNonRoot",
    "runAsUser",
    "runtimeClassName",
    "seLinuxOptions",
    "seccompProfile",
    "securityContext",
    "supplementalGroups",
    "sysctls",
];

/// The finding for a field called `name`; `meant` is the field that was probably meant, with words that say where.
pub(crate) fn finding(
    problem: &Problem,
    meant: Option<&str>,
    document: Option<&Document<'_>>,
    file: FileId,
) -> Finding {
    let name = field_name(&problem.route);
    let holder = problem.route.parent().filter(|parent| !parent.steps.is_empty());
    let holder = holder.map_or_else(|| "this object".to_owned(), |parent| parent.to_string());
    let finding = of_object(&UNKNOWN_FIELD.meta, problem, file, format!("{holder} has no field called {name}."));
    let finding = match meant {
        None => finding.severity(Severity::Low).why(WHY).how("Remove it, or look up how the field is called."),
        Some(meant) => {
            let bare = meant.split(' ').next().unwrap_or_default();
            let protects = PROTECTING.contains(&bare);
            let why = if protects { WHY_PROTECTING } else { WHY };
            let severity = if protects { Severity::High } else { Severity::Medium };
            finding.severity(severity).why(why).how(format!("Did you mean {meant}?"))
        }
    };
    match meant.zip(document).and_then(|(meant, document)| fix(problem, meant, document, file)) {
        Some(fix) => finding.fix(fix),
        None => finding,
    }
}

const WHY: &str = "kubectl refuses it, and the API server drops it when another client sends it, so it does nothing.";
const WHY_PROTECTING: &str =
    "kubectl refuses it, and the API server drops it when another client sends it: the protection is not there.";

/// Moves the value to the place that was meant, where that place is known and still free.
fn fix(problem: &Problem, meant: &str, document: &Document<'_>, file: FileId) -> Option<Fix> {
    let (name, place) = meant.split_once(" in ").map_or((meant, None), |(name, place)| (name, Some(place)));
    let holder = problem.route.parent()?;
    let targets = targets(&holder, place, document)?;
    let value = value(document.at(&problem.route)?)?;
    let is_free = |target: &Route| document.at(&target.key(name.to_owned())).is_none_or(Node::is_null);
    if targets.is_empty() || !targets.iter().all(is_free) {
        return None;
    }
    // Empty, these two say the same as nothing.
    let hollow = [Step::Key("securityContext".into()), Step::Key("capabilities".into())];
    let parents = u8::from(holder.steps.last().is_some_and(|step| hollow.contains(step)));
    let mut operations = vec![Operation::remove_with(problem.route.clone(), parents)];
    operations.extend(targets.iter().map(|target| Operation::set(target.key(name.to_owned()), value.clone())));
    let title = match place {
        None => format!("Call it {name}"),
        Some(place) => format!("Move it to {place}"),
    };
    // It begins to count now, which is a change for the program inside.
    // What was dropped until now may as well weaken the pod when it counts, so no target asks for it.
    Some(Fix { title, safety: Safety::ChangesBehaviour, level: None, file, operations, rewrites: Vec::new() })
}

/// The mappings that the field belongs in, from the one it stands in and the words for the place.
fn targets(holder: &Route, place: Option<&str>, document: &Document<'_>) -> Option<Vec<Route>> {
    let Some(place) = place else { return Some(vec![holder.clone()]) };
    let last = holder.steps.last()?;
    let is = |key: &str| matches!(last, Step::Key(last) if last == key);
    let in_item = matches!(last, Step::Index(_));
    let up = |levels: usize| (0..levels).try_fold(holder.clone(), |route, _| route.parent());
    let one = |route: Route| Some(vec![route]);
    match place {
        "the pod's securityContext" if is("spec") => one(holder.key("securityContext")),
        "the pod's securityContext" if in_item => one(up(2)?.key("securityContext")),
        "the pod's spec" if is("securityContext") => one(up(1)?).filter(|_| !is_below_item(holder)),
        "the pod's spec" if in_item => one(up(2)?),
        "the container's securityContext" if in_item => one(holder.key("securityContext")),
        "the container's securityContext" if is("capabilities") => one(up(1)?),
        // A field of containers on the pod: it was meant for all of them.
        "the container's securityContext" if is("spec") => Some(containers(holder, document)),
        "the container's securityContext" if is("securityContext") => Some(containers(&up(1)?, document)),
        "the container's resources" if in_item => one(holder.key("resources")),
        "the capabilities of the container's securityContext" if is("securityContext") && is_below_item(holder) => {
            one(holder.key("capabilities"))
        }
        "the capabilities of the container's securityContext" if in_item => {
            one(holder.keys("securityContext.capabilities"))
        }
        "a container" if is("securityContext") && is_below_item(holder) => one(up(1)?),
        _ => None,
    }
}

fn is_below_item(route: &Route) -> bool {
    route.parent().is_some_and(|parent| matches!(parent.steps.last(), Some(Step::Index(_))))
}

/// The `securityContext` of every container of the pod at `spec`.
fn containers(spec: &Route, document: &Document<'_>) -> Vec<Route> {
    ["initContainers", "containers"]
        .into_iter()
        .flat_map(|list| {
            let count = document.at(&spec.key(list)).map_or(0, |list| list.items().len());
            (0..count).map(move |index| spec.key(list).index(index).key("securityContext"))
        })
        .collect()
}

/// How many nodes a value may have to be moved.
const SMALL: usize = 200;

fn value(node: Node<'_>) -> Option<Value> {
    let mut left = SMALL;
    copied(node, 8, &mut left)
}

fn copied(node: Node<'_>, depth: usize, left: &mut usize) -> Option<Value> {
    *left = left.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    Some(match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::from(node.as_bool()?),
        Kind::Int => Value::from(node.as_int()?),
        Kind::String => Value::from(node.as_str()?),
        Kind::Float => return None,
        Kind::Sequence => node.items().map(|item| copied(item, depth, left)).collect::<Option<Vec<_>>>()?.into(),
        Kind::Mapping => {
            let mut map = serde_json::Map::new();
            for entry in node.written_entries() {
                map.insert(entry.name().into_owned(), copied(entry.value, depth, left)?);
            }
            map.into()
        }
    })
}
