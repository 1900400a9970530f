// Everything below an organization that has to be named, pages by number, and payloads that tell of errors in data.

'use strict';

exports.sdl = `
scalar DateTime
type Query { organization(id: ID!): Organization }
type Organization {
  id: ID!
  name: String
  devices(page: Int, pageSize: Int): DeviceList!
  device(id: ID!): Device
  apiKeys(page: Int, pageSize: Int): ApiKeyList!
}
type DeviceList { items: [Device!]!, hasNext: Boolean!, total: Int! }
type Device { id: ID!, name: String, status: String, site: Site }
type Site { id: ID!, name: String }
type ApiKeyList { items: [ApiKey!]!, hasNext: Boolean! }
type ApiKey { id: ID!, name: String, createdAt: DateTime, lastUsedAt: DateTime }
type Mutation {
  generateApiKey(organizationId: ID!, input: GenerateApiKeyInput!): GenerateApiKeyPayload!
  revokeApiKey(organizationId: ID!, id: ID!): RevokeApiKeyPayload!
}
input GenerateApiKeyInput { name: String }
type GenerateApiKeyPayload { apiKey: ApiKey, secret: String, errors: [UserError!]! }
type RevokeApiKeyPayload { success: Boolean!, errors: [UserError!]! }
type UserError { field: [String!], message: String!, code: String }
`;

exports.root = (portal) => {
  const numbered = (items, { page, pageSize }) => {
    const size = Math.min(pageSize ?? 50, portal.page);
    const start = ((page ?? 1) - 1) * size;
    return { items: items.slice(start, start + size), hasNext: start + size < items.length, total: items.length };
  };
  const device = ({ location, ...rest }) => ({ ...rest, site: location });
  const tried = (organizationId, act) => {
    if (organizationId !== '42') return { success: false, errors: [{ message: `no organization ${organizationId}`, code: 'NOT_FOUND' }] };
    try {
      return { success: true, errors: [], ...act() };
    } catch (error) {
      return { success: false, errors: [{ message: error.message, code: error.extensions?.code ?? null }] };
    }
  };
  return {
    organization: ({ id }) => (id !== '42' ? null : {
      id,
      name: 'Example Organization',
      devices: (args) => numbered(portal.devices.map(device), args),
      device: (args) => portal.devices.filter((candidate) => candidate.id === args.id).map(device)[0],
      apiKeys: (args) => numbered(portal.keys(), args),
    }),
    generateApiKey: ({ organizationId, input }) => tried(organizationId, () => {
      const { secret, ...apiKey } = portal.generate(input.name);
      return { apiKey, secret };
    }),
    revokeApiKey: ({ organizationId, id }) => tried(organizationId, () => void portal.revoke(id)),
  };
};
