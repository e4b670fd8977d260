//! What a text states about a node beside versions: its security module, its cgroups, its modules and its role.
//!
//! Read are `/sys/kernel/security/lsm`, `stat -fc %T /sys/fs/cgroup`, `docker info`, `podman info`, the roles in
//! `kubectl get nodes`, and what `grep -H .` prints of `/sys/module/module/parameters/sig_enforce` and
//! `/sys/kernel/security/lockdown`, since its lines name the files.

use watertight_diagnostic::ask::escape::Lsm;
use watertight_text::Span;

use super::Reading;

/// Something about a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// Its security module.
    Lsm(Lsm),
    /// The version of its cgroups, 1 or 2.
    Cgroup(u8),
    /// Whether it loads only modules that are signed.
    SignedModules(bool),
    /// Whether it runs the control plane.
    ControlPlane(bool),
}

impl Fact {
    /// What it is about.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lsm(_) => "Security module",
            Self::Cgroup(_) => "Cgroups",
            Self::SignedModules(_) => "Kernel modules",
            Self::ControlPlane(_) => "Role",
        }
    }

    /// What is the case.
    pub fn value(self) -> &'static str {
        match self {
            Self::Lsm(Lsm::AppArmor) => "AppArmor",
            Self::Lsm(Lsm::SeLinux) => "SELinux",
            Self::Lsm(Lsm::None) => "neither AppArmor nor SELinux",
            Self::Cgroup(1) => "v1",
            Self::Cgroup(_) => "v2",
            Self::SignedModules(true) => "signed ones only",
            Self::SignedModules(false) => "unsigned ones too",
            Self::ControlPlane(true) => "control plane",
            Self::ControlPlane(false) => "worker",
        }
    }
}

/// A fact with its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatedFact {
    /// What is stated.
    pub fact: Fact,
    /// Where.
    pub span: Span,
    /// Which of the texts.
    pub text: usize,
}

/// The file that names the kernel's security modules.
const MODULES: &str = "/sys/kernel/security/lsm:";
/// The file that says whether modules have to be signed, as `grep -H` writes it in front of what stands in it.
const SIGNED: &str = "/sys/module/module/parameters/sig_enforce:";
/// The one that says whether the kernel is locked down, which asks for signatures as well (`kernel_lockdown(7)`).
const LOCKDOWN: &str = "/sys/kernel/security/lockdown:";

/// Modules that let pass what AppArmor and SELinux are asked about: mounts, traces, files.
const HARMLESS: [&str; 10] =
    ["capability", "lockdown", "landlock", "yama", "loadpin", "safesetid", "integrity", "ima", "evm", "bpf"];

/// Reads every line.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) {
    // The options of `docker info` stand below their title, further in than it does.
    let mut options: Option<usize> = None;
    // What a prompt asked for.
    let mut asks_cgroup = false;
    // Two files decide about modules: either asks for signatures, and neither does only where both say so.
    let (mut unforced, mut unlocked) = (None, false);
    let all = text.trim();
    let is_of_podman = text.contains(OF_PODMAN);
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim();
        let indent = whole.len() - whole.trim_start().len();
        let span = Span::new(at + indent, at + indent + line.len());
        at += whole.len();
        let mut state = |fact| reading.facts.push(StatedFact { fact, span, text: 0 });
        if line == "Security Options:" {
            options = Some(indent);
            continue;
        }
        options = options.filter(|title| indent > *title);
        let list = line.strip_prefix(MODULES).unwrap_or(line);
        // A word by itself is a list where the file is named, or where it is all there is.
        let is_list = list.contains(',') || list.len() < line.len() || all == line;
        let by_podman = || enabled(line).filter(|_| is_of_podman);
        let lsm = options.and(option(line)).or_else(|| modules(list).filter(|_| is_list)).or_else(by_podman);
        if let Some(lsm) = lsm {
            state(Fact::Lsm(lsm));
        } else if let Some(version) = cgroup(line, asks_cgroup || all == line) {
            state(Fact::Cgroup(version));
        } else if let Some(is_enforced) = line.strip_prefix(SIGNED) {
            match is_enforced.trim() {
                "Y" | "1" => state(Fact::SignedModules(true)),
                "N" | "0" => unforced = Some(span),
                _ => {}
            }
        } else if let Some(mode) = line.strip_prefix(LOCKDOWN) {
            match mode.split(' ').find(|mode| mode.starts_with('[')) {
                Some("[integrity]" | "[confidentiality]") => state(Fact::SignedModules(true)),
                Some("[none]") => unlocked = true,
                _ => {}
            }
        }
        // A kernel that cannot be locked down has no such file.
        unlocked |= line.contains("/sys/kernel/security/lockdown: No such file");
        asks_cgroup = line.contains("/sys/fs/cgroup");
    }
    if let Some(span) = unforced.filter(|_| unlocked) {
        reading.facts.push(StatedFact { fact: Fact::SignedModules(false), span, text: 0 });
    }
}

