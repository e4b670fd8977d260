//! What the program is asked on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use watertight::diagnostic::{KubeVersion, Level, NodeArch, NodeSettings, Release, Runtime, Settings, Severity};

use watertight_knowledge::host;

use crate::apparmor::Apparmor;
use crate::cves::{self, Cves};
use crate::escape::{self, Escape};
use crate::explore::{self, Explore};
use crate::falco::Falco;
use crate::lesson::Lesson;
use crate::seccomp::Seccomp;
use crate::share::{self, Open, Share};

/// Can what is inside this container get out?
///
/// Reads Kubernetes manifests, shows the ways out of their containers where they stand, and hardens them. Nothing is
/// sent anywhere.
#[derive(Parser)]
#[command(name = "watertight", version, max_term_width = 100, after_help = EXIT)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colours; auto means on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
}

const EXIT: &str = "\
Exit status:
  0  nothing was found at or above the threshold
  1  something was found
  2  input that cannot be used, or a wrong call";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show what is wrong, where, and how to mend it
    #[command(after_help = CHECK)]
    Check(Check),
    /// Mend what can be mended without a person
    #[command(after_help = HARDEN)]
    Harden(Harden),
    /// Bring back the indentation that a manifest lost on its way through a web page
    #[command(after_help = RESTORE)]
    Restore(Restore),
    /// Say what the Pod Security admission of a cluster answers, word for word
    #[command(after_help = PSS)]
    Pss(Pss),
    /// Draw the ways out of each container, and say which layer closes each
    #[command(after_help = escape::HELP)]
    Escape(Escape),
    /// Say what a capability or a folder of the node opens, what would stop it, and what does the same with less
    #[command(after_help = explore::HELP)]
    Explore(Explore),
    /// List the known bugs through which containers were left
    #[command(after_help = cves::HELP)]
    Cves(Cves),
    /// Check Falco rules, try them on events, see what they miss, and write what is lacking
    #[command(subcommand)]
    Falco(Falco),
    /// Check seccomp profiles, ask what they decide, compare them, show them as programs of the kernel, and write them
    #[command(subcommand)]
    Seccomp(Seccomp),
    /// Check AppArmor profiles, ask what they decide, and write them
    #[command(subcommand)]
    Apparmor(Apparmor),
    /// Make a link that opens these files in the page
    #[command(after_help = share::SHARE)]
    Share(Share),
    /// Print or write the files that such a link holds
    #[command(after_help = share::OPEN)]
    Open(Open),
    /// Try lessons before anybody learns from them
    #[command(subcommand)]
    Lesson(Lesson),
    /// Explain a rule: what it finds, why it matters, what to do
    #[command(after_help = EXPLAIN)]
    Explain(Explain),
    /// List all rules
    Rules(Rules),
}

const CHECK: &str = "\
Examples:
  watertight check pod.yaml
  watertight check --level baseline --fail-on high deploy/
  kubectl get pods -A -o json | watertight check -
  helm template ./chart | watertight check --format sarif - > watertight.sarif

Files are looked at together: the labels of a Namespace in one of them are told for the pods in the others. What is
larger than 10 MB, and standard input beyond 4 MB, is read in parts, each by itself.

--level says what admission is asked and which changes are proposed. It leaves no finding out: --fail-on says which of
them make the exit status 1.";

const HARDEN: &str = "\
Examples:
  watertight harden pod.yaml > hardened.yaml
  watertight harden --diff deploy/
  watertight harden --write --level baseline pod.yaml

Only the lines that a change names are touched; comments, order and quoting stay. What could not be mended is listed on
standard error.

Exit status: 0 every pod reaches the level, 1 something is left for a person, 2 input that cannot be used.";

const RESTORE: &str = "\
Examples:
  watertight restore --diff pasted.yaml
  watertight restore pasted.yaml | watertight check -

The structure comes from the schema of the kind, so it is a proposal: look at it. A text that has its structure stays as
it is.

Exit status: 0 done, 1 there was nothing to bring back, 2 input that cannot be used.";

