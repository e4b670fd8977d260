//! The value that counts for a container, and where it comes from.
//!
//! A container inherits from its pod: `runAsUser`, `runAsGroup`, `runAsNonRoot`, `seccompProfile`, `appArmorProfile`,
//! `seLinuxOptions` (as a whole) and each field of `windowsOptions`. It does **not** inherit, since the pod's
//! `securityContext` does not have them: `allowPrivilegeEscalation`, `privileged`, `readOnlyRootFilesystem`, `procMount`
//! and `capabilities`. `fsGroup`, `supplementalGroups`, `sysctls` and the host namespaces belong to the pod alone.
//!
//! A field that cannot be read (a wrong type, a template) gives no value, with the place of the field as its origin.
//!
//! Sources: `pkg/securitycontext/util.go`, `pkg/security/apparmor/helpers.go` and, for annotations,
//! `pkg/kubelet/kuberuntime/helpers.go` and `pkg/registry/core/pod/strategy.go` of Kubernetes; `internal/cri` of containerd.

use watertight_diagnostic::KubeVersion;
use watertight_knowledge::annotation;
use watertight_knowledge::capability::{self, Capability, Meant, Spelling};
use watertight_text::Span;

use crate::{
    Container, Engine, Field, Named, Objects, Pair, Pod, Profile, SeLinux, ServiceAccount, Site, Syntax, Windows,
    neighbours,
};

/// Where an effective value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The container's own field.
    Container(Span),
    /// The pod's field, which the container inherits.
    Pod(Span),
    /// An annotation of the pod, from the time before there was a field.
    Annotation(Span),
    /// The pod's service account.
    ServiceAccount(Span),
    /// What the API server fills in.
    ApiDefault,
    /// What the container runtime does when nobody says anything.
    RuntimeDefault,
}

/// An effective value with its origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effective<T> {
    /// The value; `None` when the text cannot tell (a template, an image's own user).
    pub value: Option<T>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A runtime that makes the containers of pods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cri {
    /// containerd by itself.
    Containerd,
    /// CRI-O.
    CriO,
    /// Docker behind `cri-dockerd`, or behind the kubelet's own shim up to 1.23. It hands the lists on as they are written.
    Docker,
}

impl Cri {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Containerd, Self::CriO, Self::Docker];
}

/// What a seccomp or AppArmor profile comes down to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confinement<'p> {
    /// None.
    Unconfined,
    /// The default profile of the container runtime.
    RuntimeDefault,
    /// A profile of the node, by the name or path that the pod gives.
    Localhost(&'p str),
}

/// The user it runs as. Without a field the image decides: no value.
pub fn run_as_user(pod: &Pod, container: &Container) -> Effective<i64> {
    inherited(&container.security.run_as_user, &pod.security.run_as_user)
        .unwrap_or(Effective::unknown(Origin::RuntimeDefault))
}

/// The group it runs as. Without a field the image decides: no value.
pub fn run_as_group(pod: &Pod, container: &Container) -> Effective<i64> {
    inherited(&container.security.run_as_group, &pod.security.run_as_group)
        .unwrap_or(Effective::unknown(Origin::RuntimeDefault))
}

/// Whether the kubelet refuses to start it as root. Nobody fills this in: without a field it does not.
pub fn run_as_non_root(pod: &Pod, container: &Container) -> Effective<bool> {
    inherited(&container.security.run_as_non_root, &pod.security.run_as_non_root)
        .unwrap_or(Effective::new(false, Origin::ApiDefault))
}

