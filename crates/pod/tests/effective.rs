//! Effective values and their origins.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use watertight_diagnostic::KubeVersion;
use watertight_knowledge::capability;
use watertight_pod::effective::{self, Confinement, Cri, Effective, Origin};
use watertight_pod::{Container, Objects, Pod, read};
use watertight_yaml::parse;

/// Reads a pod with this pod-level and this container-level `securityContext` (flow style) and more lines of the spec.
fn with(pod: &str, container: &str, spec: &str, see: impl FnOnce(&Pod, &Container, &Objects, &str)) {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  securityContext: {pod}\n  containers:\n  - name: a\n    image: b\n    securityContext: {container}\n{spec}"
    );
    let objects = read(&parse(&text));
    see(&objects.pods[0], &objects.pods[0].containers[0], &objects, &text);
}

/// `value from origin`, with the bytes of the origin.
fn say<T: std::fmt::Debug>(effective: Effective<T>, text: &str) -> String {
    let origin = match effective.origin {
        Origin::Container(span) => format!("container: {}", span.slice(text)),
        Origin::Pod(span) => format!("pod: {}", span.slice(text)),
        Origin::Annotation(span) => format!("annotation: {}", span.slice(text)),
        Origin::ServiceAccount(span) => format!("account: {}", span.slice(text)),
        other => format!("{other:?}"),
    };
    match effective.value {
        Some(value) => format!("{value:?} from {origin}"),
        None => format!("unknown from {origin}"),
    }
}

#[test]
fn inheritance() {
    for (pod, container, user, non_root) in [
        ("{}", "{}", "unknown from RuntimeDefault", "false from ApiDefault"),
        ("{runAsUser: 5, runAsNonRoot: true}", "{}", "5 from pod: runAsUser: 5", "true from pod: runAsNonRoot: true"),
        (
            "{runAsUser: 5, runAsNonRoot: true}",
            "{runAsUser: 0, runAsNonRoot: false}",
            "0 from container: runAsUser: 0",
            "false from container: runAsNonRoot: false",
        ),
        ("{runAsUser: 5}", "{runAsUser: null}", "5 from pod: runAsUser: 5", "false from ApiDefault"),
        ("{runAsUser: 5}", "{runAsUser: x}", "unknown from container: runAsUser: x", "false from ApiDefault"),
    ] {
        with(pod, container, "", |p, c, _, text| {
            assert_eq!(say(effective::run_as_user(p, c), text), user);
            assert_eq!(say(effective::run_as_non_root(p, c), text), non_root);
        });
    }
}

#[test]
fn fields_of_the_container_alone() {
    with("{}", "{}", "", |p, c, _, text| {
        assert_eq!(say(effective::privileged(c), text), "false from ApiDefault");
        assert_eq!(say(effective::allow_privilege_escalation(c), text), "true from ApiDefault");
        assert_eq!(say(effective::read_only_root(c), text), "false from ApiDefault");
        assert_eq!(say(effective::proc_mount(c), text), "\"Default\" from ApiDefault");
        assert_eq!(say(effective::host_users(p), text), "true from ApiDefault");
        assert_eq!(say(effective::host_process(p, c), text), "false from ApiDefault");
        assert_eq!(say(effective::selinux(p, c), text), "unknown from RuntimeDefault");
    });
    with("{}", "{privileged: true, allowPrivilegeEscalation: false}", "", |_, c, _, text| {
        let forced = "true from container: privileged: true";
        assert_eq!(say(effective::allow_privilege_escalation(c), text), forced);
        assert_eq!(say(effective::proc_mount(c), text), "\"Unmasked\" from container: privileged: true");
    });
    for (added, expected) in [
        ("CAP_SYS_ADMIN", "true from container: CAP_SYS_ADMIN"),
        ("SYS_ADMIN", "false from container: allowPrivilegeEscalation: false"),
    ] {
        let container = format!("{{allowPrivilegeEscalation: false, capabilities: {{add: [{added}]}}}}");
        with("{}", &container, "", |_, c, _, text| {
            assert_eq!(say(effective::allow_privilege_escalation(c), text), expected);
        });
    }
}

#[test]
fn windows_options_inherit_field_by_field() {
    let pod = "{windowsOptions: {hostProcess: true, runAsUserName: x}}";
    with(pod, "{windowsOptions: {runAsUserName: z}}", "", |p, c, _, text| {
        assert_eq!(say(effective::host_process(p, c), text), "true from pod: hostProcess: true");
        assert_eq!(say(effective::windows_user(p, c), text), "\"z\" from container: runAsUserName: z");
    });
}

