//! Every kind that holds a pod, and where the pod in it is found.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use watertight_pod::{Objects, ProblemKind, read};
use watertight_yaml::parse;

fn of(text: &str) -> Objects {
    read(&parse(text))
}

/// One line for each pod: carrier, object, route of the spec, route of the metadata, containers.
fn check(text: &str, expected: &[&str]) {
    let objects = of(text);
    let lines: Vec<String> = objects
        .pods
        .iter()
        .map(|pod| {
            let object = &objects.objects[pod.object];
            let containers: Vec<&str> = pod.containers.iter().map(|container| &*container.name).collect();
            format!(
                "{:?} {}/{} {}:{} {} [{}]",
                pod.carrier,
                object.kind,
                object.name,
                pod.route.document,
                pod.route,
                pod.metadata.route,
                containers.join(" ")
            )
        })
        .collect();
    assert_eq!(lines, expected, "{text}");
}

#[test]
fn a_pod() {
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  initContainers: [{name: i}]\n  ephemeralContainers: [{name: e}]\n  containers: [{name: a}, {name: b}]\n",
        &["Pod Pod/p 0:spec metadata [i a b e]"],
    );
}

#[test]
fn workloads() {
    for (version, kind) in [
        ("apps/v1", "Deployment"),
        ("extensions/v1beta1", "Deployment"),
        ("apps/v1beta2", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
        ("batch/v1", "Job"),
    ] {
        check(
            &format!(
                "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: w}}\nspec:\n  template:\n    spec:\n      containers: [{{name: a}}]\n"
            ),
            &[&format!("Workload {kind}/w 0:spec.template.spec spec.template.metadata [a]")],
        );
    }
    check(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec: {containers: [{name: a}]}\n",
        &["Workload CronJob/c 0:spec.jobTemplate.spec.template.spec spec.jobTemplate.spec.template.metadata [a]"],
    );
    check(
        "apiVersion: v1\nkind: PodTemplate\nmetadata: {name: t}\ntemplate:\n  spec: {containers: [{name: a}]}\n",
        &["Workload PodTemplate/t 0:template.spec template.metadata [a]"],
    );
}

#[test]
fn lists() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: NAME}, spec: {containers: [{name: a}]}}";
    let (one, two) = (pod.replace("NAME", "one"), pod.replace("NAME", "two"));
    check(
        &format!("apiVersion: v1\nkind: List\nitems:\n- {one}\n- {two}\n"),
        &["Pod Pod/one 0:items[0].spec items[0].metadata [a]", "Pod Pod/two 0:items[1].spec items[1].metadata [a]"],
    );
    check(
        &format!("[{one}, 5, {two}]"),
        &["Pod Pod/one 0:[0].spec [0].metadata [a]", "Pod Pod/two 0:[2].spec [2].metadata [a]"],
    );
    check(
        "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: p}\n  spec: {containers: [{name: a, image: b}]}\n",
        &["Pod Pod/p 0:items[0].spec items[0].metadata [a]"],
    );
    assert_eq!(
        of("apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: p}\n  spec: {containers: [{name: a, image: b}]}\n").problems,
        []
    );
    check(
        &format!("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items: [{one}]\n---\n{two}\n"),
        &["Pod Pod/one 0:items[0].items[0].spec items[0].items[0].metadata [a]", "Pod Pod/two 1:spec metadata [a]"],
    );
}

#[test]
fn through_aliases() {
    check(
        "apiVersion: v1\nkind: List\nx: &p {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: &s {containers: [{name: a}]}}\nitems:\n- *p\n- {apiVersion: v1, kind: Pod, metadata: {name: q}, spec: *s}\n",
        &["Pod Pod/p 0:items[0].spec items[0].metadata [a]", "Pod Pod/q 0:items[1].spec items[1].metadata [a]"],
    );
}

