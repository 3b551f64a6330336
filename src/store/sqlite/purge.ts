/** Deleting what expired, a bounded number of rows at a time, so that no write waits long for it. */
import type { Database } from 'better-sqlite3';
import { REVOCATION_RETENTION_MS } from '../../core/lifetimes.ts';
import type { Instant } from '../../core/model.ts';

export type Purger = (now: Instant, limit: number) => number;

export function preparePurger(database: Database): Purger {
  const byExpiry = (table: string, key: string, expiry = 'expire_time') =>
    database.prepare<[Instant, number]>(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${expiry} <= ? LIMIT ?)`,
    );
  const expired = [
    byExpiry('token', 'digest', 'keep_until'),
    byExpiry('family', 'family_id'),
    byExpiry('issue_record', 'request_digest'),
    byExpiry('login_failures', 'tenant_id, key'),
    byExpiry('code', 'subject_id, purpose', 'keep_until'),
    byExpiry('message', 'message_id', 'keep_until'),
    byExpiry('mfa_challenge', 'digest'),
  ];
  const oldEvents = database.prepare<[Instant, number]>(
    `DELETE FROM revocation WHERE (tenant_id, revision) IN
      (SELECT tenant_id, revision FROM revocation WHERE event_time <= ? LIMIT ?)`,
  );
  return (now, limit) => {
    const counts = expired.map((statement) => statement.run(now, limit).changes);
    counts.push(oldEvents.run(now - REVOCATION_RETENTION_MS, limit).changes);
    return counts.reduce((sum, count) => sum + count, 0);
  };
}
