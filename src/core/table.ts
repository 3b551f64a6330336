/**
 * A table, described once. From its description come the codecs of its rows, the statements of every engine, what is purged, and what
 * a copy copies. It is data: it knows no SQL and no driver.
 */

/** What a column holds. A flag is a boolean; an engine without booleans has 0 and 1 for it. */
export type ColumnKind = 'text' | 'integer' | 'flag' | 'bytes';

/** What an engine reads and writes. */
export type Stored = string | number | boolean | Uint8Array | null;

/** How one value of the core stands in one column; null and undefined are NULL in every column. */
export interface Column<T> {
  readonly kind: ColumnKind;
  readonly toStored: (value: NonNullable<T>) => Stored;
  readonly fromStored: (stored: never) => T;
}

/** Several columns that are one object of the core. All of them are NULL, and the object null, when its first column is. */
export interface Group<T> {
  readonly prefix: string;
  readonly columns: Columns<NonNullable<T>>;
}

export type Columns<T> = { readonly [K in keyof T]-?: Column<T[K]> | Group<T[K]> };

/** A column as it is called and kept. */
export interface StoredColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Rows with these values; null finds NULL. */
export type Where<T> = Partial<T>;

/** Columns and their values, in one order. */
export interface ColumnValues {
  readonly names: readonly string[];
  readonly values: readonly Stored[];
}

/** What others hang on, by the field that names it. */
export type Owner = 'subjectId' | 'clientId';

export interface TableOptions<T> {
  /** The fields of the primary key, each of one column. */
  readonly key: readonly (keyof T & string)[];
  /** The time after which a row means nothing any more: a field or a derived column, and for how long a row is kept after it. */
  readonly forget?: { readonly by: string; readonly afterMs?: number };
  /** What the rows die with: those that have its id are dropped when it is. */
  readonly diesWith?: readonly Owner[];
  /** Columns that are written with a whole row and not read back. */
  readonly derived?: Readonly<Record<string, (row: T) => number>>;
}

export interface Table<T> {
  readonly name: string;
  readonly columns: readonly StoredColumn[];
  /** The fields of the primary key. */
  readonly key: readonly string[];
  /** Its columns. */
  readonly keyColumns: readonly string[];
  /** A row is forgotten when its column `column` is `afterMs` ago. */
  readonly forget: { readonly column: string; readonly afterMs: number } | undefined;
  readonly diesWith: readonly Owner[];
  /** All columns of a row, in their order. */
  toRow(row: T): readonly Stored[];
  /** A row out of values in the order of the columns, from `offset` on. */
  fromRow(values: readonly unknown[], offset?: number): T;
  /** The columns of some fields. */
  toColumns(fields: Partial<T>): ColumnValues;
  /** The columns of a field. */
  columnsOf(field: string): readonly StoredColumn[];
}

/** A table of whatever rows, for those who only hand it on. */
export type AnyTable = Table<object>;

/** A table as one of any, for plans, changes and engines. The one place where the type of its rows is let go. */
export function anyTable<T>(table: Table<T>): AnyTable {
  return table as unknown as AnyTable;
}

/** A list of rows that agree in some fields, in the order of others. A row's place in it never changes. */
export interface List<T> {
  readonly table: Table<T>;
  readonly by: readonly (keyof T & string)[];
  readonly order: readonly (keyof T & string)[];
}

/** Where a page of a list begins: the values of the fields that order it, of the row before. */
export type Position = readonly (string | number)[];

export interface Page {
  readonly after?: Position | undefined;
  readonly limit: number;
}

const same = <T>(kind: ColumnKind): Column<T> => ({
  kind,
  toStored: (value) => value as Stored,
  fromStored: (stored) => stored as T,
});

/** Of any type of text, so that unions keep their words. */
export const text = <T extends string | null = string>(): Column<T> => same<T>('text');
export const integer = <T extends number | null = number>(): Column<T> => same<T>('integer');
export const bytes = <T extends Uint8Array | null = Uint8Array>(): Column<T> => same<T>('bytes');
export const flag: Column<boolean> = { kind: 'flag', toStored: (value) => value, fromStored: Boolean };

/** Words with spaces between; none of them holds one. */
export const words = <T extends string = string>(): Column<readonly T[]> => ({
  kind: 'text',
  toStored: (value) => value.join(' '),
  fromStored: (stored: string) => (stored === '' ? [] : (stored.split(' ') as T[])),
});

