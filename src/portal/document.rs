//! A user's saved document: parses its one operation into what a command line and a table need.
//!
//! It knows no file, no option and no portal, and sends nothing. What only a schema can tell is not checked here.

use apollo_compiler::Node;
use apollo_compiler::ast::{self, Definition, OperationDefinition, OperationType, Selection};

use super::compat::{DocumentError, line_of, misread, wrong};

/// More fields than any hand-written document has. Nested fragments multiply.
const MOST_FIELDS: usize = 10_000;

/// The deepest nesting of fields and fragments; no response this deep is read.
const DEEPEST: usize = 100;

/// A document with one operation.
#[derive(Clone, Debug)]
pub struct Document {
    pub text: String,
    /// The operation's name, where it has one.
    pub name: Option<String>,
    pub is_mutation: bool,
    /// The paragraphs of the head, without the help for variables.
    pub description: Vec<String>,
    pub variables: Vec<Variable>,
    /// The selected fields.
    pub fields: Vec<Field>,
}

/// A variable that the operation declares.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    /// The type as written: `[ID!]!`.
    pub ty: String,
    /// The type's name without lists and non-null marks: `ID`.
    pub named: String,
    /// The number of lists around the type.
    pub lists: usize,
    /// True if a value is required.
    pub is_required: bool,
    /// The default value, as the document writes it.
    pub default: Option<String>,
    /// The help for it in the head.
    pub help: Option<String>,
    /// The line number, from 1.
    pub line: usize,
}

/// A field by its response name, with its sub-fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// The field's name in the schema.
    pub called: String,
    pub fields: Vec<Field>,
}

impl Document {
    /// Parses a document. An error has a line number.
    pub fn parse(text: &str) -> Result<Document, DocumentError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document = ast::Document::parse(text, "document.graphql").map_err(|errors| misread(&errors.errors))?;
        let operation = only_operation(&document)?;
        if operation.operation_type == OperationType::Subscription {
            let problem = "it is a subscription, which has no end; there are queries and mutations here";
            return Err(wrong(line(operation, &document), problem.to_owned()));
        }
        let head = Head::read(text);
        let variables = variables(operation, &document, &head)?;
        let mut flattening =
            Flattening { document: &document, within: Vec::new(), count: 0, depth: 0, is_too_deep: false };
        let mut fields = Vec::new();
        flattening.add(&operation.selection_set, &mut fields);
        if flattening.is_too_deep {
            return Err(wrong(1, format!("it is nested deeper than {DEEPEST} fields")));
        }
        if flattening.count > MOST_FIELDS {
            return Err(wrong(1, format!("it asks for more than {MOST_FIELDS} fields")));
        }
        Ok(Document {
            text: text.to_owned(),
            name: operation.name.as_ref().map(ToString::to_string),
            is_mutation: operation.operation_type == OperationType::Mutation,
            description: head.paragraphs,
            variables,
            fields,
        })
    }

    /// Returns the operation type: `query` or `mutation`.
    pub fn kind(&self) -> &'static str {
        if self.is_mutation { "mutation" } else { "query" }
    }
}

fn only_operation(document: &ast::Document) -> Result<&Node<OperationDefinition>, DocumentError> {
    let mut found: Option<&Node<OperationDefinition>> = None;
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) if found.is_none() => found = Some(operation),
            Definition::OperationDefinition(another) => {
                return Err(wrong(line(another, document), "it has more than one operation".to_owned()));
            }
            Definition::FragmentDefinition(_) => {}
            _ => return Err(wrong(1, "it contains a schema definition".to_owned())),
        }
    }
    found.ok_or_else(|| wrong(1, "it has no operation".to_owned()))
}

fn variables(
    operation: &OperationDefinition,
    document: &ast::Document,
    head: &Head,
) -> Result<Vec<Variable>, DocumentError> {
    let mut variables: Vec<Variable> = Vec::new();
    for variable in &operation.variables {
        let (name, line) = (variable.name.to_string(), line(variable, document));
        if variables.iter().any(|other| other.name == name) {
            return Err(wrong(line, format!("`${name}` is declared twice")));
        }
        let ty = variable.ty.to_string();
        variables.push(Variable {
            named: variable.ty.inner_named_type().to_string(),
            lists: ty.matches('[').count(),
            is_required: variable.ty.is_non_null() && variable.default_value.is_none(),
            default: variable.default_value.as_ref().map(ToString::to_string),
            help: head.variables.iter().find(|(own, _)| *own == name).map(|(_, help)| help.clone()),
            name,
            ty,
            line,
        });
    }
    Ok(variables)
}

fn line<T>(node: &Node<T>, document: &ast::Document) -> usize {
    line_of(node.location(), &document.sources)
}

/// Inlines fragments, and merges fields that are selected twice.
struct Flattening<'d> {
    document: &'d ast::Document,
    /// The fragments that are being inlined: a recursive one ends there.
    within: Vec<&'d str>,
    count: usize,
    depth: usize,
    is_too_deep: bool,
}

impl<'d> Flattening<'d> {
    fn add(&mut self, selections: &'d [Selection], to: &mut Vec<Field>) {
        self.depth += 1;
        self.is_too_deep |= self.depth > DEEPEST;
        if !self.is_too_deep {
            self.add_each(selections, to);
        }
        self.depth -= 1;
    }

