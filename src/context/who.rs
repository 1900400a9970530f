//! Who runs this, as the log notes it: what the machine and the environment say of themselves. It proves nothing.

use crate::config::{foreign_variable, job};
use crate::journal::Who;

/// The longest text that is noted of each.
const LONGEST: usize = 300;

/// Looks who runs this.
pub fn who() -> Who {
    let (job, actor) = job().map_or((None, None), |job| (job.place, job.actor));
    Who {
        user: user().and_then(line),
        host: host().and_then(line),
        job: job.and_then(line),
        actor: actor.and_then(line),
    }
}

/// The user's name, else the number, which is there where a container has no names.
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

/// Returns a text that is one line, and not too long; another is noted as none.
fn line(text: String) -> Option<String> {
    let is_line = (1..=LONGEST).contains(&text.len()) && !text.chars().any(char::is_control);
    is_line.then_some(text)
}
