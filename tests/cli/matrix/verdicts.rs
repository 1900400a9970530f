//! The expected result of a cell: exit code and error code by rules, of which the first match counts, and what must
//! hold in every cell. A rule says why it differs from a single read. It must not be derived from what the program does
//! today.

use std::time::Duration;

use serde_json::Value;

use super::faults::{
    Act, BAD, FAILED, FINE, FORBIDDEN, Fault, LIMITED, NOT_FOUND, PARTIAL, TIMEOUT, UNAUTHENTICATED, UNREACHABLE,
    UNSUPPORTED, Verdict,
};
use super::portal::{CANARY, KEY};
use super::typed::Place;
use super::{Cell, Outcome};

/// A rule: which cells it applies to, and how it changes the verdict of a single read.
struct Rule {
    /// A prefix of the command's name.
    command: &'static str,
    /// A prefix of the stage's label.
    stage: &'static str,
    /// The verdicts that it changes; empty for all.
    from: &'static [Verdict],
    fault: fn(&Fault) -> bool,
    to: Verdict,
    #[expect(dead_code, reason = "it is for those who read the rules")]
    why: &'static str,
}

const FINDINGS: Verdict = Verdict(1, "findings");
const CHECK_FAILED: Verdict = Verdict(12, "check_failed");
const USAGE: Verdict = Verdict(2, "usage");
const DECLINED: Verdict = Verdict(7, "declined");

fn any(_: &Fault) -> bool {
    true
}

fn beside(fault: &Fault) -> bool {
    fault.name.ends_with("beside data")
}

fn is_null(fault: &Fault) -> bool {
    fault.name.ends_with("with data null")
}

/// An answer of a server that speaks GraphQL.
fn is_of_errors(fault: &Fault) -> bool {
    fault.group == "errors" || is_graphql(fault)
}

/// A fault of a request, and not of the connection before it.
fn is_answered(fault: &Fault) -> bool {
    !fault.act.is_before_requests()
}

fn is_proof(fault: &Fault) -> bool {
    fault.is_proof && !fault.name.ends_with("errors of GraphQL")
}

fn is_graphql(fault: &Fault) -> bool {
    fault.name.ends_with("errors of GraphQL")
}

/// The answer of a server that speaks GraphQL and did not execute the request.
fn is_refusal(fault: &Fault) -> bool {
    fault.is_proof && is_graphql(fault)
}

/// Data without any member.
fn is_empty_data(fault: &Fault) -> bool {
    fault.group == "data" && fault.name == "{}"
}

/// The verdict of a refusal by a server that speaks GraphQL, for a document that does not fit.
const REFUSED: &[Verdict] = &[UNSUPPORTED];

/// All verdicts but success.
const FAILURES: &[Verdict] =
    &[FAILED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, UNREACHABLE, TIMEOUT, LIMITED, UNSUPPORTED, BAD];

/// The verdicts of an answer that no retry would change.
const ANSWERED: &[Verdict] = &[FAILED, NOT_FOUND, UNSUPPORTED];

const fn rule(
    command: &'static str,
    stage: &'static str,
    from: &'static [Verdict],
    to: Verdict,
    why: &'static str,
) -> Rule {
    Rule { command, stage, from, fault: any, to, why }
}

const fn of(fault: fn(&Fault) -> bool, rule: Rule) -> Rule {
    Rule { fault, ..rule }
}

