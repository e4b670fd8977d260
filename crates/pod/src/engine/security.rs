//! `--security-opt` and `security_opt`.
//!
//! Sources: `parseSecurityOpts` and `parseSystemPaths` in `cli/command/container/opts.go` of docker/cli; `parseSecurityOpt`
//! in `daemon/daemon_unix.go` of moby; `pkg/specgenutil/specgen.go` of Podman.

use super::{Builder, Text, boolean};
use crate::{Engine, Field, ProblemKind, Profile, SeLinux, Syntax};

/// The words that an option may begin with.
const KNOWN: &str = "apparmor seccomp label no-new-privileges systempaths credentialspec mask unmask proc-opts \
    writable-cgroups";

/// Those that Podman alone takes.
const PODMAN_ONLY: [&str; 3] = ["mask", "unmask", "proc-opts"];

impl Builder {
    /// One option: `seccomp=unconfined`, `no-new-privileges`, `label:disable`.
    pub(crate) fn security_opt(&mut self, text: Text<'_>) {
        let (name, value) = match text.text.split_once('=') {
            Some((name, value)) => (name, value),
            // The spelling of old: a colon.
            None => text.text.split_once(':').unwrap_or((text.text, "")),
        };
        let is_known = text.known(value).is_some();
        let is_docker = self.pod.syntax == Syntax::Run(Engine::Docker);
        match name {
            "no-new-privileges" => {
                // The word alone is enough. Behind a sign the daemon reads what `strconv.ParseBool` does.
                let forbids = if text.text == name { Some(true) } else { boolean(value) };
                if forbids.is_none() && is_known {
                    self.refuse(format!("{value:?} is neither true nor false."), text.site.value);
                }
                self.container.security.allow_privilege_escalation = match forbids.filter(|_| is_known) {
                    Some(forbids) => Field::Set(!forbids, text.site),
                    None => Field::Unreadable(text.site),
                };
            }
            name if is_docker && PODMAN_ONLY.contains(&name) => {
                self.problems
                    .push((ProblemKind::UnknownField { name: name.to_owned(), meant: None }, text.part(0, name.len())));
            }
            name if is_docker && value.is_empty() && KNOWN.split_ascii_whitespace().any(|known| known == name) => {
                self.refuse(format!("The security option {name} needs a value behind it: {name}=…."), text.site.value);
            }
            "seccomp" => self.container.security.seccomp = profile(text, value, &["builtin"]),
            "apparmor" => {
                self.container.security.apparmor = profile(text, value, &["docker-default", "containers-default"]);
            }
            "label" => self.label(text, value),
            // Docker shows everything of /proc and /sys, Podman what is named. Docker's own program does so, and only for
            // this spelling; the daemon, which gets every other one, knows no such option.
            "systempaths" if value == "unconfined" && (!is_docker || text.text.contains('=')) => self.unmask(text),
            "systempaths" if is_known => {
                let message =
                    "What is hidden of /proc and /sys is shown by systempaths=unconfined and by nothing else.";
                self.refuse(message, text.site.value);
            }
            "systempaths" => self.container.security.proc_mount = Field::Unreadable(text.site),
            "unmask" if is_known => {
                let whole = value.split(':').any(|path| path == "ALL" || path.starts_with("/proc"));
                if whole {
                    self.unmask(text);
                }
            }
            "unmask" => self.container.security.proc_mount = Field::Unreadable(text.site),
            name if KNOWN.split_ascii_whitespace().any(|known| known == name) => {}
            name if text.known(name).is_none() => {
                // Whatever it is, nobody can tell what it does to the profiles.
                self.container.security.seccomp = Field::Unreadable(text.site);
                self.container.security.apparmor = Field::Unreadable(text.site);
            }
            name => {
                let meant = crate::meant::closest_of(name, KNOWN.split_ascii_whitespace());
                let kind = ProblemKind::UnknownField { name: name.to_owned(), meant: meant.map(str::to_owned) };
                self.problems.push((kind, text.part(0, name.len())));
            }
        }
    }

    fn unmask(&mut self, text: Text<'_>) {
        self.container.security.proc_mount = Field::Set("Unmasked".to_owned(), text.site);
    }

    /// SELinux: `disable`, or a part of the label.
    fn label(&mut self, text: Text<'_>, value: &str) {
        let mut options = self.container.security.selinux.get().cloned().unwrap_or_default();
        let (part, word) = value.split_once(':').unwrap_or((value, ""));
        let field = Field::Set(word.to_owned(), text.site);
        match part {
            "disable" => options = SeLinux { kind: Field::Set("spc_t".to_owned(), text.site), ..SeLinux::default() },
            "user" => options.user = field,
            "role" => options.role = field,
            "type" => options.kind = field,
            "level" => options.level = field,
            "nested" | "filetype" => return,
            _ if text.known(value).is_none() => {
                self.container.security.selinux = Field::Unreadable(text.site);
                return;
            }
            _ => {
                let message =
                    format!("There is no label option called {part:?}; disable, user, role, type and level exist.");
                return self.refuse(message, text.site.value);
            }
        }
        self.container.security.selinux = Field::Set(options, text.site);
    }
}

/// A profile by the word for none, by a word for the engine's own, or by name or path.
fn profile(text: Text<'_>, value: &str, own: &[&str]) -> Field<Profile> {
    if text.known(value).is_none() {
        return Field::Unreadable(text.site);
    }
    let is = |kind: &str| Profile { kind: Field::Set(kind.to_owned(), text.site), localhost: Field::Absent };
    let profile = match value {
        "unconfined" => is("Unconfined"),
        value if own.contains(&value) => is("RuntimeDefault"),
        path => Profile { localhost: Field::Set(path.to_owned(), text.site), ..is("Localhost") },
    };
    Field::Set(profile, text.site)
}

/// Whose default profile an engine's container gets.
impl Syntax {
    /// Whether the engine confines a container by profiles of its own when nobody says anything.
    pub fn has_default_profiles(self) -> bool {
        matches!(self, Self::Run(_) | Self::Compose)
    }
}
