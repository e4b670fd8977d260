//! `watertight escape` and `watertight cves`, as a person or a build server runs them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const PRIVILEGED: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  automountServiceAccountToken: false\n  \
                          hostPID: true\n  containers:\n  - name: app\n    image: a\n    securityContext:\n      privileged: \
                          true\n      runAsUser: 0\n";
const RESTRICTED: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  automountServiceAccountToken: false\n  \
                          securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}\n  \
                          containers:\n  - name: app\n    image: a\n    securityContext: {allowPrivilegeEscalation: false, \
                          readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}\n    resources: {limits: {memory: 1Gi, \
                          cpu: 1}}\n";

/// Nothing says who it runs as, and nothing what its service account may do.
const SOCKET: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: app\n    image: a\n    \
                      volumeMounts: [{name: s, mountPath: /s}]\n  volumes: [{name: s, hostPath: {path: \
                      /var/run/docker.sock}}]\n";

/// Exit status, standard output, standard error in a folder with both pods.
fn watertight(arguments: &[&str]) -> (i32, String, String) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("privileged.yaml"), PRIVILEGED).unwrap();
    std::fs::write(folder.path().join("restricted.yaml"), RESTRICTED).unwrap();
    std::fs::write(folder.path().join("socket.yaml"), SOCKET).unwrap();
    std::fs::write(folder.path().join("empty.yaml"), "").unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_watertight")).args(arguments).current_dir(folder.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_exit_status_is_that_of_the_worst_open_way() {
    assert_eq!(watertight(&["escape", "privileged.yaml"]).0, 1);
    assert_eq!(watertight(&["escape", "--fail-on", "cluster-admin", "privileged.yaml"]).0, 0);
    assert_eq!(watertight(&["escape", "restricted.yaml"]).0, 0);
    assert_eq!(watertight(&["escape", "empty.yaml"]).0, 2);
    assert_eq!(watertight(&["escape", "no-such-file.yaml"]).0, 2);
    assert_eq!(watertight(&["escape", "--fail-on", "moon", "restricted.yaml"]).0, 2);
    assert_eq!(watertight(&["escape", "--container", "other", "restricted.yaml"]).0, 2);
}

#[test]
fn versions_are_taken_as_nodes_print_them() {
    let lines = |arguments: &[&str]| {
        let (status, out, errors) = watertight(&[&["escape", "restricted.yaml"], arguments].concat());
        assert_eq!(status, 0, "{arguments:?}: {out}{errors}");
        out
    };
    let out =
        lines(&["--kernel", "5.15.0-31-generic", "--runtime-version", "1.7.14+azure", "--kube-version", "1.29.3"]);
    assert!(out.contains("linux-kernel 5.15.0-31-generic"), "{out}");
    assert!(out.contains("CVE-2022-0847 of linux-kernel 5.15.0-31-generic"), "{out}");
    assert!(out.contains("if its vendor has not mended it"), "{out}");
    assert!(out.contains("containerd 1.7.14+azure"), "{out}");
    assert!(lines(&["--runc", "1.1.5+ds1-1+deb12u1"]).contains("runc 1.1.5+ds1-1+deb12u1"));
    assert_eq!(watertight(&["escape", "--kernel", "six", "restricted.yaml"]).0, 2);
}

#[test]
fn ways_that_may_be_open_count_where_that_is_asked_for() {
    let doubt = "--fail-on-unknown";
    assert_eq!(watertight(&["escape", "socket.yaml"]).0, 0);
    assert_eq!(watertight(&["escape", doubt, "socket.yaml"]).0, 1);
    assert_eq!(watertight(&["escape", doubt, "--fail-on", "host-root", "socket.yaml"]).0, 1);
    assert_eq!(watertight(&["escape", doubt, "restricted.yaml"]).0, 0, "a bug of a version that nobody named");
    let (_, out, _) = watertight(&["escape", "socket.yaml"]);
    let socket = "[hp-docker-sock]: nothing forbids root: the image decides who it runs as, and most images say root\n";
    assert!(out.contains(socket), "{out}");
    assert!(out.contains("TO CLOSE 12 ways that may be open"), "{out}");
    assert!(out.contains("Remove volume \"s\" and its mounts (closes 1 of 12"), "{out}");
    let (_, out, _) = watertight(&["escape", "--to", "cluster-admin", "socket.yaml"]);
    assert!(out.contains("TO CLOSE 5 ways to control of the cluster"), "{out}");
}

