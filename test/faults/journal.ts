/** What `disk.c` wrote down, and what the test wrote between: each record is one operation that took place, in its order. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** As in disk.c, and `mark`, which tests write. */
const KINDS = [
  'mark',
  'create',
  'write',
  'truncate',
  'sync-begin',
  'sync-end',
  'lost',
  'rename',
  'link',
  'unlink',
  'mkdir',
] as const;

export interface JournalRecord {
  readonly kind: (typeof KINDS)[number];
  /** Below the root. */
  readonly path: string;
  /** The offset of a write, the length of a truncated file, or the id of a sync. */
  readonly number: number | bigint;
  /** What was written, the other path of a rename or link, or a mark. */
  readonly data: Buffer;
}

const HEAD_BYTES = 24;

export function readJournal(path: string): JournalRecord[] {
  const bytes = readFileSync(path);
  const records: JournalRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = KINDS[bytes.readUInt32LE(at)];
    const pathEnd = at + HEAD_BYTES + bytes.readUInt32LE(at + 4);
    const end = pathEnd + Number(bytes.readBigUInt64LE(at + 16));
    if (kind === undefined || end > bytes.length) {
      throw new Error(`the journal ${path} is broken at byte ${at}`);
    }
    const number = bytes.readBigUInt64LE(at + 8);
    records.push({
      kind,
      path: bytes.toString('utf8', at + HEAD_BYTES, pathEnd),
      number: kind.startsWith('sync') || kind === 'lost' ? number : Number(number),
      data: bytes.subarray(pathEnd, end),
    });
    at = end;
  }
  return records;
}

/** What is known of a thing from here on; `null`: something was asked for, and what became of it is not known. */
export interface Mark {
  readonly key: string;
  readonly value: string | null;
}

/** Writes marks into the journal, between what the processes do that are watched. */
export class Marker implements Disposable {
  readonly #file: number;

  constructor(journal: string) {
    this.#file = openSync(journal, 'a', 0o600);
  }

  mark(key: string, value: string | null): void {
    const text = Buffer.from(JSON.stringify({ key, value } satisfies Mark));
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeBigUInt64LE(BigInt(text.length), 16);
    writeSync(this.#file, Buffer.concat([head, text]));
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

export function markOf({ data }: JournalRecord): Mark {
  return JSON.parse(data.toString()) as Mark;
}
