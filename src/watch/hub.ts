/** Everybody who watches at this member: streams come, follow their tenant's log with others, and end. */
import type { SymbolonError } from '../core/errors.ts';
import { Histogram, SECONDS } from '../core/histogram.ts';
import type { Instant } from '../core/model.ts';
import type { LogReading } from '../core/services/revocation-log.ts';
import type { Store } from '../core/services/store.ts';
import type { RevocationEvent } from '../core/tables/revocations.ts';
import { Census, type SharedCounts } from './census.ts';
import { Follower } from './follower.ts';
import { Joining } from './joining.ts';
import { Readings } from './readings.ts';
import type { Registry } from './registry.ts';
import type { Standing } from './standing.ts';
import type { Timing } from './timing.ts';
import { expired, otherHistory, stopping, tooSlow } from './watch-errors.ts';
import { type Sink, type StreamHost, WatchStream } from './watch-stream.ts';

const SWEEP_MS = 1_000;

export interface WatchHubOptions {
  readonly store: Pick<Store, 'readRevocations' | 'onRevocations'>;
  readonly registry: Registry;
  readonly clock: () => Instant;
  readonly timing: Timing;
  /** What all threads of the process have; absent where this one has all. */
  readonly shared?: SharedCounts | undefined;
}

export interface WatchStart {
  readonly tenantId: string;
  readonly clientId: string;
  readonly standing: Standing;
  readonly verifierId: string;
  /** Undefined: afresh. */
  readonly resumeRevision: number | undefined;
  /** 0: none. */
  readonly heartbeat: number;
  readonly sink: Sink;
}

/** What a hub tells about itself. */
export interface WatchFigures {
  readonly watchers: number;
  readonly tenants: number;
  readonly messages: number;
  /** From the time of an event until it is sent. */
  readonly lag: Histogram;
  /** By the code of the error; `ok`: as the watcher wished. */
  readonly endings: ReadonlyMap<string, number>;
}

export class WatchHub {
  readonly #options: WatchHubOptions;
  readonly #census: Census;
  readonly #followers = new Map<string, Follower>();
  readonly #joining = new Map<WatchStream, Joining>();
  readonly #readings: Readings;
  readonly #host: StreamHost;
  readonly #lag = new Histogram(SECONDS);
  #messages = 0;
  /** Calls off the next sweep. */
  #sweeping: (() => void) | undefined;
  #isClosed = false;

  constructor(options: WatchHubOptions) {
    this.#options = options;
    const { store, registry, timing, shared } = options;
    this.#census = new Census(shared);
    const onArrived = (joining: Joining, reading: LogReading) => this.#follow(joining, reading);
    this.#readings = new Readings({ store, timing, followers: this.#followers, onArrived });
    registry.onAwaited((tenantId) => this.#followers.get(tenantId)?.askFor());
    this.#host = {
      onHeard: (stream) => this.#onHeard(stream),
      onTaken: (stream) => this.#onTaken(stream),
      onSent: () => {
        this.#messages += 1;
      },
      onEnd: (stream, error) => this.#onEnd(stream, error),
    };
  }

  /** Throws `overloaded` and `store_unavailable`. */
  open(start: WatchStart): WatchStream {
    const { tenantId, clientId, verifierId, resumeRevision } = start;
    if (this.#isClosed) {
      throw stopping();
    }
    const key = `${clientId} ${verifierId}`;
    this.#census.makeRoom(key, start);
    const { registry, timing } = this.#options;
    // Before the reading: who waits for a revision that the reading does not see must find the stream here.
    const opened = registry.open(tenantId, key);
    const stream = new WatchStream({ ...start, host: this.#host, opened, now: timing.now });
    this.#census.add(key, stream);
    const joining = new Joining(stream, resumeRevision, () => registry.awaited(tenantId));
    this.#joining.set(stream, joining);
    this.#readings.want(joining);
    this.#sweeping ??= timing.after(SWEEP_MS, () => this.#sweep());
    return stream;
  }

  /** Ends all streams, so that their verifiers connect elsewhere, and takes no new ones. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#census.streams) {
      stream.end(stopping());
    }
    this.#readings.stop();
    this.#sweeping?.();
  }

  figures(): WatchFigures {
    const { size, endings } = this.#census;
    return { watchers: size, tenants: this.#followers.size, messages: this.#messages, lag: this.#lag, endings };
  }

  #onHeard(stream: WatchStream): void {
    const follower = this.#joining.has(stream) ? undefined : this.#followers.get(stream.tenantId);
    if (follower !== undefined) {
      follower.heard(stream);
      this.#readings.want(follower);
    }
  }

  #onTaken(stream: WatchStream): void {
    const joining = this.#joining.get(stream);
    if (joining === undefined) {
      this.#followers.get(stream.tenantId)?.serve(stream);
    } else {
      this.#readings.want(joining);
    }
  }

  #onEnd(stream: WatchStream, error: SymbolonError | undefined): void {
    this.#census.delete(stream, error);
    const joining = this.#joining.get(stream);
    if (joining !== undefined) {
      this.#joining.delete(stream);
      this.#readings.forget(joining);
    }
    const follower = this.#followers.get(stream.tenantId);
    follower?.delete(stream);
    if (follower?.isIdle) {
      this.#followers.delete(stream.tenantId);
      this.#readings.forget(follower);
    }
  }

  /** It is at the end of the log by that reading, and goes on with the others of its tenant. */
  #follow(joining: Joining, reading: LogReading): void {
    const { stream, tenantId } = joining;
    const known = this.#followers.get(tenantId);
    if (known !== undefined && !known.isOf(reading)) {
      stream.end(otherHistory());
      return;
    }
    if (known !== undefined && !known.reaches(stream.sent)) {
      this.#readings.want(joining);
      return;
    }
    const follower = known ?? this.#newFollower(stream, reading);
    this.#followers.set(tenantId, follower);
    this.#joining.delete(stream);
    follower.add(stream, reading);
    if (stream.hasHeard) {
      this.#readings.want(follower);
    }
  }

  #newFollower({ tenantId, sent }: WatchStream, reading: LogReading): Follower {
    const { registry, timing } = this.#options;
    return new Follower({
      ...{ tenantId, reading, timing, position: sent },
      awaited: () => registry.awaited(tenantId),
      onEvents: (events) => this.#measure(events),
    });
  }

  #measure(events: readonly RevocationEvent[]): void {
    const now = this.#options.clock();
    for (const { eventTime } of events) {
      this.#lag.record(Math.max(0, now - eventTime) / 1_000);
    }
  }

  #sweep(): void {
    const { clock, timing } = this.#options;
    const now = clock();
    for (const stream of this.#census.streams) {
      const { expireTime } = stream.standing;
      if (expireTime !== null && expireTime <= now) {
        stream.end(expired());
      }
    }
    for (const [stream, joining] of this.#joining) {
      if (joining.isStuck()) {
        stream.end(tooSlow());
      }
    }
    this.#sweeping = this.#census.size > 0 ? timing.after(SWEEP_MS, () => this.#sweep()) : undefined;
  }
}
