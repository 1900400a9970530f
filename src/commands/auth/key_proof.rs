//! Decides whether an answer to `{ __typename }` proves a key: some portals give it to anybody, which a made-up key
//! shows.

use crate::context::Context;
use crate::credentials::{Credential, Source};
use crate::error::{Error, Kind};
use crate::portal::{self, Endpoint, Proof, ProvenBy};
use crate::secret::Secret;

/// Returns what proves the key, in words. Where only `{ __typename }` does, a made-up key is sent once, if the user
/// agrees.
pub fn describe(
    proof: &Proof,
    secret: &Secret,
    endpoint: &Endpoint,
    may_send_wrong: bool,
    cx: &Context,
) -> Result<String, Error> {
    let ProvenBy::Typename(_) = proof.by else {
        let ProvenBy::Operation(word) = proof.by else { return Ok(String::new()) };
        return Ok(format!("`{word}`"));
    };
    let unproven =
        "the portal answers `{ __typename }`, which it may answer to any key: whether this one is valid is not known";
    if !may_send_wrong && !wants(cx)? {
        cx.out.warn(unproven);
        cx.out.hint("To find out, have a made-up key sent once: `--try-wrong-key`.");
        return Ok("nothing".to_owned());
    }
    match refuses(secret, endpoint, cx)? {
        true => Ok("its refusal of another key".to_owned()),
        false => {
            cx.out.warn(
                "the portal answers `{ __typename }` to a made-up key too: whether this one is valid is not known",
            );
            Ok("nothing".to_owned())
        }
    }
}

/// Asks the user, if somebody is at the terminal.
fn wants(cx: &Context) -> Result<bool, Error> {
    if cx.prompt.available().is_err() {
        return Ok(false);
    }
    cx.out.status(
        "No operation of ours fits this portal yet, so nothing proves the key but an answer that anybody may get.",
    );
    let typed = cx.prompt.typed("Send a made-up key once, to see whether it is refused? Type yes or no");
    Ok(typed.map_err(|error| Error::from(error).context("the key was not stored"))?.trim() == "yes")
}

/// Returns true if the portal refuses a made-up key of the same form.
fn refuses(secret: &Secret, endpoint: &Endpoint, cx: &Context) -> Result<bool, Error> {
    let random = || Error::new(Kind::Failed, "the system's random number generator failed");
    let credential = Credential {
        secret: secret.random_of_same_format().ok_or_else(random)?,
        source: Source::Environment,
        key_id: None,
    };
    match portal::answers(&cx.connect(endpoint.clone(), credential)?).map_err(Error::from) {
        Ok(()) => Ok(false),
        Err(error) if matches!(error.kind(), Kind::Unauthenticated | Kind::Forbidden) => Ok(true),
        Err(error) => Err(error.context("the key was not stored: the made-up one got no answer")),
    }
}
