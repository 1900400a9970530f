//! Checks whether the keyring is locked without a prompt: a read would open a window to unlock it.

use std::time::Duration;

/// Returns whether the keyring is locked; `None` if that is not known within the time limit.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn is_locked(limit: Duration) -> Option<bool> {
    use std::sync::mpsc;
    use std::thread;
    let (answer, answered) = mpsc::sync_channel(1);
    let ask = move || {
        // Nobody receives an answer that comes too late.
        let _ = answer.send(ask());
    };
    thread::Builder::new().spawn(ask).ok()?;
    answered.recv_timeout(limit).ok()?
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn is_locked(_: Duration) -> Option<bool> {
    None
}

/// Reads the `Locked` property of the Secret Service's default collection, which holds our entries.
#[cfg(all(unix, not(target_os = "macos")))]
fn ask() -> Option<bool> {
    use zbus::blocking::Connection;
    use zbus::zvariant::Value;
    let (path, wanted) = ("/org/freedesktop/secrets/aliases/default", ("org.freedesktop.Secret.Collection", "Locked"));
    let properties = Some("org.freedesktop.DBus.Properties");
    let bus = Connection::session().ok()?;
    let reply = bus.call_method(Some("org.freedesktop.secrets"), path, properties, "Get", &wanted).ok()?;
    match reply.body().deserialize::<Value<'_>>().ok()? {
        Value::Bool(locked) => Some(locked),
        _ => None,
    }
}
