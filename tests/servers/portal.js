// A portal of other make: graphql-js behind Node's own HTTP server. The client is proven on it because it shares nothing
// with the client or with the sandbox but the SDL file. It is strict about GraphQL over HTTP, so that a request which only
// a forgiving server understands fails here. It keeps its state in memory and must never be used outside tests.
//
// First line on stdout: {"url":…}. Then one line of JSON per request, written before its answer is sent. A line on stdin
// comes back as {"mark":line}, so a reader knows that it has seen everything before (`keep` keeps the keys, `back`
// brings them back, `begin` those of the start, `keys` tells them with their secrets, `handshakes` counts those of TLS); the end of stdin ends the portal.

'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const zlib = require('node:zlib');
const { parseArgs } = require('node:util');

let graphql;
try {
  graphql = require('graphql');
} catch (error) {
  console.log(JSON.stringify({ missing: 'graphql' }));
  process.exit(3);
}
const { GraphQLError } = graphql;

const { values: options } = parseArgs({
  options: {
    schema: { type: 'string' }, // the SDL to serve
    dialect: { type: 'string', default: 'full' }, // documented: only what the portal's documentation shows
    shape: { type: 'string' }, // relay, offset, payloads: a schema of another make, in shapes/
    devices: { type: 'string', default: '3' }, // how many to make up
    'devices-file': { type: 'string' }, // devices as JSON, served as they are
    'keys-file': { type: 'string' }, // further keys as JSON; a member `secret` makes one usable
    key: { type: 'string', default: 'admin-key' }, // the secret of the key that is there from the start
    page: { type: 'string' }, // the most items on a page; no limit without it
    now: { type: 'string', default: '2026-03-01T12:00:00.000Z' }, // the portal's clock stands still
    role: { type: 'string', default: 'admin' }, // viewer: keys are FORBIDDEN
    'api-keys': { type: 'string', default: 'on' }, // off: FEATURE_DISABLED
    introspection: { type: 'string', default: 'on' },
    suggestions: { type: 'string', default: 'on' }, // off: no "Did you mean"
    'validation-code': { type: 'string' }, // extensions.code of a validation error; none without it
    words: { type: 'string', default: 'usual' }, // own: a refusal says nothing that another server would say
    lie: { type: 'string' }, // refuse every document for a field of this name, which the schema has
    'lenient-status': { type: 'boolean', default: false }, // 200 for a refused document
    'throw-after': { type: 'string' }, // the resolver of this field throws when it has done what it was asked for
    'throw-code': { type: 'string' }, // extensions.code of what it throws; none without it
    instead: { type: 'string' }, // once a mutation was executed, answer as something between would: 303, 429 …
    'instead-body': { type: 'string', default: '' }, // what that answer says
    'request-ids': { type: 'boolean', default: false }, // each answer has an id: request-0001 …
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-client-ca': { type: 'string' },
  },
});

const DOCUMENTED = 'type Query { devices: DevicePage } type DevicePage { data: [Device] } type Device { id: ID! name: String }';
// Lets an SDL with names of its own be served from the same state: `createSecret(label: String @is(field: "name")): …`.
const IS = 'directive @is(field: String!) on FIELD_DEFINITION | ARGUMENT_DEFINITION';

const shape = options.shape && require(`./shapes/${options.shape}.js`);

function readSchema() {
  if (shape) return graphql.buildSchema(shape.sdl);
  if (options.dialect === 'documented') return graphql.buildSchema(DOCUMENTED);
  if (options.dialect !== 'full') throw new Error(`no such dialect: ${options.dialect}`);
  if (!options.schema) throw new Error('--schema FILE is needed');
  const sdl = fs.readFileSync(options.schema, 'utf8');
  return graphql.buildSchema(sdl.includes('@is(') ? `${IS}\n${sdl}` : sdl);
}

// ---- state

const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

function makeDevice(index) {
  const number = String(index + 1).padStart(4, '0');
  return {
    id: `device-${number}`,
    name: `Device ${index + 1}`,
    serialNumber: `SN${number.padStart(11, '0')}`,
    model: 'Edge One',
    status: index % 3 === 2 ? 'offline' : 'online',
    enabled: true,
    firmwareVersion: '4.2.0',
    ipAddress: `192.0.2.${(index % 254) + 1}`,
    macAddress: `02:00:00:00:${number.slice(0, 2)}:${number.slice(2, 4)}`,
    timezone: 'UTC',
    tags: [{ id: 'tag-1', name: 'lobby' }],
    location: { id: 'location-1', name: 'Main hall', address: '1 Example Street', latitude: 52.5, longitude: 13.4 },
    lastSeenAt: options.now,
    createdAt: '2025-06-01T00:00:00.000Z',
  };
}

