//! `optra auth status`: which portal, which key, from where, and whether it is valid. Safe to paste.

use serde::Serialize;

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Column, Fields, Record, Value};
use crate::portal::viewer::{self, Viewer};

/// Show the portal, the key in use and whether the portal accepts it
///
/// Exits with 0 for a valid key, 4 for none or an invalid one, 8 where that cannot be known now.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth status
  optra auth status -o json | jq -r .state")]
pub struct Args {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    portal: String,
    profile: String,
    organization: Option<String>,
    source: &'static str,
    /// The last four characters at most.
    key: String,
    key_id: Option<String>,
    state: State,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Valid,
    Invalid,
    Unknown,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Invalid => "invalid",
            State::Unknown => "unknown",
        }
    }
}

impl Record for Status {
    const NOUN: (&'static str, &'static str) = ("status", "statuses");
    const COLUMNS: &'static [Column<Status>] = &[
        Column::whole("portal", |status| status.portal.cell()),
        Column::whole("profile", |status| status.profile.cell()),
        Column::whole("organization", |status| status.organization.cell()),
        Column::whole("source", |status| status.source.cell()),
        Column::whole("key", |status| status.key.cell()),
        Column::whole("keyId", |status| status.key_id.cell()),
        Column::whole("state", |status| status.state.word().cell()),
    ];
}

pub fn run(_: &Args, cx: &Context) -> Result<(), Error> {
    let endpoint = cx.endpoint()?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    let source = credential.source.words();
    let key = credential.secret.last_four().map_or_else(|| "…".to_owned(), |last| format!("…{last}"));
    let noted = credential.key_id.clone();
    let portal = endpoint.base();
    let proof = viewer::prove(&cx.connect(endpoint, credential)?).map_err(Error::from);
    let (state, viewer, failure) = match proof {
        Ok(viewer) => (State::Valid, viewer, None),
        // Who may not ask is known to the portal all the same.
        Err(error) if matches!(error.kind(), Kind::Forbidden | Kind::FeatureDisabled) => {
            (State::Valid, Viewer::default(), None)
        }
        Err(error) if error.kind() == Kind::Unauthenticated => (State::Invalid, Viewer::default(), Some(error)),
        Err(error) => {
            let kind = if error.kind().row().exit == 8 { error.kind() } else { Kind::Unreachable };
            let error = error.within(kind, "whether the key is valid cannot be known now");
            (State::Unknown, Viewer::default(), Some(error))
        }
    };
    let status = Status {
        portal,
        profile: cx.config.profile_name()?,
        organization: viewer.organization.map(|organization| organization.name.unwrap_or(organization.id)),
        source,
        key,
        key_id: viewer.key.map(|key| key.id).or(noted),
        state,
    };
    cx.out.item(&status, &Fields::all())?;
    failure.map_or(Ok(()), Err)
}
