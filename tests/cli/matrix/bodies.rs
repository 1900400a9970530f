//! Answers with status 200 and a wrong body, as rows: JSON, its text, and the members of GraphQL. Each is derived from
//! the honest answer, so that a row fits any operation.

use super::faults::{BAD, FAILED, FINE, Verdict};

pub type Make = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// A group, a name, a body, the verdict and the words of a read, and whether the answer proves that nothing was
/// executed.
pub type Row = (&'static str, String, Make, Verdict, &'static str, bool);

fn body(name: &str, make: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static, read: Verdict, says: &'static str) -> Row {
    ("body", name.to_owned(), Box::new(make), read, says, false)
}

fn text(name: &str, text: &'static str, read: Verdict, says: &'static str) -> Row {
    body(name, move |_| text.into(), read, says)
}

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        text("empty", "", BAD, "empty"),
        text("a web page", "<!doctype html><html>", BAD, "web page"),
        text("text", "no", BAD, "not JSON"),
        text("null", "null", BAD, "not a GraphQL response"),
        text("true", "true", BAD, "not a GraphQL response"),
        text("a number", "0", BAD, "not a GraphQL response"),
        text("a string", "\"{}\"", BAD, "not a GraphQL response"),
        text("a list", "[]", BAD, "not a GraphQL response"),
        text("an empty object", "{}", BAD, "not a GraphQL response"),
        body("a list of the answer", |honest| format!("[{honest}]").into(), BAD, "not a GraphQL response"),
        body("the answer, twice", |honest| format!("{honest}{honest}").into(), BAD, "not JSON"),
        body("the answer, and a comma", |honest| format!("{honest},").into(), BAD, "not JSON"),
        body("cut in the middle", |honest| honest[..honest.len() / 2].into(), BAD, "breaks off"),
        body("a mark of byte order", |honest| format!("\u{feff}{honest}").into(), FINE, ""),
        body("white space around", |honest| format!("\n\t {honest}\r\n \n").into(), FINE, ""),
        body("UTF-16", |honest| honest.encode_utf16().flat_map(u16::to_le_bytes).collect(), BAD, "not JSON"),
        body("with NUL", |honest| format!("{honest}\0").into(), BAD, "not JSON"),
        body("nested 100,000 deep", |_| nested("data"), BAD, ""),
        body("extensions nested 100,000 deep", |honest| after(honest, &deep("extensions")), FINE, ""),
        body("errors nested 100,000 deep", |_| nested("errors"), BAD, ""),
        body("`data` twice, first null", |honest| honest.replacen('{', "{\"data\":null,", 1).into(), FINE, ""),
        body("not UTF-8 beside the data", |honest| invalid(honest, "extensions"), FINE, ""),
        body("NaN beside the data", |honest| after(honest, ",\"extensions\":{\"a\":NaN,\"b\":-Infinity}"), FINE, ""),
        body("1e400 beside the data", |honest| after(honest, ",\"extensions\":1e400"), FINE, ""),
        body("half a surrogate beside the data", |honest| after(honest, ",\"extensions\":\"\\ud83d\""), FINE, ""),
    ];
    for (shape, beside, alone, says) in [
        ("null", FINE, BAD, ""),
        ("{}", FAILED, FAILED, "no message"),
        ("[]", FINE, BAD, ""),
        ("[null]", FAILED, FAILED, "no message"),
        ("[1]", FAILED, FAILED, "no message"),
        ("[[]]", FAILED, FAILED, "no message"),
        ("\"text\"", FAILED, FAILED, "text"),
        ("true", FAILED, FAILED, "no message"),
        ("0", FAILED, FAILED, "no message"),
        ("[{}]", FAILED, FAILED, "no message"),
        ("[{\"message\":1}]", FAILED, FAILED, "no message"),
        ("[{\"message\":null}]", FAILED, FAILED, "no message"),
        ("[{\"message\":\"\"}]", FAILED, FAILED, ""),
        ("[{\"message\":\"no\",\"path\":1,\"locations\":2,\"extensions\":3}]", FAILED, FAILED, "no"),
        ("[{\"message\":\"no\",\"locations\":[1,null,{\"line\":-1}],\"path\":[{},null]}]", FAILED, FAILED, "no"),
    ] {
        // A request error of the specification: nothing was executed.
        let is_proof = shape.contains("\"message\":\"");
        let members = format!(",\"errors\":{shape}");
        rows.push((
            "errors",
            format!("{shape} beside data"),
            // A refusal without its errors has no data; another row covers that.
            Box::new(move |honest| match beside == FINE && !honest.contains("\"data\"") {
                true => honest.into(),
                false => after(honest, &members),
            }),
            beside,
            says,
            false,
        ));
        let only = format!("{{\"errors\":{shape}}}");
        rows.push(("errors", format!("{shape} alone"), Box::new(move |_| only.clone().into()), alone, says, is_proof));
        let null = format!("{{\"data\":null,\"errors\":{shape}}}");
        rows.push((
            "errors",
            format!("{shape} with data null"),
            Box::new(move |_| null.clone().into()),
            alone,
            says,
            false,
        ));
    }
    let long = || format!("{{\"errors\":[{{\"message\":\"{}\"}}]}}", "long ".repeat(600_000));
    rows.push(("errors", "a message of 3 MB".into(), Box::new(move |_| long().into()), FAILED, "more bytes", true));
    let lines = "{\"errors\":[{\"message\":\"a\\nb\\u001b[31mc\\u0000\\u202ed\"}]}";
    rows.push(("errors", "a message that moves the cursor".into(), Box::new(move |_| lines.into()), FAILED, "", true));
    let many = || format!("{{\"data\":null,\"errors\":[{}1]}}", "{\"message\":\"no\"},".repeat(100_000));
    rows.push(("errors", "100,001 errors".into(), Box::new(move |_| many().into()), FAILED, "and 497 more", false));
    for shape in ["null", "true", "0", "\"x\"", "[]", "{}", "[null]", "1e400", "[{}]"] {
        let only = format!("{{\"data\":{shape}}}");
        rows.push(("data", shape.to_owned(), Box::new(move |_| only.clone().into()), BAD, "", false));
    }
    rows
}

fn deep(member: &str) -> String {
    format!(",\"{member}\":{}{}", "[".repeat(100_000), "]".repeat(100_000))
}

fn nested(member: &str) -> Vec<u8> {
    format!("{{{}}}", &deep(member)[1..]).into()
}

/// Returns the honest answer with further members.
fn after(honest: &str, members: &str) -> Vec<u8> {
    format!("{}{members}}}", honest.trim_end().strip_suffix('}').unwrap_or(honest)).into()
}

fn invalid(honest: &str, member: &str) -> Vec<u8> {
    let mut body = after(honest, &format!(",\"{member}\":\"?\""));
    let at = body.iter().rposition(|byte| *byte == b'?').unwrap_or(0);
    body[at] = 0xff;
    body
}
