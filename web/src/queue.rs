//! Which question the worker gets next. It answers one at a time, so that a wait is never long and can be cut short.

use std::collections::VecDeque;

use watertight_worker::message::{Numbered, Request};

use crate::state::{Purpose, Question};

/// A question that is being answered.
#[derive(Clone, PartialEq, Debug)]
struct Sent {
    id: u32,
    purpose: Purpose,
    /// Whether a newer question of the same kind has been asked since.
    superseded: bool,
}

/// Questions that wait, and the one that is being answered.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Queue {
    last_id: u32,
    sent: Option<Sent>,
    waiting: VecDeque<Question>,
    ready: bool,
}

impl Queue {
    /// Takes a question in. A newer one about the whole set of files takes the place of an older one that waits.
    pub fn ask(&mut self, question: Question) {
        if let Some(slot) = question.purpose.slot() {
            self.waiting.retain(|waiting| waiting.purpose.slot() != Some(slot));
            if let Some(sent) = self.sent.as_mut().filter(|sent| sent.purpose.slot() == Some(slot)) {
                sent.superseded = true;
            }
        }
        self.waiting.push_back(question);
    }

    /// What to send now, if the worker is there and idle.
    pub fn next_message(&mut self) -> Option<Numbered<Request>> {
        if !self.ready || self.sent.is_some() {
            return None;
        }
        let Question { purpose, request } = self.waiting.pop_front()?;
        self.last_id += 1;
        self.sent = Some(Sent { id: self.last_id, purpose, superseded: false });
        Some(Numbered { id: self.last_id, body: request })
    }

    /// Takes an answer in; gives what it was asked for, and `None` when nobody waits for it any more.
    pub fn answered(&mut self, id: u32) -> Option<Purpose> {
        let sent = self.sent.take_if(|sent| sent.id == id)?;
        (!sent.superseded).then_some(sent.purpose)
    }

    /// The worker listens.
    pub fn worker_ready(&mut self) {
        self.ready = true;
    }

    /// The worker is gone; gives what it was working on. What waits goes on waiting.
    pub fn worker_gone(&mut self) -> Option<Purpose> {
        self.ready = false;
        self.sent.take().map(|sent| sent.purpose)
    }

    /// The number of the question that is being answered.
    pub fn current(&self) -> Option<u32> {
        self.sent.as_ref().map(|sent| sent.id)
    }
}

/// How long an answer may take, in milliseconds: enough for the slowest honest one by a wide margin, so that only a text
/// that makes the engine run away is stopped.
pub fn patience(bytes: usize, doubled: u32) -> u32 {
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    // 5 s, and another 5 s for every megabyte.
    5_000_u32.saturating_add(bytes / 200).saturating_mul(1 << doubled.min(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use watertight_diagnostic::Settings;

    fn analyse(stamp: u64) -> Question {
        let request = Request::Analyse { files: Vec::new(), settings: Settings::default() };
        Question { purpose: Purpose::Analyse { stamp }, request }
    }

    fn explain(rule: &str) -> Question {
        let request = Request::Explain { rule: rule.to_owned() };
        Question { purpose: Purpose::Explain { rule: rule.to_owned() }, request }
    }

    #[test]
    fn nothing_is_sent_before_the_worker_listens() {
        let mut queue = Queue::default();
        queue.ask(analyse(1));
        assert_eq!(queue.next_message(), None);
        queue.worker_ready();
        assert_eq!(queue.next_message().unwrap().id, 1);
        assert_eq!(queue.next_message(), None, "one at a time");
    }

    #[test]
    fn newer_questions_supersede() {
        let mut queue = Queue::default();
        queue.worker_ready();
        queue.ask(analyse(1));
        queue.next_message();
        queue.ask(analyse(2));
        queue.ask(explain("a"));
        queue.ask(analyse(3));
        assert_eq!(queue.answered(1), None, "the first is out of date");
        assert!(matches!(queue.next_message().unwrap().body, Request::Explain { .. }));
        assert_eq!(queue.answered(2), Some(Purpose::Explain { rule: "a".into() }));
        queue.next_message();
        assert_eq!(queue.answered(7), None, "an answer to nothing");
        assert_eq!(queue.answered(3), Some(Purpose::Analyse { stamp: 3 }));
        assert_eq!(queue.next_message(), None);
    }

    #[test]
    fn a_lost_worker_loses_one_question_and_no_more() {
        let mut queue = Queue::default();
        queue.worker_ready();
        queue.ask(analyse(1));
        queue.ask(explain("a"));
        queue.next_message();
        assert_eq!(queue.worker_gone(), Some(Purpose::Analyse { stamp: 1 }));
        assert_eq!(queue.next_message(), None);
        queue.worker_ready();
        assert!(matches!(queue.next_message().unwrap().body, Request::Explain { .. }));
        assert_eq!(queue.answered(1), None, "a late answer of the old worker");
    }

    #[test]
    fn patience_grows_with_the_text_and_on_request() {
        assert_eq!(patience(2_000, 0), 5_010);
        assert_eq!(patience(10_000_000, 0), 55_000);
        assert_eq!(patience(0, 1), 10_000);
        assert!(patience(usize::MAX, 99) > 300_000_000, "no overflow");
    }
}
