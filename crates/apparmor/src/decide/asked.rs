//! Operations as people write them, one a line: `file /etc/passwd r`, `network inet stream`, `mount proc proc on /mnt/`.

use super::{MountCall, Operation, UnixUse, mount_flag};
use crate::names;
use crate::tree::Perms;

/// What a line asks, for the help of whoever gets it wrong: the words and what they mean.
pub const FORMS: &[(&str, &str)] = &[
    ("file PATH LETTERS", "a file, by letters of r w a x m k l; `other` behind them for a file of somebody else"),
    ("exec PATH", "starting a program"),
    ("link NEW OLD", "a hard link"),
    ("capability NAME", "a capability"),
    ("network FAMILY TYPE", "a socket, such as inet stream"),
    ("mount FSTYPE SOURCE on TARGET", "a mount; `bind A on B`, `remount on B` and others by the names of their flags"),
    ("umount TARGET", "detaching a mount"),
    ("pivot_root NEW OLD", "another root"),
    ("ptrace trace|read|tracedby|readby PEER", "another task, by the profile it runs under"),
    ("signal send|receive SIGNAL PEER", "a signal, such as term"),
    ("unix ACCESS TYPE ADDRESS PEER", "a socket without a file, such as connect stream @x unconfined"),
    ("change_profile NAME", "another profile"),
    ("userns", "making a user namespace"),
];

/// Reads one line. Its words stand between tabs, or between blanks when there is no tab.
///
/// # Errors
/// When nothing like it can be asked; the reason is a sentence.
///
/// ```
/// use watertight_apparmor::decide::{Operation, asked};
///
/// assert_eq!(asked::read("capability SYS_ADMIN").unwrap(), Operation::Capability("sys_admin".to_owned()));
/// assert!(asked::read("file etc/passwd r").unwrap_err().contains("slash"));
/// ```
pub fn read(line: &str) -> Result<Operation, String> {
    let words: Vec<&str> = if line.contains('\t') {
        line.split('\t').map(str::trim).filter(|word| !word.is_empty()).collect()
    } else {
        line.split_whitespace().collect()
    };
    let Some((&kind, rest)) = words.split_first() else { return Err("Nothing is asked.".to_owned()) };
    match (kind, rest) {
        ("file", [path, letters]) => file(path, letters, true),
        ("file", [path, letters, "other"]) => file(path, letters, false),
        ("file", [path, letters, "owner"]) => file(path, letters, true),
        ("exec", [path]) => Ok(Operation::Exec { path: absolute(path)?, owner: true }),
        ("link", [link, target]) => {
            Ok(Operation::Link { link: absolute(link)?, target: absolute(target)?, owner: true })
        }
        ("capability", [name]) => {
            let name = name.to_ascii_lowercase();
            let name = name.strip_prefix("cap_").unwrap_or(&name);
            match watertight_knowledge::capability::by_name(&name.to_ascii_uppercase()) {
                Some(_) => Ok(Operation::Capability(name.to_owned())),
                None => Err(["There is no capability `", name, "`."].concat()),
            }
        }
        ("network", [family, kind]) => network(family, kind, None),
        ("network", [family, kind, access]) => network(family, kind, Some(access)),
        ("umount", [target]) => Ok(Operation::Umount { target: absolute(target)? }),
        ("pivot_root", [root, old]) => Ok(Operation::PivotRoot { root: absolute(root)?, old: absolute(old)? }),
        ("ptrace", [access, peer]) => {
            let access = one_of(access, super::label::PTRACE)?;
            Ok(Operation::Ptrace { access, peer: (*peer).to_owned() })
        }
        ("signal", [access, signal, peer]) => {
            let access = one_of(access, super::label::SIGNAL)?;
            let signal = signal.to_ascii_lowercase();
            let signal = signal.strip_prefix("sig").unwrap_or(&signal).to_owned();
            if names::signal::number(&signal).is_none() {
                return Err(["There is no signal `", &signal, "`."].concat());
            }
            Ok(Operation::Signal { access, signal, peer: (*peer).to_owned() })
        }
        ("unix", [access, kind, rest @ ..]) => unix(access, kind, rest),
        ("change_profile", [target]) => Ok(Operation::ChangeProfile { target: (*target).to_owned(), exec: None }),
        ("userns", []) => Ok(Operation::Userns),
        ("mount", rest) => mount(rest),
        (flag, rest) if mount_flag(flag).is_some_and(|bits| bits != 0) => mount_by_flag(flag, rest),
        _ => Err(wrong(kind)),
    }
}

fn wrong(kind: &str) -> String {
    let known = FORMS.iter().find(|(form, _)| form.split(' ').next() == Some(kind));
    match known {
        Some((form, _)) => ["It is written `", form, "`."].concat(),
        None => {
            let kinds: Vec<&str> = FORMS.iter().filter_map(|(form, _)| form.split(' ').next()).collect();
            ["`", kind, "` is nothing that can be asked; ask for one of ", &kinds.join(", "), "."].concat()
        }
    }
}

fn absolute(path: &str) -> Result<String, String> {
    if path.starts_with('/') {
        return Ok(path.to_owned());
    }
    Err(["`", path, "` has to be a whole path that begins with a slash."].concat())
}

fn file(path: &str, letters: &str, owner: bool) -> Result<Operation, String> {
    let path = absolute(path)?;
    let mut perms = Perms::NONE;
    for letter in letters.chars() {
        let Some(&(perm, _)) = Perms::LETTERS.iter().find(|&&(_, known)| known == letter) else {
            return Err(["`", letters, "` has to be of the letters r, w, a, x, m, k and l."].concat());
        };
        perms = perms.with(perm);
    }
    if perms == Perms::EXEC {
        return Ok(Operation::Exec { path, owner });
    }
    Ok(Operation::File { path, perms, owner })
}

