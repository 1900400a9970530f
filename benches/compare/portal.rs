//! A portal that is not the bottleneck: it answers from memory. It reads no more of a request than its path and its cursor.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::ops::Range;
use std::sync::Arc;
use std::{fs, thread};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::scratch::Scratch;

/// The fleet that is large, and the size of its pages.
pub const FLEET: usize = 100_000;
pub const PAGE: usize = 500;

/// What everybody asks for: all that a device has.
pub const FIELDS: &str = "id name serialNumber model status enabled firmwareVersion ipAddress macAddress timezone \
                          tags { id name } location { id name address latitude longitude } lastSeenAt createdAt";

/// Ready-made answers: by cursor, or all at once.
pub struct Portal {
    small: Vec<u8>,
    large: HashMap<String, Vec<u8>>,
    whole: Vec<u8>,
    /// The devices of each page of the large fleet: a fleet without end has them again and again.
    pages: Vec<String>,
}

fn device(n: usize) -> String {
    let head = format!(r#""id":"37165011493{n:07}","name":"dock-{n:06}-camera","serialNumber":"SN{n:011}""#);
    let tail = r#""model":"cx2000","status":"ONLINE","enabled":true,"firmwareVersion":"4.2.0","ipAddress":"192.0.2.7","macAddress":"02:00:00:00:00:01","timezone":"Europe/Berlin","tags":[{"id":"1","name":"pilot"}],"location":{"id":"7","name":"Main hall","address":"1 Example Street","latitude":52.5,"longitude":13.4},"lastSeenAt":"2026-03-01T12:00:00Z","createdAt":"2025-06-01T00:00:00Z""#;
    format!("{{{head},{tail}}}")
}

fn devices(range: Range<usize>) -> String {
    range.map(device).collect::<Vec<_>>().join(",")
}

fn answer(devices: &str, after: Option<usize>, total: Option<usize>) -> Vec<u8> {
    let after = after.map_or("null".to_owned(), |after| format!("\"c{after}\""));
    let total = total.map_or("null".to_owned(), |total| total.to_string());
    let body = format!(r#"{{"data":{{"devices":{{"data":[{devices}],"after":{after},"total":{total}}}}}}}"#);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    (head + &body).into_bytes()
}

impl Portal {
    pub fn new() -> Portal {
        let pages: Vec<String> = (0..FLEET).step_by(PAGE).map(|start| devices(start..start + PAGE)).collect();
        let page = |(n, page): (usize, &String)| {
            let (start, end) = (n * PAGE, (n + 1) * PAGE);
            let key = if start == 0 { String::new() } else { format!("c{start}") };
            (key, answer(page, (end < FLEET).then_some(end), Some(FLEET)))
        };
        let large = pages.iter().enumerate().map(page).collect();
        let small = answer(&devices(0..25), None, Some(25));
        Portal { small, large, whole: answer(&pages.join(","), None, Some(FLEET)), pages }
    }

    /// Writes all pages of the large fleet to a file, a body in a line.
    pub fn write_pages(&self, scratch: &Scratch, name: &str) -> String {
        let mut text = Vec::new();
        for start in (0..FLEET).step_by(PAGE) {
            let page = &self.large[&if start == 0 { String::new() } else { format!("c{start}") }];
            let body = page.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
            text.extend_from_slice(&page[body..]);
            text.push(b'\n');
        }
        scratch.write(name, text)
    }

    /// Sends the answer to a request, by its path and the cursor among its variables.
    fn send(&self, request: &str, stream: &mut impl Write) -> std::io::Result<()> {
        let after = request.split(r#""after":""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("");
        match request.split(' ').nth(1) {
            Some("/small/graphql") => stream.write_all(&self.small),
            Some("/whole/graphql") => stream.write_all(&self.whole),
            Some("/endless/graphql") => {
                let start: usize = after.trim_start_matches('c').parse().unwrap_or(0);
                stream.write_all(&answer(&self.pages[(start / PAGE) % self.pages.len()], Some(start + PAGE), None))
            }
            _ => stream.write_all(&self.large[after]),
        }
    }
}

/// Answers over http, and over https where TLS is given; returns the address.
pub fn serve(portal: &Arc<Portal>, tls: Option<Arc<ServerConfig>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr().unwrap());
    let portal = Arc::clone(portal);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = stream.set_nodelay(true);
            let (portal, tls) = (Arc::clone(&portal), tls.clone());
            thread::spawn(move || match tls {
                Some(tls) => answer_all(StreamOwned::new(ServerConnection::new(tls).unwrap(), stream), &portal),
                None => answer_all(stream, &portal),
            });
        }
    });
    url
}

fn answer_all(mut stream: impl Read + Write, portal: &Portal) {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                if portal.send(&text, &mut stream).is_err() || stream.flush().is_err() {
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
pub fn tls(scratch: &Scratch) -> (Arc<ServerConfig>, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let roots = fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    (Arc::new(config), scratch.write("roots.pem", roots + &made.cert.pem()))
}
