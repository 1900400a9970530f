//! Findings as SARIF 2.1.0, as systems take them that keep lists of such things.

use serde_json::{Value, json};
use strum::VariantArray;

use crate::lifecycle::{Finding, Rule};

/// Writes the findings. A key has no place in a source, so it is given one that names it.
pub fn write(findings: &[Finding]) -> String {
    let rules: Vec<Value> = Rule::VARIANTS.iter().map(rule).collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    let driver = json!({ "name": "optra", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": results }],
    });
    format!("{log:#}\n")
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
