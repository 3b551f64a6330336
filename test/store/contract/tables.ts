/**
 * What every engine does with every table of src/core/tables, below the port: there, only commands change rows. Rows are made from the
 * description, so a table or a column that comes later is held to the same.
 */
import { describe, expect, it } from 'vitest';
import { type Change, drop, insert, put, set } from '../../../src/core/changes.ts';
import type { State } from '../../../src/core/commands/decide.ts';
import type { Instant } from '../../../src/core/model.ts';
import { type AnyRead, all, due, each, one, type Reads } from '../../../src/core/plan.ts';
import type { AnyTable, List, Page, Where } from '../../../src/core/table.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { CLIENTS } from '../../../src/core/tables/clients.ts';
import { FAMILIES, FAMILY } from '../../../src/core/tables/families.ts';
import { TABLES } from '../../../src/core/tables/index.ts';
import { MESSAGE, MESSAGES, type Message } from '../../../src/core/tables/messages.ts';
import { SUBJECTS } from '../../../src/core/tables/subjects.ts';
import { TENANTS } from '../../../src/core/tables/tenants.ts';
import { keyOf, NULLABLE, rowOf, rowsUpTo, SINGLE, withoutKey } from './table-rows.ts';

/** The two halves of a transaction, a list and the purge of an engine whose store is empty. */
export interface TableEngine {
  apply(changes: readonly Change[]): Promise<void>;
  load(reads: Reads, now: Instant): Promise<State>;
  list(list: List<object>, by: Where<object>, page: Page): Promise<readonly object[]>;
  purge(now: Instant, limit: number): Promise<number>;
}

const anyList = <T>(list: List<T>) => list as unknown as List<object>;
const LISTS = [TENANTS, CLIENTS, SUBJECTS, FAMILIES, MESSAGES, AUDIT_RECORDS].map((list) =>
  anyList(list as List<never>),
);

const named = <T extends AnyTable>(tables: readonly T[]) => tables.map((table) => [table.name, table] as const);
const SEVERAL = TABLES.filter(({ name }) => !SINGLE.includes(name));
const FORGOTTEN = TABLES.filter(({ forget }) => forget !== undefined);
const NOW = Date.UTC(2030, 0, 1);

