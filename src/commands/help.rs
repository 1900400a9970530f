//! `optra help`: the help of a command, and the tables of exit codes and settings, printed from what the code uses.

use crate::config::SETTINGS;
use crate::context::Context;
use crate::error::{Error, Kind};

/// Print the help of a command, or of a topic: exit-codes, environment
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra help keys revoke
  optra help exit-codes
  optra help environment")]
pub struct Args {
    /// A command, or `exit-codes`, or `environment`
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    let text = match words[..] {
        ["exit-codes"] => exit_codes(),
        ["environment"] => environment(),
        _ => of_command(&words, cx)?,
    };
    Ok(cx.out.text(&text)?)
}

fn of_command(words: &[&str], cx: &Context) -> Result<String, Error> {
    let mut tree = (cx.tree)();
    tree.build();
    let mut command = &mut tree;
    for word in words {
        command = command.find_subcommand_mut(word).ok_or_else(|| {
            Error::new(Kind::Usage, format!("there is no command or topic `{}`", words.join(" ")))
                .hint("`optra help` lists the commands; the topics are `exit-codes` and `environment`.")
        })?;
    }
    Ok(command.render_long_help().to_string())
}

fn exit_codes() -> String {
    let mut text =
        "Exit codes, and `error.code` in machine formats:\n\n    0  -                    success\n".to_owned();
    for row in Kind::ALL.map(Kind::row) {
        text.push_str(&format!("  {:>3}  {:<19}  {}\n", row.exit, row.code, row.meaning));
    }
    text
}

fn environment() -> String {
    let mut text =
        "Settings, by option, variable and key in `config.toml`. An option wins over a variable, a variable over \
                    the file.\n\n"
            .to_owned();
    let or_dash = |name: &'static str| if name.is_empty() { "-" } else { name };
    text.push_str(&format!("  {:<12}  {:<19}  {:<20}  {}\n", "option", "variable", "config key", "meaning"));
    for setting in &SETTINGS {
        let (option, variable, key) = (or_dash(setting.option), or_dash(setting.variable), or_dash(setting.key));
        text.push_str(&format!("  {option:<12}  {variable:<19}  {key:<20}  {}\n", setting.meaning));
    }
    text
}
