/** A login in a real file, and its lock: docs/login.md, "Stores". What two processes do is in test/sdk/login-scenarios.json. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FileStore } from '../../../../sdk/typescript/client/src/index.ts';
import { temporaryDirectory } from '../../../support.ts';
import { failureOf } from '../client/failure.ts';
import { Bed, gate, HOUR_MS, settled } from './bed.ts';

const RECORD = JSON.stringify({
  ...{ version: 1, client_id: 'app', kind: 'USER', subject_id: 'ann', family_id: 'f', token_id: 't', scopes: [] },
  ...{ access_token: 'syu_secret', obtained_ms: 1, lifetime_ms: 2 },
});

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let store: FileStore;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'login.json');
  store = new FileStore(path);
});
afterEach(() => directory.remove());

const names = () => readdirSync(directory.path).sort();
/** As a process leaves it that ended so long ago. */
function age(file: string, seconds: number): void {
  const then = Date.now() / 1_000 - seconds;
  utimesSync(file, then, then);
}

it('keeps a text for its owner alone, and leaves nothing beside it', async () => {
  expect(await store.load()).toBeUndefined();
  await store.lock(() => store.save(RECORD));
  expect([await store.load(), statSync(path).mode & 0o777, names()]).toEqual([RECORD, 0o600, ['login.json']]);
  await store.clear();
  await store.clear();
  expect([await store.load(), names()]).toEqual([undefined, []]);
});

it.each([0o640, 0o604, 0o620, 0o602])('refuses a file of mode %o with the mend, and replaces it', async (mode) => {
  writeFileSync(path, RECORD);
  chmodSync(path, mode);
  const failure = await failureOf(store.load());
  expect(failure).toMatchObject({ code: 'FAILED_PRECONDITION', message: expect.stringMatching(/chmod 600/) });
  expect(failure.message).toContain(path);
  expect(failure.message).not.toContain('syu_');
  await store.save(RECORD);
  expect([await store.load(), statSync(path).mode & 0o777]).toEqual([RECORD, 0o600]);
});

it.each([
  ['a directory', () => mkdirSync(path)],
  ['a link', () => symlinkSync(join(directory.path, 'elsewhere'), path)],
  ['a pipe', () => execFileSync('mkfifo', [path])],
])('refuses %s, and never replaces it', async (_what, make) => {
  writeFileSync(join(directory.path, 'elsewhere'), RECORD, { mode: 0o600 });
  make();
  for (const call of [() => store.load(), () => store.save(RECORD), () => store.clear()]) {
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ code: 'FAILED_PRECONDITION' });
    expect(failure.message).toBe(`${path} is not a regular file: give another path`);
  }
  expect(names()).toEqual(['elsewhere', 'login.json']);
});

it.each([RECORD.slice(0, 100), '', '{}'])('tells of a file that is cut short or no record: %s', async (text) => {
  writeFileSync(path, text, { mode: 0o600 });
  const failure = await failureOf(store.load());
  expect(failure).toMatchObject({ code: 'DATA_LOSS' });
  expect(failure.message).toContain(path);
  expect(failure.message).not.toContain('syu_');
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('tells what is wrong with a directory that is not there', async () => {
  const lost = new FileStore(join(directory.path, 'none', 'login.json'));
  for (const call of [
    () => lost.load(),
    () => lost.save(RECORD),
    () => lost.clear(),
    () => lost.lock(async () => {}),
  ]) {
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ code: 'FAILED_PRECONDITION', message: expect.stringMatching(/ENOENT/) });
    expect(failure.message).not.toMatch(/\.tmp|syu_/);
  }
  expect(() => new FileStore('')).toThrow('path must be');
});

it('says nothing while its directory is away: who signs in then is not replaced by what comes back with it', async () => {
  const bed = new Bed();
  await bed.signedIn({ store });
  const away = `${directory.path}-away`;
  renameSync(directory.path, away);
  const login = bed.open({ store: new FileStore(path) });
  expect(await failureOf(login.resumeStored())).toMatchObject({ code: 'FAILED_PRECONDITION' });
  await login.signInUser('ann', 'a password');
  renameSync(away, directory.path);
  bed.pass(HOUR_MS);
  expect([await login.token(), await store.load()]).toEqual(['a2.1', expect.stringContaining('a2.1')]);
});

it('leaves no lock that it could not write', async () => {
  const file = await open(path, 'w');
  vi.spyOn(Object.getPrototypeOf(file), 'writeFile').mockRejectedValueOnce(
    Object.assign(new Error('no space'), { code: 'ENOSPC' }),
  );
  await file.close();
  expect(await failureOf(store.lock(async () => {}))).toMatchObject({ message: expect.stringContaining('ENOSPC') });
  expect(names()).toEqual(['login.json']);
});

