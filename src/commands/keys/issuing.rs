//! Generates a key for a command: prints the result, and delivers the secret as a last resort if it reached no
//! destination.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::commands::session;
use crate::config::CiSystem;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::journal::Destination;
use crate::lifecycle::{Delivery, Issued, Request, Session, roll_back_key, timestamp};
use crate::output::{Column, Fields, Record, Value};
use crate::portal::scalars::DateTime;
use crate::secret::Secret;
use crate::text::argument;

/// What Ctrl-C says about an unfinished request.
const LEFT: &str = "Interrupted while generating a key: look for it with `optra keys list`, and revoke it if its secret has \
                    not arrived.";

/// A key without its secret.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedKey {
    pub id: Option<String>,
    pub name: Option<String>,
    pub created_at: Option<DateTime>,
    /// False if the key existed before.
    pub changed: bool,
}

/// A new key with its secret unmasked, because the user asked for it on stdout.
#[derive(JsonSchema, Serialize)]
pub struct KeyWithSecret {
    #[serde(flatten)]
    key: IssuedKey,
    #[serde(serialize_with = "expose")]
    #[schemars(with = "String")]
    secret: Secret,
}

impl Record for IssuedKey {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<IssuedKey>] = &[
        Column::pinned("id", |key| key.id.cell()),
        Column::priority("name", 0, |key| key.name.cell()),
        Column::priority("createdAt", 1, |key| key.created_at.cell()),
        Column::priority("changed", 2, |key| key.changed.cell()),
    ];
}

impl Record for KeyWithSecret {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<KeyWithSecret>] = &[
        Column::pinned("id", |shown| shown.key.id.cell()),
        Column::priority("name", 0, |shown| shown.key.name.cell()),
        Column::priority("createdAt", 1, |shown| shown.key.created_at.cell()),
        Column::priority("changed", 2, |shown| shown.key.changed.cell()),
        Column::pinned("secret", |shown| shown.secret.expose().cell()),
    ];
}

fn expose<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose())
}

impl IssuedKey {
    /// Returns the record of a new key.
    fn of(issued: &Issued) -> IssuedKey {
        let Issued { id, name, created_at, .. } = issued;
        IssuedKey { id: id.clone(), name: name.clone(), created_at: created_at.clone(), changed: true }
    }
}

/// Which key to generate, and for which command.
pub struct IssueRequest<'o> {
    /// The command, for the log.
    pub command: &'static str,
    pub name: Option<&'o str>,
    pub delivery: Delivery<'o>,
    pub namesakes: Namesakes,
    /// The user's reason, for the log.
    pub reason: Option<String>,
}

/// What to do about another key of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namesakes {
    /// Warn.
    Told,
    /// Generate no key.
    Refused,
    /// No other key was seen; if one is generated elsewhere at the same moment, only one of the two may stay.
    Raced,
}

/// Generates a key and delivers its secret. Ctrl-C waits until both are done.
pub fn issue(order: IssueRequest<'_>, cx: &Context) -> Result<(), Error> {
    cx.ensure_writable()?;
    let reason = order.reason.clone();
    session::run(order.command, reason.as_deref(), cx, |session| issue_and_deliver(order, session, cx))
}

fn issue_and_deliver(order: IssueRequest<'_>, session: Session<'_>, cx: &Context) -> Result<(), Error> {
    let request = Request::new(order.name, session)?;
    order.namesakes.judge(&request, order.name, cx)?;
    let hold = interrupt::hold(LEFT);
    let issued = request.send(session)?;
    let made = IssuedKey::of(&issued);
    if order.namesakes == Namesakes::Raced {
        // If the keys cannot be listed, the key may be a duplicate.
        let alone = is_duplicate(session, &made).and_then(|is_duplicate| match is_duplicate {
            false => Ok(()),
            true => Err(Error::new(Kind::Failed, "another process generated a key with this name at the same time")),
        });
        alone.map_err(|problem| roll_back_key(session, &issued, problem))?;
    }
    let mut delivery = order.delivery;
    let delivered = delivery.deliver(&issued.secret, issued.id.as_deref(), &|| print(&issued, cx));
    delivered.map_err(|failure| last_resort_delivery(session, &issued, failure, cx))?;
    let places: Vec<String> = delivery.destinations().map(ToString::to_string).collect();
    if let Some(id) = &issued.id {
        places.iter().for_each(|place| session.know(|ledger| ledger.put(session.clock.now(), id, place)));
    }
    let called = made.name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
    let id = made.id.clone().unwrap_or_else(|| "unknown".to_owned());
    if cx.out.is_machine() && !delivery.destinations().any(|place| *place == Destination::Stdout) {
        cx.out.item(&made, &Fields::all())?;
    }
    cx.out.status(format_args!("Generated API key{called} (id {id})."));
    if made.id.is_none() {
        cx.out.warn("the portal did not tell the id of the new key, and the list does not show which it is");
    }
    drop(hold);
    if interrupt::is_pending() {
        let message = format!("interrupted; the key (id {id}) was made, and its secret was delivered");
        return Err(Error::new(Kind::Interrupted, message));
    }
    Ok(())
}

