//! Peers that have to be made or started first: programs of a few lines in C, a keyring of its own, and a broker.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::measure::Around;
use super::scratch::Scratch;

/// Builds a program of `benches/peers/`; none where its compiler or its library is missing, which is said.
pub fn build(scratch: &Scratch, source: &str, compiler: &str, options: &[&str]) -> Option<String> {
    let (program, folder) =
        (scratch.path(source.split('.').next()?), concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers"));
    let mut built = Command::new(compiler);
    built.args(["-O3", "-march=native", "-o", &program, &format!("{folder}/{source}")]).args(options);
    match built.stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Some(program),
        _ => {
            println!("\nNot compared with benches/peers/{source}: `{compiler}` cannot build it here.");
            None
        }
    }
}

/// Programs that run for as long as this lives.
pub struct Running(Vec<Child>);

impl Drop for Running {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn first_line(child: &mut Child) -> Option<String> {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut()?).read_line(&mut line).ok()?;
    Some(line.trim().to_owned())
}

/// The attributes by which the key of the default profile is found.
pub const ENTRY: [&str; 4] = ["service", "optra", "username", "default"];

/// Starts a bus with an open keyring, and puts the key of the default profile there; none where there is no such program.
pub fn keyring(scratch: &Scratch, url: &str) -> Option<(Running, Around)> {
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--print-address"]).stdout(Stdio::piped());
    let mut bus = bus.spawn().ok()?;
    let address = first_line(&mut bus)?;
    let mut around: Around = vec![
        ("DBUS_SESSION_BUS_ADDRESS", Some(address)),
        ("OPTRA_CONFIG_DIR", Some(scratch.path("keyring"))),
        ("HOME", Some(scratch.path("home"))),
        ("XDG_DATA_HOME", Some(scratch.path("data"))),
        ("XDG_RUNTIME_DIR", Some(scratch.path("runtime"))),
    ];
    for folder in ["keyring", "home", "data", "runtime"] {
        scratch.write(&format!("{folder}/made"), "");
    }
    let start = |program: &str, arguments: &[&str], around: &Around| {
        let mut command = Command::new(program);
        command.args(arguments).envs(around.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
    };
    let mut ring = start("gnome-keyring-daemon", &["--foreground", "--unlock", "--components=secrets"], &around)?;
    drop(ring.stdin.take()?.write_all(b"password"));
    let mut running = Running(vec![bus, ring]);
    scratch.write("keyring/config.toml", format!("[profiles.default]\nportal = \"{url}\"\nstore = \"keyring\"\n"));
    // A keyring that has just been started may not be at the bus yet.
    for _ in 0..20 {
        let mut store = start("secret-tool", &[&["store", "--label", "bench"], &ENTRY[..]].concat(), &around)?;
        store.stdin.take()?.write_all(b"key-of-a-bench-in-a-keyring").ok()?;
        if store.wait().is_ok_and(|status| status.success()) {
            around.extend([("OPTRA_API_KEY", None), ("OPTRA_PORTAL_URL", None)]);
            return Some((running, around));
        }
        thread::sleep(Duration::from_millis(250));
    }
    running.0.clear();
    None
}

/// Starts a broker in front of a portal; returns what a program finds that is to ask it.
pub fn broker(optra: &str, around: &Around) -> Option<(Running, Around)> {
    let mut broker = Command::new(optra);
    broker.args(["broker", "--read-only", "--per-minute", "100000", "-o", "json"]);
    for (name, value) in around {
        match value {
            Some(value) => broker.env(name, value),
            None => broker.env_remove(name),
        };
    }
    let mut broker = broker.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let told = BufReader::new(broker.stdout.as_mut()?);
    let told: Value = serde_json::Deserializer::from_reader(told).into_iter().next()?.ok()?;
    let text = |name: &str| told[name].as_str().map(str::to_owned);
    let found = vec![("OPTRA_PORTAL_URL", text("url")), ("OPTRA_API_KEY", text("apiKey"))];
    Some((Running(vec![broker]), found))
}
