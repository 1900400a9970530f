//! Generates a key so that none is left whose secret nobody has: one request, a check of the answer, and a search if
//! the answer is lost.

use super::name;
use super::reconcile::{Traces, reconcile, revoke_orphan};
use super::session::{Attempt, Session};
use crate::credentials;
use crate::error::{Error, Kind};
use crate::portal::keys::{ApiKey, GeneratedApiKey};
use crate::portal::scalars::DateTime;
use crate::secret::{self, Secret};
use crate::text::argument;
use crate::text::is_same;

/// A new key with its secret.
#[derive(Debug)]
pub struct Issued {
    /// `None` if neither the portal nor its list told the id.
    pub id: Option<String>,
    pub name: Option<String>,
    pub created_at: Option<DateTime>,
    pub secret: Secret,
}

/// A request for a key, and what is needed to find the key if the answer is lost.
pub struct Request {
    name: String,
    /// True if the name has a nonce, so that nobody else has given it to a key.
    marked: bool,
    /// The ids before the request; `None` if they are unknown, or not needed.
    before: Option<Vec<String>>,
    /// Those of them that have this name, too.
    pub namesakes: Vec<String>,
    /// True if a key without its name would be useless.
    needs_name: bool,
}

impl Request {
    /// Prepares a request for a key of this name, or of a generated name.
    pub fn new(name: Option<&str>, session: Session<'_>) -> Result<Request, Error> {
        let Some(name) = name else { return Ok(Request { before: None, ..Request::known(&name::own()?, true, &[]) }) };
        let Ok(inventory) = session.issuer.keys() else {
            return Ok(Request { before: None, ..Request::known(name, false, &[]) });
        };
        let has_name = |key: &&ApiKey| key.name.as_deref().is_some_and(|other| is_same(name::strip_nonce(other), name));
        let namesakes = inventory.keys.iter().filter(has_name).map(|key| key.id.clone()).collect();
        Ok(Request { before: inventory.ids(), namesakes, ..Request::known(name, false, &[]) })
    }

    /// Prepares a request without listing the keys.
    pub fn known(name: &str, marked: bool, before: &[String]) -> Request {
        Request {
            name: name.to_owned(),
            marked,
            before: Some(before.to_vec()),
            namesakes: Vec::new(),
            needs_name: false,
        }
    }

    /// Makes the name mandatory, because the key could not be found again without it.
    pub fn named_only(self) -> Request {
        Request { needs_name: true, before: None, ..self }
    }

    /// Returns true if the keys before the request are known.
    pub fn saw_all(&self) -> bool {
        self.before.is_some()
    }

    /// Sends the request once. After a lost answer, looks for the key.
    pub fn send(&self, session: Session<'_>) -> Result<Issued, Error> {
        let attempt =
            Attempt { action: "generate", id: None, name: Some(&self.name), result: "asked", request_id: None };
        // If this process is killed, the name is all there is to find the key by.
        (session.note)(&attempt);
        let mut generated = session.issuer.generate(Some(&self.name));
        let (mut name, mut before) = (Some(self.name.as_str()), self.before.clone());
        if let (true, Err(error)) = (self.marked && !self.needs_name, &generated)
            && error.lacks() == ["$name"]
        {
            // The portal takes no name, and the user asked for none. A comparison of lists may still show the new key.
            before = before.or_else(|| seen(session));
            (generated, name) = (session.issuer.generate(None), None);
        }
        let traces = Traces { name, marked: self.marked, before: before.as_deref() };
        match generated {
            Ok(GeneratedApiKey { id, secret, name: told, created_at, request_id }) => {
                let problem = problem(id.as_deref(), &secret, traces, session);
                let result = if problem.is_some() { "unknown" } else { "done" };
                // The secret is here, so the key is no orphan even without an id.
                let id = id.or_else(|| problem.is_none().then(|| find(traces, session)).flatten());
                let name = told.or(name.map(str::to_owned));
                if let (Some(id), None) = (&id, &problem) {
                    // The ledger comes before the log: a key in the ledger without a place was cut off.
                    session.know(|ledger| ledger.know(session.clock.now(), &secret, id, name.as_deref()));
                }
                let request_id = request_id.as_ref();
                (session.note)(&Attempt { id: id.as_deref(), name: name.as_deref(), result, request_id, ..attempt });
                if let Some(problem) = problem {
                    return Err(untouched(problem, traces.name, session.options).of_request(request_id.cloned()));
                }
                Ok(Issued { id, name, created_at, secret })
            }
            Err(error) => {
                let unclear = error.may_have_been_executed();
                let result = if unclear { "unknown" } else { "failed" };
                (session.note)(&Attempt { name, result, request_id: error.request_id(), ..attempt });
                if unclear { Err(reconcile(session, error, traces)) } else { Err(error) }
            }
        }
    }
}

