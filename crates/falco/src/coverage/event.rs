//! Writing down an event in short.

use crate::fields::{self, Family};

/// Capabilities that engines give by default.
const DEFAULT_CAPS: &str = "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP \
CAP_NET_BIND_SERVICE CAP_SYS_CHROOT CAP_AUDIT_WRITE CAP_SETFCAP";

/// What a privileged container has besides.
const MORE_CAPS: &str = "CAP_DAC_READ_SEARCH CAP_NET_ADMIN CAP_NET_RAW CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_PTRACE \
CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_TIME CAP_MKNOD CAP_SYSLOG CAP_BPF CAP_PERFMON";

/// Fields that are the same for every event unless it says otherwise.
const BASE: &[(&str, &str)] = &[
    ("evt.type", ""),
    ("evt.source", "syscall"),
    ("evt.num", "42"),
    ("evt.res", "SUCCESS"),
    ("evt.rawres", "0"),
    ("proc.name", ""),
    ("proc.exe", ""),
    ("proc.exepath", ""),
    ("proc.args", ""),
    ("proc.cmdline", ""),
    ("proc.cwd", "/"),
    ("proc.pname", "sh"),
    ("proc.pcmdline", "sh"),
    ("proc.aname", "sh containerd-shim systemd"),
    ("proc.vpid", "27"),
    ("proc.tty", "0"),
    ("proc.is_exe_upper_layer", "false"),
    ("proc.is_exe_from_memfd", "false"),
    ("user.name", "root"),
    ("user.uid", "0"),
    ("user.loginuid", "-1"),
    ("thread.cap_effective", DEFAULT_CAPS),
    ("thread.cap_permitted", DEFAULT_CAPS),
    ("container.id", "3ad7b26ded6d"),
    ("container.name", "web"),
    ("container.image.repository", "docker.io/library/alpine"),
    ("container.image.tag", "3.19"),
    ("container.privileged", "false"),
    ("k8s.ns.name", "default"),
    ("k8s.pod.name", "web-0"),
];

/// An event that is being written down.
pub(super) struct EventText {
    fields: Vec<(String, String)>,
}

impl EventText {
    /// The event of a line: what happens, then the command that does it.
    pub(super) fn new(line: &str) -> Self {
        let fields = BASE.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut event = Self { fields };
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_default();
        match word() {
            "exec" => event.exec(),
            "start" => {
                event.exec();
                event.set_all(&[("proc.vpid", "1"), ("proc.pname", "runc"), ("proc.pcmdline", "runc init")]);
                event.set("proc.aname", "runc containerd-shim systemd");
            }
            "call" => event.set("evt.type", word()),
            "open" => {
                let (mode, path) = (word(), word());
                event.open(mode == "w", path);
            }
            "unix" => {
                let name = ["ffff->0 ", word()].concat();
                event.set_all(&[
                    ("evt.type", "connect"),
                    ("fd.name", &name),
                    ("fd.type", "unix"),
                    ("fd.typechar", "u"),
                ]);
            }
            "net" => {
                let (name, address, port) = (word(), word(), word());
                event.net(name, address, port);
            }
            _ => {}
        }
        let command: Vec<&str> = words.collect();
        event.command(&command);
        event
    }

    /// What is special about the process: `privileged`, or `caps` with the capabilities that it has besides.
    pub(super) fn process(&mut self, line: &str) {
        let more = match line.strip_prefix("caps ") {
            Some(caps) => caps,
            None => {
                self.set("container.privileged", "true");
                MORE_CAPS
            }
        };
        let caps = [DEFAULT_CAPS, " ", more].concat();
        self.set_all(&[("thread.cap_effective", &caps), ("thread.cap_permitted", &caps)]);
    }

    pub(super) fn set(&mut self, field: &str, value: &str) {
        match self.fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((field.to_owned(), value.to_owned())),
        }
    }

    /// The event as a JSON object, a field a line.
    pub(super) fn json(&self) -> String {
        let mut out = String::from("{");
        for (name, value) in &self.fields {
            out.push_str(if out.len() == 1 { "\n  " } else { ",\n  " });
            quote(&mut out, name);
            out.push_str(": ");
            let several = matches!(name.as_str(), "proc.aname" | "fd.ip" | "fd.port" | "fd.net");
            if several {
                out.push('[');
                for (number, item) in value.split(' ').enumerate() {
                    out.push_str(if number == 0 { "" } else { ", " });
                    push_value(&mut out, name, item);
                }
                out.push(']');
            } else {
                push_value(&mut out, name, value);
            }
        }
        out.push_str("\n}");
        out
    }

    fn set_all(&mut self, fields: &[(&str, &str)]) {
        for (field, value) in fields {
            self.set(field, value);
        }
    }

    fn exec(&mut self) {
        self.set_all(&[("evt.type", "execve"), ("evt.arg.flags", "EXE_WRITABLE|EXE_LOWER_LAYER")]);
    }

    fn open(&mut self, write: bool, path: &str) {
        let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
        let words = |yes: bool| if yes { "true" } else { "false" };
        self.set_all(&[
            ("evt.type", "openat"),
            ("evt.rawres", "3"),
            ("evt.arg.flags", if write { "O_WRONLY|O_TRUNC|O_CREAT" } else { "O_RDONLY" }),
            ("evt.is_open_read", words(!write)),
            ("evt.is_open_write", words(write)),
            ("fd.num", "3"),
            ("fd.name", path),
            ("fd.nameraw", path),
            ("fd.directory", directory),
            ("fd.filename", file),
            ("fd.type", "file"),
            ("fd.typechar", "f"),
        ]);
    }

    fn net(&mut self, name: &str, address: &str, port: &str) {
        self.set_all(&[
            ("evt.type", "connect"),
            ("fd.name", &["10.1.2.3:51000->", address, ":", port].concat()),
            ("fd.type", "ipv4"),
            ("fd.typechar", "4"),
            ("fd.l4proto", "tcp"),
            ("fd.ip", &["10.1.2.3 ", address].concat()),
            ("fd.net", &["10.1.2.3 ", address].concat()),
            ("fd.port", &["51000 ", port].concat()),
            ("fd.cip", "10.1.2.3"),
            ("fd.cport", "51000"),
            ("fd.sip", address),
            ("fd.sport", port),
            ("fd.snet", address),
            ("fd.sip.name", name),
        ]);
    }

    fn command(&mut self, words: &[&str]) {
        let Some((program, arguments)) = words.split_first() else { return };
        // The kernel keeps 15 bytes of a name.
        let name = program.get(..15).unwrap_or(program);
        self.set_all(&[
            ("proc.name", name),
            ("proc.exe", program),
            ("proc.exepath", &["/usr/bin/", program].concat()),
            ("proc.args", &arguments.join(" ")),
            ("proc.cmdline", &words.join(" ")),
        ]);
    }
}

/// A value in the form of its field's type.
fn push_value(out: &mut String, name: &str, value: &str) {
    let plain = fields::find(name).is_some_and(|field| matches!(field.value.family(), Family::Number | Family::Bool));
    if plain {
        out.push_str(value);
    } else {
        quote(out, value);
    }
}

/// Adds a text as a JSON string; there are no control characters in ours.
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        if matches!(letter, '"' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('"');
}
