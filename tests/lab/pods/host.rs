//! What this machine is, and what stands on it to be reached or not.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use watertight::attempt::{self, Ending, Gate, Machine};

use super::Seen;
use crate::machine;

/// This machine.
pub(super) struct Host {
    /// The program that makes the attempts.
    pub(super) probe: PathBuf,
    /// A folder of root with a file that only root may read, one that everybody may, and a socket.
    pub(super) canary_folder: String,
    /// What a container's probe is told of the machine.
    pub(super) told: Vec<String>,
    settings: Vec<(&'static str, bool)>,
    lacks: Vec<&'static str>,
    canary: Option<(Child, ChildStdin)>,
}

/// Arbitrary, and alike in no other program.
const SHARED_MEMORY: &str = "0x77a7e271";

impl Host {
    pub(super) fn find(folder: &Path) -> Result<Self, String> {
        let probe = built(folder, "probe")?;
        let canary_program = built(folder, "canary")?;
        let canary_folder = folder.join("of-the-host");
        fs::create_dir_all(&canary_folder).map_err(|error| error.to_string())?;
        for (name, mode) in [("public", 0o644), ("secret", 0o600)] {
            write(&canary_folder.join(name), mode, 0)?;
        }
        let name = format!("watertight-lab-{}", std::process::id());
        let mut child = Command::new(canary_program)
            .arg(&canary_folder)
            .args([&name, SHARED_MEMORY])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut line = String::new();
        let (input, output) = child.stdin.take().zip(child.stdout.take()).ok_or("no pipes")?;
        BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
        let cgroup1 = Path::new("/sys/fs/cgroup/devices/cgroup.procs").exists();
        let (disk, number) = disk().ok_or("no block device can be opened")?;
        let mut told: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        told.extend([
            format!("shm={SHARED_MEMORY}"),
            format!("socket={name}"),
            format!("disk={number}"),
            format!("disk-name={disk}"),
            format!("cgroup1={}", u8::from(cgroup1)),
        ]);
        let mut host = Self {
            lacks: Vec::new(),
            settings: settings(cgroup1),
            canary_folder: canary_folder.to_string_lossy().into_owned(),
            told,
            probe,
            canary: Some((child, input)),
        };
        host.lacks = host.look(folder)?;
        Ok(host)
    }

    /// Tries everything as the host's root, in mounts of its own: what fails then is not in this kernel.
    fn look(&self, folder: &Path) -> Result<Vec<&'static str>, String> {
        let place = folder.join("place");
        fs::create_dir_all(&place).map_err(|error| error.to_string())?;
        let mut command = Command::new("unshare");
        command.args(["--mount", "--uts", "--ipc"]).arg(&self.probe).args(&self.told);
        let printed = machine::succeed(command.arg(format!("folder={}", place.display())))?;
        let seen: Seen =
            printed.lines().filter_map(|line| line.split_once(' ')).map(|(a, b)| (a.into(), b.into())).collect();
        let lacks = |attempt: &&attempt::Attempt| {
            let full = attempt.ends.map_or(Ending::Allowed, Ending::Error).to_string();
            seen.get(attempt.id) != Some(&full)
        };
        let asked: Vec<&str> = attempt::all().iter().flat_map(has).collect();
        Ok(attempt::all()
            .iter()
            .filter(|attempt| asked.contains(&attempt.id))
            .filter(lacks)
            .map(|one| one.id)
            .collect())
    }

    pub(super) fn machine(&self) -> Machine<'_> {
        Machine { settings: self.settings.clone(), lacks: Some(self.lacks.clone()), canary: &self.canary_folder }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some((mut child, input)) = self.canary.take() {
            drop(input);
            let _ = child.wait();
        }
    }
}

/// The attempts that an attempt asks the kernel for.
fn has(attempt: &attempt::Attempt) -> Vec<&'static str> {
    let terms = attempt.gates.iter().filter_map(|gate| match gate {
        Gate::Needs(groups, _) => Some(groups.iter().flatten()),
        _ => None,
    });
    terms.flatten().filter(|term| term.name == "has").map(|term| term.value).collect()
}

fn built(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let program = folder.join(name);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("lab").join(name).with_extension("c");
    machine::succeed(Command::new("cc").args(["-O2", "-static", "-o"]).arg(&program).arg(source))?;
    Ok(program)
}

/// A file with that mode and owner.
pub(super) fn write(path: &Path, mode: u32, owner: u32) -> Result<(), String> {
    use std::os::unix::fs::{PermissionsExt, chown};
    fs::write(path, "canary\n")
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(mode)))
        .and_then(|()| chown(path, Some(owner), Some(owner)))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// A block device that root of this machine may open: its name and number.
pub(super) fn disk() -> Option<(String, u64)> {
    let mut found: Vec<_> = fs::read_dir("/dev").ok()?.flatten().collect();
    found.sort_by_key(fs::DirEntry::file_name);
    found.iter().find_map(|entry| {
        let known = entry.metadata().ok()?;
        let opens = known.file_type().is_block_device() && fs::File::open(entry.path()).is_ok();
        opens.then(|| (entry.file_name().to_string_lossy().into_owned(), known.rdev()))
    })
}

fn settings(cgroup1: bool) -> Vec<(&'static str, bool)> {
    let number = |name: &str| fs::read_to_string(["/proc/sys/", name].concat()).ok()?.trim().parse::<i64>().ok();
    let paranoid = number("kernel/perf_event_paranoid").unwrap_or(2);
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut parts = release.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let kmsg = fs::metadata("/dev/kmsg").is_ok_and(|known| known.mode() & 0o004 != 0);
    vec![
        ("cgroup1", cgroup1),
        ("dmesg-restricted", number("kernel/dmesg_restrict") == Some(1)),
        ("unprivileged-bpf", number("kernel/unprivileged_bpf_disabled") == Some(0)),
        ("perf-own", paranoid <= 2),
        ("perf-kernel", paranoid <= 1),
        ("perf-everyone", paranoid <= 0),
        // Without the setting, which came with Linux 6.6, nobody is kept away.
        ("io-uring", number("kernel/io_uring_disabled").unwrap_or(0) == 0),
        ("unprivileged-faults", number("vm/unprivileged_userfaultfd") == Some(1)),
        ("user-namespaces", number("user/max_user_namespaces").is_some_and(|most| most > 0)),
        ("yama", number("kernel/yama/ptrace_scope").is_some_and(|scope| scope > 0)),
        ("handles-by-admin", version >= (6, 11)),
        ("kmsg-for-all", kmsg),
        // runc does so from 1.2 on, and only when it is asked to: the bundles of the lab do not ask.
        ("idmapped-volumes", false),
    ]
}
