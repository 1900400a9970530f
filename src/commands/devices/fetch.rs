//! Fetching some devices, and the same ones again.
//!
//! A partial listing says nothing of a device that is not in it.

use crate::commands::completeness::AllowPartial;
use crate::commands::filter::Conditions;
use crate::commands::search::Resolver;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::lifecycle::{ensure_no_holes, incomplete};
use crate::portal::devices::{self, Device};
use crate::portal::{self, FoundItem, ListQuery, Projection};

/// Returns the device's name, else its id.
pub fn called(device: &Device) -> &str {
    device.name.as_deref().unwrap_or(&device.id)
}

/// How devices are fetched: one by one if the portal can do that, else by a listing.
pub struct Fetcher<'l> {
    conditions: &'l Conditions<Device>,
    by_id: bool,
    allow_partial: AllowPartial,
    cx: &'l Context,
}

impl<'l> Fetcher<'l> {
    /// Returns a `Fetcher` that requests the fields of these conditions.
    pub fn new(conditions: &'l Conditions<Device>, allow_partial: AllowPartial, cx: &'l Context) -> Fetcher<'l> {
        Fetcher { conditions, by_id: true, allow_partial, cx }
    }

    /// Finds the devices with these ids and names, each once.
    pub fn resolve(&mut self, words: &[String]) -> Result<Vec<Device>, Error> {
        let mut searches: Vec<Resolver<'_, Device>> =
            words.iter().map(|word| Resolver::new("device", word, |device: &Device| &device.id)).collect();
        let completeness = self.each(|device| {
            searches.iter_mut().for_each(|search| search.consider(device.clone(), device.name.as_deref()));
        })?;
        ensure_no_holes(&completeness, "devices")?;
        if searches.iter().any(|search| !search.has_id()) {
            self.allow_partial.ensure(&completeness, "devices", self.cx)?;
        }
        let mut found: Vec<Device> = Vec::new();
        for search in searches {
            let device = search.finish()?;
            if found.iter().all(|other| other.id != device.id) {
                found.push(device);
            }
        }
        Ok(found)
    }

    /// Fetches the same devices again.
    pub fn refetch(&mut self, before: &[Device]) -> Result<Vec<Device>, Error> {
        if self.by_id {
            let shown: Result<Option<Vec<Device>>, Error> = before.iter().map(|device| self.show(&device.id)).collect();
            if let Some(found) = shown? {
                return Ok(found);
            }
        }
        let mut found: Vec<Option<Device>> = before.iter().map(|_| None).collect();
        let completeness = self.each(|device| {
            if let Some(n) = before.iter().position(|other| other.id == device.id) {
                found[n] = Some(device);
            }
        })?;
        // The listing has all of them, so it is the portal that cannot show a device by its id.
        self.by_id &= found.iter().any(Option::is_none);
        let found = before.iter().zip(found).map(|(before, found)| {
            found.ok_or_else(|| match incomplete(&completeness, "devices") {
                Some(error) => error,
                None => Error::new(Kind::NotFound, format!("device `{}` (id {}) is gone", called(before), before.id)),
            })
        });
        found.collect()
    }

    fn show(&self, id: &str) -> Result<Option<Device>, Error> {
        let Some(FoundItem { item, omitted }) = devices::show(self.cx.portal()?, id)? else { return Ok(None) };
        self.refuse(&omitted)?;
        // A device with another id is not the one that was requested.
        Ok(Some(item).filter(|device| &*device.id == id))
    }

    /// Passes every device to `see`, unfiltered, and returns whether the listing was complete.
    fn each(&self, mut see: impl FnMut(Device)) -> Result<portal::Completeness, Error> {
        let projection = Projection { fields: self.conditions.fields(), exclusive: false };
        let query = ListQuery { projection, ..ListQuery::default() };
        let mut pages = devices::list(self.cx.portal()?, &query)?;
        while let Some(page) = pages.next() {
            let page = page?;
            pages.prefetch();
            self.refuse(page.facts.omitted())?;
            page.items.into_iter().for_each(&mut see);
        }
        Ok(pages.completeness().clone())
    }

    /// A field that the portal does not give would never make its condition true.
    fn refuse(&self, omitted: &[String]) -> Result<(), Error> {
        let asked = Projection { fields: self.conditions.fields(), exclusive: true };
        Ok(portal::Error::ensure_given(asked.missing(omitted))?)
    }
}
