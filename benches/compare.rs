//! `cargo bench`: the program beside what a user would pick instead, on a server that is not the bottleneck.
//!
//! It prints ratios, from runs side by side on one machine; a time by itself says nothing. It needs hyperfine and curl,
//! and takes jq, gh, GNU time and perf where they are there.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use serde_json::Value;

const OPTRA: &str = env!("CARGO_BIN_EXE_optra");

/// The fleet that is large, and the size of its pages.
const FLEET: usize = 100_000;
const PAGE: usize = 500;

/// What everybody asks for: all that a device has.
const FIELDS: &str = "id name serialNumber model status enabled firmwareVersion ipAddress macAddress timezone \
                      tags { id name } location { id name address latitude longitude } lastSeenAt createdAt";

/// Ready-made answers: by cursor, or all at once.
struct Pages {
    small: Vec<u8>,
    large: HashMap<String, Vec<u8>>,
    whole: Vec<u8>,
}

fn device(n: usize) -> String {
    let head = format!(r#""id":"37165011493{n:07}","name":"dock-{n:06}-camera","serialNumber":"SN{n:011}""#);
    let tail = r#""model":"cx2000","status":"ONLINE","enabled":true,"firmwareVersion":"4.2.0","ipAddress":"192.0.2.7","macAddress":"02:00:00:00:00:01","timezone":"Europe/Berlin","tags":[{"id":"1","name":"pilot"}],"location":{"id":"7","name":"Main hall","address":"1 Example Street","latitude":52.5,"longitude":13.4},"lastSeenAt":"2026-03-01T12:00:00Z","createdAt":"2025-06-01T00:00:00Z""#;
    format!("{{{head},{tail}}}")
}

fn answer(devices: std::ops::Range<usize>, after: Option<usize>, total: usize) -> Vec<u8> {
    let list: Vec<String> = devices.map(device).collect();
    let after = after.map_or("null".to_owned(), |after| format!("\"c{after}\""));
    let body = format!(r#"{{"data":{{"devices":{{"data":[{}],"after":{after},"total":{total}}}}}}}"#, list.join(","));
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    (head + &body).into_bytes()
}

impl Pages {
    fn new() -> Pages {
        let page = |start: usize| {
            let end = start + PAGE;
            let key = if start == 0 { String::new() } else { format!("c{start}") };
            (key, answer(start..end, (end < FLEET).then_some(end), FLEET))
        };
        let large = (0..FLEET).step_by(PAGE).map(page).collect();
        Pages { small: answer(0..25, None, 25), large, whole: answer(0..FLEET, None, FLEET) }
    }

    /// Picks by what the request says: its path, and the cursor among its variables.
    fn pick(&self, request: &str) -> &[u8] {
        match request.split(' ').nth(1) {
            Some("/small/graphql") => &self.small,
            Some("/whole/graphql") => &self.whole,
            _ => {
                let after = request.split(r#""after":""#).nth(1).and_then(|rest| rest.split('"').next());
                &self.large[after.unwrap_or("")]
            }
        }
    }
}

fn serve(pages: Arc<Pages>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = Arc::clone(&pages);
            thread::spawn(move || answer_all(stream, &pages));
        }
    });
    url
}

