//! The words of the map, and what follows from its parts.

use std::str::FromStr;

use super::{ContainerMap, Detection, Effect, Effort, Layer, Lsm, MapFix, Outcome, Reason, State, Strand, Truth};

impl Truth {
    /// Both: the weaker of the two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either: the stronger of the two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

impl Detection {
    /// Who would see it, as sentences: the pasted rules, the stable ones, those that are not loaded.
    pub fn words(&self) -> String {
        let mut out = Vec::new();
        let see = |whose: &str, rules: String, attempts: usize| {
            let what = match (attempts, self.attempts) {
                (_, 0) | (1, 1) => "it".to_owned(),
                (some, all) if some == all => format!("all {all} known attempts at it"),
                (some, all) => format!("{some} of {all} known attempts at it"),
            };
            format!("{whose} that see {what}: {rules}.")
        };
        match self.seen {
            Some(true) => out.push(see("Rules of yours", self.rules.join(", "), self.seen_attempts)),
            Some(false) => out.push("None of your Falco rules sees it.".to_owned()),
            None => {}
        }
        match self.stable.as_slice() {
            [] if self.attempts > 0 => out.push("None of Falco's stable rules sees it.".to_owned()),
            [] if self.unseen.is_empty() => out.push("How it would look to Falco is not known.".to_owned()),
            [] => out.push(["How it would look to Falco is not known. ", &self.unseen].concat()),
            rules => out.push(see("Falco's stable rules", rules.join(", "), self.stable_attempts)),
        }
        if !self.not_loaded.is_empty() {
            out.push(format!("Published, but not loaded by default: {}.", self.not_loaded.join(", ")));
        }
        out.join(" ")
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for Truth {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from)
    }
}

impl Outcome {
    /// Every one, the worst first.
    pub const ALL: [Self; 9] = [
        Self::ClusterAdmin,
        Self::HostRoot,
        Self::NodeCredential,
        Self::Neighbour,
        Self::HostInfo,
        Self::DenialOfService,
        Self::NodeService,
        Self::ContainerRoot,
        Self::Persistence,
    ];

    /// The word in the data and in output that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::ClusterAdmin => "cluster-admin",
            Self::HostRoot => "host-root",
            Self::NodeCredential => "node-credential",
            Self::Neighbour => "neighbour-container",
            Self::HostInfo => "host-info",
            Self::DenialOfService => "denial-of-service",
            Self::NodeService => "node-service-access",
            Self::ContainerRoot => "in-container-root",
            Self::Persistence => "persistence",
        }
    }

    /// What people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClusterAdmin => "control of the cluster",
            Self::HostRoot => "root on the node",
            Self::NodeCredential => "credentials of the node",
            Self::Neighbour => "another container",
            Self::HostInfo => "knowledge of the node",
            Self::DenialOfService => "denial of service",
            Self::NodeService => "a service of the node",
            Self::ContainerRoot => "root in the container",
            Self::Persistence => "a foothold in the container",
        }
    }

    /// Whether something of the node, of a neighbour or of the cluster is reached.
    pub fn is_escape(self) -> bool {
        self >= Self::HostInfo
    }

    /// What is won with it: itself, and what whoever has it has too.
    pub fn onward(self) -> &'static [Self] {
        match self {
            // The node's files hold the credentials and the containers of every pod on it.
            Self::HostRoot => &[Self::HostRoot, Self::NodeCredential, Self::Neighbour],
            // Who rules the cluster starts a privileged pod on any node.
            Self::ClusterAdmin => &[Self::ClusterAdmin, Self::HostRoot, Self::NodeCredential, Self::Neighbour],
            // The kubelet's identity reads the secrets of the pods of its node.
            Self::NodeCredential => &[Self::NodeCredential, Self::Neighbour],
            Self::Neighbour => &[Self::Neighbour],
            Self::HostInfo => &[Self::HostInfo],
            Self::DenialOfService => &[Self::DenialOfService],
            Self::NodeService => &[Self::NodeService],
            Self::ContainerRoot => &[Self::ContainerRoot],
            Self::Persistence => &[Self::Persistence],
        }
    }
}

impl FromStr for Outcome {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|outcome| outcome.word() == text);
        known.ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|outcome| outcome.word()).collect();
            ["an outcome is one of ", &words.join(", ")].concat()
        })
    }
}

impl Effort {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Configuration, Self::Information, Self::Bug];

    /// The word in the data and in output that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Information => "information",
            Self::Bug => "bug",
        }
    }

    /// How much it takes, as a number to add up: the cheapest way is shown first.
    pub fn cost(self) -> u32 {
        match self {
            Self::Configuration => 1,
            Self::Information => 2,
            Self::Bug => 5,
        }
    }
}

