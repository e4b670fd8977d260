//! Who the container's first process is.

use watertight_pod::{Syntax, effective};

use super::{Facts, origin};
use crate::known::{Known, Truth};

/// What settles a field that cannot be read.
const UNREADABLE: &str = "Write a plain value there, or render the template first.";

/// Whether it runs as user 0 of its namespace.
///
/// Without a user in the pod the image decides; `runAsNonRoot` has the kubelet refuse an image whose user is root.
pub(crate) fn is_root(facts: &Facts<'_, '_>) -> Known {
    facts.asked_user.set(true);
    let world = facts.world;
    let user = effective::run_as_user(world.pod, world.container);
    let line = origin(&user);
    let known = match user.value {
        Some(0) => return Known::new(true, "the container runs as user 0").at(line),
        Some(user) => Known::new(false, format!("the container runs as user {user}")).at(line),
        None if line.is_some() => Known::unknown("who it runs as cannot be read", UNREADABLE).at(line),
        None => {
            let non_root = effective::run_as_non_root(world.pod, world.container);
            match non_root.value {
                Some(true) => {
                    Known::new(false, "runAsNonRoot keeps a container of root from starting").at(origin(&non_root))
                }
                None => Known::unknown("whether runAsNonRoot is true cannot be read", UNREADABLE).at(origin(&non_root)),
                Some(false) => Known::unknown(
                    "nothing forbids root: the image decides who it runs as, and most images say root",
                    match world.pod.syntax {
                        Syntax::Kubernetes => "Set runAsUser, or look at the image: `docker inspect` prints its user.",
                        Syntax::Run(_) => {
                            "Name a user with --user, or look at the image: `docker inspect` prints its user."
                        }
                        Syntax::Compose => {
                            "Name one with `user`, or look at the image: `docker inspect` prints its user."
                        }
                        Syntax::Oci => "Name one with `process.user`.",
                    },
                )
                .at(origin(&non_root)),
            }
        }
    };
    if facts.before.is_some() && known.truth == Truth::No {
        return Known::unknown(
            "a program of the image with the set-user-id bit makes its caller root",
            "Set allowPrivilegeEscalation to false, which switches that bit off.",
        );
    }
    known
}

/// Whether nothing keeps it from running as root: it does, or the image may say so.
///
/// Of a privileged container that is enough: it is given the node whole, and its own user is all that can keep it from root,
/// for the API server refuses `allowPrivilegeEscalation: false` beside it. A socket or a folder of the node is nothing to
/// another user than root, so there the doubt stays a doubt, unless the container is privileged: see [`counts_as_root`].
pub(super) fn may_be_root(facts: &Facts<'_, '_>) -> Known {
    let root = is_root(facts);
    match root.truth {
        Truth::Unknown if facts.before.is_none() && root.settles != UNREADABLE => Known {
            truth: Truth::Yes,
            because: "nothing keeps it from running as root".to_owned(),
            settles: "",
            ..root
        },
        _ => root,
    }
}

/// Whether what only root may do is open to it. A privileged container has one answer for all that it is given, be it devices,
/// paths or capabilities: they depend on the same user, so none of them is known while another one is not.
pub(crate) fn counts_as_root(facts: &Facts<'_, '_>) -> Known {
    match facts.world.container.security.privileged.get() {
        Some(true) => may_be_root(facts),
        _ => is_root(facts),
    }
}
