/** `symbolon store backup|restore` of a real server that is written to meanwhile, and what is true on the restored one. */
import { copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { failureOf, TokenClient } from '../process/grpc-client.ts';
import { eventually, runProgram } from '../process/program.ts';
import { FREE_PORTS, ServerProcess } from '../process/server-process.ts';
import { introspectAtLeast } from './at-least.ts';
import { fieldsOf, type Json, Workspace } from './workspace.ts';

const WRITERS = 8;
/** Answers before the backup begins. */
const WARM_UP = 100;
/** Answers while it runs, at least: more than were under way when it began, however fast the machine is. */
const MEANWHILE = 2 * WRITERS;
const REQUEST_ID = '7f6c2f6e-backup';

interface Answered {
  readonly tokens: IssuedTokens;
  readonly time: number;
}

/** Clients that write without a pause until they are told to stop. */
class Load {
  readonly answered: Answered[] = [];
  readonly #writers: Promise<void>[];
  #isStopping = false;

  constructor(demo: DemoRecord) {
    this.#writers = Array.from({ length: WRITERS }, () => this.#write(demo));
  }

  async #write(demo: DemoRecord): Promise<void> {
    using client = TokenClient.admin(demo);
    while (!this.#isStopping) {
      const tokens = await client.issueToClient(demo.admin);
      this.answered.push({ tokens, time: Date.now() });
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#writers);
  }
}

/** What a client was answered, before the backup and after it. */
interface History {
  readonly file: string;
  readonly backup: Json;
  readonly demo: DemoRecord;
  /** Answered before the moment that the backup names, and left alone since. */
  readonly kept: readonly IssuedTokens[];
  readonly duringBackup: number;
  readonly revokedBefore: IssuedTokens;
  readonly revokedAfter: IssuedTokens;
  /** What the revocation after the backup was answered with. */
  readonly revision: number;
  /** Refreshed once before the backup, and the answer not used since. */
  readonly refreshed: { readonly before: IssuedTokens; readonly after: IssuedTokens };
  /** What the request id was answered with before the backup. */
  readonly requested: IssuedTokens;
}

/** A server lives, is backed up while it is written to, revokes, and dies. */
async function live(workspace: Workspace): Promise<History> {
  await using server = await ServerProcess.startDemo({ dataDir: workspace.path });
  const { demo } = server;
  using client = TokenClient.admin(demo);
  await workspace.text(['tenant', 'create', 'other']);
  const issue = () => client.issueToClient(demo.admin);
  const [revokedBefore, revokedAfter, before] = [await issue(), await issue(), await issue()];
  await client.revokeToken(revokedBefore.accessToken);
  const refreshed = { before, after: await client.refresh(before.refreshToken) };
  const requested = await client.issueToClient(demo.admin, REQUEST_ID);

  const load = new Load(demo);
  await eventually('some answers', () => load.answered.length >= WARM_UP);
  const file = join(dirname(workspace.path), 'backup.db');
  const answeredBefore = load.answered.length;
  const backup = await workspace.json(['store', 'backup', '--to', file]);
  const duringBackup = load.answered.length - answeredBefore;
  await load.stop();

  const moment = Date.parse(String(backup.moment));
  const kept = load.answered.filter(({ time }) => time < moment).map(({ tokens }) => tokens);
  const revision = await client.revokeToken(revokedAfter.accessToken);
  await server.kill();
  return { file, backup, demo, kept, duringBackup, revokedBefore, revokedAfter, revision, refreshed, requested };
}

let workspace: Workspace;
let history: History;

beforeAll(async () => {
  workspace = new Workspace();
  history = await live(workspace);
});
afterAll(() => workspace[Symbol.dispose]());

function one(file: string, sql: string): unknown {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).pluck().get();
  } finally {
    database.close();
  }
}

/** A restored store with a server on it, and a client that knew the old one. */
class Restored implements AsyncDisposable {
  readonly workspace: Workspace;
  readonly server: ServerProcess;
  readonly client: TokenClient;
  readonly demo: DemoRecord;
  readonly printed: string;

  private constructor(workspace: Workspace, server: ServerProcess, printed: string) {
    this.workspace = workspace;
    this.server = server;
    this.printed = printed;
    this.demo = { ...history.demo, grpc: server.grpcAddress, http: server.httpAddress };
    this.client = TokenClient.admin(this.demo);
  }

