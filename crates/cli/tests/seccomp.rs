//! `watertight seccomp diff|bpf|generate`, as a person or a build server runs it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

mod common;

use serde_json::Value;

const NARROW: &str = r#"{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[
  {"names":["read","write","execve"],"action":"SCMP_ACT_ALLOW"},
  {"names":["personality"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":8,"op":"SCMP_CMP_EQ"}]}]}"#;
const WIDE: &str = r#"{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"],"syscalls":[
  {"names":["write","read"],"action":"SCMP_ACT_ALLOW"},
  {"names":["execve"],"action":"SCMP_ACT_ALLOW"},
  {"names":["personality","mount"],"action":"SCMP_ACT_ALLOW"}]}"#;
const GATED: &str = r#"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
  {"names":["read"],"action":"SCMP_ACT_ALLOW"},
  {"names":["mount"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}}]}"#;
const STRACE: &str = "execve(\"/bin/true\", [\"true\"], 0x7ffd) = 0\nbrk(NULL) = 0x55\nclone3({flags=0}, 88) = 7\nexit_group(0) = ?\n+++ exited with 0 +++\n";
const SUMMARY: &str = "% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n 50.00    0.000010          10         1           read\n 50.00    0.000010          10         1         1 openat\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000020          10         2         1 total\n";
const AUDIT: &str = "type=SECCOMP msg=audit(1700000000.1:2): auid=1 uid=0 gid=0 ses=1 pid=9 comm=\"x\" exe=\"/x\" sig=0 arch=c000003e syscall=165 compat=0 ip=0x7f code=0x7ffc0000\n";

/// Exit status, standard output, standard error of `watertight seccomp …` in a folder with the texts above.
fn seccomp(arguments: &[&str], input: &str) -> (i32, String, String) {
    ran(arguments, input).texts()
}

fn ran(arguments: &[&str], input: &str) -> common::Ran {
    let files = [
        ("narrow.json", NARROW),
        ("wide.json", WIDE),
        ("gated.json", GATED),
        ("strace.txt", STRACE),
        ("summary.txt", SUMMARY),
        ("audit.txt", AUDIT),
        ("broken.json", "{\"defaultAction\": \"SCMP_ACT_NEVER\"}"),
        ("empty.json", "{}"),
    ];
    common::run("seccomp", &files, arguments, input)
}

/// The names of a written profile by action, conditional ones with a star.
fn entries(text: &str) -> Vec<String> {
    let profile: Value = serde_json::from_str(text).unwrap();
    let mut names = Vec::new();
    for entry in profile["syscalls"].as_array().unwrap() {
        let star = if entry["args"].is_array() { "*" } else { "" };
        let action = entry["action"].as_str().unwrap().trim_start_matches("SCMP_ACT_").to_lowercase();
        names.extend(
            entry["names"].as_array().unwrap().iter().map(|name| format!("{} {action}{star}", name.as_str().unwrap())),
        );
    }
    names.sort();
    names
}

#[track_caller]
fn generated(arguments: &[&str], input: &str, expected: &[&str]) {
    let arguments: Vec<&str> = ["generate"].into_iter().chain(arguments.iter().copied()).collect();
    let (status, out, errors) = seccomp(&arguments, input);
    assert_eq!((status, errors.as_str()), (0, ""), "{arguments:?}");
    assert_eq!(entries(&out), expected, "{arguments:?}");
}

#[test]
fn profiles_are_compared_by_what_they_do() {
    let (status, out, errors) = seccomp(&["diff", "narrow.json", "wide.json"], "");
    assert_eq!((status, errors.as_str()), (1, ""));
    assert!(out.contains("mount                    ERRNO(38) -> ALLOW\n"), "{out}");
    assert!(out.contains("personality              ERRNO(1) -> ALLOW   "), "{out}");
    assert!(out.contains("x86: only in wide.json; in narrow.json every call by it kills the thread"), "{out}");
    assert!(out.contains("chroot                   ERRNO(38) -> ERRNO(1)"), "the line of ENOSYS moves: {out}");
    assert!(!out.contains("  read "), "{out}");
    assert_eq!(seccomp(&["diff", "wide.json", "wide.json"], "").0, 0);
    let (status, out, _) = seccomp(&["diff", "--format", "jsonl", "narrow.json", "wide.json"], "");
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mount = lines.iter().find(|line| line["syscall"] == "mount").unwrap();
    assert_eq!((status, &mount["left"], &mount["right"]), (1, &Value::from("ERRNO(38)"), &Value::from("ALLOW")));
}

#[test]
fn the_node_decides_how_a_profile_is_read() {
    let diff = |more: &[&str]| {
        let arguments: Vec<&str> = ["diff", "gated.json", "-"].iter().chain(more).copied().collect();
        seccomp(&arguments, &GATED.replace("mount", "umount2")).0
    };
    assert_eq!(diff(&["--runtime", "docker"]), 0, "without the capability neither rule counts");
    assert_eq!(diff(&["--runtime", "docker", "--cap", "sys_admin"]), 1);
    assert_eq!(diff(&["--runtime", "containerd"]), 1, "it knows no gates");
}

#[test]
fn what_cannot_be_used_says_why() {
    for (file, word) in
        [("broken.json", "SCMP_ACT_NEVER"), ("empty.json", "no seccomp at all"), ("nowhere.json", "No such file")]
    {
        let (status, out, errors) = seccomp(&["bpf", file], "");
        assert_eq!((status, out.as_str()), (2, ""), "{file}");
        assert!(errors.contains(file) && errors.contains(word), "{errors}");
    }
    let (status, _, errors) = seccomp(&["generate", "-"], "nothing of interest\n");
    assert_eq!(status, 2, "{errors}");
}

