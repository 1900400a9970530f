//! `optra portal set`: the profile's values for variables of bindings, which are not shared with the bindings.

use super::record::Given;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Fields;

/// Give a value to a variable of your bindings, once for this profile
///
/// A binding names such variables in its head, `# once: $organizationId`. Without an argument, lists the values; an
/// empty value removes one.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal set organizationId=42
  optra portal set
  optra portal set organizationId=")]
pub struct Args {
    /// The variable, without `$`, and its value
    #[arg(value_name = "NAME=VALUE", value_parser = given)]
    variables: Vec<(String, String)>,

    #[command(flatten)]
    fields: Fields<Given>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let profile = cx.config.profile_name()?;
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "the sandbox has no profile, and so no values"));
    }
    if args.variables.is_empty() {
        let given = cx.config.profile()?.variables;
        return list(given.into_iter().map(|(name, value)| Given { name, value }).collect(), args, cx);
    }
    cx.config.can_save()?;
    if !cx.config.file()?.profiles.contains_key(&profile) {
        return Err(cx.no_profile(Kind::Config, &profile, ", and nothing was saved"));
    }
    for (name, value) in &args.variables {
        let value = Some(value.as_str()).filter(|value| !value.is_empty());
        cx.config.save_variable(&profile, name, value)?;
        match value {
            Some(_) => cx.out.status(format_args!("Saved `{name}` in profile `{profile}`.")),
            None => cx.out.status(format_args!("Removed `{name}` from profile `{profile}`.")),
        }
    }
    let kept = args.variables.iter().filter(|(_, value)| !value.is_empty());
    let kept: Vec<Given> = kept.map(|(name, value)| Given { name: name.clone(), value: value.clone() }).collect();
    if cx.out.is_machine() { list(kept, args, cx) } else { Ok(()) }
}

fn list(given: Vec<Given>, args: &Args, cx: &Context) -> Result<(), Error> {
    let mut rows = cx.out.rows(&args.fields);
    given.iter().try_for_each(|given| rows.push(given))?;
    Ok(rows.finish()?)
}

/// Parses `name=value`, where the name is a GraphQL name.
fn given(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("write it as `{text}=VALUE`"))?;
    let name = name.trim_start_matches('$');
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_name =
        name.bytes().next().is_some_and(is_letter) && name.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit());
    if is_name { Ok((name.to_owned(), value.to_owned())) } else { Err(format!("`{name}` is not a variable name")) }
}
