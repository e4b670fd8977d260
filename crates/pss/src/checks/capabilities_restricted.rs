//! `capabilities_restricted`: every container drops `ALL`, and adds nothing but `NET_BIND_SERVICE`.

use crate::look::{Fault, Look, at, in_security};
use crate::registry::{Check, Looked, Revision};
use crate::words::{Distinct, containers, quoted};

pub(crate) static CHECK: Check = Check {
    id: "capabilities_restricted",
    revisions: &[
        Revision { since: 22, overrides: &["capabilities_baseline"], run: check },
        Revision { since: 25, overrides: &["capabilities_baseline"], run: check_unless_windows },
    ],
    looks_at: &[
        Looked::Pod("os.name"),
        Looked::Container("securityContext.capabilities.add"),
        Looked::Container("securityContext.capabilities.drop"),
    ],
};

fn check_unless_windows(look: &Look<'_>) -> Option<Fault> {
    if look.maybe_windows() {
        return None;
    }
    check(look)
}

fn check(look: &Look<'_>) -> Option<Fault> {
    let (mut keeping, mut adding) = (Vec::new(), Vec::new());
    let mut values = Distinct::new();
    let mut places = Vec::new();
    for container in look.containers() {
        let security = &container.security;
        let drops_all = security.capabilities_drop.iter().any(|dropped| dropped.name == "ALL");
        if !drops_all && !look.unsure_security(container, "capabilities.drop") {
            keeping.push(container.name.as_str());
            let mapping = security.capabilities.and_then(|site| site.key);
            let mut place = in_security(container, None, "capabilities.drop");
            place.span = mapping.unwrap_or(place.span);
            places.push(place);
        }
        let mut bad = false;
        let mut route = None;
        for added in security.capabilities_add.iter().filter(|added| added.name != "NET_BIND_SERVICE") {
            bad = true;
            values.insert(&added.name);
            let list = route.get_or_insert_with(|| container.route.keys("securityContext.capabilities.add"));
            places.push(at(container, added.site.value, list.clone()));
        }
        if bad {
            adding.push(container.name.as_str());
        }
    }
    let mut parts = Vec::new();
    if !keeping.is_empty() {
        parts.push(format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", containers(&keeping)));
    }
    if !adding.is_empty() {
        parts.push(format!(
            "{} must not include {} in securityContext.capabilities.add",
            containers(&adding),
            quoted(values)
        ));
    }
    (!parts.is_empty()).then(|| Fault { reason: "unrestricted capabilities", detail: parts.join("; "), places })
}
