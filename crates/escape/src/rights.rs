//! What a service account may do at the API server, from the roles that were given.

use std::collections::{BTreeMap, HashMap};

use watertight_pod::{Object, Objects};
use watertight_yaml::{Node, Stream};

use crate::known::{Evidence, Known, Truth};

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
    /// Its namespace and its name.
    account: (String, String),
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
    /// The objects that it is about; `None` when it is about all.
    names: Option<Vec<String>>,
    role: String,
    /// The namespace that it is given within; `None` for the whole cluster.
    within: Option<String>,
    evidence: Evidence,
}

/// A permission that a way needs: the API group, the resources and the verbs, each of which is enough.
struct Asked {
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
    names: Names,
}

/// What a permission for objects of certain names is worth.
#[derive(Clone, Copy)]
enum Names {
    /// As much as those objects.
    Each,
    /// Of these as much as the permission for all, of others as much as those objects.
    Worth(&'static [&'static str]),
    /// Of these as much as the permission for all, of others nothing.
    Only(&'static [&'static str]),
}

/// What a right is worth that is given within one namespace.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    /// As much as in the cluster.
    Namespace,
    /// As much as the service accounts of that namespace.
    Accounts,
    /// Nothing: it is over what belongs to no namespace, and a RoleBinding does not give that, whatever its role says.
    Cluster,
}

/// A way to have a right that a technique asks for: each of its permissions is needed.
struct Way {
    right: &'static str,
    scope: Scope,
    needs: &'static [Asked],
    /// Why it may not be enough, after the role, and what would settle that.
    doubt: Option<(&'static str, &'static str)>,
}

