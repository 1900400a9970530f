//! Generated requests: all of those that hide something forbidden are refused, all harmless ones pass.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::broker::document::Document;
use crate::broker::policy::Policy;
use crate::broker::request::Request;
use crate::broker::root::Root;
use crate::draw::Draw;

/// The number of requests that hide something.
const MADE: u64 = 10_000;

/// The number of harmless requests; each is parsed and written twice.
const HARMLESS: u64 = 2_000;

/// The allowed queries; their subselections do not matter.
const ALLOWED: &[&str] = &["devices", "device", "viewer", "__typename"];

const FORBIDDEN: &[&str] =
    &["apiKeys", "devicesAll", "Devices", "_devices", "__schema", "__type", "node", "__typeName"];

const MUTATIONS: &[&str] = &["revokeApiKey", "generateApiKey", "devices", "viewer", "__schema"];

/// Ignored tokens, to be put between any two tokens.
const BETWEEN: &[&str] = &[
    " ",
    "\n",
    "\r\n",
    ",",
    "\t",
    " \u{feff} ",
    " # mutation { revokeApiKey }\n",
    "\n#} query { apiKeys }\r",
    " #\"\"\"\n",
    ",,,",
];

/// Values that confuse a careless parser.
const VALUES: &[&str] = &[
    "\"} mutation { revokeApiKey {\"",
    "\"\\\"} apiKeys {\"",
    "\"\\u007d\\u0020apiKeys\"",
    "\"\\\\\"",
    "\"\"\"\n } apiKeys { \\\"\"\" # \n\"\"\"",
    "\"\"\" \"quoted\" \\u0041 \\ \"\"\"",
    "\"\"\"\"\"\"",
    "\"# no comment\"",
    "{ apiKeys: [1, -2.5e3, null, true, A, $v] }",
    "[\"\"]",
    "$v",
    "apiKeys",
];

/// What a request hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hidden {
    Query,
    Mutation,
    Subscription,
    Directive,
    Batch,
    TwiceFirst,
    TwiceLast,
    Bom,
    Persisted,
    Member,
    Fragment,
    Schema,
}

const HIDDEN: &[Hidden] = &[
    Hidden::Query,
    Hidden::Mutation,
    Hidden::Query,
    Hidden::Mutation,
    Hidden::Subscription,
    Hidden::Directive,
    Hidden::Batch,
    Hidden::TwiceFirst,
    Hidden::TwiceLast,
    Hidden::Bom,
    Hidden::Persisted,
    Hidden::Member,
    Hidden::Fragment,
    Hidden::Schema,
];

/// A document being generated.
struct Making<'d, 'b> {
    draw: &'d mut Draw<'b>,
    fragments: Vec<String>,
}

