//! Containers by the real runc.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::machine;

/// runc of this machine, and a root file system made of the machine's own.
pub(crate) struct Runc {
    folder: PathBuf,
    counter: Cell<u32>,
}

/// What Docker gives a container.
const CAPABILITIES: [&str; 14] = [
    "CAP_AUDIT_WRITE",
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_MKNOD",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
];

impl Runc {
    pub(crate) fn new(folder: &Path) -> Result<Self, String> {
        let version = machine::succeed(Command::new("runc").arg("--version"))?;
        println!("{}", version.lines().next().unwrap_or_default());
        let root = folder.join("root");
        for name in ["proc", "dev", "usr", "etc", "tmp", "run", "var/lib/nginx", "var/log/nginx"] {
            fs::create_dir_all(root.join(name)).map_err(|error| error.to_string())?;
        }
        for name in ["bin", "sbin", "lib", "lib64"] {
            symlink(format!("usr/{name}"), root.join(name)).map_err(|error| error.to_string())?;
        }
        Ok(Self { folder: folder.to_owned(), counter: Cell::new(0) })
    }

    /// Without a filter and with all there is, a container has to start; if not, the machine does not let us make any.
    pub(crate) fn can_run(&self) -> Result<(), String> {
        let arguments = ["/usr/bin/true".to_owned()];
        let mut container = self.container(&arguments, "null", true)?;
        let started = machine::succeed(container.command());
        container.remove();
        started.map(drop).map_err(|reason| format!("no container starts here: {reason}"))
    }

    /// Calls of its own without which runc 1.1 starts nothing once the filter is loaded.
    pub(crate) fn required(no_new_privs: bool) -> &'static [&'static str] {
        if no_new_privs {
            &["execve", "fstatfs", "getdents64", "openat"]
        } else {
            &["capset", "getcwd", "prctl", "setgroups"]
        }
    }

    /// A container that is ready to be run. The profile is JSON; `null` is no filter.
    pub(crate) fn container(
        &self,
        arguments: &[String],
        profile: &str,
        no_new_privs: bool,
    ) -> Result<Container, String> {
        let number = self.counter.get() + 1;
        self.counter.set(number);
        let name = format!("watertight-lab-{}-{number}", std::process::id());
        let bundle = self.folder.join(&name);
        fs::create_dir_all(&bundle).map_err(|error| error.to_string())?;
        let profile: Value = serde_json::from_str(profile).map_err(|error| error.to_string())?;
        let text = self.configuration(arguments, &profile, no_new_privs).to_string();
        fs::write(bundle.join("config.json"), text).map_err(|error| error.to_string())?;
        let mut command = Command::new("runc");
        command.args(["run", "--bundle"]).arg(&bundle).arg(&name);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(Container { name, bundle, command })
    }

    fn configuration(&self, arguments: &[String], profile: &Value, no_new_privs: bool) -> Value {
        let bind = |path: &str, how: &str| json!({"destination": path, "type": "bind", "source": path, "options": ["rbind", how]});
        let fresh = |path: &str| json!({"destination": path, "type": "tmpfs", "source": "tmpfs"});
        json!({
            "ociVersion": "1.0.2",
            "process": {
                "terminal": false,
                "user": {"uid": 0, "gid": 0},
                "args": arguments,
                "env": ["PATH=/usr/sbin:/usr/bin", "LANG=C.UTF-8"],
                "cwd": "/",
                "noNewPrivileges": no_new_privs,
                "capabilities": {
                    "bounding": CAPABILITIES, "effective": CAPABILITIES, "permitted": CAPABILITIES,
                },
            },
            "root": {"path": self.folder.join("root"), "readonly": true},
            "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
                bind("/usr", "ro"),
                bind("/etc", "ro"),
                fresh("/tmp"),
                fresh("/run"),
                fresh("/var/lib/nginx"),
                fresh("/var/log/nginx"),
                bind(&self.folder.to_string_lossy(), "rw"),
            ],
            "linux": {
                "namespaces": [{"type": "mount"}, {"type": "ipc"}, {"type": "uts"}],
                "seccomp": profile,
            },
        })
    }
}

/// A container of the lab.
pub(crate) struct Container {
    name: String,
    bundle: PathBuf,
    command: Command,
}

impl Container {
    pub(crate) fn command(&mut self) -> &mut Command {
        &mut self.command
    }

    /// Ends whatever is left of it.
    pub(crate) fn remove(self) {
        let _ = Command::new("runc").args(["delete", "--force", &self.name]).output();
        let _ = fs::remove_dir_all(self.bundle);
    }
}
