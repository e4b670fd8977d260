use watertight_diagnostic::ask::escape::{
    ContainerMap, Effort, EscapeAsk, EscapeReport, Layer, Lsm, NodeFacts, Outcome, State, Strand, Truth,
};
use watertight_diagnostic::{NodeSettings, Release, Runtime, Settings};
use watertight_text::Encoding;

use super::fixes::LARGEST;
use crate::{Input, escape};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: team}\nspec:\n";

fn settings() -> Settings {
    Settings { facts: NodeFacts { lsm: Some(Lsm::None), ..NodeFacts::default() }, ..Settings::default() }
}

fn ask(files: &[&str], fixes: bool) -> EscapeReport {
    let files: Vec<_> = files.iter().map(|text| Input { name: "a.yaml", text }).collect();
    escape(&files, &EscapeAsk { fixes, ..EscapeAsk::default() }, &settings(), Encoding::Utf8)
}

fn strand<'a>(report: &'a EscapeReport, id: &str) -> (&'a ContainerMap, &'a Strand) {
    let map = &report.containers[0];
    (map, map.strands.iter().find(|strand| report.techniques[strand.technique].id == id).unwrap())
}

#[track_caller]
fn check(files: &[&str], id: &str, expected: Truth) {
    let report = ask(files, false);
    let (map, strand) = strand(&report, id);
    assert_eq!(strand.open, expected, "{id}: {}", map.chain(strand));
}

fn pod(spec: &str) -> String {
    [POD, spec].concat()
}

/// Each container of a pod has its changes tried in a reading of the whole document.
#[test]
fn changes_are_tried_as_long_as_it_bears_them() {
    let container = |at: usize| format!("  - {{name: c{at}, image: a, securityContext: {{privileged: true}}}}\n");
    let containers: String = (0..20).map(container).collect();
    let untried = |comment: usize| {
        let text = format!("{POD}  containers:\n{containers}# {}\n", "a".repeat(comment));
        ask(&[&text], true).containers.iter().filter(|map| map.untried).count()
    };
    assert_eq!(untried(0), 0);
    let some = untried(80_000);
    assert!((5..20).contains(&some), "{some}");
    assert_eq!(untried(LARGEST), 20);
}

/// Connecting to a socket takes the right to write it, whether its mount is read-only or not.
#[test]
fn a_profile_that_keeps_from_a_socket() {
    let text =
        pod("  containers: [{name: a, image: a, securityContext: {runAsUser: 0, appArmorProfile: {type: Localhost, \
         localhostProfile: web}}, volumeMounts: [{name: v, mountPath: /s, readOnly: true}]}]\n  volumes: [{name: v, \
         hostPath: {path: /run/docker.sock}}]\n");
    let lsm = Some(Lsm::AppArmor);
    let settings = Settings { facts: NodeFacts { lsm, ..NodeFacts::default() }, ..Settings::default() };
    let of = |profile: &str| {
        let files = [Input { name: "a", text: &text }, Input { name: "b", text: profile }];
        let report = escape(&files, &EscapeAsk::default(), &settings, Encoding::Utf8);
        strand(&report, "hp-docker-sock").1.open
    };
    assert_eq!(of("profile web { file, }\n"), Truth::Yes);
    assert_eq!(of("profile web { file, deny /s{,/**} w, }\n"), Truth::No);
}

/// A profile that stops nothing earns no points and opens what none opens.
#[test]
fn profiles_that_stop_nothing() {
    let text = pod(
        "  containers: [{name: a, image: a, securityContext: {seccompProfile: {type: Localhost, localhostProfile: a.yaml}}}]\n",
    );
    let of = |profile: &str| {
        let report = ask(&[&text, profile], false);
        let line = report.containers[0].grade.lines.iter().find(|line| line.text.contains("seccomp")).unwrap();
        (line.got, strand(&report, "seccomp-unconfined").1.open)
    };
    assert_eq!(of("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}"), (0, Truth::Yes));
    let refuses = "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\"}]}";
    assert_eq!(of(refuses), (15, Truth::No));
    let text = pod(
        "  containers: [{name: a, image: a, securityContext: {appArmorProfile: {type: Localhost, localhostProfile: web}}}]\n",
    );
    let of = |profile: &str| strand(&ask(&[&text, profile], false), "apparmor-unconfined").1.open;
    assert_eq!(of("profile web flags=(complain) { file, capability, mount, ptrace, }\n"), Truth::Yes);
    assert_eq!(of("profile web { file, capability, ptrace, }\n"), Truth::No);
}

