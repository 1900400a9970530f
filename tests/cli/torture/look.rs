//! What must hold after a run whatever failed in it: no key lost, none in use revoked, no wrong verdict, no secret
//! where it was not requested, files old or new.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::errors::Call;
use super::verbs::Verb;
use super::world::{Key, Place, Thing, Tree, tree};
use crate::harness::Session;

/// The state after a run.
pub struct After<'p> {
    pub place: &'p Place<'p>,
    pub verb: &'static Verb,
    pub session: Session,
    pub files: Tree,
    pub keys: Vec<Key>,
}

/// The violations so far.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, is_right: bool, what: &str) {
        if !is_right {
            self.0.push(what.to_owned());
        }
    }
}

/// Words of a message, and whether they may be said.
type Claim = (&'static str, fn(&After<'_>) -> bool);

const CLAIMS: [Claim; 10] = [
    ("nothing was revoked", |after| after.died().is_empty()),
    ("was not revoked", |after| after.died().is_empty()),
    ("still there", |after| after.died().is_empty()),
    ("nothing was rotated", |after| after.died().is_empty() && after.born().is_empty()),
    ("nothing was bound", |after| after.is_unchanged("bindings")),
    ("nothing was imported", |after| after.is_unchanged("bindings")),
    ("key was not stored", |after| after.is_unchanged("config/optra/keys")),
    ("was not forgotten", |after| after.is_unchanged("config/optra/keys")),
    ("so the new key", |after| after.born().is_empty()),
    ("so it was revoked", |after| after.born().is_empty()),
];

