//! What the API server would refuse or drop, with the place.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use watertight_diagnostic::KubeVersion;
use watertight_pod::{ProblemKind, read};
use watertight_yaml::parse;

/// One line for each problem: route, what is wrong, the bytes underlined.
fn lines(text: &str) -> Vec<String> {
    lines_in(text, KubeVersion::Latest)
}

fn lines_in(text: &str, version: KubeVersion) -> Vec<String> {
    let problems = read(&parse(text)).problems;
    let problems = problems.iter().filter(|problem| problem.versions.has(version));
    let line = |problem: &watertight_pod::Problem| {
        let what = match &problem.kind {
            ProblemKind::WrongType { wanted, found } => format!("wants {wanted}, finds {found}"),
            ProblemKind::UnknownField { name, meant: Some(meant) } => format!("no {name}, meant {meant}"),
            ProblemKind::UnknownField { name, meant: None } => format!("no {name}"),
            ProblemKind::Missing { field } => format!("misses {field}"),
            ProblemKind::DuplicateName { name } => format!("second {name}"),
            ProblemKind::TooNew { field, since, .. } => format!("{field} since 1.{since}"),
            ProblemKind::Variable { setting, .. } => setting.clone(),
            ProblemKind::Elsewhere { message }
            | ProblemKind::TooMuch { message }
            | ProblemKind::BadValue { message } => message.clone(),
        };
        format!("{}: {what} | {}", problem.route, problem.span.slice(text))
    };
    problems.map(line).collect()
}

/// Problems of a pod with these lines in its spec, beside a sound container `a`.
fn in_spec(spec: &str, expected: &[&str]) {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers: [{{name: a, image: b}}]\n{spec}"
    );
    assert_eq!(lines(&text), expected, "{text}");
}

/// Problems of a pod with these lines in its one container.
fn in_container(container: &str, expected: &[&str]) {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: a\n    image: b\n{container}"
    );
    assert_eq!(lines(&text), expected, "{text}");
}

#[test]
fn a_sound_pod_has_none() {
    in_spec("", &[]);
    in_container("", &[]);
    in_container("    securityContext: {}\n    resources:\n    ports: []\n    env: null\n", &[]);
}

#[test]
fn keys_that_are_longer_than_any_field() {
    let (key, shown) = ("k".repeat(400), "k".repeat(300) + "…");
    in_spec(&format!("  {key}: 1\n"), &[&format!("spec[\"{shown}\"]: no {shown} | {key}")]);
}

#[test]
fn unknown_fields() {
    in_spec("  hostPid: true\n", &["spec.hostPid: no hostPid, meant hostPID | hostPid"]);
    in_spec("  hostpid: yes\n", &["spec.hostpid: no hostpid, meant hostPID | hostpid"]);
    in_spec(
        "  securitycontext: {runAsUser: 0}\n",
        &["spec.securitycontext: no securitycontext, meant securityContext | securitycontext"],
    );
    in_spec(
        "  privileged: true\n",
        &["spec.privileged: no privileged, meant privileged in the container's securityContext | privileged"],
    );
    in_spec("  zorro: 1\n", &["spec.zorro: no zorro | zorro"]);
    in_container(
        "    securityContext:\n      capabilites: {drop: [ALL]}\n",
        &["spec.containers[0].securityContext.capabilites: no capabilites, meant capabilities | capabilites"],
    );
}