fn answer_all(mut stream: TcpStream, pages: &Pages) {
    let _ = stream.set_nodelay(true);
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                if stream.write_all(pages.pick(&text)).is_err() {
                    return;
                }
                bytes.clear();
                continue;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// One way to get the same.
struct Way {
    name: &'static str,
    command: String,
}

fn way(name: &'static str, command: String) -> Way {
    Way { name, command }
}

/// Runs the ways side by side and prints each one's time in those of the first.
fn compare(title: &str, runs: &str, ways: &[Way], report: &mut String) {
    let export = std::env::temp_dir().join(format!("optra-bench-{}.json", std::process::id()));
    let mut hyperfine = Command::new("hyperfine");
    hyperfine
        .args(["--style", "none", "--shell", "none", "--warmup", "2", "--runs", runs, "--export-json"])
        .arg(&export);
    hyperfine.args(ways.iter().map(|way| way.command.as_str()));
    let status = hyperfine.stdout(Stdio::null()).stderr(Stdio::inherit()).status();
    assert!(status.expect("this needs hyperfine").success(), "{title}: a command failed");
    let told: Value = serde_json::from_slice(&std::fs::read(&export).unwrap()).unwrap();
    let figure = |n: usize, name: &str| told["results"][n][name].as_f64().unwrap();
    let cpu = |n: usize| figure(n, "user") + figure(n, "system");
    writeln!(report, "\n| {title} | wall | CPU | peak memory | instructions |\n| --- | --- | --- | --- | --- |")
        .unwrap();
    for (n, way) in ways.iter().enumerate() {
        let (wall, cpu) = (figure(n, "median") / figure(0, "median"), cpu(n) / cpu(0));
        let (memory, instructions) = (memory(&way.command), instructions(&way.command));
        writeln!(report, "| {} | {wall:.2} | {cpu:.2} | {memory} | {instructions} |", way.name).unwrap();
    }
    let _ = std::fs::remove_file(export);
}

/// The largest process of a command, by GNU time.
fn memory(command: &str) -> String {
    let out = Command::new("/usr/bin/time").args(["-f", "%M", "sh", "-c", command]).stdout(Stdio::null()).output();
    let told = out.ok().and_then(|out| String::from_utf8_lossy(&out.stderr).lines().last().map(str::to_owned));
    let kib = told.and_then(|told| told.trim().parse::<f64>().ok());
    kib.map_or("-".to_owned(), |kib| format!("{:.1} MiB", kib / 1024.0))
}

/// The user's instructions of a command and all that it starts, by perf.
fn instructions(command: &str) -> String {
    let perf = ["stat", "-x", ",", "-e", "instructions:u", "sh", "-c", command];
    let out = Command::new("perf").args(perf).stdout(Stdio::null()).output();
    let text = out.map(|out| String::from_utf8_lossy(&out.stderr).into_owned()).unwrap_or_default();
    let count = text.lines().find_map(|line| line.split(',').next()?.parse::<f64>().ok());
    count.map_or("-".to_owned(), |count| format!("{:.1} M", count / 1e6))
}

fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// The same through a shell, where a pipe needs one.
fn shell(command: &str) -> String {
    format!("sh -c \"{}\"", command.replace('\\', "\\\\").replace('"', "\\\""))
}

fn main() {
    let url = serve(Arc::new(Pages::new()));
    let mut report = String::new();
    let optra = |place: &str, line: &str| format!("env OPTRA_PORTAL_URL={url}/{place} OPTRA_API_KEY=k {OPTRA} {line}");
    let query = format!("{{\"query\":\"{{ devices {{ data {{ {FIELDS} }} after }} }}\"}}");
    let headers = "-H api-secret:k -H content-type:application/json";
    // The variables are set for both, so that both pay for `env`.
    let curl = |place: &str| format!("env A=b B=c curl -s {headers} -d '{query}' {url}/{place}/graphql");

    let mut ways =
        vec![way("`optra devices list -o json`", optra("small", "devices list -o json")), way("`curl`", curl("small"))];
    if has("jq") {
        ways.push(way("`curl … \\| jq`", shell(&format!("{} | jq .data.devices.data", curl("small")))));
    }
    if has("gh") {
        let query = format!("query={{ devices {{ data {{ {FIELDS} }} }} }}");
        let gh = format!("env GH_TOKEN=t gh api {url}/small/graphql -H api-secret:k -f '{query}'");
        ways.push(way("`gh api`", gh));
    }
    compare("25 devices", "40", &ways, &mut report);

    let version =
        [way("`optra --version`", format!("{OPTRA} --version")), way("`curl --version`", "curl --version".into())];
    compare("start-up", "60", &version, &mut report);

    let mut ways = vec![way("`optra devices list -o ndjson`, 200 pages", optra("large", "devices list -o ndjson"))];
    if has("jq") {
        let all = shell(&format!("{} | jq -c .data.devices.data[]", curl("whole")));
        ways.push(way("`curl … \\| jq`, one answer", all));
    }
    compare("100,000 devices", "5", &ways, &mut report);
    let streams = [
        way("100,000 devices", optra("large", "devices list -o ndjson")),
        way("1,000 devices", optra("large", "devices list -o ndjson --limit 1000")),
        way("one page of 500", optra("large", "devices list -o ndjson --limit 500")),
        way(
            "the first of 100,000, `\\| head -1`",
            shell(&format!("{} | head -1", optra("large", "devices list -o ndjson"))),
        ),
    ];
    compare("memory and the first row", "10", &streams, &mut report);
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let size = std::fs::metadata(OPTRA).map_or(0.0, |file| file.len() as f64 / 1e6);
    println!("Times are in those of the first row of each table. The program has {size:.1} MB.\n{report}");
}