const fn asked(group: &'static str, resources: &'static [&'static str], verbs: &'static [&'static str]) -> Asked {
    Asked { group, resources, verbs, names: Names::Each }
}

const fn named(
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
    names: Names,
) -> Asked {
    Asked { group, resources, verbs, names }
}

const fn way(right: &'static str, scope: Scope, needs: &'static [Asked]) -> Way {
    Way { right, scope, needs, doubt: None }
}

const WRITE: &[&str] = &["create", "update", "patch"];
const CHANGE_ONE: &[&str] = &["update", "patch"];
const RBAC: &str = "rbac.authorization.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";
const REQUEST: Asked = asked(CERTIFICATES, &["certificatesigningrequests"], &["create"]);
const APPROVE: Asked = asked(CERTIFICATES, &["certificatesigningrequests/approval"], CHANGE_ONE);

const MAKES_ROLES: Option<(&str, &str)> = Some((
    "lets it make roles with any right, but not bind them",
    "Look for bindings to roles that are not there, and for bound roles that collect others by a label (`aggregationRule`).",
));

/// Of a pod that runs only the image, the deadlines and more tolerations may be changed, and of a job not its template. Source:
/// kubernetes/kubernetes, `ValidatePodUpdate` and `ValidateJobUpdate`.
///
/// Who may write roles or bindings goes no further by that than its own rights, unless it may `escalate` or `bind` as well.
/// `bind` is asked of the role, in the namespace of the binding. Source: `pkg/registry/rbac/escalation_check.go`.
///
/// A request for a certificate is made, then approved by who may also approve for its signer, by its name or by its domain; no role
/// of a new cluster lets service accounts make one. Who may sign has no key of the cluster to sign with. Source:
/// `plugin/pkg/admission/certificates`.
///
/// Groups are impersonated together with a user alone, and users and groups belong to no namespace.
const WAYS: [Way; 25] = [
    way("*", Scope::Cluster, &[named("*", &["*"], &["*"], Names::Only(&[]))]),
    way("pods/create", Scope::Namespace, &[asked("", &["pods"], &["create"])]),
    way("pods/create", Scope::Namespace, &[asked("", &["replicationcontrollers"], WRITE)]),
    way(
        "pods/create",
        Scope::Namespace,
        &[asked("apps", &["deployments", "daemonsets", "statefulsets", "replicasets"], WRITE)],
    ),
    way("pods/create", Scope::Namespace, &[asked("batch", &["cronjobs"], WRITE)]),
    way("pods/create", Scope::Namespace, &[asked("batch", &["jobs"], &["create"])]),
    Way {
        right: "pods/create",
        scope: Scope::Namespace,
        needs: &[asked("", &["pods"], CHANGE_ONE)],
        doubt: Some((
            "lets it change the image of pods that run, which is worth as much as those pods",
            "Look whether a pod in its reach is privileged or has a stronger service account.",
        )),
    },
    // Since a web socket begins with a GET, the verb get is enough on servers before 1.35 as well.
    way("pods/exec", Scope::Namespace, &[asked("", &["pods/exec", "pods/attach"], &["create", "get"])]),
    way("nodes/proxy", Scope::Cluster, &[asked("", &["nodes/proxy"], &["get", "create"])]),
    way("secrets/read", Scope::Namespace, &[asked("", &["secrets"], READ)]),
    way(
        "escalate",
        Scope::Cluster,
        &[asked(RBAC, &["clusterroles"], &["escalate"]), asked(RBAC, &["clusterroles"], CHANGE_ONE)],
    ),
    way("escalate", Scope::Accounts, &[asked(RBAC, &["roles"], &["escalate"]), asked(RBAC, &["roles"], CHANGE_ONE)]),
    Way {
        right: "escalate",
        scope: Scope::Cluster,
        needs: &[asked(RBAC, &["clusterroles"], &["escalate"]), asked(RBAC, &["clusterroles"], &["create"])],
        doubt: MAKES_ROLES,
    },
    Way {
        right: "escalate",
        scope: Scope::Accounts,
        needs: &[asked(RBAC, &["roles"], &["escalate"]), asked(RBAC, &["roles"], &["create"])],
        doubt: MAKES_ROLES,
    },
    way(
        "escalate",
        Scope::Cluster,
        &[
            named(RBAC, &["clusterroles"], &["bind"], Names::Worth(&["cluster-admin"])),
            asked(RBAC, &["clusterrolebindings"], WRITE),
        ],
    ),
    way(
        "escalate",
        Scope::Accounts,
        &[
            named(RBAC, &["clusterroles"], &["bind"], Names::Worth(&["cluster-admin"])),
            asked(RBAC, &["rolebindings"], WRITE),
        ],
    ),
    Way {
        right: "escalate",
        scope: Scope::Accounts,
        needs: &[asked(RBAC, &["roles"], &["bind"]), asked(RBAC, &["rolebindings"], WRITE)],
        doubt: Some((
            "lets it bind the Roles that are there",
            "Look at what they grant: `kubectl get roles -A -o yaml` prints them.",
        )),
    },
    way("escalate", Scope::Cluster, &[asked("", &["users"], &["impersonate"])]),
    way("escalate", Scope::Accounts, &[asked("", &["serviceaccounts"], &["impersonate"])]),
    way("pods/ephemeralcontainers", Scope::Namespace, &[asked("", &["pods/ephemeralcontainers"], CHANGE_ONE)]),
    way("pv/create", Scope::Cluster, &[asked("", &["persistentvolumes"], &["create"])]),
    way(
        "csr/approve",
        Scope::Cluster,
        &[
            REQUEST,
            APPROVE,
            named(
                CERTIFICATES,
                &["signers"],
                &["approve"],
                Names::Only(&["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"]),
            ),
        ],
    ),
    Way {
        right: "csr/approve",
        scope: Scope::Cluster,
        needs: &[
            REQUEST,
            APPROVE,
            named(
                CERTIFICATES,
                &["signers"],
                &["approve"],
                Names::Only(&["kubernetes.io/kube-apiserver-client-kubelet"]),
            ),
        ],
        doubt: Some((
            "lets it approve the certificate of any node, which is worth as much as the pods there",
            "Look at the secrets and the service accounts of the pods of each node.",
        )),
    },
    way("serviceaccounts/token", Scope::Accounts, &[asked("", &["serviceaccounts/token"], &["create"])]),
    way(
        "webhooks",
        Scope::Cluster,
        &[asked(
            "admissionregistration.k8s.io",
            &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
            WRITE,
        )],
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
        let own = (namespace.unwrap_or("default").to_owned(), account.to_owned());
        let mut rights = Self { account: own, ..Self::default() };
        for (file, binding, node) in &roles.bindings {
            let is_meant = node.get("subjects").is_some_and(|subjects| {
                subjects.items().any(|subject| is_subject(subject, binding, namespace, account))
            });
            let Some(role) = node.get("roleRef").filter(|_| is_meant) else { continue };
            let text = |key| role.get(key).and_then(Node::as_str).unwrap_or_default();
            let (kind, name) = (text("kind"), text("name"));
            let within = (binding.kind != "ClusterRoleBinding")
                .then(|| binding.namespace.as_deref().unwrap_or("default").to_owned());
            rights.bound = true;
            let given = roles.roles.get(&(kind, name)).into_iter().flatten();
            let mut given = given
                .filter(|(_, object, _)| object.kind == "ClusterRole" || object.namespace == binding.namespace)
                .peekable();
            if given.peek().is_none() {
                let evidence = Evidence { file: Some(*file), span: role.span(), route: None };
                rights.bind(kind, name, within.as_ref(), evidence);
            }
            given.for_each(|(file, object, rules)| rights.take(*file, object, within.as_ref(), *rules));
        }
        (rights.bound || !roles.roles.is_empty()).then_some(rights)
    }

    /// A role that no file holds.
    fn bind(&mut self, kind: &str, name: &str, within: Option<&String>, evidence: Evidence) {
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
            names: None,
            role: role.clone(),
            within: within.cloned(),
            evidence: evidence.clone(),
        }));
    }

    fn take(&mut self, file: u32, object: &Object, within: Option<&String>, role: Node<'_>) {
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
                names: rule.get("resourceNames").filter(names_any).map(|_| texts("resourceNames")),
                role: [&object.kind, "/", &object.name].concat(),
                within: within.cloned(),
                evidence: Evidence { file: Some(file), span: rule.span(), route: None },
            });
        }
    }

    /// Whether a right that a technique asks for is among them; `*` asks for all.
    pub(crate) fn allow(&self, right: &str) -> Known {
        let ways = WAYS.iter().filter(|way| way.right == right);
        let found = Known::any(ways.filter_map(|way| self.has(way)))
            .unwrap_or_else(|| Known::new(false, "no role that was given grants it"));
        match &self.unread {
            Some((role, evidence)) if found.truth == Truth::No => Known::unknown(
                format!("{role} is bound to its service account, and no file holds it"),
                "Paste that role: `kubectl get clusterroles,roles -A -o yaml` prints them.",
            )
            .at([evidence.clone()]),
            _ => found,
        }
    }

    /// Whether it has a right in one of the ways to have it, somewhere; `None` when nothing that is given has to do with it.
    fn has(&self, way: &Way) -> Option<Known> {
        // What is given for each of the needs, by where it is given: what is given in two namespaces does not add up.
        let mut given: BTreeMap<Option<&str>, Vec<Option<Given<'_>>>> = BTreeMap::new();
        given.insert(None, vec![None; way.needs.len()]);
        for grant in self.grants.iter().filter(|grant| grant.within.is_none() || way.scope != Scope::Cluster) {
            for (at, need) in way.needs.iter().enumerate() {
                let Some(is_whole) = grant.gives(need, &self.account) else { continue };
                let place = given.entry(grant.within.as_deref()).or_insert_with(|| vec![None; way.needs.len()]);
                if let Some(best) = place.get_mut(at).filter(|best| best.is_none_or(|best| is_whole && !best.is_whole))
                {
                    *best = Some(Given { grant, is_whole });
                }
            }
        }
        let everywhere = given.get(&None).cloned().unwrap_or_default();
        let answers = given.values().filter_map(|within| {
            let both = within.iter().zip(&everywhere);
            let best = both
                .map(|(within, everywhere)| within.filter(|given| given.is_whole).or(*everywhere).or(*within))
                .collect::<Vec<_>>();
            way.worth(&best)
        });
        Known::any(answers)
    }
}

