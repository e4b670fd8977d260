//! For every known way: a pod, or a command line, that opens it, and a twin that does not.

use watertight_diagnostic::ask::escape::{EscapeAsk, Lsm, NodeFacts, Truth};
use watertight_diagnostic::{KubeVersion, NodeSettings, Release, Settings};
use watertight_escape::technique;
use watertight_falco::coverage::coverage;
use watertight_falco::rules::RuleSet;
use watertight_text::Encoding;

use crate::{Input, escape};

/// A node that stops nothing by itself.
fn settings() -> Settings {
    Settings {
        kube_version: KubeVersion::Minor(32),
        facts: NodeFacts { lsm: Some(Lsm::None), cgroup: Some(1), signed_modules: Some(false), runc: None },
        ..Settings::default()
    }
}

/// How a text opens a way.
#[track_caller]
fn check(id: &str, text: &str, settings: &Settings, expected: Truth) {
    let report = escape(&[Input { name: "a", text }], &EscapeAsk::default(), settings, Encoding::Utf8);
    let map = report.containers.first().unwrap_or_else(|| panic!("{id}: no container in\n{text}"));
    let strand = map.strands.iter().find(|strand| report.techniques[strand.technique].id == id).unwrap();
    assert_eq!(strand.open, expected, "{id}: {}\n{text}", map.chain(strand));
}

/// A pod of these lines of its spec and of its container. The container runs as root, without filter and profile, and
/// holds no capability, if the lines do not say otherwise.
fn pod(spec: &str, container: &str) -> String {
    pod_with("", spec, container, "seccompProfile: {type: Unconfined}, runAsUser: 0", "")
}

fn pod_with(metadata: &str, spec: &str, container: &str, security: &str, more: &str) -> String {
    let lines = |indent: &str, lines: &str| -> String {
        lines.split("; ").filter(|line| !line.is_empty()).map(|line| format!("{indent}{line}\n")).collect()
    };
    let security = match container.contains("securityContext") {
        true => String::new(),
        false => format!("    securityContext: {{{security}, capabilities: {{drop: [ALL]}}}}\n"),
    };
    let sa = if spec.contains("automount") { "" } else { "  automountServiceAccountToken: false\n" };
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: team{metadata}}}\nspec:\n{sa}{}  containers:\n  - name: \
         a\n    image: a\n{}{security}---\n{more}",
        lines("  ", spec),
        lines("    ", container),
    )
}

/// A container with capabilities, as root and unfiltered.
fn adding(capabilities: &str, more: &str) -> String {
    format!(
        "securityContext: {{seccompProfile: {{type: Unconfined}}, runAsUser: 0, capabilities: {{drop: [ALL], add: \
         [{capabilities}]}}}}{more}"
    )
}

const PRIVILEGED: &str = "securityContext: {privileged: true, runAsUser: 0}";

/// A way that needs a capability: id, lines of the spec, the capability.
const CAPABILITIES: [(&str, &str, &str); 19] = [
    ("cap-sys-admin-cgroup1", "", "SYS_ADMIN"),
    ("cap-sys-admin-proc", "", "SYS_ADMIN"),
    ("cap-sys-admin-confined", "", "SYS_ADMIN"),
    ("cap-sys-module", "", "SYS_MODULE"),
    ("cap-sys-ptrace-hostpid", "hostPID: true", "SYS_PTRACE"),
    ("cap-dac-read-search", "", "DAC_READ_SEARCH"),
    ("cap-sys-rawio", "", "SYS_RAWIO"),
    ("cap-mknod", "", "MKNOD"),
    ("cap-bpf", "", "BPF, PERFMON"),
    ("cap-bpf", "", "SYS_ADMIN"),
    ("cap-net-admin-hostnet", "hostNetwork: true", "NET_ADMIN"),
    ("cap-net-admin", "", "NET_ADMIN"),
    ("cap-net-raw", "", "NET_RAW"),
    ("cap-net-raw-hostnet", "hostNetwork: true", "NET_RAW"),
    ("cap-syslog", "", "SYSLOG"),
    ("cap-checkpoint-restore", "", "CHECKPOINT_RESTORE"),
    ("cap-mac-admin", "", "MAC_ADMIN"),
    ("cap-sys-time", "", "SYS_TIME"),
    ("cap-sys-boot", "hostPID: true", "SYS_BOOT"),
];

