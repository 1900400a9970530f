//! The only address that requests go to: `<base>/graphql`, over https, or over http to this machine.
//!
//! An error says what is wrong with a URL, and never repeats a user name or a password in it.

use std::net::IpAddr;

use reqwest::Url;

/// A portal's GraphQL endpoint; its URL has passed every rule for portal URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why a text is not a portal URL. The messages complete the sentence "the portal URL …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Invalid {
    #[error("cannot be read: {0}")]
    Syntax(String),
    #[error("has no scheme; write `https://{0}`")]
    NoScheme(String),
    #[error("is a socket, which `optra` does not ask; `optra broker` listens on 127.0.0.1 without `--listen`")]
    Socket,
    #[error("has the scheme `{0}`; a portal is reached over `https`")]
    Scheme(String),
    #[error("has no host")]
    NoHost,
    #[error("has a user name or a password in it; the key goes into a header, never into a URL")]
    UserInfo,
    #[error("has a fragment (`#…`), which is never sent to a server")]
    Fragment,
    #[error("has a query (`?…`), which the GraphQL endpoint does not take")]
    Query,
    #[error(
        "is plain http to `{0}`, where the key could be read on the way; only this machine may be reached over http"
    )]
    PlainHttp(String),
}

impl Endpoint {
    /// Reads a portal URL, with or without the final `/graphql`.
    pub fn parse(text: &str) -> Result<Endpoint, Invalid> {
        let text = text.trim();
        let mut url = match Url::parse(text) {
            Ok(url) => url,
            Err(_) if !text.contains("://") && !text.contains('@') && !text.is_empty() => {
                return Err(Invalid::NoScheme(text.to_owned()));
            }
            Err(error) => return Err(Invalid::Syntax(error.to_string())),
        };
        match url.scheme() {
            "http" | "https" => {}
            // What a broker on a socket says to paste.
            "unix" => return Err(Invalid::Socket),
            // `portal.example:8443` parses as a URL of the scheme `portal.example`.
            _ if !text.contains("://") && !text.contains('@') => return Err(Invalid::NoScheme(text.to_owned())),
            scheme => return Err(Invalid::Scheme(scheme.to_owned())),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Invalid::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(Invalid::Fragment);
        }
        if url.query().is_some() {
            return Err(Invalid::Query);
        }
        let host = url.host_str().ok_or(Invalid::NoHost)?.to_owned();
        if url.scheme() == "http" && !is_loopback(&host) {
            return Err(Invalid::PlainHttp(host));
        }
        let path = url.path().trim_end_matches('/');
        let path = if path.ends_with("/graphql") { path.to_owned() } else { format!("{path}/graphql") };
        url.set_path(&path);
        Ok(Endpoint(url))
    }

    /// Returns the URL that requests are posted to.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Returns scheme, host and port, to which a credential is bound.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Returns the portal's base URL as people write it, without the final `/graphql`.
    pub fn base(&self) -> String {
        let url = self.0.as_str();
        url.strip_suffix("/graphql").unwrap_or(url).to_owned()
    }

    /// Returns true for this machine, where no proxy is used and plain http is allowed.
    pub fn is_loopback(&self) -> bool {
        self.0.host_str().is_some_and(is_loopback)
    }

    /// Returns true if the endpoint is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, Invalid};

    #[test]
    fn graphql_is_added_once() {
        for (given, url) in [
            ("https://portal.example", "https://portal.example/graphql"),
            ("https://portal.example/", "https://portal.example/graphql"),
            ("https://portal.example/graphql", "https://portal.example/graphql"),
            ("https://portal.example/graphql/", "https://portal.example/graphql"),
            ("https://portal.example/api/", "https://portal.example/api/graphql"),
            (" https://PORTAL.example:443 ", "https://portal.example/graphql"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000/graphql"),
            ("http://[::1]:4000", "http://[::1]:4000/graphql"),
            ("http://localhost:4000", "http://localhost:4000/graphql"),
        ] {
            assert_eq!(Endpoint::parse(given).map(|e| e.url().to_string()), Ok(url.to_owned()), "{given}");
        }
    }

    #[test]
    fn a_url_that_could_leak_or_mislead_is_refused() {
        for (given, reason) in [
            ("portal.example", Invalid::NoScheme("portal.example".into())),
            ("portal.example:8443/x", Invalid::NoScheme("portal.example:8443/x".into())),
            ("ftp://portal.example", Invalid::Scheme("ftp".into())),
            ("unix:/run/optra.sock", Invalid::Socket),
            ("unix:optra.sock", Invalid::Socket),
            ("https://user:pass@portal.example", Invalid::UserInfo),
            ("https://user@portal.example", Invalid::UserInfo),
            ("https://portal.example/#x", Invalid::Fragment),
            ("https://portal.example/?key=1", Invalid::Query),
            ("http://portal.example", Invalid::PlainHttp("portal.example".into())),
            ("http://127.0.0.1.example", Invalid::PlainHttp("127.0.0.1.example".into())),
            ("http://10.0.0.1", Invalid::PlainHttp("10.0.0.1".into())),
        ] {
            assert_eq!(Endpoint::parse(given), Err(reason), "{given}");
        }
        assert!(matches!(Endpoint::parse(""), Err(Invalid::Syntax(_))));
        assert!(matches!(Endpoint::parse("https://"), Err(Invalid::Syntax(_))));
    }

    #[test]
    fn a_password_is_never_repeated() {
        for given in
            ["https://u:hunter2@portal.example", "u:hunter2@portal.example", "ftp://u:hunter2@x", "https://u:hunter2@"]
        {
            let said = Endpoint::parse(given).unwrap_err().to_string();
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn base_and_origin_are_as_people_write_them() {
        let endpoint = Endpoint::parse("https://portal.example:8443/edge/graphql").unwrap();
        assert_eq!(endpoint.base(), "https://portal.example:8443/edge");
        assert_eq!(endpoint.origin(), "https://portal.example:8443");
    }
}
