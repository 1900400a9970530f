//! Whether an existing key satisfies `keys ensure`.
//!
//! It generates nothing and revokes nothing.

use jiff::SignedDuration;

use super::issuing::IssuedKey;
use super::users::whereabouts;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::journal::Destination;
use crate::lifecycle::{Content, timestamp};
use crate::output::Fields;
use crate::portal::keys::ApiKey;
use crate::text::argument;

/// A younger key may be one that somebody is just putting into use.
const YOUNG: SignedDuration = SignedDuration::from_hours(1);

/// Returns true if a run on this machine was killed while it generated a key of this name: the log has an entry without
/// a result, or the ledger a key that never arrived anywhere. A key of an unfinished rotation does not count.
fn was_cut_off(id: &str, name: &str, cx: &Context) -> Result<bool, Error> {
    let base = cx.endpoint()?.base();
    let is_in_rotation = whereabouts(&base, cx)?.of(Some(id)).iter().any(|place| place.kind == "rotation");
    let never_arrived = || cx.ledger().map_or(Ok(false), |ledger| ledger.never_arrived(id));
    Ok(!is_in_rotation && (never_arrived()? || cx.log()?.is_cut_off(&cx.portal_name()?, name)?))
}

/// Returns the first file that does not hold the secret of this key, and what it holds.
fn first_without<'t>(
    id: &str,
    to: &'t [Destination],
    cx: &Context,
) -> Result<Option<(&'t Destination, Content)>, Error> {
    let ledger = cx.ledger();
    // Of a key that was delivered here the fingerprint is known, so another secret is not its own.
    let is_known = ledger.as_ref().map(|ledger| ledger.keys()).transpose()?;
    let is_known = is_known.is_some_and(|known| known.iter().any(|key| key.id == id));
    for place in to {
        match Content::of(place, ledger.as_ref())? {
            None => {}
            Some(content) if content.is_key(id) => {}
            Some(content @ (Content::Absent | Content::Key(_) | Content::NoKey { .. })) => {
                return Ok(Some((place, content)));
            }
            Some(content @ Content::Stranger) if is_known => return Ok(Some((place, content))),
            Some(content) => cx.out.warn(format_args!(
                "`{place}` {}; whether its secret is that of this key is not known",
                content.predicate()
            )),
        }
    }
    Ok(None)
}

/// Reports that the key exists, unless a destination lacks its secret, or a script waits for the secret.
pub fn is_there(key: &ApiKey, name: &str, to: &[Destination], cx: &Context) -> Result<(), Error> {
    let id = &key.id;
    if let Some((gone, content)) = first_without(id, to, cx)? {
        let message = format!("key `{name}` (id {id}) is there, but its secret is not at `{gone}`");
        if content != Content::Absent {
            let message = format!("{message}, which {}", content.predicate());
            return Err(Error::new(Kind::Declined, message).hint("Move it away, or name another place."));
        }
        if was_cut_off(id, name, cx).unwrap_or(false) {
            return Err(Error::new(Kind::Declined, message).hint(format!(
                "A run on this machine was cut off while it made one. If nobody else has made this key, nobody has its \
                 secret: `optra{} keys revoke {}`, then this again.",
                cx.config.portal_flags(),
                argument(id)
            )));
        }
        let error = Error::new(Kind::Declined, message)
            .hint("The portal gives a secret only once. For another key, use another name.");
        let age = timestamp(key.created_at.as_ref()).map(|made| crate::text::now().duration_since(made));
        // A hint must not end a key that somebody else has just generated.
        return Err(match age {
            Some(age) if age > YOUNG => error.hint(format!(
                "If nobody has it any more, replace it: `optra{} keys rotate --to {} {}`.",
                cx.config.portal_flags(),
                shell_words::quote(&gone.to_string()),
                argument(id)
            )),
            _ => error,
        });
    }
    // A script's variable would be empty. A program reads `changed`, and a person sees the message.
    if to.contains(&Destination::Stdout) && !cx.out.is_machine() && !cx.out.is_watched() {
        let message = format!("key `{name}` (id {id}) is there already, and its secret cannot be printed again");
        let hint = "Name the place that keeps it, such as `--to file:PATH`.";
        return Err(Error::new(Kind::Declined, message).hint(hint));
    }
    if cx.out.is_machine() {
        let made = IssuedKey {
            id: Some(id.clone()),
            name: key.name.clone(),
            created_at: key.created_at.clone(),
            changed: false,
        };
        cx.out.item(&made, &Fields::all())?;
    }
    cx.out.status(format_args!("Key `{name}` (id {id}) is there already; nothing was changed or delivered."));
    Ok(())
}