/// What belongs to the container's own namespaces harms nobody; what belongs to none is refused.
#[test]
fn kernel_settings() {
    let sysctl = |name: &str, value: &str| {
        pod(&format!(
            "  securityContext: {{sysctls: [{{name: {name}, value: '{value}'}}]}}\n  containers: [{{name: a, image: a}}]\n"
        ))
    };
    for (name, value, expected) in [
        ("net.core.somaxconn", "1", Truth::Unknown),
        ("net/core/somaxconn", "1", Truth::Unknown),
        ("kernel.core_pattern", "x", Truth::No),
        ("vm.overcommit_memory", "1", Truth::No),
        ("kernel.shm_rmid_forced", "1", Truth::No),
        ("kernel.shm_rmid_forced", "1+kernel.core_pattern=x", Truth::Unknown),
    ] {
        check(&[&sysctl(name, value)], "sysctl-unsafe", expected);
    }
    check(&["docker run --sysctl net.ipv4.ip_forward=1 a\n"], "sysctl-unsafe", Truth::No);
}

/// Processes of one user may look into each other; others need to be root or a capability.
#[test]
fn neighbours_in_one_process_namespace() {
    let of = |own: &str, other: &str| {
        let container = |name: &str, user: &str| {
            format!(
                "{{name: {name}, image: a, securityContext: {{{user}allowPrivilegeEscalation: false, capabilities: {{drop: [ALL]}}}}}}"
            )
        };
        pod(&format!(
            "  shareProcessNamespace: true\n  containers: [{}, {}]\n",
            container("a", own),
            container("b", other)
        ))
    };
    for (own, other, expected) in [
        ("runAsUser: 1000, ", "runAsUser: 1000, ", Truth::Yes),
        ("runAsUser: 1000, ", "runAsUser: 1001, ", Truth::No),
        ("runAsUser: 1000, ", "", Truth::Unknown),
        ("runAsUser: 0, ", "runAsUser: 1001, ", Truth::Yes),
    ] {
        check(&[&of(own, other)], "cap-sys-ptrace-share", expected);
    }
}

/// A capability counts with a call that uses it, and writing another's memory as a file takes no call of its own.
#[test]
fn calls_and_their_capabilities() {
    let text = |spec: &str, capability: &str| {
        pod(&format!(
            "{spec}  containers: [{{name: a, image: a, securityContext: {{runAsUser: 0, capabilities: {{drop: [ALL], add: \
             [{capability}]}}, seccompProfile: {{type: Localhost, localhostProfile: a.yaml}}}}}}]\n"
        ))
    };
    let refusing = |names: &str| {
        format!(
            "{{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{{\"names\": [{names}], \"action\": \"SCMP_ACT_ERRNO\"}}]}}"
        )
    };
    let all = "\"clock_settime\", \"settimeofday\", \"clock_adjtime\", \"adjtimex\"";
    for (spec, capability, refused, id, expected) in [
        ("", "SYS_TIME", "\"clock_settime\", \"settimeofday\", \"reboot\"", "cap-sys-time", Truth::Yes),
        ("", "SYS_TIME", all, "cap-sys-time", Truth::No),
        ("", "SYS_BOOT", "\"bpf\"", "cap-sys-boot", Truth::No),
        ("  hostPID: true\n", "SYS_BOOT", "\"bpf\"", "cap-sys-boot", Truth::Yes),
        ("  hostPID: true\n", "SYS_BOOT", "\"reboot\"", "cap-sys-boot", Truth::No),
        ("  hostPID: true\n", "SYS_PTRACE", "\"ptrace\", \"process_vm_writev\"", "cap-sys-ptrace-hostpid", Truth::Yes),
    ] {
        check(&[&text(spec, capability), &refusing(refused)], id, expected);
    }
}

/// Permission bits are no matter where only a socket is mounted.
#[test]
fn sockets_are_no_folders() {
    let text = |path: &str, kind: &str| {
        pod(&format!(
            "  containers: [{{name: a, image: a, securityContext: {{runAsUser: 0}}, volumeMounts: [{{name: v, mountPath: /s}}]}}]\n  \
             volumes: [{{name: v, hostPath: {{path: {path}{kind}}}}}]\n"
        ))
    };
    for (path, kind, expected) in [
        ("/run/docker.sock", "", Truth::No),
        ("/srv/x", ", type: Socket", Truth::No),
        ("/srv/x", "", Truth::Yes),
        ("/run", "", Truth::Yes),
    ] {
        check(&[&text(path, kind)], "cap-dac-override-hostpath", expected);
    }
}

#[test]
fn published_ports_are_no_way_out() {
    let kubernetes = pod("  containers: [{name: a, image: a, ports: [{containerPort: 80, hostPort: 8080}]}]\n");
    let compose = "services: {a: {image: a, ports: ['8080:80']}}\n";
    for (text, expected) in [(&*kubernetes, Truth::Yes), ("docker run -p 8080:80 a\n", Truth::No), (compose, Truth::No)]
    {
        check(&[text], "hostport", expected);
    }
}

