//! Pods and the ways out of them.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

use watertight_diagnostic::KubeVersion;
use watertight_escape::rights::{File, Rights, Roles};
use watertight_escape::{
    Access, Component, Confined, Known, Layer, Lsm, Map, Node, Noted, Operation, Outcome, State, Truth, World, map,
    technique,
};
use watertight_knowledge::version::Version;
use watertight_pod::Neighbours;

/// A pod and its node as a test states them.
#[derive(Clone, Copy)]
struct Case {
    /// Lines of the pod spec.
    spec: &'static str,
    /// Lines of the container.
    container: &'static str,
    seccomp: Filter,
    apparmor: bool,
    lsm: Option<Lsm>,
    kernel: Option<&'static str>,
    runc: Option<&'static str>,
    kubelet: Option<&'static str>,
    containerd: Option<&'static str>,
    docker: Option<&'static str>,
    cgroup: Option<u8>,
    others: &'static str,
    /// A command line that is looked at instead of a pod.
    line: &'static str,
    /// A compose file, of which the first service counts, or an OCI configuration that is looked at instead of a pod.
    file: &'static str,
}

#[derive(Clone, Copy)]
enum Filter {
    Off,
    Default,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            spec: "",
            container: "",
            seccomp: Filter::Default,
            apparmor: true,
            lsm: Some(Lsm::AppArmor),
            kernel: None,
            runc: None,
            kubelet: None,
            containerd: None,
            docker: None,
            cgroup: None,
            others: "",
            line: "",
            file: "",
        }
    }
}

/// Calls that the default profiles of Docker and containerd keep from a container without capabilities.
const DENIED: [&str; 17] = [
    "mount",
    "setns",
    "unshare",
    "clone",
    "init_module",
    "finit_module",
    "open_by_handle_at",
    "iopl",
    "ioperm",
    "bpf",
    "syslog",
    "clock_settime",
    "settimeofday",
    "reboot",
    "keyctl",
    "perf_event_open",
    "io_uring_setup",
];

fn ways(case: &Case) -> Map {
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: team}}\nspec:\n{}  containers:\n  - name: c\n    image: \
         x\n{}---\n{}",
        case.spec, case.container, case.others
    );
    let text = if case.file.is_empty() { pod.as_str() } else { case.file };
    let stream = watertight_yaml::parse(text);
    let objects = match (case.line, text.split_at(1).0) {
        ("", "s") => watertight_pod::compose::read(&stream),
        ("", "{") => watertight_pod::oci::read(&stream),
        ("", _) => watertight_pod::read(&stream),
        (line, _) => watertight_pod::run::read(line).0,
    };
    let pod = objects.pods.first().unwrap();
    let container = pod.containers.first().unwrap();
    let neighbours = Neighbours::of([&objects]);
    let off = Known::new(true, "no filter is loaded");
    let filter = |(call, args): (&str, [u64; 6])| {
        let denied = DENIED.contains(&call) || call == "socket" && [38, 40].contains(&args[0]);
        Known::new(!denied, format!("the default profile and {call}"))
    };
    let unconfined = Known::new(true, "no profile is loaded");
    let profile = |operation: Operation<'_>| {
        let denied = match operation {
            Operation::Mount | Operation::Ptrace => true,
            Operation::File(path, Access::Write) => path.starts_with("/proc/sys") || path.starts_with("/sys"),
            Operation::File(..) | Operation::Capability(_) => false,
        };
        Known::new(!denied, "the default profile of the runtime")
    };
    let privileged = container.security.privileged.is_true();
    let components = [
        ("linux-kernel", case.kernel),
        ("runc", case.runc),
        ("kubelet", case.kubelet),
        ("containerd", case.containerd),
        ("docker", case.docker),
    ];
    let components = components.into_iter().filter_map(|(name, written)| {
        Some(Component { name, version: Version::read(written?)?, written: written?.into(), evidence: None })
    });
    let node = Node {
        components: components.collect(),
        lsm: case.lsm.map(|value| Noted { value, evidence: None }),
        cgroup: case.cgroup.map(|value| Noted { value, evidence: None }),
        signed_modules: Some(Noted { value: false, evidence: None }),
        ..Node::default()
    };
    let file = File { index: 0, stream: &stream, objects: &objects };
    let files = [file];
    let rights = Rights::of(&Roles::read(&files), Some("team"), pod.service_account.text().unwrap_or("default"));
    map(&World {
        neighbours: &neighbours,
        object: objects.objects.get(pod.object).unwrap(),
        bound: &[],
        pod,
        container,
        kube_version: KubeVersion::Latest,
        node: &node,
        seccomp: match case.seccomp {
            Filter::Default if !privileged => Confined::By(&filter),
            _ => Confined::Not(&off),
        },
        apparmor: if case.apparmor && !privileged { Confined::By(&profile) } else { Confined::Not(&unconfined) },
        refused: None,
        rights: rights.as_ref(),
        egress_policy: Some(true),
    })
}

#[track_caller]
fn check(case: &Case, id: &str, expected: Truth) {
    let map = ways(case);
    let way = map.way(id).unwrap_or_else(|| panic!("there is no way {id}"));
    assert_eq!(way.open(), expected, "{id}: {:#?}", way.judged);
}

/// A pod that opens a way, and its twin that does not.
#[track_caller]
fn twins(id: &str, open: Case, closed: Case) {
    check(&open, id, Truth::Yes);
    check(&closed, id, Truth::No);
}

const ROOT: &str = "    securityContext: {runAsUser: 0}\n";
const NON_ROOT: &str = "    securityContext: {runAsUser: 1000, allowPrivilegeEscalation: false}\n";

fn with(container: &'static str) -> Case {
    Case { container, ..Case::default() }
}

fn spec(spec: &'static str) -> Case {
    Case { spec, container: ROOT, ..Case::default() }
}

macro_rules! host_path {
    ($path:literal) => {
        host_path!($path, "{name: v, mountPath: /host}", "runAsUser: 0")
    };
    ($path:literal, $mount:literal, $user:literal) => {
        Case {
            spec: concat!("  volumes: [{name: v, hostPath: {path: ", $path, "}}]\n"),
            container: concat!("    volumeMounts: [", $mount, "]\n    securityContext: {", $user, "}\n"),
            ..Case::default()
        }
    };
}

#[test]
fn privileged() {
    let privileged = "    securityContext: {privileged: true, runAsUser: 0}\n";
    twins("priv", with(privileged), with(ROOT));
    twins("priv", with(privileged), Case { spec: "  hostUsers: false\n", ..with(privileged) });
    twins(
        "priv-hostpid",
        Case { spec: "  hostPID: true\n", ..with(privileged) },
        Case { spec: "  hostPID: true\n", ..with(ROOT) },
    );
    for (security, expected) in [
        ("    securityContext: {privileged: true}\n", Truth::Yes),
        ("    securityContext: {privileged: true, runAsNonRoot: true}\n", Truth::Unknown),
        ("    securityContext: {privileged: true, runAsUser: '{{ .Values.user }}'}\n", Truth::Unknown),
        ("    securityContext: {privileged: true, runAsNonRoot: '{{ .Values.nonRoot }}'}\n", Truth::Unknown),
    ] {
        // What it reaches as root has one answer, whether it takes a device, a capability or both.
        for way in ["priv", "cap-sys-admin-device", "cap-sys-admin-proc", "cap-sys-module", "cap-mknod-device"] {
            check(&with(security), way, expected);
        }
        // Who it runs as stays a question of its own.
        check(&with(security), "root-user", Truth::Unknown);
    }
    let hostpid = Case { spec: "  hostPID: true\n", ..with("    securityContext: {privileged: true}\n") };
    for way in ["priv-hostpid", "cap-sys-ptrace-hostpid", "hostpid-root"] {
        check(&hostpid, way, Truth::Yes);
    }
    // Whoever is not privileged is given a capability for root alone.
    let added = "    securityContext: {capabilities: {add: [SYS_ADMIN]}}\n";
    check(&Case { seccomp: Filter::Off, apparmor: false, ..with(added) }, "cap-sys-admin-proc", Truth::Unknown);
    check(&Case { spec: "  runtimeClassName: gvisor\n", ..with(privileged) }, "priv", Truth::No);
    check(&Case { spec: "  runtimeClassName: special\n", ..with(privileged) }, "priv", Truth::Unknown);
}

