/** What is the memory engine's own: order, copies and taking back, without a command's rule. */
import { beforeEach, describe, expect, it } from 'vitest';
import { drop, insert, put, set } from '../../../src/core/changes.ts';
import { all, due, each, one } from '../../../src/core/plan.ts';
import { type AnyTable, type List, table, text } from '../../../src/core/table.ts';
import { CODE, type Code } from '../../../src/core/tables/codes.ts';
import { SERVER_KEY, TAG_KEY, type TagKey } from '../../../src/core/tables/keys.ts';
import { LOGIN_FAILURES } from '../../../src/core/tables/login-failures.ts';
import { MESSAGE, MESSAGES, type Message } from '../../../src/core/tables/messages.ts';
import { REVOCATION, REVOCATION_RETENTION_MS } from '../../../src/core/tables/revocations.ts';
import { HANDLE, type Handle } from '../../../src/core/tables/subjects.ts';
import { answerList, answerReads } from '../../../src/store/memory/reads.ts';
import { MemoryTables } from '../../../src/store/memory/tables.ts';
import { tables as tablesChapter } from '../contract/tables.ts';

interface Word {
  readonly key: string;
  readonly about: string | null;
}

const WORD = table<Word>('word', { key: text(), about: text<string | null>() }, { key: ['key'] });
const WORDS: List<Word> = { table: WORD, by: [], order: ['key'] };
/** By their bytes in UTF-8. UTF-16, which JavaScript compares by, has the last two the other way round. */
const IN_ORDER = ['', ' ', '10', '9', 'A', 'B', 'a', 'aa', 'b', 'e\u0301', 'é', '日', '\uff5e', '\u{1f98a}'];

const NOW = 1_000;
const word = (key: string, about: string | null = null): Word => ({ key, about });
const read = <T>(tables: MemoryTables, list: List<T>) => answerList(tables, list, {}, { limit: 100 });

function handleOf(key: string, subjectId: string): Handle {
  return { tenantId: 'acme', kind: 'email', key, subjectId };
}

function messageOf(messageId: string, overrides: Partial<Message> = {}): Message {
  return {
    messageId,
    tenantId: 'acme',
    subjectId: 'ann',
    channel: 'email',
    purpose: 'verify_email',
    address: 'ann@example.com',
    sealed: new Uint8Array([1, 2]),
    state: 'pending',
    attempts: 0,
    nextAttemptTime: NOW,
    lastError: null,
    createTime: 0,
    expireTime: 5_000,
    keepUntil: 9_000,
    ...overrides,
  };
}

describe('memory keeps every table', () => {
  let tables: MemoryTables;

  beforeEach(() => {
    tables = new MemoryTables();
  });

  tablesChapter({
    apply: async (changes) => tables.apply(changes),
    load: async (reads, now) => answerReads(tables, reads, now),
    list: async (list, by, page) => answerList(tables, list, by, page),
    purge: async (now, limit) => tables.purge(now, limit),
  });
});

it('orders text by its bytes, in lists and in what is read', () => {
  const tables = new MemoryTables();
  tables.apply(IN_ORDER.toReversed().map((key) => insert(WORD, word(key))));
  expect(read(tables, WORDS).map(({ key }) => key)).toEqual(IN_ORDER);
  const { words } = answerReads(tables, { words: all(WORD, { about: null }) }, NOW);
  expect(words.map(({ key }) => key)).toEqual(IN_ORDER);
  for (const [i, key] of IN_ORDER.entries()) {
    const later = answerList(tables, WORDS, {}, { after: [key], limit: 2 });
    expect(later.map((each) => each.key)).toEqual(IN_ORDER.slice(i + 1, i + 3));
  }
});

