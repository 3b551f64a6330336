/**
 * The watchers of one member: those that are open, and those that closed so lately that their verifiers may still answer from memory. It
 * knows who has acknowledged what. Heartbeats mean nothing here: they can't prolong a wait.
 */
import type { Count, Member } from '../core/services/verifiers.ts';
import { MAX_WAIT_MS } from '../core/verifiers.ts';
import type { Timing } from './timing.ts';

/** One stream of a verifier. After its end, and once another took its place, what it says does not count. */
export interface OpenWatcher {
  /** It was sent everything up to this revision, or has come with it, and it was found right. */
  sent(revision: number): void;
  /** Everything up to this revision is out of its cache. False: that was not sent on this stream, so nothing that it says is believed. */
  acknowledged(revision: number): boolean;
  /** Its stream ended, in whichever way. It is remembered until what it may answer from memory has run out. */
  close(): void;
}

/** One cache, by its tenant and verifier. */
interface Watcher {
  acknowledged: number;
  /** The current one; undefined: closed. */
  stream: OpenWatcher | undefined;
  /** Calls off that it is forgotten. */
  keep: () => void;
}

interface Follower {
  readonly revision: number;
  readonly missing: Set<Watcher>;
  acknowledged: number;
  waitedOut: number;
  readonly tell: (count: Count) => void;
}

interface Watched {
  readonly watchers: Map<string, Watcher>;
  readonly followers: Set<Follower>;
}

type AwaitedListener = (tenantId: string, revision: number) => void;

const nothing = () => {};

/** A revision that nobody waits for. */
const NOT_AT_ALL = -1;

export class Registry implements Member {
  readonly #timing: Timing;
  readonly #tenants = new Map<string, Watched>();
  readonly #listeners: AwaitedListener[] = [];

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /**
   * Before anything is sent on the stream. It takes the place of what this verifier had open here, or has been remembered for.
   * `verifierId`: as this server tells verifiers apart, so that no other client can take its place.
   */
  open(tenantId: string, verifierId: string): OpenWatcher {
    const watched = this.#watched(tenantId);
    const watcher = watched.watchers.get(verifierId) ?? { acknowledged: 0, stream: undefined, keep: nothing };
    watched.watchers.set(verifierId, watcher);
    watcher.keep();
    watcher.keep = nothing;
    // The same cache may know more: it says so in a moment.
    watcher.acknowledged = 0;
    let sent = 0;
    let isBelieved = true;
    const stream: OpenWatcher = {
      sent: (revision) => {
        sent = Math.max(sent, revision);
      },
      acknowledged: (revision) => {
        if (watcher.stream === stream && isBelieved) {
          isBelieved = revision <= sent;
          this.#acknowledge(watched, watcher, isBelieved ? revision : NOT_AT_ALL);
        }
        return isBelieved && revision <= sent;
      },
      close: () => {
        if (watcher.stream === stream) {
          watcher.stream = undefined;
          watcher.keep = this.#timing.after(MAX_WAIT_MS, () => this.#forget(tenantId, verifierId, watched, watcher));
        }
      },
    };
    watcher.stream = stream;
    return stream;
  }

  /** The largest revision of the tenant that somebody waits for now; 0: none. Who is sent it is asked to acknowledge it at once. */
  awaited(tenantId: string): number {
    let most = 0;
    for (const { revision, missing } of this.#tenants.get(tenantId)?.followers ?? []) {
      most = missing.size > 0 ? Math.max(most, revision) : most;
    }
    return most;
  }

  /** Is told when somebody begins to wait for what not all have acknowledged: those that were sent it already are to be asked. */
  onAwaited(listener: AwaitedListener): void {
    this.#listeners.push(listener);
  }

  follow(tenantId: string, revision: number, tell: (count: Count) => void): () => void {
    const watched = this.#watched(tenantId);
    const all = [...watched.watchers.values()];
    const missing = new Set(all.filter(({ acknowledged }) => acknowledged < revision));
    const follower = { revision, missing, acknowledged: all.length - missing.size, waitedOut: 0, tell };
    watched.followers.add(follower);
    tell(countOf(follower));
    if (missing.size > 0) {
      for (const listener of this.#listeners) {
        listener(tenantId, revision);
      }
    }
    return () => {
      watched.followers.delete(follower);
      this.#tidy(tenantId, watched);
    };
  }

  #watched(tenantId: string): Watched {
    const watched = this.#tenants.get(tenantId) ?? { watchers: new Map(), followers: new Set() };
    this.#tenants.set(tenantId, watched);
    return watched;
  }

  #acknowledge({ followers }: Watched, watcher: Watcher, revision: number): void {
    watcher.acknowledged = revision === NOT_AT_ALL ? 0 : Math.max(watcher.acknowledged, revision);
    for (const follower of followers) {
      if (follower.revision <= revision && follower.missing.delete(watcher)) {
        follower.acknowledged += 1;
        follower.tell(countOf(follower));
      }
    }
  }

  #forget(tenantId: string, verifierId: string, watched: Watched, watcher: Watcher): void {
    watched.watchers.delete(verifierId);
    for (const follower of watched.followers) {
      if (follower.missing.delete(watcher)) {
        follower.waitedOut += 1;
        follower.tell(countOf(follower));
      }
    }
    this.#tidy(tenantId, watched);
  }

  /** There may be others of the tenant by now. */
  #tidy(tenantId: string, watched: Watched): void {
    if (watched.watchers.size === 0 && watched.followers.size === 0 && this.#tenants.get(tenantId) === watched) {
      this.#tenants.delete(tenantId);
    }
  }
}

function countOf({ acknowledged, waitedOut, missing }: Follower): Count {
  return { acknowledged, waitedOut, missing: missing.size };
}