#[test]
fn capabilities_count_when_the_kernel_grants_them() {
    let add = "    securityContext: {runAsUser: 0, capabilities: {add: [SYS_MODULE]}}\n";
    let off = |container| Case { seccomp: Filter::Off, ..with(container) };
    twins("cap-sys-module", off(add), off(ROOT));
    let non_root =
        "    securityContext: {runAsUser: 1, allowPrivilegeEscalation: false, capabilities: {add: [SYS_MODULE]}}\n";
    check(&off(non_root), "cap-sys-module", Truth::No);
    let may_rise = "    securityContext: {runAsUser: 1, capabilities: {add: [SYS_MODULE]}}\n";
    check(&off(may_rise), "cap-sys-module", Truth::Unknown);
    check(&with(add), "cap-sys-module", Truth::No);
}

#[test]
fn mounting_is_stopped_by_each_layer_alone() {
    let add = "    securityContext: {runAsUser: 0, capabilities: {add: [SYS_ADMIN]}}\n";
    let open = || Case { seccomp: Filter::Off, lsm: Some(Lsm::None), ..with(add) };
    twins("cap-sys-admin-proc", open(), Case { lsm: Some(Lsm::AppArmor), ..open() });
    twins("cap-sys-admin-proc", open(), Case { lsm: Some(Lsm::SeLinux), ..open() });
    twins("cap-sys-admin-proc", open(), Case { seccomp: Filter::Default, ..open() });
    twins("cap-sys-admin-proc", open(), Case { spec: "  hostUsers: false\n", ..open() });
    twins("cap-sys-admin-cgroup1", Case { cgroup: Some(1), ..open() }, Case { cgroup: Some(2), ..open() });
    check(&open(), "cap-sys-admin-cgroup1", Truth::Unknown);
    let map = ways(&Case { seccomp: Filter::Default, lsm: Some(Lsm::AppArmor), ..open() });
    let way = map.way("cap-sys-admin-proc").unwrap();
    assert_eq!((way.first_stop(), way.stops()), (Some(Layer::Seccomp), 2));
}

#[test]
fn paths_of_the_node() {
    twins("hp-root", host_path!("/"), host_path!("/srv"));
    twins(
        "hp-etc",
        host_path!("/etc/"),
        host_path!("/etc", "{name: v, mountPath: /e, readOnly: true}", "runAsUser: 0"),
    );
    twins("hp-docker-sock", host_path!("/var/run/docker.sock"), host_path!("/var/run/other.sock"));
    // A socket is used by connecting, which read-only does not forbid.
    check(
        &host_path!("/var/run/docker.sock", "{name: v, mountPath: /s, readOnly: true}", "runAsUser: 0"),
        "hp-docker-sock",
        Truth::Yes,
    );
    check(&host_path!("/var/lib/kubelet/pods"), "hp-kubelet", Truth::Yes);
    check(&host_path!("/etc/hostname"), "hp-etc", Truth::No);
    check(
        &host_path!("/etc", "{name: v, mountPath: /e}", "runAsUser: 1000, allowPrivilegeEscalation: false"),
        "hp-etc",
        Truth::No,
    );
    check(&host_path!("/", "{name: v, mountPath: /e, subPath: srv}", "runAsUser: 0"), "hp-root", Truth::No);
}

/// Only what `subPath` or `subPathExpr` names is mounted, as far as its variables are written out.
#[test]
fn parts_of_volumes() {
    use Truth::{No, Unknown, Yes};
    let asked = ["hp-root", "hp-etc", "hp-docker-lib", "hp-other-writable"];
    for (path, part, expected) in [
        ("/", "readOnly: true", [Yes, No, Yes, Yes]),
        ("/", "readOnly: true, subPathExpr: srv/data", [No, No, No, No]),
        ("/", "subPathExpr: srv/data", [No, No, No, Yes]),
        ("/", "subPathExpr: ''", [Yes, Yes, Yes, Yes]),
        ("/", "subPathExpr: $(SRV)/data", [No, No, No, Yes]),
        ("/", "subPathExpr: $(ETC)", [No, Yes, No, Yes]),
        ("/var/$(ETC)", "subPathExpr: a", [No, No, No, Yes]),
        // The last one of a name counts.
        ("/", "subPathExpr: $(TWICE)/docker", [No, No, Yes, Yes]),
        ("/", "subPathExpr: $(POD)", [Unknown, Unknown, Unknown, Yes]),
        ("/", "readOnly: true, subPathExpr: $(POD)", [Unknown, No, Unknown, Unknown]),
        ("/", "subPathExpr: $(UP)", [Unknown, Unknown, Unknown, Yes]),
        ("/", "subPathExpr: $(NONE)", [Unknown, Unknown, Unknown, Yes]),
        ("/", "subPathExpr: $$(ETC)", [Unknown, Unknown, Unknown, Yes]),
        ("/", "subPath: '{{ .Values.part }}'", [Unknown, Unknown, Unknown, Yes]),
        ("/var/lib/docker", "subPathExpr: $(POD)", [No, No, Yes, Yes]),
        ("/srv", "subPathExpr: $(POD)", [No, No, No, Yes]),
        ("/etc", "subPathExpr: $(POD)", [No, Unknown, No, Yes]),
        ("/etc", "subPathExpr: app-$(POD)/a", [No, Unknown, No, Yes]),
        ("/etc", "subPathExpr: app/$(POD)", [No, No, No, Yes]),
    ] {
        let env = "[{name: SRV, value: srv}, {name: ETC, value: etc}, {name: TWICE, value: a}, {name: TWICE, value: var/lib}, \
                   {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: UP, value: srv/../etc}]";
        let case = Case {
            spec: Box::leak(format!("  volumes: [{{name: v, hostPath: {{path: {path}}}}}]\n").into_boxed_str()),
            ..with(Box::leak(
                format!(
                    "    env: {env}\n    volumeMounts: [{{name: v, mountPath: /h, {part}}}]\n    securityContext: {{runAsUser: 0}}\n"
                )
                .into_boxed_str(),
            ))
        };
        let map = ways(&case);
        assert_eq!(asked.map(|id| map.way(id).unwrap().open()), expected, "{path} {part}");
    }
    // What is known of one mount does not settle the other.
    let both = "{name: v, mountPath: /a, subPathExpr: $(POD)}, {name: v, mountPath: /b, subPath: etc, readOnly: true}";
    let container = format!("    volumeMounts: [{both}]\n    securityContext: {{runAsUser: 0}}\n");
    let case = Case { container: Box::leak(container.into_boxed_str()), ..host_path!("/") };
    check(&case, "hp-etc", Unknown);
}

/// A user namespace maps a folder of the node to its root, but neither proc, sysfs and devtmpfs nor what is mounted below the folder.
#[test]
fn folders_in_a_user_namespace() {
    use Truth::{No, Yes};
    let asked = ["hp-root", "hp-etc", "hp-docker-sock", "hp-run", "hp-proc", "hp-sys", "hp-dev", "device"];
    for (path, node, mapped) in [
        ("/", [Yes, Yes, Yes, Yes, Yes, Yes, Yes, Yes], [Yes, Yes, No, No, No, No, No, No]),
        ("/etc", [No, Yes, No, No, No, No, No, No], [No, Yes, No, No, No, No, No, No]),
        ("/run", [No, No, Yes, Yes, No, No, No, No], [No, No, Yes, Yes, No, No, No, No]),
        ("/run/docker.sock", [No, No, Yes, No, No, No, No, No], [No, No, Yes, No, No, No, No, No]),
        ("/proc", [No, No, No, No, Yes, No, No, No], [No; 8]),
        ("/proc/sys/kernel", [No, No, No, No, Yes, No, No, No], [No; 8]),
        ("/sys", [No, No, No, No, No, Yes, No, No], [No; 8]),
        ("/dev", [No, No, No, No, No, No, Yes, Yes], [No; 8]),
        ("/dev/sda", [No, No, No, No, No, No, Yes, Yes], [No; 8]),
    ] {
        for (users, expected) in [("true", node), ("false", mapped)] {
            let spec = format!("  hostUsers: {users}\n  volumes: [{{name: v, hostPath: {{path: {path}}}}}]\n");
            let case = Case {
                spec: Box::leak(spec.into_boxed_str()),
                ..with(
                    "    volumeMounts: [{name: v, mountPath: /h}]\n    securityContext: {privileged: true, runAsUser: 0}\n",
                )
            };
            let map = ways(&case);
            assert_eq!(asked.map(|id| map.way(id).unwrap().open()), expected, "{path} {users}");
        }
    }
}

