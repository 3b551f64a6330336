/** What callers hold open here without having shown who they are: bounded in all, and for each peer. */
import type { PeerTallies } from './bounds.ts';

export interface HoldingsOptions<T> {
  /** In all. */
  readonly max: number;
  /** Of one peer, at most `max`. */
  readonly maxOfPeer: number;
  /** Whether it may be ended so that another has room. */
  readonly canGiveWay: (held: T) => boolean;
  readonly end: (held: T) => void;
  /** What all threads of the process hold; absent where this one holds all. Only what is held here can give way here. */
  readonly shared?: PeerTallies | undefined;
}

/**
 * A stranger who fills the room must not keep others out. So where there is no room, the oldest that may be ended gives way to what is
 * new: of the same peer when the peer has its share, else of the peer that has most. What is honest does not last long.
 */
export class Holdings<T> {
  readonly #options: HoldingsOptions<T>;
  /** By peer, the oldest first. */
  readonly #ofPeers = new Map<string, Set<T>>();
  #size = 0;

  constructor(options: HoldingsOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** False: there is no room, and nothing could give way. */
  add(peer: string, held: T): boolean {
    const { max, maxOfPeer } = this.#options;
    // Before it asks, so that two threads can't both take the last place.
    this.#count(peer, 1);
    if (this.#sizeOf(peer) > maxOfPeer && !this.#makeRoom(peer)) {
      this.#count(peer, -1);
      return false;
    }
    if (this.#sizeOfAll() > max && !this.#makeRoom(this.#greediest())) {
      this.#count(peer, -1);
      return false;
    }
    const heldByPeer = this.#ofPeers.get(peer);
    if (heldByPeer === undefined) {
      this.#ofPeers.set(peer, new Set([held]));
    } else {
      heldByPeer.add(held);
    }
    return true;
  }

  /** As if it were new: what is older gives way before it. */
  renew(peer: string, held: T): void {
    const own = this.#ofPeers.get(peer);
    if (own?.delete(held) === true) {
      own.add(held);
    }
  }

  /** Also of what was never added, or was ended to make room. */
  delete(peer: string, held: T): void {
    const own = this.#ofPeers.get(peer);
    if (own?.delete(held) === true) {
      this.#count(peer, -1);
      if (own.size === 0) {
        this.#ofPeers.delete(peer);
      }
    }
  }

  #count(peer: string, by: 1 | -1): void {
    this.#size += by;
    const { shared } = this.#options;
    if (shared !== undefined) {
      for (const tally of [shared.total, shared.of(peer)]) {
        by === 1 ? tally.add() : tally.remove();
      }
    }
  }

  /** With the one that is being added. */
  #sizeOf(peer: string): number {
    return this.#options.shared?.of(peer).all ?? (this.#ofPeers.get(peer)?.size ?? 0) + 1;
  }

  #sizeOfAll(): number {
    return this.#options.shared?.total.all ?? this.#size;
  }

  #makeRoom(peer: string): boolean {
    for (const held of this.#ofPeers.get(peer) ?? []) {
      if (this.#options.canGiveWay(held)) {
        this.delete(peer, held);
        this.#options.end(held);
        return true;
      }
    }
    return false;
  }

  #greediest(): string {
    let [most, greediest] = [0, ''];
    for (const [peer, { size }] of this.#ofPeers) {
      if (size > most) {
        [most, greediest] = [size, peer];
      }
    }
    return greediest;
  }
}
