//! Versions in the lines that programs print about themselves.

use super::Reading;
use crate::cve::kernel_vendor;
use crate::version::Version;

/// What a line begins with, and whose version is the next word.
///
/// Longer beginnings first: `containerd` alone is the beginning of several.
const BEGINNINGS: [(&str, &str); 18] = [
    ("Linux version ", "linux-kernel"),
    ("runc version ", "runc"),
    ("runc version: ", "runc"),
    ("crun version ", "crun"),
    ("youki version ", "youki"),
    ("Docker version ", "docker"),
    ("Server Version: ", "docker"),
    ("Kernel Version: ", "linux-kernel"),
    ("podman version ", "podman"),
    ("buildah version ", "buildah"),
    ("crio version ", "cri-o"),
    ("Kubernetes ", "kubelet"),
    ("NVIDIA Container Toolkit CLI version ", "nvidia-container-toolkit"),
    ("NVIDIA Container Runtime Hook version ", "nvidia-container-toolkit"),
    ("cli-version: ", "nvidia-container-toolkit"),
    ("kata-runtime  : ", "kata"),
    ("kata-runtime : ", "kata"),
    ("containerd-shim-kata-v2: ", "kata"),
];

/// Programs that print where their code lies before the version.
const WITH_ADDRESS: [(&str, &str); 3] =
    [("containerd ", "containerd"), ("buildctl ", "buildkit"), ("buildkitd ", "buildkit")];

/// What the sections of `docker version` are about.
const SECTIONS: [(&str, Option<&str>); 6] = [
    ("Client", None),
    ("Engine:", Some("docker")),
    ("Podman Engine:", Some("podman")),
    ("containerd:", Some("containerd")),
    ("runc:", Some("runc")),
    ("docker-init:", None),
];

/// Reads every line.
pub(super) fn read<'t>(text: &'t str, reading: &mut Reading<'t>) {
    let mut section = None;
    let mut runtime = None;
    let mut at = 0;
    let all = text.trim();
    for whole in text.split_inclusive('\n') {
        let line = whole.trim();
        let start = at + (whole.len() - whole.trim_start().len());
        at += whole.len();
        if let Some((_, about)) = SECTIONS.iter().find(|(name, _)| is_section(line, name)) {
            section = *about;
        } else if let Some(name) = line.strip_prefix("RuntimeName:") {
            runtime = of_runtime(name.trim());
        } else {
            let about = [("Version:", section), ("RuntimeVersion:", runtime)];
            let told = about.iter().find_map(|(name, about)| Some((line.strip_prefix(name)?, (*about)?)));
            match told {
                Some((rest, component)) => word(component, rest, start + line.len() - rest.len(), reading),
                None => one(line, start, all, reading),
            }
        }
    }
}

fn is_section(line: &str, name: &str) -> bool {
    if name.ends_with(':') { line == name } else { line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')) }
}

/// The component behind a runtime's name, as CRI calls it.
pub(super) fn of_runtime(name: &str) -> Option<&'static str> {
    match name {
        "containerd" => Some("containerd"),
        "cri-o" | "crio" => Some("cri-o"),
        "docker" => Some("docker"),
        _ => None,
    }
}

/// A line that says it all by itself; `all` is the text around it, trimmed.
fn one<'t>(line: &'t str, start: usize, all: &'t str, reading: &mut Reading<'t>) {
    if let Some(rest) = line.strip_prefix("Linux ").filter(|rest| !rest.starts_with("version ")) {
        return uname(rest, start + line.len() - rest.len(), reading);
    }
    for (beginning, component) in BEGINNINGS {
        let bare = beginning.trim_end();
        // Nothing behind it is something wrong, too.
        if let Some(rest) = line.strip_prefix(beginning).or_else(|| if line == bare { Some("") } else { None }) {
            // Prose may begin so; a version does not begin with a small letter.
            let is_prose = component == "kubelet" && !rest.starts_with('v');
            // `kubectl version` calls the API server so, with a `v`; `docker info` has none.
            let is_cluster = beginning == "Server Version: " && rest.starts_with('v');
            if !is_prose && !is_cluster {
                word(component, rest, start + line.len() - rest.len(), reading);
            }
            return;
        }
    }
    for (beginning, component) in WITH_ADDRESS {
        let Some(rest) = line.strip_prefix(beginning) else { continue };
        let Some((_, rest)) = rest.split_once(' ').filter(|(address, _)| address.contains(['.', '/'])) else {
            continue;
        };
        return word(component, rest, start + line.len() - rest.len(), reading);
    }
    // `uname -r` prints nothing else, so the text has to be this line.
    let is_alone = all == line && !line.contains(char::is_whitespace);
    if is_alone
        && Version::read(line).is_some_and(|version| version.written >= 2 && kernel_vendor(version.suffix).is_some())
    {
        reading.state("linux-kernel", line, start);
    }
}

/// The first word of what stands behind a name.
fn word<'t>(component: &'static str, rest: &'t str, start: usize, reading: &mut Reading<'t>) {
    let lead = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let end = rest.find([' ', '\t', ',']).unwrap_or(rest.len());
    let written = rest.get(..end).unwrap_or_default();
    let told = if component == "linux-kernel" { package(rest) } else { None };
    reading.state_as(component, written, told.unwrap_or(written), start + lead);
}

/// `uname -a` behind its first word: the host's name, the release, and then what was built when.
fn uname<'t>(rest: &'t str, start: usize, reading: &mut Reading<'t>) {
    let mut words = rest.split(' ');
    let (Some(name), Some(release), Some(build)) = (words.next(), words.next(), words.next()) else { return };
    // Prose has no number of a build in the third place.
    if !build.starts_with('#') {
        return;
    }
    reading.state_as("linux-kernel", release, package(rest).unwrap_or(release), start + name.len() + 1);
}

/// The version of Debian's package, which stands behind the distribution's name.
fn package(rest: &str) -> Option<&str> {
    let (_, behind) = rest.split_once(" Debian ")?;
    let package = behind.split(' ').next()?;
    super::version(package).map(|_| package)
}