#[test]
fn seccomp() {
    let new = KubeVersion::Latest;
    for (pod, container, expected) in [
        ("{}", "{}", "unknown from RuntimeDefault"),
        (
            "{seccompProfile: {type: RuntimeDefault}}",
            "{}",
            "RuntimeDefault from pod: seccompProfile: {type: RuntimeDefault}",
        ),
        (
            "{seccompProfile: {type: RuntimeDefault}}",
            "{seccompProfile: {type: Unconfined}}",
            "Unconfined from container: seccompProfile: {type: Unconfined}",
        ),
        (
            "{}",
            "{seccompProfile: {type: Localhost, localhostProfile: a.json}}",
            "Localhost(\"a.json\") from container: seccompProfile: {type: Localhost, localhostProfile: a.json}",
        ),
        ("{}", "{seccompProfile: {}}", "unknown from container: seccompProfile: {}"),
        (
            "{seccompProfile: {type: RuntimeDefault}}",
            "{privileged: true}",
            "Unconfined from container: privileged: true",
        ),
    ] {
        with(pod, container, "", |p, c, _, text| assert_eq!(say(effective::seccomp(p, c, new), text), expected));
    }
}

#[test]
fn annotations_of_old() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    seccomp.security.alpha.kubernetes.io/pod: unconfined\n    container.seccomp.security.alpha.kubernetes.io/a: localhost/x\n    container.apparmor.security.beta.kubernetes.io/b: unconfined\nspec:\n  securityContext: {appArmorProfile: {type: RuntimeDefault}}\n  containers: [{name: a}, {name: b}]\n";
    let objects = read(&parse(text));
    let pod = &objects.pods[0];
    let (a, b) = (&pod.containers[0], &pod.containers[1]);
    for (minor, container, expected) in [
        (18, a, Some(Confinement::Localhost("x"))),
        (18, b, Some(Confinement::Unconfined)),
        (26, b, Some(Confinement::Unconfined)),
        (27, b, None),
    ] {
        assert_eq!(effective::seccomp(pod, container, KubeVersion::Minor(minor)).value, expected, "{minor}");
    }
    // From 1.19 to 1.26 what is said of the container comes before what is said of the pod, field or not.
    let (pods_field, own_field) = (
        "securityContext: {seccompProfile: {type: RuntimeDefault}}",
        "{name: a, securityContext: {seccompProfile: {type: RuntimeDefault}}}",
    );
    for (annotation, container, minor, expected) in [
        ("container.seccomp.security.alpha.kubernetes.io/a", "{name: a}", 19, Confinement::Unconfined),
        ("container.seccomp.security.alpha.kubernetes.io/a", "{name: a}", 26, Confinement::Unconfined),
        ("container.seccomp.security.alpha.kubernetes.io/a", "{name: a}", 27, Confinement::RuntimeDefault),
        ("container.seccomp.security.alpha.kubernetes.io/a", own_field, 26, Confinement::RuntimeDefault),
        ("seccomp.security.alpha.kubernetes.io/pod", "{name: a}", 26, Confinement::RuntimeDefault),
    ] {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, annotations: {{{annotation}: unconfined}}}}\nspec: {{{pods_field}, containers: [{container}]}}\n"
        );
        let objects = read(&parse(&text));
        let pod = &objects.pods[0];
        let found = effective::seccomp(pod, &pod.containers[0], KubeVersion::Minor(minor)).value;
        assert_eq!(found, Some(expected), "{minor} {text}");
    }
    let latest = KubeVersion::Latest;
    assert_eq!(effective::apparmor(pod, a, latest).value, Some(Confinement::RuntimeDefault));
    assert!(matches!(effective::apparmor(pod, a, latest).origin, Origin::Pod(_)));
    assert!(matches!(effective::apparmor(pod, a, KubeVersion::Minor(29)).origin, Origin::RuntimeDefault));
    assert_eq!(effective::apparmor(pod, b, latest).value, Some(Confinement::Unconfined));
    assert!(matches!(effective::apparmor(pod, b, latest).origin, Origin::Annotation(_)));
}

#[test]
fn apparmor_of_a_privileged_container() {
    for (container, expected) in [
        ("{privileged: true}", Some(Confinement::Unconfined)),
        ("{privileged: true, appArmorProfile: {type: RuntimeDefault}}", Some(Confinement::Unconfined)),
        ("{privileged: true, appArmorProfile: {type: Localhost, localhostProfile: x}}", None),
        ("{appArmorProfile: {type: Localhost, localhostProfile: x}}", Some(Confinement::Localhost("x"))),
    ] {
        with("{}", container, "", |p, c, _, _| {
            assert_eq!(effective::apparmor(p, c, KubeVersion::Latest).value, expected, "{container}");
        });
    }
}

