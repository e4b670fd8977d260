//! From a pod to a bundle for runc, as containerd's CRI plugin makes it: capabilities, masks, mounts, namespaces, devices.
//!
//! It reads the pod by itself, and not by what the project makes of it, because that is what it is to prove.
//!
//! Source: `internal/cri/server/container_create.go`, `internal/cri/opts/spec_linux_opts.go` and `pkg/oci/spec.go` of
//! containerd 2.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use watertight::Input;

use super::cases::Case;
use super::host::{Host, write};
use super::profile;
use crate::machine;

/// Root of a pod with a user namespace, as the host sees it.
const OUTSIDE: u32 = 1_000_000;
/// As many as a pod gets.
const USERS: u32 = 65_536;
/// Who owns the image's file that is somebody else's.
const SOMEBODY: u32 = 12_345;

/// What Docker and containerd give when nobody says anything.
const USUAL: [&str; 14] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];

const MASKED: [&str; 11] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
    "/sys/devices/virtual/powercap",
];

const READ_ONLY: [&str; 5] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/// Makes bundles and runs them.
pub(super) struct Bundler<'h> {
    folder: PathBuf,
    host: &'h Host,
    /// The runtime's profile, as it is published.
    pub(super) runtime_default: String,
    counter: AtomicU32,
    /// What this machine's root may hand on.
    holds: u64,
}

