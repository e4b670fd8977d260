//! Reading profiles as the node that is named reads them.

use std::path::Path;

use clap::Args;
use watertight::diagnostic::Route;
use watertight::text::nearest;
use watertight_knowledge::capability;
use watertight_seccomp::{Arch, Filter, Reader, Target, read};
use watertight_yaml::{Kind, Node as Tree};

use crate::arguments::Node;
use crate::input::Unusable;
pub(crate) use crate::input::text;
use crate::output::complain;

/// The node and the container that a profile is read for.
#[derive(Args)]
pub(crate) struct Reading {
    #[command(flatten)]
    node: Node,
    /// A capability of the container, for the gates of Docker's and Podman's profiles; instead of the runtime's own set
    #[arg(long = "cap", value_name = "CAP", value_parser = known_capability)]
    caps: Vec<String>,
}

impl Reading {
    /// The node's own ABI.
    pub(crate) fn arch(&self) -> Arch {
        Arch::from_go_name(self.node.arch.word()).unwrap_or(Arch::X86_64)
    }

    /// Reads the profile of a file. `None` when that does not work; then it has been said why.
    pub(crate) fn filter(&self, path: &Path) -> Option<Filter> {
        self.read(path).map_err(|reason| complain(&Unusable { name: path.to_string_lossy().into_owned(), reason })).ok()
    }

    /// The profiles that the runtime brings along: that of its version, or the laxest and the strictest that it may be.
    pub(crate) fn defaults(&self) -> Vec<Filter> {
        let own = self.own_caps();
        let caps: Vec<&str> = own.iter().map(String::as_str).collect();
        let node = self.node.settings();
        let editions = watertight_seccomp::defaults::of(node.runtime, node.runtime_version);
        editions.into_iter().filter_map(|edition| edition.filter(&self.target(&caps)).ok()?).collect()
    }

    fn target<'c>(&self, caps: &'c [&'c str]) -> Target<'c> {
        let kernel = self.node.settings().kernel.map_or(Target::USUAL_KERNEL, |kernel| (kernel.major, kernel.minor));
        Target { arch: self.arch(), caps, kernel }
    }

    fn read(&self, path: &Path) -> Result<Filter, String> {
        let text = text(path)?;
        let stream = watertight_yaml::parse(&text);
        if let Some(document) = stream.documents.iter().find(|document| document.root().is_none()) {
            let problem = document.problems.first().map(|problem| problem.message.clone());
            return Err(problem.unwrap_or_else(|| "there is no profile in it".to_owned()));
        }
        let mut roots = stream.documents.iter().filter_map(|document| document.root()).map(inside);
        let Some(node) = roots.next() else { return Err("there is no profile in it".to_owned()) };
        if roots.next().is_some() {
            return Err("there are several profiles in it; give each a file of its own".to_owned());
        }
        let (profile, faults) = read::read(node, &Route::root(0));
        if let Some(fault) = faults.first() {
            return Err(format!("{}: it should be {}", fault.route, fault.expected));
        }
        let own = self.own_caps();
        let caps: Vec<&str> = own.iter().map(String::as_str).collect();
        let target = self.target(&caps);
        let read = profile.as_read_by(Reader::of(self.node.runtime), &target);
        let read = read.map_err(|refusal| format!("{} refuses it: {refusal}", self.node.runtime.name()))?;
        read.ok_or_else(|| "no action and no calls: every runtime takes this for no seccomp at all".to_owned())
    }

    fn own_caps(&self) -> Vec<String> {
        if !self.caps.is_empty() {
            return self.caps.clone();
        }
        capability::usual(self.node.runtime)
    }
}

/// The name with `CAP_`, however it is written; an error when there is none like it.
fn known_capability(written: &str) -> Result<String, String> {
    let upper = written.to_ascii_uppercase();
    let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
    if capability::by_name(name).is_some() {
        return Ok(format!("CAP_{name}"));
    }
    let near = nearest(name, capability::all().iter().map(|capability| capability.name));
    Err(near.map_or("there is no such capability".to_owned(), |near| format!("did you mean {near}?")))
}

/// The profile in a runtime's `config.json` or in an object of the Security Profiles Operator; else the whole.
fn inside(root: Tree<'_>) -> Tree<'_> {
    let mapping = |node: &Tree<'_>| node.kind() == Kind::Mapping;
    if let Some(profile) = root.get("linux").and_then(|linux| linux.get("seccomp")).filter(mapping) {
        return profile;
    }
    root.get("spec").filter(mapping).unwrap_or(root)
}
