/**
 * Deleting what has expired, for as long as the clock can be believed. A clock that is years ahead for half a minute would else delete all
 * logins (decision 0074). Times come from two clocks: the wall clock, by which rows expire, and one that can't leap.
 */
import type { Logger } from 'pino';
import { SymbolonError } from '../core/errors.ts';
import { Histogram, SECONDS } from '../core/histogram.ts';
import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';

const SECOND_MS = 1_000;
/** How long it waits when nothing has expired. */
const INTERVAL_MS = 5_000;
/** How much of the writer's time is left to others when more has expired than one purge deletes: half of it, but no more than this. */
const MAX_GIVEN_WAY_MS = 5;
/** Rows that one purge deletes at most: about 2 ms of the writer of SQLite, whose commits wait for it. */
const BATCH = 250;
/** Rows that it waits for: fewer cost as many commits for less. */
const WORTH_IT = 200;
/** More than any clock is set by, within LEAP_WITHIN_MS, that is kept right while it runs. */
const LEAP_MS = 5_000;
const LEAP_WITHIN_MS = 30_000;
/** In which the clock is set right again, or somebody looks. */
const WAIT_MS = 3_600_000;
/** What the clocks of a server and of its database may differ by. */
const SKEW_MS = 60_000;

export interface PurgingOptions {
  readonly store: Pick<Store, 'execute' | 'purgeExpired' | 'readTime'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly clock: () => Instant;
  /** In milliseconds since whenever; never set. */
  readonly monotonic: () => number;
}

export class Purging {
  readonly #options: PurgingOptions;
  /** What the wall clock was ahead of the other by, and when that was looked at. */
  #offset: number;
  #offsetTime: number;
  /** Until when, by the clock that can't leap, nothing is deleted. */
  #waitUntil = 0;
  /** Since when the horizon may move on. */
  #since: number;
  #isSkewed = false;
  readonly #seconds = new Histogram(SECONDS);
  #rows = 0;
  #failures = 0;
  #lastSuccess = 0;
  #fails = false;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: PurgingOptions) {
    const { clock, monotonic } = options;
    this.#options = options;
    this.#since = monotonic();
    this.#offset = clock() - this.#since;
    this.#offsetTime = this.#since;
  }

  /** What an operator is told. `lastSuccess`: unix seconds, 0 before the first. */
  figures() {
    return {
      rows: this.#rows,
      failures: this.#failures,
      seconds: this.#seconds,
      lastSuccess: this.#lastSuccess,
      isPausedByLeap: this.#options.monotonic() < this.#waitUntil,
      isPausedBySkew: this.#isSkewed,
    };
  }

  start(): void {
    this.#timer = setTimeout(() => this.#run(this.#options.monotonic() - INTERVAL_MS), INTERVAL_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** `last`: when the one before was begun. */
  async #run(last: number): Promise<void> {
    const { monotonic } = this.#options;
    const begin = monotonic();
    const rows = await this.purge();
    if (!this.#isStopped) {
      const pause = pauseMs({ rows, sinceMs: begin - last, tookMs: monotonic() - begin });
      this.#timer = setTimeout(() => this.#run(begin), pause);
    }
  }

  /** One batch; answers how many rows were deleted. Never throws. */
  async purge(): Promise<number> {
    try {
      const isBelieved = this.#isSteady() && (await this.#isNearStore());
      const purged = isBelieved ? await this.#purge() : this.#wait();
      this.#tellGoing();
      return purged;
    } catch (error) {
      this.#failures += 1;
      // Once for each time that it fails, not for each half minute.
      if (!this.#fails) {
        this.#options.log.warn({ cause: String(error) }, 'purging failed');
      }
      this.#fails = true;
      return 0;
    }
  }

  #tellGoing(): void {
    if (this.#fails) {
      this.#options.log.info('purging goes on');
    }
    this.#fails = false;
  }

  /** Time in which the clock was not believed moves nothing on. */
  #wait(): number {
    this.#since = this.#options.monotonic();
    return 0;
  }

  #isSteady(): boolean {
    const { log, clock, monotonic } = this.#options;
    const now = monotonic();
    const offset = clock() - now;
    const leapMs = Math.round(offset - this.#offset);
    const hasLeapt = Math.abs(leapMs) > LEAP_MS;
    // Not at each of many steps: a clock that runs too fast leaps by little in each.
    if (hasLeapt || now - this.#offsetTime >= LEAP_WITHIN_MS) {
      this.#offset = offset;
      this.#offsetTime = now;
    }
    if (hasLeapt) {
      this.#waitUntil = now + WAIT_MS;
      log.warn(
        { leapMs },
        'the clock leapt; nothing is purged for an hour. See “When the clock was wrong” in docs/operations.md',
      );
    }
    return now >= this.#waitUntil;
  }

  /** Of several servers, the one whose clock is wrong must not delete what the others need. */
  async #isNearStore(): Promise<boolean> {
    const { store, log, clock } = this.#options;
    const time = await store.readTime?.();
    const skewMs = time === undefined ? 0 : Math.round(clock() - time);
    const isSkewed = Math.abs(skewMs) > SKEW_MS;
    if (isSkewed && !this.#isSkewed) {
      log.warn(
        { skewMs },
        'the clock of this server is not that of the database; this server purges nothing until it is',
      );
    }
    this.#isSkewed = isSkewed;
    return !isSkewed;
  }

  async #purge(): Promise<number> {
    const { store, clock, monotonic } = this.#options;
    const now = monotonic();
    const elapsedMs = Math.round(now - this.#since);
    const outcome = await store.execute({ kind: 'advance_purge', elapsedMs, authority: 'server' });
    if ('refusal' in outcome) {
      throw SymbolonError.of(outcome.refusal);
    }
    const { horizon, kept } = outcome.answer;
    if (kept) {
      this.#since = now;
    }
    if (this.#isStopped) {
      return 0;
    }
    const rows = await store.purgeExpired(BATCH, horizon);
    this.#rows += rows;
    this.#seconds.record((monotonic() - now) / SECOND_MS);
    this.#lastSuccess = clock() / SECOND_MS;
    return rows;
  }
}

/**
 * How long to wait after a purge of so many rows. By the rows that have expired since the one before was begun, it comes again when enough
 * have: what expires a few a day is looked for each few seconds, and what expires by thousands a second is never far behind.
 */
export function pauseMs(purge: { readonly rows: number; readonly sinceMs: number; readonly tookMs: number }): number {
  const { rows, sinceMs, tookMs } = purge;
  if (rows === 0) {
    return INTERVAL_MS;
  }
  const enoughMs = rows >= BATCH ? 0 : (sinceMs * WORTH_IT) / rows - tookMs;
  return Math.min(INTERVAL_MS, Math.max(Math.min(tookMs, MAX_GIVEN_WAY_MS), enoughMs));
}
