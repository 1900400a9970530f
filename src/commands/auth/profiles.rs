//! The keys of all profiles: found one after the other, proven in parallel.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::record::{State, Status};
use crate::config::Profile;
use crate::context::{Connection, Context};
use crate::credentials::Credential;
use crate::error::{Error, Kind};
use crate::output::Fields;
use crate::portal::viewer::Viewer;
use crate::portal::{self, Endpoint, Proof, prove};
use crate::text::counted;

/// Checks the keys of all profiles; one that fails does not stop the others.
pub fn check(cx: &Context) -> Result<(), Error> {
    let mut statuses: Vec<(Status, Option<Connection>)> = Vec::new();
    for (name, profile) in &cx.config.file()?.profiles {
        statuses.push(prepare(name, profile, cx));
    }
    let prove = |(mut status, found): (Status, Option<Connection>)| {
        if let Some(connection) = found {
            status.judge(connection.open().and_then(|portal| prove(&portal)).and_then(Proof::strong));
        }
        status
    };
    let (count, due) = (statuses.len(), Mutex::new(statuses.into_iter().enumerate()));
    let proven = Mutex::new(Vec::new());
    let next = || lock(&due).next();
    let work = || {
        while let Some((n, status)) = next() {
            let status = prove(status);
            lock(&proven).push((n, status));
        }
    };
    thread::scope(|scope| {
        // If the system refuses a thread, the threads that run take its share.
        (1..count).all(|_| thread::Builder::new().spawn_scoped(scope, work).is_ok());
        work();
    });
    let mut proven = proven.into_inner().unwrap_or_else(PoisonError::into_inner);
    proven.sort_by_key(|(n, _)| *n);
    let mut statuses: Vec<Status> = proven.into_iter().map(|(_, status)| status).collect();
    let active = cx.config.profile_name()?;
    statuses.iter_mut().for_each(|status| status.active = Some(status.profile.as_ref() == Some(&active)));
    let mut rows = cx.out.rows(&Fields::all());
    statuses.iter().try_for_each(|status| rows.push(status))?;
    rows.finish()?;
    let failed: Vec<&Status> = statuses.iter().filter(|status| status.failure.is_some()).collect();
    for (status, error) in failed.iter().filter_map(|status| Some((status, status.failure.as_ref()?))) {
        cx.out.warn(format_args!("profile `{}`: {error}", status.profile.as_deref().unwrap_or_default()));
    }
    match failed.len() {
        0 => Ok(()),
        count => {
            let all = counted(statuses.len(), "profile", "profiles");
            let have = counted(count, &format!("of {all} has"), &format!("of {all} have"));
            let message = format!("{have} no key that is known to be valid");
            Err(Error::new(Kind::Partial, message))
        }
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Finds a profile's key; an error becomes the failure of that profile.
fn prepare(name: &str, profile: &Profile, cx: &Context) -> (Status, Option<Connection>) {
    let mut status = Status {
        profile: Some(name.to_owned()),
        portal: profile.portal.clone().unwrap_or_default(),
        organization: None,
        source: profile.store.as_str(),
        key: None,
        key_id: profile.key_id.clone(),
        state: State::Absent,
        shadowed: Vec::new(),
        active: None,
        file: cx.key_file(name, profile),
        failure: None,
    };
    let found = || {
        let Some(url) = &profile.portal else { return Ok(None) };
        let endpoint = Endpoint::parse(url).map_err(Error::from)?;
        cx.connection_of(name, profile, &endpoint)
    };
    match found() {
        Ok(Some(found)) => {
            let of_key = Status::of(status.profile, &found.endpoint, &found.credential);
            (Status { file: status.file, ..of_key }, Some(found))
        }
        Ok(None) => (Status { file: None, ..status }, None),
        Err(error) => {
            (status.state, status.failure) = (State::Unknown, Some(error));
            (status, None)
        }
    }
}

impl Status {
    /// Returns the status of a key that was found and is not yet proven.
    pub fn of(profile: Option<String>, endpoint: &Endpoint, credential: &Credential) -> Status {
        let last = credential.secret.last_four().unwrap_or_default();
        Status {
            profile,
            portal: endpoint.base(),
            organization: None,
            source: credential.source.as_str(),
            key: Some(format!("…{last}")),
            key_id: credential.key_id.clone(),
            state: State::Unknown,
            shadowed: Vec::new(),
            active: None,
            file: None,
            failure: None,
        }
    }

    /// Records whether the portal accepts the key.
    pub fn judge(&mut self, proof: Result<Viewer, portal::Error>) {
        match proof.map_err(Error::from) {
            Ok(viewer) => {
                self.state = State::Valid;
                self.organization = viewer.organization_name();
                self.key_id = viewer.key.map(|key| key.id).or(self.key_id.take());
            }
            Err(error) if error.kind() == Kind::Unauthenticated => {
                (self.state, self.failure) = (State::Invalid, Some(error));
            }
            Err(error) => {
                // An unreachable portal says nothing of the key: scripts must not log in again because of it.
                let stays = error.kind().spec().exit == 8 || error.kind() == Kind::Unsupported;
                let kind = if stays { error.kind() } else { Kind::Unreachable };
                let error = error.reclassify(kind, "whether the key is valid cannot be known now");
                (self.state, self.failure) = (State::Unknown, Some(error));
            }
        }
    }
}