#[test]
fn wrong_types() {
    in_spec("  hostPID: \"true\"\n", &["spec.hostPID: wants true or false, finds text | \"true\""]);
    in_spec("  hostPID: 1\n", &["spec.hostPID: wants true or false, finds a whole number | 1"]);
    in_container(
        "    securityContext: {runAsUser: \"0\"}\n",
        &["spec.containers[0].securityContext.runAsUser: wants a whole number, finds text | \"0\""],
    );
    in_container("    securityContext: {runAsUser: 1.0, runAsGroup: 1e3}\n", &[]);
    in_spec("  terminationGracePeriodSeconds: 1e16\n", &[]);
    in_container(
        "    securityContext: {runAsUser: 1e19}\n",
        &["spec.containers[0].securityContext.runAsUser: wants a whole number, finds a number with a fraction | 1e19"],
    );
    in_container(
        "    env: [{name: A, value: 5}, {name: B, value: yes}]\n",
        &[
            "spec.containers[0].env[0].value: wants text, finds a whole number | 5",
            "spec.containers[0].env[1].value: wants text, finds true or false | yes",
        ],
    );
    in_container("    resources: {limits: {cpu: 1, memory: 1Gi, x: 1.5}}\n", &[]);
    in_container("    livenessProbe: {httpGet: {port: http}}\n    readinessProbe: {tcpSocket: {port: 80}}\n", &[]);
    in_container(
        "    securityContext: true\n",
        &["spec.containers[0].securityContext: wants a mapping, finds true or false | true"],
    );
    in_container("    command: sh\n", &["spec.containers[0].command: wants a list, finds text | sh"]);
    in_spec("  volumes: {name: v}\n", &["spec.volumes: wants a list, finds a mapping | {name: v}"]);
    in_spec(
        "  initContainers: [x, 5]\n",
        &[
            "spec.initContainers[0]: wants a mapping, finds text | x",
            "spec.initContainers[1]: wants a mapping, finds a whole number | 5",
        ],
    );
}

#[test]
fn nothing_where_something_was_meant() {
    in_spec("  securityContext:\n", &["spec.securityContext: wants a mapping, finds null | securityContext"]);
    in_spec("  hostPID: ~\n", &["spec.hostPID: wants true or false, finds null | hostPID: ~"]);
    in_spec("  nodeSelector:\n  affinity: null\n", &[]);
    in_container(
        "    securityContext: {capabilities: {drop: [null]}}\n",
        &["spec.containers[0].securityContext.capabilities.drop[0]: wants text, finds null | null"],
    );
    in_spec("  initContainers: [~]\n", &["spec.initContainers[0]: wants a mapping, finds null | ~"]);
}

#[test]
fn templates_are_not_wrong() {
    in_spec("  hostPID: \"{{ .Values.pid }}\"\n  nodeName: \"{{ x }}\"\n", &[]);
    in_spec("  hostPID: {{ .Values.pid }}\n  securityContext:\n    {{- toYaml .Values.context | nindent 4 }}\n", &[]);
}

#[test]
fn nothing_is_missing_where_not_all_was_read() {
    let whole = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n";
    assert_eq!(lines(whole).len(), 2);
    for broken in ["  - \"", "  {{ include \"more\" . }}\n", " x: [\n"] {
        assert_eq!(lines(&format!("{whole}{broken}")), [] as [&str; 0], "{broken}");
    }
}

#[test]
fn missing_fields() {
    assert_eq!(
        lines("apiVersion: v1\nkind: Pod\n"),
        ["metadata.name: misses name | Pod", "spec: misses spec | apiVersion"]
            .iter()
            .rev()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    );
    in_spec(
        "  initContainers: [{image: x}, {name: c}]\n",
        &["spec.initContainers[0].name: misses name | image", "spec.initContainers[1].image: misses image | name"],
    );
    in_container(
        "    volumeMounts: [{name: v}]\n",
        &[
            "spec.containers[0].volumeMounts[0].mountPath: misses mountPath | name",
            "spec.containers[0].volumeMounts[0].name: The pod has no volume \"v\". Add it, or name one that is there. | v",
        ],
    );
    in_spec(
        "  securityContext: {seccompProfile: {}}\n",
        &["spec.securityContext.seccompProfile.type: misses type | seccompProfile"],
    );
    in_spec(
        "  securityContext: {seccompProfile: {type: Localhost}}\n",
        &["spec.securityContext.seccompProfile.localhostProfile: misses localhostProfile | seccompProfile"],
    );
    let outside = "The file lies below the kubelet's folder for profiles: its path is relative and without \"..\".";
    for path in ["../x.json", "/x.json", "a/../x.json"] {
        in_spec(
            &format!("  securityContext: {{seccompProfile: {{type: Localhost, localhostProfile: {path}}}}}\n"),
            &[&format!("spec.securityContext.seccompProfile.localhostProfile: {outside} | {path}")],
        );
    }
    in_spec("  securityContext: {seccompProfile: {type: Localhost, localhostProfile: a/..b.json}}\n", &[]);
}

