//! What a `hostPath` volume brings into a pod, judged once for all rules, so that each volume gives one finding: that
//! of the most telling rule.

use serde_json::json;
use watertight_diagnostic::{Finding, Fix, Level, Operation, Route, RuleMeta, Safety, Severity, joined};
use watertight_knowledge::path::{NodePath, Relation};
use watertight_knowledge::place::{self, Kind, Place};
use watertight_knowledge::socket::{self, Socket};
use watertight_pod::{Container, HostPath, Mount, Volume};
use watertight_text::Span;

use crate::Subject;
use crate::subject::called;

/// A `hostPath` volume with all that is known of it.
#[derive(Debug)]
pub struct HostMount<'a> {
    pub(crate) volume: &'a Volume,
    /// As written; empty when nobody can tell.
    pub(crate) written: &'a str,
    /// The path, when the text says it.
    pub(crate) path: Option<NodePath>,
    /// What it is, and so which rule speaks.
    pub(crate) class: Class,
    /// Who mounts it.
    pub(crate) mounts: Vec<(&'a Container, &'a Mount)>,
    span: Span,
    route: Route,
}

/// What is mounted, as far as it decides which rule speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    Root(&'static Place),
    /// The socket itself, or a folder that holds it.
    Socket(&'static Socket, Relation),
    Proc(&'static Place),
    Sys(&'static Place),
    Device(Option<&'static Place>),
    Log(&'static Place),
    Sensitive(&'static Place),
    Other(Option<&'static Place>),
}

/// The volume as a `hostPath`; `None` when it is none.
pub(crate) fn read<'a>(subject: &Subject<'a>, volume: &'a Volume) -> Option<HostMount<'a>> {
    let host_path = volume.host_path.get()?;
    let mounts: Vec<_> = subject.pod.mounts_of(&volume.name);
    let written = host_path.path.text().unwrap_or_default();
    let path = host_path.path.text().map(NodePath::new);
    let read_only = !mounts.is_empty() && mounts.iter().all(|(_, mount)| mount.read_only.is_true());
    let class = path.as_ref().map_or(Class::Other(None), |path| classify(path, host_path, read_only));
    let route = volume.route.key("hostPath");
    let (span, route) = match host_path.path.site() {
        Some(site) => (site.value, route.key("path")),
        None => (volume.host_path.site()?.whole(), route),
    };
    Some(HostMount { volume, written, path, class, mounts, span, route })
}

/// What a path of the node is.
pub(crate) fn classify(path: &NodePath, host_path: &HostPath, read_only: bool) -> Class {
    let known = place::at(path);
    if let Some(root) = known.filter(|_| path.is_root()) {
        return Class::Root(root);
    }
    let reached = socket::reached_by(path).next();
    if let Some((socket, how)) = reached.filter(|(_, how)| *how == Relation::Same || path.is_within("/run")) {
        return Class::Socket(socket, how);
    }
    let kind = host_path.kind.text().unwrap_or_default();
    if matches!(kind, "BlockDevice" | "CharDevice" | "Device") && known.is_none_or(|place| place.kind != Kind::Device) {
        return Class::Device(None);
    }
    match known {
        Some(_) if read_only && place::is_public(path) => Class::Other(None),
        Some(place) if path.is_within(place.path) => match place.kind {
            Kind::Root => Class::Root(place),
            Kind::Proc => Class::Proc(place),
            Kind::Sys => Class::Sys(place),
            Kind::Device => Class::Device(Some(place)),
            Kind::Log => Class::Log(place),
            Kind::Sensitive => Class::Sensitive(place),
            Kind::Other => Class::Other(Some(place)),
        },
        Some(place) => Class::Sensitive(place),
        None => reached.map_or(Class::Other(None), |(socket, how)| Class::Socket(socket, how)),
    }
}

impl HostMount<'_> {
    /// Whether some container may write there. Read-only counts only when every mount says so.
    pub(crate) fn is_writable(&self) -> bool {
        self.mounts.iter().any(|(_, mount)| !mount.read_only.is_true())
    }

    /// The severity of a place by what the mounts allow.
    pub(crate) fn severity(&self, place: &Place) -> Severity {
        if self.is_writable() { place.write } else { place.read }
    }

    /// Whether one of those who mount it is privileged.
    pub(crate) fn is_in_privileged(&self) -> bool {
        self.mounts.iter().any(|(container, _)| container.security.privileged.is_true())
    }

    /// Where it arrives: `in container "web"`, for the end of a sentence.
    pub(crate) fn receivers(&self) -> String {
        let mut names: Vec<_> = self.mounts.iter().map(|(container, _)| called(container)).collect();
        names.dedup();
        if names.is_empty() { "but no container mounts it".to_owned() } else { format!("in {}", joined(&names)) }
    }

    /// `/var/run (/run)`: as written, and what it is when that differs.
    pub(crate) fn shown(&self) -> String {
        match &self.path {
            Some(path) if path.as_str() != self.written => format!("{} (which is {path})", self.written),
            _ => self.written.to_owned(),
        }
    }

    /// The finding of `rule`, with its mounts and fixes. A volume that nobody mounts is two steps milder.
    pub(crate) fn finding(
        &self,
        subject: &Subject<'_>,
        rule: &'static RuleMeta,
        severity: Severity,
        what: String,
    ) -> Finding {
        let severity = if self.mounts.is_empty() { severity.lowered().lowered() } else { severity };
        let mut finding = Finding::new(rule, subject.place(self.span, self.route.clone()), what).severity(severity);
        if let [(container, _)] = self.mounts.as_slice() {
            finding = finding.in_container(&container.name);
        }
        for (container, mount) in &self.mounts {
            let access = if mount.read_only.is_true() { "mounted read-only" } else { "mounted writable" };
            let route = container.route.key("volumeMounts").index(mount.index);
            finding = finding.related(subject.labelled(mount.span, route, access));
        }
        self.fixes(subject).into_iter().fold(finding, Finding::fix)
    }

    /// An empty folder in its place, or nothing: the one first with which the program most likely starts.
    fn fixes(&self, subject: &Subject<'_>) -> Vec<Fix> {
        let file_type = self.volume.host_path.get().and_then(|host_path| host_path.kind.text()).unwrap_or_default();
        let is_file = matches!(file_type, "File" | "FileOrCreate" | "Socket" | "CharDevice" | "BlockDevice")
            || !matches!(file_type, "Directory" | "DirectoryOrCreate")
                && self.path.as_ref().is_some_and(place::looks_like_file);
        let has_other_source = self.volume.sources.iter().any(|source| source.name != "hostPath");
        let route = &self.volume.route;
        let put_in = (!has_other_source).then(|| Operation::set(route.key("emptyDir"), json!({})));
        let replace = std::iter::once(Operation::remove(route.key("hostPath"))).chain(put_in).collect();
        let title = format!("Replace volume \"{}\" by an empty folder of the pod", self.volume.name);
        let replace = subject.fix(title, Safety::NeedsReview, Level::Baseline, replace);
        let remove = remove_volume(subject, self.volume, Level::Baseline);
        if is_file || self.mounts.is_empty() { vec![remove, replace] } else { vec![replace, remove] }
    }
}

/// Removes a volume and every mount of it, in all containers.
pub(crate) fn remove_volume(subject: &Subject<'_>, volume: &Volume, level: impl Into<Option<Level>>) -> Fix {
    let mounts = if volume.name.is_empty() { Vec::new() } else { subject.pod.mounts_of(&volume.name) };
    let mounts = mounts.iter().map(|(container, mount)| container.route.key("volumeMounts").index(mount.index));
    let all = std::iter::once(volume.route.clone()).chain(mounts);
    let operations = all.map(|route| Operation::remove_with(route, 1)).collect();
    let title = format!("Remove volume \"{}\" and its mounts", volume.name);
    subject.fix(title, Safety::NeedsReview, level, operations)
}
