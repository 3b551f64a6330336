/** Statements of this dialect, derived from the descriptions of tables. All name their columns: a newer version may have added some. */
import type { Change } from '../../core/changes.ts';
import type { Instant } from '../../core/model.ts';
import type { Due } from '../../core/plan.ts';
import { type AnyTable, anyTable, type List, type Page, type Where } from '../../core/table.ts';
import {
  type Condition,
  columnList,
  conditionOf,
  dropSql,
  insertSql,
  listSql,
  orderColumnsOf,
  putSql,
  selectSql,
  setSql,
} from '../rows/sql.ts';
import type { Result, Statement } from './batch.ts';
import type { Session } from './connections.ts';

/** A statement with its values, ready to be sent. */
export interface Step {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

export function send(session: Session, { statement, values }: Step): Promise<Result> {
  return session.query(statement, values);
}

/** NO KEY: a new client or subject refers to its tenant, and need not wait. */
const LOCKED = 'FOR NO KEY UPDATE';
const mark = (n: number) => `$${n}`;

/** By what they do. Their number is bounded by the program's; a text that is always the same object is hashed once. */
const remembered = new Map<string, Statement>();

function statementOf(verb: string, table: AnyTable, detail: string, textOf: () => string): Statement {
  const key = `${verb} ${table.name} ${detail}`;
  let statement = remembered.get(key);
  if (statement === undefined) {
    statement = [`${verb}_${table.name}`, textOf()];
    remembered.set(key, statement);
  }
  return statement;
}

export function readStep(table: AnyTable, where: Where<object>): Step {
  const { sql, values } = conditionOf(table.toColumns(where), mark);
  return { statement: statementOf('read', table, sql, () => selectSql(table, sql)), values };
}

/** Locks a row and reads it. */
export function lockedReadStep(table: AnyTable, where: Where<object>): Step {
  const { sql, values } = conditionOf(table.toColumns(where), mark);
  return { statement: statementOf('lock_read', table, sql, () => `${selectSql(table, sql)} ${LOCKED}`), values };
}

/** Reads a row, and behind its columns a stamp that no later version of it bears: the transaction that wrote it. */
export function stampedReadStep(table: AnyTable, where: Where<object>): Step {
  const { sql, values } = conditionOf(table.toColumns(where), mark);
  const text = () => `SELECT ${columnList(table)}, xmin::text FROM ${table.name} WHERE ${sql}`;
  return { statement: statementOf('stamped_read', table, sql, text), values };
}

/**
 * Locks a row that still bears the stamp. Else it divides by zero, on purpose: that ends the transaction, and faults.ts knows it as a
 * conflict. So does a row that another has locked, for which nobody shall wait in line.
 */
export function checkStep(table: AnyTable, where: Where<object>, stamp: string): Step {
  const { sql, values } = conditionOf(table.toColumns(where), mark);
  const text = () => {
    const same = `SELECT FROM ${table.name} WHERE ${sql} AND xmin::text = ${mark(values.length + 1)} ${LOCKED} NOWAIT`;
    return `SELECT 1 / count(*) FROM (${same}) AS same`;
  };
  return { statement: statementOf('check', table, sql, text), values: [...values, stamp] };
}

export function lockStep(table: AnyTable, where: Where<object>): Step {
  const { sql, values } = conditionOf(table.toColumns(where), mark);
  const text = () => `SELECT FROM ${table.name} WHERE ${sql} ${LOCKED}`;
  return { statement: statementOf('lock', table, sql, text), values };
}

export function dueStep(read: Due<object>, now: Instant): Step {
  return dueStepOf('due', read, now, '');
}

/** What another has locked is being taken. What it took meanwhile is not due any more: that is looked at again under the lock. */
export function lockedDueStep(read: Due<object>, now: Instant): Step {
  return dueStepOf('lock_due', read, now, `${LOCKED} SKIP LOCKED`);
}

function dueStepOf(verb: string, read: Due<object>, now: Instant, lock: string): Step {
  const { table, where, time, furthestMs, limit } = read;
  const { sql, values } = conditionOf(table.toColumns(where), mark);
  const column = table.columnsOf(time)[0]?.name ?? '';
  const [until, beyond, most] = [1, 2, 3].map((n) => mark(values.length + n));
  const text = () =>
    `SELECT ${columnList(table)} FROM ${table.name} WHERE ${sql} AND (${column} <= ${until} OR ${column} > ${beyond})
      ORDER BY ${[column, ...table.keyColumns].join(', ')} LIMIT ${most} ${lock}`;
  const statement = statementOf(verb, table, `${sql} ${column}`, text);
  return { statement, values: [...values, now, now + furthestMs, limit] };
}

export function changeStep(change: Change): Step {
  const { table } = change;
  switch (change.change) {
    case 'insert':
      return {
        statement: statementOf('insert', table, '', () => insertSql(table, mark)),
        values: table.toRow(change.row),
      };
    case 'put':
      return { statement: statementOf('put', table, '', () => putSql(table, mark)), values: table.toRow(change.row) };
    case 'set':
      return setStep(table, change.where, change.fields);
    case 'drop': {
      const { sql, values } = conditionOf(table.toColumns(change.where), mark);
      return { statement: statementOf('drop', table, sql, () => dropSql(table, sql)), values };
    }
  }
}

function setStep(table: AnyTable, where: Where<object>, fields: object): Step {
  const { names, values } = table.toColumns(fields);
  const condition = conditionOf(table.toColumns(where), mark, names.length + 1);
  const text = () => setSql(table, names, condition.sql, mark);
  return {
    statement: statementOf('set', table, `${names.join()} ${condition.sql}`, text),
    values: [...values, ...condition.values],
  };
}

export function listStep<T>(list: List<T>, by: Where<T>, { after, limit }: Page): Step {
  const table = anyTable(list.table);
  const condition = conditionOf(list.table.toColumns(by), mark);
  const hasPosition = after !== undefined;
  const detail = `${condition.sql} ${orderColumnsOf(list).join()} ${hasPosition}`;
  const text = () => listSql(list, condition, hasPosition, mark);
  return {
    statement: statementOf('list', table, detail, text),
    values: [...condition.values, ...(hasPosition ? positionOf(list, after) : []), limit],
  };
}

/** The row before the page, as its columns hold it. */
function positionOf<T>({ table, order }: List<T>, after: NonNullable<Page['after']>): Condition['values'] {
  return order.flatMap((field, i) => table.toColumns({ [field]: after[i] } as Partial<T>).values);
}
