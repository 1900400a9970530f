//! Questions before a suggestion is saved. Without a person to answer, nothing is saved that was not asked for.

use crate::context::Context;
use crate::error::Error;
use crate::prompt;

/// Asks about a query.
pub fn agrees(operation: &str, cx: &Context) -> Result<bool, Error> {
    if cx.prompt.available().is_err() {
        return Ok(false);
    }
    Ok(says_yes(&format!("Use this for `{operation}` from now on? Type yes or no"), cx)?)
}

/// Asks until the answer is yes or no, so that a typing mistake rejects no suggestion.
pub fn says_yes(question: &str, cx: &Context) -> Result<bool, prompt::Error> {
    loop {
        match cx.prompt.typed(question)?.trim().to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => cx.out.warn("that is neither yes nor no"),
        }
    }
}

/// Asks for the name of a mutation.
pub fn types_name(document: &str, cx: &Context) -> Result<bool, Error> {
    let Some(name) = crate::portal::root_field(document).filter(|_| cx.prompt.available().is_ok()) else {
        return Ok(false);
    };
    loop {
        let typed = cx.prompt.typed(&format!(
            "This changes something when it runs. Type {name} to use it from now on, or nothing to skip it"
        ))?;
        match typed.trim() {
            "" => return Ok(false),
            typed if typed == name => return Ok(true),
            _ => cx.out.warn("that is not its name"),
        }
    }
}

/// Asks for a variable that the profile has to give once, and saves it in the profile.
pub fn give(variable: &str, cx: &Context) -> Result<(), Error> {
    let profile = cx.config.profile_name()?;
    let is_there = cx.config.file()?.profiles.contains_key(&profile);
    if cx.config.profile()?.variables.contains_key(variable) {
        return Ok(());
    }
    if is_there && cx.prompt.available().is_ok() {
        let typed = cx.prompt.typed(&format!("{variable} for profile {profile}, or nothing to give it later"))?;
        if !typed.trim().is_empty() {
            return Ok(cx.config.save_variable(&profile, variable, Some(typed.trim()))?);
        }
    }
    cx.out.hint(format_args!(
        "It needs one more value: `optra{} portal set {variable}=VALUE`.",
        cx.config.portal_flags()
    ));
    Ok(())
}
