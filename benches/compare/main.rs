//! `cargo bench`: the program beside what a user would pick instead, on a server that is not the bottleneck.
//!
//! It prints ratios, from runs side by side on one machine; a time by itself says nothing. It needs hyperfine, curl and jq, and
//! takes what else is there: gh, GNU time, perf or valgrind, compilers of C and C++ with simdjson, a keyring.
//! `cargo bench -- NAME` runs the tables with this in their title; `growth` also draws `target/growth-*.svg`. OPTRA_PROGRAM
//! names another build of the program, to measure that.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::unwrap_used)]

mod growth;
mod measure;
mod peers;
mod portal;
mod scratch;

use std::sync::{Arc, LazyLock};
use std::{env, fs};

use growth::{grow, plot};
use measure::{Around, SHORT, Way, compare, has, shell, way};
use peers::ENTRY;
use portal::{FIELDS, FLEET, PAGE, Portal, serve, tls};
use scratch::Scratch;

/// The program that is measured.
static OPTRA: LazyLock<String> =
    LazyLock::new(|| env::var("OPTRA_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_optra").to_owned()));

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

/// Where all is asked for, and what is asked.
struct Bench {
    scratch: Scratch,
    http: String,
    https: String,
    roots: String,
    query: String,
    /// The tables that are wanted: those with this in their title.
    wanted: String,
}

fn optra(line: &str) -> String {
    format!("{} {line}", *OPTRA)
}

/// The variables that name a portal.
fn at(url: &str, place: &str) -> Around {
    vec![
        ("OPTRA_PORTAL_URL", Some(format!("{url}/{place}"))),
        ("OPTRA_API_KEY", Some("key-of-a-bench".into())),
        ("GH_TOKEN", Some("t".into())),
    ]
}

const HEADERS: &str = "-H api-secret:k -H content-type:application/json";

impl Bench {
    fn new() -> Bench {
        let (scratch, portal) = (Scratch::new(), Arc::new(Portal::new()));
        portal.write_pages(&scratch, "pages.ndjson");
        let (tls, roots) = tls(&scratch);
        let (http, https) = (serve(&portal, None), serve(&portal, Some(tls)));
        let query = format!("{{ devices {{ data {{ {FIELDS} }} after }} }}");
        let wanted = env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
        Bench { scratch, http, https, roots, query, wanted }
    }

    fn table(&self, title: &str, runs: u32, around: &Around, ways: &[Way]) {
        if title.contains(&self.wanted) {
            compare(&self.scratch, title, runs, around, ways);
        }
    }

    fn curl(&self, url: &str, place: &str) -> String {
        format!("curl -s {HEADERS} -d '{{\"query\":\"{}\"}}' {url}/{place}/graphql", self.query)
    }

    /// The variables that name the portal behind TLS, and a company's bundle of roots.
    fn at_tls(&self) -> Around {
        let mut around = at(&self.https, "small");
        around.extend([("SSL_CERT_FILE", Some(self.roots.clone())), ("SSL_CERT_DIR", None), ("CURL_CA_BUNDLE", None)]);
        around
    }

    fn small(&self) {
        let (url, list) = (&self.http, optra("devices list -o json"));
        let mut ways = vec![
            way("`optra devices list -o json`", list.clone()),
            way("`curl`", self.curl(url, "small")),
            way("`curl … \\| jq`", shell(&format!("{} | jq .data.devices.data", self.curl(url, "small")))),
        ];
        if has("gh") {
            ways.push(way("`gh api`", format!("gh api {url}/small/graphql -H api-secret:k -f 'query={}'", self.query)));
        }
        self.table("25 devices", 2 * SHORT, &at(url, "small"), &ways);
        if let Some(bare) = peers::build(&self.scratch, "bare.c", "cc", &[]) {
            let (host, port) = url.trim_start_matches("http://").split_once(':').unwrap();
            let body = format!("{{\"query\":\"{}\"}}", self.query);
            let ways = [
                way("a bare client in C", format!("{bare} {host} {port} /small/graphql '{body}'")),
                way("`optra devices list -o json`", list.clone()),
            ];
            self.table("25 devices, with the least that can be done", 2 * SHORT, &at(url, "small"), &ways);
        }
        let ways = [way("`optra devices list -o json`", list.clone()), way("`curl`", self.curl(&self.https, "small"))];
        self.table("25 devices, https with the system's roots", SHORT, &self.at_tls(), &ways);
        self.broker(&list);
        self.keyring(&list);
    }

    fn broker(&self, list: &str) {
        let title = "https, and through a broker that keeps its connection";
        if !title.contains(&self.wanted) {
            return;
        }
        let Some((_running, found)) = peers::broker(&OPTRA, &self.at_tls()) else {
            return println!("\nNot compared: no broker could be started.");
        };
        let through = found.iter().map(|(name, value)| format!("{name}={}", value.clone().unwrap_or_default()));
        let through = through.collect::<Vec<_>>().join(" ");
        // Both start `env`, which gives one of them its variables.
        let ways = [
            way("a handshake of its own", format!("env {list}")),
            way("through the broker", format!("env {through} {list}")),
        ];
        self.table(title, SHORT, &self.at_tls(), &ways);
    }

