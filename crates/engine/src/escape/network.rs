//! NetworkPolicies: whether one of them keeps a pod from the metadata address of its cloud.
//!
//! As the API's documentation has it: a pod that no policy for egress selects may connect to everything; one that some
//! select may connect to what at least one of them names.

use watertight_pod::{Object, Pod};
use watertight_yaml::Node;

use crate::source::Source;

/// 169.254.169.254, where the clouds serve a node's identity.
const METADATA: u32 = 0xA9FE_A9FE;
/// The port at which it is asked.
const METADATA_PORT: i64 = 80;

/// All policies of a set of files.
pub(super) struct Policies<'a> {
    all: Vec<(&'a Object, Node<'a>)>,
}

impl<'a> Policies<'a> {
    pub(super) fn read(sources: &'a [Source<'a>]) -> Self {
        let all = sources.iter().flat_map(|source| {
            let policies = source.objects.objects.iter().filter(|object| object.kind == "NetworkPolicy");
            policies.filter_map(|object| {
                let node = source.stream.documents.get(object.route.document)?.at(&object.route)?;
                Some((object, node.get("spec")?))
            })
        });
        Self { all: all.collect() }
    }

    /// Whether the policies keep a pod from the metadata address; `None` when none was given for its namespace, or when
    /// nobody can tell whether one selects it.
    pub(super) fn keep_from_metadata(&self, object: &Object, pod: &Pod) -> Option<bool> {
        let namespace = |object: &Object| object.namespace.clone().unwrap_or_else(|| "default".to_owned());
        let wanted = namespace(object);
        let (mut is_kept, mut is_given, mut is_doubtful) = (false, false, false);
        for (policy, spec) in &self.all {
            if namespace(policy) != wanted {
                continue;
            }
            is_given = true;
            if !is_about_egress(*spec) {
                continue;
            }
            match selects(*spec, pod) {
                Some(false) => {}
                None => is_doubtful = true,
                Some(true) if lets_metadata(*spec) => return Some(false),
                Some(true) => is_kept = true,
            }
        }
        match (is_kept, is_doubtful) {
            (true, false) => Some(true),
            (false, false) => is_given.then_some(false),
            (_, true) => None,
        }
    }
}

/// Without `policyTypes` a policy is about egress when it has rules for it.
fn is_about_egress(spec: Node<'_>) -> bool {
    match spec.get("policyTypes") {
        Some(types) => types.items().any(|kind| kind.as_str() == Some("Egress")),
        None => spec.get("egress").is_some_and(|egress| !egress.is_null()),
    }
}

/// Whether the policy is for this pod; `None` where it selects by expressions, which are not read here.
fn selects(spec: Node<'_>, pod: &Pod) -> Option<bool> {
    let Some(selector) = spec.get("podSelector") else { return Some(true) };
    let has = |name: &str, value: &str| pod.metadata.labels.iter().any(|pair| pair.name == name && pair.value == value);
    let labels = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
    let all = labels.iter().all(|entry| has(&entry.key.key_text(), entry.value.as_str().unwrap_or_default()));
    if !all {
        return Some(false);
    }
    let has_expressions = selector.get("matchExpressions").is_some_and(|list| list.items().len() > 0);
    (!has_expressions).then_some(true)
}

/// Whether one of its rules names the address and the port: a rule without `to` names every address. Peers that are pods are
/// no answer.
fn lets_metadata(spec: Node<'_>) -> bool {
    let Some(egress) = spec.get("egress") else { return false };
    egress.items().filter(|rule| names_its_port(*rule)).any(|rule| {
        let Some(to) = rule.get("to").filter(|to| to.items().len() > 0) else { return true };
        to.items().filter_map(|peer| peer.get("ipBlock")).any(|block| {
            let holds = |node: Node<'_>| node.as_str().is_some_and(holds_metadata);
            let except = block.get("except").is_some_and(|except| except.items().any(holds));
            block.get("cidr").is_some_and(holds) && !except
        })
    })
}