impl Making<'_, '_> {
    fn gap(&mut self) -> &'static str {
        self.draw.pick(BETWEEN)
    }

    /// Our parser does not accept a comment behind `...` and behind an alias. It refuses the document, which is safe.
    fn white(&mut self) -> &'static str {
        self.draw.pick(&["", " ", "\n", "\t\r\n"])
    }

    fn condition(&mut self) -> String {
        let gap = self.gap();
        match self.draw.below(5) {
            0 => format!("{gap}@skip(if:{gap}true)"),
            1 => format!("{gap}@include(if: false)"),
            2 => format!("{gap}@skip(if: $v) @include(if: $v)"),
            _ => String::new(),
        }
    }

    /// Returns a field with a random alias, and forbidden names inside.
    fn field(&mut self, name: &str) -> String {
        let (gap, condition) = (self.gap(), self.condition());
        let alias = match self.draw.below(4) {
            0 => format!("{}{}:{gap}", self.draw.pick(FORBIDDEN), self.white()),
            1 => format!("{}:", self.draw.pick(ALLOWED)),
            2 => "mutation:".to_owned(),
            _ => String::new(),
        };
        let arguments = match self.draw.below(3) {
            0 => format!("({gap}x:{gap}{}, y: {})", self.draw.pick(VALUES), self.draw.pick(VALUES)),
            _ => String::new(),
        };
        let inside = match self.draw.below(3) {
            0 => format!("{gap}{{{gap}id {} {{ query mutation fragment }} }}", self.draw.pick(FORBIDDEN)),
            _ => String::new(),
        };
        format!("{alias}{name}{gap}{arguments}{condition}{inside}")
    }

    /// Wraps selections in fragments of random depth.
    fn wrapped(&mut self, selections: String, on: &str, depth: usize) -> String {
        if depth == 0 {
            return selections;
        }
        let (gap, condition, points) = (self.gap(), self.condition(), self.white());
        let wrapped = match self.draw.below(4) {
            0 => {
                let condition = condition.find('@').map_or("", |at| &condition[at..]);
                format!("...{points}{condition}{points}{{{gap}{selections}{gap}}}")
            }
            1 => format!("...{points}on {on}{condition}{gap}{{{selections}}}"),
            _ => {
                let name = format!("F{}", self.fragments.len());
                self.fragments.push(String::new());
                let others = if self.draw.once_in(4) { format!("...{points}{name}") } else { String::new() };
                let fragment = format!("fragment {name}{gap}on {on}{gap}{{{selections}{gap}{others}{gap}}}");
                let own = self.fragments.iter().position(String::is_empty).unwrap();
                self.fragments[own] = fragment;
                format!("...{points}{name}{condition}")
            }
        };
        self.wrapped(wrapped, on, depth - 1)
    }

    fn operation(&mut self, kind: &str, name: &str, hidden: Option<&str>) -> String {
        let on = if kind == "mutation" { "Mutation" } else { "Query" };
        let mut parts: Vec<String> = Vec::new();
        let allowed = if kind == "mutation" { 0 } else { 1 + self.draw.below(3) };
        for _ in 0..allowed {
            let field = self.draw.pick(ALLOWED);
            let (field, depth) = (self.field(field), self.draw.below(4));
            let part = self.wrapped(field, on, depth);
            parts.push(part);
        }
        if let Some(hidden) = hidden {
            let (field, depth) = (self.field(hidden), self.draw.below(5));
            let part = self.wrapped(field, on, depth);
            let at = self.draw.below(parts.len() + 1);
            parts.insert(at, part);
        }
        let gap = self.gap();
        format!("{kind}{gap} {name}{gap}($v: Boolean = true){gap}{{{gap}{}{gap}}}", parts.join(" "))
    }

    /// Returns a document, and the names of its operations.
    fn document(&mut self, hidden: Option<Hidden>) -> (String, Vec<String>) {
        let count = 1 + self.draw.below(3);
        let odd = self.draw.below(count);
        let (mut parts, mut names) = (Vec::new(), Vec::new());
        for n in 0..count {
            let name = format!("{}{n}", self.draw.pick(&["query", "mutation", "on", "A", "fragment", "_"]));
            let hidden = hidden.filter(|_| n == odd);
            parts.push(match hidden {
                Some(Hidden::Query) => {
                    let field = self.draw.pick(FORBIDDEN);
                    self.operation("query", &name, Some(field))
                }
                Some(Hidden::Mutation) => {
                    let field = self.draw.pick(MUTATIONS);
                    self.operation("mutation", &name, Some(field))
                }
                Some(Hidden::Subscription) => format!("subscription {name} {{ devices {{ id }} }}"),
                Some(Hidden::Directive) => self.operation("query", &name, Some("devices @live")),
                Some(Hidden::Fragment) => self.operation("query", &name, Some("devices ...Nobody")),
                Some(Hidden::Schema) => "extend type Query { devices: Int }".to_owned(),
                _ => self.operation("query", &name, None),
            });
            names.push(name);
        }
        parts.append(&mut self.fragments);
        if self.draw.flag() {
            parts.reverse();
        }
        let mark = if self.draw.once_in(5) { "\u{feff}" } else { "" };
        (format!("{mark}{}", parts.join(self.gap())), names)
    }

    /// Returns a JSON string with some characters escaped.
    fn string(&mut self, text: &str) -> String {
        let mut written = String::from('"');
        let often = 2 + self.draw.below(40);
        for letter in text.chars() {
            let mut units = [0; 2];
            match letter {
                letter if u32::from(letter) < 32 || matches!(letter, '"' | '\\') || self.draw.once_in(often) => {
                    for unit in letter.encode_utf16(&mut units) {
                        written.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                letter => written.push(letter),
            }
        }
        written.push('"');
        written
    }

    fn body(&mut self, hidden: Option<Hidden>) -> String {
        let (document, names) = self.document(hidden);
        let (query, member) = (self.string(&document), self.string("query"));
        let mut members = vec![format!("{member}:{query}")];
        let operation = match self.draw.below(4) {
            0 => "null".to_owned(),
            1 => json!("Nobody").to_string(),
            _ => json!(names[self.draw.below(names.len())]).to_string(),
        };
        members.push(format!("\"operationName\": {operation}"));
        let variables: Value = json!({ "v": self.draw.value(3), "query": "mutation { revokeApiKey }" });
        members.push(format!("{} :\n{variables}", self.string("variables")));
        if self.draw.flag() {
            members.push(format!("\"extensions\":{}", self.draw.pick(&["null", "{}", "{ }"])));
        }
        match hidden {
            Some(Hidden::TwiceFirst) => members.insert(0, "\"query\":\"mutation { revokeApiKey }\"".into()),
            Some(Hidden::TwiceLast) => members.push(format!("\"qu\\u0065ry\":{query}")),
            Some(Hidden::Persisted) => {
                members.retain(|member| !member.starts_with("\"extensions\""));
                members.push("\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"00\"}}".into());
            }
            Some(Hidden::Member) => {
                let member = self.draw.pick(&["id", "queryId", "documentId", "Query", "query ", "batch", "hash"]);
                members.push(format!("{}: {query}", json!(member)));
            }
            _ => {}
        }
        if self.draw.flag() {
            members.reverse();
        }
        let body = format!("{{{}}}", members.join(" , "));
        match hidden {
            Some(Hidden::Batch) => format!("{}[{body}]", self.draw.pick(&["", " ", "\n"])),
            Some(Hidden::Bom) => format!("\u{feff}{body}"),
            _ => body,
        }
    }
}

/// Returns pseudo-random bytes, the same in every run (splitmix64).
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x2545_f491_4f6c_dd1d);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    };
    (0..400).flat_map(|_| next()).collect()
}

