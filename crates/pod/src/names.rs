//! What a pod has by name. A pod of a few names is walked; of many, their places are noted when the first is asked for, so
//! that who asks about each of them does not walk all of them each time.

use std::sync::OnceLock;

use watertight_text::sort;

use crate::{Container, Mount, Pair, Pod, Volume};

/// Up to how many volumes, containers and annotations together are walked.
const FEW: usize = 32;

/// The places of a pod's names, once somebody has asked for them.
#[derive(Debug, Default)]
pub struct Names(OnceLock<Box<Places>>);

/// A copy may be changed, so it notes its own.
impl Clone for Names {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Places in lists, sorted by the names of what stands there; what has the same name stays in its order.
#[derive(Debug)]
struct Places {
    /// How much there was; a pod that has grown since is walked.
    counts: [usize; 3],
    volumes: Vec<usize>,
    containers: Vec<usize>,
    annotations: Vec<usize>,
    /// The container, and the mount in it, by the volume's name.
    mounts: Vec<(usize, usize)>,
}

impl Places {
    fn of(pod: &Pod) -> Self {
        let counts = counts(pod);
        let [volumes, containers, annotations] = counts;
        let mounts = pod.containers.iter().enumerate();
        let mut mounts: Vec<_> =
            mounts.flat_map(|(at, container)| (0..container.mounts.len()).map(move |mount| (at, mount))).collect();
        sort::by_key(&mut mounts, |(container, mount)| pod.mounted(*container, *mount));
        Self {
            counts,
            volumes: sorted(volumes, &|at| pod.volume_name(at)),
            containers: sorted(containers, &|at| pod.container_name(at)),
            annotations: sorted(annotations, &|at| pod.annotation_name(at)),
            mounts,
        }
    }
}

fn counts(pod: &Pod) -> [usize; 3] {
    [pod.volumes.len(), pod.containers.len(), pod.metadata.annotations.len()]
}

fn sorted<'p>(count: usize, name: &dyn Fn(usize) -> Option<&'p str>) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    sort::by_key(&mut places, |at| name(*at));
    places
}

/// Those of sorted `places` that have this name.
fn named<'p, T>(places: &'p [T], wanted: &str, name: impl Fn(&T) -> Option<&'p str>) -> &'p [T] {
    let first = places.partition_point(|at| name(at) < Some(wanted));
    let end = places.partition_point(|at| name(at) <= Some(wanted));
    places.get(first..end).unwrap_or_default()
}

impl Pod {
    /// The volume of that name; of several the first.
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        match self.places() {
            Some(places) => self.volumes.get(*named(&places.volumes, name, |at| self.volume_name(*at)).first()?),
            None => self.volumes.iter().find(|volume| volume.name == name),
        }
    }

    /// Who mounts the volume of that name, and where.
    pub fn mounts_of(&self, volume: &str) -> Vec<(&Container, &Mount)> {
        if let Some(places) = self.places() {
            let places = named(&places.mounts, volume, |(container, mount)| self.mounted(*container, *mount));
            let mount = |(container, mount): &(usize, usize)| {
                let container = self.containers.get(*container)?;
                Some((container, container.mounts.get(*mount)?))
            };
            return places.iter().filter_map(mount).collect();
        }
        let of = |container| move |mount| (container, mount);
        let all = self.containers.iter().flat_map(|container| container.mounts.iter().map(of(container)));
        all.filter(|(_, mount)| mount.volume.text() == Some(volume)).collect()
    }

    /// The container of that name; of several the first.
    pub fn container(&self, name: &str) -> Option<&Container> {
        match self.places() {
            Some(places) => {
                self.containers.get(*named(&places.containers, name, |at| self.container_name(*at)).first()?)
            }
            None => self.containers.iter().find(|container| container.name == name),
        }
    }

    /// The annotations of that name: several are a fault, of which readers take the first or the last.
    pub fn annotations(&self, name: &str) -> Vec<&Pair> {
        let all = &self.metadata.annotations;
        match self.places() {
            Some(places) => {
                let places = named(&places.annotations, name, |at| self.annotation_name(*at));
                places.iter().filter_map(|at| all.get(*at)).collect()
            }
            None => all.iter().filter(|pair| pair.name == name).collect(),
        }
    }

    fn volume_name(&self, at: usize) -> Option<&str> {
        Some(&self.volumes.get(at)?.name)
    }

    fn container_name(&self, at: usize) -> Option<&str> {
        Some(&self.containers.get(at)?.name)
    }

    fn annotation_name(&self, at: usize) -> Option<&str> {
        Some(&self.metadata.annotations.get(at)?.name)
    }

    /// The volume that a mount names.
    fn mounted(&self, container: usize, mount: usize) -> Option<&str> {
        self.containers.get(container)?.mounts.get(mount)?.volume.text()
    }

    fn places(&self) -> Option<&Places> {
        let counts = counts(self);
        if counts.iter().sum::<usize>() <= FEW {
            return None;
        }
        let places: &Places = self.names.0.get_or_init(|| Box::new(Places::of(self)));
        (places.counts == counts).then_some(places)
    }
}

#[cfg(test)]
mod tests {
    use super::FEW;

    /// Walked or noted, the answers are the same.
    #[test]
    fn few_and_many() {
        for more in [0, FEW] {
            let more: String = (0..more).map(|at| format!("  - {{name: more{at}, emptyDir: {{}}}}\n")).collect();
            let text = format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: {{k: one, l: two}}\nspec:\n  volumes:\n  - \
                 {{name: v, hostPath: {{path: /a}}}}\n  - {{name: v, emptyDir: {{}}}}\n{more}  containers:\n  - {{name: a, \
                 volumeMounts: [{{name: w, mountPath: /w}}, {{name: v, mountPath: /b}}]}}\n  - {{name: c, volumeMounts: \
                 [{{name: v, mountPath: /d}}]}}\n"
            );
            let stream = watertight_yaml::parse(&text);
            let objects = crate::read(&stream);
            let pod = &objects.pods[0];
            assert!(pod.volume("v").unwrap().host_path.is_set());
            assert!(pod.volume("w").is_none());
            let mounts: Vec<_> =
                pod.mounts_of("v").iter().map(|(by, mount)| (by.name.as_str(), mount.path.text().unwrap())).collect();
            assert_eq!(mounts, [("a", "/b"), ("c", "/d")]);
            assert_eq!(
                pod.container("c").map(|container| container.route.to_string()),
                Some("spec.containers[1]".into())
            );
            let values = |name| pod.annotations(name).iter().map(|pair| pair.value.as_str()).collect::<Vec<_>>();
            assert_eq!((values("l"), values("m")), (vec!["two"], vec![]));
            // A copy that has grown is not answered from what was noted.
            let mut grown = pod.clone();
            let volume = grown.volumes[0].clone();
            grown.volumes.push(crate::Volume { name: "new".to_owned(), ..volume });
            assert!(grown.volume("new").is_some());
        }
    }
}
