//! The parts of a profile, each with a comment that says why it is there.

use super::{Facts, Features, LeftOut, MountPoint, Strictness, Wish, pattern};

/// Mounts that are taken over. A pod with more than these is no pod.
const MOST_MOUNTS: usize = 300;
/// Capabilities in one line.
const IN_A_LINE: usize = 6;

/// A profile before it is written.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) head: String,
    pub(super) sections: Vec<Section>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Rules with what there is to say about them.
#[derive(Debug)]
pub(super) struct Section {
    comment: &'static str,
    pub(super) rules: Vec<Line>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) rule: String,
    /// Whether the user asked for it, so that it stays whatever we think of it.
    pub(super) own: bool,
}

impl Draft {
    /// The text, and for each rule the section and the place in it, by the number of the line from 0.
    pub(super) fn write(&self) -> (String, Vec<Option<(usize, usize)>>) {
        let mut text = self.head.clone();
        let mut lines: Vec<Option<(usize, usize)>> = vec![None; text.matches('\n').count()];
        for (place, section) in self.sections.iter().enumerate() {
            if place > 0 {
                text.push('\n');
                lines.push(None);
            }
            for line in section.comment.lines() {
                text.push_str(&["  # ", line, "\n"].concat());
                lines.push(None);
            }
            for (rule, line) in section.rules.iter().enumerate() {
                text.push_str(&["  ", &line.rule, "\n"].concat());
                lines.push(Some((place, rule)));
            }
        }
        text.push_str("}\n");
        (text, lines)
    }
}

pub(super) fn draft(wish: &Wish<'_>) -> Draft {
    let mut writer = Writer { wish, facts: wish.facts, sections: Vec::new(), left_out: Vec::new() };
    match wish.strictness {
        Strictness::Familiar => writer.familiar_files(),
        Strictness::Careful => writer.careful_files(),
        Strictness::Tight => writer.tight_files(),
    }
    writer.network();
    writer.capabilities();
    writer.tasks();
    writer.own_needs();
    let Writer { sections, left_out, .. } = writer;
    Draft { head: head(wish), sections, left_out }
}

fn head(wish: &Wish<'_>) -> String {
    let meant = match wish.strictness {
        Strictness::Familiar => {
            "# As much as the runtime's own default profile leaves, without its holes below /proc and /sys.\n"
        }
        Strictness::Careful => {
            "# Every file may be read and every program of the image started. Written is only where the pod lets it.\n"
        }
        Strictness::Tight => {
            "# Only what the pod names and what every program needs. Load it with `complain` first and see what is missing.\n"
        }
    };
    let abi = match features(wish) {
        Features::V3 => "abi <abi/3.0>,\n",
        Features::V4 => "abi <abi/4.0>,\n",
    };
    let complain = if wish.complain { "complain," } else { "" };
    let name = quoted(&wish.facts.profile);
    [
        "# AppArmor profile for ",
        &wish.facts.title,
        ".\n",
        meant,
        "# What no rule allows is refused, and a `deny` beats every other rule, wherever it stands.\n\n",
        "# The kinds of rules that are enforced; without this line it depends on the node.\n",
        abi,
        "\n# Files that are handed in from outside or deleted while open keep a path (attach_disconnected, mediate_deleted).\n",
        if wish.complain { "# complain: what no rule allows is only logged. Take it away when the log stays empty.\n" } else { "" },
        "profile ",
        &name,
        " flags=(",
        complain,
        "attach_disconnected,mediate_deleted) {\n",
    ]
    .concat()
}

/// The feature set: what the user needs may be newer than what they asked for.
fn features(wish: &Wish<'_>) -> Features {
    let newer = |rule: &str| ["userns", "io_uring", "mqueue"].iter().any(|word| rule.starts_with(word));
    if wish.needs.iter().any(|need| newer(&need.rule)) { Features::V4 } else { wish.features }
}

/// A name as it has to be written. [`Facts`] lets nothing in that would end a string.
fn quoted(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if plain { name.to_owned() } else { ["\"", name, "\""].concat() }
}

struct Writer<'w> {
    wish: &'w Wish<'w>,
    facts: &'w Facts,
    sections: Vec<Section>,
    left_out: Vec<LeftOut>,
}

