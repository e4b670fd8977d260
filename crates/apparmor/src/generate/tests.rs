use watertight_diagnostic::{FileId, KubeVersion};

use super::*;
use crate::decide::{Compiled, MountCall, Operation};
use crate::lint::{Subject, findings};
use crate::resolve;
use crate::shipped::Shipped;
use crate::start::{self, Linkage};
use crate::tree::Perms;

const STRICTNESSES: [Strictness; 3] = [Strictness::Familiar, Strictness::Careful, Strictness::Tight];

/// Pods with everything that a profile has to know about.
pub(super) const PODS: &[&str] = &[
    "apiVersion: v1\nkind: Pod\nmetadata: {name: plain}\nspec:\n  containers: [{name: app, image: a}]\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    image: a\n    command: [/usr/sbin/nginx, -g, x]\n    ports: [{containerPort: 80}]\n    securityContext: {readOnlyRootFilesystem: true, runAsUser: 101, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}\n    volumeMounts:\n    - {name: tmp, mountPath: /tmp}\n    - {name: conf, mountPath: /etc/nginx/conf.d}\n    - {name: cache, mountPath: /var/cache/nginx}\n    - {name: pw, mountPath: /run/secrets/pw, subPath: pw}\n  volumes:\n  - {name: tmp, emptyDir: {}}\n  - {name: conf, configMap: {name: c}}\n  - {name: cache, emptyDir: {}}\n  - {name: pw, secret: {secretName: p}}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: agent}\nspec:\n  containers:\n  - name: agent\n    image: a\n    command: [sh, -c, x]\n    securityContext: {privileged: true}\n    volumeMounts:\n    - {name: s, mountPath: /var/run/docker.sock}\n    - {name: r, mountPath: /host}\n    - {name: k, mountPath: /var/lib/kubelet}\n    - {name: m, mountPath: /etc/kubernetes/manifests}\n    - {name: p, mountPath: /proc/sys}\n    - {name: c, mountPath: /sys/fs/cgroup}\n    - {name: o, mountPath: \"/odd *name{x}[y],\\\"q\\\"\"}\n    - {name: v, mountPath: /dev}\n  volumes:\n  - {name: s, hostPath: {path: /run/docker.sock}}\n  - {name: r, hostPath: {path: /}}\n  - {name: k, hostPath: {path: /var/lib/kubelet}}\n  - {name: m, hostPath: {path: /etc/kubernetes/manifests}}\n  - {name: p, hostPath: {path: /proc/sys}}\n  - {name: c, hostPath: {path: /sys/fs/cgroup}}\n  - {name: o, emptyDir: {}}\n  - {name: v, hostPath: {path: /dev}}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec:\n  template:\n    spec:\n      securityContext: {runAsNonRoot: true}\n      containers:\n      - name: api\n        image: a\n        command: [python3, app.py]\n        ports: [{containerPort: 8080}]\n        volumeMounts: [{name: a, mountPath: /tmp}, {name: b, mountPath: /tmp/x}, {name: c, mountPath: /tmp}]\n        volumeDevices: [{name: d, devicePath: /dev/xvda}]\n      volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}, {name: c, emptyDir: {}}]\n",
    "docker run --read-only --tmpfs /tmp -v /srv/x:/data:ro --cap-drop ALL --security-opt apparmor=mine alpine\n",
];

pub(super) fn facts(text: &str) -> Vec<Facts> {
    let objects = if watertight_pod::run::is_command(text) {
        watertight_pod::run::read(text).0
    } else {
        watertight_pod::read(&watertight_yaml::parse(text))
    };
    let of = |pod: &watertight_pod::Pod| {
        let owner = objects.objects.get(pod.object).map_or("", |object| &object.name);
        let each = |container| Facts::of(pod, container, owner, KubeVersion::default());
        pod.containers.iter().map(each).collect::<Vec<_>>()
    };
    objects.pods.iter().flat_map(of).collect()
}

fn wish(facts: &Facts, strictness: Strictness) -> Wish<'_> {
    Wish { facts, strictness, complain: false, features: Features::V3, needs: &[] }
}

fn ask(text: &str, operation: &Operation) -> bool {
    let resolved = resolve(text, &Shipped);
    let profile = &resolved.policy.profiles[0];
    Compiled::new(&resolved.policy, profile).decide(&resolved.policy, profile, operation).allowed()
}

fn writes(text: &str, path: &str) -> bool {
    ask(text, &Operation::File { path: path.to_owned(), perms: Perms::WRITE, owner: true })
}

