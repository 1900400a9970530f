//! Prints an error on stderr, as lines for a person or as one JSON object for a program, and returns the exit code.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use strum::VariantArray;

use super::failure::Error;
use super::kind::Kind;
use super::typed_key;
use crate::output::{Output, readable};
use crate::portal::RequestId;

/// An error in JSON.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Error")]
pub struct Document<'e> {
    error: Member<'e>,
}

#[derive(JsonSchema, Serialize)]
struct Member<'e> {
    #[schemars(schema_with = "codes")]
    code: &'e str,
    exit: u8,
    message: &'e str,
    hints: &'e [&'e str],
    causes: Vec<String>,
    retryable: bool,
    retry_after_s: Option<u64>,
    request_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'e str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    left_out: &'e [String],
}

/// The schema of `error.code`.
fn codes(_: &mut SchemaGenerator) -> Schema {
    let codes: Vec<&str> = Kind::VARIANTS.iter().map(|kind| kind.spec().code).collect();
    json_schema!({ "type": "string", "enum": codes })
}

/// Prints the error and returns the exit code. Prints nothing if the reader closed the pipe, which is not a failure.
pub fn report(error: &Error, output: &Output) -> u8 {
    let row = error.kind.spec();
    if error.kind == Kind::BrokenPipe {
        return row.exit;
    }
    let hints: Vec<&str> = error.hints.iter().map(String::as_str).chain(typed_key::hint_for(error)).collect();
    let causes = error.causes();
    if output.speaks_json() {
        let member = Member {
            code: row.code,
            exit: row.exit,
            message: &readable(&error.message),
            hints: &hints,
            causes: causes.iter().map(|cause| readable(cause).into_owned()).collect(),
            retryable: row.retryable && error.again,
            retry_after_s: error.facts.retry_after.map(|wait| wait.as_secs()),
            request_id: error.request_id().map(RequestId::as_str),
            after: error.facts.after.as_deref(),
            left_out: &error.facts.lacks,
        };
        output.error_json(&Document { error: member });
    } else {
        output.error(&error.message, &causes);
        error.request_id().into_iter().for_each(|id| output.request(id));
        hints.iter().for_each(|hint| output.hint(hint));
    }
    row.exit
}
