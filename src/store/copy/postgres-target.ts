/**
 * A PostgreSQL target. Besides the table that marks it, a trigger refuses every heartbeat until it is finished: a node that was
 * there before serves nothing without one, and a new one reads the mark.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';
import { COPY_LOCK, LOCK_SPACE } from '../postgres/advisory-locks.ts';
import { migrate } from '../postgres/migrations.ts';
import { columnList } from '../rows/sql.ts';
import { PROGRESS_TABLE } from '../rows/unfinished.ts';
import {
  CopyError,
  describePlace,
  type End,
  type Progress,
  refuseFull,
  refuseOther,
  refuseSame,
  type Target,
} from './end.ts';
import { openPostgres, type PostgresEnd, type PostgresPlace, TYPES } from './postgres-end.ts';
import { requireQuiet, requireQuietNow } from './postgres-nodes.ts';
import { type Key, keyFrom, type Row, textOf, type Value } from './rows.ts';

/** The server does not know at once that a process was killed. */
const LOCK_ATTEMPTS = 50;
const LOCK_PAUSE_MS = 100;
const GATE = `${PROGRESS_TABLE}_gate`;

const CLOSE_GATE = `
  CREATE FUNCTION ${GATE}() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'the store is an unfinished copy';
  END $$;
  CREATE TRIGGER ${GATE} BEFORE INSERT OR UPDATE ON heartbeat FOR EACH ROW EXECUTE FUNCTION ${GATE}();
`;
const OPEN_GATE = `DROP TRIGGER ${GATE} ON heartbeat; DROP FUNCTION ${GATE}();`;

class PostgresTarget implements Target {
  readonly #end: PostgresEnd;
  readonly #client: ClientBase;
  readonly #place: PostgresPlace;

  constructor(end: PostgresEnd, place: PostgresPlace) {
    this.#end = end;
    this.#client = end.client;
    this.#place = place;
  }

  read(...args: Parameters<End['read']>): ReturnType<End['read']> {
    return this.#end.read(...args);
  }

  close(): Promise<void> {
    return this.#end.close();
  }

  begin(source: string): Promise<ReadonlyMap<string, Progress>> {
    return this.#transaction(async () => {
      if (!(await this.#isMarked())) {
        await this.#mark(source);
      }
      return this.#progress(source);
    });
  }

  async write(table: AnyTable, rows: readonly Row[], { lastKey, rows: count }: Progress): Promise<void> {
    const inserted = `INSERT INTO ${table.name} (${columnList(table)}) SELECT * FROM unnest(${table.columns
      .map(({ kind }, i) => `$${i + 4}::${TYPES[kind]}[]`)
      .join(', ')})`;
    await this.#client.query({
      name: `write ${table.name}`,
      // One statement, and so one transaction.
      text: `WITH written AS (${inserted}) UPDATE ${PROGRESS_TABLE} SET last_key = $2, row_count = $3 WHERE name = $1`,
      values: [
        table.name,
        lastKey === null ? null : textOf(lastKey),
        count,
        ...table.columns.map((_, i) => column(rows, i)),
      ],
    });
  }

  finish(): Promise<void> {
    return this.#transaction(async () => {
      await this.#client.query(`DROP TABLE ${PROGRESS_TABLE}; ${OPEN_GATE}`);
      // What was allowed so far is not any more: a node will take it as it is.
      await migrate(this.#client);
      // The planner knows nothing of tables that were filled a moment ago.
      await this.#client.query(`ANALYZE ${TABLES.map(({ name }) => name).join(', ')}`);
    });
  }

  async #mark(source: string): Promise<void> {
    const place = describePlace(this.#place);
    await this.#client.query(`LOCK TABLE heartbeat IN SHARE ROW EXCLUSIVE MODE`);
    await requireQuietNow(this.#client, place);
    for (const { name } of TABLES) {
      const { rowCount } = await this.#client.query(`SELECT 1 FROM ${name} LIMIT 1`);
      if (rowCount !== 0) {
        throw refuseFull(this.#place, name);
      }
    }
    await this.#client.query(
      `CREATE TABLE ${PROGRESS_TABLE} (
        name TEXT PRIMARY KEY, source TEXT NOT NULL, last_key TEXT, row_count BIGINT NOT NULL
      )`,
    );
    await this.#client.query(
      `INSERT INTO ${PROGRESS_TABLE} SELECT name, $2, NULL, 0 FROM unnest($1::text[]) AS copied (name)`,
      [TABLES.map(({ name }) => name), source],
    );
    await this.#client.query(CLOSE_GATE);
  }

  async #isMarked(): Promise<boolean> {
    const { rows } = await this.#client.query('SELECT to_regclass($1) AS found', [PROGRESS_TABLE]);
    return rows[0]?.found !== null;
  }

  async #progress(source: string): Promise<ReadonlyMap<string, Progress>> {
    const { rows } = await this.#client.query<{
      name: string;
      source: string;
      last_key: string | null;
      row_count: bigint;
    }>(`SELECT name, source, last_key, row_count FROM ${PROGRESS_TABLE}`);
    return new Map(
      TABLES.map((table) => {
        const row = rows.find(({ name }) => name === table.name);
        if (row?.source !== source) {
          throw refuseOther(this.#place);
        }
        const lastKey: Key | null = row.last_key === null ? null : keyFrom(table, row.last_key);
        return [table.name, { lastKey, rows: Number(row.row_count) }];
      }),
    );
  }

  async #transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#client.query('BEGIN');
    try {
      const result = await work();
      await this.#client.query('COMMIT');
      return result;
    } catch (error) {
      await this.#client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

export function openPostgresTarget(place: PostgresPlace, source: string): Promise<Target> {
  return openPostgres(place, async (end) => {
    if (end.identity === source) {
      throw refuseSame(place);
    }
    await keepOthersAway(end, place);
    await migrate(end.client, { allowed: [`trigger ${GATE} of heartbeat`] });
    await requireQuiet(end.client, describePlace(place));
    return new PostgresTarget(end, place);
  });
}

/** Till the connection ends. */
async function keepOthersAway({ client }: PostgresEnd, place: PostgresPlace): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS is_held', [LOCK_SPACE, COPY_LOCK]);
    if (rows[0]?.is_held === true) {
      return;
    }
    if (attempt === LOCK_ATTEMPTS) {
      throw new CopyError(`another copy into ${describePlace(place)} is running. Let it end, or stop it`);
    }
    await sleep(LOCK_PAUSE_MS);
  }
}

function column(rows: readonly Row[], index: number): Value[] {
  return rows.map((row) => row[index] ?? null);
}
