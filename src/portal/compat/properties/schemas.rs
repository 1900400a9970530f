//! Portals whose schemas deviate from the contract: which documents are finally sent to them, and which are suggested.

use std::sync::Arc;

use apollo_compiler::schema::ExtendedType;

use super::portal::FakePortal;
use crate::draw::Draw;
use crate::portal::compat::{
    Accepted, CompatDocument, Introspected, Negotiation, Next, Rejection, RemoteSchema, contract, dry_run,
    parse_binding, similar, suggest,
};
use crate::portal::operation::Operation;
use crate::portal::operations::operations;

/// With any portal a negotiation ends, and the portal accepts the result. If the portal shows its schema, the minimal
/// document of an operation is found whenever the portal supports it. An accepted document is tried first, and dropped
/// when it no longer fits.
pub fn negotiation(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let all: Vec<Operation> = operations().collect();
    let (operation, shows, projects) = (draw.pick(&all), draw.flag(), draw.once_in(3));
    let mut cached: Option<Arc<CompatDocument>> = None;
    for _ in 0..2 {
        let Some(portal) = FakePortal::drawn(&mut draw) else { return };
        let mut negotiation = Negotiation::new(operation, None, cached.take());
        if projects {
            negotiation = negotiation.projected(vec!["name".to_owned(), "location.name".to_owned()]);
        }
        let told = negotiate(&mut negotiation, &portal, shows);
        if let Some(lacks) = told {
            let can = least(operation).iter().any(|least| portal.accepts(least) && has_shape(&portal, operation));
            assert!(!shows || !can, "{} is not found, for lack of {lacks:?}, in\n{}", operation.word, *portal.schema);
            return;
        }
        cached = match negotiation.accepted() {
            Accepted::Remember(document) => Some(document),
            Accepted::Forget | Accepted::Unchanged => None,
        };
        if let Some(document) = negotiation.document() {
            assert!(portal.accepts(&document.document), "{}\n{}", document.document, *portal.schema);
        }
    }
}

/// Returns what is lacking if no document is accepted; `None` if one is.
fn negotiate(negotiation: &mut Negotiation, portal: &FakePortal, shows: bool) -> Option<Vec<String>> {
    let operation = negotiation.operation();
    let mut schema_known = false;
    for tries in 0.. {
        assert!(tries < 7, "{} has no end with\n{}", operation.word, *portal.schema);
        let sent = negotiation.document().map_or(operation.document, |document| &document.document).to_owned();
        let refusal = portal.refusal(&sent)?;
        let rejection = Rejection { refusal: &refusal, sent: &sent };
        let mut next = negotiation.rejected(&rejection);
        if next == Next::Introspect {
            assert!(!schema_known, "the schema is requested twice");
            schema_known = true;
            negotiation.learn_schema(shows.then(|| Arc::new(portal.shown())));
            next = negotiation.rejected(&rejection);
        }
        assert!(next != Next::BindingRefused && next != Next::Introspect);
        match next {
            Next::Try | Next::Invalidate => {}
            Next::Unsupported(lacks) => return Some(lacks),
            Next::NotOurs => return Some(vec!["the refusal is not about the document".to_owned()]),
            Next::BindingRefused | Next::Introspect => break,
        }
    }
    Some(vec!["the negotiation returned an unexpected step".to_owned()])
}

/// The minimal documents of each operation.
fn least(operation: Operation) -> &'static [&'static str] {
    match operation.word {
        "devices.list" => &["query DevicesList { devices { data { id } } }"],
        "devices.show" => &["query DevicesShow($id: ID!) { device(id: $id) { id } }"],
        "keys.list" => &["query KeysList { apiKeys { data { id } } }"],
        "keys.generate" => &["mutation KeysGenerate { generateApiKey { secret } }"],
        "keys.revoke" => &["mutation KeysRevoke($id: ID!) { revokeApiKey(id: $id) { id } }"],
        _ => &[],
    }
}

/// Returns true if the fields of the minimal document have our types and lists, and their arguments with our names
/// have our types.
fn has_shape(portal: &FakePortal, operation: Operation) -> bool {
    let way: &[(&str, &str)] = match operation.word {
        "devices.list" => &[("Query", "devices"), ("DevicePage", "data"), ("Device", "id")],
        "devices.show" => &[("Query", "device"), ("Device", "id")],
        "keys.list" => &[("Query", "apiKeys"), ("ApiKeyPage", "data"), ("ApiKey", "id")],
        "keys.generate" => &[("Mutation", "generateApiKey"), ("GeneratedApiKey", "secret")],
        _ => &[("Mutation", "revokeApiKey"), ("RevokedApiKey", "id")],
    };
    let is_alike = |(on, field): &(&str, &str)| {
        let (Some(ours), Ok(theirs)) = (contract::field(on, field), portal.schema.type_field(on, field)) else {
            return false;
        };
        contract::lists(&theirs.ty) == contract::lists(&ours.ty)
            && theirs.ty.inner_named_type() == ours.ty.inner_named_type()
            && ours
                .arguments
                .iter()
                .all(|own| theirs.argument_by_name(&own.name).is_none_or(|other| other.ty == own.ty))
    };
    way.iter().all(is_alike)
}

/// Introspection of a schema reproduces that schema, and any other introspection result can be processed.
pub fn introspection(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    if draw.flag() {
        let Some(portal) = FakePortal::drawn(&mut draw) else { return };
        let told = portal.introspected();
        assert!(told.is_some(), "introspection cannot be read");
        let Some(told) = told else { return };
        for (name, ty) in portal.schema.types.iter().filter(|(name, ty)| !ty.is_built_in() && !name.starts_with("__")) {
            if let ExtendedType::Object(object) = ty {
                for (field, definition) in &object.fields {
                    let live = told.field(name, field).map(|field| field.ty.to_string());
                    assert_eq!(live, Some(definition.ty.to_string()), "{name}.{field}");
                }
            }
        }
        assert!(apollo_compiler::Schema::parse(told.sdl(), "told.graphql").is_ok());
        return;
    }
    let bytes = draw.bytes();
    if let Ok(told) = serde_json::from_slice::<Introspected>(bytes) {
        let schema = RemoteSchema::from(&told);
        let _ = schema.sdl();
        for operation in operations() {
            judge(&schema, operation);
        }
    }
}

/// A suggestion is a valid binding, and the portal accepts it.
pub fn suggestion(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let all: Vec<Operation> = operations().collect();
    let operation = draw.pick(&all);
    let Some(portal) = FakePortal::drawn(&mut draw) else { return };
    if let Some(document) = judge(&portal.shown(), operation) {
        assert!(portal.accepts(&document), "{} is no document for\n{}", document, *portal.schema);
    }
}

/// Returns the suggested document, after checking that it is a valid binding that gives data.
fn judge(schema: &RemoteSchema, operation: Operation) -> Option<String> {
    let _ = similar(schema, "Query.devices");
    let suggestion = suggest(schema, operation)?;
    let bound = parse_binding(operation, &suggestion.document);
    assert!(bound.is_ok(), "{} for {}", suggestion.document, operation.word);
    let tried = dry_run(schema, operation, &bound.ok()?);
    assert!(
        tried.is_none_or(|tried| tried.is_ok()),
        "{} for {}\n{}",
        suggestion.document,
        operation.word,
        schema.sdl()
    );
    Some(suggestion.document)
}
