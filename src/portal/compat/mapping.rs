//! The mapping of a binding's head: converts a response to our data, with its next cursor, its total count and its
//! errors.
//!
//! It must not quote the value on which an expression failed: a response may contain a secret.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::ast::{self, OperationAst};
use super::bounds::bounded;
use super::document_error::{DocumentError, wrong};
use super::head::Head;
use super::pager::{PageInfo, Pager};
use crate::jq::Program;
use crate::portal::graphql::GraphQlError;
use crate::portal::operation::Operation;

/// The expressions of a head, compiled as one program.
#[derive(Clone)]
pub struct Mapping {
    program: Arc<Program>,
    /// The program's text, for comparison.
    text: String,
    operation: Operation,
    /// The keywords in the head.
    said: Vec<&'static str>,
    /// How to request pages; `None` if the operation has none, or only one.
    pub pager: Option<Pager>,
}

/// A response in our shape.
#[derive(Debug)]
pub struct Mapped {
    pub data: Value,
    /// The errors that the portal reports in its data.
    pub errors: Vec<GraphQlError>,
    /// The members that no item has, by their paths below the items; empty if there is no item.
    pub absent: Vec<String>,
    /// Whether there are more pages, if the portal says so and no cursor was requested.
    pub more: Option<bool>,
    /// The keywords of the head that produced no value.
    pub silent: Vec<&'static str>,
}

/// The output of the program: the values of each expression.
#[derive(Deserialize)]
struct ProgramOutput {
    data: Vec<Value>,
    next: Vec<Value>,
    more: Vec<Value>,
    total: Vec<Value>,
    errors: Vec<Value>,
}

impl Mapped {
    /// Takes data that has our shape already.
    pub fn plain(data: &str) -> Result<Mapped, String> {
        let data = serde_json::from_str(data).map_err(|_| "`data` cannot be read".to_owned())?;
        Ok(Mapped { data, errors: Vec::new(), absent: Vec::new(), more: None, silent: Vec::new() })
    }
}

impl Mapping {
    /// Compiles the expressions of a head into one program; `None` if the response needs no mapping.
    pub fn new(
        head: &Head,
        operation: Operation,
        variables: &[String],
        pager: Option<Pager>,
    ) -> Result<Option<Mapping>, DocumentError> {
        const WORDS: [&str; 5] = ["jq", "next", "more", "total", "errors"];
        let is_ours = pager.as_ref().is_none_or(Pager::is_ours);
        if is_ours && WORDS.iter().all(|word| head.get(word).is_none()) {
            return Ok(None);
        }
        // Every expression can use the declared variables.
        let given: String = variables.iter().map(|name| format!(".variables.{name} as ${name} | ")).collect();
        for word in WORDS {
            let Some((line, expression)) = head.get(word) else { continue };
            bounded(expression).map_err(|problem| wrong(line, format!("`{word}` {problem}")))?;
            if let Err(problem) = Program::new(&format!("{given}\n{expression}")) {
                return Err(wrong(line, format!("`{word}` is not a valid jq program: {problem}")));
            }
        }
        // Dropped items would be missing from the count of items, by which the next page is requested.
        if let (Some(pager), Some((line, program))) = (&pager, head.get("jq")) {
            let drops =
                ["select", "empty", "unique", "limit", "first(", "del("].iter().any(|word| program.contains(word));
            if drops && pager.counts_items() && !(pager.needs_one_size() && head.get("more").is_some()) {
                let problem =
                    "it may drop items, and pages are requested by their number; filter with `--where` instead";
                return Err(wrong(line, problem.to_owned()));
            }
        }
        let of = |word: &str, usual| head.get(word).map_or(usual, |(_, expression)| expression);
        let text = format!(
            "{given}.data | {{data: [\n{}\n], next: [\n{}\n], more: [\n{}\n], total: [\n{}\n], errors: [(\n{}\n)?]}}",
            of("jq", "."),
            of("next", "empty"),
            of("more", "empty"),
            of("total", "empty"),
            of("errors", "empty"),
        );
        let program = Program::new(&text).map_err(|problem| wrong(1, format!("its head cannot be used: {problem}")))?;
        let said = WORDS.into_iter().filter(|word| head.get(word).is_some()).collect();
        Ok(Some(Mapping { program: Arc::new(program), text, operation, said, pager }))
    }

