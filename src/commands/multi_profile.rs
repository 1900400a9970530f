//! One read over several profiles in parallel, a thread per profile. A profile that fails does not stop the others; it
//! is named, and the result is partial.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::context::{Connection, Context};
use crate::error::{Error, Kind};
use crate::portal::{Endpoint, Portal};
use crate::text::counted;

/// The capacity of the channel of answers.
const WAITING: usize = 4;

/// Which profiles to read.
#[derive(Debug, clap::Args)]
pub struct Profiles {
    /// Ask every profile; name some of them with `--profile a,b`
    #[arg(long, conflicts_with = "profile")]
    all_profiles: bool,
}

impl Profiles {
    /// Returns the profiles, if there are several.
    pub fn several(&self, cx: &Context) -> Result<Option<Vec<String>>, Error> {
        if cx.config.sandbox() {
            return Ok(None);
        }
        let asked = cx.config.requested_profile().filter(|asked| asked.contains(','));
        if asked.is_none() && !self.all_profiles {
            return Ok(None);
        }
        let known = &cx.config.file()?.profiles;
        match asked {
            _ if self.all_profiles && known.is_empty() => Err(Error::new(Kind::Config, "there is no profile")
                .hint("Make one: `optra auth login --profile NAME --portal URL`.")),
            _ if self.all_profiles => Ok(Some(known.keys().cloned().collect())),
            Some(asked) if !known.contains_key(asked) => {
                Ok(Some(asked.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()))
            }
            _ => Ok(None),
        }
    }
}

/// The answers of the profiles, in the order of arrival, and the failures by profile.
pub struct Answers<T> {
    told: Receiver<(Arc<str>, Result<T, Error>)>,
    failures: Vec<(Arc<str>, Error)>,
    /// The number of profiles.
    count: usize,
}

/// Sends the answers of one profile.
pub struct Sender<T> {
    profile: Arc<str>,
    sender: SyncSender<(Arc<str>, Result<T, Error>)>,
}

impl<T> Sender<T> {
    /// Sends an answer; returns false if nobody listens any more.
    pub fn send(&self, answer: Result<T, Error>) -> bool {
        self.sender.send((Arc::clone(&self.profile), answer)).is_ok()
    }
}

/// Runs `work` for each profile that has a key, each in a thread of its own.
pub fn start<T: Send + 'static>(
    profiles: &[String],
    cx: &Context,
    work: impl Fn(&Portal, &Sender<T>) + Send + Sync + 'static,
) -> Answers<T> {
    let work = Arc::new(work);
    let (sender, told) = sync_channel(WAITING);
    let mut failures = Vec::new();
    for profile in profiles {
        let name: Arc<str> = profile.as_str().into();
        match connection(profile, cx) {
            Ok(connection) => {
                let (sender, work) = (Sender { profile: Arc::clone(&name), sender: sender.clone() }, Arc::clone(&work));
                let ask = move || match connection.open() {
                    Ok(portal) => work(&portal, &sender),
                    Err(error) => {
                        let _ = sender.send(Err(error.into()));
                    }
                };
                if let Err(error) = thread::Builder::new().spawn(ask) {
                    failures
                        .push((name, Error::new(Kind::Failed, "the system cannot start another thread").cause(error)));
                }
            }
            Err(error) => failures.push((name, error)),
        }
    }
    Answers { told, failures, count: profiles.len() }
}

/// Returns the answer of each profile, in the order of `profiles`, and the failures.
pub fn each<T: Send + 'static>(
    profiles: &[String],
    cx: &Context,
    ask: impl Fn(&Portal) -> Result<T, Error> + Send + Sync + 'static,
) -> (Vec<(Arc<str>, T)>, Answers<T>) {
    let mut answers = start(profiles, cx, move |portal, sender| {
        let _ = sender.send(ask(portal));
    });
    let mut found: Vec<(Arc<str>, T)> = std::iter::from_fn(|| answers.next()).collect();
    found.sort_by_key(|(profile, _)| profiles.iter().position(|name| **name == **profile));
    (found, answers)
}

impl<T> Answers<T> {
    /// Returns the next successful answer with its profile; collects failures.
    pub fn next(&mut self) -> Option<(Arc<str>, T)> {
        loop {
            match self.told.recv().ok()? {
                (profile, Ok(answer)) => return Some((profile, answer)),
                (profile, Err(error)) => self.failures.push((profile, error)),
            }
        }
    }

    /// Records a failure that came later.
    pub fn fail(&mut self, profile: Arc<str>, error: Error) {
        self.failures.push((profile, error));
    }

    /// Returns true if a profile has failed.
    pub fn has_failures(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Warns of every profile that failed, and returns an error if there is one.
    pub fn verdict(&self, cx: &Context) -> Result<(), Error> {
        for (profile, error) in &self.failures {
            cx.out.warn(format_args!("profile `{profile}`: {error}"));
        }
        if self.failures.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.failures.iter().map(|(profile, _)| &**profile).collect();
        let all = counted(self.count, "profile", "profiles");
        let message = format!("{} of {all} failed: {}", names.len(), names.join(", "));
        Err(Error::new(Kind::Partial, message))
    }
}

fn connection(name: &str, cx: &Context) -> Result<Connection, Error> {
    let profiles = &cx.config.file()?.profiles;
    let profile = profiles.get(name).ok_or_else(|| cx.no_profile(Kind::Config, name, ""))?;
    let url = profile.portal.as_deref().ok_or_else(|| Error::new(Kind::Config, "it has no portal"))?;
    let endpoint = Endpoint::parse(url)?;
    cx.connection_of(name, profile, &endpoint)?.ok_or_else(|| cx.no_key(&endpoint))
}
