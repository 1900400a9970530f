// Plain lists with `limit` and `offset`, counts in fields of their own, and mutations that give a bare value: the habits of
// servers that are made of a database.

'use strict';

exports.sdl = `
scalar uuid
scalar timestamptz
type Query {
  devices(limit: Int, offset: Int): [devices!]!
  devices_aggregate: devices_aggregate!
  devices_by_pk(id: uuid!): devices
  api_keys(limit: Int, offset: Int): [api_keys!]!
}
type Mutation {
  create_api_key(label: String): String!
  delete_api_key(id: uuid!): Boolean!
}
type devices { id: uuid!, name: String, serial_number: String, status: String, last_seen_at: timestamptz }
type devices_aggregate { aggregate: devices_aggregate_fields }
type devices_aggregate_fields { count: Int! }
type api_keys { id: uuid!, label: String, created_at: timestamptz }
`;

exports.root = (portal) => {
  const slice = (items, { limit, offset }) => {
    const start = offset ?? 0;
    return items.slice(start, start + Math.min(limit ?? Infinity, portal.page));
  };
  const device = ({ serialNumber, lastSeenAt, ...rest }) => ({ ...rest, serial_number: serialNumber, last_seen_at: lastSeenAt });
  return {
    devices: (args) => slice(portal.devices, args).map(device),
    devices_aggregate: () => ({ aggregate: { count: portal.devices.length } }),
    devices_by_pk: ({ id }) => portal.devices.filter((candidate) => candidate.id === id).map(device)[0],
    api_keys: (args) => slice(portal.keys(), args).map(({ id, name, createdAt }) => ({ id, label: name, created_at: createdAt })),
    create_api_key: ({ label }) => portal.generate(label).secret,
    delete_api_key({ id }) {
      if (!portal.keys().some((key) => key.id === id)) return false;
      portal.revoke(id);
      return true;
    },
  };
};
