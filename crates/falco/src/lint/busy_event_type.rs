use watertight_diagnostic::Finding;

use super::{Out, Subject};

watertight_diagnostic::declare_meta! {
    /// ## What it finds
    /// A rule that asks for reading, writing, sending, receiving, waiting or memory calls.
    ///
    /// ## Why it matters
    /// A machine makes hundreds of thousands of these calls a second. Falco does not even look at most of them unless
    /// it is started with `base_syscalls.all`, so the rule either costs much or never fires.
    ///
    /// ## What to do
    /// Ask for the call that opens, connects or starts instead, or make sure that Falco is told to look at these calls.
    ///
    /// ## Bad
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type in (write, pwrite) and container.id != host and fd.name = /proc/sys/kernel/core_pattern
    ///   output: "mount by %user.name in %container.id (%proc.cmdline)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// - rule: Mount in container
    ///   desc: Mounts in containers
    ///   condition: evt.type in (open, openat, openat2) and evt.is_open_write = true and container.id != host and fd.name = /proc/sys/kernel/core_pattern
    ///   output: "core_pattern opened by %user.name in %container.id (%proc.cmdline file=%fd.name)"
    ///   priority: WARNING
    ///   tags: [mitre_privilege_escalation, T1611]
    /// ```
    BUSY_EVENT_TYPE = {
        id: "falco-busy-event-type",
        title: "Rule about calls that happen all the time",
        category: Hygiene,
        severity: Low,
        fixable: false,
        sources: [],
    }
}

/// Calls that Falco leaves out by default for their number.
const BUSY: &[&str] = &[
    "clock_gettime",
    "epoll_wait",
    "futex",
    "getrandom",
    "mmap",
    "mprotect",
    "munmap",
    "nanosleep",
    "poll",
    "ppoll",
    "pread",
    "preadv",
    "pwrite",
    "pwritev",
    "read",
    "readv",
    "recv",
    "recvfrom",
    "recvmmsg",
    "recvmsg",
    "select",
    "send",
    "sendfile",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "switch",
    "write",
    "writev",
];

pub(super) fn check(subject: &Subject<'_>, out: &mut Out) {
    for (rule, item) in subject.set.rules() {
        if rule.event_types.except {
            continue;
        }
        let busy: Vec<&str> =
            rule.event_types.names.iter().map(AsRef::as_ref).filter(|name| BUSY.contains(name)).collect();
        let Some(first) = busy.first() else { continue };
        // Sending and receiving beside connecting is how the published rules look at datagrams.
        if busy.len() < rule.event_types.names.len()
            && busy.iter().all(|name| name.starts_with("send") || name.starts_with("recv"))
        {
            continue;
        }
        let what = ["The rule is tried on every `", first, "`, of which there are very many."].concat();
        let place = (item.head.place.file, item.head.place.name);
        out.push(
            Finding::new(&BUSY_EVENT_TYPE, subject.location(place, ""), what)
                .why("Falco does not look at these calls unless it is told to, and then they cost much.")
                .how("Ask for the call that opens or connects, or start Falco with `base_syscalls.all`."),
        );
    }
}
