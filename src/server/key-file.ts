/**
 * The key that the servers of a store share, in a file beside the store and never in it: what is sealed under it, second factors and
 * codes, is safe in a leaked database or backup.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../config/flags.ts';
import { answerOf } from '../core/operations/perform.ts';
import { reasonOf } from '../core/reason.ts';
import { fingerprintOf, KEY_BYTES } from '../core/services/keys.ts';
import type { Store } from '../core/services/store.ts';
import { readFailure } from '../files/owners.ts';
import { requireTrusted } from '../files/trust.ts';
import { createFile, makeDirectory } from '../files/whole.ts';

const KEY_FILE = { what: 'the key file', isSecret: true };

/**
 * Reads the key, or makes one for a store that knows none yet. Refuses a key that is not the store's: a server with another could
 * check no second factor.
 */
export async function loadKey(path: string, store: Store): Promise<Uint8Array> {
  const isNew = !existsSync(path);
  const key = isNew ? makeKey(path) : readKey(path);
  const outcome = await store.execute({ kind: 'bind_key', fingerprint: fingerprintOf(key), authority: 'server' });
  if (answerOf(outcome).isBound) {
    return key;
  }
  if (isNew) {
    removeIfSame(path, key);
    throw new ConfigError(
      `the store has a key, and ${path} is not there. Put the first server’s key file there, or name it with --key-file; ` +
        'when it is lost, run `symbolon key replace`',
    );
  }
  throw new ConfigError(
    `${path} is not the key that the store was set up with. All servers of a store share one: name it with --key-file; ` +
      'when it is lost, run `symbolon key replace`',
  );
}

/** Not the right one, which may have been put there meanwhile; and another refused server may have removed it before. */
function removeIfSame(path: string, key: Uint8Array): void {
  if (existsSync(path) && readFileSync(path, 'utf8').trim() === Buffer.from(key).toString('base64url')) {
    rmSync(path, { force: true });
  }
}

/**
 * Of several servers that start together in one directory one makes it, and the others read what that one made. The store remembers the
 * key; so must the disk.
 */
export function makeKey(path: string): Uint8Array {
  requireTrusted(path, KEY_FILE);
  try {
    makeDirectory(dirname(path));
    createFile(path, `${randomBytes(KEY_BYTES).toString('base64url')}\n`);
  } catch (error) {
    throw new ConfigError(`can’t write the key file ${path}: ${reasonOf(error)}. Name another with --key-file`);
  }
  return readKey(path);
}

export function readKey(path: string): Uint8Array {
  requireTrusted(path, KEY_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(
      `can’t read the key file ${path}: ${readFailure(reasonOf(error), path)}. Name another with --key-file`,
    );
  }
  const key = Buffer.from(text, 'base64url');
  if (!/^[A-Za-z0-9_-]{43}$/.test(text) || key.length !== KEY_BYTES) {
    throw new ConfigError(`${path} holds no key: it must be ${KEY_BYTES} bytes in base64url`);
  }
  return new Uint8Array(key);
}
