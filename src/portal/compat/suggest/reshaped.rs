//! Suggests bindings that reshape a portal's data, from its schema: connections, plain lists, nested lists, paging by
//! offset or number, payloads, bare values, and errors in data. The suggestions are for a person to judge; nothing
//! uses them automatically.

use apollo_compiler::ast::OperationType;

use super::super::ast;
use super::super::remote_schema::RemoteSchema;
use super::super::suggestion::{Similarity, Suggestion};
use super::super::{binding, contract};
use super::target::Target;
use super::{key, list, one};
use crate::portal::operation::Operation;

/// Returns the document that fits best; `None` if nothing is similar, or if two documents fit equally well.
pub fn reshaped(schema: &RemoteSchema, operation: Operation) -> Option<Suggestion> {
    let tree = ast::parse(operation.document)?;
    let field = contract::field(contract::root(tree.kind()), tree.root_field()?)?;
    let gives = |member| contract::field(field.ty.inner_named_type(), member).is_some();
    let target = Target { operation, tree, field };
    let mut found = match target.tree.kind() {
        OperationType::Mutation if gives("secret") => key::generate(schema, &target),
        OperationType::Mutation => key::revoke(schema, &target),
        _ if gives("data") => list::list(schema, &target),
        _ => one::one(schema, &target),
    };
    found.retain(|found| binding::parse(operation, &found.document).is_ok());
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = match found.as_slice() {
        [best, next, ..] if best.score <= next.score => return None,
        [best, ..] => best,
        [] => return None,
    };
    let similarity = Similarity::of(best.score);
    Some(Suggestion { operation: operation.word.to_owned(), document: best.document.clone(), similarity })
}

#[cfg(test)]
mod tests {
    use super::reshaped;
    use crate::portal::compat::{RemoteSchema, Similarity, dry_run, parse_binding};
    use crate::portal::operations::operation;

    /// Returns the suggested document, after checking that it gives the required members.
    fn suggested(schema: &RemoteSchema, word: &str) -> String {
        let operation = operation(word).unwrap();
        let suggestion = reshaped(schema, operation).unwrap_or_else(|| panic!("nothing for {word}"));
        let bound = parse_binding(operation, &suggestion.document).unwrap();
        let dry = dry_run(schema, operation, &bound).unwrap();
        assert!(dry.is_ok(), "{word}: {dry:?}\n{}", suggestion.document);
        suggestion.document
    }

    #[test]
    fn a_connection_is_mapped_and_paged() {
        let schema = RemoteSchema::of_sdl(
            "type Query { devices(first: Int, after: String): DeviceConnection!, node(id: ID!): Node }
             interface Node { id: ID! } type PageInfo { hasNextPage: Boolean!, endCursor: String }
             type DeviceConnection { edges: [DeviceEdge], pageInfo: PageInfo!, totalCount: Int }
             type DeviceEdge { node: Device } type Device implements Node { id: ID!, name: String }",
        );
        assert_eq!(
            suggested(&schema, "devices.list"),
            "# jq: {devices: {data: [.devices.edges[].node]}}\n\
             # total: .devices.totalCount\n\
             # next: .devices.pageInfo.endCursor\n\
             # more: .devices.pageInfo.hasNextPage\n\
             # paging: cursor $after\n\
             query ($first: Int, $after: String) { devices(first: $first, after: $after) \
             { edges { node { id name } } totalCount pageInfo { endCursor hasNextPage } } }"
        );
        assert_eq!(
            suggested(&schema, "devices.show"),
            "query ($id: ID!) { device: node(id: $id) { ... on Device { id name } } }"
        );
    }