    fn add_each(&mut self, selections: &'d [Selection], to: &mut Vec<Field>) {
        for selection in selections {
            self.count += 1;
            if self.count > MOST_FIELDS {
                return;
            }
            match selection {
                Selection::Field(field) => {
                    let name = field.response_name().as_str();
                    let at = to.iter().position(|other| other.name == name).unwrap_or_else(|| {
                        to.push(Field { name: name.to_owned(), called: field.name.to_string(), fields: Vec::new() });
                        to.len() - 1
                    });
                    self.add(&field.selection_set, &mut to[at].fields);
                }
                Selection::InlineFragment(fragment) => self.add(&fragment.selection_set, to),
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name.as_str();
                    let fragment = self.document.definitions.iter().find_map(|definition| match definition {
                        Definition::FragmentDefinition(fragment) if fragment.name == name => Some(fragment),
                        _ => None,
                    });
                    if let Some(fragment) = fragment.filter(|_| !self.within.contains(&name)) {
                        self.within.push(name);
                        self.add(&fragment.selection_set, to);
                        self.within.pop();
                    }
                }
            }
        }
    }
}

/// The comments before the operation.
#[derive(Default)]
struct Head {
    paragraphs: Vec<String>,
    /// `# $status: only those with this status`
    variables: Vec<(String, String)>,
}

impl Head {
    fn read(text: &str) -> Head {
        let comments = text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
        let (mut head, mut is_open, mut is_variable) = (Head::default(), false, false);
        for line in comments {
            let said = line.trim_start_matches('#');
            let words = said.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "");
            let is_further = said.starts_with("  ");
            if words.is_empty() {
                (is_open, is_variable) = (false, false);
            } else if let Some((name, help)) = words.strip_prefix('$').and_then(|words| words.split_once(':')) {
                head.variables.push((name.trim().to_owned(), help.trim().to_owned()));
                (is_open, is_variable) = (false, true);
            } else if let (true, true, Some((_, help))) = (is_variable, is_further, head.variables.last_mut()) {
                append(help, &words);
            } else if let (true, Some(paragraph)) = (is_open, head.paragraphs.last_mut()) {
                append(paragraph, &words);
            } else {
                head.paragraphs.push(words);
                (is_open, is_variable) = (true, false);
            }
        }
        head
    }
}

fn append(text: &mut String, words: &str) {
    text.push(' ');
    text.push_str(words);
}

#[cfg(test)]
mod tests {
    use super::{Document, Field};

    #[test]
    fn a_document_is_parsed_into_its_parts() {
        let text = "# The fleet,\n# by status.\n#\n# Once a day.\n# $status: only those with\n#   this status\n\
                    query Fleet($status: String!, $ids: [[ID!]!]! = [], $n: Int = 5) {\n  list: devices(first: $n) { ...P data { name } }\n}\n\
                    fragment P on Page { data { id ...on Device { name } } ...P after }";
        let document = Document::parse(text).unwrap();
        assert_eq!((document.name.as_deref(), document.kind()), (Some("Fleet"), "query"));
        assert_eq!(document.description, ["The fleet, by status.", "Once a day."]);
        let variables: Vec<_> = document
            .variables
            .iter()
            .map(|one| (&*one.name, &*one.ty, &*one.named, one.lists, one.is_required, one.help.as_deref()))
            .collect();
        assert_eq!(
            variables,
            [
                ("status", "String!", "String", 0, true, Some("only those with this status")),
                ("ids", "[[ID!]!]!", "ID", 2, false, None),
                ("n", "Int", "Int", 0, false, None),
            ]
        );
        assert_eq!(document.variables[2].default.as_deref(), Some("5"));
        let field = |name: &str, called: &str, fields| Field { name: name.into(), called: called.into(), fields };
        let leaf = |name: &str| field(name, name, Vec::new());
        let data = field("data", "data", vec![leaf("id"), leaf("name")]);
        assert_eq!(document.fields, [field("list", "devices", vec![data, leaf("after")])]);
    }

    #[test]
    fn an_error_has_its_line_number() {
        for (text, line, problem) in [
            ("query {\n  a(\n}", 3, ""),
            ("{ a }\n\nquery B { b }", 3, "more than one operation"),
            ("# x\nsubscription { a }", 2, "a subscription"),
            ("fragment F on T { a }", 1, "no operation"),
            ("", 1, ""),
            ("type T { a: Int }", 1, "a schema"),
            ("query ($a: Int,\n $a: Int) { a }", 2, "`$a` is declared twice"),
        ] {
            let wrong = Document::parse(text).unwrap_err();
            assert_eq!(wrong.line, line, "{text}: {}", wrong.problem);
            assert!(wrong.problem.contains(problem), "{text}: {}", wrong.problem);
        }
        let deep = ["{ a".repeat(150), "}".repeat(150)].concat();
        assert!(Document::parse(&deep).unwrap_err().problem.contains("nested deeper"));
        let laughs: String =
            (0..40).map(|n| format!("fragment F{n} on T {{ ...F{m} ...F{m} }}\n", m = n + 1)).collect();
        assert!(Document::parse(&format!("{{ ...F0 }}\n{laughs}")).unwrap_err().problem.contains("more than"));
    }
}
