//! A binding that looks right, made of the portal's own schema, for a person to judge. Nothing here is ever used by itself.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{Field, FieldDefinition, InputValueDefinition, OperationType, Selection, Type};

use super::ast::{self, OperationAst};
use super::remote_schema::RemoteSchema;
use super::suggestion::Suggestion;
use super::{binding, contract};
use crate::portal::operation::Operation;

/// Words that people use for the same thing; the first one stands for all.
const VERBS_AND_NOUNS: &[&[&str]] = &[
    &["generate", "create", "make", "issue", "add", "new", "mint"],
    &["revoke", "delete", "remove", "destroy", "drop", "invalidate"],
    &["key", "secret", "token", "credential"],
    &["viewer", "me", "self", "whoami", "current"],
];
const ARGUMENTS: &[&[&str]] = &[
    &["first", "limit", "take", "size", "count", "top"],
    &["after", "cursor", "next"],
    &["name", "label", "title"],
    &["id", "identifier", "uuid"],
];
const MEMBERS: &[&[&str]] = &[
    &["data", "item", "node", "result", "row", "list", "entrie", "record"],
    &["after", "next", "cursor", "end"],
    &["total", "count"],
    &["id", "identifier", "uuid"],
    &["secret", "value", "token", "plaintext"],
    &["name", "label", "title"],
    &["created", "creation", "issued", "generated"],
];

/// Words that change nothing of what a name means here. Any other one that we do not have may mean something else:
/// `deleteUserApiKeys`, `maskedSecret`, `ownerId`.
const STOP_WORDS: [&str; 14] = [
    "access",
    "all",
    "api",
    "credential",
    "deleted",
    "get",
    "key",
    "list",
    "my",
    "page",
    "plain",
    "revoked",
    "secret",
    "token",
];

/// What says in a name that it is a time, and nothing of which one.
const OF_TIMES: [&str; 5] = ["at", "on", "date", "time", "timestamp"];

