//! What is said of containers outside of Kubernetes.

use watertight_pod::Syntax;

/// A rule that speaks of such containers.
#[derive(Debug)]
pub(super) struct Row {
    rule: &'static str,
    /// Why it matters, where the rule's own words are about Kubernetes; else empty.
    why: &'static str,
    /// What to do on a command line, in a compose file, in an OCI configuration; empty where the rule has nothing to say.
    how: [&'static str; 3],
    /// Whether a fix is best called by the statement that it takes out.
    pub(super) names_statement: bool,
}

const fn row(rule: &'static str, why: &'static str, how: [&'static str; 3]) -> Row {
    Row { rule, why, how, names_statement: false }
}

/// A rule whose fix takes something out.
const fn out(rule: &'static str, why: &'static str, how: [&'static str; 3]) -> Row {
    Row { rule, why, how, names_statement: true }
}

const VOLUME: [&str; 3] = [
    "Take the mount out, or mount the one folder that is needed, with :ro behind it.",
    "Take the volume out, or mount the one folder that is needed, with :ro behind it.",
    "Take the mount out, or bind the one folder that is needed, with the option ro.",
];

/// Every rule that has nothing to say here: what it looks at is Kubernetes' own, or usual outside of it. A rule is in this list or in [`ROWS`], so that none falls silent because nobody thought of it.
#[cfg(test)]
static KUBERNETES_ONLY: &[&str] = &[
    "default-namespace",
    "device-request",
    "flex-volume",
    "git-repo-volume",
    "host-aliases",
    "host-port",
    "host-probe-target",
    "ignored-seccomp-annotation",
    "image-pull-policy",
    "image-without-digest",
    "ineffective-capability-name",
    "interactive-terminal",
    "invalid-pss-label",
    "legacy-apparmor-annotation",
    "long-lived-token",
    "never-starts-as-root",
    "persistent-volume-host-path",
    "privileged-port",
    "raw-block-volume",
    "resource-requests-missing",
    "restricted-volume-type",
    "runtime-annotation",
    "seccomp-missing",
    "secret-in-environment",
    "service-account-token-mounted",
    "sub-path-mount",
    "system-namespace",
    "windows-host-process",
];

/// Every rule that speaks here, by its id.
pub(super) static ROWS: &[Row] = &[
    out(
        "apparmor-unconfined",
        "",
        [
            "Take the option out; the engine then sets its own profile.",
            "Take the entry out of security_opt; the engine then sets its own profile.",
            "Set process.apparmorProfile to a profile that is loaded on the host.",
        ],
    ),
    row(
        "capabilities-not-dropped",
        "",
        [
            "Add --cap-drop ALL, and --cap-add for what the program needs.",
            "Set cap_drop to ALL, and cap_add to what the program needs.",
            "",
        ],
    ),
    out(
        "capability-beyond-baseline",
        "",
        [
            "Take it out, unless the program is known to need it.",
            "Take it out, unless the program is known to need it.",
            "Take it out of every list in process.capabilities, unless the program is known to need it.",
        ],
    ),
    row(
        "capability-beyond-restricted",
        "",
        [
            "Take out what the program does not need once it has started.",
            "Take out what the program does not need once it has started.",
            "Take out of every list in process.capabilities what the program does not need.",
        ],
    ),
    row(
        "dangerous-capability",
        "",
        [
            "Use --cap-drop ALL, and add back only what the program really needs.",
            "Set cap_drop to ALL, and add back only what the program really needs.",
            "Take it out of every list in process.capabilities.",
        ],
    ),
    out(
        "host-device-mount",
        "",
        [
            "Take the device out, or name the single one that is needed, with r alone where reading is enough.",
            "Take the device out, or name the single one that is needed, with r alone where reading is enough.",
            "Take the device and its rule in linux.resources.devices out.",
        ],
    ),
    out(
        "host-ipc",
        "",
        ["Take --ipc=host out.", "Take ipc: host out.", "Add a namespace of type ipc to linux.namespaces."],
    ),
    out(
        "host-log-mount",
        "What other programs log there can be read, and with write access forged or deleted.",
        VOLUME,
    ),
    out(
        "host-network",
        "It reaches what listens on the node alone, such as databases and the engine itself, and asks the \
        cloud's metadata service as the node.",
        [
            "Take --network=host out, and publish the ports that are needed with --publish.",
            "Take network_mode: host out, and publish the ports that are needed.",
            "Add a namespace of type network to linux.namespaces.",
        ],
    ),
    out(
        "host-path-mount",
        "",
        [
            "Use a named volume for data that has to stay, and --tmpfs for scratch space.",
            "Use a named volume for data that has to stay, and tmpfs for scratch space.",
            "Bind a folder that is made for this container alone.",
        ],
    ),
    out(
        "host-pid",
        "",
        ["Take --pid=host out.", "Take pid: host out.", "Add a namespace of type pid to linux.namespaces."],
    ),
    out("host-proc-mount", "", VOLUME),
    out("host-root-mount", "", VOLUME),
    out("host-sensitive-path", "", VOLUME),
    out("host-sys-mount", "", VOLUME),
    out(
        "host-user-namespace",
        "",
        [
            "Take --userns=host out, and remap users in the engine's configuration (userns-remap).",
            "Take userns_mode: host out, and remap users in the engine's configuration (userns-remap).",
            "Add a namespace of type user to linux.namespaces, with uidMappings and gidMappings.",
        ],
    ),
    row(
        "image-tag-latest",
        "Tomorrow the same line may start another program, and nobody can say which one ran today.",
        ["Name a version, better the digest.", "Name a version, better the digest.", ""],
    ),
    row(
        "literal-credential",
        "Everybody who may read the file, the history of the shell or `docker inspect` has it.",
        [
            "Put it into a file that is mounted, or take it from the environment with --env NAME, and change the credential.",
            "Use the secrets of compose, which arrive as files, and change the credential.",
            "Put it into a file that is mounted, and change the credential.",
        ],
    ),
    row(
        "low-user-id",
        "",
        [
            "Choose a number from 10000 on, another one for each workload.",
            "Choose a number from 10000 on, another one for each workload.",
            "Choose a number from 10000 on, another one for each workload.",
        ],
    ),
    row(
        "mount-propagation",
        "What it mounts there appears on the node and in other containers.",
        [
            "Use rslave, or leave the propagation out.",
            "Use rslave, or leave the propagation out.",
            "Use rslave instead of rshared among the options of the mount.",
        ],
    ),
    row(
        "open-device-rules",
        "",
        [
            "Name the one device, as in --device-cgroup-rule 'c 10:200 rw', or use --device.",
            "Name the one device, as in c 10:200 rw, or use devices.",
            "Give the rule in linux.resources.devices a type, a major and a minor number.",
        ],
    ),
    row(
        "privilege-escalation-allowed",
        "",
        [
            "Add --security-opt no-new-privileges.",
            "Add no-new-privileges:true to security_opt.",
            "Set process.noNewPrivileges to true.",
        ],
    ),
    out(
        "privileged",
        "",
        [
            "Take --privileged out, and add the one capability or device that is needed.",
            "Take privileged out, and add the one capability or device that is needed.",
            "",
        ],
    ),
    out(
        "proc-mount-unmasked",
        "",
        [
            "Take the option out.",
            "Take the entry out of security_opt.",
            "Set linux.maskedPaths and linux.readonlyPaths to what runtimes hide by default.",
        ],
    ),
    row(
        "resource-limits-missing",
        "",
        [
            "Add --memory and --cpus, a little above what the program uses under load; --pids-limit stops a fork bomb besides.",
            "Set limits in deploy.resources, a little above what the program uses under load.",
            "Set linux.resources.memory and linux.resources.cpu, a little above what the program uses under load.",
        ],
    ),
    row(
        "root-group",
        "",
        ["Choose a group other than 0.", "Choose a group other than 0.", "Choose a group other than 0."],
    ),
    row(
        "root-not-forbidden",
        "The image decides then, and most images start as root, which is root for the node's kernel \
        too.",
        [
            "Add --user with a number other than 0; the files it needs must be open to that user.",
            "Set user to a number other than 0; the files it needs must be open to that user.",
            "",
        ],
    ),
    row(
        "runs-as-root",
        "",
        [
            "Choose a user other than 0.",
            "Choose a user other than 0.",
            "Set process.user.uid to a number other than 0.",
        ],
    ),
    out(
        "runtime-socket-mount",
        "",
        [
            "Take the mount out; build images without a daemon, or let a proxy in front of the socket refuse what is not needed.",
            "Take the volume out; build images without a daemon, or let a proxy in front of the socket refuse what is not needed.",
            "Take the mount out.",
        ],
    ),
    out(
        "seccomp-unconfined",
        "",
        [
            "Take the option out; the engine then sets its default profile.",
            "Take the entry out of security_opt; the engine then sets its default profile.",
            "Set linux.seccomp; the default profile of Docker is a good beginning.",
        ],
    ),
    out(
        "selinux-custom",
        "",
        [
            "Take the option out.",
            "Take the entry out of security_opt.",
            "Set process.selinuxLabel to a type for containers, such as container_t.",
        ],
    ),
    out(
        "share-process-namespace",
        "Each sees the environment and, with the same rights, the files of the other.",
        [
            "Take --pid out, unless this is for looking for faults.",
            "Take pid out, unless this is for looking for faults.",
            "",
        ],
    ),
    row(
        "ssh-server",
        "It is a door past the engine and its logs.",
        [
            "Leave it out, and use `docker exec`.",
            "Leave it out, and use `docker compose exec`.",
            "Leave it out, and use the exec of the runtime.",
        ],
    ),
    row(
        "sudo-in-command",
        "",
        [
            "Start as the user that is needed, with --user.",
            "Start as the user that is needed, with user.",
            "Start as the user that is needed, with process.user.",
        ],
    ),
    out(
        "unsafe-sysctl",
        "",
        [
            "Take it out; what a whole host needs is set on the host.",
            "Take it out; what a whole host needs is set on the host.",
            "Take it out of linux.sysctl; what a whole host needs is set on the host.",
        ],
    ),
    row(
        "user-namespace-missing",
        "",
        ["", "", "Add a namespace of type user to linux.namespaces, with uidMappings and gidMappings."],
    ),
    out(
        "working-dir-through-descriptor",
        "",
        [
            "Find out who wrote this, take the option out, and bring runc up to date; no program needs such a directory.",
            "Find out who wrote this, take working_dir out, and bring runc up to date; no program needs such a directory.",
            "Find out who wrote this, set process.cwd to another folder, and bring runc up to date.",
        ],
    ),
    row(
        "writable-root-filesystem",
        "",
        [
            "Add --read-only, and --tmpfs where the program has to write.",
            "Set read_only to true, and tmpfs where the program has to write.",
            "Set root.readonly to true, and mount a tmpfs where the program has to write.",
        ],
    ),
];

/// The row of a rule.
pub(super) fn row_of(rule: &str) -> Option<&'static Row> {
    ROWS.binary_search_by(|row| row.rule.cmp(rule)).ok().and_then(|at| ROWS.get(at))
}

/// What to do and why it matters, in the words of a syntax.
pub(super) fn sayings(row: &'static Row, syntax: Syntax) -> Option<(&'static str, &'static str)> {
    let [run, compose, oci] = row.how;
    let how = match syntax {
        Syntax::Kubernetes => return None,
        Syntax::Run(_) => run,
        Syntax::Compose => compose,
        Syntax::Oci => oci,
    };
    (!how.is_empty()).then_some((how, row.why))
}

/// The words of Kubernetes with those that everybody uses in their place: a pod is a container, a node is a host.
pub(super) fn of_engines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_alphabetic()) {
        let (before, behind) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = behind.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '/').unwrap_or(behind.len());
        let (word, tail) = behind.split_at_checked(end).unwrap_or((behind, ""));
        out.push_str(before);
        // A path or a name in quotes is no word.
        let is_word = !before.ends_with(['/', '"', '-', '.', '_', '`']);
        out.push_str(if is_word { translated(word) } else { word });
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn translated(word: &str) -> &str {
    match word {
        "pod" => "container",
        "Pod" => "Container",
        "pods" => "containers",
        "Pods" => "Containers",
        "node" => "host",
        "Node" => "Host",
        "nodes" => "hosts",
        "Nodes" => "Hosts",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_name_rules() {
        assert!(ROWS.is_sorted_by_key(|row| row.rule));
        for row in ROWS {
            assert!(watertight_rules::by_id(row.rule).is_some(), "{}", row.rule);
        }
    }

    /// A rule about reading speaks of the text and not of what is in it.
    #[test]
    fn every_rule_speaks_or_is_kept_to_kubernetes() {
        assert!(KUBERNETES_ONLY.is_sorted());
        for id in KUBERNETES_ONLY {
            assert!(watertight_rules::by_id(id).is_some(), "{id}");
        }
        for rule in watertight_rules::all().filter(|rule| !matches!(rule.check, watertight_rules::Check::Reading)) {
            let id = rule.meta.id;
            let (speaks, is_kept) = (row_of(id).is_some(), KUBERNETES_ONLY.contains(&id));
            assert!(speaks != is_kept, "{id} belongs into exactly one of ROWS and KUBERNETES_ONLY");
        }
    }

    #[test]
    fn words_of_everybody() {
        for (text, expected) in [
            ("The pod shares the node's memory.", "The container shares the host's memory."),
            ("Volume \"/pod\" is /node of the node", "Volume \"/pod\" is /node of the host"),
            ("nodes, pods", "hosts, containers"),
            ("", ""),
            ("é pod é", "é container é"),
        ] {
            assert_eq!(of_engines(text), expected);
        }
    }

    /// Nothing that is said here is about Kubernetes.
    #[test]
    fn no_word_of_kubernetes() {
        for row in ROWS {
            for text in row.how.iter().chain([&row.why]) {
                for word in
                    ["kubelet", "API server", "Service", "runAs", "securityContext", "PersistentVolume", "emptyDir"]
                {
                    assert!(!text.contains(word), "{}: {text}", row.rule);
                }
            }
        }
    }
}
