/** What a worker has in common with the others: it asks the main thread. */
import type { InCommon } from '../../core/services/in-common.ts';
import type { IsAbandoned } from '../../core/services/services.ts';
import type { Store } from '../../core/services/store.ts';
import type { Verifiers } from '../../core/services/verifiers.ts';
import { abandoned, type HashTurns } from '../../password/hash-turns.ts';
import type { Channel } from './channel.ts';
import type { MainHandlers, WorkerHandlers } from './protocol.ts';

export type ToMain = Channel<
  { [K in keyof WorkerHandlers]: WorkerHandlers[K] },
  { [K in keyof MainHandlers]: MainHandlers[K] }
>;

export function askingInCommon(main: ToMain): InCommon {
  let last = 0;
  return {
    guesses: {
      begin: (key) => {
        last += 1;
        main.tell('beginGuess', { key, mark: last });
        return last;
      },
      end: (key, mark) => main.tell('endGuess', { key, mark }),
      waitForEnd: (key, mark) => main.ask('waitForGuess', { key, mark }),
    },
    spend: (budget, key, most) => main.ask('spend', { budget, key, most }),
    longReads: {
      enter: (key, max) => main.ask('enterRead', { key, max }),
      leave: (key) => main.tell('leaveRead', key),
    },
  };
}

/** The main thread asks the watchers of all workers, and the other servers. */
export function askingVerifiers(main: ToMain, store: Pick<Store, 'untilAnswerable'>): Verifiers {
  return {
    awaitRevision: async (tenantId, revision, deadline) => {
      // This thread may have seen sooner than the main thread that another server is the primary.
      await store.untilAnswerable?.();
      return main.ask('awaitRevision', { tenantId, revision, deadline });
    },
  };
}

/** How often it is looked for hashes that nobody waits for any more, while any wait. */
const LOOK_MS = 100;

/** Turns in the queue of the main thread. */
export class AskedTurns implements HashTurns {
  readonly #main: ToMain;
  readonly #waiting = new Map<number, IsAbandoned>();
  #last = 0;
  #looking: NodeJS.Timeout | undefined;

  constructor(main: ToMain) {
    this.#main = main;
  }

  requireRoom(): Promise<void> {
    return this.#main.ask('requireHashRoom', undefined) as Promise<void>;
  }

  async begin(isAbandoned: IsAbandoned): Promise<() => void> {
    this.#last += 1;
    const hash = this.#last;
    this.#waiting.set(hash, isAbandoned);
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS);
    try {
      await this.#main.ask('beginHash', hash);
    } finally {
      this.#waiting.delete(hash);
      if (this.#waiting.size === 0) {
        clearInterval(this.#looking);
        this.#looking = undefined;
      }
    }
    const end = () => this.#main.tell('endHash', hash);
    if (isAbandoned()) {
      end();
      throw abandoned();
    }
    return end;
  }

  #look(): void {
    const gone = [...this.#waiting].flatMap(([hash, isAbandoned]) => (isAbandoned() ? [hash] : []));
    if (gone.length > 0) {
      this.#main.tell('abandonHashes', gone);
    }
  }
}
