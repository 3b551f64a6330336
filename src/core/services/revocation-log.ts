/** Reading a tenant's revocation log from a position on, as those do who follow it. */
import type { List } from '../table.ts';
import { REVOCATION, type RevocationEvent } from '../tables/revocations.ts';

/** Where somebody stands in a tenant's log: it has everything up to that revision. */
export interface LogPosition {
  readonly tenantId: string;
  readonly after: number;
}

/** A tenant as its log was read, in one moment. */
export interface LogEnd {
  /** The tenant's revision, at which its log ends. -1: there is no such tenant. */
  readonly revision: number;
  /** As in ClientReading; -1: there is no such tenant. */
  readonly clientVersion: number;
  /** Which history of the store it was: a promoted standby begins another. */
  readonly timeline: number;
}

/** What comes after a position. */
export interface LogReading extends LogEnd, LogPosition {
  /** One for each revision after the position, the oldest first; where there are more than were asked for, not up to the end. */
  readonly events: readonly RevocationEvent[];
  /** Nobody can go on from that position: it is beyond the end, or an event after it is not there. Then `events` is empty. */
  readonly isLost: boolean;
}

export const NO_TENANT: LogEnd = { revision: -1, clientVersion: -1, timeline: 0 };

/** In the order of their revisions. */
export const REVOCATIONS: List<RevocationEvent> = { table: REVOCATION, by: ['tenantId'], order: ['revision'] };

/** `events`: those after the position that are there, in order, at most `limit`. */
export function logReadingOf(
  { tenantId, after }: LogPosition,
  end: LogEnd,
  events: readonly RevocationEvent[],
  limit: number,
): LogReading {
  const last = after + events.length;
  const isWhole = last === end.revision || (events.length === limit && last < end.revision);
  const isLost = !isWhole || events.some(({ revision }, i) => revision !== after + 1 + i);
  return { tenantId, after, ...end, events: isLost ? [] : events, isLost };
}
