//! `--jq`: passes the result through a filter in the jq language, value by value.
//!
//! The engine is `crate::jq`; this module has the error messages of the option, and formats the outputs as lines.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use jaq_json::Val;

use crate::jq::{DEEPEST, Fault, Program, for_each_item, short};

pub use crate::jq::Ending;

/// How much is buffered before it is passed on: this saves writes, and no secret is split between two of them.
const ENOUGH: usize = 1 << 16;

/// Consumes buffered outputs and messages, or ends the filter.
pub type Take<'t> = &'t mut dyn FnMut(&mut Vec<u8>, &mut String) -> ControlFlow<()>;

/// A compiled filter.
pub struct Filter {
    text: String,
    program: Program,
    /// The same for one item of a list, once a list comes item by item.
    per_item: OnceLock<Program>,
}

/// Compiles a filter, to find its mistakes before the command does anything.
pub fn check(text: &str) -> Result<String, String> {
    Filter::new(text).map(|_| text.to_owned())
}

impl Filter {
    /// Compiles a filter; the error says what was expected, and where.
    pub fn new(text: &str) -> Result<Filter, String> {
        let program = Program::new(text)?;
        Ok(Filter { text: text.to_owned(), program, per_item: OnceLock::new() })
    }

    /// Makes the filter take a list item by item, and returns true, if its outputs are the same then: the list need not be
    /// held.
    pub fn take_items(&self) -> bool {
        if !self.takes_items()
            && let Some(program) = for_each_item(&self.text).and_then(|text| Program::new(&text).ok())
        {
            _ = self.per_item.set(program);
        }
        self.takes_items()
    }

    /// Returns true if the filter takes a list item by item.
    pub fn takes_items(&self) -> bool {
        self.per_item.get().is_some()
    }

    /// Writes each output of the filter for each JSON value in `json` on a line: strings bare, everything else as
    /// JSON. Messages of the filter are appended to `said`. Once either is large, `take` consumes it or ends the filter.
    pub fn run(&self, json: &[u8], to: &mut Vec<u8>, said: &mut String, take: Take<'_>) -> Result<Ending, String> {
        let (mut heard, mut much) = (String::new(), ENOUGH);
        let program = self.per_item.get().unwrap_or(&self.program);
        let ended = program.run(json, &mut heard, |value, heard| {
            match value {
                Val::TStr(text) => to.extend_from_slice(&text),
                value => to.extend_from_slice(value.to_string().as_bytes()),
            }
            to.push(b'\n');
            said.push_str(&std::mem::take(heard));
            if to.len().max(said.len()) < much {
                return ControlFlow::Continue(());
            }
            let taken = take(to, said);
            // What is left is not looked at again before it has doubled.
            much = ENOUGH.max(2 * to.len());
            taken
        });
        let ended = ended.map_err(|fault| match fault {
            Fault::NoJson => "the output is not JSON, which `--jq` needs".to_owned(),
            Fault::TooDeep => format!("the output is nested more than {DEEPEST} deep, which `--jq` cannot read"),
            Fault::Failed(error) => format!("`--jq` failed: {error}"),
            // `halt_error` has its own message.
            Fault::Halted(code) => match std::mem::take(&mut heard).trim_end() {
                "" => format!("`--jq` halted with {code}"),
                words => format!("`--jq` halted: {}", short(words)),
            },
        });
        said.push_str(&heard);
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::{ENOUGH, Ending, Filter};
    use std::ops::ControlFlow;

    fn run(filter: &str, json: &str) -> String {
        let mut out = Vec::new();
        Filter::new(filter)
            .unwrap()
            .run(json.as_bytes(), &mut out, &mut String::new(), &mut |_, _| ControlFlow::Continue(()))
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn strings_are_printed_bare_and_everything_else_as_json() {
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
            Filter::new(filter)
                .unwrap()
                .run(json, &mut Vec::new(), &mut String::new(), &mut |_, _| ControlFlow::Continue(()))
                .unwrap_err()
        };
        assert!(fails(".a.b", b"{\"a\":1}").contains("`--jq` failed"));
        let long = format!("\"{}\"", "x".repeat(5000));
        assert!(fails(".a.b", long.as_bytes()).len() < 200);
        let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        assert!(fails(".", deep.as_bytes()).contains("512 deep"));
        assert!(fails(".", b"id  name").contains("not JSON"));
    }

    #[test]
    fn halt_keeps_earlier_output_and_ends_the_run() {
        let ends = |filter: &str| {
            let (mut out, mut said) = (Vec::new(), String::new());
            let ending = Filter::new(filter)
                .unwrap()
                .run(b"[1,2]\n[3]\n", &mut out, &mut said, &mut |_, _| ControlFlow::Continue(()));
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
            (Ok(Ending::Continues), "2\n1\n", "[1,2]\ndebug: 2\n[3]\ndebug: 1\n")
        );
    }

    #[test]
    fn the_output_of_an_endless_filter_is_passed_on_in_pieces_until_the_reader_stops() {
        let (mut out, mut said, mut taken) = (Vec::new(), String::new(), Vec::new());
        let ended = Filter::new("repeat(debug)").unwrap().run(b"1", &mut out, &mut said, &mut |made, said| {
            taken.push((made.len(), said.len()));
            made.clear();
            said.clear();
            if taken.len() < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert!(ended == Ok(Ending::Halted) && out.is_empty() && said.len() < 32, "{ended:?}");
        assert!(taken.iter().all(|(made, said)| *made < 2 * ENOUGH && *said < 2 * ENOUGH), "{taken:?}");
    }

    #[test]
    fn a_filter_cannot_access_the_process() {
        for filter in ["env", "$ENV", "input", "inputs", "input_filename", "get_search_list"] {
            assert!(Filter::new(filter).is_err(), "{filter}");
        }
    }

    #[test]
    fn digits_are_unchanged() {
        for number in
            ["123456789012345678901234567890", "-371650114937028608123", "1.10", "1e400", "0.1000000000000000055"]
        {
            assert_eq!(run(".", number), format!("{number}\n"));
            assert_eq!(run("{a: .[0]}", &format!("[{number}]")), format!("{{\"a\":{number}}}\n"));
        }
    }
}
