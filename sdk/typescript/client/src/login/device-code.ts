/** A sign-in that the user approves on another device (RFC 8628): the code is shown, and the server is asked until the user has decided. */

import type { IssueResponse } from '../../../../../gen/web/symbolon/v1/token_service.ts';
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { Limits, LoginCalls, LoginClient, Moment, Platform } from './port.ts';
import { isLost, repeated, requireNotAborted } from './repeat.ts';

/** What the device shows its user. */
export interface ShownCode {
  /** What the user types, as `BCDF-GHJK`. */
  readonly userCode: string;
  /** Where the user types it. */
  readonly verificationUri: string;
  /** The same with the code in it, for a QR code. */
  readonly verificationUriComplete: string;
  /** For how many milliseconds it is good. */
  readonly timeToLiveMs: number;
}

export interface DeviceCodeParts {
  readonly calls: LoginCalls;
  readonly platform: Platform;
  readonly client: LoginClient;
}

/** RFC 8628 section 3.5. */
const SLOWER_MS = 5_000;
/** Between two calls that were not answered. */
const LONGEST_WAIT_MS = 60_000;

/** Answers what Issue gave, and when it was asked. */
export async function approved(
  { calls, platform, client }: DeviceCodeParts,
  limits: Limits,
  show: (code: ShownCode) => void,
): Promise<{ readonly answer: IssueResponse; readonly sent: Moment }> {
  const { scopes, resource = '' } = client;
  const begun = await repeated(platform, limits, (each) =>
    calls.beginDeviceAuthorization({ scopes: [...scopes], resource }, each),
  );
  const { deviceCode, userCode, verificationUri, verificationUriComplete, timeToLive, interval } = begun.answer;
  const timeToLiveMs = millisecondsOf(timeToLive);
  const ends = begun.sent.monotonic + timeToLiveMs;
  show({ userCode, verificationUri, verificationUriComplete, timeToLiveMs });
  const pace = new Pace(millisecondsOf(interval));
  for (;;) {
    await platform.sleep(pace.waitMs, limits.signal);
    requireNotAborted(limits.signal);
    const sent = platform.now();
    if (sent.monotonic >= ends) {
      throw new SymbolonError('FAILED_PRECONDITION', 'nobody approved it in time: begin again', {
        reason: 'EXPIRED_TOKEN',
      });
    }
    try {
      const credential = { $case: 'deviceCode', value: { deviceCode } } as const;
      return { answer: await calls.issue({ credential, resource }, limits), sent };
    } catch (error) {
      requireNotAborted(limits.signal);
      pace.after(error);
    }
  }
}

/** How long to wait before the server is asked again. */
class Pace {
  waitMs: number;
  #intervalMs: number;
  /** The answer of a call was lost: the code may be used up. */
  #wasLost = false;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
    this.waitMs = intervalMs;
  }

  /** @throws an error after which asking again is of no use */
  after(error: unknown): void {
    const { reason, retryAfterMs = 0 } = error as SymbolonError;
    if (reason === 'AUTHORIZATION_PENDING') {
      this.waitMs = this.#intervalMs;
    } else if (reason === 'SLOW_DOWN') {
      this.#intervalMs += SLOWER_MS;
      this.waitMs = Math.max(this.#intervalMs, retryAfterMs);
    } else if (isLost(error)) {
      this.#wasLost = true;
      this.waitMs = Math.max(Math.min(2 * this.waitMs, LONGEST_WAIT_MS), this.#intervalMs, retryAfterMs);
    } else if (this.#wasLost && reason === 'INVALID_GRANT') {
      const message = 'the answer that had the tokens was lost: sign in again';
      throw new SymbolonError('UNAVAILABLE', message, { reason });
    } else {
      throw error;
    }
  }
}

function millisecondsOf(span: { readonly seconds: number; readonly nanos: number } | undefined): number {
  return (span?.seconds ?? 0) * 1_000 + (span?.nanos ?? 0) / 1_000_000;
}
