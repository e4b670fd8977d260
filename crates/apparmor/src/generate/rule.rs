//! The narrowest rule that lets an operation through.

use super::pattern::escaped;
use crate::decide::{DbusUse, MountCall, Operation, UnixUse};
use crate::names::mount::{ALL, BIND, MOVE, OPTIONS, PROPAGATION, REMOUNT};
use crate::tree::Perms;

/// The rule that allows an operation, with its comma; `None` for what no rule can name.
///
/// With `owner` a rule about a file holds only for files of the task's own user.
///
/// ```
/// use watertight_apparmor::decide::Operation;
/// use watertight_apparmor::generate::rule_for;
/// use watertight_apparmor::tree::Perms;
///
/// let wanted = Operation::File { path: "/proc/41/maps".to_owned(), perms: Perms::READ, owner: true };
/// assert_eq!(rule_for(&wanted, true).unwrap(), "owner /proc/[0-9]*/maps r,");
/// ```
pub fn rule_for(operation: &Operation, owner: bool) -> Option<String> {
    let whose = if owner { "owner " } else { "" };
    let written = match operation {
        Operation::File { path, perms, .. } => file(path, *perms, whose)?,
        Operation::Exec { path, .. } => file(path, Perms(Perms::READ.0 | Perms::EXEC.0 | Perms::MAP.0), whose)?,
        Operation::Link { link, target, .. } => [whose, "link ", &of_file(link)?, " -> ", &of_file(target)?].concat(),
        Operation::Capability(name) => {
            let name = name.to_ascii_lowercase();
            let name = name.strip_prefix("cap_").unwrap_or(&name);
            watertight_knowledge::capability::by_name(&name.to_ascii_uppercase())?;
            ["capability ", name].concat()
        }
        Operation::Network { family, kind, .. } => {
            if !crate::names::network::has(family, kind) {
                return None;
            }
            ["network ", family, " ", kind].concat()
        }
        Operation::Mount(call) => mount(call)?,
        Operation::Umount { target } => ["umount ", &of_file(target)?].concat(),
        Operation::PivotRoot { root, old } => {
            let old = if old.is_empty() { String::new() } else { ["oldroot=", &of_file(old)?, " "].concat() };
            ["pivot_root ", &old, &of_file(root)?].concat()
        }
        Operation::Ptrace { access, peer } => ["ptrace (", word(access)?, ") peer=", &label(peer)].concat(),
        Operation::Signal { access, signal, peer } => {
            crate::names::signal::number(signal)?;
            ["signal (", word(access)?, ") set=(", signal, ") peer=", &label(peer)].concat()
        }
        Operation::Unix(wanted) => unix(wanted)?,
        Operation::Dbus(wanted) => dbus(wanted)?,
        Operation::Userns => "userns".to_owned(),
        Operation::ChangeProfile { target, exec } => {
            let exec = match exec {
                Some(exec) => [" ", &of_file(exec)?].concat(),
                None => String::new(),
            };
            ["change_profile", &exec, " -> ", &label(target)].concat()
        }
        Operation::Mqueue { access, kind, name, .. } => {
            let name = if name.is_empty() { String::new() } else { [" ", escaped(name).as_str()].concat() };
            ["mqueue (", word(access)?, ") type=", word(kind)?, &name].concat()
        }
        Operation::IoUring { access, .. } => ["io_uring ", word(access)?].concat(),
    };
    Some([&written, ","].concat())
}

/// The letters of a permission set, the ones for a start of a program under the same profile included.
pub(super) fn letters(perms: Perms) -> String {
    // `w` takes `a` along, and the two exclude each other.
    let perms = if perms.has(Perms::WRITE) { perms.without(Perms::APPEND) } else { perms };
    let plain = Perms::LETTERS.iter().filter(|&&(perm, _)| perms.has(perm) && perm != Perms::EXEC);
    let mut out: String = plain.map(|&(_, letter)| letter).collect();
    if perms.has(Perms::EXEC) {
        out.push_str("ix");
    }
    out
}

fn file(path: &str, perms: Perms, whose: &str) -> Option<String> {
    let letters = letters(perms);
    if letters.is_empty() { None } else { Some([whose, &of_file(path)?, " ", &letters].concat()) }
}

/// A path with the numbers of processes left open: they are others at every start.
fn of_file(path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return None;
    }
    let mut out = String::with_capacity(path.len());
    let is_number = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let mut before = "";
    for (place, name) in path.split('/').enumerate() {
        if place > 0 {
            out.push('/');
        }
        let of_process = place == 2 && before == "proc" || place == 4 && before == "task";
        if of_process && path.starts_with("/proc/") && is_number(name) {
            out.push_str("[0-9]*");
        } else {
            out.push_str(&escaped(name));
        }
        before = name;
    }
    Some(out)
}

