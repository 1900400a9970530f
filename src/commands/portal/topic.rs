//! `optra help bindings`: the rules of bindings, printed from what the code checks.

use crate::portal::{operations, requirements};

const HELP: &str = "\
A binding is a document of your own that stands for one of our operations: for
portals that call things something else, or give them in another shape. It is
kept for one portal, in a plain file that tools for GraphQL can read.

  optra portal adopt                              propose what fits, and ask
  optra portal bind devices.list -f FILE          use a document of your own
  optra portal bind devices.list -f FILE --try    and run it once before

Names alone are changed by aliases:

  mutation ($name: String) {
    generateApiKey: createApiSecret(label: $name) { id secret: value }
  }

What else is to be said stands in the comments before the document. Expressions
are jq, on the portal's `data`; they can use the variables of the document.

  # jq: {devices: {data: [.fleet.edges[].node]}}
        makes our data of the portal's; it may take several lines
  # paging: cursor $after
        or `offset $skip`, `page $number`, `page $number from 0`, `none`; with
        `size $limit` where the size of a page is not called `$first`
  # next: .fleet.pageInfo.endCursor               the next cursor
  # more: .fleet.pageInfo.hasNextPage             whether there are more pages
  # total: .fleet.totalCount                      the count of all
  # errors: .createKey.errors[]
        what the portal says in its data that it did not do
  # once: $organizationId
        given by the profile: `optra portal set organizationId=42`

Without `more` and `total`, pages are asked for until one is empty. A variable
that is called like a field, such as `$status` or `$location_name`, gets what
`--where` says. Errors in data are a refusal; a secret that came is delivered
all the same.

What each operation needs:
";

/// Returns the topic.
pub fn bindings() -> String {
    let mut text = HELP.to_owned();
    for operation in operations() {
        let Some(requirements) = requirements(operation) else { continue };
        let variables =
            if requirements.variables.is_empty() { "-".to_owned() } else { requirements.variables.join(", ") };
        text.push_str(&format!("\n  {} ({})\n", operation.word, requirements.kind));
        text.push_str(&format!("    variables  {variables}\n"));
        if !requirements.needed.is_empty() {
            text.push_str(&format!("    needed     {}\n", requirements.needed.join(", ")));
        }
        text.push_str(&wrapped("    optional   ", &requirements.optional));
    }
    text
}

/// Wraps a list of names.
fn wrapped(heading: &str, names: &[String]) -> String {
    let (mut text, mut line) = (String::new(), heading.to_owned());
    for (n, name) in names.iter().enumerate() {
        let piece = if n + 1 < names.len() { format!("{name}, ") } else { name.clone() };
        if line.len() + piece.trim_end().len() > 79 && !line.trim().is_empty() {
            text.push_str(&format!("{}\n", line.trim_end()));
            line = " ".repeat(heading.len());
        }
        line.push_str(&piece);
    }
    if names.is_empty() { text } else { text + &format!("{}\n", line.trim_end()) }
}
