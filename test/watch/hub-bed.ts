/** A hub on a real store in memory, with watchers that keep what they are sent. */
import type { SymbolonError } from '../../src/core/errors.ts';
import type { Store } from '../../src/core/services/store.ts';
import type { SharedCounts } from '../../src/watch/census.ts';
import { WatchHub, type WatchStart } from '../../src/watch/hub.ts';
import { Registry } from '../../src/watch/registry.ts';
import type { Standing } from '../../src/watch/standing.ts';
import type { Sink, WatchMessage, WatchRequest, WatchStream } from '../../src/watch/watch-stream.ts';
import { cutOff, makeAcme, TENANT } from '../store/fixtures.ts';
import { make, openMemoryTestBed, type TestBed } from '../support.ts';
import { FakeTiming } from './fake-timing.ts';

/** What came in the same turn of the event loop is done. */
export async function turns(count = 4): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise(setImmediate);
  }
}

/** One that always stands. */
export const STANDS: Standing = {
  clientVersion: Number.MAX_SAFE_INTEGER,
  expireTime: null,
  credential: {},
  keys: [],
  mayHaveEnded: false,
  renew: async () => STANDS,
};

export class FakeSink implements Sink {
  readonly messages: WatchMessage[] = [];
  /** Whether it takes what is sent at once; else when it is told to. */
  isReading = true;
  error: SymbolonError | undefined;
  isOver = false;
  #taken: (() => void)[] = [];

  send(message: WatchMessage, onTaken: () => void): void {
    this.messages.push(message);
    this.#taken.push(onTaken);
    if (this.isReading) {
      queueMicrotask(() => this.take());
    }
  }

  take(): void {
    for (const taken of this.#taken.splice(0)) {
      taken();
    }
  }

  end(error: SymbolonError | undefined): void {
    this.isOver = true;
    this.error = error;
  }

  get last(): WatchMessage {
    return this.messages.at(-1) as WatchMessage;
  }

  /** Of all events that it was sent. */
  get revisions(): number[] {
    return this.messages.flatMap(({ step }) => step.events.map(({ revision }) => revision));
  }
}

type StoreOf = (store: Store) => Pick<Store, 'readRevocations' | 'onRevocations'>;

export interface Watching {
  readonly sink: FakeSink;
  readonly stream: WatchStream;
  /** One heartbeat, an acknowledgement, or both. */
  say(request: Partial<WatchRequest>): void;
}

export class HubBed implements AsyncDisposable {
  readonly bed: TestBed;
  readonly timing = new FakeTiming();
  readonly registry = new Registry(this.timing);
  readonly hub: WatchHub;
  #count = 0;

  private constructor(bed: TestBed, storeOf: StoreOf, shared: SharedCounts | undefined) {
    this.bed = bed;
    const { clock } = bed;
    this.hub = new WatchHub({
      shared,
      store: storeOf(bed.store),
      registry: this.registry,
      clock: clock.read,
      timing: this.timing,
    });
  }

  /** `storeOf`: what the hub reads instead of the store itself. */
  static async start(storeOf: StoreOf = (store) => store, shared?: SharedCounts): Promise<HubBed> {
    const bed = await openMemoryTestBed();
    await makeAcme(bed.store);
    return new HubBed(bed, storeOf, shared);
  }

  watch(start: Partial<WatchStart> = {}): Watching {
    this.#count += 1;
    const sink = new FakeSink();
    const stream = this.hub.open({
      tenantId: TENANT,
      clientId: 'app',
      standing: STANDS,
      verifierId: `verifier ${this.#count}`,
      resumeRevision: undefined,
      heartbeat: 0,
      sink,
      ...start,
    });
    const say = (request: Partial<WatchRequest>) =>
      stream.receive({ heartbeat: 0, acknowledgedRevision: 0, ...request });
    return { sink, stream, say };
  }

  /** So many events, which are answered. */
  async revoke(count = 1, tenantId = TENANT): Promise<void> {
    for (let i = 0; i < count; i++) {
      await make(this.bed.store, cutOff('tenant', tenantId, 'revoked', tenantId));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hub.close();
    await this.bed.close();
  }
}
