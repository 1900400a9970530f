//! The similarity of names: synonyms, and words that may change the meaning of a name.

use std::collections::BTreeSet;

use super::contract;

/// Synonyms; the first one represents the group.
pub const VERBS_AND_NOUNS: &[&[&str]] = &[
    &["generate", "create", "make", "issue", "add", "new", "mint", "insert"],
    &["revoke", "delete", "remove", "destroy", "drop", "invalidate"],
    &["key", "secret", "token", "credential"],
    &["viewer", "me", "self", "whoami", "current"],
];
pub const ARGUMENTS: &[&[&str]] = &[
    &["first", "limit", "take", "size", "count", "top"],
    &["after", "cursor", "next"],
    &["name", "label", "title"],
    &["id", "identifier", "uuid"],
];
pub const MEMBERS: &[&[&str]] = &[
    &["data", "item", "node", "result", "row", "list", "entrie", "record"],
    &["after", "next", "cursor", "end"],
    &["total", "count"],
    &["id", "identifier", "uuid"],
    &["secret", "value", "token", "plaintext"],
    &["name", "label", "title"],
    &["created", "creation", "issued", "generated"],
];

/// Words that do not change the meaning of a name here. Any other word that our name lacks may change it:
/// `deleteUserApiKeys`, `maskedSecret`, `ownerId`.
const STOP_WORDS: [&str; 14] = [
    "access",
    "all",
    "api",
    "credential",
    "deleted",
    "display",
    "get",
    "key",
    "list",
    "page",
    "plain",
    "revoked",
    "secret",
    "token",
];

/// Words of a name that say that it is a time, but not which one.
const OF_TIMES: [&str; 5] = ["at", "on", "date", "time", "timestamp"];

/// Returns the similarity of two root fields, from 0 to 1. A mutation must have the same verb and the same singular
/// noun.
pub fn root_similarity(ours: &str, live: &str, mutation: bool) -> Option<f64> {
    if ours == live {
        return Some(2.0);
    }
    let (mine, other) = (words(ours, VERBS_AND_NOUNS), words(live, VERBS_AND_NOUNS));
    let is_verb = |word: &String| word == "generate" || word == "revoke";
    let same_verb = mine.iter().filter(|word| is_verb(word)).all(|verb| other.contains(verb));
    let is_one = !live.ends_with('s') && !other.contains("all");
    // Words about how to query do not change what is returned: `getDevice`, `deleteApiKeyById`, `insert_api_keys_one`.
    let is_of_asking = |word: &&String| OF_ASKING.contains(&word.as_str()) || word.as_str() == "one";
    let plain: BTreeSet<String> =
        other.iter().filter(|word| mine.contains(*word) || !is_of_asking(word)).cloned().collect();
    let similarity = similarity(&mine, &plain);
    // For a mutation, verb and noun must agree: `deleteApi` revokes no key.
    let same_noun = !mine.contains("key") || other.contains("key");
    (similarity >= 0.5 && (!mutation || same_verb && same_noun && is_one && mine.intersection(&other).count() > 1))
        .then_some(similarity)
}

/// Returns the candidate with the most similar name; an equal name always wins. If two are equally similar, returns
/// `None`.
pub fn best<'c, T: 'c>(
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
    let mut scored: Vec<(f64, &T)> = scored.filter(|(score, _)| *score >= least).collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    match scored.as_slice() {
        [(first, _), (second, _), ..] if first <= second => None,
        [(_, candidate), ..] => Some(candidate),
        [] => None,
    }
}

/// Returns the portal's name that means the same as one of ours.
pub fn called<'n>(ours: &str, theirs: impl Iterator<Item = &'n String>) -> Option<&'n String> {
    best(ours, theirs, |name| name, MEMBERS, 0.6)
}

/// Returns the similarity of the portal's name to ours, from 0 to 1; 0 if it has a word that may change the meaning.
pub fn similarity(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    if b.difference(a).any(|word| !STOP_WORDS.contains(&word.as_str())) {
        return 0.0;
    }
    let (shared, all) = (a.intersection(b).count(), a.union(b).count());
    #[expect(clippy::cast_precision_loss, reason = "names have few words")]
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}

/// Words about how to query, not what.
const OF_ASKING: [&str; 15] = [
    "all",
    "by",
    "collection",
    "connection",
    "fetch",
    "find",
    "get",
    "id",
    "item",
    "list",
    "node",
    "page",
    "pk",
    "query",
    "search",
];

/// Words for a subset of the items.
const OF_SOME: [&str; 34] = [
    "active",
    "archived",
    "banned",
    "blocked",
    "deleted",
    "disabled",
    "enabled",
    "expired",
    "failed",
    "favorite",
    "former",
    "hidden",
    "inactive",
    "latest",
    "lost",
    "nearby",
    "offline",
    "old",
    "online",
    "orphaned",
    "pending",
    "recent",
    "recently",
    "related",
    "removed",
    "revoked",
    "selected",
    "similar",
    "stale",
    "starred",
    "trashed",
    "unassigned",
    "unhealthy",
    "unregistered",
];

