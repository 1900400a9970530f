//! The jq engine: compiles a program once and runs it on JSON values.
//!
//! It must not print, nor know who calls it. A failure may quote a value: a caller whose values may be secrets must
//! not show it.

use std::cell::RefCell;
use std::iter;
use std::ops::ControlFlow;

use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::native::{Fun, run, v};
use jaq_core::path::{Opt, Part};
use jaq_core::{Compiler, Ctx, Native, Vars, compile, data};
use jaq_json::{Val, read};

/// The most characters of an error that are shown.
const MOST: usize = 160;

/// The most bytes of messages between two outputs: a program may run endlessly.
const MOST_MESSAGES: usize = 16 << 20;

/// The deepest nesting that is accepted: the library reads and writes values recursively, and more could overflow the
/// stack.
pub const DEEPEST: usize = 512;

/// Formats that jq has and the library lacks.
const FORMATS: &str = r#"
def @json: tojson;
def @csv: [.[] | if type == "string" then "\"" + (split("\"") | join("\"\"")) + "\""
    elif . == null then "" elif type == "array" or type == "object" then error("a list or an object cannot be a CSV field")
    else tostring end] | join(",");
def @tsv: [.[] | if type == "string" then
    (split("\\") | join("\\\\") | split("\t") | join("\\t") | split("\n") | join("\\n") | split("\r") | join("\\r"))
    elif . == null then "" elif type == "array" or type == "object" then error("a list or an object cannot be a TSV field")
    else tostring end] | join("\t");
"#;

type Data = data::JustLut<Val>;

/// Functions that give a filter access to the process: its environment may hold a key, and only `Output` writes to
/// stderr.
const PROCESS_FUNCTIONS: [&str; 3] = ["env", "stderr_empty", "debug_empty"];

thread_local! {
    /// What `stderr`, `debug` and `halt_error` printed.
    #[cfg_attr(windows, expect(clippy::missing_const_for_thread_local, reason = "it is const, but the lint does not see it there"))]
    static MESSAGES: RefCell<String> = const { RefCell::new(String::new()) };
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The program wants the next value.
    Continues,
    /// The program called `halt`, or its reader wants no more outputs.
    Halted,
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Fault {
    /// The input is not JSON.
    NoJson,
    /// The input is nested deeper than [`DEEPEST`].
    TooDeep,
    /// The program halted with this exit code.
    Halted(i32),
    /// The program failed; the engine's message, truncated.
    Failed(String),
}

/// A compiled program.
pub struct Program(compile::Filter<Native<Data>>);

impl Program {
    /// Compiles a program; the error says what was expected, and where.
    pub fn new(text: &str) -> Result<Program, String> {
        let formats = load::parse(FORMATS, |parser| parser.defs()).unwrap_or_default();
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(formats);
        let standard = jaq_std::funs().filter(|(name, ..)| !PROCESS_FUNCTIONS.contains(name));
        let functions = jaq_core::funs().chain(standard).chain(jaq_json::funs()).chain(message_functions());
        let arena = Arena::default();
        let modules = Loader::new(definitions).load(&arena, File { code: text, path: () }).map_err(|errors| {
            let first = errors.into_iter().next().map(|(_, error)| error);
            first.as_ref().map_or_else(String::new, misread)
        })?;
        let filter = Compiler::default().with_funs(functions).compile(modules).map_err(|errors| {
            let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
            first.map_or_else(String::new, |(name, what)| format!("there is no {} `{name}`", what.as_str()))
        })?;
        Ok(Program(filter))
    }

    /// Passes each output of the program for each JSON value in `json` to `each`, until `each` breaks: a program may run
    /// endlessly. Messages of the program are appended to `said` before the next output.
    pub fn run(
        &self,
        json: &[u8],
        said: &mut String,
        mut each: impl FnMut(Val, &mut String) -> ControlFlow<()>,
    ) -> Result<Ending, Fault> {
        let ended = self.run_all(json, &mut |value| {
            said.push_str(&MESSAGES.take());
            each(value, said)
        });
        said.push_str(&MESSAGES.take());
        ended
    }

    fn run_all(&self, json: &[u8], each: &mut impl FnMut(Val) -> ControlFlow<()>) -> Result<Ending, Fault> {
        if depth(json) > DEEPEST {
            return Err(Fault::TooDeep);
        }
        for input in read::parse_many(json) {
            let input = input.map_err(|_| Fault::NoJson)?;
            let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
            for output in self.0.id.run((context, input)) {
                match output.map_err(|exception| exception.get_halt()) {
                    Ok(value) => {
                        if each(value).is_break() {
                            return Ok(Ending::Halted);
                        }
                    }
                    Err(Ok(0)) => return Ok(Ending::Halted),
                    Err(Ok(code)) => return Err(Fault::Halted(code)),
                    Err(Err(exception)) => {
                        let error = exception.get_err().map_or_else(|_| String::new(), |error| error.to_string());
                        return Err(Fault::Failed(short(&error)));
                    }
                }
            }
        }
        Ok(Ending::Continues)
    }

    /// Returns the single output for one JSON value as JSON, or `None` if the program fails or has no output or
    /// several. Drops the error message, which may contain a secret.
    pub fn value(&self, json: &[u8]) -> Option<String> {
        let mut first = None;
        let ended = self.run(json, &mut String::new(), |value, _| {
            if first.is_some() {
                return ControlFlow::Break(());
            }
            first = Some(value.to_string());
            ControlFlow::Continue(())
        });
        first.filter(|_| matches!(ended, Ok(Ending::Continues)))
    }
}

/// Returns the program for one item, if `text` takes a list item by item: if it is a path or a pipe that starts with `.[]`.
/// Its outputs for all items are those of `text` for the list.
pub fn for_each_item(text: &str) -> Option<String> {
    let term = load::parse(text, |parser| parser.term())?;
    let rest = text.trim_start().strip_prefix(".[]").filter(|_| starts_with_each(&term))?.trim_start();
    // A path goes on with its own dot.
    Some(if rest.starts_with('.') { rest.to_owned() } else { format!(".{rest}") })
}

fn starts_with_each(term: &Term<&str>) -> bool {
    match term {
        Term::BinOp(first, BinaryOp::Pipe(None), _) => starts_with_each(first),
        Term::Path(of, path) if matches!(**of, Term::Id) => {
            matches!(path.0.first(), Some((Part::Range(None, None), Opt::Essential)))
        }
        _ => false,
    }
}

/// `stderr` and `debug`, whose messages are printed after the filter has ended.
fn message_functions() -> [Fun<Data>; 2] {
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
    MESSAGES.with_borrow_mut(|said| {
        if said.len() < MOST_MESSAGES {
            said.push_str(&format!("{before}{text}\n"));
        }
    });
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

/// Truncates an error message: it quotes the value that failed, which may be the whole fleet.
pub fn short(text: &str) -> String {
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
