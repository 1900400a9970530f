//! `optra devices list`

use jiff::Timestamp;

use crate::commands::choice::Choice;
use crate::commands::listing::Listing;
use crate::commands::several;
use crate::context::Context;
use crate::error::Error;
use crate::portal::Wanted;
use crate::portal::devices::{self, Device};

/// List the organization's devices
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices list
  optra devices list --where status=OFFLINE --where 'lastSeenAt>7d' --sort lastSeenAt
  optra devices list -o ndjson --fields id,name,location.name
  optra devices list --all-profiles --count
  optra devices list --jq '[.[] | .model] | unique'")]
pub struct Args {
    #[command(flatten)]
    choice: Choice<Device>,

    #[command(flatten)]
    listing: Listing<Device>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let wanted = args.listing.wanted(args.choice.fields(), cx.out.is_map());
    let wanted = Wanted { equal: args.choice.equal(), ..wanted };
    let several = args.listing.profiles(cx)?;
    let (pages, failures) = match &several {
        None => (devices::list(cx.portal()?, wanted), None),
        Some(profiles) => {
            let (pages, failures) = several::pages(profiles, move |portal| devices::list(portal, wanted.clone()), cx);
            (pages.map(|(profile, device)| Device { profile: Some(profile), ..device }), Some(failures))
        }
    };
    let print = |pages| match (&several, &failures) {
        (Some(profiles), Some(failures)) => args.listing.print_several(profiles, pages, failures, cx),
        _ => args.listing.print(pages, cx),
    };
    if args.choice.is_empty() {
        return print(pages);
    }
    let now = Timestamp::now();
    let mut seen = 0_usize;
    let chosen = pages.choose(|device| {
        seen += 1;
        args.choice.takes(device, now)
    });
    let printed = print(chosen);
    args.choice.tell(cx);
    printed?;
    // Each portal of several may be told something else, or nothing.
    let by_portal = if several.is_none() { devices::filters(cx.portal()?)? } else { Vec::new() };
    let equal: Vec<String> = args.choice.equal().into_iter().map(|(field, _)| field).collect();
    match args.choice.fields().iter().all(|field| equal.contains(field) && by_portal.contains(field)) {
        true => cx.out.status("chosen by the portal, as the binding of `devices.list` says"),
        false => cx.out.status(format_args!("chosen here among {seen} devices: the portal has no such filter")),
    }
    Ok(())
}
