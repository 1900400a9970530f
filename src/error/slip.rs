//! A key that was typed in the wrong place: it is known before anything that was typed is repeated.

use std::env;

use super::failure::Error;
use super::kind::Kind;
use crate::secret::{self, Secret, Suspicion};

/// Options that would take a key, if any did.
pub const NAMES_OF_KEYS: [&str; 12] = [
    "--key",
    "--api-key",
    "--apikey",
    "--api_key",
    "--api-secret",
    "--secret",
    "--token",
    "--api-token",
    "--access-token",
    "--password",
    "--auth",
    "-k",
];

pub const HINT: &str = "A key never stands on a command line, where others can read it: `optra auth login` asks for it, or takes \
                    it from stdin with `--key-file -`.";

/// Takes for a secret what looks like a key among the words of this run and in the variables that are ours.
pub fn know_what_was_typed(suspicion: Suspicion) {
    if let Ok(key) = env::var("OPTRA_API_KEY") {
        drop(Secret::new(key));
    }
    let words: Vec<String> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    for (n, word) in words.iter().enumerate() {
        let header = word.strip_prefix("--header=").or((n > 0 && words[n - 1] == "--header").then_some(word.as_str()));
        // Whatever follows such a name is meant to be a key, however it looks.
        let own = word.split_once('=').filter(|(name, _)| NAMES_OF_KEYS.contains(name)).map(|(_, value)| value);
        let next = (n > 0 && NAMES_OF_KEYS.contains(&&*words[n - 1])).then_some(word.as_str());
        if let Some(key) = own.or(next).filter(|key| !key.starts_with('-')) {
            drop(Secret::new(key.to_owned()));
        }
        // What should be the place of a value is the value.
        if let Some((_, value)) = header.and_then(|header| header.split_once(['=', ':'])) {
            drop(Secret::new(value.trim().to_owned()));
        }
    }
    let is_ours = |(name, _): &(std::ffi::OsString, _)| {
        let name = name.to_string_lossy();
        name.starts_with("OPTRA_") && name != "OPTRA_API_KEY_ID"
    };
    let values = env::vars_os().filter(is_ours).map(|(_, value)| value.to_string_lossy().into_owned());
    secret::suspect(words.into_iter().chain(values), suspicion);
}

/// Returns how a key is given, where these words repeat one.
pub fn hint(words: &str) -> Option<&'static str> {
    (secret::mask(words) != words).then_some(HINT)
}

/// Returns the hint for an error that may repeat what was typed.
pub fn hint_for(error: &Error) -> Option<&'static str> {
    // What is not there may be a name or an id with a slip in it, which has to be read.
    know_what_was_typed(match error.kind {
        Kind::Usage | Kind::Config => Suspicion::Slight,
        Kind::NotFound | Kind::StoreFailed | Kind::Failed => Suspicion::Strong,
        Kind::ProgramNotFound | Kind::ProgramNotRun => Suspicion::Strong,
        _ => return None,
    });
    hint(&error.to_string())
}
