//! The pods that are compared: all the same but for what is explored, and for one layer.

use watertight_diagnostic::ask::escape::{Layer, Lsm, NodeFacts};
use watertight_diagnostic::{FileId, Settings};
use watertight_escape::Map;

use super::subject::Subject;
use crate::Input;
use crate::escape::surroundings::{self, Surroundings};
use crate::source::Source;

/// A pod, and the node under it.
#[derive(Clone, Copy)]
pub(super) struct Variant {
    user: &'static str,
    seccomp: &'static str,
    apparmor: &'static str,
    /// Lines of the pod's `spec`.
    spec: &'static str,
    lsm: Lsm,
    cgroup: Option<u8>,
    signed_modules: Option<bool>,
}

impl Variant {
    /// Root without any layer that could be left out.
    pub(super) const NAKED: Self = Self {
        user: "0",
        seccomp: "Unconfined",
        apparmor: "Unconfined",
        spec: "",
        lsm: Lsm::None,
        cgroup: None,
        signed_modules: None,
    };

    /// The ways out of such a pod, with or without what is explored. What the settings say of the node's versions holds.
    pub(super) fn map(&self, subject: Option<&Subject>, settings: &Settings) -> Option<Map> {
        let text = self.text(subject);
        let sources = [Source::read(FileId(0), Input { name: "", text: &text })];
        let facts = NodeFacts {
            lsm: Some(self.lsm),
            cgroup: self.cgroup.or(settings.facts.cgroup),
            signed_modules: self.signed_modules.or(settings.facts.signed_modules),
            ..settings.facts
        };
        let settings = Settings { facts, ..*settings };
        let roles = surroundings::files(&sources);
        let surroundings = Surroundings::new(&sources, &roles, &settings);
        let [source] = &sources;
        let pod = source.objects.pods.first()?;
        let object = source.objects.objects.get(pod.object)?;
        Some(surroundings.look(object, pod, pod.containers.first()?).map)
    }

    fn text(&self, subject: Option<&Subject>) -> String {
        let Self { user, seccomp, apparmor, spec, .. } = self;
        let (mut add, mut mounts) = (String::new(), String::new());
        match subject {
            Some(Subject::Capability(known)) => add = format!(", add: [{}]", known.name),
            Some(Subject::Path { path, writable }) => {
                // JSON's quoting is YAML's.
                let path = serde_json::Value::from(path.as_str());
                mounts = format!(
                    "      volumeMounts: [{{name: host, mountPath: /host, readOnly: {}}}]\n  volumes: [{{name: host, \
                     hostPath: {{path: {path}}}}}]\n",
                    !writable
                );
            }
            None => {}
        }
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: sample}}\nspec:\n  automountServiceAccountToken: false\n{spec}  \
             containers:\n    - name: app\n      image: app\n      securityContext: {{runAsUser: {user}, \
             allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, seccompProfile: {{type: {seccomp}}}, \
             appArmorProfile: {{type: {apparmor}}}, capabilities: {{drop: [ALL]{add}}}}}\n      resources: {{limits: \
             {{cpu: 1, memory: 64Mi, ephemeral-storage: 1Gi}}}}\n{mounts}"
        )
    }
}

/// A layer, put in place alone.
pub(super) struct Layered {
    pub(super) layer: Layer,
    pub(super) name: &'static str,
    pub(super) how: &'static str,
    pub(super) variant: Variant,
}

/// What can be put in the way without changing what the pod asks for.
pub(super) const LAYERS: [Layered; 9] = [
    Layered {
        layer: Layer::Capabilities,
        name: "A user that is not root",
        how: "runAsUser: 10001",
        variant: Variant { user: "10001", ..Variant::NAKED },
    },
    Layered {
        layer: Layer::UserNamespace,
        name: "A user namespace",
        how: "hostUsers: false",
        variant: Variant { spec: "  hostUsers: false\n", ..Variant::NAKED },
    },
    Layered {
        layer: Layer::Seccomp,
        name: "The runtime's seccomp profile",
        how: "seccompProfile: {type: RuntimeDefault}",
        variant: Variant { seccomp: "RuntimeDefault", ..Variant::NAKED },
    },
    Layered {
        layer: Layer::Lsm,
        name: "The runtime's AppArmor profile",
        how: "appArmorProfile: {type: RuntimeDefault}, on a node with AppArmor",
        variant: Variant { apparmor: "RuntimeDefault", lsm: Lsm::AppArmor, ..Variant::NAKED },
    },
    Layered {
        layer: Layer::Lsm,
        name: "SELinux",
        how: "no seLinuxOptions, on a node with SELinux",
        variant: Variant { lsm: Lsm::SeLinux, ..Variant::NAKED },
    },
    Layered {
        layer: Layer::Sandbox,
        name: "gVisor",
        how: "a runtimeClassName whose handler is runsc",
        variant: Variant { spec: "  runtimeClassName: gvisor\n", ..Variant::NAKED },
    },
    Layered {
        layer: Layer::Sandbox,
        name: "Kata Containers",
        how: "a runtimeClassName whose handler is kata",
        variant: Variant { spec: "  runtimeClassName: kata\n", ..Variant::NAKED },
    },
    Layered {
        layer: Layer::Version,
        name: "Control groups of version 2",
        how: "the default of current distributions",
        variant: Variant { cgroup: Some(2), ..Variant::NAKED },
    },
    Layered {
        layer: Layer::Version,
        name: "Signed modules only",
        how: "module.sig_enforce=1 or lockdown on the node",
        variant: Variant { signed_modules: Some(true), ..Variant::NAKED },
    },
];
