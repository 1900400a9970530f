//! A private D-Bus session with a real gnome-keyring, unlocked with a throw-away password. It must not touch the user's
//! own bus or keyring, and must leave nothing behind, even when the test is killed.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::run::one_start_at_a_time;

const INSTALL: &str =
    "this test needs a Secret Service: apt-get install -y --no-install-recommends dbus gnome-keyring libsecret-tools";
const START_LIMIT: Duration = Duration::from_secs(20);

/// No service directory is configured, so the bus starts nothing by itself: neither the user's wallet nor a window that
/// asks for a password.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:path=@SOCKET@</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Ends both programs when its stdin closes, which the kernel does even for a test that is killed. SIGKILL, because it
/// reaches a keyring that was stopped. Signals are ignored so that Ctrl-C on the tests cannot leave the two alone.
const SESSION: &str = r#"
trap '' HUP INT TERM
dbus-daemon --config-file="$HOME/bus.conf" --nofork --nopidfile --print-address >"$HOME/address" 2>"$HOME/log" &
bus=$!
until [ -s "$HOME/address" ] || ! kill -0 $bus; do sleep 0.01; done
if [ "$1" = ring ]; then
  printf %s throw-away | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>>"$HOME/log" &
  ring=$!
fi
cat >/dev/null
kill -KILL $ring $bus
wait
"#;

pub struct Keyring {
    root: TempDir,
    session: Child,
}

impl Keyring {
    /// Starts a bus with an unlocked, empty keyring.
    #[track_caller]
    pub fn start() -> Self {
        let keyring = Self::start_session("ring");
        keyring.wait_for("the keyring is open", || {
            let alias = ["org.freedesktop.Secret.Service.ReadAlias", "string:default"];
            keyring.ask_secrets(&alias).is_some_and(|answer| answer.contains("/collection/login"))
        });
        keyring
    }

    /// Starts a bus without a keyring.
    #[track_caller]
    pub fn bus_without_keyring() -> Self {
        let bus = Self::start_session("none");
        bus.wait_for("the bus is there", || bus.ask_bus(&["org.freedesktop.DBus.GetId"]).is_some());
        bus
    }

    #[track_caller]
    fn start_session(kind: &str) -> Self {
        let root = tempfile::Builder::new().prefix("optra-bus-").tempdir().expect("a temporary directory");
        let runtime = root.path().join("runtime");
        fs::create_dir(&runtime).expect("a directory");
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700)).expect("owner-only");
        let socket = runtime.join("bus");
        let config = BUS.replace("@SOCKET@", socket.to_str().expect("a plain path"));
        fs::write(root.path().join("bus.conf"), config).expect("the bus's configuration");

        for tool in ["dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"] {
            assert!(is_installed(tool), "`{tool}` is missing; {INSTALL}");
        }
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SESSION, "sh", kind]).env_clear().envs(environment(&root));
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let _guard = one_start_at_a_time();
        Self { root, session: command.spawn().expect("a shell") }
    }

    /// Returns the environment that leads to this bus.
    pub fn env(&self) -> Vec<(&'static str, OsString)> {
        let shared = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"];
        environment(&self.root).into_iter().filter(|(name, _)| shared.contains(name)).collect()
    }

    /// Returns the secret with these attributes, read by an independent program.
    pub fn lookup(&self, service: &str, username: &str) -> Option<String> {
        text_of(&self.tool("secret-tool", &["lookup", "service", service, "username", username], ""))
    }

    /// Returns the number of entries of a service.
    pub fn count(&self, service: &str) -> usize {
        let found = self.tool("secret-tool", &["search", "--all", "service", service], "");
        String::from_utf8_lossy(&found.stdout).lines().filter(|line| line.starts_with('[')).count()
    }

    /// Stores a secret with these attributes, by an independent program.
    #[track_caller]
    pub fn store(&self, service: &str, username: &str, secret: &str) {
        let args = ["store", "--label=by a test", "service", service, "username", username];
        let stored = self.tool("secret-tool", &args, secret);
        assert!(stored.status.success(), "secret-tool: {}", String::from_utf8_lossy(&stored.stderr));
    }

    /// Locks the keyring. It cannot be unlocked again: nobody answers its password prompt.
    #[track_caller]
    pub fn lock(&self) {
        let login = "array:objpath:/org/freedesktop/secrets/collection/login";
        let locked = self.ask_secrets(&["org.freedesktop.Secret.Service.Lock", login]);
        assert!(locked.is_some(), "the keyring takes the lock");
    }

    /// Stops the keyring: it exists and never answers.
    pub fn stop(&self) {
        kill_process(self.keyring_process(), Signal::STOP).expect("the keyring runs");
    }

    /// Resumes a stopped keyring.
    pub fn cont(&self) {
        kill_process(self.keyring_process(), Signal::CONT).expect("the keyring runs");
    }

    /// The bus itself answers this, so it works for a stopped keyring too.
    fn keyring_process(&self) -> Pid {
        let question = ["org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"];
        let answer = self.ask_bus(&question).expect("a keyring is on the bus");
        let number = answer.split_whitespace().last().unwrap_or_default();
        Pid::from_raw(number.parse().expect("a number")).expect("a process id")
    }

    fn ask_bus(&self, question: &[&str]) -> Option<String> {
        self.ask(&["--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"], question)
    }

    fn ask_secrets(&self, question: &[&str]) -> Option<String> {
        self.ask(&["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"], question)
    }

    fn ask(&self, whom: &[&str], question: &[&str]) -> Option<String> {
        let args = [&["--session", "--print-reply=literal", "--reply-timeout=5000"], whom, question].concat();
        text_of(&self.tool("dbus-send", &args, ""))
    }

    fn tool(&self, program: &str, args: &[&str], input: &str) -> Output {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(environment(&self.root));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = {
            let _guard = one_start_at_a_time();
            command.spawn().expect("it was there a moment ago")
        };
        // `dbus-send` ends without reading, so this may fail; the caller checks the tool's answer.
        let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
        child.wait_with_output().expect("a child of ours")
    }

    #[track_caller]
    fn wait_for(&self, what: &str, there: impl Fn() -> bool) {
        let deadline = Instant::now() + START_LIMIT;
        while !there() {
            let log = || fs::read_to_string(self.root.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "not within {START_LIMIT:?}: {what}:\n{}", log());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.session.stdin.take());
        let _ = self.session.wait();
    }
}

fn text_of(output: &Output) -> Option<String> {
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn environment(root: &TempDir) -> Vec<(&'static str, OsString)> {
    let below = |name: &str| OsString::from(root.path().join(name));
    let mut address = OsString::from("unix:path=");
    address.push(root.path().join("runtime/bus"));
    vec![
        ("HOME", root.path().into()),
        ("XDG_RUNTIME_DIR", below("runtime")),
        ("XDG_DATA_HOME", below("data")),
        ("DBUS_SESSION_BUS_ADDRESS", address),
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("LANG", "C.UTF-8".into()),
    ]
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).any(|file| file.is_file())
}
