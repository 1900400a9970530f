//! `optra auth`: login, status and logout against a portal of other make and a real keyring.
//! What is shared here prepares a user's desk; what is expected stands in each test.

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

/// A key as long as a real one, so that its end may be shown and must be the end only.
pub const KEY: &str = "k7WqB3x-hunter2-PjR5vTn9-LmZx81";

/// Where nobody listens.
pub const NOBODY: &str = "http://127.0.0.1:1";

/// A user at a desktop: a home without any setting, and a keyring that is open.
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

    /// Writes an owner-only file where the runs start, so that they can name it without a folder.
    pub fn key_file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.write(format!("home/{name}"), content);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Logs in with this key, and these further words on the command line.
    pub fn login(&self, url: &str, key: &str, words: &str) -> Session {
        let line = format!("auth login --portal {url} --key-file - {words}");
        self.home.line(&line).stdin(key).run()
    }

    pub fn config(&self) -> Option<String> {
        fs::read_to_string(self.home.path("config/optra/config.toml")).ok()
    }

    /// Asserts that neither a key nor a profile was kept, and that the run did not print the key.
    #[track_caller]
    pub fn kept_nothing(&self, session: &Session) {
        assert_eq!((self.keyring.lookup("optra", "default"), self.config()), (None, None), "{session}");
        never_shows(session, "hunter2");
    }
}

/// Starts a portal whose first key is [`KEY`].
pub fn portal(options: &[&str]) -> ReferenceServer {
    ReferenceServer::start(&[&["--key", KEY], options].concat())
}

/// Asserts that a secret, or a part of it that is more than its last four characters, was not printed.
#[track_caller]
pub fn never_shows(session: &Session, secret: &str) {
    assert!(!session.to_string().contains(secret), "this shows a secret:\n{session}");
}
