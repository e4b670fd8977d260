//! What the container may do elsewhere: at the API server, on the network, as a member of groups.

use watertight_pod::effective::{self, Origin};

use super::{Facts, here, origin};
use crate::known::{Evidence, Known};
use crate::technique::Term;

pub(super) fn term(facts: &Facts<'_, '_>, term: Term) -> Known {
    match (term.name, term.value) {
        ("token", _) => token(facts),
        ("rbac", right) => rbac(facts, right),
        ("group", _) => group(facts),
        _ => egress(facts),
    }
}

fn token(facts: &Facts<'_, '_>) -> Known {
    let world = facts.world;
    let projected = world.pod.volumes.iter().find(|volume| {
        !volume.projected_tokens.is_empty()
            && world.container.mounts.iter().any(|mount| mount.volume.text() == Some(volume.name.as_str()))
    });
    if let Some(volume) = projected {
        return Known::new(true, format!("volume {} brings a token of its service account", volume.name))
            .at([here(volume.head, Some(volume.route.clone()))]);
    }
    let account = world.neighbours.service_account(world.pod, world.object);
    let mounted = effective::automount_token_with(world.pod, account.map(|known| known.item));
    let line = match mounted.origin {
        // It may stand in another file.
        Origin::ServiceAccount(span) => {
            account.map(|known| Evidence { file: Some(known.file as u32), span, route: None })
        }
        _ => origin(&mounted),
    };
    match mounted.value {
        Some(true) => Known::new(true, "the token of its service account is mounted").at(line),
        Some(false) => Known::new(false, "no token of a service account is mounted").at(line),
        None => Known::unknown("nobody can read whether the token is mounted", "Write true or false there.").at(line),
    }
}

fn rbac(facts: &Facts<'_, '_>, right: &str) -> Known {
    match facts.world.rights {
        Some(rights) => rights.allow(right),
        None => Known::unknown(
            "nobody has said what its service account may do",
            "Paste the Roles and RoleBindings of the service account.",
        ),
    }
}

/// Whether it is in the group of the engine's socket. The number of that group is the node's own choice.
fn group(facts: &Facts<'_, '_>) -> Known {
    if let Some(named) = facts.world.pod.engine.groups.iter().find(|named| named.name == "docker") {
        return Known::new(true, "it is in the group of the engine's socket").at([here(named.site.whole(), None)]);
    }
    let security = &facts.world.pod.security;
    let extra = security.supplemental_groups.first().map(|(group, site)| (*group, *site));
    let own = security.fs_group.get().copied().zip(security.fs_group.site());
    match extra.or(own) {
        Some((group, site)) => Known::unknown(
            format!("it is in group {group}, which may be the group of the socket"),
            "Compare it with the group of the socket on the node: `stat -c %g /run/docker.sock`.",
        )
        .at([here(site.whole(), None)]),
        None => Known::new(false, "it is in no group of the node"),
    }
}

fn egress(facts: &Facts<'_, '_>) -> Known {
    match facts.world.egress_policy {
        Some(true) => Known::new(false, "a NetworkPolicy limits where it may connect to"),
        Some(false) => Known::new(true, "no NetworkPolicy that was given limits where it may connect to"),
        None if !facts.world.pod.syntax.is_kubernetes() => Known::unknown(
            "nobody has said what the host's firewall lets through",
            "Try it from a container: `curl -m 2 http://169.254.169.254/`.",
        ),
        None => {
            Known::unknown("nobody has said which NetworkPolicy applies", "Paste the NetworkPolicies of the namespace.")
        }
    }
}
