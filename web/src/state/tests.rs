use watertight_diagnostic::Level;
use watertight_diagnostic::report::{HardenReport, Report};
use watertight_text::{Edit, Span};
use watertight_worker::message::Reply;

use super::*;
use crate::{diff, examples, files, preferences, select};

/// A report as the worker sends it, of one text with one finding that has one fix.
fn report() -> Report {
    serde_json::from_str(include_str!("report.json")).expect("the canned report is one")
}

const TEXT: &str = "kind: Pod\nspec:\n  hostPID: true\n";

/// A page with that text and its report.
fn page() -> State {
    let mut state = State::default();
    state.apply(Action::Start {
        preferences: None,
        files: None,
        typed: Some(TEXT.to_owned()),
        opening: Opening::default(),
    });
    let stamp = state.stamp;
    state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report()))));
    assert!(state.is_fresh());
    state
}

fn asked(effects: &[Effect]) -> Vec<&Purpose> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask { question, .. } => Some(&question.purpose),
            _ => None,
        })
        .collect()
}

/// Does what the editor does with an effect: the text changes and is told back.
fn edit(state: &mut State, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Edit { key, base, edits } = effect {
            let text = files::apply_utf16(&base, &edits).unwrap();
            state.apply(Action::Edited { key, text: text.into() });
        }
    }
}

fn text(state: &State) -> &str {
    &state.active_file().unwrap().text
}

#[test]
fn a_file_that_was_closed_is_opened_again() {
    let mut state = page();
    let key = state.active;
    state.apply(Action::Close(key));
    assert_eq!(text(&state), "");
    assert!(state.notices.last().is_some_and(|notice| notice.undo.is_some()));
    state.apply(Action::Undo);
    assert_eq!((text(&state), state.files.len()), (TEXT, 1));
    assert_eq!(state.notices, []);
    // What nobody has written is closed without a word.
    state.apply(Action::Start { preferences: None, files: None, typed: None, opening: Opening::default() });
    state.apply(Action::Close(state.active));
    assert_eq!(state.notices, []);
}

#[test]
fn what_was_closed_outlives_what_is_told_after_it() {
    let mut state = page();
    state.apply(Action::Opened(vec![("a.yaml".to_owned(), "a".to_owned()), ("b.yaml".to_owned(), "b".to_owned())]));
    let keys: Vec<_> = state.files.iter().map(|file| file.key).collect();
    let shown = |state: &State| -> Vec<String> {
        state.offered().into_iter().chain(state.passing()).map(|notice| notice.text.clone()).collect()
    };
    for key in &keys[1..] {
        state.apply(Action::Close(*key));
        state.apply(Action::Copied(true));
    }
    assert_eq!(shown(&state), ["b.yaml is closed.", "Copied."]);
    let number = state.notices.last().unwrap().number;
    state.apply(Action::CloseNotice { number, has_focus: false });
    assert_eq!(shown(&state), ["b.yaml is closed."]);
    for (text, left) in [("b", vec!["a.yaml is closed."]), ("a", Vec::new())] {
        state.apply(Action::Undo);
        assert_eq!((self::text(&state), shown(&state)), (text, left.into_iter().map(String::from).collect()));
    }

    // Nor does it give way to what is told of its own closing.
    state.apply(Action::Remember(true));
    state.apply(Action::Edited { key: keys[0], text: "a".repeat(preferences::MAX_REMEMBERED + 1).into() });
    state.apply(Action::Close(state.active));
    assert!(
        matches!(shown(&state).as_slice(), [closed, large] if closed.ends_with("is closed.") && large.contains("too large"))
    );
    state.apply(Action::Undo);
    assert_eq!(state.files.len(), 3);
}