/// Whether a rule lets the protocol and the port through at which the address answers, TCP 80. Without ports it lets all of
/// them; the name of a port is one of a pod's.
fn names_its_port(rule: Node<'_>) -> bool {
    let Some(ports) = rule.get("ports").filter(|ports| ports.items().len() > 0) else { return true };
    ports.items().any(|port| {
        let is_tcp = port.get("protocol").is_none_or(|protocol| protocol.is_null() || protocol.as_str() == Some("TCP"));
        let number = |name: &str| port.get(name).filter(|number| !number.is_null()).map(|number| number.as_int());
        let holds = match (number("port"), number("endPort")) {
            (None, _) => true,
            (Some(first), None) => first == Some(METADATA_PORT),
            (Some(Some(first)), Some(Some(last))) => (first..=last).contains(&METADATA_PORT),
            (Some(_), Some(_)) => false,
        };
        is_tcp && holds
    })
}

fn holds_metadata(cidr: &str) -> bool {
    let (address, bits) = cidr.split_once('/').unwrap_or((cidr, "32"));
    let (Some(address), Ok(bits)) = (ipv4(address), bits.parse::<u32>()) else { return false };
    let mask = u32::MAX.checked_shl(32_u32.saturating_sub(bits)).unwrap_or(0);
    bits <= 32 && address & mask == METADATA & mask
}

fn ipv4(text: &str) -> Option<u32> {
    let mut numbers = text.split('.').map(|number| number.parse::<u8>().ok());
    let address = [numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then(|| u32::from_be_bytes(address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;
    use crate::analyse::read;

    fn check(policies: &str, expected: Option<bool>) {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: team, labels: {{app: web}}}}\nspec: {{containers: \
             []}}\n---\n{policies}"
        );
        let sources = read(&[Input { name: "a.yaml", text: &text }]);
        let objects = &sources[0].objects;
        let pod = &objects.pods[0];
        let kept = Policies::read(&sources).keep_from_metadata(&objects.objects[pod.object], pod);
        assert_eq!(kept, expected, "{policies}");
    }

    fn policy(spec: &str) -> String {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: n, namespace: team}}\nspec: {spec}\n"
        )
    }

    #[test]
    fn policies() {
        check("", None);
        for (spec, expected) in [
            ("{podSelector: {}, policyTypes: [Egress]}", Some(true)),
            ("{podSelector: {}, policyTypes: [Ingress]}", Some(false)),
            ("{podSelector: {}, egress: [{}]}", Some(false)),
            ("{podSelector: {matchLabels: {app: other}}, policyTypes: [Egress]}", Some(false)),
            ("{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}", Some(true)),
            ("{podSelector: {matchExpressions: [{key: a, operator: Exists}]}, policyTypes: [Egress]}", None),
            ("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}", Some(false)),
            ("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]}", Some(true)),
            ("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}", Some(true)),
            ("{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}", Some(true)),
            ("{podSelector: {}, egress: [{ports: [{protocol: UDP, port: 53}]}]}", Some(true)),
            ("{podSelector: {}, egress: [{ports: [{port: 443}, {port: dns}]}]}", Some(true)),
            ("{podSelector: {}, egress: [{ports: []}]}", Some(false)),
            ("{podSelector: {}, egress: [{ports: [{protocol: UDP, port: 53}, {protocol: TCP}]}]}", Some(false)),
            ("{podSelector: {}, egress: [{ports: [{port: 80}]}]}", Some(false)),
            ("{podSelector: {}, egress: [{ports: [{port: 1, endPort: 79}]}]}", Some(true)),
            ("{podSelector: {}, egress: [{ports: [{port: 1, endPort: 80}]}]}", Some(false)),
            ("{podSelector: {}, egress: [{ports: [{port: 80}], to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}", Some(true)),
        ] {
            check(&policy(spec), expected);
        }
        let elsewhere = policy("{podSelector: {}, policyTypes: [Egress]}").replace("team", "other");
        check(&elsewhere, None);
    }

    #[test]
    fn addresses() {
        for (cidr, expected) in [
            ("169.254.169.254", true),
            ("169.254.169.254/32", true),
            ("0.0.0.0/0", true),
            ("169.254.169.253/32", false),
            ("x", false),
            ("1.2.3.4/99", false),
        ] {
            assert_eq!(holds_metadata(cidr), expected, "{cidr}");
        }
    }
}
