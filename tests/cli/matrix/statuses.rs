//! Every HTTP status, each with an empty body, a web page, other JSON, and GraphQL errors, as rows; and the values of
//! `Retry-After`.

use super::faults::{
    BAD, FAILED, FORBIDDEN, Fault, HTML, JSON, LIMITED, NOT_FOUND, UNAUTHENTICATED, UNREACHABLE, UNSUPPORTED, answer,
    row,
};

pub fn rows() -> Vec<Fault> {
    let mut rows = Vec::new();
    for (status, read) in [
        (204, BAD),
        (300, BAD),
        (301, BAD),
        (302, BAD),
        (303, BAD),
        (304, FAILED),
        (305, FAILED),
        (307, BAD),
        (308, BAD),
        (400, FAILED),
        (401, UNAUTHENTICATED),
        (402, FAILED),
        (403, FORBIDDEN),
        (404, NOT_FOUND),
        (405, NOT_FOUND),
        (407, FAILED),
        (408, UNREACHABLE),
        (409, FAILED),
        (413, FAILED),
        (418, FAILED),
        (425, UNREACHABLE),
        (429, LIMITED),
        (451, FAILED),
        (499, UNREACHABLE),
        (500, UNREACHABLE),
        (501, UNREACHABLE),
        (502, UNREACHABLE),
        (503, UNREACHABLE),
        (504, UNREACHABLE),
        (520, UNREACHABLE),
        (599, UNREACHABLE),
        (600, FAILED),
        (999, FAILED),
    ] {
        let moved = matches!(status, 300..=303 | 307 | 308);
        let headers = |ty| match ty {
            JSON if moved => "content-type: application/json\r\nlocation: https://elsewhere.example/graphql?k=x\r\n",
            HTML if moved => "content-type: text/html\r\nlocation: /login\r\n",
            other => other,
        };
        let says = match status {
            300..=303 | 307 | 308 => "redirect",
            204 => "empty",
            _ => "HTTP",
        };
        let group = "status";
        rows.push(row(group, format!("{status}, empty"), answer(status, "", |_| Vec::new()), read, says));
        if matches!(status, 204 | 304) {
            continue;
        }
        let html = answer(status, headers(HTML), |_| b"<html><h1>no</h1></html>".to_vec());
        rows.push(row(group, format!("{status}, a web page"), html, read, says));
        let plain = answer(status, headers(JSON), |_| b"{\"message\":\"no such thing\"}".to_vec());
        rows.push(row(group, format!("{status}, JSON of another kind"), plain, read, says));
        let errors = answer(status, headers(JSON), |_| b"{\"errors\":[{\"message\":\"no such thing\"}]}".to_vec());
        let says = if moved { says } else { "no such thing" };
        // A portal that sent GraphQL errors means them, and 405 has no meaning of its own.
        let read = match status {
            400 => UNSUPPORTED,
            405 => FAILED,
            _ => read,
        };
        let is_proof = matches!(status, 400..=499) && !matches!(status, 408 | 425 | 429 | 499);
        rows.push(Fault { is_proof, ..row(group, format!("{status}, errors of GraphQL"), errors, read, says) });
    }
    for (wait, name) in [
        ("retry-after: 7\r\n", "a wait of 7 s"),
        ("retry-after: 18446744073709551615\r\n", "a wait for ever"),
        ("retry-after: -1\r\n", "a wait below 0"),
        ("retry-after: 1e9\r\n", "a wait that is no number"),
        ("retry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n", "a wait until 9999"),
    ] {
        for (status, read) in [(429, LIMITED), (503, UNREACHABLE)] {
            rows.push(row("status", format!("{status}, {name}"), answer(status, wait, |_| Vec::new()), read, "HTTP"));
        }
    }
    rows
}
