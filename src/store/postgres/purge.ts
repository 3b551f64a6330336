/** Deleting what has expired, by one node at a time. */
import type { Instant } from '../../core/model.ts';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';
import { LOCK_SPACE, PURGE_LOCK } from './advisory-locks.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { isUsable } from './faults.ts';
import { BEGIN, COMMIT, ROLLBACK } from './transaction.ts';

/** The lock goes with the transaction, and so with a node that dies. */
const LOCK: Statement = ['lock_purge', `SELECT pg_try_advisory_xact_lock(${LOCK_SPACE}, ${PURGE_LOCK})`];

interface Purge {
  readonly statement: Statement;
  readonly afterMs: number;
}

function purgeOf({ name, forget }: AnyTable): Purge[] {
  if (forget === undefined) {
    return [];
  }
  const { column, afterMs } = forget;
  const oldest = `SELECT ctid FROM ${name} WHERE ${column} <= $1 ORDER BY ${column} LIMIT $2 FOR UPDATE SKIP LOCKED`;
  return [{ statement: [`purge_${name}`, `DELETE FROM ${name} WHERE ctid = ANY(ARRAY(${oldest}))`], afterMs }];
}

export const PURGES = TABLES.flatMap(purgeOf);
/** Of nodes that are gone; says nothing about tokens, so it is not counted. */
const OLD_HEARTBEATS: Statement = [
  'purge_heartbeat',
  `DELETE FROM heartbeat WHERE beat_time < clock_timestamp() - interval '1 day'`,
];

/** Answers how many rows were deleted; none when another node is at it. */
export async function purge(session: Session, now: Instant, limit: number): Promise<number> {
  try {
    const [, { rows }] = await together([session.query(BEGIN), session.query(LOCK)]);
    const purged = rows[0]?.[0] === true ? await deleteExpired(session, now, limit) : 0;
    await session.query(COMMIT);
    return purged;
  } catch (error) {
    if (isUsable(error)) {
      await session.query(ROLLBACK);
    }
    throw error;
  }
}

async function deleteExpired(session: Session, now: Instant, limit: number): Promise<number> {
  const results = await together(
    PURGES.map(({ statement, afterMs }) => session.query(statement, [now - afterMs, limit])),
  );
  await session.query(OLD_HEARTBEATS);
  return results.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
