use watertight_diagnostic::{Finding, Runtime, Settings, declare_meta};
use watertight_pod::effective;
use watertight_seccomp::generate::Starter;
use watertight_seccomp::start::{self, Linkage};
use watertight_seccomp::{Decider, Filter};

use super::pods::{Asked, head};
use super::{Place, arch};

declare_meta! {
    /// ## What it finds
    /// A pod that asks for a seccomp profile under which its container does not start.
    ///
    /// ## Why it matters
    /// The runtime itself makes calls after it has loaded the filter. Which of them depends on the pod: with
    /// `allowPrivilegeEscalation: false` the filter is loaded last, and without it the runtime still has to set the user
    /// and the capabilities under it.
    ///
    /// ## What to do
    /// Allow the calls in the profile, or set `allowPrivilegeEscalation: false` where that is enough.
    ///
    /// ## Bad
    /// A pod beside a profile that allows `read`, `write` and `exit_group` alone.
    ///
    /// ## Good
    /// A pod beside a profile that allows what the runtime needs besides.
    UNSTARTABLE_PROFILE = {
        id: "seccomp-unstartable-profile",
        title: "A container does not start under the seccomp profile it asks for",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

/// Why a container does not start under a filter, as the end of a sentence; nothing when it does, as far as is known.
pub(crate) fn reason(container: &watertight_pod::Container, filter: &Filter, settings: &Settings) -> Option<String> {
    let arch = arch(settings.node.arch);
    let decider = Decider::of_abi(filter, arch);
    let late = effective::allow_privilege_escalation(container).value == Some(false);
    // CRI-O and Podman bring crun along; the others runc.
    let (starter, name) = match settings.node.runtime {
        Runtime::Containerd | Runtime::Docker => (Starter::Runc, "runc"),
        Runtime::CriO | Runtime::Podman => (Starter::Crun, "crun"),
    };
    if let Some(failure) = start::first_failure(&decider, arch, starter, late) {
        let when = if late { "" } else { ", since allowPrivilegeEscalation is not false" };
        return Some(
            ["it stops `", failure.step.call, "`, which ", name, " needs", when, ": \"", &failure.message(), "\""]
                .concat(),
        );
    }
    let missing = start::stopped(&decider, arch, starter, start::program_calls(Linkage::Static));
    let calls: Vec<String> = missing.iter().map(|call| ["`", call, "`"].concat()).collect();
    (!missing.is_empty())
        .then(|| ["it stops ", &calls.join(", "), ", without which no program of glibc starts"].concat())
}

pub(super) fn check(asked: &Asked<'_>, place: &Place<'_>, filter: &Filter, settings: &Settings) -> Option<Finding> {
    let reason = reason(asked.container, filter, settings)?;
    let what = [&asked.head(), ", under which it does not start: ", &reason, "."].concat();
    Some(
        Finding::new(&UNSTARTABLE_PROFILE, asked.location.clone(), what)
            .why("What the runtime does after it has loaded the filter passes through the filter too.")
            .how("Allow what the runtime and the program need. The profile's own findings list it.")
            .related(head(place))
            .in_container(&asked.container.name),
    )
}