fn line(line: impl Into<String>) -> Case {
    Case { line: line.into().leak(), ..Case::default() }
}

fn file(file: impl Into<String>) -> Case {
    Case { file: file.into().leak(), ..Case::default() }
}

/// What a process holds after it has run its program, as capabilities(7) has it.
#[test]
fn sets_of_capabilities() {
    let all = ["bounding", "permitted", "inheritable", "ambient"];
    for (user, no_new_privileges, sets, expected) in [
        (1000, true, &all[..], Truth::Yes),
        (1000, false, &all, Truth::Yes),
        (1000, true, &["bounding", "permitted", "inheritable"], Truth::No),
        (1000, false, &["bounding", "permitted", "inheritable"], Truth::Unknown),
        // None is ambient that is not permitted and inheritable.
        (1000, true, &["bounding", "permitted", "ambient"], Truth::No),
        (1000, true, &["permitted", "inheritable", "ambient"], Truth::No),
        (1000, true, &[], Truth::No),
        (0, true, &["bounding"], Truth::No),
        (0, true, &["bounding", "permitted"], Truth::Yes),
        (0, false, &["bounding"], Truth::Yes),
        (0, false, &["permitted"], Truth::No),
        (0, true, &all, Truth::Yes),
    ] {
        let sets: Vec<_> = sets.iter().map(|set| format!("\"{set}\": [\"CAP_SYS_MODULE\"]")).collect();
        let config = format!(
            "{{\"ociVersion\": \"1.0.2\", \"root\": {{\"path\": \"r\"}}, \"process\": {{\"user\": {{\"uid\": {user}}}, \
             \"noNewPrivileges\": {no_new_privileges}, \"capabilities\": {{{}}}}}}}",
            sets.join(", ")
        );
        check(&Case { seccomp: Filter::Off, apparmor: false, ..file(config) }, "cap-sys-module", expected);
    }
    let silent = "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"r\"}, \"process\": {}}";
    check(&Case { seccomp: Filter::Off, apparmor: false, ..file(silent) }, "cap-sys-module", Truth::Unknown);
    // Podman makes ambient what it adds to a container that is not root's; Docker does not.
    for (engine, expected) in [("podman", Truth::Yes), ("docker", Truth::No)] {
        let run = format!("{engine} run --user 1000 --security-opt no-new-privileges --cap-add SYS_MODULE alpine");
        check(&Case { seccomp: Filter::Off, apparmor: false, ..line(run) }, "cap-sys-module", expected);
    }
}

/// What another service of the file shares with the host or has of it comes along with what is joined.
#[test]
fn services_that_join_others() {
    for (a, others, way, expected) in [
        ("pid: 'service:b'", "b: {image: x, pid: host}", "hostpid", Truth::Yes),
        ("pid: 'service:b'", "b: {image: x}", "hostpid", Truth::No),
        ("pid: 'service:b'", "b: {image: x, pid: 'service:c'}\n  c: {image: x, pid: host}", "hostpid", Truth::Yes),
        ("pid: 'service:b'", "b: {image: x, pid: 'service:a'}", "hostpid", Truth::No),
        ("pid: 'service:b'", "b: {image: x, pid: $MODE}", "hostpid", Truth::Unknown),
        ("pid: 'service:b'", "b: {image: x, extends: c}\n  c: {image: x, pid: host}", "hostpid", Truth::Yes),
        ("pid: 'container:n'", "b: {image: x, container_name: n, pid: host}", "hostpid", Truth::Yes),
        ("network_mode: 'service:b'", "b: {image: x, network_mode: host}", "hostnetwork", Truth::Yes),
        ("network_mode: 'service:b'", "b: {image: x, pid: host}", "hostnetwork", Truth::No),
        ("ipc: 'service:b'", "b: {image: x, ipc: host}", "hostipc", Truth::Yes),
        ("volumes_from: [b]", "b: {image: x, volumes: ['/etc:/e']}", "hp-etc", Truth::Yes),
        ("volumes_from: ['b:ro']", "b: {image: x, volumes: ['/etc:/e']}", "hp-etc", Truth::No),
        ("volumes_from: ['b:ro']", "b: {image: x, volumes: ['/:/h']}", "hp-root", Truth::Yes),
        ("volumes_from: ['b:rw']", "b: {image: x, volumes: ['/etc:/e:ro']}", "hp-etc", Truth::No),
        (
            "volumes_from: ['container:n:rw']",
            "b: {image: x, container_name: n, volumes: ['/etc:/e']}",
            "hp-etc",
            Truth::Yes,
        ),
        (
            "volumes_from: [b]",
            "b: {image: x, volumes_from: [c]}\n  c: {image: x, volumes: ['/etc:/e']}",
            "hp-etc",
            Truth::Yes,
        ),
        (
            "volumes_from: [b]",
            "b: {image: x, volumes_from: ['c:ro']}\n  c: {image: x, volumes: ['/etc:/e']}",
            "hp-etc",
            Truth::No,
        ),
        ("volumes_from: [b]", "b: {image: x, volumes_from: [a], volumes: ['/srv:/e']}", "hp-etc", Truth::No),
        // What it mounts itself wins, and then what is named last.
        ("volumes_from: [b]\n    volumes: ['/srv:/e']", "b: {image: x, volumes: ['/etc:/e']}", "hp-etc", Truth::No),
        (
            "volumes_from: [b, c]",
            "b: {image: x, volumes: ['/etc:/e']}\n  c: {image: x, volumes: ['/srv:/e']}",
            "hp-etc",
            Truth::No,
        ),
        (
            "volumes_from: [c, b]",
            "b: {image: x, volumes: ['/etc:/e']}\n  c: {image: x, volumes: ['/srv:/e']}",
            "hp-etc",
            Truth::Yes,
        ),
        ("volumes_from: [b]", "b: {image: x, devices: [/dev/sda]}", "device", Truth::No),
    ] {
        check(&file(format!("services:\n  a:\n    image: x\n    user: '0'\n    {a}\n  {others}\n")), way, expected);
    }
}

/// Compose mounts the files of secrets and of configs. A socket is used by connecting, which read-only does not forbid.
#[test]
fn secrets_and_configs_of_files() {
    const SOCKET: &str = "secrets: {s: {file: /var/run/docker.sock}}";
    for (a, top, way, expected) in [
        ("secrets: [s]", SOCKET, "hp-docker-sock", Truth::Yes),
        ("secrets: [{source: s, target: t}]", SOCKET, "hp-docker-sock", Truth::Yes),
        ("tty: true", SOCKET, "hp-docker-sock", Truth::No),
        ("secrets: [t]", SOCKET, "hp-docker-sock", Truth::No),
        ("configs: [s]", SOCKET, "hp-docker-sock", Truth::No),
        ("configs: [c]", "configs: {c: {file: /run/docker.sock}}", "hp-docker-sock", Truth::Yes),
        ("secrets: [s]", "secrets: {s: {file: '${F:-/run/docker.sock}'}}", "hp-docker-sock", Truth::Yes),
        ("secrets: [s]", "secrets: {s: {file: $F}}", "hp-docker-sock", Truth::Unknown),
        ("secrets: [s]", "secrets: {s: {file: ../s.txt}}", "hp-docker-sock", Truth::Unknown),
        ("secrets: [s]", "secrets: {s: {file: ./s.txt}}", "hp-docker-sock", Truth::No),
        ("secrets: [s]", "secrets: {s: {environment: S}}", "hp-docker-sock", Truth::No),
        ("secrets: [s]\n    volumes: ['/srv:/run/secrets/s']", SOCKET, "hp-docker-sock", Truth::No),
        (
            "volumes_from: [b]",
            "  b: {image: x, secrets: [s]}\nsecrets: {s: {file: /run/docker.sock}}",
            "hp-docker-sock",
            Truth::Yes,
        ),
        ("secrets: [s]", "secrets: {s: {file: /root/.aws/credentials}}", "hp-cloud-creds", Truth::Yes),
        ("secrets: [s]", "secrets: {s: {file: /etc}}", "hp-etc", Truth::No),
    ] {
        check(&file(format!("services:\n  a:\n    image: x\n    user: '0'\n    {a}\n{top}\n")), way, expected);
    }
}

