//! The capabilities that a container adds, read once for the rules about them.

use watertight_diagnostic::{Confidence, Finding, Level, Operation, RuleMeta, Safety, Severity, joined};
use watertight_knowledge::capability::{self, Danger, Meant, Spelling, Written};
use watertight_pod::{Container, Named};

use crate::Subject;
use crate::subject::called_first;

/// What goes along with the last capability that is added: the list, `capabilities` and `securityContext`. Empty, each of
/// them says the same as nothing.
pub(crate) const PARENTS: u8 = 3;

/// Which rule speaks of a capability.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Group {
    /// With it there is a way out, alone or with a partner.
    Dangerous,
    /// The baseline standard refuses it; by itself it opens nothing.
    BeyondBaseline,
}

/// What a container adds of one group.
pub(crate) struct Added<'a> {
    container: &'a Container,
    items: Vec<(usize, &'a Named, Written)>,
}

/// What a container adds of one group; `None` when that is nothing.
pub(crate) fn added(container: &Container, group: Group) -> Option<Added<'_>> {
    let items: Vec<_> = container
        .security
        .capabilities_add
        .iter()
        .enumerate()
        .map(|(index, named)| (index, named, capability::read(&named.name)))
        .filter(|(_, _, written)| group_of(*written) == Some(group))
        .collect();
    (!items.is_empty()).then_some(Added { container, items })
}

/// The standards compare the plain spelling only: `CAP_CHOWN` is refused by baseline although `CHOWN` is not.
fn group_of(written: Written) -> Option<Group> {
    match written.meant {
        Meant::All => Some(Group::Dangerous),
        Meant::Unknown => Some(Group::BeyondBaseline),
        Meant::One(known) if !known.baseline && known.danger >= Danger::Medium => Some(Group::Dangerous),
        Meant::One(known) if !known.baseline || written.spelling != Spelling::Plain => Some(Group::BeyondBaseline),
        Meant::One(_) => None,
    }
}

impl Added<'_> {
    /// Whether it is among them, in any spelling. `ALL` holds each.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.items.iter().any(|(_, _, written)| match written.meant {
            Meant::All => true,
            Meant::One(known) => known.name == name,
            Meant::Unknown => false,
        })
    }

    /// The finding of `rule`: the worst one underlined, the others beside it, one fix for all.
    pub(crate) fn finding(&self, subject: &Subject<'_>, rule: &'static RuleMeta, level: Level) -> Finding {
        let list = self.container.route.keys("securityContext.capabilities.add");
        let names: Vec<_> = self.items.iter().map(|(_, named, _)| named.name.as_str()).collect();
        let worst = self.items.iter().rev().max_by_key(|(_, _, written)| self.severity(subject, *written));
        let (index, named, written) = match worst {
            Some((index, named, written)) => (*index, *named, *written),
            // An empty set is never made, see `added`.
            None => return Finding::new(rule, subject.place(self.container.head, list), String::new()),
        };
        let what = format!("{} adds {}.", called_first(self.container), joined(&names));
        let mut finding = Finding::new(rule, subject.place(named.site.value, list.index(index)), what)
            .in_container(&self.container.name)
            .severity(self.severity(subject, written))
            .why(self.reasons());
        for (other, named, _) in self.items.iter().filter(|(other, ..)| *other != index) {
            finding = finding.related(subject.labelled(named.site.value, list.index(*other), "added too"));
        }
        let everything = self.items.len() == self.container.security.capabilities_add.len();
        let operations = match everything {
            true => vec![Operation::remove_with(list.clone(), PARENTS - 1)],
            false => self.items.iter().map(|(index, ..)| Operation::remove_with(list.index(*index), PARENTS)).collect(),
        };
        // Removed by their places, which hold only when every item of the list could be read.
        let fix = subject.is_whole(&list).then(|| {
            subject.fix(format!("Do not add {}", joined(&names)), Safety::ChangesBehaviour, level, operations)
        });
        if self.items.iter().all(|(_, _, written)| !written.spelling.works_with_containerd()) {
            finding = finding.confidence(Confidence::Likely);
        }
        let finding = self.held_by_user(subject, subject.ease(finding));
        fix.into_iter().fold(subject.linux_only(subject.beside_privileged(self.container, finding)), Finding::fix)
    }

    fn reasons(&self) -> String {
        let mut sentences: Vec<String> = Vec::new();
        for (_, named, written) in &self.items {
            sentences.push(match written.meant {
                Meant::All => {
                    format!("{} is every capability: with it a command inside becomes root on the node.", named.name)
                }
                Meant::One(known) => format!("{} {}.", known.name, known.opens),
                Meant::Unknown => format!("No capability is called {}, so nothing is added.", named.name),
            });
            let fate = if written.meant == Meant::Unknown { "" } else { written.spelling.fate() };
            if !fate.is_empty() && !sentences.iter().any(|sentence| sentence == fate) {
                sentences.push(fate.to_owned());
            }
        }
        sentences.join(" ")
    }

    /// By itself, or together with what the pod shares with the node.
    fn severity(&self, subject: &Subject<'_>, written: Written) -> Severity {
        let pod = subject.pod;
        let known = match written.meant {
            Meant::All => return Severity::Critical,
            Meant::Unknown => return Severity::Low,
            Meant::One(known) => known,
        };
        match known.name {
            "SYS_PTRACE" if pod.host_pid.is_true() => Severity::Critical,
            "NET_ADMIN" | "NET_RAW" if pod.host_network.is_true() => Severity::High,
            _ => match known.danger {
                Danger::Harmless | Danger::Low => Severity::Low,
                Danger::Medium => Severity::Medium,
                Danger::High => Severity::High,
                Danger::Critical => Severity::Critical,
            },
        }
    }

    /// A process that is not root gets an added capability from a program's file only, and not even so when it may not
    /// gain privileges. (Kubernetes sets no ambient capabilities.)
    fn held_by_user(&self, subject: &Subject<'_>, mut finding: Finding) -> Finding {
        let security = &self.container.security;
        let user = security.run_as_user.get().or(subject.pod.security.run_as_user.get());
        let escalation = &security.allow_privilege_escalation;
        let Some(site) = escalation.site().filter(|_| escalation.is_false() && user.is_some_and(|user| *user != 0))
        else {
            return finding;
        };
        finding.severity = finding.severity.lowered();
        finding
            .why
            .to_mut()
            .push_str(" Here it stays out of reach of the program, which is not root and may not gain privileges.");
        let route = self.container.route.keys("securityContext.allowPrivilegeEscalation");
        finding = finding.related(subject.labelled(site.whole(), route, "no gain of privileges"));
        finding
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{container, findings_of};

    #[test]
    fn no_fix_by_place_in_a_list_with_holes() {
        let fixes = |names: &str| {
            let text = container(&format!("      securityContext: {{capabilities: {{add: [{names}]}}}}"));
            findings_of("dangerous-capability", &text)[0].fixes.len()
        };
        assert_eq!((fixes("SYS_ADMIN, CHOWN"), fixes("{a: b}, SYS_ADMIN, CHOWN")), (1, 0));
    }
}
