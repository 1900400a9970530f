//! `optra explain`: what an exit code or an `error.code` means, from the table that the errors themselves use.

use schemars::JsonSchema;
use serde::Serialize;
use strum::VariantArray;

use crate::commands::paragraph::paragraph;
use crate::context::Context;
use crate::error::{Error, Guide, Kind};
use crate::output::{Cell, Column, Fields, Record, Value};
use crate::secret;

/// Explain an exit code or an error code: what it means, why, and what to do
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra explain                                      list all codes
  optra explain not_found
  optra explain 6                                    what a script got as $?
  optra explain keyring                              all codes with this word")]
pub struct Args {
    /// An exit code, an `error.code`, or a word of one; all if left out
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// The highest exit code that is not a shell's own.
const HIGHEST_OWN: u8 = 70;

/// An error code, as it is explained.
#[derive(JsonSchema, Serialize)]
pub struct Explained {
    code: &'static str,
    exit: u8,
    meaning: &'static str,
    retryable: bool,
    causes: &'static [&'static str],
    ways: &'static [&'static str],
}

impl Record for Explained {
    const NOUN: (&'static str, &'static str) = ("code", "codes");
    const COLUMNS: &'static [Column<Explained>] = &[
        Column::pinned("code", |one| one.code.cell()),
        Column::pinned("exit", |one| Cell::Text(one.exit.to_string().into())),
        Column::priority("meaning", 0, |one| one.meaning.cell()),
        Column::on_request("retryable", |one| one.retryable.cell()),
        Column::on_request("causes", |one| Cell::names(one.causes.iter().copied())),
        Column::on_request("ways", |one| Cell::names(one.ways.iter().copied())),
    ];
}

impl From<Kind> for Explained {
    fn from(kind: Kind) -> Explained {
        let (row, Guide { causes, ways }) = (kind.spec(), kind.guide());
        Explained { code: row.code, exit: row.exit, meaning: row.meaning, retryable: row.retryable, causes, ways }
    }
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let kinds = match args.code.as_deref() {
        None if cx.out.is_machine() => Kind::VARIANTS.to_vec(),
        // The table for people leaves out success, and on a terminal what would not fit one of 24 lines.
        None => {
            let is_shown =
                |kind: &Kind| kind.spec().exit != 0 && !(cx.out.is_watched() && kind.spec().exit > HIGHEST_OWN);
            Kind::VARIANTS.iter().copied().filter(is_shown).collect()
        }
        Some("0") if !cx.out.is_machine() => {
            return Ok(cx.out.text("0  success; also if the reader closed the output early\n")?);
        }
        Some(code) => Kind::meant(code),
    };
    match (kinds.as_slice(), args.code.as_deref()) {
        ([], code) => Err(unknown(code.unwrap_or_default())),
        ([kind], _) if !cx.out.is_machine() => Ok(cx.out.text(&page(&Explained::from(*kind), cx.out.columns()))?),
        _ => {
            cx.out.page();
            let mut rows = cx.out.rows(&Fields::all());
            kinds.iter().try_for_each(|kind| rows.push(&Explained::from(*kind)))?;
            rows.finish()?;
            if args.code.is_none() && cx.out.is_watched() {
                cx.out.status("126, 127: `run` could not start it; 130: Ctrl-C. More: `optra explain CODE`.");
            } else if args.code.is_some() && !cx.out.is_machine() {
                cx.out.status("What to do about one of them: `optra explain CODE`.");
            }
            Ok(())
        }
    }
}

/// An unknown code may be a key that was pasted by mistake.
fn unknown(code: &str) -> Error {
    secret::suspect(std::iter::once(code.to_owned()), secret::Suspicion::Slight);
    let near = Kind::VARIANTS.iter().map(|kind| kind.spec().code);
    let near = near.map(|known| (strsim::jaro_winkler(code, known), known)).filter(|(likeness, _)| *likeness > 0.8);
    let error = Error::new(Kind::NotFound, format!("there is no exit code and no error code `{code}`"));
    match near.max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((_, near)) => error.hint(format!("Is `{near}` meant? `optra explain {near}`.")),
        None => error.hint("List them all: `optra explain`."),
    }
}

/// Returns the text about one kind of error.
fn page(one: &Explained, width: usize) -> String {
    let again = if one.retryable { "; trying again may help" } else { "" };
    let mut text = paragraph("", &format!("{}: {}", one.code, one.meaning), width);
    text.push_str(&format!("Exit code {}{again}.\n\nWhy it usually happens:\n", one.exit));
    one.causes.iter().for_each(|cause| text.push_str(&paragraph("  - ", cause, width)));
    text.push_str("\nWhat to do:\n");
    one.ways.iter().for_each(|way| text.push_str(&paragraph("  - ", way, width)));
    text
}
