//! Texts that nobody should paste, and those that everybody types: all of them are read, in bounded time.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use watertight_pod::{Objects, effective, read};
use watertight_yaml::parse;

fn of(text: &str) -> Objects {
    let objects = read(&parse(text));
    for pod in &objects.pods {
        assert!(pod.object < objects.objects.len());
        let _ = effective::automount_token(pod, &objects);
    }
    objects
}

const SAMPLE: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: &l {app: web}}
spec:
  selector: {matchLabels: *l}
  template:
    metadata: {labels: *l}
    spec:
      hostPID: yes
      securityContext: &sc
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
      - &c
        name: a
        image: \"b:1\"
        securityContext: {capabilities: {drop: [ALL], add: ['NET_ADMIN']}}
        env: [{name: X, valueFrom: {secretKeyRef: {name: s, key: k}}}]
        volumeMounts: [{name: v, mountPath: /m}]
        livenessProbe: {httpGet: {host: h, port: 80}}
      - {<<: *c, name: d}
      volumes: [{name: v, hostPath: {path: /var/run}}]
---
[{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"a\"}]}}]
";

#[test]
fn every_prefix_and_every_suffix() {
    for at in 0..=SAMPLE.len() {
        of(SAMPLE.get(..at).unwrap_or_default());
        of(SAMPLE.get(at..).unwrap_or_default());
    }
    assert_eq!(of(SAMPLE).pods.len(), 2);
}

#[test]
fn every_line_left_out() {
    let lines: Vec<&str> = SAMPLE.lines().collect();
    for out in 0..lines.len() {
        let text: String =
            lines.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, l)| format!("{l}\n")).collect();
        of(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        of(&text);
    }

    #[test]
    fn a_piece_replaced(at in 0..SAMPLE.len(), len in 0..20_usize, by in "[-:{}\\[\\]&*!#|>?,'\" \na-z0~<]{0,6}") {
        let end = (at + len).min(SAMPLE.len());
        if let (Some(head), Some(tail)) = (SAMPLE.get(..at), SAMPLE.get(end..)) {
            of(&format!("{head}{by}{tail}"));
        }
    }
}

/// Debug builds are slow and the machine may be busy; what is guarded against takes minutes.
fn in_time(text: &str) -> Objects {
    let start = Instant::now();
    let objects = of(text);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    objects
}

fn says_that_there_is_more(objects: &Objects) -> bool {
    objects.problems.iter().any(|problem| format!("{:?}", problem.kind).contains("multiply"))
}

#[test]
fn aliases_that_multiply_containers() {
    let many = "*c, ".repeat(2_000);
    let lists = "*l, ".repeat(200);
    let text = format!(
        "c: &c {{name: a, image: b, env: &e [{}]}}\nx: &l {{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{many}]}}}}\nkind: List\napiVersion: v1\nitems: [{lists}]\n",
        "{name: x}, ".repeat(100)
    );
    let objects = in_time(&text);
    assert!(says_that_there_is_more(&objects));
    assert!(objects.pods.iter().map(|pod| pod.containers.len()).sum::<usize>() <= 6_000);
}

#[test]
fn aliases_that_multiply_labels() {
    let labels: String = (0..5_000).map(|n| format!("l{n}: x, ")).collect();
    let lists = "*p, ".repeat(20_000);
    let text = format!(
        "p: &p {{apiVersion: v1, kind: Pod, metadata: {{name: p, labels: {{{labels}}}}}, spec: {{containers: [{{name: a}}]}}}}\nkind: List\nitems: [{lists}]\n"
    );
    assert!(says_that_there_is_more(&in_time(&text)));
}

#[test]
fn aliases_that_multiply_fields() {
    let fields: String = (0..10_000).map(|n| format!("f{n}: x, ")).collect();
    let lists = "{kind: Pod, apiVersion: v1, metadata: {name: p}, spec: *s}, ".repeat(5_000);
    in_time(&format!("s: &s {{{fields}}}\nkind: List\nitems: [{lists}]\n"));
}

#[test]
fn aliases_in_an_unknown_kind() {
    let mut text = "apiVersion: a/v1\nkind: B\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = level - 1;
        text.push_str(&format!(
            "a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}, *a{below}, *a{below}]\n"
        ));
    }
    in_time(&text);
}

#[test]
fn lists_in_lists() {
    let deep = format!("{}{}", "{kind: List, items: [".repeat(300), "]}".repeat(300));
    in_time(&deep);
    in_time(&format!("apiVersion: a/v1\nkind: B\nspec: {}{}", "[".repeat(10_000), "]".repeat(10_000)));
    in_time(&format!("apiVersion: v1\nkind: Pod\nspec: {}1{}", "{containers: [".repeat(900), "]}".repeat(900)));
}

#[test]
fn many_empty_containers() {
    let text =
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{}]}}", "{},".repeat(150_000));
    let objects = in_time(&text);
    assert_eq!(objects.pods[0].containers.len(), (10_000 + text.len() / 60) / 2);
    assert!(says_that_there_is_more(&objects));
}
