/** What columns hold that are no plain values: lists of words, with spaces between (no scope or role holds one), and flags. */

export function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

export function textOf(words: readonly string[]): string {
  return words.join(' ');
}

/** A boolean column; SQLite has 0 and 1 for it. */
export type Flag = boolean | number;

/** The columns of a list such as `FAMILY_COLUMNS`. */
export function columnsOf(list: string): string[] {
  return list.split(',').map((column) => column.trim());
}

export function prefixed(table: string, columns: readonly string[]): string {
  return columns.map((column) => `${table}.${column}`).join(', ');
}

/** Names the values of a row that comes as an array, maybe of several tables' columns one after the other: those from `offset` on. */
export function rowOf<T>(columns: readonly string[], row: readonly unknown[], offset = 0): T {
  const named: Record<string, unknown> = {};
  columns.forEach((column, i) => {
    named[column] = row[offset + i];
  });
  return named as T;
}