#[test]
fn kinds_of_others_by_shape() {
    let template = "template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers: [{name: a, image: b}]\n";
    for (version, kind) in [
        ("argoproj.io/v1alpha1", "Rollout"),
        ("apps.openshift.io/v1", "DeploymentConfig"),
        ("serving.knative.dev/v1", "Service"),
        ("batch.volcano.sh/v1alpha1", "Job"),
    ] {
        check(
            &format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: r}}\nspec:\n  {template}"),
            &[&format!("Custom {kind}/r 0:spec.template.spec spec.template.metadata [a]")],
        );
    }
    check(
        "apiVersion: a/v1\nkind: B\nmetadata: {name: c}\nspec:\n  tasks:\n  - podSpec: {containers: [{image: x}]}\n  - spec: {containers: [{image: x}]}\n",
        &[
            "Custom B/c 0:spec.tasks[0].podSpec metadata []",
            "Custom B/c 0:spec.tasks[1].spec spec.tasks[1].metadata []",
        ],
    );
    for none in [
        "apiVersion: a/v1\nkind: B\nstatus: {template: {spec: {containers: [{image: x}]}}}\n",
        "apiVersion: metrics.k8s.io/v1beta1\nkind: PodMetrics\ncontainers: [{name: x, usage: {cpu: 1}}]\n",
        "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: {rules: [{validate: {pattern: {spec: {containers: [{image: '*:*'}]}}}}]}\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: 'containers: [{image: x}]'}\n",
        "a: b\n",
        "services: {web: {image: x, privileged: true}}\n",
        "",
        "hello",
        "- 1\n- 2\n",
    ] {
        check(none, &[]);
    }
}

fn argo(kind: &str, spec: &str) -> String {
    format!("apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: w}}\nspec:\n{spec}")
}

fn tekton(kind: &str, spec: &str) -> String {
    format!("apiVersion: tekton.dev/v1\nkind: {kind}\nmetadata: {{name: t}}\nspec:\n{spec}")
}

#[test]
fn templates_of_workflows() {
    check(
        &argo(
            "Workflow",
            "  templates:\n  - {name: x, container: {image: a}}\n  - {name: y, steps: [[{name: s, template: x}]]}\n  - name: z\n    \
             metadata: {labels: {a: b}}\n    initContainers: [{name: i, image: a}]\n    script: {image: a, source: \
             ls}\n    sidecars: [{name: s, image: a}]\n  - {name: c, containerSet: {containers: [{name: a, image: a}, {name: \
             b, image: a}]}}\n  - {name: d, dag: {tasks: [{name: t, template: x}]}}\n  - {name: s, suspend: {}}\n",
        ),
        &[
            "Custom Workflow/w 0:spec.templates[0] metadata [main]",
            "Custom Workflow/w 0:spec.templates[2] spec.templates[2].metadata [i main s]",
            "Custom Workflow/w 0:spec.templates[3] metadata [a b]",
        ],
    );
    check(
        &argo("CronWorkflow", "  workflowSpec: {templates: [{name: x, container: {image: a}}]}\n"),
        &["Custom CronWorkflow/w 0:spec.workflowSpec.templates[0] metadata [main]"],
    );
    check(
        &argo("Workflow", "  templates: [{steps: [[{name: s, inline: {container: {command: [a]}}}]]}]\n"),
        &["Custom Workflow/w 0:spec.templates[0].steps[0][0].inline metadata [main]"],
    );
    // What other kinds of the same group hold stays what it was.
    check(
        &argo("Rollout", "  template: {spec: {containers: [{name: a, image: a}]}}\n"),
        &["Custom Rollout/w 0:spec.template.spec spec.template.metadata [a]"],
    );
}

#[test]
fn tasks() {
    let steps = "[{name: a, image: a, script: ls}, {name: r, ref: {name: r}}, {name: b, image: b}]";
    check(
        &tekton("Task", &format!("  steps: {steps}\n  sidecars: [{{name: s, image: a}}]\n")),
        &["Custom Task/t 0:spec metadata [a b s]"],
    );
    check(
        &tekton("TaskRun", &format!("  taskSpec: {{steps: {steps}}}\n")),
        &["Custom TaskRun/t 0:spec.taskSpec metadata [a b]"],
    );
    check(
        &tekton(
            "Pipeline",
            &format!("  tasks: [{{name: x, taskSpec: {{steps: {steps}}}}}, {{taskRef: {{name: y}}}}]\n"),
        ),
        &["Custom Pipeline/t 0:spec.tasks[0].taskSpec metadata [a b]"],
    );
    check(
        &tekton("Task", "  stepTemplate: {image: a}\n  steps: [{name: a, script: ls}]\n"),
        &["Custom Task/t 0:spec metadata [a]"],
    );
    check(&tekton("Task", "  steps: [{name: r, ref: {name: r}}]\n"), &[]);
}

