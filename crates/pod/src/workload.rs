//! What the API server refuses of the object around a pod template: a restart policy that its kind does not have, a selector
//! that its own pods do not meet, a schedule that cannot be read.
//!
//! Source: `pkg/apis/apps/validation`, `pkg/apis/batch/validation` and, of a ReplicationController, `pkg/apis/core/validation`
//! of Kubernetes 1.34; those of the first versions refuse the same.

use std::borrow::Cow;

use watertight_diagnostic::Route;
use watertight_text::{Span, shortened, sort};
use watertight_yaml::Node;

use crate::budget::Budget;
use crate::check::Findings;
use crate::validate::unknown_word;
use crate::value::{child, field, is_placeholder, items, mapping, nested, site, state_of_mapping, text};
use crate::{Field, ProblemKind, Site, schedule};

/// Bytes that are shown of a label.
const SHOWN: usize = 100;
const POLICIES: &[&str] = &["Always", "OnFailure", "Never"];
const SELECTING: [&str; 5] = ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController"];

/// `restartPolicy` of the pod spec that an object of this kind holds; the kind is empty where nobody knows it.
pub(crate) fn restart_policy(spec: Node<'_>, route: &Route, kind: &str, out: &mut Findings) {
    let is_job = matches!(kind, "Job" | "CronJob");
    let (policy, span) = match field(spec, "restartPolicy", text) {
        Field::Set(policy, site) => (policy, site.value),
        Field::Absent if is_job && !out.writing.open => (String::new(), first_key(spec)),
        Field::Null(site) if is_job => (String::new(), site.whole()),
        _ => return,
    };
    if is_placeholder(&policy) {
        return;
    }
    let message = if let Some(message) = unknown_word(&policy, POLICIES) {
        message
    } else if is_job && matches!(&*policy, "" | "Always") {
        let without = if policy.is_empty() { ", and without any it is Always" } else { "" };
        format!("The pods of a {kind} cannot have restartPolicy: Always{without}. Write Never or OnFailure.")
    } else if SELECTING.contains(&kind) && matches!(&*policy, "OnFailure" | "Never") {
        format!("The pods of a {kind} have restartPolicy: Always and no other. Remove it, or make this a Job.")
    } else {
        return;
    };
    out.tell(ProblemKind::BadValue { message }, span, route.key("restartPolicy"));
}

/// `schedule` of a CronJob.
pub(crate) fn schedule(node: Node<'_>, route: &Route, budget: &mut Budget, out: &mut Findings) {
    let Some((spec, _)) = child(node, "spec").filter(|(spec, _)| budget.shallow(*spec)) else { return };
    if let Field::Set(schedule, site) = field(spec, "schedule", text)
        && !is_placeholder(&schedule)
        && let Some(message) = schedule::refusal(&schedule)
    {
        out.tell(ProblemKind::BadValue { message }, site.value, route.keys("spec.schedule"));
    }
}

/// `selector` of a workload, which the labels of its template have to meet. The first demand that they do not meet is told.
pub(crate) fn selector(node: Node<'_>, route: &Route, kind: &str, budget: &mut Budget, out: &mut Findings) {
    if !SELECTING.contains(&kind) || out.writing.open {
        return;
    }
    let Some((spec, _)) = child(node, "spec") else { return };
    let Some((template, _)) = child(spec, "template") else { return };
    let Some((selector, site)) = child(spec, "selector").filter(|(node, _)| budget.node(*node)) else { return };
    let route = route.keys("spec.selector");
    let of_labels = || labels_of(template);
    let unmet = if kind == "ReplicationController" {
        of_labels().and_then(|labels| unmet_label(selector, &route, &labels))
    } else {
        let wanted = state_of_mapping(selector, "matchLabels");
        let is_empty = |field: &Field<Node<'_>>| match field {
            Field::Absent | Field::Null(_) => true,
            Field::Set(map, _) => map.written_entries().len() == 0,
            Field::Unreadable(_) => false,
        };
        if is_empty(&wanted) && selector.get("matchExpressions").is_none_or(|list| list.items().len() == 0) {
            let message =
                format!("The selector of a {kind} cannot be empty. Write labels of the template into matchLabels.");
            out.tell(ProblemKind::BadValue { message }, site.whole(), route);
            return;
        }
        of_labels().and_then(|labels| {
            let by_label = wanted.get().and_then(|map| unmet_label(*map, &route.key("matchLabels"), &labels));
            by_label.or_else(|| unmet_expression(selector, &route, &labels))
        })
    };
    if let Some(Unmet { what, site, route }) = unmet {
        let message = format!("{what} Make the selector and the labels of the template say the same.");
        out.tell(ProblemKind::BadValue { message }, site.value, route);
    }
}