const devices = options['devices-file']
  ? readJson(options['devices-file'])
  : Array.from({ length: Number(options.devices) }, (_, index) => makeDevice(index));

const keys = [];
function addKey({ secret, ...shown }) {
  const id = `key-${String(keys.length + 1).padStart(4, '0')}`;
  const key = { id, name: null, createdAt: options.now, lastUsedAt: null, createdBy: 'admin@example.com', ...shown };
  keys.push({ shown: key, secret, hash: secret && sha256(secret), revoked: false });
  return key;
}
addKey({ name: 'first key', secret: options.key, createdAt: '2025-06-01T00:00:00.000Z' });
if (options['keys-file']) readJson(options['keys-file']).forEach(addKey);

const liveKeys = () => keys.filter((key) => !key.revoked);
const keyOf = (secret) => secret && liveKeys().find((key) => key.hash === sha256(secret));

// ---- resolvers

const refuse = (code, message) => new GraphQLError(message, { extensions: { code } });

function mayUseKeys() {
  if (options['api-keys'] === 'off') throw refuse('FEATURE_DISABLED', 'API keys are not enabled for this organization');
  if (options.role !== 'admin') throw refuse('FORBIDDEN', 'only an Admin may do this');
}

function pageOf(items, { first, after }) {
  const start = after == null ? 0 : Number(Buffer.from(after, 'base64').toString());
  if (!Number.isInteger(start)) throw refuse('BAD_USER_INPUT', 'after is no cursor of this portal');
  if (first != null && first < 1) throw refuse('BAD_USER_INPUT', 'first must be at least 1');
  const end = start + Math.min(first ?? Infinity, Number(options.page ?? Infinity));
  const next = end < items.length ? Buffer.from(String(end)).toString('base64') : null;
  return { data: items.slice(start, end), after: next, total: items.length };
}

function generate(name) {
  mayUseKeys();
  const secret = crypto.randomBytes(24).toString('hex');
  return { ...addKey({ name: name ?? null, secret }), secret };
}

function revoke(id) {
  mayUseKeys();
  const key = liveKeys().find((candidate) => candidate.shown.id === id);
  if (!key) throw refuse('NOT_FOUND', `no API key ${id}`);
  key.revoked = true;
  return { id };
}

function shownKeys() {
  mayUseKeys();
  return liveKeys().map((key) => key.shown);
}

const contract = {
  devices: (args) => pageOf(devices, args),
  device: ({ id }) => devices.find((device) => String(device?.id) === id) ?? null,
  apiKeys: (args) => pageOf(shownKeys(), args),
  viewer: (_args, { key }) => ({
    organization: { id: 'org-1', name: 'Example Organization', personal: false },
    apiKey: key.shown,
  }),
  generateApiKey: ({ name }) => generate(name),
  revokeApiKey: ({ id }) => revoke(id),
};

// What every shape is made of.
const portal = { devices, page: Number(options.page ?? Infinity), keys: shownKeys, generate, revoke };
const root = shape ? shape.root(portal) : contract;

const fallible = options['throw-after'];
if (fallible) {
  const act = root[fallible];
  root[fallible] = (...given) => {
    act(...given);
    throw options['throw-code'] ? refuse(options['throw-code'], 'Unexpected error.') : new Error('Unexpected error.');
  };
}

function originalName(definition) {
  const is = definition.astNode?.directives?.find((directive) => directive.name.value === 'is');
  return is ? is.arguments[0].value.value : definition.name;
}

function resolveField(source, args, context, info) {
  const field = info.parentType.getFields()[info.fieldName];
  const renamed = {};
  for (const argument of field.args) {
    if (argument.name in args) renamed[originalName(argument)] = args[argument.name];
  }
  const value = source?.[originalName(field)];
  return typeof value === 'function' ? value.call(source, renamed, context) : value;
}

// ---- GraphQL over HTTP

const schema = readSchema();
const rules = [...graphql.specifiedRules];
if (options.introspection === 'off') rules.push(graphql.NoSchemaIntrospectionCustomRule);

const failure = (status, message, code) => ({
  status,
  body: { errors: [{ message, ...(code && { extensions: { code } }) }] },
});