  static async from(...args: string[]): Promise<Restored> {
    const restored = new Workspace();
    const printed = await restored.text(['store', 'restore', '--from', history.file, ...args]);
    // Kept apart from the backup.
    copyFileSync(join(workspace.path, 'symbolon.key'), join(restored.path, 'symbolon.key'));
    return new Restored(restored, await ServerProcess.start({ dataDir: restored.path }), printed);
  }

  async activeOf(tokens: readonly IssuedTokens[]): Promise<number> {
    const active = await Promise.all(tokens.map(({ accessToken }) => this.client.isActive(accessToken)));
    return active.filter(Boolean).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client[Symbol.dispose]();
    await this.server.kill();
    this.workspace[Symbol.dispose]();
  }
}

describe('store backup beside a server that is written to', () => {
  it('ends, while writes go on', () => {
    expect(history.kept.length).toBeGreaterThanOrEqual(WARM_UP);
    expect(history.duringBackup).toBeGreaterThan(MEANWHILE);
  });

  it('makes one sound file that only its owner can read, and tells what is in it', () => {
    const { file, backup } = history;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('backup'))).toEqual(['backup.db']);
    expect(one(file, 'PRAGMA integrity_check')).toBe('ok');
    expect(one(file, 'PRAGMA journal_mode')).toBe('delete');
    expect(backup).toEqual({
      backup: file,
      moment: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/),
      bytes: statSync(file).size,
      schema_version: one(file, 'PRAGMA user_version'),
      tenants: 2,
      clients: 7,
      subjects: 2,
      families: one(file, 'SELECT count(*) FROM family'),
    });
    expect(backup.families).toBeGreaterThanOrEqual(history.kept.length);
  });
});

