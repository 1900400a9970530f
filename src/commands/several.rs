//! One read over several profiles at once: each in a thread of its own, all in one listing. One that fails does not stop
//! the others; it is named, and the result is partial.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::context::Context;
use crate::credentials::Credential;
use crate::error::{Error, Kind};
use crate::portal::{self, Endpoint, Page, Pages, Portal};

/// So many pages wait at most for being printed.
const WAITING: usize = 4;

/// Which profiles a read is for.
#[derive(Debug, clap::Args)]
pub struct Profiles {
    /// Ask for every profile at once; to ask for some of them, say `--profile a,b,c` instead
    #[arg(long, conflicts_with = "profile")]
    all_profiles: bool,
}

impl Profiles {
    /// Returns the profiles to ask for, where there are several.
    pub fn several(&self, cx: &Context) -> Result<Option<Vec<String>>, Error> {
        if cx.config.sandbox() {
            return Ok(None);
        }
        let asked = cx.config.asked_profile().filter(|asked| asked.contains(','));
        if asked.is_none() && !self.all_profiles {
            return Ok(None);
        }
        let known = &cx.config.file()?.profiles;
        match asked {
            _ if self.all_profiles && known.is_empty() => Err(Error::new(Kind::Config, "there is no profile")
                .hint("Make one: `optra auth login --profile NAME --portal https://…`.")),
            _ if self.all_profiles => Ok(Some(known.keys().cloned().collect())),
            Some(asked) if !known.contains_key(asked) => {
                Ok(Some(asked.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()))
            }
            _ => Ok(None),
        }
    }
}

/// What went wrong, by profile.
#[derive(Clone, Default)]
pub struct Failures(Rc<RefCell<Vec<(String, Error)>>>);

impl Failures {
    fn add(&self, profile: &str, error: Error) {
        self.0.borrow_mut().push((profile.to_owned(), error));
    }

    /// Names every profile that failed, and makes an error of them if there are any.
    pub fn conclude(&self, all: usize, cx: &Context) -> Result<(), Error> {
        let failed = self.0.borrow();
        for (profile, error) in failed.iter() {
            cx.out.warn(format_args!("profile `{profile}`: {error}"));
        }
        match failed.len() {
            0 => Ok(()),
            count => {
                let names: Vec<&str> = failed.iter().map(|(profile, _)| profile.as_str()).collect();
                let message = format!("{count} of {all} profiles failed: {}", names.join(", "));
                Err(Error::new(Kind::Partial, message))
            }
        }
    }
}

/// Everything that is needed to ask for a profile's part.
struct Ready {
    profile: String,
    endpoint: Endpoint,
    credential: Credential,
    options: portal::Options,
}

type Told<T> = (String, Result<Page<T>, portal::Error>);

/// Returns the pages of all profiles, each item with the profile that it came from, and the failures, which are complete
/// when the pages have ended.
pub fn pages<T: Send + 'static>(
    profiles: &[String],
    ask: impl for<'p> Fn(&'p Portal) -> Pages<'p, T> + Send + Sync + 'static,
    cx: &Context,
) -> (Pages<'static, (String, T)>, Failures) {
    let failures = Failures::default();
    let told = start(profiles, &failures, cx, move |profile, portal, sender: &SyncSender<Told<T>>| {
        let portal = match portal {
            Ok(portal) => portal,
            Err(error) => return drop(sender.send((profile.to_owned(), Err(error)))),
        };
        for page in ask(&portal) {
            // Nobody listens any more once enough has been read.
            if sender.send((profile.to_owned(), page)).is_err() {
                return;
            }
        }
    });
    (merged(told, failures.clone()), failures)
}

/// Returns what is found out for each profile, in their order, and what failed.
pub fn each<T: Send + 'static>(
    profiles: &[String],
    ask: impl Fn(&Portal) -> Result<T, Error> + Send + Sync + 'static,
    cx: &Context,
) -> (Vec<(String, T)>, Failures) {
    let failures = Failures::default();
    let told = start(profiles, &failures, cx, move |profile, portal, sender| {
        let answer = portal.map_err(Error::from).and_then(|portal| ask(&portal));
        let _ = sender.send((profile.to_owned(), answer));
    });
    let mut answers = Vec::new();
    for (profile, answer) in told {
        match answer {
            Ok(answer) => answers.push((profile, answer)),
            Err(error) => failures.add(&profile, error),
        }
    }
    answers.sort_by_key(|(profile, _)| profiles.iter().position(|name| name == profile));
    (answers, failures)
}

/// Starts a thread for each profile that has a key, and returns what they tell.
fn start<M: Send + 'static>(
    profiles: &[String],
    failures: &Failures,
    cx: &Context,
    work: impl Fn(&str, Result<Portal, portal::Error>, &SyncSender<M>) + Send + Sync + 'static,
) -> Receiver<M> {
    let work = Arc::new(work);
    let (sender, told) = sync_channel(WAITING);
    for profile in profiles {
        let ready = match prepare(profile, cx) {
            Ok(ready) => ready,
            Err(error) => {
                failures.add(profile, error);
                continue;
            }
        };
        let (sender, work) = (sender.clone(), Arc::clone(&work));
        thread::spawn(move || {
            let Ready { profile, endpoint, credential, options } = ready;
            work(&profile, Portal::new(endpoint, &credential.secret, &options, None, None), &sender);
        });
    }
    told
}

/// Makes one listing of what the threads tell, in the order in which it comes.
fn merged<T: 'static>(told: Receiver<Told<T>>, failures: Failures) -> Pages<'static, (String, T)> {
    let mut count = 0_usize;
    Pages::of(String::new(), move |_, _| {
        count += 1;
        while let Ok((profile, page)) = told.recv() {
            match page {
                Err(error) => failures.add(&profile, error.into()),
                Ok(page) => {
                    let page = page.map(|item| (profile.clone(), item));
                    // There may be more, until all have said that there is not.
                    return Ok(Page { after: Some(count.to_string()), total: None, ..page });
                }
            }
        }
        Ok(Page::empty())
    })
}

fn prepare(name: &str, cx: &Context) -> Result<Ready, Error> {
    let profiles = &cx.config.file()?.profiles;
    let profile =
        profiles.get(name).ok_or_else(|| Error::new(Kind::Config, format!("there is no profile `{name}`")))?;
    let url = profile.portal.as_deref().ok_or_else(|| Error::new(Kind::Config, "it has no portal"))?;
    let endpoint = Endpoint::parse(url)?;
    let credential = cx.stored_credential(name, profile, &endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    let options = cx.portal_options(&endpoint, &credential.secret, || Ok(Some(name.to_owned())))?;
    Ok(Ready { profile: name.to_owned(), endpoint, credential, options })
}
