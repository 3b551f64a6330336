/**
 * When the logs are read: one reading at a time, of all tenants that want one. A heartbeat is answered by a reading that began after it had
 * come (decision 0134). What the store pushes is a hint to read at once.
 */
import { SymbolonError } from '../core/errors.ts';
import type { LogReading } from '../core/services/revocation-log.ts';
import type { Store } from '../core/services/store.ts';
import type { Follower } from './follower.ts';
import { Joining } from './joining.ts';
import type { Timing } from './timing.ts';

/** Of a store that does not push. */
const POLL_MS = 25;
const RETRY_MS = 100;
/** Events of one tenant in one reading. */
const PAGE = 500;
/** Those that come in one reading. */
const MAX_JOINING = 64;

export interface ReadingsOptions {
  readonly store: Pick<Store, 'readRevocations' | 'onRevocations'>;
  readonly timing: Timing;
  readonly followers: ReadonlyMap<string, Follower>;
  /** Is told of one that is at the end of the log now. */
  readonly onArrived: (joining: Joining, reading: LogReading) => void;
}

export class Readings {
  readonly #options: ReadingsOptions;
  readonly #doesPush: boolean;
  readonly #followers = new Set<Follower>();
  readonly #joining = new Set<Joining>();
  #isReading = false;
  #isStopped = false;
  /** Calls off the next one. */
  #planned: (() => void) | undefined;
  #lastTime = Number.NEGATIVE_INFINITY;

  constructor(options: ReadingsOptions) {
    this.#options = options;
    const { store, followers } = options;
    this.#doesPush = store.onRevocations !== undefined;
    store.onRevocations?.((tenantIds) => {
      for (const tenantId of tenantIds) {
        const follower = followers.get(tenantId);
        if (follower !== undefined) {
          this.#followers.add(follower);
        }
      }
      // At once, so that what was read leaves before the answer that it was made for.
      this.#read();
    });
  }

  want(reader: Follower | Joining): void {
    if (reader instanceof Joining) {
      this.#joining.add(reader);
    } else {
      this.#followers.add(reader);
    }
    this.#plan();
  }

  forget(reader: Follower | Joining): void {
    this.#followers.delete(reader as Follower);
    this.#joining.delete(reader as Joining);
  }

  stop(): void {
    this.#isStopped = true;
    this.#planned?.();
  }

  /** Of a store that pushes, what comes in one turn of the event loop is answered by one reading. */
  #plan(): void {
    const { timing, followers } = this.#options;
    const size = this.#joining.size + (this.#doesPush ? this.#followers.size : followers.size);
    if (this.#isReading || this.#isStopped || this.#planned !== undefined || size === 0) {
      return;
    }
    if (this.#doesPush) {
      const immediate = setImmediate(() => this.#read());
      this.#planned = () => clearImmediate(immediate);
    } else {
      this.#planned = timing.after(Math.max(0, this.#lastTime + POLL_MS - timing.now()), () => this.#read());
    }
  }

  #read(): void {
    if (this.#isReading || this.#isStopped) {
      return;
    }
    this.#planned?.();
    this.#planned = undefined;
    const { store, timing } = this.#options;
    const joining = [...this.#joining].slice(0, MAX_JOINING);
    const followers = this.#followersWith(joining);
    const readers = [...followers, ...joining];
    if (readers.length === 0) {
      return;
    }
    this.#isReading = true;
    this.#lastTime = timing.now();
    const positions = readers.map(({ position }) => position);
    for (const reader of readers) {
      this.forget(reader);
      reader.begin();
    }
    store.readRevocations(positions, PAGE).then(
      (readings) => this.#take(followers, joining, readings),
      (error: unknown) => this.#fail(followers, joining, error),
    );
  }

  /** With each that comes the one that it shall follow with, so that both are at one position. */
  #followersWith(joining: readonly Joining[]): readonly Follower[] {
    const { followers } = this.#options;
    const all = new Set(this.#doesPush ? this.#followers : followers.values());
    for (const { tenantId } of joining) {
      const follower = followers.get(tenantId);
      if (follower !== undefined) {
        all.add(follower);
      }
    }
    return [...all];
  }

  #take(followers: readonly Follower[], joining: readonly Joining[], readings: readonly LogReading[]): void {
    this.#isReading = false;
    for (const [i, follower] of followers.entries()) {
      if (!follower.isIdle && follower.take(readings[i] as LogReading)) {
        this.want(follower);
      }
    }
    for (const [i, each] of joining.entries()) {
      const reading = readings[followers.length + i] as LogReading;
      if (!each.stream.isOver && each.take(reading)) {
        this.#options.onArrived(each, reading);
      }
    }
    this.#plan();
  }

  /** What waits for an answer waits on: its verifier is closed meanwhile. */
  #fail(followers: readonly Follower[], joining: readonly Joining[], error: unknown): void {
    const refusal =
      error instanceof SymbolonError
        ? error
        : new SymbolonError('internal', 'The log could not be read', { cause: error });
    for (const each of joining) {
      each.stream.end(refusal);
    }
    this.#options.timing.after(RETRY_MS, () => {
      this.#isReading = false;
      for (const follower of followers) {
        if (!follower.isIdle) {
          this.#followers.add(follower);
        }
      }
      this.#plan();
    });
  }
}