const RULES: &[Rule] = &[
    rule("run", "", &[], FINE, "it sends nothing"),
    // Generated keys.
    of(beside, rule("api", "KeysGenerate#1 done", &[FAILED], PARTIAL, "there is data")),
    rule("api", "KeysGenerate#1 done", &[FINE], FINE, "it was done, and is said as it should be"),
    rule("api", "KeysGenerate#1", &[FINE], BAD, "it was not done: the data is null, and no error says why"),
    of(beside, rule("api", "KeysGenerate#1", &[FAILED], FAILED, "there is no data: it was not done")),
    of(
        beside,
        rule(
            "keys ensure",
            "KeysGenerate#1 done, and after",
            &[FAILED],
            FAILED,
            "whether it is the only one was not seen, so it is to be revoked again",
        ),
    ),
    of(
        beside,
        rule(
            "keys rotate",
            "KeysGenerate#1 done, and after",
            &[FAILED],
            FAILED,
            "the new key is not proven, and can be gone on with",
        ),
    ),
    rule("keys", "KeysGenerate#1 done", &[FINE], FINE, "it was done, and is said as it should be"),
    of(beside, rule("keys", "KeysGenerate#1 done", &[FAILED], FINE, "the secret is there, whatever is said beside it")),
    of(is_null, rule("keys", "KeysGenerate#1 done", &[], UNREACHABLE, "the answer is lost, and the key is looked for")),
    rule(
        "keys",
        "KeysGenerate#1 done, and after",
        &[UNAUTHENTICATED],
        UNAUTHENTICATED,
        "who may neither make nor look is told so, with the name to look for",
    ),
    rule("keys", "KeysGenerate#1 done, and after", &[FORBIDDEN], FORBIDDEN, "the same"),
    rule("keys", "KeysGenerate#1 done", &[TIMEOUT], TIMEOUT, "what is lost to a limit of time says so"),
    rule(
        "keys",
        "KeysGenerate#1 done",
        FAILURES,
        UNREACHABLE,
        "whatever came, it did not say what was done; the key is found and named or revoked",
    ),
    rule("keys", "KeysGenerate#1", &[FINE], BAD, "it was not done: the secret is null"),
    rule(
        "keys",
        "KeysGenerate#1",
        REFUSED,
        FAILED,
        "a document that the contract has, and no argument to give up, is refused in the portal's words",
    ),
    of(is_proof, rule("keys", "KeysGenerate#1", &[], FAILED, "a request error proves that nothing was made")),
    of(
        is_refusal,
        rule("keys", "KeysGenerate#1, and after", &[FAILED], FAILED, "a refusal proves that nothing was made"),
    ),
    of(is_refusal, rule("keys", "KeysGenerate#1, and after", &[NOT_FOUND], NOT_FOUND, "the same")),
    rule("keys generate", "KeysGenerate#1, and after", &[UNAUTHENTICATED], UNAUTHENTICATED, "as where it was done"),
    rule("keys generate", "KeysGenerate#1, and after", &[FORBIDDEN], FORBIDDEN, "as where it was done"),
    rule("keys generate", "KeysGenerate#1, and after", &[TIMEOUT], TIMEOUT, "as where it was done"),
    rule(
        "keys generate",
        "KeysGenerate#1, and after",
        FAILURES,
        UNREACHABLE,
        "nobody can tell it from one that was done",
    ),
    of(
        is_answered,
        rule("keys generate --name", "KeysList", &[], FINE, "a look for keys of the same name is no condition"),
    ),
    rule(
        "keys ensure",
        "KeysList#2",
        FAILURES,
        FAILED,
        "whether it is the only one was not seen, so it is revoked again",
    ),
    rule("keys rotate", "AuthViewer#1", REFUSED, DECLINED, "without a viewer nobody knows which key to replace"),
    rule("keys rotate", "AuthViewer#2", REFUSED, FINE, "the devices prove the key as well"),
    rule("keys rotate", "AuthViewer#2", &[FORBIDDEN], FINE, "the devices prove the key as well"),
    // Revoked keys: the result is verified.
    rule("keys revoke", "KeysRevoke#1 done, and after", &[FINE], FINE, "it is gone"),
    of(beside, rule("keys", "KeysRevoke#1 done, and after", &[FAILED], FAILED, "nobody can tell")),
    rule(
        "auth logout",
        "KeysRevoke#1, and after",
        &[UNAUTHENTICATED],
        FINE,
        "a portal that rejects the key says that it is dead",
    ),
    rule("auth logout", "KeysRevoke#1 done, and after", &[UNAUTHENTICATED], FINE, "the same"),
    rule("", "KeysRevoke#1 done", &[], FINE, "it is gone, whatever was answered"),
    rule("", "KeysRevoke#1", &[FINE], BAD, "it was not done: what was asked for is null, and the key is still there"),
    rule("", "KeysRevoke#1", REFUSED, FAILED, "refused in the portal's words"),
    rule(
        "",
        "KeysRevoke#1, and after",
        &[FINE],
        BAD,
        "it was not done: what was asked for is null, and the key is still there",
    ),
    rule("", "KeysRevoke#1, and after", REFUSED, FAILED, "refused in the portal's words"),
    rule("auth logout", "AuthViewer#1", REFUSED, DECLINED, "without a viewer nobody knows which key to revoke"),
    rule("keys revoke", "KeysList#2", FAILURES, PARTIAL, "it was done, and not seen"),
    // The login and the viewer.
    rule("auth login", "AuthViewer#1", REFUSED, FINE, "the devices prove the key as well"),
    rule("auth login", "AuthViewer#1", &[FORBIDDEN], FINE, "the devices prove the key as well"),
    of(is_graphql, rule("auth login", "*", &[FORBIDDEN], FINE, "whom the portal forbids to ask, it knows")),
    of(is_empty_data, rule("auth logout", "AuthViewer#1", &[], DECLINED, "nobody knows which key to revoke")),
    of(is_empty_data, rule("auth", "AuthViewer#1", &[], FINE, "the devices prove the key as well")),
    rule("auth login", "*", REFUSED, FAILED, "nothing that it answers proves the key"),
    rule("auth status", "AuthViewer#1", REFUSED, FINE, "the devices prove the key as well"),
    rule("auth status", "AuthViewer#1", &[FORBIDDEN], FINE, "the devices prove the key as well"),
    of(is_graphql, rule("auth status", "*", &[FORBIDDEN], FINE, "whom the portal forbids to ask, it knows")),
    rule(
        "auth status",
        "",
        &[FAILED, FORBIDDEN, NOT_FOUND, BAD, UNSUPPORTED],
        UNREACHABLE,
        "whether the key is valid cannot be known now",
    ),
    of(is_empty_data, rule("keys rotate", "AuthViewer#1", &[], DECLINED, "nobody knows which key to replace")),
    of(is_empty_data, rule("keys rotate", "AuthViewer#2", &[], FINE, "the devices prove the key as well")),
    // Lists: a partial one never looks complete.
    of(beside, rule("keys", "KeysList", &[FAILED], PARTIAL, "the errors say that something is missing")),
    rule("keys audit", "", &[FAILED], CHECK_FAILED, "1 says that something was found"),
    of(beside, rule("devices", "DevicesList", &[FAILED], PARTIAL, "the errors say that something is missing")),
    rule("devices list", "DevicesList#2", FAILURES, PARTIAL, "the listing broke off, and says after which cursor"),
    rule("keys audit", "", &[FINE], FINDINGS, "the keys are old"),
    rule("devices show", "", ANSWERED, FINE, "the device is found in the list"),
    of(is_empty_data, rule("devices show", "", &[], FINE, "there is none, and the list has it")),
    // The user's own documents.
    of(beside, rule("api", "", &[FAILED], PARTIAL, "there is data")),
    of(beside, rule("query", "", &[FAILED], PARTIAL, "there is data")),
    of(is_empty_data, rule("api --paginate", "Fleet#1", &[], USAGE, "nobody but the user knows that there is a list")),
    rule("api", "Fleet#2", FAILURES, PARTIAL, "the pages broke off"),
    of(is_empty_data, rule("api", "", &[], FINE, "which members there have to be, nobody knows but the user")),
    rule("query", "Fleet#2", FAILURES, PARTIAL, "the pages broke off"),
    rule("api", "", REFUSED, FAILED, "the document is the user's own"),
    rule("query", "", REFUSED, FAILED, "the document is the user's own"),
    // The portal's capabilities.
    of(beside, rule("portal", "", &[FAILED], FINE, "the schema is there")),
    of(is_of_errors, rule("portal bind", "", &[FAILED], UNSUPPORTED, "the document was refused")),
    rule("portal check", "", REFUSED, FAILED, "the portal refuses what every portal can answer"),
    rule("portal adopt", "", REFUSED, FAILED, "the portal refuses what every portal can answer"),
];

