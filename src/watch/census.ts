/** Who watches here: one current stream for each verifier, so many for each client and in all, and how those ended that did. */
import type { SymbolonError } from '../core/errors.ts';
import { replaced, tooManyWatchers } from './watch-errors.ts';
import type { WatchStream } from './watch-stream.ts';

/** A client may have a verifier in each of its processes; and one client leaves room for others. */
const MAX_WATCHERS = 4_096;
const MAX_WATCHERS_OF_CLIENT = 2_048;

interface Count {
  readonly all: number;
  add(): void;
  remove(): void;
}

/** What all threads of the process have. */
export interface SharedCounts {
  readonly total: Count;
  of(clientId: string): Count;
}

export class Census {
  readonly #shared: SharedCounts | undefined;
  readonly #streams = new Map<string, WatchStream>();
  readonly #keys = new Map<WatchStream, string>();
  readonly #ofClients = new Map<string, number>();
  /** By the code of the error; `ok`: as the watcher wished. */
  readonly endings = new Map<string, number>([['ok', 0]]);

  /** `shared`: absent where this thread has all. */
  constructor(shared?: SharedCounts) {
    this.#shared = shared;
  }

  get size(): number {
    return this.#keys.size;
  }

  get streams(): Iterable<WatchStream> {
    return this.#keys.keys();
  }

  /** Ends the stream that the verifier had before. Throws `overloaded` where there is no room. */
  makeRoom(key: string, clientId: string): void {
    this.#streams.get(key)?.end(replaced());
    if ((this.#shared?.of(clientId).all ?? this.#ofClients.get(clientId) ?? 0) >= MAX_WATCHERS_OF_CLIENT) {
      throw tooManyWatchers('for this client');
    }
    if ((this.#shared?.total.all ?? this.#keys.size) >= MAX_WATCHERS) {
      throw tooManyWatchers('here');
    }
  }

  add(key: string, stream: WatchStream): void {
    const { clientId } = stream;
    this.#streams.set(key, stream);
    this.#keys.set(stream, key);
    this.#ofClients.set(clientId, (this.#ofClients.get(clientId) ?? 0) + 1);
    this.#shared?.total.add();
    this.#shared?.of(clientId).add();
  }

  delete(stream: WatchStream, error: SymbolonError | undefined): void {
    const { clientId } = stream;
    const key = this.#keys.get(stream);
    if (key === undefined) {
      return;
    }
    this.#keys.delete(stream);
    this.#streams.delete(key);
    this.#shared?.total.remove();
    this.#shared?.of(clientId).remove();
    const left = (this.#ofClients.get(clientId) ?? 1) - 1;
    if (left === 0) {
      this.#ofClients.delete(clientId);
    } else {
      this.#ofClients.set(clientId, left);
    }
    const code = error?.code ?? 'ok';
    this.endings.set(code, (this.endings.get(code) ?? 0) + 1);
  }
}
