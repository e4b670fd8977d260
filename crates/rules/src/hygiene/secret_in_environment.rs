use watertight_diagnostic::Finding;
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject, words};

declare_rule! {
    /// ## What it finds
    /// Variables that take their value from a Secret, one by one or all at once (`envFrom`). One finding for each
    /// container.
    ///
    /// ## Why it matters
    /// Environment variables are handed on to every child process, are printed by error reports and debug pages, and
    /// stand in `/proc/PID/environ` for whoever sees the process.
    ///
    /// ## What to do
    /// Mount the Secret as a file. A file can have an owner and a mode, and follows when the Secret changes.
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
    ///           valueFrom:
    ///             secretKeyRef:
    ///               name: db
    ///               key: password
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
    ///       volumeMounts:
    ///         - name: db
    ///           mountPath: /run/secrets/db
    ///           readOnly: true
    ///   volumes:
    ///     - name: db
    ///       secret:
    ///         secretName: db
    /// ```
    SECRET_IN_ENVIRONMENT = {
        id: "secret-in-environment",
        title: "Secret in an environment variable",
        category: Hygiene,
        severity: Low,
        fixable: false,
        sources: [Cis "5.4.1", Attack "T1552.007", Kubescape "C-0207", Checkov "CKV_K8S_35", Kubesec "SecretsAsEnvironmentVariables", KubeLinter "read-secret-from-env-var", Kics "3d658f8b", Kyverno "disallow-secrets-from-env-vars", Datree "98", Monokle "KBP112"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let one = container.env.iter().filter_map(|variable| {
        let span = variable.secret.site()?.whole();
        let name = variable.name.text().unwrap_or_default().to_owned();
        variable.secret.is_set().then(|| {
            let route = container.route.key("env").index(variable.index).keys("valueFrom.secretKeyRef");
            (subject.labelled(span, route, "one value of a Secret"), name)
        })
    });
    let all = container.env_from.iter().filter_map(|source| {
        let span = source.secret.site()?.whole();
        let name = format!("all of Secret {}", source.secret.text().filter(|name| !name.is_empty())?);
        let route = container.route.key("envFrom").index(source.index).key("secretRef");
        Some((subject.labelled(span, route, "all values of a Secret"), name))
    });
    let (places, names): (Vec<_>, Vec<String>) = one.chain(all).unzip();
    let mut places = places.into_iter();
    let Some(first) = places.next() else { return };
    let what = format!("{} gets secrets as environment variables: {}.", called_first(container), words::some(&names));
    let mut finding = Finding::new(&SECRET_IN_ENVIRONMENT.meta, first, what)
        .why("Variables are handed on to child processes and get into logs and error reports.")
        .how("Mount the Secret as a file.")
        .in_container(&container.name);
    finding.also(places);
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use super::SECRET_IN_ENVIRONMENT as RULE;
    use crate::vectors::{pass, says};

    #[test]
    fn vectors() {
        pass(
            &RULE,
            "spec: {containers: [{name: a, env: [{name: A, value: b}, {name: B, valueFrom: {fieldRef: {fieldPath: x}}}]}]}",
        );
        pass(&RULE, "spec: {containers: [{name: a, envFrom: [{configMapRef: {name: x}}]}]}");
        says(
            &RULE,
            "spec: {containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}], envFrom: [{secretRef: {name: t}}]}]}",
            "A and all of Secret t",
        );
    }
}