/// Whether what the host has mounted below a folder is read-only with it.
#[test]
fn mounts_below_mounts() {
    let bind = "docker run --user 0 --mount type=bind,src=/,dst=/h,readonly,bind-propagation=rprivate";
    for (run, docker, proc, socket) in [
        (format!("{bind} a"), None, Truth::Unknown, Truth::Yes),
        (format!("{bind},bind-recursive=enabled a"), None, Truth::Unknown, Truth::Yes),
        (format!("{bind},bind-recursive=readonly a"), None, Truth::No, Truth::Yes),
        (format!("{bind},bind-recursive=readonly a"), Some("24.0.7"), Truth::No, Truth::Yes),
        (format!("{bind},bind-recursive=writable a"), None, Truth::Yes, Truth::Yes),
        (format!("{bind},bind-recursive=disabled a"), None, Truth::No, Truth::No),
        (format!("{bind},bind-nonrecursive a"), None, Truth::No, Truth::No),
        ("docker run --user 0 -v /:/h:ro a".to_owned(), None, Truth::Unknown, Truth::Yes),
        ("docker run --user 0 -v /:/h:ro a".to_owned(), Some("24.0.7"), Truth::Yes, Truth::Yes),
        ("docker run --user 0 -v /:/h:ro a".to_owned(), Some("25.0.0"), Truth::Unknown, Truth::Yes),
        ("nerdctl run --user 0 -v /:/h:ro a".to_owned(), Some("24.0.7"), Truth::Unknown, Truth::Yes),
        ("nerdctl run --user 0 -v /:/h:rro a".to_owned(), None, Truth::No, Truth::Yes),
        ("podman run --user 0 -v /:/h:ro a".to_owned(), None, Truth::Yes, Truth::Yes),
        ("podman run --user 0 -v /:/h:ro,bind a".to_owned(), None, Truth::No, Truth::No),
    ] {
        let case = Case { docker, apparmor: false, ..line(run) };
        check(&case, "hp-proc", proc);
        check(&case, "hp-docker-sock", socket);
    }
    for (recursive, expected) in [("readonly", Truth::No), ("writable", Truth::Yes), ("enabled", Truth::Unknown)] {
        let volume =
            format!("{{type: bind, source: /, target: /h, read_only: true, bind: {{recursive: {recursive}}}}}");
        let compose = format!("services: {{a: {{image: x, user: '0', volumes: [{volume}]}}}}\n");
        check(&Case { apparmor: false, ..file(compose) }, "hp-proc", expected);
    }
    for (options, proc, socket) in [
        ("\"rbind\", \"ro\"", Truth::Yes, Truth::Yes),
        ("\"rbind\", \"rro\"", Truth::No, Truth::Yes),
        ("\"bind\", \"ro\"", Truth::No, Truth::No),
    ] {
        let config = format!(
            "{{\"ociVersion\": \"1.0.2\", \"root\": {{\"path\": \"r\"}}, \"process\": {{}}, \"mounts\": [{{\"destination\": \"/h\", \
             \"source\": \"/\", \"options\": [{options}]}}]}}"
        );
        let case = Case { apparmor: false, ..file(config) };
        check(&case, "hp-proc", proc);
        check(&case, "hp-docker-sock", socket);
    }
}

#[test]
fn device_rules() {
    twins(
        "cap-mknod-device",
        line("docker run --user 0 --device-cgroup-rule 'b 8:* rwm' alpine"),
        line("docker run --user 0 alpine"),
    );
    twins(
        "cap-mknod-device",
        line("docker run --user 0 --device-cgroup-rule 'b 259:1 w' alpine"),
        line("docker run --user 0 --device-cgroup-rule 'b 7:* rwm' alpine"),
    );
    // What is for reading alone shows what is on the disk, and changes nothing.
    let reading = line("docker run --user 0 -v /dev:/d --device-cgroup-rule 'b 8:* r' alpine");
    for (way, expected) in [
        ("cap-mknod-device", Truth::No),
        ("hp-dev", Truth::No),
        ("device", Truth::No),
        ("cap-mknod-device-read", Truth::Yes),
        ("device-read", Truth::Yes),
    ] {
        check(&reading, way, expected);
    }
    let dropped = "docker run --user 0 --cap-drop MKNOD --device-cgroup-rule 'b 8:* rw' alpine";
    check(&line(dropped), "cap-mknod-device", Truth::No);
    check(&line("docker run --device-cgroup-rule 'b 8:* rw' alpine"), "cap-mknod-device", Truth::Unknown);
    twins(
        "hp-dev",
        line("docker run --user 0 -v /dev:/d --device-cgroup-rule 'b 8:* rw' alpine"),
        line("docker run --user 0 -v /dev:/d alpine"),
    );
}

/// What a device is, who opens it and for what decide what it gives.
#[test]
fn devices_that_are_handed_over() {
    let user = "--user 1000:1000 --security-opt no-new-privileges --cap-drop ALL";
    for (run, any, read) in [
        ("docker run --user 0 --device /dev/sda a".to_owned(), Truth::Yes, Truth::Yes),
        ("docker run --user 0 --device /dev/sda:r a".to_owned(), Truth::No, Truth::Yes),
        ("docker run --user 0 --device /dev/sda:/dev/x:rm a".to_owned(), Truth::No, Truth::Yes),
        ("docker run --user 0 --device /dev/sda:/dev/x:m a".to_owned(), Truth::No, Truth::No),
        ("docker run --user 0 --device /dev a".to_owned(), Truth::Yes, Truth::Yes),
        ("docker run --device /dev/sda a".to_owned(), Truth::Unknown, Truth::Unknown),
        (format!("docker run {user} --device /dev/sda a"), Truth::No, Truth::No),
        (format!("docker run {user} --group-add 6 --device /dev/sda a"), Truth::Unknown, Truth::Unknown),
        (format!("docker run {user} --group-add disk --device /dev/sda a"), Truth::Yes, Truth::Yes),
        (
            "docker run --user 1000 --security-opt no-new-privileges --device /dev/sda a".to_owned(),
            Truth::Unknown,
            Truth::Unknown,
        ),
        ("docker run --user 1000:1000 --device /dev/sda a".to_owned(), Truth::Unknown, Truth::Unknown),
        ("podman run --user 0 --userns=auto --device /dev/sda a".to_owned(), Truth::No, Truth::No),
        ("docker run --user 0 --device /dev/net/tun a".to_owned(), Truth::No, Truth::No),
        (
            "docker run --user 0 --device /dev/dri/card0 --device /dev/snd --device /dev/video0 a".to_owned(),
            Truth::No,
            Truth::No,
        ),
        (
            "docker run --user 0 --device /dev/ttyUSB0 --device /dev/kvm --device /dev/fuse a".to_owned(),
            Truth::No,
            Truth::No,
        ),
        ("docker run --user 0 --device /dev/mem a".to_owned(), Truth::No, Truth::No),
        ("docker run --user 0 --cap-add SYS_RAWIO --device /dev/mem a".to_owned(), Truth::Yes, Truth::No),
        // A disk that is only mounted needs a rule, which may be for another one.
        ("docker run --user 0 -v /dev/sda:/d a".to_owned(), Truth::No, Truth::No),
        (
            "docker run --user 0 -v /dev/sda:/d --device-cgroup-rule 'b 8:0 rwm' a".to_owned(),
            Truth::Unknown,
            Truth::Unknown,
        ),
        ("docker run --user 0 -v /dev/sda:/d --device-cgroup-rule 'b 8:0 r' a".to_owned(), Truth::No, Truth::Unknown),
        ("docker run --user 0 -v /dev:/d --device-cgroup-rule 'b 8:0 rwm' a".to_owned(), Truth::Yes, Truth::Yes),
        // Of another one nobody knows what it does.
        ("docker run --user 0 --device /dev/special a".to_owned(), Truth::Yes, Truth::No),
    ] {
        let map = ways(&line(run.clone()));
        let found = ["device", "device-read"].map(|id| map.way(id).unwrap().open());
        assert_eq!(found, [any, read], "{run}");
    }
    check(&line("docker run --user 0 --device /dev/net/tun a"), "cap-dac-override-hostpath", Truth::No);
    for (device, any) in [
        ("/dev/sda", Truth::Yes),
        ("{source: /dev/sda, target: /dev/x}", Truth::Yes),
        ("{source: /dev/sda, target: /dev/x, permissions: r}", Truth::No),
    ] {
        check(&file(format!("services: {{a: {{image: x, user: '0', devices: [{device}]}}}}\n")), "device", any);
    }
    for (rules, any, read) in [
        ("", Truth::No, Truth::No),
        ("{\"allow\": true}", Truth::Yes, Truth::Yes),
        ("{\"allow\": true, \"type\": \"b\", \"major\": 8, \"access\": \"rwm\"}", Truth::Yes, Truth::Yes),
        ("{\"allow\": true, \"type\": \"b\", \"major\": 8, \"minor\": 1, \"access\": \"rwm\"}", Truth::No, Truth::No),
        ("{\"allow\": true}, {\"allow\": false, \"access\": \"w\"}", Truth::No, Truth::Yes),
    ] {
        let config = format!(
            "{{\"ociVersion\": \"1.0.2\", \"root\": {{\"path\": \"r\"}}, \"process\": {{}}, \"linux\": {{\"devices\": [{{\"path\": \"/dev/sda\", \
             \"type\": \"b\", \"major\": 8, \"minor\": 0}}], \"resources\": {{\"devices\": [{rules}]}}}}}}"
        );
        let map = ways(&file(config));
        let found = ["device", "device-read"].map(|id| map.way(id).unwrap().open());
        assert_eq!(found, [any, read], "{rules}");
    }
}

