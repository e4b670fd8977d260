//! Every field of the model: what it holds, in which state, and where it stands.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Debug;

use watertight_pod::{Container, ContainerList, Field, Pod, read};
use watertight_yaml::parse;

/// A field as `value @ bytes of the value`, or its state.
fn state<T: Debug>(field: &Field<T>, text: &str) -> String {
    match field {
        Field::Absent => "absent".to_owned(),
        Field::Null(_) => "null".to_owned(),
        Field::Set(value, site) => format!("{value:?} @ {}", site.value.slice(text)),
        Field::Unreadable(site) => format!("unreadable @ {}", site.value.slice(text)),
    }
}

fn pod(spec: &str, see: impl FnOnce(&Pod, &str)) {
    let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n{spec}");
    let objects = read(&parse(&text));
    assert_eq!(objects.pods.len(), 1, "{text}");
    see(&objects.pods[0], &text);
}

fn container(lines: &str, see: impl FnOnce(&Container, &str)) {
    pod(&format!("  containers:\n  - name: a\n    image: b\n{lines}"), |pod, text| see(&pod.containers[0], text));
}

type Flag = fn(&Pod) -> &Field<bool>;

#[test]
fn every_state_of_a_switch() {
    let switches: [(&str, Flag); 6] = [
        ("hostNetwork", |pod| &pod.host_network),
        ("hostPID", |pod| &pod.host_pid),
        ("hostIPC", |pod| &pod.host_ipc),
        ("hostUsers", |pod| &pod.host_users),
        ("shareProcessNamespace", |pod| &pod.share_process_namespace),
        ("automountServiceAccountToken", |pod| &pod.automount_token),
    ];
    for (name, pick) in switches {
        for (written, expected) in [
            ("true", "true @ true"),
            ("yes", "true @ yes"),
            ("Off", "false @ Off"),
            ("", "null"),
            ("~", "null"),
            ("\"true\"", "unreadable @ \"true\""),
            ("1", "unreadable @ 1"),
            ("[true]", "unreadable @ [true]"),
            ("{{ .Values.x }}", "unreadable @ {{ .Values.x }}"),
            ("\"{{ .Values.x }}\"", "unreadable @ \"{{ .Values.x }}\""),
        ] {
            pod(&format!("  {name}: {written}\n"), |pod, text| {
                assert_eq!(state(pick(pod), text), expected, "{name}: {written}");
                let unreadable = expected.starts_with("unreadable");
                assert_eq!(pod.unreadable.len(), usize::from(unreadable), "{name}: {written}");
                if unreadable {
                    assert_eq!(pod.unreadable[0].route.to_string(), format!("spec.{name}"));
                }
            });
        }
        pod("  x: 1\n", |pod, text| assert_eq!(state(pick(pod), text), "absent"));
    }
}

#[test]
fn keys_and_values_know_their_places() {
    pod("  hostPID: true # why\n", |pod, text| {
        let site = pod.host_pid.site().unwrap();
        assert_eq!(site.key.unwrap().slice(text), "hostPID");
        assert_eq!(site.whole().slice(text), "hostPID: true");
        assert_eq!(pod.head.slice(text), "spec");
        assert_eq!(pod.route.to_string(), "spec");
    });
}

#[test]
fn an_alias_is_where_it_is_used() {
    pod("  hostIPC: &yes true\n  hostPID: *yes\n", |pod, text| {
        assert_eq!(state(&pod.host_ipc, text), "true @ true");
        assert_eq!(state(&pod.host_pid, text), "true @ *yes");
    });
    pod("  containers:\n  - &one {name: a, image: x}\n  - {<<: *one, name: b}\n", |pod, text| {
        let names: Vec<&str> = pod.containers.iter().map(|container| &*container.name).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(state(&pod.containers[1].image, text), "\"x\" @ x");
        assert_eq!(pod.containers[1].route.to_string(), "spec.containers[1]");
    });
}

#[test]
fn the_last_of_equal_keys_counts() {
    pod("  hostPID: \"no\"\n  hostPID: true\n", |pod, text| {
        assert_eq!(state(&pod.host_pid, text), "true @ true");
        assert_eq!(pod.unreadable, []);
    });
}

