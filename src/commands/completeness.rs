//! The one place that decides what follows from a listing that is not complete.

use crate::context::Context;
use crate::error::Error;
use crate::lifecycle;
use crate::portal::{Completeness, Missing};

/// The option of every command that relies on a listing.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct AllowPartial {
    /// Accept a listing that may be partial
    #[arg(long, hide_short_help = true)]
    allow_partial: bool,
}

impl AllowPartial {
    /// Returns true if the listing may be used as if it were complete.
    pub fn permits(self, completeness: &Completeness) -> bool {
        match completeness {
            Completeness::Complete => true,
            Completeness::Partial(Missing::Refused(_)) => false,
            Completeness::Partial(_) | Completeness::Unknown { .. } => self.allow_partial,
        }
    }

    /// Returns an error for a listing of `many` that is, or may be, incomplete, unless `--allow-partial` permits it; then it
    /// warns. The option does not cover what the portal refused to give.
    pub fn ensure(self, completeness: &Completeness, many: &str, cx: &Context) -> Result<(), Error> {
        let Some(error) = lifecycle::incomplete(completeness, many) else { return Ok(()) };
        match completeness {
            _ if self.permits(completeness) => {
                cx.out.warn(error);
                Ok(())
            }
            Completeness::Partial(Missing::Refused(_)) => Err(error),
            Completeness::Unknown { document } => Err(error.hint("If that is all, use `--allow-partial`.").hint(match document {
                Some(document) => format!(
                    "Or say it once: `printf '%s\\n' '# paging: none' '{document}' | optra{} portal bind {many}.list -f -`",
                    cx.config.portal_flags()
                ),
                None => "Or say it once, with `# paging: none` as the first line of the binding.".to_owned(),
            })),
            _ => Err(error.hint("To accept one page as complete, use `--allow-partial`.")),
        }
    }
}