/// To the files of the host, root of a user namespace is nobody, unless a mount is shown under its users.
#[test]
fn user_namespaces_of_engines() {
    let maps = "--uidmap 0:100000:65536 --gidmap 0:100000:65536";
    let net = "--network=host --cap-add NET_ADMIN,NET_RAW,SYS_MODULE";
    for (run, way, expected) in [
        (format!("podman run --user 0 {maps} -v /etc:/h a"), "hp-etc", Truth::No),
        (format!("podman run --user 0 {maps} -v /etc:/h a"), "cap-dac-override-hostpath", Truth::No),
        (format!("podman run --user 0 {maps} -v /etc:/h a"), "cap-setuid-hostpath", Truth::No),
        (format!("podman run --user 0 {maps} -v /etc:/h a"), "hp-other-writable", Truth::Yes),
        (format!("podman run --user 0 {maps} -v /tmp:/h a"), "hp-tmp", Truth::Yes),
        (format!("podman run --user 0 {maps} -v /etc:/h:idmap a"), "hp-etc", Truth::Yes),
        (format!("podman run --user 0 {maps} -v /etc:/h:U a"), "hp-etc", Truth::Yes),
        (format!("podman run --user 0 {maps} -v '/etc:/h:idmap=uids=0-1-10' a"), "hp-etc", Truth::Unknown),
        (format!("podman run --user 0 {maps} -v /etc:/h:idmap -v /srv:/s a"), "hp-etc", Truth::Unknown),
        (format!("podman run --user 0 {maps} --mount type=bind,src=/etc,dst=/h,idmap a"), "hp-etc", Truth::Yes),
        ("podman run --user 0 --userns=auto -v /:/h a".to_owned(), "hp-root", Truth::No),
        ("podman run --user 0 --userns=auto -v /run/podman/podman.sock:/s a".to_owned(), "hp-crio-sock", Truth::No),
        ("podman run --user 0 -v /etc:/h a".to_owned(), "hp-etc", Truth::Yes),
        // A mapping may leave root its number, and with it its files, but none of its power over the kernel.
        ("podman run --user 0 --uidmap 0:0:65536 -v /etc:/h a".to_owned(), "hp-etc", Truth::Yes),
        ("podman run --user 0 --uidmap 0:0:1 --uidmap 1:100000:65535 -v /etc:/h a".to_owned(), "hp-etc", Truth::Yes),
        ("podman run --user 0 --userns=auto:uidmapping=0:0:1 -v /etc:/h a".to_owned(), "hp-etc", Truth::Yes),
        ("podman run --user 0 --userns=keep-id -v /etc:/h a".to_owned(), "hp-etc", Truth::Unknown),
        ("podman run --user 0 --uidmap 0:0:65536 --device /dev/sda a".to_owned(), "device", Truth::Yes),
        ("podman run --user 0 --uidmap 0:0:65536 --cap-add SYS_MODULE a".to_owned(), "cap-sys-module", Truth::No),
        ("docker run --user 0 --userns=host -v /etc:/h a".to_owned(), "hp-etc", Truth::Yes),
        (format!("podman run --user 0 {net} --userns=auto a"), "cap-net-admin-hostnet", Truth::No),
        (format!("podman run --user 0 {net} --userns=auto a"), "cap-net-admin", Truth::No),
        (format!("podman run --user 0 {net} --userns=auto a"), "cap-net-raw-hostnet", Truth::No),
        (format!("podman run --user 0 {net} --userns=auto a"), "cap-sys-module", Truth::No),
        (format!("podman run --user 0 {net} a"), "cap-net-admin-hostnet", Truth::Yes),
        (format!("podman run --user 0 {net} a"), "cap-sys-module", Truth::Yes),
        ("podman run --user 0 --userns=auto --cap-add NET_ADMIN a".to_owned(), "cap-net-admin", Truth::Yes),
    ] {
        check(&Case { seccomp: Filter::Off, apparmor: false, ..line(run) }, way, expected);
    }
    let mapping = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]";
    for (mount, expected) in [
        ("\"options\": [\"rbind\"]".to_owned(), Truth::No),
        ("\"options\": [\"rbind\", \"idmap\"]".to_owned(), Truth::Yes),
        (format!("\"options\": [\"rbind\"], \"uidMappings\": {mapping}"), Truth::Yes),
        (format!("\"options\": [\"rbind\"], \"uidMappings\": {}", mapping.replace("100000", "7")), Truth::Unknown),
    ] {
        let config = format!(
            "{{\"ociVersion\": \"1.0.2\", \"root\": {{\"path\": \"r\"}}, \"process\": {{}}, \"mounts\": [{{\"destination\": \"/h\", \
             \"source\": \"/etc\", {mount}}}], \"linux\": {{\"namespaces\": [{{\"type\": \"user\"}}], \"uidMappings\": {mapping}}}}}"
        );
        check(&Case { apparmor: false, ..file(config) }, "hp-etc", expected);
    }
    // The kubelet maps the users of its mounts.
    check(
        &Case { spec: "  hostUsers: false\n  volumes: [{name: v, hostPath: {path: /etc}}]\n", ..host_path!("/etc") },
        "hp-etc",
        Truth::Yes,
    );
}

/// Kata hands the node's disks to a privileged container, unless it is told not to.
#[test]
fn privileged_in_a_sandbox() {
    let in_class = |class: &str, privileged: &str| Case {
        spec: Box::leak(format!("  runtimeClassName: {class}\n").into_boxed_str()),
        ..with(Box::leak(format!("    securityContext: {{privileged: {privileged}, runAsUser: 0}}\n").into_boxed_str()))
    };
    check(&in_class("kata-qemu", "true"), "priv", Truth::Unknown);
    check(&in_class("kata-qemu", "false"), "priv", Truth::No);
    check(&in_class("gvisor", "true"), "priv", Truth::No);
}

/// Whose disk a volume is nobody can tell from the pod. gVisor keeps it out, Kata attaches it to the pod's machine, and a disk of the
/// node that is mounted with it.
#[test]
fn disks_of_volumes() {
    const CLAIM: &str = "  volumes: [{name: v, persistentVolumeClaim: {claimName: d}}]\n";
    const DISK: &str = "  volumes: [{name: v, hostPath: {path: /dev/sda, type: BlockDevice}}]\n";
    const AT: &str = "    volumeDevices: [{name: v, devicePath: /dev/xvda}]\n";
    const MOUNT: &str = "    volumeMounts: [{name: v, mountPath: /dev/xvda}]\n";
    let admin = "runAsUser: 0, capabilities: {add: [SYS_ADMIN]}";
    for (class, volume, container, security, expected) in [
        ("", CLAIM, AT, "runAsUser: 0", [Truth::Unknown, Truth::No]),
        ("", CLAIM, AT, admin, [Truth::Unknown, Truth::Unknown]),
        ("kata-qemu", CLAIM, AT, "runAsUser: 0", [Truth::Unknown, Truth::No]),
        ("kata-qemu", CLAIM, AT, admin, [Truth::Unknown, Truth::Unknown]),
        ("gvisor", CLAIM, AT, admin, [Truth::No, Truth::No]),
        ("", DISK, MOUNT, admin, [Truth::No, Truth::No]),
        ("kata-qemu", DISK, MOUNT, admin, [Truth::Unknown, Truth::Unknown]),
        ("kata-qemu", DISK, MOUNT, "privileged: true", [Truth::Yes, Truth::Yes]),
        ("gvisor", DISK, MOUNT, "privileged: true", [Truth::No, Truth::No]),
        ("kata-qemu", CLAIM, AT, "privileged: true", [Truth::Unknown, Truth::Unknown]),
        ("kata-qemu", CLAIM, "", admin, [Truth::No, Truth::No]),
    ] {
        let class = if class.is_empty() { String::new() } else { format!("  runtimeClassName: {class}\n") };
        let case = Case {
            spec: Box::leak([&class, volume].concat().into_boxed_str()),
            seccomp: Filter::Off,
            apparmor: false,
            lsm: Some(Lsm::None),
            ..with(Box::leak(format!("    securityContext: {{{security}}}\n{container}").into_boxed_str()))
        };
        let map = ways(&case);
        let found = ["device", "cap-sys-admin-device"].map(|id| map.way(id).unwrap().open());
        assert_eq!(found, expected, "{class}{volume}{container}{security}");
    }
}