/// Whether a node with these roles runs the control plane. A node without any may do so all the same: MicroK8s gives it none.
pub(super) fn role(roles: &str) -> Option<Fact> {
    let has = |known: &[&str]| roles.split(',').any(|role| known.contains(&role));
    if has(&["control-plane", "controlplane", "master", "etcd"]) {
        return Some(Fact::ControlPlane(true));
    }
    has(&["worker", "agent"]).then_some(Fact::ControlPlane(false))
}

/// The security module in the list that the kernel prints, which always holds `capability`. Of modules that refuse by rules of
/// their own nothing is known, and of two that exclude each other neither.
fn modules(line: &str) -> Option<Lsm> {
    let names: Vec<&str> = line.split(',').collect();
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if !names.contains(&"capability") || !names.iter().all(is_name) {
        return None;
    }
    match (names.contains(&"apparmor"), names.contains(&"selinux")) {
        (true, false) => Some(Lsm::AppArmor),
        (false, true) => Some(Lsm::SeLinux),
        (true, true) => None,
        (false, false) => names.iter().all(|name| HARMLESS.contains(name)).then_some(Lsm::None),
    }
}

/// The one that `docker info` names among its options.
fn option(line: &str) -> Option<Lsm> {
    match line.strip_prefix("name=").unwrap_or(line) {
        "apparmor" => Some(Lsm::AppArmor),
        "selinux" => Some(Lsm::SeLinux),
        _ => None,
    }
}

/// What `podman info` says beside it: other files have switches of the same name.
const OF_PODMAN: &str = "seccompEnabled: ";

/// The one that `podman info` says is on.
fn enabled(line: &str) -> Option<Lsm> {
    match line {
        "apparmorEnabled: true" => Some(Lsm::AppArmor),
        "selinuxEnabled: true" => Some(Lsm::SeLinux),
        _ => None,
    }
}

