//! `optra completions`: generated from the command tree, without network or store.

use clap_complete::Shell;

use crate::context::Context;
use crate::error::Error;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra completions bash > ~/.local/share/bash-completion/completions/optra
  optra completions zsh > ~/.zfunc/_optra
  optra completions fish > ~/.config/fish/completions/optra.fish")]
pub struct Args {
    /// The shell
    shell: Shell,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut (cx.tree)(), "optra", &mut script);
    Ok(cx.out.bytes(&script)?)
}
