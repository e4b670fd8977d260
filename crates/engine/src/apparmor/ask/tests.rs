use watertight_diagnostic::Settings;
use watertight_diagnostic::ask::apparmor::{
    ApparmorAnswer, ApparmorAsk, Decided, Generated, Learnt, Outcome, Strictness,
};
use watertight_text::{Edit, Encoding, apply};

use crate::{Input, analyse, apparmor};

const ARTICLE: &str = "profile container-restricted flags=(attach_disconnected,mediate_deleted) {\n  deny /** w,\n  /tmp/** rw,\n  deny network raw,\n  deny mount,\n  deny ptrace,\n}\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  initContainers:\n    - {name: setup, image: x}\n  containers:\n    - name: web\n      image: x\n      volumeMounts: [{name: tmp, mountPath: /tmp}]\n      securityContext:\n        readOnlyRootFilesystem: true\n        appArmorProfile: {type: Localhost, localhostProfile: container-restricted}\n  volumes: [{name: tmp, emptyDir: {}}]\n";

fn inputs<'t>(files: &[(&'t str, &'t str)]) -> Vec<Input<'t>> {
    files.iter().map(|&(name, text)| Input { name, text }).collect()
}

fn ask(files: &[(&str, &str)], ask: &ApparmorAsk) -> ApparmorAnswer {
    apparmor(&inputs(files), ask, &Settings::default(), Encoding::Utf8)
}

fn decide(files: &[(&str, &str)], profile: Option<usize>, lines: &str) -> Decided {
    match ask(files, &ApparmorAsk::Decide { profile, lines: lines.to_owned() }) {
        ApparmorAnswer::Decided(decided) => decided,
        other => panic!("{other:?}"),
    }
}

fn generate(files: &[(&str, &str)], container: Option<usize>, needs: &str) -> Generated {
    let needs = needs.to_owned();
    let asked =
        ApparmorAsk::Generate { container, strictness: Strictness::Careful, complain: false, newest: false, needs };
    match ask(files, &asked) {
        ApparmorAnswer::Generated(generated) => generated,
        other => panic!("{other:?}"),
    }
}