#[test]
fn what_was_changed_is_undone_beside_the_text_by_whoever_has_gone_on() {
    for (phone, expected) in [(true, Some(true)), (false, None)] {
        let mut state = page();
        state.opening.phone = phone;
        state.preferences.editor = preferences::EditorKind::Rich;
        let (key, base) = (state.active, state.active_file().unwrap().text.clone());
        let mut effects = Vec::new();
        state.change(vec![(key, base, vec![Edit::insert(0, "# ")])], "Done.", &mut effects);
        edit(&mut state, effects);
        let is_past = |state: &State| state.offered().map(|notice| notice.past);
        // Whoever looks at the text may want to undo what is seen there.
        for action in [Action::Side(Side::Text), Action::Side(Side::Results), Action::Tab(state.tab)] {
            state.apply(action);
            assert_eq!(is_past(&state), Some(false));
        }
        state.apply(Action::Tab(Tab::Checklist));
        assert_eq!(is_past(&state), expected, "a phone has no key to undo");
        // What is closed comes back from its message alone.
        state.apply(Action::Close(key));
        state.apply(Action::Tab(Tab::Findings));
        assert_eq!(is_past(&state), Some(false));
    }
}

#[test]
fn a_file_that_nobody_has_named_is_called_by_what_it_is() {
    use watertight_diagnostic::report::InputKind;
    let pasted = |state: &mut State, kind: InputKind| {
        let text = format!("{kind:?}").repeat(9);
        state.apply(Action::Edited { key: state.active, text: text.into() });
        let mut report = report();
        report.files[0].kind = kind;
        report.files[0].name = state.active_file().unwrap().name.to_string();
        let stamp = state.stamp;
        state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report))));
        state.active_file().unwrap().name.to_string()
    };
    let example = || {
        let mut state = State::default();
        state.apply(Action::Start { preferences: None, files: None, typed: None, opening: Opening::default() });
        let stamp = state.stamp;
        state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report()))));
        state
    };
    let kinds = [
        (InputKind::Compose, "compose.yaml"),
        (InputKind::CommandLines, "run.sh"),
        (InputKind::Unknown, "run.sh"),
        (InputKind::Seccomp, "seccomp.json"),
        (InputKind::KubernetesYaml, "untitled.yaml"),
        (InputKind::AppArmor, "profile.apparmor"),
    ];
    let mut state = example();
    for (kind, name) in kinds {
        assert_eq!(pasted(&mut state, kind), name, "{kind:?}");
        assert_eq!(state.report().unwrap().files[0].name, name);
    }
    // Beside others it is asked again, for they may mean it by its name.
    let mut state = example();
    state.apply(Action::NewFile);
    state.apply(Action::Edited { key: state.active, text: "{}".into() });
    let mut both = report();
    both.files.push(both.files[0].clone());
    both.files[1].kind = InputKind::Seccomp;
    for is_second in [false, true] {
        let stamp = state.stamp;
        let asked = state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(both.clone()))));
        assert_eq!(state.active_file().unwrap().name, "seccomp.json".into());
        let again = |effect: &&Effect| match effect {
            Effect::Ask { question, .. } => matches!(question.purpose, Purpose::Analyse { .. }),
            _ => false,
        };
        assert_eq!((asked.iter().filter(again).count(), state.is_fresh()), (usize::from(!is_second), is_second));
    }
    // An example that was worked on is named by what takes its place too; what somebody has named keeps its name.
    let mut state = example();
    let text = format!("{}# mine\n", text(&state));
    state.apply(Action::Edited { key: state.active, text: text.into() });
    assert_eq!(state.active_file().unwrap().name, examples::FIRST.0.into());
    assert_eq!(pasted(&mut state, InputKind::Compose), "compose.yaml");
    state.apply(Action::Rename(state.active, "mine.txt".to_owned()));
    assert_eq!(pasted(&mut state, InputKind::Seccomp), "mine.txt");
}

#[test]
fn what_messages_keep_is_bounded() {
    let mut state = page();
    for n in 0..30 {
        state.apply(Action::Opened(vec![(format!("{n}.yaml"), n.to_string())]));
        state.apply(Action::Close(state.active));
    }
    assert_eq!(state.notices.len(), 10);
    state.apply(Action::Undo);
    assert_eq!(text(&state), "29");
}

