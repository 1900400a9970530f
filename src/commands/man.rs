//! `optra man`: man pages, generated from the same texts as the help.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::help::text_of;
use super::{roff, topics};
use crate::config::path;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::shells;

/// Show the manual page of a command or a topic
///
/// At a terminal `man` shows it; in a pipe you get the source of the page.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra man
  optra man keys rotate
  optra man exit-codes
  optra man --dir ./man                              all pages, for a package")]
pub struct Args {
    /// A command, or a topic of `optra help`
    #[arg(value_name = "COMMAND|TOPIC", conflicts_with = "dir")]
    words: Vec<String>,

    /// Write all pages into this directory
    #[arg(long, value_name = "DIR", value_parser = path)]
    dir: Option<PathBuf>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let mut tree = (cx.tree)();
    tree.build();
    if let Some(directory) = &args.dir {
        let pages = all(&tree);
        write(&pages, directory)?;
        cx.out.status(format_args!("Wrote {} pages to `{}`.", pages.len(), directory.display()));
        return Ok(());
    }
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    let help = text_of(&words, cx)?;
    let page = match words[..] {
        [word] if topics::find(word).is_some() => topic(word, &tree),
        _ => words.iter().try_fold(&tree, |command, word| command.find_subcommand(word)).map(roff::of_command),
    };
    match page {
        // A document of the user's own has help, but no page.
        None => Ok(cx.out.text(&help)?),
        Some(page) if !cx.out.is_watched() => Ok(cx.out.text(&page)?),
        Some(page) if shown(&page) => Ok(()),
        Some(_) => Ok(cx.out.text(&help)?),
    }
}

fn topic(name: &str, tree: &clap::Command) -> Option<String> {
    let topic = topics::find(name)?;
    Some(roff::of_text(&format!("optra-{}", topic.name), topic.about, &topic.text(tree)))
}

/// Returns every page, with its file name.
fn all(tree: &clap::Command) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    of_commands(tree, &mut pages);
    // The page of the program has the global options.
    for other in topics::TOPICS.iter().filter(|topic| topic.name != "options") {
        pages.extend(topic(other.name, tree).map(|page| (format!("optra-{}.7", other.name), page)));
    }
    pages
}

fn of_commands(command: &clap::Command, pages: &mut Vec<(String, String)>) {
    if !command.is_hide_set() {
        pages.push((format!("{}.1", roff::name(command)), roff::of_command(command)));
        command.get_subcommands().for_each(|child| of_commands(child, pages));
    }
}

/// Writes the pages with default permissions: everybody may read them.
fn write(pages: &[(String, String)], directory: &Path) -> Result<(), Error> {
    if !directory.is_dir() {
        let message = format!("there is no directory `{}`", directory.display());
        return Err(Error::new(Kind::Usage, message).hint(format!("Make it: `{}`.", shells::make_directory(directory))));
    }
    pages.iter().try_for_each(|(name, page)| {
        let path = directory.join(name);
        let failed = |cause| Error::new(Kind::Failed, format!("cannot write `{}`", path.display())).cause(cause);
        fs::write(&path, page).map_err(failed)
    })
}

/// Shows a page with `man`, without our key in its environment; returns false if that fails.
fn shown(page: &str) -> bool {
    let man = Command::new("man")
        .args(["-l", "-"])
        .env_remove("OPTRA_API_KEY")
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut man) = man else { return false };
    if let Some(mut pipe) = man.stdin.take() {
        // A reader who quits early closes the pipe; that is no error.
        let _ = pipe.write_all(page.as_bytes());
    }
    man.wait().is_ok_and(|status| status.success())
}
