//! A word on the terminal when an answer takes longer than anybody waits without one.

use std::io::{self, IsTerminal, Write};
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How long nothing is said.
const SILENCE: Duration = Duration::from_secs(1);

/// Does some work; when it takes long and somebody looks on, it is said once that it goes on.
pub(crate) fn at_work<T>(work: impl FnOnce() -> T) -> T {
    static SAID: Once = Once::new();
    if !io::stderr().is_terminal() {
        return work();
    }
    after(SILENCE, work, || {
        SAID.call_once(|| {
            let _ = writeln!(io::stderr(), "Still at work. Ctrl+C stops it.");
        });
    })
}

/// Does some work, and calls `say` when it is not done after so long.
fn after<T>(silence: Duration, work: impl FnOnce() -> T, say: impl FnOnce() + Send) -> T {
    thread::scope(|scope| {
        let (done, wait) = channel::<()>();
        // Where no thread can be had, the work is done without a word.
        let _ = thread::Builder::new().spawn_scoped(scope, move || {
            if wait.recv_timeout(silence) == Err(RecvTimeoutError::Timeout) {
                say();
            }
        });
        let result = work();
        drop(done);
        result
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn only_long_work_is_spoken_of() {
        let said = AtomicBool::new(false);
        let say = || said.store(true, Ordering::SeqCst);
        assert_eq!(after(Duration::from_secs(600), || 1, say), 1);
        assert!(!said.load(Ordering::SeqCst));
        // The work ends when the word is said, so no time is waited for.
        let until_said = || {
            while !said.load(Ordering::SeqCst) {
                thread::yield_now();
            }
        };
        after(Duration::ZERO, until_said, say);
    }
}
