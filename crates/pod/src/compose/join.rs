//! Services that join others of their file: what the other one shares with the host, or has of it, comes along.
//!
//! Sources: `05-services.md` of the Compose Specification (`pid`, `ipc`, `network_mode`, `volumes_from`); `registerMountPoints`
//! in `daemon/volumes.go` of moby: what a container mounts itself wins, and of others that which is named last.

use std::collections::{HashMap, HashSet};

use watertight_text::few;

use crate::budget::Budget;
use crate::engine::mount::{Below, From, Mounted};
use crate::{Field, Mount, Object, Objects, Pod, Problem, ProblemKind, Site, Versions, Volume};

/// Lets the services from this one on join each other.
pub(super) fn all(objects: &mut Objects, first: usize, budget: &mut Budget) {
    let Some(pods) = objects.pods.get(first..) else { return };
    let services = Services::of(pods, &objects.objects);
    let namespaces = Namespace::ALL.map(|namespace| services.joined(&namespace));
    let mut volumes = Vec::new();
    for at in 0..pods.len() {
        let (all, looked_at) = services.volumes(at);
        if !budget.volumes(looked_at) {
            objects.problems.extend(pods.get(at).map(too_many));
            break;
        }
        volumes.push(all);
    }
    let Some(pods) = objects.pods.get_mut(first..) else { return };
    for (namespace, joined) in Namespace::ALL.into_iter().zip(namespaces) {
        for (at, field) in joined {
            if let Some(pod) = pods.get_mut(at) {
                *(namespace.host_mut)(pod) = field;
            }
        }
    }
    for (pod, all) in pods.iter_mut().zip(volumes) {
        for mounted in all {
            let (volume, mount) = mounted.into_model(pod.volumes.len(), &pod.route.key("volumes"));
            few::push(&mut pod.volumes, volume);
            if let Some(container) = pod.containers.first_mut() {
                few::push(&mut container.mounts, mount);
            }
        }
    }
}

fn too_many(pod: &Pod) -> Problem {
    let message =
        "This service and those before it take over too many volumes of others; from here on they are left out.";
    let kind = ProblemKind::BadValue { message: message.to_owned() };
    Problem { kind, span: pod.head, route: pod.route.clone(), versions: Versions::ALL }
}

/// A namespace that may be that of another service.
struct Namespace {
    mode: fn(&Pod) -> &Field<String>,
    host: fn(&Pod) -> &Field<bool>,
    host_mut: fn(&mut Pod) -> &mut Field<bool>,
}

impl Namespace {
    const ALL: [Self; 3] = [
        Self { mode: |pod| &pod.engine.pid, host: |pod| &pod.host_pid, host_mut: |pod| &mut pod.host_pid },
        Self { mode: |pod| &pod.engine.ipc, host: |pod| &pod.host_ipc, host_mut: |pod| &mut pod.host_ipc },
        Self { mode: |pod| &pod.engine.network, host: |pod| &pod.host_network, host_mut: |pod| &mut pod.host_network },
    ];
}

/// The services of one file, by what others call them.
struct Services<'p> {
    pods: &'p [Pod],
    by_name: HashMap<&'p str, usize>,
    by_container: HashMap<&'p str, usize>,
}

