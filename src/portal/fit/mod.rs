//! Making a document of ours match the portal that answers.
//!
//! A portal validates a document before it runs anything, so a refused one has had no effect. What it lacks is learned
//! (by introspection, else from the refusal, else all that is only assumed is given up), and a smaller document is sent.
//! Documents are changed as trees, never as text. No verb knows that this exists.

mod contract;
mod lacks;
mod live;
mod memory;
mod trim;

use apollo_compiler::ast::OperationType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use lacks::Lacks;
pub use live::{INTROSPECTION, Introspected, LiveSchema};
pub use memory::{Memory, digest};

/// An operation of ours: its name and its whole document.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub name: &'static str,
    pub document: &'static str,
}

/// A document that a portal may accept, and what had to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fitted {
    pub document: String,
    /// The variables that it still declares.
    pub variables: Vec<String>,
    /// The fields that went, by their path below the items: `location.name`.
    pub left_out: Vec<String>,
    pub paging: Paging,
}

impl Fitted {
    /// Returns the variables without those that are not declared any more.
    pub fn only_declared(&self, mut variables: Value) -> Value {
        if let Value::Object(members) = &mut variables {
            members.retain(|name, _| self.variables.contains(name));
        }
        variables
    }
}

/// What became of the paging of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paging {
    /// The portal has ours, or the operation has none.
    #[default]
    Ours,
    /// The portal has none: one page is all.
    None,
    /// The portal has another; these arguments look like it.
    Other(Vec<String>),
    /// The portal has not ours, and whether it has another cannot be told.
    Unknown,
}

/// Why nothing smaller can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The operation makes no sense without these: `Query.apiKeys`.
    Lacks(Vec<String>),
    /// Nothing could be learned that would make the document smaller.
    NothingLearned,
}

/// Returns a document without what `lacks` names, smaller than `sent`, which was refused.
pub fn fit(operation: Operation, sent: &str, lacks: &Lacks) -> Result<Fitted, Unfit> {
    let before = trim::read(sent).ok_or(Unfit::NothingLearned)?;
    let mut after = before.clone();
    trim::trim(&mut after, lacks)?;
    if after.size() >= before.size() {
        return Err(Unfit::NothingLearned);
    }
    let whole = trim::read(operation.document).ok_or(Unfit::NothingLearned)?;
    let (left_out, arguments) = whole.beyond(&after);
    let paging = if left_out.iter().chain(&arguments).any(|name| name == "after") {
        lacks.paging(after.root_field(), after.kind() == OperationType::Mutation)
    } else {
        Paging::Ours
    };
    let of_items = |name: &String| name != "after" && name != "total";
    let left_out = left_out.into_iter().filter(of_items).collect();
    Ok(Fitted { document: after.to_string(), variables: after.variables(), left_out, paging })
}

/// Returns the portal's own root fields that share a word with one of ours: `createApiSecret` with `generateApiKey`.
pub fn alike(schema: &LiveSchema, lacking: &str) -> Vec<String> {
    let (root, name) = lacking.split_once('.').unwrap_or(("", lacking));
    let wanted = words(name);
    let fields = schema.root_fields(root == "Mutation").iter();
    let alike = fields.filter(|field| words(&field.name).iter().any(|word| wanted.contains(word)));
    alike.map(|field| field.name.clone()).take(3).collect()
}

/// The words of a name in camel case, in lower case and without the ending of a plural.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_lowercase().collect()),
        }
    }
    words.into_iter().map(|word| word.trim_end_matches('s').to_owned()).filter(|word| word.len() > 2).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fitted, Lacks, Operation, Paging, Unfit, fit, words};

    const LIST: Operation =
        Operation { name: "DevicesList", document: include_str!("../../../graphql/devices/list.graphql") };
    const REVOKE: Operation =
        Operation { name: "KeysRevoke", document: include_str!("../../../graphql/keys/revoke.graphql") };

    fn refused(places: &[(usize, usize)], names: &[&str]) -> Lacks {
        let names = names.iter().map(ToString::to_string).collect();
        Lacks::Refused { places: places.iter().copied().collect(), names }
    }

    fn is_valid(document: &str) -> bool {
        let sdl = include_str!("../../../graphql/schema.graphql");
        let schema = apollo_compiler::Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
        apollo_compiler::ExecutableDocument::parse_and_validate(&schema, document, "fitted.graphql").is_ok()
    }

    #[test]
    fn what_is_only_assumed_goes_with_what_used_it() {
        let fitted = fit(LIST, LIST.document, &Lacks::Assumed).unwrap();
        let bare: String = fitted.document.split_whitespace().collect();
        assert_eq!(bare, "queryDevicesList{devices{data{idname}}}");
        assert_eq!((fitted.variables.len(), fitted.left_out.len(), &fitted.paging), (0, 12, &Paging::Unknown));
        assert!(is_valid(&fitted.document));
        assert_eq!(fit(LIST, &fitted.document, &Lacks::Assumed), Err(Unfit::NothingLearned));
    }

    #[test]
    fn a_place_takes_away_the_field_the_argument_or_the_variable_that_stands_there() {
        // `serialNumber` in its line of the fragment, `after` among the arguments.
        let line = |text: &str| LIST.document.lines().position(|line| line.trim() == text).unwrap() + 1;
        let Fitted { document, variables, left_out, .. } =
            fit(LIST, LIST.document, &refused(&[(line("serialNumber"), 3), (2, 26)], &[])).unwrap();
        assert!(!document.contains("serialNumber") && !document.contains("$after") && document.contains("$first"));
        assert_eq!((variables, left_out), (vec!["first".to_owned()], vec!["serialNumber".to_owned()]));
        assert!(is_valid(&document));
        let by_brace = fit(LIST, LIST.document, &refused(&[(line("location {"), 12)], &[])).unwrap();
        assert_eq!(by_brace.left_out, ["location"]);
        let by_variable = fit(LIST, LIST.document, &refused(&[(1, 19)], &[])).unwrap();
        assert_eq!(by_variable.variables, ["after"]);
    }

    #[test]
    fn names_are_enough_where_there_are_no_places() {
        let fitted = fit(LIST, LIST.document, &refused(&[], &["tags", "Device", "first"])).unwrap();
        assert_eq!((fitted.left_out, fitted.variables), (vec!["tags".to_owned()], vec!["after".to_owned()]));
    }

    #[test]
    fn what_an_operation_makes_no_sense_without_is_named() {
        for (operation, lacks, lacking) in [
            (REVOKE, refused(&[(2, 3)], &[]), "Mutation.revokeApiKey"),
            (REVOKE, refused(&[(2, 16)], &[]), "Mutation.revokeApiKey(id)"),
            (REVOKE, Lacks::Assumed, "Mutation.revokeApiKey(id)"),
            (LIST, refused(&[], &["data"]), "DevicePage.data"),
        ] {
            assert_eq!(fit(operation, operation.document, &lacks), Err(Unfit::Lacks(vec![lacking.to_owned()])));
        }
    }

    #[test]
    fn names_are_alike_by_their_words() {
        assert_eq!(words("generateApiKeys"), ["generate", "api", "key"]);
    }
}
