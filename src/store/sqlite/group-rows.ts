/**
 * Rows that many commands of a group read: the tenant, and the client that calls. They are read once a group, for its transaction keeps
 * all others from changing them.
 */

import type { Change } from '../../core/changes.ts';
import { type AnyTable, anyTable, type Where } from '../../core/table.ts';
import { CLIENT, CLIENT_SECRET } from '../../core/tables/clients.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { Rows } from './load.ts';

/** Rows by their key. No other table's rows go with them when they are deleted, so only changes of these tables change them. */
const SHARED: readonly AnyTable[] = [anyTable(TENANT), anyTable(CLIENT)];
/** Lists by one field. A client's secrets go with it. */
const SHARED_LISTS: readonly AnyTable[] = [anyTable(CLIENT_SECRET)];
const PARENTS = new Map<AnyTable, AnyTable>([[anyTable(CLIENT), anyTable(CLIENT_SECRET)]]);

export class GroupRows extends Rows {
  readonly #kept = new Map<AnyTable, Map<unknown, object>>(SHARED.map((table) => [table, new Map()]));
  readonly #lists = new Map<AnyTable, Map<string, object[]>>(SHARED_LISTS.map((table) => [table, new Map()]));

  override one(table: AnyTable, where: Where<object>): object | undefined {
    const kept = this.#kept.get(table);
    const key = kept && keyOf(table, where);
    if (kept === undefined || key === undefined) {
      return super.one(table, where);
    }
    const row = kept.get(key) ?? super.one(table, where);
    if (row !== undefined) {
      kept.set(key, row);
    }
    return row;
  }

  override all(table: AnyTable, where: Where<object>): object[] {
    const lists = this.#lists.get(table);
    const key = lists && listKeyOf(where);
    if (lists === undefined || key === undefined) {
      return super.all(table, where);
    }
    const rows = lists.get(key) ?? super.all(table, where);
    lists.set(key, rows);
    return rows;
  }

  /** After a change was applied. What was set of a row that is kept is set there too: a tenant's revision, by each revocation. */
  follow(change: Change): void {
    const { table } = change;
    const kept = this.#kept.get(table);
    const key = kept && change.change === 'set' ? keyOf(table, change.where) : undefined;
    const row = kept?.get(key);
    if (kept !== undefined && row !== undefined && change.change === 'set') {
      kept.set(key, { ...row, ...change.fields });
      return;
    }
    kept?.clear();
    this.#lists.get(table)?.clear();
    const child = PARENTS.get(table);
    if (child !== undefined) {
      this.#lists.get(child)?.clear();
    }
  }

  /** Before a transaction, and after what a transaction lost. */
  forgetAll(): void {
    for (const kept of this.#kept.values()) {
      kept.clear();
    }
    for (const lists of this.#lists.values()) {
      lists.clear();
    }
  }
}

/** Undefined when the row is named by anything else than its key. */
function keyOf({ key }: AnyTable, where: Where<object>): unknown {
  const [field = ''] = key;
  return Object.keys(where).length === 1 ? (where as Readonly<Record<string, unknown>>)[field] : undefined;
}

/** Undefined for what is not one text. */
function listKeyOf(where: Where<object>): string | undefined {
  const entries = Object.entries(where as Readonly<Record<string, unknown>>);
  const [first] = entries;
  return entries.length === 1 && typeof first?.[1] === 'string' ? `${first[0]} ${first[1]}` : undefined;
}
