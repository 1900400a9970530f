//! A key typed in the wrong place: it is registered as a secret before any of the arguments are printed.

use std::env;

use super::failure::Error;
use super::kind::Kind;
use crate::secret::{self, Secret, Suspicion};

/// Options that look as if they took a key; none does.
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

pub const HINT: &str = "A key is never given on a command line, where others can read it: `optra auth login` asks for it, or takes \
                    it from stdin with `--key-file -`.";

/// Registers as secrets whatever looks like a key in the arguments and in our environment variables.
pub fn register_typed_keys(suspicion: Suspicion) {
    if let Ok(key) = env::var("OPTRA_API_KEY") {
        drop(Secret::new(key));
    }
    let words: Vec<String> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    for (n, word) in words.iter().enumerate() {
        let header = word.strip_prefix("--header=").or((n > 0 && words[n - 1] == "--header").then_some(word.as_str()));
        // The value after such a name is meant to be a key, whatever it looks like.
        let own = word.split_once('=').filter(|(name, _)| NAMES_OF_KEYS.contains(name)).map(|(_, value)| value);
        let next = (n > 0 && NAMES_OF_KEYS.contains(&&*words[n - 1])).then_some(word.as_str());
        if let Some(key) = own.or(next).filter(|key| !key.starts_with('-')) {
            drop(Secret::new(key.to_owned()));
        }
        // In `--header NAME=VALUE`, the value belongs in a file or a variable; here it was typed literally.
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

/// Returns the hint on how to pass a key, if these words contain one.
pub fn hint(words: &str) -> Option<&'static str> {
    (secret::mask(words) != words).then_some(HINT)
}

/// Returns that hint for an error whose message may repeat the arguments.
pub fn hint_for(error: &Error) -> Option<&'static str> {
    // If something was not found, its name may be a misspelled name or id, which has to stay readable.
    register_typed_keys(match error.kind {
        Kind::Usage | Kind::Config => Suspicion::Slight,
        Kind::NotFound | Kind::StoreFailed | Kind::Failed | Kind::CheckFailed => Suspicion::Strong,
        Kind::ProgramNotFound | Kind::ProgramNotRun => Suspicion::Strong,
        _ => return None,
    });
    hint(&error.to_string())
}
