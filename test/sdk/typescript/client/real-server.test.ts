/** The bare client and a real server. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type ClientOptions, SymbolonError } from '../../../../sdk/typescript/client/src/index.ts';
import { tokensIn } from '../../../issue-result.ts';
import { dataDirectory, ServerProcess } from '../../../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate } from '../../../process/tls-files.ts';
import { failureOf } from './failure.ts';

const data = dataDirectory();
let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.startDemo({ dataDir: data.path });
});
afterAll(async () => {
  await server.kill();
  data[Symbol.dispose]();
});

/** The admin, or whom the options say. */
function client(options: Partial<ClientOptions> = {}): Client {
  const { grpc: address, admin } = server.demo;
  return new Client({ address, clientId: admin.client_id, clientSecret: admin.client_secret, ...options });
}

const userPassword = (password = server.demo.user.password) =>
  ({ $case: 'userPassword', value: { username: server.demo.user.login_name, password } }) as const;

it('logs in, refreshes, introspects and revokes, with what is left out at its default', async () => {
  using admin = client();
  const issued = tokensIn(await admin.tokens.issue({ credential: userPassword() }));
  const refreshed = await admin.tokens.refresh({ refreshToken: issued?.refreshToken ?? '' });
  const pair = refreshed.tokens;
  expect(await admin.tokens.introspect({ token: issued?.accessToken ?? '' })).toMatchObject({ active: false });
  const { active, subjectId } = await admin.tokens.introspect({ token: pair?.accessToken ?? '' });
  expect({ active, subjectId }).toEqual({ active: true, subjectId: server.demo.user.id });
  await admin.tokens.revoke({ target: { $case: 'token', value: pair?.accessToken ?? '' } });
  expect(await admin.tokens.introspect({ token: pair?.accessToken ?? '' })).toMatchObject({ active: false });
});

it('is a public client without a secret, which logs users in and may do no more', async () => {
  const { grpc: address, tenant_id: clientId } = server.demo;
  using page = new Client({ address, clientId });
  const tokens = tokensIn(await page.tokens.issue({ credential: userPassword() }));
  const { tokens: pair } = await page.tokens.refresh({ refreshToken: tokens?.refreshToken ?? '' });
  const token = pair?.accessToken ?? '';
  expect(await failureOf(page.tokens.introspect({ token }))).toMatchObject({ code: 'PERMISSION_DENIED' });
  await page.tokens.revoke({ target: { $case: 'token', value: token } });
  using admin = client();
  expect(await admin.tokens.introspect({ token })).toMatchObject({ active: false });
  // What an environment variable is that nobody set.
  expect(() => client({ clientSecret: '' })).toThrow('clientSecret must be a text that is not empty');
  expect(() => page.useClientSecret('')).toThrow('clientSecret must be');
});

it('calls every service', async () => {
  using admin = client();
  const { client_id: clientId } = server.demo.admin;
  expect(await admin.clients.getClient({ clientId })).toMatchObject({ client: { clientId } });
  expect(await admin.users.listUsers({})).toMatchObject({ users: [{ userId: server.demo.user.id }] });
  expect((await admin.devices.listDevices({})).devices).toHaveLength(1);
  expect((await admin.audit.listAuditRecords({ pageSize: 1 })).records).toHaveLength(1);
  expect(await admin.tenants.getTenant({})).toHaveProperty('tenant');
  expect(await failureOf(admin.server.getServerStatus({}))).toMatchObject({ code: 'PERMISSION_DENIED' });
});

it('fails with typed errors that name the mend and show no secret', async () => {
  using admin = client();
  using wrong = client({ clientSecret: 'sys_a-wrong-secret' });
  const refused = await failureOf(admin.tokens.issue({ credential: userPassword('a-wrong-password') }));
  expect(refused).toBeInstanceOf(SymbolonError);
  expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'INVALID_CREDENTIALS', retryable: false });
  const unknown = await failureOf(wrong.tokens.introspect({ token: 'a-token' }));
  expect(unknown).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
  expect(unknown.message).toContain('Give a clientId and a clientSecret that are good');
  for (const each of [refused, unknown, wrong, admin, admin.tokens]) {
    const shown = `${inspect(each, { depth: 9, showHidden: true })} ${String(each)} ${JSON.stringify(each)}`;
    for (const secret of ['wrong-password', 'wrong-secret', 'a-token', server.demo.admin.client_secret, 'Basic']) {
      expect(shown).not.toContain(secret);
    }
  }
  wrong.useClientSecret(server.demo.admin.client_secret);
  expect(await wrong.tokens.introspect({ token: 'a-token' })).toMatchObject({ active: false });
});

it('refuses what can’t be sent, and calls after its end, without a call', async () => {
  const admin = client();
  expect(await failureOf(admin.tokens.issue({ scopes: 5 as never }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  for (const timeoutMs of [0, Number.NaN, 60_001, '1' as never]) {
    const failure = await failureOf(admin.tokens.introspect({ token: 'a' }, { timeoutMs }));
    expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/^timeoutMs must be/) });
  }
  admin.close();
  expect(await failureOf(admin.tokens.introspect({ token: 'a' }))).toMatchObject({
    ...{ code: 'CANCELLED', message: 'Introspect: CANCELLED: the client is closed: make a new one', retryable: false },
  });
});

it('watches revocations until its loop is left', async () => {
  using admin = client();
  async function* requests() {
    yield { start: { verifierId: randomBytes(16).toString('base64url') }, heartbeat: 1 };
    await new Promise<never>(() => {});
  }
  for await (const response of admin.tokens.watchRevocations(requests())) {
    expect(response).toMatchObject({ afresh: true, heartbeat: 1 });
    break;
  }
  async function* wrong() {
    yield { heartbeat: 1 };
  }
  const stream = admin.tokens.watchRevocations(wrong());
  expect(await failureOf(stream.next())).toMatchObject({ code: 'INVALID_ARGUMENT' });
});

describe.skipIf(!HAS_OPENSSL && process.env.SYMBOLON_CI !== '1')('over TLS', () => {
  it('takes the authority that it is given, and no other', async () => {
    using own = dataDirectory();
    const { certificate, key } = makeCertificate(own.root, 'server');
    const other = makeCertificate(own.root, 'other');
    await using secure = await ServerProcess.startDemo({
      dataDir: own.path,
      args: ['--grpc-address', 'localhost:0', '--tls-cert', certificate, '--tls-key', key],
    });
    const options = {
      address: `localhost:${secure.grpcAddress.split(':').at(-1)}`,
      ...{ clientId: secure.demo.admin.client_id, clientSecret: secure.demo.admin.client_secret },
    };
    using good = new Client({ ...options, rootCertificates: readFileSync(certificate) });
    using wrong = new Client({ ...options, rootCertificates: readFileSync(other.certificate) });
    using plain = new Client(options);
    const call = (each: Client) => each.tokens.introspect({ token: 'a' });
    expect(await call(good)).toMatchObject({ active: false });
    const failure = await failureOf(call(wrong));
    expect(failure).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/self-signed|unable to verify/),
    });
    expect(await failureOf(call(plain))).toMatchObject({ code: 'UNAVAILABLE' });
  });
});
