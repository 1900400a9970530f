//! Where a key could come from: the source in use, and those that it shadows. No store is opened.

use super::exam::Exam;
use super::record::Row;
use crate::config::{Profile, Store, keys_dir, profile_option};
use crate::credentials;

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let config = &exam.cx.config;
    if config.sandbox() {
        return vec![Row::ok("key source", "the sandbox's own key is used")];
    }
    let (name, profile) = match config.profile_name().and_then(|name| Ok((name, config.profile()?))) {
        Ok(known) => known,
        // Another row reports the broken file.
        Err(_) => (String::new(), Profile { store: Store::None, ..Profile::default() }),
    };
    let mut rows = Vec::new();
    match exam.cx.environment_key() {
        Ok(Some(_)) => rows.push(Row::ok("key source", "`OPTRA_API_KEY` is used")),
        Ok(None) => {}
        Err(error) => rows.push(Row::of("key source", &error, exam.cx)),
    }
    let has_store = profile.portal.is_some() && profile.store != Store::None;
    match (config.api_key.is_some(), has_store) {
        (false, true) => {
            rows.push(Row::ok("key source", format_args!("{} is used, by profile `{name}`", called(&profile))))
        }
        (true, true) => {
            let is_empty = profile.store == Store::File
                && keys_dir().is_ok_and(|directory| !directory.join(credentials::file::name(&name)).exists());
            if !is_empty {
                let what = format!("{} of profile `{name}` is not used", called(&profile));
                rows.push(Row::ok("key source", what).why("`OPTRA_API_KEY` stands before it"));
            }
        }
        (false, false) => {
            let option = profile_option(&name);
            rows.push(
                Row::fail("key source", "there is no key: `OPTRA_API_KEY` is not set, and nobody is logged in")
                    .mended_by(format_args!("optra auth login{option}{}{}", at(exam), profile.store_option())),
            );
        }
        (true, false) => {}
    }
    rows
}

/// Returns the option for the portal to log in to, if it is known.
fn at(exam: &Exam<'_>) -> String {
    exam.endpoint().map_or_else(|_| " --portal URL".to_owned(), |endpoint| format!(" --portal {}", endpoint.base()))
}

/// Names the store. The command itself is not shown, because its words may be secret.
fn called(profile: &Profile) -> &'static str {
    match profile.store {
        Store::Keyring => "the keyring",
        Store::File => "the key file",
        Store::Command(_) => "the command for the key",
        Store::None => "no store",
    }
}