#[test]
fn more_of_the_pod() {
    pod(
        "  serviceAccount: old\n  runtimeClassName: gvisor\n  os: {name: linux}\n  nodeName: n1\n  hostAliases: [{ip: 1.1.1.1}, {ip: 1.1.1.2}]\n  resourceClaims: [{name: gpu}]\n",
        |pod, text| {
            assert_eq!(state(&pod.service_account, text), "\"old\" @ old");
            assert_eq!(state(&pod.runtime_class, text), "\"gvisor\" @ gvisor");
            assert_eq!(state(&pod.os, text), "\"linux\" @ linux");
            assert_eq!(state(&pod.node_name, text), "\"n1\" @ n1");
            assert_eq!(pod.host_aliases.get(), Some(&2));
            assert_eq!(pod.resource_claims[0].name, "gpu");
        },
    );
    pod("  serviceAccountName: new\n  serviceAccount: old\n  os: null\n", |pod, text| {
        assert_eq!(state(&pod.service_account, text), "\"new\" @ new");
        assert_eq!(state(&pod.os, text), "null");
    });
    pod("  os: linux\n", |pod, text| assert_eq!(state(&pod.os, text), "unreadable @ linux"));
}

#[test]
fn security_of_the_pod() {
    pod(
        "  securityContext:\n    runAsUser: 1\n    runAsGroup: 2\n    runAsNonRoot: true\n    fsGroup: 3\n    supplementalGroups: [4, 5]\n    seccompProfile: {type: Localhost, localhostProfile: x}\n    appArmorProfile: {type: Unconfined}\n    seLinuxOptions: {user: u, role: r, type: t, level: l}\n    sysctls: [{name: a.b, value: \"1\"}]\n    windowsOptions: {hostProcess: true, runAsUserName: w}\n",
        |pod, text| {
            let own = &pod.security;
            assert!(own.site.unwrap().key.unwrap().slice(text) == "securityContext");
            assert_eq!(state(&own.run_as_user, text), "1 @ 1");
            assert_eq!(state(&own.run_as_group, text), "2 @ 2");
            assert_eq!(state(&own.run_as_non_root, text), "true @ true");
            assert_eq!(state(&own.fs_group, text), "3 @ 3");
            assert_eq!(own.supplemental_groups.iter().map(|(group, _)| *group).collect::<Vec<_>>(), [4, 5]);
            let seccomp = own.seccomp.get().unwrap();
            assert_eq!(seccomp.kind.text(), Some("Localhost"));
            assert_eq!(seccomp.localhost.text(), Some("x"));
            assert_eq!(own.apparmor.get().unwrap().kind.text(), Some("Unconfined"));
            let selinux = own.selinux.get().unwrap();
            assert_eq!(
                [&selinux.user, &selinux.role, &selinux.kind, &selinux.level].map(Field::text),
                [Some("u"), Some("r"), Some("t"), Some("l")]
            );
            assert_eq!((&*own.sysctls[0].name, &*own.sysctls[0].value), ("a.b", "1"));
            assert!(own.windows.get().unwrap().host_process.is_true());
        },
    );
    pod("  securityContext:\n", |pod, _| assert_eq!(pod.security.site, None));
    pod("  securityContext: []\n", |pod, text| {
        assert_eq!(pod.security.site, None);
        assert_eq!(pod.unreadable[0].route.to_string(), "spec.securityContext");
        assert_eq!(pod.unreadable[0].site.value.slice(text), "[]");
    });
}

#[test]
fn containers_in_the_order_of_admission() {
    pod(
        "  ephemeralContainers: [{name: e}]\n  containers: [{name: c}, null, 5, {}]\n  initContainers: [{name: i, restartPolicy: Always}, {name: j}]\n",
        |pod, _| {
            let lines: Vec<String> =
                pod.containers.iter().map(|c| format!("{} {:?} {} {}", c.name, c.list, c.sidecar, c.route)).collect();
            assert_eq!(
                lines,
                [
                    "i Init true spec.initContainers[0]",
                    "j Init false spec.initContainers[1]",
                    "c Regular false spec.containers[0]",
                    " Regular false spec.containers[1]",
                    " Regular false spec.containers[3]",
                    "e Ephemeral false spec.ephemeralContainers[0]",
                ]
            );
            assert_eq!(pod.unreadable[0].route.to_string(), "spec.containers[2]");
        },
    );
    assert_eq!(ContainerList::Ephemeral.field(), "ephemeralContainers");
}

