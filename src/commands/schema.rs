//! `optra schema`: the JSON Schema of each command's output, derived from the types that are serialized.

use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::{auth, devices, doctor, explain, keys, portal, query, version};
use crate::context::Context;
use crate::error::{self, Error, Kind};
use crate::output::{Column, Fields, Record, Value, Written};
use crate::secret;

/// Print the JSON Schema of what a command writes with `-o json`
///
/// With `-o ndjson` each line is one item of such a list. Later versions may add members; none is removed, and none
/// changes its type. With `--fields` only the requested members are written.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra schema                                       list the names
  optra schema devices.list > devices.schema.json
  optra schema error                                 what stands on stderr")]
pub struct Args {
    /// The name, such as `keys.generate`; without it, list the names
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// The name of a schema.
#[derive(Serialize, JsonSchema)]
struct Named {
    name: &'static str,
    about: &'static str,
}

impl Record for Named {
    const NOUN: (&'static str, &'static str) = ("schema", "schemas");
    const COLUMNS: &'static [Column<Named>] =
        &[Column::pinned("name", |named| named.name.cell()), Column::priority("about", 0, |named| named.about.cell())];
}

/// A warning on stderr, for a program.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is written as a line by the output itself")]
struct Warning {
    warning: String,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is written as a line by the output itself")]
struct Hint {
    hint: String,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is written as a line by the output itself")]
struct Status {
    status: String,
}

/// Output that belongs to no noun.
const FURTHER: &[Written] = &[
    #[cfg(feature = "server")]
    Written::of::<super::broker::Access>("broker", "Where the broker is, with its token"),
    #[cfg(feature = "sandbox")]
    Written::of::<super::sandbox::Access>("sandbox", "Where the sandbox is, with a key to it"),
    Written::of::<Vec<doctor::Row>>("doctor", "What each check found"),
    Written::of::<Vec<explain::Explained>>("explain", "The codes that were asked for"),
    Written::of::<version::Version>("version", "How this program was built"),
    Written::of::<Vec<Named>>("schema", "The names of the schemas"),
    Written::of::<error::Document<'static>>("error", "On stderr: why a run failed, as its last line"),
    Written::of::<Warning>("warning", "On stderr: a warning"),
    Written::of::<Hint>("hint", "On stderr: a hint"),
    Written::of::<Status>("status", "On stderr: a status line"),
];

/// Returns everything that commands write as JSON.
pub fn written() -> impl Iterator<Item = &'static Written> {
    let nouns = [auth::WRITTEN, devices::WRITTEN, keys::WRITTEN, portal::WRITTEN, query::WRITTEN, FURTHER];
    nouns.into_iter().flatten()
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let Some(name) = &args.name else {
        let mut rows = cx.out.rows(&Fields::all());
        written().try_for_each(|one| rows.push(&Named { name: one.name, about: one.about }))?;
        return Ok(rows.finish()?);
    };
    let Some(found) = written().find(|one| one.name == name) else { return Err(unknown(name)) };
    let schema = found.schema();
    let text = if cx.out.is_lines() { serde_json::to_string(&schema) } else { serde_json::to_string_pretty(&schema) };
    let text = text.map_err(|error| Error::new(Kind::Internal, "the schema cannot be written").cause(error))?;
    Ok(cx.out.text(&format!("{text}\n"))?)
}

/// An unknown name may be a key that was pasted by mistake.
fn unknown(name: &str) -> Error {
    secret::suspect(std::iter::once(name.to_owned()), secret::Suspicion::Slight);
    let error = Error::new(Kind::NotFound, format!("there is no schema `{name}`"));
    let near = written().map(|one| (strsim::jaro_winkler(name, one.name), one.name));
    match near.filter(|(likeness, _)| *likeness > 0.8).max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((_, near)) => error.hint(format!("Is `{near}` meant? `optra schema {near}`.")),
        None => error.hint("List the names: `optra schema`."),
    }
}
