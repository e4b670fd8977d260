//! Manifests to start from. They are part of the app, so that choosing one asks nobody for anything.

/// One or more files that belong together.
#[derive(PartialEq, Eq, Debug)]
pub struct Example {
    /// Its name in the menu.
    pub title: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// Names and texts.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../static/examples/", $name)))
    };
}

/// All examples, in the order of the menu. The first is shown to a new visitor.
pub static ALL: [Example; 10] = [
    Example {
        title: "A risky web pod",
        about: "Privileged, host processes, a host folder: several ways out at once",
        files: &[file!("risky-web.yaml")],
    },
    Example {
        title: "A build runner with the Docker socket",
        about: "A Deployment; the socket is mounted read-only, which does not help",
        files: &[file!("ci-runner.yaml")],
    },
    Example {
        title: "An agent on every node",
        about: "A DaemonSet with the host's network, processes and files",
        files: &[file!("node-agent.yaml")],
    },
    Example {
        title: "A Namespace and what runs in it",
        about: "Two files: labels that enforce, a Deployment and a CronJob under them",
        files: &[file!("namespace.yaml"), file!("payments.yaml")],
    },
    Example {
        title: "A docker run line",
        about: "Privileged, with the engine's socket and a folder of the host; beside it what the host runs",
        files: &[file!("docker-run.sh"), file!("host.txt")],
    },
    Example {
        title: "A compose file",
        about: "Three services: a proxy, an agent, a database",
        files: &[file!("compose.yaml")],
    },
    Example {
        title: "An OCI configuration",
        about: "What runc is given: no namespace for processes, no masks, no filter",
        files: &[file!("config.json")],
    },
    Example {
        title: "A Falco rule and events",
        about: "A rule against mounting the host, what it sees, and what gets past it",
        files: &[file!("falco-rules.yaml"), file!("falco-events.jsonl")],
    },
    Example {
        title: "Text without its indentation",
        about: "As it comes out of some web pages; the structure can be restored",
        files: &[file!("flat.yaml")],
    },
    Example { title: "A hardened pod", about: "Nothing to find but what is good", files: &[file!("hardened.yaml")] },
];

/// What a new visitor sees.
pub fn first() -> &'static Example {
    let [first, ..] = &ALL;
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_a_text_of_its_own() {
        for example in &ALL {
            for (name, text) in example.files {
                assert!(text.ends_with('\n'), "{name}");
                assert!(["yaml", "json", "jsonl", "sh", "txt"].iter().any(|kind| name.ends_with(kind)), "{name}");
            }
        }
    }
}
