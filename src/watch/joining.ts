/** A stream that comes: it is brought from where it stands to the end of its tenant's log, page by page, and then follows with the others. */
import type { LogPosition, LogReading } from '../core/services/revocation-log.ts';
import { stepOf } from './log-tail.ts';
import { positionLost } from './watch-errors.ts';
import type { WatchStream } from './watch-stream.ts';

/** Beyond every log: only its end is told. */
const BEYOND = Number.MAX_SAFE_INTEGER;
/** Seconds. */
const MAX_STUCK = 10;

export class Joining {
  readonly stream: WatchStream;
  readonly #awaited: () => number;
  #isAfresh: boolean;
  #hasBegun = false;
  #stuckAt = -1;
  #stuckFor = 0;

  /** `resume`: the position that it comes with; undefined: it begins afresh. */
  constructor(stream: WatchStream, resume: number | undefined, awaited: () => number) {
    this.stream = stream;
    this.#awaited = awaited;
    this.#isAfresh = resume === undefined;
    stream.sent = resume ?? 0;
  }

  get tenantId(): string {
    return this.stream.tenantId;
  }

  get position(): LogPosition {
    return { tenantId: this.tenantId, after: this.#isAfresh ? BEYOND : this.stream.sent };
  }

  begin(): void {
    this.stream.ask();
  }

  /** Answers whether it is at the end now; else it has ended, or goes on once it has taken what it was sent. */
  take(reading: LogReading): boolean {
    const { stream } = this;
    const { revision, events, isLost, clientVersion } = reading;
    // Its caller may have been cut off since it was read: the follower finds out, and until then no heartbeat is answered.
    stream.isChecking ||= stream.standing.mayHaveEnded || stream.standing.clientVersion < clientVersion;
    if (this.#isAfresh && revision >= 0) {
      this.#isAfresh = false;
      this.#hasBegun = true;
      stream.answer();
      stream.write(stepOf(revision, []), this.#awaited(), true);
      return true;
    }
    if (isLost) {
      stream.end(positionLost());
      return false;
    }
    const isAtEnd = stream.sent + events.length === revision;
    if (isAtEnd) {
      stream.answer();
    }
    if (!this.#hasBegun) {
      // What it comes with was found right, so it may say that it knows it.
      stream.opened.sent(stream.sent);
    }
    if (!this.#hasBegun || events.length > 0) {
      this.#hasBegun = true;
      stream.write(stepOf(stream.sent, events), this.#awaited());
    }
    return isAtEnd;
  }

  /** Asked once a second: whether it has read nothing of what it was sent for many of them. */
  isStuck(): boolean {
    this.#stuckFor = this.stream.isBusy && this.stream.sent === this.#stuckAt ? this.#stuckFor + 1 : 0;
    this.#stuckAt = this.stream.sent;
    return this.#stuckFor >= MAX_STUCK;
  }
}
