//! What the standards refuse, a rule explains, at the same place.
//!
//! Over every manifest of the folder that `WATERTIGHT_CORPUS` names; without the folder there is nothing to do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use watertight_diagnostic::{FileId, Finding, KubeVersion, Level, Route, Settings, Standard};
use watertight_pod::{Objects, read};
use watertight_pss::evaluate;
use watertight_yaml::parse;

#[test]
fn every_fault_has_a_finding() {
    let Some(corpus) = std::env::var_os("WATERTIGHT_CORPUS") else { return };
    let mut texts = Vec::new();
    for folder in ["pss/baseline", "pss/restricted", "manifests"] {
        collect(&Path::new(&corpus).join(folder), &mut texts);
    }
    let random = fs::read_to_string(Path::new(&corpus).join("pss-random/cases.jsonl")).unwrap_or_default();
    texts.extend(random.lines().filter_map(pod_of_case));
    // The same manifest stands there once for each version.
    texts.sort_by(|a, b| a.1.cmp(&b.1));
    texts.dedup_by(|a, b| a.1 == b.1);

    let mut missing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, text) in &texts {
        let objects = read(&parse(text));
        for version in [KubeVersion::Minor(18), KubeVersion::Minor(24), KubeVersion::Minor(30), KubeVersion::Latest] {
            for (check, place) in uncovered(&objects, version) {
                missing.entry(check).or_default().push(format!("{version} {name} {place}"));
            }
        }
    }
    let few: Vec<_> =
        missing.iter().map(|(check, all)| (check, all.len(), all.iter().take(3).collect::<Vec<_>>())).collect();
    assert!(missing.is_empty(), "{few:#?}");
}

/// The faults of both standards for which no rule speaks.
fn uncovered(objects: &Objects, version: KubeVersion) -> Vec<(&'static str, Route)> {
    let settings = Settings { kube_version: version, ..Settings::default() };
    let found = watertight_rules::run(objects, FileId(0), &settings);
    let mut missing = Vec::new();
    for pod in &objects.pods {
        // Restricted stands in for some checks of baseline, and exempts Windows from more.
        let levels = [Level::Baseline, Level::Restricted];
        for failure in levels.into_iter().flat_map(|level| evaluate(pod, level, version).failures) {
            for place in failure.places {
                if !found.iter().any(|finding| speaks(finding, failure.check, &place.route)) {
                    missing.push((failure.check, place.route));
                }
            }
        }
    }
    missing
}

/// Whether a finding is about a check of the standards and points at the place, or into it.
fn speaks(finding: &Finding, check: &str, place: &Route) -> bool {
    let mut points = std::iter::once(&finding.primary).chain(&finding.related).filter_map(|point| point.route.as_ref());
    finding.rule.ids_of(Standard::Pss).any(|id| id == check)
        && points.any(|route| route.contains(place) || place.contains(route))
}

fn collect(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            texts.push((path.display().to_string(), fs::read_to_string(&path).unwrap_or_default()));
        }
    }
}

/// A case of the random table holds its pod as JSON, which is YAML too.
fn pod_of_case(line: &str) -> Option<(String, String)> {
    let case: serde_json::Value = serde_json::from_str(line).ok()?;
    let pod = case.get("pod").or_else(|| case.get("manifest"))?;
    Some((case.get("id").or_else(|| case.get("name"))?.to_string(), pod.to_string()))
}
