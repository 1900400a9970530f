//! Properties of whatever a program sends to a broker; `hidden` generates requests that hide something, and harmless
//! ones.

#[cfg(test)]
mod hidden;

use serde_json::Value;

use super::document::Document;
use super::request::Request;

/// Any bytes that are accepted are sent as they were checked: parsing them again yields the same.
pub fn request(bytes: &[u8]) {
    let Ok(request) = Request::read(bytes) else { return };
    let Ok(again) = Document::read(&request.document.text) else { unreachable!("what was written is read") };
    assert_eq!((&again.roots, &again.text), (&request.document.roots, &request.document.text));
    let Some(variables) = request.variables else { return };
    let (given, sent) = (serde_json::from_slice::<Value>(bytes), serde_json::from_str::<Value>(variables.get()));
    // A number beyond f64 is forwarded digit by digit, and cannot be compared.
    if let (Ok(given), Ok(sent)) = (given, sent) {
        assert_eq!(given["variables"], sent);
    }
}
