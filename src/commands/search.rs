//! Finds one item by its id or its unique name, and suggests similar names if there is none.

use crate::error::{Error, Kind};
use crate::text::is_same;

/// The minimum similarity of a suggested name, from 0 to 1.
const NEAR: f64 = 0.75;

/// Items with a similar name: at most two of each kind, which is enough to tell whether one is unique.
struct Alike<T> {
    in_other_letters: Vec<T>,
    beginning_so: Vec<T>,
}

// A derive would require `T: Default`.
impl<T> Default for Alike<T> {
    fn default() -> Alike<T> {
        Alike { in_other_letters: Vec::new(), beginning_so: Vec::new() }
    }
}

/// In what way a name is near the wanted one, the nearest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Similar,
    Beginning,
    OtherCase,
}

impl Nearness {
    /// Returns how near a name is, and how similar.
    fn of(name: &str, wanted: &str) -> Option<(Nearness, f64)> {
        let (name, wanted) = (name.to_lowercase(), wanted.to_lowercase());
        let likeness = strsim::jaro_winkler(&name, &wanted);
        match () {
            () if is_same(&name, &wanted) => Some((Nearness::OtherCase, likeness)),
            () if name.starts_with(&wanted) => Some((Nearness::Beginning, likeness)),
            () => (likeness >= NEAR).then_some((Nearness::Similar, likeness)),
        }
    }
}

impl<T> Alike<T> {
    fn see(&mut self, candidate: T, nearness: Nearness) {
        let to = match nearness {
            Nearness::OtherCase => &mut self.in_other_letters,
            Nearness::Beginning => &mut self.beginning_so,
            Nearness::Similar => return,
        };
        if to.len() < 2 {
            to.push(candidate);
        }
    }

    fn only(mut self) -> Option<T> {
        let of = if self.in_other_letters.is_empty() { &mut self.beginning_so } else { &mut self.in_other_letters };
        if of.len() == 1 { of.pop() } else { None }
    }
}

/// A search that sees each item once, and keeps only those that may matter.
pub struct Resolver<'w, T> {
    noun: &'static str,
    wanted: &'w str,
    by_id: Option<T>,
    by_name: Vec<T>,
    /// The nearest names, the best first.
    near: Vec<(Nearness, f64, String)>,
    alike: Alike<T>,
    id: fn(&T) -> &str,
}

impl<'w, T> Resolver<'w, T> {
    /// Starts a search for an id or a name.
    pub fn new(noun: &'static str, wanted: &'w str, id: fn(&T) -> &str) -> Self {
        Resolver { noun, wanted, by_id: None, by_name: Vec::new(), near: Vec::new(), alike: Alike::default(), id }
    }

    /// Considers one item.
    pub fn consider(&mut self, candidate: T, name: Option<&str>) {
        if (self.id)(&candidate) == self.wanted {
            self.by_id = Some(candidate);
        } else if name.is_some_and(|name| is_same(name, self.wanted)) {
            self.by_name.push(candidate);
        } else if let Some(name) = name
            && let Some((nearness, likeness)) = Nearness::of(name, self.wanted)
        {
            self.note(nearness, likeness, name);
            self.alike.see(candidate, nearness);
        }
    }

    /// Returns the item; without one, the only item whose name differs in letter case or begins with `wanted`, and
    /// true. Only for verbs that show an item: a change needs an exact name.
    pub fn one_or_alike(mut self) -> Result<(T, bool), Error> {
        match std::mem::take(&mut self.alike).only() {
            Some(alike) if self.is_absent() => Ok((alike, true)),
            _ => Ok((self.finish()?, false)),
        }
    }

    /// Returns true if an item has the wanted id, so that no other can be meant.
    pub fn has_id(&self) -> bool {
        self.by_id.is_some()
    }

    /// Returns true if no item has the id or name.
    pub fn is_absent(&self) -> bool {
        self.by_id.is_none() && self.by_name.is_empty()
    }

    /// Returns the item; an id takes precedence over a name.
    pub fn finish(mut self) -> Result<T, Error> {
        if let Some(found) = self.by_id {
            return Ok(found);
        }
        match (self.by_name.pop(), self.by_name.is_empty()) {
            (Some(found), true) => Ok(found),
            (None, _) => Err(self.none()),
            (Some(last), false) => {
                self.by_name.push(last);
                let ids: Vec<String> = self.by_name.iter().map(|found| format!("`{}`", (self.id)(found))).collect();
                let (count, noun, wanted) = (ids.len(), self.noun, self.wanted);
                Err(Error::new(Kind::NotFound, format!("{count} {noun}s are called `{wanted}`"))
                    .hint(format!("Name the one you mean by its id: {}.", ids.join(" or "))))
            }
        }
    }