/// Roles that every cluster has need not be pasted; of another one nobody can tell.
#[test]
fn roles_that_no_file_holds() {
    let bound = |role: &str| {
        Case {
        others: Box::leak(
            format!(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: \
                 ClusterRole, name: {role}}}\nsubjects: [{{kind: ServiceAccount, name: default, namespace: team}}]\n"
            )
            .into_boxed_str(),
        ),
        ..spec("")
    }
    };
    for (role, wildcard, secrets) in [
        ("cluster-admin", Truth::Yes, Truth::Yes),
        ("edit", Truth::No, Truth::Yes),
        ("view", Truth::No, Truth::No),
        ("our-own", Truth::Unknown, Truth::Unknown),
    ] {
        check(&bound(role), "rbac-wildcard", wildcard);
        check(&bound(role), "rbac-secrets", secrets);
    }
    // Within a namespace nothing is given of what belongs to none.
    let within = Case {
        others: "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: team}\nroleRef: {kind: \
                 ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: default, namespace: team}]\n",
        ..spec("")
    };
    for (way, expected) in [
        ("rbac-wildcard", Truth::No),
        ("rbac-pv", Truth::No),
        ("rbac-secrets", Truth::Yes),
        ("rbac-sa-token", Truth::Unknown),
        ("rbac-escalate", Truth::Unknown),
    ] {
        check(&within, way, expected);
    }
}

/// The service account with the rules of one ClusterRole, for the whole cluster or by a RoleBinding in a namespace.
fn with_rules(rules: &str, within: Option<&str>) -> Case {
    let (kind, namespace) = match within {
        Some(namespace) => ("RoleBinding", format!(", namespace: {namespace}")),
        None => ("ClusterRoleBinding", String::new()),
    };
    let others = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r}}\nrules: [{rules}]\n---\napiVersion: \
         rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: b{namespace}}}\nroleRef: {{kind: ClusterRole, name: \
         r}}\nsubjects: [{{kind: ServiceAccount, name: default, namespace: team}}]\n"
    );
    Case { others: Box::leak(others.into_boxed_str()), ..spec("") }
}

/// A rule gives what is of its groups, and nothing else.
#[test]
fn groups_of_the_api() {
    let ways = ["rbac-create-pods", "rbac-exec", "rbac-secrets", "rbac-escalate", "rbac-pv", "rbac-webhook"];
    for (groups, resources, open) in [
        ("apps", "'*'", &ways[..1]),
        ("batch", "'*'", &ways[..1]),
        ("batch", "cronjobs", &ways[..1]),
        ("apps", "cronjobs", &[]),
        ("batch", "deployments", &[]),
        ("''", "deployments", &[]),
        ("apps", "pods", &[]),
        ("apps", "pods/exec", &[]),
        ("apps", "secrets", &[]),
        ("'', apps", "deployments", &ways[..1]),
        ("''", "'*/exec'", &ways[1..2]),
        ("rbac.authorization.k8s.io", "'*'", &ways[3..4]),
        ("admissionregistration.k8s.io", "'*'", &ways[5..]),
        ("'*'", "'*'", &ways),
    ] {
        let case = with_rules(&format!("{{apiGroups: [{groups}], resources: [{resources}], verbs: ['*']}}"), None);
        for way in ways {
            check(&case, way, Truth::from(open.contains(&way)));
        }
    }
}

/// Half a right is none, and a right over one object is not the right over all.
#[test]
fn rights_are_whole() {
    use Truth::{No, Unknown, Yes};
    const RBAC: &str = "rbac.authorization.k8s.io";
    let rule = |(group, resources, verbs, names): &(&str, &str, &str, &str)| {
        format!("{{apiGroups: ['{group}'], resources: [{resources}], verbs: [{verbs}], resourceNames: [{names}]}}")
    };
    let signer = |verbs, names| ("certificates.k8s.io", "signers", verbs, names);
    let request = ("certificates.k8s.io", "certificatesigningrequests", "create", "");
    let approval = ("certificates.k8s.io", "certificatesigningrequests/approval", "update", "");
    for (way, rules, everywhere, within) in [
        ("rbac-create-pods", vec![("", "pods", "create", "")], Yes, Yes),
        ("rbac-create-pods", vec![("", "pods", "patch", "")], Unknown, Unknown),
        ("rbac-create-pods", vec![("", "pods", "create", "a")], No, No),
        ("rbac-create-pods", vec![("apps", "deployments", "patch", "")], Yes, Yes),
        ("rbac-create-pods", vec![("apps", "deployments", "patch", "a")], Unknown, Unknown),
        ("rbac-create-pods", vec![("batch", "jobs", "patch", "")], No, No),
        ("rbac-create-pods", vec![("batch", "jobs", "create", "")], Yes, Yes),
        ("rbac-exec", vec![("", "pods/exec", "create", "a")], Unknown, Unknown),
        ("rbac-secrets", vec![("", "secrets", "get", "a")], Unknown, Unknown),
        ("rbac-secrets", vec![("", "secrets", "get", "a"), ("", "secrets", "list", "")], Yes, Yes),
        ("rbac-pv", vec![("", "persistentvolumes", "'*'", "a")], No, No),
        ("rbac-wildcard", vec![("*", "'*'", "'*'", "a")], No, No),
        ("rbac-escalate", vec![(RBAC, "clusterroles", "escalate", "")], No, No),
        ("rbac-escalate", vec![(RBAC, "clusterroles", "escalate, update", "")], Yes, No),
        ("rbac-escalate", vec![(RBAC, "clusterroles", "escalate, update", "a")], Unknown, No),
        ("rbac-escalate", vec![(RBAC, "clusterroles", "escalate, create", "")], Unknown, No),
        ("rbac-escalate", vec![(RBAC, "roles", "escalate, create", "")], Unknown, Unknown),
        ("rbac-escalate", vec![(RBAC, "roles", "escalate", ""), (RBAC, "roles", "patch", "")], Yes, Unknown),
        ("rbac-escalate", vec![(RBAC, "roles", "escalate", ""), (RBAC, "clusterroles", "patch", "")], No, No),
        ("rbac-escalate", vec![(RBAC, "roles, rolebindings", "create, update, patch", "")], No, No),
        ("rbac-escalate", vec![(RBAC, "clusterrolebindings, rolebindings", "bind, create", "")], No, No),
        (
            "rbac-escalate",
            vec![(RBAC, "clusterroles", "bind", ""), (RBAC, "clusterrolebindings", "create", "")],
            Yes,
            No,
        ),
        ("rbac-escalate", vec![(RBAC, "clusterroles", "bind", ""), (RBAC, "rolebindings", "create", "")], Yes, Unknown),
        (
            "rbac-escalate",
            vec![(RBAC, "clusterroles", "bind", "cluster-admin"), (RBAC, "clusterrolebindings", "create", "")],
            Yes,
            No,
        ),
        (
            "rbac-escalate",
            vec![(RBAC, "clusterroles", "bind", "view"), (RBAC, "clusterrolebindings", "create", "")],
            Unknown,
            No,
        ),
        ("rbac-escalate", vec![(RBAC, "roles", "bind", ""), (RBAC, "rolebindings", "create", "")], Unknown, Unknown),
        ("rbac-escalate", vec![("", "users", "impersonate", "")], Yes, No),
        ("rbac-escalate", vec![("", "groups", "impersonate", "")], No, No),
        ("rbac-escalate", vec![("", "serviceaccounts", "impersonate", "")], Yes, Unknown),
        ("rbac-csr", vec![approval], No, No),
        ("rbac-csr", vec![signer("approve, sign", "")], No, No),
        ("rbac-csr", vec![approval, signer("approve", "")], No, No),
        ("rbac-csr", vec![request, approval, signer("approve", "")], Yes, No),
        ("rbac-csr", vec![request, approval, signer("sign", "")], No, No),
        ("rbac-csr", vec![request, approval, signer("approve", "kubernetes.io/*")], Yes, No),
        ("rbac-csr", vec![request, approval, signer("approve", "kubernetes.io/kube-apiserver-client")], Yes, No),
        (
            "rbac-csr",
            vec![request, approval, signer("approve", "kubernetes.io/kube-apiserver-client-kubelet")],
            Unknown,
            No,
        ),
        ("rbac-csr", vec![request, approval, signer("approve", "example.com/a")], No, No),
        ("rbac-sa-token", vec![("", "serviceaccounts/token", "create", "")], Yes, Unknown),
        ("rbac-sa-token", vec![("", "serviceaccounts/token", "create", "other")], Unknown, Unknown),
        // By that name it may be the account of another namespace.
        ("rbac-sa-token", vec![("", "serviceaccounts/token", "create", "default")], Unknown, No),
        (
            "rbac-webhook",
            vec![("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch", "a")],
            Unknown,
            No,
        ),
    ] {
        let text = rules.iter().map(rule).collect::<Vec<_>>().join(", ");
        check(&with_rules(&text, None), way, everywhere);
        check(&with_rules(&text, Some("team")), way, within);
    }
    // What is given in two namespaces does not add up, and what is given for the cluster adds to either.
    for (bind, create, expected) in [
        (Some("team"), Some("team"), Unknown),
        (Some("team"), Some("other"), No),
        (None, Some("other"), Unknown),
        (None, None, Yes),
    ] {
        let bind = with_rules(&rule(&(RBAC, "clusterroles", "bind", "")), bind);
        let create =
            with_rules(&rule(&(RBAC, "rolebindings", "create", "")), create).others.replace("name: r}", "name: s}");
        let others = Box::leak([bind.others, "---\n", &create].concat().into_boxed_str());
        check(&Case { others, ..spec("") }, "rbac-escalate", expected);
    }
}

