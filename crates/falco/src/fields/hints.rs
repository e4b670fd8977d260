//! Short explanations of the fields that rules about containers use, for completion and for hovering.

/// A field's name and what it says about an event, in one line.
pub type Hint = (&'static str, &'static str);

/// Sorted by name.
const HINTS: &[Hint] = &[
    ("container.host_ipc", "whether the container shares the host's IPC namespace"),
    ("container.host_network", "whether the container shares the host's network"),
    ("container.host_pid", "whether the container sees the host's processes"),
    ("container.id", "short id of the container; `host` outside of containers"),
    ("container.image.repository", "image without tag, as in docker.io/library/alpine"),
    ("container.image.tag", "tag of the image"),
    ("container.mount.dest", "where a host path is mounted in the container; takes the host path, globs allowed"),
    ("container.mount.mode", "options of a mount; takes the host path"),
    ("container.mount.rdwr", "`true` when a mount can be written to; takes the host path"),
    ("container.mount.source", "the host path behind a mount; takes the path in the container"),
    ("container.mounts", "all mounts of the container, as one string"),
    ("container.name", "name of the container"),
    ("container.privileged", "whether the container is privileged"),
    ("container.type", "runtime of the container, as in containerd"),
    ("evt.arg", "one argument of the event as text: evt.arg.flags, or evt.arg[0]"),
    ("evt.args", "all arguments of the event, as one string"),
    ("evt.is_open_create", "whether the call created the file"),
    ("evt.is_open_exec", "whether the call created a file that can be executed"),
    ("evt.is_open_read", "whether the file was opened for reading"),
    ("evt.is_open_write", "whether the file was opened for writing"),
    ("evt.num", "running number of the event; starts at 1"),
    ("evt.rawarg", "one argument of the event as a number: evt.rawarg.flags"),
    ("evt.rawres", "result of the call as a number; negative when it failed"),
    ("evt.res", "SUCCESS, or the name of the error"),
    ("evt.source", "where the event comes from: syscall, or a plugin"),
    ("evt.time", "when it happened, with nanoseconds"),
    ("evt.type", "name of the event, most often a system call: execve, openat, mount"),
    ("fd.cip", "address of the client"),
    ("fd.cport", "port of the client"),
    ("fd.directory", "directory of the file"),
    ("fd.filename", "name of the file without its directory"),
    ("fd.ip", "address of either end of the connection"),
    ("fd.l4proto", "tcp, udp, icmp or raw"),
    ("fd.name", "full path of the file, or both ends of the connection"),
    ("fd.num", "file descriptor; negative when the call failed"),
    ("fd.port", "port of either end of the connection"),
    ("fd.sip", "address of the server"),
    ("fd.snet", "address of the server, compared with networks such as 10.0.0.0/8"),
    ("fd.sport", "port of the server"),
    ("fd.type", "file, directory, ipv4, unix, pipe, …"),
    ("fd.typechar", "kind of descriptor in one letter: f file, 4 IPv4 socket, 6 IPv6 socket, u UNIX socket, p pipe"),
    ("fs.path.name", "path that the call works on: the file made, changed or removed"),
    ("fs.path.source", "path that is linked, renamed or mounted"),
    ("fs.path.target", "path of the new link, name or mount"),
    ("k8s.ns.name", "namespace of the pod"),
    ("k8s.pod.label", "one label of the pod; takes its key"),
    ("k8s.pod.name", "name of the pod"),
    ("proc.aexepath", "program of an ancestor; all ancestors without a number"),
    ("proc.aname", "name of an ancestor; all ancestors without a number, [1] is the parent"),
    ("proc.args", "arguments of the process, as one string"),
    ("proc.cmdline", "name and arguments of the process"),
    ("proc.cwd", "working directory of the process"),
    ("proc.env", "environment of the process; takes the name of a variable"),
    ("proc.exe", "first argument of the process: its program as it was called"),
    ("proc.exepath", "full path of the program, links followed"),
    ("proc.is_exe_from_memfd", "whether the program never was a file on disk"),
    ("proc.is_exe_upper_layer", "whether the program was added after the container started"),
    ("proc.is_exe_writable", "whether the user may write to the program"),
    ("proc.name", "name of the process, cut to 15 bytes by the kernel"),
    ("proc.pcmdline", "name and arguments of the parent"),
    ("proc.pexepath", "full path of the parent's program"),
    ("proc.pid", "process id as the host sees it"),
    ("proc.pname", "name of the parent"),
    ("proc.sname", "name of the session's first process"),
    ("proc.tty", "terminal of the process; 0 for none"),
    ("proc.vpid", "process id as the container sees it; 1 for its first process"),
    ("syscall.type", "name of the system call; missing for events that are none"),
    ("thread.cap_effective", "capabilities in force, as names with blanks between"),
    ("thread.cap_inheritable", "capabilities that a new program may inherit"),
    ("thread.cap_permitted", "capabilities that the thread may take"),
    ("thread.tid", "thread id as the host sees it"),
    ("user.loginuid", "user who logged in, kept through sudo; -1 for none"),
    ("user.name", "name of the user"),
    ("user.uid", "number of the user; 0 is root"),
];

/// What a field says, if it is one of those that rules about containers use.
pub fn hint(name: &str) -> Option<&'static str> {
    let at = HINTS.binary_search_by_key(&name, |(one, _)| one).ok()?;
    HINTS.get(at).map(|(_, text)| *text)
}

/// All of them, by name.
pub fn hints() -> &'static [Hint] {
    HINTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_sorted_and_about_fields() {
        assert!(HINTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (name, _) in HINTS {
            assert!(crate::fields::find(name).is_some(), "{name}");
        }
        assert_eq!(hint("evt.num"), Some("running number of the event; starts at 1"));
        assert_eq!(hint("evt.nun"), None);
    }
}
