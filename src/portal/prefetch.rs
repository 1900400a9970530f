//! A worker thread that answers one question while the caller processes the answer before it.
//!
//! One thread serves all questions: a new thread starts on the processor of its creator, where the two would take
//! turns. It must not know what is asked.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

/// The worker thread, which ends when this is dropped.
pub struct Prefetch<Q, A> {
    questions: Sender<Q>,
    answers: Receiver<A>,
}

impl<Q: Send + 'static, A: Send + 'static> Prefetch<Q, A> {
    /// Starts the thread; returns `None` if the system refuses, which only costs time.
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

    /// Sends a question; returns false if the thread has ended.
    pub fn ask(&self, question: Q) -> bool {
        self.questions.send(question).is_ok()
    }

    /// Waits for the next answer; returns `None` if the thread has ended.
    pub fn answer(&self) -> Option<A> {
        self.answers.recv().ok()
    }
}
