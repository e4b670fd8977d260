//! What the container may do elsewhere: at the API server, on the network, as a member of groups.

use watertight_pod::Syntax;
use watertight_pod::effective::{self, Origin};

use super::{Facts, here, origin};
use crate::known::{Evidence, Known};
use crate::technique::Term;

pub(super) fn term(facts: &Facts<'_, '_>, term: Term) -> Known {
    match (term.name, term.value) {
        ("token", _) => token(facts),
        ("rbac", right) => rbac(facts, right),
        ("group", _) => group(facts),
        ("member", group) => member(facts, group),
        _ => egress(facts),
    }
}

/// Where the token arrives. A container that mounts something at the very same text is left without it. Source:
/// kubernetes/kubernetes, `mountServiceAccountToken` in `plugin/pkg/admission/serviceaccount/admission.go`.
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

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
    if mounted.value != Some(false)
        && let Some(mount) = world.container.mounts.iter().find(|mount| mount.path.text() == Some(TOKEN_PATH))
    {
        let volume = mount.volume.text().and_then(|name| world.pod.volume(name));
        let known = match volume.and_then(|volume| volume.secrets.first()) {
            Some(secret) => Known::unknown(
                format!("the secret {} is mounted where the token would be, and may hold one", secret.name),
                "Look at the type of that secret: `kubernetes.io/service-account-token` is a token.",
            ),
            None => Known::new(false, "another volume is mounted where the token would be, which keeps it out"),
        };
        return known.at([here(mount.span, Some(world.container.route.key("volumeMounts").index(mount.index)))]);
    }
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

/// Whether its user is a member of a group, so that what the group may do is enough. Group root has the number 0; the numbers of
/// others are the node's own choice.
///
/// Where no group is named, runtimes take the one that the image gives the user, and root's where the image does not know the
/// user. Source: `runAsGroup` in k8s.io/api, `GetExecUser` in github.com/moby/sys/user. An image may also put its users into more
/// groups: containerd and CRI-O take those unless `supplementalGroupsPolicy` is Strict, Docker unless a group is named.
fn member(facts: &Facts<'_, '_>, group: &str) -> Known {
    let world = facts.world;
    let (security, syntax) = (&world.pod.security, world.pod.syntax);
    let own = effective::run_as_group(world.pod, world.container);
    let line = origin(&own);
    let extra = security.supplemental_groups.iter().map(|(group, site)| (*group, *site));
    let of_volumes = security.fs_group.get().copied().zip(security.fs_group.site());
    let extra = extra.chain(of_volumes).map(|(group, site)| (group, Some(here(site.whole(), None))));
    let is_root = group == "root";
    // A group of the system, whose numbers end there: login.defs(5), SYS_GID_MAX; `basic.conf` of systemd-sysusers.
    let may_be = |number: i64| if is_root { number == 0 } else { number != 0 && (group != "disk" || number < 1000) };
    let mut asked = own.value.map(|group| (group, line.clone())).into_iter().chain(extra);
    if let Some((number, line)) = asked.find(|(number, _)| may_be(*number)) {
        return if is_root {
            Known::new(true, "it is in root's group").at(line)
        } else {
            Known::unknown(
                format!("it is in group {number}, which may be the group {group} of the node"),
                "Compare its groups with the node's: `getent group` prints them.",
            )
            .at(line)
        };
    }
    if let Some(named) = world.pod.engine.groups.iter().find(|named| named.name == group) {
        return Known::new(true, format!("it is in group {group}")).at([here(named.site.whole(), None)]);
    }
    if own.value.is_none() && line.is_some() {
        return Known::unknown("nobody can read which group it runs as", "Write a number there.").at(line);
    }
    let by_image = if is_root {
        "no group is named: it is root's, unless the image gives the user another one"
    } else {
        "no group is named, so the image decides which ones it is in"
    };
    let is_strict = security.groups_policy.get().is_some_and(|policy| policy == "Strict");
    match (syntax, own.value) {
        (Syntax::Oci, None) if is_root => Known::new(true, "it names no group, and so runs as root's"),
        (Syntax::Oci, _) => Known::new(false, "it is in no such group"),
        (Syntax::Kubernetes, None) => Known::unknown(
            by_image,
            "Set runAsGroup to a number from 10000 on, or look at the image: `id` in a container prints its groups.",
        ),
        (Syntax::Kubernetes, Some(_)) if is_strict => Known::new(false, "it is in no such group").at(line),
        (Syntax::Kubernetes, Some(_)) => Known::unknown(
            "the image may put its user into more groups",
            "Set supplementalGroupsPolicy to Strict, or look at the image: `id` in a container prints its groups.",
        ),
        (_, None) => Known::unknown(
            by_image,
            "Name a group behind the user, as in 10000:10000, or look at the image: `id` in a container prints its groups.",
        ),
        (_, Some(_)) => Known::new(false, "it is in no such group").at(line),
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
