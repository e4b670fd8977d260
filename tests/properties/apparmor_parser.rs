//! Profiles made at random, read by us and by the `apparmor_parser` of this machine, which must agree on which of them it
//! accepts. Without that program there is nothing to compare with, and the test says so.
//!
//! Only words that version 3.0 knows are used; where a newer parser answers differently from 3.0 on purpose, nothing is
//! made. `WATERTIGHT_CASES` says how many profiles to make, `WATERTIGHT_SEED` where to begin.
#![allow(clippy::print_stdout, reason = "a test that reports to whoever runs it")]

use std::fmt::Write as _;
use std::process::ExitCode;

use watertight_apparmor::{Found, Includes, Presence, resolve};
use watertight_tests::Dice;
use watertight_tests::parser::{self, changed};

/// Nothing is included.
struct Nothing;

impl Includes for Nothing {
    fn find(&self, _: &str, _: bool) -> Found<'_> {
        Found::Missing
    }

    fn abi(&self, _: &str, _: bool) -> Presence {
        Presence::Missing
    }
}

const PATHS: &[&str] = &[
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/a/*",
    "/a/**",
    "/**",
    "/a{b,c}",
    "/a{b,}",
    "/a{b}",
    "/a[^b]",
    "/a[]",
    "/a[b",
    "/a]b",
    "/a{b,c",
    "/a}b",
    "/{,**}",
    "\"/a b\"",
    "/a\\ b",
    "/a\\*b",
    "/a\\,b",
    "/a,b",
    "@{X}",
    "@{X}/a",
    "/@{X}/b",
    "@{UNDECLARED}/x",
    "/a//b",
    "//a",
    "a",
    "\"a\"",
    "/a\\",
    "/a?b",
    "/a{b,{c,d}}",
    "/a[a-z]",
    "/a[z-a]",
    "/a[-a]",
    "/a=b",
    "/a(b)",
    "/a:b",
    "/a+b",
    "/a#b",
    "/\\101",
    "/a[[]b",
    "/a[]]b",
    "/a[^]",
    "/a{,}",
    "/a\\[b",
    "/é",
    "/a[b,c]",
    "/a\"b",
    "/a!b",
    "/a{a\\,b}",
    "/a{\\,,b}",
    "@X/a",
    "@{X",
    "/a@{X}",
    "@{X}{a,b}",
    "/[a\\]b]",
];
const LETTERS: &[&str] = &[
    "r", "w", "a", "l", "k", "m", "x", "ix", "px", "Px", "cx", "Cx", "ux", "Ux", "pix", "Cix", "PUx", "cux", "R", "X",
    "p", "i", "e",
];
const PREFIXES: &[&str] = &[
    "",
    "",
    "",
    "",
    "deny ",
    "audit ",
    "audit deny ",
    "owner ",
    "allow ",
    "deny owner ",
    "owner deny ",
    "deny audit ",
    "deny deny ",
];
const CAPABILITIES: &[&str] =
    &["chown", "net_admin", "sys_admin", "CAP_CHOWN", "Kill", "kill", "mac_admin", "nothing", "bpf"];
const FAMILIES: &[&str] =
    &["inet", "inet6", "unix", "netlink", "packet", "alg", "bluetooth", "inet7", "unspec", "raw", "local"];
const TYPES: &[&str] =
    &["stream", "dgram", "raw", "seqpacket", "rdm", "packet", "tcp", "udp", "icmp", "dccp", "strange"];
const SIGNALS: &[&str] =
    &["hup", "kill", "term", "rtmin+1", "rtmin+33", "exists", "lost", "chld", "cld", "HUP", "rtmin+", "rtmin"];
const OPTIONS: &[&str] =
    &["ro", "nosuid", "bind", "rbind", "remount", "move", "noexec", "relatime", "strange", "noatime", "B", "dirsync"];
const LABELS: &[&str] =
    &["unconfined", "/usr/bin/a", "a//b", ":ns:a", "\"a b\"", "a*", "{a,b}", "{a", "@{X}", "@{NO}", "a=b"];
const FLAGS: &[&str] = &[
    "complain",
    "enforce",
    "audit",
    "attach_disconnected",
    "mediate_deleted",
    "chroot_relative",
    "namespace_relative",
    "no_attach_disconnected",
    "delegate_deleted",
    "unconfined",
    "kill",
    "strange",
    "chroot_attach",
    "chroot_no_attach",
];
const NAMES: &[&str] = &[
    "a",
    "/a",
    "/a/**",
    "profile b",
    "profile c /x",
    "profile d /x{a,b}",
    "profile \"e f\" /x",
    "/g{a,b}",
    "profile h @{X}",
    ":n:i",
    "profile :n:j",
    ":n",
    "profile k x",
    "/l{a}",
    "profile m {,",
    "hat n",
    "^o",
    "profile",
    "&p",
    "profile &q",
    "profile r//s",
    "@{X}",
];

fn rule(dice: &mut Dice) -> String {
    let path = |dice: &mut Dice| dice.pick(PATHS).to_owned();
    let perms = |dice: &mut Dice| dice.some(LETTERS, 3, &[""]);
    let prefix = dice.pick(PREFIXES);
    let body = match dice.roll(24) {
        0..=4 => format!("{} {}", path(dice), perms(dice)),
        5 => format!("{} {}", perms(dice), path(dice)),
        6 => format!("file {} {}", path(dice), perms(dice)),
        // Version 3.0 takes a plain `x` with a target.
        7 => format!("{} {}ix -> {}", path(dice), perms(dice), dice.pick(LABELS)),
        8 => format!("{}ix {} -> {}", perms(dice), path(dice), dice.pick(LABELS)),
        9 => format!("{} {} {}", dice.pick(&["safe", "unsafe"]), path(dice), perms(dice)),
        10 => format!("link {}{} -> {}", dice.pick(&["", "subset "]), path(dice), path(dice)),
        11 => format!("capability {}", dice.some(CAPABILITIES, 3, &[" "])),
        12 => format!("network {} {}", dice.pick(FAMILIES), dice.pick(TYPES)),
        13 => format!("network {}", dice.pick(&["inet", "tcp", "raw", "packet", "all", "unix", ""])),
        14 => format!(
            "signal {} {}{}",
            dice.pick(&["", "send", "(send, receive)", "(send receive)", "r", "rw", "read", "trace", "()"]),
            if dice.often(3) { format!("set=({}) ", dice.some(SIGNALS, 3, &[" ", ", ", ","])) } else { String::new() },
            if dice.often(3) { format!("peer={}", dice.pick(LABELS)) } else { String::new() },
        ),
        15 => format!(
            "ptrace {} {}",
            dice.pick(&["", "trace", "(read, tracedby)", "readby", "w", "rw", "(trace", "send"]),
            if dice.often(3) { format!("peer={}", dice.pick(LABELS)) } else { String::new() },
        ),
        16..=17 => mount(dice),
        18 => format!(
            "pivot_root {}{}{}",
            dice.pick(&["", "oldroot=/a ", "old=/a "]),
            path(dice),
            dice.pick(&["", " -> b"])
        ),
        19 => format!(
            "unix {} {}{}{}",
            dice.pick(&["", "send", "(bind, listen)", "(connect receive)", "rw", "create", "trace"]),
            dice.pick(&["", "type=stream ", "type=(stream) ", "type=strange ", "protocol=0 "]),
            dice.pick(&["", "addr=@a ", "addr=none ", "addr=/a ", "addr=@a{b ", "label=a "]),
            dice.pick(&[
                "",
                "peer=(label=a)",
                "peer=(addr=@b label=c)",
                "peer=(type=stream)",
                "peer=a",
                "peer=(addr=@b,label=c)"
            ]),
        ),
        20 => format!(
            "dbus {} {}{}{}",
            dice.pick(&["", "send", "bind", "(send, receive)", "eavesdrop", "rw", "own"]),
            dice.pick(&["", "bus=system ", "bus=session bus=system ", "bus=(a b) "]),
            dice.pick(&["", "path=/a ", "name=a.b ", "interface=a member=b ", "label=a ", "strange=a "]),
            dice.pick(&["", "peer=(name=a)", "peer=(label=b)", "peer=(name=a label=b)", "peer=()"]),
        ),
        21 => format!(
            "set rlimit {} <= {}{}",
            dice.pick(&["nofile", "cpu", "nice", "fsize", "as", "rttime", "core", "none", "nproc"]),
            dice.pick(&["0", "10", "-5", "infinity", "1M", "20", "010", "99999999999999999999"]),
            dice.pick(&["", "", "K", "MB", "GB", "s", "ms", "hours", "kB", "B", "us", " seconds", " M"]),
        ),
        22 => format!(
            "change_profile {}{}{}",
            dice.pick(&["", "safe ", "unsafe "]),
            if dice.often(2) { path(dice) } else { String::new() },
            if dice.often(3) { format!(" -> {}", dice.pick(LABELS)) } else { String::new() },
        ),
        _ => dice
            .pick(&["file", "capability", "network", "deny", "", "/a r /b", "mount", "$x=true", "/a r,\n  /a px"])
            .to_owned(),
    };
    let end = if dice.often(40) { "," } else { "" };
    format!("{prefix}{body}{end}")
}

fn mount(dice: &mut Dice) -> String {
    let call = dice.pick(&["mount", "mount", "mount", "remount", "umount"]);
    let mut rule = format!("{call} ");
    if call == "mount" && dice.often(2) {
        let _ = write!(rule, "fstype={} ", dice.pick(&["ext4", "(ext4, xfs)", "\"a b\"", "{a,b}", "{a"]));
    }
    if dice.often(3) {
        let _ = write!(rule, "options=({}) ", dice.some(OPTIONS, 3, &[", "]));
    }
    if dice.often(3) {
        rule.push_str(dice.pick(PATHS));
    }
    // A new parser takes a remount of two paths for none.
    if !rule.contains("remount") && dice.often(2) {
        let _ = write!(rule, " -> {}", dice.pick(PATHS));
    }
    rule
}

fn profile(dice: &mut Dice) -> String {
    let mut text = String::new();
    if dice.often(4) {
        text.push_str(dice.pick(&[
            "@{X}=/x\n",
            "@{X} = /x /y/ \"a b\"\n",
            "@{X}=/x\n@{X}+=/y\n",
            "@{X}=/x # c\n",
            "@{X}=a{b,c}\n",
        ]));
    }
    if dice.roll(12) == 0 {
        text.push_str(dice.pick(&[
            "@{X}+=/x\n",
            "@{X}=\n",
            "@{X}=a,\n",
            "@{X}=@{X}\n",
            "$b=true\n",
            "$b=yes\n",
            "alias /a -> /b,\n",
            "alias /a /b,\n",
            "@{Y}=@{Z}\n",
            "@{X}=a\n@{X}=b\n",
            "@{1}=a\n",
            "@X=a\n",
        ]));
    }
    let name = if dice.often(3) { "profile x" } else { dice.pick(NAMES) };
    let flags =
        if dice.often(3) { String::new() } else { format!("flags=({}) ", dice.some(FLAGS, 3, &[",", " ", ", "])) };
    let _ = writeln!(text, "{name} {flags}{{");
    for _ in 0..1 + dice.roll(3) {
        let _ = writeln!(text, "  {}", rule(dice));
    }
    if dice.roll(8) == 0 {
        let inner = rule(dice);
        let _ = writeln!(
            text,
            "  {} {{\n    {inner}\n  }}",
            dice.pick(&[
                "^hat",
                "hat h",
                "profile child",
                "profile child /c",
                "hat",
                "^",
                "profile c2 flags=(complain)"
            ])
        );
    }
    text.push_str(if dice.often(60) { "}\n" } else { "" });
    text
}

/// What the parser of this machine says: whether it accepts, and its last words.
fn theirs(text: &str, features: &str) -> Option<(bool, String)> {
    parser::ask(text, &["-M", features])
}

/// Words that version 3.0 does not know, or reads otherwise.
const NEWER: &[&str] = &[
    ":",
    "priority",
    "all",
    "userns",
    "mqueue",
    "io_uring",
    "interface",
    "ip=",
    "port=",
    "identities",
    "prompt",
    "include",
    "abi",
    "other",
    "if ",
    "?=",
    ":=",
    "options",
    "remount",
    "kill",
    "error=",
    "attach",
    "network",
    "defined",
    "interruptible",
    "debug",
    "default_allow",
    "x ->",
    "X ->",
    "chroot",
    "#",
    "ipc",
];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// The parser's own tests that this one judges as the newest does.
fn bases(features: &str) -> Vec<String> {
    let Some(root) = watertight_tests::corpus() else { return Vec::new() };
    let table = std::fs::read_to_string(root.join("apparmor/exresult.tsv")).unwrap_or_default();
    let mut bases = Vec::new();
    for (place, row) in table.lines().enumerate().skip(1) {
        let path = row.split('\t').next().unwrap_or_default();
        let Ok(text) = std::fs::read_to_string(root.join("apparmor").join(path)) else { continue };
        let body: String = text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect();
        // The tests repeat themselves; a part of them will do.
        if place % 4 != 0 || body.len() > 2000 || NEWER.iter().any(|word| body.contains(word)) {
            continue;
        }
        if theirs(&body, features).is_some_and(|(accepted, _)| accepted == resolve(&body, &Nothing).refusals.is_empty())
        {
            bases.push(body);
        }
    }
    bases
}

fn main() -> ExitCode {
    let features = watertight_tests::corpus().map(|root| root.join("apparmor/features/features.all"));
    let Some(features) = features.filter(|path| path.exists()) else {
        println!("apparmor-parser skipped, no corpus");
        return ExitCode::SUCCESS;
    };
    let features = features.to_string_lossy().into_owned();
    if theirs("profile a {\n}\n", &features).is_none_or(|(accepted, _)| !accepted) {
        println!("apparmor-parser skipped, there is no apparmor_parser");
        return ExitCode::SUCCESS;
    }
    let (first, cases) = (number("WATERTIGHT_SEED", 1), number("WATERTIGHT_CASES", 300));
    let bases = bases(&features);
    let (mut agreed, mut total) = (0, 0);
    let mut differ = Vec::new();
    for seed in first..first + cases {
        let mut dice = Dice::new(seed);
        let text = match bases.get(dice.roll(bases.len())) {
            Some(base) if seed % 2 == 0 => changed(&mut dice, base),
            _ => profile(&mut dice),
        };
        if seed % 2 == 0 && NEWER.iter().any(|word| text.contains(word)) {
            continue;
        }
        let resolved = resolve(&text, &Nothing);
        let Some((accepted, said)) = theirs(&text, &features) else { continue };
        total += 1;
        if accepted == resolved.refusals.is_empty() {
            agreed += 1;
        } else {
            let ours = resolved.refusals.first().map_or("accepted", |refusal| &refusal.message);
            let said = if accepted { "accepted" } else { &said };
            differ.push(format!("seed {seed}\n{text}  ours:   {ours}\n  theirs: {said}"));
        }
    }
    println!("apparmor-parser {agreed}/{total}");
    for case in differ.iter().take(400) {
        println!("{case}");
    }
    if differ.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
