/** Reading revocation logs from positions on: one statement for all, so that they are of one moment. */
import { versionAt } from '../../core/rules/authority.ts';
import { type LogPosition, type LogReading, logReadingOf, NO_TENANT } from '../../core/services/revocation-log.ts';
import { anyTable } from '../../core/table.ts';
import { REVOCATION, type RevocationEvent } from '../../core/tables/revocations.ts';
import { columnList } from '../rows/sql.ts';
import type { Row, Statement } from './batch.ts';
import type { Session } from './connections.ts';

/** A tenant whose log has not grown is one row, of which the event is NULL. */
export const READ_LOGS: Statement = [
  'read_logs',
  `SELECT i.n, n.revision, n.client_version, ${columnList(anyTable(REVOCATION), 'r.')}
    FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS i (tenant_id, after, n)
      JOIN tenant n ON n.tenant_id = i.tenant_id
      LEFT JOIN LATERAL (
        SELECT * FROM revocation e WHERE e.tenant_id = i.tenant_id AND e.revision > i.after AND n.revision > i.after
        ORDER BY e.revision LIMIT $3
      ) AS r ON true
    ORDER BY i.n, r.revision`,
];

const EVENT_AT = 3;

/** Answers in the order of the positions. */
export async function readLogs(
  session: Session,
  positions: readonly LogPosition[],
  limit: number,
): Promise<readonly LogReading[]> {
  const values = [positions.map(({ tenantId }) => tenantId), positions.map(({ after }) => after), limit];
  const { rows } = await session.query(READ_LOGS, values);
  const ofPositions = Map.groupBy(rows, ([n]) => Number(n) - 1);
  return positions.map((position, i) => logReadingFrom(session, position, ofPositions.get(i) ?? [], limit));
}

function logReadingFrom({ timeline }: Session, position: LogPosition, rows: readonly Row[], limit: number): LogReading {
  const [first] = rows;
  if (first === undefined) {
    return logReadingOf(position, NO_TENANT, [], limit);
  }
  const [, revision, version] = first as [number, number, number];
  const events: RevocationEvent[] = [];
  for (const row of rows) {
    if (row[EVENT_AT] !== null) {
      events.push(REVOCATION.fromRow(row, EVENT_AT));
    }
  }
  return logReadingOf(position, { revision, clientVersion: versionAt(timeline, version), timeline }, events, limit);
}
