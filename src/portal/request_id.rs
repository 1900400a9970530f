//! The id under which the portal's or a proxy's logs have a request: support asks for it.
//!
//! It is untrusted text. A value that is too long or unusual for an id is ignored and never shown.

use std::collections::HashSet;
use std::fmt;

use reqwest::header::HeaderMap;

use crate::secret;

/// Headers with such an id, the most specific first: the portal's own, those of gateways, those of traces.
const HEADERS: [&str; 13] = [
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-correlation-id",
    "apigw-requestid",
    "cf-ray",
    "x-amz-cf-id",
    "x-cloud-trace-context",
    "x-amzn-trace-id",
    "traceparent",
    "x-b3-traceid",
];

/// Twice the length of the longest id known, a trace id.
const LONGEST: usize = 128;

/// Shorter parts may be in two texts by chance, such as a word or a date.
const PART: usize = 12;

/// The id under which the portal's logs have a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

/// Returns true for a header, by its lower-case name, that carries such an id.
pub fn is_request_id_header(name: &str) -> bool {
    HEADERS.contains(&name)
}

impl RequestId {
    /// Returns the id from the headers of a response; `None` if no header has a usable one.
    pub fn of(headers: &HeaderMap) -> Option<RequestId> {
        HEADERS.iter().find_map(|name| RequestId::read(headers.get(*name)?.to_str().ok()?.trim()))
    }

    fn read(text: &str) -> Option<RequestId> {
        let is_id = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        // It must not contain a known secret.
        (is_id && secret::mask(text) == text).then(|| RequestId(text.to_owned()))
    }

    /// Returns true if the id shares a part with the body that is long enough for a secret. The response to a mutation
    /// may contain one that is not registered yet.
    pub fn repeats(&self, body: &[u8]) -> bool {
        let length = self.0.len().min(PART);
        let parts: HashSet<&[u8]> = self.0.as_bytes().windows(length).collect();
        body.windows(length).any(|part| parts.contains(part))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::RequestId;
    use crate::secret::Secret;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    fn of(headers: &[(&'static str, &[u8])]) -> Option<String> {
        let pair = |(name, value): &(&'static str, &[u8])| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())
        };
        RequestId::of(&HeaderMap::from_iter(headers.iter().map(pair))).map(|id| id.to_string())
    }

    #[test]
    fn the_most_telling_header_with_a_usable_id_counts() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("cf-ray", b"8f3c-AMS"), ("x-request-id", b" 7d1f ")]).as_deref(), Some("7d1f"));
        let trace = b"Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";
        assert_eq!(of(&[("x-amzn-trace-id", trace)]).unwrap().as_bytes(), trace);
        for odd in [&b""[..], b"two words", "größe".as_bytes(), b"\xff", &[b'a'; 129]] {
            assert_eq!(of(&[("x-request-id", odd), ("cf-ray", b"8f3c-AMS")]).as_deref(), Some("8f3c-AMS"));
        }
    }

    #[test]
    fn a_secret_is_never_taken_for_a_request_id() {
        let known = Secret::new("a-known-secret-Zq7vN2xK9".into());
        assert_eq!(of(&[("x-request-id", known.expose().as_bytes())]), None);
        let id = RequestId("7d1f-a-new-secret-x".into());
        assert!(id.repeats(br#"{"data":{"generateApiKey":{"secret":"a-new-secret-x"}}}"#));
        assert!(!id.repeats(br#"{"data":{"revokeApiKey":{"id":"7d1f"}}}"#) && !id.repeats(b""));
        assert!(
            RequestId("short-1".into()).repeats(b"<short-1>") && !RequestId("gateway-7".into()).repeats(b"Bad gateway")
        );
    }
}
