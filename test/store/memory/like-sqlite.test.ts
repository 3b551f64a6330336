/** Memory and SQLite, given the same changes, hold the same rows and refuse the same. */
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Change, drop, insert, put, set } from '../../../src/core/changes.ts';
import { all, due } from '../../../src/core/plan.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../../../src/core/tables/login-failures.ts';
import { MESSAGE, MESSAGES, type Message } from '../../../src/core/tables/messages.ts';
import { answerList, answerReads } from '../../../src/store/memory/reads.ts';
import { MemoryTables } from '../../../src/store/memory/tables.ts';
import { prepareApplier } from '../../../src/store/sqlite/apply.ts';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { Lists } from '../../../src/store/sqlite/lists.ts';
import { prepareLoader } from '../../../src/store/sqlite/load.ts';
import { migrate } from '../../../src/store/sqlite/migrations.ts';
import { preparePurger } from '../../../src/store/sqlite/purge.ts';
import { temporaryDirectory } from '../../support.ts';

const directory = temporaryDirectory();
const path = join(directory.path, 'symbolon.db');
let database: ReturnType<typeof openWriter>;

beforeAll(() => {
  database = openWriter(path);
  migrate(database, path);
});
afterAll(() => {
  database.close();
  directory.remove();
});

/** Few, so that they meet; some that UTF-16 orders otherwise than UTF-8. */
const word = fc.constantFrom('a', 'B', '', '\uff5e', '\u{1f98a}', '10', '9');
const time = fc.constantFrom(0, 9, 10, 2 ** 40);
const bytes = fc.constantFrom(null, new Uint8Array(), new Uint8Array([0, 1]), new Uint8Array([255]));

const failures: fc.Arbitrary<LoginFailures> = fc.record({
  tenantId: word,
  key: word,
  count: time,
  pending: time,
  windowEndTime: time,
  lockEndTime: fc.option(time),
  countTime: time,
});
const message: fc.Arbitrary<Message> = fc.record({
  messageId: word,
  tenantId: word,
  subjectId: word,
  channel: fc.constantFrom('email', 'sms'),
  purpose: fc.constant('verify_email'),
  address: word,
  sealed: bytes,
  state: fc.constantFrom('pending', 'sent'),
  attempts: time,
  nextAttemptTime: time,
  lastError: fc.option(word),
  createTime: time,
  expireTime: time,
  keepUntil: time,
});

/** Some of the fields of a row. */
function part<T extends object>(
  row: fc.Arbitrary<T>,
  fields: readonly (keyof T)[],
  minLength = 0,
): fc.Arbitrary<Partial<T>> {
  return fc
    .tuple(row, fc.subarray([...fields], { minLength }))
    .map(([of, some]) => Object.fromEntries(some.map((field) => [field, of[field]])) as Partial<T>);
}

const whereFailures = part(failures, ['tenantId', 'key', 'lockEndTime']);
const whereMessage = part(message, ['messageId', 'tenantId', 'state', 'sealed', 'lastError']);

const change: fc.Arbitrary<Change> = fc.oneof(
  failures.map((row) => insert(LOGIN_FAILURES, row)),
  failures.map((row) => put(LOGIN_FAILURES, row)),
  whereFailures.map((where) => drop(LOGIN_FAILURES, where)),
  message.map((row) => insert(MESSAGE, row)),
  message.map((row) => put(MESSAGE, row)),
  fc
    .tuple(whereMessage, part(message, ['state', 'sealed', 'lastError', 'nextAttemptTime'], 1))
    .map(([where, fields]) => set(MESSAGE, where, fields)),
  // A key that is set may be taken.
  fc.tuple(word, word).map(([messageId, to]) => set(MESSAGE, { messageId }, { messageId: to })),
  whereMessage.map((where) => drop(MESSAGE, where)),
);

type Step = { readonly changes: readonly Change[] } | { readonly purgeAt: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.array(change, { maxLength: 4 }).map((changes) => ({ changes })) },
  { weight: 1, arbitrary: time.map((purgeAt) => ({ purgeAt })) },
);

const EVERYTHING = 1_000;

function takes(work: () => unknown): unknown {
  try {
    return work() ?? true;
  } catch {
    return false;
  }
}

it('after each of many random commands', () => {
  const apply = prepareApplier(database);
  const purge = preparePurger(database);
  const [load, lists] = [prepareLoader(database), new Lists(database)];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), whereMessage, word, (steps, where, tenantId) => {
      database.exec('DELETE FROM login_failures; DELETE FROM message');
      const tables = new MemoryTables();
      for (const each of steps) {
        if ('purgeAt' in each) {
          expect(tables.purge(each.purgeAt, EVERYTHING)).toBe(purge(each.purgeAt, EVERYTHING));
        } else {
          const inSqlite = takes(database.transaction(() => each.changes.forEach(apply)));
          expect(takes(() => tables.apply(each.changes))).toBe(inSqlite);
        }
        const reads = {
          failures: all(LOGIN_FAILURES, {}),
          messages: all(MESSAGE, where),
          due: due(MESSAGE, { state: 'pending' }, 'nextAttemptTime', 3, 3_600_000),
        };
        expect(answerReads(tables, reads, 10)).toEqual(plain(load(10)(reads)));
        for (const after of [undefined, [9, 'B']] as const) {
          const page = { after, limit: 2 };
          expect(answerList(tables, MESSAGES, { tenantId }, page)).toEqual(
            plain(lists.page(MESSAGES, { tenantId }, page)),
          );
        }
      }
    }),
    { numRuns: 100 },
  );
});

/** Bytes of SQLite are of a kind of their own. */
function plain<T>(value: T): T {
  if (value instanceof Uint8Array) {
    return new Uint8Array(value) as T & Uint8Array;
  }
  if (Array.isArray(value)) {
    return value.map(plain) as T;
  }
  return typeof value === 'object' && value !== null
    ? (Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])) as T)
    : value;
}