#[test]
fn names() {
    in_spec("  initContainers: [{name: a, image: b}]\n", &["spec.containers[0].name: second a | a"]);
    in_spec("  volumes: [{name: v}, {name: v}]\n", &["spec.volumes[1].name: second v | v"]);
    in_spec(
        "  volumes: [{name: V}]\n",
        &[
            "spec.volumes[0].name: \"V\" cannot be a name here: it takes at most 63 small letters, digits and dashes, with a letter or digit at both ends. | V",
        ],
    );
}

#[test]
fn values_that_validation_refuses() {
    in_spec(
        "  volumes: [{name: v, emptyDir: {}, hostPath: {path: /}}]\n",
        &[
            "spec.volumes[0].hostPath: A volume has one source; this one has emptyDir already. Keep one of them. | hostPath",
        ],
    );
    in_spec(
        "  volumes: [{name: v, hostPath: {path: /etc/../root, type: Dir}}]\n",
        &[
            "spec.volumes[0].hostPath.path: The path of a hostPath must not contain \"..\". Write where it leads. | /etc/../root",
            "spec.volumes[0].hostPath.type: \"Dir\" is not known here; it takes DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice or BlockDevice. | Dir",
        ],
    );
    in_container(
        "    ports: [{containerPort: 80, hostPort: 0}, {containerPort: 70000}]\n",
        &["spec.containers[0].ports[1].containerPort: A port is a number from 1 to 65535. | 70000"],
    );
    in_container(
        "    securityContext: {runAsUser: -1}\n",
        &[
            "spec.containers[0].securityContext.runAsUser: The number of a user or group is between 0 and 2147483647. | -1",
        ],
    );
    in_container(
        "    securityContext: {privileged: true, allowPrivilegeEscalation: false}\n",
        &[
            "spec.containers[0].securityContext.allowPrivilegeEscalation: allowPrivilegeEscalation cannot be false in a privileged container. Remove one of them. | allowPrivilegeEscalation: false",
        ],
    );
    in_container("    securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}\n", &[]);
    in_container(
        "    securityContext: {procMount: Unmasked}\n",
        &[
            "spec.containers[0].securityContext.procMount: procMount: Unmasked needs hostUsers: false in the pod's spec. Add that, or remove procMount. | Unmasked",
        ],
    );
    in_spec(
        "  hostUsers: false\n  hostPID: true\n",
        &["spec.hostPID: hostPID cannot be true beside hostUsers: false. Remove one of them. | hostPID: true"],
    );
    in_spec(
        "  os: {name: windows}\n  securityContext: {runAsUser: 5}\n",
        &[
            "spec.securityContext.runAsUser: This field cannot be set in a pod with os.name: windows. Remove it, or change os.name. | runAsUser: 5",
        ],
    );
    in_spec(
        "  securityContext: {windowsOptions: {hostProcess: true}}\n",
        &[
            "spec.hostNetwork: A pod with hostProcess containers needs hostNetwork: true. Add it, or do without hostProcess. | a",
        ],
    );
    in_container(
        "    volumeMounts: [{name: v, mountPath: /a, mountPropagation: Bidirectional}, {name: v, mountPath: /a}]\n  volumes: [{name: v}]\n",
        &[
            "spec.containers[0].volumeMounts[0].mountPropagation: Only a privileged container may have the mount propagation Bidirectional. Remove it, or take HostToContainer. | Bidirectional",
            "spec.containers[0].volumeMounts[1].mountPath: This container mounts something at /a already. Mount one of them elsewhere. | /a",
        ],
    );
}

