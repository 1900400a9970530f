//! What must hold of whatever a program sends to a broker; `hidden` makes requests that hide something, and some that hide nothing.

#[cfg(test)]
mod hidden;

use serde_json::Value;

use super::document::Document;
use super::request::Request;

/// What is read of any bytes is sent as it was checked: who reads it once more finds the same.
pub fn request(bytes: &[u8]) {
    let Ok(request) = Request::read(bytes) else { return };
    let Ok(again) = Document::read(&request.document.text) else { unreachable!("what was written is read") };
    assert_eq!((&again.roots, &again.text), (&request.document.roots, &request.document.text));
    let Some(variables) = request.variables else { return };
    let (given, sent) = (serde_json::from_slice::<Value>(bytes), serde_json::from_str::<Value>(variables.get()));
    // A number that no machine keeps is sent on digit by digit, and cannot be compared.
    if let (Ok(given), Ok(sent)) = (given, sent) {
        assert_eq!(given["variables"], sent);
    }
}