const PSS: &str = "\
Examples:
  watertight pss --level baseline --kube-version v1.34 pod.yaml
  kubectl get pods -A -o json | watertight pss --format jsonl -

The level and the version are those that are asked for here, whatever a Namespace beside the pods says.

Exit status: 0 every pod is allowed, 1 at least one is not, 2 input that cannot be used.";

const EXPLAIN: &str = "\
Examples:
  watertight explain host-pid
  watertight explain KSV-0010        the rule for another tool's id
  watertight explain datree 20       where the id is a number, with the tool's name";

/// Where the manifests are.
#[derive(Args)]
pub(crate) struct Inputs {
    /// Files, folders (their .yaml, .yml and .json files) or - for standard input
    #[arg(value_name = "FILE|DIR|-")]
    pub(crate) inputs: Vec<PathBuf>,
}

/// What is asked of them.
#[derive(Args)]
pub(crate) struct Asked {
    /// The level to judge by: privileged, baseline, restricted, or hardened, which asks for more than the Pod Security
    /// Standards do: a read-only root file system, limits, no token of a service account, a user namespace
    #[arg(long, value_name = "LEVEL", default_value_t = Settings::default().level, value_parser = level)]
    pub(crate) level: Level,
    /// The Kubernetes version whose checks apply: latest, or such as v1.34
    #[arg(long, value_name = "VERSION", default_value_t, value_parser = version)]
    pub(crate) kube_version: KubeVersion,
    #[command(flatten)]
    pub(crate) node: Node,
}

impl Asked {
    pub(crate) fn settings(&self) -> Settings {
        let node = self.node.settings();
        Settings { level: self.level, kube_version: self.kube_version, node, ..Settings::default() }
    }
}

/// The node that the containers are to run on.
#[derive(Args)]
pub(crate) struct Node {
    /// Who makes the containers: containerd, cri-o, docker or podman
    #[arg(long, value_name = "RUNTIME", default_value = NodeSettings::default().runtime.word())]
    pub(crate) runtime: Runtime,
    /// Its version, such as 1.7.27 or as the node prints it; without it the answer may be "unknown"
    #[arg(long, value_name = "VERSION", value_parser = printed)]
    pub(crate) runtime_version: Option<Printed>,
    /// The kernel's version, such as 6.8 or as `uname -r` prints it; without it the answer may be "unknown"
    #[arg(long, value_name = "VERSION", value_parser = printed)]
    pub(crate) kernel: Option<Printed>,
    /// The node's processor: amd64, arm64, arm, ppc64le, s390x or riscv64
    #[arg(long, value_name = "ARCH", default_value = NodeSettings::default().arch.word())]
    pub(crate) arch: NodeArch,
}

impl Node {
    pub(crate) fn settings(&self) -> NodeSettings {
        let numbers = |printed: &Option<Printed>| printed.as_ref().map(|printed| printed.numbers);
        let (runtime_version, kernel) = (numbers(&self.runtime_version), numbers(&self.kernel));
        NodeSettings { runtime: self.runtime, runtime_version, kernel, arch: self.arch }
    }
}

/// A version as a program or a node prints it.
#[derive(Clone)]
pub(crate) struct Printed {
    pub(crate) numbers: Release,
    /// All of it, where more than numbers stands there: a vendor can have mended bugs without new numbers.
    pub(crate) whole: Option<String>,
}

#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub(crate) fail_on: Threshold,
}

/// What becomes of a changed text.
#[derive(Args)]
pub(crate) struct Change {
    /// Change the files instead of printing them
    #[arg(long, conflicts_with = "diff")]
    pub(crate) write: bool,
    /// Print the changes as a unified diff
    #[arg(long)]
    pub(crate) diff: bool,
}

#[derive(Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) change: Change,
}

#[derive(Args)]
pub(crate) struct Harden {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) change: Change,
    /// Add no emptyDir on /tmp beside a read-only root file system
    #[arg(long)]
    pub(crate) no_tmp: bool,
}

