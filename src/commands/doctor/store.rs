//! Whether the key's store returns it, and how long that takes.

use super::exam::Exam;
use super::record::Row;
use crate::config::{Store, profile_option};
use crate::credentials::Source;
use crate::error::Kind;

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let found = match exam.found() {
        None => return Vec::new(),
        Some(Ok(found)) => found,
        Some(Err(error)) => {
            let row = Row::of("store", error, exam.cx);
            // The error output of a command may hold anything.
            let is_command = exam.cx.config.profile().is_ok_and(|profile| profile.store.as_str() == "command");
            let row = if is_command && error.kind() == Kind::StoreFailed {
                Row::fail("store", "the command for the key failed, or printed no key")
                    .why("`optra auth status` shows what it said")
            } else {
                row
            };
            return vec![row];
        }
    };
    let took = found.took.as_millis();
    match &found.credential {
        Some(credential) => match credential.source {
            Source::Environment => Vec::new(),
            source if source.is_of_a_profile() => {
                vec![Row::ok("store", format_args!("the {} gave the key within {took} ms", source.as_str()))]
            }
            _ => Vec::new(),
        },
        None => missing(exam).into_iter().collect(),
    }
}

/// Returns a row if a store has no key where it should; other rows report a profile without a store.
fn missing(exam: &Exam<'_>) -> Option<Row> {
    let config = &exam.cx.config;
    let (name, profile) = (config.profile_name().ok()?, config.profile().ok()?);
    if profile.portal.is_none() || profile.store == Store::None {
        return None;
    }
    let (store, option) = (profile.store.as_str(), profile_option(&name));
    let row = Row::fail("store", format_args!("the {store} has no key of profile `{name}`"));
    Some(row.mended_by(format_args!("optra auth login{option} --store {store}")))
}
