use watertight_diagnostic::{KubeVersion, Level};
use watertight_pod::{Carrier, Container, Field, Object, Pair, Pod, Site};
use watertight_text::Span;

use super::*;
use crate::Verdict;

fn labels(pairs: &[(&str, &str)]) -> Vec<Pair> {
    let pair = |(name, value): &(&str, &str)| Pair {
        name: format!("{PREFIX}{name}"),
        value: (*value).to_owned(),
        site: Site::default(),
    };
    pairs.iter().map(pair).collect()
}

/// `expected`: enforce, audit, warn, as the admission controller writes them.
fn check(pairs: &[(&str, &str)], expected: [&str; 3], problems: usize) -> Policy {
    let policy = Policy::read(&labels(pairs));
    assert_eq!(Mode::ALL.map(|mode| policy.of(mode).words()), expected, "{pairs:?}");
    assert_eq!(policy.problems.len(), problems, "{pairs:?}");
    policy
}

const NONE: &str = "privileged:latest";

#[test]
fn labels_decide() {
    check(&[], [NONE; 3], 0);
    check(&[("audit", "baseline")], [NONE, "baseline:latest", NONE], 0);
    check(&[("enforce-version", "v1.20")], ["privileged:v1.20", NONE, NONE], 0);
    check(
        &[("enforce", "baseline"), ("audit", "restricted"), ("audit-version", "v1.25"), ("warn", "restricted")],
        ["baseline:latest", "restricted:v1.25", "restricted:latest"],
        0,
    );
}

#[test]
fn enforce_implies_warn() {
    let policy = check(&[("enforce", "restricted")], ["restricted:latest", NONE, "restricted:latest"], 0);
    assert_eq!(policy.warn.origin, Origin::FromEnforce(Site::default()));
    check(&[("enforce", "baseline"), ("enforce-version", "v1.30")], ["baseline:v1.30", NONE, "baseline:v1.30"], 0);
    check(
        &[("enforce", "baseline"), ("enforce-version", "v1.30"), ("warn-version", "v1.31")],
        ["baseline:v1.30", NONE, "baseline:v1.31"],
        0,
    );
    check(&[("enforce", "baseline"), ("warn", "privileged")], ["baseline:latest", NONE, NONE], 0);
}

#[test]
fn bad_labels() {
    check(&[("enforce", "strict")], ["restricted:latest", NONE, NONE], 1);
    check(&[("enforce", "Restricted")], ["restricted:latest", NONE, NONE], 1);
    check(&[("enforce", "hardened")], ["restricted:latest", NONE, NONE], 1);
    check(&[("audit", "")], [NONE; 3], 1);
    // A warn label that is no level is there all the same: nothing is implied.
    check(&[("enforce", "baseline"), ("warn", "x")], ["baseline:latest", NONE, NONE], 1);
    for bad in ["1.30", "v1.30.2", "v1.030", "V1.30", ""] {
        check(&[("enforce", "baseline"), ("enforce-version", bad)], ["baseline:latest", NONE, "baseline:latest"], 1);
    }
    let policy = check(&[("enforced", "restricted")], [NONE; 3], 1);
    assert_eq!(policy.problems[0].kind, LabelProblemKind::UnknownLabel);
    assert_eq!(policy.refusal("x"), None);
}

#[test]
fn a_namespace_is_refused_with_all_its_errors() {
    assert_eq!(
        Policy::read(&labels(&[("enforce", "strict")])).refusal("web").unwrap(),
        "Namespace \"web\" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \
         \"strict\": must be one of privileged, baseline, restricted"
    );
    let two = Policy::read(&labels(&[("enforce", "strict"), ("warn-version", "1.30")])).refusal("web").unwrap();
    assert!(two.contains(": [metadata.labels[") && two.ends_with("must be \"latest\" or \"v1.x\"]"), "{two}");
    // In the order of the modes, wherever the labels stand.
    let mut pairs = labels(
        &["warn-version", "warn", "audit-version", "audit", "enforce-version", "enforce"].map(|name| (name, "x")),
    );
    for (pair, at) in pairs.iter_mut().zip(0..) {
        pair.site.value = Span::at(at);
    }
    let all = Policy::read(&pairs).refusal("web").unwrap();
    let named: Vec<_> = all.split(PREFIX).skip(1).filter_map(|rest| rest.split(']').next()).collect();
    assert_eq!(named, ["enforce", "enforce-version", "audit", "audit-version", "warn", "warn-version"]);
}

