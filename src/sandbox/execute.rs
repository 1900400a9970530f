//! Executes one GraphQL request: parse, validate, execute.
//!
//! It knows nothing of HTTP. Nothing is executed unless the whole request is valid.

use std::sync::{Mutex, PoisonError};

use apollo_compiler::diagnostic::Diagnostic;
use apollo_compiler::introspection::check_max_depth;
use apollo_compiler::parser::Parser;
use apollo_compiler::request::{RequestError, coerce_variable_values};
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::{ExecutionResponse, GraphQLError, JsonMap};
use apollo_compiler::validation::{DiagnosticData, DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema};
use serde::{Deserialize, Serialize};

use super::options::Options;
use super::refusal::{self, Code, Refusal};
use super::root::Root;
use super::store::Store;

/// The nesting limit of a document. The contract is five levels deep, the usual introspection query about twelve.
const DEEPEST: usize = 64;

/// A sandbox's schema, state and rules.
pub(super) struct Portal {
    pub(super) schema: Valid<Schema>,
    pub(super) store: Mutex<Store>,
    pub(super) options: Options,
}

/// A GraphQL request. Members with other names are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    query: String,
    operation_name: Option<String>,
    variables: Option<JsonMap>,
}

/// The body of a response.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Answer {
    /// A query was executed, perhaps with errors in some of its fields.
    Run(ExecutionResponse),
    /// A mutation was executed, so something may have changed.
    Changed(ExecutionResponse),
    /// The request was refused, so there is no `data`, not even null.
    Refused { errors: Vec<GraphQLError> },
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Answer {
        Answer::Refused { errors: vec![refusal.into()] }
    }
}

impl Portal {
    /// Returns the number of the key with this secret, and records its use.
    pub(super) fn authenticate(&self, secret: Option<&str>) -> Result<i64, Refusal> {
        let unknown = || Refusal::new(Code::Unauthenticated, "The header \"api-secret\" has no valid API key.");
        let secret = secret.ok_or_else(unknown)?;
        self.with_store(|store| store.use_key(secret))?.ok_or_else(unknown)
    }

    /// Answers an authenticated request.
    pub(super) fn answer(&self, request: &Request, key: i64) -> Answer {
        self.run(request, key).unwrap_or_else(|errors| Answer::Refused { errors })
    }

    fn run(&self, request: &Request, key: i64) -> Result<Answer, Vec<GraphQLError>> {
        let document = self.parse(&request.query)?;
        let wrong = |code: Code| {
            let sources = &document.sources;
            move |error: RequestError| vec![code.mark(error.to_graphql_error(sources))]
        };
        let name = request.operation_name.as_deref();
        let operation = document.operations.get(name).map_err(wrong(Code::BadUserInput))?;
        check_max_depth(&document, operation).map_err(wrong(Code::ValidationFailed))?;
        let none = JsonMap::new();
        let variables = request.variables.as_ref().unwrap_or(&none);
        let variables =
            coerce_variable_values(&self.schema, operation, variables).map_err(wrong(Code::BadUserInput))?;

        let execution = Execution::new(&self.schema, &document)
            .operation(operation)
            .coerced_variable_values(&variables)
            .enable_schema_introspection(self.options.introspection);
        let mut response = self
            .with_store(|store| {
                let type_name = operation.object_type();
                execution.execute_sync(&Root { store, options: &self.options, key, type_name })
            })
            .map_err(wrong(Code::Internal))?;
        response.errors = response.errors.into_iter().map(refusal::restore).collect();
        Ok(if operation.is_mutation() { Answer::Changed(response) } else { Answer::Run(response) })
    }

    fn parse(&self, text: &str) -> Result<Valid<ExecutableDocument>, Vec<GraphQLError>> {
        let document = Parser::new()
            .recursion_limit(DEEPEST)
            .parse_ast(text, "request.graphql")
            // Only the first error is meaningful; the parser guesses after it.
            .map_err(|invalid| errors(&invalid.errors, Code::ParseFailed).into_iter().take(1).collect::<Vec<_>>())?;
        let document = document
            .to_executable_validate(&self.schema)
            .map_err(|invalid| errors(&invalid.errors, Code::ValidationFailed))?;
        if !self.options.introspection {
            forbid_introspection(&document)?;
        }
        Ok(document)
    }

