//! The published table: the message of each fault, and the outcome of the request. It is generated from the rows and
//! rules of the matrix, so it cannot differ.

use std::fmt::Write;
use std::sync::Arc;

use snapbox::{assert_data_eq, file};

use super::faults::{self, Fault, Verdict};
use super::portal::Stage;
use super::verdicts::expected;
use super::{Cell, cells, commands, is_none, typed};

/// The columns: a command, and where the fault strikes it.
const COLUMNS: [(&str, Stage); 4] = [
    ("devices list -o json", Stage { operation: "DevicesList", nth: 1, lasts: false, done: false }),
    ("devices list -o json", Stage { operation: "DevicesList", nth: 2, lasts: false, done: false }),
    ("keys generate", Stage { operation: "KeysGenerate", nth: 1, lasts: false, done: true }),
    ("keys revoke", Stage { operation: "KeysRevoke", nth: 1, lasts: false, done: true }),
];

#[test]
fn the_published_table_is_what_the_matrix_holds() {
    assert_data_eq!(page(), file!["../../../docs/faults.md"].raw());
}

fn page() -> String {
    let (chosen, all) = (cells(false).len(), cells(true).len());
    let (count, values, places) = (commands::ALL.len(), typed::VALUES.len(), typed::places().len());
    let mut page = format!(
        "# Faults\n\n\
         What `optra` says and does when the network, or the portal, fails. A test makes each of these happen to the program: \
         {count} commands, struck at every request that they send. The tests hold {chosen} cells on every run, and all \
         {all} with `just matrix`, in about twenty minutes on two processors. This page is made of the rows and rules that the test holds.\n\n\
         Every cell holds besides: the exit code and `error.code` are those of the table; the run ends; in `-o json` each line \
         on stderr is one JSON value; no secret is shown; a way on is named; a change is sent once; and a key that was made and \
         whose secret nobody has is revoked again, or named.\n\n\
         - **A read** is the first request of `devices list`; **a later page** is its second: what came stays, the JSON \
         array stays open, and the error says after which cursor to go on.\n\
         - **A key that was made** is `keys generate`, where the portal did it and its answer is lost: the key is looked for \
         and revoked again, or named. 0 means that the secret was delivered all the same.\n\
         - **A key that was revoked** is `keys revoke`, where the portal did it: whether the key is gone is looked at, so 0.\n\
         - **Again**: whether trying again may help. Reads are asked for again by themselves where the table says *by itself* \
         (`--retries`). A change never is.\n\n\
         The limit of a whole request is `--timeout`, 30 s if left out, however slowly it comes. An answer is read up to \
         96 MiB once it is unpacked, so a run holds less than 240 MiB, whatever comes; a listing of proper pages holds one page \
         and the next, as much for 400 pages as for 10. Both are measured by a test.\n\n\
         What stands at a place of a typed answer and is not of its type is told by a warning, and left out where the contract \
         lets it be absent; where it does not, the answer is a `bad_answer` (9). The test puts {values} values in each of {places} \
         places.\n"
    );
    let mut group = "";
    let mut rows: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    let flush = |rows: &mut Vec<(Vec<String>, Vec<String>)>, page: &mut String| {
        for (names, columns) in rows.drain(..) {
            let _ = writeln!(page, "| {} | {} |", joined(&names), columns.join(" | "));
        }
    };
    for fault in faults::all() {
        let fault = Arc::new(fault);
        if fault.group != group {
            flush(&mut rows, &mut page);
            group = fault.group;
            let (first, rest) = group.split_at(1);
            let _ = write!(
                page,
                "\n## {}{rest}\n\n| what happens | a read | a later page | a key that was made | a key that was revoked | again |\n\
                 | --- | --- | --- | --- | --- | --- |\n",
                first.to_uppercase()
            );
        }
        let mut columns: Vec<String> = COLUMNS.iter().map(|column| cell(*column, &fault)).collect();
        columns.push(again(&fault).to_owned());
        match rows.last_mut() {
            Some((names, before)) if *before == columns => names.push(fault.name.clone()),
            _ => rows.push((vec![fault.name.clone()], columns)),
        }
    }
    flush(&mut rows, &mut page);
    page
}

/// Joins names; a common status is appended once.
fn joined(names: &[String]) -> String {
    let mut joined = String::new();
    let mut status = "";
    for name in names {
        match name.split_once(", ").filter(|(first, _)| first.len() == 3 && first.parse::<u16>().is_ok()) {
            Some((first, rest)) if first == status => {
                let _ = write!(joined, ", {rest}");
            }
            Some((first, rest)) => {
                let _ = write!(joined, "{}**{first}** {rest}", if joined.is_empty() { "" } else { "; " });
                status = first;
            }
            None => {
                let _ = write!(joined, "{}{name}", if joined.is_empty() { "" } else { "; " });
            }
        }
    }
    joined.replace('|', "\\|")
}

fn cell((name, stage): (&str, Stage), fault: &Arc<Fault>) -> String {
    let command = commands::ALL.iter().find(|command| command.name == name).expect("a command");
    if is_none(command, stage, fault) && !fault.is_heavy {
        return "–".to_owned();
    }
    let Verdict(exit, code) = expected(&Cell { command, stage, fault: Arc::clone(fault) });
    if exit == 0 { "0".to_owned() } else { format!("{exit} `{code}`") }
}

fn again(fault: &Fault) -> &'static str {
    let Verdict(exit, code) = fault.read;
    match (exit, code) {
        (0, _) => "",
        (8, "timeout") => "with more time",
        (8, "rate_limited") => "by itself",
        (8, _)
            if fault.group == "status"
                && ["500", "501", "520", "599"].iter().any(|status| fault.name.starts_with(status)) =>
        {
            "yes"
        }
        (8, _) if fault.group == "TLS" && !fault.name.contains("end of TLS") => "once it is mended",
        (8, _) => "by itself",
        _ => "no",
    }
}