impl<'p> Services<'p> {
    fn of(pods: &'p [Pod], objects: &'p [Object]) -> Self {
        let name = |(at, pod): (usize, &'p Pod)| Some((objects.get(pod.object)?.name.as_str(), at));
        let container = |(at, pod): (usize, &'p Pod)| Some((pod.containers.first()?.name.as_str(), at));
        Self {
            pods,
            by_name: pods.iter().enumerate().filter_map(name).collect(),
            by_container: pods.iter().enumerate().filter_map(container).collect(),
        }
    }

    /// The service of `service:db` or `container:db`.
    fn of_mode(&self, mode: &str) -> Option<usize> {
        match mode.split_once(':')? {
            ("service", name) => self.by_name.get(name).copied(),
            ("container", name) => self.by_container.get(name).copied(),
            _ => None,
        }
    }

    /// The service of `db`, `db:ro`, `container:db` or `container:db:ro`, and whether its volumes are to be read-only.
    fn of_volumes(&self, written: &str) -> Option<(usize, bool)> {
        let (named, names) = match written.strip_prefix("container:") {
            Some(named) => (named, &self.by_container),
            None => (written, &self.by_name),
        };
        let (name, modes) = named.split_once(':').unwrap_or((named, ""));
        Some((*names.get(name)?, modes.split(',').any(|mode| mode == "ro")))
    }

    /// What those who join this namespace share with the host.
    fn joined(&self, namespace: &Namespace) -> Vec<(usize, Field<bool>)> {
        let ends = self.ends(namespace);
        let host = |((at, pod), end): ((usize, &Pod), Option<usize>)| {
            let site = (namespace.mode)(pod).site()?;
            let host = match (namespace.host)(self.pods.get(end?)?) {
                Field::Set(true, _) => Field::Set(true, site),
                Field::Unreadable(_) => Field::Unreadable(site),
                _ => return None,
            };
            Some((at, host))
        };
        self.pods.iter().enumerate().zip(ends).filter_map(host).collect()
    }

    /// For each service the one whose namespace it ends up in; none for those that join in a circle, which Compose refuses. Each is
    /// gone through once, for a chain may be as long as the file.
    fn ends(&self, namespace: &Namespace) -> Vec<Option<usize>> {
        let next = |at: usize| (namespace.mode)(self.pods.get(at)?).text().and_then(|mode| self.of_mode(mode));
        let mut ends: Vec<Option<Option<usize>>> = vec![None; self.pods.len()];
        for first in 0..self.pods.len() {
            let mut passed = Vec::new();
            let mut at = first;
            let end = loop {
                match ends.get(at).copied().flatten() {
                    Some(end) => break end,
                    None => passed.push(at),
                }
                // Until its end is known, whoever comes by again goes in a circle.
                if let Some(end) = ends.get_mut(at) {
                    *end = Some(None);
                }
                match next(at) {
                    Some(next) => at = next,
                    None => break Some(at),
                }
            };
            for at in passed {
                if let Some(known) = ends.get_mut(at) {
                    *known = Some(end);
                }
            }
        }
        ends.into_iter().map(Option::flatten).collect()
    }

    /// The folders of the host that come with the volumes of others, and how much had to be looked at.
    fn volumes(&self, at: usize) -> (Vec<Mounted>, usize) {
        let Some(pod) = self.pods.get(at).filter(|pod| !pod.engine.volumes_from.is_empty()) else {
            return (Vec::new(), 0);
        };
        let mut taken: HashSet<&str> = mounts(pod).filter_map(|(_, mount)| mount.path.text()).collect();
        let mut seen = HashSet::from([at]);
        let named = pod.engine.volumes_from.iter();
        let mut ahead: Vec<_> = named.filter_map(|named| Some((self.of_volumes(&named.name)?, named.site))).collect();
        let (mut found, mut looked_at) = (Vec::new(), 0);
        while let Some(((at, read_only), site)) = ahead.pop() {
            looked_at += 1;
            let Some(other) = self.pods.get(at).filter(|_| seen.insert(at)) else { continue };
            for (volume, mount) in mounts(other) {
                looked_at += 1;
                if mount.path.text().is_none_or(|target| taken.insert(target)) {
                    found.extend(mounted(volume, mount, read_only, site));
                }
            }
            let named = other.engine.volumes_from.iter();
            let next = named.filter_map(|named| self.of_volumes(&named.name));
            ahead.extend(next.map(|(at, also)| ((at, read_only || also), site)));
        }
        (found, looked_at)
    }
}

/// What a service mounts itself. Devices and what lies in memory by `tmpfs` are no volumes.
fn mounts(pod: &Pod) -> impl Iterator<Item = (&Volume, &Mount)> {
    let mounts = pod.containers.iter().flat_map(|container| &container.mounts);
    let is_device = |volume: &Volume| volume.host_path.get().is_some_and(|path| path.kind.is_set());
    pod.volumes.iter().zip(mounts).filter(move |(volume, _)| !is_device(volume))
}

/// The mount of another service, as one of the statement that takes it over.
fn mounted(volume: &Volume, mount: &Mount, read_only: bool, site: Site) -> Option<Mounted> {
    let path = volume.host_path.get()?.path.text();
    Some(Mounted {
        from: From::Host(path.map(str::to_owned)),
        source: site.value,
        target: mount.path.text().map(str::to_owned),
        target_span: site.value,
        read_only: (read_only || mount.read_only.is_true()).then_some((true, site.value)),
        below: Below::of_word(mount.recursive_read_only.text()),
        idmap: None,
        propagation: mount.propagation.text().map(|spread| (spread.to_owned(), site.value)),
        site,
    })
}
