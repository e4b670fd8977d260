use watertight_diagnostic::{KubeVersion, Level, Route};
use watertight_pod::{Pod, Unreadable};
use watertight_text::Span;

use crate::look::Look;
use crate::registry::running;

/// What the admission library answers for one pod.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Verdict {
    /// The failing checks, in the order of report.
    pub failures: Vec<Failure>,
    /// What the checks look at and nobody can read: values of a wrong type, for which the API server refuses the pod
    /// before any check, or parts of a template. The failures are certain all the same.
    pub unknown: Vec<FaultPlace>,
}

/// A failing check.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// Check id, as upstream spells it.
    pub check: &'static str,
    /// Short reason.
    pub reason: String,
    /// Detail; may be empty.
    pub detail: String,
    /// Where the faults are.
    pub places: Vec<FaultPlace>,
}

/// Where a fault is.
#[derive(Clone, PartialEq, Debug)]
pub struct FaultPlace {
    /// The bytes to point at. For a missing field: the key of its `securityContext`, or the head of what holds it.
    pub span: Span,
    /// The field, present or not.
    pub route: Route,
    /// Name of the container; `None` for the pod.
    pub container: Option<String>,
}

/// What the API server fills in before admission looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Defaulting {
    /// Nothing: the checks see the text as it is.
    Raw,
    /// What it fills into the template of a workload: a volume without a source is an `emptyDir`.
    Template,
    /// What it fills into a pod: the same, and with `hostNetwork` each `hostPort` is its `containerPort`. Templates had
    /// that second default before 1.28.
    #[default]
    Pod,
}

impl Verdict {
    /// Whether all checks pass for certain.
    pub fn allowed(&self) -> bool {
        self.failures.is_empty() && self.unknown.is_empty()
    }

    /// Whether at least one check fails for certain.
    pub fn refused(&self) -> bool {
        !self.failures.is_empty()
    }