export function tables(engine: TableEngine): void {
  const begin = (table: AnyTable, n: number) =>
    engine.apply(rowsUpTo(table, n).map((each) => insert(each.table, each.row)));

  // A driver's buffers are bytes like others, once they are copied.
  const load = async (reads: Reads) => structuredClone(await engine.load(reads, NOW));
  const page = async (...query: Parameters<TableEngine['list']>) => structuredClone(await engine.list(...query));

  async function find(table: AnyTable, row: object): Promise<object | undefined> {
    const { found } = await load({ found: one(table, keyOf(table, row)) });
    return found as object | undefined;
  }

  describe('a row', () => {
    it.each(named(TABLES))('of %s is read back as it was inserted', async (_, table) => {
      await begin(table, 1);
      const row = rowOf(table, 1);
      const key = keyOf(table, row);
      const unknown = keyOf(table, rowOf(table, 9, { number: 9 }));
      const reads = {
        one: one(table, key),
        none: one(table, undefined),
        each: each(table, SINGLE.includes(table.name) ? [key] : [unknown, key]),
        all: all(table, key),
        whole: all(table, {}),
        nothing: all(table, undefined),
      };

      const state = { one: row, none: undefined, each: [row], all: [row], whole: [row], nothing: [] };
      expect(await load(reads)).toEqual(state);
    });

    it.each(named(SEVERAL))('of %s is found by every one of its values', async (_, table) => {
      await begin(table, 1);
      await begin(table, 2);
      const row = rowOf(table, 2);
      const reads = Object.fromEntries(
        Object.entries(row)
          .filter(([field]) => table.columnsOf(field).length === 1 && !['payload', 'policy'].includes(field))
          .map(([field, value]) => [field, all(table, { [field]: value })]),
      );

      for (const found of Object.values(await load(reads))) {
        expect(found).toContainEqual(row);
      }
    });

    it.each(named(SEVERAL))('of %s is put in the place of another, and beside others', async (_, table) => {
      await begin(table, 1);
      await begin(table, 2);
      const first = { ...rowOf(table, 2, { withNulls: true }), ...keyOf(table, rowOf(table, 1)) };
      await engine.apply([put(table, first)]);

      expect(await find(table, first)).toEqual(first);
      expect(await find(table, rowOf(table, 2))).toEqual(rowOf(table, 2));

      await engine.apply([drop(table, keyOf(table, first)), put(table, first)]);
      expect(await find(table, first)).toEqual(first);
    });

    it.each(named(SEVERAL))('of %s has all of its fields set, to nulls and back', async (_, table) => {
      await begin(table, 1);
      await begin(table, 2);
      const [row, other] = [rowOf(table, 1), rowOf(table, 2)];
      const key = keyOf(table, row);
      const nulls = { ...rowOf(table, 2, { withNulls: true }), ...key };
      await engine.apply([set(table, key, withoutKey(table, nulls))]);

      expect(await find(table, row)).toEqual(nulls);
      await engine.apply([set(table, key, withoutKey(table, row))]);
      expect(await find(table, row)).toEqual(row);
      expect(await find(table, other)).toEqual(other);
    });

    it.each(named(SEVERAL))('of %s is dropped alone', async (_, table) => {
      await begin(table, 1);
      await begin(table, 2);
      await engine.apply([drop(table, keyOf(table, rowOf(table, 1)))]);

      expect(await find(table, rowOf(table, 1))).toBeUndefined();
      expect(await find(table, rowOf(table, 2))).toEqual(rowOf(table, 2));
    });

    it.each(named(TABLES.filter(({ name }) => NULLABLE[name])))('of %s is found by its nulls', async (_, table) => {
      await begin(table, 1);
      await begin(table, 2);
      const nulls = rowOf(table, 1, { withNulls: true });
      await engine.apply([put(table, nulls)]);
      const fields = Object.entries(nulls).filter(([, value]) => value === null);
      const where = Object.fromEntries(fields.filter(([field]) => table.columnsOf(field).length === 1));

      const expected = Object.keys(where).length === 0 ? [nulls, rowOf(table, 2)] : [nulls];
      expect(await load({ found: all(table, where) })).toEqual({ found: expected });
      await engine.apply([drop(table, where)]);
      expect(await find(table, nulls)).toBeUndefined();
    });
  });

  describe('a list', () => {
    it.each(LISTS.map((list) => [list.table.name, list] as const))('of %s comes in pages', async (_, list) => {
      const { table } = list;
      for (const n of [1, 2, 3, 4, 5]) {
        await begin(table, n);
      }
      // All alike, but for their keys and what orders them.
      const common = pickOf(rowOf(table, 1), list.by);
      const rows = [1, 2, 3, 4, 5].map((n) => ({ ...rowOf(table, n), ...common }));
      await engine.apply([...[5, 4, 3, 2, 1].map((n) => drop(table, keyOf(table, rowOf(table, n))))]);
      await engine.apply([...rows].reverse().map((row) => insert(table, row)));

      const first = await page(list, common, { limit: 2 });
      const after = list.order.map((field) => (first[1] as Record<string, string | number>)[field] ?? '');
      expect(first).toEqual(rows.slice(0, 2));
      expect(await page(list, common, { after, limit: 2 })).toEqual(rows.slice(2, 4));
      expect(await page(list, common, { after, limit: 9 })).toEqual(rows.slice(2));
    });
  });

  describe('what is due', () => {
    it('is found with the longest due first, and no more than was asked for', async () => {
      const message = rowOf(MESSAGE as unknown as AnyTable, 1) as Message;
      const of = (messageId: string, fields: Partial<Message>) => insert(MESSAGE, { ...message, messageId, ...fields });
      await engine.apply([
        of('last', { nextAttemptTime: NOW }),
        of('later', { nextAttemptTime: NOW + 1 }),
        of('second', { nextAttemptTime: NOW - 1 }),
        of('first', { nextAttemptTime: NOW - 1 }),
        of('sent', { nextAttemptTime: NOW - 1, state: 'sent' }),
      ]);
      const find = async (limit: number) => {
        const messages = due(MESSAGE, { state: 'pending' }, 'nextAttemptTime', limit, 3_600_000);
        const { found } = await load({ found: messages as unknown as AnyRead });
        return (found as readonly Message[]).map(({ messageId }) => messageId);
      };

      expect(await find(9)).toEqual(['first', 'second', 'last']);
      expect(await find(2)).toEqual(['first', 'second']);
    });
  });

  describe('the purge', () => {
    it.each(named(FORGOTTEN))('forgets what means nothing any more of %s, and nothing else', async (_, table) => {
      const time = NOW - (table.forget?.afterMs ?? 0);
      for (const n of [1, 2, 3]) {
        const parents = rowsUpTo(table, n).filter((each) => each.table.forget === undefined);
        const row = rowOf(table, n, { number: n === 3 ? time + 1 : time });
        await engine.apply([...parents, { table, row }].map((each) => insert(each.table, each.row)));
      }

      expect(await engine.purge(NOW - 1, 10)).toBe(0);
      expect(await engine.purge(NOW, 1)).toBe(1);
      expect(await engine.purge(NOW, 10)).toBe(1);
      expect(await find(table, rowOf(table, 3, { number: time + 1 }))).toBeDefined();
    });

    it('keeps a family that never expires', async () => {
      const family = rowOf(FAMILY as unknown as AnyTable, 1, { withNulls: true });
      await engine.apply([insert(FAMILY as unknown as AnyTable, family)]);

      expect(await engine.purge(Number.MAX_SAFE_INTEGER, 10)).toBe(0);
    });
  });
}

function pickOf(row: object, fields: readonly string[]): Where<object> {
  return Object.fromEntries(Object.entries(row).filter(([field]) => fields.includes(field)));
}
