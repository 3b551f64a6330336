/** Remembering which key the servers seal with, so that none serves this store with another. */
import type { Database } from 'better-sqlite3';
import type { Digest } from '../../core/model.ts';

/** Remembers the first fingerprint that it is told, or one that replaces it; answers whether this is that one. */
export type KeyBinder = (fingerprint: Digest, replace: boolean) => boolean;

export function prepareKeyBinder(database: Database): KeyBinder {
  const remember = database.prepare('INSERT OR IGNORE INTO server_key (id, fingerprint) VALUES (1, ?)');
  const forget = database.prepare('DELETE FROM server_key');
  const isBound = database.prepare('SELECT 1 FROM server_key WHERE fingerprint = ?');
  return (fingerprint, replace) => {
    if (replace) {
      forget.run();
    }
    remember.run(fingerprint);
    return isBound.get(fingerprint) !== undefined;
  };
}
