//! The Security Profiles Operator's `AppArmorProfile`: an object of Kubernetes that stands for a profile.
//!
//! Its `spec.abstract` lists what is allowed, and the operator writes a profile from it; older versions carried the text
//! in `spec.policy`. Here the object is turned into the profile that a node would load, and every part of that text knows
//! the value of the object that it comes from.
//!
//! Source: `internal/pkg/daemon/apparmorprofile/crd2armor` and `api/apparmorprofile` of the operator, as of its API `v1`.

use watertight_text::Span;
use watertight_yaml::Node;

/// The API group of the operator.
const GROUP: &str = "security-profiles-operator.x-k8s.io/";

/// What the operator denies in every profile that it enforces, beside what the lists say.
const ALWAYS_DENIED: &[&str] = &[
    "@{PROC}/* w",
    "@{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w",
    "@{PROC}/sys/[^k]** w",
    "@{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w",
    "@{PROC}/{sysrq-trigger,mem,kmem,kcore} rwklx",
    "mount",
    "/sys/[^f]*/** wklx",
    "/sys/f[^s]*/** wklx",
    "/sys/fs/[^c]*/** wklx",
    "/sys/fs/c[^g]*/** wklx",
    "/sys/fs/cg[^r]*/** wklx",
    "/sys/{firmware/efi/efivars,kernel/security}/** rwklx",
];

/// A profile with where its parts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FromObject {
    /// The name of the object, which is that of the profile.
    pub name: String,
    /// The text of the profile.
    pub text: String,
    /// Whether the text stands in the object as it is, as opposed to being written from lists.
    pub verbatim: bool,
    /// The bytes of the object's `spec`, or of the object when it has none.
    pub span: Span,
    /// Parts of the text with the bytes of the object that they come from, in the order of the text.
    places: Vec<(Span, Span)>,
}

impl FromObject {
    /// The bytes of the object that a part of the text comes from.
    pub fn place(&self, span: Span) -> Span {
        let after = self.places.partition_point(|(part, _)| part.start <= span.start);
        let part = after.checked_sub(1).and_then(|at| self.places.get(at));
        part.filter(|(part, _)| span.start < part.end).map_or(self.span, |&(_, place)| place)
    }
}

/// Whether it is such an object.
pub fn is_one(root: Node<'_>) -> bool {
    let text = |key: &str| root.get(key).and_then(Node::as_str);
    text("kind") == Some("AppArmorProfile") && text("apiVersion").is_some_and(|version| version.starts_with(GROUP))
}

/// Reads an object; `None` when it is of another kind.
pub fn read(root: Node<'_>) -> Option<FromObject> {
    if !is_one(root) {
        return None;
    }
    let name = root.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::as_str);
    let spec = root.get("spec");
    let mut made = FromObject {
        name: name.unwrap_or_default().to_owned(),
        span: spec.map_or(root.span(), Node::span),
        ..FromObject::default()
    };
    match spec.and_then(|spec| spec.get("policy")).and_then(|policy| Some((policy.span(), policy.as_str()?))) {
        Some((span, policy)) => {
            made.verbatim = true;
            made.text = policy.to_owned();
            made.places.push((Span::new(0, policy.len()), span));
        }
        None => Writer { made: &mut made }.profile(spec),
    }
    Some(made)
}

struct Writer<'m> {
    made: &'m mut FromObject,
}

