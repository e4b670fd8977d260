//! The versions of a node and what else there is to know of it, as its own tools print them.
//!
//! Read are `uname -a`, `/proc/version`, `kubectl get nodes` as a table, as JSON and as YAML, `docker version` and
//! `docker info`, `crictl version`, and the one line that `runc`, `crun`, `containerd`, `crio`, `podman`, `kubelet`,
//! `buildctl`, `kata-runtime`, `nvidia-ctk` and others print with `--version`. Prompts and other lines may stand between.
//!
//! ```
//! use watertight_knowledge::host::versions;
//!
//! let found = versions(["runc version 1.1.11\n", "Linux n 6.1.0-13-amd64 #1 SMP Debian 6.1.55-1 x86_64 GNU/Linux\n"]);
//! assert_eq!(found.of("runc").unwrap().written, "1.1.11");
//! // Debian's package tells more than the name of the release.
//! assert_eq!(found.of("linux-kernel").unwrap().version.numbers, [6, 1, 55]);
//!
//! let found = versions(["Linux n 5.15.0-91-generic #101 x\n", "Linux n 6.8.0-31-generic #31 x\n"]);
//! assert!(found.of("linux-kernel").is_none() && found.disputed.len() == 1);
//! ```

mod facts;
mod lines;
mod nodes;

pub use facts::{Fact, StatedFact};
pub use nodes::TABLE;

use std::collections::BTreeSet;

use watertight_text::Span;
use watertight_text::sort;

use crate::version::Version;

/// A version that a text states.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'t> {
    /// The component, as the data of known bugs calls it: `linux-kernel`, `runc`, `containerd`.
    pub component: &'static str,
    /// The version. Of a Debian kernel that of the package, which says what was mended.
    pub version: Version<'t>,
    /// As it is written.
    pub written: &'t str,
    /// Where it is written.
    pub span: Span,
    /// Which of the texts.
    pub text: usize,
}

/// What stands where a version should and is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable<'t> {
    /// The component; [`TABLE`] for a table of nodes that is broken.
    pub component: &'static str,
    /// What stands there; may be empty.
    pub written: &'t str,
    /// Where.
    pub span: Span,
    /// Which of the texts.
    pub text: usize,
}

/// Everything that a set of texts states about a node, or about several.
#[derive(Clone, Debug, Default)]
pub struct Versions<'t> {
    /// One entry for each component about which the texts agree, in the order they are met.
    pub known: Vec<Stated<'t>>,
    /// Components with more than one version, as those of several nodes; and a version beside one that cannot be read.
    pub disputed: Vec<Vec<Stated<'t>>>,
    /// What cannot be read.
    pub unreadable: Vec<Unreadable<'t>>,
    /// What else is stated, each once, where the texts agree about it.
    pub facts: Vec<StatedFact>,
    /// What they contradict each other about, all that is said of one thing together.
    pub contradicted: Vec<Vec<StatedFact>>,
    /// Whether a node among them runs Windows.
    pub windows: bool,
}

impl<'t> Versions<'t> {
    /// The version of a component; `None` when nobody states it or the texts contradict each other.
    pub fn of(&self, component: &str) -> Option<&Stated<'t>> {
        self.known.iter().find(|stated| stated.component == component)
    }

    /// Every version that a container may meet: those of each node. Without components of which a version cannot be read.
    pub fn each(&self) -> impl Iterator<Item = &Stated<'t>> {
        let unreadable = |name: &str| self.unreadable.iter().any(|other| other.component == name);
        let several = self.disputed.iter().flatten().filter(move |stated| !unreadable(stated.component));
        self.known.iter().chain(several)
    }
}

/// Everything that one text states, before it is compared.
#[derive(Clone, Debug, Default)]
pub struct Reading<'t> {
    /// In the order of the text.
    pub stated: Vec<Stated<'t>>,
    /// In the order of the text.
    pub unreadable: Vec<Unreadable<'t>>,
    /// What else is stated.
    pub facts: Vec<StatedFact>,
    /// Whether a node runs Windows.
    pub windows: bool,
}

impl<'t> Reading<'t> {
    /// Whether nothing at all is said about a node.
    pub fn is_empty(&self) -> bool {
        self.stated.is_empty() && self.unreadable.is_empty() && self.facts.is_empty()
    }

    /// Takes the word at a place in the text for the version of a component.
    fn state(&mut self, component: &'static str, written: &'t str, at: usize) {
        self.state_as(component, written, written, at);
    }

    /// The same where another word tells the version, such as that of a package.
    fn state_as(&mut self, component: &'static str, written: &'t str, told: &'t str, at: usize) {
        let span = Span::new(at, at + written.len());
        match version(told) {
            Some(version) => self.stated.push(Stated { component, version, written, span, text: 0 }),
            None => self.unreadable.push(Unreadable { component, written, span, text: 0 }),
        }
    }
}