    /// Maps the portal's data to ours. `cursor` is the cursor of the request.
    pub fn apply(&self, data: &str, variables: &Value, cursor: Option<&str>) -> Result<Mapped, String> {
        let input = format!("{{\"data\":{data},\"variables\":{variables}}}");
        let told = self.program.value(input.as_bytes()).ok_or("the head of the binding fails on it")?;
        let ProgramOutput { data, next, more, total, errors } =
            serde_json::from_str(&told).map_err(|_| "the output of the binding's head cannot be read")?;
        let Ok([mut data]) = <[Value; 1]>::try_from(data) else {
            return Err("the `jq` of the binding has no output, or several".to_owned());
        };
        let errors: Vec<GraphQlError> = errors.iter().filter_map(error_of).collect();
        let is_silent = |word: &&str| match *word {
            "next" => next.iter().find_map(text_of).is_none(),
            "more" => more.iter().find_map(Value::as_bool).is_none(),
            "total" => total.iter().find_map(number_of).is_none(),
            "errors" => errors.is_empty(),
            _ => false,
        };
        let silent = self.said.iter().copied().filter(is_silent).collect();
        let says_more = more.iter().find_map(Value::as_bool);
        let tree = ast::parse(self.operation.document);
        if let Some(root) = tree.as_ref().and_then(OperationAst::root_field).and_then(|root| data.get_mut(root)) {
            let seen = PageInfo {
                items: root.get("data").and_then(Value::as_array).map_or(0, Vec::len),
                next: next.iter().chain(root.get("after")).find_map(text_of),
                more: says_more,
                total: total.iter().chain(root.get("total")).find_map(number_of),
            };
            if let (Some(page), false) = (root.as_object_mut(), self.pager.is_none() && seen.total.is_none()) {
                self.set_page(page, seen, cursor)?;
            }
        }
        let absent = tree.map(|tree| absent(&tree, &data)).unwrap_or_default();
        let more = says_more.filter(|_| self.pager.is_none());
        Ok(Mapped { data, errors, absent, more, silent })
    }

    /// Sets the next cursor and the total count of a page.
    fn set_page(&self, page: &mut Map<String, Value>, seen: PageInfo, cursor: Option<&str>) -> Result<(), String> {
        if let Some(total) = seen.total {
            page.insert("total".to_owned(), total.into());
        }
        if let Some(pager) = &self.pager {
            let next = pager.next(cursor, seen)?;
            page.insert("after".to_owned(), next.map_or(Value::Null, Value::from));
        }
        Ok(())
    }
}

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mapping").field(&self.text).field(&self.pager).finish()
    }
}

impl PartialEq for Mapping {
    fn eq(&self, other: &Mapping) -> bool {
        self.text == other.text && self.pager == other.pager && self.operation == other.operation
    }
}

