/** `symbolon audit list|verify`: who changed what, and that a log that somebody wrote to is found out. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditHash } from '../../src/core/rules/audit.ts';
import { AUDIT_RECORDS } from '../../src/core/tables/audit.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { basic, TokenClient } from '../process/grpc-client.ts';
import { runShell } from '../process/program.ts';
import { ServerProcess } from '../process/server-process.ts';
import { DirectoryClient } from './directory.ts';
import { fieldsOf, type Json, Workspace } from './workspace.ts';

const ACME = ['--tenant', 'acme'] as const;
const PASSWORD = 'planted-password';
const OPERATOR = userInfo().username;
const NOTE =
  '\n\nKeep the head elsewhere. Given as --expect-head, it betrays a log that was written anew as a whole.\n';

let workspace: Workspace;
/** What must not be in the log. */
const secrets: string[] = [PASSWORD];
let userId: string;

/** Changes by the operator, by an admin over gRPC, and one that is refused. */
beforeAll(async () => {
  workspace = new Workspace();
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme', '--refresh', 'on']);
  const admin = await workspace.json(['client', 'create', ...ACME, '--id', 'boss', '--role', 'admin']);
  const user = await workspace.json(['user', 'create', ...ACME, '--login-name', 'ann']);
  userId = String(user.user_id);
  const other = await workspace.json(['client', 'add-secret', 'boss', ...ACME]);
  await workspace.text(['user', 'set-password', 'ann', ...ACME, '--password-stdin'], { input: PASSWORD });
  expect(await workspace.refusal(['user', 'create', ...ACME, '--login-name', 'ANN'])).toBe(
    'The login name ann is taken',
  );
  await workspace.text(['user', 'revoke', 'ann', ...ACME]);
  await workspace.text(['tenant', 'update', 'acme', '--self-registration', 'off', '--display-name', 'Acme Inc.']);
  secrets.push(String(admin.client_secret), String(user.password), String(other.client_secret));

  await using server = await ServerProcess.start({ dataDir: workspace.path });
  const authorization = basic('boss', String(admin.client_secret));
  using directory = new DirectoryClient(server.grpcAddress, authorization);
  await directory.registerUser({ loginName: 'bob', email: 'bob@example.com', password: PASSWORD });
  using tokens = new TokenClient(server.grpcAddress, authorization);
  const { accessToken, refreshToken } = await tokens.logIn('bob', PASSWORD);
  await tokens.revokeToken(accessToken);
  secrets.push(accessToken, refreshToken);
  expect(await server.running.end('SIGTERM')).toMatchObject({ code: 0 });
});
afterAll(() => workspace[Symbol.dispose]());

async function listed(...args: string[]): Promise<Json[]> {
  const printed = await workspace.text(['audit', 'list', ...ACME, '--json', ...args]);
  return printed
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Json);
}

/** A copy of the store to which something was done. */
function tampered(how: (database: Database.Database) => void): Workspace {
  const copy = new Workspace();
  mkdirSync(copy.path);
  const file = join(copy.path, 'symbolon.db');
  copyFileSync(join(workspace.path, 'symbolon.db'), file);
  const database = new Database(file);
  how(database);
  database.close();
  return copy;
}

