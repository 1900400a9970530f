//! `optra devices show`

use crate::commands::id_or_name;
use crate::commands::search::Search;
use crate::context::Context;
use crate::error::Error;
use crate::output::Fields;
use crate::portal::devices::{self, Device};

/// Show one device, by its id or its unique name
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices show dock-01-camera
  optra devices show 371650114937028608 -o json")]
pub struct Args {
    /// The device's id, or its name if no other device has it
    #[arg(value_name = "ID|NAME", value_parser = id_or_name)]
    device: String,

    #[command(flatten)]
    fields: Fields<Device>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let portal = cx.portal()?;
    if let Some(device) = devices::show(portal, &args.device)? {
        return Ok(cx.out.item(&device, &args.fields)?);
    }
    let mut search = Search::new("device", &args.device, |device: &Device| &device.id);
    for page in devices::list(portal) {
        for device in page?.items {
            let name = device.name.clone();
            search.see(device, name.as_deref());
        }
    }
    Ok(cx.out.item(&search.one()?, &args.fields)?)
}
