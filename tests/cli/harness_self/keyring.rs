//! The private keyring: storing, stopped, locked, absent. Wherever possible, an independent program has to check it.

use std::time::{Duration, Instant};

use super::failure_of;
use crate::harness::{Home, Keyring};

#[test]
fn a_keyring_keeps_locks_and_falls_silent() {
    let mut home = Home::new();
    let keyring = Keyring::start();
    home.set_all(keyring.env());
    let lookup = |user| home.program("secret-tool", ["lookup", "service", "optra", "username", user]);
    assert_eq!(keyring.lookup("optra", "a"), None);
    keyring.store("optra", "a", "s3cret");
    assert_eq!(lookup("a").run().out(), "s3cret");
    assert_eq!(keyring.lookup("optra", "a").as_deref(), Some("s3cret"));

    keyring.stop();
    let silent = lookup("a").time_limit(Duration::from_millis(500));
    assert!(failure_of(|| drop(silent.run())).contains("still runs"));
    keyring.cont();
    assert_eq!(lookup("a").run().out(), "s3cret");

    keyring.lock();
    let start = Instant::now();
    assert_eq!(lookup("a").run().out(), "");
    assert!(start.elapsed() < Duration::from_secs(10), "nothing waits for a window");
}

#[test]
fn a_bus_without_a_keyring_says_so() {
    let (mut home, bus) = (Home::new(), Keyring::bus_without_keyring());
    home.set_all(bus.env());
    let found = home.program("secret-tool", ["lookup", "service", "optra"]).run();
    assert!(found.exits(1).err().contains("org.freedesktop.secrets"), "{found}");
}