/// Nobody has heard of these kinds, so it takes more than a name.
#[test]
fn containers_under_other_names_by_shape() {
    let of_kind = |spec: &str| format!("apiVersion: a.b/v1\nkind: C\nmetadata: {{name: c}}\nspec: {spec}\n");
    let line = "Custom C/c 0:spec metadata [main]";
    check(&of_kind("{container: {image: a, securityContext: {privileged: true}}}"), &[line]);
    check(&of_kind("{steps: [{name: main, image: a, command: [b]}]}"), &[line]);
    check(
        &of_kind("{container: {image: a, command: [b]}, deep: {container: {image: a, env: []}}}"),
        &[line, "Custom C/c 0:spec.deep metadata [main]"],
    );
    assert!(of(&of_kind("{container: {image: a, env: []}}")).pods[0].frame.as_ref().unwrap().likely);
    assert!(!of(&tekton("Task", "  steps: [{image: a}]\n")).pods[0].frame.as_ref().unwrap().likely);
    for none in [
        of_kind("{container: {image: a}}"),
        of_kind("{container: a, script: b, steps: c}"),
        of_kind("{steps: [{name: a, template: b}, [{image: a, command: [b]}]]}"),
        "container: {image: a, command: [b]}\n".to_owned(),
        "kind: pipeline\nsteps: [{name: a, image: a, command: [b]}]\n".to_owned(),
    ] {
        check(&none, &[]);
    }
}

#[test]
fn what_stands_around_a_template_counts_for_it() {
    let text = argo(
        "Workflow",
        "  hostNetwork: true\n  serviceAccountName: w\n  securityContext: {runAsUser: 5}\n  podMetadata: {annotations: {a: \
         b}}\n  volumes: [{name: v, hostPath: {path: /}}, {name: u, emptyDir: {}}]\n  templates:\n  - {name: x, container: \
         {image: a, volumeMounts: [{name: v, mountPath: /v}]}}\n  - {name: t, securityContext: {runAsGroup: 6}, \
         serviceAccountName: t, volumes: [{name: u, emptyDir: {}}], hostPID: true, container: {image: a}}\n",
    );
    let objects = of(&text);
    assert_eq!(objects.problems, []);
    let [one, two] = objects.pods.as_slice() else { panic!() };
    assert!(one.host_network.is_true() && two.host_network.is_true() && !two.host_pid.is_set());
    assert_eq!(one.security.run_as_user.get(), Some(&5));
    assert_eq!((two.security.run_as_user.get(), two.security.run_as_group.get()), (None, Some(&6)));
    assert_eq!((one.service_account.text(), two.service_account.text()), (Some("w"), Some("t")));
    let volumes = |pod: &watertight_pod::Pod| pod.volumes.iter().map(|v| v.route.to_string()).collect::<Vec<_>>();
    assert_eq!(volumes(one), ["spec.volumes[0]"]);
    assert_eq!(volumes(two), ["spec.templates[1].volumes[0]"]);
    assert_eq!(one.metadata.annotations[0].value, "b");
    let places = |pod: &watertight_pod::Pod| {
        ["hostNetwork", "securityContext.runAsNonRoot", "hostUsers", "volumes", "container.resources", "metadata"]
            .map(|field| pod.place_of(&pod.route.keys(field)).map(|place| place.to_string()).unwrap_or_default())
    };
    assert_eq!(
        places(one),
        [
            "spec.hostNetwork",
            "spec.securityContext.runAsNonRoot",
            "",
            "spec.templates[0].volumes",
            "spec.templates[0].container.resources",
            "spec.templates[0].metadata",
        ]
    );
    assert_eq!(places(two)[1], "spec.templates[1].securityContext.runAsNonRoot");
    let text = tekton(
        "TaskRun",
        "  serviceAccountName: s\n  podTemplate: {hostNetwork: true, securityContext: {runAsNonRoot: true}}\n  taskSpec:\n    \
         stepTemplate: {securityContext: {privileged: true}, env: [{name: a, value: b}]}\n    steps: [{image: a}, {image: b, \
         computeResources: {limits: {memory: 1Gi}}, securityContext: {privileged: false}}]\n",
    );
    let objects = of(&text);
    assert_eq!(objects.problems, []);
    let pod = &objects.pods[0];
    assert!(pod.host_network.is_true() && pod.security.run_as_non_root.is_true());
    assert_eq!(pod.service_account.text(), Some("s"));
    let privileged: Vec<_> = pod.containers.iter().map(|step| step.security.privileged.is_true()).collect();
    assert_eq!(privileged, [true, false]);
    assert!(pod.containers[1].resources.limit("memory").is_some());
    let place = |field: &'static str| pod.place_of(&pod.route.keys(field)).map(|place| place.to_string());
    assert_eq!(place("hostNetwork").as_deref(), Some("spec.podTemplate.hostNetwork"));
    assert_eq!(place("hostPID"), None);
    let limits = pod.place_of(&pod.route.key("steps").index(0).keys("resources.limits")).unwrap();
    assert_eq!(limits.to_string(), "spec.taskSpec.steps[0].computeResources.limits");
    let unknown = of(&argo(
        "Workflow",
        "  hostNetwork: '{{x}}'\n  securityContext: {runAsUser: a}\n  templates: [{name: x, container: {image: a, env: 5}}]\n",
    ));
    let unreadable: Vec<_> = unknown.pods[0].unreadable.iter().map(|place| place.route.to_string()).collect();
    assert_eq!(
        unreadable,
        [
            "spec.templates[0].container.env",
            "spec.templates[0].hostNetwork",
            "spec.templates[0].securityContext.runAsUser",
        ]
    );
    let lone = of(&tekton("Task", "  steps: [{image: a}]\n"));
    assert_eq!(lone.pods[0].place_of(&lone.pods[0].route.keys("securityContext.runAsNonRoot")), None);
}

