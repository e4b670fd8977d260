//! What the page asks of the browser. Everything may be refused (a frame without storage, an old browser), and then
//! nothing happens and the caller hears of it.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlElement, Storage, Url, Window};

use crate::preferences::{Language, Theme};
use crate::state::Opening;

/// Where preferences are stored.
pub(crate) const PREFERENCES: &str = "watertight.preferences";
/// Where files are stored, when the user wants that.
pub(crate) const FILES: &str = "watertight.files";

/// Where the ids of solved lessons are stored.
pub(crate) const LESSONS: &str = "watertight.lessons";

pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Focuses an element by its id.
pub(crate) fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.focus();
    }
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// What was stored.
pub(crate) fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Stores or removes; `false` when the browser does not let us.
pub(crate) fn store(key: &str, value: Option<&str>) -> bool {
    let Some(storage) = storage() else { return value.is_none() };
    match value {
        Some(value) => storage.set_item(key, value).is_ok(),
        None => storage.remove_item(key).is_ok(),
    }
}

/// Makes the page light or dark.
pub(crate) fn use_theme(theme: Theme) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let _ = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
}

/// Whether the page is dark, with the system asked where the user leaves it to the system.
pub(crate) fn is_dark(theme: Theme) -> bool {
    match theme {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System => matches("(prefers-color-scheme: dark)"),
    }
}

/// Whether a media query holds.
pub(crate) fn matches(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok()?).is_some_and(|list| list.matches())
}

/// Copies a text.
pub(crate) async fn copy(text: &str) -> bool {
    let Some(clipboard) = window().map(|window| window.navigator().clipboard()) else { return false };
    if clipboard.is_undefined() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Saves a text as a file.
pub(crate) fn download(name: &str, text: &str) -> Option<()> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/plain;charset=utf-8");
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The click has started the download, which holds the blob by itself.
    let _ = Url::revoke_object_url(&address);
    Some(())
}

/// A member of what `start.js` has put into the page.
fn given(name: &str) -> Option<JsValue> {
    let given = Reflect::get(&js_sys::global(), &"watertight".into()).ok()?;
    Reflect::get(&given, &name.into()).ok().filter(|value| !value.is_undefined())
}

/// A new worker that runs the engine.
pub(crate) fn new_worker() -> Option<web_sys::Worker> {
    let make: Function = given("worker")?.dyn_into().ok()?;
    make.call0(&JsValue::UNDEFINED).ok().map(JsCast::unchecked_into)
}

/// Whether the browser says that it runs on a phone, which may well have a pen or a mouse. Source: User-Agent Client Hints.
fn calls_itself_mobile() -> bool {
    let hints = window().and_then(|window| Reflect::get(&window.navigator(), &"userAgentData".into()).ok());
    hints.is_some_and(|hints| is(&hints, "mobile"))
}

/// Whether an object has such a member, and it is not false.
pub(crate) fn is(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|value| value.is_truthy())
}

/// How the address asks the page to open.
pub(crate) async fn opening() -> Opening {
    let Some(read) = given("opening").and_then(|read| read.dyn_into::<Function>().ok()) else {
        return Opening::default();
    };
    let Some(promise) = read.call0(&JsValue::UNDEFINED).ok().and_then(|made| made.dyn_into::<Promise>().ok()) else {
        return Opening::default();
    };
    let asked = wasm_bindgen_futures::JsFuture::from(promise).await.unwrap_or_default();
    let text = |name: &str| Reflect::get(&asked, &name.into()).ok().and_then(|value| value.as_string());
    let is = |name: &str| is(&asked, name);
    Opening {
        link: text("shared").map(Ok).or_else(|| text("error").map(Err)),
        fresh: is("fresh"),
        embed: is("embed"),
        read_only: is("readOnly"),
        phone: matches("(width < 560px)") && (matches("(pointer: coarse)") || calls_itself_mobile()),
        view: text("view"),
        lesson: text("lesson"),
    }
}

/// Gives the page's tools a way to act, `act(kind, value)`, and to see what is open, `state()`.
pub(crate) fn hand_out(act: impl Fn(String, String) + 'static, state: impl Fn() -> String + 'static) {
    let Ok(page) = Reflect::get(&js_sys::global(), &"watertight".into()) else { return };
    let act = Closure::<dyn Fn(String, String)>::new(act).into_js_value();
    let state = Closure::<dyn Fn() -> String>::new(state).into_js_value();
    for (name, value) in [("act", act), ("read", state)] {
        let _ = Reflect::set(&page, &name.into(), &value);
    }
}