#[test]
fn heads_point_at_names() {
    pod("  containers:\n  - image: x\n    name: a\n  - image: z\n    tty: true\n", |pod, text| {
        assert_eq!(pod.containers[0].head.slice(text), "a");
        assert_eq!(pod.containers[1].head.slice(text), "image: z");
    });
}

#[test]
fn security_of_a_container() {
    container(
        "    securityContext:\n      privileged: true\n      allowPrivilegeEscalation: false\n      readOnlyRootFilesystem: true\n      runAsUser: 0\n      runAsGroup: 0\n      runAsNonRoot: false\n      procMount: Unmasked\n      capabilities: {add: [A, null, 5, [x], B], drop: [ALL]}\n      seccompProfile: {type: Unconfined}\n",
        |container, text| {
            let own = &container.security;
            assert!(
                own.privileged.is_true() && own.allow_privilege_escalation.is_false() && own.read_only_root.is_true()
            );
            assert_eq!(state(&own.run_as_user, text), "0 @ 0");
            assert!(own.run_as_non_root.is_false());
            assert_eq!(own.proc_mount.text(), Some("Unmasked"));
            let added: Vec<(&str, &str)> =
                own.capabilities_add.iter().map(|named| (&*named.name, named.site.value.slice(text))).collect();
            assert_eq!(added, [("A", "A"), ("", "null"), ("B", "B")]);
            assert_eq!(own.capabilities_drop[0].name, "ALL");
            assert!(own.capabilities.is_some());
        },
    );
    container("    securityContext: {capabilities: ALL}\n", |container, _| {
        assert_eq!(container.security.capabilities, None);
    });
}

#[test]
fn more_of_a_container() {
    container(
        "    imagePullPolicy: Always\n    command: [sh, -c, 5]\n    args: [x]\n    tty: true\n    stdin: true\n    ports: [{containerPort: 80, hostPort: 8080}, {hostPort: \"1\"}]\n    volumeMounts: [{name: v, mountPath: /m, readOnly: true, subPath: s, subPathExpr: $(X), mountPropagation: Bidirectional}]\n    volumeDevices: [{name: d, devicePath: /dev/x}]\n    resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 0.5}, claims: [{name: gpu}]}\n",
        |container, text| {
            assert_eq!(container.image_pull_policy.text(), Some("Always"));
            let words: Vec<&str> = container.command.iter().map(|word| &*word.name).collect();
            assert_eq!(words, ["sh", "-c"]);
            assert_eq!(container.args[0].name, "x");
            assert!(container.tty.is_true() && container.stdin.is_true());
            assert_eq!(state(&container.ports[0].host_port, text), "8080 @ 8080");
            assert_eq!(state(&container.ports[1].host_port, text), "unreadable @ \"1\"");
            let mount = &container.mounts[0];
            assert_eq!(mount.volume.text(), Some("v"));
            assert_eq!(mount.path.text(), Some("/m"));
            assert!(mount.read_only.is_true());
            assert_eq!(mount.sub_path.text(), Some("s"));
            assert_eq!(mount.sub_path_expr.text(), Some("$(X)"));
            assert_eq!(mount.propagation.text(), Some("Bidirectional"));
            assert_eq!(container.devices[0].name, "/dev/x");
            assert_eq!(container.resources.limit("cpu").unwrap().value, "1");
            assert_eq!(container.resources.limit("memory").unwrap().value, "1Gi");
            assert_eq!(container.resources.requests[0].value, "0.5");
            assert_eq!(container.resources.claims[0].name, "gpu");
        },
    );
}

#[test]
fn environment() {
    container(
        "    env:\n    - {name: A, value: x}\n    - {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}\n    - {name: C, valueFrom: {secretKeyRef: {key: k}}}\n    - {name: D, valueFrom: {fieldRef: {fieldPath: x}}}\n    - {name: E, value: 5}\n    envFrom: [{secretRef: {name: t}}, {configMapRef: {name: u}}]\n",
        |container, text| {
            let env: Vec<String> =
                container.env.iter().map(|v| format!("{} {}", state(&v.value, text), state(&v.secret, text))).collect();
            assert_eq!(
                env,
                [
                    "\"x\" @ x absent",
                    "absent \"s\" @ s",
                    "absent \"\" @ {key: k}",
                    "absent absent",
                    "unreadable @ 5 absent"
                ]
            );
            assert_eq!(container.env_from[0].secret.text(), Some("t"));
            assert!(!container.env_from[1].secret.is_set());
        },
    );
}

