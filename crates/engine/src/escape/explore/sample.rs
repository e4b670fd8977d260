//! A pod to try things on: what is explored is put in and taken out, and the map follows.

use serde_json::json;
use watertight_diagnostic::ask::explore::Sample;
use watertight_diagnostic::{FileId, Operation};
use watertight_pod::{Container, Pod};

use super::subject::Subject;
use crate::Input;
use crate::source::Source;

/// Root with little else, so that what is put in shows.
const SAMPLE: &str = "\
# A pod to try things on: the explorer puts in and takes out what you pick.
apiVersion: v1
kind: Pod
metadata:
  name: sample
spec:
  automountServiceAccountToken: false
  containers:
    - name: app
      image: example.com/app:1.0
      securityContext:
        runAsUser: 0
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        seccompProfile:
          type: RuntimeDefault
        capabilities:
          drop:
            - ALL
      resources:
        limits:
          cpu: 500m
          memory: 64Mi
          ephemeral-storage: 1Gi
";

/// Puts what is explored into the sample pod, or takes it out when it is in it.
pub(super) fn sample(subject: &Subject, text: &str) -> Sample {
    let text = if text.trim().is_empty() { SAMPLE } else { text };
    let source = Source::read(FileId(0), Input { name: "", text });
    let found = source.objects.pods.first().and_then(|pod| Some((pod, pod.containers.first()?)));
    let Some((pod, container)) = found else {
        let refused = "There is no pod with a container in the sample any more: delete its text to begin anew.";
        return Sample { has: false, text: text.to_owned(), refused: refused.to_owned() };
    };
    let (has, operations) = match subject {
        Subject::Capability(known) => capability(known.name, container),
        Subject::Path { path, writable } => mount(path.as_str(), *writable, pod, container),
    };
    let plan = watertight_yaml::edit::plan(&source.stream, &operations);
    let refused = plan.refused.into_iter().next().map(|refusal| refusal.reason).unwrap_or_default();
    let changed = watertight_text::apply(text, &plan.edits).ok().filter(|_| refused.is_empty());
    Sample { has, text: changed.unwrap_or_else(|| text.to_owned()), refused }
}

fn capability(name: &str, container: &Container) -> (bool, Vec<Operation>) {
    let list = container.route.keys("securityContext.capabilities.add");
    let at = container.security.capabilities_add.iter().position(|added| added.name == name);
    match at {
        // An empty list stays away.
        Some(at) => (true, vec![Operation::Remove { route: list.index(at), parents: 1 }]),
        None => (false, vec![Operation::append(list, name)]),
    }
}

/// A volume of the same folder, mounted so that as much of it can be written, is it.
fn mount(path: &str, writable: bool, pod: &Pod, container: &Container) -> (bool, Vec<Operation>) {
    let is_it = |volume: &watertight_pod::Volume| {
        let found = volume.host_path.get().and_then(|host| host.path.text());
        found.is_some_and(|found| watertight_knowledge::path::NodePath::new(found).as_str() == path)
    };
    let mounts = container.route.key("volumeMounts");
    let known = pod.volumes.iter().enumerate().find(|(_, volume)| is_it(volume));
    let mounted = known.and_then(|(at, volume)| {
        let mount = container.mounts.iter().find(|mount| mount.volume.text() == Some(volume.name.as_str()))?;
        Some((at, mount))
    });
    match mounted {
        Some((at, mount)) if mount.read_only.is_true() != writable => {
            let volume = Operation::Remove { route: pod.route.key("volumes").index(at), parents: 1 };
            (true, vec![Operation::Remove { route: mounts.index(mount.index), parents: 1 }, volume])
        }
        Some((_, mount)) => (false, vec![Operation::set(mounts.index(mount.index).key("readOnly"), !writable)]),
        None => {
            let name = free_name(path, pod);
            let volume = json!({"name": name, "hostPath": {"path": path}});
            let target = ["/host", path.trim_end_matches('/')].concat();
            let mount = json!({"name": name, "mountPath": target, "readOnly": !writable});
            (false, vec![Operation::append(mounts, mount), Operation::append(pod.route.key("volumes"), volume)])
        }
    }
}

/// The path in letters, digits and dashes, as names of volumes have to be.
fn free_name(path: &str, pod: &Pod) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = path.chars().map(plain).collect();
    let name = name.trim_matches('-');
    // A name has no more than 63 characters; these leave room for a number.
    let short: String = ["host-", name].concat().chars().take(56).collect();
    let short = short.trim_end_matches('-');
    let is_free = |name: &str| pod.volumes.iter().all(|volume| volume.name != name);
    let numbered = (2..).map(|number: u32| [short, "-", &number.to_string()].concat());
    std::iter::once(short.to_owned()).chain(numbered).find(|name| is_free(name)).unwrap_or_default()
}