impl Layer {
    /// Every one, from the outside of the pod to the kernel: the order in which a way runs into them.
    pub const ALL: [Self; 7] =
        [Self::Pod, Self::Capabilities, Self::UserNamespace, Self::Seccomp, Self::Lsm, Self::Sandbox, Self::Version];

    /// The word in output that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Capabilities => "capabilities",
            Self::UserNamespace => "user-namespace",
            Self::Seccomp => "seccomp",
            Self::Lsm => "lsm",
            Self::Version => "version",
            Self::Sandbox => "sandbox",
        }
    }

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pod => "pod settings",
            Self::Capabilities => "capabilities",
            Self::UserNamespace => "user namespace",
            Self::Seccomp => "seccomp",
            Self::Lsm => "AppArmor or SELinux",
            Self::Version => "kernel and runtime",
            Self::Sandbox => "sandbox",
        }
    }
}

impl State {
    /// What people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stops => "stops it",
            Self::Passes => "does not stop it",
            Self::Unknown => "unknown",
            Self::NotInvolved => "not involved",
        }
    }
}

impl Lsm {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::AppArmor, Self::SeLinux, Self::None];

    /// The word on the command line and in output that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::AppArmor => "apparmor",
            Self::SeLinux => "selinux",
            Self::None => "none",
        }
    }
}

impl FromStr for Lsm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|lsm| lsm.word() == text);
        known.ok_or_else(|| "a security module is apparmor, selinux or none".to_owned())
    }
}

impl ContainerMap {
    /// The reasons of a way that say so: those that open it for [`Truth::Yes`], those that nobody knows, those that close
    /// it for [`Truth::No`].
    pub fn reasons_of<'a>(&'a self, strand: &'a Strand, truth: Truth) -> impl Iterator<Item = &'a Reason> {
        let mut seen: Vec<usize> = Vec::new();
        let all = strand.layers.iter().flat_map(|cell| cell.reasons.iter().copied());
        let once = all.filter(move |at| {
            let fresh = !seen.contains(at);
            if fresh {
                seen.push(*at);
            }
            fresh
        });
        once.filter_map(|at| self.reasons.get(at)).filter(move |reason| reason.truth == truth)
    }

    /// The chain of a way in words, as far as its reasons go: "Because …. Not known: ….".
    pub fn chain(&self, strand: &Strand) -> String {
        let join = |truth| {
            let texts: Vec<_> = self.reasons_of(strand, truth).map(|reason| reason.text.as_str()).collect();
            texts.join(", ")
        };
        let (because, provided) = match strand.open {
            Truth::No => (join(Truth::No), String::new()),
            _ => (join(Truth::Yes), join(Truth::Unknown)),
        };
        match (because.as_str(), provided.as_str()) {
            ("", "") => String::new(),
            (because, "") => ["Because ", because, "."].concat(),
            ("", provided) => ["Not known: ", provided, "."].concat(),
            (because, provided) => ["Because ", because, ". Not known: ", provided, "."].concat(),
        }
    }
}

impl MapFix {
    /// "closes 3 of 5 ways to root on the node", of the worst outcome; empty when it closes nothing.
    pub fn effect(&self) -> String {
        self.effects.first().map(Effect::words).unwrap_or_default()
    }

    /// The same of one outcome.
    pub fn effect_on(&self, outcome: Outcome) -> String {
        self.effects.iter().find(|effect| effect.outcome == outcome).map(Effect::words).unwrap_or_default()
    }
}

impl Effect {
    fn words(&self) -> String {
        let (closes, of) = (self.closes.to_string(), self.of.to_string());
        let ways = if self.of == 1 { " way to " } else { " ways to " };
        ["closes ", &closes, " of ", &of, ways, self.outcome.name()].concat()
    }
}

impl Strand {
    /// What the way begins with, as an index into [`ContainerMap::reasons`]: ways of one cause go through the same line of
    /// the pod.
    pub fn cause(&self) -> Option<usize> {
        self.layers.iter().find_map(|cell| cell.reasons.first().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Truth::{No, Unknown, Yes};
    use super::*;

    #[test]
    fn three_values() {
        assert_eq!([Yes.and(Unknown), No.and(Unknown), Yes.or(Unknown), No.or(Unknown)], [Unknown, No, Yes, Unknown]);
        assert_eq!([!Yes, !Unknown, !No], [No, Unknown, Yes]);
    }

    #[test]
    fn words_are_what_json_says() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_string(&outcome).unwrap(), format!("\"{}\"", outcome.word()));
            assert_eq!(outcome.word().parse(), Ok(outcome));
        }
        for layer in Layer::ALL {
            assert_eq!(serde_json::to_string(&layer).unwrap(), format!("\"{}\"", layer.word()));
        }
        for lsm in Lsm::ALL {
            assert_eq!(serde_json::to_string(&lsm).unwrap(), format!("\"{}\"", lsm.word()));
        }
        assert!(Outcome::ALL.is_sorted_by(|a, b| a > b));
    }
}
