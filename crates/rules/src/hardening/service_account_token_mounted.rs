use watertight_diagnostic::{Finding, Level, Operation, Safety, Severity};
use watertight_pod::{Container, Mount, Pod, Volume};

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A pod whose containers get the token of its service account, because nobody says
    /// `automountServiceAccountToken: false`. What the pod says counts; if it says nothing, what a ServiceAccount of that
    /// name in the same file says.
    ///
    /// ## Why it matters
    /// Whoever gets into the container can talk to the API server under that name. What it may do there depends on the
    /// roles bound to it: reading all secrets of a namespace and starting a privileged pod are common.
    ///
    /// ## What to do
    /// Most programs never speak to the API server. Set it to `false` on the pod. One that does needs it: give it a
    /// service account of its own with few rights, and mount the token only into the container that uses it.
    ///
    /// ## Bad
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   automountServiceAccountToken: false
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    /// ```
    SERVICE_ACCOUNT_TOKEN_MOUNTED = {
        id: "service-account-token-mounted",
        title: "Service account token in the container",
        category: Hardening,
        severity: Low,
        fixable: true,
        sources: [
            Cis "5.1.6", Nsa "Auth", Attack "T1552.007", Kubescape "C-0034", Kubescape "C-0190", Kubescape "C-0261", Trivy "KSV-0036",
            Checkov "CKV_K8S_38", Kubesec "AutomountServiceAccountToken", Polaris "automountServiceAccountToken",
            Kubeaudit "asat", Kics "48471392", Kyverno "restrict-automount-sa-token",
            Gatekeeper "K8sPSPAutomountServiceAccountTokenPod", Datree "53", Monokle "KBP106",
        ],
        check: Check::Pod(check),
    }
}

/// Where the token is mounted; who mounts something else there gets none.
const PLACE: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let pod = subject.pod;
    let field = &pod.automount_token;
    let route = pod.route.key("automountServiceAccountToken");
    if field.is_false() || field.is_unreadable() {
        return;
    }
    if !pod.containers.is_empty() && pod.containers.iter().all(|container| is_covered(pod, container)) {
        return;
    }
    let account = subject.neighbours.service_account(pod, subject.object).map(|known| known.item);
    if !field.is_true() && account.is_some_and(|account| account.automount_token.is_false()) {
        return;
    }
    let own = pod.service_account.text().filter(|name| !name.is_empty() && *name != "default");
    let span = field.site().map_or(pod.head, |site| site.whole());
    let what = match own {
        Some(name) => format!("The token of service account \"{name}\" is mounted into every container."),
        None if pod.service_account.is_unreadable() => {
            "The token of the pod's service account is mounted into every container.".to_owned()
        }
        None => "The token of the default service account is mounted into every container.".to_owned(),
    };
    let mut finding = Finding::new(&SERVICE_ACCOUNT_TOKEN_MOUNTED.meta, subject.place(span, route.clone()), what)
        .how("Set automountServiceAccountToken to false on the pod, unless the program speaks to the API server.");
    finding = match own {
        // An account of its own was made to be given rights.
        Some(_) => finding
            .severity(Severity::Medium)
            .why("An intruder can use whatever rights are bound to that account on the API server."),
        None => finding.why("An intruder can talk to the API server, with the rights that the default account has."),
    };
    if let Some(site) = pod.service_account.site().filter(|_| own.is_some()) {
        finding = finding.related(subject.place(site.whole(), pod.route.key("serviceAccountName")));
    }
    let mut operations = vec![Operation::set(route, false)];
    operations.extend(leftovers(pod));
    let title = "Keep the service account's token out of the containers";
    let fix = subject.fix(title, Safety::ChangesBehaviour, Level::Hardened, operations);
    found.push(finding.fix(fix));
}

/// Whether something else than a token is mounted where the token would be, in the very spelling that the API server looks for.
fn is_covered(pod: &Pod, container: &Container) -> bool {
    let there = |mount: &&Mount| mount.path.text() == Some(PLACE);
    container.mounts.iter().filter(there).any(|mount| {
        let volume = mount.volume.text().and_then(|name| pod.volume(name));
        volume.is_some_and(|volume| volume.projected_tokens.is_empty() && volume.secrets.is_empty())
    })
}

/// What the API server wrote into a pod that was printed from a cluster: the volume with the token, and its mounts.
fn leftovers(pod: &Pod) -> Vec<Operation> {
    let mut operations = Vec::new();
    let written = |volume: &&Volume| volume.name.starts_with("kube-api-access-") && !volume.projected_tokens.is_empty();
    for volume in pod.volumes.iter().filter(written) {
        operations.push(Operation::remove_with(volume.route.clone(), 1));
        let mounts = pod.mounts_of(&volume.name);
        operations.extend(
            mounts
                .into_iter()
                .map(|(container, mount)| container.route.key("volumeMounts").index(mount.index))
                .map(|route| Operation::remove_with(route, 1)),
        );
    }
    operations
}

#[cfg(test)]
mod tests {
    use super::SERVICE_ACCOUNT_TOKEN_MOUNTED as RULE;
    use crate::vectors::{fail, fixed, pass};

    const ACCOUNT: &str =
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nautomountServiceAccountToken: false\n---\n";

    #[test]
    fn vectors() {
        pass(&RULE, "spec: {automountServiceAccountToken: false, containers: [{name: a}]}");
        fail(&RULE, "spec: {containers: [{name: a}]}");
        fail(&RULE, "spec: {automountServiceAccountToken: true, serviceAccountName: a, containers: [{name: a}]}");
        let pod = |spec: &str| format!("{ACCOUNT}apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {spec}\n");
        pass(&RULE, &pod("{serviceAccountName: a, containers: [{name: a}]}"));
        fail(&RULE, &pod("{serviceAccountName: a, automountServiceAccountToken: true, containers: [{name: a}]}"));
        fail(&RULE, &pod("{serviceAccountName: b, containers: [{name: a}]}"));
        let covered = |source: &str| {
            format!(
                "spec: {{containers: [{{name: a, volumeMounts: [{{name: x, mountPath: {}}}]}}], volumes: [{{name: x, {source}}}]}}",
                super::PLACE
            )
        };
        pass(&RULE, &covered("emptyDir: {}"));
        // The API server adds its own mount, and the last one lies on top.
        fail(&RULE, &covered("emptyDir: {}").replace(super::PLACE, &[super::PLACE, "/"].concat()));
        fail(&RULE, &covered("projected: {sources: [{serviceAccountToken: {path: token}}]}"));
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n",
            "spec:\n  containers:\n    - name: a\n  automountServiceAccountToken: false\n",
        );
        // A pod as the cluster prints it.
        fixed(
            &RULE,
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: kube-api-access-x\n          mountPath: /var/run/secrets/kubernetes.io/serviceaccount\n        - name: b\n          mountPath: /b\n  volumes:\n    - name: kube-api-access-x\n      projected:\n        sources:\n          - serviceAccountToken:\n              path: token\n    - name: b\n      emptyDir: {}\n",
            "spec:\n  containers:\n    - name: a\n      volumeMounts:\n        - name: b\n          mountPath: /b\n  volumes:\n    - name: b\n      emptyDir: {}\n  automountServiceAccountToken: false\n",
        );
    }
}