/// A line of commands has no fields: its changes are rewrites, whose places count in the file.
#[test]
fn changes_of_command_lines_are_tried() {
    let text = "# ä: ours\ndocker run --pid host --user 0 -v /etc:/e alpine:3\ndocker run --user 0 -v /:/h alpine:3\n";
    let input = [Input { name: "x", text }];
    let ask = EscapeAsk { fixes: true, ..EscapeAsk::default() };
    let report = escape(&input, &ask, &Settings::default(), Encoding::Utf16);
    for (map, taken) in report.containers.iter().zip(["-v /etc:/e", "-v /:/h"]) {
        assert!(!map.untried);
        let plan = map.plans.iter().find(|plan| plan.outcome == Outcome::HostRoot).unwrap();
        let rewrites = plan.fixes.iter().flat_map(|at| &map.fixes[*at].fix.rewrites);
        let places: Vec<_> = rewrites.map(|rewrite| (rewrite.expect.trim(), rewrite.span.start as usize)).collect();
        let unit = text.find(taken).unwrap() - "ä".len() + 1;
        assert!(places.iter().any(|(word, at)| *word == taken && at.abs_diff(unit) <= 1), "{places:?} {taken} {unit}");
    }
}

/// Of very many containers the first ones are looked at, and how many there are beyond is said.
#[test]
fn more_containers_than_maps() {
    let containers = "  - {name: a}\n".repeat(320);
    let text = pod(&["  containers:\n", &containers].concat());
    let report = ask(&[&text], false);
    assert_eq!(report.containers.len(), super::MAPS.0 + text.len() / super::MAPS.1);
    assert_eq!(report.containers.len() + report.left_out, 320);
    assert_eq!(ask(&[&pod("  containers: [{name: a}]")], false).left_out, 0);
}

/// A profile that is pasted as the runtime's own decides, with the capabilities that the container holds. What it lets pass
/// for a capability that only some runtimes give is not known until the runtime is.
#[test]
fn a_pasted_profile_of_the_runtime() {
    let profile = r#"{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64"}], "syscalls": [
        {"names": ["execve", "exit_group", "brk", "mmap", "mknod", "syslog"], "action": "SCMP_ACT_ALLOW",
         "includes": {"caps": ["CAP_MKNOD"]}}]}"#;
    let says = |capabilities: &str, settings: &Settings| {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers: [{{name: a, image: a, securityContext: \
             {{runAsUser: 0, seccompProfile: {{type: RuntimeDefault}}, capabilities: {capabilities}}}}}]\n"
        );
        let files =
            [Input { name: "p.yaml", text: &text }, Input { name: "deploy/runtime-default.json", text: profile }];
        let report = escape(&files, &EscapeAsk::default(), settings, Encoding::Utf8);
        let known = report.techniques.iter().position(|known| known.id == "cap-syslog").unwrap();
        let strand = report.containers[0].strands.iter().find(|strand| strand.technique == known).unwrap();
        strand.layers.iter().find(|cell| cell.layer == Layer::Seccomp).unwrap().state
    };
    let of = |settings: &Settings| {
        ["{drop: [ALL], add: [MKNOD, SYSLOG]}", "{drop: [ALL], add: [SYSLOG]}", "{add: [SYSLOG]}"]
            .map(|capabilities| says(capabilities, settings))
    };
    let settings = Settings::default();
    assert_eq!(of(&settings), [State::Passes, State::Stops, State::Unknown]);
    let node = NodeSettings { runtime_version: Some(Release::patch(2, 1, 0)), ..NodeSettings::default() };
    assert_eq!(of(&Settings { node, ..settings }), [State::Passes, State::Stops, State::Passes]);
}

/// Who reads a pod that adds and drops the same decides what it holds. A node tells who that is, else a setting does.
#[test]
fn capabilities_in_both_lists_by_runtime() {
    let text = pod(
        "  containers: [{name: a, image: a, securityContext: {runAsUser: 0, capabilities: {add: [ALL], drop: [ALL]}}}]\n",
    );
    let containerd = "containerd github.com/containerd/containerd v1.7.2 0cae528\n";
    let docker = "Docker version 24.0.7, build afdd53b\n";
    let both = "Server: Docker Engine\n Engine:\n  Version: 24.0.7\n containerd:\n  Version: 1.6.26\n";
    for (stated, runtime, version, expected) in [
        ("", Runtime::Containerd, None, Truth::Unknown),
        ("", Runtime::Containerd, Some(Release::new(1, 7)), Truth::No),
        ("", Runtime::CriO, None, Truth::No),
        ("", Runtime::Docker, None, Truth::Yes),
        ("", Runtime::Docker, Some(Release::new(24, 0)), Truth::Yes),
        ("", Runtime::Podman, None, Truth::Unknown),
        (containerd, Runtime::Containerd, None, Truth::No),
        (containerd, Runtime::CriO, None, Truth::No),
        (docker, Runtime::Containerd, None, Truth::Yes),
        // Docker runs on containerd, and the kubelet may speak to either.
        (both, Runtime::Containerd, None, Truth::Unknown),
        (both, Runtime::Docker, None, Truth::Yes),
    ] {
        let files = [Input { name: "p.yaml", text: &text }, Input { name: "node.txt", text: stated }];
        let node = NodeSettings { runtime, runtime_version: version, ..NodeSettings::default() };
        let report = escape(&files, &EscapeAsk::default(), &Settings { node, ..settings() }, Encoding::Utf8);
        let (map, strand) = strand(&report, "cap-sys-admin-proc");
        let capability = strand.layers.iter().find(|cell| cell.layer == Layer::Capabilities).unwrap().state;
        let expected = match expected {
            Truth::Yes => State::Passes,
            Truth::No => State::Stops,
            Truth::Unknown => State::Unknown,
        };
        assert_eq!(capability, expected, "{stated} {runtime:?} {version:?}: {}", map.chain(strand));
    }
}

