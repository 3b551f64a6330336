/**
 * Writes parts of a file again with the bytes that they have, so that they are on the disk. By way of the page cache that is not enough.
 * Where the kernel could not write pages that made a file longer, ext4 leaves their blocks marked as never written, and takes what is
 * written to these pages later without changing that. After a power loss they are zeros, although each later sync went well (decision
 * 0216). O_DIRECT goes around the cache, and drops what it has of the pages.
 */
import { constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { Part } from './wal-file.ts';

/** Not in Node’s types. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** What O_DIRECT counts in, on whichever disk. */
const BLOCK_BYTES = 4_096;
const CHUNK_PAGES = 16;

interface Opened {
  readonly inode: bigint;
  readonly file: number;
  /** Undefined where there is no O_DIRECT. */
  readonly direct: number | undefined;
}

/**
 * They stay open for as long as the process lives: who closes a file lets go of all locks that its process has there, and SQLite's are on
 * the database file.
 */
const opened = new Map<string, Opened>();

/** Waits until they are on the disk. Nobody else may write there meanwhile. What lies behind the end of the file is passed over. */
export function writeAnew(path: string, parts: readonly Part[]): void {
  const { file, direct = file } = open(path);
  // Memory of WebAssembly begins at a page of the machine, as O_DIRECT wants it, and a Buffer does not.
  const chunk = new Uint8Array(new WebAssembly.Memory({ initial: CHUNK_PAGES, maximum: CHUNK_PAGES }).buffer);
  const { size } = fstatSync(file);
  for (const part of parts) {
    copyOnto(file, direct, { ...part, end: Math.min(part.end, size) }, chunk);
  }
  if (fstatSync(file).size > size) {
    ftruncateSync(file, size);
  }
  fsyncSync(file);
}

function open(path: string): Opened {
  const { ino: inode } = statSync(path, { bigint: true });
  const before = opened.get(path);
  if (before?.inode === inode) {
    return before;
  }
  const file = openSync(path, constants.O_RDWR);
  const now = { inode: fstatSync(file, { bigint: true }).ino, file, direct: openDirect(path) };
  opened.set(path, now);
  return now;
}

/** Undefined where there is no such thing, as on another system, or on a file system without a cache. */
function openDirect(path: string): number | undefined {
  if (constants.O_DIRECT === undefined) {
    return undefined;
  }
  try {
    return openSync(path, constants.O_RDWR | constants.O_DIRECT);
  } catch (error) {
    if (isRefused(error)) {
      return undefined;
    }
    throw error;
  }
}

/** In whole blocks; the last one of the file is filled up with zeros. */
function copyOnto(from: number, onto: number, { begin, end }: Part, chunk: Uint8Array): void {
  for (let at = begin - (begin % BLOCK_BYTES); at < end; at += chunk.length) {
    const wanted = Math.min(chunk.length, end - at);
    const whole = Math.ceil(wanted / BLOCK_BYTES) * BLOCK_BYTES;
    const read = readFully(from, chunk.subarray(0, whole), at);
    chunk.fill(0, read, whole);
    if (write(onto, from, chunk.subarray(0, whole), at) !== whole) {
      throw new Error(`only a part of ${whole} bytes could be written`);
    }
  }
}

/** Some file systems take O_DIRECT when a file is opened, and refuse its writes, or want larger blocks. */
function write(direct: number, cached: number, bytes: Uint8Array, at: number): number {
  try {
    return writeSync(direct, bytes, 0, bytes.length, at);
  } catch (error) {
    if (isRefused(error)) {
      return writeSync(cached, bytes, 0, bytes.length, at);
    }
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'EOPNOTSUPP');
}

function readFully(file: number, into: Uint8Array, at: number): number {
  let read = 0;
  while (read < into.length) {
    const more = readSync(file, into, read, into.length - read, at + read);
    if (more === 0) {
      break;
    }
    read += more;
  }
  return read;
}