/// What every template of a workflow gets besides its own.
#[test]
fn defaults_of_templates() {
    let text = argo(
        "Workflow",
        "  templateDefaults:\n    securityContext: {runAsUser: 5, runAsNonRoot: true}\n    volumes: [{name: v, hostPath: {path: \
         /}}]\n    sidecars: [{name: s, image: s, securityContext: {privileged: true}}]\n    initContainers: [{name: i, image: \
         i}]\n    container: {securityContext: {privileged: true}, volumeMounts: [{name: v, mountPath: /v}]}\n    script: \
         {env: [{name: a, value: b}]}\n  templates:\n  - {name: x, container: {image: a}}\n  - {name: y, securityContext: \
         {runAsUser: 6}, container: {image: a, securityContext: {privileged: false}, volumeMounts: [{name: u, mountPath: \
         /v}]}}\n  - {name: z, sidecars: [{name: s, image: mine}], script: {image: a, source: ls}}\n",
    );
    let objects = of(&text);
    assert_eq!(objects.problems, []);
    let pods: Vec<_> = objects.pods.iter().filter(|pod| pod.route.to_string().contains("templates[")).collect();
    let [one, two, three] = pods.as_slice() else { panic!("{}", pods.len()) };
    let names = |pod: &watertight_pod::Pod| pod.containers.iter().map(|c| c.name.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!((names(one), names(two), names(three)), ("main s i".into(), "main s i".into(), "main s i".into()));
    let privileged = |pod: &watertight_pod::Pod| pod.containers[0].security.privileged.is_true();
    assert_eq!((privileged(one), privileged(two), privileged(three)), (true, false, false));
    assert!(one.containers[1].security.privileged.is_true() && three.containers[1].security.privileged.is_true());
    assert_eq!(three.containers[1].image.text(), Some("mine"));
    assert_eq!(three.containers[1].route.to_string(), "spec.templates[2].sidecars[0]");
    assert_eq!(one.containers[1].route.to_string(), "spec.templateDefaults.sidecars[0]");
    assert_eq!(one.security.run_as_user.get(), Some(&5));
    assert_eq!((two.security.run_as_user.get(), two.security.run_as_non_root.get()), (Some(&6), Some(&true)));
    assert_eq!(one.volumes[0].route.to_string(), "spec.templateDefaults.volumes[0]");
    // What a template mounts itself takes the place of what all mount there.
    assert_eq!((two.volumes.len(), two.containers[0].mounts.len()), (0, 1));
    assert_eq!((three.containers[0].env.len(), one.containers[0].env.len()), (1, 0));
}

#[test]
fn containers_beside_the_executor() {
    let resource =
        "resource: {action: get, manifest: x}, sidecars: [{name: s, image: a, securityContext: {privileged: true}}]";
    let objects =
        of(&argo("Workflow", &format!("  templates: [{{name: x, {resource}}}, {{name: y, resource: {{}}}}]\n")));
    assert_eq!((objects.problems.len(), objects.pods.len()), (0, 1));
    assert!(objects.pods[0].containers[0].security.privileged.is_true());
}

#[test]
fn what_a_set_of_containers_mounts() {
    let text = argo(
        "Workflow",
        "  volumes: [{name: v, hostPath: {path: /}}]\n  templates:\n  - {name: c, containerSet: {volumeMounts: [{name: v, \
         mountPath: /v}], containers: [{name: a, image: a}, {name: b, image: a}]}}\n",
    );
    let objects = of(&text);
    assert_eq!(objects.problems, []);
    let pod = &objects.pods[0];
    assert_eq!(pod.volumes.len(), 1);
    assert!(pod.containers.iter().all(|container| container.mounts[0].path.text() == Some("/v")));
    let mount = &pod.containers[1].mounts[0];
    let route = pod.containers[1].route.key("volumeMounts").index(mount.index).key("readOnly");
    assert_eq!(pod.place_of(&route).unwrap().to_string(), "spec.templates[0].containerSet.volumeMounts[0].readOnly");
}

/// The sentences about texts that are not read here, each with its route.
fn elsewhere(text: &str) -> Vec<String> {
    let told = of(text).problems;
    let told = told.iter().filter_map(|problem| match &problem.kind {
        ProblemKind::Elsewhere { message } => Some(format!("{}: {message}", problem.route)),
        _ => None,
    });
    told.collect()
}

#[test]
fn patches_of_pods() {
    let say =
        |what: &str| format!("This patch is laid over the pod before it starts, and {what}: it is not read here.");
    let text = argo(
        "Workflow",
        "  podSpecPatch: '{\"hostPID\": true}'\n  hostNetwork: true\n  templates:\n  - name: x\n    podSpecPatch: |\n      \
         containers: [{name: main, securityContext: {privileged: true}}]\n    container: {image: a, securityContext: \
         {privileged: false}}\n  - {name: y, podSpecPatch: '{{inputs.parameters.p}}', container: {image: a}}\n  - {name: z, \
         podSpecPatch: 'terminationGracePeriodSeconds: 5', container: {image: a}}\n",
    );
    assert_eq!(
        elsewhere(&text),
        [
            format!("spec.podSpecPatch: {}", say("sets hostPID")),
            format!("spec.templates[0].podSpecPatch: {}", say("sets securityContext")),
            format!("spec.templates[1].podSpecPatch: {}", say("may set any field of it")),
        ]
    );
    let objects = of(&text);
    let [one, two, three] = objects.pods.as_slice() else { panic!() };
    assert!([one, two, three].iter().all(|pod| pod.host_pid.is_unreadable() && pod.host_network.is_true()));
    assert!(
        one.containers[0].security.privileged.is_unreadable()
            && !three.containers[0].security.privileged.is_unreadable()
    );
    assert!(
        one.security.run_as_non_root.is_unreadable() && two.host_ipc.is_unreadable() && !one.host_ipc.is_unreadable()
    );
}

#[test]
fn manifests_in_templates() {
    let told = "A step creates what this manifest says, which is a text here: what runs in it is not looked at.";
    let with = |resource: &str| argo("Workflow", &format!("  templates: [{{name: x, resource: {resource}}}]\n"));
    for (resource, key) in [
        ("{action: create, manifest: 'spec: {containers: []}'}", Some("manifest")),
        ("{action: apply, manifest: '{{inputs.parameters.m}}'}", Some("manifest")),
        ("{manifestFrom: {artifact: {name: m}}}", Some("manifestFrom")),
        ("{action: delete, manifest: 'spec: {containers: []}'}", None),
        ("{action: create, manifest: 'kind: ConfigMap'}", None),
        ("{action: create}", None),
    ] {
        let expected: Vec<String> = key.iter().map(|key| format!("spec.templates[0].resource.{key}: {told}")).collect();
        assert_eq!(elsewhere(&with(resource)), expected, "{resource}");
    }
}

#[test]
fn containers_in_another_object() {
    let told = |what: &str| {
        format!(
            "The containers are in another object that is not here, so what is said of their pods is not looked at: {what}."
        )
    };
    let template = "workflowTemplateRef: {name: x}";
    for (text, expected) in [
        (
            argo("Workflow", &format!("  {template}\n  hostNetwork: true\n")),
            Some(("spec.workflowTemplateRef", "hostNetwork")),
        ),
        (
            argo("CronWorkflow", &format!("  workflowSpec: {{{template}, volumes: [], podSpecPatch: x}}\n")),
            Some(("spec.workflowSpec.workflowTemplateRef", "podSpecPatch, volumes")),
        ),
        (argo("Workflow", &format!("  {template}\n")), None),
        (
            tekton("TaskRun", "  taskRef: {name: x}\n  podTemplate: {hostNetwork: true}\n"),
            Some(("spec.taskRef", "podTemplate")),
        ),
        (
            tekton("PipelineRun", "  pipelineRef: {name: x}\n  taskRunSpecs: [{pipelineTaskName: a}]\n"),
            Some(("spec.pipelineRef", "taskRunSpecs")),
        ),
        (tekton("PipelineRun", "  pipelineRef: {name: x}\n"), None),
    ] {
        let expected: Vec<String> = expected.iter().map(|(route, what)| format!("{route}: {}", told(what))).collect();
        assert_eq!(elsewhere(&text), expected, "{text}");
    }
}

#[test]
fn actions_of_steps() {
    let text = tekton(
        "StepAction",
        "  description: d\n  params: [{name: p}]\n  image: $(params.p)\n  securityContext: {privileged: true}\n  script: ls\n",
    );
    let objects = of(&text);
    assert_eq!(objects.problems, []);
    let pod = &objects.pods[0];
    assert!(pod.containers[0].security.privileged.is_true() && pod.containers[0].image.is_unreadable());
    assert_eq!(pod.security.site, None);
    let place = |field: &'static str| pod.place_of(&pod.route.keys(field)).map(|place| place.to_string());
    assert_eq!(place("securityContext.privileged").as_deref(), Some("spec.securityContext.privileged"));
    assert_eq!((place("hostUsers"), place("resources.limits")), (None, None));
}

#[test]
fn what_a_run_says_of_one_task() {
    let text = tekton(
        "PipelineRun",
        "  taskRunTemplate: {serviceAccountName: all, podTemplate: {hostNetwork: true, securityContext: {runAsUser: 5}}}\n  \
         taskRunSpecs:\n  - {pipelineTaskName: b, serviceAccountName: mine, podTemplate: {hostNetwork: false, hostUsers: \
         false, volumes: [{name: v, hostPath: {path: /}}]}}\n  pipelineSpec:\n    tasks:\n    - {name: a, taskSpec: {steps: \
         [{image: a}]}}\n    - {name: b, taskSpec: {steps: [{image: a, volumeMounts: [{name: v, mountPath: /v}]}]}}\n",
    );
    let objects = of(&text);
    assert_eq!(objects.problems, []);
    let [a, b] = objects.pods.as_slice() else { panic!() };
    assert_eq!((a.service_account.text(), b.service_account.text()), (Some("all"), Some("mine")));
    // False is no word of its own there.
    assert!(a.host_network.is_true() && b.host_network.is_true());
    assert!(a.host_users == watertight_pod::Field::Absent && b.host_users.is_false());
    assert_eq!((a.volumes.len(), b.volumes.len()), (0, 1));
    assert_eq!(b.volumes[0].route.to_string(), "spec.taskRunSpecs[0].podTemplate.volumes[0]");
    assert_eq!(b.security.run_as_user.get(), Some(&5));
    let unknown = of(&tekton("Task", "  volumes: [{name: v, hostPath: {path: $(params.p)}}]\n  steps: [{image: a}]\n"));
    assert!(unknown.pods[0].volumes[0].host_path.get().unwrap().path.is_unreadable());
}

#[test]
fn without_a_kind() {
    let missing = |text: &str| -> Vec<&'static str> {
        of(text)
            .problems
            .iter()
            .filter_map(|problem| match problem.kind {
                ProblemKind::Missing { field } => Some(field),
                _ => None,
            })
            .collect()
    };
    let whole = "spec:\n  containers:\n  - {name: a, image: b}\n";
    check(whole, &["Pod / 0:spec metadata [a]"]);
    assert_eq!(missing(whole), ["apiVersion", "kind"]);
    check("containers:\n- {name: a, image: b}\n", &["Pod / 0: metadata [a]"]);
    check("securityContext: {}\ncontainers:\n- {name: a, image: b}\n", &["Pod / 0: metadata [a]"]);
    check(
        "spec:\n  template:\n    spec:\n      containers: [{name: a, image: b}]\n",
        &["Workload / 0:spec.template.spec spec.template.metadata [a]"],
    );
    check("kind: Pod\nspec: {containers: [{name: a}]}\n", &["Pod Pod/ 0:spec metadata [a]"]);
    assert_eq!(missing("kind: Pod\nspec: {containers: [{name: a, image: b}]}\n"), ["apiVersion", "name"]);
}