it('orders numbers by size, and then by the next field', () => {
  const tables = new MemoryTables();
  const rows = [
    messageOf('b', { createTime: 9 }),
    messageOf('c', { createTime: 10 }),
    messageOf('a', { createTime: 10 }),
  ];
  tables.apply([...rows, messageOf('d', { tenantId: 'other' })].map((row) => insert(MESSAGE, row)));
  const list = (after: [number, string] | undefined) =>
    answerList(tables, MESSAGES, { tenantId: 'acme' }, { after, limit: 9 }).map(({ messageId }) => messageId);
  expect(list(undefined)).toEqual(['b', 'a', 'c']);
  expect(list([9, 'b'])).toEqual(['a', 'c']);
  expect(list([9, 'c'])).toEqual(['a', 'c']);
  expect(list([10, 'a'])).toEqual(['c']);
});

it('answers one row, those of some that are there, and nothing where nothing is named', () => {
  const tables = new MemoryTables();
  tables.apply([insert(HANDLE, handleOf('a', 'ann')), insert(HANDLE, handleOf('b', 'ann'))]);
  const key = { tenantId: 'acme', kind: 'email' } as const;
  const found = answerReads(
    tables,
    {
      one: one(HANDLE, { ...key, key: 'b' }),
      another: one(HANDLE, { ...key, key: 'b', subjectId: 'bob' }),
      none: one(HANDLE, undefined),
      some: each(HANDLE, [
        { ...key, key: 'b' },
        { ...key, key: 'c' },
        { ...key, key: 'a' },
      ]),
      all: all(HANDLE, { subjectId: 'ann' }),
      nothing: all(HANDLE, undefined),
    },
    NOW,
  );
  expect(found).toEqual({
    one: handleOf('b', 'ann'),
    another: undefined,
    none: undefined,
    some: [handleOf('b', 'ann'), handleOf('a', 'ann')],
    all: [handleOf('a', 'ann'), handleOf('b', 'ann')],
    nothing: [],
  });
});

it('answers what is due, the longest due first', () => {
  const tables = new MemoryTables();
  const times = { late: NOW + 1, now: NOW, first: 1, alike: 1, sent: 1 };
  const rows = Object.entries(times).map(([id, nextAttemptTime]) => messageOf(id, { nextAttemptTime }));
  tables.apply(rows.map((row) => insert(MESSAGE, row)));
  tables.apply([set(MESSAGE, { messageId: 'sent' }, { state: 'sent' })]);
  const read = (limit: number) =>
    answerReads(tables, { found: due(MESSAGE, { state: 'pending' }, 'nextAttemptTime', limit, 3_600_000) }, NOW).found;
  expect(read(9).map(({ messageId }) => messageId)).toEqual(['alike', 'first', 'now']);
  expect(read(2).map(({ messageId }) => messageId)).toEqual(['alike', 'first']);
});

it('compares null with null, bytes by their values, and what is not said as null', () => {
  const tables = new MemoryTables();
  const fingerprint = new Uint8Array([1, 2]);
  tables.apply([insert(WORD, word('a')), insert(WORD, word('b', '')), insert(SERVER_KEY, { id: 1, fingerprint })]);
  tables.apply([insert(WORD, { key: 'c', about: undefined } as unknown as Word)]);
  const keys = (about: string | null) =>
    answerReads(tables, { found: all(WORD, { about }) }, NOW).found.map(({ key }) => key);
  expect(keys(null)).toEqual(['a', 'c']);
  expect(keys('')).toEqual(['b']);
  const found = answerReads(tables, { key: one(SERVER_KEY, { fingerprint: Buffer.from([1, 2]) }) }, NOW);
  expect(found.key).toEqual({ id: 1, fingerprint });
});

it('shares no bytes and no objects with those who write and read', () => {
  const tables = new MemoryTables();
  const tagKey: TagKey = { keyId: 'a', box: new Uint8Array([1]), state: 'minting', since: 1 };
  const readBox = () => answerReads(tables, { key: one(TAG_KEY, { keyId: 'a' }) }, NOW).key?.box;
  tables.apply([insert(TAG_KEY, tagKey)]);
  tagKey.box[0] = 2;
  readBox()?.set([3]);
  expect(readBox()).toEqual(new Uint8Array([1]));
});

