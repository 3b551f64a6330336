/** Deleting what has expired, by one node at a time. */
import { REVOCATION_RETENTION_MS } from '../../core/lifetimes.ts';
import type { Instant } from '../../core/model.ts';
import { LOCK_SPACE, PURGE_LOCK } from './advisory-locks.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { isUsable } from './faults.ts';

/** The lock goes with the transaction, and so with a node that dies. */
const LOCK: Statement = ['lock_purge', `SELECT pg_try_advisory_xact_lock(${LOCK_SPACE}, ${PURGE_LOCK})`];

function byTime(table: string, time: string): Statement {
  const oldest = `SELECT ctid FROM ${table} WHERE ${time} <= $1 ORDER BY ${time} LIMIT $2`;
  return [`purge_${table}`, `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(${oldest} FOR UPDATE SKIP LOCKED))`];
}

const EXPIRED = [
  byTime('token', 'keep_until'),
  byTime('family', 'expire_time'),
  byTime('issue_record', 'expire_time'),
  byTime('login_failures', 'expire_time'),
  byTime('code', 'keep_until'),
  byTime('message', 'keep_until'),
  byTime('mfa_challenge', 'expire_time'),
];
const OLD_EVENTS = byTime('revocation', 'event_time');
/** Of nodes that are gone; says nothing about tokens, so it is not counted. */
const OLD_HEARTBEATS: Statement = [
  'purge_heartbeat',
  `DELETE FROM heartbeat WHERE beat_time < clock_timestamp() - interval '1 day'`,
];

/** Answers how many rows were deleted; none when another node is at it. */
export async function purge(session: Session, now: Instant, limit: number): Promise<number> {
  await session.query(['begin_purge', 'BEGIN']);
  try {
    const { rows } = await session.query(LOCK);
    const purged = rows[0]?.[0] === true ? await deleteExpired(session, now, limit) : 0;
    await session.query(['commit', 'COMMIT']);
    return purged;
  } catch (error) {
    if (isUsable(error)) {
      await session.query(['rollback', 'ROLLBACK']);
    }
    throw error;
  }
}

async function deleteExpired(session: Session, now: Instant, limit: number): Promise<number> {
  const results = await together([
    ...EXPIRED.map((statement) => session.query(statement, [now, limit])),
    session.query(OLD_EVENTS, [now - REVOCATION_RETENTION_MS, limit]),
  ]);
  await session.query(OLD_HEARTBEATS);
  return results.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