describe('audit list', () => {
  it('prints each change with who made it: at the command line, the user of the operating system', async () => {
    const text = await workspace.text(['audit', 'list', ...ACME]);
    const time = String.raw`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    const lines = text.split('\n').map((line) => line.replace(new RegExp(`\t${time}\t`), '\t').replaceAll('\t', '  '));
    const by = `operator  ${OPERATOR}`;
    expect(lines.slice(0, 7)).toEqual([
      `1  ${by}  create_tenant  tenant  acme  ok  `,
      `2  ${by}  create_client  client  boss  ok  admin`,
      `3  ${by}  register_user  user  ${userId}  ok  `,
      expect.stringMatching(new RegExp(`^4 {2}${by} {2}add_client_secret {2}client {2}boss {2}ok {2}\\S+$`)),
      `5  ${by}  change_password  user  ${userId}  ok  without_old_password`,
      // The refused registration before it changed nothing, and is no record.
      `6  ${by}  revoke_all  user  ${userId}  ok  `,
      `7  ${by}  update_tenant  tenant  acme  ok  display_name, self_registration`,
    ]);
    expect(lines[7]).toMatch(/^8 {2}client {2}boss {2}register_user {2}user {2}\S+ {2}ok {2}$/);
    expect(lines[8]).toMatch(/^9 {2}client {2}boss {2}revoke {2}family {2}\S+ {2}ok {2}$/);
    expect(lines.slice(9)).toEqual(['']);
  });

  it('prints the same as JSON, an object on a line', async () => {
    const records = await listed();
    expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(records[0]).toEqual({
      sequence: 1,
      event_time: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/),
      actor_kind: 'operator',
      actor_id: OPERATOR,
      token_id: null,
      address: null,
      request_id: null,
      action: 'create_tenant',
      target_kind: 'tenant',
      target_id: 'acme',
      result: 'ok',
      details: '',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    // The address of a caller on this machine is nobody's: a proxy is there.
    expect(records[7]).toMatchObject({
      actor_kind: 'client',
      actor_id: 'boss',
      address: null,
      request_id: expect.stringMatching(/./),
    });
  });

  it('begins after a record, and ends after so many', async () => {
    const sequences = async (...args: string[]) => (await listed(...args)).map(({ sequence }) => sequence);
    expect(await sequences('--after', '7')).toEqual([8, 9]);
    expect(await sequences('--limit', '2')).toEqual([1, 2]);
    expect(await sequences('--after', '3', '--limit', '1')).toEqual([4]);
    expect(await sequences('--after', '9')).toEqual([]);
  });

  it('keeps what somebody wrote into a record on its line', async () => {
    using forged = tampered((database) =>
      database.prepare('UPDATE audit SET target_id = ? WHERE sequence = 2').run('x\n99  operator\u001b[8m'),
    );
    const lines = (await forged.text(['audit', 'list', ...ACME])).split('\n');
    expect(lines[1]).toContain('x\\u{a}99  operator\\u{1b}[8m');
    expect(lines).toHaveLength(10);
  });

  it('reads more than a page', async () => {
    using long = tampered((database) =>
      database.exec(`WITH RECURSIVE number (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)
        INSERT INTO audit SELECT tenant_id, n, event_time, actor_kind, actor_id, actor_token_id, actor_address,
        actor_request_id, action, target_kind, target_id, result, details, hash FROM audit, number WHERE sequence = 1`),
    );
    const counted = async (...args: string[]) =>
      (await long.text(['audit', 'list', ...ACME, ...args])).split('\n').length - 1;
    expect(await counted()).toBe(5_000);
    expect(await counted('--after', '5', '--limit', '1001')).toBe(1_001);
    // A reader who has read enough is not an error.
    const read = await runShell(
      `node bin/symbolon.js audit list --tenant acme --data-dir ${long.path} | { head -n 1; sleep 0.3; }`,
    );
    expect(read).toMatchObject({ code: 0, stderr: '' });
    expect(read.stdout.split('\n')).toHaveLength(2);
  });

  it('holds no secret', async () => {
    const text = await workspace.text(['audit', 'list', ...ACME]);
    const json = await workspace.text(['audit', 'list', ...ACME, '--json']);
    expect(secrets).toHaveLength(6);
    for (const secret of [...secrets, 'bob@example.com']) {
      expect(text + json).not.toContain(secret);
    }
  });

  it.each([
    [['--tenant', 'nobody'], 'There is no tenant nobody. Name another, or make it with symbolon tenant create'],
    [[...ACME, '--after', '-1'], "argument '-1' is invalid. It must be a whole number from 0 to"],
    [[...ACME, '--limit', '0'], "argument '0' is invalid. It must be a whole number from 1 to"],
    [[], '--tenant is missing'],
  ])('refuses %j', async (args, message) => {
    expect(await workspace.refusal(['audit', 'list', ...args])).toContain(message);
  });
});

describe('audit verify', () => {
  it('tells that the log holds, and its head', async () => {
    const text = await workspace.text(['audit', 'verify', ...ACME]);
    const last = (await listed('--after', '8'))[0] as Json;
    const head = `9:${last.hash}`;
    expect(fieldsOf(text)).toEqual({ tenant_id: 'acme', intact: 'true', records: '9', head });
    expect(text.endsWith(NOTE)).toBe(true);
    expect(await workspace.json(['audit', 'verify', ...ACME, '--after', '4', '--expect-head', head])).toEqual({
      tenant_id: 'acme',
      intact: true,
      records: 5,
      head,
    });
  });

  it.each([
    ['was altered', `UPDATE audit SET actor_id = 'somebody' WHERE sequence = 3`, 3],
    ['was altered, the last one', `UPDATE audit SET result = 'ok ' WHERE sequence = 9`, 9],
    ['was taken out', 'DELETE FROM audit WHERE sequence = 4', 4],
    ['was taken out at the end', 'DELETE FROM audit WHERE sequence = 9', 9],
    ['was taken out at the beginning', 'DELETE FROM audit WHERE sequence = 1', 1],
    ['was moved', 'UPDATE audit SET sequence = 20 WHERE sequence = 2', 2],
  ])('finds a record that %s', async (_what, sql, at) => {
    using broken = tampered((database) => database.exec(sql));
    expect(await broken.refusal(['audit', 'verify', ...ACME])).toBe(
      `the audit log of acme does not hold at record ${at}: it was altered, taken out or put in. ` +
        `Records read before it, which hold: ${at - 1}`,
    );
  });

  it('checks only what comes after the record that it begins after', async () => {
    using broken = tampered((database) => database.exec(`UPDATE audit SET details = 'x' WHERE sequence = 2`));
    expect(await broken.refusal(['audit', 'verify', ...ACME])).toContain('does not hold at record 2');
    expect(await broken.json(['audit', 'verify', ...ACME, '--after', '2'])).toMatchObject({ records: 7 });
  });

  it('finds a log that was written anew as a whole by the head that was kept elsewhere, and by nothing else', async () => {
    const { head } = await workspace.json(['audit', 'verify', ...ACME]);
    using forged = tampered(() => undefined);
    await writeAnew(join(forged.path, 'symbolon.db'), 4);
    expect(await forged.json(['audit', 'verify', ...ACME])).toMatchObject({ intact: true, records: 9 });
    const anew = `the audit log of acme has no record ${head}: it was written anew or cut`;
    expect(await forged.refusal(['audit', 'verify', ...ACME, '--expect-head', String(head)])).toBe(anew);

    // The last records taken out, and the tenant told so.
    using cut = tampered((database) => {
      database.exec('DELETE FROM audit WHERE sequence > 6');
      const hash = database.prepare('SELECT hash FROM audit WHERE sequence = 6').pluck().get();
      database.prepare('UPDATE tenant SET audit_sequence = 6, audit_hash = ?').run(hash);
    });
    expect(await cut.json(['audit', 'verify', ...ACME])).toMatchObject({ intact: true, records: 6 });
    expect(await cut.refusal(['audit', 'verify', ...ACME, '--expect-head', String(head)])).toBe(anew);
  });

  it('takes a head from which the log went on', async () => {
    const { head } = await workspace.json(['audit', 'verify', ...ACME]);
    using later = tampered(() => undefined);
    await later.text(['tenant', 'update', 'acme', '--refresh', 'off']);
    expect(await later.json(['audit', 'verify', ...ACME, '--expect-head', String(head)])).toMatchObject({
      records: 10,
    });
  });

  it.each([
    [['--tenant', 'nobody'], 'There is no tenant nobody. Name another, or make it with symbolon tenant create'],
    [[...ACME, '--expect-head', '9:abc'], 'It must be a head that `symbolon audit verify` printed: sequence:hash.'],
    [
      [...ACME, '--expect-head', `0:${'0'.repeat(64)}`],
      'It must be a head that `symbolon audit verify` printed: sequence:hash.',
    ],
    [[...ACME, '--after', '99'], 'does not hold at record 99'],
  ])('refuses %j', async (args, message) => {
    expect(await workspace.refusal(['audit', 'verify', ...args])).toContain(message);
  });
});

/** As somebody does who can write the store and knows how: another record, and the chain made to fit. */
async function writeAnew(path: string, altered: number): Promise<void> {
  const store = await SqliteStore.open({ path, clock: Date.now });
  const records = await store.list(AUDIT_RECORDS, { tenantId: 'acme' }, { limit: 100 });
  await store.close();
  const database = new Database(path);
  let previous: Uint8Array = new Uint8Array(32);
  for (const record of records) {
    const details = record.sequence === altered ? 'forged' : record.details;
    previous = auditHash(previous, { ...record, details });
    const row = [details, Buffer.from(previous), record.sequence];
    database.prepare('UPDATE audit SET details = ?, hash = ? WHERE sequence = ?').run(...row);
  }
  database.prepare('UPDATE tenant SET audit_hash = ?').run(Buffer.from(previous));
  database.close();
}