/** One of a closed set of words, as its place in it: a few bytes less in a table that has a row for every login. */
export const coded = <T extends string>(all: readonly T[]): Column<T> => ({
  kind: 'integer',
  toStored: (value) => all.indexOf(value),
  fromStored: (stored: number) => all[stored] as T,
});

/** A value of the core as JSON. `from` takes whatever JSON.parse answers. */
export const json = <T>(from: (value: unknown) => T, to: (value: NonNullable<T>) => unknown = (value) => value) =>
  ({
    kind: 'text',
    toStored: (value) => JSON.stringify(to(value)),
    fromStored: (stored: string) => from(JSON.parse(stored)),
  }) satisfies Column<T>;

export const group = <T extends object | null>(prefix: string, columns: Columns<NonNullable<T>>): Group<T> => ({
  prefix,
  columns,
});

interface Leaf extends StoredColumn {
  readonly path: readonly string[];
  readonly column: Column<unknown>;
}

/** A field and its columns. */
interface Field {
  readonly name: string;
  readonly leaves: readonly Leaf[];
  /** Where its columns begin. */
  readonly start: number;
  readonly isGroup: boolean;
}

export function table<T extends object>(name: string, columns: Columns<T>, options: TableOptions<T>): Table<T> {
  const fields = fieldsOf(columns as Columns<object>);
  const byName = new Map(fields.map((field) => [field.name, field]));
  const leaves = fields.flatMap((field) => field.leaves);
  const derived = Object.entries(options.derived ?? {});
  const columnsOf = (field: string): readonly StoredColumn[] => byName.get(field)?.leaves ?? [];
  const { forget } = options;
  return {
    name,
    columns: [...leaves, ...derived.map(([column]) => ({ name: column, kind: 'integer' as const }))].map(
      ({ name: column, kind }) => ({ name: column, kind }),
    ),
    key: options.key,
    keyColumns: options.key.flatMap((field) => columnsOf(field).map((column) => column.name)),
    diesWith: options.diesWith ?? [],
    forget: forget && { column: columnsOf(forget.by)[0]?.name ?? forget.by, afterMs: forget.afterMs ?? 0 },
    toRow: (row) => [...leaves.map((leaf) => storedOf(leaf, row)), ...derived.map(([, of]) => of(row))],
    fromRow: (values, offset = 0) => {
      const row: Record<string, unknown> = {};
      for (const field of fields) {
        row[field.name] = valueFrom(field, values, offset + field.start);
      }
      return row as T;
    },
    toColumns: (given) => {
      const wanted = Object.keys(given).flatMap((field) => byName.get(field)?.leaves ?? []);
      return { names: wanted.map((leaf) => leaf.name), values: wanted.map((leaf) => storedOf(leaf, given)) };
    },
    columnsOf,
  };
}

function fieldsOf(columns: Columns<object>): Field[] {
  let start = 0;
  return Object.entries(columns as Record<string, Column<unknown> | Group<object>>).map(([name, each]) => {
    const isGroup = 'columns' in each;
    const leaves = isGroup
      ? Object.entries(each.columns as Record<string, Column<unknown>>).map(([inner, column]) => ({
          name: each.prefix + snakeCase(inner),
          kind: column.kind,
          path: [name, inner],
          column,
        }))
      : [{ name: snakeCase(name), kind: each.kind, path: [name], column: each }];
    const field = { name, leaves, start, isGroup };
    start += leaves.length;
    return field;
  });
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function storedOf({ path, column }: Leaf, row: object): Stored {
  const [field = '', inner] = path;
  const outer = (row as Record<string, unknown>)[field];
  const value = inner === undefined ? outer : (outer as Record<string, unknown> | null)?.[inner];
  return value === null || value === undefined ? null : column.toStored(value);
}

function valueFrom({ leaves, isGroup }: Field, values: readonly unknown[], start: number): unknown {
  const [first] = leaves;
  if (!isGroup) {
    return first && fromStored(first, values[start]);
  }
  if (values[start] === null) {
    return null;
  }
  const inner: Record<string, unknown> = {};
  leaves.forEach((leaf, i) => {
    inner[leaf.path[1] ?? ''] = fromStored(leaf, values[start + i]);
  });
  return inner;
}

function fromStored({ column }: Leaf, stored: unknown): unknown {
  return stored === null ? null : column.fromStored(stored as never);
}
