//! The worker from the page's side: starts it, asks it one question at a time, stops it when it takes too long.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use watertight_worker::message::{Numbered, Reply, Request};
use watertight_worker::pack;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};
use yew::Callback;

use crate::browser;
use crate::queue::{Queue, patience};
use crate::state::{Heard, Question};

/// How long the engine may take to arrive and start, in milliseconds. Slow lines are meant to make it.
const START: u32 = 90_000;
const LATE: &str = "it did not arrive within 90 s";
/// How often a worker that stops before it has listened is started again.
const STARTS: u32 = 3;

/// The worker that runs the engine. Clones speak to the same worker.
#[derive(Clone)]
pub(crate) struct WorkerClient(Rc<RefCell<Inner>>);

struct Inner {
    tell: Callback<Heard>,
    queue: Queue,
    running: Option<Running>,
    failed_starts: u32,
    /// Stops the worker unless it answers before.
    timer: Option<Timeout>,
    /// How long the question that is being answered may take, in milliseconds.
    time: u32,
    more_time: u32,
}

/// A worker with the functions that listen to it.
struct Running {
    worker: Worker,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl WorkerClient {
    /// Starts the worker. What happens to it is told.
    pub(crate) fn start(tell: Callback<Heard>) -> Self {
        let inner = Inner {
            tell,
            queue: Queue::default(),
            running: None,
            failed_starts: 0,
            timer: None,
            time: 0,
            more_time: 0,
        };
        let client = Self(Rc::new(RefCell::new(inner)));
        client.launch();
        client
    }

    /// Asks a question as soon as the worker is free.
    pub(crate) fn ask(&self, question: Question, more_time: u32) {
        {
            let mut inner = self.0.borrow_mut();
            inner.more_time = more_time;
            inner.queue.ask(question);
        }
        self.send();
    }

    /// Takes the worker's place by a new one.
    pub(crate) fn restart(&self) {
        {
            let mut inner = self.0.borrow_mut();
            inner.failed_starts = 0;
            inner.queue.worker_gone();
        }
        self.launch();
    }

    fn launch(&self) {
        let started = self.run();
        let timer = {
            let client = self.clone();
            Timeout::new(START, move || client.lost(LATE.to_owned()))
        };
        let mut inner = self.0.borrow_mut();
        inner.running = started;
        if inner.running.is_some() {
            inner.timer = Some(timer);
            return;
        }
        inner.timer = None;
        let tell = inner.tell.clone();
        drop(inner);
        tell.emit(Heard::Failed("this browser starts no module workers".to_owned()));
    }

    fn run(&self) -> Option<Running> {
        let worker = browser::new_worker()?;
        let client = self.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match event.data().dyn_into::<Uint8Array>() {
                Ok(packed) => client.hear(&packed.to_vec()),
                // All of the engine is there: a question that waited for it is answered from now on.
                Err(said) if browser::is(&said, "whole") => client.limit(),
                // What else is not packed is for the page's tools.
                Err(_) => {}
            }
        });
        let client = self.clone();
        let error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let said = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            client.lost(if said.is_empty() { "its files could not be loaded".to_owned() } else { said });
        });
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        Some(Running { worker, _message: message, _error: error })
    }

    /// Sends the next question if the worker is free.
    fn send(&self) {
        let mut inner = self.0.borrow_mut();
        let Some(message) = inner.queue.next_message() else { return };
        let Ok(packed) = pack::write(&message) else { return };
        inner.time = patience(bytes(&message.body), inner.more_time);
        if let Some(running) = &inner.running {
            // Bytes can always be posted.
            let _ = running.worker.post_message(&Uint8Array::from(packed.as_slice()));
        }
        drop(inner);
        self.limit();
    }

    /// Gives the worker its time for the question that it has, from now on.
    fn limit(&self) {
        let mut inner = self.0.borrow_mut();
        if inner.queue.current().is_some() {
            let (client, time) = (self.clone(), inner.time);
            inner.timer = Some(Timeout::new(time, move || client.too_slow(time / 1_000)));
        }
    }

    fn hear(&self, packed: &[u8]) {
        let told = {
            let mut inner = self.0.borrow_mut();
            match pack::read(packed) {
                Ok(Numbered { id: 0, body: Reply::Ready { version } }) => {
                    inner.timer = None;
                    inner.failed_starts = 0;
                    inner.queue.worker_ready();
                    Some(Heard::Ready(version))
                }
                Ok(Numbered { body: Reply::Fetching, .. }) => {
                    let client = self.clone();
                    inner.timer = Some(Timeout::new(START, move || client.lost(LATE.to_owned())));
                    None
                }
                Ok(Numbered { id, body }) => {
                    if inner.queue.current() == Some(id) {
                        inner.timer = None;
                    }
                    inner.queue.answered(id).map(|purpose| Heard::Answered(purpose, body))
                }
                Err(error) => {
                    inner.timer = None;
                    let purpose = inner.queue.worker_gone();
                    inner.queue.worker_ready();
                    purpose.map(|purpose| Heard::Answered(purpose, Reply::Failed { reason: error.to_string() }))
                }
            }
        };
        self.send();
        // What was read is taken in and drawn in a task of its own: large reports take long enough to be read.
        let client = self.clone();
        Timeout::new(0, move || client.tell(told)).forget();
    }

    fn too_slow(&self, seconds: u32) {
        let purpose = self.0.borrow_mut().queue.worker_gone();
        self.launch();
        self.tell(Some(Heard::TooSlow(purpose, seconds)));
    }

    /// The worker has stopped by itself or has never come.
    fn lost(&self, reason: String) {
        let (purpose, again) = {
            let mut inner = self.0.borrow_mut();
            let purpose = inner.queue.worker_gone();
            inner.failed_starts += 1;
            (purpose, inner.failed_starts < STARTS)
        };
        if purpose.is_some() || again {
            self.launch();
        } else {
            let mut inner = self.0.borrow_mut();
            inner.running = None;
            inner.timer = None;
        }
        self.tell(Some(match (purpose, again) {
            (None, false) => Heard::Failed(reason),
            (None, true) => return,
            (purpose, _) => Heard::Stopped(purpose, reason),
        }));
    }

    /// Tells with nothing borrowed, because the listener may ask at once.
    fn tell(&self, heard: Option<Heard>) {
        let tell = self.0.borrow().tell.clone();
        if let Some(heard) = heard {
            tell.emit(heard);
        }
    }
}

fn bytes(request: &Request) -> usize {
    match request {
        Request::Analyse { files, .. }
        | Request::Harden { files, .. }
        | Request::Export { files, .. }
        | Request::Escape { files, .. }
        | Request::Apparmor { files, .. }
        | Request::Seccomp { files, .. }
        | Request::Lesson { files, .. }
        | Request::Falco { files, .. } => files.iter().map(|file| file.text.len()).sum(),
        Request::Edits { text, .. } | Request::Restore { text } => text.len(),
        Request::Explain { .. } => 0,
        Request::Explore { ask, .. } => ask.sample.len(),
    }
}