#[test]
fn a_panel_that_waits_is_not_up_to_date() {
    let mut state = page();
    assert!(state.is_settled());
    state.apply(Action::Tab(Tab::Hardened));
    assert!(state.is_fresh() && !state.is_settled(), "the findings are, the hardened text is not");
    let stamp = state.stamp;
    state.hear(Heard::TooSlow(Some(Purpose::Harden { stamp }), 5));
    assert!(!state.is_settled(), "it shows what is older");
    state.apply(Action::TryAgain);
    for heard in [
        Heard::Answered(Purpose::Analyse { stamp: stamp + 1 }, Reply::Report(Box::new(report()))),
        Heard::Answered(Purpose::Harden { stamp: stamp + 1 }, Reply::Failed { reason: String::new() }),
        Heard::Answered(Purpose::Analyse { stamp: stamp + 1 }, Reply::Report(Box::new(report()))),
    ] {
        assert!(!state.is_settled());
        state.hear(heard);
    }
    state.apply(Action::Tab(Tab::Findings));
    state.hear(Heard::Stopped(Some(Purpose::Harden { stamp: stamp + 1 }), String::new()));
    state.apply(Action::TryAgain);
    let stamp = state.stamp;
    state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report()))));
    assert!(state.is_settled());
}

/// What is told to the browser about asking before the page goes.
fn held(effects: &[Effect]) -> Option<bool> {
    effects.iter().find_map(|effect| match effect {
        Effect::Hold(hold) => Some(*hold),
        _ => None,
    })
}

