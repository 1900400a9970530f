//! The jq engine: a program in the jq language, compiled once and run on JSON values.
//!
//! It must not print, nor say who asked. A failure may quote a value: those whose values may be secrets must not show it.

use std::cell::RefCell;
use std::iter;
use std::ops::ControlFlow;

use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::native::{Fun, run, v};
use jaq_core::{Compiler, Ctx, Native, Vars, compile, data};
use jaq_json::{Val, read};

/// So many characters of an error are told.
const MOST: usize = 160;

/// A program says no more than this between two values: it may have no end.
const MOST_SAID: usize = 16 << 20;

/// What is nested deeper would not fit the stack: the library reads and writes values by recursion.
pub const DEEPEST: usize = 512;

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
    #[cfg_attr(windows, expect(clippy::missing_const_for_thread_local, reason = "it is one, which is not seen there"))]
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It wants the next value.
    GoesOn,
    /// It said `halt`, and wants no more; or nobody takes any more of it.
    Halted,
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Fault {
    /// The input is no JSON.
    NoJson,
    /// The input is nested deeper than [`DEEPEST`].
    TooDeep,
    /// It halted with this code.
    Halted(i32),
    /// It failed, in the engine's words, cut.
    Failed(String),
}

/// A program that was understood.
pub struct Program(compile::Filter<Native<Data>>);

impl Program {
    /// Compiles a program; an error says what was expected, and where.
    pub fn new(text: &str) -> Result<Program, String> {
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
        Ok(Program(filter))
    }

    /// Hands on what the program makes of each JSON value in a text, until that is taken no more: a program may have no end. What
    /// it has to say besides goes to `said`, before the value that follows.
    pub fn run(
        &self,
        json: &[u8],
        said: &mut String,
        mut each: impl FnMut(Val, &mut String) -> ControlFlow<()>,
    ) -> Result<Ending, Fault> {
        let ended = self.run_all(json, &mut |value| {
            said.push_str(&SAID.take());
            each(value, said)
        });
        said.push_str(&SAID.take());
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
        Ok(Ending::GoesOn)
    }

    /// Returns the one value that the program makes of one JSON value, as JSON; none where it fails, or makes none or several.
    /// What failed is not told: it may be a secret.
    pub fn value(&self, json: &[u8]) -> Option<String> {
        let mut first = None;
        let ended = self.run(json, &mut String::new(), |value, _| {
            if first.is_some() {
                return ControlFlow::Break(());
            }
            first = Some(value.to_string());
            ControlFlow::Continue(())
        });
        first.filter(|_| matches!(ended, Ok(Ending::GoesOn)))
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
    SAID.with_borrow_mut(|said| {
        if said.len() < MOST_SAID {
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

/// An error tells the value that it met, which may be the whole fleet.
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