fn reads(text: &str, path: &str) -> bool {
    ask(text, &Operation::File { path: path.to_owned(), perms: Perms::READ, owner: true })
}

#[test]
fn what_is_made_is_taken_and_has_no_finding() {
    for pod in PODS {
        for facts in facts(pod) {
            for strictness in STRICTNESSES {
                for features in [Features::V3, Features::V4] {
                    let made = make(&Wish { features, ..wish(&facts, strictness) });
                    let resolved = resolve(&made.text, &Shipped);
                    assert_eq!(resolved.refusals, [], "{}", made.text);
                    assert_eq!(resolved.policy.profiles[0].full_name, facts.profile, "{}", made.text);
                    let found = findings(&Subject { text: &made.text, resolved: &resolved, file: FileId(0) });
                    let words: Vec<_> = found.iter().map(|finding| (finding.rule.id, &finding.what)).collect();
                    assert_eq!(words, [], "{}", made.text);
                }
            }
        }
    }
}

#[test]
fn programs_start_under_all_of_them() {
    for pod in PODS {
        for facts in facts(pod) {
            for strictness in STRICTNESSES {
                // What the pod names may be another program than the one that is tried.
                if strictness == Strictness::Tight && facts.program.is_some() {
                    continue;
                }
                let made = make(&wish(&facts, strictness));
                let resolved = resolve(&made.text, &Shipped);
                let profile = &resolved.policy.profiles[0];
                let compiled = Compiled::new(&resolved.policy, profile);
                for linkage in [Linkage::Static, Linkage::Dynamic] {
                    for (step, verdict) in start::simulate(&compiled, &resolved.policy, profile, linkage) {
                        assert!(verdict.allowed(), "{}\n{}", step.what, made.text);
                    }
                }
            }
        }
    }
}

#[test]
fn the_node_stays_closed() {
    for pod in PODS {
        for facts in facts(pod) {
            for strictness in STRICTNESSES {
                let text = make(&wish(&facts, strictness)).text;
                for path in [
                    "/proc/sys/kernel/core_pattern",
                    "/proc/sys/kernel/sysrq",
                    "/proc/sys/kernel/yama/ptrace_scope",
                    "/proc/sysrq-trigger",
                    "/proc/bus/pci/00/00.0",
                    "/sys/kernel/uevent_helper",
                    "/sys/fs/cgroup/release_agent",
                    "/run/docker.sock",
                ] {
                    let given = path == "/run/docker.sock" && !pod.contains("docker.sock");
                    assert!(given || !writes(&text, path), "{path}\n{text}");
                }
                assert!(!reads(&text, "/proc/kcore"), "{text}");
                let call = MountCall {
                    source: "proc".to_owned(),
                    target: "/mnt/".to_owned(),
                    fstype: "proc".to_owned(),
                    ..MountCall::default()
                };
                assert!(!ask(&text, &Operation::Mount(call)), "{text}");
                let stop = |peer: &str| Operation::Signal {
                    access: "receive".to_owned(),
                    signal: "term".to_owned(),
                    peer: peer.to_owned(),
                };
                assert!(["unconfined", "runc", "/usr/bin/crun"].iter().all(|peer| ask(&text, &stop(peer))), "{text}");
                assert!(!ask(&text, &stop("other")), "{text}");
            }
        }
    }
}

#[test]
fn mounts_and_the_root() {
    let web = &facts(PODS[1])[0];
    for (strictness, path, expected) in [
        (Strictness::Familiar, "/etc/x", true),
        (Strictness::Careful, "/etc/x", false),
        (Strictness::Careful, "/tmp/x", true),
        (Strictness::Careful, "/var/cache/nginx/a/b", true),
        (Strictness::Careful, "/var/lib/x", false),
        (Strictness::Tight, "/var/cache/nginx/x", true),
        (Strictness::Tight, "/etc/nginx/conf.d/x", false),
        (Strictness::Tight, "/run/secrets/pw", false),
    ] {
        assert_eq!(writes(&make(&wish(web, strictness)).text, path), expected, "{strictness:?} {path}");
    }
    let tight = make(&wish(web, Strictness::Tight)).text;
    assert!(reads(&tight, "/run/secrets/pw") && reads(&tight, "/etc/nginx/conf.d/a") && reads(&tight, "/usr/share/x"));
    assert!(!reads(&tight, "/etc/shadow") && !reads(&tight, "/data/x"));
    let starts = |text: &str, path: &str| ask(text, &Operation::Exec { path: path.to_owned(), owner: true });
    assert!(starts(&tight, "/usr/sbin/nginx") && !starts(&tight, "/usr/bin/sh") && !starts(&tight, "/tmp/x"));
    let careful = make(&wish(web, Strictness::Careful)).text;
    assert!(starts(&careful, "/usr/bin/sh") && !starts(&careful, "/tmp/x"));
    assert!(ask(&tight, &Operation::Capability("net_bind_service".to_owned())));
    assert!(!ask(&tight, &Operation::Capability("sys_admin".to_owned())));
    // A root that can be written to.
    let plain = make(&wish(&facts(PODS[0])[0], Strictness::Careful)).text;
    assert!(writes(&plain, "/var/lib/x") && !writes(&plain, "/usr/bin/x"), "{plain}");
}

