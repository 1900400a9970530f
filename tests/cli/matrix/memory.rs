//! How much memory an answer can make the program use: one page, plus a fixed amount, with a limit for a page. It must
//! not measure time, nor compare machines.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use super::faults::{self, Act, Fault};
use crate::harness::{Home, Session};

/// The largest answer that is read, in MiB.
const LARGEST: u64 = 96;

/// The program's own memory at most, in MiB, with small pages; it is a debug build.
const ITSELF: u64 = 40;

/// Runs a command at a server, and returns its peak memory in MiB.
fn peak(line: &str, url: &str) -> (Session, u64) {
    let mut home = Home::new();
    home.portal(url, super::portal::KEY).set("OPTRA_TIMEOUT", "120");
    let file = home.path("peak");
    let session = home.line(line).peak_to(&file).time_limit(std::time::Duration::from_secs(120)).run();
    let peak = fs::read_to_string(Path::new(&file)).expect("the program ended by itself");
    (session, peak.trim().parse::<u64>().expect("a number") / 1024)
}

/// Serves `count` pages of 100 devices, over any number of connections.
fn pages(count: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                super::portal::each_request(stream, |body, to| {
                    let page: usize = body["variables"]["after"].as_str().map_or(0, |after| after.parse().unwrap_or(0));
                    let rows: Vec<String> = (0..100)
                        .map(|row| format!("{{\"id\":\"{}\",\"name\":\"device\"}}", page * 100 + row))
                        .collect();
                    let after = if page + 1 < count { format!("\"{}\"", page + 1) } else { "null".to_owned() };
                    let body =
                        format!("{{\"data\":{{\"devices\":{{\"data\":[{}],\"after\":{after}}}}}}}", rows.join(","));
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
                    write!(to, "{head}{}\r\n\r\n{body}", body.len())
                })
            });
        }
    });
    url
}

/// Serves one fault to every client.
fn serve(fault: Fault) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    thread::spawn(move || {
        let Act::Reply(reply, _) = &fault.act else { return };
        for stream in listener.incoming().map_while(Result::ok) {
            super::portal::each_request(stream, |_, to| reply(to, "{}"));
        }
    });
    url
}

#[test]
fn a_listing_holds_a_page_however_many_there_are() {
    for format in ["ndjson", "json"] {
        let line = format!("devices list -o {format} --fields id,name");
        let held = [10, 400].map(|count| {
            let (session, held) = peak(&line, &pages(count));
            assert_eq!(session.ok().out().matches("device").count(), count * 100, "{format}");
            held
        });
        assert!(held[1] <= held[0] + 12, "{format}: {} MiB for 10 pages, and {} MiB for 400", held[0], held[1]);
        assert!(held[1] <= ITSELF, "{format}: {} MiB", held[1]);
    }
}

#[test]
fn an_answer_without_end_costs_no_more_than_the_largest_one() {
    for fault in faults::all().into_iter().filter(|fault| fault.is_heavy) {
        let name = fault.name.clone();
        let (session, held) = peak("devices list -o json", &serve(fault));
        assert!(session.exits(9).err().contains("larger than 96 MiB"), "{name}: {session}");
        assert!(held <= LARGEST * 2 + ITSELF, "{name}: {held} MiB");
    }
}
