//! Vectors for rules: a text that passes, one that fails, one that a fix turns into another.

use watertight_diagnostic::{FileId, Finding, Operation, Settings};
use watertight_pod::Neighbours;

use crate::{Check, FileSubject, Rule, Subject};

/// The findings of one rule in a text. A text without `kind:` is the body of a pod.
pub(crate) fn run(rule: &'static Rule, text: &str) -> Vec<Finding> {
    run_with(rule, text, &Settings::default())
}

/// The same under other settings.
pub(crate) fn run_with(rule: &'static Rule, text: &str, settings: &Settings) -> Vec<Finding> {
    let text = whole(text);
    let stream = watertight_yaml::parse(&text);
    let objects = watertight_pod::read(&stream);
    let neighbours = Neighbours::of([&objects]);
    let mut found = Vec::new();
    for pod in &objects.pods {
        let Some(object) = objects.objects.get(pod.object) else { continue };
        let subject = Subject { pod, object, neighbours: &neighbours, file: FileId(0), settings };
        match rule.check {
            Check::Pod(check) => check(&subject, &mut found),
            Check::Container(check) => pod.containers.iter().for_each(|one| check(&subject, one, &mut found)),
            Check::Volume(check) => pod.volumes.iter().for_each(|one| check(&subject, one, &mut found)),
            Check::HostPath(check) => {
                let volumes = pod.volumes.iter().filter_map(|volume| crate::host_path::read(&subject, volume));
                volumes.for_each(|host| check(&subject, &host, &mut found));
            }
            Check::Objects(_) | Check::Reading => {}
        }
    }
    if let Check::Objects(check) = rule.check {
        check(&FileSubject { objects: &objects, neighbours: &neighbours, file: FileId(0), settings }, &mut found);
    }
    for finding in &found {
        assert_eq!(finding.rule.id, rule.meta.id);
        for sentence in [&*finding.what, &*finding.why, &*finding.how] {
            assert!(sentence.ends_with('.'), "not a sentence: {sentence:?}");
        }
        assert!(rule.meta.fixable || finding.fixes.is_empty(), "{} says that it has no fix", rule.meta.id);
    }
    found
}

/// The rule has nothing to say.
#[track_caller]
pub(crate) fn pass(rule: &'static Rule, text: &str) {
    let found = run(rule, text);
    assert!(found.is_empty(), "{text}\nunexpected: {:#?}", found.iter().map(|f| &f.what).collect::<Vec<_>>());
}

/// The rule has one thing to say.
#[track_caller]
pub(crate) fn fail(rule: &'static Rule, text: &str) {
    let found = run(rule, text);
    assert_eq!(found.len(), 1, "{text}\nfound: {:#?}", found.iter().map(|f| &f.what).collect::<Vec<_>>());
}

/// The rule has one thing to say, and says these words.
#[track_caller]
pub(crate) fn says(rule: &'static Rule, text: &str, words: &str) {
    let found = run(rule, text);
    let said: Vec<_> = found.iter().map(|f| &f.what).collect();
    assert!(found.len() == 1 && found[0].what.contains(words), "{text}\nfound: {said:#?}");
}

/// The first fix of every finding turns `before` into `after`, and then changes nothing more.
#[track_caller]
pub(crate) fn fixed(rule: &'static Rule, before: &str, after: &str) {
    let changed = mend(rule, &whole(before));
    assert_eq!(changed, whole(after));
    assert_eq!(mend(rule, &changed), changed, "the fix is not stable");
}

fn mend(rule: &'static Rule, text: &str) -> String {
    let operations: Vec<Operation> = run(rule, text)
        .into_iter()
        .filter_map(|finding| finding.fixes.into_iter().next())
        .flat_map(|fix| fix.operations)
        .collect();
    let stream = watertight_yaml::parse(text);
    let plan = watertight_yaml::edit::plan(&stream, &operations);
    assert!(plan.refused.is_empty(), "{:?}", plan.refused);
    watertight_text::apply(text, &plan.edits).unwrap()
}

fn whole(text: &str) -> String {
    if text.contains("kind:") {
        return text.to_owned();
    }
    format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n{text}")
}
