/**
 * Where the socket of the operator is: in the data directory, or, where that path is too long for a socket or its file system has none, in a
 * private directory of its own that a file in the data directory names. Only the server that has the lock of the directory makes one.
 */
import { existsSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { requireTrusted } from '../files/trust.ts';
import { replaceFile } from '../files/whole.ts';

/** Of `sockaddr_un` without the zero at its end. A longer one would be cut, and be another. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

const SOCKET = { what: 'the socket', isSecret: true };

/** Where a server's socket is, listening or left by one that was killed; throws for one that others could have put there. */
export function findSocket(dataDir: string): string | undefined {
  const path = readPlace(dataDir) ?? ownPath(dataDir);
  requireTrusted(path, SOCKET);
  return existsSync(path) ? path : undefined;
}

/** Where one may be made, the best first; each throws where there can be none. */
export function socketPlaces(dataDir: string): readonly (() => string)[] {
  return [() => fitting(ownPath(dataDir)), () => elsewhere(dataDir)];
}

function ownPath(dataDir: string): string {
  return resolve(dataDir, 'symbolon.sock');
}

function placePath(dataDir: string): string {
  return resolve(dataDir, 'symbolon.sock.at');
}

function readPlace(dataDir: string): string | undefined {
  const place = placePath(dataDir);
  requireTrusted(place, { what: 'the file' });
  try {
    const path = readFileSync(place, 'utf8').trim();
    return path === '' ? undefined : path;
  } catch {
    return undefined;
  }
}

function fitting(path: string): string {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new Error(`${path} is longer than ${MAX_PATH_BYTES} bytes, which is the longest path of a socket`);
  }
  return path;
}

function elsewhere(dataDir: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'symbolon-'));
  try {
    const path = fitting(join(directory, 'sock'));
    replaceFile(placePath(dataDir), `${path}\n`);
    return path;
  } catch (error) {
    rmdirSync(directory);
    throw error;
  }
}

/** What a server left that was killed, or that ends. What can't be taken away, on a disk that turned read-only, is found not to listen. */
export function forgetSocket(dataDir: string): void {
  const path = placeOfTrusted(dataDir);
  remove(ownPath(dataDir));
  remove(placePath(dataDir));
  if (path !== undefined) {
    remove(path);
    try {
      rmdirSync(dirname(path));
    } catch {
      // It is gone, or holds something else.
    }
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The next server tries again.
  }
}

/** Undefined too where somebody else took the place meanwhile. */
function placeOfTrusted(dataDir: string): string | undefined {
  try {
    const path = readPlace(dataDir);
    if (path !== undefined) {
      requireTrusted(path, SOCKET);
    }
    return path;
  } catch {
    return undefined;
  }
}
