import { timingSafeEqual } from 'node:crypto';
import { answer, type Decision, insert, put, refuse } from '../changes.ts';
import { NO_TAG_KEY } from '../errors.ts';
import type { Digest } from '../model.ts';
import { all, lockName, one } from '../plan.ts';
import { unmet } from '../rules/refusals.ts';
import { rule } from '../rules/rule.ts';
import { SERVER_KEY, TAG_KEY, type TagKey } from '../tables/keys.ts';
import { SERVER_KEY_LOCK } from './bind-key.ts';

/** Keeps a new tag key where there is none that may mint; answers all of them. */
export interface AddTagKey {
  readonly kind: 'add_tag_key';
  readonly box: Uint8Array;
  /** Of the servers' key that it is sealed under: one that was replaced seals no more, for no other server could open it. */
  readonly fingerprint: Digest;
}

const KEY_IDS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export const addTagKey = rule<AddTagKey>()({
  kind: 'add_tag_key',
  plan: () => ({
    locks: [lockName(SERVER_KEY_LOCK)],
    reads: { key: one(SERVER_KEY, { id: 1 }), tagKeys: all(TAG_KEY, {}) },
  }),
  decide: ({ key, tagKeys }, { box, fingerprint }, now): Decision<{ readonly tagKeys: readonly TagKey[] }> => {
    if (key !== undefined && !timingSafeEqual(key.fingerprint, fingerprint)) {
      return refuse(NO_TAG_KEY);
    }
    const minting = tagKeys.filter(({ state }) => state === 'minting');
    if (minting.length > 0) {
      // Written again as they are, so that the answer waits for replication.
      return answer(
        { tagKeys },
        minting.map((key) => put(TAG_KEY, key)),
      );
    }
    // An id is never used again: live tokens may bear it.
    const keyId = [...KEY_IDS].find((each) => tagKeys.every((key) => key.keyId !== each));
    if (keyId === undefined) {
      return refuse(
        unmet(`The servers’ key was replaced ${KEY_IDS.length} times, and there is no id left for a tag key`),
      );
    }
    const tagKey: TagKey = { keyId, box, state: 'minting', since: now };
    return answer({ tagKeys: [...tagKeys, tagKey] }, [insert(TAG_KEY, tagKey)]);
  },
});