it('removes what a process left behind a minute ago, and nothing else', async () => {
  const random = () => randomBytes(16).toString('base64url');
  const [old, oldLock, young] = [
    `login.json.${random()}.tmp`,
    `login.json.lock.${random()}`,
    `login.json.${random()}.tmp`,
  ];
  const others = ['login.json.tmp', `other.json.${random()}.tmp`, 'login.json.bak'];
  for (const name of [old, oldLock, young, ...others]) {
    writeFileSync(join(directory.path, name), '');
    age(join(directory.path, name), name === young ? 50 : 70);
  }
  await store.save(RECORD);
  expect(names()).toEqual(['login.json', young, ...others].sort());
});

it('lets one in at a time, also by two stores of one process', async () => {
  const other = new FileStore(path);
  const order: string[] = [];
  const held = gate();
  const first = store.lock(async () => {
    order.push('first');
    await held.passed;
    order.push('first ends');
  });
  const lock = () => (existsSync(`${path}.lock`) ? readFileSync(`${path}.lock`, 'utf8') : '');
  await expect.poll(lock).toMatch(/^[\w-]{22}$/);
  expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600);
  const second = store.lock(async () => order.push('second'));
  const third = other.lock(async () => order.push('third'));
  held.open();
  await Promise.all([first, second, third]);
  expect(order.slice(0, 2)).toEqual(['first', 'first ends']);
  expect(order).toHaveLength(4);
  expect(names()).toEqual([]);
  await failureOf(store.lock(() => Promise.reject(new Error('of who holds it'))));
  expect(names()).toEqual([]);
});

it('takes the lock of a process that ended, and waits for one that is there', async () => {
  writeFileSync(`${path}.lock`, 'x'.repeat(22), { mode: 0o600 });
  age(`${path}.lock`, 16);
  expect(await store.lock(async () => 'in')).toBe('in');
  writeFileSync(`${path}.lock`, 'x'.repeat(22), { mode: 0o600 });
  age(`${path}.lock`, 10);
  let isIn = false;
  const waiting = store.lock(async () => {
    isIn = true;
  });
  for (let round = 0; round < 20; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(isIn).toBe(false);
  unlinkSync(`${path}.lock`);
  await waiting;
  expect(names()).toEqual([]);
});

it.each([
  ['a pipe', () => execFileSync('mkfifo', [`${path}.lock`]), () => unlinkSync(`${path}.lock`)],
  ['a link', () => symlinkSync(join(directory.path, 'elsewhere'), `${path}.lock`), () => unlinkSync(`${path}.lock`)],
  ['a directory', () => mkdirSync(`${path}.lock`), () => rmSync(`${path}.lock`, { recursive: true })],
])('leaves %s in the place of its lock, and hangs on it no longer than it is there', async (_what, make, remove) => {
  writeFileSync(join(directory.path, 'elsewhere'), 'x'.repeat(22));
  age(join(directory.path, 'elsewhere'), 70);
  make();
  let isIn = false;
  const waiting = store.lock(async () => {
    isIn = true;
  });
  for (let round = 0; round < 20; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect([isIn, names()]).toEqual([false, ['elsewhere', 'login.json.lock']]);
  remove();
  await waiting;
  expect([isIn, names()]).toEqual([true, ['elsewhere']]);
});

it('writes nothing once another process has the lock', async () => {
  await store.lock(() => store.save(RECORD));
  const failure = await failureOf(
    store.lock(async () => {
      writeFileSync(`${path}.lock`, 'y'.repeat(22));
      await store.save(RECORD.replace('ann', 'bea'));
    }),
  );
  expect(failure).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  expect([await store.load(), readFileSync(`${path}.lock`, 'utf8')]).toEqual([RECORD, 'y'.repeat(22)]);
});

it('is gone with its directory: the login goes on in memory, and is written when that is back', async () => {
  const bed = new Bed();
  const login = await bed.signedIn({ store });
  rmSync(directory.path, { recursive: true });
  bed.pass(HOUR_MS);
  expect([await login.token(), login.signedIn]).toEqual(['a1.1', true]);
  await settled();
  expect([...new Set(bed.told)].sort()).toEqual(['refreshed', 'signed_in', 'store_failed']);
  mkdirSync(directory.path);
  bed.pass(2_000);
  await login.token();
  await expect.poll(() => store.load().catch(() => '')).toContain('a1.1');
});