#[test]
fn capabilities() {
    for (id, spec, capability) in CAPABILITIES {
        check(id, &pod(spec, &adding(capability, "")), &settings(), Truth::Yes);
        check(id, &pod(spec, &adding("CHOWN", "")), &settings(), Truth::No);
        // A user without rights holds none of what was added.
        let user = adding(capability, "").replace("runAsUser: 0", "runAsUser: 1000, allowPrivilegeEscalation: false");
        if capability != "SYS_ADMIN" {
            check(id, &pod(spec, &user), &settings(), Truth::No);
        }
    }
}

/// A way through a path of the node: id, a path that opens it, one that does not, whether it has to be writable.
const PATHS: [(&str, &str, &str, bool); 25] = [
    ("hp-root", "/", "/srv", false),
    ("hp-etc", "/etc", "/etc/hostname", true),
    ("hp-etc-kubernetes", "/etc/kubernetes/pki", "/etc/hosts", false),
    ("hp-docker-sock", "/var/run/docker.sock", "/var/run/other.sock", false),
    ("hp-containerd-sock", "/run/containerd/containerd.sock", "/run/other.sock", false),
    ("hp-crio-sock", "/run/crio/crio.sock", "/run/other.sock", false),
    ("hp-run", "/run", "/srv", false),
    ("hp-kubelet", "/var/lib/kubelet", "/var/lib/other", false),
    ("hp-var-log", "/var/log", "/srv", true),
    ("hp-proc", "/proc", "/srv", true),
    ("hp-sys", "/sys/fs/cgroup", "/srv", true),
    ("hp-root-home", "/root", "/srv", true),
    ("hp-home", "/home", "/srv", false),
    ("hp-boot", "/boot", "/srv", true),
    ("hp-modules", "/lib/modules", "/srv", true),
    ("hp-docker-lib", "/var/lib/docker", "/var/lib/other", false),
    ("hp-etcd", "/var/lib/etcd", "/var/lib/other", false),
    ("hp-cni", "/opt/cni/bin", "/srv", true),
    ("hp-bin", "/usr/local", "/srv", true),
    ("hp-cron", "/etc/cron.d", "/srv", true),
    ("hp-cloud-creds", "/etc/kubernetes/azure.json", "/srv", false),
    ("hp-tmp", "/tmp", "/srv", false),
    ("hp-other-writable", "/data", "", true),
    ("cap-setuid-hostpath", "/data", "", true),
    ("docker-group-add", "/var/run/docker.sock", "", false),
];

fn mounting(path: &str, options: &str, security: &str) -> String {
    if path.is_empty() {
        return pod("", "");
    }
    let spec = format!("volumes: [{{name: v, hostPath: {{path: {path}}}}}]");
    let container = format!("volumeMounts: [{{name: v, mountPath: /m{options}}}]");
    pod_with("", &spec, &container, &format!("seccompProfile: {{type: Unconfined}}, {security}"), "")
}

#[test]
fn paths() {
    for (id, open, closed, writable) in PATHS {
        if id == "docker-group-add" {
            continue;
        }
        check(id, &mounting(open, "", "runAsUser: 0"), &settings(), Truth::Yes);
        check(id, &mounting(closed, "", "runAsUser: 0"), &settings(), Truth::No);
        if writable {
            check(id, &mounting(open, ", readOnly: true", "runAsUser: 0"), &settings(), Truth::No);
        }
    }
}

