/** The operator's commands and the server on PostgreSQL, with TLS on the way there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENTLY } from '../core/fixtures.ts';
import { PostgresServer } from '../postgres.ts';
import { TokenClient } from '../process/grpc-client.ts';
import { runProgram } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate } from '../process/tls-files.ts';

let server: PostgresServer;
let store: string;
let directory: ReturnType<typeof dataDirectory>;

beforeAll(async () => {
  server = await PostgresServer.start();
  store = server.urlOf(await server.createDatabase());
  directory = dataDirectory();
});
afterAll(async () => {
  directory[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

async function run(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await runProgram([...args, '--json'], { env: { SYMBOLON_STORE: store } });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('the command line on PostgreSQL', () => {
  it('makes a store, a tenant, clients and users, and two nodes serve them', async () => {
    expect(await run('init')).toEqual({ store: store.replace('postgres@', '') });
    await run('tenant', 'create', 'acme', '--refresh', 'on', '--public-scope', 'read');
    const client = await run('client', 'create', '--tenant', 'acme', '--id', 'orders', '--role', 'admin');
    const user = await run('user', 'create', '--tenant', 'acme', '--login-name', 'ann');

    const options = { dataDir: directory.path, env: { SYMBOLON_STORE: store } };
    await using one = await ServerProcess.start(options);
    await using other = await ServerProcess.start(options);
    const authorization = `Basic ${Buffer.from(`orders:${client.client_secret}`).toString('base64')}`;
    using first = new TokenClient(one.grpcAddress, authorization).persistently();
    using second = new TokenClient(other.grpcAddress, authorization).persistently();
    const tokens = await first.logIn('ann', String(user.password));
    expect(await second.isActive(tokens.accessToken)).toBe(true);
    expect(await run('token', 'introspect', tokens.accessToken)).toMatchObject({ active: true, tenant_id: 'acme' });

    // By the operator, beside the nodes, and known to both at once.
    await run('token', 'revoke', tokens.accessToken);
    expect(await first.isActive(tokens.accessToken)).toBe(false);
    expect(await second.isActive(tokens.accessToken)).toBe(false);
  });

  it.each([[['init']], [['status']]])('leaves no node behind that revocations would wait for: %j', async (args) => {
    await run('init');
    const admin = await server.connect(store.slice(store.lastIndexOf('/') + 1));
    const nodes = async () => Number((await admin.query('SELECT count(*) FROM heartbeat')).rows[0].count);
    // A machine that stands still takes its lease from a command, which can't take its row away then.
    await expect
      .poll(async () => {
        const before = await nodes();
        await run(...args);
        return (await nodes()) - before;
      })
      .toBe(0);
    await admin.end();
  });

  it('tells the status with the servers that run, asked of the store or of one of them, and counts no command', async () => {
    const database = server.urlOf(await server.createDatabase());
    const env = { SYMBOLON_STORE: database };
    const statusOf = async (...args: string[]) =>
      JSON.parse((await runProgram(['status', '--json', ...args], args.length === 0 ? { env } : {})).stdout);
    await using one = await ServerProcess.startDemo({ dataDir: directory.path, env });
    const { user } = one.demo;
    using client = TokenClient.admin(one.demo).persistently();
    await client.logIn(user.login_name, user.password);
    const { stdout } = await runProgram(['client', 'create', '--tenant', 'demo', '--role', 'operator', '--json'], {
      env,
    });
    const operator = JSON.parse(stdout);
    const secret = join(directory.root, 'operator-secret');
    writeFileSync(secret, operator.client_secret, { mode: 0o600 });
    const common = { store_engine: 'postgres', readable: true, writable: true, wal_bytes: null, more_users: false };
    // The client was made by a command that beat like a node a moment ago. On a busy machine one may have been counted for some seconds.
    await expect
      .poll(() => statusOf(), PATIENTLY)
      .toMatchObject({ ...common, server_version: null, nodes: 1, tenants: 1, logins: 1 });

    await using other = await ServerProcess.start({ dataDir: directory.path, env });
    await expect.poll(() => statusOf(), PATIENTLY).toMatchObject({ ...common, nodes: 2, users: 1, more_logins: false });
    for (const { grpcAddress } of [one, other]) {
      const way = ['--server', grpcAddress, '--client-id', operator.client_id, '--client-secret-file', secret];
      await expect
        .poll(() => statusOf(...way), PATIENTLY)
        .toMatchObject({
          ...common,
          ...{ server_version: expect.stringMatching(/./), nodes: 2, logins: 1 },
        });
    }
    // One that is killed says nothing, and is counted until its heartbeats are old.
    process.kill(other.pid, 'SIGKILL');
    await expect.poll(async () => (await statusOf()).nodes, PATIENTLY).toBe(1);
  });

  it('verifies the audit log, and finds one that somebody wrote to', async () => {
    await run('tenant', 'create', 'audited');
    await run('client', 'create', '--tenant', 'audited', '--id', 'its-admin', '--role', 'admin');
    await run('tenant', 'update', 'audited', '--self-registration', 'off');
    const verify = ['audit', 'verify', '--tenant', 'audited'];
    const { head, ...verified } = await run(...verify);
    expect(verified).toEqual({ tenant_id: 'audited', intact: true, records: 3 });
    expect(head).toMatch(/^3:[0-9a-f]{64}$/);
    await run('tenant', 'update', 'audited', '--refresh', 'on');
    expect(await run(...verify, '--after', '1', '--expect-head', String(head))).toMatchObject({ records: 3 });

    const admin = await server.connect(new URL(store).pathname.slice(1));
    await admin.query(`UPDATE audit SET actor_id = 'somebody' WHERE tenant_id = 'audited' AND sequence = 2`);
    await admin.end();
    expect(await runProgram(verify, { env: { SYMBOLON_STORE: store } })).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'error: the audit log of audited does not hold at record 2: it was altered, taken out or put in. ' +
        'Records read before it, which hold: 1\n',
    });
  });

  it('tells a wrong password without telling it', async () => {
    const address = `postgres://nobody:hunter2@127.0.0.1:${server.port}/postgres`;
    const { stderr, code } = await runProgram(['init'], { env: { SYMBOLON_STORE: address } });
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: can't open the store at 127.0.0.1:${server.port}/postgres: role "nobody" does not exist. ` +
        'Put that right, or name another with --store (or SYMBOLON_STORE)\n',
    );
  });
});

describe('TLS on the way to PostgreSQL', () => {
  const title = 'is checked by the given authority, or refused';
  it.skipIf(!HAS_OPENSSL)(HAS_OPENSSL ? title : `${title} (skipped: there is no openssl here)`, async () => {
    const own = makeCertificate(directory.root, 'postgres');
    const strange = makeCertificate(directory.root, 'strange');
    await using secured = await PostgresServer.start();
    await secured.kill();
    await secured.run(secured.tlsSettings(own));
    const address = secured.urlOf(await secured.createDatabase()).replace('127.0.0.1', 'localhost');
    const init = (...args: string[]) => runProgram(['init', '--store', address, ...args]);

    expect(await init('--store-tls-ca', own.certificate)).toMatchObject({ code: 0, stderr: '' });
    for (const args of [
      ['--store-tls-ca', strange.certificate],
      ['--store-tls', 'on'],
    ]) {
      const { code, stderr } = await init(...args);
      expect(code).toBe(2);
      expect(stderr).toContain('self-signed certificate');
    }
    // The name in the certificate counts too.
    const byNumber = ['init', '--store', address.replace('localhost', '127.0.0.1'), '--store-tls-ca', own.certificate];
    expect((await runProgram(byNumber)).stderr).toContain("does not match certificate's altnames");
    // A server that has none is not spoken to in plain text instead.
    expect((await runProgram(['init', '--store', store, '--store-tls', 'on'])).stderr).toContain(
      'does not support SSL',
    );
    expect(await init('--store-tls', 'off')).toMatchObject({ code: 0 });
  });
});