#[test]
fn the_line_of_each_reason_is_told() {
    let text = pod(
        "  containers:\n  - name: a\n    image: a\n    securityContext: {runAsUser: 0}\n    volumeMounts: [{name: v, \
         mountPath: /host}]\n  volumes:\n  - name: v\n    hostPath: {path: /}\n",
    );
    let report = ask(&[&text], false);
    let (map, strand) = strand(&report, "hp-root");
    assert_eq!(strand.open, Truth::Yes);
    assert_eq!(map.worst, Some(Outcome::HostRoot));
    let lines: Vec<_> = map
        .reasons_of(strand, Truth::Yes)
        .flat_map(|reason| reason.places.iter().map(|place| place.range.start_line))
        .collect();
    assert_eq!(lines, [12, 9, 8]);
    let chain = map.chain(strand);
    assert!(
        chain.starts_with("Because / of the node is mounted writable at /host, the container runs as user 0"),
        "{chain}"
    );
}

#[test]
fn other_files_count() {
    let text = pod(
        "  runtimeClassName: box\n  containers: [{name: a, image: a, securityContext: {privileged: true, runAsUser: 0}, \
         volumeMounts: [{name: v, mountPath: /d}]}]\n  volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]\n",
    );
    check(&[&text], "priv", Truth::Unknown);
    let class = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: box}\nhandler: ";
    check(&[&text, &[class, "runsc\n"].concat()], "priv", Truth::No);
    check(&[&text, &[class, "runc\n"].concat()], "priv", Truth::Yes);
    check(&[&text, &[class, "runc\n"].concat()], "hp-root", Truth::No);
    let volume = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {hostPath: {path: /}, claimRef: {name: \
                  c, namespace: team}}\n";
    check(&[&text, &[class, "runc\n"].concat(), volume], "hp-root", Truth::Yes);
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: team}\n\
                   automountServiceAccountToken: false\n";
    check(&[&text], "sa-token", Truth::Yes);
    check(&[&text, account], "sa-token", Truth::No);
}

/// A `local` volume is a folder of the node too, without what is mounted below it there; and a claim may be read-only.
#[test]
fn folders_behind_claims() {
    use Truth::{No, Yes};
    let ways = ["hp-root", "hp-etc", "hp-proc", "hp-run"];
    for (source, claim, expected) in [
        ("hostPath: {path: /etc}", "", [No, Yes, No, No]),
        ("hostPath: {path: /etc}", ", readOnly: true", [No, No, No, No]),
        ("hostPath: {path: /etc}", ", readOnly: false", [No, Yes, No, No]),
        ("hostPath: {path: /}", "", [Yes, Yes, Yes, Yes]),
        ("hostPath: {path: /}", ", readOnly: true", [Yes, No, Yes, Yes]),
        ("local: {path: /etc}", "", [No, Yes, No, No]),
        ("local: {path: /etc}", ", readOnly: true", [No, No, No, No]),
        ("local: {path: /}", "", [Yes, Yes, No, No]),
        ("local: {path: /run}", "", [No, No, No, Yes]),
        ("local: {path: /mnt/disks/a}", "", [No, No, No, No]),
        ("local: {path: /dev/sdb}", "", [No, No, No, No]),
    ] {
        let text = pod(&format!(
            "  containers: [{{name: a, image: a, securityContext: {{runAsUser: 0}}, volumeMounts: [{{name: v, mountPath: /d}}]}}]\n  \
             volumes: [{{name: v, persistentVolumeClaim: {{claimName: c{claim}}}}}]\n"
        ));
        let volume = format!(
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: v}}\nspec: {{{source}, claimRef: {{name: c, namespace: \
             team}}}}\n"
        );
        for (way, expected) in ways.into_iter().zip(expected) {
            check(&[&text, &volume], way, expected);
        }
    }
}

