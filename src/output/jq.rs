//! `--jq`: the result through a filter in the jq language, value by value.

use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Native, Vars, compile, data, unwrap_valr};
use jaq_json::{Val, read};

/// So many characters of an error are told.
const MOST: usize = 160;

/// What is nested deeper would not fit the stack: the library reads and writes values by recursion.
const DEEPEST: usize = 512;

/// What people know from jq and the library does not have.
const FORMATS: &str = r#"
def @json: tojson;
def @csv: [.[] | if type == "string" then "\"" + (split("\"") | join("\"\"")) + "\""
    elif . == null then "" elif type == "array" or type == "object" then error("a list or an object is no CSV field")
    else tostring end] | join(",");
def @tsv: [.[] | if type == "string" then
    (split("\\") | join("\\\\") | split("\t") | join("\\t") | split("\n") | join("\\n") | split("\r") | join("\\r"))
    elif . == null then "" elif type == "array" or type == "object" then error("a list or an object is no TSV field")
    else tostring end] | join("\t");
"#;

type Data = data::JustLut<Val>;

/// A filter that was understood.
pub struct Filter(compile::Filter<Native<Data>>);

/// Reads the text of a filter, to find its mistakes before anything is done.
pub fn check(text: &str) -> Result<String, String> {
    Filter::new(text).map(|_| text.to_owned())
}

impl Filter {
    /// Compiles a filter; an error says what was expected, and where.
    pub fn new(text: &str) -> Result<Filter, String> {
        let formats = load::parse(FORMATS, |parser| parser.defs()).unwrap_or_default();
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(formats);
        let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
        let arena = Arena::default();
        let modules = Loader::new(definitions).load(&arena, File { code: text, path: () }).map_err(|errors| {
            let first = errors.into_iter().next().map(|(_, error)| error);
            first.as_ref().map_or_else(String::new, misread)
        })?;
        let filter = Compiler::default().with_funs(functions).compile(modules).map_err(|errors| {
            let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
            first.map_or_else(String::new, |(name, what)| format!("there is no {} `{name}`", what.as_str()))
        })?;
        Ok(Filter(filter))
    }

    /// Writes what the filter makes of each JSON value in a text: text as it is, all else as JSON, one in a line.
    pub fn run(&self, json: &[u8], to: &mut Vec<u8>) -> Result<(), String> {
        if depth(json) > DEEPEST {
            return Err(format!("the output is nested more than {DEEPEST} deep, which `--jq` cannot read"));
        }
        for input in read::parse_many(json) {
            let input = input.map_err(|_| "the output is no JSON, which `--jq` needs".to_owned())?;
            let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
            for output in self.0.id.run((context, input)).map(unwrap_valr) {
                match output {
                    Ok(Val::TStr(text)) => to.extend_from_slice(&text),
                    Ok(value) => to.extend_from_slice(value.to_string().as_bytes()),
                    Err(error) => return Err(format!("`--jq` failed: {}", short(&error.to_string()))),
                }
                to.push(b'\n');
            }
        }
        Ok(())
    }
}

/// Returns how deep the lists and objects of a JSON text are nested.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// An error tells the value that it met, which may be the whole fleet.
fn short(text: &str) -> String {
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn misread(error: &load::Error<&str>) -> String {
    let place = |rest: &str| if rest.is_empty() { "at the end".to_owned() } else { format!("before `{rest}`") };
    match error {
        load::Error::Io(_) => "modules cannot be used".to_owned(),
        load::Error::Lex(errors) => errors
            .first()
            .map_or_else(String::new, |(expected, rest)| format!("expected {} {}", expected.as_str(), place(rest))),
        load::Error::Parse(errors) => errors
            .first()
            .map_or_else(String::new, |(expected, rest)| format!("expected {} {}", expected.as_str(), place(rest))),
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    fn run(filter: &str, json: &str) -> String {
        let mut out = Vec::new();
        Filter::new(filter).unwrap().run(json.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_comes_bare_and_all_else_as_json() {
        let devices = r#"[{"id":"1","tags":["a"],"at":9007199254740993},{"id":"ä\n","tags":[]}]"#;
        assert_eq!(run(".[].id", devices), "1\nä\n\n");
        assert_eq!(run("map(.tags)", devices), "[[\"a\"],[]]\n");
        assert_eq!(run(".[0].at, length", devices), "9007199254740993\n2\n");
        assert_eq!(run(".[] | [.id, 1, null, true] | @csv", "[{\"id\":\"a\\\"b\"}]"), "\"a\"\"b\",1,,true\n");
        assert_eq!(run(".[] | [.id, 1, null] | @tsv", "[{\"id\":\"a\\tb\"}]"), "a\\tb\t1\t\n");
        assert_eq!(run("@json", "{\"id\":1}"), "{\"id\":1}\n");
        assert_eq!(run(".id", "{\"id\":1}\n{\"id\":null}\n"), "1\nnull\n");
        assert_eq!(run("[.[] | select(.tags | index(\"a\"))] | length", devices), "1\n");
    }

    #[test]
    fn a_mistake_is_named() {
        for (filter, said) in [(".[", "expected"), ("nope", "there is no"), ("$x", "there is no"), ("", "expected")] {
            let error = Filter::new(filter).map(drop).unwrap_err();
            assert!(error.contains(said), "{filter}: {error}");
        }
        let filter = Filter::new(".a.b").unwrap();
        assert!(filter.run(b"{\"a\":1}", &mut Vec::new()).unwrap_err().contains("`--jq` failed"));
        let long = format!("\"{}\"", "x".repeat(5000));
        assert!(filter.run(long.as_bytes(), &mut Vec::new()).unwrap_err().len() < 200);
        let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        assert!(filter.run(deep.as_bytes(), &mut Vec::new()).unwrap_err().contains("512 deep"));
        assert!(filter.run(b"id  name", &mut Vec::new()).unwrap_err().contains("no JSON"));
    }
}