/// What the node has mounted below a folder keeps its own options, so a read-only `/` leaves `/proc` and `/run` writable.
#[test]
fn mounts_below() {
    let root = |options: &str| mounting("/", options, "runAsUser: 0");
    check("hp-proc", &root(", readOnly: true"), &settings(), Truth::Yes);
    check("hp-proc", &root(", readOnly: true, recursiveReadOnly: IfPossible"), &settings(), Truth::Unknown);
    check("hp-proc", &root(", readOnly: true, recursiveReadOnly: Enabled"), &settings(), Truth::No);
    check("hp-etc", &root(", readOnly: true"), &settings(), Truth::No);
    check("hp-proc", "docker run -v /:/host:ro --user 0 alpine\n", &settings(), Truth::Unknown);
    check("hp-proc", "podman run -v /:/host:ro --user 0 alpine\n", &settings(), Truth::Yes);
}

/// A way through a right at the API: id, groups, resources, verbs.
const RIGHTS: [(&str, &str, &str, &str); 11] = [
    ("rbac-create-pods", "", "pods", "create"),
    ("rbac-exec", "", "pods/exec", "create"),
    ("rbac-nodes-proxy", "", "nodes/proxy", "get"),
    ("rbac-secrets", "", "secrets", "list"),
    ("rbac-escalate", "rbac.authorization.k8s.io", "clusterroles", "escalate, update"),
    ("rbac-wildcard", "*", "'*'", "'*'"),
    ("rbac-ephemeral", "", "pods/ephemeralcontainers", "patch"),
    ("rbac-pv", "", "persistentvolumes", "create"),
    (
        "rbac-csr",
        "certificates.k8s.io",
        "certificatesigningrequests, certificatesigningrequests/approval, signers",
        "create, update, approve",
    ),
    ("rbac-sa-token", "", "serviceaccounts/token", "create"),
    ("rbac-webhook", "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "create"),
];

#[test]
fn rights() {
    for (id, group, resources, verbs) in RIGHTS {
        let roles = format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r}}\nrules:\n- {{apiGroups: \
             ['{group}'], resources: [{resources}], verbs: [{verbs}]}}\n---\napiVersion: \
             rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: ClusterRole, \
             name: r}}\nsubjects: [{{kind: ServiceAccount, name: mine, namespace: team}}]\n"
        );
        let of = |account: &str| {
            let spec = format!("serviceAccountName: {account}; automountServiceAccountToken: true");
            pod_with("", &spec, "", "runAsUser: 0", &roles)
        };
        check(id, &of("mine"), &settings(), Truth::Yes);
        check(id, &of("other"), &settings(), Truth::No);
        let without = of("mine").replace("automountServiceAccountToken: true", "automountServiceAccountToken: false");
        check(id, &without, &settings(), Truth::No);
    }
}