fn made(seed: u64, hidden: Option<Hidden>) -> String {
    let bytes = bytes(seed);
    Making { draw: &mut Draw::of(&bytes), fragments: Vec::new() }.body(hidden)
}

/// Returns whether a body would be forwarded.
fn passes(policies: &[Policy], body: &str) -> bool {
    let Ok(request) = Request::read(body.as_bytes()) else { return false };
    policies.iter().any(|policy| policy.check(&request.document).is_ok())
}

fn policies() -> [Policy; 2] {
    let only: BTreeSet<Root> = ALLOWED.iter().map(|field| Root::query(field)).collect();
    let read_only = Policy { only: Some(only.clone()), read_only: true, ..Policy::default() };
    [Policy { only: Some(only), ..Policy::default() }, read_only]
}

#[test]
fn nothing_that_is_hidden_passes() {
    let policies = policies();
    for seed in 0..MADE {
        let hidden = HIDDEN[usize::try_from(seed).unwrap() % HIDDEN.len()];
        let body = made(seed, Some(hidden));
        assert!(!passes(&policies, &body), "{seed}: {hidden:?} passed:\n{body}");
    }
}

#[test]
fn what_hides_nothing_passes_and_is_sent_as_it_was_checked() {
    let policies = policies();
    let mut most = 0;
    for seed in 0..HARMLESS {
        let body = made(seed, None);
        let request = Request::read(body.as_bytes()).unwrap_or_else(|refused| panic!("{seed}: {refused}\n{body}"));
        for policy in &policies {
            assert_eq!(policy.check(&request.document), Ok(()), "{seed}:\n{body}");
        }
        most = most.max(request.document.roots.len());
        let before: Value = serde_json::from_str(&body).unwrap();
        let variables: Value = serde_json::from_str(request.variables.unwrap().get()).unwrap();
        assert_eq!(variables, before["variables"], "{seed}");
        assert_eq!(request.operation.as_deref(), before["operationName"].as_str(), "{seed}");
        // A second parse of what is sent finds what was checked.
        if seed % 8 == 0 {
            let again = Document::read(&request.document.text).unwrap();
            assert_eq!((&again.roots, &again.text), (&request.document.roots, &request.document.text), "{seed}");
        }
    }
    assert!(most >= 3, "the requests are not as different as they should be");
}

#[test]
fn what_only_reads_hides_no_mutation() {
    let policies = [Policy { read_only: true, ..Policy::default() }];
    for seed in 0..MADE / 10 {
        assert!(!passes(&policies, &made(seed, Some(Hidden::Mutation))), "{seed}");
        assert!(passes(&policies, &made(seed, None)), "{seed}");
    }
}
