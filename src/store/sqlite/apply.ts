/** Applying the changes of a decision, each of them one statement. */
import type { Database } from 'better-sqlite3';
import type { Change } from '../../core/changes.ts';
import type { AnyTable } from '../../core/table.ts';
import { conditionOf, dropSql, insertSql, putSql, setSql } from '../rows/sql.ts';
import { bindable, mark, Statements } from './statements.ts';

export type Applier = (change: Change) => void;

export function prepareApplier(database: Database): Applier {
  const [inserts, puts, sets, drops] = [
    new Statements(database),
    new Statements(database),
    new Statements(database),
    new Statements(database),
  ];

  function insert(table: AnyTable, row: object): void {
    inserts.of(table, '', () => insertSql(table, mark)).run(bindable(table.toRow(row)));
  }

  function put(table: AnyTable, row: object): void {
    puts.of(table, '', () => putSql(table, mark)).run(bindable(table.toRow(row)));
  }

  function set({ table, where, fields }: Extract<Change, { change: 'set' }>): void {
    const { names, values } = table.toColumns(fields);
    const condition = conditionOf(table.toColumns(where), mark);
    const shape = `${names.join()} ${condition.sql}`;
    const statement = sets.of(table, shape, () => setSql(table, names, condition.sql, mark));
    statement.run(bindable([...values, ...condition.values]));
  }

  function drop(table: AnyTable, where: object): void {
    const { sql, values } = conditionOf(table.toColumns(where), mark);
    drops.of(table, sql, () => dropSql(table, sql)).run(bindable(values));
  }

  return (change) => {
    switch (change.change) {
      case 'insert':
        insert(change.table, change.row);
        break;
      case 'put':
        put(change.table, change.row);
        break;
      case 'set':
        set(change);
        break;
      case 'drop':
        drop(change.table, change.where);
        break;
    }
  };
}
