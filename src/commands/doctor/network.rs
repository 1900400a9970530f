//! The way to the portal: the proxy in force, whether anything answers, who signed its certificate, and its clock.

use jiff::{SignedDuration, Timestamp};

use super::exam::Exam;
use super::record::Row;
use crate::config;
use crate::error::Kind;
use crate::portal::{Certificate, Endpoint, certificates};

/// A smaller difference between clocks is harmless.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// A certificate that ends sooner should have been renewed.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

fn proxy_of(endpoint: &Endpoint) -> Option<String> {
    endpoint.url().host_str().filter(|_| endpoint.is_https() && !endpoint.is_loopback()).and_then(config::proxy_for)
}

pub fn proxy(exam: &Exam<'_>) -> Vec<Row> {
    let Ok(endpoint) = exam.endpoint() else { return Vec::new() };
    vec![match proxy_of(endpoint) {
        Some(proxy) => Row::ok("proxy", format_args!("requests go through {proxy}")),
        None => Row::ok("proxy", "none is in force for this portal"),
    }]
}

pub fn portal(exam: &Exam<'_>) -> Vec<Row> {
    let endpoint = match exam.endpoint() {
        Ok(endpoint) => endpoint,
        Err(error) => return vec![Row::of("portal", error, exam.cx)],
    };
    let reached = match exam.reached() {
        Some(Ok(reached)) => reached,
        Some(Err(error)) => return vec![Row::of("portal", error, exam.cx)],
        None => return Vec::new(),
    };
    let (base, status, took) = (endpoint.base(), reached.status, reached.took.as_millis());
    // The content type itself is not shown: the server may have put anything there.
    let kind = if reached.content_type == "text/html" { "a web page" } else { "something that is not JSON" };
    let url = "The URL has to be the portal's API base URL, which is not the web page's.";
    vec![match status {
        500.. => Row::fail("portal", format_args!("{base} answers HTTP {status}"))
            .why("The portal, or a proxy in front of it, has failed."),
        404 | 405 => Row::fail("portal", format_args!("{base} answers HTTP {status}")).why(url),
        _ if !reached.content_type.contains("json") => {
            Row::fail("portal", format_args!("{base} answers HTTP {status} with {kind}")).why(url)
        }
        _ => Row::ok("portal", format_args!("{base} answers within {took} ms (HTTP {status}, asked without a key)")),
    }]
}

pub fn certificate(exam: &Exam<'_>) -> Vec<Row> {
    let Ok(endpoint) = exam.endpoint() else { return Vec::new() };
    if !endpoint.is_https() || proxy_of(endpoint).is_some() {
        return Vec::new();
    }
    let is_accepted = match exam.reached() {
        Some(Ok(_)) => true,
        // The first request timed out, so do not wait for another.
        Some(Err(error)) if error.kind() == Kind::Timeout => return Vec::new(),
        _ => false,
    };
    let shown = certificates(endpoint);
    let Some(own) = shown.first() else { return Vec::new() };
    let ends = own.not_after.map(|end| end.strftime("%Y-%m-%d").to_string());
    let signer = own.issuer.as_deref().unwrap_or("nobody who has a name");
    let what = format!("signed by `{signer}`, valid until {}", ends.as_deref().unwrap_or("an unknown day"));
    let is_near = |end: Timestamp| end.duration_since(crate::text::now()) < SOON;
    let row = match own.not_after {
        _ if !is_accepted => Row::warn("certificate", format_args!("{what}; whether it is accepted is not known")),
        Some(end) if is_near(end) => Row::warn("certificate", what).why("It ends within two weeks."),
        _ => Row::ok("certificate", what),
    };
    vec![row.why(format_args!("it shows {}", chain(&shown)))]
}

/// Names each certificate, the portal's own first.
fn chain(shown: &[Certificate]) -> String {
    let name = |name: &Option<String>| {
        name.as_ref().map_or_else(|| "one without a name".to_owned(), |name| format!("`{name}`"))
    };
    let mut names: Vec<String> = shown.iter().map(|one| name(&one.subject)).collect();
    names.extend(shown.last().filter(|last| last.issuer != last.subject).map(|last| name(&last.issuer)));
    names.join(" by ")
}

pub fn clock(exam: &Exam<'_>) -> Vec<Row> {
    let Some(Ok(reached)) = exam.reached() else { return Vec::new() };
    let Some(theirs) = reached.date else {
        return vec![Row::ok("clock", "the portal tells no time (no `Date` header)")];
    };
    let ahead = crate::text::now().duration_since(theirs);
    if ahead.abs() <= SKEW {
        return vec![Row::ok("clock", "it differs from the portal's by less than a minute")];
    }
    let (by, how) = (ahead.abs().as_mins(), if ahead.is_positive() { "ahead of" } else { "behind" });
    vec![
        Row::warn("clock", format_args!("this machine is {by} min {how} the portal"))
            .why("Certificates and the age of keys are judged by this machine's clock."),
    ]
}
