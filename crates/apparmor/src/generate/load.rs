//! How a profile gets to the node, and how a workload asks for it.

use std::fmt::Write;

use watertight_diagnostic::KubeVersion;
use watertight_knowledge::annotation;
use watertight_pod::Syntax;

use crate::decide::{Compiled, Operation};
use crate::glob::{Answer, Effort, Glob, Universe, overlap};
use crate::names::network::has;
use crate::policy::Profile;
use crate::resolve::resolve;
use crate::shipped::Shipped;
use crate::tree::{Action, FileRule, Perms, RuleKind};

/// What to type on a node.
pub fn on_node(profile: &str) -> String {
    let name = quoted_for_shell(profile);
    [
        "# On every node that may run it, as root. The file may have any name; what counts is the name in it.\n",
        "install -m 0644 ",
        &name,
        " /etc/apparmor.d/",
        &name,
        "\napparmor_parser --replace --write-cache /etc/apparmor.d/",
        &name,
        "\n# Is it there, and does it enforce?\naa-status | grep -F ",
        &name,
        "\n",
    ]
    .concat()
}

/// What makes a workload ask for the profile, in its own syntax.
pub fn in_workload(syntax: Syntax, profile: &str, container: &str, version: KubeVersion) -> String {
    let quoted = scalar(profile);
    match syntax {
        Syntax::Kubernetes if version.at_least(30) => [
            "# In the container, or once in the pod for all of them\nsecurityContext:\n  appArmorProfile:\n    type: Localhost\n    localhostProfile: ",
            &quoted,
            "\n",
        ]
        .concat(),
        Syntax::Kubernetes => [
            "# In the pod, or in the template of one\nmetadata:\n  annotations:\n    ",
            annotation::APPARMOR_OF_CONTAINER,
            container,
            ": ",
            &scalar(&["localhost/", profile].concat()),
            "\n",
        ]
        .concat(),
        Syntax::Run(engine) => {
            [engine.program(), " run --security-opt ", &quoted_for_shell(&["apparmor=", profile].concat()), " …\n"].concat()
        }
        Syntax::Compose => {
            ["# In the service\nsecurity_opt:\n  - ", &scalar(&["apparmor=", profile].concat()), "\n"].concat()
        }
        Syntax::Oci => ["{ \"process\": { \"apparmorProfile\": ", &json(profile), " } }\n"].concat(),
    }
}

/// A scalar of YAML: plain where that is safe.
fn scalar(text: &str) -> String {
    let mut bytes = text.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let plain = bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'='));
    let word =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if first && plain && !word { text.to_owned() } else { json(text) }
}

/// A string of JSON, which YAML takes as well.
fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Writing to a String cannot fail.
            c if c.is_control() => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn quoted_for_shell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
    if text.bytes().all(plain) { text.to_owned() } else { ["'", &text.replace('\'', "'\\''"), "'"].concat() }
}

/// The profile as an object of the Security Profiles Operator.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Object {
    /// The object.
    pub text: String,
    /// What its lists cannot say, as sentences.
    pub misses: Vec<String>,
}

/// Says in the lists of the Security Profiles Operator what a profile allows. The operator writes a profile from them on
/// every node; what it adds by itself (`abstractions/base`, its own denies) is in [`crate::spo`].
pub fn as_object(name: &str, text: &str) -> Object {
    let resolved = resolve(text, &Shipped);
    let Some(profile) = resolved.policy.profiles.first() else { return Object::default() };
    let compiled = Compiled::new(&resolved.policy, profile);
    let mut lists = Lists::default();
    lists.files(profile);
    let asked = |operation: Operation| compiled.decide(&resolved.policy, profile, &operation).allowed();
    let network = |family: &str, kind: &str| {
        has(family, kind)
            && asked(Operation::Network { family: family.to_owned(), kind: kind.to_owned(), access: None })
    };
    let complain = profile.flags.iter().any(|flag| flag.value == "complain");
    let mut out = [
        "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata:\n  name: ",
        &scalar(name),
        "\nspec:\n",
        if complain { "  mode: Complain\n" } else { "  mode: Enforce\n" },
        "  abstract:\n",
    ]
    .concat();
    lists.write(&mut out);
    out.push_str("    network:\n");
    out.push_str(if network("inet", "raw") { "      allowRaw: true\n" } else { "      allowRaw: false\n" });
    out.push_str("      allowedProtocols:\n");
    for (key, kind) in [("allowTcp", "stream"), ("allowUdp", "dgram")] {
        let allowed = if network("inet", kind) { "true" } else { "false" };
        out.push_str(&["        ", key, ": ", allowed, "\n"].concat());
    }
    capabilities(profile, &mut out);
    let mut misses = lists.misses;
    let has_kind = |fits: fn(&RuleKind) -> bool| profile.rules.iter().any(|rule| fits(&rule.rule.kind));
    if has_kind(|kind| matches!(kind, RuleKind::Signal(_))) {
        misses.push("It has no list for signals; what its `abstractions/base` allows has to do.".to_owned());
    }
    if has_kind(|kind| matches!(kind, RuleKind::Mount(_) | RuleKind::PivotRoot(_))) {
        misses.push("It has no list for mounts, and denies them.".to_owned());
    }
    if has_kind(|kind| matches!(kind, RuleKind::Dbus(_) | RuleKind::Userns(_) | RuleKind::ChangeProfile(_))) {
        misses.push("It has no list for D-Bus, user namespaces and changes of profile.".to_owned());
    }
    if !compiled.problems.is_empty() {
        misses.push("A pattern is too large to be taken over.".to_owned());
    }
    Object { text: out, misses }
}

