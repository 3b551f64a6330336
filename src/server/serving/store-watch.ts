/**
 * Tells the log when the store fails and when it is back, once each. A part of it may fail alone: reads, writes, one heartbeat, the replica.
 * What a part is heard of again by is a success of its own, or the store's health.
 */
import type { Logger } from 'pino';
import type { Store } from '../../core/services/store.ts';
import type { StoreFault, StorePart } from '../../store/open.ts';

export interface StoreWatchOptions {
  readonly log: Pick<Logger, 'error' | 'warn'>;
  /** Milliseconds from any start; never set. */
  readonly now: () => number;
}

const OF_HEALTH = ['reads', 'writes'] as const;
type Health = Readonly<Record<(typeof OF_HEALTH)[number], boolean>>;

export class StoreWatch {
  readonly #log: StoreWatchOptions['log'];
  readonly #now: () => number;
  /** Since when each part fails. */
  readonly #failing = new Map<StorePart, number>();
  #health: Health = { reads: true, writes: true };

  constructor({ log, now }: StoreWatchOptions) {
    this.#log = log;
    this.#now = now;
  }

  /** Also of what fails before there is a store to watch. */
  failed({ code, detail, of, isFatal }: StoreFault): void {
    const isNew = !this.#failing.has(of);
    if (isNew) {
      this.#failing.set(of, this.#now());
    }
    if (isNew || isFatal) {
      this.#log.error({ what: of, code, detail }, 'the store failed');
    }
  }

  /** Where health says that it is away, health says when it is back. */
  succeeded(part: StorePart): void {
    if (this.#isHealthy()) {
      this.#tellBack([part]);
    }
  }

  watch(store: Pick<Store, 'isReadable' | 'isWritable' | 'onHealthChange'>): void {
    const look = () => this.#compare({ reads: store.isReadable(), writes: store.isWritable() });
    store.onHealthChange(look);
    // What changed before somebody watched.
    look();
  }

  #compare(now: Health): void {
    const before = this.#health;
    this.#health = now;
    const begun = OF_HEALTH.filter((part) => before[part] && !now[part]);
    if (begun.length > 0) {
      for (const part of begun) {
        this.#failing.set(part, this.#failing.get(part) ?? this.#now());
      }
      this.#log.warn({ readable: now.reads, writable: now.writes }, 'the store is not well');
    }
    const ended = OF_HEALTH.filter((part) => !before[part] && now[part]);
    // A beat that failed is over with the health that it cost.
    this.#tellBack(this.#isHealthy() && ended.length > 0 ? [...ended, 'heartbeat'] : ended);
  }

  #isHealthy(): boolean {
    return this.#health.reads && this.#health.writes;
  }

  /** In one line what is back at one moment. */
  #tellBack(parts: readonly StorePart[]): void {
    const back = parts.filter((part) => this.#failing.has(part));
    const since = Math.min(...back.map((part) => this.#failing.get(part) ?? 0));
    for (const part of back) {
      this.#failing.delete(part);
    }
    const what = back.filter((part) => part !== 'heartbeat' || back.length === 1).join(' and ');
    if (what !== '') {
      const { reads: readable, writes: writable } = this.#health;
      this.#log.warn({ what, awayMs: Math.round(this.#now() - since), readable, writable }, 'the store is back');
    }
  }
}
