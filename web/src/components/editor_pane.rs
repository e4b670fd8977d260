use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

use crate::browser;
use crate::editor::{Editor, Plain, Rich};
use crate::files::FileKey;
use crate::hooks::{Page, Shared, use_page};
use crate::language::{say, say_with};
use crate::state::Analysis;

/// How many findings are underlined; far more than anybody looks at, and few enough for the editor.
const UNDERLINED: usize = 5_000;

/// The text: at first in a plain field, then in the editor that the user likes.
#[component]
pub(crate) fn EditorPane() -> Html {
    let page = use_page();
    let field = use_node_ref();
    let host = use_node_ref();
    let module = use_state(|| None::<JsValue>);
    let editor = use_mut_ref(|| None::<Editor>);
    let failed = use_state(|| false);
    let place = use_mut_ref(|| None::<(bool, u32, u32)>);
    let wants_rich = page.state.wants_rich_editor();
    let rich = wants_rich && module.is_some();

    // The editor's module comes after the first paint, and only for those who want it.
    {
        let (module, failed, editor, place) = (module.clone(), failed.clone(), editor.clone(), place.clone());
        let port = page.port.clone();
        use_effect_with(wants_rich, move |wants_rich| {
            if *wants_rich && module.is_none() {
                wasm_bindgen_futures::spawn_local(async move {
                    match browser::editor_module().await {
                        Some(loaded) => {
                            // Once it is hidden the plain field has no focus any more to be handed over.
                            port.flush();
                            if let Some(Editor::Plain(plain)) = editor.borrow().as_ref() {
                                *place.borrow_mut() = Some(plain.place());
                            }
                            module.set(Some(loaded));
                        }
                        None => failed.set(true),
                    }
                });
            }
        });
    }
    {
        let (page, field, host, editor, module) = (page.clone(), field.clone(), host.clone(), editor.clone(), module);
        use_effect_with(rich, move |rich| {
            let made = if *rich { mount_rich(&page, &host, &module, place.take()) } else { mount_plain(&page, &field) };
            page.port.set(made.clone());
            *editor.borrow_mut() = made;
            let port = page.port.clone();
            move || {
                port.flush();
                if let Some(Editor::Rich(rich)) = editor.borrow().as_ref() {
                    rich.destroy();
                }
                port.set(None);
            }
        });
    }
    // The shown file, and its text where something else than the editor has changed it.
    {
        let editor = editor.clone();
        let shown = page.state.active_file().cloned();
        use_effect_with((shown, rich), move |(shown, _)| {
            let Some(file) = shown else { return };
            match editor.borrow().as_ref() {
                Some(Editor::Plain(plain)) => plain.show(file.key, &file.text),
                Some(Editor::Rich(rich)) => rich.show(file.key, &file.name, &file.text),
                None => {}
            }
        });
    }
    {
        let editor = editor.clone();
        let fresh = page.state.analysis.clone().filter(|_| page.state.is_fresh());
        let shown = page.state.active_file().map(|file| (file.key, file.text.clone()));
        let of = (fresh.as_ref().map(|analysis| analysis.stamp), page.state.active, rich);
        use_effect_with(of, move |_| {
            let editor = editor.borrow();
            if let (Some(Editor::Rich(rich)), Some(analysis), Some((key, text))) = (editor.as_ref(), fresh, shown) {
                rich.set_diagnostics(key, &text, &underlined(&analysis, key));
            }
        });
    }
    {
        let editor = editor.clone();
        let shown = page.state.active_file().map(|file| (file.key, file.text.clone()));
        use_effect_with((page.state.lit(), page.state.active, rich), move |(lit, ..)| {
            if let (Some(Editor::Rich(rich)), Some((key, text))) = (editor.borrow().as_ref(), shown) {
                rich.set_lit(key, &text, lit);
            }
        });
    }
    {
        let editor = editor.clone();
        let words = page.state.falco.words.clone().map(Shared);
        use_effect_with((words, page.state.falco_files(), rich), move |(words, keys, _)| {
            if let (Some(Editor::Rich(rich)), Some(words)) = (editor.borrow().as_ref(), words) {
                rich.set_words(&serde_json::to_string(&*words.0).unwrap_or_default(), keys);
            }
        });
    }
    {
        let editor = editor.clone();
        use_effect_with((page.state.preferences.theme, rich), move |(theme, _)| {
            if let Some(Editor::Rich(rich)) = editor.borrow().as_ref() {
                rich.set_theme(browser::is_dark(*theme));
            }
        });
    }

    let input = {
        let editor = editor;
        Callback::from(move |event: InputEvent| {
            if let Some(Editor::Plain(plain)) = editor.borrow().as_ref() {
                let typed = event.input_type();
                plain.input(typed != "insertText" && !typed.starts_with("delete"));
            }
        })
    };
    let name = page.state.active_file().map(|file| file.name.to_string()).unwrap_or_default();
    html! {
        <div class="editor">
            <textarea ref={field} class="plain" id="text" hidden={rich} readonly={page.state.opening.read_only} aria-label={say_with("Text of {name}", &[("name", &name)])} spellcheck="false"
                autocapitalize="off" autocomplete="off" placeholder={say("Paste a Kubernetes manifest here")} oninput={input} />
            <div ref={host} class="rich" id="editor" hidden={!rich}></div>
            if *failed {
                <p class="editor-note">{ say("The editor with colours could not be loaded, so this is a plain text field.") }</p>
            }
        </div>
    }
}

fn mount_plain(page: &Page, field: &NodeRef) -> Option<Editor> {
    let field = field.cast::<HtmlTextAreaElement>()?;
    let file = page.state.active_file()?;
    Some(Editor::Plain(Plain::new(field, file.key, file.text.clone(), page.act.clone())))
}

fn mount_rich(
    page: &Page,
    host: &NodeRef,
    module: &Option<JsValue>,
    place: Option<(bool, u32, u32)>,
) -> Option<Editor> {
    let file = page.state.active_file()?;
    let dark = browser::is_dark(page.state.preferences.theme);
    let rich = Rich::mount(module.as_ref()?, &host.get()?.into(), file, dark, &page.act)?;
    if let Some((true, from, to)) = place {
        rich.reveal(file.key, from, to, true);
        rich.focus();
    }
    Some(Editor::Rich(rich))
}

/// A finding as the editor underlines it.
#[derive(Serialize)]
struct Underlined<'r> {
    id: usize,
    from: u32,
    to: u32,
    severity: &'static str,
    title: &'r str,
    what: &'r str,
    why: &'r str,
    how: &'r str,
    fixes: Vec<UnderlinedFix<'r>>,
}

#[derive(Serialize)]
struct UnderlinedFix<'r> {
    title: &'r str,
    safety: &'static str,
}

fn underlined(analysis: &Analysis, key: FileKey) -> String {
    let report = &analysis.report;
    let of_file = |file: u32| analysis.keys.get(file as usize) == Some(&key);
    let list: Vec<Underlined<'_>> = report
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| of_file(finding.primary.file))
        .take(UNDERLINED)
        .map(|(id, finding)| Underlined {
            id,
            from: finding.primary.range.start,
            to: finding.primary.range.end,
            severity: finding.severity.word(),
            title: &finding.title,
            what: &finding.what,
            why: &finding.why,
            how: &finding.how,
            fixes: finding
                .fixes
                .iter()
                .map(|fix| UnderlinedFix { title: &fix.title, safety: crate::words::safety_class(fix.safety) })
                .collect(),
        })
        .collect();
    serde_json::to_string(&list).unwrap_or_default()
}
