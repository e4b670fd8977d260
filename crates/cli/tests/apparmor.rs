//! `watertight apparmor check|decide|generate`, as a person or a build server runs it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

mod common;

use serde_json::Value;

const ARTICLE: &str = "profile container-restricted flags=(attach_disconnected,mediate_deleted) {\n  deny /** w,\n  /tmp/** rw,\n  deny network raw,\n  deny mount,\n  deny ptrace,\n}\n";
const GOOD: &str = "abi <abi/3.0>,\nprofile web {\n  include <local/web>\n  /** rmix,\n  /dev/null rw,\n  signal,\n  network inet stream,\n}\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n    - name: web\n      image: x\n      volumeMounts: [{name: tmp, mountPath: /tmp}, {name: s, mountPath: /var/run/docker.sock}]\n      securityContext: {readOnlyRootFilesystem: true}\n    - name: side\n      image: x\n  volumes: [{name: tmp, emptyDir: {}}, {name: s, hostPath: {path: /var/run/docker.sock}}]\n";
const LOG: &str = "type=AVC msg=audit(1.1:4): apparmor=\"DENIED\" operation=\"open\" profile=\"web\" name=\"/srv/x\" pid=9 comm=\"x\" requested_mask=\"w\" denied_mask=\"w\" fsuid=0 ouid=0\n";

/// Exit status, standard output, standard error of `watertight apparmor …` in a folder with the texts above.
fn run(arguments: &[&str], input: &str) -> (i32, String, String) {
    let files = [
        ("article", ARTICLE),
        ("profiles/web", GOOD),
        ("profiles/local/web", "/srv/** r,\n"),
        ("pod.yaml", POD),
        ("log", LOG),
        ("broken", "profile a {\n  /a rq,\n}\n"),
        ("needs", "write /srv/data/\nfly /x\n"),
    ];
    common::run("apparmor", &files, arguments, input).texts()
}

#[test]
fn profiles_are_checked() {
    let (status, out, _) = run(&["check", "article"], "");
    assert_eq!(status, 1);
    for (rule, line) in [("apparmor-cannot-start", ":1"), ("apparmor-dead-allow", ":3")] {
        assert!(out.contains(rule) && out.contains(&format!("article{line}")), "{rule}: {out}");
    }
    // The include beside it is found by its name.
    let (status, out, errors) = run(&["check", "--format", "json", "profiles"], "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, report["findings"].as_array().unwrap().len()), (0, 0), "{out}{errors}");
    assert_eq!(run(&["check", "nowhere"], "").0, 2);
    let (status, out, _) = run(&["check", "--runtimes", "--format", "json"], "");
    let report: Value = serde_json::from_str(&out).unwrap();
    let found = report["findings"].as_array().unwrap();
    let leaks: Vec<_> = found.iter().filter(|finding| finding["rule"] == "apparmor-leaky-deny").collect();
    assert!(status == 1 && !leaks.is_empty(), "{out}");
    assert!(leaks[0]["what"].as_str().unwrap().contains("/proc/sys/kernel/sysrq"));
}

#[test]
fn profiles_are_asked() {
    let table = "deny file /tmp/x w\nfile /tmp/x r\nallow network inet stream\nstart static\n";
    let (status, out, errors) = run(&["decide", "article"], table);
    assert_eq!(status, 1, "{errors}");
    for words in [
        "deny     file /tmp/x w\n           article:2: deny /** w,\n",
        "allow    file /tmp/x r\n           article:3: /tmp/** rw,\n",
        "deny     network inet stream   expected allow\n",
        "a rule for it: network inet stream,\n",
        "deny     /usr/bin/busybox: ",
    ] {
        assert!(out.contains(words), "{words}\n{out}");
    }
    assert!(errors.contains("attach_disconnected"), "{errors}");
    let (status, out, _) =
        run(&["decide", "--format", "jsonl", "--profile", "web", "profiles"], "allow file /srv/x r\nallow start\n");
    assert_eq!(status, 0, "{out}");
    let first: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(first["outcome"], "allow");
    let own = ["decide", "--profile", "docker-default"];
    assert_eq!(run(&own, "deny file /proc/sys/kernel/core_pattern w\nallow file /proc/sys/kernel/sysrq w\n").0, 0);
    for (arguments, input, words) in [
        (&["decide", "article"][..], "file tmp w\n", "stdin:1"),
        (&["decide", "--profile", "other", "article"], "", "no such profile"),
        (&["decide"], "", "nothing to ask"),
    ] {
        let (status, _, errors) = run(arguments, input);
        assert!(status == 2 && errors.contains(words), "{errors}");
    }
}

#[test]
fn profiles_are_made_of_pods() {
    let (status, out, errors) = run(&["generate", "--needs", "needs", "pod.yaml"], "");
    assert_eq!(status, 1);
    assert!(out.contains("profile shop-web flags=") && out.contains("/srv/data/{,**} rwkl,"), "{out}");
    assert!(errors.contains("/run/docker.sock") && errors.contains("Line 2"), "{errors}");
    let (status, out, errors) =
        run(&["generate", "--strictness", "tight", "--complain", "--container", "side", "pod.yaml"], "");
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(out.contains("profile shop-side flags=(complain,"), "{out}");
    let (_, out, _) = run(&["generate", "--load", "--kube-version", "v1.29", "pod.yaml"], "");
    assert!(
        out.contains("apparmor_parser --replace") && out.contains("beta.kubernetes.io/web: localhost/shop-web"),
        "{out}"
    );
    assert!(out.contains("kind: AppArmorProfile"), "{out}");
    assert_eq!(run(&["generate", "--container", "other", "pod.yaml"], "").0, 2);
    assert_eq!(run(&["generate", "article"], "").0, 2);
}

#[test]
fn rules_are_made_of_logs() {
    let (status, out, _) = run(&["generate", "--log", "-"], LOG);
    assert_eq!((status, out.as_str()), (0, "# web\n/srv/x w,\n"));
    let (status, out, errors) = run(&["generate", "--log", "log", "--diff", "profiles/web"], "");
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(out.contains("+  /srv/x w,\n }\n"), "{out}");
    let (status, out, errors) = run(&["generate", "--log", "log", "article"], "");
    assert_eq!((status, out.as_str()), (1, ARTICLE));
    assert!(errors.contains("No file holds the profile `web`"), "{errors}");
}
