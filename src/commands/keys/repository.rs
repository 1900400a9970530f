//! Scans the objects of a git repository, each once, and finds the first commit of an object; and tells which files it does
//! not ignore.
//!
//! It runs `git` so that nothing the repository configures is executed: no filter, no hook, no external diff.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::search::{Findings, Search};
use crate::disk;
use crate::error::{Error, Kind};
use crate::scan::Hit;
use crate::text::{argument, counted};

/// How long git may take to say whether it ignores a file.
const GIT_LIMIT: Duration = Duration::from_secs(5);

/// Which objects to scan.
pub enum What<'r> {
    /// All objects of the repository, unreachable ones too.
    All,
    /// The objects that the commits of a range added.
    Range(&'r str),
    /// The changes in the index.
    Staged,
}

/// Where an object was found.
pub struct Object {
    /// The path; for an object that no commit has at a path, its kind and id.
    pub path: String,
    pub commit: Option<String>,
}

impl Object {
    /// Returns the path, with the commit before it.
    pub fn name(&self) -> String {
        let Object { path, commit } = self;
        match commit {
            Some(commit) => format!("{}:{path}", commit.get(..12).unwrap_or(commit)),
            None => path.clone(),
        }
    }
}

/// A repository, given by any directory in it.
pub struct Repository {
    folder: PathBuf,
}

/// Called for each hit in an object; the text is the member's path, if the object is an archive.
type Tell<'t> = dyn FnMut(&Object, &str, Hit) -> Result<(), Error> + 't;

impl Repository {
    pub fn new(folder: &Path) -> Repository {
        Repository { folder: folder.to_owned() }
    }

    /// Scans objects.
    pub fn look(&self, what: &What<'_>, search: &mut Search<'_>, tell: &mut Tell<'_>) -> Result<(), Error> {
        // Errors name the folder and the range.
        search.learn(&self.folder.display());
        if let What::Range(range) = what {
            search.learn(range);
        }
        self.ensure_is_one()?;
        if !matches!(what, What::Staged) && self.output(&["rev-parse", "--is-shallow-repository"])?.starts_with(b"true")
        {
            search
                .warn(format_args!("`{}` is a shallow clone, so older commits are not scanned", self.folder.display()));
        }
        match what {
            What::All => {
                let options = ["cat-file", "--batch", "--buffer", "--unordered", "--batch-all-objects"];
                self.objects(self.start(&options, Stdio::null())?, search, "--all", tell)?;
                self.count_missing(search)
            }
            What::Range(range) => {
                if range.starts_with('-') {
                    return Err(Error::new(Kind::Usage, format!("`{range}` is not a range of commits")));
                }
                self.ensure_is_range(range)?;
                let mut list =
                    self.start(&["rev-list", "--objects", "--no-object-names", range, "--"], Stdio::null())?;
                let ids = list.0.stdout.take().map_or_else(Stdio::null, Stdio::from);
                let objects = self.start(&["cat-file", "--batch", "--buffer"], ids)?;
                self.objects(objects, search, range, tell)?;
                self.ended(list)
            }
            What::Staged => self.staged(search, tell),
        }
    }

    /// Refuses a path that is not in a repository: nothing there was scanned.
    fn ensure_is_one(&self) -> Result<(), Error> {
        let asked = self.command(&["rev-parse", "--git-dir"]).output().map_err(|error| self.failed(&error))?;
        if asked.status.success() {
            return Ok(());
        }
        let folder = self.folder.display().to_string();
        let error = Error::new(Kind::Usage, format!("`{folder}` is not in a git repository"));
        Err(match folder.contains("..") && !self.folder.exists() {
            true => error.hint(format!("A range of commits follows an equals sign: `--git={folder}`.")),
            false => error,
        })
    }

    /// Refuses a range that git does not know, in git's words.
    fn ensure_is_range(&self, range: &str) -> Result<(), Error> {
        let mut ask = self.command(&["rev-list", "--max-count=1", range, "--"]);
        let asked = ask.output().map_err(|error| self.failed(&error))?;
        if asked.status.success() {
            return Ok(());
        }
        let message = format!("`{range}` is not a range of commits of `{}`", self.folder.display());
        Err(Error::new(Kind::Usage, message).cause(words(&asked.stderr)))
    }

