//! `--jq`: the result through a filter in the jq language, value by value.

use std::cell::RefCell;
use std::iter;

use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::native::{Fun, run, v};
use jaq_core::{Compiler, Ctx, Native, Vars, compile, data};
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

/// What a filter reaches the process by: its environment may hold a key, and stderr is not for it to write to.
const OF_THE_PROCESS: [&str; 3] = ["env", "stderr_empty", "debug_empty"];

thread_local! {
    /// What `stderr`, `debug` and `halt_error` say.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// How a filter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It wants the next value.
    GoesOn,
    /// It said `halt`, and wants no more.
    Halted,
}

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
        let of_jq = jaq_std::funs().filter(|(name, ..)| !OF_THE_PROCESS.contains(name));
        let functions = jaq_core::funs().chain(of_jq).chain(jaq_json::funs()).chain(speech());
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

    /// Writes what the filter makes of each JSON value in a text: text as it is, all else as JSON, one in a line. What it has
    /// to say besides goes to `said`.
    pub fn run(&self, json: &[u8], to: &mut Vec<u8>, said: &mut String) -> Result<Ending, String> {
        let ended = self.run_all(json, to);
        said.push_str(&SAID.take());
        ended
    }

    fn run_all(&self, json: &[u8], to: &mut Vec<u8>) -> Result<Ending, String> {
        if depth(json) > DEEPEST {
            return Err(format!("the output is nested more than {DEEPEST} deep, which `--jq` cannot read"));
        }
        for input in read::parse_many(json) {
            let input = input.map_err(|_| "the output is no JSON, which `--jq` needs".to_owned())?;
            let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
            for output in self.0.id.run((context, input)) {
                match output.map_err(|exception| exception.get_halt()) {
                    Ok(Val::TStr(text)) => to.extend_from_slice(&text),
                    Ok(value) => to.extend_from_slice(value.to_string().as_bytes()),
                    Err(Ok(0)) => return Ok(Ending::Halted),
                    Err(Ok(code)) => return Err(halted(code)),
                    Err(Err(exception)) => {
                        let error = exception.get_err().map_or_else(|_| String::new(), |error| error.to_string());
                        return Err(format!("`--jq` failed: {}", short(&error)));
                    }
                }
                to.push(b'\n');
            }
        }
        Ok(Ending::GoesOn)
    }
}

/// `stderr` and `debug`, whose words are told when the filter has ended.
fn speech() -> [Fun<Data>; 2] {
    [
        run(("stderr_empty", v(0), |cv| {
            say("", &cv.1);
            Box::new(iter::empty())
        })),
        run(("debug_empty", v(0), |cv| {
            say("debug: ", &cv.1);
            Box::new(iter::empty())
        })),
    ]
}

fn say(before: &str, value: &Val) {
    let text = match value {
        Val::TStr(text) => String::from_utf8_lossy(text).into_owned(),
        value => value.to_string(),
    };
    SAID.with_borrow_mut(|said| said.push_str(&format!("{before}{text}\n")));
}

/// Says why a filter ended the run: with `halt_error` in its own words.
fn halted(code: i32) -> String {
    match SAID.take().trim_end() {
        "" => format!("`--jq` halted with {code}"),
        words => format!("`--jq` halted: {}", short(words)),
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
    use super::{Ending, Filter};

    fn run(filter: &str, json: &str) -> String {
        let mut out = Vec::new();
        Filter::new(filter).unwrap().run(json.as_bytes(), &mut out, &mut String::new()).unwrap();
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
        let fails = |filter: &str, json: &[u8]| {
            Filter::new(filter).unwrap().run(json, &mut Vec::new(), &mut String::new()).unwrap_err()
        };
        assert!(fails(".a.b", b"{\"a\":1}").contains("`--jq` failed"));
        let long = format!("\"{}\"", "x".repeat(5000));
        assert!(fails(".a.b", long.as_bytes()).len() < 200);
        let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        assert!(fails(".", deep.as_bytes()).contains("512 deep"));
        assert!(fails(".", b"id  name").contains("no JSON"));
    }

    #[test]
    fn halt_keeps_what_came_before_it_and_wants_no_more() {
        let ends = |filter: &str| {
            let (mut out, mut said) = (Vec::new(), String::new());
            let ending = Filter::new(filter).unwrap().run(b"[1,2]\n[3]\n", &mut out, &mut said);
            (ending, String::from_utf8(out).unwrap(), said)
        };
        assert_eq!(ends(".[], halt, 9"), (Ok(Ending::Halted), "1\n2\n".to_owned(), String::new()));
        assert_eq!(ends(".[] | if . == 2 then halt else . end").1, "1\n");
        assert_eq!(
            ends(".[0], (\"no\" | halt_error)"),
            (Err("`--jq` halted: no".to_owned()), "1\n".to_owned(), String::new())
        );
        assert_eq!(ends("halt(3)").0, Err("`--jq` halted with 3".to_owned()));
        assert_eq!(ends("try halt catch 1").0, Ok(Ending::Halted));
        let (ending, out, said) = ends("stderr | length | debug");
        assert_eq!(
            (ending, out.as_str(), said.as_str()),
            (Ok(Ending::GoesOn), "2\n1\n", "[1,2]\ndebug: 2\n[3]\ndebug: 1\n")
        );
    }

    #[test]
    fn the_process_is_out_of_reach() {
        for filter in ["env", "$ENV", "input", "inputs", "input_filename", "get_search_list"] {
            assert!(Filter::new(filter).is_err(), "{filter}");
        }
    }

    #[test]
    fn digits_stay_as_they_came() {
        for number in
            ["123456789012345678901234567890", "-371650114937028608123", "1.10", "1e400", "0.1000000000000000055"]
        {
            assert_eq!(run(".", number), format!("{number}\n"));
            assert_eq!(run("{a: .[0]}", &format!("[{number}]")), format!("{{\"a\":{number}}}\n"));
        }
    }
}
