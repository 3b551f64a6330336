import { answer, put, set } from '../changes.ts';
import type { Digest } from '../model.ts';
import { all, lockName } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { type ResealedFactor, resealFactor } from '../rules/second-factors.ts';
import { SERVER_KEY, TAG_KEY, type TagKey } from '../tables/keys.ts';
import { SERVER_KEY_LOCK } from './bind-key.ts';

/** Binds the store to another key of the servers, and says what becomes of what was sealed under the one before. */
export interface ReplaceKey {
  readonly kind: 'replace_key';
  readonly fingerprint: Digest;
  /** Tag keys and second factors that could be opened, sealed under the new key. */
  readonly boxes: readonly Pick<TagKey, 'keyId' | 'box'>[];
  readonly factors: readonly ResealedFactor[];
  /** Whether the key before was in other hands: then its tags prove nothing any more. */
  readonly leaked: boolean;
}

export const replaceKey = rule<ReplaceKey>()({
  kind: 'replace_key',
  plan: () => ({
    locks: [lockName(SERVER_KEY_LOCK)],
    reads: { tagKeys: all(TAG_KEY, {}) },
  }),
  decide: ({ tagKeys }, { fingerprint, boxes, factors, leaked }) => {
    const minting = tagKeys.filter(({ state }) => state === 'minting');
    return answer({}, [
      put(SERVER_KEY, { id: 1, fingerprint }),
      ...minting.map((each) => set(TAG_KEY, { keyId: each.keyId }, after(each, boxes, leaked))),
      ...factors.map(resealFactor),
    ]);
  },
});

function after({ keyId }: TagKey, boxes: ReplaceKey['boxes'], leaked: boolean): Partial<TagKey> {
  if (leaked) {
    return { state: 'untrusted' };
  }
  const box = boxes.find((each) => each.keyId === keyId)?.box;
  return box === undefined ? { state: 'lost' } : { box };
}
