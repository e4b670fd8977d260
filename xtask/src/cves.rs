//! Compares the known bugs in `crates/knowledge/data/cves.txt` with public feeds and says what has changed since.
//!
//! Nothing is written by itself: what a feed says of ranges is often coarser than what was read for an entry, and how a
//! container gets to a bug stands in no feed. A person looks at each line, reads the record, edits the file and its date.
//!
//! - CISA's list of bugs that were seen exploited: a day that is new or has changed, and bugs of our programs that are
//!   missing in the data.
//! - The index of the Go vulnerability database: bugs of runc, containerd, Docker and their kin that are missing in the
//!   data, and fixed versions that the data does not name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use watertight_knowledge::cve::{self, Cve, End};
use xshell::{Shell, cmd};

use crate::workspace;

/// A feed: the name of its file, and where it is fetched from.
const FEEDS: [(&str, &str); 3] = [
    ("kev.json", "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"),
    ("modules.json", "https://vuln.go.dev/index/modules.json"),
    ("vulns.json", "https://vuln.go.dev/index/vulns.json"),
];

/// Go modules, by the beginning of their paths, and what the data calls the program.
const MODULES: [(&str, &str); 10] = [
    ("github.com/opencontainers/runc", "runc"),
    ("github.com/containerd/containerd", "containerd"),
    ("github.com/docker/docker", "docker"),
    ("github.com/moby/moby", "docker"),
    ("github.com/moby/buildkit", "buildkit"),
    ("github.com/cri-o/cri-o", "cri-o"),
    ("github.com/containers/podman", "podman"),
    ("github.com/containers/common", "containers-common"),
    ("k8s.io/kubernetes", "kubelet"),
    ("github.com/NVIDIA/nvidia-container-toolkit", "nvidia-container-toolkit"),
];

/// Vendors on CISA's list whose bugs matter here, with the words that their products begin with.
const VENDORS: [(&str, &str); 5] = [
    ("Linux", "Kernel"),
    ("Docker", ""),
    ("Kubernetes", ""),
    ("Open Container Initiative", ""),
    ("NVIDIA", "Container"),
];

/// Compares with the feeds in a folder; without one they are fetched with curl into the target folder.
pub fn compare(folder: Option<&str>) -> Result<()> {
    let folder = match folder {
        Some(folder) => PathBuf::from(folder),
        None => fetch()?,
    };
    let read = |name: &str| -> Result<Value> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
    };
    let mut lines = exploited(&read("kev.json")?);
    lines.extend(modules(&read("modules.json")?, &read("vulns.json")?));
    for line in &lines {
        println!("{line}");
    }
    println!(
        "{} differences from the data of {}; {} bugs are known and {} are watched.",
        lines.len(),
        cve::date(),
        cve::all().len(),
        cve::watched().len()
    );
    Ok(())
}