/// Revokes a key whose secret nobody has.
pub fn roll_back_key(session: Session<'_>, issued: &Issued, failure: Error) -> Error {
    let Some(id) = &issued.id else {
        let called = issued.name.as_deref().unwrap_or_default();
        let hint =
            format!("Nobody has its secret: look for it with `optra{} keys list`, and revoke it.", session.options);
        let message = format!("the secret of the new key `{called}` could not be delivered, and its id is not known");
        return failure.reclassify(Kind::Failed, message).replace_hints(hint).not_retryable();
    };
    match revoke_orphan(session, id, false) {
        Ok(()) => {
            let message = format!("the secret could not be delivered, so the new key (id {id}) was revoked");
            failure.reclassify(Kind::Failed, message)
        }
        Err(error) => {
            let message = format!("the secret could not be delivered, and the new key (id {id}) could not be revoked");
            let hint = format!("Nobody has its secret: `optra{} keys revoke {}`.", session.options, argument(id));
            error.reclassify(Kind::Failed, message).replace_hints(hint).not_retryable()
        }
    }
}

/// Returns the ids of all keys; `None` unless the list is complete.
pub fn seen(session: Session<'_>) -> Option<Vec<String>> {
    session.issuer.keys().ok()?.ids()
}

/// Returns the id of a new key that came without one, if the list is unambiguous.
fn find(traces: Traces<'_>, session: Session<'_>) -> Option<String> {
    let found = traces.candidates(session.issuer.keys().ok()?.keys);
    match found.as_slice() {
        [key] if traces.before.is_some() || traces.certain(&found).is_some() => Some(key.id.clone()),
        _ => None,
    }
}

/// Returns why an answer cannot be about a new key of ours.
fn problem(id: Option<&str>, secret: &Secret, traces: Traces<'_>, session: Session<'_>) -> Option<String> {
    if let Some(id) = id.filter(|id| traces.before.is_some_and(|before| before.iter().any(|other| other == id))) {
        return Some(format!("the portal answered with the id {id}, which a key had before"));
    }
    if session.issuer.uses(secret) {
        return Some("the portal answered with the secret of the key in use".to_owned());
    }
    if (1..secret::SHORTEST).contains(&secret.expose().len()) {
        return Some(format!("the portal answered with a secret of less than {} characters", secret::SHORTEST));
    }
    let is_padded = secret.expose() != secret.expose().trim();
    match credentials::key(secret.expose().into()).map_err(credentials::Error::Text) {
        Err(problem) => Some(format!("the portal answered with a secret that is not a key: {}", Error::from(problem))),
        Ok(_) if is_padded => Some("the portal answered with a secret that has white space around it".to_owned()),
        Ok(_) => None,
    }
}

/// Returns the error for an answer that cannot be trusted; nothing was revoked because of it. Its id may be another
/// key's, so no hint names it.
fn untouched(problem: String, name: Option<&str>, options: &str) -> Error {
    let which = name.map_or_else(String::new, |name| format!(" named `{name}`"));
    let hint = format!(
        "Look with `optra{options} keys list` whether there is a new key{which}, and revoke that one: nobody has its secret."
    );
    Error::new(Kind::BadAnswer, format!("{problem}; nothing was delivered or revoked")).not_retryable().hint(hint)
}