struct Unmet {
    /// A sentence.
    what: String,
    site: Site,
    route: Route,
}

/// Labels by their names; what stands there twice stays in its order.
#[derive(Default)]
struct Labels<'d>(Vec<(Cow<'d, str>, &'d str)>);

impl<'d> Labels<'d> {
    /// The value of a label; the last one counts.
    fn get(&self, name: &str) -> Option<&'d str> {
        let behind = self.0.partition_point(|(known, _)| &**known <= name);
        let (known, value) = self.0.get(behind.checked_sub(1)?)?;
        (known == name).then_some(*value)
    }
}

/// The labels of a template; `None` when nobody can tell what they are.
fn labels_of(template: Node<'_>) -> Option<Labels<'_>> {
    let labels = match nested(template, "metadata", "labels", mapping) {
        Field::Set(labels, _) => labels,
        Field::Unreadable(_) => return None,
        Field::Absent | Field::Null(_) => return Some(Labels::default()),
    };
    let pairs = labels.entries().into_iter().map(|entry| Some((known(entry.name())?, label(entry.value)?)));
    let mut pairs: Vec<_> = pairs.collect::<Option<_>>()?;
    sort::by(&mut pairs, |(one, _), (other, _)| one.cmp(other));
    Some(Labels(pairs))
}

/// A name of a label, unless something is still to be put in there.
fn known(name: Cow<'_, str>) -> Option<Cow<'_, str>> {
    (!is_placeholder(&name)).then_some(name)
}

/// The value of a label; null is the empty text, as to the API server.
fn label(node: Node<'_>) -> Option<&str> {
    if node.is_null() { Some("") } else { node.as_str().filter(|text| !is_placeholder(text)) }
}

/// The first pair of a mapping that the labels lack.
fn unmet_label(wanted: Node<'_>, route: &Route, labels: &Labels<'_>) -> Option<Unmet> {
    wanted.entries().into_iter().find_map(|entry| {
        let (name, value) = (known(entry.name())?, label(entry.value)?);
        let has = labels.get(&name);
        if has == Some(value) {
            return None;
        }
        let shown = |text| shortened(text, SHOWN);
        let has = match has {
            Some(has) => format!("has {}: {}", shown(&name), shown(has)),
            None => format!("has no label {}", shown(&name)),
        };
        let what = format!("The selector wants {}: {}, and the template {has}.", shown(&name), shown(value));
        Some(Unmet { what, site: site(entry), route: route.key(shown(&name).into_owned()) })
    })
}

/// The first of the `matchExpressions` that does not hold. One that cannot be read holds.
fn unmet_expression(selector: Node<'_>, route: &Route, labels: &Labels<'_>) -> Option<Unmet> {
    items(selector, "matchExpressions").enumerate().find_map(|(index, item)| {
        let name = known(mapping(item)?.get("key")?.as_str()?.into())?;
        let values: Vec<&str> = items(item, "values").map(label).collect::<Option<_>>()?;
        let has = labels.get(&name);
        let is_among = has.is_some_and(|has| values.contains(&has));
        let holds = match item.get("operator")?.as_str()? {
            "In" => is_among,
            "NotIn" => !is_among,
            "Exists" => has.is_some(),
            "DoesNotExist" => has.is_none(),
            _ => return None,
        };
        let operator = item.entry("operator").filter(|_| !holds)?;
        let what =
            format!("What the selector wants of the label {} does not hold for the template.", shortened(&name, SHOWN));
        let route = route.key("matchExpressions").index(index).key("operator");
        Some(Unmet { what, site: site(operator), route })
    })
}

/// The first key of a mapping, or its beginning.
fn first_key(node: Node<'_>) -> Span {
    node.written_entries().next().map_or_else(|| Span::at(node.span().start as usize), |entry| entry.key.span())
}