    /// The ids of the failing checks, in the order of report.
    pub fn failed(&self) -> impl Iterator<Item = &'static str> {
        self.failures.iter().map(|failure| failure.check)
    }

    /// The aggregate text: every failing check with its detail, as upstream joins them. It cannot be split again.
    pub fn detail(&self) -> String {
        let parts: Vec<_> = self
            .failures
            .iter()
            .map(|failure| match failure.detail.as_str() {
                "" => failure.reason.clone(),
                detail => format!("{} ({detail})", failure.reason),
            })
            .collect();
        parts.join(", ")
    }

    /// The reasons without details, as upstream lists them for existing pods when the labels of a namespace change.
    pub fn reasons(&self) -> String {
        self.failures.iter().map(|failure| failure.reason.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Places of one failing check that are kept although they are in the same field.
const MOST_PLACES: usize = 1_000;

/// Evaluates a pod as it is created from this text. [`Level::Hardened`] counts as restricted, and a version newer than
/// [`crate::NEWEST`] as that.
pub fn evaluate(pod: &Pod, level: Level, version: KubeVersion) -> Verdict {
    evaluate_with(pod, level, version, Defaulting::Pod)
}

/// Evaluates a pod with the defaulting asked for.
pub fn evaluate_with(pod: &Pod, level: Level, version: KubeVersion, defaulting: Defaulting) -> Verdict {
    let look = Look { pod, defaulting };
    let failures = running(level, version)
        .filter_map(|(check, revision)| {
            let fault = (revision.run)(&look)?;
            let mut places: Vec<_> = fault.places.into_iter().map(|place| placed(pod, place)).collect();
            if places.len() > MOST_PLACES {
                // One of each field stays, whatever stands in it a thousand times.
                places.dedup_by(|next, place| next.route == place.route);
            }
            // Mostly there is one, and a verdict is kept as long as its pod.
            places.shrink_to_fit();
            Some(Failure { check: check.id, reason: fault.reason.to_owned(), detail: fault.detail, places })
        })
        .collect();
    let decisive = |place: &&Unreadable| running(level, version).any(|(check, _)| check.depends_on(pod, &place.route));
    let unknown = pod.unreadable.iter().filter(decisive).map(|place| unknown_place(pod, place)).collect();
    Verdict { failures, unknown }
}

fn unknown_place(pod: &Pod, place: &Unreadable) -> FaultPlace {
    let around = pod.containers.iter().find(|container| container.route.contains(&place.route));
    let container = around.map(|container| container.name.clone());
    placed(pod, FaultPlace { span: place.site.whole(), route: place.route.clone(), container })
}

/// A place where the kind around the pod has the field.
fn placed(pod: &Pod, place: FaultPlace) -> FaultPlace {
    match &pod.frame {
        Some(_) => FaultPlace { route: pod.place_of(&place.route).unwrap_or(place.route), ..place },
        None => place,
    }
}

#[cfg(test)]
mod tests {
    use watertight_pod::{Container, ContainerList, Field, Pair, Port, Site, Volume};

    use super::*;

    fn set<T>(value: T, at: usize) -> Field<T> {
        Field::Set(value, Site { key: None, value: Span::new(at, at + 1) })
    }

    fn container(name: &str, index: usize) -> Container {
        let route = spec().key("containers").index(index);
        Container { name: name.to_owned(), route, head: Span::new(100 + index, 101 + index), ..Container::default() }
    }

    fn spec() -> Route {
        Route::root(0).key("spec")
    }

    fn pod() -> Pod {
        Pod { route: spec(), containers: vec![container("a", 0), container("b", 1)], ..Pod::default() }
    }

    fn verdict(pod: &Pod, level: Level) -> Verdict {
        evaluate(pod, level, KubeVersion::Latest)
    }

    #[test]
    fn the_bare_pod_of_the_documentation() {
        let pod = Pod { containers: vec![container("nginx", 0)], ..pod() };
        assert_eq!(
            verdict(&pod, Level::Restricted).detail(),
            "allowPrivilegeEscalation != false (container \"nginx\" must set \
             securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"nginx\" must set \
             securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"nginx\" must set \
             securityContext.runAsNonRoot=true), seccompProfile (pod or container \"nginx\" must set \
             securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"
        );
        assert!(verdict(&pod, Level::Baseline).allowed());
        assert!(verdict(&Pod::default(), Level::Restricted).allowed(), "a spec without containers passes");
    }

    #[test]
    fn places_of_what_is_there_and_of_what_is_missing() {
        let mut pod = pod();
        pod.containers[1].security.site = Some(Site { key: Some(Span::new(7, 8)), value: Span::new(9, 20) });
        pod.containers[0].security.privileged = set(true, 50);
        let verdict = verdict(&pod, Level::Restricted);
        let privileged = verdict.failures.iter().find(|failure| failure.check == "privileged").unwrap();
        assert_eq!(privileged.places[0].span, Span::new(50, 51));
        assert_eq!(privileged.places[0].route.to_string(), "spec.containers[0].securityContext.privileged");
        let escalation = verdict.failures.iter().find(|f| f.check == "allowPrivilegeEscalation").unwrap();
        let [a, b] = escalation.places.as_slice() else { panic!("two places") };
        assert_eq!((a.span, a.container.as_deref()), (Span::new(100, 101), Some("a")));
        assert_eq!((b.span, b.container.as_deref()), (Span::new(7, 8), Some("b")));
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_not_absent() {
        let mut pod = pod();
        let field = spec().keys("securityContext.runAsNonRoot");
        pod.security.run_as_non_root = Field::Unreadable(Site::default());
        pod.unreadable = vec![
            Unreadable { route: field, site: Site::default() },
            Unreadable { route: pod.containers[0].route.key("securityContext"), site: Site::default() },
            Unreadable { route: pod.containers[0].route.key("image"), site: Site::default() },
        ];
        let verdict = verdict(&pod, Level::Restricted);
        assert!(verdict.failed().all(|id| id != "runAsNonRoot"));
        assert!(
            verdict.detail().contains("containers \"b\" must") || verdict.detail().contains("container \"b\" must")
        );
        assert!(!verdict.detail().contains("\"a\""));
        let routes: Vec<_> = verdict.unknown.iter().map(|place| place.route.to_string()).collect();
        assert_eq!(routes, ["spec.securityContext.runAsNonRoot", "spec.containers[0].securityContext"]);
        assert_eq!(verdict.unknown[1].container.as_deref(), Some("a"));
        assert!(!verdict.allowed());
        assert!(evaluate(&pod, Level::Privileged, KubeVersion::Latest).allowed());
    }

    #[test]
    fn an_unreadable_system_or_user_namespace_refuses_nothing_it_could_excuse() {
        let mut pod = pod();
        pod.containers[0].security.proc_mount = set("Unmasked".to_owned(), 1);
        for (field, excused) in [("os", "allowPrivilegeEscalation"), ("hostUsers", "runAsNonRoot")] {
            pod.unreadable = vec![Unreadable { route: spec().key(field), site: Site::default() }];
            let verdict = verdict(&pod, Level::Restricted);
            assert!(verdict.failed().all(|id| id != excused), "{field}");
            assert!(verdict.failed().any(|id| id == "procMount_restricted"), "{field}");
            assert_eq!(verdict.unknown.len(), 1, "{field}");
        }
    }

    #[test]
    fn defaults_of_the_api_server() {
        let mut pod = pod();
        pod.volumes = vec![Volume { name: "v".to_owned(), ..Volume::default() }];
        pod.host_network = set(true, 0);
        pod.containers[0].ports = vec![Port { index: 0, container_port: set(8080, 3), host_port: Field::Absent }];
        pod.containers[1].ports = pod.containers[0].ports.clone();
        pod.containers[1].list = ContainerList::Ephemeral;
        let detail = |defaulting| evaluate_with(&pod, Level::Restricted, KubeVersion::Latest, defaulting).detail();
        let unknown = "volume \"v\" uses restricted volume type \"unknown\"";
        let ports = "container \"a\" uses hostPort 8080";
        assert!(detail(Defaulting::Raw).contains(unknown) && !detail(Defaulting::Raw).contains("hostPort "));
        assert!(!detail(Defaulting::Template).contains(unknown) && !detail(Defaulting::Template).contains("hostPort "));
        assert!(!detail(Defaulting::Pod).contains(unknown) && detail(Defaulting::Pod).contains(ports));
    }

    /// Restricted overrides baseline even where Windows excuses the pod, so it can pass what baseline refuses.
    #[test]
    fn windows_may_pass_restricted_and_fail_baseline() {
        let mut pod = pod();
        pod.os = set("windows".to_owned(), 0);
        pod.security.run_as_non_root = set(true, 0);
        pod.containers[0].security.capabilities_add =
            vec![watertight_pod::Named { name: "SYS_ADMIN".to_owned(), site: Site::default() }];
        assert!(verdict(&pod, Level::Restricted).allowed());
        assert!(!verdict(&pod, Level::Baseline).allowed());
        assert!(!evaluate(&pod, Level::Restricted, KubeVersion::Minor(24)).allowed());
    }

    #[test]
    fn quotes_of_annotations() {
        let mut pod = pod();
        let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into(), site: Site::default() };
        pod.metadata.annotations = vec![
            pair("container.apparmor.security.beta.kubernetes.io/z", "a\"b\\\n"),
            pair("container.apparmor.security.beta.kubernetes.io/empty", ""),
        ];
        assert_eq!(
            verdict(&pod, Level::Baseline).detail(),
            "forbidden AppArmor profile (annotation must not set AppArmor profile type to \
             \"container.apparmor.security.beta.kubernetes.io/z=\"a\\\"b\\\\\\n\"\")"
        );
    }
}
