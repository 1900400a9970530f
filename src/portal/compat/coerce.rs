//! Result coercion against the contract, as in GraphQL: a value of another type is converted if nothing is lost
//! (`"52.1"` becomes 52.1), or else the nearest nullable parent becomes null.
//!
//! It is used if a response did not decode, knows only the contract, and never invents a value.

use apollo_compiler::ast::{Field, Selection, Type};
use serde_json::{Map, Number, Value};

use super::{ast, contract};
use crate::portal::operation::Operation;

/// A missing or mistyped value in a non-null position, with its path.
struct Mismatch(String);

/// Coerces the `data` of an operation, and returns the paths that became null. If the root field would become null,
/// returns the path of the mismatch as an error.
pub fn coerce(data: &mut Value, operation: Operation) -> Result<Vec<String>, String> {
    let document = ast::parse(operation.document).ok_or_else(String::new)?;
    let root = contract::root(document.kind());
    let mut nulled = Vec::new();
    object(data, root, &document.operation().selection_set, "", &mut nulled).map_err(|Mismatch(path)| path)?;
    Ok(nulled)
}

fn object(
    value: &mut Value,
    on: &str,
    selections: &[Selection],
    path: &str,
    nulled: &mut Vec<String>,
) -> Result<(), Mismatch> {
    let Value::Object(members) = value else { return Err(Mismatch(path.to_owned())) };
    for field in selections.iter().filter_map(Selection::as_field) {
        let Some(definition) = contract::field(on, &field.name) else { continue };
        let path = if path.is_empty() { field.name.to_string() } else { format!("{path}.{}", field.name) };
        match members.get_mut(field.name.as_str()) {
            None | Some(Value::Null) if definition.ty.is_non_null() => return Err(Mismatch(path)),
            None | Some(Value::Null) => {}
            Some(member) => {
                if let Err(mismatch) = fit(member, &definition.ty, field, &path, nulled) {
                    // A page without its list would look empty, and without its cursor like the last page.
                    if !contract::is_optional(on, &field.name) || !path.contains('.') || field.name == "after" {
                        return Err(mismatch);
                    }
                    *member = Value::Null;
                    nulled.push(path);
                }
            }
        }
    }
    Ok(())
}

fn fit(value: &mut Value, ty: &Type, field: &Field, path: &str, nulled: &mut Vec<String>) -> Result<(), Mismatch> {
    if ty.is_list() {
        let Value::Array(items) = value else { return Err(Mismatch(path.to_owned())) };
        for item in items.iter_mut().filter(|item| !item.is_null()) {
            if let Err(mismatch) = fit(item, ty.item_type(), field, path, nulled) {
                // An unreadable item is not skipped: nobody would know which item it was.
                if ty.item_type().is_non_null() || field.name == "data" {
                    return Err(mismatch);
                }
                *item = Value::Null;
                nulled.push(path.to_owned());
            }
        }
        return Ok(());
    }
    let on = ty.inner_named_type().as_str();
    if !field.selection_set.is_empty() {
        if let Some(named) = named(value, on) {
            *value = named;
        }
        return object(value, on, &field.selection_set, path, nulled);
    }
    *value = scalar(value, on).ok_or_else(|| Mismatch(path.to_owned()))?;
    Ok(())
}

/// Converts a scalar to an object that has it as id and name: `"pilot"` becomes a tag of that name.
fn named(value: &Value, on: &str) -> Option<Value> {
    let has = |name: &str| contract::field(on, name).is_some();
    let is_bare = matches!(value, Value::String(_) | Value::Number(_)) && has("id") && has("name");
    is_bare
        .then(|| Value::Object(Map::from_iter([("id".to_owned(), value.clone()), ("name".to_owned(), value.clone())])))
}

fn scalar(value: &Value, on: &str) -> Option<Value> {
    match (on, value) {
        ("Int", Value::Number(number)) => {
            let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15);
            number.as_i64().or_else(|| format!("{:.0}", float?).parse().ok()).map(Value::from)
        }
        ("Int", Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        ("Float", Value::Number(_)) | ("Boolean", Value::Bool(_)) => Some(value.clone()),
        ("Float", Value::String(text)) => Number::from_f64(text.trim().parse().ok()?).map(Value::Number),
        ("Boolean", Value::String(text)) => text.trim().to_ascii_lowercase().parse().ok().map(Value::Bool),
        ("Boolean", Value::Number(number)) => match number.as_u64()? {
            flag @ 0..=1 => Some(Value::Bool(flag == 1)),
            _ => None,
        },
        ("Int" | "Float" | "Boolean", _) => None,
        (_, Value::String(_)) => Some(value.clone()),
        (_, Value::Number(number)) if number.is_f64() && on != "DateTime" => whole(number),
        (_, Value::Number(_)) => Some(value.clone()),
        (_, Value::Bool(flag)) if on == "String" => Some(Value::String(flag.to_string())),
        _ => None,
    }
}

/// Returns a float as text; an integer without a fraction.
fn whole(number: &Number) -> Option<Value> {
    let float = number.as_f64()?;
    let is_whole = float.fract() == 0.0 && float.abs() < 9e15;
    Some(Value::String(if is_whole { format!("{float:.0}") } else { number.to_string() }))
}

#[cfg(test)]
mod tests {
    use super::coerce;
    use crate::portal::operations::operation;
    use serde_json::{Value, json};

    fn coerced(mut data: Value) -> (Value, Result<Vec<String>, String>) {
        let nulled = coerce(&mut data, operation("devices.list").unwrap());
        (data, nulled)
    }

    #[test]
    fn a_value_is_converted_if_nothing_is_lost() {
        let device = json!({
            "id": 1500.0, "name": 7, "enabled": "true", "tags": ["pilot", 3, null],
            "location": {"id": 1, "latitude": "52.1", "longitude": 4}
        });
        let (data, nulled) = coerced(json!({"devices": {"data": [device], "total": "25"}}));
        assert_eq!(nulled, Ok(vec![]));
        let device = &data["devices"]["data"][0];
        assert_eq!(
            (&device["id"], &device["enabled"], &data["devices"]["total"]),
            (&json!("1500"), &json!(true), &json!(25))
        );
        assert_eq!(device["tags"], json!([{"id": "pilot", "name": "pilot"}, {"id": 3, "name": 3}, null]));
        assert_eq!(device["location"]["latitude"], json!(52.1));
    }

    #[test]
    fn any_other_value_becomes_null_at_the_nearest_nullable_parent() {
        let devices = json!([{"id": "1", "location": {"latitude": "north"}}, {"id": "2", "model": []}]);
        let (data, nulled) = coerced(json!({"devices": {"data": devices, "total": {}}}));
        let expected = ["devices.data.location", "devices.data.model", "devices.total"];
        assert_eq!(nulled.unwrap(), expected);
        assert_eq!(data["devices"]["data"], json!([{"id": "1", "location": null}, {"id": "2", "model": null}]));
        for (data, path) in [
            (json!({"devices": {"data": [{"name": "x"}]}}), "devices.data.id"),
            (json!({"devices": []}), "devices"),
            (json!({"devices": {"data": {}}}), "devices.data"),
            (json!({"devices": {"data": [], "after": {"page": 2}}}), "devices.after"),
            (json!([]), ""),
            (json!({"devices": "x"}), "devices"),
        ] {
            assert_eq!(coerced(data.clone()).1, Err(path.to_owned()), "{data}");
        }
    }
}