#[test]
fn names() {
    let names: Vec<_> = PODS.iter().flat_map(|pod| facts(pod)).map(|facts| facts.profile).collect();
    assert_eq!(names, ["plain-app", "web", "agent", "api", "mine"]);
}

#[test]
fn what_leads_out_is_left_out_and_told() {
    let agent = &facts(PODS[2])[0];
    for strictness in STRICTNESSES {
        let made = make(&wish(agent, strictness));
        for path in ["/run/docker.sock", "/host"] {
            assert!(made.left_out.iter().any(|left| left.what == path), "{path}: {:?}", made.left_out);
        }
    }
}

#[test]
fn what_the_user_adds() {
    let needs = Needs::read("/srv/data/** rw,\nuserns,\n/run/docker.sock rw,\n/etc/passwd r,\nread /sys/fs/cgroup/\n");
    assert_eq!(needs.unread, []);
    let web = &facts(PODS[1])[0];
    let made = make(&Wish { needs: &needs.rules, ..wish(web, Strictness::Careful) });
    assert!(made.text.contains("abi <abi/4.0>"), "{}", made.text);
    assert!(writes(&made.text, "/srv/data/x") && writes(&made.text, "/run/docker.sock"), "{}", made.text);
    let left: Vec<_> = made.left_out.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(left, ["/sys/fs/cgroup/{,**} r,", "/etc/passwd r,"]);
}

#[test]
fn to_learn_first() {
    let made = make(&Wish { complain: true, ..wish(&facts(PODS[1])[0], Strictness::Tight) });
    assert!(made.text.contains("flags=(complain,attach_disconnected,mediate_deleted)"), "{}", made.text);
    assert!(reads(&made.text, "/data/x"));
}

#[test]
fn as_an_object_of_the_operator() {
    for pod in PODS {
        for facts in facts(pod) {
            for strictness in STRICTNESSES {
                let made = make(&wish(&facts, strictness));
                let object = load::as_object(&made.name, &made.text);
                let stream = watertight_yaml::parse(&object.text);
                assert_eq!(stream.documents[0].problems.len(), 0, "{}", object.text);
                let profile = crate::spo::read(stream.documents[0].root().unwrap()).unwrap();
                assert_eq!(profile.name, facts.profile);
                let resolved = resolve(&profile.text, &Shipped);
                assert_eq!(resolved.refusals, [], "{}", profile.text);
                // The operator's own lists let pass what ours do, as far as they have words for it.
                for path in ["/tmp/x", "/var/cache/nginx/x", "/etc/x", "/data/x"] {
                    let ours = writes(&made.text, path);
                    assert_eq!(writes(&profile.text, path), ours, "{path}\n{}\n{}", made.text, profile.text);
                }
                assert_eq!(reads(&profile.text, "/usr/share/x"), reads(&made.text, "/usr/share/x"));
            }
        }
    }
}

#[test]
fn how_a_workload_asks_for_it() {
    use watertight_pod::{Engine, Syntax};
    let version = |text: &str| text.parse::<KubeVersion>().unwrap();
    for (syntax, kube, expected) in [
        (Syntax::Kubernetes, "v1.34", "    localhostProfile: web\n"),
        (Syntax::Kubernetes, "v1.29", "beta.kubernetes.io/app: localhost/web\n"),
        (Syntax::Run(Engine::Podman), "v1.34", "podman run --security-opt apparmor=web …\n"),
        (Syntax::Compose, "v1.34", "security_opt:\n  - apparmor=web\n"),
        (Syntax::Oci, "v1.34", "\"apparmorProfile\": \"web\""),
    ] {
        let text = load::in_workload(syntax, "web", "app", version(kube));
        assert!(text.contains(expected), "{text}");
    }
    assert!(load::in_workload(Syntax::Kubernetes, "true", "app", version("v1.34")).contains("\"true\""));
    assert!(load::on_node("a b").contains("'a b'"));
}
