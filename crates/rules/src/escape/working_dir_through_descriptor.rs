use watertight_diagnostic::{Finding, Level, Operation, Safety};
use watertight_pod::Container;

use crate::subject::called_first;
use crate::{Check, Subject};

declare_rule! {
    /// ## What it finds
    /// A working directory that leads through an open file of a process, such as `/proc/self/fd/8`.
    ///
    /// ## Why it matters
    /// runc before 1.1.12 kept a folder of the node open while it started a container. A program whose working directory leads
    /// through it stands in the node's file system, outside of everything that is mounted for the container (CVE-2024-21626,
    /// "Leaky Vessels"). Newer ones see that and refuse to start it. No program needs such a directory: it is either an attack
    /// or a test of one. An image can name one too, which nothing here shows.
    ///
    /// ## What to do
    /// Find out who wrote it, look at what ran from the image, and bring runc up to date. The program starts in the folder that
    /// its image names when nothing is said.
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
    ///       workingDir: /proc/self/fd/8
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
    /// ```
    WORKING_DIR_THROUGH_DESCRIPTOR = {
        id: "working-dir-through-descriptor",
        title: "Working directory through an open file",
        category: Escape,
        severity: High,
        fixable: true,
        sources: [Attack "T1611", Cve "CVE-2024-21626"],
        check: Check::Container(check),
    }
}

fn check(subject: &Subject<'_>, container: &Container, found: &mut Vec<Finding>) {
    let Some((path, site)) = container.working_dir.text().zip(container.working_dir.site()) else { return };
    if !leads_through(path) || subject.pod.is_windows() {
        return;
    }
    let route = container.route.key("workingDir");
    let what = [&called_first(container), " starts in ", path, ", which leads through an open file."].concat();
    let finding = Finding::new(&WORKING_DIR_THROUGH_DESCRIPTOR.meta, subject.place(site.whole(), route.clone()), what)
        .why("Before version 1.1.12, runc has a folder of the node open there; newer ones refuse to start the container.")
        .how("Find out who wrote this, and bring runc up to date; no program needs such a directory.")
        .in_container(&container.name);
    let operations = vec![Operation::remove(route)];
    let title = "Start in the folder of the image";
    found.push(finding.fix(subject.fix(title, Safety::ChangesBehaviour, Level::Hardened, operations)));
}

/// Whether a path passes by an open file of some process. Behind one, `..` is the folder that the file lies in, so the path is
/// read name by name: `/proc/self/fd/8/../..` passes by one, `/proc/self/fd/../cwd` does not. Source: proc_pid_fd(5).
fn leads_through(path: &str) -> bool {
    let mut names = Vec::new();
    path.split('/').any(|name| {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
        match names.as_slice() {
            ["dev", "fd", file] | ["proc", _, "fd", file] | ["proc", _, "task", _, "fd", file] => {
                file.bytes().all(|byte| byte.is_ascii_digit())
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::WORKING_DIR_THROUGH_DESCRIPTOR as RULE;
    use crate::vectors::{fixed, pass, says};

    fn pod(path: &str) -> String {
        format!("spec:\n  containers:\n  - name: a\n    workingDir: {path}\n")
    }

    #[test]
    fn vectors() {
        for path in [
            "/proc/self/fd/8",
            "/proc/self/fd/7/../../..",
            "//proc/./1/fd/9/",
            "/a/../dev/fd/8",
            "/proc/thread-self/fd/8",
            "/proc/self/task/1/fd/8",
        ] {
            says(&RULE, &pod(path), path);
        }
        for path in
            ["/", "/app", "/proc/self/fd", "/proc/self/fd/../cwd", "/srv/proc/self/fd/8", "/proc/self/fd/x", "8"]
        {
            pass(&RULE, &pod(path));
        }
        pass(&RULE, "spec: {containers: [{name: a, workingDir: {}}]}");
        pass(&RULE, "spec: {os: {name: windows}, containers: [{name: a, workingDir: /proc/self/fd/8}]}");
        fixed(&RULE, &pod("/proc/self/fd/8"), "spec:\n  containers:\n  - name: a\n");
    }
}
