//! The W3C Trace Context that a run is part of: validated here, and sent on unchanged.
//!
//! It does not read the environment: whoever creates a connection passes the trace in.

/// The limits of a `tracestate` in the specification.
const MOST_MEMBERS: usize = 32;
const LONGEST_STATE: usize = 512;
const LONGEST_KEY: usize = 256;
const LONGEST_VALUE: usize = 256;

/// A valid trace context, to be sent in two headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceContext {
    parent: String,
    state: Option<String>,
}

impl TraceContext {
    /// Parses a `traceparent`; returns `None` if it is not well-formed.
    pub fn new(parent: &str) -> Option<TraceContext> {
        let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let parts: Vec<&str> = parent.split('-').collect();
        let [version, trace, span, flags] = parts[..] else { return None };
        let is_of = |text: &str, length| text.len() == length && hex(text);
        let is_set = |text: &str| text.bytes().any(|byte| byte != b'0');
        let is_valid = is_of(version, 2)
            && version != "ff"
            && is_of(trace, 32)
            && is_set(trace)
            && is_of(span, 16)
            && is_set(span)
            && is_of(flags, 2);
        is_valid.then(|| TraceContext { parent: parent.to_owned(), state: None })
    }

    /// Adds a `tracestate`; returns `None` if it is not well-formed.
    pub fn with_state(self, state: &str) -> Option<TraceContext> {
        let members: Vec<&str> = state.split(',').map(|member| member.trim_matches([' ', '\t'])).collect();
        // Empty members are allowed, and count.
        let is_valid = state.len() <= LONGEST_STATE
            && members.len() <= MOST_MEMBERS
            && members.iter().any(|member| !member.is_empty())
            && members.iter().all(|member| member.is_empty() || is_member(member));
        is_valid.then(|| TraceContext { state: Some(state.to_owned()), ..self })
    }

    /// Returns the headers.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let state = self.state.as_deref().map(|state| ("tracestate", state));
        std::iter::once(("traceparent", self.parent.as_str())).chain(state)
    }
}

/// Returns true for `vendor=value` and `tenant@vendor=value`.
fn is_member(member: &str) -> bool {
    let Some((key, value)) = member.split_once('=') else { return false };
    let is_first = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_key = |byte: u8| is_first(byte) || b"_-*/".contains(&byte);
    let is_part = |part: &str| part.bytes().next().is_some_and(is_first) && part.bytes().all(is_key);
    let is_value = |byte: u8| matches!(byte, b' '..=b'~') && !b",=".contains(&byte);
    let is_named = key.len() <= LONGEST_KEY
        && match key.split_once('@') {
            Some((tenant, vendor)) => is_part(tenant) && is_part(vendor),
            None => is_part(key),
        };
    is_named && (1..=LONGEST_VALUE).contains(&value.len()) && !value.ends_with(' ') && value.bytes().all(is_value)
}

#[cfg(test)]
mod tests {
    use super::TraceContext;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_traceparent_is_validated_by_the_specification() {
        assert!(TraceContext::new(PARENT).is_some() && TraceContext::new(&PARENT.replacen("00", "cc", 1)).is_some());
        for wrong in [
            "",
            "00",
            &PARENT.to_uppercase(),
            &PARENT.replacen("00", "ff", 1),
            &PARENT.replacen("4bf92f3577b34da6a3ce929d0e0e4736", "00000000000000000000000000000000", 1),
            &PARENT.replacen("00f067aa0ba902b7", "0000000000000000", 1),
            &format!("{PARENT}-more"),
            &format!("{PARENT}\r\nx: y"),
            &format!(" {PARENT}"),
        ] {
            assert_eq!(TraceContext::new(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_tracestate_is_validated_by_the_specification() {
        let with = |state: &str| TraceContext::new(PARENT).unwrap().with_state(state);
        for state in ["rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE,rojo=1", "fw529a3039@dt=FfAAAAA , a=b", "a=1,,b=2"] {
            let trace = with(state).unwrap();
            assert_eq!(trace.headers().collect::<Vec<_>>(), [("traceparent", PARENT), ("tracestate", state)]);
        }
        let (many, long) = (vec!["a=1"; 33].join(","), format!("a={}", "x".repeat(257)));
        for wrong in ["", ",", "a", "=1", "A=1", "a=", "a=1=2", "a@=1", "a=\u{7f}", "a=b\r\nx: y", &many, &long] {
            assert_eq!(with(wrong), None, "{wrong}");
        }
    }
}
