//! `--reason`: why keys are changed, for the log.

use crate::config::reason_variable;
use crate::context::Context;
use crate::error::Error;
use crate::secret;
use crate::text::line;

/// Why keys are changed.
#[derive(Clone, Debug, clap::Args)]
pub struct Reason {
    /// Note in the log why
    #[arg(long, value_name = "TEXT", value_parser = line)]
    reason: Option<String>,
}

impl Reason {
    /// Returns the reason that the option gives, else the variable. What looks like a key in it is masked: the log lasts.
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
