/** A device without a browser that waits until its user approves it elsewhere (RFC 8628): what its two rows keep. */
import type { Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import type { SingleUse } from '../tables/single-use.ts';

/** Of the row of the device code. */
export interface DeviceCodePayload {
  readonly scopes: readonly string[];
  readonly audience: string | null;
  /** Until when a user may decide, and the device ask. */
  readonly decideUntil: Instant;
  /** How long the device must wait between two questions. */
  readonly intervalMs: number;
  /** When the device asked last; null: not yet. */
  readonly pollTime: Instant | null;
  /** Null: the user has not decided yet. */
  readonly decision: DeviceDecision | null;
  /** Of the user who approved; null before. */
  readonly consentId: string | null;
  /** The tenant's revision when the user approved; compared with cutoffs. */
  readonly issueRevision: number;
}

export type DeviceDecision = 'approve' | 'deny';

/** Of the row of the user code, which leads to the other and goes when the user has decided. */
export interface UserCodePayload {
  /** Hexadecimal. */
  readonly deviceDigest: string;
}

/** RFC 8628 section 3.2. */
export const DEVICE_CODE_LIFETIME_MS = 30 * 60_000;
export const POLL_INTERVAL_MS = 5_000;
/** For how long a device that asks too late is told that it is. */
export const EXPIRED_CODE_MEMORY_MS = 10 * 60_000;

/** RFC 8628 section 3.5: by how much the interval grows, and a bound for who never listens. */
const SLOW_DOWN_MS = 5_000;
const MAX_INTERVAL_MS = 5 * 60_000;
/** What the network may take off an interval that the device has kept. */
const TOLERANCE_MS = 500;

export function deviceCodePayload({ payload }: SingleUse): DeviceCodePayload {
  return payload as unknown as DeviceCodePayload;
}

export function userCodePayload({ payload }: SingleUse): UserCodePayload {
  return payload as unknown as UserCodePayload;
}

export const PENDING: Refusal = {
  code: 'authorization_pending',
  message: 'The user has not decided yet. Ask again after the interval',
};

export const DENIED: Refusal = { code: 'access_denied', message: 'The user has denied the device' };

export const EXPIRED: Refusal = {
  code: 'expired_token',
  message: 'The device code has expired. Begin the authorization of the device anew',
};

/** A question while the user has not decided: what the device is told, and what its row keeps of it. */
export function polled(
  payload: DeviceCodePayload,
  now: Instant,
): { readonly refusal: Refusal; readonly payload: DeviceCodePayload } {
  const { intervalMs, pollTime } = payload;
  // A clock that was set back counts against nobody.
  const isTooSoon = pollTime !== null && now >= pollTime && now - pollTime < intervalMs - TOLERANCE_MS;
  if (!isTooSoon) {
    return { refusal: PENDING, payload: { ...payload, pollTime: now } };
  }
  const slower = Math.min(intervalMs + SLOW_DOWN_MS, MAX_INTERVAL_MS);
  return { refusal: slowDown(slower), payload: { ...payload, intervalMs: slower, pollTime: now } };
}

function slowDown(intervalMs: number): Refusal {
  const message = `The device asks too often. Ask every ${intervalMs / 1_000} seconds from now on`;
  return { code: 'slow_down', message, retryAfterMs: intervalMs };
}