/// A socket opens to its group. Where no group is named that is root's, unless the image knows better.
#[test]
fn groups_of_sockets() {
    const NO_ESCALATION: &str = "allowPrivilegeEscalation: false, runAsUser: 1000";
    for (group, containerd, docker) in [
        ("", Truth::Unknown, Truth::Unknown),
        (", runAsGroup: 0", Truth::Yes, Truth::Unknown),
        (", runAsGroup: 999", Truth::Unknown, Truth::Unknown),
    ] {
        let case = |path: &str| Case {
            spec: Box::leak(format!("  volumes: [{{name: v, hostPath: {{path: {path}}}}}]\n").into_boxed_str()),
            ..with(Box::leak(
                format!(
                    "    securityContext: {{{NO_ESCALATION}{group}}}\n    volumeMounts: [{{name: v, mountPath: /s}}]\n"
                )
                .into_boxed_str(),
            ))
        };
        check(&case("/run/containerd/containerd.sock"), "hp-containerd-sock", containerd);
        check(&case("/run/docker.sock"), "hp-docker-sock", docker);
    }
    for (user, containerd, docker) in [
        ("1000", Truth::Unknown, Truth::Unknown),
        ("1000:1000", Truth::No, Truth::Unknown),
        ("1000:0", Truth::Yes, Truth::No),
        ("1000:0 --group-add docker", Truth::Yes, Truth::Yes),
    ] {
        let line = |socket: &str| Case {
            line: Box::leak(
                format!("docker run --security-opt no-new-privileges --user {user} -v {socket}:/s alpine")
                    .into_boxed_str(),
            ),
            ..Case::default()
        };
        check(&line("/run/containerd/containerd.sock"), "hp-containerd-sock", containerd);
        check(&line("/run/docker.sock"), "hp-docker-sock", docker);
    }
}

#[test]
fn credentials_in_the_environment() {
    twins(
        "secrets-env",
        with("    env: [{name: AWS_SECRET_ACCESS_KEY, value: wJalrXUtnFEMIK7MDENG}]\n"),
        with("    env: [{name: DB_PASSWORD, value: hunter2hunter2}]\n"),
    );
}

#[test]
fn namespaces_and_identity() {
    twins("hostpid", spec("  hostPID: true\n"), spec(""));
    twins("hostpid-root", Case { lsm: Some(Lsm::None), ..spec("  hostPID: true\n") }, spec("  hostPID: true\n"));
    twins("hostnetwork", spec("  hostNetwork: true\n"), spec(""));
    twins("sa-token", spec(""), spec("  automountServiceAccountToken: false\n"));
    let roles = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: team}\nrules:\n- \
                 {apiGroups: [''], resources: [pods], verbs: [create]}\n---\napiVersion: \
                 rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: team}\nroleRef: {kind: Role, \
                 name: r}\nsubjects: [{kind: ServiceAccount, name: default, namespace: team}]\n";
    twins(
        "rbac-create-pods",
        Case { others: roles, ..spec("") },
        Case { others: roles, ..spec("  serviceAccountName: other\n") },
    );
    check(&Case { others: roles, ..spec("") }, "rbac-secrets", Truth::No);
    check(&spec(""), "rbac-secrets", Truth::Unknown);
}

/// What is mounted at the token's own place keeps it out, by the very text of the path.
#[test]
fn mounts_in_place_of_the_token() {
    for (mounts, volume, expected) in [
        ("[]", "emptyDir: {}", Truth::Yes),
        ("[{name: v, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]", "emptyDir: {}", Truth::No),
        ("[{name: v, mountPath: /var/run/secrets/kubernetes.io/serviceaccount/}]", "emptyDir: {}", Truth::Yes),
        ("[{name: v, mountPath: /run/secrets/kubernetes.io/serviceaccount}]", "emptyDir: {}", Truth::Yes),
        (
            "[{name: v, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]",
            "secret: {secretName: s}",
            Truth::Unknown,
        ),
        (
            "[{name: v, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]",
            "projected: {sources: [{serviceAccountToken: {path: token}}]}",
            Truth::Yes,
        ),
    ] {
        let case = Case {
            spec: Box::leak(format!("  volumes: [{{name: v, {volume}}}]\n").into_boxed_str()),
            container: Box::leak(format!("    volumeMounts: {mounts}\n").into_boxed_str()),
            ..with_rules("{apiGroups: [''], resources: [secrets], verbs: [list]}", None)
        };
        check(&case, "sa-token", expected);
        check(&case, "rbac-secrets", expected);
    }
}

#[test]
fn bugs_need_a_version_and_a_way_to_them() {
    check(&with(NON_ROOT), "kernel-cve", Truth::Unknown);
    let old = || Case { kernel: Some("4.4.10"), ..with(NON_ROOT) };
    twins("kernel-cve", old(), Case { spec: "  runtimeClassName: gvisor\n", ..old() });
    let map = ways(&old());
    let bugs: Vec<_> = map.way("kernel-cve").unwrap().judged.bugs().collect();
    let open = |id: &str| bugs.iter().find(|bug| bug.cve.id == id).map(|bug| bug.open);
    assert_eq!(open("CVE-2016-5195"), Some(Truth::Yes), "Dirty COW needs nothing");
    assert_eq!(open("CVE-2016-0728"), None, "the filter keeps keyctl away");
    check(&Case { runc: Some("1.1.11"), ..with(ROOT) }, "runtime-cve", Truth::Yes);
    check(&Case { kernel: Some("4.4.0-21-generic"), ..with(NON_ROOT) }, "kernel-cve", Truth::Unknown);
}

