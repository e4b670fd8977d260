//! Flags of a profile.

use std::collections::HashSet;

use watertight_text::shortened;

use crate::names::signal;
use crate::refusal::{Code, Refusal};
use crate::tree::Text;

const MODES: &[&str] = &["enforce", "complain", "kill", "unconfined", "prompt", "default_allow"];

const PLAIN: &[&str] = &[
    "debug",
    "audit",
    "chroot_relative",
    "namespace_relative",
    "mediate_deleted",
    "delegate_deleted",
    "attach_disconnected",
    "no_attach_disconnected",
    "chroot_attach",
    "chroot_no_attach",
    "interruptible",
    "attach_disconnected.ipc",
];

/// How much of a flag is told where thousands of others may clash with it, in bytes.
const SHOWN: usize = 200;

/// Flags that take a value behind `=`.
const WITH_VALUE: &[&str] = &["attach_disconnected.path=", "attach_disconnected.ipc=", "kill.signal=", "error="];

/// Pairs of beginnings that exclude each other.
const EXCLUDED: &[(&str, &str)] = &[
    ("chroot_relative", "namespace_relative"),
    ("mediate_deleted", "delegate_deleted"),
    ("attach_disconnected", "no_attach_disconnected"),
    ("attach_disconnected.path=", "no_attach_disconnected"),
    ("attach_disconnected.ipc", "no_attach_disconnected"),
    ("attach_disconnected.ipc=", "no_attach_disconnected"),
    ("chroot_attach", "chroot_no_attach"),
];

/// The error numbers of Linux by name, as `error=` takes them, in any case.
const ERRORS: &str = " EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK \
EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM \
ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP EWOULDBLOCK ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG \
EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT EDEADLOCK EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG \
EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD \
ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT \
EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH \
ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN \
EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED \
ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON ";

pub(super) fn check(flags: &[Text], found: &mut Vec<Refusal>) {
    // Each that may exclude others, once.
    let mut before: Vec<&str> = Vec::new();
    let mut known = HashSet::new();
    for flag in flags {
        let name = flag.value.as_str();
        let others = before.len();
        if is_flag(name) && known.insert(name) {
            before.push(name);
        }
        if let Some(message) = unknown(name) {
            found.push(Refusal::new(Code::Flag, flag.span, message));
            continue;
        }
        let clash = before.iter().take(others).find(|other| excludes(other, name));
        if let Some(other) = clash {
            let message = ["The flags `", &shortened(other, SHOWN), "` and `", name, "` exclude each other."].concat();
            found.push(Refusal::new(Code::Flag, flag.span, message));
        }
    }
}

fn is_flag(name: &str) -> bool {
    MODES.contains(&name) || PLAIN.contains(&name) || WITH_VALUE.iter().any(|start| name.starts_with(start))
}

fn unknown(name: &str) -> Option<String> {
    if MODES.contains(&name) || PLAIN.contains(&name) {
        return None;
    }
    let Some(start) = WITH_VALUE.iter().find(|start| name.starts_with(**start)) else {
        return Some(["There is no flag `", name, "`."].concat());
    };
    let value = name.strip_prefix(start).unwrap_or_default();
    match *start {
        "kill.signal=" if signal::number(value).is_none() => Some(["There is no signal `", value, "`."].concat()),
        "error=" if !is_error(value) => Some(["There is no error number `", value, "`."].concat()),
        _ => None,
    }
}

fn is_error(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    !upper.contains(' ') && ERRORS.contains(&[" ", &upper, " "].concat())
}

/// Whether two flags cannot stand together, whichever comes first.
fn excludes(a: &str, b: &str) -> bool {
    if MODES.contains(&a) && MODES.contains(&b) {
        return a != b;
    }
    if let Some(start) = WITH_VALUE.iter().find(|start| a.starts_with(**start) && b.starts_with(**start)) {
        return a.strip_prefix(start) != b.strip_prefix(start);
    }
    let is = |name: &str, pattern: &str| name == pattern || (pattern.ends_with('=') && name.starts_with(pattern));
    EXCLUDED.iter().any(|(one, other)| (is(a, one) && is(b, other)) || (is(b, one) && is(a, other)))
}
