use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::escape::Truth;
use watertight_diagnostic::ask::explore::{ExploreAsk, Explored};
use watertight_knowledge::capability;

use super::explore;

fn explored(what: &str, writable: bool) -> Explored {
    let ask = ExploreAsk { what: what.to_owned(), writable, sample: String::new() };
    explore(&ask, &Settings::default())
}

/// The ways that are open with it alone, by id; `?` behind those of which nobody can tell.
fn open(explored: &Explored) -> Vec<String> {
    let mark = |truth: Truth| if truth == Truth::Unknown { "?" } else { "" };
    let ways = explored.ways.iter().filter(|way| way.open != Truth::No && !way.by_bug);
    ways.map(|way| [way.id.as_str(), mark(way.open)].concat()).collect()
}

#[track_caller]
fn check(what: &str, writable: bool, expected: &[&str]) {
    let explored = explored(what, writable);
    assert_eq!(open(&explored), expected, "{what}");
    assert!(!explored.opens.is_empty() && !explored.needed_for.is_empty() && !explored.instead.is_empty(), "{what}");
}

/// Which layers stop a way.
#[track_caller]
fn check_layers(what: &str, writable: bool, way: &str, expected: &[&str]) {
    let explored = explored(what, writable);
    let at = explored.ways.iter().position(|known| known.id == way);
    let stops = explored.layers.iter().filter(|layer| at.is_some_and(|at| layer.stops.contains(&at)));
    assert_eq!(stops.map(|layer| layer.name.as_str()).collect::<Vec<_>>(), expected, "{what} {way}");
}

#[test]
fn what_opens_what() {
    check("SYS_ADMIN", false, &["cap-sys-admin-proc", "cap-bpf", "cap-sys-admin-cgroup1?"]);
    check("cap_sys_admin", false, &["cap-sys-admin-proc", "cap-bpf", "cap-sys-admin-cgroup1?"]);
    check("SYS_MODULE", false, &["cap-sys-module?"]);
    check("NET_BIND_SERVICE", false, &[]);
    check("/run/docker.sock", false, &["hp-docker-sock"]);
    check("/var/run/docker.sock", true, &["hp-docker-sock"]);
    check("/etc", false, &["hp-etc-kubernetes", "hp-cloud-creds"]);
    check("/var/log", false, &[]);
    check("/var/log", true, &["hp-var-log"]);
}

#[test]
fn what_stops_what() {
    let everywhere = ["A user that is not root", "A user namespace", "gVisor", "Kata Containers"];
    check_layers("SYS_MODULE", false, "cap-sys-module", &[&everywhere[..], &["Signed modules only"]].concat());
    let lsm = ["The runtime's AppArmor profile", "SELinux"];
    let expected = [&everywhere[..2], &lsm[..], &everywhere[2..]].concat();
    check_layers("SYS_ADMIN", false, "cap-sys-admin-proc", &expected);
    check_layers("SYSLOG", false, "cap-syslog", &everywhere);
    check_layers("/etc", true, "hp-etc", &["A user that is not root", "SELinux"]);
}

#[test]
fn what_is_missing_is_told() {
    let ptrace = explored("SYS_PTRACE", false);
    let way = ptrace.ways.iter().find(|way| way.id == "cap-sys-ptrace-hostpid").expect("it asks for SYS_PTRACE");
    assert_eq!((way.open, way.because.as_slice()), (Truth::No, &["hostPID is not set".to_owned()][..]));
    let etc = explored("/etc", false);
    let way = etc.ways.iter().find(|way| way.id == "hp-etc").expect("it asks for /etc");
    assert_eq!(way.because, ["/etc of the node is mounted read-only"]);
}

#[test]
fn questions_that_are_none() {
    for (what, expected) in [
        ("", ""),
        ("ALL", "ALL is every capability at once: ask for one of them."),
        ("SYS_ADMN", "SYS_ADMN is neither a capability nor a path, which begins with a slash."),
    ] {
        let explored = explored(what, false);
        assert_eq!((explored.title.as_str(), explored.problem.as_str()), ("", expected), "{what}");
        assert_eq!(explored.capabilities.len(), 41);
    }
}

/// Put in and taken out again, the sample is what it was; and in between the map of it shows what was put in.
#[test]
fn samples_come_and_go() {
    let empty = explore(&ExploreAsk { what: "/".to_owned(), ..ExploreAsk::default() }, &Settings::default());
    let subjects = capability::all().iter().map(|known| (known.name, false));
    for (what, writable) in subjects.chain([("/", true), ("/etc", false), ("/run/docker.sock", true)]) {
        let ask = |sample: &str| {
            let ask = ExploreAsk { what: what.to_owned(), writable, sample: sample.to_owned() };
            explore(&ask, &Settings::default()).sample.expect("there is a sample")
        };
        let with = ask("");
        assert_eq!((with.has, with.refused.as_str()), (false, ""), "{what}");
        let without = ask(&with.text);
        assert!(without.has && without.text.len() < with.text.len(), "{what}: {}", without.text);
        let again = ask(&without.text);
        assert_eq!((again.has, again.text), (false, with.text), "{what}");
    }
    let broken = ExploreAsk { what: "/".to_owned(), writable: false, sample: "a: [".to_owned() };
    let broken = explore(&broken, &Settings::default()).sample.expect("there is a sample");
    assert!(!broken.refused.is_empty() && broken.text == "a: [");
    assert!(empty.sample.is_some_and(|sample| sample.text.contains("readOnly: true")));
}

#[test]
fn a_read_only_folder_becomes_a_writable_one() {
    let ask = |writable: bool, sample: &str| {
        let ask = ExploreAsk { what: "/etc".to_owned(), writable, sample: sample.to_owned() };
        explore(&ask, &Settings::default()).sample.expect("there is a sample")
    };
    let read = ask(false, "");
    let write = ask(true, &read.text);
    assert_eq!((write.has, write.text), (false, read.text.replace("readOnly: true", "readOnly: false")));
}
