//! Who approved a plan: those who signed its very bytes, as `ssh-keygen` tells by a file of allowed signers. It reads no plan and
//! prints nothing; that the file of signers is to be trusted is for whoever calls.
//!
//! What is counted is people. A key under two names is one of them, and so are two keys under one name. Two names with a key each are
//! two: that they are not the same person is what the file of signers has to see to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempPath;
use zeroize::Zeroizing;

use crate::disk::{self, NotRun, Refused};
use crate::error::{Error, Kind};

/// What a signature is made for: one of a commit or of a login approves nothing.
const NAMESPACE: &str = "optra-plan";

/// How long `ssh-keygen` may take for one signature, which it does in milliseconds.
const LIMIT: Duration = Duration::from_secs(10);

/// The longest reason of `ssh-keygen` that is repeated, in characters.
const LONGEST_REASON: usize = 200;

/// What `ssh-keygen` says of a signature that is right, by a key that it does not find.
const NOBODY: &str = "No principal matched.";

/// A person who signed: their names, and the fingerprints of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    pub names: BTreeSet<String>,
    pub fingerprints: BTreeSet<String>,
}

impl Signer {
    /// Returns the names, as a sentence tells them.
    pub fn told(&self) -> String {
        self.names.iter().map(String::as_str).collect::<Vec<_>>().join(" or ")
    }

    /// Returns true if this is one of the person's names, in any case: `Ada@example.com` is `ada@example.com`.
    pub fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|own| own.to_lowercase() == name.to_lowercase())
    }

    /// Returns true if two signers are one person: they share a name or a key.
    pub fn is_same(&self, other: &Signer) -> bool {
        self.names.iter().any(|name| other.is_called(name)) || !self.fingerprints.is_disjoint(&other.fingerprints)
    }
}

/// The allowed signers, and the program that verifies their signatures. The program reads our copies, so that what was
/// checked is what counts, even if the files change meanwhile.
#[derive(Debug)]
pub struct Signers {
    program: PathBuf,
    allowed: TempPath,
}

impl Signers {
    /// Finds the program; refuses one that another user could have written.
    pub fn new(allowed: &[u8]) -> Result<Signers, Error> {
        let program = which::which("ssh-keygen").map_err(|_| {
            Error::new(
                Kind::Declined,
                "there is no `ssh-keygen`, so nobody can tell who signed the plan; nothing was revoked",
            )
            .hint("Install OpenSSH's client: `sudo apt-get install openssh-client`.")
        })?;
        if let Err(Refused::Untrusted(untrusted)) = disk::check_program(&program) {
            return Err(untrusted.into());
        }
        let copied = disk::private_copy(allowed).map_err(|cause| {
            let message = "nothing was revoked, because there is no room for a copy of the allowed signers";
            Error::new(Kind::Failed, message).cause(cause)
        });
        Ok(Signers { program, allowed: copied? })
    }

    /// Returns who made a signature of these bytes, or the reason why it does not count.
    ///
    /// A pattern such as `*@example.com` names nobody: whoever signs under it could be the plan's writer.
    pub fn signer(&self, bytes: &[u8], signature: &[u8]) -> Result<Signer, String> {
        let signature = &disk::private_copy(signature).map_err(|error| format!("it cannot be copied: {error}"))?;
        let found = self.run(&["find-principals"], signature, &[])?;
        let stranger = || "its key is not one of the allowed signers".to_owned();
        if !found.status.success() {
            return Err(Some(self.reason(&found)).filter(|why| why != NOBODY).unwrap_or_else(stranger));
        }
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        let (mut signer, mut why) = (Signer { names: BTreeSet::new(), fingerprints: BTreeSet::new() }, None);
        for name in found.lines().flat_map(|line| line.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
            if name.contains(['*', '?', '!']) {
                why = Some(format!(
                    "`{name}` is a pattern, which names nobody: the allowed signers need a line with a name"
                ));
                continue;
            }
            let told = self.run(&["verify", "-n", NAMESPACE, "-I", name], signature, bytes)?;
            let said = String::from_utf8_lossy(&told.stdout).into_owned();
            // The key is the last word; before it comes the name, which the issuer of a certificate chooses.
            match said.split_whitespace().next_back().filter(|word| word.starts_with("SHA256:")) {
                Some(fingerprint) if told.status.success() => {
                    signer.names.insert(name.to_owned());
                    signer.fingerprints.insert(fingerprint.to_owned());
                }
                _ => why = Some(self.reason(&told)),
            }
        }
        match signer.names.is_empty() {
            false => Ok(signer),
            true => Err(why.unwrap_or_else(stranger)),
        }
    }

    fn run(&self, words: &[&str], signature: &Path, bytes: &[u8]) -> Result<Output, String> {
        let mut command = Command::new(&self.program);
        command.env_remove("OPTRA_API_KEY").arg("-Y").args(words).arg("-f").arg(&self.allowed).arg("-s").arg(signature);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        // If the program ends before it has read everything, its status says so.
        let ran = disk::run(&mut command, Some(Zeroizing::new(bytes.to_vec())), LIMIT);
        ran.map(|ran| ran.output).map_err(|error| match error {
            NotRun::NotStarted(error) | NotRun::NotWatched(error) => format!("`ssh-keygen` cannot be run: {error}"),
            NotRun::TimedOut => format!("`ssh-keygen` did not end within {} s", LIMIT.as_secs()),
        })
    }

    /// Returns why a signature is refused, in the words of `ssh-keygen`, which speaks of our copy of the file.
    fn reason(&self, told: &Output) -> String {
        let copy = self.allowed.display().to_string();
        let text = String::from_utf8_lossy(&told.stderr).replace(&copy, "the allowed signers");
        let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it is not valid");
        line.chars().take(LONGEST_REASON).collect()
    }
}

/// Joins signers to people: each person once, with all their names and keys.
pub fn people(signers: Vec<Signer>) -> Vec<Signer> {
    let mut people: Vec<Signer> = Vec::new();
    for mut signer in signers {
        let (same, others) = people.into_iter().partition(|person: &Signer| person.is_same(&signer));
        people = others;
        for person in same {
            signer.names.extend(person.names);
            signer.fingerprints.extend(person.fingerprints);
        }
        people.push(signer);
    }
    people
}

#[cfg(test)]
mod tests {
    use super::{Signer, people};

    fn signer(names: &[&str], key: &str) -> Signer {
        let names = names.iter().map(ToString::to_string).collect();
        Signer { names, fingerprints: [key.to_owned()].into() }
    }

    #[test]
    fn a_person_counts_once_under_any_names_and_keys() {
        let count = |signers: &[Signer]| people(signers.to_vec()).len();
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&[signer(&["a"], "1"), signer(&["b"], "2")]), 2);
        assert_eq!(count(&[signer(&["a"], "1"), signer(&["b"], "1")]), 1);
        assert_eq!(count(&[signer(&["a"], "1"), signer(&["a"], "2")]), 1);
        assert_eq!(count(&[signer(&["A@x"], "1"), signer(&["a@X"], "2")]), 1);
        // The one that joins two others may come last.
        assert_eq!(count(&[signer(&["a"], "1"), signer(&["b"], "2"), signer(&["a", "b"], "3")]), 1);
    }
}
