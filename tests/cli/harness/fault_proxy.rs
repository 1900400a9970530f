//! A proxy with faults that a portal itself cannot be told to have: it drops the answer to an executed request, or is gone in
//! the middle of a run. It must forward everything else unchanged.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// A proxy in front of a portal.
pub struct FaultProxy {
    pub url: String,
    is_back: Arc<AtomicBool>,
}

/// What the proxy does wrong.
#[derive(Clone)]
enum Fault {
    /// It cuts the connection once the portal has answered.
    Cut,
    /// It passes on nothing any more, for as long as the portal is not back.
    Away { is_away: Arc<AtomicBool>, is_back: Arc<AtomicBool> },
}

impl FaultProxy {
    /// Starts a proxy that cuts the connection once the portal has answered a request containing this text.
    pub fn start(portal: &str, text: &'static str) -> Self {
        Self::new(portal, text, |_| Fault::Cut)
    }

    /// Starts a proxy whose portal is away from the first request with this text in it, which does not reach the portal.
    pub fn away_from(portal: &str, text: &'static str) -> Self {
        Self::new(portal, text, |is_back| Fault::Away { is_away: Arc::default(), is_back })
    }

    /// Lets the portal come back.
    pub fn come_back(&self) {
        self.is_back.store(true, Ordering::SeqCst);
    }

    fn new(portal: &str, text: &'static str, fault: impl Fn(Arc<AtomicBool>) -> Fault) -> Self {
        let upstream = portal.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let is_back = Arc::<AtomicBool>::default();
        let fault = fault(Arc::clone(&is_back));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (upstream, fault) = (upstream.clone(), fault.clone());
                thread::spawn(move || relay(client, &upstream, text, &fault));
            }
        });
        Self { url, is_back }
    }
}

impl Fault {
    /// Returns true where the portal does not get the request.
    fn keeps_back(&self, is_meant: bool) -> bool {
        let Fault::Away { is_away, is_back } = self else { return false };
        is_away.fetch_or(is_meant, Ordering::SeqCst);
        is_away.load(Ordering::SeqCst) && !is_back.load(Ordering::SeqCst)
    }
}

/// Relays requests, each over a connection of its own.
fn relay(mut client: TcpStream, upstream: &str, text: &str, fault: &Fault) {
    while let Some(request) = message(&mut client) {
        let is_meant = String::from_utf8_lossy(&request).contains(text);
        if fault.keeps_back(is_meant) {
            return;
        }
        let Ok(mut portal) = TcpStream::connect(upstream) else { return };
        if portal.write_all(&request).is_err() {
            return;
        }
        let Some(answer) = message(&mut portal) else { return };
        let is_cut = is_meant && matches!(fault, Fault::Cut);
        if is_cut || client.write_all(&answer).is_err() {
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