#[derive(Args)]
pub(crate) struct Pss {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// How to say it; jsonl is one JSON object a line
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: PssFormat,
    /// Judge the text as it is, without what the API server fills in
    #[arg(long)]
    pub(crate) raw: bool,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// The id of a rule, or another tool's id for the same fault
    #[arg(required = true)]
    pub(crate) rule: Vec<String>,
}

#[derive(Args)]
pub(crate) struct Rules {
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: RulesFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// The whole report
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Markdown, for an issue or a pull request
    Markdown,
    /// Annotations in the log of GitHub Actions
    Github,
    /// JUnit XML, for test reports
    Junit,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PssFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, one line a pod
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum RulesFormat {
    /// For people
    #[default]
    Text,
    /// Everything that is known of each rule
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Threshold {
    Critical,
    High,
    Medium,
    #[default]
    Low,
    Info,
    /// Findings never change the exit status
    Never,
}

impl Threshold {
    /// Whether a finding of that severity counts.
    pub(crate) fn reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Critical => severity >= Severity::Critical,
            Self::High => severity >= Severity::High,
            Self::Medium => severity >= Severity::Medium,
            Self::Low => severity >= Severity::Low,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

fn level(text: &str) -> Result<Level, String> {
    text.parse().map_err(|error| format!("{error}"))
}

/// As the labels of a namespace spell it, without the `v` as people say it, and with what clusters print behind it, which
/// no check asks for: `v1.29.3`.
pub(crate) fn version(text: &str) -> Result<KubeVersion, String> {
    let printed = || host::version(text).filter(|version| version.numbers.first() == Some(&1));
    let minor = || printed().map(|version| KubeVersion::Minor(version.branch()[1]));
    text.parse().or_else(|error| minor().ok_or_else(|| format!("{error}")))
}

/// Numbers, and what a vendor puts behind them.
pub(crate) fn printed(text: &str) -> Result<Printed, String> {
    let version = host::version(text).filter(|_| !text.contains(char::is_whitespace));
    match (text.parse(), version) {
        (Ok(numbers), _) => Ok(Printed { numbers, whole: None }),
        (Err(_), Some(version)) => {
            let [major, minor, patch] = version.numbers;
            Ok(Printed { numbers: Release::patch(major, minor, patch), whole: Some(text.to_owned()) })
        }
        (Err(error), None) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use watertight::text::megabytes;

    use super::*;
    use crate::input::{WHOLE_FILE, WHOLE_STDIN};

    #[test]
    fn the_declaration_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_help_names_the_limits() {
        for limit in [WHOLE_FILE, WHOLE_STDIN] {
            assert!(CHECK.contains(&megabytes(limit)), "{limit}");
        }
    }

    #[test]
    fn versions_as_people_write_them() {
        for (text, expected) in [("latest", "latest"), ("v1.34", "v1.34"), ("1.34", "v1.34")] {
            assert_eq!(version(text).unwrap().to_string(), expected);
        }
        for text in ["1.29.3", "v1.29.3", "v1.29.1-gke.100", "v1.29.3+k3s1"] {
            assert_eq!(version(text).unwrap().to_string(), "v1.29", "{text}");
        }
        for bad in ["", "34", "vlatest", "v2.1", "v2.1.0", "1.x", "1.29rc"] {
            assert!(version(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn versions_as_nodes_print_them() {
        for (text, numbers, whole) in [
            ("6.8", "6.8", None),
            ("v1.7.27", "1.7.27", None),
            ("6.8.0-31-generic", "6.8", Some("6.8.0-31-generic")),
            ("1.7.14+azure", "1.7.14", Some("1.7.14+azure")),
            ("5.15.133.1-microsoft-standard-WSL2", "5.15.133", Some("5.15.133.1-microsoft-standard-WSL2")),
        ] {
            let read = printed(text).unwrap();
            assert_eq!((read.numbers.to_string().as_str(), read.whole.as_deref()), (numbers, whole), "{text}");
        }
        for bad in ["", "6", "6.x", "six", "5.x-custom", "6.8.0-1\nrunc version 1.0"] {
            assert!(printed(bad).is_err(), "{bad}");
        }
    }
}
