//! A thread that works ahead: it answers a question while the answer before is being looked at.
//!
//! One for all questions: the system begins a new thread on the processor of the one that starts it, where both take turns.
//! It must not know what is asked.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

/// The thread, which ends when this goes.
pub struct Prefetch<Q, A> {
    questions: Sender<Q>,
    answers: Receiver<A>,
}

impl<Q: Send + 'static, A: Send + 'static> Prefetch<Q, A> {
    /// Starts it; none where the system gives no thread, which costs time and nothing else.
    pub fn start(answer: impl Fn(Q) -> A + Send + 'static) -> Option<Prefetch<Q, A>> {
        let (questions, asked) = mpsc::channel();
        let (answered, answers) = mpsc::channel();
        let work = move || {
            for question in asked {
                if answered.send(answer(question)).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().spawn(work).ok()?;
        Some(Prefetch { questions, answers })
    }

    /// Asks; returns false where nobody answers any more.
    pub fn ask(&self, question: Q) -> bool {
        self.questions.send(question).is_ok()
    }

    /// Waits for the answer to what was asked; none where there will be none.
    pub fn answer(&self) -> Option<A> {
        self.answers.recv().ok()
    }
}
