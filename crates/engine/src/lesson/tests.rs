use super::*;

const LESSON: &str = "---\nid: one\ntitle: One\nminutes: 5\norder: 3\n---\nSome *text*.\n\n```yaml\nno: file\n```\n\n## Start\n\n\
    ```yaml pod.yaml\na: 1\n---\n## Goal\n```\n\n## Goal\n\n```yaml\n- contains: \"a: 2\"\n  say: It is two.\n```\n\n## Hints\n\n- Look\n  \
    closer.\n- Count.\n\n## Solution\n\n````yaml pod.yaml\na: 2\n```\n````\n\n## Why\n\nBecause.\n";

fn problems(text: &str) -> Vec<String> {
    let (_, problems) = read::course(text);
    problems.into_iter().map(|problem| format!("{}: {}", problem.span.slice(text).trim(), problem.message)).collect()
}

#[test]
fn a_lesson_is_read() {
    let (lessons, problems) = read::course(LESSON);
    assert_eq!(problems, []);
    let lesson = &lessons[0];
    assert_eq!((lesson.id.as_str(), lesson.title.as_str(), lesson.minutes, lesson.order), ("one", "One", 5, 3));
    assert_eq!(lesson.text, "Some *text*.\n\n```yaml\nno: file\n```");
    assert_eq!(lesson.files[0].text, "a: 1\n---\n## Goal\n");
    assert_eq!(lesson.solution[0].text, "a: 2\n```\n");
    assert_eq!(lesson.goals, ["It is two."]);
    assert_eq!(lesson.hints, ["Look closer.", "Count."]);
    assert_eq!(lesson.why, "Because.");
}

#[test]
fn lessons_stand_one_after_the_other() {
    let (lessons, problems) = read::course(&[LESSON, &LESSON.replace("id: one", "id: two")].concat());
    assert_eq!((lessons.len(), problems.len()), (2, 0));
    assert_eq!(lessons[0].why, "Because.");
}

#[test]
fn what_is_wrong_has_its_place() {
    let wrong = |from: &str, to: &str, expected: &str| {
        let found = problems(&LESSON.replace(from, to));
        assert!(found.iter().any(|problem| problem == expected), "{expected} is not in {found:?}");
    };
    wrong("id: one", "id: One!", "One!: An id has small letters, digits and hyphens.");
    wrong("minutes: 5", "minutes: soon", "soon: This value cannot be used here.");
    wrong("contains: \"a: 2\"", "absent: no-such-rule", "no-such-rule: There is no rule `no-such-rule`.");
    wrong("contains: \"a: 2\"", "closed: hole", "hole: The escape map knows no way `hole`.");
    wrong("contains: \"a: 2\"", "seccomp: dance", "dance: Linux has no system call `dance`.");
    wrong("contains: \"a: 2\"", "seccomp: bpf", "bpf: This goal also needs `answer`.");
    assert_eq!(problems("").len(), 1);
    let twice = [LESSON, LESSON].concat();
    assert!(problems(&twice)[0].ends_with("The id `one` is taken by a lesson before. Give this one another."));
}

#[test]
fn any_text_is_read() {
    for end in (0..LESSON.len()).filter(|end| LESSON.is_char_boundary(*end)) {
        let text = &LESSON[..end];
        read::course(text);
        goal::read(text);
    }
    for hostile in [
        "---",
        "---\n---",
        "---\n---\n---\n---\n",
        "```",
        "---\n*a\n---\n## Goal\n```\n- &a [*a]\n",
        "---\n\u{0}\n---\n",
    ] {
        read::course(hostile);
        goal::read(hostile);
    }
}

fn check(goal: &str, files: &[(&str, &str)], expected: &[bool]) {
    let inputs: Vec<_> = files.iter().map(|(name, text)| Input { name, text }).collect();
    let goals = goals(goal, &inputs, &Settings::default());
    let done: Vec<_> = goals.iter().map(|goal| goal.done).collect();
    assert_eq!(done, expected, "{goals:#?}");
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: web\n    image: a\n    \
                   securityContext: {privileged: true, runAsUser: 0}\n";

#[test]
fn goals_about_pods() {
    let goal = "- absent: privileged\n- present: privileged\n- closed: priv\n- open: priv\n- no-way-to: host-root\n- grade: E\n\
                - admitted: baseline\n- runs: web\n- runs: other\n- contains: kind\n- lacks: kind\n";
    let files = [("pod.yaml", POD)];
    check(goal, &files, &[false, true, false, true, false, false, false, true, false, true, false]);
    let mended = POD.replace("privileged: true", "privileged: false");
    check(
        "- absent: privileged\n- closed: priv\n- admitted: baseline\n",
        &[("pod.yaml", &mended)],
        &[true, true, true],
    );
    // Whoever deletes everything has reached nothing.
    check(
        "- absent: privileged\n- closed: priv\n- no-way-to: host-root\n- grade: E\n- admitted: baseline\n",
        &[("pod.yaml", "")],
        &[false; 5],
    );
}

#[test]
fn goals_about_profiles() {
    let seccomp = r#"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}"#;
    let goal = "- {seccomp: read, answer: allow}\n- {seccomp: mount, answer: allow}\n- {seccomp: read, profile: b, answer: allow}\n";
    check(goal, &[("a.json", seccomp)], &[true, false, false]);
    let apparmor = "profile web {\n  deny /** w,\n  /tmp/** rw,\n}\n";
    let goal = "- {apparmor: file /tmp/x w, answer: deny}\n- {apparmor: file /tmp/x r, answer: allow, profile: web}\n\
                - {apparmor: file /tmp/x r, answer: allow, profile: db}\n";
    check(goal, &[("web", apparmor)], &[true, true, false]);
    check(goal, &[("pod.yaml", POD)], &[false; 3]);
    let rule =
        "- rule: R\n  desc: d\n  condition: evt.type = execve and proc.name = sh\n  output: o\n  priority: INFO\n";
    let goal = "- {falco: R, event: '{\"evt.type\": \"execve\", \"proc.name\": \"sh\"}'}\n\
                - {falco: R, event: '{\"evt.type\": \"execve\", \"proc.name\": \"ls\"}', fires: false}\n- {falco: S, event: '{}'}\n";
    check(goal, &[("r.yaml", rule)], &[true, true, false]);
}
