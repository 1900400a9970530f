//! Decides who may use a server on this machine: local programs that address this machine, and no web page from
//! elsewhere.
//!
//! It reads two headers and knows nothing of what is served.
//!
//! With DNS rebinding, an attacker's name resolves to this machine, and a browser then lets the attacker's page read
//! what is served here. A page cannot forge `Host` and `Origin`, and these two headers show which name was used.

use axum::http::HeaderMap;
use axum::http::header::{HOST, HeaderName, ORIGIN};

/// Why a request is refused before the rest of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignRequest {
    /// `Host` is not a name of this machine.
    Host,
    /// `Origin` is a web page of another machine.
    Origin,
}

/// Refuses a request that is not addressed to this machine, or that comes from a page of another one.
pub fn refuse_foreign(headers: &HeaderMap) -> Result<(), ForeignRequest> {
    if headers.get_all(HOST).iter().count() != 1 || !all(headers, &HOST, is_this_machine) {
        return Err(ForeignRequest::Host);
    }
    let is_ours = |origin: &str| {
        let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        host.is_some_and(is_this_machine)
    };
    if !all(headers, &ORIGIN, is_ours) {
        return Err(ForeignRequest::Origin);
    }
    Ok(())
}

fn all(headers: &HeaderMap, name: &HeaderName, is_right: impl Fn(&str) -> bool) -> bool {
    headers.get_all(name).iter().all(|value| value.to_str().is_ok_and(&is_right))
}

/// Returns true for `127.0.0.1:4000`, `localhost`, `[::1]:4000` and names that end in `.localhost`.
fn is_this_machine(authority: &str) -> bool {
    let authority = authority.to_ascii_lowercase();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => &authority,
    };
    let is_address = host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_address
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn the_names_of_this_machine_are_known() {
        for name in ["127.0.0.1", "127.0.0.1:4741", "LOCALHOST:1", "a.localhost", "[::1]", "[::1]:80", "127.1.2.3:9"] {
            assert!(is_this_machine(name), "{name}");
        }
        for name in [
            "",
            "x",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:80",
            "localhost@evil",
            "10.0.0.1",
            "[::2]:80",
            "0.0.0.0",
            "127.0.0.1:80:80",
            "2130706433",
        ] {
            assert!(!is_this_machine(name), "{name}");
        }
    }
}