/// A version that is one: two numbers at least, and no letter where the next number belongs.
pub fn version(written: &str) -> Option<Version<'_>> {
    let version = Version::read(written)?;
    let is_cut = version.suffix.strip_prefix('.').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_word = version.suffix.starts_with(|c: char| c.is_ascii_alphabetic());
    (version.written >= 2 && !(is_cut && version.written < 3) && !is_word).then_some(version)
}

/// What a text states. Nothing but a walk over its lines; a text about something else states nothing.
pub fn read(text: &str) -> Reading<'_> {
    let mut reading = Reading::default();
    // What stands in the fields of objects is no output of a program.
    if !nodes::read_objects(text, &mut reading) {
        nodes::read_table(text, &mut reading);
        lines::read(text, &mut reading);
        facts::read(text, &mut reading);
    }
    sort::by_key(&mut reading.stated, |stated| stated.span);
    reading.stated.dedup_by_key(|stated| (stated.span, stated.component));
    reading
}

/// What a set of texts states about a node. A component of which they name two versions is disputed and not known.
pub fn versions<'t>(texts: impl IntoIterator<Item = &'t str>) -> Versions<'t> {
    let mut found = Versions::default();
    let mut by_component: Vec<Vec<Stated<'t>>> = Vec::new();
    let mut known: BTreeSet<(&str, Same<'t>)> = BTreeSet::new();
    let mut facts: Vec<StatedFact> = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        let reading = read(text);
        found.windows |= reading.windows;
        found.unreadable.extend(reading.unreadable.into_iter().map(|unreadable| Unreadable { text: at, ..unreadable }));
        for stated in reading.facts {
            if facts.iter().all(|other| other.fact != stated.fact) {
                facts.push(StatedFact { text: at, ..stated });
            }
        }
        for stated in reading.stated {
            let stated = Stated { text: at, ..stated };
            // Two words for the same version are one statement; the first place stands for both.
            if !known.insert((stated.component, Same::of(&stated))) {
                continue;
            }
            let of = |same: &&mut Vec<Stated<'t>>| same.first().is_some_and(|one| one.component == stated.component);
            match by_component.iter_mut().find(of) {
                Some(same) => same.push(stated),
                None => by_component.push(vec![stated]),
            }
        }
    }
    while let Some(first) = facts.first() {
        let name = first.fact.name();
        let (same, others): (Vec<_>, Vec<_>) = facts.iter().partition(|stated| stated.fact.name() == name);
        match same.as_slice() {
            [only] => found.facts.push(*only),
            _ => found.contradicted.push(same),
        }
        facts = others;
    }
    for same in by_component {
        match same.as_slice() {
            [only] => found.known.push(*only),
            _ => found.disputed.push(same),
        }
    }
    // A word that cannot be read leaves it open whether it would have agreed.
    let unreadable = |stated: &Stated<'_>| found.unreadable.iter().any(|other| other.component == stated.component);
    let (open, known) = std::mem::take(&mut found.known).into_iter().partition(unreadable);
    found.known = known;
    found.disputed.extend(Vec::<Stated<'t>>::into_iter(open).map(|stated| vec![stated]));
    found
}

