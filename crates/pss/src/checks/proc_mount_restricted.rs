//! `procMount` at restricted: the kernel's files stay masked, user namespace or not.

use crate::checks::proc_mount::check;
use crate::registry::{Check, Looked, Revision};

pub(crate) static CHECK: Check = Check {
    id: "procMount_restricted",
    revisions: &[Revision { since: 35, overrides: &["procMount"], run: check }],
    looks_at: &[Looked::Container("securityContext.procMount")],
};