    /// Counts the objects that the history needs and the repository lacks: nobody could scan them. A partial clone lacks
    /// some, and a damaged repository.
    fn count_missing(&self, search: &mut Search<'_>) -> Result<(), Error> {
        let options = ["rev-list", "--objects", "--no-object-names", "--missing=print", "--all", "--indexed-objects"];
        let mut git = self.start(&options, Stdio::null())?;
        let Some(out) = git.0.stdout.take() else { return self.ended(git) };
        let mut missing = 0;
        for line in BufReader::with_capacity(1 << 16, out).split(b'\n') {
            missing += usize::from(line.map_err(|error| self.failed(&error))?.starts_with(b"?"));
        }
        if missing > 0 {
            let objects = counted(missing, "object of its history is", "objects of its history are");
            search.unread_many(missing, format_args!("{objects} not in `{}`, and not scanned", self.folder.display()));
        }
        self.ended(git)
    }

    fn objects(
        &self,
        mut git: Running,
        search: &mut Search<'_>,
        range: &str,
        tell: &mut Tell<'_>,
    ) -> Result<(), Error> {
        let Some(out) = git.0.stdout.take() else { return self.ended(git) };
        let mut out = BufReader::with_capacity(1 << 18, out);
        while let Some((id, kind, findings)) = next(&mut out, search).map_err(|error| self.failed(&error))? {
            if findings.is_empty() {
                continue;
            }
            let object = match kind.as_str() {
                "commit" => Object { path: "(message)".to_owned(), commit: Some(id) },
                MISSING => Object { path: format!("(object {id})"), commit: None },
                // Where the history is damaged, the object has no path, and the key in it is told.
                _ => self.first(&id, range).ok().flatten().unwrap_or_else(|| unplaced(&kind, &id)),
            };
            search.named(&object.name(), findings, &mut |inside, hit| tell(&object, inside, hit))?;
        }
        self.ended(git)
    }

    /// Finds the first commit with an object, and its path there.
    fn first(&self, id: &str, range: &str) -> Result<Option<Object>, Error> {
        let find = format!("--find-object={id}");
        let options = ["log", "--no-abbrev", "--no-renames", "--raw", "-z", "-m", "--format=commit %H", &find, range];
        let told = self.output(&[&options[..], &["--"]].concat())?;
        let told = String::from_utf8_lossy(&told).into_owned();
        let (mut commit, mut first) = (None, None);
        let mut words = told.split('\0').map(|word| word.trim_start_matches('\n'));
        while let Some(word) = words.next() {
            if let Some(named) = word.strip_prefix("commit ") {
                commit = Some(named.trim().to_owned());
            } else if word.starts_with(':')
                && let Some(path) = words.next()
                && word.split(' ').nth(3) == Some(id)
            {
                // git lists the newest commit first, and the oldest is wanted.
                first = Some(Object { path: path.to_owned(), commit: commit.clone() });
            }
        }
        Ok(first)
    }

    fn staged(&self, search: &mut Search<'_>, tell: &mut Tell<'_>) -> Result<(), Error> {
        let diff = ["diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv"];
        let told = self.output(&[&diff[..], &["--diff-filter=AMT"]].concat())?;
        let told = String::from_utf8_lossy(&told).into_owned();
        let mut git = self.start(&["cat-file", "--batch"], Stdio::piped())?;
        let (Some(out), Some(mut ask)) = (git.0.stdout.take(), git.0.stdin.take()) else { return self.ended(git) };
        let mut out = BufReader::new(out);
        let mut words = told.split('\0');
        while let (Some(change), Some(path)) = (words.next(), words.next()) {
            // A submodule (mode 160000) has its objects in another repository.
            let Some(id) = change.split(' ').nth(3).filter(|_| change.split(' ').nth(1) != Some("160000")) else {
                continue;
            };
            writeln!(ask, "{id}").and_then(|()| ask.flush()).map_err(|error| self.failed(&error))?;
            let next = next(&mut out, search).map_err(|error| self.failed(&error))?;
            let object = Object { path: path.to_owned(), commit: None };
            let Some((.., findings)) = next else { break };
            search.named(&object.name(), findings, &mut |inside, hit| tell(&object, inside, hit))?;
        }
        drop(ask);
        self.ended(git)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut git = git(&self.folder);
        git.args(arguments);
        git
    }