impl<'p> After<'p> {
    pub fn new(place: &'p Place<'p>, verb: &'static Verb, session: Session) -> After<'p> {
        After { place, verb, session, files: tree(&place.home), keys: place.portal.keys() }
    }

    /// The live keys that the run generated.
    fn born(&self) -> Vec<&Key> {
        let is_old = |key: &&Key| self.place.keys.iter().any(|old| old.id == key.id);
        self.keys.iter().filter(|key| key.is_live && !is_old(key)).collect()
    }

    /// The keys that the run revoked.
    fn died(&self) -> Vec<&Key> {
        let was_live = |key: &&Key| self.place.keys.iter().any(|old| old.id == key.id && old.is_live);
        self.keys.iter().filter(|key| !key.is_live && was_live(key)).collect()
    }

    fn is_unchanged(&self, below: &str) -> bool {
        let of = |tree: &Tree| -> Tree {
            let is_meant = |path: &Path| path.to_string_lossy().contains(below);
            let meant = tree.iter().filter(|(path, thing)| is_meant(path) && !matches!(thing, Thing::Folder(_)));
            meant.map(|(path, thing)| (path.clone(), thing.clone())).collect()
        };
        of(&self.files) == of(&self.place.before)
    }

    fn has_in_a_file(&self, text: &str) -> bool {
        self.files.values().any(|thing| matches!(thing, Thing::File(_, bytes) if holds(bytes, text)))
    }

    /// Returns a text with everything masked that differs between runs.
    fn plain(&self, bytes: &[u8]) -> String {
        static MOMENTS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\d{4}-\d\d-\d\dT[0-9:.]+Z|#[a-z0-9]{8}\b|\b[0-9]{15,}\b|\b[A-Za-z0-9_-]{43}\b|:\d{4,5}\b")
                .expect("a pattern")
        });
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for key in self.keys.iter().filter(|key| !key.secret.is_empty()) {
            text = text.replace(&key.secret, &format!("<secret of {}>", key.id));
        }
        MOMENTS.replace_all(&text, "…").into_owned()
    }

    /// Returns the files that users rely on: the settings, the keys, the bindings, and the requested output.
    fn results(&self, files: &Tree) -> Vec<(String, String)> {
        let is_result = |path: &Path| {
            let path = path.to_string_lossy();
            // The ignore list for git is only a precaution; a key is stored without it too.
            (path.starts_with("home/") || path.starts_with("config/")) && !path.ends_with(".gitignore")
        };
        let mut results = Vec::new();
        for (path, thing) in files.iter().filter(|(path, _)| is_result(path)) {
            if let Thing::File(_, bytes) = thing {
                results.push((path.to_string_lossy().into_owned(), self.plain(bytes)));
            }
        }
        results
    }

    fn live_ids(&self) -> BTreeSet<&str> {
        self.keys.iter().filter(|key| key.is_live).map(|key| &*key.id).collect()
    }

    /// Returns violations in what the run said and did, compared with the same line when nothing fails.
    pub fn wrong_verdict(&self, usual: &After<'_>, call: &Call) -> Vec<String> {
        let (code, err) = (self.session.code, self.session.err());
        let mut wrong = Wrong::default();
        let aborts = call.is_memory() && (self.session.signal == Some(6) || code == Some(70));
        let is_ended = self.verb.ends_after.is_some() && self.session.signal == Some(2);
        wrong.unless(self.session.signal.is_none() || aborts || is_ended, "it died by a signal");
        // These are a shell's codes for a program that it cannot run.
        let is_not_run = matches!(code, Some(126 | 127)) && err.contains("cannot run `");
        wrong.unless(!matches!(code, Some(70 | 101 | 125..)) || aborts || is_not_run, "it has a bug");
        let is_error = |line: &str| line.starts_with("error:") || line.starts_with("{\"error\":");
        wrong.unless(code != Some(0) || !err.lines().any(is_error), "an error, and yet success");
        let is_silent = err.is_empty() && !call.is_stderr() && code.is_some_and(|code| code != 0);
        wrong.unless(!is_silent || code == usual.session.code, "it failed without a word");
        for key in self.keys.iter().chain(&self.place.keys).filter(|key| key.secret.len() > 12) {
            wrong.unless(!holds(&self.session.stderr, &key.secret), "a secret on stderr");
            wrong.unless(self.verb.reveals || !holds(&self.session.stdout, &key.secret), "a secret on stdout");
        }
        for key in self.born() {
            let is_told = err.contains(&*key.id) || (!key.name.is_empty() && err.contains(&*key.name));
            let is_logged = call.is_stderr() && self.has_in_a_file(&key.id);
            let has_secret = self.has_in_a_file(&key.secret) || holds(&self.session.stdout, &key.secret);
            let is_hinted =
                aborts && (err.contains("Interrupted while generating a key") || self.session.signal.is_some());
            wrong.unless(has_secret || is_told || is_logged || is_hinted, "a key is lost");
        }
        for (words, may_be_said) in CLAIMS {
            wrong.unless(!err.contains(words) || may_be_said(self), words);
        }
        if code == Some(0) && self.verb.ends_after.is_none() {
            self.is_as_usual(usual, call, &mut wrong);
        }
        wrong.0
    }

    /// Returns violations in the files that the run left.
    pub fn wrong_files(&self, usual: &After<'_>, call: &Call) -> Vec<String> {
        let mut wrong = Wrong::default();
        self.is_old_or_new(usual, &mut wrong);
        self.has_nothing_left_over(usual, call, &mut wrong);
        wrong.0
    }

    /// A run that reports success must have done its work.
    fn is_as_usual(&self, usual: &After<'_>, call: &Call, wrong: &mut Wrong) {
        let (own, other) = (self.plain(&self.session.stdout), usual.plain(&usual.session.stdout));
        // What could not be read is in the result itself, or in a warning.
        let err = self.session.err();
        let is_told =
            ["warning:", "{\"warning\":"].iter().any(|word| err.contains(word)) || own.contains("it cannot be read");
        // Terminal queries do not affect the verdict.
        wrong.unless(own == other || is_told || call.name == "ioctl", "success with another result");
        wrong.unless(self.live_ids() == usual.live_ids(), "success with other keys at the portal");
        let (own, other) = (self.results(&self.files), usual.results(&usual.files));
        wrong.unless(own == other, &format!("success with other files: {}", difference(&own, &other)));
    }

    /// A file has its old or its new content.
    fn is_old_or_new(&self, usual: &After<'_>, wrong: &mut Wrong) {
        let (before, after) = (self.results(&self.place.before), usual.results(&usual.files));
        let is_known = |result: &(String, String)| before.contains(result) || after.contains(result);
        let in_use: Vec<&Key> = self.keys.iter().filter(|key| key.is_live).collect();
        for result in self.results(&self.files) {
            let (path, text) = &result;
            // A key may differ from the usual one, if it works. The file that the user's own program writes is that
            // program's business.
            let is_theirs = path == "home/got.key" && text.is_empty();
            let works = is_theirs || in_use.iter().any(|key| text.contains(&format!("<secret of {}>", key.id)));
            wrong.unless(
                is_known(&result) || works || self.is_on_the_way(path),
                &format!("`{path}` is neither old nor new: {text:?}"),
            );
            let dead = self.died().into_iter().find(|key| text.contains(&format!("<secret of {}>", key.id)));
            let died_as_usual = |key: &Key| usual.died().iter().any(|other| other.id == key.id);
            // A dead key may stay if nobody removes it, but not in the place of another.
            let has_another = after.iter().any(|(other, text)| other == path && *text != result.1);
            let is_accident = dead.is_some_and(|key| !died_as_usual(key) || has_another);
            wrong.unless(!is_accident, &format!("the key in `{path}` is dead"));
        }
    }

    fn is_on_the_way(&self, path: &str) -> bool {
        // A settings file may have a profile that a later step removes, or the record of a key.
        path == "config/optra/config.toml" && self.session.code != Some(0)
    }

    /// No temporary file stays.
    fn has_nothing_left_over(&self, usual: &After<'_>, call: &Call, wrong: &mut Wrong) {
        for (path, thing) in &self.files {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_known = self.place.before.contains_key(path) || usual.files.contains_key(path);
            let is_told = self.session.err().contains(&*name);
            // A file that the system refuses to remove stays.
            let is_kept = call.name.starts_with("unlink") && call.about.contains(&*name);
            let is_folder = matches!(thing, Thing::Folder(_));
            wrong.unless(is_known || is_told || is_kept || is_folder, &format!("`{}` is left over", path.display()));
        }
    }
}

fn difference(own: &[(String, String)], other: &[(String, String)]) -> String {
    let only = |these: &[(String, String)], those: &[(String, String)]| -> Vec<String> {
        these.iter().filter(|one| !those.contains(one)).map(|(path, text)| format!("{path}: {text:?}")).collect()
    };
    format!("{:?} instead of {:?}", only(own, other), only(other, own))
}

fn holds(bytes: &[u8], text: &str) -> bool {
    !text.is_empty() && memchr::memmem::find(bytes, text.as_bytes()).is_some()
}