#[test]
fn claim_templates_are_volumes() {
    let text = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec:\n  selector: {matchLabels: {a: b}}\n  volumeClaimTemplates: [{metadata: {name: data}}]\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: a, image: b, volumeMounts: [{name: data, mountPath: /d}]}]}\n";
    assert_eq!(lines(text), [] as [&str; 0]);
}

#[test]
fn amounts_have_to_be_amounts() {
    in_container("    resources: {limits: {cpu: 1, memory: 1e9}, requests: {cpu: 0.5, memory: '1Ki'}}\n", &[]);
    in_container("    resources: {limits: {cpu: 0, memory: -1}, requests: {cpu: 100m, memory: 5E}}\n", &[]);
    in_container(
        "    resources: {limits: {cpu: &c 100m, memory: ${MEMORY}}, requests: {cpu: *c, memory: <memory>}}\n",
        &[],
    );
    in_container(
        "    resources: {limits: {memory: 128MB}, requests: {cpu: lots}}\n  volumes: [{name: v, emptyDir: {sizeLimit: 1 Gi}}]\n",
        &[
            "spec.containers[0].resources.limits.memory: \"128MB\" is no amount that Kubernetes reads. Write 128M, or 128Mi. | 128MB",
            "spec.containers[0].resources.requests.cpu: \"lots\" is no amount that Kubernetes reads. Write a number, with m, k, M, \
             G, T, Ki, Mi, Gi or Ti behind it where it needs a unit. | lots",
            "spec.volumes[0].emptyDir.sizeLimit: \"1 Gi\" is no amount that Kubernetes reads. Write 1Gi. | 1 Gi",
        ],
    );
}

/// Problems of a workload of that kind with these lines in its spec and these in its template.
fn in_workload(kind: &str, spec: &str, template: &str, expected: &[&str]) {
    let (version, around, deeper) = match kind {
        "CronJob" => ("batch/v1", "  schedule: '0 0 * * *'\n  jobTemplate:\n    spec:\n", "    "),
        "Job" => ("batch/v1", "", ""),
        "ReplicationController" => ("v1", "", ""),
        _ => ("apps/v1", "", ""),
    };
    let template: String = format!("  template:\n{template}").lines().map(|line| format!("{deeper}{line}\n")).collect();
    let text = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: w}}\nspec:\n{around}{spec}{template}");
    assert_eq!(lines(&text), expected, "{text}");
}

