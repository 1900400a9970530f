//! The options of a document: its variables, their types, and the messages about wrong values.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{FLEET, at_fleet, at_script, keep, told};
use crate::harness::Home;

const ALL: &str = "\
# Every type that a variable may have.
#
#  $status: only those with
#    this status
query All(
  $status: String!, $n: Int, $f: Float = 1.5, $on: Boolean, $deviceId: ID, $ids: [ID!]!, $many: [Int], $flags: [Boolean!]
  $filter: DeviceFilter, $order: Order = NAME_ASC, $filters: [DeviceFilter!], $grid: [[Int!]!]
  $output: String, $fields: String, $after: String
) { things { id } }
";

#[test]
fn help_shows_the_variables_as_options() {
    let home = Home::new();
    keep(&home, "fleet", FLEET);
    let help = home.run("query fleet --help").ok().out();
    assert_eq!(home.run("help query fleet").ok().out().trim(), help.trim());
    assert!(home.run("help query flet").exits(6).err().contains("There is `fleet`"));
    let own = help.split("Global options:").next().unwrap();
    assert_data_eq!(
        own,
        str![[r#"
Examples:
  optra query fleet
  optra query fleet -o csv

The fleet, a page at a time.

As the night shift wants it.

Usage: optra query fleet [OPTIONS]

Options:
      --first <INT>
          How many on a page (`Int = 2`)

      --after <TEXT>
          `$after: String`

  -h, --help
          Print help (see a summary with '-h')

Rows:
      --paginate
          Fetch page after page, until the list ends

      --where <CONDITION>
          Show only those that meet this, such as status=OFFLINE; `optra help filters` has the rules

      --sort <FIELD>
          Sort by one of the fields, which needs all rows first; missing values last

      --reverse
          Reverse the order

      --fields <NAMES>
          Show only these fields, in this order, separated by commas
          
          [possible values: id, name, status, location, location.name, location.latitude, tags,
          tags.name, lastSeenAt]


"#]]
    );
    assert!(help.trim_end().ends_with("queries/fleet.graphql`."), "{help}");
    keep(&home, "all", ALL);
    let help = home.run("query all -h").ok().out();
    let own = help.split("Rows:").next().unwrap();
    assert_data_eq!(
        own,
        str![[r#"
Every type that a variable may have.

Usage: optra query all [OPTIONS] --status <TEXT> --ids <ID>

Options:
      --status <TEXT>           Only those with this status (`String!`)
      --n <INT>                 `$n: Int`
      --f <NUMBER>              `$f: Float = 1.5`
      --on [<true|false>]       `$on: Boolean`
      --device-id <ID>          `$deviceId: ID`
      --ids <ID>                `$ids: [ID!]!`; can be repeated
      --many <INT>              `$many: [Int]`; can be repeated
      --flags <true|false>      `$flags: [Boolean!]`; can be repeated
      --filter <DeviceFilter>   `$filter: DeviceFilter`
      --order <Order>           `$order: Order = NAME_ASC`
      --filters <DeviceFilter>  `$filters: [DeviceFilter!]`; can be repeated
      --grid <JSON>             `$grid: [[Int!]!]`; can be repeated
      --var-output <TEXT>       `$output: String`
      --var-fields <TEXT>       `$fields: String`
      --after <TEXT>            `$after: String`
  -h, --help                    Print help (see more with '--help')


"#]]
    );
    // Comments in a foreign document cannot affect the terminal.
    keep(&home, "odd", "# a\u{1b}[31m red\u{7} one\n{ a }");
    assert!(home.run("query odd -h").ok().out().starts_with("a[31m red one\n"));
}

#[test]
fn values_are_of_the_types_of_their_variables() {
    let (home, script) = at_script(ALL, &[r#"{"data":{"things":[]}}"#]);
    let args = [
        "query",
        "q",
        "--status",
        "",
        "--n",
        "-7",
        "--f",
        "2.50",
        "--on",
        "false",
        "--device-id",
        "007",
        "--ids",
        "1",
        "--ids",
        "b,c",
        "--many",
        "1",
        "--many",
        "-2",
        "--flags",
        "true",
        "--flags",
        "false",
        "--filter",
        r#"{"status": {"is": "X"}, "n": 123456789012345678901234567890}"#,
        "--order",
        "NAME_DESC",
        "--filters",
        "{}",
        "--filters",
        "x",
        "--grid",
        "[1,2]",
        "--grid",
        "[]",
        "--var-output",
        "o",
        "--var-fields",
        "f",
        "-o",
        "json",
    ];
    home.optra(args).run().ok();
    let sent = script.requests()[0].text.clone();
    assert!(sent.contains(r#""f":2.50"#) && sent.contains(r#""n": 123456789012345678901234567890}"#), "{sent}");
    assert_eq!(script.requests()[0].operation(), "All");
    let variables = script.requests()[0].variables().clone();
    assert_eq!(
        (&variables["status"], &variables["n"], &variables["on"], &variables["deviceId"], &variables["ids"]),
        (&json!(""), &json!(-7), &json!(false), &json!("007"), &json!(["1", "b,c"]))
    );
    assert_eq!(
        (&variables["many"], &variables["flags"], &variables["order"], &variables["filters"], &variables["grid"]),
        (&json!([1, -2]), &json!([true, false]), &json!("NAME_DESC"), &json!([{}, "x"]), &json!([[1, 2], []]))
    );
    assert_eq!((&variables["output"], &variables["fields"]), (&json!("o"), &json!("f")));
    assert_eq!(variables.get("after"), None);
    home.run("query q --on --status x --ids 1").ok();
    assert_eq!(script.requests()[1].variables(), &json!({"status": "x", "on": true, "ids": ["1"]}));
}

#[test]
fn wrong_options_are_wrong_command_lines() {
    let (home, script) = at_script(ALL, &[r#"{"data":{"things":[]}}"#]);
    let script = script.lenient();
    let all: String = [
        "query q",
        "query q --status x --ids 1 --n 1.5",
        "query q --status x --ids 1 --n 2147483648",
        "query q --status x --ids 1 --f much",
        "query q --status x --ids 1 --on maybe",
        "query q --status x --ids 1 --many 1 --many x",
        "query q --status x --ids 1 --grid 1",
        "query q --status x --ids 1 --statos x",
        "query q --status x --ids 1 --fields nope",
        "query q --status x --ids 1 --where nope=1",
        "query q --status x --ids 1 extra",
    ]
    .iter()
    .map(|line| told(home.run(line).exits(2), &home))
    .collect();
    assert_data_eq!(
        all,
        str![[r#"
--- stderr
error: the following required arguments were not provided: --status <TEXT> --ids <ID>
hint: Usage: `optra query q --status <TEXT> --ids <ID>`; `optra query q --help` tells more.
--- exit 2
--- stderr
error: invalid value `1.5` for `--n <INT>`: an `Int` is a whole number from -2147483648 to 2147483647
--- exit 2
--- stderr
error: invalid value `2147483648` for `--n <INT>`: an `Int` is a whole number from -2147483648 to 2147483647
--- exit 2
--- stderr
error: invalid value `much` for `--f <NUMBER>`: a `Float` is a number such as 1.5
--- exit 2
--- stderr
error: invalid value `maybe` for `--on [<true|false>]`; possible values: true, false
--- exit 2
--- stderr
error: invalid value `x` for `--many <INT>`: an `Int` is a whole number from -2147483648 to 2147483647
--- exit 2
--- stderr
error: invalid value `1` for `--grid <JSON>`: it is a list of lists: write each as JSON, such as [1, 2]
--- exit 2
--- stderr
error: unexpected argument `--statos` found
hint: A similar argument exists: `--status`.
hint: `optra query q --help` tells more.
--- exit 2
--- stderr
error: invalid value `nope` for `--fields <NAMES>`; possible values: id
--- exit 2
--- stderr
error: invalid value `nope=1` for `--where <CONDITION>`: there is no field `nope`; there is id
--- exit 2
--- stderr
error: unexpected argument `extra` found
hint: `optra query q --help` tells more.
--- exit 2

"#]]
    );
    let error = home.run("query q -o json").exits(2).error();
    assert_eq!(error["code"], "usage");
    assert_eq!(script.requests().len(), 0);
}

#[test]
fn options_of_all_commands_stand_before_or_behind() {
    let (home, portal) = at_fleet("fleet", FLEET);
    let lines = ["-o json query fleet --first 1", "query -o json fleet --first 1", "query fleet --first 1 -o json"];
    for line in lines {
        assert_eq!(home.run(line).ok().json().as_array().unwrap().len(), 1, "{line}");
    }
    assert_eq!(portal.requests()[0].variables(), &json!({"first": 1}));
    let session = home.run("-o csv query fleet -o ndjson --first 1");
    assert!(session.ok().out().starts_with("{\"id\""), "{session}");
}