function invalid(errors) {
  const shown = errors.map((error) => {
    const json = error.toJSON();
    if (options.words === 'own') return { message: 'Die Anfrage passt nicht zum Schema' };
    if (options.suggestions === 'off') json.message = json.message.replace(/ Did you mean .*$/s, '');
    if (options['validation-code']) json.extensions = { code: options['validation-code'] };
    return json;
  });
  return { status: options['lenient-status'] ? 200 : 400, body: { errors: shown } };
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function answerTo(request, body) {
  const media = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  const accept = (request.headers.accept ?? '*/*').toLowerCase();
  if (request.url !== '/graphql') return failure(404, `nothing at ${request.url}`);
  if (request.method !== 'POST') return { ...failure(405, 'POST only'), headers: { allow: 'POST' } };
  const key = keyOf(request.headers['api-secret']);
  if (!key) return failure(401, 'the api-secret header holds no valid key', 'UNAUTHENTICATED');
  if (media !== 'application/json') return failure(415, 'the content type must be application/json');
  if (!/application\/(graphql-response\+json|json|\*)|\*\/\*/.test(accept)) return failure(406, 'only JSON is answered');
  key.shown.lastUsedAt = options.now;

  if (!isObject(body)) return failure(400, 'the body must be one JSON object');
  const { query, variables, operationName, extensions } = body;
  if (typeof query !== 'string') return failure(400, 'query must be text');
  if (variables != null && !isObject(variables)) return failure(400, 'variables must be an object or null');
  if (extensions != null && !isObject(extensions)) return failure(400, 'extensions must be an object or null');
  if (operationName != null && typeof operationName !== 'string') return failure(400, 'operationName must be text or null');
  return answerToDocument(query, variables, operationName, { key });
}

function answerToDocument(query, variableValues, operationName, contextValue) {
  let document;
  try {
    document = graphql.parse(query);
  } catch (error) {
    return invalid([error]);
  }
  const errors = graphql.validate(schema, document, rules);
  if (options.lie) {
    const nodes = document.definitions[0].selectionSet.selections;
    errors.push(new GraphQLError(`Cannot query field "${options.lie}" on type "Device".`, { nodes }));
  }
  if (errors.length > 0) return invalid(errors);
  if (!graphql.getOperationAST(document, operationName)) {
    return failure(400, operationName ? `Unknown operation named "${operationName}".` : 'Must provide operation name.');
  }
  const result = graphql.executeSync({
    schema, document, rootValue: root, contextValue, variableValues, operationName, fieldResolver: resolveField,
  });
  // Without `data` nothing was run: the variables do not fit.
  return 'data' in result ? { status: 200, body: result } : invalid(result.errors);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const isMutation = (body) => typeof body?.query === 'string' && /^\s*mutation\b/.test(body.query);

function between() {
  const headers = { location: 'https://elsewhere.example/login', 'content-type': 'text/html' };
  return { status: Number(options.instead), bytes: Buffer.from(options['instead-body']), headers };
}

let answered = 0;

function withId(answer) {
  if (!options['request-ids']) return answer;
  answered += 1;
  const id = `request-${String(answered).padStart(4, '0')}`;
  return { ...answer, headers: { ...answer.headers, 'x-request-id': id } };
}

function handle(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = parsed(Buffer.concat(chunks).toString());
    const executed = answerTo(request, body);
    const answer = withId(options.instead && isMutation(body) ? between() : executed);
    const { method, url: path, headers } = request;
    console.log(JSON.stringify({ method, path, headers, body, status: answer.status }));
    send(request, response, answer);
  });
}

function send(request, response, { status, body, headers, bytes = Buffer.from(JSON.stringify(body)) }) {
  const wantsNew = (request.headers.accept ?? '').includes('application/graphql-response+json');
  const type = wantsNew ? 'application/graphql-response+json' : 'application/json';
  const all = { 'content-type': `${type}; charset=utf-8`, vary: 'accept, accept-encoding', ...headers };
  if (bytes.length > 1000 && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    bytes = zlib.gzipSync(bytes);
    all['content-encoding'] = 'gzip';
  }
  response.writeHead(status, { ...all, 'content-length': bytes.length });
  response.end(bytes);
}

const secure = options['tls-cert'] !== undefined;
const server = secure
  ? https.createServer({
    cert: fs.readFileSync(options['tls-cert']),
    key: fs.readFileSync(options['tls-key']),
    ...(options['tls-client-ca'] && { ca: fs.readFileSync(options['tls-client-ca']), requestCert: true, rejectUnauthorized: true }),
  }, handle)
  : http.createServer(handle);
let handshakes = 0;
server.on('secureConnection', () => { handshakes += 1; });
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `${secure ? 'https' : 'http'}://127.0.0.1:${server.address().port}` }));
});

// For a test that begins from the same keys many times.
const copied = (from) => from.map((key) => ({ ...key }));
const first = copied(keys);
let kept = first;
const control = {
  keep: () => { kept = copied(keys); },
  back: () => { keys.splice(0, keys.length, ...copied(kept)); },
  begin: () => { keys.splice(0, keys.length, ...copied(first)); },
  handshakes: () => ({ handshakes }),
  keys: () => ({ keys: keys.map(({ shown: { id, name }, secret, revoked }) => ({ id, name, secret, revoked })) }),
};

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  for (const line of text.split('\n').filter(Boolean)) console.log(JSON.stringify({ mark: line, ...control[line]?.() }));
});
process.stdin.on('close', () => process.exit(0));
