//! What a test of the command line needs: a home of its own, the program run in it, portals to talk to, a keyring, a
//! terminal, certificates. All of it is real; nothing here stands in for a part of the program.
//! It must not know any noun or verb, must not normalise what was printed, and must not skip when a tool is missing.

mod answer;
mod background;
mod fault_proxy;
#[cfg(unix)]
mod keyring;
mod mock_server;
#[cfg(unix)]
mod reference_server;
mod request;
mod run;
mod session;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod tls;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub use answer::Answer;
pub use background::Background;
pub use fault_proxy::FaultProxy;
#[cfg(unix)]
pub use keyring::Keyring;
pub use mock_server::MockServer;
#[cfg(unix)]
pub use reference_server::ReferenceServer;
pub use request::Request;
pub use run::{KILLED, Run};
pub use session::Session;
#[cfg(unix)]
pub use terminal::Terminal;
#[cfg(unix)]
pub use tls::Certificates;

/// The variables of a user's directories, and the directories below a home.
#[cfg(unix)]
const FOLDERS: [(&str, &str); 5] = [
    ("HOME", "home"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_STATE_HOME", "state"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_RUNTIME_DIR", "runtime"),
];
#[cfg(not(unix))]
const FOLDERS: [(&str, &str); 4] =
    [("USERPROFILE", "home"), ("APPDATA", "config"), ("LOCALAPPDATA", "state"), ("TEMP", "runtime")];

/// A home of one test: its directories, its environment, and the programs that run in it.
///
/// Runs start with an empty environment and these variables, so that neither the developer's settings nor those of CI
/// reach a test.
pub struct Home {
    root: TempDir,
    env: BTreeMap<OsString, OsString>,
}

impl Home {
    pub fn new() -> Self {
        let root = tempfile::Builder::new().prefix("optra-").tempdir().expect("a temporary directory");
        let mut home = Self { root, env: BTreeMap::new() };
        for (variable, folder) in FOLDERS {
            let path = home.path(folder);
            fs::create_dir_all(&path).expect("a directory of the home");
            home.set(variable, path);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The XDG specification requires this mode, and programs check it.
            fs::set_permissions(home.path("runtime"), fs::Permissions::from_mode(0o700)).expect("owner-only");
            home.set("LANG", "C.UTF-8");
        }
        // Without it a Windows program finds no system library.
        #[cfg(windows)]
        home.set("SystemRoot", std::env::var_os("SystemRoot").expect("a Windows"));
        home.set("PATH", path_with_optra());
        // Tests of retries enable them.
        home.set("OPTRA_RETRIES", "0");
        home
    }

    /// Returns a path below this home; its directories are home, config, state and runtime, on Unix also cache.
    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(below)
    }

    /// Writes a file below this home, and creates its directories.
    pub fn write(&self, below: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folders");
        fs::write(&path, content).expect("the file");
        path
    }

    /// Sets a variable for all later runs.
    pub fn set(&mut self, variable: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> &mut Self {
        self.env.insert(variable.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Sets several variables for all later runs, for example those of [`Keyring::env`].
    pub fn set_all<K: AsRef<OsStr>, V: AsRef<OsStr>>(&mut self, variables: impl IntoIterator<Item = (K, V)>) {
        for (variable, value) in variables {
            self.set(variable, value);
        }
    }

    /// Sets the portal and the API key for all later runs.
    pub fn portal(&mut self, url: &str, key: &str) -> &mut Self {
        self.set("OPTRA_PORTAL_URL", url).set("OPTRA_API_KEY", key)
    }

    /// Prepares a run of the program with these arguments.
    pub fn optra<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Run<'_> {
        self.program(env!("CARGO_BIN_EXE_optra"), args)
    }

    /// Prepares a run of the program with the words of `line` as arguments; quotes group words.
    pub fn line(&self, line: &str) -> Run<'_> {
        self.optra(words(line))
    }

    /// Runs the program with the words of `line` as its arguments.
    pub fn run(&self, line: &str) -> Session {
        self.line(line).run()
    }

    /// Starts the program on a terminal of 80 by 24, with the words of `line` as arguments.
    #[cfg(unix)]
    pub fn terminal(&self, line: &str) -> Terminal {
        self.line(line).on_terminal().start()
    }

    /// Prepares a run of a shell script, as users write them; `optra` is on its PATH.
    pub fn script(&self, script: &str) -> Run<'_> {
        self.program("sh", ["-euc", script])
    }

    /// Prepares a run of any program in this home.
    pub fn program<A: AsRef<OsStr>>(&self, program: impl AsRef<OsStr>, args: impl IntoIterator<Item = A>) -> Run<'_> {
        Run::new(self, program.as_ref(), args)
    }
}

fn path_with_optra() -> OsString {
    let folder = Path::new(env!("CARGO_BIN_EXE_optra")).parent().expect("a folder").to_owned();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&inherited))).expect("a search path")
}

/// Splits on white space, except inside single or double quotes; there are no escapes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for letter in line.chars() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '"' || letter == '\'' => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    assert!(quote.is_none(), "a quote is not closed in: {line}");
    words.extend(word);
    words
}