impl Writer<'_> {
    fn section(&mut self, comment: &'static str, rules: impl IntoIterator<Item = String>) {
        let rules: Vec<Line> = rules.into_iter().map(|rule| Line { rule, own: false }).collect();
        if !rules.is_empty() {
            self.sections.push(Section { comment, rules });
        }
    }

    fn plain(&mut self, comment: &'static str, rules: &[&str]) {
        self.section(comment, rules.iter().map(|&rule| rule.to_owned()));
    }

    fn familiar_files(&mut self) {
        self.plain("Files: what their owner and mode allow, AppArmor allows too.", &["file,"]);
        self.plain(KERNEL, KERNEL_RULES);
        let closed = self.closed_mounts();
        self.section(
            "These lead out of the container, so they stay closed although the pod mounts them.",
            closed.into_iter().map(|path| ["audit deny ", &path, "{,/**} rwklx,"].concat()),
        );
    }

    fn careful_files(&mut self) {
        self.plain(
            "Read everything, start every program under this same profile (ix), and map it and its libraries as code (m).",
            &["/ r,", "/** rkmix,"],
        );
        self.plain(
            "But not the memory of the kernel and what it shows about the machine. The runtime hides most of it; this also\n\
             holds where it does not.",
            &["deny /proc/{kcore,kmem,mem} rkmx,", KERNEL_SHOWS],
        );
        self.plain(DEVICES, DEVICE_RULES);
        self.plain(OWN_PROCESS, OWN_PROCESS_RULES);
        self.writable_mounts("rwkl");
        if !self.facts.read_only_root {
            self.plain(
                "What runs the node's containers stays closed, even when somebody mounts it some day.",
                &[
                    "audit deny /{,var/}run/{buildkit,containerd,crio,docker.sock,podman,k3s}{,/**} rwklmx,",
                    "audit deny /var/lib/{containerd,containers,docker,kubelet}/** rwklmx,",
                ],
            );
            self.plain(
                "The image can be written to, so the usual places for changing data are open. With a read-only root\n\
                 (readOnlyRootFilesystem: true) and a volume for each of them you close the rest for certain.",
                &[USUAL_WRITABLE],
            );
        }
        let mounts = self.mounts(true).map(|mount| ["audit deny ", &below(mount), " mx,"].concat());
        let mounts: Vec<String> = mounts.collect();
        self.section(
            "What can be written there is not started from there: a dropped program stays a file. `audit` logs each try,\n\
             which a deny alone does not. Take `m` away if a program unpacks libraries there, as some in Java do.",
            mounts,
        );
        self.closed_mounts_as_deny();
    }

    fn tight_files(&mut self) {
        let (programs, known) = programs(self.facts.program.as_deref());
        if known {
            self.section(
                "The program that the pod starts. AppArmor sees the file behind a link: name that one.",
                programs,
            );
        } else {
            self.section(
                "The pod does not say which program it starts (that is in the image), so those in the usual folders may.\n\
                 Name yours in their place.",
                programs,
            );
        }
        self.plain(
            "Libraries and the loader, mapped as code (m).",
            &["/{,usr/,usr/local/}lib{,32,64,x32,exec}/** rm,"],
        );
        self.plain(
            "What the image brings along for reading. The passwords of its users are nobody's business.",
            &["/ r,", "/{app,etc,opt,srv,usr}/{,**} r,", "audit deny /etc/{,g}shadow{,-} r,"],
        );
        self.plain(DEVICES, DEVICE_RULES);
        self.plain(OWN_PROCESS, OWN_PROCESS_RULES);
        self.plain(
            "What programs ask the kernel about: processors, memory, limits, their own process.",
            &[
                "/proc/{,cgroups,cpuinfo,filesystems,loadavg,meminfo,stat,uptime,version} r,",
                "/proc/sys/{fs,kernel,net,vm}/** r,",
                "owner /proc/[0-9]*/{,**} r,",
                "/sys/{devices/system/{cpu,node},fs/cgroup,kernel/mm}/{,**} r,",
            ],
        );
        self.writable_mounts("rwkl");
        let rules: Vec<String> = self.mounts(false).map(|mount| [&below(mount), " rk,"].concat()).collect();
        self.section("What the pod mounts for reading.", rules);
        self.closed_mounts_as_deny();
    }

    fn writable_mounts(&mut self, letters: &str) {
        let mounts = self.mounts(true).map(|mount| [&below(mount), " ", letters, ","].concat());
        let devices = self.facts.devices.iter().map(|device| [&pattern::of_path(device), " rw,"].concat());
        let rules: Vec<String> = mounts.chain(devices).collect();
        self.section(
            "Written is where the pod mounts something to write to: read, write, lock and link (rwkl).",
            rules,
        );
    }

    /// What is mounted and not left closed, writable or not.
    fn mounts(&self, writable: bool) -> impl Iterator<Item = &MountPoint> {
        let fits =
            move |mount: &&MountPoint| mount.closed.is_none() && !is_kernels(&mount.path) && mount.writable == writable;
        self.facts.mounts.iter().filter(fits).take(MOST_MOUNTS)
    }

    /// The mounts that stay closed, as patterns; the user is told.
    fn closed_mounts(&mut self) -> Vec<String> {
        let mut paths = Vec::new();
        for mount in self.facts.mounts.iter().take(MOST_MOUNTS) {
            let why = match &mount.closed {
                Some(why) => [why.as_str(), ". It stays closed; add a rule yourself if that is meant."].concat(),
                None if is_kernels(&mount.path) && mount.writable => {
                    "The kernel is steered there. It stays closed for writing; add a rule yourself if that is meant."
                        .to_owned()
                }
                None => continue,
            };
            if mount.closed.is_some() {
                paths.push(pattern::of_path(&mount.path));
            }
            self.left_out.push(LeftOut { what: mount.path.clone(), why });
        }
        paths
    }

    fn closed_mounts_as_deny(&mut self) {
        let closed = self.closed_mounts();
        let rules: Vec<String> =
            closed.into_iter().map(|path| ["audit deny ", &path, "{,/**} rwklmx,"].concat()).collect();
        self.section("These lead out of the container, so they stay closed although the pod mounts them.", rules);
    }

    fn network(&mut self) {
        match self.wish.strictness {
            Strictness::Familiar => self.plain(
                "Sockets of every kind, but not those of the kernel's cryptography, which seccomp cannot always see.",
                &["network,", "deny network alg,"],
            ),
            Strictness::Careful => self.plain(
                "TCP, UDP and sockets within the container; netlink tells a program its addresses. No raw packets.",
                &[
                    "network inet stream,",
                    "network inet dgram,",
                    "network inet6 stream,",
                    "network inet6 dgram,",
                    "network netlink raw,",
                    "network unix,",
                ],
            ),
            Strictness::Tight if self.facts.ports.is_empty() => self.plain(
                "The pod lists no port, so it gets sockets within the container only. For a program that calls others add\n\
                 `network inet stream,` and, to look up their names, `network inet dgram,`.",
                &["network unix,"],
            ),
            Strictness::Tight => self.plain(
                "The pod lists ports: TCP, and UDP to look up names. AppArmor of this version does not tell ports apart.",
                &[
                    "network inet stream,",
                    "network inet dgram,",
                    "network inet6 stream,",
                    "network inet6 dgram,",
                    "network netlink raw,",
                    "network unix,",
                ],
            ),
        }
    }

    fn capabilities(&mut self) {
        let low_port = self.facts.ports.iter().any(|port| *port < 1024);
        let tight =
            |name: &String| self.facts.asked_capabilities.contains(name) || (low_port && name == "net_bind_service");
        let all = self.facts.all_capabilities && self.wish.strictness != Strictness::Tight;
        let names: Vec<&str> = match self.wish.strictness {
            _ if all => Vec::new(),
            Strictness::Tight => {
                self.facts.capabilities.iter().filter(|name| tight(name)).map(String::as_str).collect()
            }
            _ => self.facts.capabilities.iter().map(String::as_str).collect(),
        };
        if all {
            return self.plain(
                "The pod has every capability, which is root on the node but for its namespaces. Drop them there first.",
                &["capability,"],
            );
        }
        let rules: Vec<String> =
            names.chunks(IN_A_LINE).map(|some| ["capability ", &some.join(" "), ","].concat()).collect();
        let comment = match (self.wish.strictness, self.facts.not_root) {
            (Strictness::Tight, _) => {
                "Capabilities that the pod asks for by name, and that of ports below 1024. A rule gives none: the\n\
                 container has to have it as well."
            }
            (_, true) => {
                "Capabilities that the container may have. It does not run as root, so it seldom has use for them."
            }
            _ => {
                "Capabilities that the pod leaves to the container. A rule gives none: the pod decides, this only limits."
            }
        };
        self.section(comment, rules);
    }

    fn tasks(&mut self) {
        let own = pattern::escaped(&self.facts.profile);
        self.section(
            "Signals: from the runtime, so that the container can be stopped, and among its own processes.",
            [
                "signal (receive) peer=unconfined,".to_owned(),
                "signal (receive) peer={runc,crun,podman},".to_owned(),
                "signal (receive) peer=/usr/{bin,sbin}/{runc,crun*,podman},".to_owned(),
                ["signal (send, receive) peer=", &own, ","].concat(),
            ],
        );
        match self.wish.strictness {
            Strictness::Familiar => self.section(
                "Debuggers within the container. Mounts need no rule: without one they are refused.",
                [["ptrace (trace, read, tracedby, readby) peer=", &own, ","].concat()],
            ),
            Strictness::Careful | Strictness::Tight => self.section(
                "Tools such as ps may look at processes of the container. Mounts need no rule: without one they are refused.",
                [["ptrace (read, readby) peer=", &own, ","].concat()],
            ),
        }
        // Where the class is known, what no rule allows is refused; before, nobody is asked.
        if features(self.wish) == Features::V4 && self.wish.strictness == Strictness::Familiar {
            self.plain("User namespaces, as the runtime's own profile leaves them.", &["userns,"]);
        }
    }

    fn own_needs(&mut self) {
        let has_userns = self.sections.iter().flat_map(|section| &section.rules).any(|line| line.rule == "userns,");
        let needs = self.wish.needs.iter().filter(|need| !(has_userns && need.rule.starts_with("userns")));
        let rules: Vec<Line> = needs.map(|need| Line { rule: need.rule.clone(), own: true }).collect();
        if !rules.is_empty() {
            self.sections.push(Section { comment: "What you have added.", rules });
        }
    }
}

