/**
 * Access tokens whose tag was found right: it is checked once for each of them. They are known by a part of their digests, so no secret is
 * kept. Whether one is live, only the store tells: who found another token with the same part would have it looked up, and no more.
 */
import type { Digest } from '../model.ts';

/** 2 MiB for 262,144 tokens, in sets of four, which are one line of a processor's cache. */
const SETS = 2 ** 16;
const WAYS = 4;
const WORDS = 2;

export interface KnownToken {
  readonly familyId: string;
  readonly digest: Digest;
}

export class KnownTokens {
  readonly #parts = new Uint32Array(SETS * WAYS * WORDS);
  #added = 0;

  /** By its digest as text. */
  has(digestText: string): boolean {
    const [first, second] = [wordAt(digestText, 2), wordAt(digestText, 6)];
    const set = setOf(digestText);
    for (let at = set; at < set + WAYS * WORDS; at += WORDS) {
      if (this.#parts[at] === first && this.#parts[at + 1] === second) {
        return true;
      }
    }
    return false;
  }

  /** In place of another one, where four are known of its set. */
  add(digestText: string): void {
    const at = setOf(digestText) + (this.#added % WAYS) * WORDS;
    this.#added = (this.#added + 1) % WAYS;
    this.#parts[at] = wordAt(digestText, 2);
    this.#parts[at + 1] = wordAt(digestText, 6);
  }
}

function setOf(digestText: string): number {
  return (digestText.charCodeAt(0) * 256 + digestText.charCodeAt(1)) * WAYS * WORDS;
}

function wordAt(digestText: string, at: number): number {
  const [upper, lower] = [digestText.charCodeAt(at) * 256, digestText.charCodeAt(at + 2) * 256];
  return ((upper + digestText.charCodeAt(at + 1)) * 65_536 + lower + digestText.charCodeAt(at + 3)) >>> 0;
}
