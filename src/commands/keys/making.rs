//! Making a key so that none is left whose secret nobody has: the destinations first, then the key, then its delivery.

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::destination::{self, Ready};
use super::{filter, orphan};
use crate::config::CiSystem;
use crate::context::Context;
use crate::credentials;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::lifecycle::Inventory;
use crate::output::{Column, Fields, Record, Value};
use crate::portal::Portal;
use crate::portal::keys::{self, GeneratedApiKey};
use crate::portal::scalars::DateTime;
use crate::secret::{self, Secret};

/// What Ctrl-C may leave behind while the portal is asked.
const LEFT: &str = "Left while a key was being made: look for it with `optra keys list`, and revoke it if its secret has \
                    not arrived.";

/// A new key, whose secret is elsewhere.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    pub id: String,
    pub name: Option<String>,
    pub created_at: Option<DateTime>,
}

/// A new key with its secret in the open, because the user asked for it on stdout.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    key: Made,
    #[serde(serialize_with = "expose")]
    secret: Secret,
}

impl Record for Made {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Made>] = &[
        Column::whole("id", |key| key.id.cell()),
        Column::shown("name", 0, |key| key.name.cell()),
        Column::shown("createdAt", 1, |key| key.created_at.cell()),
    ];
}

impl Record for Shown {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Shown>] = &[
        Column::whole("id", |shown| shown.key.id.cell()),
        Column::shown("name", 0, |shown| shown.key.name.cell()),
        Column::shown("createdAt", 1, |shown| shown.key.created_at.cell()),
        Column::whole("secret", |shown| shown.secret.expose().cell()),
    ];
}

fn expose<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose())
}

/// What is to be made, and for whom.
pub struct Order<'o> {
    /// The command that asks, for the log.
    pub command: &'static str,
    pub name: Option<&'o str>,
    pub places: Vec<Ready>,
    /// True where another key of this name, made elsewhere at the same moment, must not stay beside it.
    pub only_one: bool,
}

/// Makes a key and delivers its secret. Ctrl-C waits for the end of it.
pub fn make(order: Order<'_>, cx: &Context) -> Result<Made, Error> {
    cx.may_change()?;
    let portal = cx.portal()?;
    let request = Request::new(order.name, portal)?;
    let hold = interrupt::hold(LEFT);
    let (made, secret) = request.send(order.command, portal, cx)?;
    if order.only_one {
        // Where it cannot be seen, the key is not certainly the only one.
        let alone = has_rival(portal, &made).and_then(|has_rival| match has_rival {
            false => Ok(()),
            true => Err(Error::new(Kind::Failed, "another made a key of this name at the same moment")),
        });
        alone.map_err(|problem| take_back(portal, &made, problem, order.command, cx))?;
    }
    let to_stdout = order.places.iter().any(Ready::is_stdout);
    destination::deliver(order.places, &secret, &made.id, cx, || print(&made, &secret, cx))
        .map_err(|failure| rescue(portal, &made, &secret, failure, order.command, cx))?;
    let called = made.name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
    if cx.out.is_machine() && !to_stdout {
        cx.out.item(&made, &Fields::all())?;
    }
    cx.out.status(format_args!("Generated API key{called} (id {}).", made.id));
    drop(hold);
    if interrupt::is_pending() {
        let message = format!("interrupted; the key (id {}) was made, and its secret was delivered", made.id);
        return Err(Error::new(Kind::Interrupted, message));
    }
    Ok(made)
}

/// Fails for a secret that is no key.
fn is_key(secret: &Secret) -> Result<(), Error> {
    credentials::key(secret.expose().into()).map(drop).map_err(|problem| credentials::Error::Text(problem).into())
}

/// Returns true if a key of the same name was made before this one. All who look come to the same answer.
fn has_rival(portal: &Portal, made: &Made) -> Result<bool, Error> {
    let rank = |created: Option<&DateTime>, id: &str| (filter::moment(created), id.len(), id.to_owned());
    let ours = rank(made.created_at.as_ref(), &made.id);
    let all = Inventory::read(portal)?.keys;
    let mut rivals = all.iter().filter(|key| key.name == made.name && key.id != made.id);
    Ok(rivals.any(|key| rank(key.created_at.as_ref(), &key.id) < ours))
}

/// Writes the secret to stdout: alone for a shell, in its record for a program.
pub fn print(made: &Made, secret: &Secret, cx: &Context) -> Result<(), Error> {
    mask_in_log(secret, cx);
    if cx.out.is_watched() && !cx.out.is_machine() {
        cx.out.status("This is the secret of the new key, shown once; keep it like a password:");
    }
    let written = cx.out.revealing(secret, || {
        if cx.out.is_machine() {
            return cx.out.item(&Shown { key: made.clone(), secret: secret.clone() }, &Fields::all());
        }
        let line = Zeroizing::new(format!("{}\n", secret.expose()));
        cx.out.text(&line)
    });
    // That nobody reads any more is no success here: the secret is lost.
    Ok(written?)
}

/// Tells the system that runs the job to mask the value in its log, before the value is there. On stderr, because stdout
/// may be on its way into a variable; such systems read both.
fn mask_in_log(secret: &Secret, cx: &Context) {
    match cx.config.ci_system {
        Some(CiSystem::GitHub) => cx.out.tell_masking_system("::add-mask::", &[("%", "%25")], secret),
        Some(CiSystem::Azure) => {
            cx.out.tell_masking_system("##vso[task.setsecret]", &[("%", "%AZP25"), (";", "%3B"), ("]", "%5D")], secret);
        }
        Some(CiSystem::GitLab | CiSystem::Jenkins) => {
            cx.out.warn("this system cannot mask in its log what is made in a job: do not print the secret");
        }
        None => {}
    }
}

