//! Other people's manifests: every file is read, and every fixture of the Pod Security Standards is one pod.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

use watertight_diagnostic::KubeVersion;
use watertight_pod::{Objects, Problem, read};
use watertight_yaml::parse;

fn corpus() -> Option<PathBuf> {
    std::env::var_os("WATERTIGHT_CORPUS").map(PathBuf::from)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    // Another selection may lack the folder.
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            found.push(path);
        }
    }
}

fn objects(path: &Path) -> Objects {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    read(&parse(&text))
}

#[test]
fn each_fixture_of_the_standards_is_one_pod() {
    let Some(corpus) = corpus() else { return };
    let mut paths = Vec::new();
    files(&corpus.join("pss"), &mut paths);
    for path in paths {
        let objects = objects(&path);
        assert_eq!(objects.pods.len(), 1, "{}", path.display());
        assert_eq!(objects.pods[0].unreadable, [], "{}", path.display());
        // Upstream makes them from Go structs and has had API servers take them; only that an unmasked /proc needs a user
        // namespace came later.
        let is_new = |problem: &&Problem| problem.route.to_string().ends_with("procMount");
        let now = objects.problems.iter().filter(|problem| problem.versions.has(KubeVersion::Latest));
        let problems: Vec<&Problem> = now.filter(|problem| !is_new(problem)).collect();
        assert_eq!(problems, [] as [&Problem; 0], "{}", path.display());
    }
}

#[test]
fn every_manifest_is_read() {
    let Some(corpus) = corpus() else { return };
    let mut paths = Vec::new();
    files(&corpus.join("manifests"), &mut paths);
    let pods: usize = paths.iter().map(|path| objects(path).pods.len()).sum();
    assert!(pods > 1_000, "{pods}");
}
