/**
 * The keys whose tags prove which tokens are old. They are rows of the store, sealed under the servers' key: the key file alone forges
 * nothing, the database alone forges nothing, and both together can end logins and still make no live token.
 */
import type { TagVerdict } from '../commands/refresh.ts';
import { NO_TAG_KEY, SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { all } from '../plan.ts';
import { TAG_KEY, type TagKey } from '../tables/keys.ts';
import { isTagRight, type OpenTagKey, openTagKey, type ParsedToken } from '../token-form.ts';
import { isOfFuture } from '../wrong-clock.ts';
import type { Keys } from './services.ts';
import type { Store } from './store.ts';

const TAG_KEY_PURPOSE = 'tag key';
const TAG_KEY_BYTES = 32;
/** A node that does not know a key reads the list again, but not more often: anybody can make up a key's id. */
const READ_AGAIN_MS = 1_000;
/** A new key mints only when every node has had the time to read the list again. */
const MINTS_AFTER_MS = 2_000;

interface KnownKey {
  readonly state: TagKey['state'];
  readonly since: Instant;
  /** Undefined where this server can't open its box, or there is no use in it. */
  readonly key: OpenTagKey | undefined;
}

interface TagKeysOptions {
  readonly store: Pick<Store, 'read' | 'execute'>;
  readonly keys: Keys;
  readonly clock: () => Instant;
  readonly random: (bytes: number) => Uint8Array;
}

/** What a token's tag says, or that the token was made up. */
export type Judgement = TagVerdict | 'made_up';

export class TagKeys {
  readonly #options: TagKeysOptions;
  #known: ReadonlyMap<string, KnownKey> = new Map();
  #minting: OpenTagKey | undefined;
  #readTime = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: TagKeysOptions) {
    this.#options = options;
  }

  /** The key that new tokens are made with; makes the first one where there is none. */
  async minting(): Promise<OpenTagKey> {
    const known = this.#minting ?? this.#usable();
    if (known !== undefined) {
      return known;
    }
    // Calls that come together wait for the same key.
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
    const made = this.#usable();
    if (made === undefined) {
      throw SymbolonError.of(NO_TAG_KEY);
    }
    return made;
  }

  /** Reads the list, and makes the first key where there is none. */
  async #look(): Promise<void> {
    if (this.#isOld()) {
      await this.#read();
    }
    if (![...this.#known.values()].some(({ state }) => state === 'minting')) {
      await this.#add();
    }
  }

  /** The key of this id, to make a pair again; undefined when it can't be had. */
  async open(keyId: string): Promise<OpenTagKey | undefined> {
    await this.#requireListed(keyId);
    return this.#known.get(keyId)?.key;
  }

  /** Answers at once where the key is known, as it nearly always is. */
  judge(token: ParsedToken): Judgement | Promise<Judgement> {
    return this.#known.has(token.keyId) ? this.#judge(token) : this.#judgeAnew(token);
  }

  /** Whether its tag proves it with what is known right now: what can't be told yet counts as made up. */
  isProven(token: ParsedToken): boolean {
    return this.#judge(token) === 'genuine';
  }

  async #judgeAnew(token: ParsedToken): Promise<Judgement> {
    await this.#requireListed(token.keyId);
    return this.#judge(token);
  }

  #judge(token: ParsedToken): Judgement {
    const known = this.#known.get(token.keyId);
    if (known === undefined) {
      return 'made_up';
    }
    if (known.state !== 'minting') {
      return 'unproven';
    }
    if (known.key === undefined) {
      return 'unreadable';
    }
    return isTagRight(known.key, token) ? 'genuine' : 'made_up';
  }

  async #requireListed(keyId: string): Promise<void> {
    if (!this.#known.has(keyId) && this.#isOld()) {
      await this.#read();
    }
  }

  /** Whether the list may be read again. A clock that was set back must not keep it from being read. */
  #isOld(): boolean {
    const age = this.#options.clock() - this.#readTime;
    return age < 0 || age >= READ_AGAIN_MS;
  }

  #usable(): OpenTagKey | undefined {
    this.#minting = newestOf(this.#known, this.#options.clock());
    return this.#minting;
  }

  /** Those who come while the list is being read wait for the same answer. */
  #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readNow(): Promise<void> {
    const now = this.#options.clock();
    const { tagKeys } = await this.#options.store.read({ tagKeys: all(TAG_KEY, {}) });
    this.#take(tagKeys);
    this.#readTime = now;
  }

  async #add(): Promise<void> {
    const { store, keys, random } = this.#options;
    const box = keys.seal(TAG_KEY_PURPOSE, Buffer.from(random(TAG_KEY_BYTES)).toString('base64'));
    const outcome = await store.execute({
      kind: 'add_tag_key',
      box,
      fingerprint: keys.fingerprint,
      authority: 'server',
    });
    if ('refusal' in outcome) {
      throw SymbolonError.of(outcome.refusal);
    }
    this.#take(outcome.answer.tagKeys);
  }

  #take(tagKeys: readonly TagKey[]): void {
    // Rows of keys stay, so a shorter list was read before one was added.
    if (tagKeys.length < this.#known.size) {
      return;
    }
    this.#known = new Map(tagKeys.map((tagKey) => [tagKey.keyId, this.#opened(tagKey)]));
    this.#usable();
  }

  #opened({ keyId, box, state, since }: TagKey): KnownKey {
    const secret = state === 'lost' ? undefined : this.#options.keys.unseal(TAG_KEY_PURPOSE, box);
    const key = secret === undefined ? undefined : openTagKey(keyId, Buffer.from(secret, 'base64'));
    return { state, since, key };
  }
}

/**
 * The newest that is old enough. The first key of a store mints at once: every node has read the list since it was started, or makes
 * the key itself.
 */
function newestOf(known: ReadonlyMap<string, KnownKey>, now: Instant): OpenTagKey | undefined {
  const [newest] = [...known]
    .flatMap(([, { state, key, since }]) => (state === 'minting' && key !== undefined ? [{ key, since }] : []))
    // One of a clock that was ahead is old enough, too: it would mint only when that time has come.
    .filter(({ since }) => known.size === 1 || since + MINTS_AFTER_MS <= now || isOfFuture(since, now))
    .sort((one, other) => other.since - one.since);
  return newest?.key;
}

/** The boxes of the tag keys that one of these keys opens, sealed under the new one. */
export async function resealed(
  store: Pick<Store, 'read'>,
  keys: readonly Keys[],
  renewed: Keys,
): Promise<Pick<TagKey, 'keyId' | 'box'>[]> {
  const { tagKeys } = await store.read({ tagKeys: all(TAG_KEY, {}) });
  return tagKeys.flatMap(({ keyId, box }) => {
    const secret = keys.map((each) => each.unseal(TAG_KEY_PURPOSE, box)).find((each) => each !== undefined);
    return secret === undefined ? [] : [{ keyId, box: renewed.seal(TAG_KEY_PURPOSE, secret) }];
  });
}
