//! What the tests of all rules share: a manifest goes in, findings come out.

use watertight_diagnostic::{FileId, Finding, Settings};
use watertight_pod::read;
use watertight_pod::run::{is_command, read as read_lines};
use watertight_yaml::parse;

use crate::run;

/// Everything that all rules find in a text, with the usual settings.
pub(crate) fn findings(text: &str) -> Vec<Finding> {
    findings_for(text, &Settings::default())
}

/// The same with settings.
pub(crate) fn findings_for(text: &str, settings: &Settings) -> Vec<Finding> {
    let objects = if is_command(text) { read_lines(text).0 } else { read(&parse(text)) };
    run(&objects, FileId(0), settings)
}

/// What one rule finds in a text.
pub(crate) fn findings_of(rule: &str, text: &str) -> Vec<Finding> {
    findings(text).into_iter().filter(|finding| finding.rule.id == rule).collect()
}

/// A pod from the lines of its spec, given with the indentation they have there: two spaces.
pub(crate) fn pod(spec: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n{}\n", spec.trim_matches('\n'))
}

/// A pod with one container from the lines of that container, indented by six spaces.
pub(crate) fn container(lines: &str) -> String {
    pod(&format!("  containers:\n    - name: web\n      image: example.com/web:1.0\n{}", lines.trim_matches('\n')))
}

/// One rule over one text: the underlined text and the severity of each finding, in the order found.
pub(crate) fn underlined<'t>(rule: &str, text: &'t str) -> Vec<(&'t str, &'static str)> {
    findings_of(rule, text).iter().map(|found| (found.primary.span.slice(text), found.severity.word())).collect()
}

/// A pod with one container that mounts a `hostPath` volume. `options` are further fields of the mount.
pub(crate) fn host_path(path: &str, options: &str) -> String {
    let mount = format!("        - name: host\n          mountPath: /host\n          {options}\n");
    let volume = format!("  volumes:\n    - name: host\n      hostPath:\n        path: {path}\n");
    format!("{}      volumeMounts:\n{mount}{volume}", container(""))
}
