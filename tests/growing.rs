//! Texts that can be made as long as one likes, each of something that is easily read in a time that grows faster than the
//! text does. A test takes each of them at a short length, a benchmark shows how what they take grows.

use std::fmt::Write as _;

/// A name, and the text of so many repetitions.
pub type Growing = (&'static str, fn(usize) -> String);

/// All of them.
pub const ALL: &[Growing] = &[
    ("ignore comments of many rules above a long item", |count| {
        let rules = vec!["a"; count].join(",");
        format!("# watertight: ignore {rules}\n- apiVersion: v1\n{}", "\n".repeat(count))
    }),
    ("ignore comments above each other", |count| {
        let comments = "# watertight: ignore host-pid\n".repeat(count);
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n{comments}  hostPID: true\n")
    }),
    ("annotations that ask to ignore", |count| {
        pod(&each(count, |at| format!("    watertight/ignore.rule{at}: reason\n")), "  containers: []\n")
    }),
    ("annotations that name profiles", |count| {
        let annotation = |at| format!("    container.apparmor.security.beta.kubernetes.io/c{at}: unconfined\n");
        pod(&each(count, annotation), &containers(count.min(500), "image: a"))
    }),
    ("containers through one anchor", |count| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - &c {{name: a, image: a, \
             securityContext: {{privileged: true}}}}\n{}",
            "  - *c\n".repeat(count)
        )
    }),
    ("containers", |count| pod("", &containers(count, "image: a, securityContext: {privileged: true}"))),
    ("containers that name fields nobody knows", |count| {
        pod("", &containers(count, "image: a, securityContxt: {priviledged: true}"))
    }),
    ("a long name above many containers", |count| {
        let text = pod("", &containers(count, "image: a, securityContext: {privileged: true}"));
        text.replace("name: a\n", &format!("name: {}\n", long(count)))
    }),
    ("a long value through an anchor", |count| {
        let value = long(count);
        let containers = "  - {name: *v, image: *v, workingDir: *v, securityContext: {privileged: *v}}\n".repeat(count);
        format!("{}  x: &v {value}\n  containers:\n{containers}", pod("", ""))
    }),
    ("a long key through an anchor", |count| {
        let containers = "  - {name: c, image: a, *k : a, securityContext: {*k : a}}\n".repeat(count);
        format!("{}  x: {{? &k {} : a}}\n  containers:\n{containers}", pod("", ""), long(count))
    }),
    ("a long reason to ignore", |count| {
        let reason = format!("    watertight/ignore.privileged: {}\n", long(count));
        pod(&reason, &containers(count, "image: a, securityContext: {privileged: true}"))
    }),
    ("findings that are left out", |count| {
        let ignored = "# watertight: ignore root-not-forbidden, seccomp-missing, memory-limit-missing";
        let pod = |at| {
            format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: a{at}}}\nspec:\n  containers:\n  {ignored}\n  - {{name: a, image: a}}\n"
            )
        };
        each(count, pod)
    }),
    ("a long level for many pods", |count| {
        let namespace =
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {pod-security.kubernetes.io/enforce: ";
        let pod = |at| {
            format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, namespace: a}}\nspec: {{containers: [{{name: a, image: a}}]}}\n"
            )
        };
        format!("{namespace}{}}}}}\n{}", long(count), each(count, pod))
    }),
    ("volumes of a task with many steps", |count| {
        let volumes = each(count, |at| format!("{{name: v{at}, mountPath: /a}}, "));
        let steps = each(count, |at| format!("  - {{name: s{at}, image: a}}\n"));
        format!(
            "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {{name: a}}\nspec:\n  stepTemplate: {{volumeMounts: [{volumes}]}}\n  steps:\n{steps}"
        )
    }),
    ("volumes, each mounted", |count| {
        let volumes = each(count, |at| format!("  - {{name: v{at}, hostPath: {{path: /srv/{at}}}}}\n"));
        let mounts = each(count, |at| format!("    - {{name: v{at}, mountPath: /m/{at}}}\n"));
        pod("", &format!("  volumes:\n{volumes}  containers:\n  - name: a\n    image: a\n    volumeMounts:\n{mounts}"))
    }),
    ("variables of the environment", |count| {
        let env = each(count, |at| format!("    - {{name: PASSWORD_{at}, value: secret}}\n"));
        pod("", &format!("  containers:\n  - name: a\n    image: a\n    env:\n{env}"))
    }),
    ("capabilities", |count| {
        let added = each(count, |at| format!("CAP_{at}, "));
        pod("", &containers(1, &format!("image: a, securityContext: {{capabilities: {{add: [{added}]}}}}")))
    }),
    ("equal keys", |count| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\n{}", "spec: {}\n".repeat(count))),
    ("merged keys", |count| {
        let maps = each(count, |at| format!("a{at}: &a{at} {{k{at}: 1}}\n"));
        format!("{maps}b:\n  <<: [{}]\n", each(count, |at| format!("*a{at}, ")))
    }),
    ("documents that cannot be read", |count| "---\na: [\n".repeat(count)),
    ("pods", |count| {
        each(count, |at| {
            format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{containers: [{{name: a, image: a}}]}}\n"
            )
        })
    }),
    ("roles and their bindings", |count| {
        each(count, |at| {
            format!(
                "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: r{at}}}\nrules: [{{apiGroups: \
                 [\"*\"], resources: [\"*\"], verbs: [\"*\"]}}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: \
                 RoleBinding\nmetadata: {{name: b{at}}}\nroleRef: {{kind: Role, name: r{at}}}\nsubjects: [{{kind: \
                 ServiceAccount, name: default}}]\n"
            )
        })
    }),
    ("command lines", |count| "docker run --privileged -v /:/host --pid host nginx\n".repeat(count)),
    ("volumes of one command line", |count| {
        format!("docker run {} nginx\n", each(count, |at| format!("-v /srv/{at}:/m/{at} ")))
    }),
    ("services that extend each other", |count| {
        let service = |at| format!("  s{at}: {{extends: s{}, pid: host}}\n", at + 1);
        format!("services:\n{}", each(count, service))
    }),
    ("options of one command line", |count| {
        let options =
            each(count, |at| format!("--security-opt seccomp=/srv/{at} --mount type=bind,src=/a{at},dst=/b "));
        format!("docker run {options}nginx\n")
    }),
    ("a long value in many services", |count| {
        format!(
            "x-a: &v {}\nservices:\n{}",
            long(count),
            each(count, |at| format!("  s{at}: {{image: *v, user: *v, volumes: [*v]}}\n"))
        )
    }),
    ("services with one environment", |count| {
        let variables = each(count, |at| format!("K{at}: v, "));
        format!(
            "x-a: &v {{{variables}}}\nservices:\n{}",
            each(count, |at| format!("  s{at}: {{image: a, environment: *v}}\n"))
        )
    }),
    ("services that merge one mapping", |count| {
        let fields = each(count, |at| format!("x-{at}: v, "));
        format!("x-a: &v {{{fields}image: a}}\nservices:\n{}", each(count, |at| format!("  s{at}: {{<<: *v}}\n")))
    }),
    ("services that join the next one", |count| {
        let service = |at| {
            let next = at + 1;
            format!(
                "  s{at}: {{image: a, pid: 'service:s{next}', ipc: 'service:s{next}', volumes_from: [s{next}], volumes: ['/a:/b{at}']}}\n"
            )
        };
        format!("services:\n{}", each(count, service))
    }),
    ("a long value in an OCI configuration", |count| {
        let mounts = "{destination: *v, source: *v, type: bind}, ".repeat(count);
        format!(
            "a: &v {}\nociVersion: 1.0.0\nprocess: {{args: [a]}}\nroot: {{path: a}}\nmounts: [{mounts}]\n",
            long(count)
        )
    }),
    ("volumes of one service", |count| {
        let volumes = each(count, |at| format!("      - /srv/{at}:/m/{at}\n"));
        format!("services:\n  a:\n    image: a\n    volumes:\n{volumes}")
    }),
    ("system calls", |count| {
        let names = each(count, |at| format!("\"call{at}\", "));
        format!(
            "{{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{{\"names\": [{names}\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}}]}}"
        )
    }),
    ("rules on one system call", |count| {
        let rule = |at| {
            format!(
                "{{\"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{{\"index\": 0, \"value\": {at}, \"op\": \
                 \"SCMP_CMP_EQ\"}}]}},"
            )
        };
        let rules = each(count, rule);
        format!("{{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{}]}}", rules.trim_end_matches(','))
    }),
    ("patterns of many stars", |count| {
        let pattern = |at: usize| {
            let part = |letter: char| format!("*{}*", letter.to_string().repeat(at % 40 + 1));
            format!("  /{{{}}}** rw,\n", ('a'..='j').map(part).collect::<Vec<_>>().join(","))
        };
        format!("profile a {{\n{}}}\n", each(count, pattern))
    }),
    ("paths below each other", |count| {
        format!("profile a {{\n{}}}\n", each(count, |at| format!("  {} r,\n", "/a".repeat(at % 200 + 1))))
    }),
    ("comments in a profile", |count| format!("profile a {{\n{}}}\n", "  # watertight: ignore a\n".repeat(count))),
    ("a long variable in many rules", |count| {
        format!("@{{X}}=/{}\nprofile a {{\n{}}}\n", long(count), each(count, |at| format!("  @{{X}}/b{at} rw,\n")))
    }),
    ("variables through each other", |count| {
        let variables = each(count, |at| format!("@{{Y{at}}}=@{{X}}\n"));
        let rules = each(count, |at| format!("  @{{Y{at}}} r,\n"));
        format!("@{{X}}=/{}\n{variables}profile a {{\n{rules}}}\n", long(count))
    }),
    ("a pattern of nothing but variables", |count| {
        format!("@{{X}}=/a\nprofile a {{\n  {} r,\n}}\n", "@{X}".repeat(4 * count))
    }),
    ("a long alias of many rules", |count| {
        let rules = each(count, |at| format!("  /b{at} r,\n"));
        format!("alias / -> /{},\nprofile a {{\n{rules}}}\n", long(count))
    }),
    ("aliases of one prefix", |count| {
        let rules = each(count, |at| format!("  /b{at} r,\n"));
        format!("{}profile a {{\n{rules}}}\n", each(count, |at| format!("alias / -> /c{at},\n")))
    }),
    ("a long name of a profile and its rules", |count| {
        let rules = each(count, |at| format!("  /b{at} rw,\n  deny /b{at} w,\n"));
        format!("profile {} {{\n{rules}}}\n", long(count))
    }),
    ("children of a profile with a long name", |count| {
        format!("profile {} {{\n{}}}\n", long(count), each(count, |at| format!("  profile c{at} {{ }}\n")))
    }),
    ("small profiles", |count| each(count, |at| format!("profile a{at} {{\n  /x rw,\n}}\n"))),
    ("profiles whose rules are hard to compare", |count| {
        each(count, |at| format!("profile a{at} {{\n  /**a*b*c*d*e** rw,\n  deny /**b*c*d*e*f*g** w,\n}}\n"))
    }),
    ("profiles that include the same", |count| {
        each(count, |at| format!("profile a{at} {{\n  include <abstractions/base>\n}}\n"))
    }),
    ("includes that nobody knows", |count| {
        format!("profile a {{\n{}}}\n", each(count, |at| format!("  include <a{at}>\n")))
    }),
    ("targets of started programs", |count| {
        format!("profile a {{\n{}}}\n", each(count, |at| format!("  /a{at} px -> t{at},\n")))
    }),
    ("programs started in two ways", |count| {
        let rule = |at: usize| {
            format!("  /{{a,b,c,d,e}}{{f,g,h,i,j}}{at} {}x,\n", if at.is_multiple_of(2) { "i" } else { "p" })
        };
        format!("profile a {{\n{}}}\n", each(count, rule))
    }),
    ("a long flag that others exclude", |count| {
        let flags = "no_attach_disconnected,".repeat(count);
        format!("profile a flags=({flags}attach_disconnected.path=/{},{flags}) {{\n}}\n", long(count))
    }),
    ("a long rule that makes others void", |count| {
        let names = each(count, |at| format!("a{at},"));
        format!("profile a {{\n  deny /{{{names}}} w,\n{}}}\n", each(count, |at| format!("  /a{at} rw,\n")))
    }),
    ("refusals of what no rule allows", |count| {
        format!("profile a {{\n{}}}\n", each(count, |at| format!("  deny /b{at} w,\n  deny ptrace peer=b{at},\n")))
    }),
    ("blocks that contradict each other", |count| {
        let (open, close) = ("deny {\nallow {\n".repeat(30), "}\n}\n".repeat(30));
        format!("profile a {{\n{open}{}{close}}}\n", each(count, |at| format!("/b{at} ix,\n")))
    }),
    ("objects that stand for profiles", |count| {
        let object = |at| {
            format!(
                "---\napiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata: {{name: a{at}}}\n"
            )
        };
        each(count, object)
    }),
    ("objects that stand for filters", |count| {
        let object = |at| {
            format!(
                "---\napiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata: {{name: a{at}}}\nspec: \
                 {{defaultAction: SCMP_ACT_ERRNO}}\n"
            )
        };
        each(count, object)
    }),
    ("a long path through an anchor in an object that stands for a profile", |count| {
        format!(
            "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: AppArmorProfile\nmetadata: {{name: a}}\nx: &v /{}\nspec: \
             {{abstract: {{filesystem: {{readOnlyPaths: [{}]}}}}}}\n",
            long(count),
            "*v, ".repeat(count)
        )
    }),
    ("a long word through an anchor in a filter", |count| {
        format!(
            "a: &v {}\ndefaultAction: SCMP_ACT_ERRNO\nsyscalls:\n{}",
            long(count),
            "- {names: [*v, *v], action: *v}\n".repeat(count)
        )
    }),
    ("a long default action above words that nobody knows", |count| {
        let entry = "{\"names\": [\"read\", \"clone\"], \"action\": \"SCMP_ACT_ALOW\"},".repeat(count);
        format!("{{\"defaultAction\": \"{}\", \"syscalls\": [{}]}}", long(count), entry.trim_end_matches(','))
    }),
    ("comparisons of one entry", |count| {
        let arg = |at| format!("{{\"index\": 0, \"value\": {at}, \"op\": \"SCMP_CMP_EQ\"}},");
        format!(
            "{{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\", \
             \"args\": [{}]}}]}}",
            each(count, arg).trim_end_matches(',')
        )
    }),
    ("macros that use each other", |count| {
        let macros = each(count, |at| format!("- macro: m{at}\n  condition: m{} and evt.type = open\n", at + 1));
        format!("{macros}- macro: m{count}\n  condition: evt.type = open\n")
    }),
    ("rules with long conditions", |count| {
        let condition = each(count, |at| format!("proc.name = p{at} or "));
        format!("- rule: a\n  desc: a\n  condition: {condition}evt.type = open\n  output: a\n  priority: INFO\n")
    }),
    ("rules of one name", |count| {
        "- rule: a\n  desc: a\n  condition: evt.type = open\n  output: a\n  priority: INFO\n".repeat(count)
    }),
    ("versions of nodes", |count| each(count, |at| format!("Linux n{at} 5.4.{at} #1\n"))),
    ("rules with one list", |count| {
        let items = each(count, |at| format!("i{at}, "));
        format!(
            "- list: l\n  items: [{items}]\n{}",
            falco_rules(count, |_| "evt.type=execve and proc.name in (l)".into())
        )
    }),
    ("rules with one long word in a list", |count| {
        let rules = falco_rules(count, |_| "evt.type=execve and proc.name in (l)".into());
        format!("- list: l\n  items: [{}]\n{rules}", long(count))
    }),
    ("rules with one macro", |count| {
        let condition = each(count, |at| format!("proc.name=i{at} or "));
        let rules = falco_rules(count, |_| "evt.type=execve and m".into());
        format!("- macro: m\n  condition: {condition}proc.name=a\n{rules}")
    }),
    ("rules with one macro of many conditions", |count| {
        let condition = each(count.min(200), |at| format!("proc.name!=i{at} and "));
        let rules = falco_rules(count, |_| "evt.type=execve and m".into());
        format!("- macro: m\n  condition: {condition}proc.name!=a\n{rules}")
    }),
    ("rules with one set of types but for a few", |count| {
        const TYPES: [&str; 8] = ["open", "openat", "mount", "setns", "chmod", "chown", "execve", "unshare"];
        let rules = falco_rules(count, |at| {
            let one_of = |at: usize| TYPES.into_iter().cycle().nth(at % TYPES.len()).unwrap_or_default();
            let (one, other) = (one_of(at), one_of(at / TYPES.len()));
            format!("m and evt.type!={one} and evt.type!={other}")
        });
        format!("- macro: m\n  condition: evt.type in ({})\n{rules}", TYPES.join(", "))
    }),
    ("rules with a condition through an anchor", |count| {
        let condition = each(count, |at| format!("proc.name=i{at} or "));
        let rules = falco_rules(count, |_| "*n".into());
        format!("- macro: m\n  condition: &n {condition}proc.name=a\n{rules}")
    }),
    ("rules with a long output through an anchor", |count| {
        let rules = falco_rules(count, |_| "evt.type=open".into()).replace("output: o", "output: *n");
        format!("- list: &n {}\n  items: []\n{rules}", long(count))
    }),
    ("lists with empty items through an anchor", |count| {
        let lists = each(count, |at| format!("- {{list: l{at}, items: *n}}\n"));
        format!("- list: l\n  items: &n [{}]\n{lists}", "'', ".repeat(count))
    }),
    ("a list of short items", |count| format!("- list: l\n  items: [{}]\n", "a,".repeat(count * 10))),
    ("lists that double", |count| {
        let lists = each(count, |at| format!("- list: l{at}\n  items: [l{0}, l{0}]\n", at + 1));
        format!("{lists}{}", falco_rules(count, |_| "proc.name in (l0)".into()))
    }),
    ("a list of lists", |count| {
        let items = |item: &str| item.repeat(count);
        format!("- list: l\n  items: [{}]\n- list: k\n  items: [{}]\n", items("a, "), items("l, "))
    }),
    ("lists of odd names", |count| {
        let lists = each(count, |at| format!("- list: l {at}\n  items: [a]\n"));
        format!("{lists}{}", falco_rules(count, |_| "evt.type=open".into()))
    }),
    ("macros that double, the last one first", |count| {
        let macros = each(count, |at| format!("- macro: m{at}\n  condition: m{0} or m{0}\n", at + 1));
        let appended = each(count, |at| format!("- macro: m{at}\n  condition: or fd.num=1\n  append: true\n"));
        format!("{macros}- macro: m{count}\n  condition: evt.type=open\n{appended}")
    }),
    ("exceptions that are appended", |count| {
        let appended = |at| {
            format!("- {{rule: r0, append: true, exceptions: [{{name: e{at}, fields: [fd.num], values: [[{at}]]}}]}}\n")
        };
        format!("{}{}", falco_rules(1, |_| "evt.type=open".into()), each(count, appended))
    }),
    ("values of an exception with a long field", |count| {
        let rule = falco_rules(1, |_| "evt.type=open".into());
        let values = each(count, |at| format!("[a{at}], "));
        let field = long(count);
        format!("{rule}  exceptions:\n  - name: e\n    fields: ['proc.env[{field}]']\n    values: [{values}]\n")
    }),
    ("exceptions of a rule with a long name", |count| {
        let rule = falco_rules(1, |_| "evt.type=open".into()).replace("r0", &long(count));
        let exceptions = each(count, |at| format!("  - {{name: e{at}, fields: [fd.num], values: [[1]]}}\n"));
        format!("{rule}  exceptions:\n{exceptions}")
    }),
    ("an exception beside many comparisons", |count| {
        let condition = each(count, |at| format!("proc.name=a{at} and "));
        let rule = falco_rules(1, |_| format!("{condition}evt.type=open"));
        let values = each(count, |at| format!("[b{at}], "));
        format!("{rule}  exceptions:\n  - name: e\n    fields: [proc.name]\n    values: [{values}]\n")
    }),
    ("comparisons of the event type", |count| {
        let any = each(count, |at| format!("evt.type=a{at} or "));
        let none = each(count, |at| format!("evt.type!=b{at} and "));
        falco_rules(1, |_| format!("({any}evt.type=open) and {none}evt.type!=close"))
    }),
    ("inequalities", |count| falco_rules(1, |_| each(count, |at| format!("fd.a{at}!=x and ")) + "evt.type=open")),
    ("comparisons with a missing value", |count| {
        falco_rules(1, |_| "ka.verb=<NA> or ".repeat(count) + "evt.type=open")
    }),
    ("unknown keys of a rule", |count| {
        format!("{}{}", falco_rules(1, |_| "evt.type=open".into()), each(count, |at| format!("  k{at}: a\n")))
    }),
    ("priorities in small letters", |count| falco_rules(count, |_| "evt.type=open".into()).replace("INFO", "info")),
    ("tactics and techniques of a rule", |count| {
        let tags = each(count, |at| format!("mitre_{at}, T1003.{at}, "));
        format!("{}  tags: [{tags}]\n", falco_rules(1, |_| "evt.type=open".into()))
    }),
    ("versions that are asked for", |count| {
        let versions = "- required_engine_version: 0.1.0\n".repeat(count);
        format!("{versions}{}", falco_rules(1, |_| "fd.name iglob x".into()))
    }),
    ("events with unknown fields", |count| each(count, |at| format!("{{\"evt.type\":\"open\",\"proc.nm{at}\":1}}\n"))),
];

/// How many repetitions make a text of so many bytes. Later ones are longer, for their numbers are.
pub fn repetitions(text: fn(usize) -> String, bytes: usize) -> usize {
    let each = text(200).len().saturating_sub(text(100).len()).max(1) / 100;
    let count = bytes / each.max(1);
    let length = text(count).len().max(1);
    (count as f64 * (bytes as f64 / length as f64).min(1.0)) as usize
}

fn falco_rules(count: usize, condition: impl Fn(usize) -> String) -> String {
    each(count, |at| {
        let condition = condition(at);
        format!("- rule: r{at}\n  desc: d\n  condition: {condition}\n  output: o\n  priority: INFO\n")
    })
}

fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, at| {
        let _ = write!(text, "{}", piece(at));
        text
    })
}

/// A word that is about as long as so many short lines.
fn long(count: usize) -> String {
    "n".repeat(40 * count)
}

fn pod(annotations: &str, spec: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n{annotations}    a: b\nspec:\n{spec}")
}

fn containers(count: usize, fields: &str) -> String {
    format!("  containers:\n{}", each(count, |at| format!("  - {{name: c{at}, {fields}}}\n")))
}
