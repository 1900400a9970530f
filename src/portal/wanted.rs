//! What a run wants of a listing, as far as a portal can be told.

/// The parts and the items that are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The fields that the run cannot do without, by their paths: `location.name`.
    pub fields: Vec<String>,
    /// True where no others are shown, so that no others are asked for.
    pub only: bool,
    /// What fields of an item have to be, by their paths. A portal that is not asked for it gives the other items, too.
    pub equal: Vec<(String, String)>,
}

impl Wanted {
    /// Returns the wanted fields that are among those left out, themselves or by what they are a part of.
    pub fn missing(&self, left_out: &[String]) -> Vec<String> {
        let is_part = |name: &str, whole: &str| name.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
        let is_missing = |name: &&String| left_out.iter().any(|left| *name == left || is_part(name, left));
        self.fields.iter().filter(is_missing).cloned().collect()
    }
}