/// Returns the expected verdict of a cell.
pub fn expected(cell: &Cell) -> Verdict {
    let (command, stage, fault) = (cell.command.name, cell.stage.label(), &cell.fault);
    if let Some((place, value)) = &fault.typed {
        return typed(place, value);
    }
    let matches = |rule: &&Rule| {
        command.starts_with(rule.command)
            && (stage == rule.stage
                || stage.starts_with(rule.stage) && !(rule.stage.contains("Revoke") && cell.stage.lasts))
            && (rule.from.is_empty() || rule.from.contains(&fault.read))
            && (rule.fault)(fault)
    };
    RULES.iter().find(matches).map_or(fault.read, |rule| rule.to)
}

/// Returns the expected verdict of a value at a place of an answer, as GraphQL coerces results.
fn typed(place: &Place, value: &str) -> Verdict {
    let is_nothing = matches!(value, "null" | "NaN");
    let is_text = matches!(value, "\"\"" | "\"x\"" | "\"\\ud83d\"" | "0" | "-1" | "1e400");
    let fits = |fits: bool| if fits { FINE } else { BAD };
    match (place.operation.as_str(), place.name().as_str()) {
        // The revocation is verified, whatever the answer.
        ("KeysRevoke", _) => FINE,
        // A key without its secret is found, and revoked.
        ("KeysGenerate", "generateApiKey") => UNREACHABLE,
        ("KeysGenerate", "generateApiKey.secret") if is_text || value == "true" => BAD,
        ("KeysGenerate", "generateApiKey.secret") => UNREACHABLE,
        // Without a viewer the devices prove the key; `auth status` exits with 8, because it does not know.
        ("AuthViewer", "viewer") => {
            if is_nothing || value == "{}" {
                FINE
            } else {
                UNREACHABLE
            }
        }
        (_, "devices" | "apiKeys") => BAD,
        // The same cursor on every page: the listing fails. Without a readable cursor it would look complete.
        (_, "devices.after" | "apiKeys.after") => match value {
            "null" | "NaN" | "\"\"" => FINE,
            "[]" | "{}" | "[null]" => BAD,
            _ => PARTIAL,
        },
        (_, "devices.data" | "apiKeys.data") => fits(matches!(value, "[]" | "[null]")),
        // A bare text is taken for the id or name, and no unreadable item is skipped.
        (_, "devices.data[]" | "apiKeys.data[]") => fits(is_nothing || is_text),
        (_, "devices.data[].id" | "apiKeys.data[].id") => fits(is_text),
        // A bare text would be another device than the requested one.
        (_, "device") => fits(is_nothing),
        (_, "device.id") => BAD,
        // A nullable value becomes null, and is reported.
        _ => FINE,
    }
}

