//! What objects say of each other: a pod names a service account, a claim, a runtime class; a claim names a volume.

use std::collections::HashMap;

use crate::{Object, Objects, PersistentVolume, PersistentVolumeClaim, Pod, RuntimeClass, ServiceAccount};

/// Objects of one kind and one name that are looked at. More are a text made to cost time.
const MOST_ALIKE: usize = 64;

/// The objects of a set of files, by the names that others call them by.
#[derive(Debug, Default)]
pub struct Neighbours<'o> {
    accounts: HashMap<&'o str, Vec<Known<'o, ServiceAccount>>>,
    classes: HashMap<&'o str, Known<'o, RuntimeClass>>,
    volumes: HashMap<&'o str, Known<'o, PersistentVolume>>,
    /// By the name of the volume that they ask for.
    claims: HashMap<&'o str, Vec<Known<'o, PersistentVolumeClaim>>>,
    /// Pods that use a claim, by its name.
    users: HashMap<&'o str, Vec<User<'o>>>,
}

/// An object that somebody names.
#[derive(Debug)]
pub struct Known<'o, T> {
    /// Its file, by its place among those given.
    pub file: usize,
    /// The object.
    pub object: &'o Object,
    /// What we know of it.
    pub item: &'o T,
}

/// A volume of a pod that is a claim.
#[derive(Clone, Copy, Debug)]
pub struct User<'o> {
    /// The pod's file, by its place among those given.
    pub file: usize,
    /// The object that holds the pod.
    pub object: &'o Object,
    /// The volume, whose `claim` is set.
    pub volume: &'o crate::Volume,
}

impl<T> Clone for Known<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Known<'_, T> {}

impl<'o> Neighbours<'o> {
    /// Of the files of one analysis.
    pub fn of(files: impl IntoIterator<Item = &'o Objects>) -> Self {
        let mut neighbours = Self::default();
        for (file, objects) in files.into_iter().enumerate() {
            neighbours.add(file, objects);
        }
        neighbours
    }

    fn add(&mut self, file: usize, objects: &'o Objects) {
        for item in &objects.service_accounts {
            if let Some(known) = known(file, objects, item.object, item) {
                push(self.accounts.entry(&known.object.name).or_default(), known);
            }
        }
        // Of two objects of one name the cluster has one; the first is taken.
        for item in &objects.runtime_classes {
            if let Some(known) = known(file, objects, item.object, item) {
                self.classes.entry(&known.object.name).or_insert(known);
            }
        }
        for item in &objects.persistent_volumes {
            if let Some(known) = known(file, objects, item.object, item) {
                self.volumes.entry(&known.object.name).or_insert(known);
            }
        }
        for item in &objects.claims {
            if let (Some(known), Some(volume)) = (known(file, objects, item.object, item), item.volume_name.text()) {
                push(self.claims.entry(volume).or_default(), known);
            }
        }
        for pod in &objects.pods {
            let Some(object) = objects.objects.get(pod.object) else { continue };
            for volume in &pod.volumes {
                if let Some(claim) = volume.claim.text() {
                    push(self.users.entry(claim).or_default(), User { file, object, volume });
                }
            }
        }
    }

    /// The service account that a pod runs under. Who names no namespace is in `default`, as far as this goes.
    pub fn service_account(&self, pod: &Pod, object: &Object) -> Option<Known<'o, ServiceAccount>> {
        let wanted = namespace(object);
        self.accounts.get(account_of(pod)?)?.iter().find(|account| namespace(account.object) == wanted).copied()
    }

    /// The runtime class of that name.
    pub fn runtime_class(&self, name: &str) -> Option<Known<'o, RuntimeClass>> {
        self.classes.get(name).copied()
    }

    /// The persistent volume of that name.
    pub fn volume(&self, name: &str) -> Option<Known<'o, PersistentVolume>> {
        self.volumes.get(name).copied()
    }

    /// The volumes of pods that are, or will be, this persistent volume: it names their claim, or their claim names it.
    pub fn users(&self, volume: &PersistentVolume, object: &Object) -> Vec<User<'o>> {
        let mut claims: Vec<(&str, Option<&str>)> = Vec::new();
        if let Some(claim) = volume.claim.text() {
            claims.push((claim, volume.claim_namespace.text()));
        }
        for known in self.claims.get(object.name.as_str()).into_iter().flatten() {
            let claim = (known.object.name.as_str(), known.object.namespace.as_deref());
            if !claims.contains(&claim) {
                claims.push(claim);
            }
        }
        let mut users: Vec<User<'o>> = Vec::new();
        for (name, namespace) in claims {
            for user in self.users.get(name).into_iter().flatten() {
                let is_new = !users.iter().any(|other| std::ptr::eq(other.volume, user.volume));
                if is_new && may_be_same(namespace, user.object.namespace.as_deref()) {
                    users.push(*user);
                }
            }
        }
        users
    }

    /// The claims that ask for this persistent volume by its name.
    pub fn claims(&self, object: &Object) -> &[Known<'o, PersistentVolumeClaim>] {
        self.claims.get(object.name.as_str()).map(Vec::as_slice).unwrap_or_default()
    }
}

