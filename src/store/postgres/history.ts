/**
 * Whether the database still is what it was for those who know of it. A standby that is promoted may lack the end of what its primary
 * acknowledged, and so may a backup that was restored. The revisions that were lost would be given again, to other events: who follows a
 * log from one of them would take those for known. So the revisions of all tenants leap where another history begins, before a node
 * has its first lease in it. The logs have a gap then, and all who follow them begin afresh.
 *
 * Another history is another timeline or cluster than the row `history` tells, or one that has not got a heartbeat of this node that
 * was acknowledged. A promotion that lost nothing can't be told from one that did; it costs verifiers their caches.
 */
import type { ClientBase } from 'pg';
import type { ReachedPrimary } from './cluster.ts';
import type { TimeLimit } from './connections.ts';
import type { PostgresOptions } from './options.ts';

export interface Beat {
  readonly nodeId: string;
  /** The last one that was acknowledged; 0: none yet. */
  readonly acknowledged: number;
}

/** Each tenant is written, and there may be hundreds of thousands. Nobody has a lease meanwhile, and one that gave up would begin anew. */
const MAX_LEAP_MS = 120_000;
const UNLIMITED = 'SET LOCAL statement_timeout = 0';

const READ = `SELECT system, timeline::float8 AS timeline, (SELECT beat FROM heartbeat WHERE node_id = $1)::float8 AS beat FROM history`;
const LOCK = `${READ} FOR UPDATE`;
/** Where the first node comes, or several at once. */
const BEGIN = 'INSERT INTO history (id, system, timeline) VALUES (1, $1, $2) ON CONFLICT DO NOTHING';
/** As `leapOf` of the core has it, by the database's clock. A cast alone rounds up. */
const LEAP = `UPDATE tenant SET
  revision = greatest(revision + 1000000000, floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint),
  client_version = greatest(client_version + 1000000, floor(extract(epoch FROM clock_timestamp()) * 100)::bigint)`;
const GO_ON = 'UPDATE history SET system = $1, timeline = $2';

const LEAPT =
  'Revisions leapt, so that none is given twice, and verifiers begin afresh. If anything that was acknowledged is lost, end the tokens ' +
  'that may live again: symbolon store rewound';

interface Row {
  readonly system: string;
  readonly timeline: number;
  /** Null: the node has no heartbeat in the database. */
  readonly beat: number | null;
}

/** To be done before the first heartbeat on a connection. `onNotice` is told why revisions leapt; `limit` waits for it longer. */
export async function enterHistory(
  client: ClientBase,
  here: ReachedPrimary,
  mine: Beat,
  { onNotice }: Pick<PostgresOptions, 'onNotice'>,
  limit: Pick<TimeLimit, 'restart'>,
): Promise<void> {
  const { rows } = await client.query<Row>(READ, [mine.nodeId]);
  if (rows[0] === undefined) {
    await client.query(BEGIN, [here.system, here.timeline]);
  } else if (differenceOf(rows[0], here, mine) !== undefined) {
    limit.restart(MAX_LEAP_MS);
    const difference = await leap(client, here, mine);
    limit.restart();
    if (difference !== undefined) {
      onNotice?.(`${difference}. ${LEAPT}`);
    }
  }
}

/** Answers why; undefined: another node has done it meanwhile. */
async function leap(client: ClientBase, here: ReachedPrimary, mine: Beat): Promise<string | undefined> {
  await client.query('BEGIN');
  await client.query(UNLIMITED);
  const { rows } = await client.query<Row>(LOCK, [mine.nodeId]);
  const difference = rows[0] && differenceOf(rows[0], here, mine);
  if (difference !== undefined) {
    await client.query(LEAP);
    await client.query(GO_ON, [here.system, here.timeline]);
  }
  await client.query('COMMIT');
  return difference;
}

function differenceOf(row: Row, here: ReachedPrimary, { acknowledged }: Beat): string | undefined {
  if (row.system !== here.system) {
    return 'the database is in another cluster than before';
  }
  if (row.timeline !== here.timeline) {
    return `the primary is on timeline ${here.timeline}, and it was ${row.timeline} before`;
  }
  if (row.beat === null) {
    return acknowledged > 0 ? 'this server was away for a day or more, or the database has gone back' : undefined;
  }
  return row.beat < acknowledged ? 'the database has gone back: it lacks what it had acknowledged' : undefined;
}