#[test]
fn the_cluster_fills_what_labels_leave_open() {
    let strict = Setting { level: Level::Restricted, version: KubeVersion::Minor(30), origin: Origin::Default };
    let defaults = Policy { enforce: strict, warn: strict, ..Policy::default() };
    let policy = Policy::read_with(&labels(&[("enforce", "baseline")]), &defaults);
    assert_eq!(policy.enforce.words(), "baseline:v1.30");
    assert_eq!(policy.warn, strict, "a stricter warning stays");
}

fn judge(pairs: &[(&str, &str)], carrier: Carrier, kind: &str) -> Vec<Judgement> {
    let pod = Pod {
        carrier,
        host_pid: Field::Set(true, Site::default()),
        containers: vec![Container { name: "c".to_owned(), ..Container::default() }],
        ..Pod::default()
    };
    let object = Object { kind: kind.to_owned(), name: "web".to_owned(), ..Object::default() };
    Policy::read(&labels(pairs)).judge(&pod, &object)
}

#[test]
fn a_pod_is_refused_without_a_warning() {
    let all = judge(&[("enforce", "baseline"), ("audit", "baseline")], Carrier::Pod, "Pod");
    let detail = "PodSecurity \"baseline:latest\": host namespaces (hostPID=true)";
    assert_eq!(all[0].message, format!("pods \"web\" is forbidden: violates {detail}"));
    assert_eq!(all[1].message, format!("would violate {detail}"));
    assert_eq!(all[2].message, "");
    assert_eq!(all[2].consequence, "No warning comes with a pod that is refused.");
}

#[test]
fn a_pod_is_refused_under_the_name_that_it_gets() {
    let pod = Pod { host_pid: Field::Set(true, Site::default()), ..Pod::default() };
    let named = "The API server refuses the pod.";
    let random = "The API server refuses the pod, for whose name it puts five random characters behind generateName.";
    for (name, generate_name, begin, consequence) in [
        ("web", "", "pods \"web\" is forbidden: ", named),
        ("web", "web-", "pods \"web\" is forbidden: ", named),
        ("", "web-", "pods \"web-…\" is forbidden: ", random),
        ("", "", "", named),
    ] {
        let object = Object { name: name.to_owned(), generate_name: generate_name.to_owned(), ..Object::default() };
        let refused = Policy::read(&labels(&[("enforce", "baseline")])).enforced(&pod, &object);
        let detail = "violates PodSecurity \"baseline:latest\": host namespaces (hostPID=true)";
        assert_eq!((refused.message, refused.consequence.as_str()), ([begin, detail].concat(), consequence));
    }
}

#[test]
fn a_deployment_is_accepted_and_gets_no_pods() {
    let all = judge(&[("enforce", "baseline")], Carrier::Workload, "Deployment");
    assert_eq!(
        all[0].consequence,
        "The Deployment is accepted, but its pods are refused: its ReplicaSet reports FailedCreate for each of them."
    );
    assert_eq!(all[1].consequence, "Nothing is written to the audit log.");
    assert_eq!(all[2].message, "would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true)");
}

#[test]
fn nobody_warns_about_a_custom_kind() {
    let all = judge(&[("enforce", "baseline")], Carrier::Custom, "Rollout");
    assert!(all[0].consequence.ends_with("the pods made from it are refused."));
    assert_eq!(all[2].message, "");
}

#[test]
fn existing_pods_by_reasons() {
    let verdict = |reasons: &[&str]| Verdict {
        failures: reasons
            .iter()
            .map(|reason| crate::Failure {
                check: "x",
                reason: (*reason).to_owned(),
                detail: "d".to_owned(),
                places: Vec::new(),
            })
            .collect(),
        unknown: Vec::new(),
    };
    let (a, b, good) = (verdict(&["privileged", "hostPort"]), verdict(&["hostPort"]), verdict(&[]));
    let old = Setting::default();
    let new = Setting { level: Level::Baseline, ..old };
    let pods = [("z", &a), ("m", &b), ("good", &good), ("y", &a), ("n", &b), ("l", &b)];
    assert_eq!(
        relabelled("ns", old, new, pods),
        [
            "existing pods in namespace \"ns\" violate the new PodSecurity enforce level \"baseline:latest\"",
            "l (and 2 other pods): hostPort",
            "y (and 1 other pod): privileged, hostPort",
        ]
    );
    assert!(relabelled("ns", new, old, pods).is_empty(), "privileged is never checked");
    assert!(relabelled("ns", new, new, pods).is_empty(), "nothing stricter");
    assert_eq!(relabelled("ns", old, new, [("p", &b)]).get(1).unwrap(), "p: hostPort");
}