/// Checks what must hold in every cell, and returns the violations.
pub fn judge(cell: &Cell, outcome: &Outcome) -> Vec<String> {
    let mut wrong = Vec::new();
    let (session, fault) = (&outcome.session, &cell.fault);
    let (out, err) = (session.out(), session.err());
    let expected = expected(cell);
    let is_machine = cell.command.line.contains("-o ");
    let lines: Vec<Option<Value>> = err.lines().map(|line| serde_json::from_str(line).ok()).collect();
    let error = lines.last().cloned().flatten().map(|mut last| last["error"].take()).unwrap_or_default();
    // A fault that never struck proves nothing.
    if matches!(fault.act, Act::Reply(..) | Act::OverTls(..)) && !outcome.struck && cell.command.name != "run" {
        wrong.push("the fault was never met".to_owned());
    }
    if cell.command.name == "run" && !outcome.asked.is_empty() {
        wrong.push("it sends something".to_owned());
    }
    if session.code != Some(expected.0) {
        wrong.push(format!("exit {:?} instead of {}", session.code.unwrap_or(-1), expected.0));
    }
    if is_machine && error["code"].as_str().unwrap_or_default() != expected.1 {
        wrong.push(format!("code {} instead of {:?}", error["code"], expected.1));
    }
    if is_machine && lines.iter().any(Option::is_none) {
        wrong.push("a line on stderr is no JSON".to_owned());
    }
    if expected.0 != 0 && !says(&err, fault.says) && expected == fault.read {
        wrong.push(format!("it does not say {:?}", fault.says));
    }
    let has_way_on = !is_machine
        || [FAILED, PARTIAL, FINDINGS, LIMITED].contains(&expected)
        || fault.name.ends_with("errors of GraphQL")
        || error["hints"].as_array().is_some_and(|hints| !hints.is_empty());
    if expected.0 != 0 && !has_way_on {
        wrong.push("no way on is named".to_owned());
    }
    let may_take = if cell.fault.is_heavy { 60 } else { 20 };
    if outcome.took > Duration::from_secs(may_take) {
        wrong.push(format!("it took {:?}", outcome.took));
    }
    let asked_for = cell.command.name.contains("generate") || cell.command.name.starts_with("api");
    if out.contains(KEY) || err.contains(KEY) || err.contains(CANARY) || out.contains(CANARY) && !asked_for {
        wrong.push("a secret is shown".to_owned());
    }
    let moves = |letter: char| letter != '\n' && (letter.is_control() || !is_machine && letter == '\u{202e}');
    if out.chars().chain(err.chars()).any(moves) && !cell.command.name.starts_with("api") {
        wrong.push("a control character is shown".to_owned());
    }
    if outcome.asked.iter().filter(|asked| *asked == "KeysGenerate").count() > 1 {
        wrong.push("a mutation was sent twice".to_owned());
    }
    if !matches!(session.code, Some(0)) && is_machine && !out.is_empty() && serde_json::from_str::<Value>(&out).is_ok()
    {
        let may_be_whole = cell.command.name.starts_with("api") || expected == FINDINGS || cell.command.name == "auth status"
            // The answer to the user's own document is printed as it came, as by `api`.
            || cell.command.name == "query NAME"
            || cell.command.line.contains("ndjson") || cell.command.name.starts_with("portal") || cell.command.name == "keys revoke";
        if !may_be_whole {
            wrong.push("the result looks whole".to_owned());
        }
    }
    for (id, name, secret) in &outcome.strays {
        // A rotation has the name in its journal, and looks for the key; keys of the user's own documents are unknown
        // to us.
        let is_under_way = err.contains("keys rotate --resume") || err.contains("It may have been done all the same");
        let is_named = is_under_way || err.contains(id) || name.as_ref().is_some_and(|name| err.contains(name));
        let is_delivered = out.contains(secret) || outcome.delivered.iter().any(|file| file.contains(secret));
        // Only the user knows what an empty answer to the user's own document means.
        let is_theirs = cell.command.name.starts_with("api") && is_empty_data(fault);
        if !is_named && !is_delivered && !is_theirs {
            wrong.push(format!("key {id} ({name:?}) is there, and nobody has its secret or knows of it"));
        }
    }
    if err.contains("Revoked key `old`") && outcome.old_lives {
        wrong.push("a key is told to be revoked that lives".to_owned());
    }
    wrong
}

/// Returns true if a text contains one of several words.
fn says(text: &str, words: &str) -> bool {
    words.is_empty() || words.split('|').any(|word| text.contains(word))
}
