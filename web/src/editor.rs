//! The two editors behind one set of functions.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use watertight_text::Edit;
use web_sys::{HtmlDocument, HtmlTextAreaElement};
use yew::Callback;

use crate::browser::call;
use crate::files::{self, FileKey, OpenFile};
use crate::state::Action;

/// How long a pause in typing is, in milliseconds.
const PAUSE: u32 = 150;

/// What became of edits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Applied {
    /// They are in the text.
    Yes,
    /// The editor does not know the file yet: the state has to be changed directly.
    NotHere,
    /// The text is another one by now.
    TooLate,
}

/// The editor that is in the page now. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Port(Rc<RefCell<Option<Editor>>>);

/// An editor.
#[derive(Clone)]
pub(crate) enum Editor {
    /// A text field.
    Plain(Rc<Plain>),
    /// CodeMirror.
    Rich(Rc<Rich>),
}

impl PartialEq for Port {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Port {
    /// Puts an editor in the place of the last one.
    pub(crate) fn set(&self, editor: Option<Editor>) {
        *self.0.borrow_mut() = editor;
    }

    fn get(&self) -> Option<Editor> {
        self.0.borrow().clone()
    }

    /// Hands over what has been typed and not told yet.
    pub(crate) fn flush(&self) {
        match self.get() {
            Some(Editor::Plain(plain)) => plain.flush(),
            Some(Editor::Rich(rich)) => rich.flush(),
            None => {}
        }
    }

    /// Makes edits in one undo step.
    pub(crate) fn apply(&self, key: FileKey, base: &str, edits: &[Edit]) -> Applied {
        match self.get() {
            Some(Editor::Plain(plain)) => plain.apply(key, base, edits),
            Some(Editor::Rich(rich)) => rich.apply(key, base, edits),
            None => Applied::NotHere,
        }
    }

    /// Selects a stretch, in UTF-16 code units of the file's text.
    pub(crate) fn reveal(&self, key: FileKey, from: u32, to: u32, go: bool) {
        match self.get() {
            Some(Editor::Plain(plain)) => plain.reveal(key, from, to, go),
            Some(Editor::Rich(rich)) => rich.reveal(key, from, to, go),
            None => {}
        }
    }

    /// Forgets a file's history.
    pub(crate) fn forget(&self, key: FileKey) {
        if let Some(Editor::Rich(rich)) = self.get() {
            rich.close(key);
        }
    }
}

/// The text field.
pub(crate) struct Plain {
    field: HtmlTextAreaElement,
    shown: RefCell<(FileKey, Rc<str>)>,
    timer: RefCell<Option<Timeout>>,
    tell: Callback<Action>,
}

impl Plain {
    pub(crate) fn new(field: HtmlTextAreaElement, key: FileKey, text: Rc<str>, tell: Callback<Action>) -> Rc<Self> {
        field.set_value(&files::as_shown(&text));
        Rc::new(Self { field, shown: RefCell::new((key, text)), timer: RefCell::new(None), tell })
    }

    /// Shows a file, if it is not shown with this text already.
    pub(crate) fn show(&self, key: FileKey, text: &Rc<str>) {
        let same = {
            let shown = self.shown.borrow();
            shown.0 == key && shown.1 == *text
        };
        if same {
            return;
        }
        self.flush();
        *self.shown.borrow_mut() = (key, text.clone());
        let new = files::as_shown(text);
        if self.field.value() != new {
            self.field.set_value(&new);
        }
    }

    /// Something was typed (told after a pause) or pasted (told at once).
    pub(crate) fn input(self: &Rc<Self>, at_once: bool) {
        let plain = self.clone();
        let timer = Timeout::new(if at_once { 0 } else { PAUSE }, move || plain.flush());
        *self.timer.borrow_mut() = Some(timer);
    }

    fn flush(&self) {
        if self.timer.borrow_mut().take().is_none() {
            return;
        }
        let (key, old) = self.shown.borrow().clone();
        let text: Rc<str> = files::typed_into_field(&old, &self.field.value()).into();
        *self.shown.borrow_mut() = (key, text.clone());
        self.tell.emit(Action::Edited { key, text });
    }