impl Writer<'_> {
    fn line(&mut self, parts: &[&str], place: Option<Span>) {
        let start = self.made.text.len();
        for part in parts {
            self.made.text.push_str(part);
        }
        self.made.text.push('\n');
        if let Some(place) = place {
            self.made.places.push((Span::new(start, self.made.text.len()), place));
        }
    }

    fn profile(&mut self, spec: Option<Node<'_>>) {
        let mode = spec.and_then(|spec| spec.get("mode")).and_then(Node::as_str);
        let complain = mode == Some("Complain")
            || spec.and_then(|spec| spec.get("complainMode")).and_then(Node::as_bool) == Some(true);
        let flag = if complain { "complain" } else { "enforce" };
        let name = quoted(&self.made.name.clone());
        self.line(&["include <tunables/global>"], None);
        self.line(&["profile ", &name, " flags=(", flag, ",attach_disconnected,mediate_deleted) {"], None);
        self.line(&["  include <abstractions/base>"], None);
        if let Some(lists) = spec.and_then(|spec| spec.get("abstract")) {
            self.lists(lists, complain);
        }
        if !complain {
            for rule in ALWAYS_DENIED {
                self.line(&["  deny ", rule, ","], None);
            }
        }
        self.line(&["}"], None);
    }

    fn lists(&mut self, lists: Node<'_>, complain: bool) {
        let section = |name: &str| lists.get(name);
        if let Some(executable) = section("executable") {
            self.paths(executable.get("allowedExecutables"), "rix", None);
            self.paths(executable.get("allowedLibraries"), "rm", None);
        }
        if let Some(files) = section("filesystem") {
            let denied = |letters| (!complain).then_some(letters);
            self.paths(files.get("readOnlyPaths"), "r", denied("wlk"));
            self.paths(files.get("writeOnlyPaths"), "wlk", denied("r"));
            self.paths(files.get("readWritePaths"), "rwlk", None);
        }
        if let Some(network) = section("network") {
            if let Some(raw) = network.get("allowRaw") {
                match raw.as_bool() {
                    Some(true) => self.line(&["  network raw,"], Some(raw.span())),
                    Some(false) if !complain => self.line(&["  deny network raw,"], Some(raw.span())),
                    _ => {}
                }
            }
            for (key, protocol) in [("allowTcp", "tcp"), ("allowUdp", "udp")] {
                let allowed = network.get("allowedProtocols").and_then(|protocols| protocols.get(key));
                if let Some(allowed) = allowed.filter(|allowed| allowed.as_bool() == Some(true)) {
                    self.line(&["  network ", protocol, ","], Some(allowed.span()));
                }
            }
        }
        let capabilities = section("capability").and_then(|capability| capability.get("allowedCapabilities"));
        for name in capabilities.into_iter().flat_map(Node::items) {
            if let Some(text) = name.as_str() {
                self.line(&["  capability ", &text.to_ascii_lowercase(), ","], Some(name.span()));
            }
        }
        if let Some(ptrace) = section("ptrace") {
            self.ptrace(ptrace);
        }
    }

    fn paths(&mut self, list: Option<Node<'_>>, letters: &str, denied: Option<&str>) {
        for item in list.into_iter().flat_map(Node::items) {
            let Some(path) = item.as_str() else { continue };
            if path.starts_with("ptrace") {
                self.line(&["  ", path], Some(item.span()));
                continue;
            }
            let path = quoted(path);
            self.line(&["  ", &path, " ", letters, ","], Some(item.span()));
            if let Some(denied) = denied {
                self.line(&["  deny ", &path, " ", denied, ","], Some(item.span()));
            }
        }
    }

    fn ptrace(&mut self, ptrace: Node<'_>) {
        let accesses = ptrace.get("allowedAccess").into_iter().flat_map(Node::items).filter_map(Node::as_str);
        let accesses = accesses.collect::<Vec<_>>().join(", ");
        let peer = ptrace.get("peer").and_then(Node::as_str);
        let (before, peer) = if peer.is_some() { (" peer=", peer.unwrap_or_default()) } else { ("", "") };
        self.line(&["  ptrace (", &accesses, ")", before, peer, ","], Some(ptrace.span()));
    }
}

/// A name or a path as it has to be written.
fn quoted(text: &str) -> String {
    if text.contains(' ') || text.is_empty() { ["\"", text, "\""].concat() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shipped, resolve};

    fn object(text: &str) -> FromObject {
        let stream = watertight_yaml::parse(text);
        read(stream.documents[0].root().unwrap()).unwrap()
    }

    const LISTS: &str = "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata:\n  name: web\n\
        spec:\n  abstract:\n    executable:\n      allowedExecutables: [/bin/sh]\n    filesystem:\n      readOnlyPaths:\n\
        \x20       - /etc/my app\n    network:\n      allowedProtocols:\n        allowTcp: true\n    capability:\n\
        \x20     allowedCapabilities: [KILL]\n    ptrace:\n      allowedAccess: [read]\n      peer: web\n";

    #[test]
    fn lists_become_a_profile() {
        let made = object(LISTS);
        let resolved = resolve(&made.text, &Shipped);
        assert_eq!(resolved.refusals, [], "{}", made.text);
        let profile = resolved.policy.find("web").unwrap();
        assert!(profile.unknown.is_empty());
        for (wanted, value) in [
            ("/bin/sh rix,", "/bin/sh"),
            ("deny \"/etc/my app\" wlk,", "/etc/my app"),
            ("network tcp,", "true"),
            ("capability kill,", "KILL"),
        ] {
            let at = made.text.find(wanted).unwrap_or_else(|| panic!("{wanted}\n{}", made.text));
            assert_eq!(made.place(Span::new(at, at + 3)).slice(LISTS), value);
        }
        assert_eq!(made.place(Span::at(0)), made.span);
        assert!(made.text.contains("ptrace (read) peer=web,"));
    }

    #[test]
    fn complain_mode_denies_nothing() {
        let made = object(&LISTS.replace("spec:\n", "spec:\n  mode: Complain\n"));
        assert!(made.text.contains("flags=(complain,") && !made.text.contains("deny"));
    }

    #[test]
    fn policy_text_is_taken_as_it_is() {
        let text = "apiVersion: security-profiles-operator.x-k8s.io/v1alpha1\nkind: AppArmorProfile\nmetadata: {name: a}\n\
            spec:\n  policy: |\n    profile a {\n      /x r,\n    }\n";
        let made = object(text);
        assert!(made.verbatim && made.text.starts_with("profile a {\n"));
        let other = watertight_yaml::parse("apiVersion: v1\nkind: Pod\n");
        assert!(read(other.documents[0].root().unwrap()).is_none());
    }
}
