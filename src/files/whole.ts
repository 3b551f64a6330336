/**
 * A file is filled under another name beside it, synced, given its name, and then its directory is synced. So what has the name is whole at
 * every moment, and what was made is there after a power loss. Only its owner can read it.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Lets `write` fill the file, and makes it when that is done. Whatever fails, nothing is left behind, and a file that has the name already
 * stays as it is. `beside`: what the names of files end with that are made with the draft, and go with it.
 */
export async function writeWhole<T>(
  path: string,
  write: (draft: string) => Promise<T> | T,
  beside: readonly string[] = [],
): Promise<T> {
  const draft = draftOf(path);
  closeSync(openSync(draft, 'wx', 0o600));
  try {
    const result = await write(draft);
    sync(draft);
    add(draft, path);
    return result;
  } finally {
    for (const suffix of ['', ...beside]) {
      rmSync(`${draft}${suffix}`, { force: true });
    }
  }
}

/** Makes a file with this text. One that has the name already stays as it is, and nothing fails. */
export function createFile(path: string, text: string): void {
  withDraft(path, text, (draft) => {
    try {
      add(draft, path);
    } catch (error) {
      if (!existsSync(path)) {
        throw error;
      }
      syncNames(path);
    }
  });
}

/** Puts this text in place of what a file holds, or makes it. */
export function replaceFile(path: string, text: string): void {
  withDraft(path, text, (draft) => {
    renameSync(draft, path);
    syncNames(path);
  });
}

/** Makes a directory, and those that it is in, where they are missing; only its owner may look into those that it makes. */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let each = resolve(path); !existsSync(each); each = dirname(each)) {
    missing.unshift(each);
  }
  // One by one: Node's own `recursive` has no end where nothing can be made, as below /proc.
  for (const each of missing) {
    mkdirIfMissing(each);
    syncNames(each);
  }
  // Fails where it is not a directory.
  if (missing.length === 0) {
    mkdirIfMissing(resolve(path));
  }
}

function mkdirIfMissing(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw error;
    }
  }
}

function withDraft(path: string, text: string, finish: (draft: string) => void): void {
  const draft = draftOf(path);
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    finish(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** By chance and not by process: in containers each is number 1. */
function draftOf(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.partial`;
}

function add(draft: string, path: string): void {
  try {
    // Unlike a rename, a link never takes the name from another file.
    linkSync(draft, path);
  } catch (error) {
    // Also a link that leads nowhere has the name.
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw error;
    }
    // A file system without links, such as FAT.
    renameSync(draft, path);
  }
  try {
    syncNames(path);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** Puts the name of a file on the disk. */
function syncNames(path: string): void {
  sync(dirname(path));
}

/** Puts a file, or the names of a directory, on the disk. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
