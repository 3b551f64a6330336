/** What SQLite keeps beside a database file (https://sqlite.org/fileformat2.html#the_write_ahead_log). */
import { closeSync, openSync, readSync } from 'node:fs';

export const WAL_HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 24;
const PAGE_BYTES_AT = 8;

export function walOf(path: string): string {
  return `${path}-wal`;
}

/** From the first byte to the one before `end`. */
export interface Part {
  readonly begin: number;
  readonly end: number;
}

/** Where the database file has the pages that the frames before `end` are for, in their order. */
export function pagesOf(path: string, end: number): Part[] {
  const wal = openSync(path, 'r');
  try {
    const pageBytes = numberAt(wal, PAGE_BYTES_AT);
    const numbers = new Set<number>();
    for (let at = WAL_HEADER_BYTES; at < end; at += FRAME_HEADER_BYTES + pageBytes) {
      numbers.add(numberAt(wal, at));
    }
    // The first page is number 1.
    const parts = [...numbers].map((number) => ({ begin: (number - 1) * pageBytes, end: number * pageBytes }));
    return adjoined(parts.sort((a, b) => a.begin - b.begin));
  } finally {
    closeSync(wal);
  }
}

function adjoined(parts: readonly Part[]): Part[] {
  const longer: { begin: number; end: number }[] = [];
  for (const { begin, end } of parts) {
    const last = longer.at(-1);
    if (last?.end === begin) {
      last.end = end;
    } else {
      longer.push({ begin, end });
    }
  }
  return longer;
}

function numberAt(file: number, at: number): number {
  const bytes = Buffer.alloc(4);
  if (readSync(file, bytes, 0, bytes.length, at) !== bytes.length) {
    throw new Error('the WAL is shorter than SQLite says');
  }
  return bytes.readUInt32BE();
}
