//! Changes of a compose file, in its own keys.

use serde_json::Value;
use watertight_diagnostic::{Operation, Rewrite, Route, Step};
use watertight_text::Span;

use crate::Pod;
use crate::run::quantity;
use crate::wish::Wish;

/// The operations that carry out what a fix asks of a service; `None` when its keys cannot say it.
pub fn operations(pod: &Pod, wishes: &[Wish]) -> Option<Vec<Operation>> {
    let service = Service { pod };
    wishes.iter().map(|wish| service.carried_out(wish)).collect()
}

/// Changes inside of a scalar: the propagation in `/:/host:rshared`.
pub fn rewrites(text: &str, wishes: &[Wish]) -> Option<Vec<Rewrite>> {
    let rewrite = |wish: &Wish| {
        let Wish::Slave(site) = wish else { return None };
        let expect = site.value.slice(text).to_owned();
        let slave = match expect.as_str() {
            "rshared" => "rslave",
            "shared" => "slave",
            _ => return None,
        };
        Some(Rewrite { span: site.value, expect, text: slave.to_owned() })
    };
    wishes.iter().map(rewrite).collect()
}

struct Service<'p> {
    pod: &'p Pod,
}

impl Service<'_> {
    fn carried_out(&self, wish: &Wish) -> Option<Operation> {
        let security = &self.pod.containers.first()?.security;
        let key = |key: &'static str| self.pod.route.keys(key);
        Some(match wish {
            Wish::Without(site) => {
                let route = self.route(site.value)?;
                // A list goes with its last item.
                let parents = u8::from(matches!(route.steps.last(), Some(Step::Index(_))));
                Operation::remove_with(route, parents)
            }
            Wish::ReadOnlyRoot => Operation::set(key("read_only"), true),
            Wish::NoNewPrivileges => {
                let said = security.allow_privilege_escalation.site().and_then(|site| self.route(site.value));
                match said {
                    Some(route) => Operation::set(route, "no-new-privileges:true"),
                    None => Operation::append(key("security_opt"), "no-new-privileges:true"),
                }
            }
            Wish::AppArmor(name) => {
                let said = security.apparmor.site().and_then(|site| self.route(site.value));
                let value = ["apparmor=", name].concat();
                match said {
                    Some(route) => Operation::set(route, value),
                    None => Operation::append(key("security_opt"), value),
                }
            }
            Wish::DropAll => Operation::append(key("cap_drop"), "ALL"),
            Wish::Add(name) => Operation::append(key("cap_add"), name.as_str()),
            Wish::User(user) => Operation::set(key("user"), format!("{user}:{user}")),
            Wish::Group(group) => {
                let user = security.run_as_user.get()?;
                Operation::set(key("user"), format!("{user}:{group}"))
            }
            Wish::Limit(name, value) if name == "memory" => {
                Operation::set(key("deploy.resources.limits.memory"), quantity::memory(value)?)
            }
            Wish::Limit(_, value) => Operation::set(key("deploy.resources.limits.cpus"), quantity::cpus(value)?),
            Wish::Memory(path) => Operation::append(key("tmpfs"), Value::from(path.as_str())),
            Wish::Slave(_) | Wish::UserNamespace | Wish::Namespace(_) | Wish::Masks => return None,
        })
    }

    /// The field that a value stands in.
    fn route(&self, span: Span) -> Option<Route> {
        self.pod.engine.statements.of(span).next().cloned()
    }
}
