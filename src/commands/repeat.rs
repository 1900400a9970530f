//! The user's own command line, for a hint that asks to repeat it: whatever was given stands in it, except a secret.

use std::env;

use crate::context::Context;
use crate::secret;

/// Options that chose the portal; [`crate::config::Config::portal_flags`] has them.
const OF_PORTAL: [&str; 2] = ["--profile", "--portal"];

/// Returns the command line as it was typed, quoted for a shell, with those of these `options` that it lacks. `known` are
/// ids and names, which may look like a key and are none.
pub fn line(options: &[&str], known: &[String], cx: &Context) -> String {
    let words: Vec<String> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    format!("optra{}{}", cx.config.portal_flags(), repeated(&words, options, known))
}

fn repeated(words: &[String], options: &[&str], known: &[String]) -> String {
    // Behind `--` an option would be a value.
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let (typed, values) = words.split_at(end);
    let is_there = |option: &str| typed.iter().any(|word| word.split('=').next() == Some(option));
    let added = options.iter().filter(|option| !option.split(' ').next().is_some_and(is_there));
    let quoted = |word: &String| {
        let shown = if known.contains(word) { word.clone() } else { without_secret(word) };
        shell_words::quote(&shown).into_owned()
    };
    let mut line: Vec<String> = without_portal(typed).map(quoted).collect();
    line.extend(added.map(ToString::to_string));
    line.extend(values.iter().map(quoted));
    line.iter().map(|word| format!(" {word}")).collect()
}

/// Masks what looks like a key in a word, or in the value of `--option=VALUE`.
fn without_secret(word: &str) -> String {
    let (option, value) = match word.split_once('=') {
        Some((option, value)) if option.starts_with('-') => (&word[..=option.len()], value),
        _ => ("", word),
    };
    let masked =
        secret::strong_suspects(value).iter().fold(value.to_owned(), |text, key| text.replace(key, secret::MASK));
    format!("{option}{masked}")
}

/// Leaves out the options that chose the portal, wherever they stand.
fn without_portal(words: &[String]) -> impl Iterator<Item = &String> {
    let takes_next = |word: &str| OF_PORTAL.contains(&word);
    let is_one = move |word: &str| word == "--sandbox" || takes_next(word.split('=').next().unwrap_or_default());
    let is_value = move |n: usize| n > 0 && takes_next(&words[n - 1]);
    words.iter().enumerate().filter(move |(n, word)| !is_one(word) && !is_value(*n)).map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::repeated;

    #[test]
    fn whatever_was_given_is_repeated_except_a_secret_and_what_chose_the_portal() {
        for (words, told) in [
            (&["keys", "generate", "--name", "my ci"][..], " keys generate --name 'my ci' --yes"),
            (&["--portal", "https://x", "keys", "list", "--profile=a"], " keys list --yes"),
            (&["keys", "revoke", "--", "-x", "--portal"], " keys revoke --yes -- -x --portal"),
            (&["keys", "revoke", "01ARZ3NDEKTSV4RRFFQ69G5FAV"], " keys revoke 01ARZ3NDEKTSV4RRFFQ69G5FAV --yes"),
            (&["keys", "apply", "--yes"], " keys apply --yes"),
            (&["keys", "list", "--reason=it is a1B2c3D4e5F6g7H8i9"], " keys list '--reason=it is [secret]' --yes"),
            (&["keys", "generate", "--name", "a1B2c3D4e5F6g7H8i9"], " keys generate --name '[secret]' --yes"),
        ] {
            let known = ["01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned()];
            assert_eq!(repeated(&words.iter().map(ToString::to_string).collect::<Vec<_>>(), &["--yes"], &known), told);
        }
    }
}
