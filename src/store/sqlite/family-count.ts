/**
 * How many families are kept. SQLite can only count by walking an index, and reads are done on the thread that answers calls. So the
 * smallest index is walked in steps of a third of a millisecond, with pauses: about 40,000 families a second, at one percent of a
 * processor at most. What is issued and ended meanwhile may be counted or not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';

const STEP = 2_000;
const PAUSE_MS = 50;

/** Those that expire, and those that never do: which lie apart in the index. */
const RANGES = ['(expire_time, family_id) > (?, ?)', 'expire_time IS NULL AND family_id > ?'] as const;

/** Parameters of a range: where it begins. */
type Place = readonly (number | Uint8Array)[];

/** A statement is read at once and holds nothing open between the steps. */
export function familySteps(database: Database): (range: number, after: Place) => { count: number; next?: Place } {
  const statements = RANGES.map((range) => {
    const rows = `FROM family WHERE ${range} ORDER BY expire_time, family_id`;
    return {
      jump: database.prepare(`SELECT expire_time, family_id ${rows} LIMIT 1 OFFSET ${STEP - 1}`).raw(),
      rest: database.prepare(`SELECT count(*) FROM (SELECT 1 ${rows} LIMIT ${STEP})`).pluck(),
    };
  });
  return (range, after) => {
    const { jump, rest } = statements[range] as (typeof statements)[number];
    const place = jump.get(...after) as [number | null, Uint8Array] | undefined;
    return place === undefined
      ? { count: Number(rest.get(...after)) }
      : { count: STEP, next: place.filter((value) => value !== null) };
  };
}

/** Families that have not expired at `now`. */
export async function countFamilies(step: ReturnType<typeof familySteps>, now: number): Promise<number> {
  let sum = 0;
  const beginnings: Place[] = [[now, new Uint8Array()], [new Uint8Array()]];
  for (const [range, beginning] of beginnings.entries()) {
    for (let after: Place | undefined = beginning; after !== undefined; ) {
      const { count, next } = step(range, after);
      sum += count;
      after = next;
      // The process may end before it.
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
  }
  return sum;
}
