//! Writes findings as SARIF 2.1.0, for systems that collect them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use strum::VariantArray;

use super::leak::Leak;
use crate::lifecycle::{Finding, Rule};

/// The characters that a segment of a path needs not escape.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Writes the findings of an audit. SARIF requires a location in a file, so a key gets a made-up one that names it.
pub fn write(findings: &[Finding]) -> String {
    log(Rule::VARIANTS.iter().map(rule).collect(), findings.iter().map(result).collect())
}

/// Writes the leaked keys. Only the line is given: our columns count bytes, and SARIF's count characters. Lines of a
/// member are none of its archive.
pub fn leaks(leaks: &[Leak]) -> String {
    let rule = json!({ "id": "leaked-key", "shortDescription": { "text": "A key is where it does not belong" } });
    log(vec![rule], leaks.iter().map(leaked).collect())
}

fn log(rules: Vec<Value>, results: Vec<Value>) -> String {
    let driver = json!({ "name": "optra", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": results }],
    });
    format!("{log:#}\n")
}

fn leaked(leak: &Leak) -> Value {
    let Leak { portal, key_id, key_name, state, location, path, line, form, rotate, context, member, .. } = leak;
    let called = key_name.as_ref().map_or_else(String::new, |name| format!("`{name}` "));
    let id = key_id.as_deref().unwrap_or("unknown");
    let replace = rotate.as_ref().map_or_else(String::new, |line| format!(" To replace it: `{line}`."));
    let message = format!("API key {called}(id {id}) of {portal} is in {location} ({form}); {state}.{replace}");
    let uri: Vec<_> = path.split('/').map(|part| utf8_percent_encode(part, IN_PATH).to_string()).collect();
    let mut place = json!({ "artifactLocation": { "uri": uri.join("/") } });
    if member.is_none() {
        place["region"] = json!({ "startLine": line, "snippet": { "text": context } });
    }
    let member = member.as_ref().map_or_else(String::new, |member| format!("!{member}"));
    json!({
        "ruleId": "leaked-key",
        "level": if *state == "revoked" { "note" } else { "error" },
        "message": { "text": message },
        "locations": [{ "physicalLocation": place }],
        "partialFingerprints": { "leak/v1": format!("{portal} {id} {path}{member} {context}") },
    })
}

fn rule(rule: &Rule) -> Value {
    json!({ "id": rule.name(), "shortDescription": { "text": rule.meaning() } })
}

fn result(finding: &Finding) -> Value {
    let Finding { rule, key_id, key_name, message, portal, .. } = finding;
    let called = key_name.as_ref().map_or_else(String::new, |name| format!("`{name}` "));
    let level = if matches!(rule, Rule::UnknownAge | Rule::UnknownUse) { "note" } else { "warning" };
    json!({
        "ruleId": rule.name(),
        "level": level,
        "message": { "text": format!("API key {called}(id {key_id}) of {portal}: {message}") },
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": format!("api-keys/{key_id}") } },
            "logicalLocations": [{ "name": key_id, "kind": "resource" }],
        }],
        "partialFingerprints": { "key/v1": format!("{portal} {key_id} {}", rule.name()) },
    })
}
