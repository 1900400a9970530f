//! How profiles and their keys are shown after login, status, switch and logout.

use schemars::JsonSchema;
use serde::Serialize;

use crate::credentials::Source;
use crate::error::Error;
use crate::output::{Cell, Column, Record, Value};
use crate::portal::Endpoint;
use crate::portal::viewer::Viewer;

/// A completed login.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    pub profile: Option<String>,
    pub portal: String,
    pub organization: Option<String>,
    pub source: &'static str,
    pub key_id: Option<String>,
    /// The operation that needed the key, or what else showed that the portal knows it.
    pub proven_by: String,
}

impl Login {
    /// Combines what the portal told of the key.
    pub fn of(profile: Option<String>, at: &Endpoint, viewer: Viewer, key_id: Option<String>, source: Source) -> Login {
        let organization = viewer.organization_name();
        Login { profile, portal: at.base(), organization, source: source.as_str(), key_id, proven_by: String::new() }
    }
}

impl Record for Login {
    const NOUN: (&'static str, &'static str) = ("login", "logins");
    const COLUMNS: &'static [Column<Login>] = &[
        Column::pinned("profile", |login| login.profile.cell()),
        Column::pinned("portal", |login| login.portal.cell()),
        Column::pinned("organization", |login| login.organization.cell()),
        Column::pinned("source", |login| login.source.cell()),
        Column::pinned("keyId", |login| login.key_id.cell()),
        Column::pinned("provenBy", |login| login.proven_by.cell()),
    ];
}

/// A key, its source, and whether the portal accepts it.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    pub profile: Option<String>,
    pub portal: String,
    pub organization: Option<String>,
    pub source: &'static str,
    /// The last four characters at most.
    pub key: Option<String>,
    pub key_id: Option<String>,
    pub state: State,
    /// The sources that this one takes precedence over.
    pub shadowed: Vec<String>,
    /// Whether the profile is the active one; only where all profiles are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The file that the key is in, if it is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(skip)]
    pub failure: Option<Error>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Valid,
    Invalid,
    Unknown,
    /// The profile is logged out.
    Absent,
}

impl Value for State {
    fn cell(&self) -> Cell<'_> {
        match self {
            State::Valid => "valid",
            State::Invalid => "invalid",
            State::Unknown => "unknown",
            State::Absent => "absent",
        }
        .cell()
    }
}

impl Record for Status {
    const NOUN: (&'static str, &'static str) = ("profile", "profiles");
    const COLUMNS: &'static [Column<Status>] = &[
        Column::priority("profile", 0, |status| status.profile.cell()),
        Column::priority("portal", 0, |status| status.portal.cell()),
        Column::priority("organization", 1, |status| status.organization.cell()),
        Column::priority("source", 2, |status| status.source.cell()),
        Column::priority("key", 3, |status| status.key.cell()),
        Column::priority("keyId", 4, |status| status.key_id.cell()),
        Column::pinned("state", |status| status.state.cell()),
        Column::on_request("shadowed", |status| match &status.shadowed[..] {
            [] => Cell::Nothing,
            shadowed => Cell::Text(shadowed.join(", ").into()),
        }),
        Column::priority("active", 5, |status| status.active.cell()),
        Column::on_request("file", |status| status.file.cell()),
    ];
}

/// A profile, as config.toml has it.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedProfile {
    pub profile: String,
    /// Whether the profile is the active one.
    pub active: bool,
    pub portal: Option<String>,
    /// The name that the portal gave at login.
    pub organization: Option<String>,
    pub store: &'static str,
    /// Where the key is in the store: a file, a keyring entry, or a command; `None` for a profile that is logged out.
    pub place: Option<String>,
    pub key_id: Option<String>,
    pub read_only: bool,
}

impl Record for ListedProfile {
    const NOUN: (&'static str, &'static str) = ("profile", "profiles");
    const COLUMNS: &'static [Column<ListedProfile>] = &[
        Column::priority("profile", 0, |listed| listed.profile.cell()),
        Column::pinned("active", |listed| listed.active.cell()),
        Column::priority("portal", 0, |listed| listed.portal.cell()),
        Column::priority("organization", 3, |listed| listed.organization.cell()),
        Column::priority("store", 1, |listed| listed.store.cell()),
        Column::priority("place", 2, |listed| listed.place.cell()),
        Column::on_request("keyId", |listed| listed.key_id.cell()),
        Column::on_request("readOnly", |listed| listed.read_only.cell()),
    ];
}

/// A profile that was asked to forget its key.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Logout {
    pub profile: String,
    /// False if the profile had no key.
    pub removed: bool,
    /// The command that prints the key; we cannot make it forget.
    #[serde(skip)]
    pub command: Option<String>,
    pub error: Option<String>,
    #[serde(skip)]
    pub failure: Option<Error>,
}

impl Record for Logout {
    const NOUN: (&'static str, &'static str) = ("profile", "profiles");
    const COLUMNS: &'static [Column<Logout>] = &[
        Column::pinned("profile", |logout| logout.profile.cell()),
        Column::pinned("removed", |logout| logout.removed.cell()),
        Column::pinned("error", |logout| logout.error.cell()),
    ];
}

/// The profile that is active now.
#[derive(JsonSchema, Serialize)]
pub struct Switch {
    pub profile: String,
    pub portal: Option<String>,
}

impl Record for Switch {
    const NOUN: (&'static str, &'static str) = ("profile", "profiles");
    const COLUMNS: &'static [Column<Switch>] = &[
        Column::pinned("profile", |switch| switch.profile.cell()),
        Column::pinned("portal", |switch| switch.portal.cell()),
    ];
}
