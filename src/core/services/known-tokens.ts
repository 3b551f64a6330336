/**
 * Access tokens whose tag was found right: what they say of themselves never changes, so it is read off each of them once. They are known
 * by their digests, so no secret is kept. Whether one is live, only the store tells.
 */
import type { Digest } from '../model.ts';

/** About a quarter of a kilobyte each. */
const MAX_KNOWN = 50_000;

export interface KnownToken {
  readonly familyId: string;
  readonly digest: Digest;
}

export class KnownTokens {
  #known = new Map<string, KnownToken>();

  /** By its digest as text. */
  get(digestText: string): KnownToken | undefined {
    return this.#known.get(digestText);
  }

  add(digestText: string, token: KnownToken): void {
    if (this.#known.size >= MAX_KNOWN) {
      this.#known = new Map();
    }
    this.#known.set(digestText, token);
  }
}
