/** Keeping nodes away from a PostgreSQL end. Every node writes a heartbeat several times a second, and one that can't serves nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { CopyError } from './end.ts';

/** A node that wrote no heartbeat for so long is gone. */
const GONE_AFTER_S = 5;
const LOOK_AGAIN_MS = 200;

interface Beat {
  readonly node_id: string;
  readonly beat: bigint;
}

/** Refuses when a node serves the store; waits for those that have just ended. */
export async function requireQuiet(client: ClientBase, place: string): Promise<void> {
  const before = new Set((await recentBeats(client)).map(nameOf));
  for (let beats = [...before]; beats.length > 0; ) {
    await sleep(LOOK_AGAIN_MS);
    beats = (await recentBeats(client)).map(nameOf);
    if (beats.some((beat) => !before.has(beat))) {
      throw refuseServed(place);
    }
  }
}

/** As `requireQuiet`, where heartbeats are locked out already, and so can't show who lives. */
export async function requireQuietNow(client: ClientBase, place: string): Promise<void> {
  if ((await recentBeats(client)).length > 0) {
    throw refuseServed(place);
  }
}

async function recentBeats(client: ClientBase): Promise<readonly Beat[]> {
  const { rows } = await client.query<Beat>(
    'SELECT node_id, beat FROM heartbeat WHERE beat > 0 AND beat_time > clock_timestamp() - make_interval(secs => $1)',
    [GONE_AFTER_S],
  );
  return rows;
}

function nameOf({ node_id, beat }: Beat): string {
  return `${node_id} ${beat}`;
}

function refuseServed(place: string): CopyError {
  return new CopyError(
    `${place} is being served: a node wrote its heartbeat in the last ${GONE_AFTER_S} seconds. Stop all of them for the time of the copy`,
  );
}
