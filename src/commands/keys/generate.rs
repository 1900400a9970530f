//! `optra keys generate`: the one verb whose result is a secret. What cannot be delivered is revoked again.

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::commands::id_or_name;
use crate::context::Context;
use crate::credentials;
use crate::error::{Error, Kind};
use crate::output::{self, Column, Fields, Record, Value};
use crate::portal::keys::{self, GeneratedApiKey};
use crate::portal::scalars::DateTime;
use crate::portal::{self, Portal};
use crate::secret::Secret;

/// Generate an API key and print its secret
///
/// In a pipe, stdout carries the secret and a newline, and nothing else.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys generate --name warehouse-dashboard
  KEY=$(optra keys generate --name ci)")]
pub struct Args {
    /// What the key is for: one key per integration
    #[arg(long, value_parser = id_or_name)]
    name: Option<String>,
}

/// A new key with its secret in the open, because the user asked for it here.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    id: String,
    name: Option<String>,
    created_at: Option<DateTime>,
    #[serde(serialize_with = "expose")]
    secret: Secret,
}

impl Record for Delivery {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Delivery>] = &[
        Column::whole("id", |key| key.id.cell()),
        Column::shown("name", 0, |key| key.name.cell()),
        Column::shown("createdAt", 1, |key| key.created_at.cell()),
        Column::whole("secret", |key| key.secret.expose().cell()),
    ];
}

fn expose<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose())
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if cx.out.goes_nowhere() {
        return Err(Error::new(
            Kind::Declined,
            "no key was made: its secret would be lost, because stdout goes nowhere",
        )
        .hint("Take it into a variable or a file: `KEY=$(optra keys generate)`."));
    }
    let portal = cx.portal()?;
    let GeneratedApiKey { id, secret, name, created_at } =
        keys::generate(portal, args.name.as_deref()).map_err(|error| explain(error, args.name.as_deref()))?;
    let name = name.or_else(|| args.name.clone());
    let key = Delivery { id, name, created_at, secret };
    // What is no key could not be used as one, and a terminal would obey it.
    if let Err(problem) = credentials::key(key.secret.expose().into()) {
        return take_back(portal, &key, problem.into());
    }
    if cx.out.is_watched() && !cx.out.is_machine() {
        cx.out.status("This is the secret of the new key, shown once; keep it like a password:");
    }
    deliver(&key, cx).or_else(|failure| take_back(portal, &key, failure.into()))?;
    let called = key.name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
    cx.out.status(format_args!("Generated API key{called} (id {}).", key.id));
    Ok(())
}

fn deliver(key: &Delivery, cx: &Context) -> Result<(), output::Error> {
    cx.out.revealing(&key.secret, || {
        if cx.out.is_machine() {
            return cx.out.item(key, &Fields::all());
        }
        let line = Zeroizing::new(format!("{}\n", key.secret.expose()));
        cx.out.text(&line)
    })
}

/// No key is left whose secret nobody has.
fn take_back(portal: &Portal, key: &Delivery, failure: anyhow::Error) -> Result<(), Error> {
    let id = &key.id;
    match keys::revoke(portal, id) {
        Ok(()) => {
            let message = format!("the secret could not be delivered, so the new key (id {id}) was revoked again");
            Err(Error::new(Kind::Failed, message).cause(failure))
        }
        Err(error) => {
            let message = format!("the secret could not be delivered, and the new key (id {id}) could not be revoked");
            let hint = format!("Nobody has its secret: `optra keys revoke {id}`.");
            Err(Error::from(error).within(Kind::Failed, message).hint(hint))
        }
    }
}

/// A lost answer leaves open whether there is a key now; it is never asked for twice.
fn explain(error: portal::Error, name: Option<&str>) -> Error {
    let unclear = error.may_have_run();
    let error = Error::from(error);
    if !unclear {
        return error;
    }
    let which = name.map_or_else(|| "a new one".to_owned(), |name| format!("one named `{name}`"));
    error.not_again().instead(format!(
        "The portal may have made the key all the same. Look for {which} with `optra keys list`, and revoke it: nobody \
         has its secret."
    ))
}
