use proptest::prelude::*;

use super::*;

/// The form, and the calls with their ABI and count.
fn check(text: &str, form: Form, expected: &str) {
    let trace = Trace::read(text, Arch::X86_64);
    let seen = |seen: &Seen| {
        let abi = seen.arch.map(|arch| format!("@{arch}")).unwrap_or_default();
        assert!(seen.span.range().end <= text.len(), "{text}");
        format!("{}{abi}:{}", seen.call.name(), seen.count)
    };
    let calls: Vec<String> = trace.calls.iter().map(seen).collect();
    assert_eq!((trace.form, calls.join(" ").as_str()), (form, expected), "{text}\n{:?}", trace.unread);
}

fn unread(text: &str, expected: &[(&str, Why)]) {
    let trace = Trace::read(text, Arch::X86_64);
    let found: Vec<(&str, Why)> = trace.unread.iter().map(|u| (u.span.slice(text), u.why.clone())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn lists() {
    check("read, write\nopenat # where files come from\n", Form::List, "read:1 write:1 openat:1");
    check("[\"read\", \"write\", \"read\"]", Form::List, "read:2 write:1");
    check("     12 futex\n      3 clone3\n", Form::List, "futex:1 clone3:1");
    check("", Form::List, "");
    unread("read wirte", &[("wirte", Why::UnknownName("wirte".to_owned()))]);
    unread("lesen schließen", &[("lesen", Why::UnknownName("lesen".to_owned())), ("schließen", Why::NotALine)]);
}

#[test]
fn summaries() {
    let table = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 83.99    0.000320         106         3         1 wait4
  0.00    0.000000           0         7           rseq
------ ----------- ----------- --------- --------- ----------------
100.00    0.000381           1       348        56 total
";
    check(table, Form::Summary, "wait4:3 rseq:7");
    let both = format!("{table}System call usage summary for 32 bit mode:\n{table}");
    check(&both, Form::Summary, "wait4:3 rseq:7 wait4@x86:3 rseq@x86:7");
    unread(&table.replace("rseq", "rsec"), &[("rsec", Why::UnknownName("rsec".to_owned()))]);
    unread(&format!("{table}hello\n"), &[("hello", Why::NotALine)]);
}

#[test]
fn lines_of_strace() {
    check(
        "execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 35 vars */) = 0\nbrk(NULL) = 0x1000\n",
        Form::Strace,
        "execve:1 brk:1",
    );
    check(
        "1705  wait4(-1,  <unfinished ...>\n1706  write(1, \"hi\\n\", 3) = 3\n1705  <... wait4 resumed>0x7ff, 0, NULL) = 1706\n",
        Form::Strace,
        "wait4:1 write:1",
    );
    check("[pid  1705] <... futex resumed>) = 0\n[pid 1705] close(3) = 0\n", Form::Strace, "futex:0 close:1");
    check(
        "1717  02:04:49.369913 [  59] [00007fda9a051ad7] execve(\"/usr/bin/sh\", [], 0x7f) = 0\n",
        Form::Strace,
        "execve:1",
    );
    check("     0.000322 brk(NULL)                 = 0x5569a6474000\n", Form::Strace, "brk:1");
    check(
        "1 --- SIGCHLD {si_signo=SIGCHLD} ---\n1 close(3) = 0\n1 +++ exited with 0 +++\nstrace: Process 12 attached\n",
        Form::Strace,
        "close:1",
    );
    check("syscall_0x1c7(0, 0) = 0\nread(0, \"\", 1) = 0\n", Form::Strace, "futex_wait:1 read:1");
    let mixed = "7 execve(\"a\") = 0\n[ Process PID=7 runs in 32 bit mode. ]\n7 close(3) = 0\n8 close(3) = 0\n";
    check(mixed, Form::Strace, "execve:1 close@x86:1 close:1");
    unread("close(3) = 0\nhello world\n", &[("hello world", Why::NotALine)]);
    unread("syscall_0xfff(0) = -1 ENOSYS\n", &[("syscall_0xfff", Why::UnknownNumber(Arch::X86_64, 0xfff))]);
    let strange = Trace::read(&"x = 1\n".repeat(1_000), Arch::X86_64);
    assert_eq!((strange.unread.len(), strange.unread_count), (MAX_UNREAD, 1_000));
}

#[test]
fn the_audit_log() {
    let record = "type=SECCOMP msg=audit(1.2:3): auid=1 uid=0 pid=7 comm=\"nginx\" exe=\"/usr/sbin/nginx\" sig=0 \
                  arch=c000003e syscall=257 compat=0 ip=0x7f0 code=0x7ffc0000";
    check(record, Form::Audit, "openat@x86_64:1");
    let kernel = "[12.5] audit: type=1326 audit(1.2:3): auid=1 arch=40000003 syscall=5 compat=1 ip=0x1 code=0x50001";
    check(kernel, Form::Audit, "open@x86:1");
    check("type=SECCOMP arch=c000003e syscall=1073741824", Form::Audit, "read@x32:1");
    check("type=SECCOMP arch=x86_64 syscall=openat", Form::Audit, "openat@x86_64:1");
    check(
        "type=SYSCALL msg=audit(1:2): arch=c00000b7 syscall=56\u{1d}ARCH=aarch64 SYSCALL=openat",
        Form::Audit,
        "openat@aarch64:1",
    );
    check(&format!("type=PATH name=\"/\"\n{record}\n{record}\n"), Form::Audit, "openat@x86_64:2");
    unread("type=SECCOMP arch=12345678 syscall=1", &[("12345678", Why::UnknownAbi("12345678".to_owned()))]);
    unread("type=SECCOMP arch=c000003e syscall=9999", &[("9999", Why::UnknownNumber(Arch::X86_64, 9999))]);
    unread("type=SECCOMP arch=c000003e", &[("type=SECCOMP arch=c000003e", Why::NotALine)]);
}

proptest! {
    /// Whatever is pasted: no panic, and places within the text.
    #[test]
    fn any_text_is_read(text in "(\\PC|[ \\t\\r\\n=()<>\\[\\]:.0-9a-f\"]|type=SECCOMP arch=c000003e syscall=|[0-9] close\\(|% time syscall\n|\u{1d}|\\[ Process PID=7 runs in 32 bit mode){0,60}") {
        let trace = Trace::read(&text, Arch::X86_64);
        for span in trace.calls.iter().map(|seen| seen.span).chain(trace.unread.iter().map(|unread| unread.span)) {
            prop_assert!(text.get(span.range()).is_some());
        }
    }
}
