//! The one guard of the access in use: whatever would end it is refused, unless that is what is wanted.

use crate::error::{Error, Kind};

/// The option that takes the risk.
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
    /// Returns true where the access may end.
    pub fn is_taken(self) -> bool {
        self.accept_risk.is_some()
    }

    /// The option as a shell takes it, where it was given.
    pub fn line(self) -> &'static str {
        if self.is_taken() { " --accept-risk lose-access" } else { "" }
    }

    /// Refuses a new key that goes elsewhere than where the key in use is, or may be.
    pub fn ensure_elsewhere(self, called: &str, is_certain: bool, line: &str) -> Result<(), Error> {
        let what = match is_certain {
            true => format!("key {called} is the one in use, and its place is not where the new one goes"),
            false => format!("key {called} may be the one in use, whose place is not where the new one goes"),
        };
        let instead = "If the profile's store holds it, leave `--to` out: the new one then takes its place.";
        self.ensure(what, instead.to_owned(), line)
    }

    /// Refuses what would end the access in use: `what` says how, `instead` is a better way, and `line` the command as it was.
    pub fn ensure(self, what: String, instead: String, line: &str) -> Result<(), Error> {
        if self.is_taken() {
            return Ok(());
        }
        Err(Error::new(Kind::Declined, what)
            .hint(instead)
            .hint(format!("If that is intended: `{line} --accept-risk lose-access`.")))
    }
}
