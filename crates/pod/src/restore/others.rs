//! Fields of kinds that hold no pod and often stand beside one, as far as their lines have to be told apart.
//!
//! Source: `k8s.io/api` of Kubernetes 1.37; of Ingress its old versions too.

use crate::schema::Type::{Any, Bool, Int, IntOrText, List, Map, Quantity, Struct as Of, Text};
use crate::schema::{LABEL_SELECTOR, OBJECT_META, Struct, may, must};

/// The struct of such a kind.
pub(super) fn of_kind(api_version: &str, kind: &str) -> Option<&'static Struct> {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    ALL.iter().find(|(name, groups, _)| *name == kind && groups.contains(&group)).map(|(_, _, schema)| *schema)
}

/// Whether texts of several lines stand in an object of this kind, in which any line may be one of theirs.
pub(super) fn holds_texts(schema: &Struct) -> bool {
    matches!(schema.name, "ConfigMap" | "Secret")
}

const RBAC: &[&str] = &["rbac.authorization.k8s.io"];

static ALL: &[(&str, &[&str], &Struct)] = &[
    ("Service", &[""], &SERVICE),
    ("ConfigMap", &[""], &CONFIG_MAP),
    ("Secret", &[""], &SECRET),
    ("ResourceQuota", &[""], &RESOURCE_QUOTA),
    ("LimitRange", &[""], &LIMIT_RANGE),
    ("NetworkPolicy", &["networking.k8s.io", "extensions"], &NETWORK_POLICY),
    ("Ingress", &["networking.k8s.io", "extensions"], &INGRESS),
    ("PodDisruptionBudget", &["policy"], &POD_DISRUPTION_BUDGET),
    ("Role", RBAC, &ROLE),
    ("ClusterRole", RBAC, &ROLE),
    ("RoleBinding", RBAC, &ROLE_BINDING),
    ("ClusterRoleBinding", RBAC, &ROLE_BINDING),
];

static SERVICE: Struct = Struct {
    name: "Service",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&SERVICE_SPEC)),
        may("status", Any),
    ],
};

static SERVICE_SPEC: Struct = Struct {
    name: "ServiceSpec",
    members: &[
        may("allocateLoadBalancerNodePorts", Bool),
        may("clusterIP", Text),
        may("clusterIPs", List(&Text)),
        may("externalIPs", List(&Text)),
        may("externalName", Text),
        may("externalTrafficPolicy", Text),
        may("healthCheckNodePort", Int),
        may("internalTrafficPolicy", Text),
        may("ipFamilies", List(&Text)),
        may("ipFamilyPolicy", Text),
        may("loadBalancerClass", Text),
        may("loadBalancerIP", Text),
        may("loadBalancerSourceRanges", List(&Text)),
        may("ports", List(&Of(&SERVICE_PORT))),
        may("publishNotReadyAddresses", Bool),
        may("selector", Map(&Text)),
        may("sessionAffinity", Text),
        may("sessionAffinityConfig", Of(&SESSION_AFFINITY_CONFIG)),
        may("trafficDistribution", Text),
        may("type", Text),
    ],
};

static SERVICE_PORT: Struct = Struct {
    name: "ServicePort",
    members: &[
        may("appProtocol", Text),
        may("name", Text),
        may("nodePort", Int),
        must("port", Int),
        may("protocol", Text),
        may("targetPort", IntOrText),
    ],
};

static SESSION_AFFINITY_CONFIG: Struct =
    Struct { name: "SessionAffinityConfig", members: &[may("clientIP", Of(&CLIENT_IP_CONFIG))] };

static CLIENT_IP_CONFIG: Struct = Struct { name: "ClientIPConfig", members: &[may("timeoutSeconds", Int)] };

static CONFIG_MAP: Struct = Struct {
    name: "ConfigMap",
    members: &[
        may("apiVersion", Text),
        may("binaryData", Map(&Text)),
        may("data", Map(&Text)),
        may("immutable", Bool),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
    ],
};

static SECRET: Struct = Struct {
    name: "Secret",
    members: &[
        may("apiVersion", Text),
        may("data", Map(&Text)),
        may("immutable", Bool),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("stringData", Map(&Text)),
        may("type", Text),
    ],
};

