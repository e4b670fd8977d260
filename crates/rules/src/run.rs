use watertight_diagnostic::{FileId, Finding, Settings};
use watertight_pod::{Neighbours, Objects};

use crate::{Check, FileSubject, Subject, all, host_path};

/// Shows everything in one file to every rule, as if there were no other file. The findings stand in the order of pods, then of rules; whoever reports
/// them sorts.
pub fn run(objects: &Objects, file: FileId, settings: &Settings) -> Vec<Finding> {
    run_by_pod(objects, &Neighbours::of([objects]), file, settings).0
}

/// The same among the objects of other files. Beside the findings: for each pod in [`Objects::pods`] where its own end. Those
/// behind the last pod's are about other objects.
pub fn run_by_pod(
    objects: &Objects,
    neighbours: &Neighbours<'_>,
    file: FileId,
    settings: &Settings,
) -> (Vec<Finding>, Vec<usize>) {
    let mut found = Vec::new();
    let mut ends = Vec::with_capacity(objects.pods.len());
    for pod in &objects.pods {
        let Some(object) = objects.objects.get(pod.object) else {
            ends.push(found.len());
            continue;
        };
        let subject = Subject { pod, object, neighbours, file, settings };
        let host_paths: Vec<_> = pod.volumes.iter().filter_map(|volume| host_path::read(&subject, volume)).collect();
        for rule in all() {
            match rule.check {
                Check::Pod(check) => check(&subject, &mut found),
                Check::Container(check) => {
                    pod.containers.iter().for_each(|container| check(&subject, container, &mut found));
                }
                Check::Volume(check) => pod.volumes.iter().for_each(|volume| check(&subject, volume, &mut found)),
                Check::HostPath(check) => host_paths.iter().for_each(|host| check(&subject, host, &mut found)),
                Check::Objects(_) | Check::Reading => {}
            }
        }
        ends.push(found.len());
    }
    let whole = FileSubject { objects, neighbours, file, settings };
    for rule in all() {
        if let Check::Objects(check) = rule.check {
            check(&whole, &mut found);
        }
    }
    (found, ends)
}
