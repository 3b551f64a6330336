/** The same commands by every way: on the store itself, through the server that has it, on PostgreSQL, and over TLS as a client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresServer } from '../postgres.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate } from '../process/tls-files.ts';
import { runCommand } from './in-process.ts';

type Args = readonly string[];

const ACME = ['--tenant', 'acme'] as const;

/** As the operator on the machine, before the script: a client can't make the tenant that it is one of. */
const BEFORE: readonly Args[] = [
  ['init'],
  ['tenant', 'create', 'acme', '--public-scope', 'read'],
  ['tenant', 'create', 'other'],
];

const SCRIPT: readonly Args[] = [
  ['tenant', 'create', 'globex', '--display-name', 'Globex'],
  ['tenant', 'list'],
  ['tenant', 'update', 'acme', '--login-attempts', '7', '--email-verification', 'off'],
  ['tenant', 'get', 'acme'],
  ['client', 'create', ...ACME, '--id', 'acme.app', '--role', 'introspect', '--scope', 'read'],
  ['client', 'update', 'acme.app', ...ACME, '--display-name', 'App', '--clear-roles'],
  ['client', 'add-secret', 'acme.app', ...ACME, '--expire-others-in', '1h'],
  ['client', 'disable', 'acme.app', ...ACME],
  ['client', 'enable', 'acme.app', ...ACME],
  ['client', 'get', 'acme.app', ...ACME],
  ['client', 'list', ...ACME],
  ['user', 'create', ...ACME, '--login-name', 'ann', '--email', 'ann@example.com', '--display-name', 'Ann'],
  ['user', 'get', 'ANN', ...ACME],
  ['user', 'update', 'email:ann@example.com', ...ACME, '--login-name', 'anna', '--phone', '+819012341234'],
  ['user', 'set-password', 'anna', ...ACME],
  ['user', 'unlock', 'anna', ...ACME],
  ['user', 'revoke', 'anna', ...ACME],
  ['user', 'list', ...ACME],
  ['token', 'list', '--user', 'anna', ...ACME],
  ['consent', 'list', '--user', 'anna', ...ACME],
  ['device', 'create', ...ACME, '--vendor-id', 'lamp', '--owner', 'anna'],
  ['device', 'create', ...ACME, '--vendor-id', 'hub'],
  ['device', 'update', 'lamp', ...ACME, '--vendor-id', 'lantern', '--display-name', 'Lantern'],
  ['device', 'attach', 'lantern', ...ACME, '--gateway', 'hub'],
  ['device', 'end-nodes', 'hub', ...ACME],
  ['device', 'give-token', 'lantern', ...ACME],
  ['device', 'show-token', 'lantern', ...ACME],
  ['token', 'list', '--device', 'lantern', ...ACME],
  ['device', 'revoke-token', 'lantern', ...ACME],
  ['device', 'remove-owner', 'lantern', ...ACME, '--user', 'anna'],
  ['device', 'get', 'lantern', ...ACME],
  ['device', 'unlock', 'lantern', ...ACME],
  ['device', 'list', ...ACME],
  ['device', 'delete', 'lantern', ...ACME],
  ['message', 'list', ...ACME],
  ['audit', 'list', ...ACME],
  ['audit', 'verify', ...ACME],
  ['token', 'introspect', 'rubbish'],
  ['tenant', 'disable', 'other'],
  ['tenant', 'enable', 'other'],
];

/** The bounds are those of the calls, and each names its field: a command line of its own would let some of these through. */
const REFUSED: readonly (readonly [Args, string])[] = [
  [['tenant', 'create', 'acme'], 'ALREADY_EXISTS: The id acme is taken'],
  [['user', 'create', ...ACME, '--login-name', 'bob', '--display-name', 'a\nb'], 'INVALID_ARGUMENT: display_name must'],
  [['user', 'create', ...ACME, '--login-name', 'bob', '--email', 'аnn@example.com'], 'INVALID_ARGUMENT: email must'],
  [['user', 'create', ...ACME, '--login-name', '0a1b2c3d4e5f-6789-abcd-ef01-23456789'], 'INVALID_ARGUMENT: login_name'],
  [['user', 'create', ...ACME, '--login-name', 'anna'], 'ALREADY_EXISTS: The login name anna is taken'],
  [['user', 'update', 'anna', ...ACME, '--email', 'nobody'], 'INVALID_ARGUMENT: email must'],
  [['user', 'remove-totp', 'anna', ...ACME], 'PRECONDITION_FAILED: The user has no second factor'],
  [['user', 'get', 'nobody', ...ACME], 'NOT_FOUND: there is no user nobody in the tenant acme'],
  [['device', 'create', ...ACME, '--vendor-id', 'a/b'], 'INVALID_ARGUMENT: vendor_id must'],
  [['client', 'create', ...ACME, '--id', 'a b'], 'INVALID_ARGUMENT: client_id must'],
  [['client', 'create', ...ACME, '--scope', 'a b'], 'INVALID_ARGUMENT: each of scopes must'],
  [['client', 'get', 'nothing', ...ACME], 'NOT_FOUND: There is no such client'],
];