    fn keyring(&self, list: &str) {
        let title = "the key from the keyring";
        if !title.contains(&self.wanted) {
            return;
        }
        let Some((_running, around)) = peers::keyring(&self.scratch, &format!("{}/small", self.http)) else {
            return println!("\nNot compared: there is no keyring here.");
        };
        let lookup = format!("secret-tool lookup {}", ENTRY.join(" "));
        let ways = [way("`secret-tool lookup`", lookup), way("`optra devices list -o json`", list)];
        self.table(title, SHORT, &around, &ways);
    }

    fn start(&self) {
        let version = way("`optra --version`", optra("--version"));
        let ways = [version, way("`curl --version`", "curl --version")];
        self.table("start-up", 2 * SHORT, &Around::new(), &ways);
        let ways = [way("`true`, which does nothing", "true"), way("`optra --version`", optra("--version"))];
        self.table("start-up of any program", 2 * SHORT, &Around::new(), &ways);
    }

    fn large(&self) {
        let (url, around, list) = (&self.http, at(&self.http, "large"), optra("devices list -o ndjson"));
        let own = || way("`optra devices list -o ndjson`, 200 pages", list.clone());
        let one = shell(&format!("{} | jq -c .data.devices.data[]", self.curl(url, "whole")));
        self.table("100,000 devices", 5, &around, &[own(), way("`curl … \\| jq`, one answer", one)]);
        let script = format!("HEADERS='{HEADERS}' QUERY='{}' URL={url}\n{LOOP}\n", self.query);
        let script = format!("sh {}", self.scratch.write("loop.sh", script));
        self.table(
            "the same in a script",
            2,
            &around,
            &[own(), way("a shell loop of `curl` and `jq`, 200 pages", script)],
        );
        let requests = self.scratch.write("requests", all_pages(url, &self.query));
        let fetched = way("one `curl`, 200 pages thrown away", format!("curl -s -K {requests}"));
        self.table("the same, only fetched", 5, &around, &[fetched, own()]);
        if let Some(parse) = peers::build(&self.scratch, "parse.cpp", "c++", &["-lsimdjson"]) {
            let parsed = format!("{parse} {}", self.scratch.path("pages.ndjson"));
            self.table("the same, only parsed and printed", 5, &around, &[way("simdjson, from memory", parsed), own()]);
        }
        let ways = [
            way("`-o ndjson`", list.clone()),
            way("`-o csv`", optra("devices list -o csv")),
            way("`--where 'name=*7-camera' -o ndjson`", optra("devices list --where name=*7-camera -o ndjson")),
            way("`--jq '.[].name'`", optra("devices list --jq .[].name")),
        ];
        self.table("100,000 devices in other forms", 5, &around, &ways);
        let ways =
            [way("1,000 devices", optra("devices list -o ndjson --limit 1000")), way("100,000 devices", list.clone())];
        self.table("memory", 10, &around, &ways);
        let page = optra("devices list -o ndjson --limit 500");
        let ways = [
            way("one page of 500", shell(&format!("{page} | cat"))),
            way("the first of 100,000, `\\| head -1`", shell(&format!("{list} | head -1"))),
        ];
        self.table("the first row", SHORT, &around, &ways);
    }

    fn growth(&self) {
        if !"growth".contains(&self.wanted) {
            return;
        }
        let draw = |name: &str, title: &str, points: &[growth::Point]| {
            let file = format!("{}/target/growth-{name}.svg", env!("CARGO_MANIFEST_DIR"));
            fs::write(&file, plot(title, points)).unwrap();
        };
        let sizes = [10, 100, 1_000, 10_000, 100_000, 1_000_000];
        let list = |size| (optra(&format!("devices list -o ndjson --limit {size}")), Around::new());
        let points = grow(&self.scratch, "growth: devices", &at(&self.http, "endless"), &sizes, list);
        draw("devices", "devices", &points);
        let profiles = |size| {
            let folder = format!("profiles-{size}");
            let portal = format!("{}/small", self.http);
            let names: Vec<String> = (0..size).map(|n| format!("p{n}")).collect();
            let config =
                names.iter().map(|name| format!("[profiles.{name}]\nportal = \"{portal}\"\nstore = \"file\"\n"));
            self.scratch.write(&format!("{folder}/config.toml"), config.collect::<String>());
            for name in names {
                self.scratch.write(
                    &format!("{folder}/keys/{name}.key"),
                    format!("key-of-profile-{name}\nportal {}\n", self.http),
                );
            }
            let own = vec![
                ("OPTRA_CONFIG_DIR", Some(self.scratch.path(&folder))),
                ("OPTRA_API_KEY", None),
                ("OPTRA_PORTAL_URL", None),
            ];
            (optra("devices list --all-profiles -o ndjson"), own)
        };
        let points =
            grow(&self.scratch, "growth: profiles of 25 devices", &Around::new(), &[1, 10, 50, 100, 200], profiles);
        draw("profiles", "profiles of 25 devices", &points);
    }
}

fn main() {
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let size = fs::metadata(&*OPTRA).map_or(0.0, |file| file.len() as f64 / 1e6);
    println!("Times are in those of the first row of each table. The program has {size:.1} MB.");
    let bench = Bench::new();
    bench.small();
    bench.start();
    bench.large();
    bench.growth();
}