/// The version of cgroups. A `tmpfs` says something only of the folder that was asked about, or where it is all there is.
fn cgroup(line: &str, asked: bool) -> Option<u8> {
    match line {
        "cgroup2fs" | "Cgroup Version: 2" | "cgroupVersion: v2" => Some(2),
        "tmpfs" if asked => Some(1),
        "Cgroup Version: 1" | "cgroupVersion: v1" => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let reading = super::super::read(text);
        let told = |stated: &super::StatedFact| {
            format!("{}: {} ({})", stated.fact.name(), stated.fact.value(), stated.span.slice(text))
        };
        assert_eq!(reading.facts.iter().map(told).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn security_modules() {
        check(
            "lockdown,capability,landlock,yama,apparmor\n",
            &["Security module: AppArmor (lockdown,capability,landlock,yama,apparmor)"],
        );
        check(
            "$ cat /sys/kernel/security/lsm\nlockdown,capability,yama,selinux,bpf",
            &["Security module: SELinux (lockdown,capability,yama,selinux,bpf)"],
        );
        let neither = |list: &str| format!("Security module: neither AppArmor nor SELinux ({list})");
        check("capability,yama", &[&neither("capability,yama")]);
        check("capability", &[&neither("capability")]);
        let line = "/sys/kernel/security/lsm:capability";
        check(&format!("$ grep -H . /sys/kernel/security/lsm\n{line}\n"), &[&neither(line)]);
        check(
            "/sys/kernel/security/lsm:lockdown,capability,apparmor,new_one\n",
            &["Security module: AppArmor (/sys/kernel/security/lsm:lockdown,capability,apparmor,new_one)"],
        );
        check(
            "   apparmorEnabled: true\n   seccompEnabled: true\n   selinuxEnabled: false\n",
            &["Security module: AppArmor (apparmorEnabled: true)"],
        );
        check("selinuxEnabled: true\n", &[]);
        check(
            " Security Options:\n  apparmor\n  seccomp\n   Profile: builtin\n  cgroupns\n Kernel Version: 6.8.0\n",
            &["Security module: AppArmor (apparmor)"],
        );
        check(
            " Security Options:\n  name=selinux\n Cgroup Version: 2",
            &["Security module: SELinux (name=selinux)", "Cgroups: v2 (Cgroup Version: 2)"],
        );
        check(" Security Options:\n Runtimes:\n  apparmor\n", &[]);
        for text in [
            "apparmor",
            "yama,apparmor",
            "capability, apparmor",
            "capability,smack",
            "capability,apparmor,selinux",
            "x\ncapability",
            "",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn others() {
        check("cgroup2fs\n", &["Cgroups: v2 (cgroup2fs)"]);
        check("$ stat -fc %T /sys/fs/cgroup/\ntmpfs\n", &["Cgroups: v1 (tmpfs)"]);
        check("tmpfs\n", &["Cgroups: v1 (tmpfs)"]);
        check("tmpfs on /run\ntmpfs\n", &[]);
        check("  cgroupVersion: v2\n", &["Cgroups: v2 (cgroupVersion: v2)"]);
    }

    #[test]
    fn modules_that_need_a_signature() {
        let signed = |line: &str| format!("Kernel modules: signed ones only ({line})");
        let enforced = |value: &str| format!("/sys/module/module/parameters/sig_enforce:{value}");
        let locked = |modes: &str| format!("/sys/kernel/security/lockdown:{modes}");
        check(&format!("{}\n", enforced("Y")), &[&signed(&enforced("Y"))]);
        check(&enforced("1"), &[&signed(&enforced("1"))]);
        let [none, integrity] = ["[none] integrity confidentiality", "none [integrity] confidentiality"].map(locked);
        check(&format!("{}\n{integrity}\n", enforced("N")), &[&signed(&integrity)]);
        let unsigned = format!("Kernel modules: unsigned ones too ({})", enforced("N"));
        check(&format!("{}\n{none}\n", enforced("N")), &[&unsigned]);
        let missing = "grep: /sys/kernel/security/lockdown: No such file or directory";
        check(&format!("{}\n{missing}\n", enforced("N")), &[&unsigned]);
        // One of the two does not tell what the other says.
        check(&enforced("N"), &[]);
        check(&none, &[]);
        check(&format!("{}\nY\n", enforced(" what")), &[]);
    }

    #[test]
    fn roles() {
        let table = |rows: &str| format!("NAME   STATUS   ROLES   AGE   VERSION\n{rows}");
        check(&table("a   Ready   control-plane   3d   v1.29.1\n"), &["Role: control plane (control-plane)"]);
        check(
            &table("a   Ready   control-plane,master   3d   v1.29.1\nb   Ready   agent   3d   v1.29.1\n"),
            &["Role: control plane (control-plane,master)", "Role: worker (agent)"],
        );
        check(&table("a   Ready   etcd   3d   v1.29.1\n"), &["Role: control plane (etcd)"]);
        check(&table("a   Ready   gpu   3d   v1.29.1\n"), &[]);
        // Nobody knows which of them a pod runs on.
        check(&table("a   Ready   <none>   3d   v1.29.1\nb   Ready   worker   3d   v1.29.1\n"), &[]);
    }
}
