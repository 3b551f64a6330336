/**
 * What has to be asked of the store, which a scrape must not wait for: it is asked now and then, and the last answer is shown. While the
 * store is away there is none.
 */
import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import { MESSAGES_BY_DUE } from '../core/tables/messages.ts';
import { gauge, type Metric, NO_LABELS } from './metric.ts';

const MESSAGES_INTERVAL_MS = 15_000;
/** Enough to see that they pile up. */
const MAX_MESSAGES = 500;
const FAMILIES_INTERVAL_MS = 600_000;
const SECOND_MS = 1_000;

export interface CensusOptions {
  readonly store: Pick<Store, 'list' | 'estimateFamilies'>;
  readonly clock: () => Instant;
}

interface Pending {
  readonly count: number;
  readonly oldest: Instant | undefined;
}

export class Census {
  readonly #options: CensusOptions;
  #pending: Pending | undefined;
  #families: number | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStopped = false;

  constructor(options: CensusOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#repeat(MESSAGES_INTERVAL_MS, () => this.countMessages());
    void this.#repeat(FAMILIES_INTERVAL_MS, () => this.countFamilies());
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
  }

  readonly metrics: readonly Metric[] = [
    {
      ...gauge(
        'symbolon.outbox.pending',
        '{message}',
        `Messages of the store that wait to be sent, ${MAX_MESSAGES} at most`,
        () => 0,
      ),
      read: () => (this.#pending === undefined ? [] : [{ labels: NO_LABELS, value: this.#pending.count }]),
    },
    {
      ...gauge('symbolon.outbox.oldest.age', 's', 'Age of the oldest of them', () => 0),
      read: () => (this.#pending === undefined ? [] : [{ labels: NO_LABELS, value: this.#age(this.#pending) }]),
    },
    {
      ...gauge(
        'symbolon.families',
        '{family}',
        'Logins that are kept, revoked ones until they expire: about, and every ten minutes',
        () => 0,
      ),
      read: () => (this.#families === undefined ? [] : [{ labels: NO_LABELS, value: this.#families }]),
    },
  ];

  /** Never throws. */
  async countMessages(): Promise<void> {
    try {
      const messages = await this.#options.store.list(MESSAGES_BY_DUE, { state: 'pending' }, { limit: MAX_MESSAGES });
      const times = messages.map(({ createTime }) => createTime);
      this.#pending = { count: times.length, oldest: times.length === 0 ? undefined : Math.min(...times) };
    } catch {
      this.#pending = undefined;
    }
  }

  /** Never throws. */
  async countFamilies(): Promise<void> {
    try {
      this.#families = await this.#options.store.estimateFamilies?.();
    } catch {
      this.#families = undefined;
    }
  }

  #age({ oldest }: Pending): number {
    return oldest === undefined ? 0 : Math.max(0, this.#options.clock() - oldest) / SECOND_MS;
  }

  async #repeat(intervalMs: number, count: () => Promise<void>): Promise<void> {
    await count();
    if (!this.#isStopped) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#repeat(intervalMs, count);
      }, intervalMs);
      timer.unref();
      this.#timers.add(timer);
    }
  }
}