    fn apply(&self, key: FileKey, base: &str, edits: &[Edit]) -> Applied {
        self.flush();
        let (shown, text) = self.shown.borrow().clone();
        if shown != key {
            return Applied::NotHere;
        }
        let Ok(new) = files::apply_utf16(base, edits) else { return Applied::TooLate };
        if *text != *base {
            return Applied::TooLate;
        }
        let edit = files::single_edit(&self.field.value(), &files::as_shown(&new));
        let _ = self.field.focus();
        let _ = self.field.set_selection_range(edit.span.start, edit.span.end);
        // The one way to change a text field that its own undo knows. Where it is gone, the change is made without.
        let command = if edit.text.is_empty() { "delete" } else { "insertText" };
        let done =
            self.field.owner_document().and_then(|document| document.dyn_into::<HtmlDocument>().ok()).is_some_and(
                |document| document.exec_command_with_show_ui_and_value(command, false, &edit.text).unwrap_or(false),
            );
        if !done {
            self.field.set_value(&files::as_shown(&new));
        }
        self.timer.borrow_mut().take();
        let text: Rc<str> = new.into();
        *self.shown.borrow_mut() = (key, text.clone());
        // The cursor stands behind what is new, which is read from its beginning.
        let start = files::single_edit(base, &text).span.start;
        self.reveal(key, start, start, false);
        self.tell.emit(Action::Edited { key, text });
        Applied::Yes
    }

    fn reveal(&self, key: FileKey, from: u32, to: u32, go: bool) {
        let (shown, text) = self.shown.borrow().clone();
        if shown != key {
            return;
        }
        // Every CR LF before it is one unit shorter in the field.
        let shorter = |offset: u32| {
            let before: Vec<u16> = text.encode_utf16().take(offset as usize).collect();
            let pairs = before.windows(2).filter(|pair| *pair == [13, 10]).count();
            offset - u32::try_from(pairs).unwrap_or(0)
        };
        let (from, to) = (shorter(from), shorter(to));
        if go {
            let _ = self.field.focus();
        }
        let _ = self.field.set_selection_range(from, to);
        let line = self.field.value().encode_utf16().take(from as usize).filter(|unit| *unit == 10).count();
        let lines = self.field.value().matches('\n').count().max(1);
        let height = self.field.scroll_height();
        let top = i32::try_from(line).unwrap_or(0) * (height / i32::try_from(lines).unwrap_or(1).max(1));
        self.field.set_scroll_top(top - self.field.client_height() / 3);
    }

    /// Whether the field has the focus, and its selection.
    pub(crate) fn place(&self) -> (bool, u32, u32) {
        let focused = self.field.owner_document().and_then(|document| document.active_element());
        let focused = focused.is_some_and(|element| element == **AsRef::<web_sys::HtmlElement>::as_ref(&self.field));
        let from = self.field.selection_start().ok().flatten().unwrap_or(0);
        let to = self.field.selection_end().ok().flatten().unwrap_or(0);
        (focused, from, to)
    }
}

type Shown = Rc<RefCell<Option<(FileKey, Rc<str>)>>>;

/// CodeMirror, through the functions of `static/editor/src/editor.js`.
pub(crate) struct Rich {
    editor: JsValue,
    /// The file that it shows, with the text that both sides agree on.
    shown: Shown,
}

impl Rich {
    /// Puts the editor into `host`, showing `file`.
    pub(crate) fn mount(
        module: &JsValue,
        host: &JsValue,
        file: &OpenFile,
        dark: bool,
        tell: &Callback<Action>,
    ) -> Option<Rc<Self>> {
        let on = Object::new();
        let listen = |name: &str, function: JsValue| {
            let _ = Reflect::set(&on, &name.into(), &function);
        };
        let shown = Rc::new(RefCell::new(Some((file.key, file.text.clone()))));
        let (told, agreed) = (tell.clone(), shown.clone());
        listen(
            "change",
            Closure::<dyn Fn(f64, String)>::new(move |key: f64, text: String| {
                let (key, text) = (FileKey(key as u32), Rc::<str>::from(text));
                if let Some((_, agreed)) = agreed.borrow_mut().as_mut().filter(|(shown, _)| *shown == key) {
                    *agreed = text.clone();
                }
                told.emit(Action::Edited { key, text });
            })
            .into_js_value(),
        );
        let told = tell.clone();
        listen(
            "fix",
            Closure::<dyn Fn(f64, f64)>::new(move |finding: f64, fix: f64| {
                told.emit(Action::ApplyFix { finding: finding as usize, fix: fix as usize });
            })
            .into_js_value(),
        );
        let told = tell.clone();
        listen(
            "open",
            Closure::<dyn Fn(f64)>::new(move |finding: f64| {
                told.emit(Action::OpenFinding(finding as usize));
            })
            .into_js_value(),
        );
        let told = tell.clone();
        listen(
            "say",
            Closure::<dyn Fn(String)>::new(move |sentence: String| {
                told.emit(Action::Say(sentence));
            })
            .into_js_value(),
        );
        let first = [number(file.key), (&*file.name).into(), (&*file.text).into()];
        let editor = call(module, "mount", &[&[host.clone(), on.into(), dark.into()], &first[..]].concat())?;
        Some(Rc::new(Self { editor, shown }))
    }