fn one_of(word: &str, known: &[&str]) -> Result<String, String> {
    if known.contains(&word) {
        return Ok(word.to_owned());
    }
    Err(["`", word, "` has to be one of ", &known.join(", "), "."].concat())
}

fn network(family: &str, kind: &str, access: Option<&str>) -> Result<Operation, String> {
    if !names::network::has(family, kind) {
        return Err(["There are no sockets of `", family, " ", kind, "`."].concat());
    }
    if let Some(access) = access {
        one_of(access, &super::network::ACCESSES)?;
    }
    let (kind, access) = (kind.to_owned(), access.map(str::to_owned));
    // A protocol is asked for by the type that goes with it.
    let kind = match kind.as_str() {
        "tcp" => "stream".to_owned(),
        "udp" => "dgram".to_owned(),
        "icmp" => "raw".to_owned(),
        _ => kind,
    };
    Ok(Operation::Network { family: family.to_owned(), kind, access })
}

fn unix(access: &str, kind: &str, rest: &[&str]) -> Result<Operation, String> {
    one_of(access, &super::network::ACCESSES)?;
    one_of(kind, names::network::UNIX_TYPES)?;
    let is_address = |word: &&&str| word.starts_with('@');
    let peer_address = rest.iter().find(is_address).map_or("", |word| word);
    let label = rest.iter().find(|word| !is_address(word)).map_or("unconfined", |word| word);
    // Of one's own name, not the other end's, a rule speaks where a socket is given its name.
    let (address, peer_address) = if access == "bind" { (peer_address, "") } else { ("", peer_address) };
    Ok(Operation::Unix(UnixUse {
        access: access.to_owned(),
        kind: kind.to_owned(),
        address: address.to_owned(),
        peer_address: peer_address.to_owned(),
        peer_label: label.to_owned(),
    }))
}

/// `FSTYPE [FLAGS] [SOURCE] on TARGET`
fn mount(words: &[&str]) -> Result<Operation, String> {
    let [fstype, rest @ .., "on", target] = words else { return Err(wrong("mount")) };
    let mut call = MountCall { target: absolute(target)?, fstype: (*fstype).to_owned(), ..MountCall::default() };
    for word in rest {
        match flags(word) {
            Some(bits) => call.flags |= bits,
            None => call.source = (*word).to_owned(),
        }
    }
    if call.source.is_empty() {
        call.source.clone_from(&call.fstype);
    }
    Ok(Operation::Mount(call))
}

/// `bind[,ro] /a/ on /b/`, `rprivate on /`
fn mount_by_flag(first: &str, words: &[&str]) -> Result<Operation, String> {
    let [rest @ .., "on", target] = words else {
        return Err(["It is written `", first, " SOURCE on TARGET`."].concat());
    };
    let source = rest.last().copied().unwrap_or_default().to_owned();
    let flags = flags(first).unwrap_or_default();
    Ok(Operation::Mount(MountCall { source, target: absolute(target)?, flags, ..MountCall::default() }))
}

fn flags(word: &str) -> Option<u32> {
    word.split(',').try_fold(0, |all, flag| Some(all | mount_flag(flag)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &Operation) {
        assert_eq!(&read(line).unwrap(), expected);
    }

    #[test]
    fn every_form_is_read() {
        let file = |path: &str, perms: Perms, owner| Operation::File { path: path.to_owned(), perms, owner };
        check("file /a rw", &file("/a", Perms::READ.with(Perms::WRITE), true));
        check("file /a r other", &file("/a", Perms::READ, false));
        check("file\t/a b\tr", &file("/a b", Perms::READ, true));
        check("file /a x", &Operation::Exec { path: "/a".to_owned(), owner: true });
        let signal = |signal: &str| Operation::Signal {
            access: "receive".to_owned(),
            signal: signal.to_owned(),
            peer: "runc".to_owned(),
        };
        check("signal receive SIGTERM runc", &signal("term"));
        let call = |source: &str, fstype: &str, flags: u32| {
            let (source, fstype) = (source.to_owned(), fstype.to_owned());
            Operation::Mount(MountCall { source, target: "/b/".to_owned(), fstype, flags, data: String::new() })
        };
        check("mount proc on /b/", &call("proc", "proc", 0));
        check("mount ext4 ro,nosuid /dev/sda1 on /b/", &call("/dev/sda1", "ext4", 3));
        check("bind /a/ on /b/", &call("/a/", "", 1 << 12));
        check("rprivate on /b/", &call("", "", (1 << 18) | (1 << 14)));
        let tcp = Operation::Network { family: "inet".to_owned(), kind: "stream".to_owned(), access: None };
        check("network inet tcp", &tcp);
        for line in [
            "unix connect stream @x unconfined",
            "unix bind dgram @x",
            "userns",
            "change_profile x",
            "pivot_root /a/ /b/",
            "umount /a/",
            "ptrace read x",
            "link /a /b",
            "network inet stream connect",
        ] {
            assert!(read(line).is_ok(), "{line}: {:?}", read(line));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, words) in [
            ("", "Nothing"),
            ("file /a", "file PATH LETTERS"),
            ("file a r", "slash"),
            ("file /a q", "letters"),
            ("capability everything", "no capability"),
            ("network inet packets", "no sockets"),
            ("signal send never x", "no signal"),
            ("ptrace look x", "one of trace"),
            ("mount /dev/sda1 /mnt", "mount FSTYPE"),
            ("dance", "nothing that can be asked"),
            ("userns please", "`userns`"),
        ] {
            let why = read(line).unwrap_err();
            assert!(why.contains(words), "{line}: {why}");
        }
    }
}