describe('store restore', () => {
  let restored: Restored;

  beforeAll(async () => {
    restored = await Restored.from();
  });
  afterAll(() => restored[Symbol.asyncDispose]());

  it('tells how much it restored, and what a person has to know', () => {
    const [, note] = restored.printed.split('\n\n');
    const { backup, moment, bytes, ...contents } = history.backup;
    expect(fieldsOf(restored.printed)).toEqual({
      store: join(restored.workspace.path, 'symbolon.db'),
      ...Object.fromEntries(Object.entries(contents).map(([name, value]) => [name, String(value)])),
      tenants_cut_off: '2',
      tokens_kept: 'false',
    });
    expect(note).toBe(
      'Every token in the backup is dead, because it does not know which were revoked after it. Everybody must log in anew.\n' +
        'What was disabled or deleted, or got another password, secret or second factor, since the backup is as before again: ' +
        'do that anew.\n' +
        'Serve it with the same key file: copy symbolon.key into the data directory, or name it with --key-file.\n',
    );
  });

  it('makes a store that only its owner can read', () => {
    expect(statSync(join(restored.workspace.path, 'symbolon.db')).mode & 0o777).toBe(0o600);
    expect(readdirSync(restored.workspace.path).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('revives no token, whether it was revoked before the backup, after it, or never', async () => {
    const { revokedBefore, revokedAfter, refreshed, requested, kept } = history;
    expect(await restored.activeOf([revokedBefore, revokedAfter, refreshed.after, requested])).toBe(0);
    expect(await restored.activeOf(kept)).toBe(0);
    for (const { refreshToken } of [revokedAfter, refreshed.after, requested, ...kept.slice(0, 3)]) {
      expect((await failureOf(restored.client.refresh(refreshToken))).reason).toBe('INVALID_REFRESH_TOKEN');
    }
  });

  it('repeats no answer from before the backup', async () => {
    const refreshed = restored.client.refresh(history.refreshed.before.refreshToken);
    expect((await failureOf(refreshed)).reason).toBe('INVALID_REFRESH_TOKEN');
    const issued = restored.client.issueToClient(history.demo.admin, REQUEST_ID);
    expect((await failureOf(issued)).reason).toBe('REQUEST_ID_REUSED');
  });

  it('answers who asks for at least the revision of a revocation after the backup', async () => {
    const { demo } = restored;
    const answer = await introspectAtLeast(demo, history.revokedAfter.accessToken, history.revision);
    expect(answer).toMatchObject({ active: false });
    expect(answer.revision).toBeGreaterThan(history.revision);
    expect(Number.isSafeInteger(answer.revision)).toBe(true);
  });

  it('lets everybody log in and go on as ever', async () => {
    const { client, demo } = restored;
    const tokens = await client.logIn(demo.user.login_name, demo.user.password);
    expect(await client.isActive(tokens.accessToken)).toBe(true);
    const next = await client.refresh(tokens.refreshToken);
    const { revision } = await client.introspect(next.accessToken);
    expect(await client.revokeToken(next.accessToken)).toBe(revision + 1);
    expect(await client.isActive(next.accessToken)).toBe(false);
  });

  it('writes the event to the log of every tenant', () => {
    const events = `SELECT group_concat(tenant_id || ' ' || scope || ' ' || key || ' ' || cause, ', ' ORDER BY tenant_id)
      FROM revocation JOIN tenant USING (tenant_id) WHERE cause = 'restored' AND revocation.revision = tenant.cutoff`;
    expect(one(join(restored.workspace.path, 'symbolon.db'), events)).toBe(
      'demo tenant demo restored, other tenant other restored',
    );
  });
});

describe('a restored store without the key file', () => {
  it('is not served, and is when the file is named', async () => {
    using restored = new Workspace();
    await restored.text(['store', 'restore', '--from', history.file]);
    expect(readdirSync(restored.path).filter((name) => name.endsWith('.key'))).toEqual([]);
    const { code, stderr } = await runProgram(['serve', '--data-dir', restored.path, ...FREE_PORTS]);
    expect([code, stderr]).toEqual([
      2,
      `error: the store has a key, and ${join(restored.path, 'symbolon.key')} is not there. Put the first server’s key file ` +
        'there, or name it with --key-file; when it is lost, run `symbolon key replace`\n',
    ]);
    const args = ['--key-file', join(workspace.path, 'symbolon.key')];
    await using _server = await ServerProcess.start({ dataDir: restored.path, args });
  });
});

describe('store restore --keep-tokens', () => {
  let restored: Restored;

  beforeAll(async () => {
    restored = await Restored.from('--keep-tokens');
  });
  afterAll(() => restored[Symbol.asyncDispose]());

  it('says that what was revoked since lives again', () => {
    expect(fieldsOf(restored.printed)).toMatchObject({ tenants_cut_off: '0', tokens_kept: 'true' });
    expect(restored.printed).toContain(
      '\n\nTokens that were revoked since the backup live again, as do all others that it holds.\nWhat was disabled',
    );
  });

  it('has all that was answered before the moment that the backup names', async () => {
    expect(await restored.activeOf(history.kept)).toBe(history.kept.length);
    expect(await restored.activeOf([history.revokedBefore])).toBe(0);
  });

  it('revives what was revoked since: what the cutoff is for', async () => {
    const { client, demo } = restored;
    expect(await restored.activeOf([history.revokedAfter])).toBe(1);
    const { accessToken, refreshToken } = history.revokedAfter;
    // Revisions leap all the same: none is given twice.
    expect((await introspectAtLeast(demo, accessToken, history.revision)).revision).toBeGreaterThan(history.revision);
    expect(await client.refresh(refreshToken)).toMatchObject({ familyId: history.revokedAfter.familyId });
  });

  it('repeats the answers from before the backup', async () => {
    const { client, demo } = restored;
    expect(await client.issueToClient(demo.admin, REQUEST_ID)).toEqual(history.requested);
    expect(await client.refresh(history.refreshed.before.refreshToken)).toEqual(history.refreshed.after);
  });
});

describe('a backup that is restored twice', () => {
  it('leaps over the revisions that were answered after the first time', async () => {
    await using first = await Restored.from();
    const { accessToken } = await first.client.issueToClient(first.demo.admin);
    const revision = await first.client.revokeToken(accessToken);
    await using second = await Restored.from();
    expect(await introspectAtLeast(second.demo, accessToken, revision)).toMatchObject({ active: false });
  });
});

describe('the store of a server that was killed', () => {
  it('can be backed up without a server, and then holds everything', async () => {
    const file = join(dirname(workspace.path), 'after.db');
    expect(existsSync(join(workspace.path, 'symbolon.db-wal'))).toBe(true);
    expect(await workspace.text(['store', 'backup', '--to', file])).toContain(
      '\n\nIt holds all that was answered before that moment. Keep it as secret as the store.\n' +
        'It does not hold the key file (symbolon.key, or --key-file): keep a copy of that, in another place.\n',
    );
    expect(one(file, `SELECT max(revision) FROM revocation`)).toBe(history.revision);
    // A WAL that is left would be in the way of a restore.
    expect(readdirSync(workspace.path).filter((name) => name.startsWith('symbolon.db'))).toEqual(['symbolon.db']);
  });
});
