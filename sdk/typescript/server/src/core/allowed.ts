/** What was allowed lately, and is so without asking: answers of Check, each under all that an event can end it by. */
import { Entries, type Entry } from './entries.ts';
import type { Killed } from './killed.ts';
import { type Clock, isWithin, type Moment } from './moments.ts';
import type { AccessAnswer, Ids, Target } from './protocol.ts';

/** No event tells that a device has another owner, or that less was granted anew. */
export const MAX_ALLOWED_MS = 10_000;

/** What was asked. */
export interface Question {
  /** Of the token, the permission and the target: of no other question. */
  readonly key: string;
  /** The user or device that was asked about. Undefined: that of the token. */
  readonly targetId: string | undefined;
}

/** `token` is the key of the question. */
export interface AllowedEntry<Caller extends Ids> extends Entry<Caller> {
  /** By whose right. Empty: by no user's. */
  readonly userId: string;
}

export class Allowed<Caller extends Ids> {
  readonly #entries: Entries<Caller, AllowedEntry<Caller>>;

  constructor(maxEntries: number) {
    this.#entries = new Entries(maxEntries);
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: string, clock: Clock): AllowedEntry<Caller> | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && isWithin(entry.sent, entry.lifeMs, clock.monotonic(), clock.wall())
      ? entry
      : undefined;
  }

  /** Only what is allowed is kept, and where nothing that is known ended it since it was read. */
  keep({ key, targetId }: Question, sent: Moment, { revision, allowed }: AccessAnswer<Caller>, killed: Killed): void {
    this.#entries.remove(key);
    if (allowed === undefined) {
      return;
    }
    const { caller, userId, timeToLiveMs } = allowed;
    const subjects = [userId, targetId ?? ''].filter((id) => id !== '');
    const all = [caller, ...subjects.map((subjectId) => ({ ...idsOf(caller), subjectId }))];
    if (!all.some((ids) => killed.kills(ids, revision))) {
      const lifeMs = Math.min(timeToLiveMs, MAX_ALLOWED_MS);
      this.#entries.put({ token: key, caller, userId, subjects, revision, sent, lifeMs });
    }
  }

  /** An event ends what it names of the token, the user by whose right it is, and what was asked about. */
  apply(target: Target, revision: number): void {
    for (const entry of this.#named(target)) {
      if (entry.revision < revision) {
        this.#entries.remove(entry.token);
      }
    }
  }

  #named(target: Target): readonly AllowedEntry<Caller>[] {
    switch (target?.kind) {
      case 'family':
        return this.#entries.ofFamily(target.id);
      case 'subject':
        return this.#entries.ofSubject(target.id);
      case 'client':
        return this.#entries.ofClient(target.id);
      case 'consent':
        return this.#entries.ofSubject(target.subjectId).filter(({ caller }) => caller.clientId === target.clientId);
      default:
        this.clear();
        return [];
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}

function idsOf({ familyId, subjectId, clientId }: Ids): Ids {
  return { familyId, subjectId, clientId };
}