it('sets fields, puts rows in the place of others, and drops all that is named', () => {
  const tables = new MemoryTables();
  tables.apply(['a', 'b', 'c', 'd'].map((key) => insert(WORD, word(key))));
  tables.apply([
    set(WORD, { key: 'a' }, { about: 'one' }),
    set(WORD, { about: null }, { about: 'some' }),
    put(WORD, word('b', 'put')),
    put(WORD, word('e', 'new')),
    set(WORD, { key: 'nobody' }, { about: 'nothing' }),
    drop(WORD, { about: 'some' }),
  ]);
  expect(read(tables, WORDS)).toEqual([word('a', 'one'), word('b', 'put'), word('e', 'new')]);
});

it('inserts a row whose key was dropped by the same command, and moves one to a key that is free', () => {
  const tables = new MemoryTables();
  tables.apply([insert(HANDLE, handleOf('a', 'ann'))]);
  tables.apply([drop(HANDLE, { subjectId: 'ann' }), insert(HANDLE, handleOf('a', 'bob'))]);
  tables.apply([set(HANDLE, { subjectId: 'bob' }, { key: 'b' })]);
  expect(answerReads(tables, { found: all(HANDLE, {}) }, NOW).found).toEqual([handleOf('b', 'bob')]);
});

it('changes nothing at all when a key is taken', () => {
  const tables = new MemoryTables();
  const before = [word('a', 'one'), word('b', 'two')];
  tables.apply(before.map((row) => insert(WORD, row)));
  const others = [
    put(WORD, word('a', 'changed')),
    set(WORD, { key: 'b' }, { about: 'changed' }),
    insert(WORD, word('c')),
    insert(HANDLE, handleOf('a', 'ann')),
    drop(WORD, { key: 'a' }),
    put(WORD, word('a', 'anew')),
  ];
  for (const taken of [insert(WORD, word('b')), insert(WORD, word('c')), set(WORD, { key: 'b' }, { key: 'c' })]) {
    expect(() => tables.apply([...others, taken])).toThrow('word has a row of this key already');
    expect(read(tables, WORDS)).toEqual(before);
    expect(answerReads(tables, { found: all(HANDLE, {}) }, NOW).found).toEqual([]);
  }
});

it('purges what means nothing any more, and not a millisecond earlier, so many of each table', () => {
  const tables = new MemoryTables();
  const code: Code = {
    subjectId: 'ann',
    purpose: 'verify_email',
    tenantId: 'acme',
    digest: new Uint8Array(32),
    address: 'a',
    expireTime: NOW - 1,
    sentCount: 1,
    windowEndTime: NOW,
  };
  const failures = { tenantId: 'acme', count: 1, pending: 0, windowEndTime: NOW, countTime: NOW };
  const event = { tenantId: 'acme', scope: 'user', key: 'ann', cause: 'revoked' } as const;
  tables.apply([
    insert(CODE, code),
    insert(CODE, { ...code, purpose: 'verify_phone', windowEndTime: NOW + 1 }),
    insert(LOGIN_FAILURES, { ...failures, key: 'a', lockEndTime: null }),
    insert(LOGIN_FAILURES, { ...failures, key: 'b', lockEndTime: NOW + 1 }),
    insert(LOGIN_FAILURES, { ...failures, key: 'c', lockEndTime: NOW }),
    insert(REVOCATION, { ...event, revision: 1, eventTime: NOW - REVOCATION_RETENTION_MS }),
    insert(REVOCATION, { ...event, revision: 2, eventTime: NOW - REVOCATION_RETENTION_MS + 1 }),
    insert(SERVER_KEY, { id: 1, fingerprint: new Uint8Array() }),
  ]);
  const kept = () =>
    answerReads(tables, { codes: all(CODE, {}), failures: all(LOGIN_FAILURES, {}), events: all(REVOCATION, {}) }, NOW);
  expect(tables.purge(NOW, 1)).toBe(3);
  expect(tables.purge(NOW, 1)).toBe(1);
  expect(tables.purge(NOW, 9)).toBe(0);
  expect(kept()).toMatchObject({
    codes: [{ purpose: 'verify_phone' }],
    failures: [{ key: 'b' }],
    events: [{ revision: 2 }],
  });
  expect(tables.find(SERVER_KEY as unknown as AnyTable, {})).toHaveLength(1);
});
