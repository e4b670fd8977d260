//! What a task wanted to do when the line was written.

use super::Event;
use crate::decide::{DbusUse, MountCall, Operation, UnixUse};
use crate::names::mount;
use crate::tree::Perms;

/// The operation of an event; `None` when the line does not say enough, or no rule speaks of such things.
pub fn operation(event: &Event) -> Option<Operation> {
    let text = |name: &str| event.get(name).unwrap_or_default().to_owned();
    // Newer kernels call them `requested` and `denied`.
    let mask = || {
        let names = ["denied_mask", "requested_mask", "denied", "requested"];
        names.into_iter().find_map(|name| event.get(name)).unwrap_or_default()
    };
    let class = event.get("class").unwrap_or_default();
    match event.get("operation")? {
        "capable" => Some(Operation::Capability(text("capname"))),
        "ptrace" => Some(Operation::Ptrace { access: mask().to_owned(), peer: text("peer") }),
        "signal" => Some(Operation::Signal { access: mask().to_owned(), signal: text("signal"), peer: text("peer") }),
        "mount" => Some(Operation::Mount(MountCall {
            source: text("srcname"),
            target: text("name"),
            fstype: text("fstype"),
            flags: flags(event.get("flags").unwrap_or_default()),
            data: String::new(),
        })),
        "umount" => Some(Operation::Umount { target: text("name") }),
        "pivotroot" => Some(Operation::PivotRoot { root: text("name"), old: text("srcname") }),
        "userns_create" => Some(Operation::Userns),
        "uring_sqpoll" => Some(Operation::IoUring { access: "sqpoll".to_owned(), label: text("label") }),
        "uring_override" => Some(Operation::IoUring { access: "override_creds".to_owned(), label: text("label") }),
        "change_profile" | "change_onexec" => {
            let target = event.get("target").or_else(|| event.get("name"))?;
            Some(Operation::ChangeProfile { target: target.to_owned(), exec: None })
        }
        bus if bus.starts_with("dbus_") => Some(Operation::Dbus(DbusUse {
            access: text("mask"),
            bus: text("bus"),
            name: text("name"),
            path: text("path"),
            interface: text("interface"),
            member: text("member"),
            peer_label: text("peer_label"),
        })),
        _ if class == "posix_mqueue" || class == "sysv_mqueue" => Some(Operation::Mqueue {
            access: mask().to_owned(),
            kind: class.trim_end_matches("_mqueue").to_owned(),
            name: text("name"),
            label: text("label"),
        }),
        _ if event.get("family") == Some("unix") => Some(Operation::Unix(unix(event, mask()))),
        name if event.get("family").is_some() => Some(Operation::Network {
            family: text("family"),
            kind: text("sock_type"),
            access: Some(mask().split(' ').next().filter(|word| !word.is_empty()).unwrap_or(name).to_owned()),
        }),
        name => file(event, name, mask()),
    }
}

fn file(event: &Event, name: &str, mask: &str) -> Option<Operation> {
    let path = event.get("name")?;
    // A file that was opened outside has a path without a beginning.
    let path = if path.starts_with('/') { path.to_owned() } else { ["/", path].concat() };
    let owner = event.is_owners();
    if name == "link" {
        let target = event.get("target").filter(|target| target.starts_with('/'))?;
        return Some(Operation::Link { link: path, target: target.to_owned(), owner });
    }
    let mut perms = Perms::NONE;
    // Very old kernels write the letters of owner and others on either side of `::`.
    for letter in mask.split("::").flat_map(str::chars) {
        let perm = match letter {
            // Creating and deleting are writing.
            'c' | 'd' => Perms::WRITE,
            other => Perms::LETTERS.iter().find(|&&(_, known)| known == other).map_or(Perms::NONE, |&(perm, _)| perm),
        };
        perms = perms.with(perm);
    }
    if name == "exec" || perms == Perms::EXEC {
        return Some(Operation::Exec { path, owner });
    }
    Some(Operation::File { path, perms, owner })
}

/// A socket without a file. What was refused may be several accesses at once.
fn unix(event: &Event, mask: &str) -> UnixUse {
    let address = |name: &str| event.get(name).filter(|address| address.starts_with('@')).unwrap_or_default();
    UnixUse {
        access: mask.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        kind: event.get("sock_type").unwrap_or_default().to_owned(),
        address: address("addr").to_owned(),
        peer_address: address("peer_addr").to_owned(),
        peer_label: event.get("peer").or_else(|| event.get("peer_label")).unwrap_or_default().to_owned(),
    }
}

fn flags(words: &str) -> u32 {
    let set = words.split([',', ' ']).filter_map(|word| mount::option(word.trim()));
    set.fold(0, |all, (set, clear)| (all | set) & !clear)
}