/// What gives a permission.
#[derive(Clone, Copy)]
struct Given<'r> {
    grant: &'r Grant,
    /// Whether for all objects, or for some that are worth as much.
    is_whole: bool,
}

impl Way {
    /// What it comes to with what is given for each of its needs.
    fn worth(&self, given: &[Option<Given<'_>>]) -> Option<Known> {
        let grants = || given.iter().flatten().map(|given| given.grant);
        let mut roles: Vec<_> = grants().map(|grant| grant.role.as_str()).collect();
        roles.dedup();
        let roles = roles.join(" with ");
        let mut evidence: Vec<_> = grants().map(|grant| grant.evidence.clone()).collect();
        evidence.dedup();
        let is_within = grants().any(|grant| grant.within.is_some());
        let named = given.iter().flatten().find(|given| !given.is_whole);
        let known = match (self.doubt, named.map(|given| given.grant.named())) {
            _ if roles.is_empty() => return None,
            _ if given.iter().any(|given| given.is_none()) => {
                Known::new(false, format!("{roles} grants a part of it, and no role the rest"))
            }
            (_, Some(names)) => Known::unknown(
                format!("{roles} grants it for {names} alone"),
                "Look whether that object is there, and what it is worth.",
            ),
            (Some((doubt, settles)), None) => Known::unknown(format!("{roles} {doubt}"), settles),
            (None, None) if is_within && self.scope == Scope::Accounts => Known::unknown(
                format!("{roles} grants it within one namespace, where it is worth as much as the accounts there"),
                "Look at what the other service accounts of that namespace may do.",
            ),
            (None, None) => Known::new(true, format!("{roles} grants it")),
        };
        Some(known.at(evidence))
    }
}

impl Grant {
    /// Whether it gives a permission: to the full, or for objects of certain names.
    ///
    /// A rule with names matches no request without one, and who creates an object names none, unless it is a part of another one.
    /// Source: kubernetes/kubernetes, `ResourceNameMatches` in `pkg/apis/rbac/v1/evaluation_helpers.go`.
    fn gives(&self, asked: &Asked, (namespace, account): &(String, String)) -> Option<bool> {
        let has = |list: &[String], wanted: &str| list.iter().any(|given| given == "*" || given == wanted);
        let covers = |resource: &str| {
            let (_, sub) = resource.split_once('/').unwrap_or((resource, ""));
            has(&self.resources, resource)
                || !sub.is_empty() && self.resources.iter().any(|given| *given == ["*/", sub].concat())
        };
        let may = |resource: &str| {
            let by_name = |verb: &str| self.names.is_none() || verb != "create" || resource.contains('/');
            covers(resource) && asked.verbs.iter().any(|verb| has(&self.verbs, verb) && by_name(verb))
        };
        if !has(&self.groups, asked.group) || !asked.resources.iter().any(|resource| may(resource)) {
            return None;
        }
        let Some(names) = &self.names else { return Some(true) };
        let is_account = asked.resources.iter().any(|resource| resource.starts_with("serviceaccounts"));
        let is_own = |name: &String| is_account && name == account && self.within.as_ref() == Some(namespace);
        let is_among = |worth: &[&str]| names.iter().any(|name| worth.contains(&name.as_str()));
        match asked.names {
            // Nothing new comes of its own account.
            _ if !names.is_empty() && names.iter().all(is_own) => None,
            Names::Worth(worth) | Names::Only(worth) if is_among(worth) => Some(true),
            Names::Only(_) if !names.is_empty() => None,
            _ => Some(false),
        }
    }

    /// The names that it is given for.
    fn named(&self) -> String {
        match self.names.as_deref().unwrap_or_default() {
            [] => "objects of certain names".to_owned(),
            [name] => name.clone(),
            [name, ..] => format!("{name} and others"),
        }
    }
}

/// Whether a list names something, as far as it can be read. An empty one is as if it were not there.
fn names_any(list: &Node<'_>) -> bool {
    list.is_templated() || list.items().next().is_some()
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