/// Its seccomp profile.
///
/// Without any field a node runs it unconfined, unless its kubelet is told to default (`seccompDefault`): no value. A
/// privileged container has none, whatever stands there. Up to 1.18 the annotations count and fields do not exist; from
/// 1.19 to 1.26 the API server copies each annotation into its field where that is not set, so that the container's
/// annotation beats the pod's field; later they are mere text.
pub fn seccomp<'p>(pod: &'p Pod, container: &'p Container, version: KubeVersion) -> Effective<Confinement<'p>> {
    if !pod.syntax.is_kubernetes() {
        return of_engine(container, profile(&container.security.seccomp, Origin::Container));
    }
    if let Field::Set(true, site) = &container.security.privileged {
        return Effective::new(Confinement::Unconfined, Origin::Container(site.whole()));
    }
    let (has_fields, has_annotations) = (version.at_least(19), !version.at_least(27));
    let of = |own: &'p Field<Profile>, origin: fn(Span) -> Origin, name: &str| {
        let field = if has_fields { profile(own, origin) } else { None };
        field.or_else(|| if has_annotations { by_annotation(pod, name) } else { None })
    };
    let name = [annotation::SECCOMP_OF_CONTAINER, &container.name].concat();
    of(&container.security.seccomp, Origin::Container, &name)
        .or_else(|| of(&pod.security.seccomp, Origin::Pod, annotation::SECCOMP_OF_POD))
        .unwrap_or(Effective::unknown(Origin::RuntimeDefault))
}

/// Its AppArmor profile, on a node that has AppArmor.
///
/// The container's field, else the annotation for the container, else the pod's field; fields exist from 1.30 on. Without
/// any of them the runtime's default profile applies, but not to a privileged container: there containerd leaves it away
/// even when it is asked for, and of a `Localhost` profile runtimes differ: no value.
pub fn apparmor<'p>(pod: &'p Pod, container: &'p Container, version: KubeVersion) -> Effective<Confinement<'p>> {
    if !pod.syntax.is_kubernetes() {
        return of_engine(container, profile(&container.security.apparmor, Origin::Container));
    }
    let has_fields = version.at_least(30);
    let field = |own: &'p Field<Profile>, origin: fn(Span) -> Origin| {
        if has_fields { profile(own, origin) } else { None }
    };
    let name = [annotation::APPARMOR_OF_CONTAINER, &container.name].concat();
    let found = field(&container.security.apparmor, Origin::Container)
        .or_else(|| by_annotation(pod, &name))
        .or_else(|| field(&pod.security.apparmor, Origin::Pod))
        .unwrap_or(Effective::new(Confinement::RuntimeDefault, Origin::RuntimeDefault));
    let Field::Set(true, privileged) = &container.security.privileged else { return found };
    match found.value {
        Some(Confinement::RuntimeDefault) => {
            Effective::new(Confinement::Unconfined, Origin::Container(privileged.whole()))
        }
        Some(Confinement::Localhost(_)) => Effective::unknown(found.origin),
        _ => found,
    }
}

/// The profile of a container that no kubelet starts. Docker takes a profile that is named even for a privileged container;
/// without a name such a container has none, and any other has the engine's own. An OCI runtime adds nothing.
///
/// Source: `daemon/seccomp_linux.go` and `daemon/oci_linux.go` of moby.
fn of_engine<'p>(container: &'p Container, named: Option<Effective<Confinement<'p>>>) -> Effective<Confinement<'p>> {
    if let Some(named) = named {
        return named;
    }
    let privileged = &container.security.privileged;
    match (privileged, container.syntax.has_default_profiles()) {
        (Field::Set(true, site), _) => Effective::new(Confinement::Unconfined, Origin::Container(site.whole())),
        (Field::Unreadable(site), _) => Effective::unknown(Origin::Container(site.whole())),
        (_, true) => Effective::new(Confinement::RuntimeDefault, Origin::RuntimeDefault),
        (_, false) => Effective::new(Confinement::Unconfined, Origin::RuntimeDefault),
    }
}

/// Its SELinux options: those of the container replace the pod's as a whole. Without any the runtime picks a label.
pub fn selinux<'p>(pod: &'p Pod, container: &'p Container) -> Effective<&'p SeLinux> {
    by_reference(&container.security.selinux, Origin::Container)
        .or_else(|| by_reference(&pod.security.selinux, Origin::Pod))
        .unwrap_or(Effective::unknown(Origin::RuntimeDefault))
}

/// Whether it is a process of the Windows node itself.
pub fn host_process(pod: &Pod, container: &Container) -> Effective<bool> {
    windows(pod, container, |options| &options.host_process)
        .map_or(Effective::new(false, Origin::ApiDefault), |found| found.map(|value| *value))
}

/// The Windows user it runs as. Without a field the image decides: no value.
pub fn windows_user<'p>(pod: &'p Pod, container: &'p Container) -> Effective<&'p str> {
    windows(pod, container, |options| &options.run_as_user_name)
        .map_or(Effective::unknown(Origin::RuntimeDefault), |found| found.map(String::as_str))
}

