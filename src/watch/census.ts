/**
 * Who watches here: one current stream for each verifier, so many for each client and in all, and how those ended that did. Where there is
 * no room, the tenant that has most gives way to one that has less, so that none keeps another out, however many clients it has.
 */
import type { SymbolonError } from '../core/errors.ts';
import { gaveWay, replaced, tooManyWatchers } from './watch-errors.ts';
import type { WatchStream } from './watch-stream.ts';

export const MAX_WATCHERS = 4_096;
/** A client may have a verifier in each of its processes; and one client leaves room for others of its tenant. */
export const MAX_WATCHERS_OF_CLIENT = 2_048;

interface Count {
  readonly all: number;
  add(): void;
  remove(): void;
}

/** What all threads of the process have. */
export interface SharedCounts {
  readonly total: Count;
  /** Of a tenant or a client. */
  of(owner: string): Count;
}

export class Census {
  readonly #shared: SharedCounts | undefined;
  readonly #streams = new Map<string, WatchStream>();
  readonly #keys = new Map<WatchStream, string>();
  /** By tenant and by client. */
  readonly #owned = new Map<string, Set<WatchStream>>();
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
  makeRoom(key: string, { tenantId, clientId }: Owner): void {
    this.#streams.get(key)?.end(replaced());
    if (this.#count(clientOf(clientId)) >= MAX_WATCHERS_OF_CLIENT) {
      throw tooManyWatchers('for this client');
    }
    if ((this.#shared?.total.all ?? this.#keys.size) >= MAX_WATCHERS) {
      this.#takePlace(tenantOf(tenantId));
    }
  }

  add(key: string, stream: WatchStream): void {
    this.#streams.set(key, stream);
    this.#keys.set(stream, key);
    this.#shared?.total.add();
    for (const owner of ownersOf(stream)) {
      const owned = this.#owned.get(owner) ?? new Set();
      this.#owned.set(owner, owned.add(stream));
      this.#shared?.of(owner).add();
    }
  }

  delete(stream: WatchStream, error: SymbolonError | undefined): void {
    const key = this.#keys.get(stream);
    if (key === undefined) {
      return;
    }
    this.#keys.delete(stream);
    this.#streams.delete(key);
    this.#shared?.total.remove();
    for (const owner of ownersOf(stream)) {
      const owned = this.#owned.get(owner);
      owned?.delete(stream);
      if (owned?.size === 0) {
        this.#owned.delete(owner);
      }
      this.#shared?.of(owner).remove();
    }
    const code = error?.code ?? 'ok';
    this.endings.set(code, (this.endings.get(code) ?? 0) + 1);
  }

  #count(owner: string): number {
    return this.#shared?.of(owner).all ?? this.#owned.get(owner)?.size ?? 0;
  }

  /** Of the tenant that has most of those that have streams here. What it has had for longest, it keeps. */
  #takePlace(tenant: string): void {
    let [most, streams]: [number, Iterable<WatchStream>] = [0, []];
    for (const [owner, owned] of this.#owned) {
      const count = isTenant(owner) ? this.#count(owner) : 0;
      if (count > most) {
        [most, streams] = [count, owned];
      }
    }
    const newest = [...streams].at(-1);
    // With one more, this tenant must not have more than that one has then.
    if (newest === undefined || most <= this.#count(tenant) + 1) {
      throw tooManyWatchers('here');
    }
    newest.end(gaveWay());
  }
}

type Owner = Pick<WatchStream, 'tenantId' | 'clientId'>;

function tenantOf(tenantId: string): string {
  return `tenant ${tenantId}`;
}

function clientOf(clientId: string): string {
  return `client ${clientId}`;
}

function isTenant(owner: string): boolean {
  return owner.startsWith('tenant ');
}

function ownersOf({ tenantId, clientId }: Owner): readonly string[] {
  return [tenantOf(tenantId), clientOf(clientId)];
}
