//! What a service account may do at the API server, from the roles that were given.

use std::collections::HashMap;

use watertight_pod::{Object, Objects};
use watertight_yaml::{Node, Stream};

use crate::known::{Evidence, Known};

/// A file with its tree.
pub struct File<'a> {
    /// Which of the files.
    pub index: u32,
    /// Its tree.
    pub stream: &'a Stream<'a>,
    /// Its objects.
    pub objects: &'a Objects,
}

/// The rights of a service account.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rights {
    grants: Vec<Grant>,
    /// Whether anything is bound to it.
    bound: bool,
    /// A role that is bound to it and that no file holds, with where it is named.
    unread: Option<(String, Evidence)>,
}

/// One rule of a role.
#[derive(Clone, PartialEq, Debug)]
struct Grant {
    groups: Vec<String>,
    resources: Vec<String>,
    verbs: Vec<String>,
    role: String,
    /// Whether it is given for the whole cluster, and not within one namespace.
    everywhere: bool,
    evidence: Evidence,
}

/// Rights over what belongs to no namespace: a RoleBinding does not give them, whatever its role says.
const OF_THE_CLUSTER: [&str; 5] = ["*", "nodes/proxy", "pv/create", "csr/approve", "webhooks"];
/// Rights that are worth as much as the service accounts of the namespace where they are given.
const AS_THE_ACCOUNTS: [&str; 2] = ["escalate", "serviceaccounts/token"];

/// A right that a technique asks for: its name, the API group, the resources and the verbs, each of which is enough.
struct Asked(&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const WRITE: &[&str] = &["create", "update", "patch"];

const ASKED: [Asked; 14] = [
    Asked("pods/create", "", &["pods", "replicationcontrollers"], WRITE),
    Asked("pods/create", "apps", &["deployments", "daemonsets", "statefulsets", "replicasets"], WRITE),
    Asked("pods/create", "batch", &["jobs", "cronjobs"], WRITE),
    // Since a web socket begins with a GET, the verb get is enough on servers before 1.35 as well.
    Asked("pods/exec", "", &["pods/exec", "pods/attach"], &["create", "get"]),
    Asked("nodes/proxy", "", &["nodes/proxy"], &["get", "create"]),
    Asked("secrets/read", "", &["secrets"], &["get", "list", "watch"]),
    Asked(
        "escalate",
        "rbac.authorization.k8s.io",
        &["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
        &["escalate", "bind"],
    ),
    Asked("escalate", "", &["users", "groups", "serviceaccounts"], &["impersonate"]),
    Asked("pods/ephemeralcontainers", "", &["pods/ephemeralcontainers"], &["update", "patch"]),
    Asked("pv/create", "", &["persistentvolumes"], &["create"]),
    Asked("csr/approve", "certificates.k8s.io", &["certificatesigningrequests/approval"], &["update", "patch"]),
    Asked("csr/approve", "certificates.k8s.io", &["signers"], &["approve", "sign"]),
    Asked("serviceaccounts/token", "", &["serviceaccounts/token"], &["create"]),
    Asked(
        "webhooks",
        "admissionregistration.k8s.io",
        &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
        WRITE,
    ),
];

/// One rule of a role that every cluster has: API groups, resources, verbs.
type BuiltIn = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const CHANGE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];
const READ: &[&str] = &["get", "list", "watch"];

/// What `edit` grants of what is asked here; `admin` has it too, and writes roles as far as its own rights go.
const EDIT: &[BuiltIn] = &[
    (&[""], &["pods", "pods/attach", "pods/exec", "pods/proxy", "replicationcontrollers", "secrets"], CHANGE),
    (&[""], &["pods/attach", "pods/exec", "pods/proxy", "secrets"], READ),
    (&[""], &["serviceaccounts"], &["impersonate"]),
    (&[""], &["serviceaccounts/token"], &["create"]),
    (&["apps", "batch"], &["daemonsets", "deployments", "replicasets", "statefulsets", "cronjobs", "jobs"], CHANGE),
];

/// The roles that the API server makes by itself and people bind to, without what a cluster adds to them by roles that are labelled
/// `aggregate-to-edit` and the like. Source: kubernetes/kubernetes,
/// `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go`.
fn built_in(name: &str) -> Option<&'static [BuiltIn]> {
    Some(match name {
        "cluster-admin" => &[(&["*"], &["*"], &["*"])],
        "admin" | "edit" => EDIT,
        "view" => &[],
        _ => return None,
    })
}

/// A role: its file, the object, its tree.
type Role<'a> = (u32, &'a Object, Node<'a>);

/// The roles and bindings of all files, read once.
#[derive(Default)]
pub struct Roles<'a> {
    /// By kind and name.
    roles: HashMap<(&'a str, &'a str), Vec<Role<'a>>>,
    bindings: Vec<Role<'a>>,
}

impl<'a> Roles<'a> {
    /// Reads them.
    pub fn read(files: &'a [File<'a>]) -> Self {
        let mut read = Self::default();
        for (file, object, node) in every(files) {
            if is_role(object) {
                read.roles.entry((&object.kind, &object.name)).or_default().push((file, object, node));
            } else if matches!(object.kind.as_str(), "RoleBinding" | "ClusterRoleBinding") {
                read.bindings.push((file, object, node));
            }
        }
        read
    }
}

