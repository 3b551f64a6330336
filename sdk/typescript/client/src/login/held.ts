/** A record in memory, where time is the monotonic clock alone: no clock of the app is compared with one of the server. */
import type { SignedOutReason } from './events.ts';
import type { Moment } from './port.ts';
import type { LoginRecord } from './record.ts';

const LONGEST_MARGIN_MS = 300_000;

export interface Held {
  readonly record: LoginRecord;
  /** Undefined too where the server said that it knows nothing of it. */
  readonly refreshToken: string | undefined;
  /** By the monotonic clock. */
  readonly accessEnds: number;
  readonly loginEnds: number;
  /** Whether these were counted by the clock on the wall, which may have been set meanwhile. */
  readonly isByWall: boolean;
  /** The server said that the access token is not live, and why. */
  readonly deadAs?: SignedOutReason;
}

/** Of an answer, to a call that was sent then. */
export function heldSince(record: LoginRecord, { monotonic }: Moment): Held {
  return held(record, monotonic + record.lifetime_ms, monotonic + loginLifetimeOf(record), false);
}

/** Of a store, or of what was exported. */
export function heldByWall(record: LoginRecord, { wall, monotonic }: Moment): Held {
  const ends = (lifetime: number) => {
    const left = record.obtained_ms + lifetime - wall;
    return monotonic + Math.min(Math.max(left, 0), lifetime);
  };
  return held(record, ends(record.lifetime_ms), ends(loginLifetimeOf(record)), true);
}

function held(record: LoginRecord, accessEnds: number, loginEnds: number, isByWall: boolean): Held {
  return { record, refreshToken: record.refresh_token, accessEnds, loginEnds, isByWall };
}

function loginLifetimeOf({ login_lifetime_ms, lifetime_ms }: LoginRecord): number {
  return login_lifetime_ms ?? lifetime_ms;
}

export function lasts({ accessEnds }: Held, { monotonic }: Moment): boolean {
  return monotonic < accessEnds;
}

export function loginLasts({ refreshToken, loginEnds }: Held, { monotonic }: Moment): boolean {
  return refreshToken !== undefined && monotonic < loginEnds;
}

export function isNearItsEnd({ accessEnds, record }: Held, { monotonic }: Moment): boolean {
  return accessEnds - monotonic <= Math.min(record.lifetime_ms / 5, LONGEST_MARGIN_MS);
}

/** Whether a refresh may bring a token. The server decides where only the clock on the wall says that the login is over. */
export function mayRefresh(held: Held, now: Moment): boolean {
  return held.refreshToken !== undefined && (held.isByWall || loginLasts(held, now));
}

/** Whether what a refresh brings would last longer than what is there. */
export function gainsByRefresh({ record, refreshToken }: Held): boolean {
  return refreshToken !== undefined && record.lifetime_ms < loginLifetimeOf(record);
}
