/** The question before much ends: asked while the data directory is everybody's, and answered by a name. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openStore, tryLockDirectory } from '../../src/store/sqlite/directory.ts';
import { dataDirectory } from '../process/server-process.ts';
import { ANN, APP, issueOf, makeAcme, subjectOf } from '../store/fixtures.ts';
import { make } from '../support.ts';
import { runCommand } from './in-process.ts';

const LOGINS = 6;

/** Who sits there: what they were asked, what they answer, and whether others could use the directory meanwhile. */
const person = vi.hoisted(() => ({ questions: [] as string[], answer: '', canOthers: [] as boolean[] }));
const directory = dataDirectory();
const path = directory.path;
const keyFile = join(path, 'symbolon.key');

vi.mock('../../src/cli/terminal/prompt.ts', () => ({
  canAsk: () => true,
  ask: async (question: string) => {
    person.questions.push(question);
    const lock = tryLockDirectory(path);
    person.canOthers.push(lock !== undefined);
    lock?.release();
    return person.answer;
  },
}));

beforeAll(async () => {
  await run('init');
  const store = await openStore(path, { clock: Date.now });
  await makeAcme(store);
  for (let at = 0; at < LOGINS; at += 1) {
    await make(store, issueOf());
    await make(store, subjectOf({ subjectId: `user-${at}`, loginName: `user-${at}` }));
  }
  await store.close();
});
afterAll(() => directory[Symbol.dispose]());

async function run(...args: string[]) {
  person.questions.length = 0;
  person.canOthers.length = 0;
  return runCommand([...args, '--data-dir', path, '--json']);
}

it('ends nothing for another answer, and lets others at the store while it waits', async () => {
  person.answer = 'yes';
  const { failure } = await run('user', 'revoke', ANN, '--tenant', 'acme');
  expect(failure).toBe(`USAGE: that is not ${ANN}. Nothing was done`);
  expect(person.canOthers).toEqual([true]);
  expect(person.questions).toEqual([`this ends 6 logins of user ${ANN}. Type ${ANN} to go on: `]);
});

it('ends them for the name, and then there is nothing to ask about', async () => {
  person.answer = ANN;
  const { stdout } = await run('user', 'revoke', ANN, '--tenant', 'acme');
  expect(JSON.parse(stdout)).toMatchObject({ user_id: ANN, logins_ended: LOGINS });
  await run('user', 'revoke', ANN, '--tenant', 'acme');
  expect(person.questions).toEqual([]);
});

it('asks before a leaked secret ends the logins of its client', async () => {
  const app = await openStore(path, { clock: Date.now });
  for (let at = 0; at < LOGINS; at += 1) {
    await make(app, issueOf());
  }
  await app.close();
  person.answer = 'no';
  const reset = ['client', 'add-secret', APP, '--tenant', 'acme', '--reset'];
  expect((await run(...reset)).failure).toBe(`USAGE: that is not ${APP}. Nothing was done`);
  expect(person.questions).toEqual([`this ends 6 logins of client ${APP}. Type ${APP} to go on: `]);
  expect(JSON.parse((await run(...reset, '--yes')).stdout)).toMatchObject({ client_id: APP, logins_ended: LOGINS });
  expect(person.questions).toEqual([]);
});

it('asks before second factors or recovery codes end with the key', async () => {
  await run('key', 'replace');
  expect(person.questions).toEqual([]);
  const database = new Database(join(path, 'symbolon.db'));
  const insert = database.prepare(
    `INSERT INTO totp (subject_id, tenant_id, sealed, active, last_step, recovery_digests) VALUES (?, 'acme', x'00', 1, 0, ?)`,
  );
  for (let at = 0; at < LOGINS; at += 1) {
    insert.run(`user-${at}`, Buffer.alloc(32));
  }
  database.close();
  const old = join(directory.root, 'old.key');
  renameSync(keyFile, old);
  person.answer = 'no';
  expect((await run('key', 'replace')).failure).toBe('USAGE: that is not symbolon.key. Nothing was done');
  expect(person.questions).toEqual([
    'this ends the second factors of 6 users, who can’t log in until each is removed. Type symbolon.key to go on: ',
  ]);
  expect(person.canOthers).toEqual([true]);
  expect(existsSync(keyFile)).toBe(false);
  await run('key', 'replace', '--previous', old);
  expect(person.questions).toEqual(['this ends the recovery codes of 6 users. Type symbolon.key to go on: ']);
  expect(existsSync(keyFile)).toBe(false);
  person.answer = 'symbolon.key';
  expect(await run('key', 'replace')).toMatchObject({ failure: '' });
  expect(existsSync(keyFile)).toBe(true);
  // A repetition takes nothing away.
  expect(await run('key', 'replace')).toMatchObject({ failure: '' });
  expect(person.questions).toEqual([]);
});