fn learn(files: &[(&str, &str)], log: &str) -> Learnt {
    match ask(files, &ApparmorAsk::Learn { log: log.to_owned() }) {
        ApparmorAnswer::Learnt(learnt) => learnt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_profile_of_the_article() {
    let lines =
        "file /tmp/x r\nfile /tmp/x w\nfile /proc/self/maps r\nnetwork inet stream\nnetwork inet raw\nstart static\n";
    let decided = decide(&[("a", ARTICLE)], None, lines);
    assert_eq!(decided.profiles[0], "container-restricted in a");
    assert_eq!(decided.profiles.len(), 5);
    assert_eq!(decided.notes.len(), 2);
    let told: Vec<_> = decided
        .answers
        .iter()
        .map(|answer| {
            let line = answer.rules.first().map_or(0, |rule| rule.place.as_ref().unwrap().range.start_line);
            (answer.outcome.unwrap().word(), line, answer.logged)
        })
        .collect();
    let nothing = ("deny", 0, true);
    let expected = [("allow", 3, false), ("deny", 2, false), nothing, nothing, ("deny", 4, false), nothing, nothing];
    assert_eq!(told, expected);
    assert!(decided.answers[2].why.contains("never for /proc/self"));
    assert_eq!(decided.answers[3].add.as_deref(), Some("network inet stream,"));
    assert_eq!(decided.answers[1].add, None);
}

#[test]
fn a_runtimes_own_profile() {
    let decided = decide(
        &[("a", ARTICLE)],
        Some(3),
        "deny file /proc/sys/kernel/core_pattern w\nallow file /proc/sys/kernel/sysrq w\n",
    );
    assert!(decided.profiles[3].starts_with("docker-default, which is Docker's own"), "{:?}", decided.profiles);
    for answer in &decided.answers {
        assert_eq!(answer.outcome, answer.expected, "{answer:?}");
        assert!(answer.rules.iter().all(|rule| rule.place.is_none() && !rule.text.is_empty()));
    }
    assert_eq!(decide(&[], Some(9), "userns").profile, None);
}

#[test]
fn what_is_no_question_says_so() {
    let decided = decide(&[("a", ARTICLE)], None, "\n# a\nfile tmp w\n  dance\nallow userns\n");
    let told: Vec<_> = decided.answers.iter().map(|answer| (answer.line, answer.outcome, answer.expected)).collect();
    assert_eq!(told, [(3, None, None), (4, None, None), (5, Some(Outcome::Allow), Some(Outcome::Allow))]);
    let log = "apparmor=\"DENIED\" operation=\"open\" profile=\"x\" name=\"/tmp/x\" denied_mask=\"w\"";
    assert_eq!(decide(&[("a", ARTICLE)], None, log).answers[0].outcome, Some(Outcome::Deny));
}

#[test]
fn a_profile_for_a_pod() {
    let files = [("pod.yaml", POD), ("a", ARTICLE)];
    let generated = generate(&files, None, "write /data\nfile nowhere\n");
    assert_eq!(generated.containers, ["web / setup", "web / web"]);
    assert_eq!((generated.container, generated.name.as_str()), (Some(1), "container-restricted"));
    assert_eq!(generated.before, Some(1));
    assert!(generated.text.contains("  /data{,/,/**} rwkl,\n") && generated.text.contains("/tmp/{,**} rwkl,"));
    assert_eq!(generated.notes.len(), 1, "{:?}", generated.notes);
    assert_eq!(generated.load.len(), 3);
    assert!(generated.load[1].text.contains("localhostProfile: container-restricted"));
    // In place of the other, nothing is wrong with profile and pod any more as far as AppArmor goes.
    let report = analyse(
        &inputs(&[("pod.yaml", POD), ("a", &generated.text), ("object.yaml", &generated.load[2].text)]),
        &Settings::default(),
        Encoding::Utf8,
    );
    let found: Vec<_> = report.findings.iter().filter(|finding| finding.rule.starts_with("apparmor")).collect();
    // What is found in the object is what the operator always adds to a profile.
    let own: Vec<_> = found.iter().filter(|finding| finding.primary.file != 2).collect();
    assert_eq!(own.len(), 0, "{own:#?}");
    assert_eq!(generate(&files, Some(0), "").name, "web-setup");
    assert_eq!(generate(&[("a", ARTICLE)], None, "").container, None);
    assert_eq!(generate(&files, Some(7), "").container, None);
}

/// The file asks for the profile afterwards, and when it does there is nothing left to put in.
#[test]
fn the_manifest_asks_for_the_profile() {
    #[track_caller]
    fn check(text: &str, settings: &Settings, changed: &str) {
        let make = |text: &str| {
            let ask = ApparmorAsk::Generate {
                container: None,
                strictness: Strictness::default(),
                complain: false,
                newest: false,
                needs: String::new(),
            };
            match apparmor(&inputs(&[("shop", text)]), &ask, settings, Encoding::Utf8) {
                ApparmorAnswer::Generated(generated) => generated,
                other => panic!("{other:?}"),
            }
        };
        let made = make(text);
        let asking = made.asking.unwrap();
        let after = text.replace(changed.split_once("=>").unwrap().0, changed.split_once("=>").unwrap().1);
        assert_eq!(asking.text, after);
        let edits: Vec<_> =
            asking.rewrites.iter().map(|rewrite| Edit::replace(rewrite.span, rewrite.text.clone())).collect();
        assert_eq!(apply(text, &edits).unwrap(), asking.text);
        let again = make(&asking.text);
        assert_eq!((again.name, again.asking), (made.name, None));
    }
    let now = Settings::default();
    let old = Settings { kube_version: "v1.29".parse().unwrap(), ..Settings::default() };
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop # x\nspec:\n  containers:\n    - name: web\n      image: x\n";
    check(
        pod,
        &now,
        "      image: x\n=>      image: x\n      securityContext:\n        appArmorProfile:\n          type: Localhost\n          \
         localhostProfile: shop-web\n",
    );
    check(
        pod,
        &old,
        "  name: shop # x\n=>  name: shop # x\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/web: \
         localhost/shop-web\n",
    );
    check("docker run --name web -it x sh\n", &now, " x sh=> --security-opt apparmor=web x sh");
    check(
        "services:\n  web:\n    image: x\n",
        &now,
        "    image: x\n=>    image: x\n    security_opt:\n      - apparmor=web\n",
    );
    check(
        "{\"ociVersion\": \"1.0.2\", \"process\": {\"apparmorProfile\": \"unconfined\", \"args\": [\"a\"]}, \"root\": {\"path\": \"a\"}}\n",
        &now,
        "\"unconfined\"=>\"container\"",
    );
}

#[test]
fn rules_of_a_log() {
    let line = |profile: &str, path: &str, mask: &str| {
        format!(
            "audit: apparmor=\"DENIED\" operation=\"open\" profile=\"{profile}\" name=\"{path}\" denied_mask=\"{mask}\" fsuid=0 ouid=0\n"
        )
    };
    let log = [
        line("container-restricted", "/usr/bin/dash", "r"),
        line("container-restricted", "/usr/bin/dash", "m"),
        line("container-restricted", "/tmp/x", "w"),
        line("other", "/tmp/x", "w"),
        "apparmor=\"DEN\n".to_owned(),
    ]
    .concat();
    let learnt = learn(&[("pod.yaml", POD), ("a", ARTICLE)], &log);
    let told: Vec<_> = learnt.rules.iter().map(|rule| (rule.rule.as_str(), rule.count, rule.added)).collect();
    assert_eq!(told, [("/usr/bin/dash rm,", 2, true), ("/tmp/x w,", 1, false), ("/tmp/x w,", 1, false)]);
    assert!(learnt.rules[1].notes[0].contains("`deny`") && learnt.rules[2].notes[0].contains("`other`"));
    assert_eq!(learnt.broken, [5]);
    assert_eq!(learnt.files.len(), 1);
    assert_eq!(learnt.files[0].file, 1);
    assert_eq!(learnt.files[0].text, ARTICLE.replace("  deny ptrace,\n", "  deny ptrace,\n  /usr/bin/dash rm,\n"));
}

#[test]
fn no_more_rules_are_told_than_anybody_reads() {
    let text = format!("profile a {{\n{}}}\n", "  /** r,\n".repeat(1_000));
    let told = |lines: usize| {
        let decided = decide(&[("a", &text)], None, &"file /a r\n".repeat(lines));
        let last = decided.answers.last().map(|answer| answer.why.clone()).unwrap_or_default();
        (decided.answers.iter().map(|answer| answer.rules.len()).sum::<usize>(), last)
    };
    let plain = "A rule allows it and no rule denies it.".to_owned();
    assert_eq!(told(50), (50_000, plain.clone()));
    assert_eq!(told(51), (50_000, [&plain, " 1000 more rules decide it."].concat()));
}