    fn start(&self, arguments: &[&str], stdin: Stdio) -> Result<Running, Error> {
        let mut git = self.command(arguments);
        git.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::null());
        git.spawn().map(Running).map_err(|error| self.failed(&error))
    }

    /// Runs git to its end; a failure carries git's stderr.
    fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let told = self.command(arguments).output().map_err(|error| self.failed(&error))?;
        if told.status.success() {
            return Ok(told.stdout);
        }
        Err(self.failed(&words(&told.stderr)))
    }

    fn ended(&self, mut git: Running) -> Result<(), Error> {
        match git.0.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(self.failed(&io::Error::other(format!("git ended with {status}")))),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &io::Error) -> Error {
        let message = format!("cannot scan all of the repository `{}`", self.folder.display());
        // Exit code 1 would say that a key was found.
        if error.kind() == io::ErrorKind::NotFound {
            return Error::new(Kind::Partial, message).cause(io::Error::other("there is no program `git`"));
        }
        let check = format!("See what is damaged: `git -C {} fsck`.", argument(&self.folder.to_string_lossy()));
        Error::new(Kind::Partial, message).cause(io::Error::other(error.to_string())).hint(check)
    }
}

fn unplaced(kind: &str, id: &str) -> Object {
    Object { path: format!("({kind} {id})"), commit: None }
}

fn words(stderr: &[u8]) -> io::Error {
    io::Error::other(String::from_utf8_lossy(stderr).trim().to_owned())
}

/// Returns a call of git in a folder that executes nothing of what the repository configures.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false"]);
    git.env_remove("OPTRA_API_KEY").env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    git
}

/// Returns true for a file in a work tree whose repository does not ignore it, so that a careless `git add` commits it.
pub fn is_committed_by_accident(path: &Path) -> bool {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(directory), Some(name)) = (directory.canonicalize(), path.file_name()) else { return false };
    // Most places are in no work tree, and need no git to say so.
    if !directory.ancestors().any(|parent| parent.join(".git").exists()) {
        return false;
    }
    let mut ask = git(&directory);
    // A directory of the work tree may be a mount.
    ask.env("GIT_DISCOVERY_ACROSS_FILESYSTEM", "1")
        .args(["check-ignore", "--quiet", "--"])
        .arg(name)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    const NOT_IGNORED: i32 = 1;
    disk::run(&mut ask, None, GIT_LIMIT).is_ok_and(|ran| ran.output.status.code() == Some(NOT_IGNORED))
}

/// A running git, killed on drop.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What git says in place of the kind of an object that is not there, or is damaged.
const MISSING: &str = "missing";

type Next = (String, String, Findings);

/// Scans the next object that git writes; `None` at the end. Trees are skipped, because they hold only names.
fn next(out: &mut impl BufRead, search: &mut Search<'_>) -> io::Result<Option<Next>> {
    let mut head = String::new();
    if out.read_line(&mut head)? == 0 {
        return Ok(None);
    }
    let mut words = head.split_whitespace();
    let (id, kind) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut findings = Findings::default();
    if let Some(size) = words.next().and_then(|size| size.parse::<u64>().ok()) {
        let mut object = out.by_ref().take(size);
        if kind != "tree" {
            findings = search.unnamed(&mut object);
        }
        io::copy(&mut object, &mut io::sink())?;
        if object.limit() > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out.read_exact(&mut [0])?;
    } else {
        findings = Findings::unread("git cannot read it: `git fsck` says why");
    }
    Ok(Some((id, kind, findings)))
}
