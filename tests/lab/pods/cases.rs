//! The pods of the lab.

use serde_json::{Value, json};

/// A pod.
pub(super) struct Case {
    pub(super) name: String,
    /// The spec of the pod.
    pub(super) spec: Value,
    /// What the probe is told of this pod.
    pub(super) told: Vec<String>,
}

impl Case {
    /// The pod as a text.
    pub(super) fn text(&self) -> String {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "lab"}, "spec": self.spec});
        pod.to_string()
    }
}

/// Profiles that pods name, in runc's dialect.
pub(super) const PROFILES: [(&str, &str); 4] = [
    (
        "deny-some.json",
        r#"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
            {"names": ["mount", "umount2", "pivot_root", "unshare", "setns"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13},
            {"names": ["bpf", "perf_event_open", "io_uring_setup"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
            {"names": ["ptrace", "kcmp"], "action": "SCMP_ACT_ERRNO"},
            {"names": ["keyctl"], "action": "SCMP_ACT_LOG"}]}"#,
    ),
    (
        "by-arguments.json",
        r#"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
            {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97, "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_GE"}]},
            {"names": ["unshare", "clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
             "args": [{"index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ"}]},
            {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
            {"names": ["personality"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1, "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_NE"}]}]}"#,
    ),
    (
        "kill-some.json",
        r#"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
            {"names": ["init_module", "finit_module", "delete_module", "kexec_load"], "action": "SCMP_ACT_KILL_PROCESS"},
            {"names": ["open_by_handle_at"], "action": "SCMP_ACT_KILL"},
            {"names": ["swapon", "acct"], "action": "SCMP_ACT_TRAP"},
            {"names": ["reboot"], "action": "SCMP_ACT_TRACE"}]}"#,
    ),
    ("only-logs.json", r#"{"defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86_64"]}"#),
];

/// Every pod. `canary` is a folder of the host that belongs to its root.
pub(super) fn all(canary: &str) -> Vec<Case> {
    let mut all = Vec::new();
    bad_pods(&mut all, canary);
    one_by_one(&mut all);
    confined(&mut all);
    with_users(&mut all, canary);
    mounted(&mut all, canary);
    shared(&mut all);
    all
}

fn profile(name: &str) -> Value {
    match name {
        "Unconfined" | "RuntimeDefault" => json!({"type": name}),
        name => json!({"type": "Localhost", "localhostProfile": name}),
    }
}

