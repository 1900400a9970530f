//! Recognizes the paging of a field by the names of its arguments, or of the members of an input object.
//!
//! An argument that looks like paging and is not recognized means that one page may be incomplete; it is never
//! ignored.

use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, Value};

use super::super::remote_schema::RemoteSchema;
use super::field_path::set_once;

/// Names of the page size; for paging by number, other names come first.
const SIZES: &[&str] = &["first", "limit", "take", "top", "count", "maxresults", "size", "pagesize", "perpage"];
const SIZES_OF_PAGES: &[&str] =
    &["pagesize", "perpage", "size", "limit", "first", "take", "top", "count", "maxresults"];
const CURSORS: &[&str] = &["after", "cursor", "aftercursor", "nexttoken", "startafter", "pagetoken", "nextcursor"];
const OFFSETS: &[&str] = &["offset", "skip", "start", "from"];
const PAGES: &[&str] = &["page", "pagenumber", "pageno", "pageindex"];

/// The paging of a field.
pub struct Paging {
    /// The line of the head.
    pub line: String,
    pub arguments: Vec<(String, String)>,
    pub variables: Vec<(String, String)>,
    /// Other required variables, which are set once.
    pub once: Vec<(String, String)>,
}

/// A place for a value: an argument, or a member of an input object.
#[derive(Clone, Copy)]
struct Slot<'s> {
    argument: &'s InputValueDefinition,
    member: Option<&'s InputValueDefinition>,
}

impl<'s> Slot<'s> {
    fn definition(&self) -> &'s InputValueDefinition {
        self.member.unwrap_or(self.argument)
    }

    fn is_called(&self, names: &[&str]) -> bool {
        names.contains(&&*self.definition().name.to_lowercase().replace('_', ""))
    }

    fn is_number(&self) -> bool {
        let ty = &self.definition().ty;
        ty.inner_named_type() == "Int" && !ty.is_list()
    }
}

/// Recognizes the paging of a field; `None` if the field requires an unknown value.
pub fn paging(schema: &RemoteSchema, field: &FieldDefinition, has_next: bool) -> Option<Paging> {
    let slots = slots(schema, field);
    let find = |names: &[&str], number: bool| {
        slots.iter().copied().find(|slot| slot.is_called(names) && slot.is_number() == number)
    };
    let by = find(CURSORS, false)
        .filter(|slot| has_next && !schema.is_input_object(&slot.definition().ty))
        .map(|slot| (slot, "after", "cursor".to_owned()))
        .or_else(|| find(OFFSETS, true).map(|slot| (slot, "offset", "offset".to_owned())))
        .or_else(|| find(PAGES, true).map(|slot| (slot, "page", format!("page{}", starting(slot)))));
    // `from` with another number, such as `to`, is a range, whose end we do not know.
    let is_range = |slot: &Slot<'_>| slot.is_called(&["from", "start"]);
    let is_its_end = |slot: &Slot<'_>| {
        slot.is_number() && !slot.is_called(SIZES) && !slot.is_called(OFFSETS) && !slot.is_called(PAGES)
    };
    let by = by.filter(|(slot, ..)| !(is_range(slot) && slots.iter().any(is_its_end)));
    let (line, ours) = match by {
        Some((slot, variable, kind)) => {
            let (kind, from) =
                kind.split_once(' ').map_or((&*kind, String::new()), |(kind, from)| (kind, format!(" {from}")));
            let known = if variable == "page" { SIZES_OF_PAGES } else { SIZES };
            let sized = known.iter().find_map(|name| find(&[name], true)).map(|size| (size, "first"));
            (format!("# paging: {kind} ${variable}{from}\n"), sized.into_iter().chain([(slot, variable)]).collect())
        }
        None if field.arguments.iter().any(|argument| schema.may_page(argument)) => (String::new(), Vec::new()),
        None => ("# paging: none\n".to_owned(), Vec::new()),
    };
    write(field, &slots, &ours, line)
}

/// Returns ` from 0` if the name or the default says that pages count from 0.
fn starting(slot: Slot<'_>) -> &'static str {
    let default = slot.definition().default_value.as_deref();
    let from_zero =
        slot.is_called(&["pageindex"]) || matches!(default, Some(Value::Int(number)) if number.as_str() == "0");
    if from_zero { " from 0" } else { "" }
}

fn slots<'s>(schema: &'s RemoteSchema, field: &'s FieldDefinition) -> Vec<Slot<'s>> {
    let each = field.arguments.iter().flat_map(|argument| {
        let members = schema.input_fields(argument.ty.inner_named_type()).filter(|_| !argument.ty.is_list());
        match members {
            Some(members) => members.into_iter().map(|member| Slot { argument, member: Some(member) }).collect(),
            None => vec![Slot { argument, member: None }],
        }
    });
    each.collect()
}

/// Writes the arguments. Other required ones must be settable once, or the field is not usable.
fn write(field: &FieldDefinition, slots: &[Slot<'_>], ours: &[(Slot<'_>, &str)], line: String) -> Option<Paging> {
    let (mut once, mut arguments) = (Vec::new(), Vec::new());
    for argument in &field.arguments {
        let mut members = Vec::new();
        let of_it = || slots.iter().filter(|slot| slot.argument.name == argument.name);
        for slot in of_it() {
            let definition = slot.definition();
            let is_it =
                |other: &Slot<'_>| other.argument.name == argument.name && other.definition().name == definition.name;
            let variable = match ours.iter().find(|(other, _)| is_it(other)) {
                Some((_, variable)) => (*variable).to_owned(),
                None if definition.is_required() && (slot.member.is_none() || argument.is_required()) => {
                    let given = set_once(field, definition)?;
                    once.push(given.clone());
                    given.0
                }
                None => continue,
            };
            match slot.member {
                None => arguments.push((argument.name.to_string(), format!("${variable}"))),
                Some(member) => members.push(format!("{}: ${variable}", member.name)),
            }
        }
        let is_object = of_it().any(|slot| slot.member.is_some());
        if is_object && (!members.is_empty() || argument.is_required()) {
            arguments.push((argument.name.to_string(), format!("{{{}}}", members.join(", "))));
        }
    }
    let variables =
        ours.iter().map(|(slot, variable)| ((*variable).to_owned(), slot.definition().ty.to_string())).collect();
    Some(Paging { line, arguments, variables, once })
}
