//! `optra devices show`

use crate::commands::id_or_name;
use crate::commands::lacking;
use crate::commands::search::Search;
use crate::context::Context;
use crate::error::Error;
use crate::output::Fields;
use crate::portal::devices::{self, Device};
use crate::portal::{Paging, Shown, Wanted};

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
    if let Some(Shown { item, left_out }) = devices::show(portal, &args.device)? {
        return print(&item, &left_out, args, cx);
    }
    let mut search = Search::new("device", &args.device, |device: &Device| &device.id);
    let (mut left_out, mut errors, mut paging) = (Vec::new(), Vec::new(), Paging::default());
    for page in devices::list(portal, Wanted::default()) {
        let page = page?;
        for device in page.items {
            let name = device.name.clone();
            search.see(device, name.as_deref());
        }
        errors.extend(page.errors);
        (left_out, paging) = (page.left_out, page.paging);
    }
    // A name that is not in a part of the list may be in the rest.
    lacking::refuse_holes("devices", &errors)?;
    let found = search.one().or_else(|error| lacking::refuse_part("devices", &paging).and(Err(error)))?;
    print(&found, &left_out, args, cx)
}

fn print(device: &Device, left_out: &[String], args: &Args, cx: &Context) -> Result<(), Error> {
    lacking::refuse(&args.fields, left_out)?;
    cx.out.item(device, &args.fields)?;
    lacking::tell(&args.fields, left_out, cx);
    Ok(())
}