fn known<'o, T>(file: usize, objects: &'o Objects, object: usize, item: &'o T) -> Option<Known<'o, T>> {
    Some(Known { file, object: objects.objects.get(object)?, item })
}

fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() < MOST_ALIKE {
        list.push(item);
    }
}

/// The name of the service account that a pod runs under; `None` when it cannot be read.
pub(crate) fn account_of(pod: &Pod) -> Option<&str> {
    let name = pod.service_account.text().filter(|name| !name.is_empty()).unwrap_or("default");
    (!pod.service_account.is_unreadable()).then_some(name)
}

pub(crate) fn namespace(object: &Object) -> &str {
    object.namespace.as_deref().unwrap_or("default")
}

/// Whether two objects can be in one namespace. Where one names none, whoever applies it chooses.
fn may_be_same(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_none() || other.is_none() || one == other
}

#[cfg(test)]
mod tests {
    use super::Neighbours;
    use crate::read;

    const ACCOUNTS: &str = "kind: ServiceAccount\napiVersion: v1\nmetadata: {name: a, namespace: one}\n---\n\
                            kind: ServiceAccount\napiVersion: v1\nmetadata: {name: a}\n---\n";

    #[test]
    fn accounts_are_found_in_their_namespace() {
        for (namespace, account, expected) in
            [("one", "a", Some(0)), ("default", "a", Some(1)), ("two", "a", None), ("one", "b", None)]
        {
            let text = format!(
                "{ACCOUNTS}kind: Pod\napiVersion: v1\nmetadata: {{name: p, namespace: {namespace}}}\n\
                 spec: {{serviceAccountName: {account}, containers: []}}\n"
            );
            let stream = watertight_yaml::parse(&text);
            let objects = read(&stream);
            let neighbours = Neighbours::of([&objects]);
            let pod = &objects.pods[0];
            let found = neighbours.service_account(pod, &objects.objects[pod.object]);
            assert_eq!(found.map(|found| found.item.object), expected, "{namespace} {account}");
        }
    }

    /// The claims of pods, in files of their own, that a volume called `v` is found behind.
    #[test]
    fn volumes_are_joined_to_the_pods_that_use_them() {
        let pod = |claim: &str, namespace: &str| {
            format!(
                "kind: Pod\napiVersion: v1\nmetadata: {{name: p{namespace}}}\nspec: {{containers: [], volumes: [{{name: \
                 x, persistentVolumeClaim: {{claimName: {claim}}}}}]}}\n"
            )
        };
        let claim = |extra: &str| {
            format!(
                "kind: PersistentVolumeClaim\napiVersion: v1\nmetadata: {{name: c{extra}}}\nspec: {{volumeName: v}}\n"
            )
        };
        let volume =
            |spec: &str| format!("kind: PersistentVolume\napiVersion: v1\nmetadata: {{name: v}}\nspec: {{{spec}}}\n");
        for (files, expected) in [
            (vec![volume("claimRef: {name: c}"), pod("c", "")], 1),
            (vec![volume(""), claim(""), pod("c", "")], 1),
            // Both say so: one user all the same.
            (vec![volume("claimRef: {name: c}"), claim(""), pod("c", "")], 1),
            (vec![volume("claimRef: {name: c, namespace: one}"), pod("c", ", namespace: two")], 0),
            (vec![volume(""), claim(", namespace: one"), pod("c", ", namespace: one")], 1),
            (vec![volume(""), claim(", namespace: one"), pod("c", ", namespace: two")], 0),
            (vec![volume(""), claim(", namespace: one"), pod("c", "")], 1),
            (vec![volume(""), claim(""), pod("d", "")], 0),
            (vec![volume(""), pod("c", "")], 0),
        ] {
            let streams: Vec<_> = files.iter().map(|text| watertight_yaml::parse(text)).collect();
            let all: Vec<_> = streams.iter().map(read).collect();
            let neighbours = Neighbours::of(&all);
            let known = neighbours.volume("v").unwrap();
            assert_eq!(neighbours.users(known.item, known.object).len(), expected, "{files:#?}");
        }
    }
}
