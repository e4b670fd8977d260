use watertight_diagnostic::{FileId, Finding, Location, Severity};
use watertight_knowledge::host::{Stated, StatedFact, TABLE, Unreadable};
use watertight_text::Span;

use crate::Check;

declare_rule! {
    /// ## What it finds
    /// A version of the node's kernel or programs that cannot be read, or several, as different nodes have them.
    ///
    /// ## Why it matters
    /// Which known bugs a container gets to depends on these versions. Where one cannot be read, every answer that rests on it
    /// is "unknown". Of several each is judged, and a way out counts as open where it is open on one of the nodes.
    ///
    /// ## What to do
    /// Paste the output again as the program prints it, from the one node that the container runs on.
    ///
    /// ## Bad
    /// ```text
    /// Linux web-1 v5.x-custom #1 SMP x86_64 GNU/Linux
    /// ```
    ///
    /// ## Good
    /// ```text
    /// Linux web-1 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux
    /// ```
    DOUBTFUL_VERSION = {
        id: "doubtful-version",
        title: "Version in doubt",
        category: Correctness,
        severity: Medium,
        fixable: false,
        sources: [],
        check: Check::Reading,
    }
}

/// The finding for what is no version.
pub(crate) fn unreadable(found: &Unreadable<'_>, file: FileId) -> Finding {
    let place = Location { file, span: found.span, route: None, label: String::new() };
    if found.component == TABLE {
        let what = "This table of nodes is broken: its lines and its head do not have the same columns.";
        return Finding::new(&DOUBTFUL_VERSION.meta, place, what.to_owned())
            .why("Which versions stand below which title is a guess, so nothing of it counts.")
            .how("Paste it without wrapped or cut lines, or paste what `kubectl get nodes -o json` prints.");
    }
    let name = called(found.component);
    let what = match found.written {
        "" => format!("The version of {name} is missing."),
        written => format!("{written} is no version of {name}."),
    };
    Finding::new(&DOUBTFUL_VERSION.meta, place, what)
        .why(format!("Which known bugs of {name} a container gets to stays unknown."))
        .how("Paste the output as the program prints it.")
}

/// The finding for several versions, as those of several nodes; `None` for fewer than two. Texts count as the files do.
pub(crate) fn disputed(stated: &[Stated<'_>]) -> Option<Finding> {
    let name = called(stated.first()?.component);
    let written: Vec<&str> = stated.iter().map(|stated| stated.written).take(8).collect();
    let what = format!("{} versions of {name} are named: {}.", stated.len(), watertight_diagnostic::joined(&written));
    let why =
        "A pod may run on any of these nodes, so a way out counts as open where it is open on one of them.".to_owned();
    let finding = of_several(stated.iter().map(|stated| (stated.text, stated.span)), what, why)?;
    Some(finding.severity(Severity::Info))
}

/// The finding for what is said of a node in several ways; `None` for fewer than two. Texts count as the files do.
pub(crate) fn contradicted(stated: &[StatedFact]) -> Option<Finding> {
    let name = stated.first()?.fact.name();
    let values: Vec<&str> = stated.iter().map(|stated| stated.fact.value()).collect();
    let what = format!("Several things are said of the node: {name} is {}.", watertight_diagnostic::joined(&values));
    let why = "Nobody can say which of them a container meets, so what depends on it is unknown.".to_owned();
    of_several(stated.iter().map(|stated| (stated.text, stated.span)), what, why)
}

/// The finding at the first of several places, and the others beside it.
fn of_several(places: impl Iterator<Item = (usize, Span)>, what: String, why: String) -> Option<Finding> {
    let mut places = places.map(|(text, span)| {
        let file = FileId(u32::try_from(text).unwrap_or(u32::MAX));
        Location { file, span, route: None, label: String::new() }
    });
    let first = places.next()?;
    let mut others = places.take(50).peekable();
    others.peek()?;
    let finding = Finding::new(&DOUBTFUL_VERSION.meta, first, what)
        .why(why)
        .how("Keep the output of the one node that the container runs on, where there is one.")
        .severity(Severity::Medium);
    Some(others.fold(finding, Finding::related))
}

/// The component in words.
fn called(component: &str) -> &str {
    match component {
        "linux-kernel" => "the kernel",
        "docker" => "Docker Engine",
        "cri-o" => "CRI-O",
        "kubelet" => "the kubelet",
        "kata" => "Kata Containers",
        "podman" => "Podman",
        "buildkit" => "BuildKit",
        "buildah" => "Buildah",
        "nvidia-container-toolkit" => "the NVIDIA toolkit",
        name => name,
    }
}