impl Namesakes {
    fn judge(self, request: &Request, name: Option<&str>, cx: &Context) -> Result<(), Error> {
        let (Some(name), false) = (name, self == Namesakes::Raced) else { return Ok(()) };
        let refused = |message: String| Err(Error::new(Kind::Declined, message).context("no key was generated"));
        match request.namesakes.as_slice() {
            [] if self == Namesakes::Refused && !request.saw_all() => {
                refused(format!("cannot tell whether a key is called `{name}` already"))
            }
            [] => Ok(()),
            ids => {
                let (ids, is) = (ids.join(" "), if ids.len() == 1 { "a key is" } else { "keys are" });
                let message = format!("{is} called `{name}` already (id {ids})");
                if self == Namesakes::Refused {
                    return refused(message);
                }
                cx.out.warn(message);
                Ok(())
            }
        }
    }
}

/// Returns true if a key of the same name was generated before this one. All processes that look agree on the order.
fn is_duplicate(session: Session<'_>, made: &IssuedKey) -> Result<bool, Error> {
    let rank = |created: Option<&DateTime>, id: &str| (timestamp(created), id.len(), id.to_owned());
    let own = made.id.as_deref().unwrap_or_default();
    let ours = rank(made.created_at.as_ref(), own);
    let all = session.issuer.keys()?.keys;
    let mut rivals = all.iter().filter(|key| key.name == made.name && key.id != own);
    Ok(rivals.any(|key| rank(key.created_at.as_ref(), &key.id) < ours))
}

/// Writes the secret to stdout: bare for a shell, in a record for a program.
pub fn print(issued: &Issued, cx: &Context) -> Result<(), Error> {
    let secret = &issued.secret;
    mask_in_log(secret, cx);
    if cx.out.is_watched() && !cx.out.is_machine() {
        cx.out.status("This is the secret of the new key, shown once; keep it like a password:");
    }
    let written = cx.out.revealing(secret, || {
        if cx.out.is_machine() {
            return cx.out.item(&KeyWithSecret { key: IssuedKey::of(issued), secret: secret.clone() }, &Fields::all());
        }
        let line = Zeroizing::new(format!("{}\n", secret.expose()));
        cx.out.text(&line)
    });
    // A closed pipe is a failure here: the secret is lost.
    Ok(written?)
}

/// Makes the CI system mask the secret in its log, before the secret is printed. On stderr, because stdout may be
/// captured into a variable; these systems read both.
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

/// Shows a secret that reached no destination once to the person at the terminal; without one, the key is revoked.
fn last_resort_delivery(session: Session<'_>, issued: &Issued, failure: Error, cx: &Context) -> Error {
    if cx.config.ci
        || cx.out.is_machine()
        || !cx.out.show_once("This is the secret of the new key, shown once:", &issued.secret)
    {
        return roll_back_key(session, issued, failure);
    }
    let id = issued.id.as_deref().unwrap_or("unknown");
    let message = format!("the new key (id {id}) works, but its secret is nowhere but on this screen");
    failure.reclassify(Kind::StoreFailed, message).not_retryable().replace_hints(format!(
        "Keep the secret, or revoke the key: `optra{} keys revoke {}`.",
        session.options,
        argument(id)
    ))
}