/// A way with texts of its own: id, what opens it, what does not.
fn others() -> Vec<(&'static str, String, String)> {
    let plain = || pod("", "");
    let container = |lines: &str| pod("", lines);
    let spec = |lines: &str| pod(lines, "");
    let disk = |kind: &str| {
        let volumes = format!("volumes: [{{name: v, hostPath: {{path: {kind}}}}}]");
        pod(&volumes, &format!("{PRIVILEGED}; volumeMounts: [{{name: v, mountPath: /d}}]"))
    };
    let user = |lines: &str| container(&format!("securityContext: {{{lines}}}"));
    let run = |options: &str| format!("docker run {options} alpine\n");
    vec![
        ("priv", container(PRIVILEGED), plain()),
        ("priv", container("securityContext: {privileged: true}"), plain()),
        ("priv-hostpid", pod("hostPID: true", PRIVILEGED), pod("", PRIVILEGED)),
        ("cap-sys-admin-device", disk("/dev/sda"), container(&adding("SYS_ADMIN", ""))),
        ("cap-mknod-device", container(PRIVILEGED), container(&adding("MKNOD", ""))),
        ("device", disk("/dev/sda"), mounting("/dev/sda", "", "runAsUser: 0")),
        ("device-read", run("--user 0 --device /dev/sda:/dev/sda:r"), run("--user 0 --device /dev/net/tun")),
        (
            "cap-mknod-device-read",
            run("--user 0 --security-opt seccomp=unconfined --device-cgroup-rule 'b 8:* r'"),
            run("--user 0 --security-opt seccomp=unconfined"),
        ),
        ("hp-dev", disk("/dev"), mounting("/srv", "", "runAsUser: 0")),
        (
            "cap-sys-ptrace-share",
            pod("shareProcessNamespace: true", &adding("SYS_PTRACE", "")),
            container(&adding("SYS_PTRACE", "")),
        ),
        (
            "cap-dac-override-hostpath",
            pod(
                "volumes: [{name: v, hostPath: {path: /data}}]",
                &adding("DAC_OVERRIDE", "; volumeMounts: [{name: v, mountPath: /m}]"),
            ),
            container(&adding("DAC_OVERRIDE", "")),
        ),
        ("hostpid", spec("hostPID: true"), plain()),
        (
            "hostpid-root",
            pod("hostPID: true", "securityContext: {runAsUser: 0, seccompProfile: {type: Unconfined}}"),
            pod("hostPID: true", "securityContext: {runAsUser: 1000, allowPrivilegeEscalation: false}"),
        ),
        ("hostpid-root", pod("hostPID: true", &adding("SYS_PTRACE", "")), pod("hostPID: true", &adding("KILL", ""))),
        ("hostipc", spec("hostIPC: true"), plain()),
        ("hostnetwork", spec("hostNetwork: true"), plain()),
        (
            "hostnetwork-abstract-socket",
            spec("hostNetwork: true"),
            pod("hostNetwork: true", "securityContext: {runAsUser: 1000, allowPrivilegeEscalation: false}"),
        ),
        ("share-pid", spec("shareProcessNamespace: true"), plain()),
        (
            "metadata",
            spec("hostNetwork: true"),
            pod_with(
                "",
                "",
                "",
                "runAsUser: 0",
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: team}\nspec: \
                 {podSelector: {}, policyTypes: [Egress]}\n",
            ),
        ),
        (
            "hp-propagation",
            pod(
                "volumes: [{name: v, emptyDir: {}}]",
                &format!("{PRIVILEGED}; volumeMounts: [{{name: v, mountPath: /m, mountPropagation: Bidirectional}}]"),
            ),
            pod(
                "volumes: [{name: v, emptyDir: {}}]",
                &format!("{PRIVILEGED}; volumeMounts: [{{name: v, mountPath: /m}}]"),
            ),
        ),
        (
            "subpath",
            pod("volumes: [{name: v, emptyDir: {}}]", "volumeMounts: [{name: v, mountPath: /m, subPath: a}]"),
            pod("volumes: [{name: v, emptyDir: {}}]", "volumeMounts: [{name: v, mountPath: /m}]"),
        ),
        ("gitrepo", spec("volumes: [{name: v, gitRepo: {repository: a}}]"), plain()),
        ("procmount", user("procMount: Unmasked, runAsUser: 0"), plain()),
        (
            "procmount-settings",
            user("procMount: Unmasked, runAsUser: 0"),
            user("procMount: Unmasked, runAsUser: 1000, allowPrivilegeEscalation: false"),
        ),
        (
            "seccomp-unconfined",
            plain(),
            user("privileged: false, seccompProfile: {type: RuntimeDefault}, runAsUser: 0"),
        ),
        ("apparmor-unconfined", container(PRIVILEGED), plain()),
        (
            "selinux-spc",
            user("seLinuxOptions: {type: spc_t}, runAsUser: 0"),
            user("seLinuxOptions: {type: container_t}, runAsUser: 0"),
        ),
        ("root-user", plain(), user("runAsUser: 1000, allowPrivilegeEscalation: false")),
        ("ape", user("runAsUser: 1000"), user("runAsUser: 1000, allowPrivilegeEscalation: false")),
        ("rw-rootfs", plain(), user("readOnlyRootFilesystem: true, runAsUser: 0")),
        ("no-limits", plain(), container("resources: {limits: {memory: 1Gi, cpu: 1}}")),
        (
            "sysctl-unsafe",
            spec("securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}"),
            spec("securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]}"),
        ),
        ("gpu", container("resources: {limits: {nvidia.com/gpu: 1}}"), plain()),
        (
            "hostport",
            container("ports: [{containerPort: 80, hostPort: 80}]"),
            container("ports: [{containerPort: 80}]"),
        ),
        (
            "host-probe",
            container("livenessProbe: {httpGet: {host: 10.0.0.1, port: 80}}"),
            container("livenessProbe: {httpGet: {port: 80}}"),
        ),
        ("sa-token", spec("automountServiceAccountToken: true"), plain()),
        (
            "secrets-env",
            container("env: [{name: AWS_SECRET_ACCESS_KEY, value: wJalrXUtnFEMIK7MDENGbPxRfiCYzQ4uP9aLmEoT}]"),
            container("env: [{name: MODE, value: fast}]"),
        ),
        (
            "windows-hostprocess",
            pod(
                "os: {name: windows}; hostNetwork: true",
                "securityContext: {windowsOptions: {hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM'}}",
            ),
            pod("os: {name: windows}", "securityContext: {windowsOptions: {runAsUserName: ContainerUser}}"),
        ),
        ("uts-host", run("--uts host"), run("")),
        ("userns-host", run("--userns host"), run("")),
        ("cgroupns-host", run("--cgroupns host"), run("--cgroupns private")),
        ("docker-volumes-from", run("--volumes-from db"), run("")),
        ("docker-tcp", "docker -H tcp://10.0.0.1:2375 run alpine\n".to_owned(), run("")),
        (
            "docker-group-add",
            run("--user 1000 --group-add docker -v /var/run/docker.sock:/var/run/docker.sock"),
            run("--user 1000 --group-add docker"),
        ),
        (
            "kata-annotations",
            pod_with(
                ", annotations: {io.katacontainers.config.hypervisor.path: /tmp/x}",
                "runtimeClassName: kata",
                "",
                "runAsUser: 0",
                "",
            ),
            spec("runtimeClassName: kata"),
        ),
    ]
}

