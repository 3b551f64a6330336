/** Lists, a page at a time: each page is one statement that begins in an index where the page does, and reads no row before it. */
import type { Database } from 'better-sqlite3';
import { anyTable, type ColumnValues, type List, type Page, type Position, type Where } from '../../core/table.ts';
import { conditionOf, listSql } from '../rows/sql.ts';
import { bindable, mark, Statements } from './statements.ts';

export class Lists {
  readonly #statements: Statements;

  constructor(database: Database) {
    this.#statements = new Statements(database);
  }

  page<T>(list: List<T>, by: Where<T>, { after, limit }: Page): T[] {
    const { table, order } = list;
    const condition = conditionOf(table.toColumns(by), mark);
    const position = after === undefined ? [] : positionOf(list, after);
    const shape = `${condition.sql} ${order.join()} ${position.length}`;
    const statement = this.#statements.of(anyTable(table), shape, () =>
      listSql(list, condition, after !== undefined, mark),
    );
    const rows = statement.all(bindable([...condition.values, ...position, limit])) as unknown[][];
    return rows.map((row) => table.fromRow(row));
  }
}

/** As its columns hold it: the id of a family is bytes there. */
function positionOf<T>({ table, order }: List<T>, after: Position): ColumnValues['values'] {
  const fields = Object.fromEntries(order.map((field, i) => [field, after[i]]));
  return table.toColumns(fields as Partial<T>).values;
}
