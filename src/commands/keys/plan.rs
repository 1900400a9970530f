//! `optra keys plan`: what `keys apply` would do, and why. It changes nothing at the portal.

use super::keys_file::FileArg;
use super::places;
use super::situation::Snapshot;
use crate::commands::completeness::AllowPartial;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::lifecycle::{Action, Allowed, Step};
use crate::output::Fields;
use crate::text::counted;

/// Show what `keys apply` would do to make the keys match a file
///
/// Compares the file with the portal. (`keys revoke --plan` is something else: it writes down which keys one revocation
/// means.)
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys plan -f keys.toml
  optra keys plan -f keys.toml --exit-code; test $? = 1 && notify 'the keys have drifted'

Each key is a table of the file:
  portal = \"https://portal.example\"

  [keys.report]
  to = [\"file:report.key\"]     or keyring:PROFILE, command:CMD; relative to the file
  max_age = \"90d\"              rotated then
  expires = \"2027-12-31\"       revoked after that day, or after an age
  grace = \"10m\"                both keys work so long when it is rotated
  hook = \"systemctl restart report\"
  owner = \"the data team\"")]
pub struct Args {
    #[command(flatten)]
    file: FileArg,

    /// Also show that keys which the file does not name would be revoked
    #[arg(long)]
    prune: bool,

    /// Exit with 1 if anything is to be done, with 3 if the state of a key is unknown
    #[arg(long)]
    pub exit_code: bool,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    fields: Fields<Step>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let file = args.file.read(cx)?;
    let allowed = Allowed { prune: args.prune, lose_access: false };
    let steps = Snapshot::take(&file, args.allow_partial, cx)?.decide(&file, allowed);
    tell(&steps, &args.fields, cx)?;
    places::warn_of_repositories(file.iter().flat_map(|desired| &desired.to), cx);
    let unknown = steps.iter().filter(|step| step.action == Action::Unknown).count();
    let changes = steps.iter().filter(|step| step.action.is_change()).count();
    if unknown > 0 {
        // An unknown state may be worse than an open step.
        let message = format!("it is not known what is right for {unknown} of the keys");
        if args.exit_code {
            return Err(Error::new(Kind::Partial, message));
        }
        cx.out.warn(message);
    }
    let can_be_done = steps.iter().any(|step| step.action.is_change() && !step.is_refused);
    match changes {
        0 => Ok(()),
        _ if !args.exit_code && !can_be_done => Ok(()),
        _ if !args.exit_code => {
            let option = cx.config.portal_flags();
            let prune = if args.prune { " --prune" } else { "" };
            cx.out.status(format_args!("To do it: `optra{option} keys apply{}{prune}`.", args.file.line()));
            Ok(())
        }
        _ => {
            let keys = counted(changes, "key is", "keys are");
            Err(Error::new(Kind::Findings, format!("{keys} not as in the file")))
        }
    }
}

/// Prints the steps.
pub fn tell(steps: &[Step], fields: &Fields<Step>, cx: &Context) -> Result<(), Error> {
    cx.out.page();
    let mut rows = cx.out.rows(fields);
    steps.iter().try_for_each(|step| rows.push(step))?;
    Ok(rows.finish()?)
}
