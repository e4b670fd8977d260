use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::browser;
use crate::editor::{Applied, Port};
use crate::files;
use crate::language;
use crate::state::{Action, Effect, Heard, LessonAct, State};
use crate::worker_client::WorkerClient;

/// A shared value that counts as changed only when it is another one, however large it is.
#[derive(Debug)]
pub(crate) struct Shared<T: ?Sized>(pub(crate) Rc<T>);

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What every component can get: the state, a way to act, and the editor.
#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) state: Shared<State>,
    pub(crate) act: Callback<Action>,
    pub(crate) port: Port,
}

impl Page {
    /// A callback that does the same thing every time.
    pub(crate) fn on<E>(&self, action: Action) -> Callback<E> {
        let (act, port) = (self.act.clone(), self.port.clone());
        Callback::from(move |_| {
            // What was typed a moment ago belongs to what is acted on.
            port.flush();
            act.emit(action.clone());
        })
    }

    /// The same where what is acted on is `fresh`, and else nothing: a button that is only said to be disabled keeps the focus.
    pub(crate) fn on_fresh<E>(&self, fresh: bool, action: Action) -> Callback<E> {
        if fresh { self.on(action) } else { Callback::noop() }
    }
}

/// The page, from anywhere below the app.
#[hook]
pub(crate) fn use_page() -> Page {
    // The app provides it to everything it draws.
    #[expect(clippy::expect_used, reason = "a component outside of the app would be a mistake of ours, seen at once")]
    use_context::<Page>().expect("the app provides the page")
}

type Outbox = Rc<RefCell<Vec<Effect>>>;

struct Store {
    state: Rc<State>,
    outbox: Outbox,
}

/// What changes the state.
enum Change {
    Act(Action),
    Hear(Heard),
}

impl Reducible for Store {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut state = (*self.state).clone();
        let effects = match change {
            Change::Act(action) => state.apply(action),
            Change::Hear(heard) => state.hear(heard),
        };
        self.outbox.borrow_mut().extend(effects);
        Rc::new(Self { state: Rc::new(state), outbox: self.outbox.clone() })
    }
}

/// The state of the page, its engine, and whatever its actions make happen. What is to be opened comes when all is `drawn`.
#[hook]
pub(crate) fn use_store(drawn: bool) -> Page {
    let store = use_reducer(|| Store { state: Rc::default(), outbox: Outbox::default() });
    let engine = use_mut_ref(|| None::<WorkerClient>);
    let port = use_memo((), |()| Port::default());
    let act = {
        let dispatcher = store.dispatcher();
        use_memo((), move |()| Callback::from(move |action| dispatcher.dispatch(Change::Act(action))))
    };
    {
        let (engine, dispatcher) = (engine.clone(), store.dispatcher());
        use_effect_with((), move |()| {
            let hear = Callback::from(move |heard| dispatcher.dispatch(Change::Hear(heard)));
            *engine.borrow_mut() = Some(WorkerClient::start(hear));
        });
    }
    {
        // The tools are handed functions once, and see through them what is newest. Until the page has what it is to open
        // there is nothing to act on.
        let newest = use_mut_ref(|| store.state.clone());
        *newest.borrow_mut() = store.state.clone();
        let (act, port) = ((*act).clone(), (*port).clone());
        use_effect_with(drawn, move |drawn| {
            if !drawn {
                return;
            }
            wasm_bindgen_futures::spawn_local(async move {
                let opening = browser::opening().await;
                let stored = |key| (!opening.embed).then(|| browser::stored(key)).flatten();
                act.emit(Action::Start {
                    preferences: stored(browser::PREFERENCES),
                    files: stored(browser::FILES),
                    typed: browser::take_typed(),
                    opening,
                });
                let flush = port.clone();
                browser::hand_out(
                    move |kind, value| {
                        flush.flush();
                        act.emit(Action::Outside(kind, value));
                    },
                    move || {
                        port.flush();
                        newest.borrow().for_tools()
                    },
                );
                browser::tell_start("begun", &JsValue::UNDEFINED);
            });
        });
    }
    {
        let (act, port, outbox) = ((*act).clone(), (*port).clone(), store.outbox.clone());
        use_effect(move || {
            let effects = outbox.borrow_mut().split_off(0);
            let engine = engine.borrow().clone();
            for effect in effects {
                run(effect, &act, &port, engine.as_ref());
            }
        });
    }
    Page { state: Shared(store.state.clone()), act: (*act).clone(), port: (*port).clone() }
}

fn run(effect: Effect, act: &Callback<Action>, port: &Port, engine: Option<&WorkerClient>) {
    match effect {
        Effect::Ask { question, more_time } => {
            if let Some(engine) = engine {
                engine.ask(*question, more_time);
            }
        }
        Effect::Edit { key, base, edits } => match port.apply(key, &base, &edits) {
            Applied::Yes => {}
            Applied::TooLate => act.emit(Action::EditsCameLate),
            Applied::NotHere => {
                if let Ok(text) = files::apply_utf16(&base, &edits) {
                    act.emit(Action::Edited { key, text: text.into() });
                }
            }
        },
        Effect::Reveal { key, from, to, go } => {
            // The file may have to be shown first, which happens when the page has been drawn.
            let port = port.clone();
            Timeout::new(0, move || port.reveal(key, from, to, go)).forget();
        }
        Effect::Focus(id) => {
            if !browser::has_focus("editor") && !browser::has_focus("text") {
                Timeout::new(0, move || browser::focus(id)).forget();
            }
        }
        Effect::Show(id) => {
            Timeout::new(0, move || browser::show(id)).forget();
        }
        Effect::ScrollTo(finding) => {
            Timeout::new(0, move || browser::scroll_to(&crate::components::finding_id(finding))).forget();
        }
        Effect::Forget(key) => port.forget(key),
        Effect::StorePreferences(json) => {
            browser::store(browser::PREFERENCES, Some(&json));
        }
        Effect::StoreFiles(json) => {
            if !browser::store(browser::FILES, json.as_deref()) {
                act.emit(Action::NotStored);
            }
        }
        Effect::FetchLessons => {
            let act = act.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let course = browser::lessons().await;
                act.emit(Action::Lesson(LessonAct::Came(course, browser::stored(browser::LESSONS))));
            });
        }
        Effect::LeaveAddress => browser::tell_start("leaveLesson", &JsValue::UNDEFINED),
        Effect::Hold(hold) => browser::tell_start("hold", &hold.into()),
        Effect::StoreLessons(json) => {
            browser::store(browser::LESSONS, Some(&json));
        }
        Effect::UseTheme(theme) => browser::use_theme(theme),
        Effect::Speak(language) => {
            let act = act.clone();
            wasm_bindgen_futures::spawn_local(async move {
                language::learn(&browser::catalogue(language).await.unwrap_or_default());
                act.emit(Action::Spoken);
            });
        }
        Effect::Copy(text) => {
            let act = act.clone();
            wasm_bindgen_futures::spawn_local(async move {
                act.emit(Action::Copied(browser::copy(&text).await));
            });
        }
        Effect::Download { name, text } => {
            browser::download(&name, &text);
        }
        Effect::RestartEngine => {
            if let Some(engine) = engine {
                engine.restart();
            }
        }
    }
}