impl Rights {
    /// The rights of a service account; `None` when there is no role among the files and none is bound to it, so that nobody
    /// can tell.
    pub fn of(roles: &Roles<'_>, namespace: Option<&str>, account: &str) -> Option<Self> {
        let mut rights = Self::default();
        for (file, binding, node) in &roles.bindings {
            let is_meant = node.get("subjects").is_some_and(|subjects| {
                subjects.items().any(|subject| is_subject(subject, binding, namespace, account))
            });
            let Some(role) = node.get("roleRef").filter(|_| is_meant) else { continue };
            let text = |key| role.get(key).and_then(Node::as_str).unwrap_or_default();
            let (kind, name) = (text("kind"), text("name"));
            let everywhere = binding.kind == "ClusterRoleBinding";
            rights.bound = true;
            let given = roles.roles.get(&(kind, name)).into_iter().flatten();
            let mut given = given
                .filter(|(_, object, _)| object.kind == "ClusterRole" || object.namespace == binding.namespace)
                .peekable();
            if given.peek().is_none() {
                let evidence = Evidence { file: Some(*file), span: role.span(), route: None };
                rights.bind(kind, name, everywhere, evidence);
            }
            given.for_each(|(file, object, rules)| rights.take(*file, object, everywhere, *rules));
        }
        (rights.bound || !roles.roles.is_empty()).then_some(rights)
    }

    /// A role that no file holds.
    fn bind(&mut self, kind: &str, name: &str, everywhere: bool, evidence: Evidence) {
        let role = [kind, "/", name].concat();
        let Some(rules) = built_in(name).filter(|_| kind == "ClusterRole") else {
            self.unread.get_or_insert((role, evidence));
            return;
        };
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        self.grants.extend(rules.iter().map(|(groups, resources, verbs)| Grant {
            groups: texts(groups),
            resources: texts(resources),
            verbs: texts(verbs),
            role: role.clone(),
            everywhere,
            evidence: evidence.clone(),
        }));
    }

    fn take(&mut self, file: u32, object: &Object, everywhere: bool, role: Node<'_>) {
        let Some(rules) = role.get("rules") else { return };
        for rule in rules.items() {
            let texts = |key| -> Vec<String> {
                let list = rule.get(key).into_iter().flat_map(Node::items);
                list.filter_map(Node::as_str).map(str::to_owned).collect()
            };
            self.grants.push(Grant {
                groups: texts("apiGroups"),
                resources: texts("resources"),
                verbs: texts("verbs"),
                role: [&object.kind, "/", &object.name].concat(),
                everywhere,
                evidence: Evidence { file: Some(file), span: rule.span(), route: None },
            });
        }
    }

    /// Whether a right that a technique asks for is among them; `*` asks for all.
    pub(crate) fn allow(&self, right: &str) -> Known {
        let gives = |grant: &&Grant| match right {
            "*" => {
                [&grant.groups, &grant.resources, &grant.verbs].into_iter().all(|list| list.iter().any(|x| x == "*"))
            }
            right => ASKED.iter().any(|asked| asked.0 == right && grant.gives(asked)),
        };
        let counts = |grant: &&Grant| grant.everywhere || !OF_THE_CLUSTER.contains(&right);
        let is_certain = |grant: &&Grant| grant.everywhere || !AS_THE_ACCOUNTS.contains(&right);
        let given = || self.grants.iter().filter(gives).filter(counts);
        match given().find(is_certain).or_else(|| given().next()) {
            Some(grant) if !is_certain(&grant) => Known::unknown(
                format!(
                    "{} grants it within one namespace, where it is worth as much as the accounts there",
                    grant.role
                ),
                "Look at what the other service accounts of that namespace may do.",
            )
            .at([grant.evidence.clone()]),
            Some(grant) => Known::new(true, format!("{} grants it", grant.role)).at([grant.evidence.clone()]),
            None => match &self.unread {
                Some((role, evidence)) => Known::unknown(
                    format!("{role} is bound to its service account, and no file holds it"),
                    "Paste that role: `kubectl get clusterroles,roles -A -o yaml` prints them.",
                )
                .at([evidence.clone()]),
                None => Known::new(false, "no role that was given grants it"),
            },
        }
    }
}

impl Grant {
    fn gives(&self, asked: &Asked) -> bool {
        let Asked(_, group, resources, verbs) = asked;
        let has = |list: &[String], wanted: &str| list.iter().any(|given| given == "*" || given == wanted);
        let covers = |resource: &&str| {
            let (_, sub) = resource.split_once('/').unwrap_or((resource, ""));
            has(&self.resources, resource)
                || !sub.is_empty() && self.resources.iter().any(|given| *given == ["*/", sub].concat())
        };
        has(&self.groups, group) && resources.iter().any(covers) && verbs.iter().any(|verb| has(&self.verbs, verb))
    }
}

fn every<'a>(files: &'a [File<'a>]) -> impl Iterator<Item = (u32, &'a Object, Node<'a>)> {
    files.iter().flat_map(|file| {
        file.objects.objects.iter().filter_map(move |object| {
            let document = file.stream.documents.get(object.route.document)?;
            Some((file.index, object, document.at(&object.route)?))
        })
    })
}

fn is_role(object: &Object) -> bool {
    matches!(object.kind.as_str(), "Role" | "ClusterRole")
        && object.api_version.starts_with("rbac.authorization.k8s.io/")
}

/// Whether a binding means the service account, by its name or by one of the groups that it is always in.
fn is_subject(subject: Node<'_>, binding: &Object, namespace: Option<&str>, account: &str) -> bool {
    let text = |key| subject.get(key).and_then(Node::as_str).unwrap_or_default();
    let namespace = namespace.unwrap_or("default");
    match text("kind") {
        "ServiceAccount" => {
            let theirs = match text("namespace") {
                "" => binding.namespace.as_deref().unwrap_or("default"),
                given => given,
            };
            text("name") == account && theirs == namespace
        }
        "Group" => match text("name") {
            "system:serviceaccounts" | "system:authenticated" => true,
            group => group.strip_prefix("system:serviceaccounts:") == Some(namespace),
        },
        "User" => text("name") == ["system:serviceaccount:", namespace, ":", account].concat(),
        _ => false,
    }
}