#[test]
fn the_rest() {
    for (id, open, closed) in others() {
        // These need a bug of a program whose version no setting names, or a kubelet that was told to allow them.
        let needs_node = ["subpath", "gpu", "kata-annotations", "sysctl-unsafe"].contains(&id);
        check(id, &open, &settings(), if needs_node { Truth::Unknown } else { Truth::Yes });
        check(id, &closed, &settings(), Truth::No);
    }
}

#[test]
fn bugs() {
    let with = |kernel, runc| Settings {
        node: NodeSettings { kernel, ..NodeSettings::default() },
        facts: NodeFacts { runc, ..settings().facts },
        ..settings()
    };
    check("kernel-cve", &pod("", ""), &with(Some(Release::patch(4, 4, 10)), None), Truth::Yes);
    check("kernel-cve", &pod("runtimeClassName: gvisor", ""), &with(Some(Release::patch(4, 4, 10)), None), Truth::No);
    check("runtime-cve", &pod("", ""), &with(None, Some(Release::patch(1, 1, 11))), Truth::Yes);
    check("runtime-cve", &pod("", ""), &with(None, Some(Release::patch(99, 0, 0))), Truth::No);
}

/// Of every way an attempt is known that Falco may see, or why there is none.
#[test]
fn every_way_is_watched_or_says_why_not() {
    let known: Vec<&str> =
        coverage(&RuleSet::default()).iter().flat_map(|attempt| &attempt.scenario.vectors).copied().collect();
    for technique in technique::all() {
        assert_eq!(technique.unseen.is_empty(), known.contains(&technique.id), "{}", technique.id);
        assert!(technique.unseen.is_empty() || technique.unseen.ends_with('.'), "{}", technique.id);
    }
}

/// No way is left without a pod that opens it.
#[test]
fn every_way_is_tried() {
    let mut tried: Vec<&str> = vec!["kernel-cve", "runtime-cve"];
    tried.extend(CAPABILITIES.iter().map(|row| row.0));
    tried.extend(PATHS.iter().map(|row| row.0));
    tried.extend(RIGHTS.iter().map(|row| row.0));
    tried.extend(others().iter().map(|row| row.0));
    let missing: Vec<_> = technique::all().iter().map(|known| known.id).filter(|id| !tried.contains(id)).collect();
    assert_eq!(missing, [""; 0], "ways that no pod opens here");
}