/// Gets the course of lessons.
pub(crate) async fn lessons() -> Option<String> {
    promised("lessons").await?.as_string()
}

/// Calls a function of `start.js` that gives nothing back.
pub(crate) fn tell_start(name: &str, argument: &JsValue) {
    if let Some(told) = given(name).and_then(|told| told.dyn_into::<Function>().ok()) {
        let _ = told.call1(&JsValue::UNDEFINED, argument);
    }
}

/// Loads the editor's module.
pub(crate) async fn editor_module() -> Option<JsValue> {
    promised("editor").await
}

/// The catalogue of the language that the page starts with.
pub(crate) fn first_catalogue() -> Option<String> {
    given("catalogue")?.as_string()
}

/// Changes the language of what is drawn outside of the app; gives the catalogue.
pub(crate) async fn catalogue(language: Language) -> Option<String> {
    promised_with("speak", &language.word().into()).await?.as_string()
}

/// What a function of `start.js` promises.
async fn promised(name: &str) -> Option<JsValue> {
    promised_with(name, &JsValue::UNDEFINED).await
}

async fn promised_with(name: &str, argument: &JsValue) -> Option<JsValue> {
    let load: Function = given(name)?.dyn_into().ok()?;
    let promise: Promise = load.call1(&JsValue::UNDEFINED, argument).ok()?.dyn_into().ok()?;
    wasm_bindgen_futures::JsFuture::from(promise).await.ok()
}

/// Calls a method of a JavaScript object.
pub(crate) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    let arguments: Array = arguments.iter().collect();
    method.apply(object, &arguments).ok()
}

/// What was typed into the first field, which was in the page before the app, where it differs from what stood there;
/// takes that whole first page away.
pub(crate) fn take_typed() -> Option<String> {
    let field: web_sys::HtmlTextAreaElement = element("first-text")?.dyn_into().ok()?;
    let (typed, given) = (field.value(), field.default_value().ok());
    let scrolled = field.scroll_top();
    // Whoever has begun to type goes on in the app's own field, where they were.
    let place = has_focus("first-text").then(|| (field.selection_start(), field.selection_end()));
    if place.is_some() {
        focus("text");
    }
    let shown = typed.clone();
    // The text is there in a moment, unless something else is opened.
    Timeout::new(0, move || {
        let text = element("text").and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
        let Some(text) = text.filter(|text| text.value() == shown) else { return };
        if let Some((Ok(Some(from)), Ok(Some(to)))) = place {
            let _ = text.set_selection_range(from, to);
        }
        text.set_scroll_top(scrolled);
    })
    .forget();
    if let Some(shell) = element("shell") {
        shell.remove();
    }
    (given.as_ref() != Some(&typed)).then_some(typed)
}

/// Scrolls an element into view and gives it the focus.
pub(crate) fn scroll_to(id: &str) {
    show(id);
    focus(id);
}

/// Scrolls the list that an element of it stands in, so that the element is seen: its item and the list, as selectors. Nothing
/// else moves: a page that this one is embedded in stays where it is.
pub(crate) fn scroll_along(id: &str, item: &str, list: &str) {
    let around = |name: &str| element(id)?.closest(name).ok()??.dyn_into::<HtmlElement>().ok();
    let (Some(item), Some(list)) = (around(item), around(list)) else { return };
    let (left, width) = (item.offset_left() - list.offset_left(), item.offset_width());
    let is_seen = left >= list.scroll_left() && left + width <= list.scroll_left() + list.client_width();
    if !is_seen {
        list.set_scroll_left(left);
    }
}

/// Brings an element into view, and leaves the focus where it is.
pub(crate) fn show(id: &str) {
    let Some(element) = element(id) else { return };
    let options = web_sys::ScrollIntoViewOptions::new();
    // What does not fit is seen from its beginning.
    let is_tall = self::element("panel").is_some_and(|panel| element.offset_height() > panel.client_height());
    let block = if is_tall { web_sys::ScrollLogicalPosition::Start } else { web_sys::ScrollLogicalPosition::Nearest };
    options.set_block(block);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether the element of that id has the focus.
pub(crate) fn has_focus(id: &str) -> bool {
    document().and_then(|document| document.active_element()).is_some_and(|element| element.id() == id)
}
