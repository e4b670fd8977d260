//! The capabilities that processes hold, as the kernel grants them.

use watertight_knowledge::capability::{self, Capability};
use watertight_pod::effective::{self, Origin};
use watertight_pod::{Named, Syntax};

use super::{Facts, here, is_root, node, origin, pod, user};
use crate::known::{Known, Truth};

/// Whether a process of the container holds a capability.
///
/// The runtime sets the bounding set. A process that is not root keeps of it what is ambient when it starts its program, and
/// nothing else unless that program has file capabilities (capabilities(7), "Transformation of capabilities during execve"). A privileged container
/// is no exception: runtimes put all of them into its bounding set and leave the ambient set empty, so what an image's user holds
/// depends on who that is.
pub(crate) fn holds(facts: &Facts<'_, '_>, name: &str) -> Known {
    let world = facts.world;
    let Some(known) = capability::by_name(name) else {
        return Known::unknown(format!("{name} is no capability"), "");
    };
    let bounding = effective::capability_by(world.container, known, world.node.readers());
    let line = origin(&bounding);
    if name.starts_with("NET_") && world.pod.host_network.is_true() && !world.pod.syntax.is_kubernetes() {
        let root = node::is_host_root(facts);
        if root.truth == Truth::No {
            let because = format!("over the network of the host, {name} of its user namespace has no power");
            return Known { because, ..root };
        }
    }
    match bounding.value {
        Some(false) => Known::new(false, format!("{name} is not in its bounding set")).at(line),
        None if world.pod.syntax == Syntax::Oci => Known::unknown(
            "without process.capabilities some versions of runc give it nothing and others everything",
            "Write process.capabilities, be it with empty lists.",
        )
        .at(line),
        None if effective::capabilities_are_in_doubt(world.container) => Known::unknown(
            format!("whether it is given {name} cannot be read"),
            "Write plain values there, or render the template first.",
        )
        .at(line),
        None => Known::unknown(
            format!("runtimes differ over {name}"),
            "Name every capability that is needed without CAP_ and in capitals, and drop ALL.",
        )
        .at(line),
        Some(true) => {
            if let Some(ambient) = find(&world.pod.engine.ambient, known) {
                return Known::new(true, format!("{name} is ambient, so it keeps it whoever it runs as"))
                    .at([here(ambient.site.whole(), None)]);
            }
            let withheld = withheld(facts, known);
            let root = user::counts_as_root(facts);
            if let Some(withheld) = withheld.filter(|withheld| withheld.truth < root.truth) {
                return withheld.at(line);
            }
            let because = match root.truth {
                Truth::Yes if is_root(facts).truth == Truth::Yes => format!("it holds {name}"),
                Truth::No => format!("{name} is granted, but {}", root.because),
                Truth::Yes | Truth::Unknown => format!("{name} is granted, and {}", root.because),
            };
            Known { truth: root.truth, because, evidence: Vec::new(), settles: root.settles }.at(line).at(root.evidence)
        }
    }
}

/// What keeps root from a capability of its bounding set: with `no_new_privs` a program that is run gives nothing that was not
/// permitted before. `None` where nothing does.
///
/// Source: `cap_bprm_creds_from_file` in `security/commoncap.c` of Linux.
fn withheld(facts: &Facts<'_, '_>, known: &'static Capability) -> Option<Known> {
    let permitted = facts.world.pod.engine.permitted.as_ref()?;
    let gains = pod::escalation(facts.world);
    if gains.truth == Truth::Yes || find(permitted, known).is_some() {
        return None;
    }
    let because = format!("{} is not permitted before, and with no_new_privs a program gains nothing", known.name);
    Some(Known { because, ..gains })
}

fn find<'n>(list: &'n [Named], known: &'static Capability) -> Option<&'n Named> {
    list.iter().find(|named| capability::read_as(&named.name, known).is_some())
}

/// Whether it has every right that a container has by default. The kernel lets a process look into another one of the same
/// user only when that holds no capability that it lacks itself (ptrace(2), "Ptrace access mode checking").
pub(super) fn usual(facts: &Facts<'_, '_>) -> Known {
    let world = facts.world;
    let root = user::counts_as_root(facts);
    if root.truth == Truth::No {
        return root;
    }
    for known in capability::all().iter().filter(|known| known.docker_default) {
        let bounding = effective::capability_by(world.container, known, world.node.readers());
        // Where runtimes differ over what they give, its neighbours have the same from theirs.
        if bounding.value == Some(false) && bounding.origin != Origin::RuntimeDefault {
            let because = format!("it lacks {}, so the kernel keeps it from processes that have it", known.name);
            return Known::new(false, because).at(origin(&bounding));
        }
        if let Some(withheld) = withheld(facts, known) {
            return withheld;
        }
    }
    Known { because: "it has all rights that containers have by default".to_owned(), ..root }
}