/** What differs by chance, by time, and by who did it. */
function normal(text: string): string {
  return (
    text
      .replace(/\b(th\.)?[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8}\b/g, '$1ID')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replace(/\b(sys|syd|cs|ms|fm|ta|cl)_\w+/g, '$1_ID')
      .replace(/"password":"\w+"/g, '"password":"…"')
      .replace(/"(hash|head)":"[^"]*"/g, '"$1":"…"')
      // In the order of random ids; and a server has tried to send.
      .replace(/"secrets":\[[^\]]*\]/g, '"secrets":[…]')
      .replace(/"attempts":\d+,"last_error":"[^"]*"/g, '"attempts":0')
      .replace(/"(actor_kind|actor_id|request_id|token_id|address)":("[^"]*"|null),/g, '')
  );
}

/** What the script prints, command by command. */
async function answers(where: Args): Promise<string[]> {
  const printed: string[] = [];
  for (const args of SCRIPT) {
    const { stdout, failure } = await runCommand([...args, ...where, '--json']);
    printed.push(normal(`${args.slice(0, 2).join(' ')}: ${stdout}${failure}`));
  }
  for (const [args, expected] of REFUSED) {
    expect((await runCommand([...args, ...where])).failure, args.join(' ')).toContain(expected);
  }
  return printed;
}

let directory: ReturnType<typeof dataDirectory>;
let alone: string[];

async function prepare(where: Args): Promise<void> {
  for (const args of BEFORE) {
    expect(await runCommand([...args, ...where])).toMatchObject({ failure: '' });
  }
}

beforeAll(async () => {
  directory = dataDirectory();
  const where = ['--data-dir', directory.path];
  await prepare(where);
  alone = await answers(where);
});
afterAll(() => directory[Symbol.dispose]());

describe('a script of commands', () => {
  it('does what it says on the store itself', () => {
    expect(alone.filter((each) => !each.includes(': {') && !/(token|consent|message) list: $/.test(each))).toEqual([]);
    expect(alone.find((each) => each.startsWith('tenant get'))).toContain('"login_attempts":7');
    expect(alone.find((each) => each.startsWith('user list'))).toContain('"login_name":"anna"');
    expect(alone.find((each) => each.startsWith('device end-nodes'))).toContain('"vendor_id":"lantern"');
  });

  it('answers the same through the server that has the data directory', async () => {
    using beside = dataDirectory();
    await using _server = await ServerProcess.start({ dataDir: beside.path });
    const where = ['--data-dir', beside.path];
    await prepare(where);
    expect(await answers(where)).toEqual(alone);
  });

  it('answers the same on PostgreSQL', async () => {
    await using postgres = await PostgresServer.start();
    using files = dataDirectory();
    const where = ['--store', postgres.urlOf(await postgres.createDatabase()), '--data-dir', files.path];
    await prepare(where);
    expect(await answers(where)).toEqual(alone);
  });

  it.runIf(HAS_OPENSSL)('answers the same over TLS, to a client that is an admin and an operator', async () => {
    using beside = dataDirectory();
    const { certificate, key } = makeCertificate(beside.root, 'server');
    const tls = ['--tls-cert', certificate, '--tls-key', key, '--grpc-address', 'localhost:0'];
    await using server = await ServerProcess.start({ dataDir: beside.path, args: tls });
    const here = ['--data-dir', beside.path];
    await prepare(here);
    const roles = ['--role', 'admin', '--role', 'operator'];
    const made = await runCommand(['client', 'create', ...ACME, '--id', 'ops', ...roles, ...here, '--json']);
    const { client_secret } = JSON.parse(made.stdout) as { client_secret: string };
    process.env.SYMBOLON_CLIENT_SECRET = client_secret;
    const there = ['--server', server.grpcAddress, '--ca', certificate, '--client-id', 'ops'];
    const remote = await answers(there);
    delete process.env.SYMBOLON_CLIENT_SECRET;
    // It is in the list itself, and its making in the log.
    const isOwn = (text: string) => /"ops"|^audit/.test(text);
    expect(remote.map((each) => (isOwn(each) ? '' : each))).toEqual(
      alone.map((each, i) => (isOwn(remote[i] ?? '') ? '' : each)),
    );
  });
});