/// Returns the document that the portal would most likely take for an operation of ours; none where nothing looks alike, or
/// where two do.
pub fn suggest(schema: &RemoteSchema, operation: Operation) -> Option<Suggestion> {
    let ours = ast::parse(operation.document)?;
    let field = ours.operation().selection_set.first()?.as_field()?;
    let on = contract::field(contract::root(ours.kind()), &field.name)?;
    let mutation = ours.kind() == OperationType::Mutation;
    let mut found: Vec<(f64, String)> = schema
        .root_fields(mutation)
        .filter(|live| live.ty.is_list() == on.ty.is_list())
        .filter_map(|live| {
            let similarity = root_similarity(&field.name, &live.name, mutation)?;
            let write = |paged| write(schema, &ours, (field, on), live, paged);
            let is_right = |document: &String| binding::parse(operation, document).is_ok();
            // Without a cursor in the answer there is none to be sent.
            Some((similarity, write(true).filter(is_right).or_else(|| write(false).filter(is_right))?))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let document = match found.as_slice() {
        [(best, _), (next, _), ..] if best <= next => return None,
        [(_, document), ..] => document.clone(),
        [] => return None,
    };
    Some(Suggestion { operation: operation.word.to_owned(), document })
}

fn write(
    schema: &RemoteSchema,
    ours: &OperationAst,
    (field, on): (&Field, &FieldDefinition),
    live: &FieldDefinition,
    paged: bool,
) -> Option<String> {
    let (variables, arguments) = arguments(schema, field, on, live, paged)?;
    let members = members(schema, field, on, live)?;
    let alias = if live.name == field.name { String::new() } else { format!("{}: ", field.name) };
    Some(format!("{} {variables}{{ {alias}{}{arguments} {members} }}", ours.kind().name(), live.name))
}

/// Returns the portal's own root fields that look like one of ours: `createApiSecret` like `generateApiKey`; else those
/// that share a word with it.
pub fn similar(schema: &RemoteSchema, lacking: &str) -> Vec<String> {
    let (root, name) = lacking.split_once('.').unwrap_or(("", lacking));
    let name = name.split(['(', ' ']).next().unwrap_or(name);
    let mutation = root == "Mutation";
    let wanted = words(name, VERBS_AND_NOUNS);
    let names = || schema.root_fields(mutation).map(|field| field.name.as_str());
    let mut found: Vec<&str> = names().filter(|other| root_similarity(name, other, mutation).is_some()).collect();
    if found.is_empty() {
        found = names().filter(|other| !words(other, VERBS_AND_NOUNS).is_disjoint(&wanted)).collect();
    }
    found.into_iter().filter(|other| *other != name).take(3).map(str::to_owned).collect()
}

/// How alike two root fields are, from 0 to 1. A mutation has to do the same, to one of the same.
fn root_similarity(ours: &str, live: &str, mutation: bool) -> Option<f64> {
    if ours == live {
        return Some(2.0);
    }
    let (mine, other) = (words(ours, VERBS_AND_NOUNS), words(live, VERBS_AND_NOUNS));
    let is_verb = |word: &String| word == "generate" || word == "revoke";
    let same_verb = mine.iter().filter(|word| is_verb(word)).all(|verb| other.contains(verb));
    let is_one = !live.ends_with('s') && !other.contains("all");
    let similarity = similarity(&mine, &other);
    (similarity >= 0.5 && (!mutation || same_verb && is_one && mine.intersection(&other).count() > 1))
        .then_some(similarity)
}

/// Writes the variables and the arguments, matched by name and type. Where the portal wants one object, they go into it.
fn arguments(
    schema: &RemoteSchema,
    field: &Field,
    ours: &FieldDefinition,
    live: &FieldDefinition,
    paged: bool,
) -> Option<(String, String)> {
    let object = match live.arguments.as_slice() {
        [only] => {
            schema.input_fields(only.ty.inner_named_type()).filter(|_| !only.ty.is_list()).map(|fields| (only, fields))
        }
        _ => None,
    };
    let mut left: Vec<&InputValueDefinition> = match &object {
        Some((_, fields)) => fields.clone(),
        None => live.arguments.iter().map(|argument| &**argument).collect(),
    };
    let mut matched: Vec<(&str, &InputValueDefinition)> = Vec::new();
    for argument in
        field.arguments.iter().filter(|argument| paged || !["first", "after"].contains(&argument.name.as_str()))
    {
        let definition = ours.argument_by_name(&argument.name)?;
        let fits = |live: &&InputValueDefinition| !schema.is_input_object(&live.ty) && takes(&definition.ty, &live.ty);
        match best(&definition.name, left.iter().copied().filter(fits), |live| &live.name, ARGUMENTS, 0.5) {
            Some(live) => {
                left.retain(|other| other.name != live.name);
                matched.push((argument.name.as_str(), live));
            }
            None if definition.is_required() => return None,
            None => {}
        }
    }
    if left.iter().any(|live| live.is_required()) || object.as_ref().is_some_and(|_| matched.is_empty()) {
        return None;
    }
    if matched.is_empty() {
        return Some((String::new(), String::new()));
    }
    let declared: Vec<String> = matched.iter().map(|(name, live)| format!("${name}: {}", live.ty)).collect();
    let given: Vec<String> = matched.iter().map(|(name, live)| format!("{}: ${name}", live.name)).collect();
    let given = match object {
        Some((argument, _)) => format!("({}: {{{}}})", argument.name, given.join(", ")),
        None => format!("({})", given.join(", ")),
    };
    Some((format!("({}) ", declared.join(", ")), given))
}

/// Writes the members, each under the name that we read it by; none where one is lacking that we cannot do without.
fn members(schema: &RemoteSchema, field: &Field, ours: &FieldDefinition, live: &FieldDefinition) -> Option<String> {
    let (on, live_on) = (ours.ty.inner_named_type(), live.ty.inner_named_type());
    let mut written = Vec::new();
    for wanted in field.selection_set.iter().filter_map(Selection::as_field) {
        let definition = contract::field(on, &wanted.name)?;
        let optional = contract::is_optional(on, &wanted.name);
        let fits = |live: &&FieldDefinition| {
            schema.is_composite(&live.ty) != wanted.selection_set.is_empty()
                && live.ty.is_list() == definition.ty.is_list()
                && (!wanted.selection_set.is_empty() || takes(&definition.ty, &live.ty))
                && !live.arguments.iter().any(|argument| argument.is_required())
        };
        // A nicety under a doubtful name is better left out.
        let least = if optional { 0.6 } else { 0.5 };
        let found = best(&wanted.name, schema.fields(live_on).filter(fits), |live| &live.name, MEMBERS, least);
        let text = found.and_then(|live| member(schema, wanted, definition, live));
        match text {
            Some(text) => written.push(text),
            None if optional => {}
            None => return None,
        }
    }
    (!written.is_empty()).then(|| format!("{{ {} }}", written.join(" ")))
}

fn member(
    schema: &RemoteSchema,
    wanted: &Node<Field>,
    definition: &FieldDefinition,
    live: &FieldDefinition,
) -> Option<String> {
    let name = if live.name == wanted.name { live.name.to_string() } else { format!("{}: {}", wanted.name, live.name) };
    if wanted.selection_set.is_empty() {
        return Some(name);
    }
    Some(format!("{name} {}", members(schema, wanted, definition, live)?))
}

/// Returns the candidate whose name says most nearly the same; the same name wins over all.
fn best<'c, T: 'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c T>,
    name_of: fn(&T) -> &str,
    table: &[&[&str]],
    least: f64,
) -> Option<&'c T> {
    let wanted = words(name, table);
    let scored = candidates.map(|candidate| {
        let other = name_of(candidate);
        (if other == name { 2.0 } else { similarity(&wanted, &words(other, table)) }, candidate)
    });
    let mut best: Option<(f64, &T)> = None;
    for (score, candidate) in scored.filter(|(score, _)| *score >= least) {
        if best.is_none_or(|(highest, _)| score > highest) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns true if a value of our type can stand where the portal has one of its, and the other way round.
fn takes(ours: &Type, live: &Type) -> bool {
    let is_text = |name: &str| !["Int", "Float", "Boolean"].contains(&name);
    let (ours, theirs) = (ours.inner_named_type().as_str(), live.inner_named_type().as_str());
    // A time may be a number.
    !live.is_list() && (ours == theirs || is_text(ours) && is_text(theirs) || ours == "DateTime" && theirs != "Boolean")
}

/// How alike a name of the portal's is to one of ours; not at all where it has a word that may change what it means.
fn similarity(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    if b.difference(a).any(|word| !STOP_WORDS.contains(&word.as_str())) {
        return 0.0;
    }
    let (shared, all) = (a.intersection(b).count(), a.union(b).count());
    #[expect(clippy::cast_precision_loss, reason = "names have few words")]
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}

/// The words of a name in camel case or with underscores, in lower case, in the singular, one for all of a meaning.
fn words(name: &str, table: &[&[&str]]) -> BTreeSet<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        match words.last_mut() {
            _ if letter == '_' => words.push(String::new()),
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_lowercase().collect()),
        }
    }
    let meaning = |word: String| {
        let word = if word.len() > 2 { word.trim_end_matches('s') } else { &word };
        let group = table.iter().find(|group| group.contains(&word));
        group.map_or(word, |group| group[0]).to_owned()
    };
    let all = words.into_iter().filter(|word| !word.is_empty() && !OF_TIMES.contains(&word.as_str()));
    all.map(meaning).collect()
}

