/** Remembering which key the servers seal with, so that none serves this store with another. */
import type { Digest } from '../../core/model.ts';
import type { BindKeyOptions } from '../../core/store.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { isUsable } from './faults.ts';
import { BEGIN, COMMIT, ROLLBACK } from './transaction.ts';

/** What is there is written again as it is: so the answer waits for whoever writes it first, and for replication. */
const REMEMBER: Statement = [
  'bind_key',
  `INSERT INTO server_key (id, fingerprint) VALUES (1, $1)
    ON CONFLICT (id) DO UPDATE SET fingerprint = server_key.fingerprint RETURNING fingerprint = $1`,
];

const REPLACE: Statement = [
  'replace_key',
  `INSERT INTO server_key (id, fingerprint) VALUES (1, $1)
    ON CONFLICT (id) DO UPDATE SET fingerprint = $1 RETURNING true`,
];

/** Remembers the first fingerprint that it is told, or one that replaces it; answers whether this is that one. */
export async function bindKey(session: Session, fingerprint: Digest, { replace }: BindKeyOptions): Promise<boolean> {
  try {
    const [, { rows }] = await together([
      session.query(BEGIN),
      session.query(replace ? REPLACE : REMEMBER, [fingerprint]),
      session.query(COMMIT),
    ]);
    return rows[0]?.[0] === true;
  } catch (error) {
    if (isUsable(error)) {
      await session.query(ROLLBACK);
    }
    throw error;
  }
}
