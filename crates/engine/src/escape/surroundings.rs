//! What stands around the containers of a set of files, read once for all of them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use watertight_diagnostic::Settings;
use watertight_escape::attempt::{Foreseen, Machine, foresee};
use watertight_escape::rights::{File, Rights, Roles};
use watertight_escape::{Bound, Map, Node, World, map};
use watertight_knowledge::path::NodePath;
use watertight_pod::{Container, Field, Neighbours, Object, PersistentVolume, Pod};

use super::network::Policies;
use super::profiles::{ApparmorCache, ApparmorDefault, apparmor_defaults};
use super::{node, profiles};
use crate::source::Source;

/// The namespace and the name of a service account.
type Account = (Option<String>, String);

/// Everything around the pods.
pub(super) struct Surroundings<'a> {
    pub(super) sources: &'a [Source<'a>],
    pub(super) settings: &'a Settings,
    pub(super) neighbours: Neighbours<'a>,
    pub(super) node: Node<'a>,
    policies: Policies<'a>,
    roles: Roles<'a>,
    pub(super) apparmor_cache: ApparmorCache,
    apparmor: OnceCell<Rc<Vec<ApparmorDefault>>>,
    /// What was asked for already.
    rights: RefCell<HashMap<Account, Option<Rc<Rights>>>>,
}

/// A container with its map.
pub(super) struct LookedAt<'a> {
    pub(super) object: &'a Object,
    pub(super) container: &'a Container,
    pub(super) map: Map,
    /// What keeps it from starting, as sentences.
    pub(super) stillborn: Vec<String>,
}

/// The files as the reader of roles takes them.
pub(super) fn files<'a>(sources: &'a [Source<'a>]) -> Vec<File<'a>> {
    sources.iter().map(|source| File { index: source.id.0, stream: &source.stream, objects: &source.objects }).collect()
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(sources: &'a [Source<'a>], files: &'a [File<'a>], settings: &'a Settings) -> Self {
        Self {
            sources,
            settings,
            neighbours: Neighbours::of(sources.iter().map(|source| &source.objects)),
            node: node::read(sources, settings),
            policies: Policies::read(sources),
            roles: Roles::read(files),
            apparmor_cache: ApparmorCache::default(),
            apparmor: OnceCell::new(),
            rights: RefCell::default(),
        }
    }

    /// Judges one container. The pod may stand in a text of its own that is not among the files, such as one with a fix
    /// tried on it.
    pub(super) fn look<'p>(&'p self, object: &'p Object, pod: &'p Pod, container: &'p Container) -> LookedAt<'p> {
        let (map, stillborn) = self.in_world(object, pod, container, map);
        LookedAt { object, container, map, stillborn }
    }

    /// How every attempt of a container ends.
    pub(super) fn foresee(
        &self,
        object: &Object,
        pod: &Pod,
        container: &Container,
        machine: &Machine<'_>,
    ) -> Vec<Foreseen> {
        self.in_world(object, pod, container, |world| foresee(world, machine)).0
    }

    /// Asks something of all that is known of a container; and says what keeps it from starting.
    fn in_world<T>(
        &self,
        object: &Object,
        pod: &Pod,
        container: &Container,
        ask: impl FnOnce(&World<'_>) -> T,
    ) -> (T, Vec<String>) {
        let confined = profiles::of(self, pod, container);
        let rights = self.rights(object, pod);
        let bound = self.bound(object, pod);
        let world = World {
            neighbours: &self.neighbours,
            object,
            bound: &bound,
            pod,
            container,
            kube_version: self.settings.kube_version,
            node: &self.node,
            seccomp: confined.seccomp(),
            refused: confined.refused(),
            apparmor: confined.apparmor(),
            rights: rights.as_deref(),
            egress_policy: self.policies.keep_from_metadata(object, pod),
        };
        let answer = ask(&world);
        (answer, confined.stillborn)
    }

    /// The runtime's own AppArmor profiles, read when they are first needed.
    pub(super) fn apparmor_defaults(&self) -> Rc<Vec<ApparmorDefault>> {
        self.apparmor.get_or_init(|| apparmor_defaults(self.settings)).clone()
    }

    fn rights(&self, object: &Object, pod: &Pod) -> Option<Rc<Rights>> {
        let account = match pod.service_account.text() {
            None | Some("") => "default",
            Some(account) => account,
        };
        let key = (object.namespace.clone(), account.to_owned());
        let mut known = self.rights.borrow_mut();
        let found = known
            .entry(key)
            .or_insert_with(|| Rights::of(&self.roles, object.namespace.as_deref(), account).map(Rc::new));
        found.clone()
    }

    /// The folders of the node that persistent volumes bring.
    fn bound<'p>(&'p self, object: &Object, pod: &'p Pod) -> Vec<Bound<'p>> {
        let mut found = Vec::new();
        if pod.volumes.iter().all(|volume| volume.claim.text().is_none()) {
            return found;
        }
        for source in self.sources {
            for persistent in &source.objects.persistent_volumes {
                let (path, kind, is_local) = match (persistent.host_path.get(), &persistent.local_path) {
                    (Some(host_path), _) => (&host_path.path, host_path.kind.text().unwrap_or_default(), false),
                    (None, Field::Absent | Field::Null(_)) => continue,
                    // Of a disk its own file system is mounted, whatever is on it.
                    (None, local) if local.text().is_some_and(|path| NodePath::new(path).is_within("/dev")) => continue,
                    (None, local) => (local, "", true),
                };
                let Some(its_object) = source.objects.objects.get(persistent.object) else { continue };
                for volume in self.names(persistent, its_object, object, pod) {
                    found.push(Bound { volume, path, kind, is_local, file: source.id.0, span: its_object.head });
                }
            }
        }
        found
    }

    /// The pod's own names for a persistent volume.
    fn names<'p>(
        &'p self,
        persistent: &PersistentVolume,
        its_object: &Object,
        object: &Object,
        pod: &'p Pod,
    ) -> impl Iterator<Item = &'p str> {
        let users = self.neighbours.users(persistent, its_object);
        let is_mine = |other: &Object| {
            other.kind == object.kind && other.name == object.name && other.namespace == object.namespace
        };
        let mine: Vec<String> =
            users.into_iter().filter(|user| is_mine(user.object)).map(|user| user.volume.name.clone()).collect();
        pod.volumes.iter().map(|volume| volume.name.as_str()).filter(move |name| mine.iter().any(|mine| mine == name))
    }
}
