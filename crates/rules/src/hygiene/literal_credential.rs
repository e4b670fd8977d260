use watertight_diagnostic::{Confidence, Finding, Location, Severity};
use watertight_pod::Container;

use crate::subject::called;
use watertight_knowledge::credential;

use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A password, key or token written into the manifest: an environment variable or an argument whose name says
    /// that it is one, or whose value looks like one (a private key, an access key of AWS, a token of GitHub, GitLab
    /// or Slack, a signed token, a password in an address). The finding does not repeat the value.
    ///
    /// ## Why it matters
    /// Everybody who may read the manifest, the repository it lies in, its history, or the pod on the cluster has the
    /// credential.
    ///
    /// ## What to do
    /// Put it into a Secret, mount that as a file, and change the credential: what once lay in a repository is known.
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
    ///       env:
    ///         - name: DB_PASSWORD
    ///           value: hunter2
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: example.com/web:1.0
    ///       env:
    ///         - name: DB_PASSWORD_FILE
    ///           value: /run/secrets/db/password
    /// ```
    LITERAL_CREDENTIAL = {
        id: "literal-credential",
        title: "Credential in the manifest",
        category: Hygiene,
        severity: Medium,
        fixable: false,
        sources: [Attack "T1552.001", Kubescape "C-0012", Kubescape "C-0259", KubeLinter "env-var-secret", Polaris "sensitiveContainerEnvVar", Datree "62", Monokle "KBP111"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    for variable in &container.env {
        let (Some(value), Some(site)) = (variable.value.text(), variable.value.site()) else { continue };
        let name = variable.name.text().unwrap_or_default();
        let named = || (credential::is_name(name) && credential::is_plausible(value)).then_some("a credential");
        if let Some((kind, sure)) =
            credential::in_value(value).map(|kind| (kind, true)).or_else(|| named().map(|kind| (kind, false)))
        {
            let place = subject.place(site.value, container.route.key("env").index(variable.index).key("value"));
            let what = format!("Variable {name} of {} holds {kind} in the clear.", called(container));
            found.push(told(what, sure, place).in_container(&container.name));
        }
    }
    for (list, items) in [("command", &container.command), ("args", &container.args)] {
        for (index, item) in items.iter().enumerate() {
            let next = items.get(index + 1).map(|next| next.name.as_str());
            let hit = credential::in_value(&item.name).map(|kind| (kind, true, item.site));
            let by_flag = || {
                let (flag, value) = credential::flag(&item.name, next)?;
                let site = if flag.len() == item.name.len() { items.get(index + 1)?.site } else { item.site };
                (credential::is_name(flag) && credential::is_plausible(value)).then_some(("a credential", false, site))
            };
            if let Some((kind, sure, site)) = hit.or_else(by_flag) {
                let what = format!("The {list} of {} holds {kind} in the clear.", called(container));
                let place = subject.place(site.value, container.route.key(list).index(index));
                found.push(told(what, sure, place).in_container(&container.name));
            }
        }
    }
}

fn told(what: String, sure: bool, place: Location) -> Finding {
    let finding = Finding::new(&LITERAL_CREDENTIAL.meta, place, what)
        .why("Everybody who may read the manifest, its repository or the pod has it.")
        .how("Put it into a Secret, mount that as a file, and change the credential.");
    if sure { finding.severity(Severity::High) } else { finding.confidence(Confidence::Likely) }
}

#[cfg(test)]
mod tests {
    use super::LITERAL_CREDENTIAL as RULE;
    use crate::vectors::{fail, pass, says};

    #[test]
    fn variables() {
        let with = |name: &str, value: &str| {
            format!("spec: {{containers: [{{name: a, env: [{{name: {name}, value: '{value}'}}]}}]}}")
        };
        pass(&RULE, &with("DB_PASSWORD", ""));
        pass(&RULE, &with("DB_PASSWORD_FILE", "/x"));
        pass(&RULE, &with("DB_PASSWORD", "$(OTHER)"));
        pass(&RULE, &with("MAX_TOKENS", "4096"));
        fail(&RULE, &with("DB_PASSWORD", "hunter2"));
        says(&RULE, &with("X", "AKIAIOSFODNN7EXAMPLE"), "access key of AWS");
        says(&RULE, &with("URL", "postgres://me:secret@db/x"), "password in an address");
    }

    #[test]
    fn arguments() {
        let with = |args: &str| format!("spec: {{containers: [{{name: a, args: [{args}]}}]}}");
        pass(&RULE, &with("--password-file=/x, --verbose"));
        fail(&RULE, &with("--password=hunter2"));
        fail(&RULE, &with("--token, abcdef"));
        pass(&RULE, &with("--token, --verbose"));
    }
}