impl<'h> Bundler<'h> {
    pub(super) fn new(folder: &Path, corpus: &Path, host: &'h Host) -> Result<Self, String> {
        let version = machine::succeed(Command::new("runc").arg("--version"))?;
        println!("{}", version.lines().next().unwrap_or_default());
        let published = corpus.join("seccomp/profiles/moby-default.json");
        let runtime_default =
            fs::read_to_string(&published).map_err(|error| format!("{}: {error}", published.display()))?;
        let status = fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
        let holds = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("CapBnd:")?.trim(), 16).ok());
        let bundler = Self {
            folder: folder.to_owned(),
            host,
            runtime_default,
            counter: AtomicU32::new(0),
            holds: holds.unwrap_or(u64::MAX),
        };
        bundler.image("root", 0)?;
        bundler.image("root-of-users", OUTSIDE)?;
        Ok(bundler)
    }

    /// A root file system whose files belong to the users from a number on.
    fn image(&self, name: &str, first: u32) -> Result<(), String> {
        let say = |error: std::io::Error| error.to_string();
        let root = self.folder.join(name);
        let folders =
            ["", "proc", "dev", "sys", "tmp", "lab", "host", "canary", "mnt", "host-dev", "host-proc", "host-sys"];
        for folder in folders {
            fs::create_dir_all(root.join(folder)).map_err(say)?;
            chown(root.join(folder), Some(first), Some(first)).map_err(say)?;
            // runc gives the file system that it mounts there the mode of the folder.
            let mode = if folder == "tmp" { 0o1777 } else { 0o755 };
            fs::set_permissions(root.join(folder), fs::Permissions::from_mode(mode)).map_err(say)?;
        }
        write(&root.join("lab/file"), 0o644, first)?;
        write(&root.join("lab/of-others"), 0o600, first + SOMEBODY)?;
        for (name, mode) in [("probe", 0o755), ("raise", 0o4755)] {
            let program = root.join("lab").join(name);
            fs::copy(&self.host.probe, &program).map_err(say)?;
            chown(&program, Some(first), Some(first)).map_err(say)?;
            fs::set_permissions(&program, fs::Permissions::from_mode(mode)).map_err(say)?;
        }
        Ok(())
    }

    /// The files that the engine looks at together.
    pub(super) fn files<'t>(&'t self, pod: &'t str) -> Vec<Input<'t>> {
        let mut files = vec![
            Input { name: "pod.json", text: pod },
            Input { name: "runtime-default.json", text: &self.runtime_default },
        ];
        files.extend(super::cases::PROFILES.iter().map(|(name, text)| Input { name, text }));
        files
    }

    /// Runs the probe in a container of the pod.
    pub(super) fn run(&self, case: &Case) -> Result<Output, String> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let name = format!("watertight-pod-{}-{number}", std::process::id());
        let bundle = self.folder.join(&name);
        fs::create_dir_all(&bundle).map_err(|error| error.to_string())?;
        let configuration = self.configuration(case)?;
        fs::write(bundle.join("config.json"), configuration.to_string()).map_err(|error| error.to_string())?;
        let mut command = Command::new("runc");
        command.arg("run").arg("--bundle").arg(&bundle).arg(&name).stdin(Stdio::null());
        let output = command.output().map_err(|error| error.to_string());
        let _ = Command::new("runc").args(["delete", "--force", &name]).output();
        let _ = fs::remove_dir_all(bundle);
        output
    }

    fn configuration(&self, case: &Case) -> Result<Value, String> {
        let spec = &case.spec;
        let container = &spec["containers"][0];
        let security = &container["securityContext"];
        let is = |value: &Value| value == true;
        let privileged = is(&security["privileged"]);
        let own_users = spec["hostUsers"] == false;
        let capabilities = self.capabilities(security);
        let unmasked = privileged || security["procMount"] == "Unmasked";
        let user = |key: &str| security.get(key).or_else(|| spec["securityContext"].get(key)).and_then(Value::as_u64);
        let mut arguments = vec!["/lab/probe".to_owned(), "folder=/tmp".to_owned()];
        arguments.extend(self.host.told.iter().chain(&case.told).cloned());
        let mut namespaces = vec![json!({"type": "mount"})];
        let mut add = |kind: &str, shared: bool| {
            if !shared {
                namespaces.push(json!({"type": kind}));
            }
        };
        add("pid", is(&spec["hostPID"]));
        add("ipc", is(&spec["hostIPC"]));
        add("network", is(&spec["hostNetwork"]));
        // A pod on the network of the node keeps its name too.
        add("uts", is(&spec["hostNetwork"]));
        add("user", !own_users);
        let mut linux = json!({
            "namespaces": namespaces,
            "resources": {"devices": device_rules(privileged)},
            "seccomp": self.seccomp(spec, security, &capabilities, privileged)?,
        });
        if own_users {
            let all = json!([{"containerID": 0, "hostID": OUTSIDE, "size": USERS}]);
            linux["uidMappings"] = all.clone();
            linux["gidMappings"] = all;
        }
        if !unmasked {
            linux["maskedPaths"] = json!(MASKED);
            linux["readonlyPaths"] = json!(READ_ONLY);
        }
        if privileged {
            linux["devices"] = devices().into();
        }
        Ok(json!({
            "ociVersion": "1.0.2",
            "process": {
                "user": {"uid": user("runAsUser").unwrap_or(0), "gid": user("runAsGroup").unwrap_or(0)},
                "args": arguments,
                "env": ["PATH=/"],
                "cwd": "/",
                "noNewPrivileges": security["allowPrivilegeEscalation"] == false,
                "capabilities": {"bounding": capabilities, "effective": capabilities, "permitted": capabilities},
            },
            "root": {
                "path": self.folder.join(if own_users { "root-of-users" } else { "root" }),
                "readonly": is(&security["readOnlyRootFilesystem"]),
            },
            "mounts": mounts(spec, container, privileged),
            "linux": linux,
        }))
    }

    /// `ALL` added, `ALL` dropped, then what else is added, then what else is dropped.
    fn capabilities(&self, security: &Value) -> Vec<String> {
        let all = watertight_knowledge::capability::all();
        let named = |key: &str| -> Vec<String> {
            let list = security["capabilities"][key].as_array().cloned().unwrap_or_default();
            list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let (added, dropped) = (named("add"), named("drop"));
        let has = |list: &[String], name: &str| list.iter().any(|other| other == name);
        let held = all.iter().filter(|one| {
            let base = !has(&dropped, "ALL") && (has(&added, "ALL") || USUAL.contains(&one.name));
            let granted = (base || has(&added, one.name)) && !has(&dropped, one.name);
            let can_be_given = self.holds >> one.number & 1 == 1;
            can_be_given && (granted || security["privileged"] == true)
        });
        held.map(|one| ["CAP_", one.name].concat()).collect()
    }

    fn seccomp(
        &self,
        spec: &Value,
        security: &Value,
        capabilities: &[String],
        privileged: bool,
    ) -> Result<Value, String> {
        let profile = security.get("seccompProfile").unwrap_or(&spec["securityContext"]["seccompProfile"]);
        let read = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
        match profile["type"].as_str() {
            _ if privileged => Ok(Value::Null),
            Some("RuntimeDefault") => Ok(profile::decided(&read(&self.runtime_default)?, capabilities)),
            Some("Localhost") => {
                let wanted = profile["localhostProfile"].as_str().unwrap_or_default();
                let found = super::cases::PROFILES.iter().find(|(name, _)| *name == wanted);
                read(found.ok_or_else(|| format!("no profile {wanted}"))?.1)
            }
            _ => Ok(Value::Null),
        }
    }
}

