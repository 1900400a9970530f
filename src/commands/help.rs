//! `optra help`: the help of a command, and the tables of exit codes and settings, printed from what the code uses.

use crate::commands::{choice, portal};
use crate::config::{SETTINGS, Setting};
use crate::context::Context;
use crate::error::{Error, Kind};
use strum::VariantArray;

/// Print the help of a command, or of a topic such as `options` or `bindings`
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra help keys revoke
  optra help exit-codes
  optra help environment")]
pub struct Args {
    /// A command, or `options`, `exit-codes`, `environment`, `filters` or `bindings`
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    let text = match words[..] {
        ["exit-codes"] => exit_codes(),
        ["environment"] => environment(),
        ["filters"] => choice::HELP.to_owned(),
        ["bindings"] => portal::bindings_topic(),
        ["options"] => options(cx),
        _ => of_command(&words, cx)?,
    };
    cx.out.page();
    Ok(cx.out.text(&text)?)
}

fn of_command(words: &[&str], cx: &Context) -> Result<String, Error> {
    let mut tree = (cx.tree)();
    tree.build();
    let mut command = &mut tree;
    for word in words {
        command = command.find_subcommand_mut(word).ok_or_else(|| {
            Error::new(Kind::Usage, format!("there is no command or topic `{}`", words.join(" ")))
                .hint("`optra help` lists the commands; the topics are `options`, `exit-codes`, `environment`, `filters` and `bindings`.")
        })?;
    }
    Ok(command.render_long_help().to_string())
}

/// The options that every command has.
fn options(cx: &Context) -> String {
    let globals = (cx.tree)().get_arguments().filter(|option| option.is_global_set()).cloned().collect::<Vec<_>>();
    let bare = clap::Command::new("optra").disable_help_flag(true).disable_version_flag(true).args(globals);
    let help = bare.help_template("{all-args}").render_long_help().to_string();
    format!("The options that every command has, before it or behind it.\n\n{}\n", help.trim_end())
}

fn exit_codes() -> String {
    let mut text =
        "Exit codes, and `error.code` in machine formats:\n\n    0  -                    success\n".to_owned();
    for row in Kind::VARIANTS.iter().map(|kind| kind.row()) {
        text.push_str(&format!("  {:>3}  {:<19}  {}\n", row.exit, row.code, row.meaning));
    }
    text
}

fn environment() -> String {
    let mut text =
        "Settings, by option, variable and key in `config.toml`. An option wins over a variable, a variable over \
                    the file.\n\n"
            .to_owned();
    let heading = ["option", "variable", "config key", "meaning"];
    let or_dash = |name: &'static str| if name.is_empty() { "-" } else { name };
    let row =
        |setting: &Setting| [or_dash(setting.option), or_dash(setting.variable), or_dash(setting.key), setting.meaning];
    let rows: Vec<[&str; 4]> = std::iter::once(heading).chain(SETTINGS.iter().map(row)).collect();
    let width = |n: usize| rows.iter().map(|row| row[n].len()).max().unwrap_or(0);
    let (first, second, third) = (width(0), width(1), width(2));
    for [option, variable, key, meaning] in &rows {
        text.push_str(&format!("  {option:<first$}  {variable:<second$}  {key:<third$}  {meaning}\n"));
    }
    text
}
