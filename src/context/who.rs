//! Who runs this command, for the log: what the machine and the environment claim. It proves nothing.

use crate::config::{foreign_variable, job};
use crate::journal::Who;

/// The longest text that is recorded for each member.
const LONGEST: usize = 300;

/// Returns who runs this command.
pub fn who() -> Who {
    let (job, actor) = job().map_or((None, None), |job| (job.place, job.actor));
    Who {
        user: user().and_then(line),
        host: host().and_then(line),
        job: job.and_then(line),
        actor: actor.and_then(line),
    }
}

/// Returns the user's name, or the user id, for a container without names.
fn user() -> Option<String> {
    let name = ["LOGNAME", "USER", "USERNAME"].into_iter().find_map(foreign_variable);
    #[cfg(unix)]
    return name.or_else(|| Some(format!("uid {}", rustix::process::getuid().as_raw())));
    #[cfg(not(unix))]
    name
}

fn host() -> Option<String> {
    #[cfg(unix)]
    return Some(rustix::system::uname().nodename().to_string_lossy().into_owned());
    #[cfg(not(unix))]
    foreign_variable("COMPUTERNAME")
}

/// Returns the text if it is one line and not too long.
fn line(text: String) -> Option<String> {
    let is_line = (1..=LONGEST).contains(&text.len()) && !text.chars().any(char::is_control);
    is_line.then_some(text)
}
