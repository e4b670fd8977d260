//! What somebody else puts into a text: variables, and what commands print.

use super::{Builder, Text};
use crate::{Field, ProblemKind, Site};

/// Options and keys that decide how far a container is held.
const DECIDING: &str = "cap-add cap-drop cap_add cap_drop cgroup cgroupns device-cgroup-rule device_cgroup_rules group-add \
    group_add ipc net network network_mode pid privileged read-only read_only runtime security-opt security_opt tmpfs \
    use-api-socket use_api_socket user userns userns_mode uts";

impl Builder {
    /// Says that a setting is decided elsewhere, when it decides how far the container is held and cannot be read.
    pub(crate) fn expect_known(&mut self, setting: &str, text: Text<'_>) {
        if !text.is_known() && DECIDING.split_ascii_whitespace().any(|known| known == setting) {
            self.hidden(setting, text);
        }
    }

    /// Says that a setting is decided elsewhere.
    pub(crate) fn hidden(&mut self, setting: &str, text: Text<'_>) {
        let kind = ProblemKind::Variable { setting: setting.to_owned(), variables: names(text.text) };
        self.problems.push((kind, text.site.value));
    }

    /// Settings stand in a text that is not read here: what nobody says cannot be told any more.
    pub(crate) fn elsewhere(&mut self, message: String, site: Site) {
        self.problems.push((ProblemKind::Elsewhere { message }, site.value));
        self.may_hold_options(site);
        let security = &mut *self.container.security;
        for field in [&mut security.read_only_root, &mut security.allow_privilege_escalation] {
            if *field == Field::Absent {
                *field = Field::Unreadable(site);
            }
        }
        if security.run_as_user == Field::Absent {
            security.run_as_user = Field::Unreadable(site);
        }
        security.add_in_doubt.get_or_insert(site);
        security.drop_in_doubt.get_or_insert(site);
    }

    /// A word that may hold any option: what nobody says cannot be told any more.
    pub(crate) fn may_hold_options(&mut self, site: Site) {
        let pod = &mut self.pod;
        let engine = &mut *pod.engine;
        let switches = [
            &mut self.container.security.privileged,
            &mut pod.host_pid,
            &mut pod.host_ipc,
            &mut pod.host_network,
            &mut engine.host_uts,
            &mut engine.host_cgroup,
        ];
        for field in switches {
            if *field == Field::Absent {
                *field = Field::Unreadable(site);
            }
        }
    }
}

/// The names of the variables in a text, each once, in the order they stand. None for what a command prints.
pub(crate) fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('$') {
        let behind = text.get(at + 1..).unwrap_or_default();
        let behind = behind.strip_prefix('{').unwrap_or(behind);
        let is_part = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
        let all = behind.get(..1).filter(|first| matches!(*first, "@" | "*"));
        let name = behind.get(..behind.find(|letter| !is_part(letter)).unwrap_or(behind.len())).unwrap_or_default();
        let name = all.unwrap_or(name);
        // A sentence with more of them would help nobody.
        if !name.is_empty() && names.len() < 4 && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_of_variables() {
        for (text, expected) in [
            ("", ""),
            ("$A", "A"),
            ("x${A:-$B}$A/é", "A B"),
            ("$(id -u)", ""),
            ("`id`", ""),
            ("$", ""),
            ("$1$@", "1 @"),
            ("$é", ""),
        ] {
            assert_eq!(names(text).join(" "), expected, "{text}");
        }
    }
}