/// The name of a profile as a pattern that matches it alone.
fn label(name: &str) -> String {
    if name.is_empty() { "unconfined".to_owned() } else { escaped(name) }
}

/// A word that a rule can hold.
fn word(text: &str) -> Option<&str> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b' ' | b'-' | b'+');
    (!text.is_empty() && text.bytes().all(is_word)).then_some(text)
}

fn mount(call: &MountCall) -> Option<String> {
    let target = of_file(&call.target)?;
    let flags = call.flags & ALL;
    if flags & REMOUNT != 0 {
        return Some(["remount", &options(flags & !REMOUNT), " ", &target].concat());
    }
    let changes = flags & (PROPAGATION & !crate::names::mount::RECURSIVE) != 0;
    let moves = flags & (BIND | MOVE) != 0;
    let mut out = String::from("mount");
    if !call.fstype.is_empty() && !changes && !moves {
        out.push_str(&[" fstype=", &escaped(&call.fstype)].concat());
    }
    out.push_str(&options(flags));
    if !call.source.is_empty() && !changes {
        out.push_str(&[" ", &source(&call.source)].concat());
    }
    out.push_str(&[" -> ", &target].concat());
    Some(out)
}

/// A device, a folder, or any word.
fn source(text: &str) -> String {
    of_file(text).unwrap_or_else(|| escaped(text))
}

fn options(flags: u32) -> String {
    let mut left = flags;
    // The longest first, so that `rbind` is not taken for `bind` with something left over.
    let mut known: Vec<_> = OPTIONS.iter().filter(|&&(_, set, _)| set != 0).collect();
    known.sort_by_key(|&&(_, set, _)| std::cmp::Reverse(set.count_ones()));
    let mut names: Vec<&str> = Vec::new();
    for &&(name, set, _) in &known {
        if left & set == set {
            left &= !set;
            names.push(name);
        }
    }
    if names.is_empty() {
        names.push("rw");
    }
    [" options=(", &names.join(", "), ")"].concat()
}

fn unix(wanted: &UnixUse) -> Option<String> {
    let mut out = ["unix (", word(&wanted.access)?, ")"].concat();
    if let Some(kind) = word(&wanted.kind) {
        out.push_str(&[" type=", kind].concat());
    }
    if let Some(address) = address(&wanted.address) {
        out.push_str(&[" addr=", &address].concat());
    }
    let mut peer = Vec::new();
    if !wanted.peer_label.is_empty() {
        peer.push(["label=", &label(&wanted.peer_label)].concat());
    }
    if let Some(address) = address(&wanted.peer_address) {
        peer.push(["addr=", &address].concat());
    }
    if !peer.is_empty() {
        out.push_str(&[" peer=(", &peer.join(", "), ")"].concat());
    }
    Some(out)
}

/// The name of an abstract socket. One without a name needs no condition.
fn address(text: &str) -> Option<String> {
    let name = text.strip_prefix('@')?;
    Some(["\"@", &escaped(name), "\""].concat())
}

