import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import {
  aFamilyId,
  begin,
  clientOf,
  issueOf,
  make,
  makeAcme,
  readingOf,
  revokeFamily,
  subjectOf,
  TENANT,
} from '../postgres/acme.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let store: SqliteStore;

beforeEach(async () => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
  store = await SqliteStore.open({ path, clock: new TestClock().read });
  await makeAcme(store);
});

afterEach(async () => {
  await store.close();
  directory.remove();
});

/** Commits in the WAL: frames that carry the size of the database (sqlite.org/fileformat.html#walformat). */
function readWal(): { round: string; commits: number } {
  const wal = readFileSync(`${path}-wal`);
  const frameBytes = 24 + wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let commits = 0;
  for (let at = 32; at + frameBytes <= wal.length; at += frameBytes) {
    const isOfThisRound = wal.subarray(at + 8, at + 16).equals(salt);
    commits += isOfThisRound && wal.readUInt32BE(at + 4) > 0 ? 1 : 0;
  }
  return { round: salt.toString('hex'), commits };
}

async function countCommits(work: () => Promise<unknown>): Promise<number> {
  await begin(store);
  // While a reader looks at a WAL that is not empty, it is not begun anew, so that what is in it can be counted.
  const reader = new Database(path, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM tenant').get();
  const before = readWal();
  await work();
  const after = readWal();
  reader.close();
  return after.round === before.round ? after.commits - before.commits : after.commits;
}

it('commits what is written at once as a few groups, each command whole', async () => {
  const commands = Array.from({ length: 200 }, () => issueOf());

  const commits = await countCommits(() => Promise.all(commands.map((command) => store.execute(command))));

  // One, and one more if the store was probed in between.
  expect(commits).toBeLessThanOrEqual(3);
  expect(commits).toBeGreaterThanOrEqual(1);
  for (const { familyId } of commands) {
    expect(await readingOf(store, familyId)).toBeDefined();
  }
});

/** Holds the write lock, so that the writer stands still in its first group while others queue up. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  try {
    await work();
  } finally {
    other.exec('COMMIT');
    other.close();
  }
}

it('takes whatever queued up during a commit into the next', async () => {
  const writes: Promise<unknown>[] = [];
  const commits = await countCommits(async () => {
    await whileLocked(async () => {
      for (let i = 0; i < 200; i++) {
        writes.push(store.execute(issueOf()));
        // Each in a message of its own.
        await new Promise(setImmediate);
      }
    });
    await Promise.all(writes);
  });

  expect(commits).toBeGreaterThanOrEqual(1);
  expect(commits).toBeLessThanOrEqual(4);
});

it('drops what has waited in the queue beyond its deadline', async () => {
  const deadline = Date.now() + 100;
  const late = issueOf();
  const writes: Promise<unknown>[] = [];
  await whileLocked(async () => {
    writes.push(store.execute(issueOf()));
    await new Promise(setImmediate);
    writes.push(store.execute(late, { deadline }));
    await vi.waitUntil(() => Date.now() > deadline, { timeout: 30_000 });
  });

  const [first, second] = await Promise.allSettled(writes);
  expect(first?.status).toBe('fulfilled');
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'deadline_exceeded' } });
  expect(await readingOf(store, late.familyId)).toBeUndefined();
});

it('commits more than one group’s worth of writes', async () => {
  const commands = Array.from({ length: 600 }, () => issueOf());

  await Promise.all(commands.map((command) => store.execute(command)));

  const other = new Database(path, { readonly: true });
  expect(other.prepare('SELECT count(*) FROM family').pluck().get()).toBe(600);
  other.close();
});

it('commits one write alone when nothing else is written', async () => {
  const commits = await countCommits(async () => {
    for (let i = 0; i < 5; i++) {
      await store.execute(issueOf());
    }
  });

  expect(commits).toBeGreaterThanOrEqual(5);
});

it('writes nothing for a command that changes nothing', async () => {
  const commits = await countCommits(async () => {
    for (let i = 0; i < 20; i++) {
      await store.execute(revokeFamily(aFamilyId()));
    }
  });

  // The store may have been probed in between.
  expect(commits).toBeLessThanOrEqual(2);
});

it('shows each command of a group what those before it have changed', async () => {
  await store.execute(issueOf());
  const revoked = await begin(store);
  const disable = { kind: 'cut_off', authority: 'server', tenantId: TENANT, cause: 'disabled' } as const;

  const outcomes = await Promise.all([
    store.execute(issueOf()),
    store.execute(revokeFamily(revoked.familyId)),
    store.execute({ ...disable, target: { kind: 'client', id: TENANT } }),
    store.execute(issueOf({ clientId: TENANT })),
    store.execute({ ...disable, target: { kind: 'tenant', id: TENANT } }),
    store.execute(issueOf()),
  ]);

  expect(outcomes).toMatchObject([
    { answer: { issued: {} } },
    { answer: { revision: 1 } },
    { answer: { revision: 2 } },
    { refusal: { code: 'invalid_credentials' } },
    { answer: { revision: 3 } },
    { refusal: { code: 'invalid_credentials' } },
  ]);
});

it('undoes what fails alone of a group, and forgets what it had read of it', async () => {
  const { familyId } = await begin(store);
  const subject = subjectOf('user-eve');
  const { clientId, refreshClientId, scopes, tokens } = issueOf();
  // Its subject is inserted, and its family is not: there is one of this id.
  const failing = { ...subject, issue: { clientId, refreshClientId, scopes, tokens, familyId } };

  const [before, failed, after] = await Promise.allSettled([
    store.execute(clientOf('first')),
    store.execute(failing),
    store.execute(subject),
  ]);

  expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'internal' } });
  expect(before).toMatchObject({ status: 'fulfilled', value: { answer: {} } });
  expect(after).toMatchObject({ status: 'fulfilled', value: { answer: {} } });
  await make(store, revokeFamily(familyId));
});

it('refuses at once what is beyond its queue', async () => {
  const writes = Array.from({ length: 10_050 }, () => store.purgeExpired(1));
  const results = await Promise.allSettled(writes);

  const refused = results.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(50);
  expect(refused[0]).toMatchObject({ reason: { code: 'overloaded', retryAfterMs: 1_000 } });
  await begin(store);
});

it('tells no driver text to the caller, and all of it to the log', async () => {
  const { familyId } = await begin(store);

  const error = await store.execute(issueOf({ familyId })).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: 'internal', message: 'The store failed' });
  expect(String((error as Error).cause)).toContain('UNIQUE constraint failed');
});