/// Returns how well a field and its item type are named for items with our name, from 0 to 1; `None` if the name is
/// about something else, or about a subset.
pub fn noun_similarity(ours: &str, field: &str, item: &str) -> Option<f64> {
    let (ours, field, item) =
        (words(ours, VERBS_AND_NOUNS), words(field, VERBS_AND_NOUNS), words(item, VERBS_AND_NOUNS));
    // A key may have other words in its name, but it is a key.
    let noun = ours.get("key").or_else(|| ours.first())?;
    let is_of_some = |words: &BTreeSet<String>| words.iter().any(|word| OF_SOME.contains(&word.as_str()));
    if is_of_some(&field) || is_of_some(&item) {
        return None;
    }
    let fits = |words: &BTreeSet<String>| {
        let is_further = |word: &String| !ours.contains(word) && !OF_ASKING.contains(&word.as_str());
        let score = if ours.is_subset(words) { 1.0 } else { 0.9 };
        words.contains(noun).then(|| if words.iter().any(is_further) { 0.6 } else { score })
    };
    fits(&field).or_else(|| fits(&item).map(|score| score * 0.95))
}

/// Splits a name in camel case or with underscores into lower-case singular words, each replaced by its synonym group.
pub fn words(name: &str, table: &[&[&str]]) -> BTreeSet<String> {
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

/// Returns true for the name of an argument that looks like paging.
pub fn looks_like_paging(argument: &str) -> bool {
    let argument = argument.to_lowercase();
    let words = [
        "after", "batch", "before", "count", "cursor", "first", "last", "limit", "offset", "page", "pagin", "range",
        "size", "skip", "start", "take", "token", "top", "window",
    ];
    words.iter().any(|word| argument.contains(word))
}

/// Returns true for the name of an argument that looks like a filter or a sort order.
pub fn looks_like_filter(argument: &str) -> bool {
    let name = argument.to_lowercase().replace('_', "");
    let known = [
        "filter",
        "filters",
        "where",
        "search",
        "query",
        "q",
        "term",
        "condition",
        "conditions",
        "order",
        "orderby",
        "sort",
        "sortby",
        "sortorder",
        "direction",
        "distinct",
        "distincton",
        "locale",
        "lang",
        "language",
        "timezone",
        "ids",
        "id",
        "tag",
        "tags",
        "type",
        "kind",
        "group",
        "category",
        "env",
        "environment",
    ];
    let is_of_a_page = ["since", "prev", "marker", "scroll", "seek"].iter().any(|word| name.contains(word));
    let is_field = ["Device", "ApiKey"].iter().any(|on| contract::field(on, argument).is_some());
    known.contains(&name.as_str()) || is_field || !is_of_a_page && (name.ends_with("id") || name.ends_with("ids"))
}

#[cfg(test)]
mod tests {
    use super::{MEMBERS, VERBS_AND_NOUNS, noun_similarity, root_similarity, similarity, words};

    #[test]
    fn names_are_similar_by_the_meaning_of_their_words() {
        let alike = |a, b| similarity(&words(a, MEMBERS), &words(b, MEMBERS));
        assert!(alike("after", "nextCursor") > 0.9 && alike("total", "total_count") > 0.9);
        assert!(alike("lastUsedAt", "lastSeenAt") < 0.5 && alike("createdAt", "creationDate") > 0.9);
        assert_eq!(Vec::from_iter(words("generateApiKeys", VERBS_AND_NOUNS)), ["api", "generate", "key"]);
    }

    #[test]
    fn a_filtered_list_is_not_similar_to_the_full_one() {
        for field in ["devices", "allDevices", "listDevices", "fleet", "deviceCollection", "devices_by_pk"] {
            assert!(noun_similarity("devices", field, "Device").is_some_and(|score| score > 0.9), "{field}");
        }
        for field in ["edgeDevices", "myDevices"] {
            assert!(noun_similarity("devices", field, "Device").is_some_and(|score| score < 0.7), "{field}");
        }
        for (field, item) in [
            ("recentDevices", "Device"),
            ("archived", "Device"),
            ("users", "User"),
            ("fleet", "ArchivedDevice"),
            ("deviceModels", "DeviceFamily"),
        ] {
            assert!(noun_similarity("devices", field, item).is_none_or(|score| score < 0.7), "{field}");
        }
        assert!(
            noun_similarity("apiKeys", "apis", "Api").is_none()
                && noun_similarity("apiKeys", "tokens", "Token").is_some()
        );
    }

    #[test]
    fn a_mutation_is_only_similar_to_one_with_the_same_verb_and_noun() {
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
            ("revokeApiKey", "deleteApi", false),
            ("revokeApiKey", "deleteApiKeyById", true),
            ("revokeApiKey", "delete_api_keys_by_pk", true),
            ("revokeApiKey", "delete_api_keys", false),
            ("generateApiKey", "insert_api_keys_one", true),
            ("generateApiKey", "createApi", false),
        ] {
            assert_eq!(root_similarity(ours, live, true).is_some(), is_alike, "{live}");
        }
    }
}
