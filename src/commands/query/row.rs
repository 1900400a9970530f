//! The rows of an answer: those of a list, or one object.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::output::{Cell, Column, Json, Record};

/// One row, as raw JSON.
#[derive(Clone, Debug)]
pub struct Row(Json);

/// The rows of an answer; `None` for null.
pub enum Rows {
    List(Vec<Option<Row>>),
    One(Option<Row>),
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl Record for Row {
    const NOUN: (&'static str, &'static str) = ("item", "items");
    /// The columns depend on the document, and are known once it is parsed.
    const COLUMNS: &'static [Column<Row>] = &[];

    fn at(&self, path: &str) -> Cell<'_> {
        self.0.cell(path)
    }
}

impl Rows {
    /// Finds the rows of an answer at `way`; `None` if the answer is nested too deeply.
    pub fn of(answer: &RawValue, way: &[String]) -> Option<Rows> {
        // Only the nesting of `data` matters, not that of its siblings.
        let answer = Json::of(answer).or_else(|| Json::of(&data_alone(answer)?))?;
        let mut here = member(answer, "data");
        for (at, step) in way.iter().enumerate() {
            here = match here {
                Json::List(items) => return Some(list(items, &way[at..])),
                other => member(other, step),
            };
        }
        Some(match here {
            Json::List(items) => list(items, &[]),
            one => Rows::One(row(one)),
        })
    }
}

/// Returns an answer with `data` alone.
fn data_alone(answer: &RawValue) -> Option<Box<RawValue>> {
    #[derive(Deserialize)]
    struct Data<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
    }
    let Data { data } = serde_json::from_str(answer.get()).ok()?;
    RawValue::from_string(format!("{{\"data\":{}}}", data.get())).ok()
}

fn list(items: Vec<Json>, way: &[String]) -> Rows {
    let one = |item| row(way.iter().fold(item, |item, step| member(item, step)));
    Rows::List(items.into_iter().map(one).collect())
}

fn row(value: Json) -> Option<Row> {
    if let Json::Null = value { None } else { Some(Row(value)) }
}

fn member(value: Json, name: &str) -> Json {
    match value {
        Json::Object(members) => {
            members.into_iter().rfind(|(own, _)| own == name).map_or(Json::Null, |(_, member)| member)
        }
        _ => Json::Null,
    }
}