static RESOURCE_QUOTA: Struct = Struct {
    name: "ResourceQuota",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&RESOURCE_QUOTA_SPEC)),
        may("status", Any),
    ],
};

static RESOURCE_QUOTA_SPEC: Struct = Struct {
    name: "ResourceQuotaSpec",
    members: &[may("hard", Map(&Quantity)), may("scopeSelector", Of(&SCOPE_SELECTOR)), may("scopes", List(&Text))],
};

static SCOPE_SELECTOR: Struct =
    Struct { name: "ScopeSelector", members: &[may("matchExpressions", List(&Of(&SCOPE_REQUIREMENT)))] };

static SCOPE_REQUIREMENT: Struct = Struct {
    name: "ScopedResourceSelectorRequirement",
    members: &[must("operator", Text), must("scopeName", Text), may("values", List(&Text))],
};

static LIMIT_RANGE: Struct = Struct {
    name: "LimitRange",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&LIMIT_RANGE_SPEC)),
    ],
};

static LIMIT_RANGE_SPEC: Struct =
    Struct { name: "LimitRangeSpec", members: &[must("limits", List(&Of(&LIMIT_RANGE_ITEM)))] };

static LIMIT_RANGE_ITEM: Struct = Struct {
    name: "LimitRangeItem",
    members: &[
        may("default", Map(&Quantity)),
        may("defaultRequest", Map(&Quantity)),
        may("max", Map(&Quantity)),
        may("maxLimitRequestRatio", Map(&Quantity)),
        may("min", Map(&Quantity)),
        must("type", Text),
    ],
};

static NETWORK_POLICY: Struct = Struct {
    name: "NetworkPolicy",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&NETWORK_POLICY_SPEC)),
        may("status", Any),
    ],
};

static NETWORK_POLICY_SPEC: Struct = Struct {
    name: "NetworkPolicySpec",
    members: &[
        may("egress", List(&Of(&NETWORK_POLICY_EGRESS_RULE))),
        may("ingress", List(&Of(&NETWORK_POLICY_INGRESS_RULE))),
        must("podSelector", Of(&LABEL_SELECTOR)),
        may("policyTypes", List(&Text)),
    ],
};

static NETWORK_POLICY_EGRESS_RULE: Struct = Struct {
    name: "NetworkPolicyEgressRule",
    members: &[may("ports", List(&Of(&NETWORK_POLICY_PORT))), may("to", List(&Of(&NETWORK_POLICY_PEER)))],
};

static NETWORK_POLICY_INGRESS_RULE: Struct = Struct {
    name: "NetworkPolicyIngressRule",
    members: &[may("from", List(&Of(&NETWORK_POLICY_PEER))), may("ports", List(&Of(&NETWORK_POLICY_PORT)))],
};

static NETWORK_POLICY_PORT: Struct = Struct {
    name: "NetworkPolicyPort",
    members: &[may("endPort", Int), may("port", IntOrText), may("protocol", Text)],
};

static NETWORK_POLICY_PEER: Struct = Struct {
    name: "NetworkPolicyPeer",
    members: &[
        may("ipBlock", Of(&IP_BLOCK)),
        may("namespaceSelector", Of(&LABEL_SELECTOR)),
        may("podSelector", Of(&LABEL_SELECTOR)),
    ],
};

static IP_BLOCK: Struct = Struct { name: "IPBlock", members: &[must("cidr", Text), may("except", List(&Text))] };

static INGRESS: Struct = Struct {
    name: "Ingress",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&INGRESS_SPEC)),
        may("status", Any),
    ],
};

static INGRESS_SPEC: Struct = Struct {
    name: "IngressSpec",
    members: &[
        may("backend", Of(&INGRESS_BACKEND)),
        may("defaultBackend", Of(&INGRESS_BACKEND)),
        may("ingressClassName", Text),
        may("rules", List(&Of(&INGRESS_RULE))),
        may("tls", List(&Of(&INGRESS_TLS))),
    ],
};

