/**
 * The program is killed by SIGKILL while many clients write, again and again on one data directory, and every answer that it gave
 * is held against it. SYMBOLON_KILL_ROUNDS sets how often.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import { familyOfBytes } from '../../src/core/token-form.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { madeUp } from '../core/made-up.ts';
import { CallFailed, TokenClient } from './grpc-client.ts';
import { judge, Ledger, type Lineage, type Witness } from './ledger.ts';
import { eventually, startProgram } from './program.ts';
import { dataDirectory, FREE_PORTS, ServerProcess } from './server-process.ts';

const ROUNDS = Number(process.env.SYMBOLON_KILL_ROUNDS ?? 8);
const WORKERS = 16;
const FEWEST_ANSWERS = 30;
const MAX_ANSWERS = 300;
/** What a client sees of a call that the server's death ended. */
const LOST = ['UNAVAILABLE', 'CANCELLED', 'DEADLINE_EXCEEDED'];

function upTo(limit: number): number {
  return Math.floor(Math.random() * limit);
}

/** Many clients at once, until the server has given a number of answers and is killed on the spot. */
class Load {
  readonly #server: ServerProcess;
  readonly #demo: DemoRecord;
  readonly #ledger: Ledger;
  #answersLeft: number;
  #isKilled = false;
  readonly faults: string[] = [];

  constructor(server: ServerProcess, ledger: Ledger) {
    this.#server = server;
    this.#demo = server.demo;
    this.#ledger = ledger;
    this.#answersLeft = FEWEST_ANSWERS + upTo(MAX_ANSWERS - FEWEST_ANSWERS);
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: WORKERS }, () => this.#work()));
    await this.#server.running.ended;
  }

  async #work(): Promise<void> {
    using client = TokenClient.admin(this.#demo);
    const own: Lineage[] = [];
    let revision = 0;
    while (!this.#isKilled) {
      try {
        const told = await this.#step(client, own);
        if (told !== undefined && told < revision) {
          this.faults.push(`one client saw revision ${revision} and then ${told}`);
        }
        revision = Math.max(revision, told ?? 0);
      } catch (error) {
        if (!this.#isKilled || !(error instanceof CallFailed) || !LOST.includes(error.status)) {
          this.faults.push(`a call failed: ${String(error)}`);
        }
        return;
      }
      this.#answersLeft -= 1;
      if (this.#answersLeft <= 0 && !this.#isKilled) {
        this.#isKilled = true;
        process.kill(this.#server.pid, 'SIGKILL');
      }
    }
  }

  /** One call; answers the revision that it told, if any. */
  async #step(client: TokenClient, own: Lineage[]): Promise<number | undefined> {
    const lineage = own[upTo(own.length)];
    const choice = Math.random();
    if (lineage === undefined || choice < 0.3) {
      await this.#issue(client, own);
      return undefined;
    }
    if (choice < 0.65) {
      await refresh(client, lineage);
      return undefined;
    }
    if (choice < 0.8) {
      own.splice(own.indexOf(lineage), 1);
      return this.#revoke(client, lineage);
    }
    const { active, revision } = await client.introspect(lineage.current.accessToken);
    if (!active) {
      this.faults.push(`the token ${lineage.current.tokenId} was not active while the server ran`);
    }
    return revision;
  }

  async #issue(client: TokenClient, own: Lineage[]): Promise<void> {
    const requestId = upTo(2) === 0 ? '' : crypto.randomUUID();
    const unanswered = this.#ledger.unansweredIssues;
    if (requestId !== '') {
      unanswered.push(requestId);
    }
    const issued = await issueOn(client, this.#demo, requestId);
    if (requestId !== '') {
      unanswered.splice(unanswered.indexOf(requestId), 1);
    }
    own.push(this.#ledger.issued(issued, requestId));
  }

  async #revoke(client: TokenClient, lineage: Lineage): Promise<number> {
    const { accessToken, refreshToken, tokenId, familyId } = lineage.current;
    const targets = [
      { $case: 'token', value: accessToken },
      { $case: 'token', value: refreshToken },
      { $case: 'tokenId', value: tokenId },
      { $case: 'familyId', value: familyId },
    ] as const;
    lineage.unanswered = 'revoke';
    const revision = await client.revoke(targets[upTo(targets.length)]);
    lineage.unanswered = 'none';
    lineage.isRevoked = true;
    this.#ledger.revisions.push(revision);
    return revision;
  }
}

