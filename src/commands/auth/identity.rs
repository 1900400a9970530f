//! Whether the portal accepts a key, and which of its keys it is: the portal says so, or the user, or this machine's
//! ledger.

use crate::commands::search::Resolver;
use crate::context::Context;
use crate::credentials::{Credential, Source};
use crate::error::{Error, Kind};
use crate::lifecycle::{Issuer, KeyInUse, Notes};
use crate::portal::keys::ApiKey;
use crate::portal::{self, Endpoint, Portal, Proof};
use crate::secret::Secret;

/// Connects with a key and proves it. Errors say that the key was not stored.
pub fn prove(endpoint: &Endpoint, secret: Secret, source: Source, cx: &Context) -> Result<(Portal, Proof), Error> {
    let portal = cx.connect(endpoint.clone(), Credential { secret, source, key_id: None })?;
    let proven = portal::prove(&portal).map_err(|error| {
        let error = Error::from(error);
        match (error.kind(), source) {
            (Kind::Unauthenticated, Source::Environment) => error.replace_hints("Check `OPTRA_API_KEY`."),
            (_, Source::Environment) => error,
            (Kind::Unauthenticated, _) => error
                .context("the key was not stored: the portal rejects it")
                .replace_hints("Check that it is a key of this portal, and that nobody has revoked it."),
            (Kind::Unreachable | Kind::Timeout | Kind::NotFound, _) => error
                .context("the key was not stored: it could not be proven")
                .replace_hints("Check that this is the portal's API base URL, and that it can be reached from here."),
            _ => error.context("the key was not stored: it could not be proven"),
        }
    });
    Ok((portal, proven?))
}

/// Returns the id of a proven key; `None` if nobody knows it. An id that contradicts the portal is an error.
pub fn identify(
    told: Option<String>,
    given: Option<&str>,
    secret: &Secret,
    portal: &Portal,
    cx: &Context,
) -> Result<Option<String>, Error> {
    let undone = |error: Error| error.context("the key was not stored");
    let noted = given.map(|word| id_of(word, portal)).transpose().map_err(undone)?;
    let (known, others) = cx.known(secret);
    // The ledger of this machine does not outweigh what the portal or the user says now.
    let known = known.filter(|_| told.is_none() && noted.is_none());
    match KeyInUse::of(told, Notes { noted, known, others }).certain().map_err(undone)? {
        KeyInUse::Known(id) => Ok(Some(id)),
        unknown => Ok(ask(&unknown, portal, cx)),
    }
}

/// Returns the id of the key that `word` names. Where the portal does not list its keys, `word` is taken as the id.
fn id_of(word: &str, portal: &Portal) -> Result<String, Error> {
    match named(word, portal) {
        Ok(key) => Ok(key.id),
        Err(error) if matches!(error.kind(), Kind::Forbidden | Kind::FeatureDisabled | Kind::Unsupported) => {
            Ok(word.to_owned())
        }
        Err(error) => Err(error),
    }
}

/// Finds the key with this id or name among the portal's keys.
fn named(word: &str, portal: &Portal) -> Result<ApiKey, Error> {
    let mut search = Resolver::new("key", word, |key: &ApiKey| &key.id);
    portal.keys()?.keys.into_iter().for_each(|key| {
        let name = key.name.clone();
        search.consider(key, name.as_deref());
    });
    search.finish()
}

/// Asks the user, if somebody is at the terminal. The id may stay unknown; commands that need it ask again.
fn ask(known: &KeyInUse, portal: &Portal, cx: &Context) -> Option<String> {
    let later = |why: &str| {
        cx.out.status(format_args!(
            "It is not known which of the portal's keys this is{why}; name it with `--key-id ID`."
        ));
        None
    };
    if cx.prompt.available().is_err() {
        return later("");
    }
    let Ok(inventory) = portal.keys() else { return later(", and they cannot be listed") };
    cx.out.status("The portal does not tell which of its keys this is:");
    for key in inventory.keys.iter().filter(|key| known.may_be(&key.id)) {
        cx.out.status(format_args!("  {}  {}", key.id, key.name.as_deref().unwrap_or("(no name)")));
    }
    loop {
        let typed = cx.prompt.typed("Type its id or name, or nothing if you do not know it").ok()?;
        if typed.trim().is_empty() {
            return later("");
        }
        match named(typed.trim(), portal) {
            Ok(key) => return Some(key.id),
            Err(error) if error.kind() == Kind::NotFound => cx.out.warn(error),
            Err(_) => return later(""),
        }
    }
}