    fn with_store<T>(&self, work: impl FnOnce(&Store) -> T) -> T {
        // A panic leaves the database at the last transaction, so a poisoned lock is safe to use.
        work(&self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn forbid_introspection(document: &ExecutableDocument) -> Result<(), Vec<GraphQLError>> {
    let field = document
        .operations
        .iter()
        .flat_map(|operation| operation.root_fields(document))
        .find(|field| matches!(field.name.as_str(), "__schema" | "__type"));
    let Some(field) = field else { return Ok(()) };
    let message = "GraphQL introspection is not allowed, but the query contained __schema or __type.";
    Err(vec![Code::ValidationFailed.mark(GraphQLError::new(message, field.name.location(), &document.sources))])
}

/// Words diagnostics as other GraphQL servers do, because clients parse them; those of the compiler are for a terminal.
fn errors(diagnostics: &DiagnosticList, code: Code) -> Vec<GraphQLError> {
    let unknown_field = diagnostics.iter().any(|diagnostic| is(&diagnostic, "UndefinedField"));
    diagnostics
        .iter()
        // The parser drops an unknown field, and then reports its parent as empty, as in `{ device { colour } }`.
        .filter(|diagnostic| !(unknown_field && is(diagnostic, "MissingSubselection")))
        .map(|diagnostic| code.mark(diagnostic.unstable_to_json_compat()))
        .collect()
}

fn is(diagnostic: &Diagnostic<'_, DiagnosticData>, name: &str) -> bool {
    diagnostic.error.unstable_error_name() == Some(name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::sandbox::{Dialect, Role, open};

    fn portal(options: Options) -> Portal {
        open(options).unwrap().0
    }

    fn ask(portal: &Portal, query: &str, variables: Value) -> Value {
        let request = serde_json::from_value(json!({ "query": query, "variables": variables })).unwrap();
        serde_json::to_value(portal.answer(&request, 1)).unwrap()
    }

    fn codes(answer: &Value) -> Vec<&str> {
        let errors = answer["errors"].as_array().into_iter().flatten();
        errors.map(|error| error["extensions"]["code"].as_str().unwrap()).collect()
    }

    const GENERATE: &str = "mutation { generateApiKey(name: \"ci\") { id secret } }";
    const COUNT: &str = "{ apiKeys { total } }";

    #[test]
    fn every_way_to_fail_has_its_code() {
        let portal = portal(Options::default());
        for (query, code) in [
            ("{ devices(first: 1 { ]", "GRAPHQL_PARSE_FAILED"),
            ("{ device(id: 1) { colour } }", "GRAPHQL_VALIDATION_FAILED"),
            ("query ($first: Int!) { devices(first: $first) { total } }", "BAD_USER_INPUT"),
            ("{ devices(first: 501) { total } }", "BAD_USER_INPUT"),
            ("{ devices(after: \"371650114937032704\") { total } }", "BAD_USER_INPUT"),
            ("mutation { revokeApiKey(id: \"371650114937536512\") { id } }", "NOT_FOUND"),
        ] {
            assert_eq!(codes(&ask(&portal, query, json!(null))), [code], "{query}");
        }
        let unknown = portal.authenticate(Some("x")).unwrap_err();
        assert_eq!(unknown.code, Code::Unauthenticated);
        assert_eq!(portal.authenticate(None).unwrap_err().code, Code::Unauthenticated);
    }

    #[test]
    fn errors_say_what_and_where_in_one_line() {
        let portal = portal(Options { dialect: Dialect::Documented, ..Options::default() });
        let answer = ask(&portal, "{\n  devices(first: 1) { data { model } }\n}", json!({}));
        let messages: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|error| &error["message"]).collect();
        assert_eq!(
            messages,
            [
                "Unknown argument \"first\" on field \"Query.devices\".",
                "Cannot query field \"model\" on type \"Device\"."
            ]
        );
        assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 11 }]));
        assert_eq!(answer.get("data"), None);
    }

    #[test]
    fn failed_field_is_null_beside_the_others() {
        let portal = portal(Options { role: Role::ChartViewerOnly, ..Options::default() });
        let answer = ask(&portal, "{ all: devices { total } viewer { organization { personal } } }", json!(null));
        assert_eq!(answer["data"], json!({ "all": null, "viewer": { "organization": { "personal": false } } }));
        assert_eq!(answer["errors"][0]["path"], json!(["all"]));
        assert_eq!(answer["errors"][0]["message"], "Your role may not see devices.");
        assert_eq!(codes(&answer), ["FORBIDDEN"]);
    }

    #[test]
    fn refused_mutation_has_no_effect() {
        let mut portal = portal(Options::default());
        let long = json!({ "name": "n".repeat(257) });
        let named = "mutation ($name: String) { generateApiKey(name: $name) { id } }";
        assert_eq!(codes(&ask(&portal, named, long)), ["BAD_USER_INPUT"]);
        let half_wrong = "mutation { generateApiKey { id } revokeApiKey { id } }";
        assert_eq!(codes(&ask(&portal, half_wrong, json!(null))), ["GRAPHQL_VALIDATION_FAILED"]);
        portal.options.role = Role::BillingAdmin;
        assert_eq!(codes(&ask(&portal, GENERATE, json!(null))), ["FORBIDDEN"]);
        portal.options.api_keys = false;
        assert_eq!(codes(&ask(&portal, GENERATE, json!(null))), ["FEATURE_DISABLED"]);

        portal.options = Options::default();
        assert_eq!(ask(&portal, COUNT, json!(null))["data"]["apiKeys"]["total"], 1);
    }

    #[test]
    fn revoked_key_ends_at_once() {
        let portal = portal(Options::default());
        let made = &ask(&portal, GENERATE, json!(null))["data"]["generateApiKey"];
        let secret = made["secret"].as_str();
        portal.authenticate(secret).unwrap();
        let revoke = "mutation ($id: ID!) { revokeApiKey(id: $id) { id } }";
        let answer = ask(&portal, revoke, json!({ "id": made["id"] }));
        assert_eq!(answer["data"]["revokeApiKey"]["id"], made["id"]);
        assert_eq!(portal.authenticate(secret).unwrap_err().code, Code::Unauthenticated);
        assert_eq!(ask(&portal, COUNT, json!(null))["data"]["apiKeys"]["total"], 1);
    }

    #[test]
    fn pages_cover_every_device_once() {
        let portal = portal(Options { devices: Some(100), ..Options::default() });
        let query = "query ($after: String) { devices(first: 25, after: $after) { data { id } after total } }";
        let (mut ids, mut pages, mut after) = (HashSet::new(), 0, json!(null));
        loop {
            let page = ask(&portal, query, json!({ "after": after }))["data"]["devices"].take();
            assert_eq!(page["total"], 100);
            for device in page["data"].as_array().unwrap() {
                assert!(ids.insert(device["id"].as_str().unwrap().to_owned()));
            }
            pages += 1;
            after = page["after"].clone();
            if after.is_null() {
                break;
            }
        }
        assert_eq!((ids.len(), pages), (100, 4));
    }

    #[test]
    fn introspection_can_be_off() {
        let mut portal = portal(Options::default());
        let query = "{ ...on Query { __type(name: \"Tag\") { fields { name type { kind ofType { name } } } } } }";
        let answer = ask(&portal, query, json!(null));
        assert_eq!(answer["data"]["__type"]["fields"][0]["type"]["ofType"]["name"], "ID");
        portal.options.introspection = false;
        assert_eq!(codes(&ask(&portal, query, json!(null))), ["GRAPHQL_VALIDATION_FAILED"]);
        assert_eq!(ask(&portal, "{ __typename }", json!(null)), json!({ "data": { "__typename": "Query" } }));
    }
}
