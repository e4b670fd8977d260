//! What a text states about a node beside versions: its security module, its cgroups, its modules and its role.
//!
//! Read are `/sys/kernel/security/lsm`, `stat -fc %T /sys/fs/cgroup`, `docker info`, `podman info`, the roles in
//! `kubectl get nodes`, and `grep -H . /sys/module/module/parameters/sig_enforce`, whose line names the file.

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
            Self::Lsm(_) => "security module",
            Self::Cgroup(_) => "cgroups",
            Self::SignedModules(_) => "kernel modules",
            Self::ControlPlane(_) => "role",
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

/// Every name that a kernel may list in `/sys/kernel/security/lsm` (`security/security.c` and the modules' own
/// `DEFINE_LSM`). `capability` is always among them.
const MODULES: [&str; 15] = [
    "capability",
    "lockdown",
    "landlock",
    "yama",
    "loadpin",
    "safesetid",
    "integrity",
    "ima",
    "evm",
    "bpf",
    "ipe",
    "apparmor",
    "selinux",
    "smack",
    "tomoyo",
];

/// The file that says whether modules have to be signed, as `grep -H` writes it in front of what stands in it.
const SIGNED: &str = "/sys/module/module/parameters/sig_enforce:";

/// Reads every line.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) {
    // The options of `docker info` stand below their title, further in than it does.
    let mut options: Option<usize> = None;
    // What a prompt asked for.
    let mut asks_cgroup = false;
    let all = text.trim();
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
        if let Some(lsm) = options.and(option(line)).or_else(|| modules(line)) {
            state(Fact::Lsm(lsm));
        } else if let Some(version) = cgroup(line, asks_cgroup || all == line) {
            state(Fact::Cgroup(version));
        } else if let Some(is_enforced) = line.strip_prefix(SIGNED) {
            match is_enforced.trim() {
                "Y" | "1" => state(Fact::SignedModules(true)),
                "N" | "0" => state(Fact::SignedModules(false)),
                _ => {}
            }
        }
        asks_cgroup = line.contains("/sys/fs/cgroup");
    }
}

/// The security module in the list that the kernel prints.
fn modules(line: &str) -> Option<Lsm> {
    let mut has_capability = false;
    let mut lsm = Lsm::None;
    for name in line.split(',') {
        if !MODULES.contains(&name) {
            return None;
        }
        match name {
            "capability" => has_capability = true,
            "apparmor" => lsm = Lsm::AppArmor,
            "selinux" => lsm = Lsm::SeLinux,
            _ => {}
        }
    }
    (has_capability && line.contains(',')).then_some(lsm)
}

/// The one that `docker info` names among its options.
fn option(line: &str) -> Option<Lsm> {
    match line.strip_prefix("name=").unwrap_or(line) {
        "apparmor" => Some(Lsm::AppArmor),
        "selinux" => Some(Lsm::SeLinux),
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
            &["security module: AppArmor (lockdown,capability,landlock,yama,apparmor)"],
        );
        check(
            "$ cat /sys/kernel/security/lsm\nlockdown,capability,yama,selinux,bpf",
            &["security module: SELinux (lockdown,capability,yama,selinux,bpf)"],
        );
        check("capability,yama", &["security module: neither AppArmor nor SELinux (capability,yama)"]);
        check(
            " Security Options:\n  apparmor\n  seccomp\n   Profile: builtin\n  cgroupns\n Kernel Version: 6.8.0\n",
            &["security module: AppArmor (apparmor)"],
        );
        check(
            " Security Options:\n  name=selinux\n Cgroup Version: 2",
            &["security module: SELinux (name=selinux)", "cgroups: v2 (Cgroup Version: 2)"],
        );
        check(" Security Options:\n Runtimes:\n  apparmor\n", &[]);
        for text in ["apparmor", "capability", "yama,apparmor", "capability, apparmor", "a,capability,b", ""] {
            check(text, &[]);
        }
    }

    #[test]
    fn others() {
        check("cgroup2fs\n", &["cgroups: v2 (cgroup2fs)"]);
        check("$ stat -fc %T /sys/fs/cgroup/\ntmpfs\n", &["cgroups: v1 (tmpfs)"]);
        check("tmpfs\n", &["cgroups: v1 (tmpfs)"]);
        check("tmpfs on /run\ntmpfs\n", &[]);
        check("  cgroupVersion: v2\n", &["cgroups: v2 (cgroupVersion: v2)"]);
        for (value, said) in [("Y", "signed ones only"), ("N", "unsigned ones too"), ("1", "signed ones only")] {
            let line = format!("/sys/module/module/parameters/sig_enforce:{value}");
            check(&format!("{line}\n"), &[&format!("kernel modules: {said} ({line})")]);
        }
        check("/sys/module/module/parameters/sig_enforce: what\nY\n", &[]);
    }

    #[test]
    fn roles() {
        let table = |rows: &str| format!("NAME   STATUS   ROLES   AGE   VERSION\n{rows}");
        check(&table("a   Ready   control-plane   3d   v1.29.1\n"), &["role: control plane (control-plane)"]);
        check(
            &table("a   Ready   <none>   3d   v1.29.1\nb   Ready   worker   3d   v1.29.1\n"),
            &["role: worker (<none>)", "role: worker (worker)"],
        );
        check(
            &table("a   Ready   control-plane,master   3d   v1.29.1\nb   Ready   <none>   3d   v1.29.1\n"),
            &["role: control plane (control-plane,master)", "role: worker (<none>)"],
        );
    }
}
