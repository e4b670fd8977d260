//! One hardened pod, one change at a time: what is found, and nothing else.
//!
//! The changes are those of a comparison of manifest linters in which each of them missed some or cried wolf at some.
//! Findings of good housekeeping and of missing layers are not looked at here: the pod has them all.

use watertight_diagnostic::{Category, FileId, Finding, Settings};
use watertight_pod::read;
use watertight_yaml::parse;

const CONTROL: &str = r#"apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  automountServiceAccountToken: false
  hostUsers: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: registry.example.com/web:1.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      imagePullPolicy: Always
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: ["ALL"]
      resources:
        requests: { cpu: 100m, memory: 64Mi }
        limits: { cpu: 500m, memory: 128Mi, ephemeral-storage: 1Gi }
      volumeMounts:
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: tmp
      emptyDir: {}
"#;

fn find(text: &str) -> Vec<Finding> {
    watertight_rules::run(&read(&parse(text)), FileId(0), &Settings::default())
}

/// The escape findings of a text as `rule severity`, in their order.
fn escapes(text: &str) -> Vec<String> {
    let escapes = find(text).into_iter().filter(|found| found.rule.category == Category::Escape);
    escapes.map(|found| format!("{} {}", found.rule.id, found.severity)).collect()
}

/// Puts `line` behind the line that begins with `after`, and looks.
fn changed(after: &str, line: &str) -> String {
    assert!(CONTROL.contains(after), "{after}");
    CONTROL.replacen(after, &format!("{after}\n{line}"), 1)
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(escapes(text), expected, "{text}");
}

fn in_spec(line: &str, expected: &[&str]) {
    check(&changed("spec:", &format!("  {line}")).replace("  hostUsers: false\n", ""), expected);
}

fn in_container(line: &str, expected: &[&str]) {
    let text = changed("      imagePullPolicy: Always", &format!("      {line}"));
    check(&text.replace("  hostUsers: false\n", ""), expected);
}

fn in_context(line: &str, expected: &[&str]) {
    let text = changed("        readOnlyRootFilesystem: true", &format!("        {line}"));
    check(&text.replace("  hostUsers: false\n", ""), expected);
}

fn mounted(path: &str, read_only: bool, expected: &str) {
    let mount = format!("        - {{ name: host, mountPath: /host, readOnly: {read_only} }}");
    let volume = format!("    - name: host\n      hostPath:\n        path: {path}");
    let text = changed("      volumeMounts:", &mount).replacen("  volumes:", &format!("  volumes:\n{volume}"), 1);
    check(&text, &[expected]);
}

#[test]
fn the_control_is_clean() {
    check(CONTROL, &[]);
}

#[test]
fn host_paths() {
    for read_only in [false, true] {
        for socket in [
            "/var/run/docker.sock",
            "/run/docker.sock",
            "/var/run/docker.sock/",
            "/run/containerd/containerd.sock",
            "/var/run/containerd/containerd.sock",
            "/run/crio/crio.sock",
            "/run/k3s/containerd/containerd.sock",
            "/var/run",
            "/run",
        ] {
            mounted(socket, read_only, "runtime-socket-mount critical");
        }
        for root in ["/", "/etc/.."] {
            mounted(root, read_only, "host-root-mount critical");
        }
        mounted("/var/lib/kubelet", read_only, "host-sensitive-path critical");
        mounted("/dev/mem", read_only, "host-device-mount high");
    }
    mounted("/etc/kubernetes/manifests", false, "host-sensitive-path critical");
    mounted("/etc/kubernetes/manifests", true, "host-sensitive-path medium");
    mounted("/var/log", false, "host-log-mount high");
    mounted("/sys/fs/cgroup", false, "host-sys-mount high");
    mounted("/proc/sys", true, "host-proc-mount medium");
    mounted("/data", true, "host-path-mount low");
    mounted("/data", false, "host-path-mount medium");
}

#[test]
fn capabilities() {
    let adding = |name: &str, expected: &[&str]| {
        let text = CONTROL.replace("drop: [\"ALL\"]", &format!("drop: [\"ALL\"]\n          add: [{name}]"));
        check(
            &text.replace("  hostUsers: false\n", "").replace("        allowPrivilegeEscalation: false\n", ""),
            expected,
        );
    };
    adding("SYS_ADMIN", &["dangerous-capability critical"]);
    adding("CAP_SYS_ADMIN", &["dangerous-capability critical"]);
    adding("sys_admin", &["dangerous-capability critical"]);
    adding("DAC_READ_SEARCH", &["dangerous-capability high"]);
    // Not a way out; the standards and the rules about missing layers speak of it.
    adding("SYS_CHROOT", &[]);
    adding("NET_BIND_SERVICE", &[]);
}