#[test]
fn restart_policies_of_workloads() {
    let pod = |policy: &str| format!("    spec:\n{policy}      containers: [{{name: a, image: b}}]\n");
    for (policy, expected) in [
        (
            "",
            vec![
                "The pods of a Job cannot have restartPolicy: Always, and without any it is Always. Write Never or OnFailure. | containers",
            ],
        ),
        (
            "      restartPolicy:\n",
            vec![
                "The pods of a Job cannot have restartPolicy: Always, and without any it is Always. Write Never or OnFailure. | restartPolicy:",
            ],
        ),
        (
            "      restartPolicy: Always\n",
            vec!["The pods of a Job cannot have restartPolicy: Always. Write Never or OnFailure. | Always"],
        ),
        (
            "      restartPolicy: never\n",
            vec!["\"never\" is not known here; it takes Always, OnFailure or Never. Write Never. | never"],
        ),
        ("      restartPolicy: Never\n", vec![]),
        ("      restartPolicy: OnFailure\n", vec![]),
        ("      restartPolicy: ${POLICY}\n", vec![]),
    ] {
        for (kind, place) in [("Job", "spec.template"), ("CronJob", "spec.jobTemplate.spec.template")] {
            let expected: Vec<String> = expected
                .iter()
                .map(|line| format!("{place}.spec.restartPolicy: {}", line.replace("a Job", &format!("a {kind}"))))
                .collect();
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            in_workload(kind, "", &pod(policy), &expected);
        }
    }
    let labels = "    metadata: {labels: {a: b}}\n";
    for kind in ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"] {
        let with = |policy: &str, expected: &[&str]| {
            in_workload(kind, "  selector: {matchLabels: {a: b}}\n", &[labels, &pod(policy)].concat(), expected);
        };
        with("", &[]);
        with("      restartPolicy: Always\n", &[]);
        with(
            "      restartPolicy: Never\n",
            &[&format!(
                "spec.template.spec.restartPolicy: The pods of a {kind} have restartPolicy: Always and no other. Remove it, or \
                 make this a Job. | Never"
            )],
        );
    }
    in_spec("  restartPolicy: Never\n", &[]);
    in_spec("  restartPolicy: '{{ .x }}'\n", &[]);
    in_spec(
        "  restartPolicy: Sometimes\n",
        &["spec.restartPolicy: \"Sometimes\" is not known here; it takes Always, OnFailure or Never. | Sometimes"],
    );
}

#[test]
fn selectors_meet_their_own_template() {
    let same = "Make the selector and the labels of the template say the same.";
    for (labels, selector, expected) in [
        ("{a: b, c: d}", "{matchLabels: {a: b}}", None),
        ("{a: ''}", "{matchLabels: {a: null}}", None),
        ("{a: $A}", "{matchLabels: {a: b}}", None),
        ("{$A: b}", "{matchLabels: {a: b}}", None),
        ("{a: b}", "{matchLabels: {a: <name>}}", None),
        (
            "{a: 1}",
            "{matchLabels: {a: b}}",
            Some(("", "template.metadata.labels.a: wants text, finds a whole number | 1")),
        ),
        (
            "{a: b}",
            "{matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: x, operator: DoesNotExist}]}",
            None,
        ),
        ("{a: b}", "{matchExpressions: [{key: x, operator: NotIn, values: [b]}, {key: a, operator: Exists}]}", None),
        (
            "{a: c}",
            "{matchLabels: {a: b}}",
            Some(("The selector wants a: b, and the template has a: c.", "selector.matchLabels.a | b")),
        ),
        (
            "{}",
            "{matchLabels: {a: b}}",
            Some(("The selector wants a: b, and the template has no label a.", "selector.matchLabels.a | b")),
        ),
        (
            "{a: b}",
            "{matchExpressions: [{key: a, operator: In, values: [c]}]}",
            Some((
                "What the selector wants of the label a does not hold for the template.",
                "selector.matchExpressions[0].operator | In",
            )),
        ),
    ] {
        let expected = match expected {
            None => vec![],
            Some(("", line)) => vec![format!("spec.{line}")],
            Some((what, place)) => {
                let (route, bytes) = place.split_once(" | ").unwrap();
                vec![format!("spec.{route}: {what} {same} | {bytes}")]
            }
        };
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let template =
            format!("    metadata: {{labels: {labels}}}\n    spec: {{containers: [{{name: a, image: b}}]}}\n");
        for kind in ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"] {
            in_workload(kind, &format!("  selector: {selector}\n"), &template, &expected);
        }
    }
    let template = "    metadata: {labels: {a: b}}\n    spec: {containers: [{name: a, image: b}]}\n";
    in_workload("ReplicationController", "  selector: {a: b}\n", template, &[]);
    in_workload("ReplicationController", "", template, &[]);
    in_workload(
        "ReplicationController",
        "  selector: {a: c}\n",
        template,
        &[&format!("spec.selector.a: The selector wants a: c, and the template has a: b. {same} | c")],
    );
    in_workload(
        "Deployment",
        "  selector: {}\n",
        template,
        &[
            "spec.selector: The selector of a Deployment cannot be empty. Write labels of the template into matchLabels. | \
           selector: {}",
        ],
    );
}