const KERNEL: &str = "But not what steers the node's kernel. /proc/[^0-9/]** is all of /proc except the processes, which are\n\
                      numbers. The runtime mounts most of it read-only; this also holds where it does not.";
const KERNEL_RULES: &[&str] = &[
    "deny /proc/[^0-9/]** w,",
    "deny /proc/{kcore,kmem,mem,sysrq-trigger} rklmx,",
    "deny /sys/** wklx,",
    "deny /sys/{firmware,kernel/debug,kernel/security,kernel/tracing,devices/virtual/powercap}/** r,",
];
const KERNEL_SHOWS: &str =
    "deny /sys/{firmware,kernel/debug,kernel/security,kernel/tracing,devices/virtual/powercap}/** rkmx,";
const DEVICES: &str = "Devices of every container, the terminal, and memory that processes share.";
const DEVICE_RULES: &[&str] = &[
    "/dev/{console,full,null,ptmx,random,tty,urandom,zero} rw,",
    "/dev/pts/{,*} rw,",
    "/dev/{mqueue,shm}/{,**} rwkl,",
    "/dev/termination-log rw,",
];
const OWN_PROCESS: &str = "What a program writes about itself: its name, how soon it is ended when memory runs out.";
const OWN_PROCESS_RULES: &[&str] =
    &["owner /proc/[0-9]*/{,task/[0-9]*/}{comm,coredump_filter,oom_score_adj,timerslack_ns} rw,"];