/// Whether a process in it can gain more privileges than its parent (`no_new_privs` is not set).
///
/// The API server refuses `false` in a privileged container and beside `CAP_SYS_ADMIN` in this spelling, so there it is
/// true. Beside `SYS_ADMIN` without the prefix `false` passes and holds.
pub fn allow_privilege_escalation(container: &Container) -> Effective<bool> {
    let security = &container.security;
    if !container.syntax.is_kubernetes() {
        // Nobody refuses it beside anything.
        return own(&security.allow_privilege_escalation, Origin::Container)
            .unwrap_or(Effective::new(true, Origin::RuntimeDefault));
    }
    if let Field::Set(true, site) = &security.privileged {
        return Effective::new(true, Origin::Container(site.whole()));
    }
    if let Some(added) = security.capabilities_add.iter().find(|added| added.name == "CAP_SYS_ADMIN") {
        return Effective::new(true, Origin::Container(added.site.whole()));
    }
    own(&security.allow_privilege_escalation, Origin::Container).unwrap_or(Effective::new(true, Origin::ApiDefault))
}

/// Whether it is privileged.
pub fn privileged(container: &Container) -> Effective<bool> {
    own(&container.security.privileged, Origin::Container).unwrap_or(Effective::new(false, Origin::ApiDefault))
}

/// Whether its root file system is read-only.
pub fn read_only_root(container: &Container) -> Effective<bool> {
    own(&container.security.read_only_root, Origin::Container).unwrap_or(Effective::new(false, Origin::ApiDefault))
}

/// Its `procMount`. A privileged container sees all of `/proc` whatever stands there.
pub fn proc_mount(container: &Container) -> Effective<&str> {
    if let Field::Set(true, site) = &container.security.privileged {
        return Effective::new("Unmasked", Origin::Container(site.whole()));
    }
    by_reference(&container.security.proc_mount, Origin::Container)
        .map_or(Effective::new("Default", Origin::ApiDefault), |found| found.map(String::as_str))
}

/// Whether root in the pod is root on the node: false means a user namespace.
pub fn host_users(pod: &Pod) -> Effective<bool> {
    own(&pod.host_users, Origin::Pod).unwrap_or(Effective::new(true, Origin::ApiDefault))
}

/// Whether the token of its service account is mounted into the pod: the pod's word, else the service account's, if that
/// stands in the same file, else the API's default, which is yes.
pub fn automount_token(pod: &Pod, objects: &Objects) -> Effective<bool> {
    let wanted = neighbours::account_of(pod);
    let namespace = |object: usize| objects.objects.get(object).map(neighbours::namespace);
    let account = objects.service_accounts.iter().find(|account| {
        let name = objects.objects.get(account.object).map(|object| object.name.as_str());
        name == wanted && namespace(account.object) == namespace(pod.object)
    });
    automount_token_with(pod, account)
}

/// The same, with the pod's service account if somebody knows it: see [`crate::Neighbours::service_account`].
pub fn automount_token_with(pod: &Pod, account: Option<&ServiceAccount>) -> Effective<bool> {
    if !pod.syntax.is_kubernetes() {
        return Effective::new(false, Origin::RuntimeDefault);
    }
    if let Some(found) = own(&pod.automount_token, Origin::Pod) {
        return found;
    }
    if let Field::Unreadable(site) = &pod.service_account {
        return Effective::unknown(Origin::Pod(site.whole()));
    }
    account
        .and_then(|account| own(&account.automount_token, Origin::ServiceAccount))
        .unwrap_or(Effective::new(true, Origin::ApiDefault))
}

/// Whether it starts with that capability in its bounding set.
///
/// containerd and CRI-O apply an added `ALL`, then a dropped `ALL`, then what else is added, then what else is dropped; Docker
/// lets what is added win. No value when they differ: over that, over what they grant by default, and over spellings that only
/// some of them understand. A process that is not root holds none of these until it runs a program with file capabilities or with
/// the set-user-id bit of root.
///
/// Sources: `WithCapabilities` in `internal/cri/opts/spec_linux_opts.go` of containerd; `SpecSetupCapabilities` in
/// `internal/factory/container/container.go` of CRI-O; `modifyHostConfig` in `core/security_context.go` of cri-dockerd.
pub fn capability(container: &Container, capability: &'static Capability) -> Effective<bool> {
    capability_by(container, capability, Cri::ALL)
}