fn dbus(wanted: &DbusUse) -> Option<String> {
    let mut out = ["dbus (", word(&wanted.access)?, ")"].concat();
    let binds = wanted.access == "bind";
    for (name, value) in [
        ("bus", &wanted.bus),
        ("path", &wanted.path),
        ("interface", &wanted.interface),
        ("member", &wanted.member),
        ("name", &wanted.name),
    ] {
        // Messages are not told apart by the name of the bus alone: `name` is for `bind`.
        let fits = matches!(name, "bus") || (name == "name") == binds;
        if fits && !value.is_empty() {
            out.push_str(&[" ", name, "=\"", &escaped(value), "\""].concat());
        }
    }
    if !binds && !wanted.peer_label.is_empty() {
        out.push_str(&[" peer=(label=\"", &label(&wanted.peer_label), "\")"].concat());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::{decide, mount_flag};
    use crate::resolve;
    use crate::shipped::Shipped;

    /// The rule is what is expected, the parser takes it, and with nothing else the operation passes.
    #[track_caller]
    fn check(operation: &Operation, expected: &str) {
        let rule = rule_for(operation, false).unwrap();
        assert_eq!(rule, expected);
        let text = format!("abi <abi/4.0>,\nprofile a {{\n  {rule}\n}}\n");
        let resolved = resolve(&text, &Shipped);
        assert_eq!(resolved.refusals, [], "{text}");
        let verdict = decide(&resolved.policy, &resolved.policy.profiles[0], operation);
        assert!(verdict.allowed(), "{text}{verdict:?}");
    }

    fn file(path: &str, perms: Perms) -> Operation {
        Operation::File { path: path.to_owned(), perms, owner: false }
    }

    #[test]
    fn files() {
        check(&file("/etc/hosts", Perms::READ), "/etc/hosts r,");
        check(&file("/tmp/a b", Perms::READ.with(Perms::WRITE)), "/tmp/a\\040b rw,");
        check(&file("/proc/41/task/42/comm", Perms::WRITE), "/proc/[0-9]*/task/[0-9]*/comm w,");
        check(&file("/a*b/", Perms::READ), "/a\\*b/ r,");
        check(&Operation::Exec { path: "/usr/bin/env".to_owned(), owner: false }, "/usr/bin/env rmix,");
        let link = Operation::Link { link: "/a/b".to_owned(), target: "/a/c".to_owned(), owner: false };
        check(&link, "link /a/b -> /a/c,");
        assert_eq!(rule_for(&file("a", Perms::READ), false), None);
        assert_eq!(rule_for(&file("/a", Perms::NONE), false), None);
    }

    #[test]
    fn tasks_and_sockets() {
        check(&Operation::Capability("CAP_SYS_TIME".to_owned()), "capability sys_time,");
        let socket = |family: &str, kind: &str| Operation::Network {
            family: family.to_owned(),
            kind: kind.to_owned(),
            access: Some("connect".to_owned()),
        };
        check(&socket("inet6", "stream"), "network inet6 stream,");
        assert_eq!(rule_for(&socket("nosuch", "stream"), false), None);
        check(
            &Operation::Signal { access: "send".to_owned(), signal: "term".to_owned(), peer: "web//&x".to_owned() },
            "signal (send) set=(term) peer=web//\\046x,",
        );
        check(
            &Operation::Ptrace { access: "read".to_owned(), peer: "unconfined".to_owned() },
            "ptrace (read) peer=unconfined,",
        );
        check(&Operation::Userns, "userns,");
        check(&Operation::ChangeProfile { target: "web".to_owned(), exec: None }, "change_profile -> web,");
        let abstract_socket = UnixUse {
            access: "connect".to_owned(),
            kind: "stream".to_owned(),
            address: String::new(),
            peer_address: "@/tmp/.X11-unix/X0".to_owned(),
            peer_label: "unconfined".to_owned(),
        };
        check(
            &Operation::Unix(abstract_socket),
            "unix (connect) type=stream peer=(label=unconfined, addr=\"@/tmp/.X11-unix/X0\"),",
        );
        let message = DbusUse {
            access: "send".to_owned(),
            bus: "system".to_owned(),
            path: "/org/x".to_owned(),
            interface: "org.x".to_owned(),
            member: "Get".to_owned(),
            peer_label: "unconfined".to_owned(),
            ..DbusUse::default()
        };
        check(
            &Operation::Dbus(message),
            "dbus (send) bus=\"system\" path=\"/org/x\" interface=\"org.x\" member=\"Get\" peer=(label=\"unconfined\"),",
        );
        check(&Operation::IoUring { access: "sqpoll".to_owned(), label: "a".to_owned() }, "io_uring sqpoll,");
        let queue = |access: &str, name: &str| Operation::Mqueue {
            access: access.to_owned(),
            kind: "posix".to_owned(),
            name: name.to_owned(),
            label: "a".to_owned(),
        };
        check(&queue("open", "/q"), "mqueue (open) type=posix /q,");
    }

    #[test]
    fn mounts() {
        let call = |source: &str, fstype: &str, flags: &[&str]| {
            let flags = flags.iter().fold(0, |all, flag| all | mount_flag(flag).unwrap());
            Operation::Mount(MountCall {
                source: source.to_owned(),
                target: "/mnt/".to_owned(),
                fstype: fstype.to_owned(),
                flags,
                data: String::new(),
            })
        };
        check(
            &call("proc", "proc", &["nosuid", "noexec"]),
            "mount fstype=proc options=(nosuid, noexec) proc -> /mnt/,",
        );
        check(&call("/dev/sda1", "ext4", &[]), "mount fstype=ext4 options=(rw) /dev/sda1 -> /mnt/,");
        check(&call("/host/", "", &["rbind"]), "mount options=(rbind) /host/ -> /mnt/,");
        check(&call("", "", &["rprivate"]), "mount options=(rprivate) -> /mnt/,");
        check(&call("", "", &["ro", "remount"]), "remount options=(ro) /mnt/,");
        check(&Operation::Umount { target: "/mnt/".to_owned() }, "umount /mnt/,");
        check(
            &Operation::PivotRoot { root: "/new/".to_owned(), old: "/new/old/".to_owned() },
            "pivot_root oldroot=/new/old/ /new/,",
        );
    }
}
