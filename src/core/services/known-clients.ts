/** Clients as they were read last: worth something only to those who compare `clientVersion` with what they read themselves. */
import type { Instant } from '../model.ts';
import type { ClientReading, Store } from './store.ts';

const MAX_KNOWN = 10_000;
const KNOWN_MS = 1_000;

interface Known {
  readonly reading: ClientReading;
  readonly readTime: Instant;
}

export class KnownClients {
  readonly #store: Pick<Store, 'readClient'>;
  readonly #clock: () => Instant;
  #known = new Map<string, Known>();

  constructor(store: Pick<Store, 'readClient'>, clock: () => Instant) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Undefined of what was read too long ago, so that nobody goes by an old version for long, which makes transactions read more. */
  get(clientId: string): ClientReading | undefined {
    const known = this.#known.get(clientId);
    if (known === undefined) {
      return undefined;
    }
    const age = this.#clock() - known.readTime;
    return age >= 0 && age < KNOWN_MS ? known.reading : undefined;
  }

  /** What the store says now, which is remembered. */
  async read(clientId: string): Promise<ClientReading | undefined> {
    const readTime = this.#clock();
    const reading = await this.#store.readClient(clientId);
    if (reading === undefined) {
      this.#known.delete(clientId);
      return undefined;
    }
    if (this.#known.size >= MAX_KNOWN) {
      this.#known = new Map();
    }
    this.#known.set(clientId, { reading, readTime });
    return reading;
  }
}