#[test]
fn the_browser_asks_before_what_is_kept_nowhere_goes() {
    let begun = |opening: Opening, preferences: Option<&str>| {
        let mut state = State::default();
        let preferences = preferences.map(str::to_owned);
        let effects = state.apply(Action::Start { preferences, files: None, typed: None, opening });
        assert_eq!(held(&effects), None, "an example or a link is not written by the reader");
        state
    };
    let write = |state: &mut State, text: &str| {
        let key = state.active;
        held(&state.apply(Action::Edited { key, text: text.into() }))
    };
    let mut state = begun(Opening::default(), None);
    assert_eq!(
        (write(&mut state, "mine"), write(&mut state, "mine too"), write(&mut state, " ")),
        (Some(true), None, Some(false))
    );
    assert_eq!(write(&mut state, "mine"), Some(true));
    assert_eq!(held(&state.apply(Action::Remember(true))), Some(false));
    assert_eq!(held(&state.apply(Action::Remember(false))), Some(true));

    let remembers = Some(r#"{"remember":true}"#);
    let link = Opening { link: Some(Ok(r#"{"files":[{"text":"x"}]}"#.to_owned())), ..Opening::default() };
    let large = "a".repeat(crate::preferences::MAX_REMEMBERED + 1);
    for (opening, text, expected) in [
        (Opening::default(), "mine", None),
        (Opening::default(), large.as_str(), Some(true)),
        (link, "mine", Some(true)),
        (Opening { embed: true, ..Opening::default() }, "mine", None),
    ] {
        assert_eq!(write(&mut begun(opening.clone(), remembers), text), expected, "{opening:?}");
    }
}

#[test]
fn a_new_file_is_written_in_at_once() {
    let mut state = page();
    let effects = state.apply(Action::NewFile);
    let key = state.active;
    assert_eq!((text(&state), state.files.len()), ("", 2));
    assert!(effects.contains(&Effect::Reveal { key, from: 0, to: 0, go: true }), "{effects:?}");
}

#[test]
fn a_new_visitor_sees_an_example_analysed() {
    let mut state = State::default();
    let effects = state.apply(Action::Start {
        preferences: None,
        files: None,
        typed: Some("  \n".to_owned()),
        opening: Opening::default(),
    });
    assert_eq!(asked(&effects), [&Purpose::Analyse { stamp: 1 }]);
    assert_eq!(text(&state), examples::FIRST.1);
}

#[test]
fn what_was_typed_before_the_app_came_is_kept() {
    assert_eq!(text(&page()), TEXT);
}

#[test]
fn files_are_stored_only_for_those_who_want_it() {
    let mut state = page();
    let stored = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::StoreFiles(Some(_))));
    let key = state.active;
    assert!(!stored(&state.apply(Action::Edited { key, text: "a: 1\n".into() })));
    assert!(stored(&state.apply(Action::Remember(true))));
    let effects = state.apply(Action::Edited { key, text: "a: 2\n".into() });
    assert!(stored(&effects));
    let json = effects
        .iter()
        .find_map(|effect| match effect {
            Effect::StoreFiles(json) => json.clone(),
            _ => None,
        })
        .unwrap();
    let mut next = State::default();
    next.apply(Action::Start {
        preferences: Some(state.preferences.write()),
        files: Some(json.clone()),
        typed: None,
        opening: Opening::default(),
    });
    assert_eq!(text(&next), "a: 2\n");
    let mut private = State::default();
    private.apply(Action::Start { preferences: None, files: Some(json), typed: None, opening: Opening::default() });
    assert_ne!(text(&private), "a: 2\n", "what was stored counts only while the user wants it");
    assert!(state.apply(Action::Remember(false)).contains(&Effect::StoreFiles(None)));
}

#[test]
fn late_answers_are_dropped() {
    let mut state = page();
    let key = state.active;
    let old = state.stamp;
    state.apply(Action::Edited { key, text: "kind: Pod\n".into() });
    assert!(!state.is_fresh());
    state.hear(Heard::Answered(Purpose::Analyse { stamp: old }, Reply::Report(Box::new(report()))));
    assert!(!state.is_fresh());
}

#[test]
fn the_same_text_is_not_asked_twice() {
    let mut state = page();
    let key = state.active;
    assert_eq!(state.apply(Action::Edited { key, text: TEXT.into() }), []);
    let settings = state.settings;
    assert_eq!(state.apply(Action::Settings(settings)), []);
    let effects = state.apply(Action::Settings(Settings { level: Level::Baseline, ..settings }));
    assert_eq!(asked(&effects).len(), 1);
}

#[test]
fn a_fix_is_shown_made_and_undone() {
    let mut state = page();
    let effects = state.apply(Action::PreviewFix { finding: 0, fix: 0 });
    let purpose = asked(&effects)[0].clone();
    let edits = vec![Edit::remove(Span::new(16, 32))];
    state.hear(Heard::Answered(purpose, Reply::Edits { edits, refused: Vec::new() }));
    let ready = state.preview.as_ref().unwrap().ready.clone().unwrap();
    assert_eq!(diff::counts(&ready.rows), (0, 1));
    let effects = state.apply(Action::ApplyFix { finding: 0, fix: 0 });
    edit(&mut state, effects);
    assert_eq!(text(&state), "kind: Pod\nspec:\n");
    let effects = state.apply(Action::Undo);
    edit(&mut state, effects);
    assert_eq!(text(&state), TEXT);
}

#[test]
fn a_fix_that_is_refused_changes_nothing() {
    let mut state = page();
    let effects = state.apply(Action::ApplyFix { finding: 0, fix: 0 });
    let purpose = asked(&effects)[0].clone();
    let reply = Reply::Edits { edits: Vec::new(), refused: vec!["It is not there any more.".to_owned()] };
    assert_eq!(state.hear(Heard::Answered(purpose, reply)), []);
    assert!(state.notices[0].text.contains("not there any more"));
}

#[test]
fn a_fix_for_an_older_text_is_dropped() {
    let mut state = page();
    let effects = state.apply(Action::ApplyFix { finding: 0, fix: 0 });
    let purpose = asked(&effects)[0].clone();
    let key = state.active;
    state.apply(Action::Edited { key, text: "é".into() });
    let reply = Reply::Edits { edits: vec![Edit::remove(Span::new(16, 32))], refused: Vec::new() };
    assert_eq!(state.hear(Heard::Answered(purpose, reply)), []);
}

#[test]
fn undo_does_not_throw_away_what_was_typed_since() {
    let mut state = page();
    let effects = state.apply(Action::ApplyFix { finding: 0, fix: 0 });
    let purpose = asked(&effects)[0].clone();
    let reply = Reply::Edits { edits: vec![Edit::remove(Span::new(16, 32))], refused: Vec::new() };
    let effects = state.hear(Heard::Answered(purpose, reply));
    assert!(matches!(effects.as_slice(), [Effect::Edit { .. }, Effect::Focus("undo")]), "{effects:?}");
    edit(&mut state, effects);
    let key = state.active;
    state.apply(Action::Edited { key, text: "mine".into() });
    assert_eq!(state.apply(Action::Undo), [Effect::Focus("panel")], "the text is left alone");
    assert_eq!(text(&state), "mine");
}

#[test]
fn hardening_is_asked_for_when_it_is_looked_at() {
    let mut state = page();
    let effects = state.apply(Action::Tab(Tab::Hardened));
    let purpose = asked(&effects)[0].clone();
    assert_eq!(purpose, Purpose::Harden { stamp: state.stamp });
    let mut hardened: HardenReport = serde_json::from_str(
        r#"{"v":1,"level":"restricted","reached":true,"files":[{"name":"untitled.yaml","kind":"kubernetes-yaml","text":"","diff":"","applied":[],"left":[],"readable":true}]}"#,
    )
    .unwrap();
    hardened.files[0].text = "kind: Pod\nspec: {}\n".to_owned();
    state.hear(Heard::Answered(purpose, Reply::Hardened(Box::new(hardened))));
    assert_eq!(asked(&state.apply(Action::Tab(Tab::Hardened))), Vec::<&Purpose>::new(), "once is enough");
    let effects = state.apply(Action::ApplyHardened);
    edit(&mut state, effects);
    assert_eq!(text(&state), "kind: Pod\nspec: {}\n");
    let effects = state.apply(Action::Undo);
    edit(&mut state, effects);
    assert_eq!(text(&state), TEXT);
}

#[test]
fn a_lost_engine_keeps_the_text_and_says_why() {
    let mut state = page();
    state.hear(Heard::TooSlow(Some(Purpose::Analyse { stamp: state.stamp }), 5));
    assert_eq!(text(&state), TEXT);
    assert_eq!(state.trouble, Some(Trouble::TooSlow { seconds: 5 }));
    let effects = state.apply(Action::TryAgain);
    assert!(matches!(effects[..], [Effect::Ask { more_time: 1, .. }]));
    let stamp = state.stamp;
    state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report()))));
    assert_eq!(state.trouble, None);
}

