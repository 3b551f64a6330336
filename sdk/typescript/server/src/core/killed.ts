/** What events have ended lately: an answer that was read before one of them may still be on its way. */
import type { Ids, Target } from './protocol.ts';

/** What is remembered by a key of its own. */
export type Narrow = Exclude<Target, undefined | { readonly kind: 'tenant' }>;

export class Killed {
  readonly #maxKeys: number;
  /** In the order of their revisions. */
  readonly #revisions = new Map<string, number>();
  #floor = 0;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  /** Everything may have ended up to this revision. */
  all(revision: number): void {
    this.#revisions.clear();
    this.#floor = Math.max(this.#floor, revision);
  }

  /** Begins anew: nothing that was read before this revision counts, also when it is less than what was known. */
  afresh(revision: number): void {
    this.#revisions.clear();
    this.#floor = revision;
  }

  add(target: Narrow, revision: number): void {
    const key = keyOf(target);
    this.#revisions.delete(key);
    this.#revisions.set(key, revision);
    if (this.#revisions.size > this.#maxKeys) {
      this.#forgetOldest();
    }
  }

  /** Whether an answer that was read at this revision may be of a token that ended since. */
  kills({ familyId, subjectId, clientId }: Ids, revision: number): boolean {
    return (
      revision < this.#floor ||
      this.#isAfter(revision, { kind: 'family', id: familyId }) ||
      this.#isAfter(revision, { kind: 'subject', id: subjectId }) ||
      this.#isAfter(revision, { kind: 'client', id: clientId }) ||
      this.#isAfter(revision, { kind: 'consent', subjectId, clientId })
    );
  }

  #isAfter(revision: number, target: Narrow): boolean {
    return (this.#revisions.get(keyOf(target)) ?? 0) > revision;
  }

  /** What is not remembered must not be needed: the floor rises over it. */
  #forgetOldest(): void {
    for (const [key, revision] of this.#revisions) {
      this.#revisions.delete(key);
      this.#floor = Math.max(this.#floor, revision);
      return;
    }
  }
}

/** No id of one kind looks like a key of another, and no two ids look like another pair. */
function keyOf(target: Narrow): string {
  return target.kind === 'consent'
    ? `consent ${target.subjectId.length} ${target.subjectId} ${target.clientId}`
    : `${target.kind} ${target.id}`;
}