#[test]
fn names_of_kinds_and_versions() {
    for (version, kind, expected) in [
        ("v1", "pod", "Kinds are written with exact letter case: \"Pod\", not \"pod\". Write kind: Pod."),
        ("v1", "Deployment", "There is no Deployment in \"v1\". Write apiVersion: apps/v1."),
        (
            "extensions/v1beta1",
            "Deployment",
            "Kubernetes 1.16 and later do not serve Deployment in \"extensions/v1beta1\". Write apiVersion: apps/v1.",
        ),
        (
            "batch/v1beta1",
            "CronJob",
            "Kubernetes 1.25 and later do not serve CronJob in \"batch/v1beta1\". Write apiVersion: batch/v1.",
        ),
    ] {
        let objects = of(&format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n"));
        let found = objects
            .problems
            .iter()
            .any(|problem| matches!(&problem.kind, ProblemKind::BadValue { message } if message == expected));
        assert!(found, "{expected}: {:?}", objects.problems);
    }
}

#[test]
fn objects_that_hold_no_pod() {
    let objects = of(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns\n  labels:\n    pod-security.kubernetes.io/enforce: baseline\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: ns}\nautomountServiceAccountToken: false\n---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec:\n  hostPath: {path: /, type: Directory}\n  claimRef: {name: c}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n",
    );
    assert_eq!(objects.problems, []);
    assert_eq!(objects.pods.len(), 0);
    let names: Vec<&str> = objects.objects.iter().map(|object| &*object.name).collect();
    assert_eq!(names, ["ns", "s", "v", "r"]);
    assert_eq!(objects.objects[1].namespace.as_deref(), Some("ns"));
    let namespace = &objects.objects[objects.namespaces[0].object];
    assert_eq!(namespace.labels[0].value, "baseline");
    assert!(objects.service_accounts[0].automount_token.is_false());
    let volume = &objects.persistent_volumes[0];
    assert_eq!(volume.host_path.get().and_then(|path| path.path.text()), Some("/"));
    assert_eq!(volume.claim.text(), Some("c"));
    assert_eq!(volume.object, 2);
}

#[test]
fn a_live_object() {
    check(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  creationTimestamp: \"2026-01-01T00:00:00Z\"\n  uid: u\n  managedFields:\n  - fieldsV1: {\"f:spec\": {containers: [{image: x}]}}\nspec: {containers: [{name: a, image: b}]}\nstatus: {containerStatuses: [{name: a, image: b}], containers: [{image: x}]}\n",
        &["Pod Pod/p 0:spec metadata [a]"],
    );
}