static INGRESS_RULE: Struct =
    Struct { name: "IngressRule", members: &[may("host", Text), may("http", Of(&HTTP_INGRESS_RULE_VALUE))] };

static HTTP_INGRESS_RULE_VALUE: Struct =
    Struct { name: "HTTPIngressRuleValue", members: &[must("paths", List(&Of(&HTTP_INGRESS_PATH)))] };

static HTTP_INGRESS_PATH: Struct = Struct {
    name: "HTTPIngressPath",
    members: &[must("backend", Of(&INGRESS_BACKEND)), may("path", Text), may("pathType", Text)],
};

static INGRESS_BACKEND: Struct = Struct {
    name: "IngressBackend",
    members: &[
        may("resource", Of(&crate::schema::TYPED_LOCAL_OBJECT_REFERENCE)),
        may("service", Of(&INGRESS_SERVICE_BACKEND)),
        may("serviceName", Text),
        may("servicePort", IntOrText),
    ],
};

static INGRESS_SERVICE_BACKEND: Struct =
    Struct { name: "IngressServiceBackend", members: &[must("name", Text), may("port", Of(&SERVICE_BACKEND_PORT))] };

static SERVICE_BACKEND_PORT: Struct =
    Struct { name: "ServiceBackendPort", members: &[may("name", Text), may("number", Int)] };

static INGRESS_TLS: Struct =
    Struct { name: "IngressTLS", members: &[may("hosts", List(&Text)), may("secretName", Text)] };

static POD_DISRUPTION_BUDGET: Struct = Struct {
    name: "PodDisruptionBudget",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("spec", Of(&POD_DISRUPTION_BUDGET_SPEC)),
        may("status", Any),
    ],
};

static POD_DISRUPTION_BUDGET_SPEC: Struct = Struct {
    name: "PodDisruptionBudgetSpec",
    members: &[
        may("maxUnavailable", IntOrText),
        may("minAvailable", IntOrText),
        may("selector", Of(&LABEL_SELECTOR)),
        may("unhealthyPodEvictionPolicy", Text),
    ],
};

/// Of a ClusterRole too.
static ROLE: Struct = Struct {
    name: "Role",
    members: &[
        may("aggregationRule", Of(&AGGREGATION_RULE)),
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        may("rules", List(&Of(&POLICY_RULE))),
    ],
};

static AGGREGATION_RULE: Struct =
    Struct { name: "AggregationRule", members: &[may("clusterRoleSelectors", List(&Of(&LABEL_SELECTOR)))] };

static POLICY_RULE: Struct = Struct {
    name: "PolicyRule",
    members: &[
        may("apiGroups", List(&Text)),
        may("nonResourceURLs", List(&Text)),
        may("resourceNames", List(&Text)),
        may("resources", List(&Text)),
        must("verbs", List(&Text)),
    ],
};

/// Of a ClusterRoleBinding too.
static ROLE_BINDING: Struct = Struct {
    name: "RoleBinding",
    members: &[
        may("apiVersion", Text),
        may("kind", Text),
        may("metadata", Of(&OBJECT_META)),
        must("roleRef", Of(&ROLE_REF)),
        may("subjects", List(&Of(&SUBJECT))),
    ],
};

static ROLE_REF: Struct =
    Struct { name: "RoleRef", members: &[may("apiGroup", Text), must("kind", Text), must("name", Text)] };

static SUBJECT: Struct = Struct {
    name: "Subject",
    members: &[may("apiGroup", Text), must("kind", Text), must("name", Text), may("namespace", Text)],
};

#[cfg(test)]
mod tests {
    use super::{ALL, of_kind};
    use crate::schema::tests::is_sorted;

    #[test]
    fn members_are_sorted() {
        ALL.iter().for_each(|(_, _, schema)| is_sorted(schema, &mut Vec::new()));
    }

    #[test]
    fn kinds_of_others_are_others() {
        assert!(of_kind("v1", "Service").is_some());
        assert!(of_kind("serving.knative.dev/v1", "Service").is_none());
        assert!(of_kind("projectcalico.org/v3", "NetworkPolicy").is_none());
    }
}