/// Lays the second over the first.
fn over(mut base: Value, more: &Value) -> Value {
    if let (Some(base), Some(more)) = (base.as_object_mut(), more.as_object()) {
        base.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    base
}

fn case(name: impl Into<String>, spec: &Value, security: &Value) -> Case {
    let container = json!({"name": "lab", "image": "lab", "securityContext": security});
    Case { name: name.into(), spec: over(json!({"containers": [container]}), spec), told: Vec::new() }
}

/// The host's own folders, mounted.
fn mounting(mut case: Case, path: &str, place: &str, more: &Value, told: &[String]) -> Case {
    case.spec["volumes"] = json!([{"name": "host", "hostPath": {"path": path}}]);
    let mount = over(json!({"name": "host", "mountPath": place}), more);
    case.spec["containers"][0]["volumeMounts"] = json!([mount]);
    case.told.extend(told.iter().cloned());
    case
}

/// Where the host's folders are when all of it is mounted.
fn told_of_root(canary: &str) -> Vec<String> {
    let mut told = ["dev", "proc", "sys"].map(|name| format!("{name}=/host/{name}")).to_vec();
    told.extend([format!("canary=/host{canary}"), format!("canary-folder=/host{canary}")]);
    told
}

/// BishopFox' eight pods, as root and as a user, with and without the runtime's filter.
fn bad_pods(all: &mut Vec<Case>, canary: &str) {
    let pods = [
        ("everything-allowed", json!({"hostNetwork": true, "hostPID": true, "hostIPC": true}), true, true),
        ("priv-and-hostpid", json!({"hostPID": true}), true, false),
        ("priv", json!({}), true, false),
        ("hostpath", json!({}), false, true),
        ("hostpid", json!({"hostPID": true}), false, false),
        ("hostnetwork", json!({"hostNetwork": true}), false, false),
        ("hostipc", json!({"hostIPC": true}), false, false),
        ("nothing-allowed", json!({}), false, false),
    ];
    for (name, spec, privileged, mounts) in pods {
        for user in [0, 1000] {
            for filter in ["Unconfined", "RuntimeDefault"] {
                let mut security = json!({"runAsUser": user, "seccompProfile": profile(filter)});
                if privileged {
                    security["privileged"] = true.into();
                }
                let pod = case(format!("bad pod {name}, user {user}, {filter}"), &spec, &security);
                all.push(if mounts { mounting(pod, "/", "/host", &json!({}), &told_of_root(canary)) } else { pod });
            }
        }
    }
}

/// Each capability alone, in a pod that is filtered and in one that is not.
fn one_by_one(all: &mut Vec<Case>) {
    for capability in watertight_knowledge::capability::all() {
        for filter in ["Unconfined", "RuntimeDefault"] {
            let security = json!({
                "runAsUser": 0, "seccompProfile": profile(filter),
                "capabilities": {"drop": ["ALL"], "add": [capability.name]},
            });
            all.push(case(format!("{} alone, {filter}", capability.name), &json!({}), &security));
        }
    }
}

const SETS: [(&str, &str); 4] = [
    ("usual", "{}"),
    ("none", r#"{"drop":["ALL"]}"#),
    ("all", r#"{"add":["ALL"]}"#),
    ("all but one", r#"{"add":["ALL"],"drop":["SYS_ADMIN"]}"#),
];

fn set(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Filters, users and rights across each other.
fn confined(all: &mut Vec<Case>) {
    let filters = PROFILES.iter().map(|(name, _)| *name).chain(["Unconfined", "RuntimeDefault"]);
    for filter in filters {
        for (rights, capabilities) in SETS {
            for user in [0, 1000] {
                let security =
                    json!({"runAsUser": user, "seccompProfile": profile(filter), "capabilities": set(capabilities)});
                all.push(case(format!("{filter}, user {user}, {rights} rights"), &json!({}), &security));
            }
        }
    }
    for user in [0, 1000] {
        for (name, more) in [
            ("read-only root", json!({"readOnlyRootFilesystem": true})),
            ("no escalation", json!({"allowPrivilegeEscalation": false})),
            ("unmasked", json!({"procMount": "Unmasked"})),
            ("unmasked, all rights", json!({"procMount": "Unmasked", "capabilities": {"add": ["ALL"]}})),
            ("unmasked, no rights", json!({"procMount": "Unmasked", "capabilities": {"drop": ["ALL"]}})),
            (
                "restricted",
                json!({"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}}),
            ),
        ] {
            for filter in ["Unconfined", "RuntimeDefault"] {
                let security = over(json!({"runAsUser": user, "seccompProfile": profile(filter)}), &more);
                all.push(case(format!("{name}, user {user}, {filter}"), &json!({}), &security));
            }
        }
    }
}

/// Pods with users of their own.
fn with_users(all: &mut Vec<Case>, canary: &str) {
    let spec = json!({"hostUsers": false});
    for filter in ["Unconfined", "RuntimeDefault"] {
        for user in [0, 1000] {
            for (rights, capabilities) in SETS {
                let security =
                    json!({"runAsUser": user, "seccompProfile": profile(filter), "capabilities": set(capabilities)});
                all.push(case(format!("own users, {filter}, user {user}, {rights} rights"), &spec, &security));
            }
        }
    }
    for one in ["SYS_ADMIN", "NET_ADMIN", "MKNOD", "DAC_READ_SEARCH", "BPF", "SYS_TIME", "SYS_BOOT", "SYS_PTRACE"] {
        let security = json!({
            "runAsUser": 0, "seccompProfile": profile("Unconfined"), "capabilities": {"drop": ["ALL"], "add": [one]},
        });
        all.push(case(format!("own users, {one} alone"), &spec, &security));
    }
    let base = json!({"runAsUser": 0, "seccompProfile": profile("Unconfined")});
    let unmasked = over(base.clone(), &json!({"procMount": "Unmasked"}));
    all.push(case("own users, unmasked", &spec, &unmasked));
    all.push(case(
        "own users, unmasked, all rights",
        &spec,
        &over(unmasked, &json!({"capabilities": {"add": ["ALL"]}})),
    ));
    let told = ["canary=/canary".to_owned(), "canary-folder=/canary".to_owned()];
    all.push(mounting(case("own users, a folder of the host", &spec, &base), canary, "/canary", &json!({}), &told));
}

/// Folders and files of the host.
fn mounted(all: &mut Vec<Case>, canary: &str) {
    let folder = ["canary=/canary".to_owned(), "canary-folder=/canary".to_owned()];
    let file = ["canary=/mnt".to_owned()];
    let root = told_of_root(canary);
    let (parent, last) = canary.rsplit_once('/').unwrap_or(("", canary));
    let places: [(&str, String, &str, Value, &[String]); 10] = [
        ("a folder", canary.to_owned(), "/canary", json!({}), &folder),
        (
            "the folder around it",
            parent.to_owned(),
            "/host",
            json!({}),
            &[format!("canary=/host/{last}"), format!("canary-folder=/host/{last}")],
        ),
        ("a part of a folder", parent.to_owned(), "/canary", json!({"subPath": last}), &folder),
        ("a file", format!("{canary}/secret"), "/mnt/secret", json!({}), &file),
        ("a socket", format!("{canary}/socket"), "/mnt/socket", json!({}), &file),
        ("everything", "/".to_owned(), "/host", json!({}), &root),
        ("everything, as far as it goes,", "/".to_owned(), "/host", json!({"recursiveReadOnly": "Disabled"}), &root),
        ("/dev", "/dev".to_owned(), "/host-dev", json!({}), &["dev=/host-dev".to_owned()]),
        ("/proc", "/proc".to_owned(), "/host-proc", json!({}), &["proc=/host-proc".to_owned()]),
        ("/sys", "/sys".to_owned(), "/host-sys", json!({}), &["sys=/host-sys".to_owned()]),
    ];
    for (name, path, place, more, told) in places {
        for read_only in [false, true] {
            for user in [0, 1000] {
                let security = json!({"runAsUser": user, "seccompProfile": profile("RuntimeDefault")});
                let how = if read_only { "read-only" } else { "writable" };
                let pod = case(format!("{name} of the host, {how}, user {user}"), &json!({}), &security);
                let more = over(more.clone(), &json!({"readOnly": read_only}));
                all.push(mounting(pod, &path, place, &more, told));
            }
        }
    }
}

/// Namespaces of the host, with what makes use of them.
fn shared(all: &mut Vec<Case>) {
    let rows: [(&str, &[&str]); 3] = [
        ("hostPID", &["SYS_PTRACE", "KILL", "SYS_ADMIN, SYS_PTRACE, SYS_CHROOT", "DAC_READ_SEARCH", "ALL"]),
        ("hostNetwork", &["NET_ADMIN", "NET_RAW", "SYS_ADMIN"]),
        ("hostIPC", &["IPC_OWNER"]),
    ];
    for (name, sets) in rows {
        for set in sets {
            for filter in ["Unconfined", "RuntimeDefault"] {
                let names: Vec<&str> = set.split(", ").collect();
                let drop = if *set == "ALL" { json!([]) } else { json!(["ALL"]) };
                let security = json!({
                    "runAsUser": 0, "seccompProfile": profile(filter), "capabilities": {"drop": drop, "add": names},
                });
                all.push(case(format!("{name} with {set}, {filter}"), &json!({name: true}), &security));
            }
        }
    }
}
