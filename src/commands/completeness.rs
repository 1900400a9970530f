//! What follows from a listing that is not all there is, on every route: the one place that decides it.

use crate::context::Context;
use crate::error::Error;
use crate::lifecycle;
use crate::portal::{Completeness, Missing};

/// The option of everything that goes by a listing.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct AllowPartial {
    /// Accept a listing that may be partial
    #[arg(long, hide_short_help = true)]
    allow_partial: bool,
}

impl AllowPartial {
    /// Returns true where a listing passes for all there is.
    pub fn permits(self, completeness: &Completeness) -> bool {
        match completeness {
            Completeness::Complete => true,
            Completeness::Partial(Missing::Refused(_)) => false,
            Completeness::Partial(_) | Completeness::Unknown { .. } => self.allow_partial,
        }
    }

    /// Refuses to go by a listing of these that is not all there is, or that nobody can tell of, unless that is allowed;
    /// then it is said. What the portal could not give is never passed over.
    pub fn ensure(self, completeness: &Completeness, many: &str, cx: &Context) -> Result<(), Error> {
        let Some(error) = lifecycle::incomplete(completeness, many) else { return Ok(()) };
        match completeness {
            _ if self.permits(completeness) => {
                cx.out.warn(error);
                Ok(())
            }
            Completeness::Partial(Missing::Refused(_)) => Err(error),
            Completeness::Unknown { document } => Err(error.hint("If that is all, say `--allow-partial`.").hint(match document {
                Some(document) => format!(
                    "Or say it once: `printf '%s\\n' '# paging: none' '{document}' | optra{} portal bind {many}.list -f -`",
                    cx.config.portal_flags()
                ),
                None => "Or say it once, with `# paging: none` as the first line of the binding.".to_owned(),
            })),
            _ => Err(error.hint("To take one page for the whole, say `--allow-partial`.")),
        }
    }
}