#[test]
fn schedules_can_be_read() {
    let text = |schedule: &str| {
        format!(
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: c}}\nspec:\n  schedule: {schedule}\n  jobTemplate: {{spec: \
             {{template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: b}}]}}}}}}}}\n"
        )
    };
    for schedule in ["'*/5 * * * *'", "'@daily'", "${SCHEDULE}", "'{{ .x }}'", "TZ=UTC 0 0 * * *"] {
        assert_eq!(lines(&text(schedule)), [] as [&str; 0], "{schedule}");
    }
    let found = lines(&text("61 * * * *"));
    assert_eq!(
        found,
        [
            "spec.schedule: \"61\" cannot be the minute of a schedule. It takes 0 to 59; ranges go from the smaller to the \
          larger. | 61 * * * *"
        ]
    );
}

#[test]
fn other_kinds_may_have_fields_of_their_own() {
    let text = |spec: &str| {
        format!(
            "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers: [{{image: b}}]\n{spec}"
        )
    };
    assert_eq!(lines(&text("      containerConcurrency: 5\n")), [] as [&str; 0]);
    assert_eq!(
        lines(&text("      hostPid: true\n")),
        ["spec.template.spec.hostPid: no hostPid, meant hostPID | hostPid"]
    );
}

#[test]
fn problems_end() {
    let fields: String = (0..20_000).map(|number| format!("  zorro{number}: 1\n")).collect();
    let found = lines(&format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers: [{{name: a, image: b}}]\n{fields}"
    ));
    assert_eq!(found.len(), 5_001);
    assert!(found.last().unwrap().contains("not all are told"));
}

/// What a version makes of a pod with these lines in its spec, beside a sound container `a`.
fn in_version(minor: u32, spec: &str, expected: &[&str]) {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers: [{{name: a, image: b}}]\n{spec}"
    );
    assert_eq!(lines_in(&text, KubeVersion::Minor(minor)), expected, "1.{minor} {text}");
}

#[test]
fn fields_that_old_versions_drop() {
    let too_new = "spec.hostUsers: hostUsers since 1.33 | hostUsers: false";
    let contradicted =
        "spec.hostPID: hostPID cannot be true beside hostUsers: false. Remove one of them. | hostPID: true";
    for (spec, field, since) in [
        ("  hostUsers: false\n", too_new, 33),
        (
            "  resources: {limits: {memory: 1Gi}}\n",
            "spec.resources: resources since 1.34 | resources: {limits: {memory: 1Gi}}",
            34,
        ),
        (
            "  securityContext: {supplementalGroupsPolicy: Strict}\n",
            "spec.securityContext.supplementalGroupsPolicy: supplementalGroupsPolicy since 1.33 \
             | supplementalGroupsPolicy: Strict",
            33,
        ),
        (
            "  securityContext: {appArmorProfile: {type: RuntimeDefault}}\n",
            "spec.securityContext.appArmorProfile: appArmorProfile since 1.30 | appArmorProfile: {type: RuntimeDefault}",
            30,
        ),
        (
            "  initContainers: [{name: i, image: c, restartPolicy: Always}]\n",
            "spec.initContainers[0].restartPolicy: restartPolicy since 1.29 | restartPolicy: Always",
            29,
        ),
    ] {
        in_version(since - 1, spec, &[field]);
        in_version(since, spec, &[]);
    }
    // What contradicts a field that is dropped contradicts nothing.
    in_version(33, "  hostUsers: false\n  hostPID: true\n", &[contradicted]);
    in_version(32, "  hostUsers: false\n  hostPID: true\n", &[too_new]);
    // A host's users are those of a pod in every version.
    in_version(20, "  hostUsers: true\n", &[]);
}
