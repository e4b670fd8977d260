use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::app::{focus_soon, target};
use super::icon::Icon;
use crate::browser;
use crate::files::{FileKey, OpenFile};
use crate::hooks::{Page, use_page};
use crate::language::{say, say_with};
use crate::state::Action;
use crate::words;

const RENAME: &str = "rename";
/// The tab of the file that is shown.
const HERE: &str = "file-here";

/// The open files.
#[component]
pub(crate) fn FileTabs() -> Html {
    let page = use_page();
    let state = &page.state;
    let renaming = use_state(|| None::<FileKey>);
    use_effect_with(state.active, |_| browser::scroll_along(HERE, "li", "ul"));
    let worst = |key: FileKey| {
        let analysis = state.analysis.as_ref()?;
        let place = analysis.keys.iter().position(|other| *other == key)?;
        let of_file = analysis.report.findings.iter().filter(|finding| finding.primary.file as usize == place);
        of_file.map(|finding| finding.severity).max()
    };
    let file = |file: &OpenFile| {
        let key = file.key;
        let here = key == state.active;
        let name = file.name.to_string();
        if *renaming == Some(key) {
            return rename(&page, &renaming, file);
        }
        let begin = {
            let renaming = renaming.clone();
            Callback::from(move |()| {
                renaming.set(Some(key));
                focus_soon(RENAME.to_owned());
            })
        };
        let double = begin.reform(|_: MouseEvent| ());
        let pressed = Callback::from(move |event: KeyboardEvent| {
            if event.key() == "F2" {
                begin.emit(());
            }
        });
        html! {
            <li key={key.0} class={classes!("file", here.then_some("file-here"))}>
                <button type="button" class="file-name" id={here.then_some(HERE)} aria-current={here.then_some("true")}
                    title={say_with("{name} (F2 or a double click renames it)", &[("name", &name)])}
                    onclick={page.on(Action::Show(key))} ondblclick={double} onkeydown={pressed}>
                    if let Some(severity) = worst(key) {
                        <span class={classes!("dot", severity.word())}>
                            <span class="unseen">{ say_with("{severity} findings in", &[("severity", &words::severity(severity))]) }{ " " }</span>
                        </span>
                    }
                    { &name }
                </button>
                <button type="button" class="file-close" aria-label={say_with("Close {name}", &[("name", &name)])} onclick={and_here(&page, Action::Close(key))}>
                    { Icon::Close.draw() }
                </button>
            </li>
        }
    };
    html! {
        <nav class="files" aria-label={say("Files")}>
            <ul class="files-list">{ for state.files.iter().map(file) }</ul>
            <button type="button" class="file-new" aria-label={say("New file")} title={say("New file")} onclick={and_here(&page, Action::NewFile)}>
                { Icon::Plus.draw() }
            </button>
        </nav>
    }
}

/// Does something, and then the focus is on the tab of the file that is shown, which brings it into view.
fn and_here(page: &Page, action: Action) -> Callback<MouseEvent> {
    page.on(action).reform(|event: MouseEvent| {
        focus_soon(HERE.to_owned());
        event
    })
}

/// The field for the new name of a file, in the place of its tab.
fn rename(page: &Page, renaming: &UseStateHandle<Option<FileKey>>, file: &OpenFile) -> Html {
    let done = {
        let (act, renaming, file) = (page.act.clone(), renaming.clone(), file.key);
        Callback::from(move |name: Option<String>| {
            renaming.set(None);
            if let Some(name) = name {
                act.emit(Action::Rename(file, name));
            }
        })
    };
    let key = {
        let done = done.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" => done.emit(target::<HtmlInputElement>(&event).map(|input| input.value())),
                "Escape" => done.emit(None),
                _ => return,
            }
            focus_soon(HERE.to_owned());
        })
    };
    let leave = Callback::from(move |event: FocusEvent| {
        done.emit(target::<HtmlInputElement>(&event).map(|input| input.value()));
    });
    html! {
        <li key={file.key.0} class="file file-here">
            <input id={RENAME} class="file-rename" aria-label={say("New name of the file")} value={file.name.to_string()}
                maxlength="200" onkeydown={key} onblur={leave} />
        </li>
    }
}
