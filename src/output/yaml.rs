//! Writes YAML that any 1.1 or 1.2 parser reads as the same values as the JSON: text that might be read as another
//! type is quoted.
//!
//! It writes block style with plain or double-quoted text, and nothing else of the language: no anchors, no tags, no
//! folding.

use std::collections::HashMap;

use super::error::Error;
use super::json::Json;
use crate::secret;

/// Words that YAML 1.1 or 1.2 reads as a boolean, as null or as a number, in any case.
const NOT_TEXT: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];

/// A longer key needs the `?` syntax: parsers look ahead for 1,024 characters.
const LONGEST_KEY: usize = 1000;

/// Writes a JSON text as a document.
pub fn document(json: &[u8], to: &mut Vec<u8>) -> Result<(), Error> {
    let mut text = String::new();
    block(&read(json)?, 0, &mut text);
    to.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Writes a JSON text as a list item.
pub fn item(json: &[u8], to: &mut Vec<u8>) -> Result<(), Error> {
    let mut text = String::new();
    entry(&read(json)?, 0, &mut text);
    to.extend_from_slice(text.as_bytes());
    Ok(())
}

fn read(json: &[u8]) -> Result<Json, Error> {
    let raw = serde_json::from_slice(json)
        .map_err(|_| Error::Filter("the output is not JSON, so it cannot be YAML".to_owned()))?;
    Json::of(raw).ok_or_else(|| Error::Filter("the output is nested too deep for YAML".to_owned()))
}

/// Writes a value that starts a line.
fn block(value: &Json, indent: usize, to: &mut String) {
    match value {
        Json::List(items) if !items.is_empty() => {
            for (n, item) in items.iter().enumerate() {
                margin(n, indent, to);
                entry(item, indent, to);
            }
        }
        Json::Object(members) if !members.is_empty() => {
            for (n, (name, member)) in once_each(members).into_iter().enumerate() {
                margin(n, indent, to);
                self::member(name, member, indent, to);
            }
        }
        plain => {
            scalar(plain, to);
            to.push('\n');
        }
    }
}

/// Writes a list item, including its dash.
fn entry(value: &Json, indent: usize, to: &mut String) {
    to.push_str("- ");
    block(value, indent + 2, to);
}

fn member(name: &str, value: &Json, indent: usize, to: &mut String) {
    if name.chars().count() > LONGEST_KEY {
        to.push_str("? ");
        text(name, to);
        to.push('\n');
        to.push_str(&" ".repeat(indent));
    } else {
        text(name, to);
    }
    to.push(':');
    if matches!(value, Json::List(items) if !items.is_empty())
        || matches!(value, Json::Object(members) if !members.is_empty())
    {
        to.push('\n');
        to.push_str(&" ".repeat(indent + 2));
        block(value, indent + 2, to);
    } else {
        to.push(' ');
        scalar(value, to);
        to.push('\n');
    }
}

/// Indents a line, except the first one of a block, which is indented already.
fn margin(n: usize, indent: usize, to: &mut String) {
    if n > 0 {
        to.push_str(&" ".repeat(indent));
    }
}

/// Returns each member once: of duplicates the last one counts, and strict parsers refuse a second one.
fn once_each(members: &[(String, Json)]) -> Vec<(&str, &Json)> {
    let last: HashMap<&str, usize> = members.iter().enumerate().map(|(n, (name, _))| (name.as_str(), n)).collect();
    let is_last = |n: usize, name: &str| last.get(name) == Some(&n);
    let kept = members.iter().enumerate().filter(|(n, (name, _))| is_last(*n, name));
    kept.map(|(_, (name, member))| (name.as_str(), member)).collect()
}

fn scalar(value: &Json, to: &mut String) {
    match value {
        Json::Null => to.push_str("null"),
        Json::Flag(flag) => to.push_str(if *flag { "true" } else { "false" }),
        Json::Number(raw) => number(raw.get(), to),
        Json::Text(words) => text(words, to),
        Json::List(_) => to.push_str("[]"),
        Json::Object(_) => to.push_str("{}"),
    }
}

/// Writes a number with every digit. YAML 1.1 accepts an exponent only after a decimal point, and with a sign.
fn number(raw: &str, to: &mut String) {
    let Some((mantissa, exponent)) = raw.split_once(['e', 'E']) else { return to.push_str(raw) };
    to.push_str(mantissa);
    to.push_str(if mantissa.contains('.') { "e" } else { ".0e" });
    to.push_str(if exponent.starts_with(['+', '-']) { "" } else { "+" });
    to.push_str(exponent);
}

fn text(words: &str, to: &mut String) {
    // Text that will be masked is quoted, because the mask would parse as a list.
    if is_plain(words) && secret::mask(words) == words {
        return to.push_str(words);
    }
    to.push('"');
    for character in words.chars() {
        match character {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            printable if is_printable(printable) => to.push(printable),
            other => match u32::from(other) {
                code @ ..=0xffff => to.push_str(&format!("\\u{code:04x}")),
                code => to.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    to.push('"');
}

/// Returns true for text that cannot be misread: it begins with a letter and has no special characters.
fn is_plain(words: &str) -> bool {
    let is_harmless = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '+' | ' ');
    let starts_well = words.starts_with(|first: char| first.is_alphabetic() || first == '_');
    starts_well
        && words.chars().all(is_harmless)
        && !words.ends_with(' ')
        && !NOT_TEXT.iter().any(|word| words.eq_ignore_ascii_case(word))
}

/// Returns true for a character that needs no escape; line breaks of any kind do, and characters that hide or reorder
/// text.
fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202f}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
        || (character >= '\u{10000}' && u32::from(character) & 0xfffe != 0xfffe)
}

#[cfg(test)]
mod tests {
    use super::document;

    fn yaml(json: &str) -> String {
        let mut bytes = Vec::new();
        document(json.as_bytes(), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn text_that_may_be_misread_is_quoted() {
        for (json, written) in [
            (r#""dock-01-camera""#, "dock-01-camera"),
            (r#""Gdańsk""#, "Gdańsk"),
            (r#""no""#, r#""no""#),
            (r#""Off""#, r#""Off""#),
            (r#""1e3""#, r#""1e3""#),
            (r#""0x1""#, r#""0x1""#),
            (r#""007""#, r#""007""#),
            (r#""12:30:00""#, r#""12:30:00""#),
            (r#""2026-01-01""#, r#""2026-01-01""#),
            (r#""364027113840054272""#, r#""364027113840054272""#),
            (r#""""#, r#""""#),
            (r#""~""#, r#""~""#),
            (r#""a: b""#, r#""a: b""#),
            (r#""a #b""#, r#""a #b""#),
            (r#""one\ntwo""#, r#""one\ntwo""#),
            (r#""\u0000\u0085\u2028\ufeff""#, r#""\u0000\u0085\u2028\ufeff""#),
            ("1e3", "1.0e+3"),
            ("-1.5E-7", "-1.5e-7"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("null", "null"),
        ] {
            assert_eq!(yaml(json), format!("{written}\n"), "{json}");
        }
    }

    #[test]
    fn lists_and_objects_are_in_block_style() {
        assert_eq!(
            yaml(r#"{"a":{"b":[],"c":{}},"no":[1,[2,[3]],{"x":1,"y":[null]}],"a":{"d":true}}"#),
            "\"no\":\n  - 1\n  - - 2\n    - - 3\n  - x: 1\n    \"y\":\n      - null\na:\n  d: true\n"
        );
    }
}