const USUAL_WRITABLE: &str = "/{home,root,run,tmp,var/{cache,lib,log,mail,run,spool,tmp}}/{,**} rwkl,";

/// Whether the kernel shows itself there.
fn is_kernels(path: &str) -> bool {
    ["/proc", "/sys"]
        .iter()
        .any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// A mount and everything in it.
fn below(mount: &MountPoint) -> String {
    let inside = if mount.maybe_file { "{,/,/**}" } else { "/{,**}" };
    [&pattern::of_path(&mount.path), inside].concat()
}

/// The programs that are started, and whether the pod names them.
fn programs(named: Option<&str>) -> (Vec<String>, bool) {
    let rule = |path: &str| [path, " rmix,"].concat();
    let Some(named) = named else {
        return (vec![rule("/{,usr/,usr/local/}{bin,sbin}/*"), rule("/{app,opt,srv}/**"), rule("/*.sh")], false);
    };
    let name = named.rsplit('/').next().unwrap_or(named);
    let mut rules = Vec::new();
    if named.starts_with('/') {
        rules.push(rule(&pattern::of_path(named)));
    }
    let is_shell = matches!(name, "sh" | "bash" | "dash" | "ash");
    if is_shell || name.ends_with(".sh") {
        // What `sh` is a link to.
        rules.push(rule("/{,usr/}bin/{ash,bash,busybox,dash,sh}"));
    }
    // Of these the usual name is a link to one with a version.
    let versioned = ["python", "perl", "ruby", "php", "lua"].iter().any(|start| name.starts_with(start));
    let star = if versioned { "*" } else { "" };
    if (!named.starts_with('/') || versioned) && !is_shell {
        let name = pattern::escaped(name);
        rules.push(rule(&["/{,usr/,usr/local/}{bin,sbin}/", &name, star].concat()));
        rules.push(rule(&["/{opt,usr/lib,usr/local/lib}/**/bin/", &name, star].concat()));
    }
    (rules, true)
}
