//! Whether the portal accepts the key, and whose it is.

use super::exam::Exam;
use super::record::Row;
use crate::error::Error;
use crate::portal::{self, Proof, ProvenBy};

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let portal = match exam.portal() {
        None => return vec![Row::warn("key", "it was not tried").why(missing(exam))],
        Some(Err(error)) => return vec![Row::of("key", error, exam.cx)],
        Some(Ok(portal)) => portal,
    };
    let Proof { viewer, by } = match portal::prove(portal) {
        Ok(proof) => proof,
        Err(error) => return vec![Row::of("key", &Error::from(error), exam.cx)],
    };
    let operation = match by {
        ProvenBy::Operation(operation) => operation,
        ProvenBy::Typename(_) => {
            let row = Row::warn("key", "the portal answers, and nothing proves the key: no operation fits it yet");
            return vec![row.mended_by(format_args!("optra{} portal adopt", exam.cx.config.portal_flags()))];
        }
    };
    let key = viewer.key.and_then(|key| key.name).map_or_else(|| "the key".to_owned(), |name| format!("key `{name}`"));
    let whose = viewer.organization.map_or_else(
        || "; whose it is, it does not tell".to_owned(),
        |organization| format!(" of `{}`", organization.name.unwrap_or(organization.id)),
    );
    vec![Row::ok("key", format_args!("the portal accepts {key}{whose}")).why(format_args!("proven by `{operation}`"))]
}

/// Returns why a check was skipped.
pub fn missing(exam: &Exam<'_>) -> &'static str {
    match exam.reached() {
        None => "there is no portal to ask",
        Some(Err(_)) => "the portal cannot be reached",
        Some(Ok(_)) => "there is no key",
    }
}
