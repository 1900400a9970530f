//! Decodes a response to the typed data of an operation: strictly first, leniently if it must be.
//!
//! It must not know any particular operation. An error quotes nothing of a body, because a response may contain a
//! secret.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::compat::{self, Mapped};
use super::error::{Certainty, Error};
use super::graphql::{Envelope, Refusal, data_of};
use super::handle::Portal;
use super::http::Reply;
use super::operation::Operation;

/// Decoded data, and what came with it.
pub(super) struct Decoded<D> {
    pub data: D,
    pub refusal: Refusal,
    /// The members that no item has, if only the response shows it.
    pub absent: Option<Vec<String>>,
    /// Whether there are more pages, if the portal says so and no cursor was requested.
    pub more: Option<bool>,
}

impl Portal {
    /// Decodes data. A response that conforms is parsed once; any other is taken apart first.
    pub(super) fn decode<D: DeserializeOwned>(&self, operation: Operation, reply: Reply) -> Result<Decoded<D>, Error> {
        if let Some(data) = data_of(&reply.body) {
            let refusal = Refusal { request_id: reply.request_id, ..Refusal::default() };
            return Ok(Decoded { data, refusal, absent: None, more: None });
        }
        let envelope = Envelope::open(reply)?;
        if envelope.data().is_none() {
            return Err(envelope.refused());
        }
        match envelope.decode().or_else(|what| self.decode_leniently(operation, &envelope).ok_or(what)) {
            Ok(data) => Ok(Decoded { data, refusal: envelope.refusal, absent: None, more: None }),
            // Errors explain incomplete data, so they are reported instead of a decoding problem.
            Err(_) if !envelope.refusal.errors.is_empty() => Err(envelope.refused()),
            Err(what) => Err(misread(envelope, what)),
        }
    }

    /// Decodes data through a binding's mapping, `map`.
    pub(super) fn decode_mapped<D: DeserializeOwned>(
        &self,
        operation: Operation,
        reply: Reply,
        map: impl Fn(&str) -> Result<Mapped, String>,
    ) -> Result<Decoded<D>, Error> {
        let mut envelope = Envelope::open(reply)?;
        let Some(data) = envelope.data() else { return Err(envelope.refused()) };
        // Invalid Unicode is repaired here as elsewhere.
        let repaired = || envelope.repaired_data().map(|(data, _)| map(&data.to_string()));
        let mapped = map(data).or_else(|what| repaired().unwrap_or(Err(what)));
        let mapped = match mapped {
            Ok(mapped) => mapped,
            Err(_) if !envelope.refusal.errors.is_empty() => return Err(envelope.refused()),
            Err(what) => return Err(misread(envelope, what)),
        };
        let Mapped { data, errors, absent, more, .. } = mapped;
        // An error in the data is reported like one beside it. The operation was executed, so the error proves nothing.
        let id = envelope.refusal.request_id.clone();
        envelope.refusal.errors.extend(errors.into_iter().map(|error| error.of_request(id.as_ref())));
        match self.coerced(operation, data) {
            Ok(data) => Ok(Decoded { data, refusal: envelope.refusal, absent: Some(absent), more }),
            Err(_) if !envelope.refusal.errors.is_empty() => Err(envelope.refused()),
            Err(path) => {
                let what = format!("the binding of `{}` gives no `{path}` that is needed", operation.word);
                Err(misread(envelope, what))
            }
        }
    }

    /// Decodes data that violates the contract: a value of the wrong type is omitted, with one notice.
    fn decode_leniently<D: DeserializeOwned>(&self, operation: Operation, envelope: &Envelope) -> Option<D> {
        let (data, replaced) = envelope.repaired_data()?;
        let decoded = self.coerced(operation, data).ok()?;
        if replaced > 0 {
            self.notice_once("some text from the portal is not Unicode; unreadable characters are shown as \u{fffd}");
        }
        Some(decoded)
    }

    /// Coerces data to the contract and decodes it; says once what was omitted.
    fn coerced<D: DeserializeOwned>(&self, operation: Operation, mut data: Value) -> Result<D, String> {
        let nulled = compat::coerce(&mut data, operation)?;
        let decoded = serde_json::from_value(data).map_err(|_| String::new())?;
        for path in nulled {
            self.notice_once(&format!("some `{path}` from the portal is not of the expected type, and is omitted"));
        }
        Ok(decoded)
    }
}

fn misread(envelope: Envelope, what: String) -> Error {
    let certainty = if envelope.has_result() { Certainty::Executed } else { Certainty::Unknown };
    Error::bad_answer(envelope.origin, what, certainty)
}
