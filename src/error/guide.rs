//! The guide to each kind of failure, beyond its row in the table: usual causes, and what to do. `optra explain`
//! prints it.
//!
//! A new kind does not compile until it has its guide.

use super::kind::Kind;

/// The guide to one kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guide {
    /// The usual causes, the most frequent first. Each is a list item without a full stop.
    pub causes: &'static [&'static str],
    /// What to do, in sentences; commands are in backticks and can be pasted.
    pub ways: &'static [&'static str],
}

impl Kind {
    /// Returns the guide to this kind.
    pub const fn guide(self) -> Guide {
        match self {
            Kind::BrokenPipe => guide(
                &["the output goes through a pipe whose reader ends early, as `head` and `grep -q` do"],
                &["Nothing: the run ends quietly, with 0."],
            ),
            Kind::Failed => guide(
                &[
                    "the portal refused a request, without an error code that is known",
                    "a file or the output could not be written",
                    "a filter or a program that was started failed",
                ],
                &["Read the message and its causes: they are the portal's or the system's words.", LOOK_CLOSER],
            ),
            Kind::Findings => guide(
                &[
                    "`keys audit` found keys to rotate, revoke or name",
                    "`keys log --verify` found that the log is not what was written",
                    "`doctor` found something that does not work",
                ],
                &[
                    "The findings are on stdout, each with its subject.",
                    "To fail for some of them only: `optra keys audit --fail-on old,unused`.",
                ],
            ),
            Kind::Usage => guide(
                &[
                    "an option or a command is misspelled, or its value cannot be read",
                    "a key was given where only its name or id belongs",
                ],
                &["See what the command takes: `optra help keys revoke`.", "All settings: `optra help environment`."],
            ),
            Kind::Partial => guide(
                &[
                    "some of several keys or profiles failed, and the others did not",
                    "a listing broke off, or the portal shows one page and no way to the next",
                ],
                &[
                    "What came is on stdout, and a JSON array is left open on purpose.",
                    "Go on with `--after CURSOR`, which the error names.",
                    "Accept one page for the whole with `--allow-partial`.",
                ],
            ),
            Kind::Unauthenticated => guide(
                &[
                    "nobody has logged in on this machine, or `optra auth logout` was run",
                    "somebody revoked the key, or a rotation replaced it",
                    "`OPTRA_API_KEY` holds an old key, and goes before the key of the profile",
                ],
                &[
                    "See which key was used: `optra auth status`.",
                    "Log in with a new one: `optra auth login`.",
                    "If a rotation broke off: `optra keys rotate --resume`.",
                ],
            ),
            Kind::Forbidden => guide(
                &[
                    "the person who generated the key is not an Admin of the organization any more",
                    "the portal allows this to other roles only",
                ],
                &["Have an Admin generate a key in the portal, then `optra auth login`.", WHOSE],
            ),
            Kind::FeatureDisabled => guide(
                &["API keys are switched off for the organization"],
                &["Ask Optra's support to switch them on.", WHOSE],
            ),
            Kind::NotFound => guide(
                &[
                    "there is no device, key or profile of this name or id, or several have the name",
                    "the portal's URL leads to something else (HTTP 404)",
                ],
                &[
                    "List what there is: `optra devices list`, `optra keys list`, `optra auth status --all`.",
                    "Where several have a name, give the id.",
                ],
            ),
            Kind::Declined => guide(
                &[
                    "a safety rule: the key in use, a key for another portal, a file that others can write",
                    "a question was answered with no, or nobody is there to answer it",
                    "`--read-only`, `OPTRA_READ_ONLY`, or `read_only` of the profile",
                ],
                &[
                    "The hints of the error name the option that says yes, where there is one.",
                    "In a script say `--yes`; nothing is ever assumed.",
                ],
            ),
            Kind::Unreachable => guide(
                &[
                    "the portal's name or address is wrong, or there is no network",
                    "a proxy or a firewall is in between, or its certificate is not trusted here",
                    "the portal itself fails (HTTP 500 to 504)",
                ],
                &["Find out what is in the way: `optra doctor`.", AGAIN],
            ),
            Kind::Timeout => guide(
                &["the portal or the network is slow", "a proxy swallows the request"],
                &["Give it more time: `--timeout 2m`, or `OPTRA_TIMEOUT=2m`.", DOCTOR, AGAIN],
            ),
            Kind::RateLimited => guide(
                &["too many requests in a short time, from this machine or from others with the same key"],
                &["Wait; the error says how long where the portal says it (`retry_after_s`).", AGAIN],
            ),
            Kind::Unsupported => guide(
                &[
                    "the portal calls the operation or a field something else, or lacks it",
                    "the organization's portal is older or newer than what this version assumes",
                ],
                &[
                    "See what fits: `optra portal check`.",
                    "Fit the commands to the portal: `optra portal adopt`.",
                    "Send a document of your own: `optra api`.",
                ],
            ),
            Kind::BadAnswer => guide(
                &[
                    "the URL is that of the web page, and not the API base URL",
                    "a proxy or a login page answers in the portal's place",
                    "the portal redirects, and a key is never sent to another address",
                ],
                &[DOCTOR, "See the exchange, secrets masked: add `-vv`."],
            ),
            Kind::KeyringUnavailable => guide(
                &["a server, a container or a session over ssh, where no keyring runs"],
                &[
                    "Keep the key in a file: `optra auth login --store file`.",
                    "Have a program print it: `optra auth login --store command --command 'pass show optra'`.",
                    "In CI set `OPTRA_API_KEY`; then no store is touched.",
                ],
            ),
            Kind::KeyringLocked => guide(
                &["the desktop's keyring was not unlocked since the login, and nobody could be asked"],
                &["Unlock it, for example by logging in to the desktop, and try again.", ENVIRONMENT],
            ),
            Kind::KeyringTimeout => guide(
                &["a window asks to unlock the keyring, on a screen that nobody sees", "the keyring's service hangs"],
                &["Look for that window; `OPTRA_STORE_TIMEOUT=60` leaves more time.", ENVIRONMENT],
            ),
            Kind::StoreFailed => guide(
                &[
                    "the disk is full or the directory cannot be written",
                    "the command that prints the key failed, or printed something else",
                    "another program stored a second entry under the same name",
                ],
                &[
                    "See what the store says: `optra doctor`.",
                    "Log in again, which writes it anew: `optra auth login`.",
                ],
            ),
            Kind::Config => guide(
                &[
                    "no portal is configured, or two places name different ones",
                    "`config.toml` cannot be read; the error names the line",
                    "a variable has an invalid value, such as a time without a unit",
                ],
                &[
                    "See each setting, where it comes from and what it hides: `optra doctor`.",
                    "Try without the file: `--no-config`.",
                ],
            ),
            Kind::CheckFailed => guide(
                &[
                    "the result could not be written: the disk is full, or `--output-file` is not writable",
                    "a `--jq` filter failed on the result",
                    "the portal refused a request, without an error code that is known",
                ],
                &[
                    "Nothing is known of what the command looks for: mend the cause, and run it again.",
                    "With these commands 1 says `found`, and nothing else ends with 1: `optra explain findings`.",
                ],
            ),
            Kind::Internal => guide(
                &["a bug in this program"],
                &["Report it, with the version and the place that the message names."],
            ),
            Kind::ProgramNotRun => guide(
                &["the file is not executable, or is a directory", "the interpreter in its first line is missing"],
                &[
                    "Make it executable: `chmod +x FILE`.",
                    "Or name what reads it: `optra run -- sh FILE`.",
                    "126 may also be the exit code of the program itself, if nothing is said.",
                ],
            ),
            Kind::ProgramNotFound => guide(
                &["its name is misspelled, or is not on `PATH`", "it is a word of the shell, as `cd` and `export` are"],
                &[
                    "See what the shell finds: `command -v NAME`.",
                    "Have a shell run it: `optra run -- sh -c 'COMMAND'`.",
                    "127 may also be the exit code of the program itself, if nothing is said.",
                ],
            ),
            Kind::Interrupted => guide(
                &["Ctrl-C, or a signal that asks the run to end"],
                &[
                    "Where keys were being changed, the message says what may be left; look with `optra keys list`.",
                    "A rotation goes on with `optra keys rotate --resume`.",
                ],
            ),
        }
    }