fn mounts(spec: &Value, container: &Value, privileged: bool) -> Vec<Value> {
    let how = if privileged { "rw" } else { "ro" };
    let fixed = |place: &str, kind: &str, options: &[&str]| json!({"destination": place, "type": kind, "source": kind, "options": options});
    let mut mounts = vec![
        fixed("/proc", "proc", &["nosuid", "noexec", "nodev"]),
        fixed("/dev", "tmpfs", &["nosuid", "strictatime", "mode=755", "size=65536k"]),
        fixed("/dev/pts", "devpts", &["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        fixed("/dev/mqueue", "mqueue", &["nosuid", "noexec", "nodev"]),
        fixed("/dev/shm", "tmpfs", &["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
        fixed("/sys", "sysfs", &["nosuid", "noexec", "nodev", how]),
        fixed("/sys/fs/cgroup", "cgroup", &["nosuid", "noexec", "nodev", "relatime", how]),
        // An emptyDir.
        fixed("/tmp", "tmpfs", &["mode=1777"]),
        fixed("/mnt", "tmpfs", &["mode=755"]),
    ];
    let none = Vec::new();
    for mount in container["volumeMounts"].as_array().unwrap_or(&none) {
        let volumes = spec["volumes"].as_array().unwrap_or(&none);
        let volume = volumes.iter().find(|volume| volume["name"] == mount["name"]);
        let Some(path) = volume.and_then(|volume| volume["hostPath"]["path"].as_str()) else { continue };
        let source = match mount["subPath"].as_str() {
            Some(part) => format!("{}/{part}", path.trim_end_matches('/')),
            None => path.to_owned(),
        };
        let how = if mount["readOnly"] == true { "ro" } else { "rw" };
        let propagation = match mount["mountPropagation"].as_str() {
            Some("Bidirectional") => "rshared",
            Some("HostToContainer") => "rslave",
            _ => "rprivate",
        };
        let options = ["rbind", propagation, how];
        mounts.push(json!({"destination": mount["mountPath"], "type": "bind", "source": source, "options": options}));
    }
    mounts
}

/// Every device for a privileged container; else any may be made, and the harmless ones opened.
fn device_rules(privileged: bool) -> Value {
    if privileged {
        return json!([{"allow": true, "access": "rwm"}]);
    }
    let mut rules = vec![json!({"allow": false, "access": "rwm"})];
    rules.extend(["c", "b"].map(|kind| json!({"allow": true, "type": kind, "access": "m"})));
    for (major, minor) in [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2)] {
        rules.push(json!({"allow": true, "type": "c", "major": major, "minor": minor, "access": "rwm"}));
    }
    rules.into()
}

/// The devices of this machine, as a privileged container gets them.
fn devices() -> Vec<Value> {
    let Ok(entries) = fs::read_dir("/dev") else { return Vec::new() };
    let known = entries.flatten().filter_map(|entry| {
        let metadata = entry.metadata().ok()?;
        let kind = match metadata.file_type() {
            kind if kind.is_block_device() => "b",
            kind if kind.is_char_device() => "c",
            _ => return None,
        };
        let number = metadata.rdev();
        let (major, minor) = (number >> 8 & 0xfff, number & 0xff | number >> 12 & 0xfff00);
        Some(json!({
            "path": entry.path(), "type": kind, "major": major, "minor": minor,
            "fileMode": metadata.mode() & 0o777, "uid": metadata.uid(), "gid": metadata.gid(),
        }))
    });
    known.collect()
}
