//! Looks at the fleet whenever it is told to, on a thread of its own, and less often while the portal is away.
//!
//! It must not judge what it sees.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::error::{Error, Kind};
use crate::output::Waker;
use crate::portal::devices::{self, Device};
use crate::portal::{self, Completeness, ListQuery, Portal};

/// However long the portal is away, it is looked for this often.
const LONGEST: Duration = Duration::from_secs(300);

/// What was seen at one look.
pub type Seen = (Vec<Device>, Completeness);

/// Looks at the fleet.
pub struct Looker {
    ask: Sender<Duration>,
    told: Receiver<Result<Seen, portal::Error>>,
    interval: Duration,
    wait: Duration,
}

/// Looks once, at once.
pub fn look(portal: &Portal, query: &ListQuery) -> Result<Seen, portal::Error> {
    devices::list(portal, query)?.collect_all()
}

impl Looker {
    /// Starts the thread, which looks for the first time after `interval` and wakes whoever waits for it.
    pub fn start(portal: Portal, query: ListQuery, interval: Duration, waker: Option<Waker>) -> Looker {
        let ((ask, asked), (tell, told)) = (channel(), channel());
        let work = move || {
            while let Ok(wait) = asked.recv() {
                thread::sleep(wait);
                if tell.send(look(&portal, &query)).is_err() {
                    break;
                }
                waker.iter().for_each(Waker::wake);
            }
        };
        // Without a thread nobody looks, and `Looker::wait` says so.
        let _ = thread::Builder::new().spawn(work);
        let looker = Looker { ask, told, interval, wait: interval };
        looker.ask();
        looker
    }

    fn ask(&self) {
        let _ = self.ask.send(self.wait);
    }

    /// Waits for what is seen next.
    pub fn wait(&self) -> Result<Seen, Error> {
        let told = self.told.recv();
        Ok(told.map_err(|_| Error::new(Kind::Internal, "nobody looks at the portal any more"))??)
    }

    /// Returns what was seen since, if anything was.
    pub fn seen(&self) -> Option<Result<Seen, Error>> {
        self.told.try_recv().ok().map(|seen| seen.map_err(Error::from))
    }

    /// Asks for the next look; returns true where the portal was away until now.
    pub fn go_on(&mut self) -> bool {
        let was_away = self.wait > self.interval;
        self.wait = self.interval;
        self.ask();
        was_away
    }

    /// Asks for the next look, later, and says so, if the portal is away; returns any other error.
    pub fn go_on_after(&mut self, error: Error) -> Result<String, Error> {
        if !matches!(error.kind(), Kind::Unreachable | Kind::Timeout | Kind::RateLimited) {
            return Err(error);
        }
        self.wait = (self.wait * 2).min(LONGEST.max(self.interval));
        self.ask();
        Ok(format!("the portal is unreachable: {error}; retrying in {} s", self.wait.as_secs_f64()))
    }
}