    /// Returns the kinds that a person may mean by an exit code, an `error.code` in any spelling, or a word of one.
    pub fn meant(text: &str) -> Vec<Kind> {
        use strum::VariantArray;
        let code = text.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        let kinds = |is_meant: &dyn Fn(Kind) -> bool| -> Vec<Kind> {
            Kind::VARIANTS.iter().copied().filter(|kind| is_meant(*kind)).collect()
        };
        if let Ok(exit) = code.parse::<u8>() {
            return kinds(&|kind| kind.spec().exit == exit);
        }
        match kinds(&|kind| kind.spec().code == code) {
            none if none.is_empty() => kinds(&|kind| kind.spec().code.split('_').any(|word| word == code)),
            one => one,
        }
    }
}

const DOCTOR: &str = "Find out what answers there: `optra doctor`.";
const LOOK_CLOSER: &str = "See the exchange with the portal, secrets masked: add `-vv`.";
const AGAIN: &str = "The same command may succeed later; reads are retried by themselves (`--retries`).";
const WHOSE: &str = "See whose key is in use: `optra auth status`.";
const ENVIRONMENT: &str = "Or set `OPTRA_API_KEY`; then no store is needed.";

const fn guide(causes: &'static [&'static str], ways: &'static [&'static str]) -> Guide {
    Guide { causes, ways }
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use strum::VariantArray;

    #[test]
    fn a_guide_fits_one_screen_and_reads_like_one() {
        for kind in Kind::VARIANTS {
            let guide = kind.guide();
            assert!(!guide.causes.is_empty() && !guide.ways.is_empty(), "{kind:?}");
            assert!(guide.causes.len() + guide.ways.len() <= 6, "{kind:?}");
            assert!(guide.causes.iter().all(|cause| !cause.ends_with('.')), "{kind:?}");
            assert!(guide.ways.iter().all(|way| way.ends_with('.')), "{kind:?}");
        }
    }

    #[test]
    fn a_code_is_known_by_its_number_its_name_and_a_word_of_it() {
        assert_eq!(Kind::meant("6"), [Kind::NotFound]);
        for text in ["not_found", "NOT_FOUND", "not-found", "Not Found", "found"] {
            assert_eq!(Kind::meant(text), [Kind::NotFound], "{text}");
        }
        assert_eq!(Kind::meant("keyring"), [Kind::KeyringUnavailable, Kind::KeyringLocked, Kind::KeyringTimeout]);
        assert_eq!(Kind::meant("timeout"), [Kind::Timeout]);
        assert_eq!(Kind::meant("5"), [Kind::Forbidden, Kind::FeatureDisabled]);
        for text in ["", "42", "-1", "frobnicate"] {
            assert_eq!(Kind::meant(text), [], "{text}");
        }
    }
}