/// The same, where it is known which of them may read the pod.
pub fn capability_by(container: &Container, capability: &'static Capability, readers: &[Cri]) -> Effective<bool> {
    let security = &container.security;
    if let Field::Set(true, site) = &security.privileged {
        return Effective::new(true, Origin::Container(site.whole()));
    }
    let listed = by_lists(container, capability, readers);
    match capability_doubt(container, listed) {
        Some(site) => Effective::unknown(Origin::Container(site.whole())),
        None => listed,
    }
}

/// What cannot be read and may turn around what the lists say of a capability. One that is added by name stays so: nobody
/// adds and drops the same.
fn capability_doubt(container: &Container, listed: Effective<bool>) -> Option<Site> {
    let security = &container.security;
    match (listed.value, &security.privileged) {
        (Some(true), _) if listed.origin != Origin::RuntimeDefault => None,
        (_, Field::Unreadable(site)) => Some(*site),
        (Some(false), _) => security.add_in_doubt,
        _ => security.drop_in_doubt.or(security.add_in_doubt),
    }
}

/// Whether what stands in the way of saying which capabilities a container has is that something cannot be read.
pub fn capabilities_are_in_doubt(container: &Container) -> bool {
    let security = &container.security;
    security.privileged.is_unreadable() || security.add_in_doubt.is_some() || security.drop_in_doubt.is_some()
}

fn by_lists(container: &Container, capability: &'static Capability, readers: &[Cri]) -> Effective<bool> {
    let as_written = |by_default| Listed::find(container, capability, |_| true).added_wins(by_default);
    match container.syntax {
        Syntax::Kubernetes => {}
        Syntax::Run(Engine::Podman) => return as_written(capability.podman_default),
        Syntax::Run(_) | Syntax::Compose => return as_written(capability.docker_default),
        Syntax::Oci => return as_written(false),
    }
    let answers = readers.iter().map(|reader| match reader {
        Cri::Containerd => {
            Listed::find(container, capability, Spelling::works_with_containerd).dropped_wins(capability.docker_default)
        }
        Cri::CriO => {
            Listed::find(container, capability, Spelling::works_with_crio).dropped_wins(capability.crio_default)
        }
        Cri::Docker => as_written(capability.docker_default),
    });
    let agreed = answers.reduce(|agreed, next| match agreed.value == next.value {
        true => agreed,
        // The origin is the line that one of them understands, if it is a line at all.
        false => Effective::unknown(if agreed.origin == Origin::RuntimeDefault { next.origin } else { agreed.origin }),
    });
    agreed.unwrap_or(Effective::unknown(Origin::RuntimeDefault))
}

/// Where the lists speak of a capability, for somebody who understands certain spellings.
struct Listed {
    add_all: Option<Origin>,
    add_one: Option<Origin>,
    drop_all: Option<Origin>,
    drop_one: Option<Origin>,
}

impl Listed {
    fn find(container: &Container, capability: &'static Capability, understands: fn(Spelling) -> bool) -> Self {
        let find = |list: &[Named], is_meant: fn(Meant) -> bool| {
            let found = list.iter().find(|named| {
                let written = capability::read_as(&named.name, capability);
                written.is_some_and(|written| understands(written.spelling) && is_meant(written.meant))
            });
            found.map(|named| Origin::Container(named.site.whole()))
        };
        let all = |meant| meant == Meant::All;
        let one = |meant| matches!(meant, Meant::One(_));
        let (added, dropped) = (&container.security.capabilities_add, &container.security.capabilities_drop);
        Self {
            add_all: find(added, all),
            add_one: find(added, one),
            drop_all: find(dropped, all),
            drop_one: find(dropped, one),
        }
    }

