/** What servers of a store tell each other of their watchers, and who can't tell it for them. */
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Count } from '../../../src/core/services/verifiers.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { Heard } from './heard.ts';
import { Rig, until } from './rig.ts';

const NONE = { acknowledged: 0, waitedOut: 0, missing: 0, isUnknown: false };

let rig: Rig;
let node: PostgresStore;
let other: PostgresStore;
/** Somebody who may connect to the database, and read no table. */
let stranger: Client;
let channel: string;
const letters: Record<string, unknown>[] = [];

beforeAll(async () => {
  rig = await Rig.start();
  node = await rig.open();
  other = await rig.open();
  await rig.sql('CREATE ROLE stranger');
  stranger = await rig.server.connect(rig.database);
  const { rows } = await stranger.query(`SELECT 'symbolon_' || 'heartbeat'::regclass::oid AS channel`);
  channel = rows[0].channel;
  await stranger.query('SET ROLE stranger');
  stranger.on('notification', ({ payload = '' }) => take(payload));
  await stranger.query(`LISTEN ${channel}`);
});

beforeEach(() => void letters.splice(0));

afterEach(() => other.others.answerBy(async () => NONE));

afterAll(async () => {
  await stranger.end();
  await rig[Symbol.asyncDispose]();
});

function take(payload: string) {
  try {
    letters.push(Object(JSON.parse(payload)));
  } catch {
    // What this test itself sent.
  }
}

function send(letter: unknown) {
  return stranger.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify(letter)]);
}

/** The one letter of these that the stranger reads. */
async function letterWith(name: string): Promise<Record<string, unknown>> {
  await until(`a letter with ${name}`, () => letters.some((letter) => name in letter));
  return letters.find((letter) => name in letter) as Record<string, unknown>;
}

it('one that never had watchers says so, and one that has tells of them', async () => {
  await Heard.of(node).until(({ isUnknown }) => isUnknown === false);
  const asked: unknown[] = [];
  other.others.answerBy(async (...question) => {
    asked.push(question);
    return { acknowledged: 2, waitedOut: 1, missing: 3 };
  });
  const heard = Heard.of(node, 7);
  await heard.until(({ missing }) => missing === 3);
  expect(heard.counts).toEqual([
    { ...NONE, isUnknown: true },
    { acknowledged: 2, waitedOut: 1, missing: 3, isUnknown: false },
  ]);
  expect(asked).toEqual([['acme', 7]]);
});

it('one that does not know all of its watchers says so', async () => {
  other.others.answerBy(async () => ({ ...NONE, acknowledged: 1, isUnknown: true }));
  const heard = Heard.of(node);
  await heard.until(({ acknowledged }) => acknowledged === 1);
  expect(heard.counts.at(-1)).toMatchObject({ isUnknown: true });
});

it('many questions at a time are all answered', async () => {
  other.others.answerBy(async (_tenantId, revision) => ({ ...NONE, acknowledged: revision }));
  const all = Array.from({ length: 600 }, (_, i) => Heard.of(node, i + 1));
  for (const [i, heard] of all.entries()) {
    await heard.until(({ acknowledged }) => acknowledged === i + 1);
  }
});

it('nobody is told who has stopped asking', async () => {
  let answer = (_count: Count) => {};
  other.others.answerBy(() => new Promise((resolve) => (answer = resolve)));
  const stopped = Heard.of(node);
  await letterWith('by');
  await stopped.last();
  stopped.stop();
  answer({ ...NONE, acknowledged: 5 });
  await letterWith('to');
  await Heard.of(other).until(({ isUnknown }) => isUnknown === false);
  expect(stopped.counts).toEqual([{ ...NONE, isUnknown: true }]);
});

it('a stranger can’t answer for a server, nor with what it said of another revision', async () => {
  let answer = (_count: Count) => {};
  other.others.answerBy((_tenantId, revision) =>
    revision === 9 ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(NONE),
  );
  const heard = Heard.of(node, 9);
  const { by, id } = await letterWith('by');
  await send({ to: by, id, count: NONE, seal: '' });
  await send({ to: by, id, count: NONE, seal: 'A'.repeat(43) });
  // The server itself says of an earlier revision that all know it, under the same id.
  await send({ by, id, tenantId: 'acme', revision: 8 });
  // Its seal is of that question, and goes with no other count.
  const { seal } = await letterWith('seal').then(async () => {
    await until('a third answer', () => letters.filter((letter) => 'to' in letter).length === 3);
    return letters.filter((letter) => 'to' in letter)[2] as { seal: string };
  });
  await send({ to: by, id, count: { ...NONE, acknowledged: 50 }, seal });
  expect(heard.counts.every(({ isUnknown }) => isUnknown)).toBe(true);
  answer({ ...NONE, acknowledged: 4 });
  await heard.until(({ isUnknown }) => isUnknown === false);
  expect(heard.counts).toEqual([
    { ...NONE, isUnknown: true },
    { ...NONE, acknowledged: 4 },
  ]);
});

it('a letter that is a question and no whole answer is none', async () => {
  let answer = (_count: Count) => {};
  other.others.answerBy(() => new Promise((resolve) => (answer = resolve)));
  const heard = Heard.of(node);
  const { by, id } = await letterWith('by');
  await send({ by, id, tenantId: 'acme', revision: 1, to: by });
  await send({ by: 'b'.repeat(22), id, tenantId: 'acme', revision: 1, to: by, count: NONE });
  await send({ by: 'b'.repeat(22), id, tenantId: 'acme', revision: 1, to: by, count: null, seal: '' });
  answer(NONE);
  await heard.until(({ isUnknown }) => isUnknown === false);
});

it('a question whose answer is too long for a notification keeps no other from being answered', async () => {
  let answer = (_count: Count) => {};
  other.others.answerBy((_tenantId, revision) =>
    revision === 9 ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(NONE),
  );
  const heard = Heard.of(node, 9);
  await letterWith('by');
  for (let i = 0; i < 50; i++) {
    await send({ by: 'b'.repeat(7_900), id: `${i}`, tenantId: 'acme', revision: 1 });
    if (i === 25) {
      answer({ ...NONE, acknowledged: 4 });
    }
  }
  await heard.until(({ acknowledged }) => acknowledged === 4);
});

it('what is not a letter harms nobody', async () => {
  for (const text of ['', '{', 'null', '[]', '7', '{"by":1}', '{"to":"a","id":"b","count":null,"seal":"c"}']) {
    await stranger.query('SELECT pg_notify($1, $2)', [channel, text]).catch(() => undefined);
    letters.splice(0);
  }
  await Heard.of(node).until(({ isUnknown }) => isUnknown === false);
});