/** A user's login or a client's, as the request id decides, so that a repeat is the same. */
function issueOn(client: TokenClient, { user, admin }: DemoRecord, requestId: string): Promise<IssuedTokens> {
  if (requestId.charCodeAt(0) % 2 === 0) {
    const value = { username: user.login_name, password: user.password };
    return client.issue({ credential: { $case: 'userPassword', value }, requestId });
  }
  return client.issueToClient(admin, requestId);
}

async function refresh(client: TokenClient, lineage: Lineage): Promise<void> {
  lineage.unanswered = 'refresh';
  const next = await client.refresh(lineage.current.refreshToken);
  lineage.unanswered = 'none';
  lineage.replaced.push(lineage.current.accessToken);
  lineage.current = next;
}

function witnessOf(client: TokenClient, demo: DemoRecord): Witness {
  return { client, issue: (requestId) => issueOn(client, demo, requestId) };
}

describe('a server that is killed while it writes', () => {
  it(
    `still knows every answer that it gave, after each of ${ROUNDS} kills`,
    async () => {
      using directory = dataDirectory();
      const ledger = new Ledger();
      let lost = 0;
      let server = await ServerProcess.startDemo({ dataDir: directory.path });
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const load = new Load(server, ledger);
          await load.run();
          expect(load.faults).toEqual([]);
          lost += ledger.unanswered;
          if (round % 2 === 1) {
            await killWhileStarting(directory.path);
          }
          server = await ServerProcess.startDemo({ dataDir: directory.path });
          using client = TokenClient.admin(server.demo);
          expect(await judge(ledger, witnessOf(client, server.demo)), `round ${round}`).toEqual([]);
        }
      } finally {
        await server.kill();
      }
      // Otherwise the server was never killed while it wrote, and the test shows nothing.
      expect(lost).toBeGreaterThan(0);
      expectSoundFile(directory.path, ledger);
    },
    60_000 + ROUNDS * 40_000,
  );
});

