/**
 * SQLite in one thread, which after each write looks whether the writer marked what it changed, and whether what is kept is what the store has.
 * What was changed, temporary triggers tell, so that cascades, triggers of the schema and commands that come later are told as well.
 */
import type { Database, Statement } from 'better-sqlite3';
import { expect } from 'vitest';
import type { Outcome } from '../../../src/core/changes.ts';
import type { AnswerOf, Command } from '../../../src/core/commands/index.ts';
import { SymbolonError } from '../../../src/core/errors.ts';
import type { Reads } from '../../../src/core/plan.ts';
import type { LogPosition } from '../../../src/core/services/revocation-log.ts';
import type { ExecuteOptions, IntrospectionReading, Store } from '../../../src/core/services/store.ts';
import type { AnyTable, List, Page, Where } from '../../../src/core/table.ts';
import { familyOfBytes } from '../../../src/core/token-form.ts';
import { ChangeMarksWriter, changeMarksBuffer, markOf } from '../../../src/store/sqlite/change-marks.ts';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrations.ts';
import { Reader } from '../../../src/store/sqlite/reader.ts';
import { KEPT_TABLES } from '../../../src/store/sqlite/row-marks.ts';
import { GroupWriter, type Write, type WriteResult } from '../../../src/store/sqlite/writer.ts';
import type { TestClock } from '../../support.ts';

/** The head of the audit log, which moves with every record. */
const NOT_KEPT = ['audit_sequence', 'audit_hash'];
/** Enough for nearly all cases, and not too much for those that make thousands. */
const MAX_COMPARED = 10;
const COUNTER = 1;

export class CheckedStore implements Store {
  /** The commands that were executed by any of them. */
  static readonly kinds = new Set<string>();

  readonly #clock: TestClock;
  readonly #database: Database;
  readonly #cells: Int32Array;
  readonly #writer: GroupWriter;
  /** Keeps rows. */
  readonly #reader: Reader;
  /** Keeps none. */
  readonly #plain: Reader;
  readonly #changed: (readonly [table: string, key: string])[] = [];
  readonly #newest: Statement;
  readonly #listeners: ((tenantIds: readonly string[]) => void)[] = [];

  constructor(path: string, clock: TestClock) {
    const buffer = changeMarksBuffer();
    this.#clock = clock;
    this.#database = openWriter(path);
    migrate(this.#database, path);
    this.#database.pragma('synchronous = OFF');
    this.#cells = new Int32Array(buffer);
    this.#writer = new GroupWriter(this.#database, new ChangeMarksWriter(buffer));
    this.#reader = new Reader(path);
    this.#reader.keepRows(buffer);
    this.#plain = new Reader(path);
    this.#newest = this.#database.prepare('SELECT family_id FROM family ORDER BY family_id DESC LIMIT ?').pluck();
    this.#database.function('changed', (table: unknown, key: unknown) => {
      this.#changed.push([String(table), typeof key === 'string' ? key : familyOfBytes(key as Buffer)]);
      return null;
    });
    this.#database.pragma('trusted_schema = ON');
    for (const table of KEPT_TABLES) {
      this.#watch(table);
    }
  }

  #watch({ name, columns, keyColumns: [key] }: AnyTable): void {
    const kept = columns.map((column) => column.name).filter((column) => !NOT_KEPT.includes(column));
    for (const event of [`UPDATE OF ${kept.join(', ')}`, 'DELETE']) {
      this.#database.exec(
        `CREATE TEMP TRIGGER ${name}_${event.slice(0, 6)} AFTER ${event} ON main.${name}
          BEGIN SELECT changed('${name}', OLD.${key}); END`,
      );
    }
  }

  async execute<C extends Command>(command: C, { deadline }: ExecuteOptions = {}): Promise<Outcome<AnswerOf<C>>> {
    CheckedStore.kinds.add(command.kind);
    const late = deadline === undefined ? {} : { deadline };
    const result = this.#commit({ id: 0, work: { command }, now: this.#clock.now, ...late });
    return (result as { outcome: Outcome<AnswerOf<C>> }).outcome;
  }

  async purgeExpired(purgeLimit: number, horizon = this.#clock.now): Promise<number> {
    const result = this.#commit({ id: 0, work: { purgeLimit, horizon }, now: this.#clock.now });
    return (result as { purged: number }).purged;
  }

  #commit(write: Write): WriteResult {
    this.#readAll(this.#reader);
    this.#changed.length = 0;
    const { results, grown } = this.#writer.commit([write]);
    for (const [table, key] of this.#changed) {
      expect(Atomics.load(this.#cells, markOf(table, key)), `${table} ${key} is marked`).toBe(this.#cells[COUNTER]);
    }
    expect(this.#readAll(this.#reader)).toEqual(this.#readAll(this.#plain));
    for (const listener of grown.length > 0 ? this.#listeners : []) {
      listener(grown);
    }
    const [result] = results as [WriteResult];
    if ('fault' in result) {
      throw new SymbolonError(result.fault.code, result.fault.message);
    }
    return result;
  }

  /** The newest families: what is kept of each, and all in one reading. */
  #readAll(reader: Reader): readonly IntrospectionReading[] {
    const ids = (this.#newest.all(MAX_COMPARED) as Buffer[]).map(familyOfBytes);
    const found = ids.map((id) => reader.findFamily(null, id));
    const read = reader.readFamilies(null, ids);
    expect(found.map((one, i) => one ?? read[i])).toEqual(read);
    return read;
  }

  findFamily(tenantId: string | null, familyId: string) {
    return this.#reader.findFamily(tenantId, familyId);
  }

  readFamily(tenantId: string | null, familyId: string) {
    return this.#reader.readFamily(tenantId, familyId);
  }

  async readFamilies(tenantId: string | null, familyIds: readonly string[]) {
    return this.#reader.readFamilies(tenantId, familyIds);
  }

  async readClient(clientId: string) {
    return this.#reader.readClient(clientId);
  }

  async read<R extends Reads>(reads: R) {
    return this.#reader.read(reads, this.#clock.now);
  }

  async list<T>(list: List<T>, by: Where<T>, page: Page) {
    return this.#reader.list(list, by, page);
  }

  async readRevocations(positions: readonly LogPosition[], limit: number) {
    return this.#reader.readRevocations(positions, limit);
  }

  onRevocations(listener: (tenantIds: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  estimateFamilies() {
    return this.#reader.countFamilies(this.#clock.now);
  }

  isWritable() {
    return true;
  }

  isReadable() {
    return true;
  }

  onHealthChange(): void {}

  async close(): Promise<void> {
    this.#reader.close();
    this.#plain.close();
    this.#database.close();
  }
}
