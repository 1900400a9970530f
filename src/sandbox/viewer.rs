//! The resolver about the key of the request, and whom it belongs to.

use apollo_compiler::response::serde_json_bytes::json;
use apollo_compiler::response::{JsonMap, JsonValue};

use super::refusal::Refusal;
use super::root::{Resolver, Root};

/// The root fields about the viewer.
pub(super) const FIELDS: &[(&str, Resolver)] = &[("viewer", viewer)];

fn viewer(root: &Root<'_>, _: &JsonMap) -> Result<JsonValue, Refusal> {
    let personal = root.options.personal;
    Ok(json!({
        "organization": {
            "id": "365410227841073664",
            "name": if personal { "Ada Sandbox" } else { "Sandbox Warehouses" },
            "personal": personal,
        },
        "apiKey": root.store.key(root.key)?,
    }))
}
