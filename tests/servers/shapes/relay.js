// Connections as Relay has them: edges, nodes, cursors, an input object for each mutation and a payload for each answer.

'use strict';

exports.sdl = `
scalar DateTime
interface Node { id: ID! }
type Query {
  devices(first: Int, after: String, status: String): DeviceConnection
  node(id: ID!): Node
  apiKeys(first: Int, after: String): ApiKeyConnection
  viewer: Viewer
}
type Mutation {
  createApiKey(input: CreateApiKeyInput!): CreateApiKeyPayload
  revokeApiKey(input: RevokeApiKeyInput!): RevokeApiKeyPayload
}
type PageInfo { hasNextPage: Boolean!, endCursor: String }
type DeviceConnection { edges: [DeviceEdge], pageInfo: PageInfo!, totalCount: Int }
type DeviceEdge { cursor: String!, node: Device }
type Device implements Node { id: ID!, name: String, serialNumber: String, status: String, lastSeenAt: DateTime }
type ApiKeyConnection { edges: [ApiKeyEdge], pageInfo: PageInfo! }
type ApiKeyEdge { node: ApiKey }
type ApiKey implements Node { id: ID!, name: String, createdAt: DateTime, lastUsedAt: DateTime }
type Viewer { organization: Organization, apiKey: ApiKey }
type Organization { id: ID!, name: String }
input CreateApiKeyInput { name: String, clientMutationId: String }
type CreateApiKeyPayload { apiKey: ApiKey, secret: String, clientMutationId: String }
input RevokeApiKeyInput { id: ID!, clientMutationId: String }
type RevokeApiKeyPayload { revokedApiKeyId: ID }
`;

exports.root = (portal) => {
  const connection = (items, { first, after }, size) => {
    const start = after == null ? 0 : Number(Buffer.from(after, 'base64').toString());
    const end = start + Math.min(first ?? Infinity, portal.page, size);
    const edges = items.slice(start, end).map((node, at) => ({ node, cursor: Buffer.from(String(start + at + 1)).toString('base64') }));
    const pageInfo = { hasNextPage: end < items.length, endCursor: edges.at(-1)?.cursor ?? null };
    return { edges, pageInfo, totalCount: items.length };
  };
  return {
    devices(args) {
      const chosen = portal.devices.filter((device) => args.status == null || device.status === args.status);
      return connection(chosen, args, 100);
    },
    node: ({ id }) => {
      const device = portal.devices.find((candidate) => candidate.id === id);
      return device && { __typename: 'Device', ...device };
    },
    apiKeys: (args) => connection(portal.keys(), args, 20),
    viewer: (_args, { key }) => ({ organization: { id: 'org-1', name: 'Example Organization' }, apiKey: key.shown }),
    createApiKey({ input }) {
      const { secret, ...apiKey } = portal.generate(input.name);
      return { apiKey, secret };
    },
    revokeApiKey: ({ input }) => ({ revokedApiKeyId: portal.revoke(input.id).id }),
  };
};