#[test]
fn fixes_say_what_they_close() {
    let text = pod(
        "  hostPID: true\n  automountServiceAccountToken: false\n  containers:\n  - name: a\n    image: a\n    \
         securityContext: {privileged: true, runAsUser: 0}\n    volumeMounts: [{name: v, mountPath: /host}]\n  volumes:\n  - \
         name: v\n    hostPath: {path: /}\n",
    );
    let text = ["# first\n---\n", &text].concat();
    let report = ask(&[&text], true);
    let map = &report.containers[0];
    let plan = map.plans.iter().find(|plan| plan.outcome == Outcome::HostRoot).unwrap();
    assert_eq!(plan.left, [0_usize; 0], "everything can be closed");
    let titles: Vec<_> = plan.fixes.iter().map(|at| map.fixes[*at].fix.title.as_str()).collect();
    assert!(titles.len() >= 2 && titles.len() <= 4, "{titles:?}");
    // They do what they say, applied to the whole text.
    let operations: Vec<_> = plan.fixes.iter().flat_map(|at| map.fixes[*at].fix.operations.clone()).collect();
    let edits = crate::edits(&text, &operations, &[], Encoding::Utf8);
    assert!(edits.refused.is_empty(), "{:?}", edits.refused);
    let changed = watertight_text::apply(&text, &edits.edits).unwrap();
    let after = ask(&[&changed], false);
    let open = after.containers[0].outcomes.iter().find(|count| count.outcome == Outcome::HostRoot).unwrap();
    assert_eq!((open.open, open.unknown), (0, 0), "{changed}");
    // None of them can be left out.
    for left_out in &plan.fixes {
        let others = plan.fixes.iter().filter(|at| *at != left_out);
        let operations: Vec<_> = others.flat_map(|at| map.fixes[*at].fix.operations.clone()).collect();
        let edits = crate::edits(&text, &operations, &[], Encoding::Utf8);
        let changed = watertight_text::apply(&text, &edits.edits).unwrap();
        let after = ask(&[&changed], false);
        let open = after.containers[0].outcomes.iter().find(|count| count.outcome == Outcome::HostRoot).unwrap();
        assert!(open.open + open.unknown > 0, "{} is not needed", map.fixes[*left_out].fix.title);
    }
    assert!(map.fixes.iter().all(|fix| fix.effect().starts_with("closes ")));
}

#[test]
fn one_layer_is_told_from_several() {
    let text =
        pod("  containers: [{name: a, image: a, securityContext: {runAsUser: 0, capabilities: {drop: [ALL]}}}]\n");
    let report = ask(&[&text], false);
    let (_, module) = strand(&report, "cap-sys-module");
    assert_eq!((module.stopped_by, module.stops), (Some(Layer::Capabilities), 1));
    let (_, disk) = strand(&report, "cap-sys-admin-device");
    assert_eq!((disk.stopped_by, disk.stops), (Some(Layer::Pod), 2));
}

#[test]
fn who_would_see_it() {
    let text = pod("  containers: [{name: a, image: a, securityContext: {privileged: true}}]\n");
    let report = ask(&[&text], false);
    let (_, privileged) = strand(&report, "priv");
    assert_eq!(privileged.detection.seen, None);
    let stable = &privileged.detection.stable;
    assert!(stable.iter().any(|rule| rule == "Debugfs Launched in Privileged Container"), "{stable:?}");
    assert!(
        privileged.detection.rules.is_empty() && privileged.detection.stable_attempts < privileged.detection.attempts
    );
    let rule = "- rule: Mounts\n  desc: d\n  condition: evt.type = mount and container.id != host and proc.args contains \
                /host\n  output: o\n  priority: NOTICE\n";
    let report = ask(&[&text, rule], false);
    let (_, privileged) = strand(&report, "priv");
    assert_eq!(
        (privileged.detection.seen, privileged.detection.rules.as_slice()),
        (Some(true), &["Mounts".to_owned()][..])
    );
    assert!(
        privileged.detection.words().starts_with("Rules of yours that see 1 of "),
        "{}",
        privileged.detection.words()
    );
    let (_, socket) = strand(&report, "hp-docker-sock");
    assert_eq!(socket.detection.seen, Some(false));
    let words = "None of your Falco rules sees it. None of Falco's stable rules sees it. Published, but not loaded by default: \
                 Launch Sensitive Mount Container.";
    assert_eq!(socket.detection.words(), words);
    let (_, unknown) = strand(&report, "cap-syslog");
    assert_eq!((unknown.detection.seen, unknown.detection.attempts), (None, 0));
    assert!(unknown.detection.words().starts_with("How it would look to Falco is not known."));
}

#[test]
fn only_what_is_asked_for() {
    let text = pod("  containers: [{name: a, image: a}, {name: b, image: b}]\n");
    let files = [Input { name: "a.yaml", text: &text }, Input { name: "b.yaml", text: &text }];
    let names = |ask: &EscapeAsk| -> Vec<(usize, String)> {
        let report = escape(&files, ask, &settings(), Encoding::Utf8);
        report.containers.into_iter().map(|map| (map.pod, map.container)).collect()
    };
    assert_eq!(names(&EscapeAsk::default()).len(), 4);
    let ask = EscapeAsk { pod: Some(1), container: Some("b".to_owned()), fixes: false };
    assert_eq!(names(&ask), [(1, "b".to_owned())]);
}

#[test]
fn every_index_leads_somewhere() {
    let text = pod("  containers: [{name: a, image: a, securityContext: {privileged: true, runAsUser: 0}}]\n");
    let report = ask(&[&text], true);
    let map = &report.containers[0];
    for strand in &map.strands {
        assert!(report.techniques.get(strand.technique).is_some());
        assert!(strand.fixes.iter().all(|at| map.fixes[*at].closes.contains(&strand.technique)));
        assert!(strand.layers.iter().flat_map(|cell| &cell.reasons).all(|at| map.reasons.get(*at).is_some()));
        assert_eq!(strand.layers.iter().map(|cell| cell.layer).collect::<Vec<_>>(), Layer::ALL);
    }
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<EscapeReport>(&json).unwrap(), report);
    assert!(json.len() < 200_000, "{}", json.len());
}