    fn none(&self) -> Error {
        let error = Error::new(Kind::NotFound, format!("there is no {} `{}`", self.noun, self.wanted));
        // Whoever left out the end, or the case, does not mean what is only similar.
        let best = self.near.first().map(|(nearness, ..)| *nearness);
        let near = self.near.iter().filter(|(nearness, ..)| Some(*nearness) == best);
        let near: Vec<String> = near.map(|(.., name)| format!("`{name}`")).collect();
        if near.is_empty() { error } else { error.hint(format!("There is {}.", near.join(", "))) }
    }

    /// Keeps the three nearest names.
    fn note(&mut self, nearness: Nearness, likeness: f64, name: &str) {
        let is_nearer = |(other, so, _): &(Nearness, f64, String)| (*other, *so) >= (nearness, likeness);
        let at = self.near.partition_point(is_nearer);
        self.near.insert(at, (nearness, likeness, name.to_owned()));
        self.near.truncate(3);
    }
}

#[cfg(test)]
mod tests {
    use super::Resolver;

    fn find(wanted: &str, things: &[(&'static str, &'static str)]) -> Result<&'static str, String> {
        let mut search = Resolver::new("device", wanted, |thing: &(&'static str, &'static str)| thing.0);
        things.iter().for_each(|thing| search.consider(*thing, Some(thing.1)));
        search.finish().map(|thing| thing.0).map_err(|error| format!("{error:?}"))
    }

    const THINGS: [(&str, &str); 4] = [("1", "dock-01"), ("2", "dock-02"), ("3", "gate"), ("4", "gate")];

    #[test]
    fn an_id_or_a_unique_name_finds_one() {
        assert_eq!(find("2", &THINGS), Ok("2"));
        assert_eq!(find("dock-01", &THINGS), Ok("1"));
        assert_eq!(find("4", &[("3", "4"), ("4", "x")]), Ok("4"));
        assert_eq!(find("Z\u{fc}rich", &[("5", "Zu\u{308}rich")]), Ok("5"));
        assert_eq!(find("Zu\u{308}rich", &[("6", "Z\u{fc}rich")]), Ok("6"));
    }

    #[test]
    fn a_name_of_two_names_both() {
        let error = find("gate", &THINGS).unwrap_err();
        assert!(error.contains("2 devices are called `gate`") && error.contains("`3` or `4`"), "{error}");
    }

    #[test]
    fn another_case_or_the_only_beginning_is_near_enough_to_be_shown() {
        let near = |wanted: &str| {
            let mut search = Resolver::new("device", wanted, |thing: &(&'static str, &'static str)| thing.0);
            [("1", "dock-01"), ("2", "dock-02"), ("3", "Gate"), ("4", "gate-2"), ("5", "DOCK-02-old")]
                .iter()
                .for_each(|thing| search.consider(*thing, Some(thing.1)));
            search.one_or_alike().map(|((id, _), is_alike)| (id, is_alike)).ok()
        };
        for (wanted, found) in [
            ("dock-01", Some(("1", false))),
            ("DOCK-01", Some(("1", true))),
            ("dock-02", Some(("2", false))),
            ("dock-02-", Some(("5", true))),
            ("gate", Some(("3", true))),
            ("gat", None),
            ("dock", None),
            ("5", Some(("5", false))),
            ("ock", None),
        ] {
            assert_eq!(near(wanted), found, "{wanted}");
        }
    }

    #[test]
    fn an_unknown_name_names_those_near() {
        let error = find("Dock-1", &THINGS).unwrap_err();
        assert!(error.contains("There is `dock-01`") && !error.contains("`gate`"), "{error}");
        assert!(!find("zzz", &THINGS).unwrap_err().contains("There is"));
        let error = find("d", &THINGS).unwrap_err();
        assert!(error.contains("There is `dock-01`, `dock-02`."), "{error}");
        let error = find("DOCK-01", &THINGS).unwrap_err();
        assert!(error.contains("There is `dock-01`."), "{error}");
    }
}
