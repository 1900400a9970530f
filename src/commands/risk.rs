//! Guards the user's own access: commands that would end it are refused without `--accept-risk`.

use crate::error::{Error, Kind};

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

    /// Returns the option as a hint has it, if it was given.
    pub fn line(self) -> &'static str {
        if self.is_taken() { " --accept-risk lose-access" } else { "" }
    }

    /// Refuses a rotation that delivers the new key elsewhere than where the key in use, or what may be it, is.
    pub fn ensure_elsewhere(self, called: &str, is_certain: bool, line: &str) -> Result<(), Error> {
        let what = match is_certain {
            true => format!("key {called} is the one in use, and its place is not where the new one goes"),
            false => format!("key {called} may be the one in use, whose place is not where the new one goes"),
        };
        let instead = "If the profile's store holds it, leave `--to` out: the new one then takes its place.";
        self.ensure(what, instead.to_owned(), line)
    }

    /// Refuses what would end the user's own access: `what` says how, `instead` is a better way, and `line` the command
    /// line so far.
    pub fn ensure(self, what: String, instead: String, line: &str) -> Result<(), Error> {
        if self.is_taken() {
            return Ok(());
        }
        Err(Error::new(Kind::Declined, what)
            .hint(instead)
            .hint(format!("If that is intended: `{line} --accept-risk lose-access`.")))
    }
}
