//! `--reason`: why keys are changed, for the log.

use crate::config::reason_variable;
use crate::context::Context;
use crate::error::Error;
use crate::secret;
use crate::text::line;

/// Why keys are changed.
#[derive(Clone, Debug, clap::Args)]
pub struct Reason {
    /// Record this reason in the log
    #[arg(long, value_name = "TEXT", value_parser = line)]
    reason: Option<String>,
}

impl Reason {
    /// Returns the reason from the option, else from the variable. What looks like a key is masked, because the log is
    /// permanent.
    pub fn given(&self, cx: &Context) -> Result<Option<String>, Error> {
        let Some(text) = self.reason.clone().map_or_else(reason_variable, |text| Ok(Some(text)))? else {
            return Ok(None);
        };
        let masked = secret::mask_suspects(&secret::mask_whole(&text));
        if masked != text {
            cx.out.warn("a word of the reason looks like a key, and is masked in the log");
        }
        Ok(Some(masked))
    }
}
