//! Parses the body of a request so strictly that the portal cannot read it differently, and rewrites it.
//!
//! A duplicate member is refused at any depth: some parsers take the first, others the last.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::document::Document;
use super::refused::Refused;

/// The nesting limit of variables.
const DEEPEST: usize = 64;

/// A parsed request.
#[derive(Debug)]
pub struct Request {
    pub document: Document,
    /// A JSON object, or `None`.
    pub variables: Option<Box<RawValue>>,
    /// The name of the operation to execute.
    pub operation: Option<String>,
}

impl Request {
    /// Parses a body.
    pub fn read(body: &[u8]) -> Result<Request, Refused> {
        let text = std::str::from_utf8(body).map_err(|_| Refused::Malformed("it is not UTF-8"))?;
        if text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('[') {
            return Err(Refused::NotOneDocument("a batch"));
        }
        let (mut query, mut variables, mut operation) = (None, None, None);
        for (name, value) in members(text)? {
            let is_null = value.get() == "null";
            match name.as_str() {
                "query" => query = Some(string(value)?),
                "variables" if is_null => {}
                "variables" if value.get().starts_with('{') => variables = Some(rewritten(value)?),
                "variables" => return Err(Refused::Malformed("its variables are no object")),
                "operationName" if is_null => {}
                "operationName" => operation = Some(string(value)?),
                "extensions" if is_null || members(value.get()).is_ok_and(|members| members.is_empty()) => {}
                "extensions" => return Err(Refused::NotOneDocument("a member of `extensions`")),
                _ => return Err(Refused::NotOneDocument("another member of a request")),
            }
        }
        let Some(query) = query else { return Err(Refused::Malformed("it has no `query`")) };
        Ok(Request { document: Document::read(&query)?, variables, operation })
    }
}

fn string(value: &RawValue) -> Result<String, Refused> {
    serde_json::from_str(value.get()).map_err(|_| Refused::Malformed("a member that must be text is something else"))
}

/// The members of an object in order, without duplicates.
struct Members<'t>(Vec<(String, &'t RawValue)>);

fn members(text: &str) -> Result<Vec<(String, &RawValue)>, Refused> {
    let mut json = serde_json::Deserializer::from_str(text);
    let found = json.deserialize_map(MembersVisitor).and_then(|found| json.end().map(|()| found));
    let Members(members) = found.map_err(|_| Refused::Malformed("it is not valid JSON"))?;
    // Compare decoded names, not their spelling.
    let mut seen = BTreeSet::new();
    if !members.iter().all(|(name, _)| seen.insert(name)) {
        return Err(Refused::Malformed("it has a duplicate member"));
    }
    Ok(members)
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// Rewrites a value: decodes and encodes strings and names, and copies numbers digit by digit.
fn rewritten(value: &RawValue) -> Result<Box<RawValue>, Refused> {
    let mut text = String::with_capacity(value.get().len());
    write(value, 0, &mut text)?;
    RawValue::from_string(text).map_err(|_| Refused::Malformed("its variables cannot be rewritten"))
}

fn write(value: &RawValue, depth: usize, to: &mut String) -> Result<(), Refused> {
    if depth > DEEPEST {
        return Err(Refused::Malformed("its variables are nested too deep"));
    }
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            to.push('{');
            for (n, (name, value)) in members(text)?.into_iter().enumerate() {
                if n > 0 {
                    to.push(',');
                }
                to.push_str(&serde_json::Value::String(name).to_string());
                to.push(':');
                write(value, depth + 1, to)?;
            }
            to.push('}');
        }
        Some(b'[') => {
            let items: Vec<&RawValue> =
                serde_json::from_str(text).map_err(|_| Refused::Malformed("a list in it cannot be read"))?;
            to.push('[');
            for (n, item) in items.into_iter().enumerate() {
                if n > 0 {
                    to.push(',');
                }
                write(item, depth + 1, to)?;
            }
            to.push(']');
        }
        Some(b'"') => to.push_str(&serde_json::Value::String(string(value)?).to_string()),
        _ => to.push_str(text),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Request;
    use crate::broker::refused::Refused;

    #[test]
    fn a_request_is_written_anew() {
        let body = r#" { "operationName" : null, "extensions": {}, "query":"query A { a }",
            "variables" : { "\u0061" : [ 1.10, 371650114937032704123456789, 1E2 , -0 ], "b":{}, "c":[], "\u00e4":"\u0041\n\ud83c\udfed" } }"#;
        let request = Request::read(body.as_bytes()).unwrap();
        let variables = request.variables.unwrap();
        assert_eq!(variables.get(), r#"{"a":[1.10,371650114937032704123456789,1E2,-0],"b":{},"c":[],"ä":"A\n🏭"}"#);
        assert_eq!(request.operation, None);
    }

    #[test]
    fn what_is_not_one_request_is_refused() {
        for body in [
            "",
            "null",
            "\"{ a }\"",
            "{}",
            r#"{"query":1}"#,
            r#"{"query":null}"#,
            r#"{"query":"{a}"} {"query":"{a}"}"#,
            r#"{"query":"{a}",}"#,
            "\u{feff}{\"query\":\"{a}\"}",
            r#"{"query":"{a}","query":"{b}"}"#,
            r#"{"query":"{a}","qu\u0065ry":"{b}"}"#,
            r#"{"query":"{a}","variables":{"x":{"a":1,"\u0061":2}}}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","operationName":["A"]}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}"#,
            r#"{"query":"{a}","id":"stored"}"#,
            r#"{"query":"{a}","Query":"{b}"}"#,
            r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}"#,
            r#"{"query":"{a}","variables":{"x":"\ud800"}}"#,
            r#"{"query":"{a}","variables":{"x":01}}"#,
        ] {
            assert!(Request::read(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Request::read(b"{\"query\":\"{a\xff}\"}").is_err());
        let batch = Request::read(br#" [{"query":"{a}"}]"#).unwrap_err();
        assert_eq!(batch, Refused::NotOneDocument("a batch"));
        let deep = format!(r#"{{"query":"{{a}}","variables":{{"x":{}{}}}}}"#, "[".repeat(90_000), "]".repeat(90_000));
        assert!(Request::read(deep.as_bytes()).is_err());
    }
}
