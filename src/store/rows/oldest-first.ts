/** Bounds of what is kept of families, by what it takes: the scopes of some are hundreds of times longer than those of most. */

/** With all that it holds, and with scopes of the usual length. */
export const FAMILY_BYTES = 600;
const USUAL_SCOPES_BYTES = 256;
/** Besides its characters. */
const SCOPE_BYTES = 40;

export function familyBytes({ scopes }: { readonly scopes: readonly string[] }): number {
  const bytes = scopes.reduce((sum, { length }) => sum + length + SCOPE_BYTES, 0);
  return FAMILY_BYTES + Math.max(0, bytes - USUAL_SCOPES_BYTES);
}

/** By a key. Where there is no room, what came first is forgotten first. */
export class OldestFirst<T> {
  readonly #all = new Map<string, T>();
  /** Kept, for a new one would walk over all that was deleted before. */
  readonly #oldest = this.#all.keys();
  readonly #maxBytes: number;
  readonly #bytesOf: (value: T) => number;
  #bytes = 0;

  /** `bytesOf`: always the same of a value. */
  constructor(maxBytes: number, bytesOf: (value: T) => number) {
    this.#maxBytes = maxBytes;
    this.#bytesOf = bytesOf;
  }

  get(key: string): T | undefined {
    return this.#all.get(key);
  }

  /** What has this key already is as old as before. */
  set(key: string, value: T): void {
    this.#bytes += this.#bytesOf(value) - this.#takenBy(key);
    this.#all.set(key, value);
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.#oldest.next().value ?? '';
      this.#bytes -= this.#takenBy(oldest);
      this.#all.delete(oldest);
    }
  }

  #takenBy(key: string): number {
    const value = this.#all.get(key);
    return value === undefined ? 0 : this.#bytesOf(value);
  }
}
