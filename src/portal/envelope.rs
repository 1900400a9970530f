//! The envelope of a GraphQL answer: its data and its errors, as leniently as JSON allows, and what it proves.
//!
//! It quotes nothing of a body: what cannot be decoded may be a secret.

use std::fmt;

use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::repair::repair;
use super::transport::Reply;

/// The members of an answer; of two with one name the last counts, as with most readers.
#[derive(Default)]
pub struct Envelope<'a> {
    /// None where it is absent, which `null` is not: only an absent one can prove that nothing was executed.
    pub data: Option<&'a RawValue>,
    /// A list; some servers give a single error instead.
    pub errors: Value,
}

/// A larger answer is not repaired: that takes a multiple of its size.
pub const LARGEST_REPAIRED: usize = 16 << 20;

/// Makes an envelope of a reply that strict readers refuse for one bad value, with how many characters stand for none; none
/// where there is no envelope in it.
pub fn repaired(reply: &Reply) -> Option<(Reply, usize)> {
    let text = Some(&reply.body).filter(|body| body.len() <= LARGEST_REPAIRED)?;
    let repaired = repair(text);
    serde_json::from_str::<Envelope>(&repaired.text).ok()?;
    let (status, headers, body) = (reply.status, reply.headers.clone(), repaired.text.into_bytes());
    Some((Reply { status, headers, body }, repaired.replaced))
}

impl Envelope<'_> {
    /// Returns true for what the GraphQL specification calls a request error, from a server that spoke GraphQL.
    pub fn is_request_error(&self, status: u16) -> bool {
        let has_message = |error: &Value| error.get("message").is_some_and(Value::is_string);
        let is_of_graphql =
            self.errors.as_array().is_some_and(|errors| !errors.is_empty() && errors.iter().all(has_message));
        // Something between may answer with these after it has handed the request on.
        let is_of_a_server = matches!(status, 200..=299 | 400..=499) && !matches!(status, 408 | 425 | 429 | 499);
        self.data.is_none() && is_of_graphql && is_of_a_server
    }
}

/// Returns the data of an answer that has all of it, and no errors.
pub fn whole<D: DeserializeOwned>(reply: &Reply) -> Option<D> {
    #[derive(Deserialize)]
    struct Whole<D> {
        data: D,
        #[serde(default)]
        errors: Option<IgnoredAny>,
    }
    // A derived reader takes a list for an object, too.
    let body = reply.body.trim_ascii_start().strip_prefix(b"{").map(|_| &reply.body)?;
    serde_json::from_slice(body).ok().filter(|whole: &Whole<D>| whole.errors.is_none()).map(|whole| whole.data)
}

/// Decodes `data`; a failure names the place and the kind of trouble, never the value that stood there.
pub fn decode<D: DeserializeOwned>(data: &RawValue) -> Result<D, String> {
    serde_json::from_str(data.get()).map_err(|_| {
        // Keeping the path costs time, so only a failure pays for it, by a second reading.
        let mut json = serde_json::Deserializer::from_str(data.get());
        match serde_path_to_error::deserialize::<_, D>(&mut json) {
            Ok(_) => "`data` cannot be read".to_owned(),
            Err(error) => format!("`data.{}` is missing or of another type", error.path()),
        }
    })
}

/// Says what came where no envelope did.
pub fn what_came_instead(reply: &Reply) -> String {
    let body = reply.body.trim_ascii_start();
    if body.is_empty() {
        "the body is empty".to_owned()
    } else if body.starts_with(b"<") {
        "it is a web page, not JSON".to_owned()
    } else {
        format!("it is not JSON ({} bytes of type `{}`)", reply.body.len(), reply.header(CONTENT_TYPE))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Envelope<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Envelope<'a>, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Envelope<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<'de>, A::Error> {
                let mut envelope = Envelope::default();
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "data" => envelope.data = Some(map.next_value()?),
                        "errors" => envelope.errors = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(envelope)
            }
        }

        from.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::Envelope;

    #[test]
    fn only_a_request_error_proves_that_nothing_was_executed() {
        let proves = |status, body: &str| serde_json::from_str::<Envelope>(body).unwrap().is_request_error(status);
        for (status, body) in [
            (200, r#"{"errors":[{"message":"no"}]}"#),
            (400, r#"{"errors":[{"message":"no","extensions":{"code":"SOMETHING_NEW"}}]}"#),
            (403, r#"{"extensions":{},"errors":[{"message":"no"}]}"#),
        ] {
            assert!(proves(status, body), "{status} {body}");
        }
        for (status, body) in [
            (200, r#"{"errors":[{"message":"no"}],"data":null}"#),
            (200, r#"{"data":{"generateApiKey":null},"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}"#),
            (500, r#"{"errors":[{"message":"no"}]}"#),
            (429, r#"{"errors":[{"message":"slow down"}]}"#),
            (408, r#"{"errors":[{"message":"late"}]}"#),
            (403, r#"{"message":"Forbidden"}"#),
            (200, r#"{"errors":["no"]}"#),
            (200, r#"{"errors":[]}"#),
            (200, r#"{"errors":{"message":"no"}}"#),
        ] {
            assert!(!proves(status, body), "{status} {body}");
        }
    }

    #[test]
    fn the_last_of_two_members_counts() {
        let envelope: Envelope = serde_json::from_str(r#"{"data":1,"data":{"a":2}}"#).unwrap();
        assert_eq!(envelope.data.unwrap().get(), r#"{"a":2}"#);
    }
}