    fn call(&self, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
        call(&self.editor, method, arguments)
    }

    /// Shows a file, if it is not shown with this text already.
    pub(crate) fn show(&self, key: FileKey, name: &str, text: &Rc<str>) {
        let same =
            self.shown.borrow().as_ref().is_some_and(|(shown, agreed)| *shown == key && Rc::ptr_eq(agreed, text));
        if same {
            return;
        }
        *self.shown.borrow_mut() = Some((key, text.clone()));
        self.call("show", &[number(key), name.into(), (&**text).into()]);
    }

    fn close(&self, key: FileKey) {
        self.call("close", &[number(key)]);
    }

    /// Underlines findings, given as JSON.
    pub(crate) fn set_diagnostics(&self, key: FileKey, base: &str, json: &str) {
        self.call("setDiagnostics", &[number(key), base.into(), json.into()]);
    }

    /// The words that complete the conditions of these files, given as JSON.
    pub(crate) fn set_words(&self, json: &str, keys: &[FileKey]) {
        let keys: Array = keys.iter().map(|key| number(*key)).collect();
        self.call("setWords", &[json.into(), keys.into()]);
    }

    /// Light or dark.
    pub(crate) fn set_theme(&self, dark: bool) {
        self.call("setTheme", &[dark.into()]);
    }

    /// Takes the focus.
    pub(crate) fn focus(&self) {
        self.call("focus", &[]);
    }

    /// Takes it out of the page.
    pub(crate) fn destroy(&self) {
        self.call("destroy", &[]);
    }

    fn flush(&self) {
        self.call("flush", &[]);
    }

    fn apply(&self, key: FileKey, base: &str, edits: &[Edit]) -> Applied {
        let flat = Array::new();
        for edit in edits {
            flat.push(&edit.span.start.into());
            flat.push(&edit.span.end.into());
            flat.push(&edit.text.as_str().into());
        }
        match self.call("apply", &[number(key), base.into(), flat.into()]).and_then(|said| said.as_string()).as_deref()
        {
            Some("applied") => Applied::Yes,
            Some("unknown") => Applied::NotHere,
            _ => Applied::TooLate,
        }
    }

    /// Lights the lines of stretches, given as their starts and ends in turn.
    pub(crate) fn set_lit(&self, key: FileKey, text: &str, stretches: &[u32]) {
        let flat: Array = stretches.iter().map(|offset| JsValue::from(*offset)).collect();
        self.call("setLit", &[number(key), text.into(), flat.into()]);
    }

    /// Selects a stretch and scrolls there.
    pub(crate) fn reveal(&self, key: FileKey, from: u32, to: u32, go: bool) {
        self.call("reveal", &[number(key), from.into(), to.into(), go.into()]);
    }
}

fn number(key: FileKey) -> JsValue {
    key.0.into()
}
