/**
 * The disk that a power loss leaves. Whatever was synced is there. Of what was not, any part may be: each write, each sector of it, in
 * whatever order, and of the changes of a directory's names the first few. Which, is drawn by a seed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type JournalRecord, markOf } from './journal.ts';

type Piece = { readonly at: number; readonly data: Buffer } | { readonly length: number };

/** Bytes that grow; a hole reads as zeros. */
class Content {
  #buffer = Buffer.alloc(0);
  #length = 0;

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  apply(piece: Piece): void {
    if ('length' in piece) {
      this.#grow(piece.length);
      this.#buffer.fill(0, piece.length, this.#length);
      this.#length = piece.length;
    } else {
      const end = piece.at + piece.data.length;
      this.#grow(end);
      piece.data.copy(this.#buffer, piece.at);
      this.#length = Math.max(this.#length, end);
    }
  }

  copy(): Content {
    const copy = new Content();
    copy.#buffer = Buffer.from(this.bytes);
    copy.#length = this.#length;
    return copy;
  }

  #grow(length: number): void {
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(2 * length);
      this.bytes.copy(larger);
      this.#buffer = larger;
    }
  }
}

/** A file, by whatever name. */
interface Inode {
  readonly isDirectory: boolean;
  /** What is on the disk for sure. */
  readonly synced: Content;
  /** What was done since, in order. */
  pending: Piece[];
}

interface NameChange {
  readonly path: string;
  /** Null: the name is gone. */
  readonly inode: Inode | null;
}

/** A rename is one change: never is neither of the names there. */
type Names = readonly NameChange[];

/** A generator of numbers in [0, 1) that a seed determines (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How much of what was not synced is there: none, all, whole writes, pages of the system, sectors. */
const TEARINGS = ['none', 'all', 'writes', 4096, 512] as const;
type Tearing = (typeof TEARINGS)[number];

export class Disk {
  /** As the processes see it. */
  readonly #names = new Map<string, Inode>();
  readonly #syncedNames = new Map<string, Inode>();
  readonly #pendingNames = new Map<string, Names[]>();
  /** Of each sync that has begun, how much was done before. */
  readonly #syncing = new Map<bigint, { readonly inode: Inode; readonly pieces: number; readonly names: number }>();
  /** What was marked last of each thing. */
  readonly known = new Map<string, string | null>();

  constructor() {
    const root = newInode(true);
    this.#names.set('', root);
    this.#syncedNames.set('', root);
  }

  apply(record: JournalRecord): void {
    const { kind, path, data } = record;
    const inode = this.#names.get(path);
    switch (kind) {
      case 'mark': {
        const { key, value } = markOf(record);
        this.known.set(key, value);
        break;
      }
      case 'create':
      case 'mkdir':
        this.#rename(parentOf(path), [{ path, inode: newInode(kind === 'mkdir') }]);
        break;
      case 'link':
      case 'rename': {
        const to = data.toString();
        const gone = kind === 'rename' ? [{ path, inode: null }] : [];
        this.#rename(parentOf(to), [{ path: to, inode: inode ?? null }, ...gone]);
        break;
      }
      case 'unlink':
        this.#rename(parentOf(path), [{ path, inode: null }]);
        break;
      case 'write':
        inode?.pending.push({ at: Number(record.number), data });
        break;
      case 'truncate':
        inode?.pending.push({ length: Number(record.number) });
        break;
      default:
        this.#sync(kind, path, record.number as bigint, inode);
    }
  }

  /** Writes the files that are there after a power loss now. */
  crash(directory: string, random: () => number): void {
    const names = new Map(this.#syncedNames);
    for (const changes of this.#pendingNames.values()) {
      const kept = Math.floor(random() * (changes.length + 1));
      for (const change of changes.slice(0, kept)) {
        applyNames(names, change);
      }
    }
    const tearing = TEARINGS[Math.floor(random() * TEARINGS.length)] ?? 'none';
    const paths = [...names.keys()].sort().filter((path) => isReachable(names, path));
    for (const path of paths) {
      const inode = names.get(path) as Inode;
      const target = join(directory, path);
      if (inode.isDirectory) {
        mkdirSync(target, { recursive: true, mode: 0o700 });
      } else {
        writeFileSync(target, remainderOf(inode, tearing, random), { mode: 0o600 });
      }
    }
  }

  #rename(parent: string, change: Names): void {
    applyNames(this.#names, change);
    const pending = this.#pendingNames.get(parent) ?? [];
    this.#pendingNames.set(parent, pending);
    pending.push(change);
  }

  #sync(kind: JournalRecord['kind'], path: string, id: bigint, inode: Inode | undefined): void {
    if (kind === 'sync-begin' && inode !== undefined) {
      const names = this.#pendingNames.get(path)?.length ?? 0;
      this.#syncing.set(id, { inode, pieces: inode.pending.length, names });
    }
    const sync = this.#syncing.get(id);
    if (kind === 'sync-begin' || sync === undefined) {
      return;
    }
    // Of two syncs that overlap, the first to end may have taken pieces of the other.
    const done = sync.inode.pending.splice(0, sync.pieces);
    if (kind === 'sync-end') {
      for (const piece of done) {
        sync.inode.synced.apply(piece);
      }
      const changes = this.#pendingNames.get(path)?.splice(0, sync.names) ?? [];
      for (const change of changes) {
        applyNames(this.#syncedNames, change);
      }
    }
    this.#syncing.delete(id);
  }
}

function newInode(isDirectory: boolean): Inode {
  return { isDirectory, synced: new Content(), pending: [] };
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
}

function applyNames(names: Map<string, Inode>, change: Names): void {
  for (const { path, inode } of change) {
    if (inode === null) {
      names.delete(path);
    } else {
      names.set(path, inode);
    }
  }
}

/** Whether each directory on the way to it is there. */
function isReachable(names: ReadonlyMap<string, Inode>, path: string): boolean {
  return path === '' || (names.has(parentOf(path)) && isReachable(names, parentOf(path)));
}

function remainderOf({ synced, pending }: Inode, tearing: Tearing, random: () => number): Buffer {
  const content = synced.copy();
  const isKept = () => tearing === 'all' || (tearing !== 'none' && random() < 0.5);
  for (const piece of pending) {
    const parts = 'data' in piece && typeof tearing === 'number' ? torn(piece, tearing) : [piece];
    for (const part of parts.filter(isKept)) {
      content.apply(part);
    }
  }
  return content.bytes;
}

/** The parts of a write that the boundaries of sectors or pages make. */
function torn({ at, data }: Extract<Piece, { data: Buffer }>, size: number): Piece[] {
  const parts: Piece[] = [];
  for (let begin = 0; begin < data.length; ) {
    const end = Math.min(data.length, begin + size - ((at + begin) % size));
    parts.push({ at: at + begin, data: data.subarray(begin, end) });
    begin = end;
  }
  return parts;
}
