//! Which of the rules that match an operation decide it.
//!
//! Each permission is decided by itself. A higher priority wins; at the same priority `deny` beats the others, exec
//! rules without wildcards beat those with some, and what merely prompts comes last. Rules of the same weight add up.

use crate::tree::Action;

/// What a rule that matches has to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice {
    /// Which rule, by its place in the profile.
    pub(crate) rule: u32,
    pub(crate) priority: i32,
    pub(crate) action: Action,
    pub(crate) audit: bool,
    /// Whether the pattern has no wildcards.
    pub(crate) exact: bool,
    /// The permissions it speaks of.
    pub(crate) perms: u32,
    /// What becomes of a started program, as a number that is equal for equal transitions.
    pub(crate) exec: Option<u32>,
}

/// The decision about one permission.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Decision {
    pub(super) allowed: bool,
    /// Refused by a rule, as opposed to by none.
    pub(super) denied: bool,
    pub(super) prompted: bool,
    /// Refused without a word in the log.
    pub(super) quiet: bool,
    pub(super) audited: bool,
    /// The rules of the winning weight.
    pub(super) rules: Vec<u32>,
    pub(super) exec: Option<u32>,
    /// Rules of the same weight want different transitions: such a profile is not loaded.
    pub(super) conflict: bool,
    weight: Option<i64>,
}

/// Decides one permission. `exec` says that it is the one that starts programs.
pub(super) fn decide(voices: &[Voice], perm: u32, exec: bool) -> Decision {
    let mut decision = Decision::default();
    for voice in voices.iter().filter(|voice| voice.perms & perm != 0) {
        let weight = voice.weight(exec);
        if decision.weight.is_some_and(|best| best > weight) {
            continue;
        }
        if decision.weight != Some(weight) {
            decision = Decision { weight: Some(weight), ..Decision::default() };
        }
        decision.rules.push(voice.rule);
        match voice.action {
            Action::Deny => {
                decision.denied = true;
                decision.quiet |= !voice.audit;
            }
            action => {
                decision.allowed |= action == Action::Allow;
                decision.prompted |= action == Action::Prompt;
                decision.audited |= voice.audit;
                if exec {
                    decision.conflict |= decision.exec.is_some() && decision.exec != voice.exec;
                    decision.exec = voice.exec;
                }
            }
        }
    }
    decision
}

impl Voice {
    fn weight(&self, exec: bool) -> i64 {
        let class = match self.action {
            Action::Deny => 3,
            Action::Allow | Action::Prompt if exec && self.exact => 2,
            Action::Allow => 1,
            Action::Prompt => 0,
        };
        i64::from(self.priority) * 4 + class
    }
}

impl Decision {
    /// Whether this decision stands above the other, or beside it.
    pub(super) fn outweighs(&self, other: &Self) -> bool {
        self.weight >= other.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(rule: u32, priority: i32, action: Action) -> Voice {
        Voice { rule, priority, action, audit: false, exact: false, perms: 1, exec: None }
    }

    #[test]
    fn deny_beats_allow_whatever_the_order() {
        for voices in [
            [voice(0, 0, Action::Allow), voice(1, 0, Action::Deny)],
            [voice(1, 0, Action::Deny), voice(0, 0, Action::Allow)],
        ] {
            let decision = decide(&voices, 1, false);
            assert!(decision.denied && decision.quiet && !decision.allowed);
            assert_eq!(decision.rules, [1]);
        }
    }

    #[test]
    fn priority_beats_deny() {
        let decision = decide(&[voice(0, 0, Action::Deny), voice(1, 1, Action::Allow)], 1, false);
        assert!(decision.allowed && !decision.denied);
        assert_eq!(decision.rules, [1]);
    }

    #[test]
    fn exact_exec_rules_win_over_globs() {
        let exact = Voice { exact: true, exec: Some(1), ..voice(0, 0, Action::Allow) };
        let glob = Voice { exec: Some(2), ..voice(1, 0, Action::Allow) };
        assert_eq!(decide(&[glob, exact], 1, true).exec, Some(1));
        assert!(decide(&[glob, Voice { exec: Some(3), ..glob }], 1, true).conflict);
        assert!(!decide(&[glob, glob], 1, true).conflict);
    }
}
