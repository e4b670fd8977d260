//! Places of a node and what a container gains that has one of them mounted.

use Kind::{Device, Log, Other, Proc, Root, Sensitive, Sys};
use watertight_diagnostic::Severity::{self, Critical, High, Info, Low, Medium};

use crate::path::{NodePath, Relation};

/// A place of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its path, in its one spelling.
    pub path: &'static str,
    /// What sort of place it is.
    pub kind: Kind,
    /// How bad it is when a container may read there.
    pub read: Severity,
    /// How bad it is when a container may write there.
    pub write: Severity,
    /// What it gives. Reads on after "it gives": no capital, no full stop.
    pub gives: &'static str,
}

/// What sort of place a path is, as far as it asks for different words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The root folder.
    Root,
    /// Below `/proc`.
    Proc,
    /// Below `/sys`.
    Sys,
    /// Below `/dev`.
    Device,
    /// Below `/var/log`.
    Log,
    /// A place with credentials, or with programs that root runs.
    Sensitive,
    /// Any other place.
    Other,
}

/// What is known of the place at `path`: the innermost known place around it, else the worst one that it holds; `None`
/// when nothing special is known.
pub fn at(path: &NodePath) -> Option<&'static Place> {
    let around = ALL.iter().filter(|place| path.is_within(place.path)).max_by_key(|place| place.path.len());
    // The root lies around everything, which says nothing.
    let around = around.filter(|place| place.kind != Root || path.is_root());
    around.or_else(|| {
        let inside = ALL.iter().filter(|place| path.relation(place.path) == Relation::ParentOf);
        // Of equally bad ones the kubelet's, because every node has it.
        inside.max_by_key(|place| (place.write, place.read, place.path == "/var/lib/kubelet"))
    })
}

/// Whether the path holds nothing that a container may not know. Read-only mounts of such places are ordinary.
pub fn is_public(path: &NodePath) -> bool {
    PUBLIC.iter().any(|public| path.is_within(public))
        && !SECRET_NAMES.iter().any(|name| path.as_str().split('/').any(|part| part == *name))
}

/// Whether the path is a disk or a part of one, by the names that the kernel and udev give.
/// Source: `Documentation/admin-guide/devices.txt`.
pub fn is_disk(path: &NodePath) -> bool {
    let Some(rest) = path.as_str().strip_prefix("/dev/") else { return false };
    let name = rest.split('/').next().unwrap_or_default();
    if matches!(name, "disk" | "mapper" | "block") {
        return true;
    }
    ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "dm-", "md", "loop", "nbd", "sr"].iter().any(|prefix| {
        let tail = name.strip_prefix(prefix).unwrap_or_default();
        let lettered = matches!(*prefix, "sd" | "hd" | "vd" | "xvd");
        let mut bytes = tail.bytes();
        match bytes.next() {
            Some(first) if lettered => first.is_ascii_lowercase() && bytes.all(|b| b.is_ascii_alphanumeric()),
            Some(first) => first.is_ascii_digit(),
            None => false,
        }
    })
}

/// Whether the path is a file and no folder, judged by its name: a volume for a folder cannot take its place.
pub fn looks_like_file(path: &NodePath) -> bool {
    let name = path.name();
    let device = path.as_str().strip_prefix("/dev/").filter(|device| !device.contains('/'));
    if FILES.contains(&path.as_str()) || device.is_some_and(|device| !DEVICE_FOLDERS.contains(&device)) {
        return true;
    }
    let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, extension)| extension);
    !extension.is_empty() && !matches!(extension, "d" | "io") && !extension.bytes().all(|b| b.is_ascii_digit())
}

const fn place(path: &'static str, kind: Kind, read: Severity, write: Severity, gives: &'static str) -> Place {
    Place { path, kind, read, write, gives }
}

