//! The current state of all keys, gathered once for a plan: the portal's list, the ledger, unfinished rotations and
//! killed runs.
//!
//! It changes nothing at the portal and decides nothing.

use crate::commands::completeness::AllowPartial;
use crate::commands::standing::file_of_key;
use crate::context::Context;
use crate::error::Error;
use crate::journal::{Destination, Held, Journal, KnownKey};
use crate::lifecycle::{
    Abandoned, Allowed, Content, Desired, Inventory, Issuer, KeyInUse, Situation, Step, UnderWay, abandoned, decide,
};
use crate::portal::keys::ApiKey;

/// The state at one moment.
pub struct Snapshot {
    pub keys: Vec<ApiKey>,
    pub known: Vec<KnownKey>,
    pub in_use: KeyInUse,
    /// The keys that killed runs left half-made, with their leases.
    pub left: Vec<Abandoned>,
    rotations: Vec<UnderWay>,
    contents: Vec<(Destination, Content)>,
}

impl Snapshot {
    /// Gathers the state from the portal and this machine.
    pub fn take(file: &[Desired], allow: AllowPartial, cx: &Context) -> Result<Snapshot, Error> {
        let portal = cx.portal()?;
        let left = Held::left(&cx.leases_of_places()?, &cx.portal_name()?)?;
        let Inventory { keys, completeness } = portal.keys()?;
        allow.ensure(&completeness, "keys", cx)?;
        let in_use = KeyInUse::ask(portal, cx.notes())?;
        let inventory = Inventory { keys: keys.clone(), completeness };
        let left = abandoned(left, inventory, None, crate::text::now())?;
        let ledger = cx.ledger();
        let known = ledger.as_ref().map(|ledger| ledger.keys()).transpose()?.unwrap_or_default();
        let mut contents = Vec::new();
        for place in file.iter().flat_map(|desired| &desired.to) {
            contents.extend(Content::of(place, ledger.as_ref())?.map(|content| (place.clone(), content)));
        }
        Ok(Snapshot { keys, known, in_use, left, rotations: rotations(file, cx)?, contents })
    }

    /// Decides what to do with each key.
    pub fn decide(&self, file: &[Desired], allowed: Allowed) -> Vec<Step> {
        let left: Vec<String> = self.left.iter().map(|left| left.key.id.clone()).collect();
        let situation = Situation {
            keys: &self.keys,
            known: &self.known,
            in_use: &self.in_use,
            rotations: &self.rotations,
            left: &left,
            contents: &self.contents,
            now: crate::text::now(),
        };
        decide(file, &situation, allowed)
    }
}

fn rotations(file: &[Desired], cx: &Context) -> Result<Vec<UnderWay>, Error> {
    let own = file.iter().map(|desired| file_of_key(&desired.name, cx)).collect::<Result<Vec<_>, _>>()?;
    let base = cx.endpoint()?.base();
    let all = Journal::all(&cx.config.journal_dir()?)?.into_iter();
    let all = all.map(|(path, rotation)| UnderWay { rotation, is_of_file: own.contains(&path) });
    // The sandbox has another address in each run.
    Ok(all.filter(|under_way| under_way.is_of_file || under_way.rotation.portal == base).collect())
}
