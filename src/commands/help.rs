//! `optra help`: the help of a command, of the user's own document, or of a topic.

use super::{query, topics};
use crate::context::Context;
use crate::error::{Error, Kind};

/// Print the help of a command, or of a topic such as `options` or `bindings`
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra help keys revoke
  optra help query fleet                             of a document of your own
  optra help exit-codes
  optra help environment")]
pub struct Args {
    /// A command, or `options`, `environment`, `exit-codes`, `filters`, `bindings` or `formats`
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    let text = text_of(&words, cx)?;
    cx.out.page();
    Ok(cx.out.text(&text)?)
}

/// Returns the help of a command or a topic.
pub fn text_of(words: &[&str], cx: &Context) -> Result<String, Error> {
    if let [word] = words
        && let Some(topic) = topics::find(word)
    {
        return Ok(topic.text(&(cx.tree)()));
    }
    let mut tree = match words {
        ["query", name] => query::with_document((cx.tree)(), name)?,
        _ => (cx.tree)(),
    };
    tree.build();
    let mut command = &mut tree;
    for word in words {
        command = command.find_subcommand_mut(word).ok_or_else(|| {
            Error::new(Kind::Usage, format!("there is no command or topic `{}`", words.join(" ")))
                .hint(format!("`optra help` lists the commands; the topics are {}.", topics::names()))
        })?;
    }
    Ok(command.render_long_help().to_string())
}
