/** The tokens that are taken for live without asking, each under the ids that an event can end it by. */
import type { Moment } from './moments.ts';
import type { Ids } from './protocol.ts';

export interface Entry<Caller extends Ids> {
  readonly token: string;
  readonly caller: Caller;
  /** Others beside the caller's own whom an event can end it by. */
  readonly subjects?: readonly string[];
  /** The revision that the answer was read at. */
  readonly revision: number;
  /** When the call was sent that was answered so. */
  readonly sent: Moment;
  /** For how long it is good after that. */
  readonly lifeMs: number;
}

/** So many entries may go, and as many as are kept, before the oldest is looked for from the beginning again. */
const RENEW_AFTER = 1_000;

export class Entries<Caller extends Ids, Kept extends Entry<Caller> = Entry<Caller>> {
  readonly #maxEntries: number;
  readonly #byToken = new Map<string, Kept>();
  /** Goes along behind what is put: all that it has passed is gone, so that the oldest is found without looking for it. */
  #oldest = this.#byToken.keys();
  #removed = 0;
  readonly #byFamily = new Index<Kept>();
  readonly #bySubject = new Index<Kept>();
  readonly #byClient = new Index<Kept>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#byToken.size;
  }

  get(token: string): Kept | undefined {
    return this.#byToken.get(token);
  }

  /** Takes the place of what is there of the same token. Where it is full, the one goes that was put first. */
  put(entry: Kept): void {
    this.remove(entry.token);
    if (this.#byToken.size >= this.#maxEntries) {
      this.#removeOldest();
    }
    const { familyId, subjectId, clientId } = entry.caller;
    this.#byToken.set(entry.token, entry);
    this.#byFamily.add(familyId, entry);
    this.#bySubject.add(subjectId, entry);
    for (const id of entry.subjects ?? []) {
      this.#bySubject.add(id, entry);
    }
    this.#byClient.add(clientId, entry);
  }

  #removeOldest(): void {
    const { value } = this.#oldest.next();
    if (value !== undefined) {
      this.remove(value);
    }
  }

  remove(token: string): void {
    const entry = this.#byToken.get(token);
    if (entry === undefined) {
      return;
    }
    const { familyId, subjectId, clientId } = entry.caller;
    this.#byToken.delete(token);
    this.#byFamily.delete(familyId, entry);
    this.#bySubject.delete(subjectId, entry);
    for (const id of entry.subjects ?? []) {
      this.#bySubject.delete(id, entry);
    }
    this.#byClient.delete(clientId, entry);
    this.#removed += 1;
    if (this.#removed > RENEW_AFTER + this.#byToken.size) {
      this.#renewOldest();
    }
  }

  /** An iterator that does not go on keeps every table that its map has had since: where the map is never full, for ever. */
  #renewOldest(): void {
    this.#oldest = this.#byToken.keys();
    this.#removed = 0;
  }

  ofFamily(id: string): readonly Kept[] {
    return this.#byFamily.get(id);
  }

  ofSubject(id: string): readonly Kept[] {
    return this.#bySubject.get(id);
  }

  ofClient(id: string): readonly Kept[] {
    return this.#byClient.get(id);
  }

  clear(): void {
    this.#byToken.clear();
    this.#renewOldest();
    this.#byFamily.clear();
    this.#bySubject.clear();
    this.#byClient.clear();
  }
}

/** Many values of a key. Most keys have one, which then needs no set of its own. */
class Index<Value extends object> {
  readonly #values = new Map<string, Value | Set<Value>>();

  add(key: string, value: Value): void {
    const there = this.#values.get(key);
    if (there === undefined) {
      this.#values.set(key, value);
    } else if (there instanceof Set) {
      there.add(value);
    } else if (there !== value) {
      this.#values.set(key, new Set([there, value]));
    }
  }

  delete(key: string, value: Value): void {
    const there = this.#values.get(key);
    if (there instanceof Set) {
      there.delete(value);
    }
    if (there === value || (there instanceof Set && there.size === 0)) {
      this.#values.delete(key);
    }
  }

  get(key: string): readonly Value[] {
    const there = this.#values.get(key);
    return there === undefined ? [] : there instanceof Set ? [...there] : [there];
  }

  clear(): void {
    this.#values.clear();
  }
}
