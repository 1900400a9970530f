//! A proxy that lets a portal execute a request and then drops its answer: a fault that a portal itself cannot be told
//! to have. It must forward everything else unchanged.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// A proxy in front of a portal.
pub struct FaultProxy {
    pub url: String,
}

impl FaultProxy {
    /// Starts a proxy that cuts the connection once the portal has answered a request containing this text.
    pub fn start(portal: &str, text: &'static str) -> Self {
        let upstream = portal.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let upstream = upstream.clone();
                thread::spawn(move || relay(client, &upstream, text));
            }
        });
        Self { url }
    }
}

/// Relays requests, each over a connection of its own.
fn relay(mut client: TcpStream, upstream: &str, text: &str) {
    while let Some(request) = message(&mut client) {
        let Ok(mut portal) = TcpStream::connect(upstream) else { return };
        if portal.write_all(&request).is_err() {
            return;
        }
        let Some(answer) = message(&mut portal) else { return };
        if String::from_utf8_lossy(&request).contains(text) || client.write_all(&answer).is_err() {
            return;
        }
    }
}

/// Reads one HTTP message with a content length.
fn message(from: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if bytes.len() >= head.len() + 4 + length {
                return Some(bytes);
            }
        }
        match from.read(&mut chunk).ok()? {
            0 => return None,
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}
