//! Responses to our own documents: well typed by the contract, then changed at random.

use apollo_compiler::ast::{Selection, Type};
use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::portal::compat::{ast, contract};
use crate::portal::operation::Operation;
use crate::portal::operations::operations;

/// Well-typed data is unchanged to the byte; for any other data, coercion is idempotent.
pub fn coerce(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let all: Vec<Operation> = operations().collect();
    let operation = draw.pick(&all);
    let data = typed_by_contract(operation, &mut draw);
    let mut coerced = data.clone();
    assert_eq!(super::super::coerce(&mut coerced, operation), Ok(Vec::new()), "{data}");
    assert_eq!(coerced.to_string(), data.to_string());
    let mut changed = data;
    for _ in 0..=draw.below(3) {
        change(&mut changed, &mut draw);
    }
    let mut once = changed.clone();
    if let Ok(nulled) = super::super::coerce(&mut once, operation) {
        assert!(nulled.iter().all(|path| !path.is_empty()));
        let mut twice = once.clone();
        assert_eq!(super::super::coerce(&mut twice, operation), Ok(Vec::new()), "{changed} became {once}");
        assert_eq!(twice.to_string(), once.to_string());
    }
}

/// Draws data that conforms to the contract for an operation.
pub fn typed_by_contract(operation: Operation, draw: &mut Draw<'_>) -> Value {
    let Some(tree) = ast::parse(operation.document) else { return Value::Null };
    object(contract::root(tree.kind()), &tree.operation().selection_set, draw)
}

fn object(on: &str, selections: &[Selection], draw: &mut Draw<'_>) -> Value {
    let mut members = Map::new();
    for field in selections.iter().filter_map(Selection::as_field) {
        let Some(definition) = contract::field(on, &field.name) else { continue };
        members.insert(field.name.to_string(), of_type(&definition.ty, &field.selection_set, draw));
    }
    Value::Object(members)
}

fn of_type(ty: &Type, selections: &[Selection], draw: &mut Draw<'_>) -> Value {
    if !ty.is_non_null() && draw.once_in(6) {
        return Value::Null;
    }
    if ty.is_list() {
        return (0..draw.below(4)).map(|_| of_type(ty.item_type(), selections, draw)).collect();
    }
    match ty.inner_named_type().as_str() {
        on if !selections.is_empty() => object(on, selections, draw),
        "Int" => json!(i32::try_from(draw.number()).unwrap_or(7)),
        "Float" => json!(draw.below(18_000_000) as f64 / 1e5 - 90.0),
        "Boolean" => json!(draw.flag()),
        "DateTime" if draw.flag() => json!(draw.number()),
        "DateTime" => json!(draw.pick(&["2026-11-23T10:00:00Z", "2026-11-23T10:00:00.123+02:00", "yesterday", ""])),
        _ => json!(draw.text(8)),
    }
}

/// Changes a value at a random position.
pub fn change(value: &mut Value, draw: &mut Draw<'_>) {
    match value {
        Value::Object(members) if !members.is_empty() && !draw.once_in(6) => {
            let at = draw.below(members.len());
            if draw.once_in(8) {
                let name = members.keys().nth(at).cloned().unwrap_or_default();
                members.remove(&name);
            } else if let Some((_, member)) = members.iter_mut().nth(at) {
                change(member, draw);
            }
        }
        Value::Array(items) if !items.is_empty() && !draw.once_in(6) => {
            let at = draw.below(items.len());
            change(&mut items[at], draw);
        }
        value => {
            *value = match draw.below(4) {
                0 => json!(draw.pick(&["1", "1.0", " 7 ", "true", "TRUE", "NaN", "1e400", "-0", "inf", ""])),
                _ => draw.value(2),
            }
        }
    }
}