/// The article's pod is restricted; its two profiles stop more, and keep it from starting.
#[test]
fn the_pod_of_the_article() {
    let secure = |profiles: &str| {
        pod(&format!(
            "  automountServiceAccountToken: false\n  securityContext: {{runAsNonRoot: true, runAsUser: 1000, {profiles}}}\n  \
             containers:\n  - name: a\n    image: a\n    securityContext: {{allowPrivilegeEscalation: false, \
             readOnlyRootFilesystem: true, capabilities: {{drop: [ALL]}}}}\n    resources: {{limits: {{memory: 128Mi, cpu: \
             500m}}}}\n"
        ))
    };
    let settings = Settings {
        facts: NodeFacts { lsm: Some(Lsm::AppArmor), cgroup: Some(2), signed_modules: Some(true), runc: None },
        ..Settings::default()
    };
    let ask = |files: &[Input<'_>]| escape(files, &EscapeAsk::default(), &settings, Encoding::Utf8);
    let text = secure("seccompProfile: {type: RuntimeDefault}");
    let report = ask(&[Input { name: "pod.yaml", text: &text }]);
    let map = &report.containers[0];
    assert_eq!((map.worst, map.stillborn.as_slice()), (None, &[][..]));
    let by_configuration = |strand: &&Strand| {
        let technique = &report.techniques[strand.technique];
        strand.open != Truth::No && technique.effort == Effort::Configuration
    };
    assert_eq!(map.strands.iter().filter(by_configuration).count(), 0, "no way is open, or may be, by configuration");
    let remains: Vec<_> = map
        .strands
        .iter()
        .filter(|strand| strand.open != Truth::No)
        .map(|strand| &*report.techniques[strand.technique].id)
        .collect();
    for named in ["kernel-cve", "runtime-cve", "metadata"] {
        assert!(remains.contains(&named), "{remains:?}");
    }
    // As the article has it: what is denied stands beside what is allowed, and nothing may be executed or mapped.
    let profile = "profile container-restricted flags=(attach_disconnected,mediate_deleted) {\n  deny /** w,\n  /tmp/** rw,\n  \
                   deny network raw,\n  deny mount,\n  deny ptrace,\n}\n";
    let text = secure("appArmorProfile: {type: Localhost, localhostProfile: container-restricted}");
    let files =
        [Input { name: "pod.yaml", text: &text }, Input { name: "container-restricted.apparmor", text: profile }];
    let report = ask(&files);
    let map = &report.containers[0];
    assert_eq!(map.stillborn.len(), 1, "{:?}", map.stillborn);
    let (_, mount) = strand(&report, "cap-sys-admin-proc");
    let lsm = mount.layers.iter().find(|cell| cell.layer == Layer::Lsm).unwrap();
    assert_eq!(lsm.state, State::Stops);
    let reason = &map.reasons[lsm.reasons[0]];
    assert!(reason.text.contains("container-restricted"), "{}", reason.text);
    assert_eq!(reason.places[0].file, 1, "the rule that denies is shown");
}

/// The letter follows from the lines and the cap, and nothing else.
#[test]
fn grades_are_arithmetic() {
    let grade = |text: &str| ask(&[text], false).containers.remove(0).grade;
    let privileged =
        grade(&pod("  containers: [{name: a, image: a, securityContext: {privileged: true, runAsUser: 0}}]\n"));
    assert_eq!((privileged.letter.as_str(), privileged.cap), ("F", 20));
    assert!(privileged.because.contains("root on the node"), "{}", privileged.because);
    let plain = grade(&pod("  containers: [{name: a, image: a}]\n"));
    let hardened = grade(&pod(
        "  automountServiceAccountToken: false\n  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: \
         {type: RuntimeDefault}}\n  containers: [{name: a, image: a, securityContext: {allowPrivilegeEscalation: false, \
         readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}, resources: {limits: {memory: 1Gi, cpu: 1}}}]\n",
    ));
    for grade in [&privileged, &plain, &hardened] {
        assert_eq!(grade.lines.iter().map(|line| line.of).sum::<u32>(), 100);
        assert_eq!(grade.sum, grade.lines.iter().map(|line| line.got).sum::<u32>());
        assert_eq!(grade.points, grade.sum.min(grade.cap));
    }
    assert!(hardened.points > plain.points && plain.points > 0, "{hardened:?} {plain:?}");
}

/// Where a template puts a whole securityContext, nothing in it is taken for absent.
#[test]
fn what_cannot_be_read_earns_nothing() {
    let unknown = |security: &str, expected: &[usize]| {
        let container = format!("  containers:\n  - name: a\n    image: a\n    securityContext:{security}\n");
        let grade = ask(&[&pod(&container)], false).containers.remove(0).grade;
        let lines = grade.lines.iter().enumerate();
        let found: Vec<_> = lines.filter(|(_, line)| line.state == Truth::Unknown).map(|(at, _)| at).collect();
        assert_eq!(found, expected, "{security}: {:?}", grade.lines);
    };
    // All but the limits and the token.
    unknown(" {{ .Values.sc }}", &[0, 1, 2, 3, 4, 5, 6, 7]);
    unknown("\n      {{- toYaml .Values.sc | nindent 6 }}", &[0, 1, 2, 3, 4, 5, 6, 7]);
    unknown(" {privileged: false, capabilities: {{ .Values.c }}, readOnlyRootFilesystem: true}", &[1, 2, 4, 6, 7]);
}

/// What settles an answer can be done by whoever reads it, on the page as with the program.
#[test]
fn advice_names_what_to_paste() {
    let text = pod(
        "  securityContext: {seccompProfile: {type: Unconfined}}\n  containers: [{name: a, image: a, securityContext: \
         {runAsUser: 0, capabilities: {add: [SYS_ADMIN, SYS_MODULE]}}}]\n",
    );
    let files = [Input { name: "a.yaml", text: &text }];
    let report = escape(&files, &EscapeAsk::default(), &Settings::default(), Encoding::Utf8);
    let all: Vec<_> = report.containers[0].reasons.iter().map(|reason| &*reason.settles).collect();
    for advice in [
        "Paste the output of `stat -fc %T /sys/fs/cgroup` in a file of its own beside the pod.",
        "Paste the output of `grep -H . /sys/module/module/parameters/sig_enforce /sys/kernel/security/lockdown` in a file of its own beside the pod.",
        "Paste the output of `grep -H . /sys/kernel/security/lsm` in a file of its own beside the pod.",
        "Paste the output of `uname -a` in a file of its own beside the pod.",
        "Paste the output of `containerd --version` and `runc --version` in a file of its own beside the pod.",
    ] {
        assert!(all.contains(&advice), "{advice}: {all:?}");
    }
}

/// A filter decides with its arguments, and one that stops what every program needs keeps the container from starting.
#[test]
fn filters_that_were_given_decide() {
    let text = pod(
        "  securityContext: {runAsUser: 0, seccompProfile: {type: Localhost, localhostProfile: profiles/own.json}}\n  \
         containers: [{name: a, image: a, securityContext: {capabilities: {drop: [ALL], add: [SYS_MODULE, NET_RAW]}}}]\n",
    );
    let look = |profile: &str| {
        let files = [Input { name: "pod.yaml", text: &text }, Input { name: "own.json", text: profile }];
        escape(&files, &EscapeAsk::default(), &settings(), Encoding::Utf8)
    };
    let state = |report: &EscapeReport, id: &str| {
        let (_, strand) = strand(report, id);
        strand.layers.iter().find(|cell| cell.layer == Layer::Seccomp).unwrap().state
    };
    let all = look(
        r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["finit_module", "init_module"], "action": "SCMP_ACT_ERRNO"}]}"#,
    );
    assert_eq!(state(&all, "cap-sys-module"), State::Stops);
    assert_eq!(state(&all, "cap-net-raw"), State::Passes);
    assert_eq!(all.containers[0].stillborn, [""; 0]);
    let packet = look(
        r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 17, "op": "SCMP_CMP_EQ"}]}]}"#,
    );
    assert_eq!(state(&packet, "cap-net-raw"), State::Stops);
    let nothing = look(
        r#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}"#,
    );
    assert!(nothing.containers[0].stillborn[0].contains("it stops `openat`"), "{:?}", nothing.containers[0].stillborn);
    let refused = look(r#"{"defaultAction": "SCMP_ACT_DANCE"}"#);
    assert!(refused.containers[0].stillborn[0].contains("refuses"), "{:?}", refused.containers[0].stillborn);
}

