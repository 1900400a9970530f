//! The session bus, through which programs reach a desktop's keyring. Other systems have none.

use super::exam::Exam;
use super::record::Row;

#[cfg(all(unix, not(target_os = "macos")))]
pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    use std::os::unix::net::UnixStream;
    use std::path::PathBuf;

    use crate::config::variable;

    let address = variable("DBUS_SESSION_BUS_ADDRESS").ok().flatten();
    let of_runtime = || Some(PathBuf::from(variable("XDG_RUNTIME_DIR").ok()??).join("bus"));
    let socket = match &address {
        Some(address) => {
            address.split(',').next().and_then(|first| first.strip_prefix("unix:path=")).map(PathBuf::from)
        }
        None => of_runtime().filter(|path| path.exists()),
    };
    let row = match (address.is_some(), socket) {
        (true, None) => Row::ok("session bus", "named by `DBUS_SESSION_BUS_ADDRESS`"),
        (_, Some(socket)) => match UnixStream::connect(&socket) {
            Ok(_) => Row::ok("session bus", "there is one"),
            Err(error) => Row::warn("session bus", format_args!("nobody answers at `{}`", socket.display())).why(error),
        },
        (false, None) => Row::warn("session bus", "there is none").why("`DBUS_SESSION_BUS_ADDRESS` is not set"),
    };
    // A profile that does not use the keyring needs no bus.
    vec![if exam.asks_keyring() { row } else { row.unneeded("no key is looked for in the keyring") }]
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn check(_: &Exam<'_>) -> Vec<Row> {
    Vec::new()
}
