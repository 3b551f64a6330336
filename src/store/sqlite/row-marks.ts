/** Marks the rows that threads keep before they change: which these are follows from the descriptions of their tables. */
import type { Database } from 'better-sqlite3';
import type { Change } from '../../core/changes.ts';
import { type AnyTable, anyTable, type Where } from '../../core/table.ts';
import { CLIENT } from '../../core/tables/clients.ts';
import { CONSENT } from '../../core/tables/consents.ts';
import { FAMILY } from '../../core/tables/families.ts';
import { SUBJECT } from '../../core/tables/subjects.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { familyOfBytes } from '../../core/token-form.ts';
import { conditionOf, selectSql } from '../rows/sql.ts';
import { type ChangeMarksWriter, markOf } from './change-marks.ts';
import { bindable, mark, Statements } from './statements.ts';

/** Each has a key of one field. */
export const KEPT_TABLES: readonly AnyTable[] = [
  anyTable(FAMILY),
  anyTable(SUBJECT),
  anyTable(CLIENT),
  anyTable(TENANT),
  anyTable(CONSENT),
];

/** Fields that are not kept: each record of the audit log moves the head of its tenant's. */
const NOT_KEPT = new Map<AnyTable, ReadonlySet<string>>([[anyTable(TENANT), new Set(['auditSequence', 'auditHash'])]]);

export class RowMarks {
  readonly #marks: ChangeMarksWriter;
  readonly #selects: Statements;

  constructor(database: Database, marks: ChangeMarksWriter) {
    this.#marks = marks;
    this.#selects = new Statements(database);
  }

  /** To be called before the change is applied, for then the rows can still be found. */
  mark(change: Change): void {
    const { table } = change;
    // A row that was not there is not kept, and neither is it that there was none.
    if (!KEPT_TABLES.includes(table) || change.change === 'insert' || isUnseen(change)) {
      return;
    }
    const [field = ''] = table.key;
    const key = (change.change === 'put' ? change.row : change.where)[field as never] as unknown;
    if (typeof key === 'string') {
      this.#markRow(table, key);
    } else if (change.change !== 'put') {
      this.#markAll(table, change.where);
    }
  }

  /** By the key as the store has it. */
  markStored(table: AnyTable, key: string | Uint8Array): void {
    this.#markRow(table, typeof key === 'string' ? key : familyOfBytes(key));
  }

  #markRow(table: AnyTable, key: string): void {
    this.#marks.mark(markOf(table.name, key));
  }

  /** Rows that are named by something else than their key. */
  #markAll(table: AnyTable, where: Where<object>): void {
    const { sql, values } = conditionOf(table.toColumns(where), mark);
    const [field = ''] = table.key;
    for (const row of this.#selects.of(table, sql, () => selectSql(table, sql)).all(bindable(values))) {
      this.#markRow(table, table.fromRow(row as unknown[])[field as never]);
    }
  }
}

function isUnseen(change: Change): boolean {
  const notKept = change.change === 'set' ? NOT_KEPT.get(change.table) : undefined;
  return (
    notKept !== undefined && change.change === 'set' && Object.keys(change.fields).every((name) => notKept.has(name))
  );
}
