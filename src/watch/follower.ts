/** Follows one tenant's log for all of its watchers: one reading answers all of them, and each event is written out once. */
import type { SymbolonError } from '../core/errors.ts';
import type { LogPosition, LogReading } from '../core/services/revocation-log.ts';
import type { RevocationEvent } from '../core/tables/revocations.ts';
import { MAX_UNSENT_BYTES } from '../core/verifiers.ts';
import { Gathering } from './flow.ts';
import { LogTail } from './log-tail.ts';
import type { Standing } from './standing.ts';
import type { Timing } from './timing.ts';
import { otherHistory, positionLost, tooSlow } from './watch-errors.ts';
import type { WatchStream } from './watch-stream.ts';

export interface FollowerOptions {
  readonly tenantId: string;
  /** Where it begins, and the reading that says so. */
  readonly position: number;
  readonly reading: LogReading;
  readonly timing: Timing;
  /** The largest revision that somebody waits for. */
  readonly awaited: () => number;
  /** Is told of events before they are sent. */
  readonly onEvents: (events: readonly RevocationEvent[]) => void;
}

export class Follower {
  readonly tenantId: string;
  readonly #options: FollowerOptions;
  readonly #tail: LogTail;
  readonly #streams = new Set<WatchStream>();
  readonly #gathering = new Gathering();
  readonly #timeline: number;
  #clientVersion: number;
  /** With heartbeats that came since the last reading began, and before. */
  #heard = new Set<WatchStream>();
  #asked = new Set<WatchStream>();
  /** Calls off what is to leave later. */
  #waiting: (() => void) | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.tenantId = options.tenantId;
    this.#tail = new LogTail(options.position);
    this.#timeline = options.reading.timeline;
    this.#clientVersion = options.reading.clientVersion;
  }

  get isIdle(): boolean {
    return this.#streams.size === 0;
  }

  get position(): LogPosition {
    return { tenantId: this.tenantId, after: this.#tail.end };
  }

  /** Whether the reading is of the history that it follows. */
  isOf({ timeline }: LogReading): boolean {
    return timeline === this.#timeline;
  }

  /** Whether it can go on from there. Behind what is kept, the log itself must be read. */
  reaches(position: number): boolean {
    return position >= this.#tail.start;
  }

  /** One that was sent everything up to a position that this reaches, by that reading. */
  add(stream: WatchStream, { clientVersion }: LogReading): void {
    this.#streams.add(stream);
    if (stream.hasHeard) {
      this.#heard.add(stream);
    }
    const { standing } = stream;
    if (standing.mayHaveEnded || standing.clientVersion < Math.max(clientVersion, this.#clientVersion)) {
      this.#check([stream]);
    }
    this.serve(stream);
  }

  delete(stream: WatchStream): void {
    this.#streams.delete(stream);
    this.#heard.delete(stream);
    this.#asked.delete(stream);
    if (this.isIdle) {
      this.#waiting?.();
      this.#waiting = undefined;
    }
  }

  heard(stream: WatchStream): void {
    this.#heard.add(stream);
  }

  /** A reading begins. Heartbeats that come from now on are not answered by it. */
  begin(): void {
    for (const stream of this.#heard) {
      stream.ask();
      this.#asked.add(stream);
    }
    this.#heard = new Set();
  }

  /** Answers whether there is more to read. */
  take(reading: LogReading): boolean {
    if (!this.isOf(reading)) {
      this.endAll(otherHistory);
      return false;
    }
    if (reading.isLost) {
      this.endAll(positionLost);
      return false;
    }
    const { events, revision, clientVersion } = reading;
    this.#tail.add(events);
    this.#options.onEvents(events);
    this.#lookAtStandings(events, clientVersion);
    const isAtEnd = this.#tail.end === revision;
    const asked = this.#asked;
    if (isAtEnd) {
      this.#asked = new Set();
      for (const stream of asked) {
        stream.answer();
      }
    }
    if (events.length > 0) {
      this.#flushInTime(isAtEnd);
    } else if (this.#waiting === undefined) {
      for (const stream of asked) {
        this.serve(stream);
      }
    }
    return !isAtEnd;
  }

  /** Somebody waits for this revision: who has it and did not acknowledge it is asked. */
  askFor(): void {
    this.#flush();
  }

  /** Sends what is there for the watcher, unless that waits for more. */
  serve(stream: WatchStream): void {
    // Where the log is read page by page, one that came lately may be before the others. It waits for them.
    if (stream.isOver || this.#waiting !== undefined || stream.sent > this.#tail.end) {
      return;
    }
    if (stream.isBusy) {
      if (this.#tail.bytesAfter(stream.sent) + stream.bytesOnTheWay > MAX_UNSENT_BYTES) {
        stream.end(tooSlow());
      }
      return;
    }
    const awaited = this.#options.awaited();
    const isBehind = stream.sent < this.#tail.end;
    const isAwaited = awaited > Math.max(stream.acknowledged, stream.askedFor) && stream.sent >= awaited;
    if (isBehind || stream.hasEcho || isAwaited) {
      stream.write(this.#tail.stepAfter(stream.sent), awaited);
    }
  }

  endAll(error: () => SymbolonError): void {
    for (const stream of this.#streams) {
      stream.end(error());
    }
  }

  /** A page of a long log leaves at once, so that what is kept stays short. */
  #flushInTime(mayWait: boolean): void {
    const now = this.#options.timing.now();
    const waitMs = mayWait ? this.#gathering.waitMs(now) : 0;
    if (waitMs === 0) {
      this.#flush();
    } else {
      this.#waiting ??= this.#options.timing.after(waitMs, () => this.#flush());
    }
  }

  #flush(): void {
    this.#waiting?.();
    this.#waiting = undefined;
    this.#gathering.left(this.#options.timing.now());
    let least = this.#tail.end;
    for (const stream of this.#streams) {
      this.serve(stream);
      least = stream.isOver ? least : Math.min(least, stream.sent);
    }
    this.#tail.forgetUpTo(least);
  }

  /** What was changed or ended may be a watcher's own client, secret, token or tenant. */
  #lookAtStandings(events: readonly RevocationEvent[], clientVersion: number): void {
    const keys = new Set(events.map(({ key }) => key));
    const isChanged = clientVersion !== this.#clientVersion;
    this.#clientVersion = clientVersion;
    if (!isChanged && keys.size === 0) {
      return;
    }
    const touched = [...this.#streams].filter(
      ({ standing }) =>
        (isChanged && standing.clientVersion < clientVersion) || standing.keys.some((key) => keys.has(key)),
    );
    this.#check(touched);
  }

  /** Once for all that prove themselves by the same. */
  #check(streams: readonly WatchStream[]): void {
    const renewals = new Map<object, Promise<Standing>>();
    for (const stream of streams) {
      const { standing } = stream;
      const renewal = renewals.get(standing.credential) ?? standing.renew();
      renewals.set(standing.credential, renewal);
      stream.isChecking = true;
      stream.renewal = renewal;
      renewal.then(
        (renewed) => {
          // One that began before the newest may have read what was before the change.
          if (stream.renewal === renewal) {
            stream.isChecking = false;
            stream.standing = renewed;
            this.serve(stream);
          }
        },
        (error: SymbolonError) => this.#endAfterEvents(stream, error),
      );
    }
  }

  /** The event that ended the caller is sent before the stream ends. */
  #endAfterEvents(stream: WatchStream, error: SymbolonError): void {
    if (!stream.isOver && stream.sent < this.#tail.end) {
      stream.write(this.#tail.stepAfter(stream.sent), 0);
    }
    stream.end(error);
  }
}