/// A runtime's configuration holds the profile itself, and its own alone counts.
#[test]
fn the_profile_in_a_configuration_decides() {
    let config = |profile: &str| {
        format!(
            r#"{{"ociVersion": "1.0.2", "process": {{"user": {{"uid": 0}}, "args": ["a"], "capabilities": {{"bounding": ["CAP_SYS_MODULE"], "effective": ["CAP_SYS_MODULE"], "permitted": ["CAP_SYS_MODULE"]}}}}, "root": {{"path": "a"}}, "linux": {{{profile}}}}}"#
        )
    };
    let stops = config(
        r#""seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["finit_module", "init_module"], "action": "SCMP_ACT_ERRNO"}]}"#,
    );
    let passes = config(
        r#""seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]}"#,
    );
    let refused = config(r#""seccomp": {"defaultAction": "SCMP_ACT_DANCE"}"#);
    let look = |texts: &[&String]| {
        let files: Vec<_> = texts.iter().map(|text| Input { name: "config.json", text }).collect();
        escape(&files, &EscapeAsk::default(), &settings(), Encoding::Utf8)
    };
    let states = |report: &EscapeReport| -> Vec<State> {
        let strands = report
            .containers
            .iter()
            .map(|map| map.strands.iter().find(|strand| report.techniques[strand.technique].id == "cap-sys-module"));
        let cells = strands.map(|strand| strand.unwrap().layers.iter().find(|cell| cell.layer == Layer::Seccomp));
        cells.map(|cell| cell.unwrap().state).collect()
    };
    assert_eq!(states(&look(&[&stops])), [State::Stops]);
    assert_eq!(states(&look(&[&passes])), [State::Passes]);
    assert_eq!(states(&look(&[&config(r#""cgroupsPath": "x""#)])), [State::Passes]);
    assert_eq!(states(&look(&[&stops, &passes])), [State::Stops, State::Passes]);
    let refused = look(&[&refused]);
    assert!(refused.containers[0].stillborn[0].contains("refuses"), "{:?}", refused.containers[0].stillborn);
}

/// The runtime's own profile decides too, with the capabilities that the container has and at the version that is named.
#[test]
fn the_runtimes_own_filter_decides() {
    let look = |add: &str, version: Option<&str>| {
        let text = pod(&format!(
            "  securityContext: {{runAsUser: 0, seccompProfile: {{type: RuntimeDefault}}}}\n  containers: [{{name: a, image: a, \
             securityContext: {{capabilities: {{drop: [ALL], add: [{add}]}}}}}}]\n"
        ));
        let mut settings = settings();
        settings.node.runtime_version = version.map(|version| version.parse().unwrap());
        let files = [Input { name: "pod.yaml", text: &text }];
        escape(&files, &EscapeAsk::default(), &settings, Encoding::Utf8)
    };
    let state = |report: &EscapeReport, id: &str| {
        let (_, strand) = strand(report, id);
        strand.layers.iter().find(|cell| cell.layer == Layer::Seccomp).unwrap().state
    };
    assert_eq!(state(&look("SYS_MODULE", None), "cap-sys-module"), State::Passes);
    assert_eq!(state(&look("NET_RAW", None), "cap-net-raw"), State::Passes);
}

#[test]
fn the_hole_of_the_default_profiles_is_on_the_map() {
    let text = pod(
        "  containers:\n  - name: a\n    image: a\n    securityContext: {procMount: Unmasked, runAsUser: 0, seccompProfile: {type: RuntimeDefault}}\n",
    );
    let of = |runtime, version| Settings {
        node: NodeSettings { runtime, runtime_version: version, ..NodeSettings::default() },
        facts: NodeFacts { lsm: Some(Lsm::AppArmor), ..settings().facts },
        ..settings()
    };
    for (runtime, version, expected) in [
        (Runtime::Docker, Some(Release::new(29, 5)), Truth::Yes),
        (Runtime::Containerd, Some(Release::new(2, 3)), Truth::Yes),
        // Before the mending for slashes, another rule closed the folder by accident.
        (Runtime::Containerd, Some(Release::new(2, 1)), Truth::No),
        (Runtime::Containerd, None, Truth::Unknown),
        (Runtime::CriO, Some(Release::new(1, 34)), Truth::No),
    ] {
        let files = [Input { name: "pod", text: &text }];
        let report = escape(&files, &EscapeAsk::default(), &of(runtime, version), Encoding::Utf8);
        let (map, strand) = strand(&report, "procmount-settings");
        assert_eq!(strand.open, expected, "{runtime:?} {version:?}: {}", map.chain(strand));
        if expected == Truth::Yes {
            let chain = map.chain(strand);
            assert!(chain.contains("the runtime's own AppArmor profile lets it write"), "{chain}");
        }
    }
}

/// Where nobody can tell the profile, the reason names what cannot be read; only pods have kubelets.
#[test]
fn why_a_seccomp_profile_is_unknown() {
    let kubelets = "it names no seccomp profile, and kubelets filter nothing then unless they are told to";
    let privileged = "privileged cannot be read, and a privileged container runs without a seccomp filter";
    let profile = "its seccomp profile cannot be read";
    for (text, expected) in [
        (pod("  containers: [{name: a, image: a}]\n"), kubelets),
        (pod("  containers: [{name: a, image: a, securityContext: {seccompProfile: 5}}]\n"), profile),
        ("services: {a: {image: a, privileged: $P}}\n".to_owned(), privileged),
        ("services: {a: {image: a, security_opt: [\"seccomp:$P\"], privileged: $P}}\n".to_owned(), profile),
        ("docker run --privileged=$P a\n".to_owned(), privileged),
        ("docker run $OPTIONS a\n".to_owned(), privileged),
        ("docker run --security-opt seccomp=$P a\n".to_owned(), profile),
    ] {
        let report = ask(&[&text], false);
        let (map, strand) = strand(&report, "cap-sys-admin-proc");
        let said: Vec<_> = map.reasons_of(strand, Truth::Unknown).map(|reason| &*reason.text).collect();
        assert!(said.contains(&expected), "{text}: {said:?}");
        let about = said.iter().filter(|text| text.contains("seccomp"));
        assert_eq!(about.count(), 1, "{text}: {said:?}");
    }
}