/** A server that dies before it is ready, somewhere in taking over what the last one left. */
async function killWhileStarting(dataDir: string): Promise<void> {
  const running = startProgram(['serve', '--demo', '--data-dir', dataDir, ...FREE_PORTS]);
  const pidFile = join(dataDir, 'server.pid');
  // It is taken away with the lock, and comes back when the store is open.
  await eventually('the lock to be taken', () => [undefined, String(running.pid)].includes(textOf(pidFile)));
  await running.end('SIGKILL');
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** What no client can see: the file is sound, no refresh was made twice or lost, and no revision is missing. */
function expectSoundFile(dataDir: string, ledger: Ledger): void {
  const database = new Database(join(dataDir, 'symbolon.db'), { readonly: true });
  const one = (sql: string) => database.prepare(sql).pluck().get();
  expect(one('PRAGMA integrity_check')).toBe('ok');
  expect(generationsOf(database)).toMatchObject(
    Object.fromEntries(ledger.lineages.map(({ current, replaced }) => [current.familyId, replaced.length])),
  );
  expect(one('SELECT count(*) FROM revocation')).toBe(one('SELECT revision FROM tenant'));
  expect(one('SELECT max(revision) FROM revocation')).toBe(one('SELECT revision FROM tenant'));
  expect(one('SELECT count(*) FROM family')).toBeGreaterThanOrEqual(ledger.lineages.length);
  database.close();
}

/** How often each family was refreshed. */
function generationsOf(database: Database.Database): Record<string, number> {
  const rows = database.prepare<[], [Buffer, number]>('SELECT family_id, generation FROM family').raw().all();
  return Object.fromEntries(rows.map(([id, generation]) => [familyOfBytes(id), generation]));
}

describe('the judge of such a server', () => {
  let directory: ReturnType<typeof dataDirectory>;
  let server: ServerProcess;
  let client: TokenClient;
  let demo: DemoRecord;

  beforeAll(async () => {
    directory = dataDirectory();
    server = await ServerProcess.startDemo({ dataDir: directory.path });
    demo = server.demo;
    client = TokenClient.admin(demo);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await server.kill();
    directory[Symbol.dispose]();
  });

  async function lineageIn(ledger: Ledger, requestId = ''): Promise<Lineage> {
    return ledger.issued(await issueOn(client, demo, requestId), requestId);
  }

  function verdict(ledger: Ledger): Promise<string[]> {
    return judge(ledger, witnessOf(client, demo));
  }

  it('finds nothing where everything was kept', async () => {
    const ledger = new Ledger();
    await lineageIn(ledger, crypto.randomUUID());
    await refresh(client, await lineageIn(ledger));
    const revoked = await lineageIn(ledger);
    ledger.revisions.push(await client.revokeToken(revoked.current.accessToken));
    revoked.isRevoked = true;
    (await lineageIn(ledger)).unanswered = 'refresh';
    (await lineageIn(ledger)).unanswered = 'revoke';
    ledger.unansweredIssues.push(crypto.randomUUID());
    expect(await verdict(ledger)).toEqual([]);
  });

  it('finds an acknowledged token that is not there', async () => {
    const ledger = new Ledger();
    const lineage = await lineageIn(ledger);
    lineage.current = { ...lineage.current, accessToken: madeUp('access', { familyId: lineage.current.familyId }) };
    expect(await verdict(ledger)).toEqual([`the acknowledged token ${lineage.current.tokenId} is not active`]);
  });

  it('finds a revoked token that lives', async () => {
    const ledger = new Ledger();
    const lineage = await lineageIn(ledger);
    lineage.isRevoked = true;
    const { tokenId, familyId } = lineage.current;
    expect(await verdict(ledger)).toEqual([
      `the revoked token ${tokenId} is active`,
      expect.stringContaining(`the revoked family ${familyId} was not refused a refresh`),
    ]);
  });

  it('finds a replaced token that lives', async () => {
    const ledger = new Ledger();
    const lineage = await lineageIn(ledger);
    lineage.replaced.push((await lineageIn(ledger)).current.accessToken);
    expect(await verdict(ledger)).toEqual([`a replaced token of family ${lineage.current.familyId} is active`]);
  });

  it('finds a refresh that is not known any more when it is repeated', async () => {
    const ledger = new Ledger();
    const lineage = await lineageIn(ledger);
    lineage.current = { ...lineage.current, refreshToken: madeUp('refresh') };
    lineage.unanswered = 'refresh';
    expect(await verdict(ledger)).toEqual([expect.stringContaining('INVALID_REFRESH_TOKEN')]);
  });

  it('finds an Issue that is not known by its request id', async () => {
    const ledger = new Ledger();
    const { current } = ledger.issued(await issueOn(client, demo, ''), crypto.randomUUID());
    expect(await verdict(ledger)).toEqual([`the Issue of family ${current.familyId} is not known by its request id`]);
  });

  it('finds a revision that went back, and one that was answered twice', async () => {
    const ledger = new Ledger();
    ledger.revisions.push(1_000_000, 1_000_000);
    expect(await verdict(ledger)).toEqual([
      'two revocations were answered revision 1000000',
      expect.stringMatching(/^the revision went back from 1000000 to \d+$/),
    ]);
  });
});