#[cfg(test)]
mod tests {
    use super::{MEMBERS, VERBS_AND_NOUNS, root_similarity, similarity, words};

    #[test]
    fn names_are_alike_by_what_their_words_mean() {
        let alike = |a, b| similarity(&words(a, MEMBERS), &words(b, MEMBERS));
        assert!(alike("after", "nextCursor") > 0.9 && alike("total", "total_count") > 0.9);
        assert!(alike("lastUsedAt", "lastSeenAt") < 0.5 && alike("createdAt", "creationDate") > 0.9);
        assert_eq!(Vec::from_iter(words("generateApiKeys", VERBS_AND_NOUNS)), ["api", "generate", "key"]);
    }

    #[test]
    fn a_mutation_is_only_like_one_that_does_the_same_to_the_same() {
        for (ours, live, is_alike) in [
            ("generateApiKey", "createApiSecret", true),
            ("generateApiKey", "issueApiToken", true),
            ("generateApiKey", "deleteApiKey", false),
            ("revokeApiKey", "deleteDevice", false),
            ("revokeApiKey", "removeApiCredential", true),
            ("revokeApiKey", "undoDeleteApiKey", false),
            ("revokeApiKey", "revokeAllApiKeys", false),
            ("revokeApiKey", "deleteUserApiKey", false),
            ("revokeApiKey", "deleteSshKey", false),
        ] {
            assert_eq!(root_similarity(ours, live, true).is_some(), is_alike, "{live}");
        }
    }
}