fn capabilities(profile: &Profile, out: &mut String) {
    let mut names: Vec<String> = Vec::new();
    for rule in profile.rules.iter().filter(|rule| rule.rule.prefix.action != Action::Deny) {
        let RuleKind::Capability(written) = &rule.rule.kind else { continue };
        let all =
            || watertight_knowledge::capability::all().iter().map(|known| known.name.to_ascii_lowercase()).collect();
        let own: Vec<String> =
            if written.is_empty() { all() } else { written.iter().map(|name| name.value.clone()).collect() };
        names.extend(own);
    }
    if names.is_empty() {
        return;
    }
    out.push_str("    capability:\n      allowedCapabilities:\n");
    for name in names {
        out.push_str(&["        - ", &name, "\n"].concat());
    }
}

/// Paths by what the operator makes of them.
#[derive(Default)]
struct Lists {
    executables: Vec<String>,
    libraries: Vec<String>,
    read: Vec<String>,
    write: Vec<String>,
    both: Vec<String>,
    misses: Vec<String>,
}

impl Lists {
    fn files(&mut self, profile: &Profile) {
        let mut denies = false;
        let mut reads = Vec::new();
        for rule in &profile.rules {
            let RuleKind::File(file) = &rule.rule.kind else { continue };
            if rule.rule.prefix.action == Action::Deny {
                denies = true;
                continue;
            }
            for path in paths(file) {
                if file.perms.has(Perms::EXEC) {
                    self.executables.push(path.clone());
                }
                if file.perms.has(Perms::MAP) {
                    self.libraries.push(path.clone());
                }
                match (file.perms.has(Perms::READ), file.perms.meets(Perms::WRITE.with(Perms::APPEND))) {
                    (true, true) => self.both.push(path),
                    (false, true) => self.write.push(path),
                    (true, false) if !file.perms.has(Perms::MAP) => reads.push(path),
                    _ => {}
                }
            }
        }
        // The operator denies writing to what may only be read, so a path that meets a writable one would eat it. A list
        // without such a deny is that of libraries.
        let writable: Vec<Glob> =
            self.both.iter().chain(&self.write).filter_map(|path| Glob::path(path.as_bytes()).ok()).collect();
        let mut effort = Effort::of_profile();
        let mut overlaps = |one: &Glob, other: &Glob| overlap(one, other, Universe::Paths, &mut effort) != Answer::No;
        for path in reads {
            let meets =
                Glob::path(path.as_bytes()).is_ok_and(|glob| writable.iter().any(|other| overlaps(&glob, other)));
            if meets { self.libraries.push(path) } else { self.read.push(path) }
        }
        if denies {
            let note =
                "It has no list of what is denied: the rules with `deny` are left out, and its own take their place.";
            self.misses.push(note.to_owned());
        }
    }

    fn write(&self, out: &mut String) {
        section(out, "executable", &[("allowedExecutables", &self.executables), ("allowedLibraries", &self.libraries)]);
        section(
            out,
            "filesystem",
            &[("readOnlyPaths", &self.read), ("writeOnlyPaths", &self.write), ("readWritePaths", &self.both)],
        );
    }
}

fn section(out: &mut String, name: &str, lists: &[(&str, &Vec<String>)]) {
    if lists.iter().all(|(_, paths)| paths.is_empty()) {
        return;
    }
    out.push_str(&["    ", name, ":\n"].concat());
    for (list, paths) in lists.iter().filter(|(_, paths)| !paths.is_empty()) {
        out.push_str(&["      ", list, ":\n"].concat());
        for path in *paths {
            out.push_str(&["        - ", &json(path), "\n"].concat());
        }
    }
}

fn paths(file: &FileRule) -> Vec<String> {
    match &file.path {
        None => vec!["/".to_owned(), "/**".to_owned()],
        // The operator puts quotes round a path with blanks, and a quote within would end them.
        Some(path) => vec![path.value.replace('"', "\\042").replace(' ', "\\040").replace('\t', "\\011")],
    }
}
