use super::*;
use crate::decide::decide;
use crate::resolve;
use crate::shipped::Shipped;

/// The rule of a line, which lets through what the line tells of.
#[track_caller]
fn check(line: &str, expected: &str) {
    let event = read(line).unwrap();
    let found = rule(&event);
    assert_eq!(found.as_ref().map_or("", |found| &found.text), expected, "{event:?}");
    let Some(found) = found else { return };
    let text = format!("abi <abi/4.0>,\nprofile a {{\n  {}\n}}\n", found.text);
    let resolved = resolve(&text, &Shipped);
    assert_eq!(resolved.refusals, [], "{text}");
    let verdict = decide(&resolved.policy, &resolved.policy.profiles[0], &found.operation);
    assert!(verdict.allowed(), "{text}: {:?} {verdict:?}", found.operation);
}

#[test]
fn files() {
    check(
        r#"[  321.6] audit: type=1400 audit(1700000000.123:45): apparmor="DENIED" operation="open" profile="web" name="/etc/shadow" pid=1 comm="cat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        "/etc/shadow r,",
    );
    check(
        r#"type=AVC msg=audit(1700000000.1:4): apparmor="DENIED" operation="mknod" profile="web" name="/data/x" pid=9 comm="nginx" requested_mask="c" denied_mask="c" fsuid=101 ouid=101"#,
        "owner /data/x w,",
    );
    check(
        r#"Nov 28 16:00:00 node kernel: audit: type=1400 audit(1.1:4): apparmor="DENIED" operation="exec" class="file" profile="web" name="/usr/bin/id" pid=9 comm="sh" requested_mask="x" denied_mask="x" fsuid=0 ouid=0"#,
        "/usr/bin/id rmix,",
    );
    check(
        r#"{"MESSAGE":"audit: type=1400 audit(1.1:4): apparmor=\"DENIED\" operation=\"file_mmap\" profile=\"web\" name=\"/lib/x.so\" requested_mask=\"m\" denied_mask=\"m\" fsuid=0 ouid=0","PRIORITY":"5"}"#,
        "/lib/x.so m,",
    );
    // A blank in the name: digits instead of quotes.
    check(
        r#"apparmor="DENIED" operation="open" profile="web" name=2F746D702F612062 requested_mask="wr" denied_mask="wr" fsuid=0 ouid=0"#,
        "/tmp/a\\040b rw,",
    );
    check(
        r#"apparmor="DENIED" operation="link" profile="web" name="/a/b" target="/a/c" requested_mask="l" denied_mask="l""#,
        "link /a/b -> /a/c,",
    );
    check(
        r#"apparmor="ALLOWED" operation="open" profile="web" name="/proc/77/maps" requested_mask="r" denied_mask="r""#,
        "/proc/[0-9]*/maps r,",
    );
    check(r#"apparmor="STATUS" operation="profile_load" profile="unconfined" name="web""#, "");
    check(r#"apparmor="AUDIT" operation="open" profile="web" name="/a" requested_mask="r""#, "");
}

#[test]
fn what_is_no_file() {
    for (line, expected) in [
        (
            r#"operation="capable" profile="web" pid=1 comm="x" capability=21  capname="sys_admin""#,
            "capability sys_admin,",
        ),
        (
            r#"operation="create" profile="web" family="inet" sock_type="raw" protocol=1 requested_mask="create" denied_mask="create""#,
            "network inet raw,",
        ),
        (
            r#"operation="sendmsg" class="net" profile="web" family="inet" sock_type="dgram" protocol=17 requested="send" denied="send""#,
            "network inet dgram,",
        ),
        (
            r#"operation="connect" profile="web" family="unix" sock_type="stream" protocol=0 requested_mask="send receive connect" denied_mask="send receive connect" addr=none peer_addr="@/x" peer="unconfined""#,
            "unix (send receive connect) type=stream peer=(label=unconfined, addr=\"@/x\"),",
        ),
        (
            r#"operation="mount" info="failed flags match" error=-13 profile="web" name="/mnt/" pid=7 comm="mount" fstype="tmpfs" srcname="none" flags="rw, nosuid""#,
            "mount fstype=tmpfs options=(nosuid) none -> /mnt/,",
        ),
        (r#"operation="umount" profile="web" name="/mnt/""#, "umount /mnt/,"),
        (
            r#"operation="pivotroot" profile="web" name="/new/" srcname="/new/old/""#,
            "pivot_root oldroot=/new/old/ /new/,",
        ),
        (
            r#"operation="ptrace" profile="web" requested_mask="read" denied_mask="read" peer="unconfined""#,
            "ptrace (read) peer=unconfined,",
        ),
        (
            r#"operation="signal" profile="web" requested_mask="receive" denied_mask="receive" signal=term peer="runc""#,
            "signal (receive) set=(term) peer=runc,",
        ),
        (r#"operation="userns_create" class="namespace" profile="web" requested="userns_create""#, "userns,"),
        (r#"operation="change_profile" profile="web" name="other" target="other""#, "change_profile -> other,"),
        (r#"operation="setrlimit" profile="web" rlimit=nofile value=1"#, ""),
    ] {
        check(&["apparmor=\"DENIED\" ", line].concat(), expected);
    }
    check(
        r#"type=USER_AVC msg=audit(1.1:4): pid=9 uid=1 msg='apparmor="DENIED" operation="dbus_method_call"  bus="system" path="/org/x" interface="org.x" member="Get" mask="send" name="org.x" pid=5 label="web" peer_label="unconfined" exe="/usr/bin/dbus-daemon" sauid=1'"#,
        "dbus (send) bus=\"system\" path=\"/org/x\" interface=\"org.x\" member=\"Get\" peer=(label=\"unconfined\"),",
    );
}

#[test]
fn a_whole_log() {
    let log = "noise\n\
        apparmor=\"DENIED\" operation=\"open\" profile=\"a\" name=\"/x\" denied_mask=\"r\"\n\
        apparmor=\"DENIED\" operation=\"open\" profile=\"a\" name=\"/x\" denied_mask=\"w\"\n\
        apparmor=\"DENIED\" operation=\"exec\" profile=\"a\" name=\"/x\" denied_mask=\"x\"\n\
        apparmor=\"DENIED\" operation=\"open\" profile=\"b\" name=\"/x\" denied_mask=\"r\"\n\
        apparmor=\"DENIED\" operation=\"capable\" profile=\"b\" capname=\"sys_admin\"\n\
        apparmor=\"DEN\n";
    let (rules, broken) = rules(log);
    let written: Vec<_> = rules.iter().map(|rule| (rule.profile.as_str(), rule.text.as_str(), rule.count)).collect();
    assert_eq!(written, [("a", "/x rwmix,", 3), ("b", "/x r,", 1), ("b", "capability sys_admin,", 1)]);
    assert_eq!(rules[0].span.slice(log), log.lines().nth(1).unwrap());
    assert!(!rules[2].notes.is_empty());
    assert_eq!(broken.len(), 1);
}

#[test]
fn nothing_breaks_it() {
    for line in
        ["apparmor=\"", "apparmor=\\\"", "apparmor==\"\"\"", "apparmor=\"DENIED\" operation=", "apparmor=\"x\" ="]
    {
        let _ = read(line).as_ref().and_then(rule);
    }
}
