use watertight_diagnostic::{Finding, Settings, declare_meta};
use watertight_escape::DANGEROUS;
use watertight_seccomp::{ActionKind, Decider, Filter, Syscall};

use super::pods::{Asked, head};
use super::{Place, arch};

declare_meta! {
    /// ## What it finds
    /// A pod that asks for a seccomp profile which lets everything pass that a filter is there to stop.
    ///
    /// ## Why it matters
    /// The pod looks as if it had a filter. In truth it can make user namespaces and use keyrings, BPF, `io_uring` and
    /// `userfaultfd`, as without one: what kernel exploits are made of.
    ///
    /// ## What to do
    /// Ask for `RuntimeDefault`, or let the profile name what the program needs and refuse the rest.
    ///
    /// ## Bad
    /// A pod beside a profile of `{"defaultAction": "SCMP_ACT_ALLOW"}`.
    ///
    /// ## Good
    /// A pod with `seccompProfile: {type: RuntimeDefault}`.
    PERMISSIVE_PROFILE = {
        id: "seccomp-permissive-profile",
        title: "A pod asks for a seccomp profile that stops nothing",
        category: Escape,
        severity: Medium,
        fixable: false,
        sources: [Attack "T1611"],
    }
}

pub(super) fn check(asked: &Asked<'_>, place: &Place<'_>, filter: &Filter, settings: &Settings) -> Option<Finding> {
    let arch = arch(settings.node.arch);
    let decider = Decider::of_abi(filter, arch);
    let passes = |(name, first): &(&str, u64)| {
        let number = Syscall::from_name(name).and_then(|call| call.number(arch));
        let action = |number| decider.decide(arch, number, &[*first, 0, 0, 0, 0, 0]).action.kind;
        number.is_none_or(|number| matches!(action(number), ActionKind::Allow | ActionKind::Log))
    };
    if !DANGEROUS.iter().all(passes) {
        return None;
    }
    let what = [&asked.head(), ", which stops none of the calls that a filter is for."].concat();
    Some(
        Finding::new(&PERMISSIVE_PROFILE, asked.location.clone(), what)
            .why("User namespaces, keyrings, BPF, io_uring and userfaultfd are open, as without a filter.")
            .how("Ask for RuntimeDefault, or let the profile name what the program needs and refuse the rest.")
            .related(head(place))
            .in_container(&asked.container.name),
    )
}
