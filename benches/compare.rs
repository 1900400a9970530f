//! `cargo bench`: the program beside what a user would pick instead, on a server that is not the bottleneck.
//!
//! It prints ratios, from runs side by side on one machine; a time by itself says nothing. It needs hyperfine, curl and jq,
//! and takes gh, GNU time, and perf or valgrind where they are there.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::{env, fs, process, thread};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
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

/// Answers over http, and over https where TLS is given; returns the address.
fn serve(pages: &Arc<Pages>, tls: Option<Arc<ServerConfig>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr().unwrap());
    let pages = Arc::clone(pages);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = stream.set_nodelay(true);
            let (pages, tls) = (Arc::clone(&pages), tls.clone());
            thread::spawn(move || match tls {
                Some(tls) => answer_all(StreamOwned::new(ServerConnection::new(tls).unwrap(), stream), &pages),
                None => answer_all(stream, &pages),
            });
        }
    });
    url
}

fn answer_all(mut stream: impl Read + Write, pages: &Pages) {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                if stream.write_all(pages.pick(&text)).is_err() || stream.flush().is_err() {
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

/// A certificate for loopback, and a bundle of the system's roots with it, as a company's would be among them.
fn tls() -> (Arc<ServerConfig>, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let bundle = scratch("roots.pem");
    let roots = fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    fs::write(&bundle, roots + &made.cert.pem()).unwrap();
    (Arc::new(config), bundle)
}

fn scratch(name: &str) -> PathBuf {
    env::temp_dir().join(format!("optra-bench-{}-{name}", process::id()))
}

/// One way to get the same.
struct Way {
    name: &'static str,
    command: String,
}

fn way(name: &'static str, command: String) -> Way {
    Way { name, command }
}

/// The variables that the commands find; none takes one away.
type Around = Vec<(&'static str, Option<String>)>;

fn command(program: &str, around: &Around) -> Command {
    let mut command = Command::new(program);
    for (name, value) in around {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Runs the ways side by side and prints each one's time in those of the first.
fn compare(title: &str, runs: u32, around: &Around, ways: &[Way]) {
    let export = scratch("figures.json");
    let mut hyperfine = command("hyperfine", around);
    hyperfine.args(["--style", "none", "--shell", "none", "--warmup", "1", "--runs", &runs.to_string()]);
    hyperfine.arg("--export-json").arg(&export).args(ways.iter().map(|way| way.command.as_str()));
    let status = hyperfine.stdout(Stdio::null()).stderr(Stdio::inherit()).status();
    assert!(status.expect("this needs hyperfine").success(), "{title}: a command failed");
    let told: Value = serde_json::from_slice(&fs::read(&export).unwrap()).unwrap();
    let _ = fs::remove_file(export);
    let figure = |n: usize, name: &str| told["results"][n][name].as_f64().unwrap();
    let cpu = |n: usize| figure(n, "user") + figure(n, "system");
    println!("\n| {title} | wall | CPU | peak memory | instructions |\n| --- | --- | --- | --- | --- |");
    for (n, way) in ways.iter().enumerate() {
        let (wall, cpu) = (figure(n, "median") / figure(0, "median"), cpu(n) / cpu(0));
        let memory = memory(&way.command, around);
        // Counting is fifty times slower than running, unless the machine does it.
        let instructions = instructions(&way.command, around, runs >= SHORT).unwrap_or_else(|| "-".into());
        println!("| {} | {wall:.2} | {cpu:.2} | {memory} | {instructions} |", way.name);
    }
}

/// So many runs are asked of commands that take milliseconds.
const SHORT: u32 = 40;

/// The largest process of a command, by GNU time.
fn memory(line: &str, around: &Around) -> String {
    let mut time = command("/usr/bin/time", around);
    let out = time.args(["-f", "%M", "sh", "-c", line]).stdout(Stdio::null()).output();
    let told = out.ok().and_then(|out| String::from_utf8_lossy(&out.stderr).lines().last().map(str::to_owned));
    let kib = told.and_then(|told| told.trim().parse::<f64>().ok());
    kib.map_or("-".to_owned(), |kib| format!("{:.1} MiB", kib / 1024.0))
}

/// The user's instructions of a command and all that it starts: by perf, or by valgrind where the machine counts none.
fn instructions(line: &str, around: &Around, patient: bool) -> Option<String> {
    let told = |program: &str, options: &[&str]| {
        let out =
            command(program, around).args(options).args(["sh", "-c", line]).stdout(Stdio::null()).output().ok()?;
        // Not everything runs where its instructions are counted.
        out.status.success().then(|| String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let count = |text: String| text.lines().find_map(|line| line.split(',').next()?.parse::<f64>().ok());
    let counted = || told("perf", &["stat", "-x", ",", "-e", "instructions:u"]).and_then(count);
    let followed = || {
        let options = ["--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null"];
        let text = patient.then(|| told("valgrind", &options))??;
        let counts = text.lines().filter_map(|line| line.split_once("Collected : ")?.1.parse::<f64>().ok());
        Some(counts.sum::<f64>()).filter(|sum| *sum > 0.0)
    };
    let all = if machine_counts() { counted() } else { followed() };
    Some(format!("{:.1} M", all? / 1e6))
}

fn machine_counts() -> bool {
    let out = Command::new("perf").args(["stat", "-x", ",", "-e", "instructions:u", "true"]).output();
    out.is_ok_and(|out| String::from_utf8_lossy(&out.stderr).starts_with(|first: char| first.is_ascii_digit()))
}

fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// The same through a shell, where a pipe needs one.
fn shell(command: &str) -> String {
    format!("sh -c \"{}\"", command.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What a script would do: a page at a time, its cursor taken out of each.
const LOOP: &str = r#"after=null; while :; do
page=$(curl -s $HEADERS -d "{\"query\":\"$QUERY\",\"variables\":{\"after\":$after}}" $URL/large/graphql)
printf %s "$page" | jq -c '.data.devices.data[]'
after=$(printf %s "$page" | jq .data.devices.after)
[ "$after" != null ] || break
done"#;

/// What one process of curl reads to ask for all pages over one connection, as far as cursors can be known before.
fn all_pages(url: &str, query: &str) -> String {
    let one = |start: usize| {
        let after = if start == 0 { "null".to_owned() } else { format!(r#"\"c{start}\""#) };
        let body = format!(r#"{{\"query\":\"{query}\",\"variables\":{{\"after\":{after}}}}}"#);
        format!("url = {url}/large/graphql\ndata = \"{body}\"\noutput = /dev/null\n")
    };
    (0..FLEET).step_by(PAGE).map(one).collect::<Vec<_>>().join("next\nsilent\n")
}

fn main() {
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let size = fs::metadata(OPTRA).map_or(0.0, |file| file.len() as f64 / 1e6);
    println!("Times are in those of the first row of each table. The program has {size:.1} MB.");
    let pages = Arc::new(Pages::new());
    let (tls, roots) = tls();
    let (url, safe) = (serve(&pages, None), serve(&pages, Some(tls)));
    let optra = |line: &str| format!("{OPTRA} {line}");
    let at = |url: &str, place: &str| -> Around {
        let url = format!("{url}/{place}");
        vec![
            ("OPTRA_PORTAL_URL", Some(url)),
            ("OPTRA_API_KEY", Some("key-of-a-bench".into())),
            ("GH_TOKEN", Some("t".into())),
        ]
    };
    let query = format!("{{ devices {{ data {{ {FIELDS} }} after }} }}");
    let headers = "-H api-secret:k -H content-type:application/json";
    let curl =
        |url: &str, place: &str| format!("curl -s {headers} -d '{{\"query\":\"{query}\"}}' {url}/{place}/graphql");

    let mut ways = vec![
        way("`optra devices list -o json`", optra("devices list -o json")),
        way("`curl`", curl(&url, "small")),
        way("`curl … \\| jq`", shell(&format!("{} | jq .data.devices.data", curl(&url, "small")))),
    ];
    if has("gh") {
        let gh = format!("gh api {url}/small/graphql -H api-secret:k -f 'query={query}'");
        ways.push(way("`gh api`", gh));
    }
    compare("25 devices", 2 * SHORT, &at(&url, "small"), &ways);

    let mut trusting = at(&safe, "small");
    trusting.extend([
        ("SSL_CERT_FILE", Some(roots.display().to_string())),
        ("SSL_CERT_DIR", None),
        ("CURL_CA_BUNDLE", None),
    ]);
    let ways =
        [way("`optra devices list -o json`", optra("devices list -o json")), way("`curl`", curl(&safe, "small"))];
    compare("25 devices, https with the system's roots", SHORT, &trusting, &ways);

    let version =
        [way("`optra --version`", format!("{OPTRA} --version")), way("`curl --version`", "curl --version".into())];
    compare("start-up", 2 * SHORT, &Around::new(), &version);
    let version = [way("`true`, which does nothing", "true".into()), way("`optra --version`", optra("--version"))];
    compare("start-up of any program", 2 * SHORT, &Around::new(), &version);

    let (large, around) = (optra("devices list -o ndjson"), at(&url, "large"));
    let script = scratch("loop.sh");
    fs::write(&script, format!("HEADERS='{headers}' QUERY='{query}' URL={url}\n{LOOP}\n")).unwrap();
    let ways = [
        way("`optra devices list -o ndjson`, 200 pages", large.clone()),
        way("`curl … \\| jq`, one answer", shell(&format!("{} | jq -c .data.devices.data[]", curl(&url, "whole")))),
    ];
    compare("100,000 devices", 5, &around, &ways);
    let ways = [
        way("`optra devices list -o ndjson`, 200 pages", large.clone()),
        way("a shell loop of `curl` and `jq`, 200 pages", format!("sh {}", script.display())),
    ];
    compare("the same in a script", 2, &around, &ways);

    let requests = scratch("requests");
    fs::write(&requests, all_pages(&url, &query)).unwrap();
    let ways = [
        way("one `curl`, 200 pages thrown away", format!("curl -s -K {}", requests.display())),
        way("`optra devices list -o ndjson`, 200 pages", large.clone()),
    ];
    compare("the same, only fetched", 5, &around, &ways);

    let ways = [
        way("`-o ndjson`", large.clone()),
        way("`-o csv`", optra("devices list -o csv")),
        way("`--where 'name=*7-camera' -o ndjson`", optra("devices list --where name=*7-camera -o ndjson")),
        way("`--jq '.[].name'`", optra("devices list --jq .[].name")),
    ];
    compare("100,000 devices in other forms", 5, &around, &ways);

    let ways =
        [way("1,000 devices", optra("devices list -o ndjson --limit 1000")), way("100,000 devices", large.clone())];
    compare("memory", 10, &around, &ways);

    let page = optra("devices list -o ndjson --limit 500");
    let ways = [
        way("one page of 500", shell(&format!("{page} | cat"))),
        way("the first of 100,000, `\\| head -1`", shell(&format!("{large} | head -1"))),
    ];
    compare("the first row", SHORT, &around, &ways);

    let _ = (fs::remove_file(roots), fs::remove_file(script), fs::remove_file(requests));
}