fn fetch() -> Result<PathBuf> {
    let folder = workspace::target().join("cves");
    fs::create_dir_all(&folder)?;
    let sh = Shell::new()?;
    for (name, address) in FEEDS {
        println!("fetching {address}");
        let file: &Path = &folder.join(name);
        cmd!(sh, "curl --fail --silent --show-error --location --output {file} {address}").quiet().run()?;
    }
    Ok(folder)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// What CISA's list says and the data does not.
fn exploited(feed: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let mut listed = BTreeSet::new();
    for entry in items(feed, "vulnerabilities") {
        let (id, day) = (text(entry, "cveID"), text(entry, "dateAdded"));
        let (vendor, product) = (text(entry, "vendorProject"), text(entry, "product"));
        match cve::by_id(id) {
            Some(known) => {
                listed.insert(known.id);
                if known.exploited != day {
                    let before = if known.exploited.is_empty() { "nothing" } else { known.exploited };
                    lines.push(format!("{id}: listed as exploited since {day}, the data says {before}"));
                }
            }
            None => {
                let is_ours = VENDORS.iter().any(|(ours, begin)| *ours == vendor && product.starts_with(begin));
                if is_ours && !is_watched(id) {
                    lines.push(format!("{id}: listed as exploited since {day} in {vendor} {product}, not in the data"));
                }
            }
        }
    }
    let gone = cve::all().iter().filter(|known| !known.exploited.is_empty() && !listed.contains(known.id));
    lines.extend(gone.map(|known| format!("{}: no longer listed as exploited", known.id)));
    lines
}

/// What the Go vulnerability database says and the data does not.
fn modules(modules: &Value, vulns: &Value) -> Vec<String> {
    let aliases: BTreeMap<&str, Vec<&str>> = vulns
        .as_array()
        .into_iter()
        .flatten()
        .map(|vuln| (text(vuln, "id"), items(vuln, "aliases").filter_map(Value::as_str).collect()))
        .collect();
    let mut lines = Vec::new();
    for module in modules.as_array().into_iter().flatten() {
        let path = text(module, "path");
        let Some((_, component)) = MODULES.iter().find(|(begin, _)| is_module(path, begin)) else { continue };
        for vuln in items(module, "vulns") {
            let (id, fixed) = (text(vuln, "id"), text(vuln, "fixed"));
            let ids = || std::iter::once(id).chain(aliases.get(id).into_iter().flatten().copied());
            let names: Vec<_> = ids().collect();
            match ids().find_map(cve::by_id) {
                None if ids().any(is_watched) => {}
                None => lines.push(format!("{}: new in {component}, fixed in {}", names.join(" "), or_nothing(fixed))),
                Some(known) if !fixed.is_empty() && !ends(known).contains(&fixed) => {
                    lines.push(format!(
                        "{}: fixed in {component} {fixed}, the data says {}",
                        known.id,
                        ends(known).join(", ")
                    ));
                }
                Some(_) => {}
            }
        }
    }
    lines
}

/// Whether a module path is the module or one of its major versions.
fn is_module(path: &str, begin: &str) -> bool {
    path.strip_prefix(begin).is_some_and(|rest| rest.is_empty() || rest.starts_with("/v"))
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing yet" } else { text }
}

fn is_watched(id: &str) -> bool {
    cve::watched().iter().any(|watched| watched.id.eq_ignore_ascii_case(id))
}

/// The versions at which the ranges of a bug end.
fn ends(known: &Cve) -> Vec<&'static str> {
    let branches = known.branches.iter().map(|(_, range)| range);
    let ranges = known.ranges.iter().chain(branches).chain(known.also.iter().map(|(_, range)| range));
    let ends = ranges.filter_map(|range| match range.end {
        End::Fixed(end) | End::Last(end) => Some(end.written),
        End::Open => None,
    });
    ends.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_listed_as_exploited() {
        let entry = |id: &str, vendor: &str, product: &str| json!({"cveID": id, "vendorProject": vendor, "product": product, "dateAdded": "2030-01-02"});
        let feed = json!({"vulnerabilities": [
            entry("CVE-2019-5736", "Open Container Initiative", "runc"),
            entry("CVE-2030-0001", "Linux", "Kernel"),
            entry("CVE-2030-0002", "Acme", "Toaster"),
        ]});
        let lines = exploited(&feed);
        assert!(
            lines.iter().any(|line| line.starts_with("CVE-2019-5736: listed as exploited since 2030-01-02")),
            "{lines:?}"
        );
        assert!(lines.iter().any(|line| line.starts_with("CVE-2030-0001") && line.ends_with("not in the data")));
        assert!(!lines.iter().any(|line| line.contains("CVE-2030-0002")));
        let known = cve::all().iter().find(|known| !known.exploited.is_empty()).expect("some are listed");
        assert!(lines.contains(&format!("{}: no longer listed as exploited", known.id)));
    }

    #[test]
    fn what_is_new_in_go_modules() {
        let feed = json!([
            {"path": "github.com/opencontainers/runc", "vulns": [
                {"id": "GO-1", "fixed": "1.0.0-rc6"}, {"id": "GO-2", "fixed": "9.9.9"}, {"id": "GO-3", "fixed": "9.0.0"}]},
            {"path": "github.com/containerd/containerd/v2", "vulns": [{"id": "GO-4"}]},
            {"path": "github.com/containerd/containerd-shim", "vulns": [{"id": "GO-5"}]},
        ]);
        let vulns = json!([
            {"id": "GO-1", "aliases": ["CVE-2019-5736"]}, {"id": "GO-2", "aliases": ["CVE-2030-1"]},
            {"id": "GO-3", "aliases": ["CVE-2019-5736"]}
        ]);
        let lines = modules(&feed, &vulns);
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert_eq!(lines[0], "GO-2 CVE-2030-1: new in runc, fixed in 9.9.9");
        assert!(lines[1].starts_with("CVE-2019-5736: fixed in runc 9.0.0, the data says "), "{lines:?}");
        assert_eq!(lines[2], "GO-4: new in containerd, fixed in nothing yet");
    }
}