/// The kernel of 5.10.100 has bugs that ordinary calls get to.
#[test]
fn a_bug_that_the_node_has_counts() {
    let folder = TempDir::new().unwrap();
    let kernel = folder.path().join("kernel.txt");
    let old = kernel.to_str().unwrap();
    std::fs::write(&kernel, "Linux a 5.10.100 #1 SMP x86_64 GNU/Linux\n").unwrap();
    let (status, out, _) = watertight(&["escape", "restricted.yaml", old]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("the node has CVE-") && out.contains("which leads out of this container"), "{out}");
    assert!(out.contains("grade E: 40 of 100"), "{out}");
    // One more way does not raise the grade.
    std::fs::write(folder.path().join("pid.yaml"), RESTRICTED.replace("spec:\n", "spec:\n  hostPID: true\n")).unwrap();
    let pid = folder.path().join("pid.yaml");
    let (_, out, _) = watertight(&["escape", pid.to_str().unwrap(), old]);
    assert!(out.contains("; and the node has CVE-"), "{out}");
    assert!(!out.contains("grade A") && !out.contains("grade B") && !out.contains("grade C"), "{out}");
}

#[test]
fn people_read_chains_and_what_to_change() {
    let (_, out, _) = watertight(&["escape", "privileged.yaml"]);
    assert!(out.starts_with("privileged.yaml:8: Pod/p, container app: root on the node\n"), "{out}");
    assert!(out.contains("OPEN  root on the node: Privileged container [priv]"), "{out}");
    assert!(out.contains("at privileged.yaml:11"), "{out}");
    assert!(out.contains("TO CLOSE"), "{out}");
    assert!(out.contains("grade F: ") && out.contains("because a way to root on the node is open"), "{out}");
    let (_, out, _) = watertight(&["escape", "restricted.yaml"]);
    assert!(out.contains("no way out is open as it is configured"), "{out}");
    assert!(
        out.contains("[kernel-cve]") && out.contains("Paste the output of `uname -a` in a file of its own"),
        "{out}"
    );
    assert!(!out.contains("CLOSED\n"), "{out}");
    let (_, out, _) = watertight(&["escape", "--all", "restricted.yaml"]);
    assert!(out.contains("Privileged container [priv]: pod settings"), "{out}");
}

#[test]
fn programs_read_everything() {
    let (_, out, _) = watertight(&["escape", "--format", "json", "--kernel", "5.15", "privileged.yaml"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["containers"][0]["worst"], "host-root");
    assert_eq!(report["node"][0]["name"], "linux-kernel");
    assert_eq!(
        report["containers"][0]["strands"].as_array().unwrap().len(),
        report["techniques"].as_array().unwrap().len()
    );
}

#[test]
fn bugs_by_version() {
    let (status, out, _) = watertight(&["cves", "--component", "runc", "--version", "1.1.11"]);
    assert_eq!(status, 1);
    assert!(out.contains("CVE-2024-21626") && out.contains("this version has it"), "{out}");
    let (status, out, _) = watertight(&["cves", "--component", "runc", "--version", "1.1.11", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &report["bugs"][0]["component"]), (1, &Value::from("runc")));
    let (status, out, _) = watertight(&["cves"]);
    assert_eq!(status, 0);
    assert!(out.contains("stopped by: pausing the container before `docker cp`; running only images"), "{out}");
    assert!(out.contains("versions: nothing was read of them (not checked against"), "{out}");
    let ubuntu = ["cves", "--component", "linux-kernel", "--version", "5.15.0-91-generic", "--fail-on-unknown"];
    let (asked, unsure) = ubuntu.split_last().map(|(_, asked)| (watertight(asked), watertight(&ubuntu))).unwrap();
    assert!(asked.1.contains("ask the vendor") && asked.1 == unsure.1, "{}", asked.1);
    assert_eq!((asked.0, unsure.0), (0, 1));
    assert_eq!(watertight(&["cves", "--fail-on-unknown"]).0, 2, "of which version?");
    assert_eq!(watertight(&["cves", "cve-2024-21626"]).0, 0);
    assert_eq!(watertight(&["cves", "CVE-1999-0001"]).0, 2);
    assert_eq!(watertight(&["cves", "--component", "moon"]).0, 2);
    assert_eq!(watertight(&["cves", "--component", "runc", "--version", "custom"]).0, 2);
    assert_eq!(watertight(&["cves", "--version", "1.1.11"]).0, 2);
}
