//! Reads which names a refusal's messages mention, if it has no locations: each server phrases its messages
//! differently.
//!
//! It reads text and knows no document. A suggestion (`Did you mean …?`) names what the portal has, not what it lacks.

use std::collections::HashSet;

/// The refused fields, arguments and variables.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct MentionedNames {
    /// Each with the type that lacks it, if the message names one.
    fields: HashSet<(Option<String>, String)>,
    /// Each with the field that lacks it, if the message names one.
    arguments: HashSet<(Option<String>, String)>,
    variables: HashSet<String>,
}

impl MentionedNames {
    /// Reads messages.
    pub fn read<'m>(messages: impl IntoIterator<Item = &'m str>) -> MentionedNames {
        let mut named = MentionedNames::default();
        messages.into_iter().for_each(|message| named.message(message));
        named
    }

    /// Returns true if a field is refused on a type of the contract. An unknown type in the message may be any.
    pub fn field(&self, on: &str, name: &str, is_type: impl Fn(&str) -> bool, is_required: bool) -> bool {
        self.fields.iter().filter(|(_, field)| field == name).any(|(of, _)| match of {
            Some(of) if is_type(of) => of == on,
            // A required field is probably not the one that is meant.
            Some(_) => !is_required,
            None => true,
        })
    }

    /// Returns true if an argument of a field is refused.
    pub fn argument(&self, field: &str, name: &str) -> bool {
        let is_meant = |of: &Option<String>| of.as_ref().is_none_or(|of| of == field);
        self.arguments.iter().any(|(of, argument)| argument == name && is_meant(of))
    }

    /// Returns true if a variable is refused, for example because of its type.
    pub fn variable(&self, name: &str) -> bool {
        self.variables.contains(name)
    }

    fn message(&mut self, message: &str) {
        let lower = message.to_ascii_lowercase();
        let end = ["did you mean", "perhaps you meant"].iter().filter_map(|words| lower.find(words)).min();
        let quoted = quoted(&message[..end.unwrap_or(message.len())]);
        if let Some(variable) = quoted.iter().find_map(|word| word.text.strip_prefix('$')) {
            self.variables.insert(variable.to_owned());
            return;
        }
        let after = |words: &[&str]| quoted.iter().find(|word| words.iter().any(|words| word.follows(words)));
        let argument = after(&["argument", "argument named", "argument:"]);
        let of_type = after(&["type", "type:"]).map(|word| word.last());
        let other = |word: &&Quoted| argument.is_none_or(|argument| argument.text != word.text);
        let field = after(&["field", "field:"]).or_else(|| quoted.iter().find(other)).map(|word| word.last());
        match (argument, field) {
            // The portal requires an argument that we do not pass, so the field cannot be selected.
            (Some(_), Some(field)) if lower.contains("required") => drop(self.fields.insert((None, field))),
            (Some(argument), field) => drop(self.arguments.insert((field, argument.last()))),
            (None, Some(field)) => drop(self.fields.insert((of_type, field))),
            (None, None) => {}
        }
    }
}

/// A quoted word, and the text before it.
struct Quoted<'m> {
    before: String,
    text: &'m str,
}

impl Quoted<'_> {
    fn follows(&self, words: &str) -> bool {
        let rest = self.before.strip_suffix(words);
        rest.is_some_and(|rest| !rest.ends_with(|letter: char| letter.is_ascii_alphanumeric()))
    }

    /// For `Query.devices`, this is `devices`.
    fn last(&self) -> String {
        self.text.rsplit('.').next().unwrap_or(self.text).to_owned()
    }
}

/// Returns the quoted words of a message, in any kind of quotes.
fn quoted(message: &str) -> Vec<Quoted<'_>> {
    let mut rest = message;
    let mut found = Vec::new();
    let mut offset = 0;
    while let Some((at, open)) = rest.char_indices().find(|(at, letter)| is_opening(rest, *at, *letter)) {
        let inner = &rest[at + open.len_utf8()..];
        let Some(length) = inner.find(closing(open)) else { break };
        let before = message[..offset + at].trim_end().to_ascii_lowercase();
        let text = &inner[..length];
        if !text.is_empty() && !text.contains(char::is_whitespace) {
            found.push(Quoted { before, text });
        }
        let used = at + open.len_utf8() + length + closing(open).len_utf8();
        (rest, offset) = (&rest[used..], offset + used);
    }
    found
}

/// An apostrophe in a word, such as `doesn't`, opens no quote.
fn is_opening(text: &str, at: usize, letter: char) -> bool {
    let in_word = || text[..at].ends_with(char::is_alphanumeric);
    matches!(letter, '"' | '`' | '‘' | '“') || letter == '\'' && !in_word()
}

fn closing(open: char) -> char {
    match open {
        '‘' => '’',
        '“' => '”',
        same => same,
    }
}

#[cfg(test)]
mod tests {
    use super::MentionedNames;

    fn named(message: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
        let MentionedNames { fields, arguments, variables } = MentionedNames::read([message]);
        let pairs = |all: std::collections::HashSet<(Option<String>, String)>| {
            all.into_iter().map(|(of, name)| format!("{}.{name}", of.unwrap_or_default())).collect()
        };
        (pairs(fields), pairs(arguments), variables.into_iter().collect())
    }

    #[test]
    fn messages_of_many_servers_are_understood() {
        let none: &[&str] = &[];
        for (message, fields, arguments, variables) in [
            (r#"Cannot query field "x" on type "T"."#, &["T.x"][..], none, none),
            (r#"Cannot query field "x" on type "T". Did you mean "name" or "id"?"#, &["T.x"], &[], &[]),
            (r#"Unknown argument "first" on field "Query.devices"."#, &[], &["devices.first"], &[]),
            (r#"Unknown argument "first" on field "devices" of type "Query"."#, &[], &["devices.first"], &[]),
            ("Field 'x' doesn't exist on type 'T'", &["T.x"], &[], &[]),
            ("Field 'devices' doesn't accept argument 'first'", &[], &["devices.first"], &[]),
            ("The field `x` does not exist on the type `T`.", &["T.x"], &[], &[]),
            ("The argument `first` does not exist.", &[], &[".first"], &[]),
            ("field 'x' not found in type: 'query_root'", &["query_root.x"], &[], &[]),
            ("'devices' has no argument named 'first'", &[], &["devices.first"], &[]),
            ("Validation error (FieldUndefined@[a/x]) : Field 'x' in type 'T' is undefined", &["T.x"], &[], &[]),
            ("Unknown field argument 'first'", &[], &[".first"], &[]),
            (
                r#"Field "location" of type "L" must have a selection of subfields. Did you mean "location { ... }"?"#,
                &["L.location"],
                &[],
                &[],
            ),
            (
                r#"Field "devices" argument "site" of type "ID!" is required, but it was not provided."#,
                &[".devices"],
                &[],
                &[],
            ),
            (r#"Variable "$after" of type "String" used in position expecting type "ID"."#, &[], &[], &["after"]),
            ("nothing at all", &[], &[], &[]),
        ] {
            let (f, a, v) = named(message);
            assert!(f == fields && a == arguments && v == variables, "{message}: {f:?} {a:?} {v:?}");
        }
    }
}
