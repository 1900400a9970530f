//! `optra auth`: login, status and logout against the reference server and a real keyring. The shared code here only
//! prepares a user; each test states what it expects.

mod list;
mod login;
mod login_key;
mod login_profiles;
mod logout;
mod status;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::harness::{Home, Keyring, ReferenceServer, Session};

/// A key as long as a real one, so that its last characters may be shown, and nothing else.
pub const KEY: &str = "k7WqB3x-hunter2-PjR5vTn9-LmZx81";

/// An address where nobody listens.
pub const NOBODY: &str = "http://127.0.0.1:1";

/// A user at a desktop: a home without settings, and an unlocked keyring.
pub struct LoggedInUser {
    pub home: Home,
    pub keyring: Keyring,
}

impl LoggedInUser {
    pub fn new() -> Self {
        let (mut home, keyring) = (Home::new(), Keyring::start());
        home.set_all(keyring.env());
        Self { home, keyring }
    }

    /// Writes an owner-only file into the working directory of the runs.
    pub fn key_file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.write(format!("home/{name}"), content);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Logs in with this key and further options.
    pub fn login(&self, url: &str, key: &str, words: &str) -> Session {
        let line = format!("auth login --portal {url} --key-file - {words}");
        self.home.line(&line).stdin(key).run()
    }

    pub fn config(&self) -> Option<String> {
        fs::read_to_string(self.home.path("config/optra/config.toml")).ok()
    }

    /// Asserts that neither a key nor a profile was stored, and that the run did not print the key.
    #[track_caller]
    pub fn kept_nothing(&self, session: &Session) {
        assert_eq!((self.keyring.lookup("optra", "default"), self.config()), (None, None), "{session}");
        never_shows(session, "hunter2");
    }
}

/// Starts a reference server whose first key is [`KEY`].
pub fn portal(options: &[&str]) -> ReferenceServer {
    ReferenceServer::start(&[&["--key", KEY], options].concat())
}

/// Asserts that the run printed no more of a secret than its last four characters.
#[track_caller]
pub fn never_shows(session: &Session, secret: &str) {
    assert!(!session.to_string().contains(secret), "this shows a secret:\n{session}");
}
