//! `--template`: formats each value of the result with the user's Jinja template.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::value::ValueKind;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde_json::value::RawValue;

use crate::secret;

/// A compiled template.
pub struct Template {
    environment: Environment<'static>,
    /// The members that the template uses.
    names: BTreeSet<String>,
}

/// The deepest nesting that is accepted, because values are read recursively.
const DEEPEST: usize = 128;

/// The template's internal name.
const NAME: &str = "template";

/// Compiles a template, to find its mistakes before the command does anything.
pub fn check(text: &str) -> Result<String, String> {
    Template::new(text).map(|_| text.to_owned())
}

impl Template {
    /// Compiles a template; the error says what is wrong.
    pub fn new(text: &str) -> Result<Template, String> {
        let mut environment = Environment::new();
        // A missing member is empty, and so is a member of a missing one.
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.add_template_owned(NAME, text.to_owned()).map_err(|error| error.to_string())?;
        let undeclared = environment.get_template(NAME).map(|template| template.undeclared_variables(false));
        let is_global = |name: &String| environment.globals().any(|(global, _)| global == name);
        let names = undeclared.unwrap_or_default().into_iter().filter(|name| !is_global(name)).collect();
        Ok(Template { environment, names })
    }

    /// Writes a line for each JSON value in `json`.
    pub fn run(&self, json: &[u8], to: &mut Vec<u8>) -> Result<(), String> {
        let template = self.environment.get_template(NAME).map_err(|error| error.to_string())?;
        for value in serde_json::Deserializer::from_slice(json).into_iter::<&RawValue>() {
            let read = value.ok().and_then(|raw| Some((exact(raw, DEEPEST)?, raw)));
            let (value, raw) = read.ok_or("the output is not JSON, which `--template` needs")?;
            self.knows(&value, raw)?;
            let line = template.render(value).map_err(|error| format!("`--template` failed: {error:#}"))?;
            to.extend_from_slice(line.as_bytes());
            to.push(b'\n');
        }
        Ok(())
    }

    /// Refuses an unknown top-level name, which would be empty on every line. A nested member may exist in other
    /// values.
    fn knows(&self, value: &Value, raw: &RawValue) -> Result<(), String> {
        let is_missing = |name: &&String| value.get_attr(name).is_ok_and(|member| member.is_undefined());
        match self.names.iter().find(is_missing).filter(|_| value.kind() == ValueKind::Map) {
            None => Ok(()),
            Some(name) => {
                let there: serde_json::Map<_, _> = serde_json::from_str(raw.get()).unwrap_or_default();
                let there: Vec<&str> = there.keys().map(String::as_str).collect();
                let name = secret::repeatable(name);
                Err(format!("`--template` asks for `{name}`; there is {}", there.join(", ")))
            }
        }
    }
}

/// Converts a JSON value. A number that a machine type would change becomes a string; returns `None` for too deep
/// nesting.
fn exact(raw: &RawValue, depth: usize) -> Option<Value> {
    let (text, depth) = (raw.get(), depth.checked_sub(1)?);
    Some(match text.as_bytes().first()? {
        b'{' => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            let members = members.into_iter().map(|(name, member)| Some((name, exact(member, depth)?)));
            members.collect::<Option<BTreeMap<String, Value>>>()?.into()
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            items.into_iter().map(|item| exact(item, depth)).collect::<Option<Vec<Value>>>()?.into()
        }
        b'-' | b'0'..=b'9' => {
            let number: serde_json::Number = serde_json::from_str(text).ok()?;
            if number.to_string() == text { Value::from_serialize(&number) } else { text.into() }
        }
        _ => Value::from_serialize(serde_json::from_str::<serde_json::Value>(text).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn each_value_is_a_line() {
        let template =
            Template::new("{{ name|upper }} in {{ location.name }}{% if tags %} ({{ tags|length }}){% endif %}");
        let mut out = Vec::new();
        let json = b"{\"name\":\"dock\",\"location\":{\"name\":\"Hall\"},\"tags\":[1,2]}\n\
                     {\"name\":\"<gate>\",\"location\":null,\"tags\":[]}\n";
        template.unwrap().run(json, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "DOCK in Hall (2)\n<GATE> in \n");
    }

    #[test]
    fn a_mistake_is_named() {
        let typo = Template::new("{% for n in range(2) %}{{ nmae }}{% endfor %}").unwrap();
        let told = typo.run(b"{\"id\":1,\"name\":2}", &mut Vec::new()).unwrap_err();
        assert_eq!(told, "`--template` asks for `nmae`; there is id, name");
        assert!(Template::new("{{ name").map(drop).unwrap_err().contains("syntax error"));
        assert!(Template::new("x").unwrap().run(b"id name", &mut Vec::new()).unwrap_err().contains("not JSON"));
    }

    #[test]
    fn digits_are_unchanged() {
        let template = Template::new("{{ a }} {{ b.c }} {{ d + 1 }}").unwrap();
        let mut out = Vec::new();
        template.run(b"{\"a\":123456789012345678901234567890,\"b\":{\"c\":1.10},\"d\":41}", &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "123456789012345678901234567890 1.10 42\n");
        let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        assert!(template.run(deep.as_bytes(), &mut Vec::new()).unwrap_err().contains("not JSON"));
    }
}
