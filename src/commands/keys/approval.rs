//! Which plans are applied only after others have seen them: those that so many people signed beside the one who wrote it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::SignedDuration;

use crate::commands::input::new_name;
use crate::config::path;
use crate::context::Context;
use crate::disk::{self, Refused};
use crate::error::{Error, Kind};
use crate::journal;
use crate::lifecycle::{Plan, Signer, Signers, people};
use crate::text::age;

/// More than any list of people has, in bytes.
const LARGEST: u64 = 1 << 20;

/// More than any signature has, a certificate with it, in bytes.
const LARGEST_SIGNATURE: u64 = 1 << 16;

/// So much the clocks of two machines may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// The arguments that say who has to approve.
///
/// Whatever conflicts with an argument that another one requires has to conflict with that one too: the parser does not
/// ask for an argument that it would refuse.
#[derive(Debug, clap::Args)]
pub struct Approval {
    /// Say in the plan who writes it, as `--allowed-signers` calls them: whoever writes a plan does not approve it
    #[arg(long, value_name = "PRINCIPAL", requires = "plan", value_parser = new_name, hide_short_help = true)]
    #[arg(conflicts_with_all = ["apply", "yes"])]
    writer: Option<String>,

    /// Apply the plan only if its writer signed it, and so many others: with `ssh-keygen -Y sign -n optra-plan`, in PLAN.sig and
    /// PLAN.*.sig
    #[arg(long, value_name = "N", requires_all = ["apply", "allowed_signers"], hide_short_help = true)]
    #[arg(conflicts_with_all = ["keys", "conditions", "plan"], value_parser = clap::value_parser!(u8).range(1..))]
    require_approval: Option<u8>,

    /// Who may sign, and with which keys, as in `man ssh-keygen` under ALLOWED SIGNERS
    #[arg(long, value_name = "FILE", requires = "require_approval", value_parser = path, hide_short_help = true)]
    allowed_signers: Option<PathBuf>,

    /// Refuse a plan that is older
    #[arg(long, value_name = "AGE", requires = "require_approval", value_parser = age, hide_short_help = true)]
    #[arg(default_value = "7d")]
    max_age: SignedDuration,
}

impl Approval {
    /// Returns who writes the plan.
    pub fn writer(&self) -> Option<&str> {
        self.writer.as_deref()
    }

    /// Tells how a plan that was just written is applied.
    pub fn tell_next(&self, path: &Path, cx: &Context) {
        let (file, option) = (path.display().to_string(), cx.config.portal_flags());
        let apply = format!("optra{option} keys revoke --apply {}", shell_words::quote(&file));
        if self.writer.is_none() {
            cx.out.status(format_args!("Look at it, then: `{apply}`."));
            return;
        }
        cx.out.status(format_args!("Look at it, and sign it, as all who approve it do: `{}`.", sign_line(path)));
        cx.out.status(format_args!("Then: `{apply} --require-approval N --allowed-signers FILE`."));
    }