#[test]
fn opened_findings_stay_open_after_the_next_analysis() {
    let mut state = page();
    let effects = state.apply(Action::Toggle(0));
    assert!(matches!(effects[..], [Effect::Reveal { from: 18, .. }]));
    state.apply(Action::TryAgain);
    let stamp = state.stamp;
    state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report()))));
    assert_eq!(state.opened.len(), 1);
}

#[test]
fn files_come_and_go() {
    let mut state = State::default();
    state.apply(Action::Start { preferences: None, files: None, typed: None, opening: Opening::default() });
    state.apply(Action::Opened(vec![("a.yaml".into(), "a: 1".into()), ("a.yaml".into(), "a: 2".into())]));
    let names: Vec<&str> = state.files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["a.yaml", "a-2.yaml"], "the untouched example makes room");
    let (first, second) = (state.files[0].key, state.files[1].key);
    state.apply(Action::Rename(second, "a.yaml".into()));
    assert_eq!(&*state.files[1].name, "a-2.yaml", "no two files of one name");
    state.apply(Action::Rename(second, " b.yaml ".into()));
    assert_eq!(&*state.files[1].name, "b.yaml");
    state.apply(Action::Close(second));
    assert_eq!(state.active, first);
    state.apply(Action::Close(first));
    assert_eq!((state.files.len(), text(&state)), (1, ""));
}

#[test]
fn lost_indentation_is_offered_back() {
    let mut state = State::default();
    state.apply(Action::Start {
        preferences: None,
        files: None,
        typed: Some("kind: Pod\nspec:\nhostPID: true\n".into()),
        opening: Opening::default(),
    });
    let mut flat = report();
    flat.files[0].restorable = true;
    let purpose = Purpose::Analyse { stamp: state.stamp };
    let effects = state.hear(Heard::Answered(purpose, Reply::Report(Box::new(flat))));
    let purpose = asked(&effects)[0].clone();
    state.hear(Heard::Answered(purpose, Reply::Restored { text: Some(TEXT.to_owned()) }));
    assert!(!state.restored.as_ref().unwrap().rows.is_empty());
    let effects = state.apply(Action::ApplyRestored);
    edit(&mut state, effects);
    assert_eq!(text(&state), TEXT);
    assert_eq!(state.restored, None);
}