impl Eq for Mapping {}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number_of(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Reads an error in the data: text, or an object with a message and perhaps a code.
fn error_of(value: &Value) -> Option<GraphQlError> {
    let is_none = matches!(value, Value::Null | Value::Bool(false)) || value.as_str().is_some_and(str::is_empty);
    let mut error = GraphQlError::read(Some(value).filter(|_| !is_none)?);
    // Not every portal names the member `message`.
    let words = ["message", "reason", "description", "detail", "details", "error", "title"];
    let told = words.iter().find_map(|word| value.get(word).and_then(Value::as_str));
    if let Some(told) = told.filter(|_| value.get("message").is_none()) {
        error.message = GraphQlError::read(&Value::String(told.to_owned())).message;
    }
    if error.code.is_none() {
        error.code = value.get("code").and_then(Value::as_str).map(|code| code.chars().take(120).collect());
    }
    Some(error)
}

/// Returns the members of the contract that no item has.
fn absent(tree: &OperationAst, data: &Value) -> Vec<String> {
    let root = tree.root_field().and_then(|root| data.get(root));
    let items: Vec<&Value> = match root.and_then(|root| root.get("data")) {
        Some(Value::Array(items)) => items.iter().filter(|item| item.is_object()).collect(),
        _ => root.into_iter().filter(|root| root.is_object()).collect(),
    };
    if items.is_empty() {
        return Vec::new();
    }
    let has = |path: &str| {
        let pointer = format!("/{}", path.replace('.', "/"));
        let (parent, _) = path.rsplit_once('.').unwrap_or_default();
        items.iter().any(|item| {
            // If the parent is null or a list, its members are not checked.
            let within = item.pointer(&format!("/{}", parent.replace('.', "/")));
            item.pointer(&pointer).is_some() || !parent.is_empty() && within.is_some_and(|part| !part.is_object())
        })
    };
    let mut missing: Vec<String> = Vec::new();
    // Omit the members of a missing parent.
    let mut fields = tree.item_fields();
    fields.sort_by_key(|path| path.matches('.').count());
    for path in fields {
        let is_told =
            missing.iter().any(|told| path.strip_prefix(told.as_str()).is_some_and(|rest| rest.starts_with('.')));
        if !is_told && !has(&path) {
            missing.push(path);
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::Mapping;
    use crate::portal::compat::head::Head;
    use crate::portal::compat::pager::Pager;
    use crate::portal::operations::operation;
    use serde_json::{Value, json};

    fn mapping(word: &str, head: &str, variables: &[&str], pager: Option<&str>) -> Result<Mapping, String> {
        let head = Head::read(head).map_err(|wrong| wrong.problem)?;
        let variables: Vec<String> = variables.iter().map(|name| (*name).to_owned()).collect();
        let pager = pager.map(|pager| Pager::parse(pager).unwrap());
        let mapping = Mapping::new(&head, operation(word).unwrap(), &variables, pager);
        mapping.map(Option::unwrap).map_err(|wrong| format!("{}: {}", wrong.line, wrong.problem))
    }

    #[test]
    fn a_connection_becomes_a_page() {
        let head = "# jq: {devices: {data: [.fleet.edges[].node]}}\n# next: .fleet.pageInfo.endCursor\n\
                    # more: .fleet.pageInfo.hasNextPage\n# total: .fleet.totalCount";
        let mapping = mapping("devices.list", head, &["first", "after"], Some("cursor")).unwrap();
        let answer = |more: bool| {
            let fleet = json!({"edges": [{"node": {"id": "1", "location": null}}], "totalCount": "7",
                               "pageInfo": {"endCursor": "c", "hasNextPage": more}});
            mapping.apply(&json!({"fleet": fleet}).to_string(), &json!({}), None).unwrap()
        };
        let mapped = answer(true);
        let page = json!({"data": [{"id": "1", "location": null}], "after": "c", "total": 7});
        assert_eq!(mapped.data, json!({"devices": page}));
        assert!(mapped.absent.contains(&"status".to_owned()) && !mapped.absent.contains(&"location.name".to_owned()));
        assert_eq!(answer(false).data["devices"]["after"], Value::Null);
    }

    #[test]
    fn errors_in_data_are_read_and_null_is_none() {
        let head = "# jq: {revokeApiKey: (if .drop.ok then {id: $id} else null end)}\n# errors: .drop.errors[]";
        let mapping = mapping("keys.revoke", head, &["id"], None).unwrap();
        let apply = |data: Value| mapping.apply(&data.to_string(), &json!({"id": "k-1"}), None).unwrap();
        let mapped = apply(json!({"drop": {"ok": true, "errors": []}}));
        assert_eq!((mapped.data, mapped.errors.len()), (json!({"revokeApiKey": {"id": "k-1"}}), 0));
        let mapped = apply(json!({"drop": {"ok": false, "errors": ["no", {"message": "never", "code": "FORBIDDEN"}]}}));
        assert_eq!(mapped.data, json!({"revokeApiKey": null}));
        assert_eq!(mapped.errors.iter().map(|error| &*error.message).collect::<Vec<_>>(), ["no", "never"]);
        assert_eq!(mapped.errors[1].code.as_deref(), Some("FORBIDDEN"));
        assert!(apply(json!({"drop": null})).errors.is_empty());
    }

    #[test]
    fn an_expression_is_bounded_and_usual_ones_are_accepted() {
        let deep = format!("# jq: {}.{}", "(".repeat(1000), ")".repeat(1000));
        assert!(mapping("devices.list", &deep, &[], None).is_err());
        for plain in ["{a: .input, b: .range.limit}", ".a == .b and .c >= 1", "[.x[] | {id: .id}]"] {
            assert!(mapping("devices.list", &format!("# jq: {plain}"), &[], None).is_ok(), "{plain}");
        }
        let head = "# jq: {devices: {data: [.search[] | select(.a)]}}";
        let dropping = mapping("devices.list", head, &["skip"], Some("offset $skip")).unwrap_err();
        assert!(dropping.contains("filter with `--where` instead"), "{dropping}");
        assert!(mapping("devices.list", head, &["after"], Some("cursor")).is_ok());
    }

    #[test]
    fn a_failure_never_shows_a_value_and_a_jq_error_is_named() {
        let failing = mapping("keys.generate", "# jq: {generateApiKey: .secret.x}", &[], None).unwrap();
        let told = failing.apply(r#"{"secret":"sk-live"}"#, &json!({}), None).unwrap_err();
        assert!(!told.contains("sk-live"), "{told}");
        let many = mapping("keys.generate", "# jq: .[]", &[], None).unwrap();
        assert!(many.apply(r#"{"a":1,"b":2}"#, &json!({}), None).is_err());
        for (head, problem) in [
            ("\n# jq: {a", "2: `jq` is not a valid jq"),
            ("# jq: .\n# more: $nope", "2: `more` is not a valid jq program: there is no"),
            ("# jq: .) , (.", "1: `jq` is not a valid jq"),
            ("# total: . # ) |", "1: `total`"),
            ("# jq: def f: f; f", "1: `jq` may not use `def`"),
            ("# jq: [range(1e12)]", "1: `jq` may not use `range`"),
            ("# jq: \"x\" * 1e12", "1: `jq` may not use `*`"),
            ("# jq: [..]", "1: `jq` may not use `..`"),
            (
                "# jq: [.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]",
                "1: `jq` enlarges its input",
            ),
            ("# jq: .[1e9] = 1", "1: `jq` may not use an assignment"),
            (
                "# jq: tojson|tojson|tojson|tojson|tojson|tojson|tojson|tojson|tojson|tojson|tojson|tojson|tojson",
                "1: `jq` enlarges its input",
            ),
            ("# jq: gsub(\"\";\"ab\")|gsub(\"\";\"ab\")|gsub(\"\";\"ab\")", "1: `jq` enlarges its input"),
        ] {
            let told = mapping("devices.list", head, &[], None).map(drop);
            if head.contains("total") {
                assert!(told.is_ok(), "a comment ends with its line");
            } else {
                assert!(told.clone().unwrap_err().starts_with(problem), "{head}: {told:?}");
            }
        }
    }
}