#[test]
fn hosts_of_probes_in_the_order_of_admission() {
    container(
        "    lifecycle: {preStop: {tcpSocket: {host: e}}, postStart: {httpGet: {host: d}}}\n    startupProbe: {httpGet: {host: c}}\n    readinessProbe: {tcpSocket: {host: b}, httpGet: {host: \"\"}}\n    livenessProbe: {httpGet: {host: a}}\n",
        |container, _| {
            let hosts: Vec<String> =
                container.handler_hosts.iter().map(|host| format!("{}={}", host.field, host.host)).collect();
            assert_eq!(
                hosts,
                [
                    "livenessProbe.httpGet.host=a",
                    "readinessProbe.tcpSocket.host=b",
                    "startupProbe.httpGet.host=c",
                    "lifecycle.postStart.httpGet.host=d",
                    "lifecycle.preStop.tcpSocket.host=e",
                ]
            );
        },
    );
}

#[test]
fn volumes() {
    pod(
        "  volumes:\n  - {name: h, hostPath: {path: /, type: Directory}}\n  - {name: e, emptyDir: null, hostPath: {}}\n  - {name: c, persistentVolumeClaim: {claimName: pvc}}\n  - {name: p, projected: {sources: [{serviceAccountToken: {expirationSeconds: 7200}}, {secret: {name: s}}]}}\n  - {name: s, secret: {secretName: t}}\n  - {name: i, image: {reference: r}}\n  - {name: d, csi: {driver: x}}\n  - {name: f, flexVolume: {driver: z}}\n  - {emptyDir: {}}\n  - {name: nn}\n",
        |pod, text| {
            let sources: Vec<String> = pod
                .volumes
                .iter()
                .map(|volume| {
                    let names: Vec<&str> = volume.sources.iter().map(|source| &*source.name).collect();
                    format!("{}:{}", volume.name, names.join("+"))
                })
                .collect();
            assert_eq!(
                sources,
                [
                    "h:hostPath",
                    "e:hostPath",
                    "c:persistentVolumeClaim",
                    "p:projected",
                    "s:secret",
                    "i:image",
                    "d:csi",
                    "f:flexVolume",
                    ":emptyDir",
                    "nn:"
                ]
            );
            let host = pod.volume("h").unwrap().host_path.get().unwrap();
            assert_eq!((host.path.text(), host.kind.text()), (Some("/"), Some("Directory")));
            assert_eq!(pod.volume("c").unwrap().claim.text(), Some("pvc"));
            assert_eq!(state(&pod.volume("p").unwrap().projected_tokens[0].0, text), "7200 @ 7200");
            assert_eq!(pod.volume("p").unwrap().secrets[0].name, "s");
            assert_eq!(pod.volume("s").unwrap().secrets[0].name, "t");
            assert_eq!(pod.volume("i").unwrap().image.text(), Some("r"));
            assert_eq!(pod.volume("d").unwrap().csi_driver.text(), Some("x"));
            assert_eq!(pod.volume("f").unwrap().flex_driver.text(), Some("z"));
            assert_eq!(pod.volumes[8].head.slice(text), "{emptyDir: {}}");
            assert_eq!(pod.volumes[8].route.to_string(), "spec.volumes[8]");
        },
    );
}

#[test]
fn metadata_is_that_of_the_pod() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\n  labels: {a: outer}\nspec:\n  template:\n    metadata:\n      labels: {a: inner, b: 5, c: null}\n      annotations: {x/y: z}\n    spec: {containers: [{name: a}]}\n";
    let objects = read(&parse(text));
    let metadata = &objects.pods[0].metadata;
    let labels: Vec<(&str, &str)> = metadata.labels.iter().map(|pair| (&*pair.name, &*pair.value)).collect();
    assert_eq!(labels, [("a", "inner"), ("b", "5"), ("c", "")]);
    assert_eq!(metadata.annotations[0].site.whole().slice(text), "x/y: z");
    assert_eq!(objects.objects[0].labels[0].value, "outer");
    assert_eq!(objects.objects[0].head.slice(text), "d");
}
