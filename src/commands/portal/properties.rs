//! Properties of what people paste and share: commands for curl, and files of bindings.

use serde_json::{Value, json};

use super::curl::{Request, read};
use super::export::text;
use super::import;
use crate::draw::Draw;
use crate::portal::operations;
use crate::secret;

/// A command as browsers copy it yields its document and variables, and a key in its headers becomes a known secret.
/// Any other text is parsed or rejected.
pub fn curl(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let (document, variables) = (draw.text(40), draw.value(3));
    let body = json!({"operationName": null, "query": document, "variables": variables}).to_string();
    let quoted = if draw.flag() { dollar(&body, &mut draw) } else { shell_words::quote(&body).into_owned() };
    let between = draw.pick(&[" ", " \\\n  ", " \\\r\n  "]);
    let option = draw.pick(&["--data-raw", "-d", "--data", "--data-binary"]);
    let parts = [
        "curl",
        "'https://portal.example/graphql'",
        "-H",
        "'x-api-key: Kd83mLs1RnXz6'",
        option,
        &quoted,
        "--compressed",
    ];
    let command = parts.join(between);
    if !command.contains("^\"") {
        let read = read(&command);
        assert!(read.is_ok(), "{command:?} is refused");
        let Ok(read) = read else { return };
        let sent: Value = serde_json::from_str(&body).unwrap_or_default();
        let expected =
            if variables.is_object() { sent["variables"].clone() } else { Value::Object(serde_json::Map::new()) };
        assert_eq!((read.document, read.variables), (document, expected), "{command:?}");
        assert_eq!(secret::mask("Kd83mLs1RnXz6"), "[secret]");
    }
    if let Ok(Request { variables, .. }) = read(&format!("curl {}", draw.rest())) {
        assert!(variables.is_object());
    }
}

/// Quotes a text as browsers do if it contains quotes.
fn dollar(text: &str, draw: &mut Draw<'_>) -> String {
    let mut quoted = String::from("$'");
    for letter in text.chars() {
        match letter {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '!' => quoted.push_str("\\u0021"),
            // Chrome writes characters beyond ASCII as UTF-16 units.
            letter if !letter.is_ascii() && draw.flag() => {
                letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| quoted.push_str(&format!("\\u{unit:04x}")));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "'"
}

/// Lines of documents, and some that look like headings.
const LINES: [&str; 14] = [
    "{ devices { data { id } } }",
    "# jq: {devices: .x}",
    "# binding: keys.list",
    "#binding : devices.show",
    " # binding: keys.list",
    "# portal: https://other.example",
    "##",
    "",
    "query ($first: Int) {",
    "}",
    "  \"\"\"text\"\"\"",
    "\u{feff}# binding: x",
    "# note: binding: y",
    "\r",
];

/// Exported bindings are imported unchanged, or the export fails. Any other text is parsed or rejected.
pub fn import(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let mut bound = Vec::new();
    for operation in operations() {
        if draw.flag() {
            let lines: Vec<&str> = (0..draw.below(6)).map(|_| draw.pick(&LINES)).collect();
            bound.push((operation, lines.join("\n")));
        }
    }
    if let Ok(text) = text("https://portal.example", &bound)
        && !bound.is_empty()
    {
        let plain = |document: &str| document.trim_end().lines().collect::<Vec<_>>().join("\n");
        let read = import::read(&text).map(|(portal, parts)| {
            (portal, parts.iter().map(|part| (part.operation, plain(&part.document))).collect::<Vec<_>>())
        });
        let bound = bound.iter().map(|(operation, document)| (*operation, plain(document))).collect();
        assert_eq!(read, Ok(("https://portal.example".to_owned(), bound)), "{text:?}");
    }
    if let Ok((_, parts)) = import::read(&draw.rest()) {
        assert!(!parts.is_empty());
    }
}
