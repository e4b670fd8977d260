//! Parts of the model that most pods lack.

use std::ops::{Deref, DerefMut};

use crate::{ContainerSecurity, EngineOptions, Field, PodSecurity, Statements};

/// A part that is large and mostly not there: while nothing in it is written, it takes a pointer. It is read and written like
/// the part itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Rare<T>(Option<Box<T>>);

/// A part that may be missing.
pub trait Part: Default + 'static {
    /// The part with nothing written in it, which all that lack it share.
    fn nothing() -> &'static Self;
}

impl Part for PodSecurity {
    fn nothing() -> &'static Self {
        static NOTHING: PodSecurity = PodSecurity {
            site: None,
            run_as_user: Field::Absent,
            run_as_group: Field::Absent,
            run_as_non_root: Field::Absent,
            fs_group: Field::Absent,
            supplemental_groups: Vec::new(),
            groups_policy: Field::Absent,
            seccomp: Field::Absent,
            apparmor: Field::Absent,
            selinux: Field::Absent,
            sysctls: Vec::new(),
            windows: Field::Absent,
        };
        &NOTHING
    }
}

impl Part for ContainerSecurity {
    fn nothing() -> &'static Self {
        static NOTHING: ContainerSecurity = ContainerSecurity {
            site: None,
            privileged: Field::Absent,
            allow_privilege_escalation: Field::Absent,
            read_only_root: Field::Absent,
            run_as_user: Field::Absent,
            run_as_group: Field::Absent,
            run_as_non_root: Field::Absent,
            proc_mount: Field::Absent,
            capabilities: None,
            capabilities_add: Vec::new(),
            capabilities_drop: Vec::new(),
            add_in_doubt: None,
            drop_in_doubt: None,
            seccomp: Field::Absent,
            apparmor: Field::Absent,
            selinux: Field::Absent,
            windows: Field::Absent,
        };
        &NOTHING
    }
}

impl Part for EngineOptions {
    fn nothing() -> &'static Self {
        static NOTHING: EngineOptions = EngineOptions {
            host_uts: Field::Absent,
            host_cgroup: Field::Absent,
            pid: Field::Absent,
            ipc: Field::Absent,
            network: Field::Absent,
            volumes_from: Vec::new(),
            root_is_root: Field::Absent,
            idmapped: Vec::new(),
            groups: Vec::new(),
            permitted: None,
            ambient: Vec::new(),
            device_rules: Vec::new(),
            pids_limit: Field::Absent,
            privileged_hooks: Vec::new(),
            root_hooks: Vec::new(),
            api: Field::Absent,
            insert: None,
            defaults: Vec::new(),
            statements: Statements::none(),
        };
        &NOTHING
    }
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<T> for Rare<T> {
    fn from(part: T) -> Self {
        Self(Some(Box::new(part)))
    }
}

impl<T: Part> Deref for Rare<T> {
    type Target = T;

    #[inline(never)]
    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::nothing())
    }
}

impl<T: Part> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}
