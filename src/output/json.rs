//! A JSON value that keeps the order of its members and every digit of its numbers.
//!
//! It must not parse numbers into machine types, which would change them.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::cell::Cell;

/// The deepest nesting that is accepted, because values are read and written recursively.
const DEEPEST: usize = 128;

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Json {
    Null,
    Flag(bool),
    Number(Box<RawValue>),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a value; returns `None` if it is nested too deep.
    pub fn of(raw: &RawValue) -> Option<Json> {
        read(raw, DEEPEST)
    }

    /// Returns a member of an object; of duplicates the last one counts, as in most parsers.
    pub fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().rfind(|(own, _)| own == name).map(|(_, member)| member),
            _ => None,
        }
    }

    /// Returns the value at a path such as `location.name`; for a list, the values at that path in each element.
    pub fn part(&self, path: &str) -> Json {
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        match self {
            Json::List(items) => Json::List(items.iter().map(|item| item.part(path)).collect()),
            _ => match self.member(head) {
                Some(member) if rest.is_empty() => member.clone(),
                Some(member) => member.part(rest),
                None => Json::Null,
            },
        }
    }

    /// Returns the value at a path as a cell; several values if the path goes through a list.
    pub fn cell(&self, path: &str) -> Cell<'_> {
        let (mut here, mut rest) = (self, path);
        while let (Json::Object(_), false) = (here, rest.is_empty()) {
            let (head, below) = rest.split_once('.').unwrap_or((rest, ""));
            let Some(member) = here.member(head) else { return Cell::Nothing };
            (here, rest) = (member, below);
        }
        match here {
            Json::Null => Cell::Nothing,
            Json::Flag(flag) => Cell::Flag(*flag),
            Json::Number(raw) => match raw.get().parse() {
                Ok(number) => Cell::Verbatim(raw.get(), Box::new(Cell::Number(number))),
                Err(_) => Cell::Text(raw.get().into()),
            },
            Json::Text(text) => match time(text) {
                Some(time) => Cell::Verbatim(text, Box::new(Cell::Time(time))),
                None => Cell::Text(text.into()),
            },
            Json::List(_) => {
                let mut names = Vec::new();
                if here.names(rest, &mut names) { Cell::names(names.into_iter()) } else { here.as_text() }
            }
            Json::Object(_) => here.as_text(),
        }
    }

    /// Collects the values at a path in every element; returns false if one of them is not a scalar.
    fn names<'j>(&'j self, path: &str, to: &mut Vec<&'j str>) -> bool {
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        match self {
            Json::List(items) => return items.iter().all(|item| item.names(path, to)),
            Json::Object(_) if path.is_empty() => return false,
            Json::Object(_) => return self.member(head).is_none_or(|member| member.names(rest, to)),
            Json::Null => {}
            Json::Flag(flag) => to.push(if *flag { "true" } else { "false" }),
            Json::Number(raw) => to.push(raw.get()),
            Json::Text(text) => to.push(text),
        }
        true
    }

    fn as_text(&self) -> Cell<'_> {
        Cell::Text(serde_json::to_string(self).unwrap_or_default().into())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => to.serialize_unit(),
            Json::Flag(flag) => to.serialize_bool(*flag),
            Json::Number(raw) => raw.serialize(to),
            Json::Text(text) => to.serialize_str(text),
            Json::List(items) => to.collect_seq(items),
            Json::Object(members) => to.collect_map(members.iter().map(|(name, member)| (name, member))),
        }
    }
}

fn read(raw: &RawValue, depth: usize) -> Option<Json> {
    let (text, depth) = (raw.get(), depth.checked_sub(1)?);
    Some(match text.as_bytes().first()? {
        b'{' => Json::Object(members(text, depth)?),
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            Json::List(items.into_iter().map(|item| read(item, depth)).collect::<Option<_>>()?)
        }
        // A string that is invalid Unicode must not make the other values unreadable.
        b'"' => Json::Text(serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned())),
        b't' | b'f' => Json::Flag(text == "true"),
        b'n' => Json::Null,
        _ => Json::Number(raw.to_owned()),
    })
}

fn members(text: &str, depth: usize) -> Option<Vec<(String, Json)>> {
    struct InOrder(usize);

    impl<'de> serde::de::Visitor<'de> for InOrder {
        type Value = Option<Vec<(String, Json)>>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members: Option<Vec<(String, Json)>> = Some(Vec::new());
            while let Some((name, raw)) = map.next_entry::<String, &RawValue>()? {
                let member = read(raw, self.0);
                members = members.zip(member).map(|(mut members, member)| {
                    members.push((name, member));
                    members
                });
            }
            Ok(members)
        }
    }

    let mut json = serde_json::Deserializer::from_str(text);
    serde::Deserializer::deserialize_map(&mut json, InOrder(depth)).ok()?
}

/// Reads a time; a text counts as one only if it is complete, including the time zone.
fn time(text: &str) -> Option<jiff::Timestamp> {
    let looks_so = text.len() >= 20 && text.as_bytes()[0].is_ascii_digit();
    text.parse().ok().filter(|_| looks_so)
}

#[cfg(test)]
mod tests {
    use super::Json;
    use serde_json::value::RawValue;

    fn json(text: &str) -> Option<Json> {
        Json::of(&RawValue::from_string(text.to_owned()).unwrap())
    }

    #[test]
    fn digits_and_the_order_of_members_are_unchanged() {
        let text = r#"{"z":1.10,"a":[123456789012345678901234567890,-0,1e400],"b":{"é":null,"t":true},"s":"\"x\n"}"#;
        assert_eq!(serde_json::to_string(&json(text).unwrap()).unwrap(), text);
        let deep = ["[".repeat(200), "]".repeat(200)].concat();
        assert!(json(&deep).is_none());
    }

    #[test]
    fn a_path_leads_through_objects_and_into_each_element() {
        let value = json(
            r#"{"n":1.50,"at":"2026-01-01T00:00:00.000Z","l":{"x":{"y":"z"}},"t":[{"n":"a"},{"n":null},{"n":"b"}],
                "e":[],"no":null,"ok":true,"mixed":["a",2,false]}"#,
        );
        let value = value.unwrap();
        let cell = |path: &str| value.cell(path).exact().into_owned();
        for (path, text) in [
            ("n", "1.50"),
            ("at", "2026-01-01T00:00:00.000Z"),
            ("l.x.y", "z"),
            ("l.x", r#"{"y":"z"}"#),
            ("t.n", "a, b"),
            ("t", r#"[{"n":"a"},{"n":null},{"n":"b"}]"#),
            ("e", ""),
            ("e.n", ""),
            ("no.more", ""),
            ("nothing", ""),
            ("ok", "true"),
            ("mixed", "a, 2, false"),
        ] {
            assert_eq!(cell(path), text, "{path}");
        }
        assert_eq!(serde_json::to_string(&value.part("t.n")).unwrap(), r#"["a",null,"b"]"#);
        assert_eq!(serde_json::to_string(&value.part("l.q.y")).unwrap(), "null");
    }
}
