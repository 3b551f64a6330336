/** A store whose audit log somebody has tampered with: it reads so, whatever the engine. */
import type { Actor } from '../../src/core/actor.ts';
import type { Reads } from '../../src/core/plan.ts';
import type { Store } from '../../src/core/services/store.ts';
import type { Page, Where } from '../../src/core/table.ts';
import { AUDIT_RECORDS, type AuditRecord } from '../../src/core/tables/audit.ts';
import { TENANT, type Tenant } from '../../src/core/tables/tenants.ts';
import { wrapStore } from './wrapped-store.ts';

export interface Tampering {
  readonly records?: (rows: readonly AuditRecord[]) => readonly AuditRecord[];
  /** What is changed of the tenant. */
  readonly head?: Partial<Tenant>;
}

export function altered(sequence: number, fields: Partial<AuditRecord>): Tampering {
  return { records: (rows) => rows.map((row) => (row.sequence === sequence ? { ...row, ...fields } : row)) };
}

export function alteredActor(sequence: number, fields: Partial<Actor>): Tampering {
  const changed = (row: AuditRecord) => ({ ...row, actor: { ...row.actor, ...fields } });
  return { records: (rows) => rows.map((row) => (row.sequence === sequence ? changed(row) : row)) };
}

const ALL: Page = { limit: 1_000 };

export function tamperedStore(store: Store, { records = (rows) => rows, head = {} }: Tampering): Store {
  const list = async (by: Where<AuditRecord>, { after: [position = 0] = [], limit }: Page) => {
    const rows = records(await store.list(AUDIT_RECORDS, by, ALL));
    return rows.filter(({ sequence }) => sequence > Number(position)).slice(0, limit);
  };
  const read = async (reads: Reads) => {
    const state: Record<string, unknown> = await store.read(reads);
    const isTenant = (name: string) => reads[name]?.table.name === TENANT.name;
    const tamperedWith = ([name, row]: [string, unknown]) => [name, isTenant(name) ? { ...Object(row), ...head } : row];
    return Object.fromEntries(Object.entries(state).map(tamperedWith));
  };
  return wrapStore(store, {
    read: read as Store['read'],
    list: ((_: unknown, by: Where<AuditRecord>, page: Page) => list(by, page)) as unknown as Store['list'],
  });
}
