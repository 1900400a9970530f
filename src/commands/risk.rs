//! Guards the user's own access: commands that would end it are refused without `--accept-risk`.

use crate::commands::repeat;
use crate::context::Context;
use crate::error::{Error, Kind};

/// The option, as a hint has it.
pub const RISK: &str = "--accept-risk lose-access";

/// The option that accepts the risk.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct AcceptRisk {
    /// Confirm that losing your own access is intended
    #[arg(long, value_name = "RISK")]
    accept_risk: Option<Risk>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Risk {
    LoseAccess,
}

impl AcceptRisk {
    /// Returns true if losing the access is accepted.
    pub fn is_taken(self) -> bool {
        self.accept_risk.is_some()
    }

    /// Refuses a rotation that delivers the new key elsewhere than where the key in use, or what may be it, is.
    pub fn ensure_elsewhere(self, called: &str, is_certain: bool, known: &[String], cx: &Context) -> Result<(), Error> {
        let what = match is_certain {
            true => format!("key {called} is the one in use, and its place is not where the new one goes"),
            false => format!("key {called} may be the one in use, whose place is not where the new one goes"),
        };
        let instead = "If the profile's store holds it, leave `--to` out: the new one then takes its place.";
        self.ensure(what, instead.to_owned(), known, cx)
    }

    /// Refuses what would end the user's own access: `what` says how, `instead` is a better way, and `known` ids and names
    /// of the command line.
    pub fn ensure(self, what: String, instead: String, known: &[String], cx: &Context) -> Result<(), Error> {
        if self.is_taken() {
            return Ok(());
        }
        Err(Error::new(Kind::Declined, what)
            .hint(instead)
            .hint(format!("If that is intended: `{}`.", repeat::line(&[RISK], known, cx))))
    }
}