#[test]
fn profiles_and_labels() {
    in_context("appArmorProfile: { type: Unconfined }", &["apparmor-unconfined medium"]);
    in_context("seccompProfile: { type: Unconfined }", &["seccomp-unconfined medium"]);
    in_context("seccompProfile: { type: Localhost, localhostProfile: profiles/web.json }", &[]);
    in_context("procMount: Unmasked", &["proc-mount-unmasked high"]);
    in_context("seLinuxOptions: { type: spc_t }", &["selinux-custom high"]);
    let sysctl = "    sysctls: [{ name: kernel.msgmax, value: '1' }]";
    check(&changed("  securityContext:", sysctl), &["unsafe-sysctl medium"]);
    let annotation = "  annotations: { container.apparmor.security.beta.kubernetes.io/web: unconfined }";
    let text = changed("metadata:", annotation).replace("  hostUsers: false\n", "");
    check(&text, &["apparmor-unconfined medium"]);
}

#[test]
fn switches_that_nobody_looks_at() {
    in_spec("shareProcessNamespace: true", &["share-process-namespace low"]);
    in_spec("hostUsers: true", &["host-user-namespace low"]);
    in_container("livenessProbe: { httpGet: { host: 10.0.0.1, port: 80 } }", &["host-probe-target low"]);
    check(&CONTROL.replace("limits: {", "limits: { nvidia.com/gpu: 1,"), &["device-request info"]);
    check(&CONTROL.replace("mountPath: /tmp", "mountPath: /tmp\n          subPath: web"), &["sub-path-mount info"]);
    let token = "    - name: token\n      projected: { sources: [{ serviceAccountToken: { path: t, expirationSeconds: 999999 } }] }";
    check(&changed("  volumes:", token), &["long-lived-token low"]);
    let both = CONTROL.replace("mountPath: /tmp", "mountPath: /tmp\n          mountPropagation: Bidirectional");
    check(&both, &["mount-propagation low"]);
}

#[test]
fn privileged_wherever_it_hides() {
    let bad = "securityContext: { privileged: true }";
    in_spec(&format!("initContainers: [{{ name: a, {bad} }}]"), &["privileged critical"]);
    in_spec(&format!("ephemeralContainers: [{{ name: a, {bad} }}]"), &["privileged critical"]);
    in_spec(&format!("initContainers: [{{ {bad} }}]"), &["privileged critical"]);
    in_spec("initContainers: [{ name: a, securityContext: { privileged: yes } }]", &["privileged critical"]);
    check(&changed("spec:", &format!("  initContainers: [{{ name: a, {bad} }}]")), &["privileged high"]);

    let spec = format!("{{ containers: [{{ name: a, {bad} }}] }}");
    for kind in ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"] {
        check(
            &format!("apiVersion: apps/v1\nkind: {kind}\nspec:\n  template:\n    spec: {spec}\n"),
            &["privileged critical"],
        );
    }
    let cron = format!(
        "apiVersion: batch/v1\nkind: CronJob\nspec: {{ jobTemplate: {{ spec: {{ template: {{ spec: {spec} }} }} }} }}\n"
    );
    check(&cron, &["privileged critical"]);
    check(&format!("apiVersion: v1\nkind: PodTemplate\ntemplate:\n  spec: {spec}\n"), &["privileged critical"]);
    let rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout";
    check(&format!("{rollout}\nspec:\n  template:\n    spec: {spec}\n"), &["privileged critical"]);
    let item = format!("{{ apiVersion: v1, kind: Pod, metadata: {{ name: a }}, spec: {spec} }}");
    check(&format!("apiVersion: v1\nkind: List\nitems: [{item}]\n"), &["privileged critical"]);
    check(&format!("apiVersion: v1\nkind: PodList\nitems: [{item}]\n"), &["privileged critical"]);
}

#[test]
fn other_objects() {
    let volume = "apiVersion: v1\nkind: PersistentVolume\nmetadata: { name: a }\nspec: { hostPath: { path: / } }\n";
    check(volume, &["persistent-volume-host-path critical"]);
}

#[test]
fn windows_pods_are_left_alone() {
    let healthy = "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  os: { name: windows }\n  \
                   automountServiceAccountToken: false\n  securityContext:\n    runAsNonRoot: true\n    \
                   windowsOptions: { runAsUserName: ContainerUser }\n  containers:\n    - name: web\n      \
                   image: example.com/web:1.0\n";
    check(healthy, &[]);
    let host_process = healthy.replace("runAsUserName: ContainerUser", "hostProcess: true");
    check(&host_process, &["windows-host-process critical"]);
}