/// A secret that reached no place is shown to the person who watches, once; where nobody does, the key goes again.
fn rescue(portal: &Portal, made: &Made, secret: &Secret, failure: Error, command: &str, cx: &Context) -> Error {
    if cx.config.ci
        || cx.out.is_machine()
        || !cx.out.show_once("This is the secret of the new key, shown once:", secret)
    {
        return take_back(portal, made, failure, command, cx);
    }
    let message = format!("the new key (id {}) works, but its secret is nowhere but on this screen", made.id);
    failure.within(Kind::StoreFailed, message).not_again().instead(format!(
        "Keep the secret, or revoke the key: `optra{} keys revoke {}`.",
        cx.config.chosen_portal(),
        made.id
    ))
}

/// No key is left whose secret nobody has.
pub fn take_back(portal: &Portal, made: &Made, failure: Error, command: &str, cx: &Context) -> Error {
    let id = &made.id;
    match orphan::revoke(portal, id, false, command, cx) {
        Ok(()) => {
            let message = format!("the secret could not be delivered, so the new key (id {id}) was revoked again");
            failure.within(Kind::Failed, message)
        }
        Err(error) => {
            let message = format!("the secret could not be delivered, and the new key (id {id}) could not be revoked");
            let hint = format!("Nobody has its secret: `optra{} keys revoke {id}`.", cx.config.chosen_portal());
            error.within(Kind::Failed, message).instead(hint).not_again()
        }
    }
}

/// Says that an answer cannot be trusted, so that nothing was touched because of it. Its id may be another key's, so no
/// line to paste names it.
fn untouched(problem: String, cx: &Context) -> Error {
    let hint = format!(
        "Look with `optra{} keys list` whether there is a new key, and revoke that one: nobody has its secret.",
        cx.config.chosen_portal()
    );
    Error::new(Kind::BadAnswer, format!("{problem}; nothing was delivered or revoked")).not_again().hint(hint)
}

/// A request for a key, and what is needed to find the key if the answer gets lost.
pub struct Request {
    name: String,
    /// True where the name is of our own making, so that nobody else has made a key of it.
    marked: bool,
    /// The keys that were there before; none where it was not seen, or need not be.
    before: Option<Vec<String>>,
}

impl Request {
    /// Prepares a request for a key of this name, or of one of our own making.
    pub fn new(name: Option<&str>, portal: &Portal) -> Result<Request, Error> {
        let Some(name) = name else {
            return Ok(Request { name: format!("optra-{}", orphan::mark()?), marked: true, before: None });
        };
        Ok(Request { name: name.to_owned(), marked: false, before: orphan::ids(portal) })
    }

    /// Prepares a request whose circumstances are known.
    pub fn known(name: &str, marked: bool, before: &[String]) -> Request {
        Request { name: name.to_owned(), marked, before: Some(before.to_vec()) }
    }

    /// Says what shows that an answer is not about a new key of ours.
    fn problem(&self, id: &str, secret: &Secret, portal: &Portal) -> Option<String> {
        if self.before.as_ref().is_some_and(|before| before.iter().any(|other| other == id)) {
            return Some(format!("the portal answered with the id {id}, which a key had before"));
        }
        if portal.uses(secret) {
            return Some("the portal answered with the secret of the key in use".to_owned());
        }
        let is_padded = secret.expose() != secret.expose().trim();
        match is_key(secret) {
            Err(problem) => Some(format!("the portal answered with a secret that is no key: {problem}")),
            Ok(()) if is_padded => Some("the portal answered with a secret that has white space around it".to_owned()),
            Ok(()) if secret.expose().len() < secret::SHORTEST => {
                Some(format!("the portal answered with a secret of less than {} characters", secret::SHORTEST))
            }
            Ok(()) => None,
        }
    }

    /// Sends it, once. After a lost answer the key is looked for.
    pub fn send(&self, command: &str, portal: &Portal, cx: &Context) -> Result<(Made, Secret), Error> {
        // Should this process die, the name is all there is to find the key by.
        cx.note(command, "generate", &[], Some(&self.name), "asked");
        let mut generated = keys::generate(portal, Some(&self.name));
        let (mut name, mut before) = (Some(self.name.clone()), self.before.clone());
        if let (true, Err(error)) = (self.marked, &generated)
            && error.is_about_variable("name")
        {
            // This portal takes no name, and nobody asked for one. What is new shows in the list, if anything does.
            before = before.or_else(|| orphan::ids(portal));
            (generated, name) = (keys::generate(portal, None), None);
        }
        match generated {
            Ok(GeneratedApiKey { id, secret, name: told, created_at }) => {
                let problem = self.problem(&id, &secret, portal);
                let result = if problem.is_some() { "unknown" } else { "done" };
                cx.note(command, "generate", &[&id], told.as_deref().or(name.as_deref()), result);
                if let Some(problem) = problem {
                    return Err(untouched(problem, cx));
                }
                Ok((Made { id, name: told.or(name), created_at }, secret))
            }
            Err(error) => {
                let error = Error::from(error);
                let unclear = error.may_have_been_executed();
                cx.note(command, "generate", &[], name.as_deref(), if unclear { "unknown" } else { "failed" });
                if !unclear {
                    return Err(error);
                }
                Err(orphan::settle(error, name.as_deref(), self.marked, before.as_deref(), command, portal, cx))
            }
        }
    }
}