#[test]
fn filters_count_what_they_leave() {
    let mut state = page();
    state.apply(Action::Filter(Filter { query: "CKV_K8S_17 pod".into(), ..Filter::default() }));
    assert_eq!(&*state.announcement, "1 finding listed");
    state.apply(Action::Filter(Filter { query: "nothing".into(), ..Filter::default() }));
    assert_eq!(select::groups(state.report().unwrap(), &state.filter), []);
    state.apply(Action::OpenFinding(0));
    assert_eq!(state.filter, Filter::default(), "a finding that is asked for is listed");
}

#[test]
fn grouped_by_object() {
    let state = page();
    let groups = select::groups(state.report().unwrap(), &Filter::default());
    assert_eq!(groups.len(), 1);
    assert_eq!((groups[0].title.as_str(), &groups[0].findings[..]), ("Pod without a name", &[0][..]));
}

/// The map is asked for when it is shown, again when the text changes, and not while it is not looked at.
#[test]
fn the_map_is_asked_for_when_it_is_shown() {
    let asks = |effects: &[Effect]| -> Vec<(u64, usize)> {
        let maps = effects.iter().filter_map(|effect| match effect {
            Effect::Ask { question, .. } => match question.purpose {
                Purpose::Map { stamp, pod } => Some((stamp, pod)),
                _ => None,
            },
            _ => None,
        });
        maps.collect()
    };
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n---\n";
    let mut report = report();
    let pod: serde_json::Value = serde_json::json!({
        "place": {"file": 0, "range": {"start": 0, "end": 0, "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                  "route": null, "label": ""},
        "document": 0, "kind": "Pod", "name": "a", "namespace": null, "containers": ["a"], "admittedBy": "privileged",
        "admission": []
    });
    report.pods = vec![serde_json::from_value(pod.clone()).unwrap(), serde_json::from_value(pod).unwrap()];
    let mut state = State::default();
    let key = state.active;
    state.apply(Action::Edited { key, text: text.into() });
    let stamp = state.stamp;
    let effects = state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report.clone()))));
    assert_eq!(asks(&effects), []);
    assert_eq!(asks(&state.apply(Action::Tab(Tab::Map))), [(stamp, 0)]);
    assert_eq!(asks(&state.apply(Action::MapPod(1))), [(stamp, 1)]);
    state.apply(Action::Edited { key, text: [text, "#"].concat().into() });
    let next = state.stamp;
    let effects =
        state.hear(Heard::Answered(Purpose::Analyse { stamp: next }, Reply::Report(Box::new(report.clone()))));
    assert_eq!(asks(&effects), [(next, 1)]);

    // Until one is chosen it is the pod of the gravest finding, which stands first.
    let mut state = State::default();
    state.apply(Action::Edited { key: state.active, text: text.into() });
    report.findings.first_mut().unwrap().pod = Some(1);
    let stamp = state.stamp;
    state.hear(Heard::Answered(Purpose::Analyse { stamp }, Reply::Report(Box::new(report))));
    assert_eq!(asks(&state.apply(Action::Tab(Tab::Map))), [(stamp, 1)]);
}

#[test]
fn a_button_that_goes_away_gives_the_focus_to_the_panel() {
    let mut state = State::default();
    for (has_focus, expected) in [(true, vec![Effect::Focus("panel")]), (false, Vec::new())] {
        state.tell("done");
        let number = state.notices[0].number;
        assert_eq!(state.apply(Action::CloseNotice { number, has_focus }), expected);
        assert_eq!(state.notices, []);
    }
    assert_eq!(state.apply(Action::DismissRestored), [Effect::Focus("panel")]);
}
