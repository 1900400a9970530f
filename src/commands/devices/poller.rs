//! Polls the fleet on a thread of its own, with backoff while the portal is unreachable.
//!
//! It must not interpret what it fetched.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::error::{Error, Kind};
use crate::output::Waker;
use crate::portal::devices::{self, Device};
use crate::portal::{self, Completeness, ListQuery, Portal};

/// The longest pause of the backoff.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The result of one poll.
pub type Poll = (Vec<Device>, Completeness);

/// A thread that polls the fleet on request.
pub struct Poller {
    ask: Sender<Duration>,
    told: Receiver<Result<Poll, portal::Error>>,
    interval: Duration,
    wait: Duration,
}

/// Polls once, now.
pub fn poll(portal: &Portal, query: &ListQuery) -> Result<Poll, portal::Error> {
    devices::list(portal, query)?.collect_all()
}

impl Poller {
    /// Starts the thread, which polls for the first time after `interval` and wakes `waker` after each poll.
    pub fn start(portal: Portal, query: ListQuery, interval: Duration, waker: Option<Waker>) -> Poller {
        let ((ask, asked), (tell, told)) = (channel(), channel());
        let work = move || {
            while let Ok(wait) = asked.recv() {
                thread::sleep(wait);
                if tell.send(poll(&portal, &query)).is_err() {
                    break;
                }
                waker.iter().for_each(Waker::wake);
            }
        };
        // If the thread does not start, `Poller::wait` fails.
        let _ = thread::Builder::new().spawn(work);
        let poller = Poller { ask, told, interval, wait: interval };
        poller.ask();
        poller
    }

    fn ask(&self) {
        let _ = self.ask.send(self.wait);
    }

    /// Waits for the next result.
    pub fn wait(&self) -> Result<Poll, Error> {
        let told = self.told.recv();
        Ok(told.map_err(|_| Error::new(Kind::Internal, "the polling thread has ended"))??)
    }

    /// Returns the next result, if it is there.
    pub fn seen(&self) -> Option<Result<Poll, Error>> {
        self.told.try_recv().ok().map(|seen| seen.map_err(Error::from))
    }

    /// Requests the next poll; returns true if the portal was unreachable until now.
    pub fn request_next(&mut self) -> bool {
        let was_away = self.wait > self.interval;
        self.wait = self.interval;
        self.ask();
        was_away
    }

    /// Requests the next poll with backoff, if the portal is unreachable, and returns a sentence about it; returns any
    /// other error.
    pub fn back_off(&mut self, error: Error) -> Result<String, Error> {
        if !matches!(error.kind(), Kind::Unreachable | Kind::Timeout | Kind::RateLimited) {
            return Err(error);
        }
        self.wait = (self.wait * 2).min(LONGEST_PAUSE.max(self.interval));
        self.ask();
        Ok(format!("the portal is unreachable: {error}; retrying in {} s", self.wait.as_secs_f64()))
    }
}