    /// Refuses a plan that is not approved as it was asked for; returns who approved it, for the log. `text` is what the plan was read from: nothing is read once more.
    pub fn ensure(
        &self,
        plan: &Plan,
        text: &str,
        path: &Path,
        cx: &Context,
    ) -> Result<Option<journal::Approval>, Error> {
        let (Some(count), Some(allowed)) = (self.require_approval, &self.allowed_signers) else { return Ok(None) };
        let refused = |why: String| Error::new(Kind::Declined, format!("nothing was revoked, because the plan {why}"));
        let now = crate::text::now();
        let old = now.duration_since(plan.made());
        if old < -SKEW {
            return Err(refused(format!("was made at {}, which is in the future", plan.made())));
        }
        if old > self.max_age {
            let writer = if plan.writer().is_none() { " --writer PRINCIPAL" } else { "" };
            let hint = format!("Make a new plan, and have it signed: `{}{writer}`.", plan.renewal());
            return Err(refused(format!("was made at {}, and has expired", plan.made())).hint(hint));
        }
        let Some(writer) = plan.writer() else {
            let hint = "Make it with `--writer PRINCIPAL`: whoever writes a plan signs it, and does not approve it.";
            return Err(refused("does not say who wrote it".to_owned()).hint(hint));
        };
        if path.as_os_str() == "-" {
            return Err(Error::new(Kind::Usage, "signatures stand beside the plan's file: name it, not `-`"));
        }
        let signers = Signers::new(&read_allowed(allowed)?)?;
        let mut signed: Vec<Signer> = Vec::new();
        for signature in signatures(path)? {
            let signer = read_signature(&signature).and_then(|bytes| signers.signer(text.as_bytes(), &bytes));
            match signer {
                Ok(signer) => signed.push(signer),
                Err(why) => cx.out.warn(format_args!("`{}` does not count: {why}", signature.display())),
            }
        }
        let (own, others): (Vec<Signer>, Vec<Signer>) =
            people(signed).into_iter().partition(|person| person.is_called(writer));
        let sign = format!("To sign it: `{}`.", sign_line(path));
        if own.is_empty() {
            return Err(refused(format!("is not signed by `{writer}`, who wrote it")).hint(sign));
        }
        let names = others.iter().map(Signer::told).collect::<Vec<_>>().join(", ");
        if others.len() < usize::from(count) {
            let by = if names.is_empty() { "nobody".to_owned() } else { names };
            let why =
                format!("has {} of {count} approvals: it is approved by {by}, and written by `{writer}`", others.len());
            return Err(refused(why).hint(sign));
        }
        cx.out.status(format_args!("Approved by {names}; written by {writer}."));
        Ok(Some(journal::Approval::new(text.as_bytes(), writer, others.iter().map(Signer::told).collect())))
    }
}

/// Reads who may sign, from a file that nobody else could have written.
fn read_allowed(path: &Path) -> Result<Vec<u8>, Error> {
    disk::read_bytes(path, LARGEST).map_err(|refused| match refused {
        Refused::Untrusted(untrusted) => Error::from(untrusted),
        refused => {
            Error::new(Kind::Usage, format!("cannot read the allowed signers from `{}`", path.display())).cause(refused)
        }
    })
}

/// Reads a signature, which may come from anybody.
fn read_signature(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: io::Error| format!("it cannot be read: {error}");
    if !path.metadata().map_err(unreadable)?.is_file() {
        // A pipe would be waited for without end.
        return Err("it is no regular file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST_SIGNATURE + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    match bytes.len() as u64 > LARGEST_SIGNATURE {
        true => Err(format!("it is larger than {} KiB", LARGEST_SIGNATURE >> 10)),
        false => Ok(bytes),
    }
}

/// The command line by which somebody signs a plan, with a key and a name of theirs.
fn sign_line(plan: &Path) -> String {
    let file = plan.display().to_string();
    let (signature, file) = (format!("{file}.NAME.sig"), shell_words::quote(&file));
    format!("ssh-keygen -Y sign -n optra-plan -f KEY < {file} > {}", shell_words::quote(&signature))
}

/// Finds the signatures beside a plan: `PLAN.sig` and `PLAN.*.sig`.
fn signatures(plan: &Path) -> Result<Vec<PathBuf>, Error> {
    let name = plan.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let directory = plan.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unreadable = |cause| {
        Error::new(Kind::Usage, format!("cannot look for signatures in `{}`", directory.display())).cause(cause)
    };
    let mut found = Vec::new();
    for entry in directory.read_dir().map_err(unreadable)? {
        let other = entry.map_err(unreadable)?.file_name();
        // Named as the plan was.
        let (path, other) = (plan.with_file_name(&other), other.to_string_lossy().into_owned());
        let is_signature =
            other.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".sig"));
        if is_signature {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