/// By path. Sources: the Filesystem Hierarchy Standard; default paths of the kubelet, containerd, CRI-O, K3s, RKE2, k0s,
/// MicroK8s and minikube; proc(5); the kernel's `Documentation/ABI`; the Kubernetes hostPath warnings.
#[rustfmt::skip]
static ALL: &[Place] = &[
    place("/", Root, Critical, Critical, "the whole node: every credential can be read and every program of root replaced"),
    place("/.aws", Sensitive, High, High, "credentials of the cloud"),
    place("/.azure", Sensitive, High, High, "credentials of the cloud"),
    place("/.config/gcloud", Sensitive, High, High, "credentials of the cloud"),
    place("/.kube", Sensitive, High, High, "credentials of the cluster"),
    place("/boot", Sensitive, Low, High, "the kernel that the node starts next time"),
    place("/dev", Device, High, Critical, "the devices of the node, disks and memory among them; the device cgroup has to refuse them"),
    place("/dev/dri", Device, Medium, Medium, "the graphics driver of the kernel"),
    place("/dev/full", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/fuse", Device, Low, Low, "file systems in user space, and their code in the kernel"),
    place("/dev/hugepages", Device, Low, Low, "large memory pages of the node"),
    place("/dev/input", Device, Medium, Medium, "keyboards and other input of the node"),
    place("/dev/kmem", Device, Critical, Critical, "the memory of the kernel"),
    place("/dev/kmsg", Device, Medium, Medium, "the log of the kernel"),
    place("/dev/kvm", Device, Medium, Medium, "the virtualisation code of the kernel"),
    place("/dev/log", Device, Low, Low, "the log of the node, into which forged lines can be written"),
    place("/dev/mem", Device, Critical, Critical, "the memory of the kernel"),
    place("/dev/mqueue", Device, Low, Medium, "message queues of the programs of the node"),
    place("/dev/net/tun", Device, Low, Low, "tunnel interfaces, and their code in the kernel"),
    place("/dev/null", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/port", Device, Critical, Critical, "the memory of the kernel"),
    place("/dev/random", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/shm", Device, Medium, Medium, "shared memory of the programs of the node"),
    place("/dev/stderr", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/stdin", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/stdout", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/tty", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/urandom", Device, Info, Info, "a device that every container has anyway"),
    place("/dev/vfio", Device, High, High, "devices with direct access to memory"),
    place("/dev/zero", Device, Info, Info, "a device that every container has anyway"),
    place("/etc", Sensitive, High, Critical, "accounts, scheduled jobs, services and on many nodes the keys of the cluster"),
    place("/etc/apparmor.d", Sensitive, Low, High, "the AppArmor profiles of the node"),
    place("/etc/cni", Sensitive, Low, Critical, "the network configuration, whose programs run as root for every new pod"),
    place("/etc/containerd", Sensitive, Medium, Critical, "the configuration of containerd, which names programs that run as root"),
    place("/etc/containers", Sensitive, Medium, Critical, "the configuration of the container runtime"),
    place("/etc/crio", Sensitive, Medium, Critical, "the configuration of CRI-O, which names programs that run as root"),
    place("/etc/cron.d", Sensitive, Low, Critical, "scheduled jobs, which run as root"),
    place("/etc/crontab", Sensitive, Low, Critical, "scheduled jobs, which run as root"),
    place("/etc/docker", Sensitive, Medium, Critical, "the configuration of Docker, registry credentials among it"),
    place("/etc/google", Sensitive, High, High, "credentials of the cloud"),
    place("/etc/kubernetes", Sensitive, Critical, Critical, "the keys and the administrator configuration of the cluster, and static pods"),
    place("/etc/kubernetes/azure.json", Sensitive, High, High, "credentials of the cloud"),
    place("/etc/kubernetes/manifests", Sensitive, Medium, Critical, "static pods, which the kubelet starts without asking anybody"),
    place("/etc/kubernetes/pki", Sensitive, Critical, Critical, "the private keys of the cluster"),
    place("/etc/ld.so.preload", Sensitive, Low, Critical, "a library that every program of the node loads"),
    place("/etc/passwd", Sensitive, Low, Critical, "the accounts of the node"),
    place("/etc/rancher", Sensitive, Critical, Critical, "the keys and the administrator configuration of the cluster"),
    place("/etc/shadow", Sensitive, High, Critical, "the password hashes of the node"),
    place("/etc/ssh", Sensitive, High, Critical, "the host keys of the node and who may log in"),
    place("/etc/sudoers", Sensitive, Low, Critical, "who may become root on the node"),
    place("/etc/systemd", Sensitive, Low, Critical, "services, which run as root"),
    place("/home", Sensitive, High, High, "keys and credentials of the people who look after the node"),
    place("/k", Sensitive, High, Critical, "the configuration and the keys of the kubelet"),
    place("/opt/cni", Sensitive, Low, Critical, "the network programs, which run as root for every new pod"),
    place("/opt/cni/bin", Sensitive, Low, Critical, "the network programs, which run as root for every new pod"),
    place("/proc", Proc, High, Critical, "the processes and the kernel settings of the node, among them the program that the kernel starts as root when a process crashes"),
    place("/proc/cpuinfo", Proc, Low, Low, "figures of the node"),
    place("/proc/diskstats", Proc, Low, Low, "figures of the node"),
    place("/proc/loadavg", Proc, Low, Low, "figures of the node"),
    place("/proc/meminfo", Proc, Low, Low, "figures of the node"),
    place("/proc/mounts", Proc, Low, Low, "figures of the node"),
    place("/proc/stat", Proc, Low, Low, "figures of the node"),
    place("/proc/sys", Proc, Medium, Critical, "the kernel settings of the node, among them the program that the kernel starts as root when a process crashes"),
    place("/proc/sysrq-trigger", Proc, Low, High, "a switch that stops or reboots the node"),
    place("/proc/uptime", Proc, Low, Low, "figures of the node"),
    place("/proc/version", Proc, Low, Low, "figures of the node"),
    place("/programdata", Sensitive, High, Critical, "the data of the services of the node, the container runtime among them"),
    place("/root", Sensitive, High, Critical, "root's keys and shell start files"),
    place("/root/.aws", Sensitive, High, High, "credentials of the cloud"),
    place("/sys", Sys, Low, High, "settings of the kernel and of devices, some of which start programs on the node"),
    place("/sys/devices/virtual/powercap", Sys, Low, Medium, "power figures that leak what neighbours compute"),
    place("/sys/firmware/efi/efivars", Sys, Low, High, "firmware settings, which can make the node unable to boot"),
    place("/sys/fs/bpf", Sys, Medium, High, "BPF programs and maps of the node, those of the network and of detection among them"),
    place("/sys/fs/cgroup", Sys, Low, High, "the control groups of the node: limits of all containers, and with version 1 a program that the kernel starts as root"),
    place("/sys/kernel/debug", Sys, Medium, High, "debug and tracing interfaces of the kernel"),
    place("/sys/kernel/security", Sys, Low, High, "the AppArmor and integrity policy of the node"),
    place("/sys/kernel/tracing", Sys, Medium, High, "tracing of every process of the node"),
    place("/tmp", Other, Medium, Medium, "the scratch folder of the node, in which programs keep sockets and short-lived secrets"),
    place("/users", Sensitive, High, High, "keys and credentials of the people who look after the node"),
    place("/usr", Sensitive, Low, Critical, "the programs and libraries of the node"),
    place("/usr/bin", Sensitive, Low, Critical, "the programs of the node"),
    place("/usr/lib", Sensitive, Low, Critical, "the libraries of the node"),
    place("/usr/lib/modules", Sensitive, Low, High, "the modules that the kernel loads"),
    place("/usr/lib/systemd", Sensitive, Low, Critical, "services, which run as root"),
    place("/usr/lib32", Sensitive, Low, Critical, "the libraries of the node"),
    place("/usr/lib64", Sensitive, Low, Critical, "the libraries of the node"),
    place("/usr/libexec/kubernetes", Sensitive, Low, Critical, "programs that the kubelet runs as root"),
    place("/usr/local", Sensitive, Low, Critical, "programs of the node"),
    place("/usr/sbin", Sensitive, Low, Critical, "the programs of the node"),
    place("/usr/src", Sensitive, Low, Medium, "the kernel sources, from which modules are built"),
    place("/var/home", Sensitive, High, High, "keys and credentials of the people who look after the node"),
    place("/var/lib/cloud", Sensitive, High, High, "the start-up data of the node, in which clouds place credentials"),
    place("/var/lib/containerd", Sensitive, High, Critical, "the files of all containers and images of containerd on the node"),
    place("/var/lib/containers", Sensitive, High, Critical, "the files of all containers and images of CRI-O and Podman on the node"),
    place("/var/lib/docker", Sensitive, High, Critical, "the files of all containers and images of Docker on the node"),
    place("/var/lib/etcd", Sensitive, Critical, Critical, "the state of the whole cluster, all secrets included"),
    place("/var/lib/k0s", Sensitive, Critical, Critical, "the state and the keys of the whole cluster"),
    place("/var/lib/kube-proxy", Sensitive, High, High, "the credentials of kube-proxy"),
    place("/var/lib/kubelet", Sensitive, Critical, Critical, "the tokens and secrets of every pod on the node and the kubelet's own key"),
    place("/var/lib/kubelet/config.json", Sensitive, High, Critical, "the registry credentials of the kubelet"),
    place("/var/lib/kubelet/config.yaml", Sensitive, Low, Critical, "the configuration of the kubelet"),
    place("/var/lib/kubelet/device-plugins", Sensitive, Medium, High, "the place where device plugins register: whoever writes here can pose as one and have devices and folders of the node mounted into pods"),
    place("/var/lib/kubelet/pki", Sensitive, Critical, Critical, "the kubelet's own key"),
    place("/var/lib/kubelet/plugins", Sensitive, Medium, High, "the sockets of the storage drivers, which mount as root"),
    place("/var/lib/kubelet/plugins_registry", Sensitive, Low, High, "the place where storage drivers register with the kubelet"),
    place("/var/lib/kubelet/pod-resources", Sensitive, Low, Low, "the list of pods on the node and of the devices they hold"),
    place("/var/lib/kubelet/pods", Sensitive, Critical, Critical, "the tokens, secrets and volumes of every pod on the node"),
    place("/var/lib/kubelet/seccomp", Sensitive, Low, High, "the seccomp profiles of the node"),
    place("/var/lib/minikube", Sensitive, Critical, Critical, "the state and the keys of the whole cluster"),
    place("/var/lib/rancher", Sensitive, Critical, Critical, "the state and the keys of the whole cluster"),
    place("/var/log", Log, Medium, High, "the log folder, whose files the kubelet hands out as root: a link planted here reads any file of the node"),
    place("/var/roothome", Sensitive, High, Critical, "root's keys and shell start files"),
    place("/var/snap/microk8s", Sensitive, Critical, Critical, "the state and the keys of the whole cluster"),
    place("/var/spool/cron", Sensitive, Low, Critical, "scheduled jobs, which run as root"),
    place("/var/tmp", Other, Medium, Medium, "the scratch folder of the node"),
    place("/windows", Sensitive, Low, Critical, "the programs and libraries of the node"),
];

/// Files that hold nothing secret.
static PUBLIC: &[&str] = &[
    "/etc/ca-certificates",
    "/etc/group",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/nsswitch.conf",
    "/etc/os-release",
    "/etc/pki",
    "/etc/protocols",
    "/etc/resolv.conf",
    "/etc/services",
    "/etc/ssl",
    "/etc/timezone",
    "/usr/lib/os-release",
    "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates",
    "/usr/share/zoneinfo",
];

/// Folders inside of public places that do hold secrets.
static SECRET_NAMES: &[&str] = &["private"];

/// Well-known files whose names have no extension.
static FILES: &[&str] = &[
    "//./pipe/docker_engine",
    "/dev/net/tun",
    "/etc/crontab",
    "/etc/group",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/passwd",
    "/etc/protocols",
    "/etc/services",
    "/etc/shadow",
    "/etc/sudoers",
    "/etc/timezone",
    "/proc/cpuinfo",
    "/proc/diskstats",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/mounts",
    "/proc/stat",
    "/proc/sysrq-trigger",
    "/proc/uptime",
    "/proc/version",
    "/run/dbus/system_bus_socket",
    "/run/libvirt/libvirt-sock",
    "/run/systemd/private",
    "/usr/lib/os-release",
];

/// What lies in `/dev` and is a folder; the rest there is a device.
static DEVICE_FOLDERS: &[&str] = &[
    "block",
    "bus",
    "char",
    "cpu",
    "disk",
    "dma_heap",
    "dri",
    "hugepages",
    "infiniband",
    "input",
    "mapper",
    "mqueue",
    "net",
    "pts",
    "shm",
    "snd",
    "vfio",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_in_one_spelling() {
        assert!(ALL.is_sorted_by(|a, b| a.path < b.path));
        for place in ALL {
            assert_eq!(NodePath::new(place.path).as_str(), place.path);
            assert!(place.read <= place.write, "{}", place.path);
        }
        for path in PUBLIC {
            assert_eq!(NodePath::new(path).as_str(), *path);
        }
    }

    #[test]
    fn the_innermost_place_counts() {
        let known = |path: &str| at(&NodePath::new(path)).map(|place| place.path);
        for (path, expected) in [
            ("/", Some("/")),
            ("/etc/..", Some("/")),
            ("/etc/kubernetes/manifests/", Some("/etc/kubernetes/manifests")),
            ("/etc/kubernetes/manifests/kube-apiserver.yaml", Some("/etc/kubernetes/manifests")),
            ("/etc/foo", Some("/etc")),
            ("/var/log/pods", Some("/var/log")),
            ("/var/lib/mysql", None),
            ("/var/lib", Some("/var/lib/kubelet")),
            ("/opt", Some("/opt/cni/bin")),
            ("/opt/app", None),
            ("/lib/modules/6.1", Some("/usr/lib/modules")),
            ("/bin", Some("/usr/bin")),
            ("/proc/sys/kernel", Some("/proc/sys")),
            ("/var/spool", Some("/var/spool/cron")),
            ("/dev/sda", Some("/dev")),
            ("/mnt", None),
            ("/var", Some("/var/lib/kubelet")),
            ("/data", None),
            ("/srv/www", None),
        ] {
            assert_eq!(known(path), expected, "{path}");
        }
    }

    #[test]
    fn disks_and_files() {
        for disk in [
            "/dev/sda",
            "/dev/sda1",
            "/dev/nvme0n1p1",
            "/dev/vdb",
            "/dev/dm-0",
            "/dev/mapper/root",
            "/dev/disk/by-id/x",
        ] {
            assert!(is_disk(&NodePath::new(disk)), "{disk}");
        }
        for other in ["/dev/shm", "/dev/nvidia0", "/dev", "/dev/srv", "/dev/mdx", "/data/sda"] {
            assert!(!is_disk(&NodePath::new(other)), "{other}");
        }
        for file in
            ["/run/docker.sock", "/etc/localtime", "/dev/null", "/etc/kubernetes/azure.json", "/run/crio/crio.sock"]
        {
            assert!(looks_like_file(&NodePath::new(file)), "{file}");
        }
        for folder in ["/etc/cni/net.d", "/var/log", "/", "/data/.cache", "/usr/lib/python3.11", "/dev"] {
            assert!(!looks_like_file(&NodePath::new(folder)), "{folder}");
        }
        assert!(is_public(&NodePath::new("/etc/ssl/certs")) && !is_public(&NodePath::new("/etc/ssl/private")));
    }
}