/// A bug counts for what it wins, where what it needs is there, and for its own mechanism.
#[test]
fn bugs_open_what_they_win() {
    let runc = |version, case| Case { runc: Some(version), ..case };
    let kubelet = |version, case| Case { kubelet: Some(version), ..case };
    let shared = |line| Case { line, ..with(ROOT) };
    let sub_path = || Case {
        spec: "  volumes: [{name: v, emptyDir: {}}]\n",
        container: "    volumeMounts: [{name: v, mountPath: /v, subPath: a}]\n",
        ..Case::default()
    };
    for (case, id, expected) in [
        (runc("1.1.4", with(NON_ROOT)), "runtime-cve", Truth::Yes),
        (runc("1.1.12", with(NON_ROOT)), "runtime-cve", Truth::Unknown),
        (runc("1.4.2", with(NON_ROOT)), "runtime-cve", Truth::No),
        (runc("1.4.2", shared("docker run --cgroupns=host alpine")), "runtime-cve", Truth::No),
        (kubelet("1.18.5", with(NON_ROOT)), "runtime-cve", Truth::No),
        (Case { containerd: Some("2.2.0-beta.1"), ..with(NON_ROOT) }, "runtime-cve", Truth::Unknown),
        (Case { containerd: Some("1.4.3"), ..with(NON_ROOT) }, "runtime-cve", Truth::Unknown),
        (Case { containerd: Some("1.5.12"), ..with(NON_ROOT) }, "runtime-cve", Truth::No),
        (kubelet("1.18.5", sub_path()), "runtime-cve", Truth::Unknown),
        (kubelet("1.18.5", sub_path()), "subpath", Truth::Unknown),
        (kubelet("1.24.0", sub_path()), "subpath", Truth::No),
        (kubelet("1.24.0", sub_path()), "runtime-cve", Truth::No),
    ] {
        check(&case, id, expected);
    }
    let git = || spec("  volumes: [{name: v, gitRepo: {repository: 'https://a/b'}}]\n");
    for (version, expected) in [("v1.32.3", Truth::Yes), ("v1.35.1", Truth::Unknown), ("v1.36.0", Truth::No)] {
        check(&kubelet(version, git()), "gitrepo", expected);
    }
    check(&git(), "gitrepo", Truth::Unknown);
    let of = |case: &Case, id: &str| {
        let map = ways(case);
        map.way("runtime-cve").unwrap().judged.bugs().find(|bug| bug.cve.id == id).map(|bug| bug.open)
    };
    let rootless = "CVE-2023-25809";
    let old = |case| runc("1.1.4", case);
    assert_eq!(of(&old(with(NON_ROOT)), rootless), None, "a kubelet's runtime is not rootless");
    assert_eq!(of(&old(shared("docker run --cgroupns=host alpine")), rootless), Some(Truth::Unknown));
    assert_eq!(of(&old(shared("docker run --cgroupns=private alpine")), rootless), None);
    assert_eq!(of(&runc("1.1.1", with(ROOT)), "CVE-2022-29162"), None, "inside of the container only");
    let tracing = with("    securityContext: {runAsUser: 0, capabilities: {add: [SYS_PTRACE]}}\n");
    assert_eq!(of(&runc("1.0.0-rc2", tracing), "CVE-2016-9962"), Some(Truth::Unknown), "somebody has to exec");
    assert_eq!(of(&runc("1.0.0-rc2", with(ROOT)), "CVE-2016-9962"), None);
    assert_eq!(of(&runc("1.0.0-rc6", with(NON_ROOT)), "CVE-2019-5736"), None);
    assert_eq!(of(&runc("1.0.0-rc6", Case::default()), "CVE-2019-5736"), Some(Truth::Unknown), "the image says who");
    assert_eq!(of(&runc("1.0.0-rc6", with(ROOT)), "CVE-2019-5736"), Some(Truth::Yes));
}

/// A filter that lets a call pass opens the kernel behind it only where the kernel asks for nothing else.
#[test]
fn bugs_of_the_kernel_and_what_it_asks_for() {
    let of = |case: &Case, id: &str| {
        let map = ways(case);
        map.way("kernel-cve").unwrap().judged.bugs().find(|bug| bug.cve.id == id).map(|bug| bug.open)
    };
    let free = |kernel, case| Case { kernel: Some(kernel), seccomp: Filter::Off, ..case };
    let holding = |spec| Case {
        spec,
        container: "    securityContext: {runAsUser: 0, capabilities: {add: [BPF, PERFMON, SYS_ADMIN]}}\n",
        ..Case::default()
    };
    let own_users = "  hostUsers: false\n";
    for (id, kernel) in [("CVE-2021-3490", "5.8"), ("CVE-2023-6931", "5.8")] {
        assert_eq!(of(&free(kernel, with(NON_ROOT)), id), Some(Truth::Unknown), "{id}: a setting of the node decides");
        assert_eq!(of(&free(kernel, holding("")), id), Some(Truth::Yes), "{id}");
        assert_eq!(of(&free(kernel, holding(own_users)), id), Some(Truth::Unknown), "{id}: no right on the node");
        assert_eq!(of(&Case { kernel: Some(kernel), ..with(NON_ROOT) }, id), None, "{id}: the filter");
    }
    let cgroup1 = |case| Case { cgroup: Some(1), lsm: Some(Lsm::None), ..free("5.10.90", case) };
    let agent = "CVE-2022-0492";
    assert_eq!(of(&cgroup1(holding("")), agent), Some(Truth::Yes));
    assert_eq!(of(&cgroup1(holding(own_users)), agent), None, "the file is not root's of the pod");
    assert_eq!(of(&cgroup1(with(ROOT)), agent), Some(Truth::Unknown), "with a new user namespace, if it may make one");
    assert_eq!(of(&cgroup1(with(NON_ROOT)), agent), None);
}

#[test]
fn the_restricted_pod_of_the_article_has_no_way_by_configuration() {
    let map = ways(&Case {
        spec: "  automountServiceAccountToken: false\n  securityContext: {runAsNonRoot: true, runAsUser: 1000}\n",
        container: "    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: \
                    {drop: [ALL]}}\n    resources: {limits: {memory: 128Mi, cpu: 500m}}\n",
        ..Case::default()
    });
    assert_eq!(map.worst(), None);
    let unknown: Vec<_> =
        map.ways.iter().filter(|way| way.open() == Truth::Unknown).map(|way| way.judged.technique.id).collect();
    assert_eq!(unknown, ["kernel-cve", "runtime-cve"], "what remains is named");
    for way in map.ways.iter().filter(|way| way.open() == Truth::Unknown) {
        assert!(!way.judged.settled_by().is_empty(), "{}", way.judged.technique.id);
    }
}

/// The eight Bad Pods of BishopFox, and the worst that each opens by configuration.
#[test]
fn bad_pods() {
    let cases: [(&str, Case, Option<Outcome>); 8] = [
        (
            "everything",
            Case {
                spec: "  hostPID: true\n  hostIPC: true\n  hostNetwork: true\n  automountServiceAccountToken: false\n  \
                       volumes: [{name: v, hostPath: {path: /}}]\n",
                container: "    securityContext: {privileged: true, runAsUser: 0}\n    volumeMounts: [{name: v, mountPath: \
                            /host}]\n",
                ..Case::default()
            },
            Some(Outcome::HostRoot),
        ),
        (
            "priv-and-hostpid",
            Case {
                spec: "  hostPID: true\n",
                container: "    securityContext: {privileged: true, runAsUser: 0}\n",
                ..Case::default()
            },
            Some(Outcome::HostRoot),
        ),
        ("priv", with("    securityContext: {privileged: true, runAsUser: 0}\n"), Some(Outcome::HostRoot)),
        ("hostpath", host_path!("/"), Some(Outcome::HostRoot)),
        ("hostpid", Case { lsm: Some(Lsm::None), ..spec("  hostPID: true\n") }, Some(Outcome::NodeCredential)),
        ("hostnetwork", spec("  hostNetwork: true\n"), Some(Outcome::NodeCredential)),
        ("hostipc", spec("  hostIPC: true\n"), Some(Outcome::HostInfo)),
        ("nothing", with(ROOT), None),
    ];
    for (name, case, expected) in cases {
        assert_eq!(ways(&case).worst(), expected, "{name}");
    }
}

#[test]
fn every_cell_says_why() {
    let map = ways(&host_path!("/"));
    assert_eq!(map.ways.len(), technique::all().len());
    for way in &map.ways {
        for cell in way.judged.cells() {
            assert_eq!(cell.state == State::NotInvolved, cell.because.is_empty());
            for known in cell.because.iter().map(|answer| &answer.known) {
                assert!(!known.because.is_empty(), "{}", way.judged.technique.id);
                let is_told = known.truth != Truth::Unknown || !known.settles.is_empty();
                assert!(is_told, "{}: {}", way.judged.technique.id, known.because);
            }
        }
    }
}