    /// As containerd and CRI-O apply the lists.
    fn dropped_wins(self, by_default: bool) -> Effective<bool> {
        let dropped = |origin| Effective::new(false, origin);
        let added = |origin| Effective::new(true, origin);
        let last_word = self.drop_one.map(dropped).or(self.add_one.map(added));
        let of_all = self.drop_all.map(dropped).or(self.add_all.map(added));
        last_word.or(of_all).unwrap_or(Effective::new(by_default, Origin::RuntimeDefault))
    }

    /// As Docker and Podman apply the lists: with `ALL` added, what is dropped by name goes; with `ALL` dropped, what is added
    /// by name comes; else what is added wins over what is dropped.
    ///
    /// Source: `TweakCapabilities` in `oci/caps/utils.go` of moby; `MergeCapabilities` of containers/common agrees, and refuses
    /// a capability that stands in both lists.
    fn added_wins(self, by_default: bool) -> Effective<bool> {
        if let Some(all) = self.add_all {
            return self.drop_one.map_or(Effective::new(true, all), |origin| Effective::new(false, origin));
        }
        if let Some(origin) = self.add_one {
            return Effective::new(true, origin);
        }
        match self.drop_all.or(self.drop_one) {
            Some(origin) => Effective::new(false, origin),
            None => Effective::new(by_default, Origin::RuntimeDefault),
        }
    }
}

impl<T> Effective<T> {
    fn new(value: T, origin: Origin) -> Self {
        Self { value: Some(value), origin }
    }

    fn unknown(origin: Origin) -> Self {
        Self { value: None, origin }
    }

    fn map<U>(self, change: impl FnOnce(T) -> U) -> Effective<U> {
        Effective { value: self.value.map(change), origin: self.origin }
    }
}

/// The value of a field that says something; `None` when it is absent or null.
fn own<T: Copy>(field: &Field<T>, origin: fn(Span) -> Origin) -> Option<Effective<T>> {
    Some(by_reference(field, origin)?.map(|value| *value))
}

fn by_reference<T>(field: &Field<T>, origin: fn(Span) -> Origin) -> Option<Effective<&T>> {
    match field {
        Field::Set(value, site) => Some(Effective::new(value, origin(site.whole()))),
        Field::Unreadable(site) => Some(Effective::unknown(origin(site.whole()))),
        Field::Absent | Field::Null(_) => None,
    }
}

fn inherited<T: Copy>(container: &Field<T>, pod: &Field<T>) -> Option<Effective<T>> {
    own(container, Origin::Container).or_else(|| own(pod, Origin::Pod))
}

/// Each field of `windowsOptions` is inherited by itself.
fn windows<'p, T>(pod: &'p Pod, container: &'p Container, pick: fn(&Windows) -> &Field<T>) -> Option<Effective<&'p T>> {
    let from = |options: &'p Field<Windows>, origin: fn(Span) -> Origin| match options {
        Field::Set(options, _) => by_reference(pick(options), origin),
        Field::Unreadable(site) => Some(Effective::unknown(origin(site.whole()))),
        Field::Absent | Field::Null(_) => None,
    };
    from(&container.security.windows, Origin::Container).or_else(|| from(&pod.security.windows, Origin::Pod))
}

/// A profile without a type, or with one that does not exist, is refused by the API server: no value.
fn profile(field: &Field<Profile>, origin: fn(Span) -> Origin) -> Option<Effective<Confinement<'_>>> {
    let found = by_reference(field, origin)?;
    let meaning = found.value.and_then(|profile| match profile.kind.text()? {
        "Unconfined" => Some(Confinement::Unconfined),
        "RuntimeDefault" => Some(Confinement::RuntimeDefault),
        "Localhost" => profile.localhost.text().map(Confinement::Localhost),
        _ => None,
    });
    Some(Effective { value: meaning, origin: found.origin })
}

/// The profile in an annotation, in the spelling of that time.
fn by_annotation<'p>(pod: &'p Pod, name: &str) -> Option<Effective<Confinement<'p>>> {
    let Pair { value, site, .. } = *pod.annotations(name).first()?;
    let meaning = match value.as_str() {
        "unconfined" => Some(Confinement::Unconfined),
        "runtime/default" | "docker/default" => Some(Confinement::RuntimeDefault),
        other => other.strip_prefix("localhost/").map(Confinement::Localhost),
    };
    Some(Effective { value: meaning, origin: Origin::Annotation(site.whole()) })
}