/// Kernels are the same when they are called the same; of programs the number counts, since a distribution's package and
/// the program itself write it differently.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Same<'t> {
    Name(&'t str),
    Number(Version<'t>),
}

impl<'t> Same<'t> {
    fn of(stated: &Stated<'t>) -> Self {
        match stated.component {
            "linux-kernel" => Self::Name(stated.written),
            _ => Self::Number(stated.version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `component version` of everything that is stated, and `component?` of what cannot be read.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let reading = read(text);
        for (span, written) in reading.stated.iter().map(|stated| (stated.span, stated.written)) {
            assert_eq!(span.slice(text), written);
        }
        let stated = reading.stated.iter().map(|stated| format!("{} {}", stated.component, stated.written));
        let unreadable = reading.unreadable.iter().map(|other| format!("{}? {}", other.component, other.written));
        assert_eq!(stated.chain(unreadable).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn kernels() {
        check(
            "Linux node-1 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 GNU/Linux\n",
            &["linux-kernel 5.15.0-91-generic"],
        );
        check(
            "$ uname -a\nLinux n 6.1.0-13-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1 (2023-09-29) x86_64 GNU/Linux",
            &["linux-kernel 6.1.0-13-amd64"],
        );
        check(
            "Linux version 5.14.0-362.8.1.el9_3.x86_64 (mockbuild@x) (gcc (GCC) 11.4.1) #1 SMP",
            &["linux-kernel 5.14.0-362.8.1.el9_3.x86_64"],
        );
        check("6.1.128-flatcar\n", &["linux-kernel 6.1.128-flatcar"]);
        check("5.15.0-1049-aws", &["linux-kernel 5.15.0-1049-aws"]);
        check("Linux n v5.x-custom #1 SMP x86_64 GNU/Linux", &["linux-kernel? v5.x-custom"]);
        check("Linux n 5 #1 SMP x86_64 GNU/Linux", &["linux-kernel? 5"]);
        check("Linux version  (x)", &["linux-kernel? (x)"]);
        check("Linux is a kernel, #1 of them", &[]);
        check("1.2.3", &[]);
        check("", &[]);
    }

    #[test]
    fn programs() {
        check(
            "runc version 1.1.12\ncommit: v1.1.12-0-g51d5e946\nspec: 1.0.2-dev\ngo: go1.20.13\nlibseccomp: 2.5.4\n",
            &["runc 1.1.12"],
        );
        check("runc version 1.1.5+ds1-1+deb12u1", &["runc 1.1.5+ds1-1+deb12u1"]);
        check("crun version 1.14.1\ncommit: x\nrundir: /run/user/0/crun\nspec: 1.0.0", &["crun 1.14.1"]);
        check("containerd containerd.io 1.6.28 ae07eda36dd25f8a1b98dfbf587313b99c0190bb", &["containerd 1.6.28"]);
        check("containerd github.com/containerd/containerd/v2 v2.0.0 207ad711", &["containerd v2.0.0"]);
        check("containerd github.com/containerd/containerd 1.7.12", &["containerd 1.7.12"]);
        check("Docker version 24.0.7, build afdd53b", &["docker 24.0.7"]);
        check("podman version 4.9.3", &["podman 4.9.3"]);
        check("crio version 1.28.1\nVersion:        1.28.1\nGitCommit: x", &["cri-o 1.28.1"]);
        check("Kubernetes v1.29.1", &["kubelet v1.29.1"]);
        check("NVIDIA Container Toolkit CLI version 1.14.3\ncommit: 53b24618", &["nvidia-container-toolkit 1.14.3"]);
        check("cli-version: 1.14.3\nlib-version: 1.14.3", &["nvidia-container-toolkit 1.14.3"]);
        check("kata-runtime  : 3.2.0\n   commit   : x\n   OCI specs: 1.1.0+dev", &["kata 3.2.0"]);
        check("buildctl github.com/moby/buildkit v0.12.4 833949d0", &["buildkit v0.12.4"]);
        check("buildah version 1.33.7 (image-spec 1.1.0, runtime-spec 1.1.0)", &["buildah 1.33.7"]);
        check("runc version \n", &["runc? "]);
        check("runc version unknown\n", &["runc? unknown"]);
        check(
            "Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v1.7.2\nRuntimeApiVersion:  v1",
            &["containerd v1.7.2"],
        );
        check("Version:  0.1.0\nRuntimeName:  cri-o\nRuntimeVersion:  1.28.1", &["cri-o 1.28.1"]);
    }

    #[test]
    fn docker_version() {
        let text = "Client: Docker Engine - Community\n Version:           25.0.1\n API version:       1.44\n\nServer: Docker \
                    Engine - Community\n Engine:\n  Version:          24.0.7\n  Go version:       go1.20.10\n \
                    containerd:\n  Version:          1.6.26\n  GitCommit:        3dd1e88\n runc:\n  Version:          \
                    1.1.10\n docker-init:\n  Version:          0.19.0\n";
        check(text, &["docker 24.0.7", "containerd 1.6.26", "runc 1.1.10"]);
        check(
            " Server Version: 24.0.7\n runc version: v1.1.10-0-g18a0cb0\n Kernel Version: 5.15.0-91-generic\n",
            &["docker 24.0.7", "runc v1.1.10-0-g18a0cb0", "linux-kernel 5.15.0-91-generic"],
        );
        // What `kubectl version` prints is about the API server.
        check("Client Version: v1.30.1\nKustomize Version: v5.0.4\nServer Version: v1.29.3\n", &[]);
    }

    #[test]
    fn nodes() {
        let table = "NAME     STATUS   ROLES    AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE             \
                     KERNEL-VERSION      CONTAINER-RUNTIME\nnode-1   Ready    <none>   3d    v1.29.1   10.0.0.1      <none>        \
                     Ubuntu 22.04.3 LTS   5.15.0-91-generic   containerd://1.7.2\n";
        check(table, &["kubelet v1.29.1", "linux-kernel 5.15.0-91-generic", "containerd 1.7.2"]);
        check(
            "NAME     STATUS   ROLES    AGE   VERSION\nnode-1   Ready    <none>   3d    v1.29.1-gke.100\n",
            &["kubelet v1.29.1-gke.100"],
        );
        let windows = "node-2   Ready    <none>   3d    v1.29.1   10.0.0.2      <none>        Windows Server 2022 Datacenter   \
                       10.0.20348.2227   containerd://1.7.2\n";
        check(
            &[table, windows].concat(),
            &[
                "kubelet v1.29.1",
                "linux-kernel 5.15.0-91-generic",
                "containerd 1.7.2",
                "kubelet v1.29.1",
                "containerd 1.7.2",
            ],
        );
        check(
            "nodeInfo: {kernelVersion: 10.0.17763.4974, kubeletVersion: v1.29.1, operatingSystem: windows}",
            &["kubelet v1.29.1"],
        );
        // However it came here, a table whose lines are whole is read by its words.
        let words: Vec<String> =
            table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let expected = ["kubelet v1.29.1", "linux-kernel 5.15.0-91-generic", "containerd 1.7.2"];
        check(&words.join("\n"), &expected);
        check(&words.join("\n").replace(' ', "\t"), &expected);
        check(words.last().unwrap(), &expected);
        check(&words.join("\n").replace("Ubuntu", "  Ubuntu"), &expected);
        check(&words.join("\n").replace("RUNTIME", "RUNTIME LABELS").replace("1.7.2", "1.7.2 a=b,c=d"), &expected);
        check(&words.join("\n").replace("v1.29.1", "<none>"), &expected[1..]);
        // Wrapped at any column, cut, or in one line, it says nothing.
        let broken = ["nodes? "];
        for width in [60, 80, 100, 120] {
            let wrap = |line: &str| {
                let chars: Vec<char> = line.chars().collect();
                chars.chunks(width).map(|part| part.iter().collect::<String>() + "\n").collect::<String>()
            };
            check(&table.lines().map(wrap).collect::<String>(), &broken);
        }
        check(&table.lines().map(|line| [line.get(..100).unwrap(), "\n"].concat()).collect::<String>(), &broken);
        check(&words.join(" "), &broken);
        check(&words.join("\n").replace(" containerd://1.7.2", ""), &broken);
        check(&format!("{table}$ runc --version\nrunc version 1.1.12\n"), &[&expected[..], &["runc 1.1.12"]].concat());
        let yaml = "status:\n  nodeInfo:\n    containerRuntimeVersion: docker://20.10.21\n    kernelVersion: 5.10.0\n    \
                    kubeletVersion: v1.23.5\n    kubeProxyVersion: v1.23.5\n";
        check(yaml, &["docker 20.10.21", "linux-kernel 5.10.0", "kubelet v1.23.5"]);
        let json = "{\"nodeInfo\":{\"containerRuntimeVersion\":\"cri-o://1.28.1\",\"kernelVersion\":\"\",\"kubeletVersion\":\"v1.29.0\"}}";
        check(json, &["cri-o 1.28.1", "kubelet v1.29.0", "linux-kernel? "]);
        let managed = "managedFields:\n- fieldsV1:\n    f:status:\n      f:nodeInfo:\n        f:kernelVersion: {}\n        \
                       f:kubeletVersion: {}\n";
        check(&[managed, yaml].concat(), &["docker 20.10.21", "linux-kernel 5.10.0", "kubelet v1.23.5"]);
        let managed = "{\"f:nodeInfo\":{\"f:containerRuntimeVersion\":{},\"f:kernelVersion\":{}}}\n";
        check(&[managed, json].concat(), &["cri-o 1.28.1", "kubelet v1.29.0", "linux-kernel? "]);
    }

    #[test]
    fn contradictions() {
        for (texts, known, disputed, unreadable) in [
            (vec!["runc version 1.1.12", "runc version v1.1.12"], 1, 0, 0),
            (vec!["runc version 1.1.12", "runc version 1.1.11"], 0, 1, 0),
            (
                vec!["Linux a 5.4.0-1-generic #1 x\nLinux a 5.15.0-1-generic #1 x\nLinux a 6.8.0-1-generic #1 x"],
                0,
                1,
                0,
            ),
            (vec!["Linux a 5.4.0-1-generic #1 x", "5.4.0-1-generic"], 1, 0, 0),
            (vec!["Linux a 5.4.0-1-generic #1 x", "Linux a 5.4.0-1-aws #1 x"], 0, 1, 0),
            (vec!["Linux a v5.x-custom #1 x", "Linux a 5.4.0-1-aws #1 x"], 0, 1, 1),
            (vec!["", "\n"], 0, 0, 0),
        ] {
            let found = versions(texts.iter().copied());
            assert_eq!(
                (found.known.len(), found.disputed.len(), found.unreadable.len()),
                (known, disputed, unreadable),
                "{texts:?}"
            );
            let named = found.known.iter().chain(found.disputed.iter().flatten()).count();
            assert_eq!(found.each().count(), if unreadable == 0 { named } else { 0 }, "{texts:?}");
        }
    }
}