    #[test]
    fn plain_lists_paging_by_offset_and_bare_values_are_supported() {
        let schema = RemoteSchema::of_sdl(
            "scalar uuid type Query { devices(limit: Int, offset: Int): [devices!]!, devices_aggregate: devices_aggregate!,
               devices_by_pk(id: uuid!): devices, api_keys: [api_keys!]! }
             type devices_aggregate { aggregate: counted } type counted { count: Int! }
             type devices { id: uuid!, name: String, serial_number: String } type api_keys { id: uuid!, label: String }
             type Mutation { create_api_key(label: String): String!, delete_api_key(id: uuid!): Boolean! }",
        );
        assert_eq!(
            suggested(&schema, "devices.list"),
            "# jq: {devices: {data: .devices}}\n\
             # total: .devices_aggregate.aggregate.count\n\
             # paging: offset $offset\n\
             query ($first: Int, $offset: Int) { devices(limit: $first, offset: $offset) { id name serialNumber: serial_number } \
             devices_aggregate { aggregate { count } } }"
        );
        assert_eq!(
            suggested(&schema, "keys.list"),
            "# jq: {apiKeys: {data: .api_keys}}\n# paging: none\nquery { api_keys { id name: label } }"
        );
        assert_eq!(
            suggested(&schema, "keys.generate"),
            "# jq: {generateApiKey: {secret: .create_api_key}}\n\
             mutation ($name: String) { create_api_key(label: $name) }"
        );
        assert_eq!(
            suggested(&schema, "keys.revoke"),
            "# jq: {revokeApiKey: (if .delete_api_key then {id: $id} else null end)}\n\
             mutation ($id: uuid!) { delete_api_key(id: $id) }"
        );
    }

    #[test]
    fn a_nested_list_and_variables_to_set_once_are_found() {
        let schema = RemoteSchema::of_sdl(
            "type Query { organization(id: ID!): Organization }
             type Organization { id: ID!, devices(page: Int, pageSize: Int): DeviceList!, device(id: ID!): Device }
             type DeviceList { items: [Device!]!, hasNext: Boolean!, total: Int! } type Device { id: ID!, name: String }
             type Mutation { generateApiKey(organizationId: ID!, input: In!): Payload!, revokeApiKey(organizationId: ID!, id: ID!): Ended! }
             input In { name: String } type Payload { apiKey: ApiKey, secret: String, errors: [UserError!]! }
             type ApiKey { id: ID!, name: String } type UserError { message: String!, code: String }
             type Ended { success: Boolean!, errors: [UserError!]! }",
        );
        assert_eq!(
            suggested(&schema, "devices.list"),
            "# jq: {devices: {data: .organization.devices.items}}\n\
             # more: .organization.devices.hasNext\n\
             # total: .organization.devices.total\n\
             # paging: page $page\n\
             # once: $organizationId\n\
             query ($organizationId: ID!, $first: Int, $page: Int) { organization(id: $organizationId) \
             { devices(page: $page, pageSize: $first) { items { id name } hasNext total } } }"
        );
        assert_eq!(
            suggested(&schema, "devices.show"),
            "# jq: {device: .organization.device}\n# once: $organizationId\n\
             query ($organizationId: ID!, $id: ID!) { organization(id: $organizationId) { device(id: $id) { id name } } }"
        );
        assert_eq!(
            suggested(&schema, "keys.generate"),
            "# jq: {generateApiKey: (.generateApiKey | {id: .apiKey.id, name: .apiKey.name, secret: .secret})}\n\
             # errors: .generateApiKey.errors[]\n\
             # once: $organizationId\n\
             mutation ($organizationId: ID!, $name: String) { generateApiKey(organizationId: $organizationId, input: {name: $name}) \
             { apiKey { id name } secret errors { message code } } }"
        );
        assert_eq!(
            suggested(&schema, "keys.revoke"),
            "# jq: {revokeApiKey: (if .revokeApiKey.success then {id: $id} else null end)}\n\
             # errors: .revokeApiKey.errors[]\n\
             # once: $organizationId\n\
             mutation ($organizationId: ID!, $id: ID!) { revokeApiKey(organizationId: $organizationId, id: $id) \
             { success errors { message code } } }"
        );
    }

    #[test]
    fn arguments_in_input_objects_and_variables_to_set_once_are_written() {
        let schema = RemoteSchema::of_sdl(
            "type Query { listDevices(tenantId: ID!, pagination: PageInput, filter: Filter): DeviceConnection
               apiTokens(input: TokenInput!): Tokens! }
             input PageInput { page: Int = 0, pageSize: Int } input Filter { status: String }
             input TokenInput { nextToken: String, limit: Int, accountId: ID! }
             type DeviceConnection { items: [Device] } type Device { id: Int!, name: String }
             type Tokens { items: [Token!]!, nextToken: String } type Token { id: ID!, name: String }",
        );
        assert_eq!(
            suggested(&schema, "devices.list"),
            "# jq: {devices: {data: .listDevices.items}}\n# paging: page $page from 0\n# once: $tenantId\n\
             query ($tenantId: ID!, $first: Int, $page: Int) { listDevices(tenantId: $tenantId, pagination: \
             {page: $page, pageSize: $first}) { items { id name } } }"
        );
        assert_eq!(
            suggested(&schema, "keys.list"),
            "# jq: {apiKeys: {data: .apiTokens.items}}\n# next: .apiTokens.nextToken\n# paging: cursor $after\n\
             # once: $accountId\n\
             query ($accountId: ID!, $first: Int, $after: String) { apiTokens(input: {nextToken: $after, limit: $first, \
             accountId: $accountId}) { items { id name } nextToken } }"
        );
    }

    #[test]
    fn an_argument_that_looks_like_paging_is_never_ignored() {
        for arguments in [
            "first: Int",
            "pagination: P",
            "range: R",
            "page: String",
            "last: Int, before: String",
            "continuation: String",
            "sinceId: ID",
            "options: JSON",
            "from: Int, to: Int",
            "start: Int, end: Int",
        ] {
            let schema = RemoteSchema::of_sdl(&format!(
                "type Query {{ devices({arguments}): [Device!]! }} type Device {{ id: ID! }}
                 scalar JSON input P {{ top: Int }} input R {{ lastItem: Int }}"
            ));
            let document = suggested(&schema, "devices.list");
            assert!(!document.contains("paging"), "{arguments}: {document}");
        }
    }

    #[test]
    fn a_key_id_takes_precedence_and_a_value_for_each_request_is_not_set_once() {
        let schema = RemoteSchema::of_sdl(
            "type Query { a: Int } type Mutation { deleteApiKey(apiId: ID!, keyId: ID!): Boolean!,
               createApiKey(clientMutationId: ID!, name: String): String! }",
        );
        let document = suggested(&schema, "keys.revoke");
        assert!(document.contains("deleteApiKey(apiId: $apiId, keyId: $id)"), "{document}");
        assert!(reshaped(&schema, operation("keys.generate").unwrap()).is_none());
        let schema = RemoteSchema::of_sdl(
            "type Query { apis: [Api!]! archivedApiKeys: [ApiKey!]! offlineDevice(id: ID!): Device }
             type Api { id: ID! } type ApiKey { id: ID! } type Device { id: ID! }
             type Mutation { deleteApi(id: ID!): Boolean!, createApi(name: String): String! }",
        );
        for word in ["keys.list", "devices.show", "keys.revoke", "keys.generate"] {
            assert!(reshaped(&schema, operation(word).unwrap()).is_none(), "{word}");
        }
    }

    #[test]
    fn a_name_is_found_at_any_depth() {
        let schema = RemoteSchema::of_sdl(
            "type Query { a: Int } type Mutation { createApiKey(input: CreateApiKeyInput!): Payload, deleteApiKeyById(input: D!): Gone }
             input CreateApiKeyInput { clientMutationId: String, apiKey: ApiKeyInput!, note: Note } input ApiKeyInput { name: String }
             input Note { text: String! } type Payload { apiKey: ApiKey, secret: String } type ApiKey { id: Int!, name: String }
             input D { clientMutationId: String, id: Int! } type Gone { deletedApiKeyId: ID }",
        );
        let generate = suggested(&schema, "keys.generate");
        assert!(generate.contains("createApiKey(input: {apiKey: {name: $name}})"), "{generate}");
        let revoke = suggested(&schema, "keys.revoke");
        assert!(revoke.contains("mutation ($id: Int!) { deleteApiKeyById(input: {id: $id})"), "{revoke}");
    }

    #[test]
    fn a_mutation_that_does_something_else_or_more_is_not_suggested() {
        for (types, mutation) in [
            (
                "type K { id: ID!, keyId: ID!, name: String } type Query { apiKeys: [K!]! }",
                "deleteApiKey(keyId: ID!): Boolean!",
            ),
            ("type Query { a: Int }", "deleteApiKey(id: ID!, all: Boolean = true): Boolean!"),
        ] {
            let schema = RemoteSchema::of_sdl(&format!("{types} type Mutation {{ {mutation} }}"));
            let found = reshaped(&schema, operation("keys.revoke").unwrap());
            assert!(found.is_none(), "{mutation}: {}", found.unwrap().document);
        }
        let schema = RemoteSchema::of_sdl(
            "type Query { me: Me myDevices: [Device!]! } type Me { apiKeys: [ApiKey!]! } type ApiKey { id: ID! } type Device { id: ID! }",
        );
        let schema_of_some = RemoteSchema::of_sdl(
            "enum S { ACTIVE ALL } type Query { apiKeys(state: S = ACTIVE): [ApiKey!]! } type ApiKey { id: ID! }",
        );
        let of_some = reshaped(&schema_of_some, operation("keys.list").unwrap()).unwrap();
        assert_eq!(of_some.similarity, Similarity::Guess, "{}", of_some.document);
        for word in ["devices.list", "keys.list"] {
            let found = reshaped(&schema, operation(word).unwrap()).unwrap();
            assert_eq!(found.similarity, Similarity::Guess, "{}", found.document);
        }
    }

    #[test]
    fn well_known_kinds_of_paging_get_a_suggestion() {
        let of = |sdl: &str| {
            suggested(&RemoteSchema::of_sdl(&format!("{sdl} type Device {{ id: ID!, name: String }}")), "devices.list")
        };
        let strapi = of("type Query { devices(filters: F, pagination: P, sort: [String]): R } input F { name: String }
            input P { page: Int pageSize: Int start: Int limit: Int } type R { data: [Device!]! meta: M! }
            type M { pagination: N! } type N { total: Int! page: Int! }");
        assert!(strapi.contains("# total: .devices.meta.pagination.total\n# paging: offset $offset"), "{strapi}");
        assert!(strapi.contains("devices(pagination: {start: $offset, limit: $first})"), "{strapi}");
        let contentful = of("type Query { deviceCollection(skip: Int = 0, limit: Int = 100): C }
            type C { total: Int! skip: Int! limit: Int! items: [Device]! }");
        assert!(contentful.contains("# total: .deviceCollection.total\n# paging: offset $offset"), "{contentful}");
        let appsync = of(
            "type Query { listDevices(limit: Int, nextToken: String): C } type C { items: [Device]! nextToken: String }",
        );
        assert!(appsync.contains("# next: .listDevices.nextToken\n# paging: cursor $after"), "{appsync}");
        let github = of("type Query { viewer: User! } type User { devices(first: Int, after: String): C! }
            type C { nodes: [Device] pageInfo: P! } type P { hasNextPage: Boolean! endCursor: String }");
        assert!(
            github.contains("{data: .viewer.devices.nodes}")
                && github.contains("# more: .viewer.devices.pageInfo.hasNextPage")
        );
    }

    #[test]
    fn a_name_that_may_mean_something_else_is_not_suggested() {
        let schema = RemoteSchema::of_sdl(
            "type Query { users: [User!]!, devicesDeleted(days: Int!): [Device!]! } type User { id: ID! } type Device { id: ID! }
             type Mutation { deleteUserApiKey(id: ID!): Boolean!, disableApiKey(id: ID!): Boolean!,
               generateApiKeyReport(name: String): String!, createApiKey(template: Template!): String!, resetApiKey(id: ID!): String! }
             input Template { a: Int! }",
        );
        for word in ["devices.list", "keys.list", "keys.generate", "keys.revoke"] {
            let suggested = reshaped(&schema, operation(word).unwrap());
            assert!(suggested.is_none(), "{word}: {}", suggested.unwrap().document);
        }
    }
}