#[test]
fn capabilities() {
    for (container, name, expected) in [
        ("{}", "CHOWN", "true from RuntimeDefault"),
        ("{}", "NET_RAW", "unknown from RuntimeDefault"),
        ("{}", "SYS_ADMIN", "false from RuntimeDefault"),
        ("{capabilities: {drop: [ALL]}}", "CHOWN", "false from container: ALL"),
        ("{capabilities: {drop: [all]}}", "NET_RAW", "false from container: all"),
        ("{capabilities: {drop: [CAP_ALL]}}", "CHOWN", "true from RuntimeDefault"),
        ("{capabilities: {add: [CHOWN], drop: [ALL]}}", "CHOWN", "true from container: CHOWN"),
        ("{capabilities: {add: [CHOWN], drop: [CHOWN]}}", "CHOWN", "unknown from container: CHOWN"),
        ("{capabilities: {add: [ALL]}}", "SYS_ADMIN", "true from container: ALL"),
        ("{capabilities: {add: [ALL], drop: [ALL]}}", "SYS_ADMIN", "unknown from container: ALL"),
        ("{capabilities: {add: [ALL], drop: [ALL, SYS_ADMIN]}}", "SYS_ADMIN", "false from container: SYS_ADMIN"),
        ("{capabilities: {add: [ALL], drop: [SYS_ADMIN]}}", "SYS_ADMIN", "false from container: SYS_ADMIN"),
        ("{capabilities: {add: [sys_admin]}}", "SYS_ADMIN", "true from container: sys_admin"),
        ("{capabilities: {add: [CAP_SYS_ADMIN]}}", "SYS_ADMIN", "unknown from container: CAP_SYS_ADMIN"),
        ("{capabilities: {add: [CAP_SYS_ADMIN, SYS_ADMIN]}}", "SYS_ADMIN", "true from container: SYS_ADMIN"),
        ("{capabilities: {drop: [CAP_SYS_ADMIN]}}", "SYS_ADMIN", "false from RuntimeDefault"),
        ("{privileged: true, capabilities: {drop: [ALL]}}", "SYS_ADMIN", "true from container: privileged: true"),
    ] {
        with("{}", container, "", |_, c, _, text| {
            let capability = capability::by_name(name).unwrap();
            assert_eq!(say(effective::capability(c, capability), text), expected, "{container} {name}");
        });
    }
}

/// What is in both lists differs by who reads them, and so do spellings and what is given without a word.
#[test]
fn capabilities_by_runtime() {
    let (yes, no) = (Some(true), Some(false));
    for (lists, name, containerd, crio, docker) in [
        ("{}", "NET_RAW", yes, no, yes),
        ("{add: [ALL], drop: [ALL]}", "SYS_ADMIN", no, no, yes),
        ("{add: [all], drop: [All]}", "SYS_ADMIN", no, no, yes),
        ("{add: [ALL, CHOWN], drop: [ALL]}", "CHOWN", yes, yes, yes),
        ("{add: [ALL], drop: [ALL, SYS_ADMIN]}", "SYS_ADMIN", no, no, no),
        ("{add: [ALL, SYS_ADMIN], drop: [SYS_ADMIN]}", "SYS_ADMIN", no, no, no),
        ("{add: [SYS_ADMIN], drop: [SYS_ADMIN]}", "SYS_ADMIN", no, no, yes),
        ("{add: [SYS_ADMIN], drop: [ALL, SYS_ADMIN]}", "SYS_ADMIN", no, no, yes),
        ("{add: [CAP_SYS_ADMIN]}", "SYS_ADMIN", no, yes, yes),
        ("{add: [cap_sys_admin]}", "SYS_ADMIN", no, no, yes),
        ("{drop: [cap_chown]}", "CHOWN", yes, yes, no),
    ] {
        with("{}", &format!("{{capabilities: {lists}}}"), "", |_, c, _, _| {
            let capability = capability::by_name(name).unwrap();
            let by = |readers: &[Cri]| effective::capability_by(c, capability, readers).value;
            let each = Cri::ALL.iter().map(|reader| by(&[*reader])).collect::<Vec<_>>();
            assert_eq!(each, [containerd, crio, docker], "{lists} {name}");
            let agreed = containerd.filter(|_| containerd == crio && crio == docker);
            assert_eq!(by(Cri::ALL), agreed, "{lists} {name}");
        });
    }
}

#[test]
fn token() {
    let account = |name: &str, line: &str| {
        format!("---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}}}\n{line}")
    };
    let off = "automountServiceAccountToken: false\n";
    for (spec, expected) in [
        (String::new(), "true from ApiDefault"),
        (format!("  {off}"), "false from pod: automountServiceAccountToken: false"),
        (account("default", off), "false from account: automountServiceAccountToken: false"),
        (account("other", off), "true from ApiDefault"),
        (
            format!("  serviceAccountName: s\n{}", account("s", off)),
            "false from account: automountServiceAccountToken: false",
        ),
        (
            format!("  automountServiceAccountToken: true\n{}", account("default", off)),
            "true from pod: automountServiceAccountToken: true",
        ),
        (account("default", "secrets: []\n"), "true from ApiDefault"),
    ] {
        with("{}", "{}", &spec, |p, _, objects, text| {
            assert_eq!(say(effective::automount_token(p, objects), text), expected, "{spec}");
        });
    }
}