#[test]
fn the_program_and_the_way_of_a_call() {
    let (status, out, _) = seccomp(&["bpf", "narrow.json"], "");
    assert_eq!(status, 0);
    assert!(out.contains("ret 0x7fff0000") && out.contains("of 4096"), "{out}");
    for (arguments, expected) in [
        (&["--call", "personality", "--arguments", "0x8"][..], "personality by x86_64: ALLOW after"),
        (&["--call", "personality", "--arguments", "9"], "personality by x86_64: ERRNO(1) after"),
        (&["--call", "0", "--abi", "x86"], "0 by x86: KILL_THREAD after"),
    ] {
        let arguments: Vec<&str> = ["bpf", "narrow.json"].iter().chain(arguments).copied().collect();
        let (status, out, _) = seccomp(&arguments, "");
        assert!(status == 0 && out.contains(expected) && out.lines().any(|line| line.starts_with('>')), "{out}");
    }
    let common::Ran { status, out: bytes, .. } = ran(&["bpf", "--raw", "narrow.json"], "");
    let lines = out.lines().count() - 1;
    assert_eq!((status, bytes.len()), (0, lines * 8));
    assert_eq!(seccomp(&["bpf", "narrow.json", "--call", "nosuch"], "").0, 2);
}

#[test]
fn profiles_of_traces() {
    let none = ["--start", "none"];
    generated(&[&none[..], &["-"]].concat(), "read write\n", &["read allow", "write allow"]);
    generated(
        &[&none[..], &["strace.txt"]].concat(),
        "",
        &["brk allow", "clone allow*", "clone3 errno", "execve allow", "exit_group allow"],
    );
    generated(&[&none[..], &["summary.txt", "audit.txt"]].concat(), "", &["mount allow", "openat allow", "read allow"]);
    generated(
        &["--start", "crun", "--no-new-privs", "-"],
        "read\n",
        &["close allow", "close_range allow", "execve allow", "read allow", "setresgid32 allow", "setresuid32 allow"],
    );
    let (status, out, errors) = seccomp(&["generate", "--start", "none", "-"], "read\nnosuchcall\n");
    assert_eq!((status, entries(&out)), (1, vec!["read allow".to_owned()]));
    assert!(errors.contains("-:2") && errors.contains("nosuchcall"), "{errors}");
}

#[test]
fn profiles_of_profiles() {
    generated(&["--base", "wide.json", "--start", "none", "-"], "read mount\n", &["mount allow", "read allow"]);
    generated(
        &["--merge", "narrow.json", "--merge", "gated.json"],
        "",
        &["execve allow", "mount allow", "personality allow*", "read allow", "write allow"],
    );
    let (_, merged, _) = seccomp(&["generate", "--minimise", "wide.json", "--dialect", "docker"], "");
    assert_eq!(serde_json::from_str::<Value>(&merged).unwrap()["syscalls"].as_array().unwrap().len(), 1);
    assert_eq!(seccomp(&["diff", "wide.json", "-"], &merged).0, 0);
}

#[test]
fn check_says_who_reads_what() {
    let (status, out, _) = seccomp(&["check", "gated.json"], "");
    assert_eq!(status, 1);
    assert!(out.contains("seccomp-lost-gates"), "{out}");
    let (_, out, _) = seccomp(&["check", "--runtime", "docker", "gated.json"], "");
    assert!(!out.contains("seccomp-lost-gates") && out.contains("seccomp-cannot-start"), "{out}");
    assert_eq!(seccomp(&["check", "missing.json"], "").0, 2);
}

#[test]
fn decide_answers_a_table() {
    let asked = "# calls\nread\npersonality 0x8\npersonality 0\nread@x86\nopenat\n";
    let (status, out, _) = seccomp(&["decide", "narrow.json"], asked);
    assert_eq!(status, 0);
    let expected = "ALLOW          read  (syscalls[0].names[0])\n\
                    ALLOW          personality 0x8  (syscalls[1].names[0], a0 == 0x8)\n\
                    ERRNO(1)       personality 0  (the default action)\n\
                    KILL_THREAD    read@x86  (its ABI is not listed)\n\
                    ERRNO(38)      openat  (its number is above all that the profile names)\n";
    assert_eq!(out, expected);
    assert_eq!(seccomp(&["decide", "narrow.json"], "allow read\ndeny openat\n").0, 0);
    assert_eq!(seccomp(&["decide", "narrow.json"], "deny read\n").0, 1);
    let (status, _, errors) = seccomp(&["decide", "narrow.json"], "read\nfrobnicate\nclone CLONE_WHAT\n");
    assert_eq!(status, 2);
    assert!(errors.contains("stdin:2") && errors.contains("stdin:3"), "{errors}");
}

#[test]
fn decide_knows_what_runtimes_bring() {
    let lines = |arguments: &[&str], input: &str| -> Vec<Value> {
        let (_, out, errors) = seccomp(&[&["decide", "--format", "jsonl"], arguments].concat(), input);
        assert_eq!(errors, "");
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let both = lines(&[], "io_uring_setup\nunshare CLONE_NEWUSER\n");
    assert_eq!((&both[0]["action"], both[1]["action"].as_str()), (&Value::Null, Some("ERRNO(1)")));
    assert_eq!(lines(&["--runtime-version", "2.1"], "io_uring_setup\n")[0]["action"], "ERRNO(1)");
    assert_eq!(lines(&["--cap", "SYS_ADMIN"], "unshare CLONE_NEWUSER\n")[0]["action"], "ALLOW");
    assert_eq!(lines(&["--runtime", "podman"], "mount\n")[0]["action"], "ALLOW");
}
