//! The verbs to test, with what each needs before.

use super::world::OTHER;

/// A command line of a verb.
pub struct Verb {
    pub line: &'static str,
    /// Command lines before it; one that begins with `-` may fail.
    pub before: &'static [&'static str],
    /// The command line that resumes a failed run, before the result is checked.
    pub resume: Option<&'static str>,
    pub logged_in: bool,
    pub shape: Option<&'static str>,
    /// True if the verb prints a key because it was asked to.
    pub reveals: bool,
    /// Ends the run after this many seconds, if it has no end of its own.
    pub ends_after: Option<u64>,
}

const USUAL: Verb =
    Verb { line: "", before: &[], resume: None, logged_in: true, shape: None, reveals: false, ends_after: None };

const fn verb(line: &'static str) -> Verb {
    Verb { line, ..USUAL }
}

/// The files of a home; the documents are for the contract and for the other shapes.
pub const FILES: &[(&str, &str)] = &[
    ("home/key.txt", OTHER),
    ("home/list.graphql", "query { devices { data { id name } } }"),
    ("home/kept.graphql", "# portal: URL\n\n# binding: devices.list\nquery { devices { data { id name } } }\n"),
    ("config/optra/queries/names.graphql", "query ($first: Int) { devices(first: $first) { data { name } } }"),
];

const LOGIN: &str = "auth login --portal URL --store file --key-file key.txt --key-id key-0003";
const GENERATE: &str = "keys generate --name ci --to file:ci.key";

/// A rotation whose hook fails the first time.
const BROKEN_OFF: &str = r#"-keys rotate --yes --hook "sh -c 'test -e went || { touch went; exit 1; }'""#;

pub const VERBS: &[Verb] = &[
    Verb { logged_in: false, ..verb(LOGIN) },
    verb(LOGIN),
    verb("auth login --portal URL --store file --key-file key.txt --key-id key-0003 --profile second"),
    verb("auth status -o json"),
    verb("auth status --all"),
    Verb {
        before: &["auth login --portal URL --store file --key-file key.txt --key-id key-0003 --profile second"],
        ..verb("auth switch second")
    },
    verb("auth logout"),
    Verb { ..verb("auth logout --revoke --yes --accept-risk lose-access") },
    Verb { reveals: true, ..verb("auth token") },
    verb("devices list"),
    verb("devices list -o json --where status=online"),
    verb("devices list --count"),
    verb("devices show device-0002 -o json"),
    Verb { ends_after: Some(300), ..verb("devices watch --interval 30") },
    Verb { reveals: true, ..verb("keys generate --name ci") },
    verb(GENERATE),
    verb("keys generate --name ci --to command:'tee got.key'"),
    verb("keys generate --name ci --to file:ci.key --to command:'tee got.key'"),
    Verb { before: &[GENERATE], ..verb("keys generate --name ci --to file:ci.key --force") },
    verb("keys ensure --name ci --to file:ci.key"),
    Verb { before: &[GENERATE], ..verb("keys ensure --name ci --to file:ci.key") },
    verb("keys list -o json"),
    Verb { resume: Some("keys rotate --resume"), ..verb("keys rotate --yes") },
    Verb { resume: Some("keys rotate --resume"), ..verb("keys rotate --yes --hook true") },
    Verb {
        before: &[GENERATE],
        resume: Some("keys rotate --resume"),
        ..verb("keys rotate ci --yes --to file:ci.key --force")
    },
    Verb { before: &[BROKEN_OFF], resume: Some("keys rotate --resume"), ..verb("keys rotate --resume") },
    Verb { before: &[BROKEN_OFF], resume: Some("keys rotate --abort"), ..verb("keys rotate --abort") },
    Verb { before: &[BROKEN_OFF], ..verb("keys rotate --status") },
    Verb { before: &[GENERATE], ..verb("keys revoke ci --yes") },
    Verb { before: &[GENERATE], ..verb("keys revoke ci --plan plan.json") },
    Verb { before: &[GENERATE, "keys revoke ci --plan plan.json"], ..verb("keys revoke --apply plan.json --yes") },
    verb("keys audit -o json"),
    Verb { before: &[GENERATE], ..verb("keys where") },
    Verb { before: &[GENERATE], ..verb("keys log -o json") },
    Verb { before: &[GENERATE], ..verb("keys log --verify -o json") },
    verb("portal check -o json"),
    verb("portal schema"),
    Verb { shape: Some("relay"), ..verb("portal adopt --yes-queries") },
    verb("portal bind devices.list --file list.graphql"),
    Verb { before: &["portal bind devices.list --file list.graphql"], ..verb("portal unbind devices.list") },
    verb("portal set organizationId=42"),
    Verb { before: &["portal bind devices.list --file list.graphql"], ..verb("portal export") },
    Verb { before: &["portal bind devices.list --file list.graphql"], ..verb("portal import kept.graphql --yes") },
    verb("api '{ devices { data { id } } }'"),
    verb("api --paginate 'query ($after: String) { devices(first: 2, after: $after) { data { id } after } }'"),
    verb("query names --first 2"),
    verb("query --list"),
    verb("run -- sh -c 'test ${#OPTRA_API_KEY} -gt 20'"),
    verb("completions bash"),
    verb("help environment"),
    verb("--sandbox devices list --limit 3"),
    verb("--sandbox keys list -o json"),
    Verb { ends_after: Some(400), reveals: true, ..verb("sandbox --fresh --devices 3") },
];
