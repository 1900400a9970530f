//! `optra devices show`

use crate::commands::completeness::AllowPartial;
use crate::commands::input::id_or_name;
use crate::commands::missing_fields;
use crate::commands::search::Resolver;
use crate::context::Context;
use crate::error::Error;
use crate::lifecycle::ensure_no_holes;
use crate::output::Fields;
use crate::portal::devices::{self, Device};
use crate::portal::{FoundItem, ListQuery};

/// Show one device, by its id or its unique name
///
/// At a terminal, a name in other letter case, or the beginning of only one name, shows that device and says so.
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
    allow_partial: AllowPartial,

    #[command(flatten)]
    fields: Fields<Device>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let portal = cx.portal()?;
    if let Some(FoundItem { item, omitted }) = devices::show(portal, &args.device)? {
        return print(&item, &omitted, args, cx);
    }
    let mut search = Resolver::new("device", &args.device, |device: &Device| &device.id);
    let (mut pages, mut omitted) = (devices::list(portal, &ListQuery::default())?, Vec::new());
    while let Some(page) = pages.next() {
        let page = page?;
        pages.prefetch();
        omitted = page.facts.omitted().to_vec();
        for device in page.items {
            let name = device.name.clone();
            search.consider(device, name.as_deref());
        }
    }
    ensure_no_holes(pages.completeness(), "devices")?;
    // A name that is missing from a partial list may be in the rest; one that is in it may be there again.
    if !search.has_id() {
        args.allow_partial.ensure(pages.completeness(), "devices", cx)?;
    }
    // A program never gets another device than the one it named.
    if cx.out.is_machine() || !cx.out.is_watched() {
        return print(&search.finish()?, &omitted, args, cx);
    }
    let (device, is_alike) = search.one_or_alike()?;
    if is_alike {
        let name = device.name.as_deref().unwrap_or_default();
        cx.out.warn(format_args!("there is no device `{}`; showing `{name}`", args.device));
    }
    print(&device, &omitted, args, cx)
}

fn print(device: &Device, omitted: &[String], args: &Args, cx: &Context) -> Result<(), Error> {
    missing_fields::ensure_given(&args.fields, omitted)?;
    cx.out.item(device, &args.fields)?;
    missing_fields::warn(&args.fields, omitted, cx);
    Ok(())
}
